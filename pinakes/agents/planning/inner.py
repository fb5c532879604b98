"""Clauses that go on with what the clause before has found, though no pronoun says so."""

from __future__ import annotations

import re
from dataclasses import replace

from pinakes.agents.planning.clause import Clause, Mood, named_kinds
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.topic import EDGE, Resolved, Topic, about_topic, sentence_case
from pinakes.core.files import MediaType

_WHAT = re.compile(r" (?:me |us )?(?:if|whether|which|what|who|how|where)\b")
_PICTURES = {MediaType.IMAGE}


def told(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """Return "… and tell me if the guardrails are up" as a question of what the clause before has found."""
    match = lexicon.opens("act.tell", clause.core)
    asked = clause.core[match.end() :] if match else ""
    if not _WHAT.match(asked) or clause.kinds or not topic.phrase or not topic.kinds:
        return None
    if set(topic.kinds) == _PICTURES and _is_unseen(asked, lexicon):
        return None
    return _within(text, clause, topic)


def worked_on(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """Return "… and describe what people wear", "… and list all varieties" as work on what was found before."""
    pictures = set(topic.kinds) == _PICTURES
    match = lexicon.opens("act.looks" if pictures else "act.works", clause.core)
    rest = clause.core[match.end() :].strip() if match else ""
    if not rest or clause.mood is not Mood.ORDER or not (topic.phrase and topic.kinds):
        return None
    if named_kinds(rest, lexicon):
        return None
    named = any(lexicon.has(key, rest) for key in ("kind.generic", "kind.folder", "change.preposition"))
    if named and not _WHAT.match(f" {rest}"):
        return None
    return replace(_within(text, clause, topic), worked=True)


def _within(text: str, clause: Clause, topic: Topic) -> Resolved:
    bare = text.strip().rstrip(EDGE)
    return about_topic(sentence_case(f"{bare}, in {topic.phrase}", clause), topic)


def _is_unseen(asked: str, lexicon: Lexicon) -> bool:
    """Return whether no picture can tell it: "me how long the pump went on running"."""
    return lexicon.opens("look.unseen", re.sub(r"^ ?(?:me |us )?", "", asked)) is not None
