"""Write the lists of docs/hosted-client.md from tests/client/differences.py. Run it after changes there."""

from __future__ import annotations

import runpy
import textwrap
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "hosted-client.md"
START = "### By signature\n"
OUT_OF_SCOPE = """\
- Payments, accounts, cloud drives, tenant administration, material classification and verification of pictures.
"""


def written() -> str:
    """Return the page with its lists as they are now."""
    known = runpy.run_path(str(ROOT / "tests" / "client" / "differences.py"))
    lists = f"{START}\n{_lines(known['DIFFERENCES'])}\n### By meaning\n\n{_lines(known['BY_MEANING'])}\n"
    left_out = f"### Left out\n\n{_lines(known['LEFT_OUT'])}{OUT_OF_SCOPE}"
    return PAGE.read_text("utf8").partition(START)[0] + lists + left_out


def _lines(differences: Mapping[str, str]) -> str:
    by_reason: dict[str, list[str]] = {}
    for name, reason in differences.items():
        by_reason.setdefault(reason, []).append(f"`{name}`")
    items = [f"- {', '.join(names)}: {reason}" for reason, names in by_reason.items()]
    return "".join(
        textwrap.fill(item, 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        + "\n"
        for item in items
    )


if __name__ == "__main__":
    PAGE.write_text(written(), "utf8")
