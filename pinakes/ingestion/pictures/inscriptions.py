"""Words that people or programs wrote into a picture's file: caption, title, keywords, author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from xml.etree import ElementTree

from PIL import Image, IptcImagePlugin
from PIL.ImageFile import ImageFile

from pinakes.ingestion.pictures.exif import clean, exif_tags, parse_date

MAX_CAPTION = 4_000
MAX_KEYWORDS = 64
MAX_XMP_BYTES = 1 << 20

_DESCRIPTION, _ARTIST, _USER_COMMENT = 0x010E, 0x013B, 0x9286
_XP_TITLE, _XP_COMMENT, _XP_AUTHOR, _XP_KEYWORDS, _XP_SUBJECT = 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F
_IPTC = {"title": (2, 5), "keywords": (2, 25), "author": (2, 80), "headline": (2, 105), "caption": (2, 120)}

_JUNK = re.compile(
    r"""(?:olympus|minolta|konica\s*minolta|samsung|sony|digital|kodak|pentax|casio|ricoh|sanyo|vivitar|polaroid
        |jenoptik|general\ imaging|\s)*\s*digital\s*(?:still\s*)?camera$
    |sony\s*dsc$|exif[_ ]jpeg.*$|jpeg$|dcim.*$|default$|untitled$|dav$|mde$|rhdr$|hdr$|image$|photo$
    |<.*>$|ascii$|unicode$|\W*$
    |(?:creator:?|created\ (?:with|by|using)|generated\ by|written\ by|optimi[sz]ed\ by|processed\ by|edited\ with
        |file\ (?:source|written)|lead\ technologies|intel\(r\)|applemark|acd\ systems|handmade|lavc|xv\ |cs\d
        |compressed\ by|software:|copyright)""",
    re.IGNORECASE | re.VERBOSE,
)
"""What cameras and programs write where people would write a caption."""


@dataclass(frozen=True, slots=True)
class Inscriptions:
    """The words of a picture's metadata; `dated` is a date that stands in XMP alone."""

    caption: str | None = None
    title: str | None = None
    keywords: tuple[str, ...] = ()
    author: str | None = None
    dated: datetime | None = None


def inscriptions(picture: Image.Image) -> Inscriptions:
    """Read EXIF, IPTC, XMP, PNG texts and comments of an opened picture, in that order of trust."""
    main, detail, _ = exif_tags(picture)
    press, xmp, texts = _iptc(picture), _xmp(picture), _texts(picture)
    title = (xmp["title"], press["title"], [_wide(main.get(_XP_TITLE))], texts["title"])
    caption = (
        *(xmp["caption"], press["caption"], [clean(main.get(_DESCRIPTION))], [_wide(main.get(_XP_COMMENT))]),
        *([_user_comment(detail.get(_USER_COMMENT))], texts["caption"], press["headline"]),
        [_wide(main.get(_XP_SUBJECT))],
    )
    keywords = (xmp["keywords"], press["keywords"], _listed(_wide(main.get(_XP_KEYWORDS))), texts["keywords"])
    author = (
        xmp["author"],
        press["author"],
        [clean(main.get(_ARTIST))],
        [_wide(main.get(_XP_AUTHOR))],
        texts["author"],
    )
    return Inscriptions(
        caption=_first_caption(caption),
        title=_first_caption(title),
        keywords=_distinct(keywords),
        author=next(iter(_distinct(author)), None),
        dated=next((date for value in xmp["dates"] if (date := parse_date(value))), None),
    )


Found = dict[str, list[str | None]]


def _first_caption(groups: Iterable[Iterable[str | None]]) -> str | None:
    return next(
        (text[:MAX_CAPTION] for group in groups for text in group if text and not _JUNK.match(text)), None
    )


def _distinct(groups: Iterable[Iterable[str | None]]) -> tuple[str, ...]:
    """Return the words in order, without repetitions that differ in case alone."""
    found: dict[str, str] = {}
    for text in (text for group in groups for text in group if text):
        found.setdefault(text.casefold(), text[:200])
    return tuple(found.values())[:MAX_KEYWORDS]


def _listed(text: str | None) -> list[str | None]:
    return [part.strip() or None for part in re.split(r"[;,]", text or "")]


def _wide(value: Any) -> str | None:
    """Decode the UTF-16 that Windows writes."""
    if isinstance(value, tuple):
        value = bytes(value)
    return clean(value.decode("utf-16-le", "ignore").rstrip("\0")) if isinstance(value, bytes) else None


def _user_comment(value: Any) -> str | None:
    if not isinstance(value, bytes):
        return clean(value)
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        return clean(text.decode("utf-16-be" if text[:1] == b"\0" else "utf-16-le", "ignore"))
    return clean(text) if code in (b"ASCII\0\0\0", b"\0" * 8) else None


def _iptc(picture: Image.Image) -> Found:
    try:
        records = IptcImagePlugin.getiptcinfo(cast(ImageFile, picture)) or {}
    except Exception:  # damaged records make Pillow raise almost anything
        records = {}
    found: Found = {}
    for name, key in _IPTC.items():
        values = records.get(key, [])
        found[name] = [_iptc_text(value) for value in (values if isinstance(values, list) else [values])]
    return found


def _iptc_text(value: Any) -> str | None:
    if not isinstance(value, bytes):
        return None
    try:
        return clean(value.decode("utf-8"))
    except UnicodeDecodeError:
        return clean(value.decode("cp1252", "replace"))


def _texts(picture: Image.Image) -> Found:
    """Return PNG texts, and the comments of JPEG and GIF."""
    info = {str(key).lower(): value for key, value in picture.info.items()}
    return {
        "title": [clean(info.get("title"))],
        "caption": [clean(info.get("description")), clean(info.get("comment"))],
        "keywords": _listed(clean(info.get("keywords"))),
        "author": [clean(info.get("author"))],
    }


_NAMES = {
    "{http://purl.org/dc/elements/1.1/}description": "caption",
    "{http://purl.org/dc/elements/1.1/}title": "title",
    "{http://purl.org/dc/elements/1.1/}subject": "keywords",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://ns.adobe.com/exif/1.0/}DateTimeOriginal": "dates",
    "{http://ns.adobe.com/photoshop/1.0/}DateCreated": "dates",
    "{http://ns.adobe.com/xap/1.0/}CreateDate": "dates",
}


def _xmp(picture: Image.Image) -> Found:
    found: Found = {name: [] for name in ("caption", "title", "keywords", "author", "dates")}
    for node in _xmp_nodes(picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")):
        for attribute, value in node.attrib.items():
            if attribute in _NAMES:
                found[_NAMES[attribute]].append(clean(value))
        if node.tag in _NAMES:
            found[_NAMES[node.tag]] += [clean(text) for text in node.itertext() if text.strip()]
    return found


def _xmp_nodes(packet: Any) -> Iterator[ElementTree.Element]:
    data = packet.encode() if isinstance(packet, str) else packet
    if (
        not isinstance(data, bytes) or len(data) > MAX_XMP_BYTES or b"<!" in data
    ):  # no entities from strangers
        return iter(())
    try:
        return ElementTree.fromstring(data.strip(b"\0 \r\n\t")).iter()
    except ElementTree.ParseError:
        return iter(())
