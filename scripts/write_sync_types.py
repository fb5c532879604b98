"""Write pinakes/client/sync.pyi: what type checkers see of the classes that sync.py makes. Run it after changes."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from pinakes.client import bridge, sync
from pinakes.client.client import Pinakes
from pinakes.client.sync_lifetime import SyncLifetime

TARGET = Path(sync.__file__).with_suffix(".pyi")
HEAD = '"""Types of sync.py; made by scripts/write_sync_types.py."""\n\n'
ENTERING = """
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
"""
WITHOUT_ASYNC = {"AsyncIterator": "Iterator"} | {
    cls.__name__: bridge.sync_name(cls.__name__) for cls in sync.BRIDGED
}


class Stub:
    """The stub's classes, and the imports they need."""

    def __init__(self) -> None:
        self.imports: dict[str, set[str]] = defaultdict(set)
        self.classes: list[str] = []

    def text(self) -> str:
        """Return the file, unformatted."""
        lines = [
            f"from {home} import {', '.join(sorted(names))}" for home, names in sorted(self.imports.items())
        ]
        return HEAD + "import builtins\n" + "\n".join(lines) + "\n\n" + "\n\n".join(self.classes) + "\n"

    def add(self, cls: type) -> None:
        """Add the sync class of an async one."""
        body = [*self._attributes(cls), *self._members(cls, bridge.members(cls))]
        if hasattr(cls, "__anext__"):
            item = self._said(cls.__anext__, cls)["return"]
            self.imports["collections.abc"].add("Iterator")
            body += [
                f"    def __iter__(self) -> Iterator[{item}]: ...",
                f"    def __next__(self) -> {item}: ...",
            ]
            body.append("    def close(self) -> None: ...")
        if hasattr(cls, "__aenter__") or hasattr(cls, "__anext__"):
            self._entering(body)
        self._class(bridge.sync_name(cls.__name__), body)

    def add_client(self) -> None:
        """Add `SyncPinakes`."""
        own = {n: m for n, m in vars(SyncLifetime).items() if n in ("from_env",) or not n.startswith("_")}
        theirs = {n: m for n, m in bridge.members(Pinakes).items() if n not in own}
        body = [self._function("__init__", Pinakes.__init__, Pinakes)]
        body += [*self._members(SyncLifetime, own), *self._members(Pinakes, theirs)]
        self._entering(body)
        self.imports["pinakes.client.error_names"] = {"ErrorNames"}
        self._class("SyncPinakes", body, "(ErrorNames)")

    def _class(self, name: str, body: list[str], bases: str = "") -> None:
        self.classes.append("\n".join([f"class {name}{bases}:", *body]))

    def _entering(self, body: list[str]) -> None:
        self.imports["typing"].add("Self")
        self.imports["types"].add("TracebackType")
        body.append(ENTERING.strip("\n"))

    def _members(self, cls: type, members: dict[str, Any]) -> Iterator[str]:
        for name in sorted(members):
            kept = inspect.getattr_static(cls, name)
            if isinstance(kept, property):
                assert kept.fget is not None
                yield "    @property\n" + self._function(name, kept.fget, cls)
            elif isinstance(kept, classmethod):
                yield "    @classmethod\n" + self._function(name, kept.__func__, cls)
            else:
                yield self._function(name, kept, cls)

    def _attributes(self, cls: type) -> Iterator[str]:
        """Yield what `__init__` keeps of its arguments under public names."""
        said = self._said(cls.__init__, cls) if "__init__" in vars(cls) else {}
        for name, argument in _kept(cls) if said else ():
            yield f"    {name}: {said[argument]}"

    def _function(self, name: str, function: Callable[..., Any], cls: type) -> str:
        said = self._said(function, cls)
        parts, starred = [], False
        for place, parameter in enumerate(inspect.signature(function).parameters.values()):
            if parameter.kind is parameter.KEYWORD_ONLY and not starred:
                parts.append("*")
                starred = True
            star = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*"}.get(parameter.kind, "")
            kind = f": {said[parameter.name]}" if place and parameter.name in said else ""
            default = "" if parameter.default is parameter.empty else f" = {_default(parameter.default)}"
            parts.append(f"{star}{parameter.name}{kind}{default}")
        return f"    def {name}({', '.join(parts)}) -> {said.get('return', 'None')}: ..."

    def _said(self, function: Callable[..., Any], cls: type) -> dict[str, str]:
        """Return a function's annotations in the words of the stub."""
        said = {name: str(text) for name, text in inspect.get_annotations(function).items() if name != "self"}
        return {name: self._translated(text, function.__module__, cls) for name, text in said.items()}

    def _translated(self, text: str, module: str, cls: type) -> str:
        def word(match: re.Match[str]) -> str:
            name = match.group()
            if name == "Library" and cls is Pinakes:
                self.imports["typing"].add("Any")
                return "Any"  # bridged as it is used, down to its catalog
            if name in WITHOUT_ASYNC and cls is not SyncLifetime:
                name = WITHOUT_ASYNC[name]
                if name == "Iterator":
                    self.imports["collections.abc"].add(name)
                return name
            home = _homes(module).get(name)
            if home:
                self.imports[home].add(name)
            shadowed = name in ("list", "bytes", "set", "dict", "type", "str", "int") and hasattr(cls, name)
            return f"builtins.{name}" if shadowed else name

        return re.sub(r"(?<![\w.])[A-Za-z_]\w*", word, text)


@cache
def _homes(module: str) -> dict[str, str]:
    """Return where each name of a module comes from."""
    source = Path(sys.modules[module].__file__ or "").read_text("utf8")
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            found |= {alias.asname or alias.name: node.module or "" for alias in node.names}
        elif isinstance(node, ast.ClassDef):
            found[node.name] = module
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = module
    return found


def _kept(cls: type) -> Iterator[tuple[str, str]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls.__init__)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and not target.attr.startswith("_"):
                    yield target.attr, node.value.id


def _default(value: Any) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    return repr(value) if value in (None, (), True, False) or isinstance(value, (int, float, str)) else "..."


def written() -> str:
    """Return the stub's text, formatted."""
    stub = Stub()
    for cls in sync.BRIDGED:
        stub.add(cls)
    stub.add_client()
    sorting = ["check", "--quiet", "--select", "I,F401,UP", "--fix"]
    text = _ruff(sorting, stub.text())
    return _ruff(["format"], text)


def _ruff(command: list[str], text: str) -> str:
    call = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(TARGET), "-"]
    return subprocess.run(call, input=text, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    TARGET.write_text(written(), "utf8")
