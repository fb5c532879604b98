"""The noun phrase that a clause is about, for searches and follow-ups."""

from __future__ import annotations

import re

from pinakes.agents.planning.clause import named_kinds, opens_with_verb
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.core.files import MediaType

_EDGE = " \t\n,;:.!?¿¡-–—…"


def topic_phrase(text: str, lexicon: Lexicon) -> str:
    """Return what a stand-alone clause is about, as a noun phrase; the clause itself where no frame fits."""
    core = _uncapitalised(text.strip().strip(_EDGE), lexicon)
    if (answer := _of_question(core, lexicon)) is not None:
        return _with_article(answer, lexicon) if answer else ""
    for _ in range(4):
        shorter = _unframed(core, lexicon)
        if shorter == core:
            break
        core = shorter
    core = _without_tail(core, lexicon)
    return _with_article(core, lexicon)


def matter_of(text: str, phrase: str, lexicon: Lexicon) -> str:
    """Return what a clause is about in its own words: without question words, orders and "the photo of"."""
    core = text.strip().strip(_EDGE)
    opened = lexicon.opens("frame.from", core.lower())
    told = opened is not None and lexicon.opens("mood.wh", core[opened.end() :].strip().lower()) is not None
    if not told and phrase and is_noun_phrase(phrase, lexicon):
        core = phrase
    for key in ("frame.from", "frame.asking", "frame.depicting"):
        opened = lexicon.opens(key, core.lower())
        if opened and len(core) - opened.end() > 2:
            core = core[opened.end() :].strip(_EDGE)
    if lexicon.opens("mood.wh", core.lower()):
        return core[0].lower() + core[1:]
    return _uncapitalised(core, lexicon)


def _of_question(core: str, lexicon: Lexicon) -> str | None:
    """What a question is about: its subject; empty where it has none, None where frames tell better."""
    plain = core.lower()
    if lexicon.opens("look.existence", plain) or lexicon.opens("aggregate.count", plain):
        return None
    if opened := lexicon.opens("frame.which_of", plain):
        return _before(core[opened.end() :].strip(), "frame.predicate", lexicon)
    if opened := lexicon.opens("frame.which", plain):
        return _relative(core[opened.end() :].strip(), lexicon)
    if opened := lexicon.opens("frame.identity", plain):
        return core[opened.end() :].strip()
    if opened := lexicon.opens("frame.asking_deed", plain):
        return _before(core[opened.end() :].strip(), "frame.said", lexicon)
    if opened := lexicon.opens("frame.asking_state", plain):
        subject = core[opened.end() :].strip()
        return _before(subject, "frame.done", lexicon) or subject
    return "" if lexicon.opens("frame.unnamed", plain) else None


def _relative(rest: str, lexicon: Lexicon) -> str:
    verb = lexicon.find("frame.predicate", rest.lower())
    if verb is None or not verb.start():
        return ""
    if lexicon.has("frame.ranking", rest[verb.start() :].lower()):  # found by looking at all of them
        return f"the {rest[: verb.start()].strip()}"
    return f"the {rest[: verb.start()]}that {rest[verb.start() :]}"


def _before(rest: str, key: str, lexicon: Lexicon) -> str:
    verb = lexicon.find(key, rest.lower())
    return rest[: verb.start()].strip() if verb else ""


def _uncapitalised(core: str, lexicon: Lexicon) -> str:
    """A noun of the lexicon that opens a sentence is no name."""
    first = core.split(" ", 1)[0]
    kinds = ("kind.image", "kind.document", "kind.link", "kind.video", "kind.generic")
    common = first[1:].islower() and any(lexicon.is_all(key, first.lower()) for key in kinds)
    return core[0].lower() + core[1:] if common else core


_FRAMES = (
    *("mood.polite", "mood.request", "mood.want", "mood.negation", "change.gerund"),
    *("frame.head", "frame.ranked"),
)


def _unframed(core: str, lexicon: Lexicon) -> str:
    for key in _FRAMES:
        match = lexicon.opens(key, core.lower())
        if match and len(core) - match.end() > 2:
            return core[match.end() :].strip(_EDGE)
    return core


