"""Deciding what a clause needs: which kinds are searched, and what is done with what is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pinakes.agents.planning.changes import selected_kinds, targets_library
from pinakes.agents.planning.clause import Mood, named_kinds
from pinakes.agents.planning.counting import adds_up, content, counts, is_analytics, is_searched
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.looking import bears_text, is_bearer_asked, wants_analysis
from pinakes.agents.planning.moments import is_moment_asked, moment_kinds
from pinakes.agents.planning.orders import asks_ability, makes_text
from pinakes.agents.planning.phrases import subject_of
from pinakes.agents.planning.remarks import is_small_talk
from pinakes.agents.planning.sorts import are_checked
from pinakes.agents.planning.talk import asks_of_product, is_worldly
from pinakes.agents.planning.view import AGENT_SHARE, ANALYSIS, LOOKED_AT, SEARCH, View
from pinakes.core.files import MediaType

_KIND_SHARE = 0.3
_CROSS_SHARE = 0.4
_OF_PRODUCT = 0.5
_RARE_KIND_SHARE = 0.5


@dataclass(frozen=True)
class Needs:
    """What a clause needs.

    Attributes:
        named: The kinds were named, not guessed.
        subject: What a report is to be about, where the clause says it after the word.
        within: Numbers are asked over what the search finds, not over whole kinds.
        sure: How settled the choice is, 0 to 1.
    """

    kinds: tuple[MediaType, ...] = ()
    analyses: tuple[MediaType, ...] = ()
    analytics: bool = False
    cross: bool = False
    change: bool = False
    report: bool = False
    chat: bool = False
    others: tuple[str, ...] = ()
    named: bool = True
    subject: str = ""
    within: bool = False
    sure: float = 1.0

    @property
    def empty(self) -> bool:
        """Whether nothing but talk is needed."""
        return not (self.kinds or self.analytics or self.change or self.report or self.others)


def choose(view: View, ordered: bool) -> Needs:
    """Return what a clause needs; `ordered` says that grammar found an order to change."""
    if ordered and targets_library(view):
        return _change(view)
    if view.lexicon.is_all("aggregate.overview", view.clause.core):
        return Needs(analytics=True)
    if asks_ability(view.clause, view.lexicon) or is_small_talk(view.clause, view.lexicon):
        return Needs(chat=True)
    if asks_of_product(view):
        return Needs(chat=True, sure=_OF_PRODUCT)
    if is_worldly(view):
        return Needs(chat=True, sure=view.share("chat"))
    subject = _report_subject(view)
    if subject is not None:
        return _report(view, subject)
    kinds, sure = _kinds(view)
    return _questions(view, kinds, sure)


def _change(view: View) -> Needs:
    kinds = selected_kinds(view)
    looked = tuple(kind for kind in kinds if kind in LOOKED_AT and view.has("look.quality"))
    return Needs(kinds=kinds, analyses=looked, change=True)


def _questions(view: View, kinds: tuple[MediaType, ...], sure: float) -> Needs:
    if adds_up(view):
        return Needs(kinds=(MediaType.DOCUMENT,), analyses=(MediaType.DOCUMENT,))
    alike = MediaType.IMAGE in view.kinds and view.has("look.alike")
    moment = is_moment_asked(view)
    analytics = is_analytics(view) and (counts(view) or not alike) and not moment
    analyses = tuple(kind for kind in kinds if wants_analysis(view, kind, analytics or moment))
    needs = Needs(kinds=kinds, analyses=analyses, analytics=analytics, sure=sure)
    if are_checked(view):
        return replace(needs, kinds=tuple(k for k in kinds if k in view.kinds), cross=True, analyses=())
    if _is_cross(view, kinds):
        both = kinds if len(kinds) > 1 else (*kinds, _other_kind(kinds))
        told = any(view.has(key) for key in ("act.summarise", "act.portray"))
        return replace(needs, kinds=both, cross=True, analyses=analyses if told else ())
    if analyses == kinds == (MediaType.IMAGE,) and _is_about_likeness(view):
        return replace(needs, kinds=(), analytics=False)
    if analytics and not set(analyses) & LOOKED_AT and not is_searched(view):
        return replace(needs, kinds=(), analyses=())
    others = _others(view)
    if others and not view.kinds and max(map(view.share, others)) >= sure:
        return replace(
            needs, kinds=(), analyses=(), others=others
        )  # a caller's agent, meant rather than a search
    return replace(needs, others=others, within=bool(content(view)))


def _is_about_likeness(view: View) -> bool:
    """Return whether pictures are compared with each other, all of them, so that no search can narrow them."""
    return view.has("look.alike") and not view.pointed and not content(view, "look.alike", "look.quality")


def _others(view: View) -> tuple[str, ...]:
    known = {*SEARCH.values(), *ANALYSIS.values(), "analytics", "cross_reference", "folder_management"}
    known |= {"report_synthesis", "chat"}
    return tuple(name for name, share in view.shares.items() if name not in known and share >= AGENT_SHARE)


def _kinds(view: View) -> tuple[tuple[MediaType, ...], float]:
    if moment := moment_kinds(view.plain, view.lexicon, view.inventory):
        return moment, 1.0
    if view.kinds or is_bearer_asked(view):
        return _named(view), 1.0
    if view.has("kind.generic"):
        return _generic(view), 0.8
    likely = {kind: view.share(SEARCH[kind]) + view.share(ANALYSIS[kind]) for kind in MediaType}
    best = max(likely.values())
    chosen = [kind for kind in MediaType if likely[kind] >= max(_floor(view, kind), best / 2)]
    stated = view.clause.mood is Mood.STATEMENT and not view.clause.questioned
    if MediaType.IMAGE not in chosen and (stated or view.has("look.plated")):
        chosen.insert(0, MediaType.IMAGE)
    if MediaType.DOCUMENT not in chosen:
        chosen.append(MediaType.DOCUMENT)
    return tuple(chosen), best


def _named(view: View) -> tuple[MediaType, ...]:
    """The kinds that are named; what carries text may stand in a picture as well as in a document."""
    kinds = list(view.kinds)
    if view.has("kind.article") and not view.lacks(MediaType.LINK):
        kinds.append(MediaType.LINK)
    if is_bearer_asked(view):
        kinds = kinds if MediaType.IMAGE in kinds else [MediaType.IMAGE, *kinds, MediaType.DOCUMENT]
    return tuple(dict.fromkeys((*kinds, *_records(view))))


def _generic(view: View) -> tuple[MediaType, ...]:
    if view.clause.mood is Mood.QUESTION and view.has("mood.licenser"):
        return (MediaType.DOCUMENT,)
    stocked = [kind for kind in MediaType if view.inventory.counts.get(kind.value)]
    return tuple(dict.fromkeys((MediaType.IMAGE, MediaType.DOCUMENT, *stocked)))


_NEVER = 9.0


def _floor(view: View, kind: MediaType) -> float:
    """Pages and videos that the library does not hold are searched only when they are named."""
    if kind not in (MediaType.LINK, MediaType.VIDEO) or view.inventory.counts.get(kind.value):
        return _KIND_SHARE
    return _NEVER if view.lacks(kind) else _RARE_KIND_SHARE


def _records(view: View) -> tuple[MediaType, ...]:
    """Who moved, deleted or made a thing is told by documents, whatever the thing."""
    past = any(view.has(key) for key in ("change.done", "change.did", "look.maker"))
    asked = view.clause.mood is Mood.QUESTION and past and MediaType.DOCUMENT not in view.kinds
    return (MediaType.DOCUMENT,) if asked else ()


def _report_subject(view: View) -> str | None:
    """Return what a report is asked about, or None where no report is asked for."""
    core, lexicon = view.clause.core, view.lexicon
    wanted = lexicon.opens("mood.want_done", core)
    wished = lexicon.opens("act.wished_report", core) if view.clause.mood is Mood.WISH else None
    wanted = wanted or lexicon.opens("mood.ask_for", core)
    if wanted and (asked := lexicon.opens("act.asked_report", core[wanted.end() :].strip())):
        return core[wanted.end() :].strip()[asked.end() :]
    opener = lexicon.opens("act.compose", core)
    noun = lexicon.find("act.report", core[opener.end() :]) if opener else None
    if opener is None or noun is None:
        return core[wished.end() :] if wished else None
    before = core[opener.end() :][: noun.start()].split()
    if lexicon.language == "zh":  # its matter stands before the noun
        return core[opener.end() :][: noun.start()]
    gathered = makes_text(core, lexicon)
    verbs = [match.group() for key in _GATHERING if (match := lexicon.opens(key, core))]
    short = len(before) <= _REPORT_WORDS and opener.group() not in verbs
    aimed = {"into", "as"} & set(before[-3:])
    return core[opener.end() + noun.end() :] if gathered or short or aimed else None


_REPORT_WORDS = 4
_GATHERING = ("change.place", "change.sort", "change.join")


def _report(view: View, subject: str) -> Needs:
    pictured = view.lexicon.has("act.illustrated", subject)
    matter = subject_of(view.text, subject, view.lexicon)
    for key in ("act.illustrated", "act.format"):
        subject = " ".join(rest for rest in _around(view.lexicon, key, subject))
    named = named_kinds(subject, view.lexicon) or view.kinds_by_name
    kinds, sure = _kinds(replace(view, kinds=named))
    if pictured:
        kinds = tuple(dict.fromkeys((MediaType.IMAGE, *kinds)))
    analyses = tuple(kind for kind in kinds if any(view.has(key) for key in ("act.compare", "act.summarise")))
    return Needs(
        kinds=kinds,
        analyses=analyses if named else (),
        report=True,
        named=bool(named),
        subject=matter,
        sure=sure,
    )


def _around(lexicon: Lexicon, key: str, text: str) -> Iterator[str]:
    start = 0
    for hit in lexicon.hits(key, text):
        yield text[start : hit.start()]
        start = hit.end()
    yield text[start:]


def _is_cross(view: View, kinds: tuple[MediaType, ...]) -> bool:
    both = set(view.kinds) | (
        {MediaType.IMAGE} if bears_text(view) and MediaType.DOCUMENT in view.kinds else set()
    )
    if len(both) > 1:
        return _relates(view) or _means_cross(view)
    if not view.kinds:
        return view.has("act.cross_named") or (bears_text(view) and view.has("act.norm"))
    return view.has("act.cross_named") or (kinds[0] in LOOKED_AT and view.has("act.norm"))


def _means_cross(view: View) -> bool:
    """Return whether kinds named together are meant to be held against each other, in whatever words."""
    questioned = view.clause.mood is Mood.QUESTION or view.lexicon.opens("act.tell", view.clause.core)
    return bool(questioned) and len(view.kinds) > 1 and view.share("cross_reference") >= _CROSS_SHARE


def _other_kind(kinds: tuple[MediaType, ...]) -> MediaType:
    return MediaType.IMAGE if kinds and kinds[0] is MediaType.DOCUMENT else MediaType.DOCUMENT


def _relates(view: View) -> bool:
    """A receipt is a document seen in a picture: only what is told apart from it can be checked against it."""
    if len(view.kinds) < 2:
        return view.has("act.cross_named")
    source = view.lexicon.opens("join.source", view.plain)
    only_told = source is not None and not set(view.kinds) & LOOKED_AT
    return view.lexicon.has(
        "act.relation", view.plain[source.end() :] if source and only_told else view.plain
    )
