"""Rebuilds the shipped vectors after a change of the cards: python tests/planning/make_example_vectors.py."""

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.examples import save_vectors, shipped_path
from pinakes.models.minilm import MiniLmEmbedder

if __name__ == "__main__":
    texts = [example for card in CARDS for example in card.examples]
    embedder = MiniLmEmbedder()
    save_vectors(shipped_path(), embedder.name, texts, embedder.embed_documents(texts))
