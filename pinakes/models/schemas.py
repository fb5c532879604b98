"""JSON schemas that every endpoint takes: what few of them know is left out, and told in words instead.

An endpoint that enforces a schema wants each property required and nothing beside them, and knows neither defaults
nor limits; pydantic checks those afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

_LIMITS = (
    *("minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
_DROPPED = {*_LIMITS, "title", "default", "examples", "discriminator", "description", "$defs"}
_OPEN = {"patternProperties", "prefixItems", "propertyNames"}
_TYPED = {"type", "$ref", "anyOf", "enum", "const"}


def closed_schema(form: type[BaseModel]) -> dict[str, Any]:
    """Return a form's schema: named, all properties required, none beside them, limits told in descriptions."""
    schema = form.model_json_schema()
    definitions = schema.get("$defs", {})
    made = {"title": re.sub(r"[^\w-]+", "_", form.__name__)[:64], **_closed(schema, definitions, frozenset())}
    if definitions:
        made["$defs"] = {name: _closed(node, definitions, frozenset()) for name, node in definitions.items()}
    return made


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Return whether an endpoint may enforce a closed schema: every value typed, no object open."""
    return all(_is_closed(node) for node in _nodes(schema))


def _closed(
    node: Mapping[str, Any], definitions: Mapping[str, Any], within: frozenset[str]
) -> dict[str, Any]:
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name and len(node) > 1 and name in definitions and name not in within:
        # A reference stands alone; what is said beside it is merged into what it refers to.
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _closed({**definitions[name], **beside}, definitions, within | {name})
    if name:
        return {"$ref": node["$ref"]}
    made: dict[str, Any] = {"description": said} if (said := _description(node)) else {}
    for key, value in node.items():
        if key not in _DROPPED:
            made["anyOf" if key == "oneOf" else key] = _value(key, value, definitions, within)
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made


def _value(key: str, value: Any, definitions: Mapping[str, Any], within: frozenset[str]) -> Any:
    if key == "properties":
        return {name: _closed(node, definitions, within) for name, node in value.items()}
    if key in {"anyOf", "oneOf", "allOf", "prefixItems"}:
        return [_closed(node, definitions, within) for node in value]
    if key in {"items", "additionalProperties", "not"} and isinstance(value, Mapping):
        return _closed(value, definitions, within)
    return value


def _description(node: Mapping[str, Any]) -> str:
    said = " ".join(str(node.get("description", "")).split())
    limits = ", ".join(f"{key} {node[key]}" for key in _LIMITS if key in node)
    return f"{said} ({limits})".strip() if limits else said


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every schema within a schema, itself first."""
    yield node
    for key, value in node.items():
        if key in {"properties", "$defs"}:
            inner: Any = value.values()
        elif key in {"anyOf", "allOf", "prefixItems"}:
            inner = value
        else:
            inner = [value] if key in {"items", "additionalProperties"} and isinstance(value, Mapping) else []
        for one in inner:
            yield from _nodes(one)


def _is_closed(node: Mapping[str, Any]) -> bool:
    if _OPEN & set(node) or not _TYPED & set(node):
        return False
    return node.get("type") != "object" or node.get("additionalProperties") is False
