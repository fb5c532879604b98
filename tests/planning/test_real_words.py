from __future__ import annotations

import pytest

from pinakes.agents.planning.spelling import mended


@pytest.mark.parametrize(
    "text",
    ["what was the cause of the flood", "who brought the tanks", "which crate is indexed", "the tiles moves"],
)
def test_words_that_are_one_slip_away_from_grammar_are_meant_as_they_stand(text: str) -> None:
    assert mended(text, "en") == text


def test_slips_are_mended() -> None:
    assert mended("sumarise the maual", "en") == "summarise the manual"
