"""The scripted chat model behaves like a real one, and is strict about its script."""

from __future__ import annotations

import asyncio

import pytest
from langchain_core.messages import AIMessage, BaseMessage
from pydantic import BaseModel

from pinakes.testing import Pieces, ScriptedModel


class Crane(BaseModel):
    name: str
    height: int = 0


async def test_replies_come_in_order_whole_or_word_by_word() -> None:
    model = ScriptedModel("one two three", "four five", "six seven", "eight")
    assert model.invoke("a").text == "one two three"
    assert (await model.ainvoke("b")).text == "four five"
    assert [chunk.text for chunk in model.stream("c")] == ["six ", "seven", ""]
    assert [chunk.text async for chunk in model.astream("d")] == ["eight", ""]
    assert [messages[0].text for messages in model.calls] == ["a", "b", "c", "d"]
    model.assert_used_up()


@pytest.mark.parametrize("reply", [{"name": "Liebherr", "height": 80}, Crane(name="Liebherr", height=80)])
@pytest.mark.parametrize("method", ["function_calling", "json_schema"])
async def test_forms_are_filled_either_way(reply: object, method: str) -> None:
    model = ScriptedModel(reply, reply, reply)  # type: ignore[arg-type]
    asked = model.with_structured_output(Crane, method=method)
    assert await asked.ainvoke("Which crane?") == Crane(name="Liebherr", height=80)
    by_schema = model.with_structured_output(Crane.model_json_schema(), method=method, include_raw=True)
    answer = by_schema.invoke("Which crane?")
    assert answer["parsed"] == {"name": "Liebherr", "height": 80}
    assert isinstance(answer["raw"], AIMessage)
    option = {"function_calling": "tools", "json_schema": "response_format"}[method]
    assert option in model.asked[0]
    assert (await model.ainvoke("plainly")).text.startswith('{"name"')


async def test_a_form_that_is_none_is_told_like_a_real_one() -> None:
    model = ScriptedModel("not JSON")
    answer = await model.with_structured_output(Crane, method="json_schema", include_raw=True).ainvoke(
        "Which?"
    )
    assert answer["parsed"] is None
    assert answer["parsing_error"] is not None


async def test_tools_are_bound() -> None:
    model = ScriptedModel(AIMessage("", tool_calls=[{"name": "Crane", "args": {"name": "A"}, "id": "1"}]))
    answer = await model.bind_tools([Crane]).ainvoke("Call it.")
    assert answer.tool_calls[0]["args"] == {"name": "A"}
    assert model.asked[0]["tools"][0]["function"]["name"] == "Crane"


async def test_errors_are_raised_at_once_or_in_the_middle() -> None:
    model = ScriptedModel(TimeoutError("late"), Pieces("Half of ", 0, ConnectionError("gone")))
    with pytest.raises(TimeoutError, match="late"):
        await model.ainvoke("a")
    heard = []
    with pytest.raises(ConnectionError, match="gone"):
        async for chunk in model.astream("b"):
            heard.append(chunk.text)
    assert heard == ["Half of "]


async def test_functions_see_the_messages_and_may_wait() -> None:
    async def later(messages: list[BaseMessage]) -> str:
        await asyncio.sleep(0)
        return messages[-1].text.upper()

    model = ScriptedModel(lambda messages: f"{len(messages)} message", later)
    assert (await model.ainvoke("a")).text == "1 message"
    assert (await model.ainvoke("b")).text == "B"


async def test_usage_is_counted_in_words_unless_given_or_unwanted() -> None:
    usage = {"input_tokens": 7, "output_tokens": 2, "total_tokens": 9}
    model = ScriptedModel("one two", AIMessage("x", usage_metadata=usage))
    counted = (await model.ainvoke("three words here")).usage_metadata
    assert counted == {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}
    assert (await model.ainvoke("a")).usage_metadata == usage
    assert (await ScriptedModel("x", reports_usage=False).ainvoke("a")).usage_metadata is None
    *_, last = [chunk async for chunk in ScriptedModel("one two").astream("three words here")]
    assert last.usage_metadata == counted


async def test_tasks_have_replies_of_their_own() -> None:
    model = ScriptedModel("else", by_task={"plan": ["the plan"], "write": ["the answer"]})

    async def ask(task: str) -> str:
        return (await model.ainvoke("x", config={"metadata": {"pinakes_task": task}})).text

    assert [await ask(task) for task in ("write", "describe", "plan")] == ["the answer", "else", "the plan"]
    assert model.tasks == ["write", "describe", "plan"]
    model.assert_used_up()


async def test_over_use_and_under_use_fail() -> None:
    model = ScriptedModel("once", by_task={"plan": ["never"]})
    with pytest.raises(AssertionError, match="not called for 2"):
        model.assert_used_up()
    await model.ainvoke("a")
    with pytest.raises(AssertionError, match="more often"):
        await model.ainvoke("b")
    model.by_task.clear()
    with pytest.raises(AssertionError, match="more often"):
        model.assert_used_up()
