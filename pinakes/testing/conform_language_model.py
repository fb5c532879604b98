"""What every language model must do, whatever is behind it.

Subclass the suite in a test module and give it a fixture `make`, which returns a model that gives these replies in
order, one a call::

    class TestMyModel(ConformLanguageModel):
        @pytest.fixture
        def make(self):
            return lambda *replies: ChatRole(ScriptedModel(*replies))

A reply is a text, or a mapping for a form. pytest (with `asyncio_mode = "auto"`) runs the inherited tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import Field

from pinakes.core.errors import BudgetExceededError, ModelError, ModelOutputError
from pinakes.core.events import Event
from pinakes.core.options import Budget
from pinakes.core.prompts import Data, Prompt, Said
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.core.value import Value
from pinakes.ports.language_model import Capabilities, LanguageModel

Make = Callable[..., LanguageModel]

_TEXT = "The pump is greased [E1] every 500 hours.\n\nÄgypten 泵 👍."


class Finding(Value):
    """A form to fill."""

    label: str
    pages: tuple[int, ...] = ()
    sure: float = Field(default=1.0, ge=0, le=1)


def prompt(**fields: Any) -> Prompt:
    """Return a prompt with something of everything but pictures."""
    defaults: dict[str, Any] = {
        "task": "write",
        "system": "Answer from the data.",
        "history": (Said(role="user", content="Hello."), Said(role="assistant", content="Hello!")),
        "parts": ("How often is it greased?", Data(id="E1", text="Every 500 hours.", source="manual.pdf")),
        "max_output_tokens": 500,
    }
    return Prompt(**defaults | fields)


class ConformLanguageModel:
    """The suite; `make` is the adapter's fixture."""

    def test_it_tells_who_it_is_and_what_it_can(self, make: Make) -> None:
        """A name for people, abilities for callers."""
        model = make()
        assert isinstance(model, LanguageModel)
        assert model.name
        assert isinstance(model.capabilities, Capabilities)
        assert model.capabilities.context_tokens > 0

    def test_tokens_are_counted_without_asking(self, make: Make) -> None:
        """Nothing has none; more text has more; every script counts."""
        model = make()
        assert model.count_tokens("") == 0
        assert 0 < model.count_tokens("word") <= model.count_tokens("word " * 100) <= 500
        for text in ("泵坏了", "насос", "ポンプ", "👍", "{}[]"):
            assert 0 < model.count_tokens(text) <= 4 * len(text)

    async def test_an_answer_comes_whole(self, make: Make) -> None:
        """Text comes back as it was said."""
        assert await make(_TEXT).complete(prompt()) == _TEXT

    async def test_an_answer_comes_in_pieces(self, make: Make) -> None:
        """The pieces make up the whole, and none is empty."""
        pieces = [piece async for piece in make(_TEXT).stream(prompt())]
        assert "".join(pieces) == _TEXT
        assert all(pieces)

    async def test_a_form_is_filled(self, make: Make) -> None:
        """A form comes back validated."""
        filled = await make({"label": "crane", "pages": [3, 4], "sure": 0.5}).fill(prompt(), Finding)
        assert filled == Finding(label="crane", pages=(3, 4), sure=0.5)

    async def test_what_is_no_form_is_told(self, make: Make) -> None:
        """The caller gets the text, so that it may show the model its fault."""
        for reply in ("I would rather not.", {"label": "crane", "sure": 7}):
            with pytest.raises(ModelOutputError) as caught:
                await make(reply).fill(prompt(), Finding)
            assert caught.value.details["text"]

    async def test_every_call_is_counted(self, make: Make) -> None:
        """Once each, with tokens, at the node that makes it."""
        meter, told = Meter(), list[Event]()
        model = make("One.", "Two.", {"label": "crane"})
        with calls_counted(Calls(node="write", meter=meter, tell=told.append)):
            await model.complete(prompt())
            _ = [piece async for piece in model.stream(prompt())]
            await model.fill(prompt(), Finding)
        assert set(meter.by_node) == {"write"}
        assert meter.total.call_count == 3
        assert meter.total.input_tokens > 0
        assert meter.total.output_tokens > 0

    async def test_budgets_are_kept(self, make: Make) -> None:
        """A call that a budget does not allow is not made."""
        model = make("One.")
        with calls_counted(Calls(node="write", meter=Meter(Budget(max_calls=1)), tell=lambda event: None)):
            await model.complete(prompt())
            with pytest.raises(BudgetExceededError):
                await model.complete(prompt())
            with pytest.raises(BudgetExceededError):
                await anext(model.stream(prompt()))
            with pytest.raises(BudgetExceededError):
                await model.fill(prompt(), Finding)

    async def test_calls_may_run_at_once(self, make: Make) -> None:
        """They do not mix, and each is charged where it is made."""
        meters = [Meter() for _ in range(4)]
        model = make(*["Same."] * 4)

        async def ask(meter: Meter) -> str:
            with calls_counted(Calls(node="write", meter=meter, tell=lambda event: None)):
                return await model.complete(prompt())

        assert await asyncio.gather(*map(ask, meters)) == ["Same."] * 4
        assert [meter.total.call_count for meter in meters] == [1] * 4

    async def test_a_stream_may_be_left(self, make: Make) -> None:
        """What was begun is charged, and nothing is left open."""
        meter = Meter()
        with calls_counted(Calls(node="write", meter=meter, tell=lambda event: None)):
            pieces = make(_TEXT).stream(prompt())
            await anext(pieces)
            await pieces.aclose()  # type: ignore[attr-defined]
        assert meter.total.call_count == 1

    async def test_no_word_is_a_fault(self, make: Make) -> None:
        """An empty answer is none."""
        with pytest.raises(ModelError):
            await make("").complete(prompt())
