"""Deciding what a clause needs: which kinds are searched, and what is done with what is found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pinakes.agents.planning.clause import Clause, Mood, filenames, named_kinds
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.orders import (
    asks_ability,
    changed_object,
    is_undoing,
    makes_text,
    without_destination,
)
from pinakes.core.files import Inventory, MediaType

SEARCH = {kind: f"{kind.value}_search" for kind in MediaType}
ANALYSIS = {
    MediaType.IMAGE: "visual_analysis",
    MediaType.DOCUMENT: "document_analysis",
    MediaType.LINK: "link_analysis",
    MediaType.VIDEO: "video_analysis",
}
STRONG_NOUNS = ("kind.image", "kind.document", "kind.link", "kind.video", "kind.folder")
LIBRARY_NOUNS = (*STRONG_NOUNS, "kind.generic")
_LOOKED_AT = frozenset({MediaType.IMAGE, MediaType.VIDEO})
CHAT_SHARE = 0.55
ORDER_CHAT_SHARE = 0.3
KIND_SHARE = 0.3
RARE_KIND_SHARE = 0.5
STRANGER_SHARE = 0.85
AGENT_SHARE = 0.45


@dataclass(frozen=True)
class Needs:
    """What a clause needs.

    Attributes:
        named: The kinds were named, not guessed.
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
    within: bool = False
    sure: float = 1.0

    @property
    def empty(self) -> bool:
        """Whether nothing but talk is needed."""
        return not (self.kinds or self.analytics or self.change or self.report or self.others)


@dataclass(frozen=True)
class View:
    """A stand-alone clause with everything that choosing looks at."""

    text: str
    clause: Clause
    lexicon: Lexicon
    shares: Mapping[str, float]
    inventory: Inventory
    kinds: tuple[MediaType, ...]
    kinds_by_name: tuple[MediaType, ...] = ()

    @property
    def plain(self) -> str:
        """The stand-alone text in lower case."""
        return self.text.lower()

    def has(self, key: str) -> bool:
        """Return whether the stand-alone text holds one of the key's words."""
        return self.lexicon.has(key, self.plain)

    def share(self, agent: str) -> float:
        """Return how likely an agent is by meaning alone."""
        return self.shares.get(agent, 0.0)


def choose(view: View, ordered: bool) -> Needs:
    """Return what a clause needs; `ordered` says that grammar found an order to change."""
    if ordered and _targets_library(view):
        return _change(view)
    if asks_ability(view.clause, view.lexicon) or _is_talk(view) or _is_worldly(view):
        return Needs(chat=True, sure=_sure_of_talk(view))
    subject = _report_subject(view)
    if subject is not None:
        return _report(view, subject)
    kinds, sure = _kinds(view)
    return _questions(view, kinds, sure)


def _questions(view: View, kinds: tuple[MediaType, ...], sure: float) -> Needs:
    needs = Needs(kinds=kinds, analyses=_analyses(view, kinds), analytics=_is_analytics(view), sure=sure)
    if _is_cross(view, kinds):
        both = kinds if len(kinds) > 1 else (*kinds, _other_kind(kinds))
        return replace(
            needs, kinds=both, cross=True, analyses=needs.analyses if view.has("act.compare") else ()
        )
    if needs.analytics and not needs.analyses and not _is_searched(view):
        return replace(needs, kinds=())
    return replace(needs, others=_others(view), within=view.has("select.topic"))


def _others(view: View) -> tuple[str, ...]:
    known = {*SEARCH.values(), *ANALYSIS.values(), "analytics", "cross_reference", "folder_management"}
    known |= {"report_synthesis", "chat"}
    return tuple(name for name, share in view.shares.items() if name not in known and share >= AGENT_SHARE)


def _targets_library(view: View) -> bool:
    """An order changes the library when its object is of the library."""
    core = view.clause.core if view.lexicon.language != "en" else _core(view)
    if is_undoing(core, view.lexicon) or filenames(core) or view.lexicon.language != "en":
        return True
    target = changed_object(core, view.lexicon)
    if target is None:
        target = core
    strong = any(view.lexicon.has(key, target) for key in STRONG_NOUNS) or _names_known(view, target)
    if strong or _names_known(view, core):
        return True
    if view.has("kind.world"):
        return False
    if view.lexicon.has("kind.generic", target) or view.has("kind.folder"):
        return True
    if view.lexicon.is_all("refer.pronoun", target.split(" ", 1)[0]):
        return bool(view.kinds) or view.share("chat") < AGENT_SHARE
    return view.share("folder_management") >= AGENT_SHARE and view.share("chat") < ORDER_CHAT_SHARE


