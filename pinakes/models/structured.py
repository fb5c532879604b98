"""Forms: how they are asked for in each way, and how an answer is read as one."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableParallel, RunnableSequence
from pydantic import ValidationError

from pinakes.core.errors import ModelOutputError
from pinakes.models.answers import Heard
from pinakes.models.probing import Way
from pinakes.models.schemas import closed_schema, is_strict
from pinakes.ports.language_model import Form

_METHODS: Mapping[Way, str] = {"json_schema": "json_schema", "tools": "function_calling"}
_IN_WORDS = "Answer with one JSON object and nothing else. It has to follow this JSON schema:\n"
_MAX_TEXT = 4_000
_BRACKET = re.compile(r"[{\[]")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_FENCE = re.compile(r"```(?:json|JSON)?[ \t]*\n(.*?)```", re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)


def asker(model: BaseChatModel, form: type[Form], way: Way) -> Runnable[Any, Any] | None:
    """Return what to call for this form; None when the model offers no such way."""
    if way == "json":
        return model
    schema = closed_schema(form)
    options: dict[str, Any] = {"method": _METHODS[way], "include_raw": True}
    if "strict" in inspect.signature(model.with_structured_output).parameters:
        options["strict"] = is_strict(schema)
    try:
        return _without_parser(model.with_structured_output(schema, **options))
    except (NotImplementedError, TypeError, ValueError):
        return None


def in_words(messages: list[BaseMessage], form: type[Form]) -> list[BaseMessage]:
    """Return messages that ask for the form in words, at the end of the instructions."""
    words = _IN_WORDS + json.dumps(closed_schema(form), ensure_ascii=False, separators=(",", ":"))
    if messages and isinstance(messages[0], SystemMessage):
        return [SystemMessage(f"{messages[0].text}\n\n{words}"), *messages[1:]]
    return [SystemMessage(words), *messages]


def as_message(answer: Any) -> AIMessage:
    """Return the message in what `asker` gave, whatever a vendor's own way makes of it."""
    if isinstance(answer, Mapping) and isinstance(answer.get("raw"), AIMessage):
        answer = answer["raw"]
    if isinstance(answer, AIMessage):
        return answer
    return AIMessage(json.dumps(answer.model_dump(mode="json") if hasattr(answer, "model_dump") else answer))


def read(heard: Heard, form: type[Form], model: str) -> Form:
    """Return the form that an answer holds.

    Raises:
        ModelOutputError: It holds none; the details have its `text`, the `problems` (each with `path` and `message`)
            and whether any JSON was there at all (`has_json`).
    """
    text = heard.text or "\n".join(map(_as_text, heard.arguments))
    details: dict[str, Any] = {"model": model, "text": text[:_MAX_TEXT], "problems": [], "has_json": True}
    if heard.cut_off:
        raise ModelOutputError(f"The answer of {model} was cut off at its longest length.", **details)
    cause: ValidationError | None = None
    for candidate in _candidates(heard):
        try:
            return form.model_validate_json(json.dumps(candidate))
        except ValidationError as error:
            cause = cause or error
    details |= {"problems": _problems(cause), "has_json": cause is not None}
    raise ModelOutputError(f"{model} did not answer in the form asked for.", **details) from cause


def values(text: str) -> list[Any]:
    """Return the JSON objects and arrays in a text, outermost ones, in order; prose around them is passed over.

    Commas before a closing bracket, line ends within strings and Python's own notation are let pass. Behind a bracket
    that is never closed nothing is read: it would be a part of something that was cut off.
    """
    found: list[Any] = []
    position = 0
    while (begin := _opening(text, position)) >= 0 and (end := _closing(text, begin)) > 0:
        try:
            found.append(_value(text[begin:end]))
            position = end
        except ValueError:
            position = end
    return found


def _candidates(heard: Heard) -> Iterator[Any]:
    """Yield what may be the form: tool calls first, then what stands last in the text."""
    for arguments in heard.arguments:
        yield from [arguments] if isinstance(arguments, dict) else values(arguments)
    fenced = [value for part in _FENCE.findall(heard.text) for value in values(part)]
    found = [*values(heard.text), *fenced][::-1]
    yield from found
    for value in found:
        # Some models wrap the object in a list, or under its name.
        inner = value if isinstance(value, list) else [*value.values()]
        if len(inner) == 1 and isinstance(inner[0], dict):
            yield inner[0]


def _opening(text: str, position: int) -> int:
    match = _BRACKET.search(text, position)
    return match.start() if match else -1


def _closing(text: str, begin: int) -> int:
    """Return the position behind the bracket that closes this one, 0 when none does."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, begin):
        token = match.group()
        if len(token) == 1:
            depth += 1 if token in "{[" else -1
            if depth == 0:
                return match.end()
    return 0


def _value(text: str) -> Any:
    plain = _TRAILING_COMMA.sub(lambda match: match.group(1) or "", text)
    try:
        return json.loads(plain, strict=False)
    except (ValueError, RecursionError) as broken:
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise ValueError("no JSON") from broken


def _without_parser(chain: Runnable[Any, Any]) -> Runnable[Any, Any]:
    """Return the model in a chain of model and parser: the answer is read here, whatever it looks like."""
    if isinstance(chain, RunnableSequence) and isinstance(chain.first, RunnableParallel):
        return chain.first.steps__.get("raw", chain)
    return chain


def _as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


def _problems(error: ValidationError | None) -> list[dict[str, str]]:
    if error is None:
        return []
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [{"path": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in found[:20]]
