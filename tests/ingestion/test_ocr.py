from __future__ import annotations

import pytest

from pinakes.core.errors import ConfigurationError
from pinakes.core.files import Element
from pinakes.ingestion.ocr import load_ocr
from pinakes.ingestion.pictures.lettering import ocr_chunks, text_of


def line(text: str, x0: float, y0: float, x1: float, y1: float, page: int | None = None) -> Element:
    return Element(type="OcrText", text=text, box=(x0, y0, x1, y1), page=page)


def test_one_per_process() -> None:
    assert load_ocr("faulty_ocr:Fine") is load_ocr("faulty_ocr:Fine")


@pytest.mark.parametrize("spec", ["faulty_ocr:Nothing", "no.such:Thing", "faulty_ocr", "pathlib:Path", ""])
def test_what_is_no_ocr(spec: str) -> None:
    with pytest.raises(ConfigurationError):
        load_ocr(spec)


PARAGRAPH = [
    line("NOTICE", 0.1, 0.05, 0.3, 0.10),
    line("The pump must not be run with-", 0.1, 0.20, 0.8, 0.24),
    line("out oil. Check the level every", 0.1, 0.25, 0.79, 0.29),
    line("week.", 0.1, 0.30, 0.2, 0.34),
    line("Signed", 0.1, 0.50, 0.25, 0.54),
    line("A. Quill", 0.6, 0.505, 0.75, 0.545),
]


def test_paragraphs_run_on_and_hyphens_go() -> None:
    expected = "NOTICE\nThe pump must not be run without oil. Check the level every week.\nSigned A. Quill"
    assert text_of(PARAGRAPH) == expected


def test_chunks_keep_every_lines_place() -> None:
    [chunk] = ocr_chunks("f", PARAGRAPH, first=1)
    assert (chunk.kind, chunk.ordinal) == ("ocr", 1)
    for span, source in zip(chunk.spans, PARAGRAPH, strict=True):
        assert chunk.text[span.start : span.end] in source.text
        assert span.locator.box == source.box
    assert chunk.text[chunk.spans[2].start :].startswith("out oil")


def test_long_text_is_cut_and_pages_stay_apart() -> None:
    lines = [
        line(f"This is line number {n} of a long page of text.", 0.1, n / 50, 0.9, (n + 0.8) / 50, page)
        for page in (1, 2)
        for n in range(40)
    ]
    chunks = list(ocr_chunks("f", lines))
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert all(chunk.page_start == chunk.page_end for chunk in chunks)
    assert max(len(chunk.text) for chunk in chunks) <= 950
    assert sum(len(chunk.spans) for chunk in chunks) == 80