def _core(view: View) -> str:
    verb = view.clause.core.split(" ", 1)[0]
    at = view.plain.find(verb)
    return (view.plain[at:] if verb and at >= 0 else view.plain).rstrip(" .!?")


def _change(view: View) -> Needs:
    kinds = _selected_kinds(view)
    looked = tuple(kind for kind in kinds if kind in _LOOKED_AT and view.has("look.quality"))
    return Needs(kinds=kinds, analyses=looked, change=True)


def _names_known(view: View, text: str) -> bool:
    names = (*view.inventory.folders, *view.inventory.tags)
    return any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text) for name in names if len(name) > 2)


def _selected_kinds(view: View) -> tuple[MediaType, ...]:
    """The kinds to search before changing: only when content, not a name, selects what is changed."""
    if filenames(view.plain) or not _has_content(view):
        return ()
    if view.kinds:
        return view.kinds
    return (MediaType.IMAGE, MediaType.DOCUMENT)


def _has_content(view: View) -> bool:
    selecting = without_destination(_core(view), view.lexicon)
    return view.lexicon.has("select.content", selecting) or any(
        _is_modified(view, key) for key in STRONG_NOUNS[:4]
    )


def _is_modified(view: View, key: str) -> bool:
    """ "Expired contracts" are selected by what they are; "all contracts" are not."""
    plain = view.plain
    words = [plain[: match.start()].split()[-1:] for match in view.lexicon.hits(key, plain)]
    modifiers = [word[0] for word in words if word and plain.split()[0] != word[0]]
    return any(not view.lexicon.is_all("select.plain", word) for word in modifiers)


def _is_searched(view: View) -> bool:
    """Numbers over what only a search can find ("photos of cats"), or files to be shown as well."""
    if view.has("select.topic"):
        return True
    shown = view.lexicon.opens("act.search", view.clause.core) is not None
    return bool(view.kinds) and (shown or not (_counts(view) or _beside_library_noun(view, "aggregate.rank")))


def _is_talk(view: View) -> bool:
    bare = view.clause.plain.strip(" \t\n,;:.!?¿¡-–—…\"'")
    keys = ("talk.greeting", "talk.thanks", "talk.goodbye", "talk.answer", "talk.ability", "talk.errand")
    return any(view.lexicon.is_all(key, text) for key in keys for text in (bare, view.clause.core))


def _is_worldly(view: View) -> bool:
    """Chit-chat and errands: nothing of a library is named and the meaning is talk."""
    if view.kinds or view.has("kind.generic") or view.has("kind.folder"):
        return False
    if view.clause.mood in (Mood.ORDER, Mood.WISH):
        return view.share("chat") >= ORDER_CHAT_SHARE
    return view.share("chat") >= (CHAT_SHARE if _is_personal(view) else STRANGER_SHARE)


def _is_personal(view: View) -> bool:
    """Questions that speak of you, me or the world right now; others a document might answer."""
    if view.lexicon.language != "en" or view.clause.mood is Mood.STATEMENT:
        return True
    return view.has("talk.personal") or view.has("talk.live")


def _sure_of_talk(view: View) -> float:
    return view.share("chat") if _is_worldly(view) else 1.0


def _kinds(view: View) -> tuple[tuple[MediaType, ...], float]:
    if view.kinds:
        return (*view.kinds, *_records(view)), 1.0
    likely = {kind: view.share(SEARCH[kind]) + view.share(ANALYSIS[kind]) for kind in MediaType}
    best = max(likely.values())
    if view.has("kind.generic") and view.clause.mood is Mood.QUESTION and view.has("mood.licenser"):
        return (MediaType.DOCUMENT,), 0.8
    if view.has("kind.generic"):
        stocked = [kind for kind in MediaType if view.inventory.counts.get(kind.value)]
        return tuple(dict.fromkeys((MediaType.IMAGE, MediaType.DOCUMENT, *stocked))), 0.8
    chosen = [kind for kind in MediaType if likely[kind] >= max(_floor(view, kind), best / 2)]
    if view.clause.mood is Mood.STATEMENT and not view.clause.questioned and MediaType.IMAGE not in chosen:
        chosen.insert(0, MediaType.IMAGE)
    if MediaType.DOCUMENT not in chosen:
        chosen.append(MediaType.DOCUMENT)
    return tuple(chosen), best


