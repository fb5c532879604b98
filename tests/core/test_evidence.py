from __future__ import annotations

import pytest

from pinakes.core.chat import ChatToken
from pinakes.core.evidence import Citation, Evidence, mark_for, parse_references, resolve_marks
from pinakes.core.files import Locator, MediaType

FILE = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"


def evidence(kind: MediaType = MediaType.DOCUMENT, **fields: object) -> Evidence:
    return Evidence.model_validate(
        {"id": "s1.1", "media_type": kind, "file_id": FILE, "filename": "pump manual.pdf", **fields}
    )


@pytest.mark.parametrize(
    ("item", "mark", "words"),
    [
        (
            evidence(locator=Locator(page=3)),
            "[[doc:6f9619ff|pump manual.pdf|p:3]]",
            "(pump manual.pdf, p. 3)",
        ),
        (evidence(), "[[doc:6f9619ff|pump manual.pdf]]", "(pump manual.pdf)"),
        (evidence(MediaType.IMAGE), "[[img:6f9619ff|pump manual.pdf]]", "(pump manual.pdf)"),
        (
            evidence(MediaType.VIDEO, locator=Locator(start_s=12.5)),
            "[[video:6f9619ff|pump manual.pdf|t:12.5]]",
            "(pump manual.pdf, 12.5 s)",
        ),
    ],
)
def test_a_mark_reads_back_as_what_it_cites(item: Evidence, mark: str, words: str) -> None:
    assert mark_for(item) == mark
    assert resolve_marks(mark) == words
    parsed = parse_references(f"See {mark}.", {FILE: None})
    [reference] = [*parsed.images, *parsed.documents, *parsed.videos]
    assert reference.full_id == FILE


def test_brackets_and_bars_in_a_name_cannot_break_a_mark() -> None:
    mark = mark_for(evidence(filename="a]]|p:9[[doc:x.pdf", locator=Locator(page=1)))
    [reference] = parse_references(mark, {FILE: None}).documents
    assert (reference.full_id, reference.page) == (FILE, 1)


def test_page_ranges_links_and_counts_are_parsed() -> None:
    text = "[[ref:blurred]] pictures, [[doc:ab|x.pdf|pp:2-5]], [[link:cd|A page]]"
    refs = {"blurred": {"count": 4, "ids": ["1", "2", "3", "4"]}}
    parsed = parse_references(text, {}, refs)
    assert parsed.documents[0].page_range == (2, 5)
    assert parsed.links[0].title == "A page"
    assert parsed.counts == refs
    assert resolve_marks(text, refs) == "4 pictures, (x.pdf, pp. 2-5), (A page)"


def test_a_link_leads_to_its_page_and_a_finished_answer_to_its_files() -> None:
    item = evidence(MediaType.LINK, filename="Tides", url="https://www.sea.example/tides?day=3")
    citation = Citation(mark=mark_for(item), evidence=item).model_dump(mode="json")
    data = {"content": f"High at noon {mark_for(item)}.", "metadata": {"citations": [citation]}}
    [link] = ChatToken.from_sse_event("complete", data).references.links
    assert (link.full_id, link.source_url, link.domain) == (FILE, item.url, "sea.example")


def test_an_ambiguous_prefix_is_not_completed() -> None:
    [reference] = parse_references("[[img:ab|x.jpg]]", {"abc": None, "abd": None}).images
    assert reference.full_id is None


def test_a_mark_repeated_is_one_reference() -> None:
    assert len(parse_references("[[img:ab|x.jpg]] and [[img:ab|x.jpg]]").images) == 1
