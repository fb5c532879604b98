"""Whether a text holds the kind of thing that a question asks for: an amount, a date, a name, a rule, a definition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.writing.asking import Asked, month_of
from pinakes.agents.writing.lexicon import phrase_pattern, words

_TOKEN = re.compile(r"[\w½¼¾%€$£¥°]+(?:[/.,-]\w+)*")
_PRICE = re.compile(r"(?<![\w.,:-])\d{1,3}(?:[., ]?\d{3})*[.,]\d\d(?![\w%]|[.,:]\d)")
_BETWEEN = 3
"""Words that may stand between a number and its unit: "six long years"."""

_LONGEST_LABEL = 6


def holds_shape(text: str, asked: Asked, known: frozenset[str]) -> bool:
    """Return whether a text has a word of the shape that a question asks for.

    Args:
        text: A sentence, item or row.
        asked: What the question asks for.
        known: The question's own words, casefolded; they are no answer.
    """
    fresh = [w for w in re.findall(r"[\w½¼¾%€$£]+", text) if w.casefold() not in known]
    if asked.shape == "money":
        return _is_money(text, fresh)
    if asked.shape == "number":
        return any(_is_number(w) for w in fresh)
    if asked.shape == "date":
        return any(_is_date(w) for w in fresh)
    if asked.shape == "reason":
        return any(w.casefold() in words("words", "reasons") for w in fresh)
    if asked.shape == "person":
        return _is_person(text, known)
    if asked.shape == "place":
        return any(w[0].isupper() for w in fresh if w != text.split()[0]) or not text.isascii()
    return False


def holds_measure(text: str, units: frozenset[str]) -> bool:
    """Return whether a number in a text is followed by one of the units; each is the beginning of a word."""
    tokens = [t.casefold() for t in _TOKEN.findall(text)]
    for i, token in enumerate(tokens):
        if _is_number(token):
            glued = re.sub(r"^[\d.,/]+", "", token)
            near = [*tokens[i + 1 : i + 1 + _BETWEEN], *([glued] if glued != token else [])]
            if any(word and _is_unit(word, units) for word in near):
                return True
    return False


def _is_unit(word: str, units: frozenset[str]) -> bool:
    singular = word.removesuffix("s")
    return bool({word, singular} & units) or any(len(unit) > 3 and word.startswith(unit) for unit in units)


def holds_rule(text: str) -> bool:
    """Return whether a text says what must, may or must not be done: by a word for it, or as an order."""
    if phrase_pattern("words", "rules").search(text):
        return True
    first = re.match(r"(?:[\w ,'’-]{0,60}[:,]\s+)?(\w+)", text)
    return first is not None and first[1].casefold() in words("words", "orders")


def holds_purpose(text: str) -> bool:
    """Return whether a text says what something is for: by a word for it, "for …ing", or "…, to …"."""
    told = phrase_pattern("words", "purposes").search(text)
    return bool(
        told
        or re.search(
            r"\b(?:for \w{3,}ing|(?!is|are|was|were|be|has|have|had)\w{4,} to (?:help|support"
            r"|make|allow|enable|provide|improve|reduce|protect|ensure|find|retrieve|identify|avoid))\b",
            text,
        )
    )


def holds_comparison(text: str, known: frozenset[str]) -> bool:
    """Return whether a text sets amounts against each other: "by 9 %", "twice as …", "65 vs. 43"."""
    by = re.search(r"\bby (?:(?:a|an|about|around|some|up|to|more|than|nearly|almost|over)\s+)*[\d½]", text)
    against = re.search(
        r"\d\S*\s+(?:vs\.?|versus|against|compared (?:to|with)|instead of)\s+\D{0,12}\d", text
    )
    more = phrase_pattern("words", "compared").search(text) and any(
        _is_number(w) for w in re.findall(r"[\w%]+", text) if w.casefold() not in known
    )
    return bool(by or against or more)


def holds_limit(text: str) -> bool:
    """Return whether a text says until when: "payable by 3 May", "within 30 days"."""
    dated = re.search(r"\b(?:by|before|until|bis|hasta)\s+(?:the\s+)?(?:\w+\s+)?\d", text, re.IGNORECASE)
    lasting = phrase_pattern("words", "lasting").search(text)
    return bool(dated) or (lasting is not None and _has_digit(text)) or holds_due(text)


def holds_due(text: str) -> bool:
    """Return whether a text says when something is owed, not merely how long it lasts: "payable by 3 May"."""
    return phrase_pattern("words", "due").search(text) is not None and _has_digit(text)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def defines(text: str, subject: Sequence[str]) -> bool:
    """Return whether a text says what its subject is: "A gland is …", "…, called a gland", "Gland: …"."""
    if not subject:
        return False
    said = r"[\s-]+".join(rf"{re.escape(word[: max(4, len(word) - 3)])}\w*" for word in subject)
    verbs = phrase_pattern("words", "defining").pattern
    known = "|".join(words("words", "passive"))
    done = rf"(?:\w+(?:ed|ing)|{'|'.join(words('words', 'participles'))})"
    told = rf"(?:{verbs})(?!\s+(?!(?:{known})\b){done}\b)"
    named = phrase_pattern("words", "naming").pattern
    aside = r"(?:\s*\([^)]{1,40}\))?"
    patterns = (
        rf"\b{said}{aside},?\s+{told}",
        rf"\b{said}{aside}, (?:an?|the|eine?|un|une|una)\b",
        rf"(?:{named})\s+(?:an?\s+|the\s+|[\"“«])?{said}",
        rf"^{said}{aside}\s*[:–—]\s",
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def holds_days(text: str, days: Sequence[tuple[int, int]]) -> bool:
    """Return whether a text names all these days of the year, in words or figures ("12 to 18 March", "2025-03-12")."""
    numbers = {int(n) for n in re.findall(r"(?<!\d)\d{1,2}(?!\d)", text)}
    months = {month_of(word) for word in re.findall(r"[^\W\d_]{3,}", text)}
    written = re.findall(r"\d{4}-(\d\d)-(\d\d)", text)
    figures = {(int(d), int(m)) for m, d in written}
    figures |= {(int(d), int(m)) for d, m in re.findall(r"\b(\d{1,2})[./](\d{1,2})\b", text)}
    return all((day in numbers and month in months) or (day, month) in figures for day, month in days)


def holds_place(text: str, known: frozenset[str]) -> bool:
    """Return whether a text says where by a name that the question does not have: "in the Northern Dock"."""
    places = "|".join(sorted(words("words", "where")))
    named = re.findall(rf"(?i:\b(?:{places})\s+(?:(?:the|der|dem|den|la|el|le)\s+)?)([^\W\d_]\w+)", text)
    return any(name[0].isupper() and name.casefold() not in known for name in named)


def spells_out(text: str, word: str) -> bool:
    """Return whether a word is an abbreviation whose words stand in a text: "WHO", "World Health Organization"."""
    if not (2 < len(word) < 7 and word.isalpha() and word.isupper()):
        return False
    initials = r"[\s-]+(?:(?:of|the|and|for|in)\s+)*".join(rf"{letter}\w+" for letter in word)
    return re.search(rf"\b{initials}", text, re.IGNORECASE) is not None


def is_question(text: str) -> bool:
    """Return whether a text asks: it ends in a question mark and begins as questions do."""
    first = [w.casefold() for w in re.findall(r"[^\W\d_]+", text[:60])[:2]]
    begins = words("words", "interrogatives") | words("words", "auxiliaries")
    return text.endswith("？") or (text.endswith("?") and bool(begins & set(first)))


def is_label(text: str, known: frozenset[str]) -> bool:
    """Return whether a few words without a verb or a figure repeat a question: "Standards of X", "Acme, Inc."."""
    said = [w.casefold() for w in re.findall(r"\w+", text)]
    content = [w for w in said if w not in words("words", "small") | words("words", "articles")]
    fresh = [w for w in content if w not in known]
    verbs = words("words", "auxiliaries") | words("words", "participles")
    says = bool(verbs & set(said)) or any(w.endswith("ed") or _has_digit(w) for w in fresh)
    return len(said) <= _LONGEST_LABEL and not says and 2 * len(fresh) <= len(content)


def figures_share(text: str) -> float:
    """Return which share of a text's words are bare figures."""
    tokens = text.split()
    bare = sum(1 for t in tokens if re.fullmatch(r"[-–−(]?[\d.,:/%E+-]*\d[\d.,:/%)E+-]*", t))
    return bare / max(1, len(tokens))


def _is_money(text: str, fresh: Sequence[str]) -> bool:
    named = re.search(r"[€$£¥]", text) or any(w.casefold() in words("words", "money") for w in fresh)
    return bool(_PRICE.search(text)) or (bool(named) and any(c.isdigit() for w in fresh for c in w))


def _is_person(text: str, known: frozenset[str]) -> bool:
    """Return whether a text has a capitalised word that is not only so because something begins with it."""
    if not text.isascii():
        return True
    names = re.finditer(r"(?<![\w.])[A-Z][a-z'’]\w*\b(?!-\d)(?:\s+[A-Z][\w'’.-]+)*", text)
    fresh = [m for m in names if not {w.casefold() for w in re.findall(r"\w+", m.group())} <= known]
    return any(" " in m.group() or not _begins(text, m.start()) for m in fresh)


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before[-1] in ".:;!?•-" or before.split()[-1].isdigit()


def _is_number(word: str) -> bool:
    return _has_digit(word) or word.casefold() in words("words", "numbers")


def _is_date(word: str) -> bool:
    year = re.fullmatch(r"(?:1\d|20)\d\ds?|\d{1,2}(?:st|nd|rd|th)", word)
    return bool(year) or word.casefold() in words("words", "months") | words("words", "times")
