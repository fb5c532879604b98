"""Reading a turn: its clauses, each made to stand alone, in the light of the turns before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pinakes.agents.planning.clause import Clause, Mood, named_kinds, read_clause
from pinakes.agents.planning.decisions import is_decision
from pinakes.agents.planning.lexicons import Lexicon, load_lexicon
from pinakes.agents.planning.orders import is_order_to_change, without_destination
from pinakes.agents.planning.phrases import is_noun_phrase, matter_of, topic_phrase
from pinakes.agents.planning.refer import keeps_report, orders_report, resolve
from pinakes.agents.planning.remarks import is_small_talk
from pinakes.agents.planning.rewording import effecting, excepting, imperative, protecting, unfronted
from pinakes.agents.planning.spelling import mended
from pinakes.agents.planning.text import (
    Sentence,
    clauses,
    clean,
    detect_language,
    head_and_tail,
    is_reporting,
    masked,
    sentences,
)
from pinakes.agents.planning.topic import Resolved, Topic
from pinakes.core.files import MediaType
from pinakes.core.plans import Focus, PlanRequest

MAX_CLAUSES = 8
MAX_HISTORY = 12
_MATTERS = 2
_OF_FILES = (
    *(
        "refer.of_file",
        "refer.ones",
        "refer.ordinal",
        "look.quality",
        "look.content",
        "look.maker",
        "look.plated",
    ),
    *(
        "aggregate.facts",
        "aggregate.count",
        "aggregate.rank",
        "aggregate.measure",
        "kind.image",
        "kind.document",
    ),
    *(
        "act.describe",
        "act.compare",
        "act.summarise",
        "act.analyse",
        "act.search",
        "act.cross",
        "act.relation",
    ),
)


@dataclass(frozen=True)
class Part:
    """One clause of a turn.

    Attributes:
        resolved: The clause standing alone.
        inner: It points to an earlier part of the same turn.
        ordered: Grammar found an order to change the library.
        talk: It is a greeting, thanks or the like.
        keeps: It wants a report that was just asked for to be kept in the library.
        meant: The kinds that a clause of another language points to without naming them.
    """

    clause: Clause
    resolved: Resolved
    phrase: str
    lexicon: Lexicon
    inner: bool = False
    ordered: bool = False
    talk: bool = False
    keeps: bool = False
    meant: tuple[MediaType, ...] = ()
    matter: str = ""


def read_turn(request: PlanRequest) -> list[Part]:
    """Return the parts of the question, at least one."""
    topic: Topic | None = None
    asked = ""
    if is_decision(request.question):
        return _read(request.question, None)
    for earlier in request.history[-MAX_HISTORY:]:
        if is_decision(earlier):
            continue
        parts = _read(earlier, topic)
        asked = _answered(parts) or asked
        topic = _last_topic(parts, topic)
    question = request.question
    if topic and asked and _opens(question, "change.keep_answer") and not orders_report(topic.question):
        return _read(f"{asked} {question}", None)  # what is kept has to be found out again
    return _read(question, _pointed_to(request, topic))


def _answered(parts: Sequence[Part]) -> str:
    """What a turn asked, standing alone: its orders are no questions, and never given twice."""
    return " ".join(part.resolved.text for part in parts if not (part.talk or part.ordered))


def _pointed_to(request: PlanRequest, topic: Topic | None) -> Topic | None:
    """What pronouns mean: the files shown last, or what was asked about where pictures cannot have done it."""
    if topic and request.focus.media_type is not MediaType.DOCUMENT and _is_event(request.question):
        return topic
    if topic and "report_synthesis" in request.focus.agents and _is_keeping(request.question):
        return topic
    return _focused(request.focus, topic)


def _is_event(question: str) -> bool:
    """Return whether a question is of something that happened: "What did that cost?", not "What does it say?"."""
    text = masked(clean(question)).lower()
    lexicon = load_lexicon(detect_language(text))
    return lexicon.has("refer.event", text) and not any(lexicon.has(key, text) for key in _OF_FILES)


def _is_keeping(question: str) -> bool:
    """Return whether something just made is to be kept: "Save it into Reports"."""
    return _opens(question, "change.keep")


def _opens(question: str, key: str) -> bool:
    text = clean(question)
    lexicon = load_lexicon(detect_language(masked(text)))
    return lexicon.opens(key, read_clause(_as_sentence(text), lexicon).core) is not None


def _focused(focus: Focus, topic: Topic | None) -> Topic | None:
    if not focus.file_ids and not focus.intent:
        return topic
    if not focus.intent:
        kind = focus.media_type
        return Topic(f"Find the {kind.value}s.", f"the {kind.value}s", (kind,)) if kind else topic
    lexicon = load_lexicon(detect_language(focus.intent.lower()))
    kinds = (focus.media_type,) if focus.media_type else named_kinds(focus.intent.lower(), lexicon)
    phrase = topic_phrase(focus.intent, lexicon)
    phrase = phrase if is_noun_phrase(phrase, lexicon) else ""
    return Topic(focus.intent, phrase, kinds, matter_of(focus.intent, phrase, lexicon))


def _last_topic(parts: Sequence[Part], before: Topic | None) -> Topic | None:
    contentful = [part for part in parts if not part.talk]
    if not contentful:
        return before
    last = contentful[-1]
    named = next((part for part in reversed(contentful[:-1]) if last.inner and _name(part)), last)
    matters = dict.fromkeys(
        _matter(part) for part in contentful[-_MATTERS:] if part is last or not last.inner
    )
    return replace(_topic(named), question=last.resolved.text, matter=" and ".join(matters))


def _topic(part: Part) -> Topic:
    kinds = named_kinds(part.resolved.text.lower(), part.lexicon)
    return Topic(part.resolved.text, _name(part), kinds, _matter(part))


def _name(part: Part) -> str:
    return part.phrase if is_noun_phrase(part.phrase, part.lexicon) else ""


def _matter(part: Part) -> str:
    """A follow-up that was put beside the matter before it stays with that matter."""
    return part.matter or matter_of(part.resolved.text, "" if _is_asked(part) else _name(part), part.lexicon)


def _is_asked(part: Part) -> bool:
    return part.clause.mood is Mood.QUESTION and not part.clause.kinds


def _read(question: str, topic: Topic | None) -> list[Part]:
    text = head_and_tail(clean(question))
    language = detect_language(masked(text))
    lexicon = load_lexicon(language)
    read = [
        read_clause(clause, lexicon)
        for clause in _spoken(mended(text, language), lexicon)
        if clause.text.strip()
    ]
    parts: list[Part] = []
    for at in range(len(read)):
        parts.append(_part(at, read, parts, topic, lexicon))
    return _kept(parts) or [_blank(question)]


def _spoken(text: str, lexicon: Lexicon) -> Iterator[Sentence]:
    """The clauses of the asker's own words; what follows a reported colon is material, not question."""
    for sentence in sentences(text):
        if is_reporting(sentence, lexicon):
            yield sentence
            return
        yield from clauses(sentence, lexicon)


