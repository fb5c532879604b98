from __future__ import annotations

import pytest

from pinakes.models.bm25 import Bm25Encoder
from pinakes.ports.embedder import TermEncoder


@pytest.fixture(scope="module")
def encoder() -> Bm25Encoder:
    return Bm25Encoder()


def shared(encoder: Bm25Encoder, query: str, document: str) -> float:
    asked = set(encoder.encode_query(query).indices)
    return len(asked & set(encoder.encode([document])[0].indices)) / len(asked)


def test_it_is_a_term_encoder(encoder: Bm25Encoder) -> None:
    assert isinstance(encoder, TermEncoder)


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("pumps", "a pump was pumping"),
        ("P-104", "pump P-104 leaks"),
        ("p104", "pump P-104 leaks"),
        ("INV-2025-017", "invoice INV-2025-017 of March"),
        ("1,000 EUR", "EUR 1000"),
        ("3,5 bar", "at 3.5 bar"),
        ("DA-619p.pdf", "see DA-619p.pdf"),
        ("sign_12", "sign_12.jpg"),
        ("Tesla's", "Tesla"),
        ("U.S.", "made in the U.S."),
        ("cafe", "the café"),
        ("水泵", "二号水泵在厂房"),
        ("문서", "한국어 문서를"),
    ],
)
def test_what_is_meant_alike_shares_all_terms(encoder: Bm25Encoder, query: str, document: str) -> None:
    assert shared(encoder, query, document) == 1


@pytest.mark.parametrize(
    ("query", "document"),
    [("P-104", "pump P-105"), ("3.5", "35 and 3 and 5"), ("水泵", "水和油"), ("die the der", "nothing here")],
)
def test_what_is_meant_differently_shares_none(encoder: Bm25Encoder, query: str, document: str) -> None:
    asked = set(encoder.encode_query(query).indices)
    assert not asked & set(encoder.encode([document])[0].indices)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("What is the pressure of the pump?", ["pressure", "pump"]),
        ("Was ist der Druck in der Pumpe?", ["Druck", "Pumpe"]),
        ("¿Cuál es la presión de la bomba?", ["presión", "bomba"]),
        ("die casting of the housing", ["die", "casting", "housing"]),
    ],
)
def test_queries_lose_the_stop_words_of_their_language(
    encoder: Bm25Encoder, query: str, kept: list[str]
) -> None:
    assert [w for w in encoder.words(query).values() if w not in {"Cuál"}] == kept


def test_words_stand_behind_exactly_the_terms_of_the_query(encoder: Bm25Encoder) -> None:
    for text in ("Which torque has bolt M8-40?", "水泵在哪里？", "", "¿¡!?", "e-mail U.S. 6½"):
        assert set(encoder.words(text)) == set(encoder.encode_query(text).indices)
