from __future__ import annotations

import numpy as np

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.examples import digest, examples_of, shipped, shipped_weights
from pinakes.agents.planning.meaning import Meaning, fit
from pinakes.core.plans import AgentCard
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


def test_what_is_shipped_of_the_cards_is_current() -> None:
    """After a change of the cards or of the fit run tests/planning/make_example_vectors.py."""
    found = shipped()
    assert (found.embedder, found.digest) == (MiniLmEmbedder.name, digest(CARDS))
    texts, labels = examples_of(CARDS)
    fitted = fit([found.vectors[text] for text in texts], labels, len(CARDS))
    assert np.allclose(found.weights, fitted, atol=1e-5)


class Counting(MiniLmEmbedder):
    """An embedder that keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__(threads=1)
        self.asked: list[str] = []

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        return await super().aembed_documents(texts)


async def test_a_first_plan_embeds_no_examples_and_with_an_own_agent_only_that_ones() -> None:
    own = AgentCard(
        name="oldest", purpose="Tells when it begins", examples=("When does it begin?", "How far?")
    )
    embedder = Counting()
    [shares] = await Meaning(embedder).shares(["How many photos are there?"], CARDS)
    assert embedder.asked == ["How many photos are there?"]
    assert max(shares, key=lambda name: shares[name]) == "analytics"
    embedder.asked.clear()
    [with_own] = await Meaning(embedder).shares(["When does it begin?"], (*CARDS, own))
    assert embedder.asked == [*own.examples, "When does it begin?"]
    assert max(with_own, key=lambda name: with_own[name]) == "oldest"


async def test_shipped_weights_say_what_a_fit_says() -> None:
    embedder = MiniLmEmbedder(threads=1)
    asked = ["Which photos are blurred?", "Summarise the manual", "Move the receipts to Paid", "Hello"]
    renamed = tuple(card.model_copy(update={"name": f"{card.name}_2"}) for card in CARDS)
    known = await Meaning(embedder).shares(asked, CARDS)
    fitted = await Meaning(embedder).shares(asked, renamed)
    assert shipped_weights(renamed, embedder) is None
    for one, other in zip(known, fitted, strict=True):
        assert np.allclose(list(one.values()), list(other.values()), atol=1e-5)
