"""all-MiniLM-L6-v2 (384-d, Apache-2.0) as int8 ONNX, run on the CPU without torch.

Provenance and checksums are in PROVENANCE.md beside this file; `make_model.py` made the model.
Source: Wang et al., "MiniLM" (arXiv:2002.10957); Reimers and Gurevych, "Sentence-BERT" (arXiv:1908.10084).
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from pinakes.core.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MAX_TOKENS = 256
BATCH_TOKENS = 4096
"""Word pieces, padding included, that one run of the model takes: bounds memory, not quality."""


class MiniLmEmbedder(Embeddings):
    """Embeds English text into 384 dimensions, L2-normalised; loads its model at first use.

    Texts are cut at 256 word pieces. Safe to share between threads and tasks.

    Args:
        threads: Cores one run may use; default two, or fewer on smaller machines.
    """

    name = "all-MiniLM-L6-v2-int8@1"
    dimensions = 384
    local = True

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or min(2, os.cpu_count() or 1)
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector per text, in order, of shape [len(texts), 384]. Raises ModelError."""
        if not texts:
            return []
        import numpy as np

        with self._lock:
            encoded = self._tokenizer.encode_batch(texts)
            vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
            for batch in _batches([len(e.ids) for e in encoded]):
                vectors[batch] = self._run([encoded[i] for i in batch])
        return vectors.tolist()

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a search query. Raises ModelError."""
        return self.embed_documents([text])[0]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector per text without blocking the event loop. Raises ModelError."""
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """Return the vector of a search query without blocking the event loop. Raises ModelError."""
        return await asyncio.to_thread(self.embed_query, text)

    def _run(self, encoded: list[Any]) -> npt.NDArray[np.float32]:
        import numpy as np

        width = max(len(e.ids) for e in encoded)
        inputs = {name: np.zeros((len(encoded), width), dtype=np.int64) for name in _INPUTS}
        for row, e in enumerate(encoded):
            inputs["input_ids"][row, : len(e.ids)] = e.ids
            inputs["attention_mask"][row, : len(e.ids)] = 1
        result: npt.NDArray[np.float32] = self._session.run(None, inputs)[0]
        return result

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise _missing("tokenizers") from error
        tokenizer = Tokenizer.from_str(files(__package__).joinpath("tokenizer.json").read_text("utf8"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read once, when the runtime is imported
        try:
            import onnxruntime
        except ImportError as error:
            raise _missing("onnxruntime") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        model = files(__package__).joinpath("model.onnx").read_bytes()
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Yield positions grouped by similar length, so that little is spent on padding."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[position] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(position)
    yield batch


def _missing(package: str) -> ModelError:
    return ModelError(f"The local embedder needs {package}: pip install 'pinakes[local]'.", package=package)
