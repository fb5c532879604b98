from __future__ import annotations

import os
from pathlib import Path

import pytest

from pinakes.core.errors import PathError
from pinakes.ingestion.admission import check_path
from pinakes.ingestion.walk import MAX_DEPTH, walk


def tree(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def test_inner_folders_become_library_folders_under_the_folders_own_name(tmp_path: Path) -> None:
    root = tree(tmp_path / "crew", "b.txt", "a/x.txt", "a/y/z.txt")
    assert [(f.path.name, f.folder_path) for f in walk(root)] == [
        ("b.txt", "crew"),
        ("x.txt", "crew/a"),
        ("z.txt", "crew/a/y"),
    ]


def test_a_base_replaces_the_folders_name(tmp_path: Path) -> None:
    root = tree(tmp_path, "a/x.txt", "b.txt")
    assert [f.folder_path for f in walk(root, base="")] == ["", "a"]
    assert [f.folder_path for f in walk(root, base="Work/2025")] == ["Work/2025", "Work/2025/a"]


def test_hidden_files_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    root = tree(tmp_path, ".git/x", ".env", "a.txt")
    assert [f.path.name for f in walk(root, base="")] == ["a.txt"]
    assert len(list(walk(root, base="", include_hidden=True))) == 3


def test_only_the_top_is_taken_when_not_recursive(tmp_path: Path) -> None:
    root = tree(tmp_path, "a/x.txt", "b.txt")
    assert [f.path.name for f in walk(root, base="", recursive=False)] == ["b.txt"]


def test_links_to_folders_do_not_loop(tmp_path: Path) -> None:
    root = tree(tmp_path, "a/x.txt")
    (root / "a" / "loop").symlink_to(root)
    assert [f.path.name for f in walk(root, base="")] == ["x.txt"]


def test_files_too_deep_stay_in_the_deepest_folder(tmp_path: Path) -> None:
    root = tree(tmp_path, "/".join("abcdefghijklm") + "/x.txt")
    [found] = walk(root, base="")
    assert found.folder_path.count("/") == MAX_DEPTH - 1


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path, "a/x.txt", "shut/y.txt")
    shut = root / "shut"
    access, scandir = os.access, os.scandir

    def refused(path: Path | str) -> object:
        if Path(path) == shut:
            raise PermissionError
        return scandir(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "access", lambda path, mode: Path(path) != shut and access(path, mode))
        patched.setattr(os, "scandir", refused)
        assert [(f.path.name, f.folder_path) for f in walk(root, base="")] == [("shut", ""), ("x.txt", "a")]
        with pytest.raises(PathError, match="permissions"):
            check_path(shut)
