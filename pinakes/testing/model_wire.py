"""Answers in the JSON of OpenAI's API: chat completions, streamed or whole, embeddings, transcripts, models."""

from __future__ import annotations

import base64
import json
import math
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pinakes.testing.model_replies import Fault, Reply, Said, ToolCall
from pinakes.testing.model_requests import Asked

_PIECE = re.compile(r"\s*\S+|\s+$")
_TOKEN = re.compile(r"\w+|[^\w\s]")
PICTURE_TOKENS = 85
"""What a picture counts for."""


def count_tokens(text: str) -> int:
    """Return the tokens of a text as the server counts them: words and signs."""
    return len(_TOKEN.findall(text))


def error_body(fault: Fault) -> dict[str, Any]:
    """Return a fault's JSON."""
    return {
        "error": {
            "message": fault.message,
            "type": fault.type,
            "param": fault.param,
            "code": fault.code,
        }
    }


def usage(asked: Asked, reply: Reply) -> dict[str, Any] | None:
    """Return what a chat completion cost, None when the reply leaves it out."""
    tokens = reply.tokens
    if tokens is None:
        return None
    if tokens == "counted":
        prompt = count_tokens(asked.prompt) + PICTURE_TOKENS * len(asked.pictures)
        answer = (
            (_content(asked, reply) or "")
            + (reply.refusal or "")
            + "".join(c.arguments for c in _calls(asked, reply))
        )
        completion, cached, reasoning = count_tokens(answer), 0, 0
    else:
        prompt, completion = tokens.prompt, tokens.completion
        cached, reasoning = tokens.cached, tokens.reasoning
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }


def completion(asked: Asked, reply: Reply) -> dict[str, Any]:
    """Return a whole chat completion."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": _content(asked, reply),
        "refusal": reply.refusal,
    }
    if reply.reasoning:
        message["reasoning_content"] = reply.reasoning
    if calls := _calls(asked, reply):
        message["tool_calls"] = [_call(call) for call in calls]
    choice = {"index": 0, "message": message, "finish_reason": _finish(asked, reply), "logprobs": None}
    body = _head(asked, "chat.completion") | {"choices": [choice] * reply.choices}
    spent = usage(asked, reply)
    return body if spent is None else body | {"usage": spent}


def chunks(asked: Asked, reply: Reply) -> Iterator[dict[str, Any]]:
    """Yield a chat completion piece by piece: its words and the pieces of its calls, its end, its usage."""
    head = _head(asked, "chat.completion.chunk")
    for delta in _deltas(asked, reply) if reply.choices else ():
        yield head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    if reply.choices:
        yield head | {"choices": [{"index": 0, "delta": {}, "finish_reason": _finish(asked, reply)}]}
    wanted = (asked.json.get("stream_options") or {}).get("include_usage")
    if wanted and (spent := usage(asked, reply)):
        yield head | {"choices": [], "usage": spent}


def _deltas(asked: Asked, reply: Reply) -> Iterator[dict[str, Any]]:
    role: dict[str, Any] = {"role": "assistant"}
    for delta in _said(asked, reply):
        yield role | delta
        role = {}


def _said(asked: Asked, reply: Reply) -> Iterator[dict[str, Any]]:
    said = {"reasoning_content": reply.reasoning, "content": _content(asked, reply), "refusal": reply.refusal}
    for name, text in said.items():
        for piece in _PIECE.findall(text or ""):
            yield {name: piece}
    for index, call in enumerate(_calls(asked, reply)):
        yield {"tool_calls": [_call(ToolCall(call.name, "", call.id)) | {"index": index}]}
        for piece in _PIECE.findall(call.arguments):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _head(asked: Asked, kind: str) -> dict[str, Any]:
    model = asked.json.get("model", "")
    return {"id": f"chatcmpl-{asked.connection}", "object": kind, "created": 0, "model": model}


def _content(asked: Asked, reply: Reply) -> str | None:
    if reply.form is not None and not _forced_tool(asked):
        return json.dumps(reply.form, ensure_ascii=False)
    return reply.text or (None if reply.refusal or _calls(asked, reply) else "")


def _calls(asked: Asked, reply: Reply) -> list[ToolCall]:
    if reply.form is None or not (name := _forced_tool(asked)):
        return list(reply.tool_calls)
    return [ToolCall(name, json.dumps(reply.form, ensure_ascii=False))]


def _forced_tool(asked: Asked) -> str | None:
    """Return the tool that a request wants called, None when the model may choose."""
    choice = asked.json.get("tool_choice")
    if isinstance(choice, Mapping):
        return str(choice["function"]["name"])
    tools: Sequence[Mapping[str, Any]] = asked.json.get("tools") or ()
    return str(tools[0]["function"]["name"]) if choice in ("required", "any") and tools else None


def _call(call: ToolCall) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _finish(asked: Asked, reply: Reply) -> str:
    return reply.finish or ("tool_calls" if _calls(asked, reply) else "stop")


def embeddings(asked: Asked, dimensions: int) -> dict[str, Any]:
    """Return vectors of hashed words, not normalised, as floats or base64."""
    given = asked.json.get("input", [])
    texts = [given] if isinstance(given, str) else given
    size = int(asked.json.get("dimensions") or dimensions)
    encoded = asked.json.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": index, "embedding": _base64(vector) if encoded else vector}
        for index, vector in enumerate(word_vector(str(text), size) for text in texts)
    ]
    spent = sum(count_tokens(str(text)) for text in texts)
    return {
        "object": "list",
        "model": asked.json.get("model", ""),
        "data": data,
        "usage": {"prompt_tokens": spent, "total_tokens": spent},
    }


def word_vector(text: str, dimensions: int) -> list[float]:
    """Return a vector of length 2 that counts a text's hashed words: texts are near when they share words."""
    vector = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()):
        vector[zlib.crc32(word.encode()) % dimensions] += 1.0
    length = math.hypot(*vector)
    if not length:
        return [2 / math.sqrt(dimensions)] * dimensions
    return [2 * value / length for value in vector]


def _base64(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def transcript(asked: Asked, reply: Reply) -> dict[str, Any]:
    """Return a transcript, with its parts when they are asked for."""
    text = reply.text or " ".join(part.text for part in reply.said)
    if asked.json.get("response_format") != "verbose_json":
        return {"text": text}
    end = max((part.end for part in reply.said), default=0.0)
    segments = [_segment(number, part) for number, part in enumerate(reply.said)]
    return {"task": "transcribe", "language": "english", "duration": end, "text": text, "segments": segments}


def _segment(number: int, part: Said) -> dict[str, Any]:
    unused: dict[str, Any] = {"seek": 0, "tokens": [], "temperature": 0.0, "avg_logprob": -0.2}
    rated = {"compression_ratio": 1.1, "no_speech_prob": 0.01}
    return {"id": number, "start": part.start, "end": part.end, "text": f" {part.text}"} | unused | rated


def models(names: Sequence[str]) -> dict[str, Any]:
    """Return the list of models."""
    known = [{"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in names]
    return {"object": "list", "data": known}
