from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest

from pinakes.agents.writing import LocalWriter
from pinakes.core.chat import Answer, Counted, Passage, WriteRequest
from pinakes.core.evidence import Evidence
from pinakes.core.files import MediaType
from pinakes.core.ids import derived_id
from pinakes.core.plans import Plan, Step, StepResult
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder

Write = Callable[..., Awaitable[Answer]]


@pytest.fixture(scope="session")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder(threads=1)


@pytest.fixture(scope="session")
def terms() -> Bm25Encoder:
    return Bm25Encoder()


@pytest.fixture(scope="session")
def writer(embedder: MiniLmEmbedder, terms: Bm25Encoder) -> LocalWriter:
    return LocalWriter(embedder, terms)


@pytest.fixture
def write(writer: LocalWriter) -> Write:
    """Write to the end, checking what every stream promises."""

    async def run(request: WriteRequest) -> Answer:
        pieces = [piece async for piece in writer.write(request)]
        answer = pieces[-1]
        assert isinstance(answer, Answer)
        assert "".join(p for p in pieces[:-1] if isinstance(p, str)) == answer.content
        told = [key for p in pieces if isinstance(p, Counted) for key in p.result_refs]
        assert sorted(told) == sorted(answer.result_refs)
        return answer

    return run


def evidence(filename: str, number: int = 1, *, score: float = 0.9, **fields) -> Evidence:
    file_id = fields.pop("file_id", derived_id(filename))
    known = {"media_type": MediaType.DOCUMENT, "chunk_id": derived_id(file_id, str(number))}
    return Evidence(id=f"s1.{number}", file_id=file_id, filename=filename, score=score, **(known | fields))


def passage(filename: str, text: str, number: int = 1, *, score: float = 0.9, **fields) -> Passage:
    own = {k: fields.pop(k) for k in ("heading", "kind", "html", "spans", "url") if k in fields}
    return Passage(evidence=evidence(filename, number, score=score, **fields), text=text, **own)


def result(question: str, passages: Sequence[Passage] = (), step: str = "s1", **fields) -> StepResult:
    known = {"agent": "document_search", "evidence": tuple(p.evidence for p in passages)}
    known["status"] = "ok" if passages or fields.get("text") or fields.get("table") else "empty"
    return StepResult(step_id=step, intent=question, **(known | fields))


def request(question: str, *results: StepResult, passages: Sequence[Passage] = (), **fields) -> WriteRequest:
    steps = tuple(Step(id=r.step_id, agent=r.agent, intent=r.intent or question) for r in results)
    return WriteRequest(
        question=question,
        plan=Plan(id="p", steps=steps),
        results=results,
        passages=tuple(passages),
        **fields,
    )


def asked(question: str, *passages: Passage, **fields) -> WriteRequest:
    return request(question, result(question, passages), passages=passages, **fields)
