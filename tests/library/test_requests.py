from __future__ import annotations

import pytest

from pinakes.library.requests import asked_about, wants_files


@pytest.mark.parametrize(
    ("request_", "about", "files"),
    [
        ("Find the documents about fire safety", "fire safety", True),
        ("show me all photos of dogs", "dogs", True),
        ("Which documents mention the crane?", "the crane?", True),
        ("Are there any files about cranes?", "cranes?", True),
        ("Tell me about the storm in October", "storm in October", False),
        ("Find everything about the crane", "crane", True),
        ("Tell me everything about pumps", "pumps", True),
        ("Show me all receipts", "receipts", False),
        (
            "What are the key safety requirements mentioned in the documents?",
            "What are the safety requirements?",
            False,
        ),
        ("List the main risks from all documents", "risks", False),
        ("Where is the main isolator?", "Where is the main isolator?", False),
        ("How many people work in the library?", "How many people work in the library?", False),
        ("Explain how the pump works", "how the pump works", False),
        (
            "What document formed the Parliament of Victoria?",
            "What document formed the Parliament of Victoria?",
            False,
        ),
        ("What is the torque?", "What is the torque?", False),
        ("Finde Dokumente über Pumpen", "Pumpen", True),
        ("muéstrame los documentos sobre bombas", "bombas", True),
        ("find", "find", False),
        ("", "", False),
    ],
)
def test_what_a_request_is_about(request_: str, about: str, files: bool) -> None:
    assert asked_about(request_) == about
    assert wants_files(request_) is files
