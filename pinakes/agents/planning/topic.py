"""What a conversation is about, and a clause made to stand alone in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pinakes.agents.planning.clause import Clause, Mood
from pinakes.core.files import MediaType

EDGE = " \t\n,;:.!?¿¡-–—…"
"""What may surround a clause without belonging to it."""

_NAME = re.compile(r"(?<=\w )[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+)*(?<![.'’-])")


_TIME = re.compile(r"(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|\w+day")


@dataclass(frozen=True)
class Topic:
    """What a conversation is about: the last clause with content, standing alone, and its noun phrase.

    Attributes:
        matter: What the whole turn asked about, in its own words without question words, for "what did that cost?".
    """

    question: str
    phrase: str
    kinds: tuple[MediaType, ...] = ()
    matter: str = ""

    @property
    def person(self) -> str:
        """A name in the question, for "he" and "she"; empty where there is none."""
        names = [name for name in _NAME.findall(self.question) if not _TIME.fullmatch(name)]
        return max(names, key=lambda name: len(name.split())) if names else ""


@dataclass(frozen=True)
class Resolved:
    """A clause that stands alone.

    Attributes:
        pointed: It needed the topic.
        narrowed: It asks for other things than the topic's, so they must be searched anew.
        phrase: The topic's noun phrase where the clause is about just that.
        asked: The topic's matter was put beside it, which tells what to search for but not what kind of thing.
        worked: It is work on what the clause before has found.
    """

    text: str
    pointed: bool = False
    narrowed: bool = False
    phrase: str = ""
    asked: bool = False
    worked: bool = False


def about_topic(text: str, topic: Topic) -> Resolved:
    """Return a clause that is about the topic and nothing else."""
    return Resolved(text, pointed=True, phrase=topic.phrase)


def asked_about(text: str, topic: Topic, clause: Clause) -> Resolved:
    """Return a clause with the matter of the topic beside it, where no noun can stand in its pronoun's place."""
    bare = text.strip().rstrip(EDGE)
    closing = text.strip()[len(bare) :]
    matter = topic.matter or topic.question.rstrip(EDGE)
    return Resolved(sentence_case(f"{bare}, about {matter}{closing}", clause), pointed=True, asked=True)


def sentence_case(text: str, clause: Clause | None = None) -> str:
    """Return the text with a capital first and an end mark last."""
    text = text.strip()
    bare = text.rstrip(EDGE + " ")
    if not bare:
        return text
    closing = text[len(bare) :].strip()
    question = clause is not None and (clause.questioned or clause.mood is Mood.QUESTION)
    mark = (
        "?"
        if "?" in closing or question
        else "."
        if closing in {"", ",", ";", ":", "-", "–", "—"}
        else closing
    )
    first = bare[0] if bare.startswith(("http", "www.")) else bare[0].upper()
    return first + bare[1:] + mark


def bare_phrase(phrase: str) -> str:
    """Return a noun phrase without its article."""
    return re.sub(r"^(?:the|all|a|an|my|our|any|some)\s+", "", phrase, flags=re.IGNORECASE)
