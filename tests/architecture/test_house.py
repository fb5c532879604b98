"""The ground plan holds: links, layers, exports, wheel contents, errors, settings, sizes."""

from __future__ import annotations

import ast
import importlib
import os
import re
import statistics
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pinakes
from pinakes.client.settings import Settings
from pinakes.core import errors

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pinakes"
LINKS = ("agents", "graph", "tools", "ingestion")


@pytest.mark.parametrize("name", LINKS)
def test_code_folders_at_the_root_are_links_into_the_package(name: str) -> None:
    link = ROOT / name
    assert link.is_symlink()
    assert os.readlink(link) == f"pinakes/{name}"  # noqa: PTH115 - the text of the link is what matters
    assert link.resolve() == PACKAGE / name


def test_every_export_resolves_and_the_list_is_sorted() -> None:
    assert pinakes.__all__ == sorted(pinakes.__all__)
    assert [name for name in pinakes.__all__ if getattr(pinakes, name, None) is None] == []
    assert set(pinakes.__all__) == set(pinakes._HOME_OF) | {"__version__"}
    with pytest.raises(AttributeError):
        pinakes.nothing_of_that_name  # noqa: B018


def test_type_checkers_see_the_same_exports() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf8"))
    checked = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert set(pinakes.__all__) <= checked


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = (
        "langgraph langchain_core langchain_openai qdrant_client unstructured sqlalchemy pydantic numpy PIL"
    )
    code = f"import sys, pinakes; print([m for m in {heavy.split()!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"


def test_the_wheel_holds_the_package_alone(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = zipfile.ZipFile(wheel).namelist()
    code = [name for name in names if ".dist-info/" not in name]
    assert code and all(name.startswith("pinakes/") for name in code)
    tracked = {
        str(p.relative_to(ROOT)) for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts
    }
    assert tracked == set(code)


def test_the_error_tree_in_the_docstring_is_the_real_one() -> None:
    drawn = {
        match.group(2): (match.group(3), len(match.group(1)), match.group(4))
        for match in re.finditer(
            r"^    ([│├└─ ]*)(\w+) +([A-Z_]+)(?: +\((\w+)\))?$", errors.__doc__ or "", re.M
        )
    }
    real = {}

    def visit(cls: type[errors.PinakesError], depth: int) -> None:
        also = [base.__name__ for base in cls.__bases__[1:]]
        real[cls.__name__] = (cls.code, depth * 4, also[0] if also else None)
        for child in cls.__subclasses__():
            if child.__module__ == errors.__name__ and child.__bases__[0] is cls:
                visit(child, depth + 1)

    visit(errors.PinakesError, 0)
    assert drawn == real
    assert len({code for code, _, _ in real.values()}) == len(real)


def test_every_error_says_code_message_and_details() -> None:
    error = errors.EncryptedFileError("Open it with its password first.", filename="a.pdf")
    assert error.to_dict() == {
        "code": "ENCRYPTED_FILE",
        "message": "Open it with its password first.",
        "details": {"filename": "a.pdf"},
        "retryable": False,
    }
    assert errors.error_class("ENCRYPTED_FILE") is errors.EncryptedFileError
    assert errors.error_class("NO_SUCH_CODE") is errors.PinakesError


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"`PINAKES_{name.upper()}`" in text, name


def test_only_the_settings_read_the_environment() -> None:
    allowed = {"client/settings.py"}
    reading = re.compile(r"os\.environ(\.get|\[[^]]+\](?! *=))|os\.getenv")
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if reading.search(path.read_text("utf8")) and str(path.relative_to(PACKAGE)) not in allowed
    }
    assert found == set()


def test_no_own_code_is_imported_for_type_checking_alone() -> None:
    offenders = []
    for path in PACKAGE.rglob("*.py"):
        if path == PACKAGE / "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                offenders += [
                    str(path)
                    for n in ast.walk(node)
                    if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("pinakes")
                ]
    assert offenders == []


def test_no_import_circles() -> None:
    graph = {module: _imports(module, path) for module, path in _modules().items()}
    done: set[str] = set()
    for start in graph:
        _visit(start, graph, [], done)


def test_sizes_are_reported(record_property: pytest.FixtureRequest) -> None:
    functions, files = [], []
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text("utf8")
        files.append((source.count("\n"), str(path.relative_to(PACKAGE))))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions.append(((node.end_lineno or 0) - node.lineno + 1, f"{path.name}:{node.name}"))
    lengths = [length for length, _ in functions]
    record_property("median function lines", statistics.median(lengths))  # type: ignore[operator]
    record_property("longest functions", sorted(functions, reverse=True)[:5])  # type: ignore[operator]
    record_property("longest files", sorted(files, reverse=True)[:5])  # type: ignore[operator]
    assert statistics.median(lengths) < 10
    assert sum(length > 50 for length in lengths) / len(lengths) < 0.02
    assert max(files)[0] < 450


def _modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(module: str, path: Path) -> set[str]:
    known, out = _modules(), set()
    if module == "pinakes":
        return out
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            out |= {name if name in known else node.module for name in names}
        elif isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
    return {name for name in out if name in known and name != module}


def _visit(module: str, graph: dict[str, set[str]], path: list[str], done: set[str]) -> None:
    assert module not in path, f"circle: {' -> '.join([*path, module])}"
    if module in done:
        return
    for target in graph[module]:
        _visit(target, graph, [*path, module], done)
    done.add(module)


def test_every_module_imports() -> None:
    skipped = {"pinakes.ingestion.worker"}
    for module in _modules():
        if module not in skipped and ".migrations." not in module:
            importlib.import_module(module)
