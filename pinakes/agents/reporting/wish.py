"""What a request for a report asks: its topic, its sections, its formats, its length, and where to save it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pinakes.agents.planning.text import detect_language
from pinakes.agents.reporting.rendering import FORMATS
from pinakes.library.requests import asked_about

_MOST_SECTIONS = 8
_LONGEST_SECTION = 60


class Length(StrEnum):
    """How long a report should be."""

    BRIEF = "brief"
    USUAL = "usual"
    DETAILED = "detailed"


@dataclass(frozen=True)
class SaveTo:
    """Where the user wants a report saved, in the user's own words; `folder` is "" for no folder at all."""

    folder: str = ""


@dataclass(frozen=True)
class Wish:
    """A request for a report, understood.

    Attributes:
        topic: What it is about; "" where the request only points to what is there ("turn these into a report").
        title: The topic as a title; "" without one.
        parts: The sections that were asked for by name.
        formats: Beside Markdown, which is always made.
        pictures: True and False where they were asked for or ruled out.
    """

    topic: str
    title: str
    language: str
    parts: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    pictures: bool | None = None
    length: Length = Length.USUAL
    save: SaveTo | None = None


def read_wish(intent: str) -> Wish:
    """Return what a request asks for."""
    text = " ".join(intent.split()).strip().rstrip(".?!。？！ ")
    formats = tuple(f for f in FORMATS if f != "md" and _pattern(f).search(text))
    wants, refuses = _pattern("pictures").search(text), _pattern("unpictured").search(text)
    text, save = _without_saving(text)
    for phrase in ("unpictured", "pictures"):
        text = _pattern(phrase).sub(" ", text)
    parts, rest = _parts(" ".join(text.split()))
    topic = _topic(rest)
    return Wish(
        topic=topic,
        title=topic[:1].upper() + topic[1:],
        language=_language(intent),
        parts=parts,
        formats=formats,
        pictures=False if refuses else True if wants else None,
        length=_length(intent),
        save=save,
    )


def _language(text: str) -> str:
    found = detect_language(text.lower())
    return "en" if found == "other" else found


def _length(text: str) -> Length:
    if _pattern("brief").search(text):
        return Length.BRIEF
    return Length.DETAILED if _pattern("detailed").search(text) else Length.USUAL


def _without_saving(text: str) -> tuple[str, SaveTo | None]:
    """Return a request without the words that ask to save the report, and where to."""
    for found in _saving().finditer(text):
        named = (found["quoted"] or found["bare"] or "").strip(" /").removesuffix("文件夹")
        if not (named or found["kind"]):
            continue
        folder = "" if re.fullmatch(_data()["library"], named, re.IGNORECASE) else named
        return f"{text[: found.start()]} {text[found.end() :]}".strip(), SaveTo(folder)
    plainly = re.search(_data()["saved"], text, re.IGNORECASE)
    return (text[: plainly.start()], SaveTo()) if plainly else (text, None)


def _parts(text: str) -> tuple[tuple[str, ...], str]:
    """Return the sections named at a request's end and the request before them."""
    found = _pattern("sections").search(text)
    if not found:
        return (), text
    listed = re.split(_data()["split"], (found["list"] or found["colon"]).strip(), flags=re.IGNORECASE)
    listed = [_bare(_without_format(part)) for part in listed]
    parts = tuple(part for part in listed if 0 < len(part) <= _LONGEST_SECTION)
    if len(parts) < 2 or len(parts) > _MOST_SECTIONS:
        return (), text
    return tuple(part[:1].upper() + part[1:] for part in parts), text[: found.start()]


def _topic(text: str) -> str:
    chinese = re.search(r"(?:关于|有关)(.+?)的?(?:报告|简报|总结|文档)", text)
    if chinese:
        return chinese[1].strip()
    bare = _without_format(text)
    noun = re.search(
        rf"(?<![^\W_])(?:{_data()['noun']})(?![^\W_])(?:\s+(?:{_data()['noun']})\b)?", bare, re.I
    )
    if noun is None:
        return _bare(asked_about(bare))
    after = re.sub(rf"^{_data()['audience']}", "", bare[noun.end() :].strip(" ,:"), flags=re.IGNORECASE)
    if topic := _bare(re.sub(rf"^(?:{_data()['about']})(?!\w)", "", after, flags=re.IGNORECASE)):
        return topic
    before = re.sub(r"\s*\b(?:in|into|as|to|als|en|como)\b(?:\s+\S+){0,3}\s*$", "", bare[: noun.start()])
    return "" if before == bare[: noun.start()] else _object(before)


def _object(order: str) -> str:
    """Return what an order is about: "Summarise the pump incidents" is about them."""
    rest = asked_about(order).strip()
    return _bare(rest if rest != order.strip() else re.sub(r"^\w+\s+", "", rest, count=1))


def _without_format(text: str) -> str:
    """Return words without "as a PDF" at their end, or "PDF" before the noun."""
    text = re.sub(rf"(?:\s*(?:,|and|und|y|et)?\s*(?:{_data()['format']}))+\s*$", "", text, flags=re.I | re.X)
    return re.sub(
        r"\b(?:pdf|docx|word|html|markdown)[- ](?=\w*\s*(?:report|bericht|document))", "", text, flags=re.I
    )


def _bare(text: str) -> str:
    """Return a phrase without articles before it; "" where it only points to something."""
    phrase = text.strip(" ,;:.-")
    phrase = re.sub(rf"^(?:(?:{_data()['article']})\s+)+", "", phrase, flags=re.IGNORECASE).strip()
    return "" if re.fullmatch(_data()["referring"], phrase, re.IGNORECASE) else phrase


@cache
def _pattern(name: str) -> re.Pattern[str]:
    source = _data()[name]
    if name == "sections":
        return re.compile(source, re.IGNORECASE)
    return re.compile(rf"(?<![^\W_\d])(?:{source})(?![^\W_])" if name != "md" else source, re.IGNORECASE)


@cache
def _saving() -> re.Pattern[str]:
    said = _data()
    verb, kind, folder = said["save"], said["kind"], said["folder"]
    return re.compile(rf"{verb}(?P<kind>{kind})(?:{folder})?", re.IGNORECASE)


@cache
def _data() -> dict[str, str]:
    data = tomllib.loads(files(__package__).joinpath("asking.toml").read_text("utf8"))
    return {name: re.sub(r"\n", "", source) for name, source in data.items()}
