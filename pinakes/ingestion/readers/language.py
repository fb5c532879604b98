"""A cheap guess at the language of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
)
_LETTER = re.compile(r"[^\W\d_]")
_SHARE = 0.3
_JAPANESE_SHARE = 0.1  # kana between many kanji is Japanese all the same
_LETTERS_FOR_SCRIPT = 4
_LETTERS_FOR_GUESS = 50
_SAMPLE = 4_000


def guess_language(texts: Iterable[str]) -> str | None:
    """Return the ISO 639-1 code of the main language, or None when there is too little text to tell."""
    sample = _sample(texts)
    letters = len(_LETTER.findall(sample))
    if letters < _LETTERS_FOR_SCRIPT:
        return None
    for code, pattern in _SCRIPTS:
        share = len(pattern.findall(sample)) / letters
        if share > (_JAPANESE_SHARE if code == "ja" else _SHARE):
            return code
    return _statistical(sample) if letters >= _LETTERS_FOR_GUESS else None


def _sample(texts: Iterable[str]) -> str:
    parts: list[str] = []
    size = 0
    for text in texts:
        parts.append(text[:_SAMPLE])
        size += len(parts[-1])
        if size >= _SAMPLE:
            break
    return "\n".join(parts)


def _statistical(sample: str) -> str | None:
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0
    try:
        return str(detect(sample)).split("-")[0]
    except LangDetectException:
        return None
