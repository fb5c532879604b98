"""Copies of a library's folder that cost what is in it."""

from __future__ import annotations

import shutil
from pathlib import Path

_BLOCK = 64 * 1024


def copied(folder: Path, to: Path) -> Path:
    """Copy a folder, leaving holes where its files hold nothing.

    The files of a new index measure 186 MB, almost all of it holes, which a plain copy would fill with zeros.
    """
    return Path(shutil.copytree(folder, to, copy_function=_copy_sparsely, dirs_exist_ok=True))


def _copy_sparsely(source: str, target: str) -> str:
    nothing = bytes(_BLOCK)
    with Path(source).open("rb") as read, Path(target).open("wb") as written:
        while block := read.read(_BLOCK):
            if block == nothing:
                written.seek(_BLOCK, 1)
            else:
                written.write(block)
        written.truncate()
    shutil.copystat(source, target)
    return target
