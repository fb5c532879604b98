"""Thoughts that an endpoint leaves in the text of an answer, kept apart from it."""

from __future__ import annotations

_OPEN, _CLOSE = "<think>", "</think>"


class ThoughtFilter:
    """Cuts a leading `<think>…</think>` off a text that comes in pieces; `thoughts` keeps it."""

    def __init__(self) -> None:
        self.thoughts = ""
        self._held = ""
        self._pass = self._at_start

    def feed(self, piece: str) -> str:
        """Return what is text for certain."""
        self._held += piece
        return self._pass()

    def end(self) -> str:
        """Return what was held back; a thought that was never closed stays one."""
        held, self._held = self._held, ""
        if self._pass == self._in_thought:
            self.thoughts += held
            return ""
        return held

    def _at_start(self) -> str:
        begun = self._held.lstrip()
        if begun.startswith(_OPEN):
            self._held, self._pass = begun[len(_OPEN) :], self._in_thought
            return self._pass()
        if _OPEN.startswith(begun):
            return ""
        self._pass = self._in_text
        return self._pass()

    def _in_thought(self) -> str:
        thought, closed, rest = self._held.partition(_CLOSE)
        if not closed:
            return ""
        self.thoughts += thought
        self._held, self._pass = rest, self._after_thought
        return self._pass()

    def _after_thought(self) -> str:
        self._held = self._held.lstrip()
        if not self._held:
            return ""
        self._pass = self._in_text
        return self._pass()

    def _in_text(self) -> str:
        text, self._held = self._held, ""
        return text