def _floor(view: View, kind: MediaType) -> float:
    rare = kind in (MediaType.LINK, MediaType.VIDEO) and not view.inventory.counts.get(kind.value)
    return RARE_KIND_SHARE if rare else KIND_SHARE


def _records(view: View) -> tuple[MediaType, ...]:
    """Who moved or deleted a thing is told by documents, whatever the thing."""
    past = view.has("change.done") or view.has("change.did")
    asked = view.clause.mood is Mood.QUESTION and past and MediaType.DOCUMENT not in view.kinds
    return (MediaType.DOCUMENT,) if asked else ()


def _report_subject(view: View) -> str | None:
    """Return what a report is asked about, or None where no report is asked for."""
    core, lexicon = view.clause.core, view.lexicon
    wished = lexicon.opens("act.wished_report", core) if view.clause.mood is Mood.WISH else None
    opener = lexicon.opens("act.compose", core)
    noun = lexicon.find("act.report", core[opener.end() :]) if opener else None
    if opener is None or noun is None:
        return core[wished.end() :] if wished else None
    before = core[opener.end() :][: noun.start()].split()
    gathered = makes_text(core, lexicon)
    verbs = [match.group() for key in _GATHERING if (match := lexicon.opens(key, core))]
    short = len(before) <= _REPORT_WORDS and opener.group() not in verbs
    aimed = {"into", "as"} & set(before[-3:])
    return core[opener.end() + noun.end() :] if gathered or short or aimed else None


_REPORT_WORDS = 4
_GATHERING = ("change.place", "change.sort", "change.join")


def _report(view: View, subject: str) -> Needs:
    named = named_kinds(subject, view.lexicon) or view.kinds_by_name
    asked = replace(view, kinds=named)
    kinds, sure = _kinds(asked)
    analyses = tuple(kind for kind in kinds if any(view.has(key) for key in ("act.compare", "act.summarise")))
    return Needs(kinds=kinds, analyses=analyses if named else (), report=True, named=bool(named), sure=sure)


def _analyses(view: View, kinds: tuple[MediaType, ...]) -> tuple[MediaType, ...]:
    return tuple(kind for kind in kinds if _wants_analysis(view, kind))


def _wants_analysis(view: View, kind: MediaType) -> bool:
    if any(view.has(key) for key in ("act.summarise", "act.compare", "act.analyse")):
        return True
    if view.lexicon.opens("act.extract", view.clause.core):
        return True
    counted = _is_analytics(view)
    if kind in _LOOKED_AT and kind in view.kinds and _looks(view, asked=not counted):
        return True
    searched = view.lexicon.opens("act.search", view.clause.core) is not None or counted
    return not searched and view.share(ANALYSIS[kind]) >= AGENT_SHARE


def _looks(view: View, asked: bool) -> bool:
    if view.lexicon.opens("act.describe", view.clause.core) or view.has("look.quality"):
        return True
    opens = view.clause.mood is Mood.QUESTION or view.lexicon.opens("act.tell", view.clause.core) is not None
    return opens and not view.has("look.existence") and (asked or view.has("look.content"))


def _is_analytics(view: View) -> bool:
    if (
        view.share("analytics") >= AGENT_SHARE
        or _counts(view)
        or _beside_library_noun(view, "aggregate.rank")
    ):
        return True
    return view.has("aggregate.status") and any(view.has(key) for key in LIBRARY_NOUNS)


def _counts(view: View) -> bool:
    return any(_beside_library_noun(view, key) for key in ("aggregate.count", "aggregate.measure"))


def _beside_library_noun(view: View, key: str, words: int = 4) -> bool:
    for match in view.lexicon.hits(key, view.plain):
        before = " ".join(view.plain[: match.start()].split()[-words:])
        after = " ".join(view.plain[match.end() :].split()[:words])
        if any(view.lexicon.has(noun, side) for noun in LIBRARY_NOUNS for side in (before, after)):
            return True
    return False


def _is_cross(view: View, kinds: tuple[MediaType, ...]) -> bool:
    if len(view.kinds) > 1:
        return view.has("act.relation")
    if not view.kinds:
        return view.has("act.cross_named")
    return view.has("act.cross_named") or (kinds[0] in _LOOKED_AT and view.has("act.norm"))


def _other_kind(kinds: tuple[MediaType, ...]) -> MediaType:
    return MediaType.IMAGE if kinds and kinds[0] is MediaType.DOCUMENT else MediaType.DOCUMENT
