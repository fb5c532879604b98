"""What kind of paper a document is, and whom it is from, as it calls itself at its head."""

from __future__ import annotations

import re

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.contents import Content

_HEAD = 30
"""Words at the beginning of a text that say what it is."""

_FIRST = 8
"""Lines or cells at the head of a paper, where it says what it is."""

_TITLE = 4
"""Words that such a line has at the most."""

_LETTERHEAD = re.compile(r"[^\W\d_][\w&.'’-]*(?: [\w&.'’-]+){0,4}")


def paper_kind(content: Content) -> str:
    """Return the folder for documents of this kind, "" when the document does not say what it is.

    The heading says it best, with its last word ("Crane operating rules"), then the file's name, then its first words.
    """
    name = re.sub(r"\.\w{1,5}$", "", content.file.filename)
    said = (*kinds_named(content.heading)[::-1], *kinds_named(name)[::-1], *kinds_named(content.text, _HEAD))
    return next(iter(said), "")


def calls_itself(kind: str, content: Content) -> bool:
    """Tell whether a document says of itself that it is of a kind: by name or in a short line at its head."""
    name = re.sub(r"\.\w{1,5}$", "", content.file.filename)
    lines = (content.file.title or "", name, content.heading, *re.split(r"[\n|]", content.text)[:_FIRST])
    return any(kind in kinds_named(line) for line in lines if len(_words(line)) <= _TITLE)


def says_first(content: Content) -> str:
    """Return the kind of paper that the first short line of a text to name one names, "" without."""
    lines = (line for line in content.text.splitlines()[:_FIRST] if len(_words(line)) <= _TITLE)
    return next((kind for line in lines for kind in kinds_named(line)), "")


def kinds_named(text: str, first: int | None = None) -> list[str]:
    """Return the kinds of papers that words of a text name, in their order; `first` words of it, where given."""
    return [lexicon.PAPERS[word] for word in _words(text)[:first] if word in lexicon.PAPERS]


def sender(content: Content) -> str:
    """Return the name in the first line of a paper, as letterheads and receipts have it; "" if it is none."""
    lines = [line.strip() for line in content.text.splitlines() if line.strip()]
    first = lines[0].partition("|")[0].strip() if lines else ""
    named = _LETTERHEAD.fullmatch(first) and not kinds_named(first)
    return (first.title() if first.isupper() and " " in first else first) if named else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())