def _part(
    at: int, read: Sequence[Clause], parts: Sequence[Part], topic: Topic | None, lexicon: Lexicon
) -> Part:
    clause = read[at]
    inner = next((_topic(part) for part in reversed(parts) if not part.talk), None)
    talk = _is_talk(clause, lexicon)
    about = None if talk else inner or topic
    resolved = resolve(clause, about, lexicon, inner=inner is not None)
    keeps = keeps_report(clause, about, lexicon)
    ordered = is_order_to_change(at, read, lexicon) and not keeps
    before = parts[-1].resolved.text if parts else ""
    reworded = _reworded(resolved.text, before, ordered, lexicon)
    anew = resolved.narrowed or keeps or reworded != resolved.text
    resolved = replace(resolved, text=reworded)
    return Part(
        clause=read_clause(_as_sentence(resolved.text), lexicon) if anew else clause,
        resolved=resolved,
        phrase=resolved.phrase or _phrase(resolved.text, ordered, lexicon),
        matter=about.matter if about and resolved.asked else "",
        lexicon=lexicon,
        inner=inner is not None and (resolved.pointed or (ordered and _names_nothing(clause, lexicon))),
        ordered=ordered,
        talk=talk,
        keeps=keeps,
        meant=about.kinds if about and resolved.asked and _names_nothing(clause, lexicon) else (),
    )


def _reworded(text: str, before: str, ordered: bool, lexicon: Lexicon) -> str:
    if not ordered:
        return unfronted(text, lexicon)
    done = effecting(imperative(text, lexicon), lexicon)
    return protecting(excepting(done, before, lexicon), lexicon)


def _names_nothing(clause: Clause, lexicon: Lexicon) -> bool:
    """ "… et déplace-les": other languages' orders that name nothing are for what the clause before has found."""
    return lexicon.language != "en" and not clause.kinds


def _phrase(text: str, ordered: bool, lexicon: Lexicon) -> str:
    return topic_phrase(without_destination(text, lexicon) if ordered else text, lexicon)


def _as_sentence(text: str) -> Sentence:
    return Sentence(text, masked(text))


def _is_talk(clause: Clause, lexicon: Lexicon) -> bool:
    return is_small_talk(clause, lexicon) or not any(c.isalnum() for c in clause.plain)


def _kept(parts: list[Part]) -> list[Part]:
    """The parts worth planning: talk only when there is nothing else, orders before the rest when there are many."""
    serious = [part for part in parts if not part.talk and not part.clause.negated] or parts
    serious = [part for part in serious if not _is_reason(part)] or serious
    if len(serious) <= MAX_CLAUSES:
        return serious
    first = serious[: MAX_CLAUSES - 2]
    return [*first, *serious[-2:]]


def _is_reason(part: Part) -> bool:
    """ "I ask because of the heat": why somebody asks is not what is asked."""
    return part.lexicon.opens("mood.reason", part.clause.core) is not None and not part.clause.questioned


def _blank(question: str) -> Part:
    clause = read_clause(_as_sentence(question), load_lexicon("en"))
    return Part(clause, Resolved(clean(question) or "…"), "", load_lexicon("en"), talk=True)
