"""The adapters of models, and their fakes, against their ports' suites."""

from __future__ import annotations

import importlib.util
import shutil

import pytest

from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder
from pinakes.models.rapid_ocr import RapidOcr
from pinakes.models.tesseract_ocr import TesseractOcr
from pinakes.testing import ConformEmbedder, ConformOcr, ConformTerms
from pinakes.testing.fakes import HashEmbedder, HashTerms

# Made once: they load their models at first use.
MINILM = MiniLmEmbedder(threads=1)
BM25 = Bm25Encoder()
RAPID_OCR = RapidOcr()


class TestMiniLmEmbedder(ConformEmbedder):
    @pytest.fixture
    def embedder(self) -> MiniLmEmbedder:
        return MINILM


class TestHashEmbedder(ConformEmbedder):
    @pytest.fixture
    def embedder(self) -> HashEmbedder:
        return HashEmbedder()


class TestBm25Encoder(ConformTerms):
    @pytest.fixture
    def terms(self) -> Bm25Encoder:
        return BM25


class TestHashTerms(ConformTerms):
    @pytest.fixture
    def terms(self) -> HashTerms:
        return HashTerms()


@pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="rapidocr is not installed")
class TestRapidOcr(ConformOcr):
    @pytest.fixture
    def ocr(self) -> RapidOcr:
        return RAPID_OCR


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not on PATH")
class TestTesseractOcr(ConformOcr):
    @pytest.fixture
    def ocr(self) -> TesseractOcr:
        return TesseractOcr()
