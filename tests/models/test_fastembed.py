"""The real fastembed, offline: on the ONNX model in the package, laid out as fastembed wants it."""

from __future__ import annotations

import json
import math
import shutil
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from pinakes import Pinakes, Settings
from pinakes.core.errors import ConfigurationError, ModelError, ModelUnavailableError
from pinakes.models.fastembed_embedder import FastEmbedEmbedder
from pinakes.models.fastembed_loading import LocalModels
from pinakes.models.fastembed_reranker import FastEmbedReranker
from pinakes.models.minilm import MiniLmEmbedder
from pinakes.ports.embedder import is_local
from pinakes.ports.reranker import Reranker
from pinakes.testing import ConformEmbedder

fastembed = pytest.importorskip("fastembed")

MODEL = "pinakes/minilm"
TEXTS = ["The pump leaks oil.", "Wie oft wird geschmiert?", "", "oil " * 600, "7.1 mm/s", "rent is due"]


@pytest.fixture(scope="session")
def where(tmp_path_factory: pytest.TempPathFactory) -> LocalModels:
    from fastembed.common.model_description import ModelSource, PoolingType
    from fastembed.rerank.cross_encoder import TextCrossEncoder

    folder = tmp_path_factory.mktemp("model")
    for name in ("model.onnx", "tokenizer.json"):
        shutil.copy(str(files("pinakes.models.minilm").joinpath(name)), folder / name)
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 256, "pad_token": "[PAD]"}))
    (folder / "config.json").write_text(json.dumps({"pad_token_id": 0}))
    source = ModelSource(hf=MODEL)
    fastembed.TextEmbedding.add_custom_model(
        model=MODEL,
        pooling=PoolingType.DISABLED,
        normalization=False,
        sources=source,
        dim=384,
        model_file="model.onnx",
    )
    TextCrossEncoder.add_custom_model(model=MODEL, sources=source, model_file="model.onnx")
    return LocalModels(threads=1, model_folder=folder)


@pytest.fixture(scope="session")
def made(where: LocalModels) -> FastEmbedEmbedder:
    return FastEmbedEmbedder(MODEL, where)


class TestFastEmbedEmbedder(ConformEmbedder):
    @pytest.fixture
    def embedder(self, made: FastEmbedEmbedder) -> FastEmbedEmbedder:
        return made


async def test_its_vectors_are_those_of_the_same_model_elsewhere(made: FastEmbedEmbedder) -> None:
    ours = await MiniLmEmbedder(1).aembed_documents(TEXTS)
    for mine, other in zip(ours, await made.aembed_documents(TEXTS), strict=True):
        assert math.dist(mine, other) < 0.02  # a quantised model rounds by what else is in the batch
    assert (made.name, made.dimensions, is_local(made)) == ("fastembed:pinakes/minilm@384", 384, True)


def test_questions_and_passages_are_told_apart(
    made: FastEmbedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = made.embed_query("pump")
    embed = made._model.model.embed
    monkeypatch.setattr(made._model.model, "query_embed", lambda text, **_: embed([f"query: {text}"]))
    assert made.embed_query("pump") != plain
    assert math.dist(made.embed_documents(["pump"])[0], plain) < 0.02


async def test_a_reranker_marks_each_text(where: LocalModels) -> None:
    reranker = FastEmbedReranker(MODEL, where)
    assert isinstance(reranker, Reranker)
    marks = await reranker.rerank("pump", TEXTS)
    assert len(marks) == len(TEXTS) and len(set(marks)) > 1
    [alone] = await reranker.rerank("pump", TEXTS[:1])
    assert marks[0] == pytest.approx(alone, abs=0.02)
    assert await reranker.rerank("pump", []) == []
    reranker._model = None
    with pytest.raises(ModelError, match="cannot judge"):
        await reranker.rerank("pump", TEXTS)


@pytest.mark.parametrize("kind", [FastEmbedEmbedder, FastEmbedReranker])
class TestRefusals:
    def test_a_model_that_is_not_here(self, kind: type, tmp_path: Path) -> None:
        name = "BAAI/bge-small-en-v1.5" if kind is FastEmbedEmbedder else "Xenova/ms-marco-MiniLM-L-6-v2"
        with pytest.raises(ConfigurationError, match="PINAKES_ALLOW_DOWNLOADS") as refused:
            kind(name, LocalModels(folder=tmp_path))
        assert isinstance(refused.value.__cause__, ValueError)  # nobody tried the network

    def test_a_model_that_nobody_knows(self, kind: type) -> None:
        with pytest.raises(ConfigurationError, match="knows no model 'x/y'"):
            kind("x/y")

    def test_a_fetch_that_fails(self, kind: type, where: LocalModels, tmp_path: Path) -> None:
        empty = LocalModels(allow_downloads=True, model_folder=tmp_path)
        with pytest.raises(ModelUnavailableError, match="could not be fetched"):
            kind(MODEL, empty)

    def test_without_the_package(self, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("fastembed", "fastembed.rerank.cross_encoder"):
            monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(ConfigurationError, match=r"pip install 'pinakes\[fastembed\]'"):
            kind("x/y")


async def test_a_library_by_its_settings(
    where: LocalModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made with the embedder in the package, opened with one of fastembed and a reranker: made anew by itself."""
    monkeypatch.setattr("pinakes.client.model_roles._local_models", lambda settings: where)
    settings = Settings(library=tmp_path / "library", ocr="none", workers=1, embed_threads=1)
    async with Pinakes(settings=settings) as client:
        await client.files.upload(b"The crane is greased every 500 hours of work.", filename="crane.txt")
        await client.files.upload(b"The canteen serves soup at noon.", filename="soup.txt")
        before = (await client.files.search("How often is the crane greased?")).items
    chosen = {"embedding_model": f"fastembed:{MODEL}", "reranker": f"fastembed:{MODEL}"}
    async with Pinakes(settings=settings.model_copy(update=chosen)) as client:
        after = (await client.files.search("How often is the crane greased?")).items
        assert client.library.index_embedder.name == "fastembed:pinakes/minilm@384"
        assert client.library.reranker is not None
    assert after[0].document_filename == before[0].document_filename == "crane.txt"
    assert after[0].score == pytest.approx(before[0].score, abs=0.02)


async def test_another_sort_of_reranker_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="fastembed:<name of the model>"):
        async with Pinakes(settings=Settings(library=tmp_path, reranker="other")):
            pass
