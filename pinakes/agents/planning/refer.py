"""Follow-ups: making a clause stand alone by putting what it points to in its place."""

from __future__ import annotations

import re
from dataclasses import replace

from pinakes.agents.planning.clause import Clause, Mood, named_kinds, opens_with_verb
from pinakes.agents.planning.inner import told, worked_on
from pinakes.agents.planning.lexicons import Lexicon, load_lexicon
from pinakes.agents.planning.pronouns import person, possessed, possessive, pronoun, there
from pinakes.agents.planning.swaps import renamed, swapped
from pinakes.agents.planning.topic import (
    EDGE,
    Resolved,
    Topic,
    about_topic,
    asked_about,
    bare_phrase,
    sentence_case,
)


def resolve(clause: Clause, topic: Topic | None, lexicon: Lexicon, *, inner: bool = False) -> Resolved:
    """Return the clause with its references to the topic replaced by the topic's words.

    Args:
        clause: The clause as typed.
        topic: What the conversation is about, if anything.
        lexicon: The clause's language.
        inner: The topic comes from an earlier clause of the same turn.
    """
    text = _trimmed(clause)
    if topic is None or not text:
        return Resolved(sentence_case(text or clause.text, clause))
    for rule in _RULES:
        answer = rule(text, clause, topic, lexicon)
        if answer is not None:
            nameless = (
                not topic.phrase and not answer.narrowed and rule not in (_why, _kept_report, person, there)
            )
            return asked_about(text, topic, clause) if nameless else answer
    found = told(text, clause, topic, lexicon) or worked_on(text, clause, topic, lexicon) if inner else None
    return found or Resolved(sentence_case(text, clause))


def keeps_report(clause: Clause, topic: Topic | None, lexicon: Lexicon) -> bool:
    """Return whether a clause wants the report or answer just given in the library: "save it into Reports"."""
    if topic is not None and lexicon.opens("change.keep_answer", clause.core):
        return True
    if topic is None or lexicon.opens("change.keep", clause.core) is None:
        return False
    return orders_report(topic.question)


