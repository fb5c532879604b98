from __future__ import annotations

import re

import pytest

from pinakes.agents.planning import decisions
from pinakes.agents.planning.lexicons import LANGUAGES, load_lexicon
from pinakes.core.patterns import LazyPattern


def _is_compiled(pattern: LazyPattern) -> bool:
    return "compiled" in vars(pattern)


def test_a_pattern_is_compiled_when_it_is_first_used_and_matches_as_re_does() -> None:
    lazy, own = LazyPattern(r"(\d)b", re.IGNORECASE), re.compile(r"(\d)b", re.IGNORECASE)
    text = "1B 2b x"
    assert not _is_compiled(lazy)
    assert lazy.findall(text) == own.findall(text)
    assert _is_compiled(lazy)
    assert [m.span() for m in lazy.finditer(text, 1)] == [m.span() for m in own.finditer(text, 1)]
    assert lazy.sub("-", text, 1) == own.sub("-", text, 1)
    assert lazy.split(text, 1) == own.split(text, 1)
    for name in ("search", "match", "fullmatch"):
        found, expected = getattr(lazy, name)(text, 0, 2), getattr(own, name)(text, 0, 2)
        assert (found and found.span()) == (expected and expected.span())


def test_a_wrong_pattern_tells_at_its_use() -> None:
    with pytest.raises(re.error):
        LazyPattern("(").search("")


def test_recognising_a_language_compiles_none_of_its_other_words() -> None:
    load_lexicon.cache_clear()
    try:
        lexicon = load_lexicon("de")
        assert lexicon.has("detect", "welche dateien sind das")
        used = {key for key, pattern in lexicon.patterns.items() if _is_compiled(pattern)}
        assert used == {"detect"}
    finally:
        load_lexicon.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_lexicon_is_a_pattern(language: str) -> None:
    lexicon = load_lexicon(language)
    for pattern in (*lexicon.patterns.values(), *lexicon.openers.values()):
        pattern.search("")


def test_every_word_of_a_decision_is_a_pattern() -> None:
    for words in decisions._languages():
        words.part.search("")
        words.run.search("")
        for pattern, _ in (*words.places, *words.amounts):
            pattern.search("")
