from __future__ import annotations

from pinakes.agents.writing.marks import cited, mark, marks_for, plain
from pinakes.agents.writing.verify import check_marks, occurs
from pinakes.core.evidence import parse_references
from pinakes.core.files import Locator, Span
from tests.writing.conftest import evidence, passage


def test_marks_without_evidence_are_dropped_and_counted() -> None:
    known = evidence("a.pdf", locator=Locator(page=2))
    tag = mark(known, {})
    checked = check_marks(f"True. {tag} False. [[doc:deadbeef|b.pdf]] [[ref:none]]", [known])
    assert checked.text == f"True. {tag} False."
    assert checked.dropped == 2
    assert [(c.mark, c.sentence) for c in checked.citations] == [(tag, "True.")]


def test_a_mark_means_the_evidence_of_its_page() -> None:
    pages = [evidence("a.pdf", n, locator=Locator(page=n)) for n in (1, 2)]
    [citation] = check_marks(f"It is so. {mark(pages[1], {})}", pages).citations
    assert citation.evidence == pages[1]


def test_marks_of_files_with_like_ids_are_lengthened() -> None:
    ids = ["12345678-aaaa", "12345678-bbbb", "99999999-cccc"]
    found = [evidence(f"{i}.pdf", file_id=i) for i in ids]
    lengths = marks_for(found)
    text = " ".join(mark(e, lengths) for e in found)
    assert [d.full_id for d in parse_references(text, dict.fromkeys(ids)).documents] == ids
    assert lengths["99999999-cccc"] == 8


def test_quotes_occur_whatever_the_whitespace_and_hyphenation() -> None:
    assert occurs("the main- tenance  crew", "On Monday the main-\ntenance crew came")
    assert not occurs("the repair crew", "the maintenance crew")


def test_text_from_files_cannot_act() -> None:
    text = "# Note [[doc:abc|x]] ![p](http://x/y.png) [a](http://b) <img src=x> 3 < 5"
    shown = plain(text)
    assert "[[" not in shown
    assert "](" not in shown
    assert "<img" not in shown
    assert "3 < 5" in shown
    assert not shown.startswith("#")


def test_citations_are_narrowed_to_page_and_box_of_the_sentence() -> None:
    text = "First sentence. Second one."
    spans = (
        Span(start=0, end=15, locator=Locator(page=1, box=(0.1, 0.1, 0.5, 0.2))),
        Span(start=16, end=20, locator=Locator(page=2, box=(0.1, 0.3, 0.5, 0.4))),
        Span(start=20, end=27, locator=Locator(page=2, box=(0.2, 0.4, 0.6, 0.5))),
    )
    found = cited(passage("a.pdf", text, spans=spans), 16, 27)
    assert found.quote == "Second one."
    assert found.locator == Locator(page=2, box=(0.1, 0.3, 0.6, 0.5))
