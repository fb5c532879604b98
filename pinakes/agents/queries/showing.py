"""How a result is to be shown: as a chart, folder by folder; and questions for folders themselves."""

from __future__ import annotations

import re

from pinakes.agents.queries.found import pattern

_DRAWN = pattern(
    r"(?:(?:and\s+)?(?:show|display|draw|plot|give)\s+(?:me\s+)?(?:it|that|this|them|the\s+result)\s+)?"
    r"(?:as|in|on|with|als|en|como|comme)\s+(?:(?:a|an|eine?n?|un|une|una)\s+)?(?:(?:bar|pie|line|column|balken|torten|linien)[\s-]*)?"
    r"(?:charts?|graphs?|plots?|diagramm?s?|histograms?|gráfico|graphique)"
)
"""How a result is to be shown, which limits no files."""

_FOLDERS_LISTED = pattern(
    r"(?:list|show|name|display|what|which)\s+(?:me\s+)?(?:are\s+)?(?:all\s+)?(?:(?:the|my|our)\s+)?(?:sub)?folders"
    r"(?!\s+(?:have|has|with\s+no|without|contain|are|is|were|hold))(?:\s+(?:are\s+there|do\s+(?:i|we)\s+have|exist))?"
    r"(?:\s+(?:and|with)\s+(?:the\s+)?(?:number|count)\s+of\s+files(?:\s+in\s+(?:each|them|it)(?:\s+(?:folder|one))?)?)?"
)
_FOLDERS_COUNTED = re.compile(
    r"\b(?:how\s+many|(?:the\s+)?number\s+of|count(?:\s+(?:the|my|our))?|wie\s*viele)\s+(?:(?:sub)?folders|ordner)"
    r"(?:\s+(?:are\s+there|there\s+are|do\s+(?:we|i|you)\s+have|are|exist|gibt\s+es))?(?:\s+now)?"
    r"(?:\s+(?:in|inside|below|under)\s+(?:the\s+folder\s+|my\s+|the\s+)?(?P<inside>.+?))?(?:\s+(?:now|altogether|in\s+total))?\W*$",
    re.IGNORECASE,
)

_STORE = r"(?:(?:the|my|our|this|your)\s+)?(?:(?:whole|entire)\s+)?(?:library|collection|archive|files)"
_HOLDING = (
    r"(?:do\s+(?:i|we|you)\s+have|have\s+(?:i|we|you)\s+got|is(?:\s+there)?|are(?:\s+there)?|'s)(?:\s+all)?"
    r"(?:\s+(?:stored|kept|saved|so\s+far|now|in\s+total|altogether|in\s+all|overall))*"
)
_OVERVIEW = re.compile(
    rf"^\W*(?:what\s*{_HOLDING}(?:\s+(?:in\s+)?(?:here|{_STORE}))?"
    rf"|how\s+much\s+is\s+(?:in\s+)?(?:here|{_STORE})"
    rf"|(?:what|which)\s+(?:(?:kinds?|sorts?|types?)\s+of\s+)?(?:files?|things|stuff|items|media|content|material)\s*"
    rf"{_HOLDING}(?:\s+(?:in\s+)?(?:here|{_STORE}))?"
    rf"|(?:(?:give|show|get)\s+(?:me\s+)?)?(?:an?\s+|the\s+)?(?:\w+\s+)?(?:overview|inventory|summary)\s+of\s+"
    rf"(?:(?:what\s+is|what's|everything|all(?:\s+the\s+\w+)?)\s+)?(?:in\s+)?(?:here|{_STORE})"
    rf"|(?:summari[sz]e|describe)\s+{_STORE})\W*$",
    re.IGNORECASE,
)


def asks_overview(text: str) -> bool:
    """Tell whether it is asked what there is at all: "what's in my library?", "an overview of my files"."""
    return _OVERVIEW.search(text) is not None


def undrawn(text: str) -> str:
    """Return a question without the words that want its answer drawn."""
    return _DRAWN.sub(" ", text)


def folders_listed(text: str) -> re.Match[str] | None:
    """Return where a question asks for the folders, each with its files."""
    return _FOLDERS_LISTED.search(text)


def counts_folders(text: str) -> bool:
    """Tell whether folders themselves are counted, rather than files in them."""
    return _FOLDERS_COUNTED.search(text) is not None


def counted_inside(text: str) -> str:
    """Return the words for the folder whose folders are counted, "" for all."""
    counted = _FOLDERS_COUNTED.search(text)
    return (counted["inside"] or "").strip("\"“”'") if counted else ""
