"""Orders to change: whether they are about the library, and what must be found first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.planning.clause import filenames, named_kinds
from pinakes.agents.planning.foreign import changed_phrase
from pinakes.agents.planning.orders import changed_object, is_undoing, without_basis, without_destination
from pinakes.agents.planning.view import AGENT_SHARE, LIBRARY_NOUNS, STRONG_NOUNS, View
from pinakes.core.files import MediaType

_ORDER_CHAT_SHARE = 0.3
_PARTLY = re.compile(r"^(?:all|both|each|any|some|most|none|half|the rest|\w+) of ")


def targets_library(view: View) -> bool:
    """Return whether an order is about the library: its object is of it."""
    if view.lexicon.language != "en":
        return _targets_in_other_language(view)
    core = _core(view)
    if is_undoing(core, view.lexicon) or filenames(core):
        return True
    if view.pointed and view.kinds:
        return True  # what the turns or clauses before have found
    target = changed_object(core, view.lexicon)
    if target is None:
        target = core
    strong = any(view.lexicon.has(key, target) for key in STRONG_NOUNS) or _names_known(view, target)
    if strong or _names_known(view, core):
        return True
    if view.has("kind.world"):
        return False
    if not target:  # "sort by year"
        return True
    if view.lexicon.has("kind.generic", target) or view.has("kind.folder"):
        return True
    if any(view.lexicon.is_all("refer.pronoun", word) for word in _PARTLY.sub("", target).split()[:1]):
        return bool(view.kinds) or view.share("chat") < AGENT_SHARE
    return view.share("folder_management") >= AGENT_SHARE and view.share("chat") < _ORDER_CHAT_SHARE


def _targets_in_other_language(view: View) -> bool:
    """Meaning is judged in English alone, so files have to be named or pointed to."""
    core, lexicon = view.clause.core, view.lexicon
    named = any(view.has(key) for key in LIBRARY_NOUNS) or bool(filenames(core)) or _names_known(view, core)
    return named or is_undoing(core, lexicon) or lexicon.has("change.pronoun", core)


def _core(view: View) -> str:
    verb = view.clause.core.split(" ", 1)[0]
    at = view.plain.find(verb)
    return (view.plain[at:] if verb and at >= 0 else view.plain).rstrip(" .!?")


def _names_known(view: View, text: str) -> bool:
    names = (*view.inventory.folders, *view.inventory.tags)
    return any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text) for name in names if len(name) > 2)


def selected_kinds(view: View) -> tuple[MediaType, ...]:
    """Return the kinds to search before changing: only when content, not a name, selects what is changed."""
    if phrase := _phrase_of_order(view):
        kinds = named_kinds(phrase, view.lexicon)
        return kinds if not filenames(view.plain) and _selects(phrase, view) else ()
    if filenames(view.plain) or is_undoing(view.clause.core, view.lexicon) or not _has_content(view):
        return ()
    if view.has("select.besides") or _is_new_folder(view):
        return ()
    if not view.kinds:
        return (MediaType.IMAGE, MediaType.DOCUMENT)
    target = changed_object(_core(view), view.lexicon) or ""
    pictured = view.lexicon.has("kind.bearer", target)  # receipts are kept as pictures too
    return tuple(dict.fromkeys((*view.kinds, MediaType.IMAGE))) if pictured else view.kinds


def _is_new_folder(view: View) -> bool:
    """Return whether but a folder is made: "new folder Gran's letters" names it, and no letters."""
    made = view.lexicon.opens("change.make", view.clause.core)
    rest = view.clause.core[made.end() :].strip() if made else ""
    noun = view.lexicon.opens("change.made", rest)
    return noun is not None and view.lexicon.find("change.filling", rest[noun.end() :]) is None


def _phrase_of_order(view: View) -> str:
    """What an order of another language changes, in lower case, where its grammar tells."""
    undone = is_undoing(view.clause.core, view.lexicon)
    return (
        "" if undone or view.lexicon.language == "en" else changed_phrase(view.clause, view.lexicon).lower()
    )


def _selects(phrase: str, view: View) -> bool:
    """Return whether the words of an object tell some files of a kind from the others."""
    lexicon = view.lexicon
    if lexicon.has("kind.folder", phrase):
        return False
    sorts = (hit.group() for key in STRONG_NOUNS[:4] for hit in lexicon.hits(key, phrase))
    sorted_out = any(not lexicon.is_all("aggregate.plain", noun) for noun in sorts)
    told = lexicon.has("select.content", phrase) or lexicon.has("look.quality", phrase)
    return told or sorted_out or _is_modified(view, STRONG_NOUNS[:4], phrase)


def _has_content(view: View) -> bool:
    selecting = without_basis(without_destination(_core(view), view.lexicon), view.lexicon)
    if verb := view.lexicon.opens("change.verb", selecting):  # the "of" of "get rid of" selects nothing
        selecting = selecting[verb.end() :]
    return (
        view.lexicon.has("select.content", selecting)
        or view.has("look.quality")
        or _is_modified(view, STRONG_NOUNS[:4], view.plain)
        or _is_of_a_sort(view)
    )


def _is_of_a_sort(view: View) -> bool:
    """Receipts and contracts are told by what they say, photos and documents by what kind of file they are."""
    target = (
        (changed_object(_core(view), view.lexicon) or "") if view.lexicon.language == "en" else view.plain
    )
    if any(view.lexicon.has(key, target) for key in ("kind.folder", "change.edited")):
        return False
    sorts = (hit.group() for key in STRONG_NOUNS[:4] for hit in view.lexicon.hits(key, target))
    return any(not view.lexicon.is_all("aggregate.plain", noun) for noun in sorts)


def _is_modified(view: View, keys: Sequence[str], plain: str) -> bool:
    """ "Expired contracts" are selected by what they are; "all contracts" are not."""
    if "select.plain" not in view.lexicon.patterns:
        return False
    hits = (match for key in keys for match in view.lexicon.hits(key, plain))
    words = [plain[: match.start()].split()[-1:] for match in hits]
    modifiers = [word[0] for word in words if word and view.plain.split()[0] != word[0]]
    return any(not view.lexicon.is_all("select.plain", word) for word in modifiers)
