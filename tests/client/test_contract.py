"""Every resource and type has what the hosted client's has, but for the differences that are written down."""

from __future__ import annotations

import importlib
import runpy
from pathlib import Path

import pytest
from contract import OURS, SURFACE, Pair, pairs, uncompared
from differences import BY_MEANING, COMING, DIFFERENCES, LEFT_OUT


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: f"{pair.module}.{pair.name}")
def test_ours_has_what_theirs_has(pair: Pair) -> None:
    known = DIFFERENCES.keys() | COMING.keys()
    assert [f"{name} {how}" for name, how in pair.mismatches() if name not in known] == []


def test_differences_are_real_and_have_reasons() -> None:
    differing = {name for pair in pairs() for name, _ in pair.mismatches()}
    assert set(DIFFERENCES) <= differing
    lists = (DIFFERENCES, BY_MEANING, LEFT_OUT, COMING)
    assert all(reason.endswith(".") for reasons in lists for reason in reasons.values())


def test_the_page_tells_every_difference() -> None:
    """When this fails, run scripts/write_differences.py."""
    script = runpy.run_path(str(Path(__file__).resolve().parents[2] / "scripts" / "write_differences.py"))
    assert script["PAGE"].read_text("utf8") == script["written"]()


def test_what_is_coming_is_not_there_yet() -> None:
    differing = {name for pair in pairs() for name, _ in pair.mismatches()}
    classes = {name for name in COMING if "." not in name}
    assert set(COMING) - classes <= differing
    homes = {name: home for module in OURS.values() for name, home in module.items()}
    assert not [name for name in classes if name in homes and _exists(homes[name], name)]


def _exists(home: str, name: str) -> bool:
    try:
        return hasattr(importlib.import_module(home), name)
    except ModuleNotFoundError:
        return False


def test_every_class_of_the_surface_is_compared_or_listed() -> None:
    assert uncompared() == LEFT_OUT.keys() | {name for name in COMING if "." not in name}


def test_what_differs_by_meaning_exists() -> None:
    homes = {name: home for homes in OURS.values() for name, home in homes.items()}
    for key in BY_MEANING:
        owner, _, member = key.partition(".")
        cls = getattr(importlib.import_module(homes[owner].partition(":")[0]), owner)
        assert hasattr(cls, member) or member in cls.model_fields, key


def test_the_surface_names_no_product() -> None:
    assert not [name for module in SURFACE.values() for name in module if "aion" in name.lower()]


def test_the_comparison_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    class FilesResource:
        def list(self, needed, *, search="x"): ...
        async def get(self, file_id): ...

    pair = Pair("resources/files", "FilesResource", "here")
    monkeypatch.setitem(pair.__dict__, "ours", FilesResource)
    found = dict(pair.mismatches())
    assert "FilesResource.get" not in found and found["FilesResource.delete"] == "is missing"
    told = [how for name, how in pair.mismatches() if name == "FilesResource.list"]
    assert told[0] == "is not async" and "needs needed besides" in told
    assert "search is by default 'x', not None" in told and "has no parameter tags" in told
