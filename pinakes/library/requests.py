"""What a request is about, apart from the words that only ask for it."""

from __future__ import annotations

import re

from pinakes.core.patterns import LazyPattern

_NOUNS = (
    r"(?:documents?|docs?|files?|passages?|pages?|texts?|papers?|photos?|pictures?|images?|dokumente?|dateien|bilder"
    r"|fotos|documentos|archivos|imágenes|fichiers|images)"
)
_ASKING = (
    r"(?:find|show|list|search(?:\s+for)?|look\s+(?:for|up)|give|get|tell|fetch|describe|explain|summari[sz]e|finde|such\w*"
    r"|zeig\w*|erklär\w*|mu[eé]stra\w*|busca\w*|encuentra\w*|montre\w*|trouve\w*|cherche\w*)"
)
_ABOUT = (
    r"(?:about|on|regarding|concerning|for|of|with|that\s+(?:mention|say|talk\s+about|are\s+about|deal\s+with)"
    r"|mentioning|containing|über|zu|von|sobre|de|acerca\s+de|du|des)"
)
_WHOLE = r"(?:everything|anything|all\s+there\s+is|alles|todo|tout)"
_LITTLE = r"(?:me|us|mir|uns|nous|moi|all|any|every|the|my|our|some|alle|die|todos|los|las|les)"
_POLITE = r"(?:please|kindly|can\s+you|could\s+you|would\s+you|i\s+want\s+to\s+see|bitte|por\s+favor)"
_REQUEST = LazyPattern(
    rf"^\W*(?:{_POLITE}\s+)*{_ASKING}\b(?:\s+{_LITTLE})*(?:\s+(?P<whole>{_WHOLE})|\s+(?P<noun>{_NOUNS}))?(?:\s+{_ABOUT})?(?:\s+the)?\s+(?=\S)",
    re.IGNORECASE,
)
_WHICH = LazyPattern(
    rf"^\W*(?:(?:which|what|any|welche|qué|quels)\s+(?P<noun>{_NOUNS})|(?:are|is)\s+there\s+any\s+(?P<other>{_NOUNS}))\s+"
    rf"(?:(?:(?:are|is|do|does|talk|talks|deal|deals|speak|speaks)\s+)?(?:about|on|regarding|with|über|sobre)"
    rf"|mentions?|discuss(?:es)?|describes?|covers?|contains?|erwähnen|mencionan)\s+(?=\S)",
    re.IGNORECASE,
)
_WHEREIN = LazyPattern(
    r"(?<=\w)(?:,?\s+(?:that\s+(?:are|is|were)\s+)?(?:mentioned|described|listed|stated|given|named|found|discussed|contained"
    r"|covered|outlined|set\s+out))?\s+(?:in|from|across|throughout|within|inside|by)\s+(?:(?:all|any|every|each|of|the|my|our"
    r"|these|those|this|uploaded|different|various)\s+)*(?:documents?|docs?|files?|papers?|texts?)\s*([?.!]*\s*)$",
    re.IGNORECASE,
)
"""Where to look, at the end of a question: whatever is looked in is a document."""

_MAIN = LazyPattern(
    r"\b(?:key|main|major|principal|primary|(?:most\s+)?important|essential|central)\s+(?=(?:[\w-]+\s+){0,2}(?:points|findings"
    r"|requirements|risks|hazards|topics|themes|rules|issues|problems|conclusions|results|facts|takeaways|recommendations|steps"
    r"|changes|differences|goals|causes|reasons|measures|challenges|benefits|obligations|responsibilities|duties|insights"
    r"|concerns|aspects|arguments|lessons|decisions|events)\b)",
    re.IGNORECASE,
)
"""What asks for the gist of many things, and stands in none of them."""


def asked_about(request: str) -> str:
    """Return a request without the words that ask: "Find the documents about fire safety" is about fire safety."""
    found = _REQUEST.match(request) or _WHICH.match(request)
    about = request[found.end() :].strip() if found else request
    return _MAIN.sub("", _WHEREIN.sub(r"\1", about)) or about


def is_request(text: str) -> bool:
    """Return whether a text asks to find, show or tell something, rather than a question."""
    return bool(_REQUEST.match(text) or _WHICH.match(text))


def wants_files(request: str) -> bool:
    """Return whether a request is for files as such, not for what they say."""
    found = _REQUEST.match(request) or _WHICH.match(request)
    return bool(found and any(found.groupdict().values()))
