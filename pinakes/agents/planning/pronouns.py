"""Pronouns: what "it", "they", "her" and "that" point to, put in their place."""

from __future__ import annotations

import re
from dataclasses import replace

from pinakes.agents.planning.clause import Clause, named_kinds
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.phrases import is_noun_phrase
from pinakes.agents.planning.swaps import code_said_last
from pinakes.agents.planning.topic import EDGE, Resolved, Topic, about_topic, asked_about, sentence_case
from pinakes.core.files import MediaType

_OF_THE_SAME = re.compile(
    r" (?:with|without|have|has|having|had|showing|containing) (?:[\w-]+ ){1,5}(?:in|on) $"
)
_OWNER_WORDS = 4
_TOLD_WORDS = 6


def person(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """Return the clause with a name for "he" or "she", where the topic holds one."""
    match = lexicon.find("refer.person", text.lower())
    if match is None or not topic.person:
        return None
    replaced = text[: match.start()] + topic.person + text[match.end() :]
    if topic.kinds == (MediaType.VIDEO,) and topic.phrase and not clause.kinds:
        bare = replaced.rstrip(EDGE)
        replaced = f"{bare}, in {topic.phrase}{replaced[len(bare) :]}"
    return Resolved(sentence_case(replaced, clause), pointed=True, narrowed=True)


def pronoun(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """Return the clause with the topic's words for a pronoun that stands for them."""
    core = text.lower()
    if lexicon.has("refer.expletive", core):
        return None
    for match in lexicon.hits("refer.pronoun", core):
        if not _stands_alone(match, core, lexicon) or _is_named_before(match, core, lexicon):
            continue
        if match.group() in {"that", "this"} and _is_event(topic, lexicon):
            return asked_about(text, topic, clause)
        if unseen := _beyond_picture(text, match, topic, lexicon):
            return Resolved(sentence_case(unseen, clause), pointed=True, narrowed=True)
        if told := _told_of(clause, topic, lexicon):
            filled = _filled(text, match, replace(topic, phrase=told))
            return Resolved(sentence_case(filled, clause), pointed=True, narrowed=True)
        meant = _depicted(text, clause, topic, lexicon)
        return about_topic(sentence_case(_filled(text, match, meant), clause), topic)
    return None


def _beyond_picture(text: str, match: re.Match[str], topic: Topic, lexicon: Lexicon) -> str:
    """ "Who was it awarded to?" after a photo of the medal asks what no picture tells: of the medal."""
    opened = lexicon.opens("frame.depicting", topic.phrase)
    known = lexicon.has("aggregate.facts", text.lower())  # when and with what it was taken
    if opened is None or known or topic.kinds != (MediaType.IMAGE,) or match.group() != "it":
        return ""
    if lexicon.opens("look.unseen", text.lower()) is None:
        return ""
    return text[: match.start()] + topic.phrase[opened.end() :].strip() + text[match.end() :]


def _depicted(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Topic:
    """ "Tell me from the log how long it stood still": the machine in the photo, not the photo."""
    opened = lexicon.opens("frame.depicting", topic.phrase)
    other = clause.kinds and not set(clause.kinds) & set(topic.kinds)
    told = lexicon.opens("frame.from", text.lower())
    if opened and other and told:
        return replace(topic, phrase=topic.phrase[opened.end() :].strip())
    return topic


def _told_of(clause: Clause, topic: Topic, lexicon: Lexicon) -> str:
    """What is sought in files of another kind: after "what does the report say of P-104" the pump, not the report."""
    if not clause.kinds or not topic.kinds or set(clause.kinds) & set(topic.kinds):
        return ""
    said = lexicon.find("frame.told_of", topic.question.lower())
    told = topic.question[said.end() :].strip(EDGE) if said else ""
    if 0 < len(told.split()) <= _TOLD_WORDS and is_noun_phrase(told, lexicon):
        return told
    return code_said_last(topic.question)


def _is_event(topic: Topic, lexicon: Lexicon) -> bool:
    """After a question that names no files, or one put as "tell me how …", "that" is what happened, not a thing."""
    plain = topic.question.lower()
    opened = lexicon.opens("frame.from", plain)
    told = opened is not None and lexicon.opens("mood.wh", plain[opened.end() :].strip()) is not None
    return told or (topic.question.endswith("?") and not topic.kinds)


def _is_named_before(match: re.Match[str], core: str, lexicon: Lexicon) -> bool:
    """In "does the manual say when it expires" the clause itself names what "it" is; so "photos with red in them"."""
    told = lexicon.opens("frame.from", core)
    before = core[told.end() if told else 0 : match.start()]
    if _OF_THE_SAME.search(before) and named_kinds(before, lexicon):
        return True
    if match.group() in {"that", "this", "those", "these"} or lexicon.has("change.preposition", before[-6:]):
        return False
    return lexicon.has("frame.articled", before.rstrip())


def there(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """Return the clause beside the topic's matter: "What happened there?", "who had done so?"."""
    return asked_about(text, topic, clause) if lexicon.has("refer.there", text.lower().strip(EDGE)) else None


def _filled(text: str, match: re.Match[str], topic: Topic) -> str:
    """ "What colour is it?" after photos of a crane means the crane, in those photos."""
    before, after = text[: match.start()], text[match.end() :]
    if (
        match.group() == "it"
        and topic.kinds
        and re.match(r"the [\w-]+s\b", topic.phrase)
        and not _is_verb_object(before)
    ):
        closing = after.strip()[-1:] if after.strip()[-1:] in "?!." else ""
        return f"{before}it{after.rstrip(EDGE)}, in {topic.phrase}{closing}"
    return before + topic.phrase + after


def _is_verb_object(before: str) -> bool:
    return len(before.split()) == 1


def _stands_alone(match: re.Match[str], core: str, lexicon: Lexicon) -> bool:
    word = match.group()
    if word in {"them", "they", "it", "he", "she", "him"}:
        return True
    rest = core[match.end() :].lstrip(" ")
    if not rest.strip(EDGE) and re.search(r"(?<!\w)(?:do|doing) $", core[: match.start()]):
        return False  # "how do I do that" names a deed
    key = "refer.after_that" if word == "that" else "refer.after_pronoun"
    return not rest or rest[0] in ",;:.!?)" or lexicon.opens(key, rest) is not None


def possessive(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """Return the clause with the topic as owner: "the safety officer's number" for "her number"."""
    match = lexicon.find("refer.possessive", text.lower())
    if match is None or _is_named_before(match, text.lower(), lexicon) or _is_its_own(match, text, lexicon):
        return None
    owner = topic.person if match.group() in {"his", "her"} and topic.person else topic.phrase
    if not owner or len(owner.split()) > _OWNER_WORDS or _is_file(owner.lower(), lexicon):
        return possessed(text, clause, topic)
    replaced = f"{text[: match.start()]}{owner}{_genitive(owner)}{text[match.end() :]}"
    return about_topic(sentence_case(replaced, clause), topic)


_OWNER_WORDS = 4


def _is_its_own(match: re.Match[str], text: str, lexicon: Lexicon) -> bool:
    """In "all invoices with their totals" the totals are those of the invoices."""
    before = text[: match.start()].lower()
    return _BESIDE.search(before) is not None and bool(named_kinds(before, lexicon))


_BESIDE = re.compile(r"(?<!\w)(?:with|without|by|and|including|plus) (?:all )?$")


def _is_file(owner: str, lexicon: Lexicon) -> bool:
    return (
        bool(named_kinds(owner, lexicon))
        or lexicon.has("kind.bearer", owner)
        or lexicon.has("kind.label", owner)
    )


def _genitive(owner: str) -> str:
    return "'" if owner.endswith("s") else "'s"


def possessed(text: str, clause: Clause, topic: Topic) -> Resolved:
    """Return the clause with the topic's phrase beside it."""
    bare = text.strip().rstrip(EDGE)
    closing = text.strip()[len(bare) :]
    return about_topic(sentence_case(f"{bare}, about {topic.phrase}{closing}", clause), topic)
