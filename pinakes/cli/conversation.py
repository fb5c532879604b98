"""One turn in a terminal: progress, the streamed answer, its sources, and what has to be decided."""

from __future__ import annotations

import contextlib
from typing import Any

from rich.console import Console
from rich.status import Status

from pinakes.cli.deciding import decide
from pinakes.cli.render import Footnotes, counts_of, show_sources
from pinakes.client.chat_session import ChatSessionContext
from pinakes.core.chat import ChatToken, ChatTokenType
from pinakes.core.errors import error_class
from pinakes.core.evidence import Citation


class Screen:
    """Shows the events of one turn as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._footnotes = Footnotes()
        self._status: Status | None = None
        self._writing = False

    def show(self, token: ChatToken) -> None:
        """Show one event. Raises the typed error that an `error` event carries."""
        match token.type:
            case ChatTokenType.STATUS:
                self._progress(str(token.data.get("message", "")))
            case ChatTokenType.TOKEN:
                self._footnotes.counts |= counts_of(token.result_refs)
                self._write(token.content or "")
            case ChatTokenType.WARNING:
                self._settle()
                self._console.print(f"[yellow]{token.data.get('message', '')}[/]")
            case ChatTokenType.COMPLETE:
                self._finish(token.data)
            case ChatTokenType.ERROR:
                self._settle()
                raise error_class(str(token.data.get("code")))(str(token.data.get("message")))
            case _:
                pass

    def close(self) -> None:
        """Stop any progress display."""
        self._settle()

    def _progress(self, message: str) -> None:
        if self._writing or not message or not self._console.is_terminal:
            return
        if self._status is None:
            self._status = self._console.status(message)
            self._status.start()
        else:
            self._status.update(message)

    def _settle(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _write(self, piece: str) -> None:
        self._settle()
        self._writing = True
        self._out(self._footnotes.feed(piece))

    def _finish(self, data: dict[str, Any]) -> None:
        self._settle()
        self._footnotes.counts |= counts_of(data.get("result_refs") or {})
        self._out(self._footnotes.close() + "\n")
        citations = (data.get("metadata") or {}).get("citations", ())
        show_sources(self._console, self._footnotes.numbers, [Citation.model_validate(c) for c in citations])

    def _out(self, text: str) -> None:
        self._console.print(text, end="", markup=False, highlight=False, soft_wrap=True)


async def converse(console: Console, session: ChatSessionContext, question: str) -> None:
    """Ask one question and show its answer with sources. Raises PinakesError."""
    screen = Screen(console)
    try:
        async with contextlib.aclosing(session.send_stream(question)) as stream:
            async for token in stream:
                screen.show(token)
                if token.type is ChatTokenType.PLAN_PENDING_APPROVAL:
                    screen.close()
                    await decide(console, session, token.data)
    finally:
        screen.close()
