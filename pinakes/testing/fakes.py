"""Small deterministic models: vectors from hashed words, without weights and without waiting."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO

from pinakes.ports.embedder import SparseVector
from pinakes.ports.image_embedder import LookScale

_WORD = re.compile(r"\w+")


class HashEmbedder:
    """An embedder whose vectors count hashed words: texts are near when they share words.

    Args:
        dimensions: The size of the vectors.
        version: Part of the name, to play a change of model.
        local: Whether embedding is free; False plays one that is paid for.
    """

    def __init__(self, dimensions: int = 64, version: int = 1, *, local: bool = True) -> None:
        self.local = local
        self._dimensions = dimensions
        self._version = version
        self.texts_embedded = 0

    @property
    def name(self) -> str:
        """The fake's name, size and version."""
        return f"hash-{self._dimensions}@{self._version}"

    @property
    def dimensions(self) -> int:
        """The size of the vectors."""
        return self._dimensions

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector of length 1 per text."""
        self.texts_embedded += len(texts)
        return [self._vector(text) for text in texts]

    async def aembed_query(self, text: str) -> list[float]:
        """Return the vector of a query."""
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * self._dimensions
        for word in _words(text):
            vector[zlib.crc32(word.encode()) % self._dimensions] += 1.0
        length = math.hypot(*vector)
        if not length:
            return [1 / math.sqrt(self._dimensions)] * self._dimensions
        return [value / length for value in vector]


COLOUR_WORDS: Mapping[str, tuple[float, float, float]] = {
    "red": (1, -1, -1),
    "sunset": (1, -1, -1),
    "green": (-1, 1, -1),
    "meadow": (-1, 1, -1),
    "blue": (-1, -1, 1),
    "lagoon": (-1, -1, 1),
}
"""Words that `ColourImageEmbedder` knows, with how red, green and blue what they name is, -1 to 1."""


class ColourImageEmbedder:
    """An image embedder whose vectors are mean colours; words have that of the thing they name, most have none.

    Args:
        version: Part of the name, to play a change of model.
        local: Whether embedding is free; False plays one that is paid for.
    """

    def __init__(self, version: int = 1, *, local: bool = True) -> None:
        self.local = local
        self.scale = LookScale(floor=0.7, sure=0.95, margin=0.1)
        self._version = version
        self.pictures_embedded = 0

    @property
    def name(self) -> str:
        """The fake's name and version."""
        return f"colours@{self._version}"

    @property
    def dimensions(self) -> int:
        """Red, green, blue, and what is neither."""
        return 4

    async def aembed_pictures(self, pictures: Sequence[bytes]) -> list[list[float] | None]:
        """Return one vector of length 1 per picture, None for one that cannot be read."""
        self.pictures_embedded += len(pictures)
        return [_mean_colour(picture) for picture in pictures]

    async def aembed_query(self, text: str) -> list[float]:
        """Return the colour of the things that a text names."""
        named = [COLOUR_WORDS[word] for word in _words(text) if word in COLOUR_WORDS]
        return _unit([*(sum(parts) for parts in zip(*named, strict=True)), 0.1] if named else [0, 0, 0, 1])


def _mean_colour(picture: bytes) -> list[float] | None:
    from PIL import Image

    try:
        with Image.open(BytesIO(picture)) as opened:
            pixel = opened.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    except OSError:
        return None
    return _unit([*(value / 127.5 - 1 for value in pixel), 0.1])


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.hypot(*vector)
    return [value / length for value in vector]


class HashTerms:
    """A term encoder that counts words; ids are hashes, no word is too common and none is stemmed."""

    @property
    def name(self) -> str:
        """The fake's name."""
        return "hash-terms@1"

    def encode(self, texts: Sequence[str]) -> list[SparseVector]:
        """Return how often each word occurs, damped."""
        return [_sparse({term: n / (n + 1.0) for term, n in _counted(text).items()}) for text in texts]

    def encode_query(self, text: str) -> SparseVector:
        """Return the words, each with weight 1."""
        return _sparse(dict.fromkeys(_counted(text), 1.0))

    def words(self, text: str) -> dict[int, str]:
        """Return the first word behind each term id, in order."""
        found: dict[int, str] = {}
        for word in _WORD.findall(text):
            found.setdefault(zlib.crc32(word.lower().encode()), word)
        return found


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _counted(text: str) -> Counter[int]:
    return Counter(zlib.crc32(word.encode()) for word in _words(text))


def _sparse(weights: dict[int, float]) -> SparseVector:
    terms = sorted(weights)
    return SparseVector(indices=tuple(terms), values=tuple(weights[term] for term in terms))
