"""Makes what is shipped of the cards anew after a change of them: python tests/planning/make_example_vectors.py."""

import numpy as np

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.examples import examples_of, save, shipped_path
from pinakes.agents.planning.meaning import fit
from pinakes.models.minilm import MiniLmEmbedder

if __name__ == "__main__":
    texts, labels = examples_of(CARDS)
    embedder = MiniLmEmbedder()
    # Fitted on what is kept of the vectors, so that a fit beside other cards starts from the same.
    vectors = np.asarray(embedder.embed_documents(texts), dtype=np.float16).astype(np.float32)
    save(shipped_path(), embedder.name, vectors, fit(vectors, labels, len(CARDS)).astype(np.float32))
