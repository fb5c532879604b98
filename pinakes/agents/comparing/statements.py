"""Statements as what they speak of and what they say of it, for setting one against another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.comparing import lexicon
from pinakes.agents.comparing.facts import Fact, facts_in

_BREAK = re.compile(r"[;\n]|[,:.]\s|\s[–—-]\s|\b(?:and|und|but|aber|while|während)\b", re.IGNORECASE)
_MONTH_OF_MAY = re.compile(r"(?<=\s)May\b")
_WIDER_BREAK = re.compile(r"[;\n]|\.\s")
_TOKEN = re.compile(r"[^\W_]+(?:['’]t)?")


@dataclass(frozen=True)
class Statement:
    """A sentence, a row or a line, and the headings it stands under.

    `label` is what a row's text begins with to say of what the row is; values in it name rather than state.
    """

    text: str
    heading: str = ""
    label: str = ""

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Its values, in order."""
        return tuple(facts_in(self.text))

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Its words in lower case; the heading's where they say more."""
        return frozenset(w.casefold() for w in _TOKEN.findall(self.text))

    @cached_property
    def heading_tokens(self) -> frozenset[str]:
        """The words of its headings in lower case."""
        return frozenset(w.casefold() for w in _TOKEN.findall(self.heading))

    @cached_property
    def words(self) -> frozenset[str]:
        """What it speaks of: stems without values, units, and words that only join or demand."""
        return _matter(self._blanked(0, len(self.text)))

    @cached_property
    def context(self) -> frozenset[str]:
        """What it speaks of, with its headings."""
        return self.words | _matter(self.heading)

    @cached_property
    def stance(self) -> str:
        """What it demands (required, forbidden, allowed, optional), "" for nothing or several things."""
        text, found = _MONTH_OF_MAY.sub(" ", self.text) if not self.text.isupper() else self.text, []
        for name, said in lexicon.STANCES.items():
            if said.search(text):
                found.append(name)
                text = said.sub("#", text)
        return found[0] if len(found) == 1 else ""

    @cached_property
    def denied(self) -> bool:
        """Whether it denies something."""
        return lexicon.DENIAL.search(self.text) is not None

    def near(self, fact: Fact) -> frozenset[str]:
        """Return what a value is a value of: the words of its clause, of the whole where the clause has none."""
        clause = self._clause(_BREAK, fact) or self._clause(_WIDER_BREAK, fact) or self.context
        implied = lexicon.IMPLIED.get(fact.dimension, frozenset()) | lexicon.IMPLIED.get(
            fact.kind, frozenset()
        )
        return (clause - implied) or clause

    @cached_property
    def named(self) -> frozenset[str]:
        """The words of its label."""
        return _matter(self.label.rpartition(": ")[2])

    @property
    def stated(self) -> tuple[Fact, ...]:
        """Its values but those in its label."""
        return tuple(f for f in self.facts if f.start >= len(self.label))

    def _clause(self, gap: re.Pattern[str], fact: Fact) -> frozenset[str]:
        start = max((m.end() for m in gap.finditer(self.text, 0, fact.start)), default=0)
        after = gap.search(self.text, fact.end)
        return _matter(self._blanked(start, after.start() if after else len(self.text)))

    def before(self, fact: Fact) -> str:
        """Return the few words right before a value."""
        return self.text[max(0, fact.start - 24) : fact.start].casefold()

    def _blanked(self, start: int, end: int) -> str:
        text = list(self.text)
        for fact in self.facts:
            if fact.kind == "label":
                continue
            text[fact.start : fact.end] = " " * (fact.end - fact.start)
        return "".join(text)[start:end]


def _matter(text: str) -> frozenset[str]:
    for said in lexicon.STANCES.values():
        text = said.sub(" ", text)
    for said in lexicon.BOUNDS.values():
        text = said.sub(" ", text)
    text = lexicon.DENIAL.sub(" ", text)
    words = [w for w in re.findall(r"[^\W\d_][\w'’-]*", text) if w.casefold() not in lexicon.LINKING]
    return frozenset(w for w in content_stems(" ".join(words)) if w not in lexicon.UNITS)
