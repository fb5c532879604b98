"""The real fastembed, offline: its CLIP classes on a tiny pair of models that is made on the spot."""

from __future__ import annotations

import math
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tiny_clip import write_pair

from pinakes import Pinakes, Settings
from pinakes.core.errors import ConfigurationError, ModelError, ModelUnavailableError
from pinakes.models.fastembed_image_embedder import PAIRS, FastEmbedImageEmbedder
from pinakes.models.fastembed_loading import LocalModels
from pinakes.testing import ConformImageEmbedder
from pinakes.testing.conform_image_embedder import plain_picture

pytest.importorskip("fastembed")

CLIP = "clip-ViT-B-32"


@pytest.fixture(scope="session")
def where(tmp_path_factory: pytest.TempPathFactory) -> LocalModels:
    return LocalModels(threads=1, model_folder=write_pair(tmp_path_factory.mktemp("clip")))


@pytest.fixture(scope="session")
def made(where: LocalModels) -> FastEmbedImageEmbedder:
    return FastEmbedImageEmbedder(CLIP, where)


class TestFastEmbedImageEmbedder(ConformImageEmbedder):
    @pytest.fixture
    def embedder(self, made: FastEmbedImageEmbedder) -> FastEmbedImageEmbedder:
        return made


async def test_both_halves_are_fastembeds_clip(made: FastEmbedImageEmbedder) -> None:
    assert type(made._vision.model).__name__ == "OnnxImageEmbedding"
    assert type(made._text.model).__name__ == "CLIPOnnxEmbedding"
    assert (made.name, made.dimensions, made.local) == (f"fastembed:{CLIP}@512", 512, True)
    [red] = await made.aembed_pictures([plain_picture((255, 0, 0), form="PNG")])
    assert red is not None
    assert [round(value, 2) for value in red[:3]] == [
        0.58,
        -0.58,
        -0.58,
    ]  # the pixels themselves came through
    assert math.dist(red, await made.aembed_query("a sunset")) < 0.02


async def test_transparent_and_grey_pictures(made: FastEmbedImageEmbedder) -> None:
    buffers = [BytesIO(), BytesIO()]
    Image.new("RGBA", (40, 40), (200, 0, 0, 255)).save(buffers[0], "PNG")
    Image.new("L", (40, 40), 255).save(buffers[1], "PNG")
    vectors = await made.aembed_pictures([buffer.getvalue() for buffer in buffers])
    assert all(vector is not None for vector in vectors)


async def test_a_runtime_that_fails(where: LocalModels) -> None:
    embedder = FastEmbedImageEmbedder(CLIP, where)
    embedder._vision = embedder._text = None
    with pytest.raises(ModelError, match="cannot embed"):
        await embedder.aembed_pictures([plain_picture((1, 2, 3))])
    with pytest.raises(ModelError, match="cannot embed"):
        await embedder.aembed_query("dog")


class TestRefusals:
    @pytest.mark.parametrize("name", [CLIP, "Qdrant/clip-ViT-B-32-vision"])
    def test_a_model_that_is_not_here(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="PINAKES_ALLOW_DOWNLOADS"):
            FastEmbedImageEmbedder(name, LocalModels(folder=tmp_path))

    def test_a_pair_that_nobody_knows(self) -> None:
        with pytest.raises(ConfigurationError, match="choose of clip-ViT-B-32"):
            FastEmbedImageEmbedder("x/y")

    def test_a_fetch_that_fails(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnavailableError, match="could not be fetched"):
            FastEmbedImageEmbedder(CLIP, LocalModels(allow_downloads=True, model_folder=tmp_path))

    def test_without_the_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "fastembed", None)
        with pytest.raises(ConfigurationError, match=r"pip install 'pinakes\[fastembed\]'"):
            FastEmbedImageEmbedder(CLIP)

    def test_a_floor_that_is_not_known(self) -> None:
        with pytest.raises(ConfigurationError, match="PINAKES_IMAGE_FLOOR"):
            FastEmbedImageEmbedder("siglip2-base-patch16-224")

    async def test_another_sort(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="fastembed:<name of the pair>"):
            async with Pinakes(settings=Settings(library=tmp_path, image_embedder="clip")):
                pass


def test_every_pair_is_one_of_fastembeds() -> None:
    import fastembed

    pictures = {m["model"]: m["dim"] for m in fastembed.ImageEmbedding.list_supported_models()}
    texts = {m["model"]: m["dim"] for m in fastembed.TextEmbedding.list_supported_models()}
    assert all(pictures[pair.vision] == texts[pair.text] for pair in PAIRS.values())


def test_a_floor_of_ones_own(where: LocalModels) -> None:
    scale = FastEmbedImageEmbedder(CLIP, where, floor=0.2).scale
    assert (scale.floor, round(scale.sure, 2), scale.margin) == (0.2, 0.27, 0.02)


async def test_a_library_by_its_settings(
    where: LocalModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures without a word, from before the setting and after: found, deleted, brought back, asked for in a chat."""
    monkeypatch.setattr("pinakes.client.model_roles._local_models", lambda settings: where)
    settings = Settings(library=tmp_path / "library", ocr="none", workers=1, embed_threads=1)
    async with Pinakes(settings=settings) as client:
        for name, colour in (("a1.png", (230, 10, 10)), ("b2.png", (10, 210, 10)), ("c3.png", (10, 10, 230))):
            await client.files.upload(plain_picture(colour, size=(600, 400), form="PNG"), filename=name)
        blind = (await client.agent_search.images("pictures of a sunset")).items
    assert blind == []
    seeing = settings.model_copy(update={"image_embedder": f"fastembed:{CLIP}"})
    async with Pinakes(settings=seeing) as client:
        status = await client.status()
        assert status.image_embedder == f"fastembed:{CLIP}@512" and status.vision is None
        estimate = await client.reindex_estimate()
        assert (estimate.files, estimate.pictures, estimate.image_embedder) == (0, 3, status.image_embedder)
        report = await client.reindex()
        assert (report.files, report.pictures) == (0, 3)
        assert (await client.reindex_estimate()).pictures == 0
        async with client.chat_session() as session:
            answer = await session.send("Find pictures of a sunset")
        assert "a1.png" in answer.content and "b2.png" not in answer.content
        await client.files.upload(
            plain_picture((240, 0, 0), form="PNG"), filename="d4.png", folder_path="Trips"
        )
        found = (await client.agent_search.images("pictures of a sunset")).items
        assert {item.filename for item in found} == {"a1.png", "d4.png"}
        new = next(item.image_id for item in found if item.filename == "d4.png")
        assert [
            i.image_id for i in (await client.agent_search.images("a sunset", image_ids=[new])).items
        ] == [new]
        await client.files.delete(new)
        left = (await client.agent_search.images("pictures of a sunset")).items
        assert [item.filename for item in left] == ["a1.png"]