def _without_tail(core: str, lexicon: Lexicon) -> str:
    match = lexicon.find("frame.tail", core.lower())
    while match and match.end() == len(core) and match.start() > 2:
        core = core[: match.start()].strip(_EDGE)
        match = lexicon.find("frame.tail", core.lower())
    if grouping := lexicon.find("frame.grouping", core.lower()):
        core = f"{core[: grouping.start()].strip()} {core[grouping.end() :].strip()}".strip()
    middle = lexicon.find("frame.middle", core.lower())
    if middle and middle.start() > 2:
        core = f"{core[: middle.start()].strip()} {core[middle.end() :].strip()}".strip()
    return core


def _with_article(core: str, lexicon: Lexicon) -> str:
    core, quantified = re.subn(r"^(?:any|some|all of|all|every|each)\s+", "", core, flags=re.IGNORECASE)
    if re.match(r"(?:the|a|an|my|our|your|this|that|these|those|his|her|their|its|[A-Z0-9\"“])", core):
        return (
            core[0].lower() + core[1:] if re.match(r"(?:The|A|An|My|Our|This|These|Those)\s", core) else core
        )
    plural = re.match(r"(?:[\w'-]+\s+){0,2}?[\w'-]+s\b", core)
    kinds = ("kind.image", "kind.document", "kind.link", "kind.video", "kind.generic")
    named = plural and any(lexicon.has(key, plural.group().lower()) for key in kinds)
    return f"the {core}" if named or quantified else core


def uncounted(phrase: str, lexicon: Lexicon) -> str:
    """Return "the suppliers' invoices" for "the three suppliers' invoices": a search cannot count."""
    counted = lexicon.opens("frame.counted", phrase.lower())
    return f"the {phrase[counted.end() :].strip()}" if counted else phrase


def sides_of(phrase: str, kind: MediaType, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the parts of a comparison that are of a kind: of "the sign in the photo consistent with the rules"."""
    opened = lexicon.opens("frame.unnamed", phrase.lower()) or lexicon.opens("frame.head", phrase.lower())
    phrase = phrase[opened.end() :] if opened else phrase
    cuts = [m.span() for m in lexicon.hits("frame.between", phrase.lower())]
    edges = [0, *(at for cut in cuts for at in cut), len(phrase)]
    sides = [side for a, b in zip(edges[::2], edges[1::2], strict=True) if (side := phrase[a:b].strip(_EDGE))]
    named = [(side, named_kinds(side.lower(), lexicon)) for side in sides]
    fitting = [side for side, kinds in named if kind in kinds] or [
        side for side, kinds in named if not kinds
    ][:1]
    if kind is MediaType.IMAGE and not any(kind in kinds for _, kinds in named):
        fitting = [side for side in sides if lexicon.has("kind.bearer", side.lower())] or fitting
    return tuple(_with_article(side, lexicon) for side in fitting[:2]) if len(sides) > 1 else ()


def subject_of(order: str, after_noun: str, lexicon: Lexicon) -> str:
    """Return what a report is about: of "a Word report on crane safety with pictures" the crane safety.

    Args:
        order: The clause as typed.
        after_noun: What stands after "report" in it, in lower case; its form is no part of the matter.
    """
    at = order.lower().rfind(after_noun)
    text = re.split(r"[.!?]\s", order[at : at + len(after_noun)])[0] if at >= 0 and after_noun else ""
    for key in ("act.illustrated", "act.format"):
        for hit in reversed(list(lexicon.hits(key, text.lower()))):
            text = f"{text[: hit.start()].rstrip()} {text[hit.end() :].lstrip()}"
    opened = lexicon.opens("frame.report_of", text.strip().lower())
    subject = text.strip()[opened.end() :].strip(_EDGE) if opened else ""
    return _with_article(" ".join(subject.split()), lexicon) if subject else ""


def is_noun_phrase(phrase: str, lexicon: Lexicon) -> bool:
    """Return whether words read as a name for something, with no question, order or sentence among them."""
    plain = phrase.lower()
    head = re.split(r"(?<!\w)(?:that|which|who|where|whose)(?!\w)", plain, maxsplit=1)[0] or plain
    if any(lexicon.opens(key, plain) for key in ("mood.wh", "mood.question", "change.preposition")):
        return False
    if any(lexicon.opens("mood.wh", piece.strip()) for piece in plain.split(",")[1:]):
        return False  # "the report, which of the photos are blurred"
    finite = re.search(
        r"(?<!\w)(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|must)(?!\w)", head
    )
    return finite is None and not opens_with_verb(plain, lexicon)
