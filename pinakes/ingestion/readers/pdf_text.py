"""The words of a PDF page with their places, off pdfium's text layer."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from pinakes.ingestion.layout.margins import PageText
from pinakes.ingestion.layout.shapes import Segment
from pinakes.ingestion.readers.clean import clean

MOST_CHARACTERS = 200_000  # of one page
_LINE_END_HYPHENS = "\x02\ufffe"  # how pdfium marks a hyphen at which it joined two lines
_WORD = re.compile(r"[^\s\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
_BREAK = re.compile(r"[\r\n]")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\x00-\x1f]")
_BOLD = re.compile(r"bold|black|heavy|semibd|demi|-bd\b|cmbx|sfbx", re.IGNORECASE)
_MONO = re.compile(r"courier|mono|consol|typewriter|menlo|cmtt|fixed", re.IGNORECASE)
_BOLD_FROM = 600
_FIXED_PITCH, _FORCED_BOLD = 1, 1 << 18
_GAP = 0.6  # of the font's height: wider white parts segments
_DEVICE = 1_000_000
_NAME_LENGTH = 96


@dataclass(slots=True)
class _Word:
    text: str
    first: int
    last: int
    breaks_before: bool
    x0: float = 0.0
    y0: float = 0.0
    x1: float = 0.0
    y1: float = 0.0


def page_text(page: Any, textpage: Any, number: int) -> PageText:
    """Return the segments of a page as displayed: crop box and rotation applied, y down."""
    width, height = page.get_size()
    place = _Affine(page, width, height)
    text = PageText(number, width, height, has_drawings=pdfium.FPDFPage_CountObjects(page.raw) > 0)
    codes = _codes(textpage)
    words = list(_words(codes))
    _set_boxes(textpage, words)
    seen: set[tuple[str, int, int]] = set()
    fonts = _Fonts(textpage)
    for group in _groups(words):
        segment, quarter = _segment(fonts, group, place)
        spot = (segment.text, round(segment.x0 / 3), round(segment.y0 / 3))
        if segment.text and spot not in seen and _is_on_page(segment, width, height):
            seen.add(spot)
            (text.turned.setdefault(quarter, []) if quarter else text.segments).append(segment)
    text.characters = sum(len(_UNREADABLE.sub("", word.text)) for word in words)
    return text


class _Affine:
    """Page space (origin bottom left, unrotated) to the page as displayed."""

    __slots__ = ("a", "b", "c", "d", "e", "f")

    def __init__(self, page: Any, width: float, height: float) -> None:
        reach = 10_000.0
        (ox, oy), (ax, ay), (bx, by) = (
            _to_device(page, x, y) for x, y in ((0.0, 0.0), (reach, 0.0), (0.0, reach))
        )
        kx, ky = width / _DEVICE, height / _DEVICE
        self.a, self.b = (ax - ox) * kx / reach, (ay - oy) * ky / reach
        self.c, self.d = (bx - ox) * kx / reach, (by - oy) * ky / reach
        self.e, self.f = ox * kx, oy * ky

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        xa, ya = self.a * x0 + self.c * y0 + self.e, self.b * x0 + self.d * y0 + self.f
        xb, yb = self.a * x1 + self.c * y1 + self.e, self.b * x1 + self.d * y1 + self.f
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)

    def quarter(self, angle: float) -> int:
        """Quarters clockwise by which text at this angle (radians, page space) is turned as displayed."""
        x, y = math.cos(angle), -math.sin(angle)  # pdfium counts clockwise
        shown = math.atan2(self.b * x + self.d * y, self.a * x + self.c * y)
        return round(shown / (math.pi / 2)) % 4


def _to_device(page: Any, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, _DEVICE, _DEVICE, 0, x, y, across, down)
    return across.value, down.value


def _codes(textpage: Any) -> str:
    """One character for each of pdfium's, so that positions agree."""
    count = min(textpage.count_chars(), MOST_CHARACTERS)
    buffer = (ctypes.c_ushort * (count + 1))()
    if count and pdfium.FPDFText_GetText(textpage.raw, 0, count, buffer) == count + 1:
        return "".join(map(chr, buffer[:count]))
    return "".join(chr(pdfium.FPDFText_GetUnicode(textpage.raw, at) % 0x110000) for at in range(count))


