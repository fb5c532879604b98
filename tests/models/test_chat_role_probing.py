"""What an endpoint can do is told by the user, the profile or the name, and learned from refusals."""

from __future__ import annotations

from typing import Any

import pytest

from pinakes.core.errors import ModelError
from pinakes.core.prompts import Data, Picture, Prompt
from pinakes.models.chat_role import ChatRole
from pinakes.ports.language_model import Capabilities
from pinakes.testing import ScriptedModel

PLAIN = Prompt(task="write", system="Be brief.", parts=("Hello.",))
QUOTING = PLAIN.model_copy(update={"parts": ("What is it?", Data(id="E1", text="A crane."))})
SEEING = PLAIN.model_copy(update={"parts": ("What is it?", Picture(id="P1", content=b"\xff\xd8\xff"))})


class Refused(Exception):
    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status_code = status


SEES = [
    *("gpt-4o", "gpt-4o-mini", "gpt-4.1-nano", "gpt-5", "gpt-5.5-mini", "openai/gpt-5", "o3", "o4-mini"),
    *("chatgpt-4o-latest", "claude-sonnet-4-5", "claude-3-haiku-20240307", "gemini-2.5-flash"),
    *("qwen2.5vl:7b", "Qwen/Qwen2.5-VL-7B-Instruct", "qwen3-vl:8b", "llava:13b", "llama3.2-vision"),
    *("meta-llama/Llama-3.2-11B-Vision-Instruct", "llama4:scout", "gemma3:4b", "google/gemma-3-27b-it"),
    *("pixtral-12b", "minicpm-v", "OpenGVLab/InternVL3-8B", "moondream", "glm-4.5v", "granite3.2-vision"),
    *("microsoft/Phi-3.5-vision-instruct", "mistral-small3.1", "HuggingFaceTB/SmolVLM2-2.2B"),
]
BLIND = [
    *("gpt-3.5-turbo", "gpt-4", "o1-mini", "o3-mini", "llama3.1:8b", "meta-llama/Llama-3.3-70B-Instruct"),
    *("qwen3:8b", "Qwen/Qwen2.5-7B-Instruct", "mistral:7b", "deepseek-r1:14b", "gemma3:1b", "gemma2:9b"),
    *("phi3:mini", "scripted", "my-model", "claude-2.1", "mixtral-8x7b", "gpt-oss:20b"),
]


@pytest.mark.parametrize("name", SEES)
def test_models_known_to_see(name: str) -> None:
    assert ChatRole(ScriptedModel(model_name=name)).capabilities.images


@pytest.mark.parametrize("name", BLIND)
def test_models_not_known_to_see(name: str) -> None:
    assert not ChatRole(ScriptedModel(model_name=name)).capabilities.images


def test_the_profile_is_believed_before_the_name_and_the_user_before_both() -> None:
    profile: Any = {"image_inputs": False, "max_input_tokens": 128_000, "structured_output": False}
    model = ScriptedModel(model_name="gpt-4o", profile=profile)
    known = ChatRole(model).capabilities
    assert (known.images, known.context_tokens, known.structured) == (False, 128_000, "tools")
    told = ChatRole(model, capabilities=Capabilities(images=True, structured="json")).capabilities
    assert (told.images, told.context_tokens, told.structured) == (True, 128_000, "json")
    weak = ScriptedModel(profile=profile | {"tool_calling": False})
    assert ChatRole(weak).capabilities.structured == "json"


async def test_pictures_are_not_sent_to_the_blind() -> None:
    model = ScriptedModel()
    with pytest.raises(ModelError, match="pictures"):
        await ChatRole(model).complete(SEEING)
    with pytest.raises(ModelError, match="pictures"):
        await anext(ChatRole(model).stream(SEEING))
    assert not model.calls
    seer = ChatRole(ScriptedModel("A crane.", model_name="gpt-4o"))
    assert await ChatRole(model, fallback=seer).complete(SEEING) == "A crane."


async def test_refused_pictures_are_not_sent_again() -> None:
    model = ScriptedModel(Refused("At most 0 image(s) may be provided in one request."), "fine")
    role = ChatRole(model, capabilities=Capabilities(images=True))
    for _ in range(2):
        with pytest.raises(ModelError):
            await role.complete(SEEING)
    assert not role.capabilities.images
    assert await role.complete(PLAIN) == "fine"
    model.assert_used_up()


async def test_endpoints_that_take_one_text_get_one() -> None:
    error = Refused("messages[1].content: invalid type: sequence, expected a string")
    model = ScriptedModel(error, "A crane.", "A crane.")
    role = ChatRole(model)
    for _ in range(2):
        assert await role.complete(QUOTING) == "A crane."
    assert not role.capabilities.parts
    assert [isinstance(messages[-1].content, str) for messages in model.calls] == [False, True, True]
    assert '<data id="E1">\nA crane.\n</data>' in model.calls[-1][-1].text


async def test_endpoints_that_do_not_tell_usage_of_streams_are_not_asked_to() -> None:
    class WithUsage(ScriptedModel):
        stream_usage: bool = True

    model = WithUsage(Refused("Unrecognized request argument supplied: stream_options"), "fine", "fine")
    role = ChatRole(model)
    for _ in range(2):
        assert [piece async for piece in role.stream(PLAIN)] == ["fine"]
    assert [asked.get("stream_usage") for asked in model.asked] == [None, False, False]
    assert not role.capabilities.stream_usage


async def test_endpoints_that_know_no_longest_length_are_not_told_one() -> None:
    short = PLAIN.model_copy(update={"max_output_tokens": 9})
    model = ScriptedModel(Refused("Unsupported parameter: 'max_completion_tokens'", 422), "fine", "fine")
    role = ChatRole(model)
    for _ in range(2):
        assert await role.complete(short) == "fine"
    assert [asked.get("max_tokens") for asked in model.asked] == [9, None, None]


async def test_too_great_a_length_is_no_unknown_parameter() -> None:
    short = PLAIN.model_copy(update={"max_output_tokens": 9})
    model = ScriptedModel(Refused("max_tokens must be at least 16"))
    with pytest.raises(ModelError):
        await ChatRole(model).complete(short)
