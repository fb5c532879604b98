"""Forms: asked for in the best way that the endpoint knows, read from whatever it answers."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel, Field

from pinakes.core.errors import ModelError, ModelOutputError
from pinakes.core.prompts import Data, Picture, Prompt
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.core.value import Value
from pinakes.models.chat_role import ChatRole
from pinakes.models.schemas import closed_schema, is_strict
from pinakes.models.structured import values
from pinakes.ports.language_model import Capabilities
from pinakes.testing import ScriptedModel

ASKED = Prompt(task="plan", system="Plan.", parts=("Find the crane.",), max_output_tokens=100)


class Step(Value):
    """One step."""

    agent: str = Field(description="Who does it.")
    needs: tuple[int, ...] = ()


class Plan(Value):
    """A whole plan."""

    steps: tuple[Step, ...] = Field(min_length=1, max_length=10)
    why: str | None = None


FILLED = {"steps": [{"agent": "image_search", "needs": []}], "why": None}
PLAN = Plan(steps=(Step(agent="image_search"),))


class Refused(Exception):
    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status_code = status


def way(asked: dict[str, Any]) -> str:
    return "tools" if "tools" in asked else "json_schema" if "response_format" in asked else "json"


@pytest.mark.parametrize("structured", ["json_schema", "tools", "json"])
async def test_each_way_fills_the_form(structured: Any) -> None:
    model = ScriptedModel(FILLED, PLAN)
    role = ChatRole(model, capabilities=Capabilities(structured=structured))
    assert await role.fill(ASKED, Plan) == PLAN
    assert await role.fill(ASKED, Plan) == PLAN
    assert [way(asked) for asked in model.asked] == [structured] * 2
    assert [asked["max_tokens"] for asked in model.asked] == [100, 100]
    in_words = "JSON schema" in model.calls[0][0].text
    assert in_words == (structured == "json")
    assert model.tasks == ["plan", "plan"]


NO_SCHEMA = [
    "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    "This response_format type is unavailable now",
    "'response_format.type' must be 'json_object' or 'text'",
]
NO_TOOLS = [
    "registry.ollama.ai/library/gemma:2b does not support tools",
    "tools param requires --jinja flag",
    '"auto" tool choice requires --enable-auto-tool-choice; tool_choice is invalid',
    "function calling is not enabled for models/x",
]


@pytest.mark.parametrize("no_schema", NO_SCHEMA)
@pytest.mark.parametrize("no_tools", NO_TOOLS)
async def test_the_way_goes_down_once_and_for_all(no_schema: str, no_tools: str) -> None:
    model = ScriptedModel(Refused(no_schema), Refused(no_tools, 500), FILLED, FILLED)
    role = ChatRole(model)
    told: list[Any] = []
    with calls_counted(Calls(node="plan", meter=Meter(), tell=told.append)):
        assert await role.fill(ASKED, Plan) == PLAN
        assert await role.fill(ASKED, Plan) == PLAN
    assert [way(asked) for asked in model.asked] == ["json_schema", "tools", "json", "json"]
    assert role.capabilities.structured == "json"
    assert [event.type for event in told] == ["warning", "warning"]


async def test_a_refusal_for_another_reason_changes_nothing() -> None:
    role = ChatRole(ScriptedModel(Refused("temperature must be below 2"), FILLED))
    with pytest.raises(ModelError):
        await role.fill(ASKED, Plan)
    assert await role.fill(ASKED, Plan) == PLAN
    assert role.capabilities.structured == "json_schema"


async def test_a_schema_that_is_refused_speaks_for_its_form_alone() -> None:
    model = ScriptedModel(
        Refused("Invalid schema for response_format 'Plan'"), FILLED, FILLED, {"agent": "chat", "needs": []}
    )
    role = ChatRole(model)
    for _ in range(2):
        assert await role.fill(ASKED, Plan) == PLAN
    assert await role.fill(ASKED, Step) == Step(agent="chat")
    assert [way(asked) for asked in model.asked] == ["json_schema", "tools", "tools", "json_schema"]


async def test_an_endpoint_that_passes_over_the_schema_is_asked_in_words_next() -> None:
    model = ScriptedModel("Sure! First I would search.", FILLED)
    role = ChatRole(model)
    with pytest.raises(ModelOutputError):
        await role.fill(ASKED, Plan)
    assert await role.fill(ASKED, Plan) == PLAN
    assert [way(asked) for asked in model.asked] == ["json_schema", "json"]


async def test_one_slip_of_a_good_endpoint_changes_nothing() -> None:
    model = ScriptedModel(FILLED, "Sure!", {"steps": []}, FILLED)
    role = ChatRole(model)
    assert await role.fill(ASKED, Plan) == PLAN
    for _ in range(2):
        with pytest.raises(ModelOutputError):
            await role.fill(ASKED, Plan)
    assert await role.fill(ASKED, Plan) == PLAN
    assert {way(asked) for asked in model.asked} == {"json_schema"}


async def test_models_without_tools_are_asked_in_words() -> None:
    class Plain(BaseChatModel):
        def _generate(
            self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any
        ) -> ChatResult:
            return ChatResult(generations=[ChatGeneration(message=AIMessage(json.dumps(FILLED)))])

        @property
        def _llm_type(self) -> str:
            return "plain"

    role = ChatRole(Plain())
    assert await role.fill(ASKED, Plan) == PLAN
    assert role.capabilities.structured == "json"
    assert role.name == "Plain"


async def test_models_with_a_way_of_their_own_are_understood() -> None:
    from langchain_core.runnables import RunnableLambda

    class Own(ScriptedModel):
        def with_structured_output(self, schema: Any, **kwargs: Any) -> Any:  # type: ignore[override]
            return RunnableLambda(lambda messages: FILLED)

    assert await ChatRole(Own()).fill(ASKED, Plan) == PLAN


ANSWERS = [
    json.dumps(FILLED),
    f"Here you are:\n```json\n{json.dumps(FILLED, indent=2)}\n```\nAnything else?",
    f"```\n{json.dumps(FILLED)}\n```",
    f'<think>{{"steps": []}} is empty, so:</think>{json.dumps(FILLED)}',
    f"I first thought of {{nothing}} but: {json.dumps(FILLED)} – done.",
    '{"steps": [{"agent": "image_search", "needs": [],},], "why": null,}',
    "{'steps': [{'agent': 'image_search', 'needs': []}], 'why': None}",
    f'{{"Plan": {json.dumps(FILLED)}}}',
    f"[{json.dumps(FILLED)}]",
    f'{{"steps": []}}\nNo, better:\n{json.dumps(FILLED)}',
    '{"steps": [{"agent": "image_search"}]}',
]


@pytest.mark.parametrize("text", ANSWERS)
async def test_forms_are_found_in_what_models_say(text: str) -> None:
    for structured in ("json", "json_schema", "tools"):
        role = ChatRole(ScriptedModel(text), capabilities=Capabilities(structured=structured))
        assert await role.fill(ASKED, Plan) == PLAN


async def test_broken_arguments_of_a_tool_call_are_read_like_text() -> None:
    broken = '{"steps": [{"agent": "image_search",}]}'
    call = {"type": "invalid_tool_call", "name": "Plan", "args": broken, "id": "1", "error": "no JSON"}
    reply = AIMessage("", invalid_tool_calls=[call])
    assert (
        await ChatRole(ScriptedModel(reply), capabilities=Capabilities(structured="tools")).fill(ASKED, Plan)
        == PLAN
    )


BROKEN = [
    ("Sure, I will search.", False),
    ('{"steps": [{"agent": "image_search", "needs": []}, {"ag', False),
    ('{"steps": []}', True),
    ('{"steps": [{"agent": "x"}], "extra": 1}', True),
    ("[1, 2]", True),
    ("{{{{", False),
    ("[" * 5_000, False),
    ("[" * 5_000 + "]" * 5_000, False),
]


@pytest.mark.parametrize(("text", "has_json"), BROKEN, ids=range(len(BROKEN)))
async def test_what_is_no_form_is_told_with_its_text(text: str, has_json: bool) -> None:
    with pytest.raises(ModelOutputError) as caught:
        await ChatRole(ScriptedModel(text)).fill(ASKED, Plan)
    details = caught.value.details
    assert details["text"] == text[:4000]
    assert details["has_json"] == has_json
    assert bool(details["problems"]) == has_json
    if text == '{"steps": []}':
        assert details["problems"][0]["path"] == "steps"
    json.dumps(caught.value.to_dict())


async def test_a_piece_of_a_cut_off_answer_is_no_answer() -> None:
    class Loose(BaseModel):
        agent: str = "chat"

    text = '{"steps": [{"agent": "image_search"}, {"agent"'
    cut = AIMessage(text, response_metadata={"finish_reason": "length"})
    whole = AIMessage('{"agent": "x"}', response_metadata={"finish_reason": "length"})
    for reply in (cut, whole, text):
        with pytest.raises(ModelOutputError):
            await ChatRole(ScriptedModel(reply)).fill(ASKED, Loose)


def test_values_are_found_between_words() -> None:
    assert values("") == values("no brackets") == []
    assert values('a {"x": "}{"} b [1, {"y": 2}] c') == [{"x": "}{"}, [1, {"y": 2}]]
    assert values('{"x": "a,}b\nc"}') == [{"x": "a,}b\nc"}]
    assert values("see [E1] and {this}") == []


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Circle(BaseModel):
    kind: Literal["circle"] = "circle"
    radius: float = Field(gt=0)


class Square(BaseModel):
    kind: Literal["square"] = "square"
    side: float


class Tree(BaseModel):
    """A tree."""

    colour: Colour = Field(default=Colour.RED, description="Its colour.")
    shape: Annotated[Circle | Square, Field(discriminator="kind")]
    children: list[Tree] = Field(default_factory=list, max_length=3)


def test_schemas_are_closed_and_tell_their_limits() -> None:
    schema = closed_schema(Tree)
    assert schema["title"] == "Tree"
    text = json.dumps(schema)
    for word in ("oneOf", "discriminator", "default", '"maxItems":', '"exclusiveMinimum":'):
        assert word not in text
    assert "exclusiveMinimum 0" in text
    tree = schema["$defs"]["Tree"]
    assert tree["required"] == ["colour", "shape", "children"]
    assert tree["additionalProperties"] is False
    assert tree["properties"]["colour"] == {
        "description": "Its colour.",
        "enum": ["red", "blue"],
        "type": "string",
    }
    assert tree["properties"]["children"] == {
        "description": "(maxItems 3)",
        "items": {"$ref": "#/$defs/Tree"},
        "type": "array",
    }
    assert is_strict(schema)


def test_open_schemas_are_not_enforced() -> None:
    class Open(BaseModel):
        values: dict[str, int]

    class Anything(BaseModel):
        value: Any

    class Pair(BaseModel):
        pair: tuple[int, str]

    assert is_strict(closed_schema(Plan))
    for form in (Open, Anything, Pair):
        assert not is_strict(closed_schema(form))


async def test_strictness_is_asked_for_where_it_is_possible() -> None:
    class Open(BaseModel):
        values: dict[str, int]

    model = ScriptedModel(FILLED, {"values": {"a": 1}})
    role = ChatRole(model)
    await role.fill(ASKED, Plan)
    await role.fill(ASKED, Open)
    assert [asked["response_format"]["json_schema"]["strict"] for asked in model.asked] == [True, False]


async def test_quotes_and_pictures_go_with_forms_too() -> None:
    model = ScriptedModel(FILLED)
    parts = ("What is it?", Data(id="E1", text="A crane."), Picture(id="P1", content=b"\xff\xd8"))
    role = ChatRole(model, capabilities=Capabilities(images=True, structured="json"))
    await role.fill(ASKED.model_copy(update={"parts": parts}), Plan)
    assert [block["type"] for block in model.calls[0][-1].content] == ["text", "text", "text", "image"]  # type: ignore[index]