def _words(codes: str) -> Iterator[_Word]:
    end = 0
    after_hyphen = True
    for match in _WORD.finditer(codes):
        word = match.group()
        breaks = after_hyphen or bool(_BREAK.search(codes, end, match.start()))
        after_hyphen = word[-1] in _LINE_END_HYPHENS
        text = word[:-1] + "-" if after_hyphen else word
        yield _Word(text, match.start(), match.end() - 1, breaks)
        end = match.end()


def _set_boxes(textpage: Any, words: list[_Word]) -> None:
    """The loose boxes of a word's first and last character span it: as high as the font, whatever the letters."""
    handle, box = textpage.raw, pdfium.FS_RECTF()
    reference = ctypes.byref(box)
    read = pdfium.FPDFText_GetLooseCharBox
    for word in words:
        read(handle, word.first, reference)
        x0, y0, x1, y1 = box.left, box.bottom, box.right, box.top
        if word.last > word.first:
            read(handle, word.last, reference)
            x0, x1 = min(x0, box.left), max(x1, box.right)
            y0, y1 = min(y0, box.bottom), max(y1, box.top)
        word.x0, word.y0, word.x1, word.y1 = x0, y0, x1, y1


def _groups(words: list[_Word]) -> Iterator[list[_Word]]:
    group: list[_Word] = []
    for word in words:
        if group and (word.breaks_before or not _follows(group[-1], word)):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _follows(last: _Word, word: _Word) -> bool:
    height = max(last.y1 - last.y0, word.y1 - word.y0)
    level = abs((last.y0 + last.y1) - (word.y0 + word.y1)) < height
    return level and -0.5 * height < word.x0 - last.x1 < _GAP * height


def _segment(fonts: _Fonts, group: list[_Word], place: _Affine) -> tuple[Segment, int]:
    first = group[0].first
    bold, mono = fonts.style(group)
    size = fonts.size(max(group, key=lambda w: w.last - w.first).first)
    box = place.box(
        min(w.x0 for w in group), min(w.y0 for w in group), max(w.x1 for w in group), max(w.y1 for w in group)
    )
    text = " ".join(w.text for w in group)
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Segment(clean(text), *box, size, bold, mono), place.quarter(fonts.angle(first))


class _Fonts:
    """What a page's characters are set in, asked with buffers that are made once."""

    __slots__ = ("_flags", "_matrix", "_name", "_styles", "_text")

    def __init__(self, textpage: Any) -> None:
        self._text = textpage.raw
        self._matrix, self._flags = pdfium.FS_MATRIX(), ctypes.c_int()
        self._name = ctypes.create_string_buffer(_NAME_LENGTH)
        self._styles: dict[tuple[bytes, int, bool], tuple[bool, bool]] = {}

    def size(self, at: int) -> float:
        """The size as displayed."""
        size = float(pdfium.FPDFText_GetFontSize(self._text, at))
        if pdfium.FPDFText_GetMatrix(self._text, at, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        return round(abs(size), 1)

    def angle(self, at: int) -> float:
        """Radians, clockwise."""
        return float(pdfium.FPDFText_GetCharAngle(self._text, at))

    def style(self, group: list[_Word]) -> tuple[bool, bool]:
        """Whether most of it is bold, and of one width: by the first, the last and, if these differ, a middle word."""
        first = self._style(group[0].first)
        last = first if len(group) == 1 else self._style(group[-1].first)
        return first if first == last else self._style(group[len(group) // 2].first)

    def _style(self, at: int) -> tuple[bool, bool]:
        pdfium.FPDFText_GetFontInfo(self._text, at, self._name, _NAME_LENGTH, self._flags)
        heavy = pdfium.FPDFText_GetFontWeight(self._text, at) >= _BOLD_FROM
        key = (self._name.value, self._flags.value, heavy)
        if key not in self._styles:
            font = key[0].decode("utf-8", errors="ignore")
            bold = heavy or bool(key[1] & _FORCED_BOLD) or bool(_BOLD.search(font))
            self._styles[key] = bold, bool(key[1] & _FIXED_PITCH) or bool(_MONO.search(font))
        return self._styles[key]


def _is_on_page(segment: Segment, width: float, height: float) -> bool:
    x, y = (segment.x0 + segment.x1) / 2, segment.middle
    return -1 <= x <= width + 1 and -1 <= y <= height + 1
