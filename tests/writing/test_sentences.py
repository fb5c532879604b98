from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinakes.agents.writing.sentences import split_sentences


def texts(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. J. R. Smith paid 3.5 million. He left.", ["Dr. J. R. Smith paid 3.5 million.", "He left."]),
        ("It opened at 5 p.m. See Fig. 3 for No. 5.", ["It opened at 5 p.m. See Fig. 3 for No. 5."]),
        ("He said “Stop!” Then he left.", ["He said “Stop!”", "Then he left."]),
        ("Made in the U.S. The pump broke.", ["Made in the U.S.", "The pump broke."]),
        ("Am 3. März lief sie z. B. gut. Danach nicht.", ["Am 3. März lief sie z. B. gut.", "Danach nicht."]),
        ("泵坏了。谁修的？我们！", ["泵坏了。", "谁修的？", "我们！"]),
        ("¿Qué pasó? ¡Nada! Fin.", ["¿Qué pasó?", "¡Nada!", "Fin."]),
        ("", []),
        (" \n ... \n", []),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_list_items_stand_alone_and_keep_their_continuation() -> None:
    text = "Before starting:\n- close the valve\n  of the inlet\n- wait. Then open it\n1) check"
    kinds = [(s.kind, " ".join(text[s.start : s.end].split())) for s in split_sentences(text)]
    assert kinds[1:] == [
        ("item", "- close the valve of the inlet"),
        ("item", "- wait. Then open it"),
        ("item", "1) check"),
    ]


def test_short_lines_stand_alone_and_wrapped_lines_are_joined() -> None:
    assert texts("TOTAL 12.50\nVAT 2.00\nCASH 20") == ["TOTAL 12.50", "VAT 2.00", "CASH 20"]
    wrapped = "This line of prose is long enough to have been wrapped\nat the margin. The next one\ntoo."
    assert len(texts(wrapped)) == 2


@given(st.text(alphabet="ab. !?。\n-1)A“”", max_size=80))
def test_stretches_are_in_order_and_hold_every_word(text: str) -> None:
    found = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    outside = text[: found[0].start] if found else text
    for a, b in pairwise(found):
        outside += text[a.end : b.start]
    outside += text[found[-1].end :] if found else ""
    assert not any(c.isalnum() for c in outside)
