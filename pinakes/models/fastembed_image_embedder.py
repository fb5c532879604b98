"""Vectors of pictures, and of words for them, from local models by fastembed (ONNX, no torch)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from pinakes.core.errors import ConfigurationError, ModelError
from pinakes.models.fastembed_loading import LocalModels, fastembed_kind
from pinakes.models.unit_vectors import normalised
from pinakes.ports.image_embedder import LookScale

_BATCH = 8

_PROMPT = "a photo of {}"
"""How CLIP's authors write a label: it was trained on captions, and a bare word is a worse one."""


@dataclass(frozen=True)
class _Pair:
    """Two models of one space, as fastembed names them, and what their cosines mean, where that is known."""

    vision: str
    text: str
    scale: LookScale | None = None


_MARGIN, _REACH = 0.02, 0.07

# Not measured here, for no such model can be had without a download. LAION kept captions from 0.30 by this model, and
# found that 0.28 "also seemed okay"; a car is reported to have 0.25, 0.22 and 0.19 with "vehicle", "motor", "computer"
# (openai/CLIP issue 405), the frame nearest to letters typed at random 0.22, to "car" 0.27. The margin is the model's
# own measure: at the temperature of 100 that it was trained to, the query is 7 times likelier than "something".
_CLIP = LookScale(floor=0.24, sure=0.24 + _REACH, margin=_MARGIN)

PAIRS = {
    "clip-ViT-B-32": _Pair("Qdrant/clip-ViT-B-32-vision", "Qdrant/clip-ViT-B-32-text", _CLIP),
    "jina-clip-v1": _Pair("jinaai/jina-clip-v1", "jinaai/jina-clip-v1"),
    "siglip2-base-patch16-224": _Pair("google/siglip2-base-patch16-224", "google/siglip2-base-patch16-224"),
}
"""The pairs that can be named."""


class FastEmbedImageEmbedder:
    """An `ImageEmbedder` on top of fastembed's `ImageEmbedding` and `TextEmbedding`.

    Safe to share between threads and tasks.

    Args:
        model: One of `PAIRS`, for example "clip-ViT-B-32"; a name of fastembed's for either half will do.
        where: Where it comes from, and how many cores each half may use; a `model_folder` holds the halves in its
            folders `vision` and `text`.
        floor: The cosine from which a picture counts as showing what the query says; needed where it is not known.

    Raises:
        ConfigurationError: fastembed is not installed, the model is not there, or its floor is not known.
        ModelUnavailableError: It could not be fetched.
    """

    local = True

    def __init__(self, model: str, where: LocalModels | None = None, *, floor: float | None = None) -> None:
        self._name, pair = _pair(model)
        self.scale = _scale(self._name, pair, floor)
        places = where or LocalModels()
        self._vision: Any = _half(places, "vision").load(
            fastembed_kind("fastembed", "ImageEmbedding"), pair.vision
        )
        self._text: Any = _half(places, "text").load(fastembed_kind("fastembed", "TextEmbedding"), pair.text)
        self._dimensions = int(self._vision.embedding_size)
        self._looking, self._reading = threading.Lock(), threading.Lock()

    @property
    def name(self) -> str:
        """Model and size."""
        return f"fastembed:{self._name}@{self._dimensions}"

    @property
    def dimensions(self) -> int:
        """The size of the vectors."""
        return self._dimensions

    async def aembed_pictures(self, pictures: Sequence[bytes]) -> list[list[float] | None]:
        """Return one vector per picture, in order, None for one that cannot be read. Raises ModelError."""
        return await asyncio.to_thread(self._look, list(pictures))

    async def aembed_query(self, text: str) -> list[float]:
        """Return the vector of what a picture shall show. Raises ModelError."""
        return await asyncio.to_thread(self._read, text)

    def _look(self, pictures: list[bytes]) -> list[list[float] | None]:
        vectors: list[list[float] | None] = []
        for start in range(0, len(pictures), _BATCH):  # few of them decoded at once
            opened = [_opened(picture) for picture in pictures[start : start + _BATCH]]
            readable = [picture for picture in opened if picture is not None]
            with self._looking:
                found = iter(self._run(lambda some=readable: self._vision.embed(some, batch_size=_BATCH)))
            vectors += [None if picture is None else next(found) for picture in opened]
        return vectors

    def _read(self, text: str) -> list[float]:
        with self._reading:
            [vector] = self._run(lambda: self._text.embed([_PROMPT.format(text)]))
        return vector

    def _run(self, embed: Any) -> list[list[float]]:
        try:
            found: Iterable[Any] = list(embed())
        except Exception as error:  # whatever the runtime raises
            raise ModelError(f"{self.name} cannot embed: {error}", model=self.name) from error
        return [normalised(vector) for vector in found]


def _pair(model: str) -> tuple[str, _Pair]:
    wanted = model.casefold()
    for name, pair in PAIRS.items():
        if wanted in {name.casefold(), pair.vision.casefold(), pair.text.casefold()}:
            return name, pair
    raise ConfigurationError(
        f"'{model}' names no pair of models for pictures and words; choose of {', '.join(PAIRS)}.",
        model=model,
    )


def _scale(name: str, pair: _Pair, floor: float | None) -> LookScale:
    if floor is not None:
        return LookScale(floor=floor, sure=floor + _REACH, margin=_MARGIN)
    if pair.scale is None:
        raise ConfigurationError(
            f"What cosines of '{name}' mean is not known: set PINAKES_IMAGE_FLOOR to the one from which a picture "
            "shows what is looked for.",
            model=name,
        )
    return pair.scale


def _half(where: LocalModels, name: str) -> LocalModels:
    return replace(where, model_folder=where.model_folder / name) if where.model_folder else where


def _opened(picture: bytes) -> Any:
    """Return a picture as it is to be seen, None where it cannot be read."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(picture)) as opened:
            return ImageOps.exif_transpose(opened).convert("RGB")
    except Exception:  # what Pillow raises on broken files is not closed
        return None
