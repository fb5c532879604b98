"""What a client can be asked for, as a table read off its resources, so that any transport can carry it.

An operation is a coroutine method, or one that gives a stream, of a resource of `Pinakes`. Its arguments and its
result travel as JSON by their annotations; files travel as their name and content, listeners stay where they are and
are told what happens.
"""

from __future__ import annotations

import functools
import inspect
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError

from pinakes.client.chat_stream import ChatStream
from pinakes.client.sources import Source
from pinakes.core.chat import ChatToken
from pinakes.core.errors import ValidationError

Json = Any

_WIRE = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
_FILE_PARTS = frozenset(get_args(Source))


@dataclass(frozen=True)
class Operation:
    """One thing to ask for, such as `files.upload`.

    Attributes:
        streams: The result comes piece by piece; `result` is the type of a piece.
        listeners: The type of what each listener is told, by parameter.
    """

    name: str
    signature: inspect.Signature
    types: dict[str, Any]
    result: Any
    streams: bool
    listeners: dict[str, Any]


def resources(client: type) -> dict[str, type]:
    """Return a client's resources by the name of their property."""
    found = {}
    for name in dir(client):
        kept = inspect.getattr_static(client, name)
        if isinstance(kept, property) and not name.startswith("_"):
            kind = get_type_hints(kept.fget)["return"]
            if (
                inspect.isclass(kind)
                and kind.__module__.startswith("pinakes.client.")
                and operations(name, kind)
            ):
                found[name] = kind
    return found


def operations(resource: str, cls: type) -> dict[str, Operation]:
    """Return a resource's operations by method."""
    methods = {name: inspect.getattr_static(cls, name) for name in dir(cls) if not name.startswith("_")}
    made = {name: _operation(f"{resource}.{name}", m) for name, m in methods.items() if inspect.isfunction(m)}
    return {name: operation for name, operation in made.items() if operation}


def encode(kind: Any, value: Any) -> Json:
    """Return a value of a type as JSON. Raises ValidationError where it cannot travel."""
    if _is_source(kind):
        return [_file(item) for item in value] if isinstance(value, (list, tuple)) else _file(value)
    if _is_named_list(kind):
        return {"items": encode(_items(kind), list(value)), "with": vars(value)}
    return json.loads(_adapter(kind).dump_json(value))


def decode(kind: Any, data: Json) -> Any:
    """Return the value that JSON holds."""
    if _is_source(kind):
        return [_opened(item) for item in data] if isinstance(data, list) else _opened(data)
    if _is_named_list(kind):
        made = kind(decode(_items(kind), data["items"]))
        vars(made).update(data["with"])
        return made
    return _adapter(kind).validate_json(json.dumps(data))


def can_travel(operation: Operation) -> bool:
    """Whether the operation's result can be JSON."""
    try:
        return _is_named_list(operation.result) or bool(_adapter(operation.result))
    except PydanticSchemaGenerationError:
        return False


def _operation(name: str, method: Callable[..., Any]) -> Operation | None:
    types = get_type_hints(method)
    result = types.pop("return", None)
    streams = result is ChatStream or get_origin(result) is AsyncIterator
    if not streams and not inspect.iscoroutinefunction(method):
        return None
    return Operation(
        name=name,
        signature=inspect.signature(method),
        types=types,
        result=(ChatToken if result is ChatStream else get_args(result)[0]) if streams else result,
        streams=streams,
        listeners={parameter: told for parameter, kind in types.items() if (told := _told(kind)) is not None},
    )


def _told(kind: Any) -> Any:
    """Return what a listener of this type is told, None where it is no listener."""
    for part in (kind, *get_args(kind)):
        if get_origin(part) is Callable:
            return get_args(part)[0][0]
    return None


@functools.lru_cache(maxsize=512)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    is_model = inspect.isclass(kind) and hasattr(kind, "model_config")
    return TypeAdapter(kind) if is_model else TypeAdapter(kind, config=_WIRE)


def _is_named_list(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, list) and kind is not list


def _items(kind: Any) -> Any:
    return next(base for base in kind.__orig_bases__ if get_origin(base) is list)


def _is_source(kind: Any) -> bool:
    return set(get_args(kind)) >= _FILE_PARTS


def _file(source: Any) -> Json:
    if isinstance(source, (str, Path)):
        path = Path(source).expanduser()
        if not path.is_file():
            raise ValidationError(f"Name single files: '{source}' is none, and only these can be sent.")
        content, name = path.read_bytes(), path.name
    else:
        content = source if isinstance(source, bytes) else source.read()
        name = Path(str(getattr(source, "name", ""))).name
    return {"filename": name, "content": b64encode(content).decode()}


def _opened(data: Json) -> Any:
    content = b64decode(data["content"])
    if not data["filename"]:
        return content
    opened = BytesIO(content)
    opened.name = data["filename"]
    return opened
