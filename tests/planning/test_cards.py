from __future__ import annotations

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.examples import _shipped, digest
from pinakes.models.minilm import MiniLmEmbedder
from tests.planning.conftest import rows

NAMES = [
    *(
        "image_search",
        "document_search",
        "link_search",
        "video_search",
        "visual_analysis",
        "document_analysis",
    ),
    *("link_analysis", "video_analysis", "analytics", "cross_reference", "folder_management"),
    *("report_synthesis", "chat"),
]


def test_all_thirteen_agents_have_a_card() -> None:
    assert [card.name for card in CARDS] == NAMES
    assert all(len(set(card.examples)) >= 12 and card.takes and card.gives for card in CARDS)


def test_only_folder_management_changes_the_library() -> None:
    assert [card.name for card in CARDS if card.mutates] == ["folder_management"]


def test_no_example_is_a_test() -> None:
    examples = {example.lower().strip("?.! ") for card in CARDS for example in card.examples}
    tests = {
        row["text"].lower().strip("?.! ")
        for name in ("utterances.jsonl", "other_voices.jsonl", "specialist_turns.jsonl")
        for row in rows(name)
    }
    assert not examples & tests


def test_shipped_vectors_belong_to_the_cards() -> None:
    """After a change of the cards run tests/planning/make_example_vectors.py."""
    shipped = _shipped()
    assert shipped is not None
    assert shipped[:2] == (MiniLmEmbedder.name, digest([e for card in CARDS for e in card.examples]))
