from __future__ import annotations

import asyncio

import pytest

from pinakes.core.files import ChunkHit, FileFilter, MediaType
from pinakes.library.languages import ENGLISH, LATIN, OTHER, Trust, trust_in
from pinakes.library.ranking import is_identifier, solve_idf, unseen_idf
from pinakes.library.search import search_chunks
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder
from pinakes.ports.embedder import SparseVector
from tests.library.memory_parts import MemoryCatalog, MemoryIndex, chunk, file_record, points

TEXTS = {
    "yard.txt": "The broken machinery was moved to the yard behind hall 2.",
    "canteen.txt": "The canteen opens at noon and serves soup.",
    "p104.md": "Pump P-104: pressure 3.5 bar, serviced on 3 March 2025.",
    "p105.md": "Pump P-105: pressure 4 bar.",
    "invoice-2025-017.pdf": "Total 1,200 EUR, number INV-2025-017",
    "invoice-2025-018.pdf": "Total 900 EUR, number INV-2025-018",
    "wartung.md": "Die Pumpe muss jährlich gewartet werden.",
    "bomba.md": "La bomba de agua está en el sótano del edificio.",
    "泵.md": "水泵在二号厂房，每年检修一次。",
    "safety-manual.docx": "Wear gloves and goggles.",
    "sign.jpg": "DANGER HIGH VOLTAGE",
}


class CountingEmbedder(MiniLmEmbedder):
    calls = 0

    def embed_query(self, text: str) -> list[float]:
        type(self).calls += 1
        return super().embed_query(text)


@pytest.fixture(scope="module")
def parts():
    embedder, terms = CountingEmbedder(threads=1), Bm25Encoder()
    kinds = {name: MediaType.IMAGE if name.endswith("jpg") else MediaType.DOCUMENT for name in TEXTS}
    files = {
        name: file_record(name, media_type=kinds[name], folder_path="Yard" if name == "yard.txt" else "")
        for name in TEXTS
    }
    pairs = [(chunk(files[name], text), files[name]) for name, text in TEXTS.items()]
    return {
        "tenant": "t",
        "catalog": MemoryCatalog([c for c, _ in pairs], list(files.values())),
        "index": MemoryIndex(asyncio.run(points(pairs, embedder, terms))),
        "embedder": embedder,
        "terms": terms,
    }


async def found(query: str, parts, **fields) -> list[ChunkHit]:
    return await search_chunks(query, **parts, **fields)


@pytest.mark.parametrize(
    ("query", "filename"),
    [
        ("damaged equipment", "yard.txt"),
        ("P-104 pressure", "p104.md"),
        ("p104", "p104.md"),
        ("3.5 bar", "p104.md"),
        ("3,5 bar", "p104.md"),
        ("INV-2025-018", "invoice-2025-018.pdf"),
        ("invoice 2025-017", "invoice-2025-017.pdf"),
        ("what does the safety manual say", "safety-manual.docx"),
        ("safety-manual.docx", "safety-manual.docx"),
        ("Wann wird die Pumpe gewartet?", "wartung.md"),
        ("¿Dónde está la bomba de agua?", "bomba.md"),
        ("水泵在哪里？", "泵.md"),
        ("when can I have lunch?", "canteen.txt"),
    ],
)
async def test_the_right_file_comes_first(query: str, filename: str, parts) -> None:
    hits = await found(query, parts)
    assert hits[0].file.filename == filename
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


@pytest.mark.parametrize(
    "query", ["quantum physics", "who wrote Hamlet", "P-999", "¿Quién escribió el Quijote?"]
)
async def test_nothing_clears_the_floor_when_nothing_answers(query: str, parts) -> None:
    assert await found(query, parts, threshold=0.35) == []


async def test_synonyms_clear_the_floor(parts) -> None:
    [hit, *_] = await found("damaged equipment", parts, threshold=0.35)
    assert hit.file.filename == "yard.txt"
    assert hit.matched_terms == ()


async def test_another_part_number_is_no_match(parts) -> None:
    hits = {h.file.filename: h.score for h in await found("INV-2025-017", parts)}
    assert hits["invoice-2025-018.pdf"] < 0.5 < hits["invoice-2025-017.pdf"]


async def test_matched_words_are_shown_as_asked(parts) -> None:
    hit = (await found("pressure of pumps", parts))[0]
    assert hit.matched_terms == ("pressure", "pumps")


async def test_filters_limit_what_is_found(parts) -> None:
    by_kind = await found("pressure", parts, where=FileFilter(media_types=(MediaType.IMAGE,)))
    assert {h.file.filename for h in by_kind} == {"sign.jpg"}
    by_folder = await found("pressure", parts, where=FileFilter(folder_path="Yard"))
    assert {h.file.filename for h in by_folder} == {"yard.txt"}
    assert await found("pressure", parts, where=FileFilter(folder_path="Nowhere")) == []
    assert await found("P-104", parts, where=FileFilter(ids=())) == []


async def test_files_that_left_the_catalog_are_not_found(parts) -> None:
    catalog = MemoryCatalog([], [])
    assert await found("pressure", parts | {"catalog": catalog}) == []


async def test_one_search_embeds_once_and_blank_ones_never(parts) -> None:
    before = CountingEmbedder.calls
    await found("invoice 2025-017", parts, limit=3)
    assert CountingEmbedder.calls == before + 1
    assert await found("  \n", parts) == []
    assert CountingEmbedder.calls == before + 1


async def test_words_without_any_term_still_search_by_meaning(parts) -> None:
    assert await found("what is it?", parts)


def test_document_frequencies_follow_from_scores() -> None:
    held = [{1: 1.0, 2: 0.5}, {1: 0.8}, {2: 1.2}]
    scored = [(h, sum({1: 2.0, 2: 3.0}[t] * w for t, w in h.items())) for h in held]
    query = SparseVector(indices=(1, 2, 3), values=(1.0, 1.0, 1.0))
    idf = solve_idf(query, scored, ceiling=10.0)
    assert idf == pytest.approx({1: 2.0, 2: 3.0})
    assert solve_idf(query, [], 10.0) == {}
    assert unseen_idf(100) > unseen_idf(10)


def test_codes_are_told_from_numbers_and_words() -> None:
    assert [
        w for w in ("P-104", "INV-2025-017", "x12", "1990s", "3.5bar", "2025", "pump") if is_identifier(w)
    ] == [
        "P-104",
        "INV-2025-017",
        "x12",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("damaged equipment", ENGLISH),
        ("Who led the team?", ENGLISH),
        ("Wer leitet das Team?", LATIN),
        ("¿Quién dirige el equipo?", LATIN),
        ("谁领导团队？", OTHER),
        ("", ENGLISH),
    ],
)
def test_english_is_told_from_other_languages(text: str, expected: Trust) -> None:
    assert trust_in(text) == expected
