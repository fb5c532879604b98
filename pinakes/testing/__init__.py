"""Public fakes and conformance suites: what your own adapters and applications can be tested with."""

from pinakes.testing.conform_blobs import ConformBlobs
from pinakes.testing.conform_catalog import ConformCatalog
from pinakes.testing.conform_embedder import ConformEmbedder
from pinakes.testing.conform_image_embedder import ConformImageEmbedder
from pinakes.testing.conform_index import ConformIndex
from pinakes.testing.conform_language_model import ConformLanguageModel
from pinakes.testing.conform_ocr import ConformOcr
from pinakes.testing.conform_planner import ConformPlanner
from pinakes.testing.conform_terms import ConformTerms
from pinakes.testing.conform_writer import ConformWriter
from pinakes.testing.model_server import ModelServer
from pinakes.testing.scripted_model import Pieces, ScriptedModel

__all__ = [
    "ConformBlobs",
    "ConformCatalog",
    "ConformEmbedder",
    "ConformImageEmbedder",
    "ConformIndex",
    "ConformLanguageModel",
    "ConformOcr",
    "ConformPlanner",
    "ConformTerms",
    "ConformWriter",
    "ModelServer",
    "Pieces",
    "ScriptedModel",
]
