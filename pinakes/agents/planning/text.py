"""Preparing a question for grammar: quotations masked, sentences and clauses cut, language told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pinakes.agents.planning.lexicons import LANGUAGES, Lexicon, load_lexicon

READ = 2400
"""Characters of a long message that grammar reads: its head and its tail, where people put their request."""

_QUOTES = re.compile(
    r"```.*?(?:```|$)|`[^`\n]{2,}`|\"[^\"\n]{2,}\"|“[^”]{2,}”|„[^“”]{2,}[“”]|«[^»]{2,}»|‘[^’]{2,}’(?!\w)"
    r"|「[^」]{2,}」|『[^』]{2,}』|《[^》]{2,}》|(?<![\w'])'(?!s\b|t\b)[^'\n]{2,}'(?!\w)|(?m:^[ \t]*>.*$)",
    re.DOTALL,
)
_SENTENCE_END = re.compile(
    r"(?<=[?!;。？！；…])\s*|(?<=[^\W\d_]{2}[.])\s+|(?<=[\d)\]\"”'][.])\s+(?=[A-ZÀ-Þ])|\s*\n+\s*"
)
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:mr|mrs|ms|dr|prof|st|no|nr|vs|etc|approx|inc|ltd|co|jr|sr|fig|vol|pp|art|sec|para|cf|ca|bzw|evtl|inkl"
    r"|abs|ing|dipl|sra|srta|mme|mlle|av|núm|pág)\.$"
)
_CJK = re.compile(r"[一-鿿]")
_KANA = re.compile(r"[぀-ヿ가-힣]")
_OTHER_SCRIPT = re.compile(r"[Ѐ-ӿ֐-ۿऀ-෿฀-๿Ͱ-Ͽ]")
_UNLISTED = re.compile(
    r"(?<!\w)(?:het|een|niet|van|zijn|alle|naar|os|as|não|uma|você|todas|todos"
    r"|wszystkie|nie|jest|och|att|inte|alla|bir|ve|bu|hepsini)(?!\w)"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence or clause as typed, and the same lower-cased with quotations blanked; both of one length.

    `joint` is the conjunction or mark that ties a clause to the one before it.
    """

    text: str
    plain: str
    joint: str = ""


def clean(text: str) -> str:
    """Return the text in composed form, without control characters, spaces kept single."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("`´", "'")
    text = "".join(c if c in "\n" or unicodedata.category(c)[0] != "C" else " " for c in text)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def head_and_tail(text: str) -> str:
    """Return what grammar reads of a long message."""
    if len(text) <= READ:
        return text
    half = READ // 2
    return f"{text[:half].rsplit(' ', 1)[0]}\n{text[-half:].split(' ', 1)[-1]}"


def masked(text: str) -> str:
    """Return the text lower-cased, quotations replaced by as many "q", so that offsets stay."""
    blanked = _QUOTES.sub(lambda match: "q" * len(match.group()), text)
    return "".join(low if len(low := c.lower()) == 1 else c for c in blanked)


def sentences(text: str) -> list[Sentence]:
    """Cut a text at sentence ends and line breaks that stand outside quotations."""
    plain = masked(text)
    ends = _SENTENCE_END.finditer(_restored_case(text, plain))
    cuts = [0, *(m.end() for m in ends if not _ABBREVIATION.search(plain[: m.start()])), len(text)]
    pieces = [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]
    return [Sentence(text[a:b], plain[a:b]) for a, b in pieces]


def detect_language(plain: str) -> str:
    """Return the language of one of the lexicons, or "other"."""
    letters = sum(c.isalpha() for c in plain) or 1
    if len(_CJK.findall(plain)) / letters > 0.2 and not _KANA.search(plain):
        return "zh"
    if (len(_KANA.findall(plain)) + len(_OTHER_SCRIPT.findall(plain))) / letters > 0.2:
        return "other"
    scores = {language: _hits(load_lexicon(language), plain) for language in LANGUAGES if language != "zh"}
    scores["other"] = len(_UNLISTED.findall(plain))
    best = max(scores, key=lambda language: scores[language])
    return "en" if scores[best] == scores["en"] else best


def _hits(lexicon: Lexicon, plain: str) -> int:
    return sum(1 for _ in lexicon.hits("detect", plain))


def _restored_case(text: str, plain: str) -> str:
    return "".join(p if p == "q" and t != "q" and t != "Q" else t for t, p in zip(text, plain, strict=True))


_COLON = re.compile(r":(?!//|\d)\s*(?![\sq]|$)|:\s*(?=q[^q])")


def is_reporting(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Return whether a sentence brings in somebody's words, unquoted: "The mail says: …"."""
    colon = _COLON.search(sentence.plain)
    return colon is not None and lexicon.has("mood.speech", sentence.plain[: colon.start()])


