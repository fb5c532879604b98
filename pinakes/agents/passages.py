"""What a passage is, apart from what it says: sources and lists of sources name what others say."""

from __future__ import annotations

import re

_ACCESS = re.compile(r"\b(?:Retrieved|Archived|Accessed|Abgerufen|Consult(?:ed|ado|é))\b")
_ADDRESS = re.compile(r"https?://|\bwww\.|\bdoi:|\bISBN\b", re.IGNORECASE)
_OPENING = re.compile(r"^\W*(?:Retrieved|Archived|Accessed|Abgerufen)\b")
_AUTHORED = re.compile(r"^\W*[^\W\d_][\w'’ -]{1,40}, [^\W\d_][\w. ]{0,30}\(\d{1,2} \w+ \d{4}\)")
"""How an entry of a list of sources begins: "Lacey, David (17 September 1986)"."""

_FEWEST = 2


def names_source(sentence: str) -> bool:
    """Return whether a sentence or line names a source: an address, or when something was looked up."""
    return any(said.search(sentence) for said in (_ADDRESS, _OPENING, _AUTHORED))


def is_bibliography(text: str) -> bool:
    """Return whether a passage lists sources and says nothing itself."""
    return len(_ACCESS.findall(text)) >= _FEWEST and len(_ADDRESS.findall(text)) >= _FEWEST
