"""Bytes of a text file to text, whatever its encoding."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from pinakes.core.errors import CorruptFileError, EmptyFileError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_C1 = re.compile("[\x80-\x9f]")
_DOUBLED = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SAMPLE = 60_000
_MOST_CONTROL = 0.01
_STRAY_CONTROLS = 2  # that a text of any length may have
_MOST_BROKEN = 0.02
_FEW_ZEROS = 0.005
_FEW_HIGH = 0.2  # of the bytes, as in Latin script; all others have more
_OLD = re.compile(
    "cp(?:037|4|5|7|8|1006|1026|1125|1140|273)|mac_|hp_|ptcp|kz|latin_1"
)  # rarer than Windows by far


def read_text(path: Path, declared: str | None = None) -> str:
    """Return the text of a file; `declared` is an encoding that the content itself names.

    Raises EmptyFileError and CorruptFileError.
    """
    raw = path.read_bytes()
    if not raw.strip(b"\x00 \t\r\n\x0c\x0b"):
        raise EmptyFileError("The file holds no text; add a file with content.")
    text = decode(raw, declared)
    if not text.strip("\ufeff \t\r\n\x0c\x0b\u3000"):
        raise EmptyFileError("The file holds no text; add a file with content.")
    most = max(_STRAY_CONTROLS, _MOST_CONTROL * min(len(text), _SAMPLE))
    if len(_CONTROL.findall(text[:_SAMPLE])) > most:
        raise CorruptFileError("The file is binary, not text; convert it to a known kind first.")
    return text


def decode(raw: bytes, declared: str | None = None) -> str:
    """Return text by byte-order mark, declared encoding, UTF-8, the place of zero bytes, else statistics."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    raw = _without_stray_zeros(raw)
    for candidate in (declared, "utf-8", _wide(raw)):
        text = _strictly(raw, candidate)
        if text is not None:
            return _undoubled(text)
    return _mostly_utf8(raw) or _guessed(raw)


def _without_stray_zeros(raw: bytes) -> bytes:
    """A crash leaves zeros in logs; text of two bytes a character that has so few of them is no UTF-8."""
    zeros = raw.count(0)
    if not zeros or zeros > _FEW_ZEROS * len(raw):
        return raw
    rest = raw.replace(b"\0", b"")
    return rest if _strictly(rest, "utf-8") is not None else raw


def _undoubled(text: str) -> str:
    """Repair text that was taken for Latin-1 and encoded a second time; only that leaves C1 controls behind."""
    return _DOUBLED.sub(_once, text) if _C1.search(text) else text


def _once(match: re.Match[str]) -> str:
    try:
        return match.group().encode("latin-1").decode("utf-8")
    except UnicodeError:
        return match.group()


def _strictly(raw: bytes, encoding: str | None) -> str | None:
    if encoding is None:
        return None
    try:
        text = raw.decode(codecs.lookup(encoding).name)
    except (UnicodeError, LookupError):
        return None
    return None if "\x00" in text else text


def _wide(raw: bytes) -> str | None:
    """UTF-16 and UTF-32 without a mark leave zeros at every second or at three of four places."""
    sample = raw[: _SAMPLE - _SAMPLE % 4]
    size = len(sample) // 4
    if size == 0 or b"\x00" not in sample:
        return None
    zeros = [sample[place::4].count(0) / size for place in range(4)]
    if zeros[2] > 0.9 and zeros[3] > 0.9:
        return "utf-32-le"
    if zeros[0] > 0.9 and zeros[1] > 0.9:
        return "utf-32-be"
    return "utf-16-le" if zeros[1] + zeros[3] > zeros[0] + zeros[2] else "utf-16-be"


def _mostly_utf8(raw: bytes) -> str | None:
    """A stray byte does not make a long UTF-8 text something else."""
    text = raw.decode("utf-8", errors="replace")
    wide = sum(1 for character in text if ord(character) > 127)
    broken = text.count("\ufffd")
    return text if wide > 20 and broken <= _MOST_BROKEN * wide else None


def _guessed(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(raw, enable_fallback=False).best()
    western = _strictly(raw, "cp1252")
    if best is None:
        return western if western is not None else raw.decode("cp1252", errors="replace")
    high = sum(byte > 127 for byte in raw[:_SAMPLE])
    is_sparse = high < _FEW_HIGH * min(len(raw), _SAMPLE)
    return western if western is not None and is_sparse and _OLD.match(best.encoding) else str(best)
