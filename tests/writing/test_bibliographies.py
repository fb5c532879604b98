from __future__ import annotations

from pinakes.agents.writing.candidates import is_bibliography

SOURCES = """66. "Iwan Roberts" (https://www.11v11.com/players/iwan-roberts-2257/). Archived (https://web.archive.org/x) from the
original on 24 April 2019. Retrieved 22 June 2020.
67. Bateman, Cynthia (8 June 1992). "US hero Harkes chased by Villa". The Guardian. p. 14. Retrieved 22 June 2020."""


def test_lists_of_sources_are_told_from_text_with_a_link() -> None:
    assert is_bibliography(SOURCES)
    assert not is_bibliography("The data were retrieved from https://example.org and archived in March.")
    assert not is_bibliography("Retrieved the anchor. Archived the log. Nothing else happened.")
