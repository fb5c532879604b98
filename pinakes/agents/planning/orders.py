"""Telling orders to change the library from everything that merely speaks of changing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.planning.clause import Clause, Mood
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.objects import (
    KIND_KEYS,
    has_object,
    is_bare_kind,
    is_plural,
    names_file,
    noun_phrase,
)
from pinakes.agents.planning.states import located, renamed

_OBJECT_WORDS = 5


def is_order_to_change(at: int, clauses: Sequence[Clause], lexicon: Lexicon) -> bool:
    """Return whether a clause plainly orders a change; what grammar cannot settle is not one."""
    clause = clauses[at]
    if clause.negated or lexicon.has("mood.hypothetical", clause.plain):
        return False
    if not _addressed(at, clauses, lexicon) or makes_text(clause.core, lexicon):
        return False
    core = clause.core
    if located(clause.text, lexicon) is not None:
        return True
    if clause.mood in (Mood.ORDER, Mood.WISH):
        return _changes(core, clause, lexicon) or _arranges(at, clauses, lexicon)
    if _wants_it_done(core, lexicon) or _wants_folder(at, clauses, lexicon):
        return True
    return _foreign_order(clause, lexicon)


def _addressed(at: int, clauses: Sequence[Clause], lexicon: Lexicon) -> bool:
    """A coordinated verb takes its mood from the clause before it; what follows a colon is being quoted."""
    clause = clauses[at]
    if at and clause.joint == ":" and len(clauses[at - 1].core.split()) > 1:
        return False
    if any(c.joint == ":" and _speaks(clauses[i - 1], lexicon) for i, c in enumerate(clauses[: at + 1]) if i):
        return False
    if clause.mood is Mood.WISH:
        return not any(other.mood is Mood.QUESTION for other in clauses)
    if at == 0 or not clause.joint or clause.asked:
        return True
    before = clauses[at - 1]
    if before.mood is Mood.QUESTION or lexicon.has("mood.hypothetical", before.plain):
        return not lexicon.has("mood.licenser", before.plain)
    return not _open_infinitive(before, lexicon) and not _speaks_of_order(before, lexicon)


def _speaks(clause: Clause, lexicon: Lexicon) -> bool:
    return lexicon.has("mood.speech", clause.plain)


def _open_infinitive(before: Clause, lexicon: Lexicon) -> bool:
    """In "find the steps to move a file and delete it" the second verb belongs to "to"."""
    keys = ("change.verb", "change.place", "change.mark", "change.undo")
    tails = re.findall(r"(?<!\w)to (?=\w)(.*)", before.core)
    return any(lexicon.opens(key, tail) for key in keys for tail in tails)


def _speaks_of_order(before: Clause, lexicon: Lexicon) -> bool:
    return before.mood is Mood.STATEMENT and not before.negated and _speaks(before, lexicon)


def _changes(core: str, clause: Clause, lexicon: Lexicon) -> bool:
    return (
        _undoes(core, lexicon)
        or _verb_with_object(core, clause, lexicon)
        or _placing(core, lexicon)
        or _sorting(core, lexicon)
        or _marking(core, lexicon)
        or _making(core, lexicon)
        or _editing(core, lexicon)
        or _gerund_request(core, lexicon)
        or _foreign_order(clause, lexicon)
        or (clause.asked and core.startswith("have ") and _wants_it_done(core, lexicon))
    )


def _rest(key: str, core: str, lexicon: Lexicon) -> str | None:
    match = lexicon.opens(key, core)
    return None if match is None else core[match.end() :].strip()


def makes_text(core: str, lexicon: Lexicon) -> bool:
    """Return whether things are to be brought together in a text, not in a folder: "put it into a report"."""
    keys = ("change.place", "change.sort", "change.join")
    return any(lexicon.opens(key, core) for key in keys) and lexicon.has("change.text", core)


def asks_ability(clause: Clause, lexicon: Lexicon) -> bool:
    """Return whether a clause asks if changes can be made at all: "can you rename files?"."""
    rests = [_rest(key, clause.core, lexicon) for key in ("change.verb", "change.place", "change.mark")]
    return (
        clause.asked
        and clause.questioned
        and any(rest is not None and is_bare_kind(rest, lexicon) for rest in rests)
    )


def _undoes(core: str, lexicon: Lexicon) -> bool:
    rest = _rest("change.undo", core, lexicon)
    return rest is not None and (not rest or lexicon.opens("change.undone", rest) is not None)


def _verb_with_object(core: str, clause: Clause, lexicon: Lexicon) -> bool:
    rest = _rest("change.verb", core, lexicon)
    if rest is None or not has_object(rest, lexicon):
        return False
    return not (clause.asked and clause.questioned and is_bare_kind(rest, lexicon))


def _placing(core: str, lexicon: Lexicon) -> bool:
    rest = _rest("change.place", core, lexicon)
    if rest is None or not has_object(rest, lexicon):
        return False
    if lexicon.has("change.there", rest):
        return True
    where = lexicon.find("change.where", rest)
    return where is not None and bool(rest[where.end() :].strip()) and where.start() > 0


def _sorting(core: str, lexicon: Lexicon) -> bool:
    rest = _rest("change.sort", core, lexicon)
    return rest is not None and has_object(rest, lexicon) and lexicon.has("change.into", rest)


def _arranges(at: int, clauses: Sequence[Clause], lexicon: Lexicon) -> bool:
    """ "Sort my photos by year" files them; by size, or after "show me …", it is an order to show them in."""
    rest = _rest("change.arrange", clauses[at].core, lexicon)
    by = lexicon.find("change.by", rest) if rest is not None else None
    if rest is None or by is None or lexicon.has("change.shown", rest):
        return False
    basis, objects = rest[by.end() :].strip(), rest[: by.start()].strip()
    grouped = bool(basis) and not lexicon.opens("change.measure", basis)
    return grouped and _are_files(objects, lexicon) and not _looked_at(clauses[:at], lexicon)


def _are_files(objects: str, lexicon: Lexicon) -> bool:
    """Return whether whole files are meant, not what they say: nothing, "them", or their plural as the head."""
    noun = noun_phrase(objects, lexicon).strip().rsplit(" ", 1)[-1]
    if not objects or lexicon.is_all("change.meant", noun):
        return True
    known = any(lexicon.is_all(key, noun) for key in KIND_KEYS[:5])
    return known and is_plural(noun) and not lexicon.is_all("kind.part", noun)


def _looked_at(before: Sequence[Clause], lexicon: Lexicon) -> bool:
    keys = ("act.search", "act.tell", "act.do", "aggregate.count")
    return any(c.mood is Mood.QUESTION or any(lexicon.opens(key, c.core) for key in keys) for c in before)


def _marking(core: str, lexicon: Lexicon) -> bool:
    rest = _rest("change.mark", core, lexicon)
    if rest is None:
        return False
    if lexicon.opens("change.object", rest) or names_file(rest):
        return True
    return has_object(rest, lexicon) and lexicon.has("change.as", rest)


def _making(core: str, lexicon: Lexicon) -> bool:
    rest = _rest("change.make", core, lexicon)
    return rest is not None and lexicon.opens("change.made", rest) is not None


def _editing(core: str, lexicon: Lexicon) -> bool:
    given = _rest("change.give", core, lexicon)
    if given is not None and (lexicon.opens("change.given", given) or renamed(core, lexicon)):
        return True
    rest = _rest("change.edit", core, lexicon)
    if rest is None:
        return False
    edited = lexicon.find("change.edited", rest)
    if not has_object(rest, lexicon):
        return False
    return edited is not None and len(rest[: edited.start()].split()) <= _OBJECT_WORDS


def _wants_it_done(core: str, lexicon: Lexicon) -> bool:
    rest = _rest("mood.want_done", core, lexicon)
    if rest is None:
        return False
    done = lexicon.find("change.done", rest)
    if done is None or not has_object(rest, lexicon) or _TELLING.search(rest[: done.start()]):
        return False
    after = rest[done.end() :]  # "the leases moved to Old", not "the leases moved last week"
    return not after.strip(" .!?") or _AIM.match(after) is not None


def _wants_folder(at: int, clauses: Sequence[Clause], lexicon: Lexicon) -> bool:
    """ "I want a folder named Boats with all boat pictures", said by somebody who asks nothing besides."""
    rest = _rest("mood.want_done", clauses[at].core, lexicon)
    if rest is None or any(other.mood is Mood.QUESTION for other in clauses):
        return False
    return lexicon.opens("change.new_folder", rest) is not None


_TELLING = re.compile(r"(?<!\w)(?:that|which|who|been|was|were|is|are|being|had|ever|already)(?!\w)")
_AIM = re.compile(
    r",? (?:to|into|in|inside|under|as|with|by|from|out|away|off|up|please|now|and|too|together|for)\b"
)


def _gerund_request(core: str, lexicon: Lexicon) -> bool:
    rest = _rest("mood.gerund_request", core, lexicon)
    after = _rest("change.gerund", rest, lexicon) if rest is not None else None
    return after is not None and has_object(after, lexicon)


def _foreign_order(clause: Clause, lexicon: Lexicon) -> bool:
    if clause.asked or clause.mood is Mood.WISH:
        return any(lexicon.opens(key, clause.core) for key in ("change.order", "change.order_final"))
    return lexicon.opens("change.order", clause.core) is not None and not clause.questioned


_WITH_OBJECT = (
    *(
        "change.verb",
        "change.place",
        "change.sort",
        "change.mark",
        "change.edit",
        "change.give",
        "mood.want_done",
    ),
)


def changed_object(core: str, lexicon: Lexicon) -> str | None:
    """Return the words of the direct object of an English order, or None where no verb of change opens the text."""
    for key in _WITH_OBJECT:
        rest = _rest(key, core, lexicon)
        if rest is not None:
            return noun_phrase(rest, lexicon).strip()
    return None


def is_undoing(core: str, lexicon: Lexicon) -> bool:
    """Return whether an order takes an earlier change back."""
    return _undoes(core, lexicon)


def without_destination(text: str, lexicon: Lexicon) -> str:
    """Return an order without its "to Archive" or "as urgent", and without what it is for ("so that …")."""
    aim = lexicon.find("change.aim", text.lower())
    text = text[: aim.start()].rstrip(" ,") if aim and aim.start() else text
    there = lexicon.find("change.there", text.lower())
    text = text[: there.start()].rstrip() if there else text
    plain = text.lower()
    placed = any(lexicon.opens(key, plain) for key in ("change.place", "change.sort", "change.join"))
    key = "change.where" if placed else "change.as"
    if key == "change.as" and not lexicon.opens("change.mark", plain):
        return text
    places = [match for match in lexicon.hits(key, plain) if match.start() > 0]
    return text[: places[-1].start()].rstrip() if places else text


def without_basis(text: str, lexicon: Lexicon) -> str:
    """Return an order to arrange without its "by topic and year"."""
    plain = text.lower()
    arranged = lexicon.opens("change.arrange", plain) or lexicon.opens("change.organise", plain)
    by = lexicon.find("change.by", plain) if arranged else None
    return text[: by.start()].rstrip() if by else text
