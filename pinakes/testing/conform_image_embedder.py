"""What every image embedder must do.

Subclass the suite in a test module and give it a fixture `embedder`, an `ImageEmbedder`::

    class TestMyImageEmbedder(ConformImageEmbedder):
        @pytest.fixture
        def embedder(self):
            return MyImageEmbedder()

pytest (with `asyncio_mode = "auto"`) runs the inherited tests.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from pinakes.ports.image_embedder import ImageEmbedder

_COLOURS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 220)}
_TURNED = 6  # EXIF: the picture's top is its right side
_ORIENTATION = 274


def plain_picture(
    colour: tuple[int, int, int], *, size: tuple[int, int] = (64, 48), form: str = "JPEG"
) -> bytes:
    """Return a picture of one colour."""
    return _saved(Image.new("RGB", size, colour), form)


def _saved(picture: Image.Image, form: str = "PNG", turned: int | None = None) -> bytes:
    exif = Image.Exif()
    if turned:
        exif[_ORIENTATION] = turned
    buffer = BytesIO()
    picture.save(buffer, form, exif=exif)
    return buffer.getvalue()


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


class ConformImageEmbedder:
    """The suite; `embedder` is the adapter's fixture."""

    async def test_name_size_and_scale(self, embedder: ImageEmbedder) -> None:
        """An image embedder tells its name, its size, and what its cosines mean."""
        assert isinstance(embedder, ImageEmbedder)
        assert embedder.name and embedder.dimensions > 0
        assert -1 <= embedder.scale.floor < embedder.scale.sure <= 1 and embedder.scale.margin >= 0
        assert len(await embedder.aembed_query("a dog")) == embedder.dimensions

    async def test_one_vector_of_length_one_per_picture_in_order(self, embedder: ImageEmbedder) -> None:
        """A batch gives the vectors its pictures would get alone, whatever their size and form."""
        forms = zip(_COLOURS.values(), ("JPEG", "PNG", "WEBP"), ((64, 48), (600, 20), (1, 1)), strict=True)
        pictures = [plain_picture(colour, form=form, size=size) for colour, form, size in forms]
        together = await embedder.aembed_pictures(pictures)
        for picture, vector in zip(pictures, together, strict=True):
            [alone] = await embedder.aembed_pictures([picture])
            assert vector is not None and alone is not None
            assert len(vector) == embedder.dimensions and math.isclose(math.hypot(*vector), 1, abs_tol=1e-3)
            assert _cosine(alone, vector) > 0.99

    async def test_what_cannot_be_read_has_none(self, embedder: ImageEmbedder) -> None:
        """A broken picture takes nothing from the others."""
        whole = plain_picture(_COLOURS["red"])
        vectors = await embedder.aembed_pictures([b"no picture", whole, whole[: len(whole) // 3], b""])
        assert [vector is not None for vector in vectors] == [False, True, False, False]
        assert await embedder.aembed_pictures([]) == []

    async def test_a_query_is_nearest_to_what_it_names(self, embedder: ImageEmbedder) -> None:
        """Pictures and words are in one space."""
        pictures = await embedder.aembed_pictures([plain_picture(colour) for colour in _COLOURS.values()])
        for at, colour in enumerate(_COLOURS):
            asked = await embedder.aembed_query(f"the colour {colour}")
            near = [_cosine(asked, vector) for vector in pictures if vector is not None]
            assert near.index(max(near)) == at

    async def test_any_query_has_a_vector_of_length_one(self, embedder: ImageEmbedder) -> None:
        """Empty, endless and foreign ones too."""
        for text in ("", "…", "👍", "word " * 2_000, "собака на пляже"):
            assert math.isclose(math.hypot(*await embedder.aembed_query(text)), 1, abs_tol=1e-3)

    async def test_pictures_are_turned_as_they_say(self, embedder: ImageEmbedder) -> None:
        """A picture that its camera marked as turned has the vector of the upright one."""
        upright = Image.new("RGB", (64, 32), _COLOURS["red"])
        upright.paste(Image.new("RGB", (64, 16), _COLOURS["blue"]), (0, 0))
        lying = upright.transpose(Image.Transpose.ROTATE_90)
        right, turned = await embedder.aembed_pictures([_saved(upright), _saved(lying, turned=_TURNED)])
        assert right is not None and turned is not None and _cosine(right, turned) > 0.99

    async def test_many_at_once(self, embedder: ImageEmbedder) -> None:
        """Concurrent calls each get their own vectors, and large batches are fine."""
        pictures = [plain_picture(colour) for colour in _COLOURS.values()]
        alone = await embedder.aembed_pictures(pictures)
        together = await asyncio.gather(*(embedder.aembed_pictures([picture] * 9) for picture in pictures))
        for one, others in zip(alone, together, strict=True):
            assert one is not None and len(others) == 9
            assert all(other is not None and _cosine(one, other) > 0.99 for other in others)
