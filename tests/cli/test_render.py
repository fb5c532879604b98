from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pinakes.cli.render import Footnotes, counts_of, plan_tree, show_sources
from pinakes.core.evidence import Citation, Evidence, mark_for
from pinakes.core.files import Locator, MediaType
from pinakes.core.plans import Plan, Step

TEXT = "One [[doc:ab12cd34|a b.pdf|p:2]] two [[img:ff00ff00|x.jpg]] again [[doc:ab12cd34|a b.pdf|p:2]] [sic] [[ref:n]]."
SHOWN = "One [1] two x.jpg [2] again [1] [sic] 7."


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_marks_become_numbers_however_the_text_is_cut(cuts: list[int]) -> None:
    notes = Footnotes()
    notes.counts = {"n": 7}
    edges = [0, *sorted(cuts), len(TEXT)]
    shown = "".join(notes.feed(TEXT[a:b]) for a, b in itertools.pairwise(edges))
    assert shown + notes.close() == SHOWN


@pytest.mark.parametrize(
    "text", ["a [", "a [[", "a [[doc:ab|x", "a [[doc:ab|x]", "[[unknown:x]] b", "a ]] b"]
)
def test_text_that_only_looks_like_a_mark_is_kept(text: str) -> None:
    notes = Footnotes()
    assert notes.feed(text) + notes.close() == text


def test_sources_are_listed_under_their_numbers() -> None:
    evidence = Evidence(
        id="1",
        media_type=MediaType.DOCUMENT,
        file_id="ab12cd34-0",
        filename="a.pdf",
        quote="forty newton metres",
        locator=Locator(page=2, box=(0.1, 0.2, 0.3, 0.4)),
    )
    out = io.StringIO()
    citation = Citation(mark=mark_for(evidence), evidence=evidence)
    show_sources(Console(file=out, width=100), {citation.mark: 1}, [citation])
    assert "[1] a.pdf, p. 2 [0.10 0.20 0.30 0.40]" in out.getvalue()
    assert "“forty newton metres”" in out.getvalue()


def test_counts_come_from_members_or_numbers() -> None:
    assert counts_of({"a": {"count": 3}, "b": {"ids": ["x", "y"]}, "c": {}}) == {"a": 3, "b": 2, "c": 0}


def test_a_plan_is_drawn_in_rounds() -> None:
    steps = (
        Step(id="s1", agent="image_search", intent="photos of [pumps]"),
        Step(id="s2", agent="visual_analysis", intent="which are blurred", depends_on=("s1",)),
    )
    out = io.StringIO()
    Console(file=out, width=100).print(plan_tree(Plan(id="p", steps=steps)))
    assert (
        "round 1" in out.getvalue() and "photos of [pumps]" in out.getvalue() and "after s1" in out.getvalue()
    )
