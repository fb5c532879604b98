"""What every term encoder must do.

Subclass the suite in a test module and give it a fixture `terms`, a `TermEncoder`::

    class TestMyTerms(ConformTerms):
        @pytest.fixture
        def terms(self):
            return MyTerms()
"""

from __future__ import annotations

import math

from pinakes.ports.embedder import SparseVector, TermEncoder

_TEXTS = ["rusty pump bearing", "green harbour crane", "rusty crane"]
_ODD = ["", " ", "…", "?!", "👍👍", "\x00", "a" * 5_000, "word " * 2_000, "the of and"]
_FOREIGN = ["насос", "泵坏了", "ポンプ故障", "αντλία", "Kühlung", "réservoir"]


def _weights(vector: SparseVector) -> dict[int, float]:
    return dict(zip(vector.indices, vector.values, strict=True))


class ConformTerms:
    """The suite; `terms` is the adapter's fixture."""

    def test_name(self, terms: TermEncoder) -> None:
        """An encoder tells its name, by which indexes are told apart."""
        assert isinstance(terms, TermEncoder)
        assert terms.name

    def test_one_vector_per_text_in_order(self, terms: TermEncoder) -> None:
        """A batch gives what its texts would get alone."""
        assert terms.encode([]) == []
        assert terms.encode(_TEXTS) == [terms.encode([text])[0] for text in _TEXTS]

    def test_weights_are_sound(self, terms: TermEncoder) -> None:
        """Each term stands once, with a positive, finite weight, whatever the text."""
        texts = [*_TEXTS, *_ODD, *_FOREIGN]
        for vector in (*terms.encode(texts), *map(terms.encode_query, texts)):
            assert len(vector.indices) == len(vector.values) == len(set(vector.indices))
            assert all(index >= 0 for index in vector.indices)
            assert all(math.isfinite(value) and value > 0 for value in vector.values)

    def test_shared_words_share_terms(self, terms: TermEncoder) -> None:
        """A query meets the documents that hold its words, in any case, and no others."""
        documents = [set(vector.indices) for vector in terms.encode(_TEXTS)]
        for query in ("rusty", "RUSTY", "Rusty"):
            asked = set(terms.encode_query(query).indices)
            assert [bool(asked & document) for document in documents] == [True, False, True]

    def test_every_script_is_found(self, terms: TermEncoder) -> None:
        """A word in any script meets itself."""
        for word in _FOREIGN:
            [document] = terms.encode([word])
            assert set(document.indices) & set(terms.encode_query(word).indices), word

    def test_a_repeated_word_weighs_more(self, terms: TermEncoder) -> None:
        """Within one document."""
        [vector] = terms.encode(["pump pump pump crane"])
        [pump], [crane] = terms.encode_query("pump").indices, terms.encode_query("crane").indices
        assert _weights(vector)[pump] > _weights(vector)[crane]

    def test_no_words_no_terms(self, terms: TermEncoder) -> None:
        """Punctuation alone finds nothing."""
        for text in ("", " ", "…", "?!"):
            assert terms.encode_query(text).indices == ()
            assert terms.words(text) == {}

    def test_words_behind_terms(self, terms: TermEncoder) -> None:
        """The words are given as typed, first occurrence first, under the ids that a query has."""
        found = terms.words("Rusty PUMP bearing, rusty pump")
        assert list(found.values()) == ["Rusty", "PUMP", "bearing"]
        assert set(found) == set(terms.encode_query("Rusty PUMP bearing, rusty pump").indices)

    def test_the_same_text_has_the_same_terms(self, terms: TermEncoder) -> None:
        """Terms are kept for years: today's must be tomorrow's."""
        assert terms.encode(_TEXTS) == terms.encode(_TEXTS)
        assert terms.encode_query(_TEXTS[0]) == terms.encode_query(_TEXTS[0])
