"""What grammar reads off one clause: its mood, the kinds of things it names, and what it asks to be done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.text import Sentence, masked
from pinakes.core.files import MediaType

_FILENAME = re.compile(r"(?<![\w/])[\w()\-]+(?:[. ][\w()\-]+)*?\.([a-z][a-z0-9]{1,4})(?!\w)")
_URL = re.compile(r"https?://\S+|(?<!\w)www\.\S+")
_EDGE = " \t\n,;:.!?¿¡-–—…\"'"
EXTENSIONS = {
    MediaType.IMAGE: frozenset(
        {"jpg", "jpeg", "png", "gif", "webp", "tif", "tiff", "bmp", "heic", "heif", "svg"}
    ),
    MediaType.DOCUMENT: frozenset(
        {"pdf", "docx", "doc", "txt", "md", "html", "htm", "rtf", "odt"}
        | {"xlsx", "xls", "csv", "pptx", "ppt", "eml", "epub"}
    ),
    MediaType.VIDEO: frozenset({"mp4", "mov", "avi", "mkv", "webm", "m4v"}),
}


_Named = tuple[int, int, MediaType]
"""Where a kind is named: start, end and the kind."""


class Mood(StrEnum):
    """How a clause is put."""

    ORDER = "order"  # an imperative, or a request to the assistant
    WISH = "wish"  # "I want to …"
    QUESTION = "question"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Clause:
    """A clause as grammar sees it; `core` is its plain text without politeness and request words.

    Attributes:
        text, plain: As typed; lower-cased with quotations blanked.
        kinds: Kinds of things named, in the order named.
        joint: The conjunction before it.
        asked: It addresses the assistant ("could you …").
        negated: It opens with a negation.
    """

    text: str
    plain: str
    core: str
    mood: Mood
    kinds: tuple[MediaType, ...]
    joint: str = ""
    asked: bool = False
    negated: bool = False
    final: str = ""

    @property
    def questioned(self) -> bool:
        """Whether it ends in a question mark."""
        return "?" in self.final or "？" in self.final


def read_clause(sentence: Sentence, lexicon: Lexicon) -> Clause:
    """Read one clause."""
    plain = sentence.plain.strip(" \n")
    final = plain[len(plain.rstrip(_EDGE)) :]
    core, asked, wished = _without_politeness(plain.strip(_EDGE), lexicon)
    mood = _mood(core, final, asked, wished, lexicon)
    negated = lexicon.opens("mood.negation", core) is not None
    kinds = named_kinds(plain, lexicon)
    return Clause(sentence.text.strip(), plain, core, mood, kinds, sentence.joint, asked, negated, final)


def named_kinds(plain: str, lexicon: Lexicon) -> tuple[MediaType, ...]:
    """Return the kinds whose nouns, file extensions or addresses stand in a text, in order."""
    found = [(*m.span(), kind) for kind in MediaType for m in lexicon.hits(f"kind.{kind.value}", plain)]
    found += [(*m.span(), MediaType.DOCUMENT) for m in lexicon.hits("kind.article", plain)]
    found += [(*m.span(), kind) for m in _FILENAME.finditer(plain) if (kind := _kind_of(m.group(1)))]
    found += [(*m.span(), MediaType.LINK) for m in _URL.finditer(plain)]
    told = [one for one in found if not _is_part(one, found)]
    return tuple(dict.fromkeys(kind for _, _, kind in sorted(told, key=lambda one: one[0])))


def _is_part(one: _Named, found: Sequence[_Named]) -> bool:
    """The pages of "saved pages" are no pages of paper."""
    pages = (MediaType.LINK, MediaType.VIDEO)
    return any(
        other[2] in pages
        and other[2] is not one[2]
        and other[0] <= one[0]
        and one[1] <= other[1]
        and other[:2] != one[:2]
        for other in found
    )


def object_kinds(text: str, clause: Clause, lexicon: Lexicon) -> tuple[MediaType, ...]:
    """Return the kinds named in a stand-alone clause, its own verb ("film", "book", "order") left out, and titles."""
    plain = masked(text)
    verb, _, rest = clause.core.partition(" ")
    if rest and clause.mood in (Mood.ORDER, Mood.WISH) and plain.startswith(verb):
        plain = plain[len(verb) :]
    quoted = (_kind_of(name.rsplit(".", 1)[-1]) for name in filenames(text.lower()))
    return tuple(dict.fromkeys((*named_kinds(plain, lexicon), *filter(None, quoted))))


def filenames(plain: str) -> list[str]:
    """Return what looks like a file's name, by its extension."""
    return [m.group() for m in _FILENAME.finditer(plain) if _kind_of(m.group(1))]


def _kind_of(extension: str) -> MediaType | None:
    return next((kind for kind, known in EXTENSIONS.items() if extension in known), None)


def _without_politeness(core: str, lexicon: Lexicon) -> tuple[str, bool, bool]:
    asked = wished = False
    while core:
        if match := lexicon.opens("mood.request", core):
            asked = True
        elif match := lexicon.opens("mood.want", core):
            wished = True
        else:
            match = lexicon.opens("mood.polite", core)
        if match is None or match.end() == len(core):
            break
        core = core[match.end() :].lstrip(_EDGE)
    return core, asked, wished


def _mood(core: str, final: str, asked: bool, wished: bool, lexicon: Lexicon) -> Mood:
    if asked:
        return Mood.ORDER
    if wished:
        return Mood.WISH
    if any(lexicon.opens(key, core) for key in ("mood.wh", "mood.aux", "mood.conditional")):
        return Mood.QUESTION
    if opens_with_verb(core, lexicon):
        return Mood.ORDER
    return Mood.QUESTION if "?" in final or "？" in final else Mood.STATEMENT


_VERBS = (
    *(
        "act.search",
        "act.tell",
        "act.compose",
        "act.do",
        "act.works",
        "change.verb",
        "change.place",
        "change.sort",
        "change.mark",
    ),
    *("change.make", "change.edit", "change.undo", "act.opener"),
)


def opens_with_verb(core: str, lexicon: Lexicon) -> bool:
    """Return whether a clause without its politeness opens with a verb in its base form."""
    return any((match := lexicon.opens(key, core)) and not _is_noun(core[match.end() :]) for key in _VERBS)


def _is_noun(rest: str) -> bool:
    """In "scan of the deed" the first word is no verb."""
    return rest.lstrip().startswith("of ")
