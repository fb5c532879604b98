"""What is known of the shipped cards beforehand: their examples' vectors, and the classifier fitted on them.

A first plan need then neither embed hundreds of sentences nor fit anything, and with an agent of your own only that
one's examples are embedded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from pinakes.agents.cards import CARDS
from pinakes.core.plans import AgentCard
from pinakes.ports.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_FILE = "example_vectors.npz"


@dataclass(frozen=True)
class Shipped:
    """What the shipped file holds.

    Attributes:
        embedder: The name of the embedder that made the vectors.
        digest: Of the cards that they were made from.
        vectors: By example.
        weights: The fitted classifier, of shape [dimensions + 1, cards].
    """

    embedder: str
    digest: str
    vectors: Mapping[str, npt.NDArray[np.float32]]
    weights: npt.NDArray[np.float32]


async def example_vectors(texts: Sequence[str], embedder: Embedder) -> npt.NDArray[np.float32]:
    """Return a vector per text, of shape [len(texts), dimensions]: shipped ones where there are."""
    import numpy as np

    found = shipped()
    known = dict(found.vectors) if found.embedder == embedder.name and is_current(found) else {}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        vectors = np.asarray(await embedder.aembed_documents(new), dtype=np.float32)
        known |= zip(new, vectors, strict=True)
    return np.stack([known[text] for text in texts])


def shipped_weights(cards: Sequence[AgentCard], embedder: Embedder) -> npt.NDArray[np.float32] | None:
    """Return the classifier fitted on exactly these cards with this embedder, where it is shipped."""
    found = shipped()
    return found.weights if (found.embedder, found.digest) == (embedder.name, digest(cards)) else None


def is_current(found: Shipped) -> bool:
    """Return whether the shipped file was made from the cards as they are."""
    return found.digest == digest(CARDS)


def examples_of(cards: Sequence[AgentCard]) -> tuple[list[str], list[int]]:
    """Return all cards' examples, and for each the number of its card."""
    numbered = [(example, number) for number, card in enumerate(cards) for example in card.examples]
    return [example for example, _ in numbered], [number for _, number in numbered]


def save(
    path: Path, embedder: str, vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]
) -> None:
    """Write what `shipped` reads, of the shipped cards; halves of floats are exact enough for vectors."""
    import numpy as np

    np.savez_compressed(
        path, name=embedder, digest=digest(CARDS), vectors=vectors.astype(np.float16), weights=weights
    )


def shipped_path() -> Path:
    """Return where the shipped file is in a checkout."""
    return Path(__file__).with_name(_FILE)


def digest(cards: Sequence[AgentCard]) -> str:
    """Return what tells one list of cards from another, as far as their names and examples go."""
    told = "\x1e".join("\x1f".join((card.name, *card.examples)) for card in cards)
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def shipped() -> Shipped:
    """Return what the shipped file holds, read once."""
    import numpy as np

    resource = files("pinakes.agents.planning").joinpath(_FILE)
    texts, _ = examples_of(CARDS)
    with as_file(resource) as path, np.load(path, allow_pickle=False) as data:
        vectors = data["vectors"].astype(np.float32)
        by_text = dict(zip(texts, vectors, strict=False))
        return Shipped(str(data["name"]), str(data["digest"]), by_text, data["weights"])