def clauses(sentence: Sentence, lexicon: Lexicon) -> Iterator[Sentence]:
    """Cut a sentence where a conjunction or comma is followed by the opening of another clause."""
    start, joint = 0, ""
    for match in lexicon.hits("join.words", sentence.plain):
        left, right = sentence.plain[start : match.start()], sentence.plain[match.end() :]
        opens = _opens_clause(right, lexicon, match.group()) or _asks_anew(
            left, right, match.group(), lexicon
        )
        if _whole(left, lexicon) and opens and not _is_case(left, right, lexicon):
            yield Sentence(sentence.text[start : match.start()], left, joint)
            start, joint = match.end(), match.group().strip()
    yield Sentence(sentence.text[start:], sentence.plain[start:], joint)


_SHORTEST_ORDER = 4  # "show me, which …" is one clause
_SHORTEST_QUESTION = 4  # "and on what notice" goes with the question before it


def _whole(left: str, lexicon: Lexicon) -> bool:
    """ "According to the manual" is no clause of its own; with what follows its comma it is one."""
    fronted = lexicon.opens("join.source", left.strip()) is not None and "," not in left
    return _length(left) >= 2 and not fronted


def _is_case(left: str, right: str, lexicon: Lexicon) -> bool:
    """ "When the alarm rings, what do I do?" asks one thing; "when you have found them, move them" orders it."""
    asked = lexicon.opens("mood.wh", right.strip(" ,")) is not None
    return asked and "," not in left and lexicon.opens("join.subordinate", left.strip()) is not None


def _length(text: str) -> int:
    """Return how many words a text has; where none are spaced, two characters are taken for one."""
    return len(text.split()) + len(_CJK.findall(text)) // 2


def _asks_anew(left: str, right: str, joint: str, lexicon: Lexicon) -> bool:
    """ "What does the report say of P-104, which photos show it?" holds two questions, "the report, which …" none."""
    ordered = _length(left) >= _SHORTEST_ORDER and lexicon.opens("act.search", left.strip()) is not None
    asked = ordered or lexicon.opens("join.asked", left.strip()) is not None
    return (
        asked
        and joint.strip() == ","
        and _length(right) >= 3
        and lexicon.opens("join.asked_anew", right.strip()) is not None
    )


def _opens_clause(right: str, lexicon: Lexicon, joint: str) -> bool:
    right = right.lstrip(" ,")
    while (polite := lexicon.opens("mood.polite", right)) and right[polite.end() :].strip(" ,"):
        right = right[polite.end() :].lstrip(" ,")
    if _length(right) < 2:
        return False
    keys = [
        "act.search",
        "act.tell",
        "act.compose",
        "change.verb",
        "change.place",
        "change.sort",
        "change.mark",
        "change.undo",
    ]
    keys += [
        "mood.request",
        "mood.want",
        "change.make",
        "change.edit",
        "act.opener",
        "act.do",
        "act.works",
        "mood.asking",
    ]
    if any(lexicon.opens(key, right) for key in keys):
        return True
    if len(right.split()) < _SHORTEST_QUESTION and lexicon.opens("mood.wh", right):
        return False
    questions = ["mood.wh", "mood.question", "mood.negation", "refer.only"]
    return joint.strip(" ") != "," and any(lexicon.opens(key, right) for key in questions)
