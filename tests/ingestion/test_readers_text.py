from datetime import UTC, datetime
from pathlib import Path

import pytest

from pinakes.core.errors import CorruptFileError, EmptyFileError, UnsupportedFileError
from pinakes.core.files import Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read
from pinakes.ingestion.readers.clean import clean
from pinakes.ingestion.readers.dates import parse_date, parse_pdf_date
from pinakes.ingestion.readers.language import guess_language


def reading(path: Path, kind: str, content: str | bytes, **options: object) -> Reading:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(kind, path, "file", ReadOptions(**options))  # type: ignore[arg-type]


JAPANESE = "日本語の文章です。ポンプの点検は三月の第一週に行われました。軸受は乾いていました。交換部品を注文しました。"
CHINESE = "检查在三月的第一周进行。工作人员发现第二台水泵的主轴承在冬季已经干转。当天就订购了备件。"
KOREAN = "점검은 삼월 첫째 주에 이루어졌습니다. 두 번째 펌프의 주 베어링이 겨울 동안 말라 있었습니다."
HEBREW = "הבדיקה נערכה בשבוע הראשון של חודש מרץ. הצוות מצא שהמיסב הראשי של המשאבה השנייה היה יבש."
GERMAN = "Die Prüfung fand in der ersten Märzwoche statt. Das Hauptlager der zweiten Pumpe war über den Winter trocken."


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        *(
            (GERMAN, e)
            for e in (
                "utf-8",
                "utf-8-sig",
                "utf-16",
                "utf-32",
                "utf-16-le",
                "utf-16-be",
                "utf-32-le",
                "cp1252",
            )
        ),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "utf-16"),
        (CHINESE, "gb18030"),
        (KOREAN, "euc_kr"),
        (HEBREW, "iso8859_8"),
    ],
)
def test_encodings(tmp_path: Path, words: str, encoding: str) -> None:
    found = reading(tmp_path / "a.txt", "text", words.encode(encoding))
    assert found.elements[0].text == words


def test_big5(tmp_path: Path) -> None:
    words = "檢查在三月的第一週進行。工作人員發現第二台水泵的主軸承在冬季已經乾轉。當天就訂購了備件，並通知了供應商。"
    assert reading(tmp_path / "a.txt", "text", words.encode("big5")).elements[0].text == words


def test_text_encoded_twice_is_repaired(tmp_path: Path) -> None:
    twice = "the 1985–86 season cost £275,000".encode().decode("latin-1").encode()
    assert reading(tmp_path / "a.txt", "text", twice).elements[0].text == "the 1985–86 season cost £275,000"


def test_what_is_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmptyFileError):
        reading(tmp_path / "a.txt", "text", b"")
    with pytest.raises(EmptyFileError):
        reading(tmp_path / "a.txt", "text", " \n\t\r\n ")
    with pytest.raises(CorruptFileError):
        reading(tmp_path / "a.txt", "text", bytes(range(256)) * 40)
    with pytest.raises(UnsupportedFileError):
        reading(tmp_path / "a.txt", "spreadsheet", "a")


WRAPPED = """CHAPTER ONE

It was in July, and the speaker was the well-known Anna Pavlovna, maid of
honour and favourite of the Empress. With these words she greeted the prin-
cipal guest, a man of high rank.

1. first the bearings are greased
2. then the seals are checked

Notes
=====
Nothing else was found.
"""


def test_wrapped_lines_are_joined_and_headings_found(tmp_path: Path) -> None:
    found = reading(tmp_path / "a.txt", "text", WRAPPED)
    assert [e.type for e in found.elements] == [
        "Title", "NarrativeText", "ListItem", "ListItem", "Title", "NarrativeText",
    ]  # fmt: skip
    assert "the principal guest" in found.elements[1].text
    assert found.title == "CHAPTER ONE"


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("SITE REPORT 14\nNorth Yard\n\nCrew: two\nWeather: dry\n\nFINDINGS\n", "SITE REPORT 14"),
        ("Crew: two\nWeather: dry\n\nFINDINGS\n", None),
        ("We walked the fence in the rain and counted posts.\n\nFINDINGS\n", None),
        ("Fence survey\n============\nTwo walked.\n\nFINDINGS\n", "Fence survey"),
    ],
)
def test_text_is_named_by_what_it_opens_with_and_never_by_a_part(
    tmp_path: Path, opening: str, title: str | None
) -> None:
    found = reading(tmp_path / "a.txt", "text", f"{opening}Nine posts are rotten at the foot.\n")
    assert found.title == title
    assert any(e.type == "Title" and e.text == "FINDINGS" for e in found.elements)


def test_form_feeds_are_page_breaks(tmp_path: Path) -> None:
    found = reading(tmp_path / "a.txt", "text", "Words of the first page.\fWords of the second page.")
    assert [e.page for e in found.elements] == [1, 2]


def test_very_long_text_is_cut_with_a_warning(tmp_path: Path) -> None:
    found = reading(tmp_path / "a.txt", "text", "Some words here. " * 500, max_characters=1000)
    assert sum(len(e.text) for e in found.elements) <= 1000 and found.warnings