def _kept_report(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    if not keeps_report(clause, topic, lexicon):
        return None
    if not orders_report(topic.question):
        return about_topic(f"Write a report. {sentence_case(text, clause)}", topic)
    return about_topic(f"{topic.question} {sentence_case(text, clause)}", topic)


def orders_report(question: str) -> bool:
    """Return whether a question asked for a report to be written."""
    written, lexicon = question.lower(), load_lexicon("en")
    return lexicon.opens("act.compose", written) is not None and lexicon.has("act.report", written)


def _trimmed(clause: Clause) -> str:
    """The clause as typed, from where its core begins."""
    at = clause.plain.find(clause.core) if clause.core else -1
    text = clause.text.strip()
    return text[at:].strip() if 0 <= at < len(text) and len(text) == len(clause.plain) else text


def _core(text: str) -> str:
    return text.lower().strip(EDGE)


def _why(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    if not lexicon.is_all("refer.why", _core(text)):
        return None
    return about_topic(f"{sentence_case(text, clause)[:-1]}, about {_about(topic)}?", topic)


def _about(topic: Topic) -> str:
    phrase = topic.phrase or topic.question.rstrip(EDGE)
    return phrase if phrase[:2].isupper() else phrase[0].lower() + phrase[1:]


def _says_what(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """ "And what does the website say?": about what was asked of something else."""
    if not lexicon.is_all("refer.says", _core(text)) or set(clause.kinds) & set(topic.kinds):
        return None
    of = lexicon.find("frame.told_of", topic.question.lower())
    matter = topic.question[of.end() :].strip(EDGE) if of else topic.matter
    return asked_about(text, replace(topic, matter=matter or topic.matter), clause)


def _count(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    core = _core(text)
    counted = lexicon.opens("refer.count", core)
    rest = core[counted.end() :].strip() if counted else ""
    if counted is None or (rest and not lexicon.is_all("refer.grouped", rest)):
        return None
    return about_topic(f"How many {bare_phrase(topic.phrase)} are there {rest}".rstrip() + "?", topic)


def _more(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    if not lexicon.is_all("refer.more", _core(text)):
        return None
    return about_topic(f"Find more of {topic.phrase}.", topic)


def _other_one(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """ "And the Norhaven one?" after "what did the Bergset invoice cost?" asks the same of another name."""
    asked = re.fullmatch(
        r"(?i:(?:and |or |but )?(?:what about |how about )?(?:the|that|this)) ((?:(?:[A-Z0-9][\w-]*)\s)+)one",
        text.strip(EDGE),
    )
    swap = renamed(topic.question, asked[1].strip()) if asked else ""
    return Resolved(swap, pointed=True, narrowed=True) if swap else None


def _which_ones(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    match = lexicon.find("refer.ones", text.lower())
    if match is None:
        return None
    head = match.group()
    if not head.startswith("the "):  # "which ones" are which of them, but "the blurred ones" stay ones
        head = re.sub(r" ?\bones?$| of (?:them|those|these)$", "", head) or "one"
    replaced = sentence_case(f"{text[: match.start()]}{head} of {topic.phrase}{text[match.end() :]}", clause)
    return Resolved(replaced, True, True) if head in {"one", "any"} else about_topic(replaced, topic)


def _only(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    match = lexicon.opens("refer.only", _core(text))
    rest = text[match.end() :].strip() if match else ""
    if match is None or not rest or not lexicon.opens("refer.fragment", rest.lower()):
        return None
    return Resolved(sentence_case(f"find {topic.phrase} {rest}".rstrip("?")), pointed=True, narrowed=True)


def _about_other(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """ "What about the motor?": the topic's question, asked of something else."""
    if clause.joint and _is_clause(_core(text), lexicon):
        return None
    joined = f"{clause.joint} {text}".strip() if clause.joint else clause.text.strip()
    match = lexicon.opens("refer.about", _core(joined))
    rest = joined.strip(EDGE)[match.end() :].strip(EDGE + " ") if match else ""
    if match is None or not rest or len(rest.split()) > 8 or _is_clause(rest.lower(), lexicon):
        return None
    if pointer := lexicon.opens("refer.ordinal", rest.lower()):
        return about_topic(_pointing(rest, pointer, topic), topic)
    return Resolved(swapped(topic, rest, lexicon), pointed=True, narrowed=True)


def _meant_other(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """ "No, I meant the one in Bristol", "try again without the dogs": the topic's question, put right."""
    bare = text.strip(EDGE)
    meant = lexicon.opens("refer.meant", bare.lower())
    said = meant or lexicon.opens("refer.retry", bare.lower())
    rest = bare[said.end() :].strip(EDGE + " ") if said else ""
    if not rest or len(rest.split()) > 8 or _is_clause(rest.lower(), lexicon):
        return None
    one = lexicon.opens("refer.one", rest.lower())
    fragment = rest[one.end() :].strip() if one else rest
    if lexicon.opens("refer.fragment", fragment.lower()):
        return Resolved(swapped(topic, fragment, lexicon), pointed=True, narrowed=True)
    return Resolved(swapped(topic, rest, lexicon), pointed=True, narrowed=True) if meant else None


def _pointing(rest: str, pointer: re.Match[str], topic: Topic) -> str:
    return sentence_case(f"what about {rest[: pointer.end()]} of {topic.phrase}{rest[pointer.end() :]}?")


def _is_clause(rest: str, lexicon: Lexicon) -> bool:
    keys = ("mood.wh", "mood.question", "mood.request", "mood.want")
    return any(lexicon.opens(key, rest) for key in keys) or opens_with_verb(rest, lexicon)


def _fragment(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    core = _core(text)
    if (
        not lexicon.opens("mood.wh", core)
        and lexicon.opens("refer.fragment", core)
        and len(core.split()) <= 8
        and clause.mood is not Mood.ORDER
    ):
        return Resolved(swapped(topic, text.strip(EDGE), lexicon), pointed=True, narrowed=True)
    return None


def _ordinal(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    core = text.lower()
    kept = lexicon.opens("change.retain", core) or (topic.kinds and _ends_in_degree(core, lexicon))
    match = lexicon.find("refer.degree" if kept else "refer.ordinal", core)
    end = match.end() + _shown_noun(core[match.end() :], topic, lexicon) if match else 0
    if match is None or _is_noun_ahead(core[end:]):
        return None
    replaced = f"{text[: match.end()]} of {topic.phrase}{text[end:]}"
    if match.start() == 0 and not core[match.end() :].strip(EDGE):
        replaced = f"what about {replaced}?"
    return about_topic(sentence_case(replaced, clause), topic)


def _ends_in_degree(core: str, lexicon: Lexicon) -> bool:
    """Return whether the best or newest of what was found is meant: "… and summarise the newest"."""
    match = lexicon.find("refer.degree", core)
    return match is not None and match.group().startswith("the ") and not core[match.end() :].strip(EDGE)


def _shown_noun(rest: str, topic: Topic, lexicon: Lexicon) -> int:
    """Return the length of the noun in "the third picture" where pictures were asked for; "the first page" is none."""
    noun = re.match(
        r" ([\w-]+)(?=$|[,;:.!?]| (?:is|are|was|say|says|show|shows|look|looks|again|please)\b)", rest
    )
    if noun is None or lexicon.is_all("kind.part", noun[1]):
        return 0
    return noun.end() if set(named_kinds(noun[1], lexicon)) & set(topic.kinds) else 0


def _is_noun_ahead(rest: str) -> bool:
    return (
        re.match(
            r"\s+(?!of\b|is\b|are\b|was\b|in\b|to\b|and\b|from\b|show|say|look|again|please|for\b|as\b|with\b)\w",
            rest,
        )
        is not None
    )


def _same_kind(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """ "Those photos": the topic's phrase when it is of that kind."""
    match = re.search(
        r"(?<!\w)(?:these|those|this|that|the same)\s+(?:two |three |\d+ )?([\w-]+)", text.lower()
    )
    if match is None or match.group(1) in {"is", "was", "one", "ones"}:
        return None
    kinds = named_kinds(match.group(1), lexicon)
    generic = lexicon.is_all("kind.generic", match.group(1))
    if kinds and not topic.kinds:
        return possessed(text, clause, topic)
    if not generic and not (kinds and set(kinds) & set(topic.kinds)):
        return None
    return about_topic(
        sentence_case(text[: match.start()] + topic.phrase + text[match.end() :], clause), topic
    )


def _same_kind_bare(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """ "The photos" right after photos of pumps were asked for are those photos."""
    words = _core(text)
    if lexicon.opens("act.compose", words) and lexicon.has("act.illustrated", words):
        return None  # "a report with the pictures" has all of them
    match = re.search(r"(?<!\w)the ([\w-]+)(?=$|[,;:.!?]| (?:is|are|to|into|by|and|in a)\b)", words)
    if match is None or not (set(named_kinds(match.group(1), lexicon)) & set(topic.kinds)):
        return None
    start = text.lower().find(match.group())
    return about_topic(
        sentence_case(text[:start] + topic.phrase + text[start + len(match.group()) :], clause), topic
    )


def _loose(text: str, clause: Clause, topic: Topic, lexicon: Lexicon) -> Resolved | None:
    """Languages without rules of their own: a short clause that names nothing is put beside the topic's question."""
    if lexicon.language == "en" or clause.kinds or len(text.split()) > 5:
        return None
    if not lexicon.has("refer.pronoun", clause.plain) and len(text) > 20:
        return None
    return about_topic(f"{sentence_case(text, clause)} ({topic.question})", topic)


_RULES = (
    *(
        _kept_report,
        _why,
        _says_what,
        _count,
        _more,
        _meant_other,
        _other_one,
        _which_ones,
        _only,
        _about_other,
        _fragment,
        _same_kind,
        _ordinal,
    ),
    *(person, pronoun, possessive, there, _same_kind_bare, _loose),
)
