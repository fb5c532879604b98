"""Cosines of any embedder on the scale that scores and floors were fitted to, that of the embedder in the package.

Embedders differ in what they call near: for some, texts that have nothing to do with each other have cosines around 0,
for others around 0.7, and every floor would be passed. So an embedder is measured once with a few questions, passages
that answer them, and passages that answer others; a straight line brings both means to where they are for the one in
the package.
"""

from __future__ import annotations

from statistics import fmean

from pinakes.core.value import Value
from pinakes.ports.catalog import Catalog
from pinakes.ports.embedder import Embedder

PAIRS = (
    ("When is the rent due?", "Tenants pay for the flat on the first working day of each month."),
    (
        "How is the bread baked?",
        "The loaf stays in the oven at 220 degrees for forty minutes until it is brown.",
    ),
    (
        "Which birds stay over winter?",
        "In the cold months ducks and gulls remain on the lake; storks fly south.",
    ),
    ("Why did the engine stop?", "The motor stalled because water had come into the fuel tank."),
    ("Who may sign contracts?", "Agreements are valid with the signature of the managing director alone."),
    (
        "How much sleep do children need?",
        "Pupils of six to twelve years should rest nine to eleven hours a night.",
    ),
    ("What did the court decide?", "The judges dismissed the appeal and upheld the fine."),
    (
        "Where is the museum?",
        "The gallery stands beside the old harbour, ten minutes on foot from the station.",
    ),
)
"""Questions and passages that answer them, in few of the same words."""

ANSWERING, OTHERS = 0.516, 0.031
"""Mean cosine of a question with its passage, and with those of the others, for the embedder in the package."""

_KEY = "cosines"
_LEAST_GAP = 0.05
_MOST = 5.0


class CosineScale(Value):
    """A straight line from an embedder's cosines to those that mean as much for the embedder in the package."""

    stretch: float = 1.0
    shift: float = 0.0

    def __call__(self, cosine: float) -> float:
        """Return the cosine on the common scale, at most 1."""
        return min(1.0, self.stretch * cosine + self.shift)


AS_IT_IS = CosineScale()


async def means(embedder: Embedder) -> tuple[float, float]:
    """Return the mean cosines of questions with their own passages and with others'. Raises ModelError."""
    passages = await embedder.aembed_documents([passage for _, passage in PAIRS])
    questions = [await embedder.aembed_query(question) for question, _ in PAIRS]
    near, far = list[float](), list[float]()
    for row, asked in enumerate(questions):
        for column, vector in enumerate(passages):
            cosine = sum(a * b for a, b in zip(asked, vector, strict=True))
            (near if row == column else far).append(cosine)
    return fmean(near), fmean(far)


class _Kept(Value):
    embedder: str
    scale: CosineScale


async def scale_of(embedder: Embedder, catalog: Catalog) -> CosineScale:
    """Return an embedder's scale; measured once, it is kept in the catalog. Raises ModelError."""
    written = await catalog.get_value(_KEY)
    kept = _Kept.model_validate_json(written) if written else None
    if kept is None or kept.embedder != embedder.name:
        kept = _Kept(embedder=embedder.name, scale=await measured(embedder))
        await catalog.set_value(_KEY, kept.model_dump_json())
    return kept.scale


async def measured(embedder: Embedder) -> CosineScale:
    """Return an embedder's scale, `AS_IT_IS` for one that hardly tells texts apart. Raises ModelError."""
    near, far = await means(embedder)
    if near - far < _LEAST_GAP:
        return AS_IT_IS
    stretch = min((ANSWERING - OTHERS) / (near - far), _MOST)
    return CosineScale(stretch=stretch, shift=OTHERS - stretch * far)
