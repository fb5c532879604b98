"""A LangChain chat model in a role: any `BaseChatModel`, whoever its vendor is, as a `LanguageModel`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableBinding
from pydantic import BaseModel

from pinakes.core.errors import BudgetExceededError, ModelError, ModelOutputError
from pinakes.core.prompts import Picture, Prompt
from pinakes.models.calling import Attempt
from pinakes.models.counting import check_time, warn
from pinakes.models.patience import Patience
from pinakes.models.probing import Endpoint, Shape
from pinakes.models.rendering import messages
from pinakes.models.structured import asker, in_words, read
from pinakes.models.tokens import count_prompt, count_tokens
from pinakes.ports.language_model import Capabilities, Form, LanguageModel

Answer = TypeVar("Answer")

_LONGEST_WAIT_S = 60.0
_LONGEST_WAIT_WITH_FALLBACK_S = 5.0


class ChatRole:
    """Any LangChain chat model as a `LanguageModel`.

    Failed calls are repeated where that may help, then asked of the fallback; each time the turn is told so. Every
    attempt counts as a call.

    Args:
        model: The chat model; its own retries should be off.
        name: What to call it before people and to guess its abilities by; by default what the model calls itself.
        capabilities: What the endpoint can do. Fields that are given are believed, until the endpoint refuses them;
            the others are learned (`pinakes.models.probing`).
        retries: How many attempts may follow a failed first one.
        timeout_s: How long a whole answer may take, or the beginning of a streamed one.
        between_s: How long a streamed answer may stop; by default half of that.
        fallback: Who is asked when this model cannot answer.
        closes: Whether the model's connections are closed with the role; not so where others use them, too.
        sleep: What waits between attempts.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        name: str | None = None,
        capabilities: Capabilities | None = None,
        retries: int = 2,
        timeout_s: float = 60.0,
        between_s: float | None = None,
        fallback: LanguageModel | None = None,
        closes: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._model = model
        self._closes = closes
        # A graph's handlers would have LangChain stream whole answers too, by ways that vendors keep less well.
        self._whole = model.model_copy(update={"disable_streaming": True})
        self._name = name or _own_name(model)
        self._endpoint = Endpoint(model, self._name, capabilities)
        self._retries, self._sleep = retries, sleep
        self._timeout_s, self._between_s = timeout_s, between_s or timeout_s / 2
        self._fallback = fallback

    @property
    def name(self) -> str:
        """The model's name, for people."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What the endpoint can do, as far as it is known by now."""
        return self._endpoint.capabilities

    async def aclose(self) -> None:
        """Close the connections that are the role's own."""
        close = getattr(self._model, "aclose", None) if self._closes else None
        if close is not None:
            await close()
        if isinstance(self._fallback, ChatRole):
            await self._fallback.aclose()

    def count_tokens(self, text: str) -> int:
        """Return about how many tokens a text takes."""
        return count_tokens(text)

    async def complete(self, prompt: Prompt) -> str:
        """Return the whole answer as text. Raises ModelError."""

        async def once(shape: Shape) -> str:
            return (await self._attempt(prompt, shape, self._whole).whole()).text

        return await self._persistently(prompt, None, once, lambda other: other.complete(prompt))

    async def fill(self, prompt: Prompt, form: type[Form]) -> Form:
        """Return the answer as a validated form.

        Raises:
            ModelOutputError: The answer is no such form; the details have its `text` and its `problems`.
            ModelError: There is no answer.
        """

        async def once(shape: Shape) -> Form:
            return await self._fill_once(prompt, form, shape)

        return await self._persistently(prompt, form, once, lambda other: other.fill(prompt, form))

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the answer piece by piece. Raises ModelError; after the first piece nothing is tried again."""
        patience = self._patience()
        while True:
            shape, begun = self._endpoint.shape(None), False
            try:
                self._check_pictures(prompt)
                attempt = self._attempt(prompt, shape, self._model, streamed=True)
                async with aclosing(cast("Any", attempt.pieces())) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelError as error:
                if begun:
                    raise
                failure = error
            if not await self._goes_on(failure, prompt, None, shape, patience):
                break
        async with aclosing(cast("Any", self._successor(failure).stream(prompt))) as pieces:
            async for piece in pieces:
                yield piece

    async def _persistently(
        self,
        prompt: Prompt,
        form: type[BaseModel] | None,
        once: Callable[[Shape], Awaitable[Answer]],
        otherwise: Callable[[LanguageModel], Awaitable[Answer]],
    ) -> Answer:
        patience = self._patience()
        while True:
            shape = self._endpoint.shape(form)
            try:
                self._check_pictures(prompt)
                return await once(shape)
            except ModelError as error:
                failure = error
            if not await self._goes_on(failure, prompt, form, shape, patience):
                return await otherwise(self._successor(failure))

    async def _goes_on(
        self,
        failure: ModelError,
        prompt: Prompt,
        form: type[BaseModel] | None,
        shape: Shape,
        patience: Patience,
    ) -> bool:
        """Return whether to make the call once more, after the wait that it needs."""
        check_time()
        if lacking := self._endpoint.refused(shape, prompt, form, failure):
            warn(f"{self._name} does without {lacking}: its endpoint does not know them.", failure)
            return True
        seconds = patience.seconds(failure)
        if seconds is None:
            return False
        warn(f"{failure.message.rstrip('.')}. It is asked again in {seconds:.1f} s.", failure)
        await patience.wait(seconds)
        return True

    async def _fill_once(self, prompt: Prompt, form: type[Form], shape: Shape) -> Form:
        asked: Runnable[Any, Any] | None = asker(self._whole, form, shape.way or "json")
        if asked is None:
            return await self._fill_once(prompt, form, self._endpoint.without(shape, form))
        heard = await self._attempt(prompt, shape, asked, form).whole()
        try:
            filled = read(heard, form, self._name)
        except ModelOutputError as error:
            self._endpoint.answered(shape, in_form=error.details["has_json"])
            raise
        self._endpoint.answered(shape, in_form=True)
        return filled

    def _attempt(
        self,
        prompt: Prompt,
        shape: Shape,
        target: Runnable[Any, Any],
        form: type[BaseModel] | None = None,
        *,
        streamed: bool = False,
    ) -> Attempt:
        given = messages(prompt, parts=shape.parts)
        options: dict[str, Any] = {}
        # A vendor's own chain for forms may not pass arguments on.
        is_model = isinstance(target, BaseChatModel | RunnableBinding)
        if is_model and prompt.max_output_tokens and shape.max_tokens:
            options["max_tokens"] = prompt.max_output_tokens
        if streamed and not shape.stream_usage and hasattr(self._model, "stream_usage"):
            options["stream_usage"] = False
        return Attempt(
            target=target,
            name=self._name,
            task=prompt.task,
            messages=in_words(given, form) if form is not None and shape.way == "json" else given,
            prompt_tokens=count_prompt(prompt, form),
            timeout_s=self._timeout_s,
            between_s=self._between_s,
            options=options,
        )

    def _patience(self) -> Patience:
        longest = _LONGEST_WAIT_S if self._fallback is None else _LONGEST_WAIT_WITH_FALLBACK_S
        return Patience(self._retries, longest, self._sleep)

    def _successor(self, failure: ModelError) -> LanguageModel:
        """Return who is asked instead; raises the failure when nobody is, or nobody may be."""
        # A budget holds for all models; a form that is not kept is for the caller to repair.
        if self._fallback is None or isinstance(failure, BudgetExceededError | ModelOutputError):
            raise failure
        warn(f"{failure.message.rstrip('.')}. {self._fallback.name} is asked instead.", failure)
        return self._fallback

    def _check_pictures(self, prompt: Prompt) -> None:
        if not self.capabilities.images and any(isinstance(part, Picture) for part in prompt.parts):
            raise ModelError(
                f"{self._name} is not known to take pictures; say so in the settings if it does.",
                model=self._name,
            )


def _own_name(model: BaseChatModel) -> str:
    named = (getattr(model, attribute, None) for attribute in ("model_name", "model", "model_id"))
    return next((name for name in named if isinstance(name, str) and name), type(model).__name__)