MARKDOWN = """---
title: "Pump manual"
date: 2024-03-05
---
# Pumps

Intro line of the manual.
- grease
- check

## Prices

| Part | Price |
|------|-------|
| Seal | 1.20  |

```python
def f(x):
    return x
```
<script>alert("no")</script>
"""


def test_markdown(tmp_path: Path) -> None:
    found = reading(tmp_path / "a.md", "markdown", MARKDOWN)
    assert found.title == "Pump manual"
    assert found.content_created_at == datetime(2024, 3, 5, tzinfo=UTC)
    kinds = {e.type: e for e in found.elements}
    assert [e.level for e in found.elements if e.type == "Title"] == [1, 2]
    assert [e.text for e in found.elements if e.type == "ListItem"] == ["grease", "check"]
    assert kinds["Table"].text == "Part | Price\nSeal | 1.20" and "<th>Price</th>" in (
        kinds["Table"].html or ""
    )
    assert kinds["CodeSnippet"].text == "def f(x):\n    return x"
    assert not any("alert" in e.text for e in found.elements)


PAGE = """<!doctype html><html lang="de-DE"><head><meta charset="windows-1252"><title>Der Prüfbericht</title>
<meta property="article:published_time" content="2023-05-06T07:08:09+02:00"><style>p {{}}</style></head><body>
<nav>Start | Impressum</nav><main><h1>Prüfung</h1><p>{words}</p><p hidden>geheim</p>
<div style="display: none">auch geheim</div><script>var x = 1;</script>
<table><tr><th>Teil</th><th>Preis</th></tr><tr><td>Lager</td><td>4,50</td></tr></table>
<table><tr><td>Nur ein Rahmen um Text.</td></tr></table></main><footer>Fußzeile</footer></body></html>"""


def test_pages_give_their_content_only(tmp_path: Path) -> None:
    found = reading(tmp_path / "a.html", "html", PAGE.format(words=GERMAN * 3).encode("cp1252"))
    said = " ".join(e.text for e in found.elements)
    assert found.title == "Der Prüfbericht" and found.language == "de"
    assert found.content_created_at == datetime(2023, 5, 6, 5, 8, 9, tzinfo=UTC)
    assert "Märzwoche" in said
    assert not any(word in said for word in ("geheim", "Impressum", "Fußzeile", "var x"))
    assert [e.text for e in found.elements if e.type == "Table"] == ["Teil | Preis\nLager | 4,50"]
    assert "Nur ein Rahmen um Text." in said


def test_empty_pages_say_so(tmp_path: Path) -> None:
    with pytest.raises(EmptyFileError):
        reading(tmp_path / "a.html", "html", "<html><body><script>x</script></body></html>")


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("e\ufb03cient \u00adwork\u200b", "efficient work"),
        ("a\x00b\x07c", "a b c"),
        ("e\u0301te\u0301", "été"),
        ("\uf0b7 item", "• item"),
        ("o↵-the-shelf", "off-the-shelf"),
        ("  two\t\tspaces \n\n\n\n here ", "two spaces\n\nhere"),
        ("\ud800broken", "broken"),
    ],
)
def test_cleaning(raw: str, tidy: str) -> None:
    assert clean(raw) == tidy


def test_languages_are_guessed_where_there_is_enough() -> None:
    samples = {"de": GERMAN, "ja": JAPANESE, "zh": CHINESE, "ko": KOREAN, "he": HEBREW}
    assert {code: guess_language([words]) for code, words in samples.items()} == {
        code: code for code in samples
    }
    assert guess_language(["ok"]) is None


def test_dates() -> None:
    assert parse_pdf_date("D:20210304") == datetime(2021, 3, 4, tzinfo=UTC)
    assert parse_pdf_date("D:20211399") is None and parse_date("yesterday") is None
    assert parse_date("0001-01-01") is None


@pytest.mark.parametrize("depth", [300, 3_000])
def test_deep_nesting_loses_nothing(tmp_path: Path, depth: int) -> None:
    words = "<p>Words at the bottom of it all.</p>"
    found = reading(
        tmp_path / "a.html", "html", f"<html><body>{'<div>' * depth}{words}{'</div>' * depth}</body></html>"
    )
    assert [e.text for e in found.elements] == ["Words at the bottom of it all."]


def test_one_long_line_a_paragraph(tmp_path: Path) -> None:
    lines = [
        "A paragraph that was never wrapped goes on and on. " * 4 + f"It is number {n}." for n in range(3)
    ]
    found = reading(tmp_path / "a.txt", "text", "\n".join(lines))
    assert [e.text for e in found.elements] == lines


def test_lines_wrapped_far_out_are_joined(tmp_path: Path) -> None:
    words = ("the crew of the northern station inspected every pump " * 30).split()
    lines = [" ".join(words[n : n + 26]) for n in range(0, len(words), 26)]
    found = reading(tmp_path / "a.txt", "text", "\n".join(lines))
    assert len(found.elements) == 1
