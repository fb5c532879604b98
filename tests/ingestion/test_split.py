import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinakes.core.files import Element
from pinakes.core.ids import derived_id
from pinakes.ingestion.pieces import character_limit, cut_at_sentences, pieces_per_character
from pinakes.ingestion.split import split

SENTENCE = "The crew of the northern station inspected pump number {} and wrote down what it found. "


def text(kind: str, words: str, **more: object) -> Element:
    return Element(type=kind, text=words, **more)  # type: ignore[arg-type]


def long_text(sentences: int) -> str:
    return "".join(SENTENCE.format(n) for n in range(sentences)).strip()


def words_of(value: str) -> list[str]:
    return re.findall(r"\w+", value)


def test_chunks_follow_titles_and_carry_their_path() -> None:
    chunks = split(
        "f",
        [
            text("Title", "Manual", level=1),
            text("Title", "Pumps", level=2),
            text("NarrativeText", long_text(6)),
            text("Title", "Valves", level=2),
            text("NarrativeText", long_text(5)),
            text("Title", "Appendix", level=1),
            text("NarrativeText", long_text(5)),
        ],
    )
    assert [c.heading for c in chunks] == ["Manual > Pumps", "Manual > Valves", "Appendix"]
    assert chunks[0].text.startswith("Manual\n\nPumps\n\nThe crew")
    assert [c.ordinal for c in chunks] == [0, 1, 2]
    assert [c.id for c in chunks] == [derived_id("f", str(n)) for n in range(3)]


def test_spans_map_text_back_to_pages_and_boxes() -> None:
    first = text("NarrativeText", "On the first page.", page=1, box=(0.1, 0.8, 0.9, 0.9))
    second = text("NarrativeText", "On the second page.", page=2, box=(0.1, 0.1, 0.9, 0.2))
    [chunk] = split("f", [first, second])
    assert (chunk.page_start, chunk.page_end) == (1, 2)
    shown = [(chunk.text[s.start : s.end], s.locator.page, s.locator.box) for s in chunk.spans]
    assert shown == [(first.text, 1, first.box), (second.text, 2, second.box)]


def test_furniture_stays_out() -> None:
    elements = [text("Header", "Yearbook"), text("NarrativeText", "What the book says."), text("Footer", "7")]
    assert [c.text for c in split("f", elements)] == ["What the book says."]


def test_long_paragraphs_are_cut_at_sentences() -> None:
    chunks = split("f", [text("NarrativeText", long_text(40), page=3)])
    assert len(chunks) > 3
    assert all(c.text.endswith(".") and c.page_start == 3 for c in chunks)
    assert " ".join(c.text for c in chunks) == long_text(40)


def test_a_table_that_fits_stays_whole_and_has_its_title() -> None:
    html = "<table><tr><th>Part</th></tr><tr><td>Seal</td></tr></table>"
    chunks = split("f", [text("Title", "Parts", level=1), text("Table", "Part\nSeal", html=html)])
    assert [(c.kind, c.text, c.html) for c in chunks] == [("table", "Parts\n\nPart\nSeal", html)]


def test_a_long_table_is_cut_between_rows_and_repeats_its_header() -> None:
    rows = [
        ("Part", "Price", "Vendor"),
        *((f"bearing {n}", f"{n}.50", "Northern Supplies") for n in range(80)),
    ]
    html = (
        "<table>"
        + "".join(
            "<tr>" + "".join(f"<{'td' if n else 'th'}>{c}</{'td' if n else 'th'}>" for c in row) + "</tr>"
            for n, row in enumerate(rows)
        )
        + "</table>"
    )
    chunks = split("f", [text("Table", "\n".join(" | ".join(row) for row in rows), html=html)])
    assert len(chunks) > 2
    assert all(c.kind == "table" and c.text.startswith("Part | Price | Vendor\n") for c in chunks)
    assert all(c.html and c.html.count("<th>Part</th>") == 1 for c in chunks)
    said = [line for c in chunks for line in c.text.splitlines()[1:]]
    assert said == [" | ".join(row) for row in rows[1:]]


def test_a_row_longer_than_a_chunk_loses_nothing() -> None:
    html = f"<table><tr><td>{long_text(30)}</td><td>end of the row</td></tr><tr><td>a</td><td>b</td></tr></table>"
    chunks = split("f", [text("Table", f"{long_text(30)} | end of the row\na | b", html=html)])
    joined = " ".join(c.text for c in chunks)
    assert all(word in joined for word in words_of(long_text(30) + "end of the row"))
    assert max(len(c.text) for c in chunks) <= 900


def test_words_read_off_pixels_are_marked() -> None:
    elements = [text("NarrativeText", "Seen on a sign.", confidence=0.8), text("OcrText", "EXIT")]
    assert {c.kind for c in split("f", elements)} == {"ocr"}


def test_code_keeps_its_lines() -> None:
    code = "def f(x):\n    return x + 1"
    assert split("f", [text("CodeSnippet", code)])[0].text == code


def test_dense_writing_gets_smaller_chunks() -> None:
    korean = "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. " * 30
    assert max(len(c.text) for c in split("f", [text("NarrativeText", korean)], language="ko")) <= 125


@pytest.mark.parametrize("value", ["", "   ", "\n\n"])
def test_nothing_gives_no_chunk(value: str) -> None:
    assert split("f", [text("NarrativeText", value)]) == ()


KINDS = [
    "Title",
    "NarrativeText",
    "ListItem",
    "UncategorizedText",
    "FigureCaption",
    "CodeSnippet",
    "Formula",
    "Table",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.integers(0, 60).map(
                lambda n: " ".join(f"w{n}x{i}" for i in range(n)) + ("." if n % 2 else "")
            ),
            st.integers(1, 4),
        ),
        max_size=12,
    )
)
def test_no_text_is_lost_and_no_chunk_is_too_long(parts: list[tuple[str, str, int]]) -> None:
    elements = [text(kind, words, level=level if kind == "Title" else None) for kind, words, level in parts]
    chunks = split("f", elements)
    said = [word for chunk in chunks for word in words_of(chunk.text)]
    assert sorted(said) == sorted(word for element in elements for word in words_of(element.text))
    assert all(len(chunk.text) <= 900 for chunk in chunks)
    for chunk in chunks:
        assert all(0 <= s.start <= s.end <= len(chunk.text) for s in chunk.spans)


@given(st.text(max_size=400), st.integers(10, 80))
def test_cutting_keeps_every_word_and_the_limit(value: str, limit: int) -> None:
    parts = list(cut_at_sentences(value, limit))
    assert "".join("".join(parts).split()) == "".join(value.split())
    assert all(len(part) <= limit for part in parts)


def test_limits_shrink_with_density() -> None:
    values = [
        "plain English words " * 9,
        "deutsche Wörter über Maschinen " * 9,
        "人人生而自由" * 9,
        "자유로우며" * 9,
    ]
    tongues = ["en", "de", "zh", "ko"]
    limits = [character_limit(pieces_per_character(v, t)) for v, t in zip(values, tongues, strict=True)]
    assert limits == sorted(limits, reverse=True) and len(set(limits)) == 4
