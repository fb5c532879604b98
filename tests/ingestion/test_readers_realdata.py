"""Every third-party document through its reader: nothing silently empty, nothing lost, failures typed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinakes.core.errors import EmptyFileError, EncryptedFileError, PinakesError
from pinakes.core.files import Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read

pytestmark = pytest.mark.realdata

READERS = {".pdf": "pdf", ".docx": "docx", ".txt": "text", ".md": "markdown", ".html": "html"}
FAILURES: dict[str, type[PinakesError]] = {
    "password.pdf": EncryptedFileError,
    "empty.txt": EmptyFileError,
    "fake-text-all-whitespace.txt": EmptyFileError,
}
PICTURES_ONLY = {"loremipsum-flat.pdf", "single_table.pdf", "table-multi-row-column-cells.pdf"}
LONGEST_CHUNK = 900


def documents(realdata: Path) -> Iterator[Path]:
    for path in sorted((realdata / "documents").rglob("*")):
        given = path.suffix in READERS and not path.name.endswith(".golden.md")
        if given and "test_evaluate_files" not in path.parts and path.name not in ("README.md", "LICENSE.md"):
            yield path


@pytest.fixture(scope="module")
def readings(realdata: Path) -> dict[str, Reading | PinakesError]:
    found: dict[str, Reading | PinakesError] = {}
    for path in documents(realdata):
        try:
            found[path.name] = read(READERS[path.suffix], path, path.name, ReadOptions(max_pages=80))
        except PinakesError as error:
            found[path.name] = error
    return found


@pytest.fixture(scope="module")
def good(readings: dict[str, Reading | PinakesError]) -> dict[str, Reading]:
    return {name: found for name, found in readings.items() if isinstance(found, Reading)}


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_only_bad_files_fail_and_say_why(readings: dict[str, Reading | PinakesError]) -> None:
    assert {
        name: type(found) for name, found in readings.items() if isinstance(found, PinakesError)
    } == FAILURES


def test_nothing_is_silently_empty(good: dict[str, Reading]) -> None:
    empty = {name for name, found in good.items() if not found.chunks}
    assert empty == PICTURES_ONLY
    assert all("no readable text" in good[name].warnings[0] for name in empty)


def test_every_word_of_the_body_is_in_a_chunk(good: dict[str, Reading]) -> None:
    for name, found in good.items():
        said = set(words_of(" ".join(c.text for c in found.chunks)))
        body = " ".join(e.text for e in found.elements if e.type not in ("Header", "Footer"))
        assert not set(words_of(body)) - said, name


def test_chunks_keep_their_limit_and_their_spans(good: dict[str, Reading]) -> None:
    for name, found in good.items():
        for chunk in found.chunks:
            assert 0 < len(chunk.text) <= LONGEST_CHUNK, name
            assert chunk.spans and chunk.spans[-1].end == len(chunk.text), name


def test_boxes_are_within_their_pages(good: dict[str, Reading]) -> None:
    for name, found in good.items():
        for element in found.elements:
            if element.box is not None:
                x0, y0, x1, y1 = element.box
                assert 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1, (name, element)
    assert all(e.box for e in good["DA-1p.pdf"].elements)


def test_embedder_sees_whole_chunks(good: dict[str, Reading]) -> None:
    from tokenizers import Tokenizer

    import pinakes.models.minilm as minilm

    tokenizer = Tokenizer.from_file(str(Path(minilm.__file__).parent / "tokenizer.json"))
    tokenizer.no_truncation()
    sizes = [len(tokenizer.encode(c.text).ids) for found in good.values() for c in found.chunks]
    assert sum(size > 256 for size in sizes) <= 0.01 * len(sizes)


def test_two_columns_are_read_in_order(good: dict[str, Reading]) -> None:
    text = " ".join(e.text for e in good["multi-column.pdf"].elements if e.page == 1)
    phrases = [
        "Open-domain question answering relies on efficient passage retrieval",
        "1 Introduction",
        "a task that answers factoid questions",
        "Retrieval in open-domain QA is usually implemented using TF-IDF or BM25",
        "However, it is generally believed that",
    ]
    places = [text.find(phrase) for phrase in phrases]
    assert -1 not in places and places == sorted(places)


def test_a_paper_has_its_tables_headings_and_captions(good: dict[str, Reading]) -> None:
    paper = good["multi-column.pdf"]
    table = next(e for e in paper.elements if e.type == "Table" and e.page == 6)
    assert "Gold | 7 | ✓ | 51.1 | 69.1 | 80.8" in table.text and table.html
    titles = [e.text for e in paper.elements if e.type == "Title"]
    assert {"1 Introduction", "2 Background", "3.1 Overview", "5.1 Main Results"} <= set(titles)
    assert any(e.type == "FigureCaption" and e.text.startswith("Table 3: Comparison") for e in paper.elements)
    assert any(c.kind == "table" and "80.8" in c.text for c in paper.chunks)


def test_running_heads_are_no_text(good: dict[str, Reading]) -> None:
    paper, book = good["fr_olap.pdf"], good["DA-619p.pdf"]
    assert sum(e.type == "Header" for e in paper.elements) >= 10
    assert not any("J. Aligon et al." in c.text for c in paper.chunks)
    numbers = [e.text for e in book.elements if e.type == "Footer"]
    assert len(numbers) >= 70 and all(text.isdigit() for text in numbers)


def test_headings_are_few_and_nested(good: dict[str, Reading]) -> None:
    book = good["DA-619p.pdf"]
    body = [e for e in book.elements if e.page is not None and e.page > 5]
    titles = [e for e in body if e.type == "Title"]
    assert 0.1 < len(titles) / len(body) < 0.45
    assert any(c.heading == "MAIN GAME > CREATURES > Abomination" for c in book.chunks)


@pytest.mark.parametrize(
    ("name", "language"),
    [("korean-text-with-tables.pdf", "ko"), ("fr_olap.pdf", "fr"), ("multi-column.pdf", "en")],
)
def test_languages(good: dict[str, Reading], name: str, language: str) -> None:
    assert good[name].language == language


@pytest.mark.parametrize("name", [f"fake-text-utf-{kind}.txt" for kind in ("16", "16-be", "16-le", "32")])
def test_encodings_agree(good: dict[str, Reading], name: str) -> None:
    assert [e.text for e in good[name].elements] == [e.text for e in good["fake-text.txt"].elements]


def test_word_files_agree_with_a_strong_parser(realdata: Path, good: dict[str, Reading]) -> None:
    scores = []
    for golden in sorted((realdata / "documents/docling/docx").glob("*.golden.md")):
        truth = set(words_of(re.sub(r"<!--.*?-->|\$.*?\$", "", golden.read_text("utf-8")).lower()))
        ours = {
            w for e in good[golden.name.removesuffix(".golden.md")].elements for w in words_of(e.text.lower())
        }
        scores.append(len(truth & ours) / len(truth) if truth else 1.0)
    assert sum(scores) / len(scores) > 0.95
