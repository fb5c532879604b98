"""Text as people see it: no control characters, ligatures or soft hyphens, one space between words."""

from __future__ import annotations

import re
import unicodedata

_BULLETS = "\uf0b7\uf0a7\uf0d8\uf076\uf06e\uf071\uf0a8\uf0fc\uf0be\uf09f"  # of symbol fonts
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | dict.fromkeys(_BULLETS, "•")
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffe\uffff\ufffd]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MISREAD_FF = re.compile("(?<=[^\\W\\d_])↵|↵(?=[^\\W\\d_])")  # what one TeX driver made of that ligature
_SPACE = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
_BREAKS = re.compile(r"\n{3,}")
_LEADER = re.compile(r"(?:\s?[.…·]){4,}\s?|_{4,}")


def clean(text: str) -> str:
    """Return text in NFC without invisible characters; line breaks stay, other white space becomes one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = _INVISIBLE.sub("", text.translate(_LIGATURES).replace("\r\n", "\n").replace("\r", "\n"))
    legible = _MISREAD_FF.sub("ff", _PRIVATE.sub(" ", kept))
    plain = _SPACE.sub(" ", _CONTROL.sub(" ", legible))
    return unicodedata.normalize("NFC", _BREAKS.sub("\n\n", _AROUND_BREAK.sub("\n", plain)).strip())


def clean_code(text: str) -> str:
    """Return code in NFC without control characters, its indentation kept."""
    kept = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4))
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", kept)).strip("\n").rstrip()


def shorten_leaders(text: str) -> str:
    """Return text with the dots that lead to a page number replaced by an ellipsis."""
    return _LEADER.sub(" … ", text).strip() if ".." in text or ". ." in text or "__" in text else text


def one_line(text: str) -> str:
    """Return cleaned text on one line."""
    return " ".join(clean(text).split())
