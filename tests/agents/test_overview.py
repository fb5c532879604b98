"""What there is at all: kinds, size, folders and dates at a glance."""

from __future__ import annotations

import pytest
from agent_world import Ask

from pinakes.agents.queries.showing import asks_overview
from pinakes.core.evidence import resolve_marks


@pytest.mark.parametrize(
    "intent", ["What do I have in my library?", "what is in here?", "Give me an overview of the library"]
)
async def test_an_overview_tells_kinds_size_folders_and_dates(ask: Ask, intent: str) -> None:
    result = await ask("analytics", intent)
    text = resolve_marks(result.text)
    assert "Number of files by kind:\n\n- image: 6" in text
    assert " in all. In " in text and "Manuals (2)" in text
    assert "Dated " in text and " to " in text.rsplit("Dated ", 1)[1]
    assert result.table is not None and result.table.chart is not None
    assert len(result.file_ids) == result.table.total


@pytest.mark.parametrize(
    "text",
    [
        "what is in the folder Manuals?",
        "What do I have to do first?",
        "Give me an overview of the audit",
        "what files are in Reports",
    ],
)
def test_what_is_asked_of_a_part_is_no_overview(text: str) -> None:
    assert not asks_overview(text)
