from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "reporting"))

from fake_analyst import FakeAnalyst, data_of, id_of, point
from report_world import NOW, make_world, open_world

from pinakes.agents.reporting.claims import check_claims
from pinakes.agents.reporting.document import Paragraph, Report
from pinakes.agents.reporting.synthesis import synthesise
from pinakes.agents.writing.verify import occurs
from pinakes.core.errors import BudgetExceededError, ModelUnavailableError
from pinakes.core.events import Event
from pinakes.core.findings import ReportRef
from pinakes.core.prompts import Prompt
from pinakes.library.library import Library
from pinakes.testing.library_copies import copied

ASKED = "Write a report on the seal failure of pump P-7 without pictures"


@pytest.fixture(scope="session")
def pumps_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pumps")
    asyncio.run(make_world(folder))
    return folder


@pytest.fixture
async def pumps(pumps_folder: Path, tmp_path: Path) -> AsyncIterator[Library]:
    library = await open_world(copied(pumps_folder, tmp_path / "pumps"))
    yield library
    await library.aclose()


async def written(
    library: Library, model: FakeAnalyst | None, asked: str = ASKED
) -> tuple[Report, ReportRef]:
    return await synthesise(library, asked, (), now=NOW, analyst=model)


def outline(prompt: Prompt) -> dict[str, object]:
    return {
        "groups": [
            {
                "name": "Failure of the seal",
                "ids": [id_of(prompt, "failed"), id_of(prompt, "run dry for"), "D99"],
            },
            {"name": "**Alarm and checks**", "ids": [id_of(prompt, "alarm"), id_of(prompt, "failed")]},
            {"name": "Quantum gravity", "ids": [id_of(prompt, "hours")]},
        ]
    }


def section(prompt: Prompt) -> dict[str, object]:
    if any("failed" in d.text and d.id != "S" for d in data_of(prompt)):
        return {
            "points": [
                point(
                    prompt,
                    "On 18 March 2025 the seal of P-7 failed.",
                    "On 18 March 2025 the seal of pump P-7 failed",
                ),
                point(prompt, "It had run dry for six days.", "had run dry for six days"),
                point(prompt, "It had run dry for 60 days.", "had run dry for six days"),
            ]
        }
    return {
        "points": [
            point(prompt, "Since 24 June an alarm watches the pressure of pump P-7 [D1].", "alarm was fitted")
        ]
    }


def paragraphs(report: Report) -> dict[str, list[str]]:
    return {
        s.heading: [x.text for b in s.blocks if isinstance(b, Paragraph) for x in b.sentences]
        for s in report.sections
    }


async def test_outline_and_sections_by_a_model(pumps: Library, told: list[Event]) -> None:
    model = FakeAnalyst(outline=[outline], report_section=[section])
    report, _ = await written(pumps, model)
    assert model.tasks == ["outline", "report_section", "report_section"]
    said = paragraphs(report)
    assert said["Failure of the seal"] == [
        "On 18 March 2025 the seal of P-7 failed.",
        "It had run dry for six days.",
    ]
    assert said["Alarm and checks"] == ["Since 24 June an alarm watches the pressure of pump P-7."]
    assert "Quantum gravity" not in said
    numbers = {s.number for s in report.sources}
    sentences = [x for b in report.blocks if isinstance(b, Paragraph) for x in b.sentences]
    assert all(x.cites and set(x.cites) <= numbers for x in sentences)
    assert "left out" in told[0].message  # type: ignore[union-attr]


async def test_claims_of_a_model_are_checked_like_others(pumps: Library) -> None:
    _, ref = await written(pumps, FakeAnalyst(outline=[outline], report_section=[section]))
    claim = next(c for c in ref.claims if c.text == "It had run dry for six days.")
    (source,) = claim.sources
    assert source.evidence.quote == "had run dry for six days" and source.evidence.locator.page == 1
    chunk = (await pumps.catalog.get_chunks([str(source.evidence.chunk_id)]))[0]
    assert occurs(source.evidence.quote, chunk.text) and len(source.text_sha256) == 64
    assert (await check_claims(pumps, ref)).fresh
    await pumps.delete([source.evidence.file_id])
    assert {s.text for s in (await check_claims(pumps, ref)).stale} >= {claim.text}


async def test_the_heading_is_data_for_the_section(pumps: Library) -> None:
    model = FakeAnalyst(outline=[outline], report_section=[section])
    await written(pumps, model)
    assert [data_of(p)[0].text for p in model.prompts[1:]] == ["Failure of the seal", "Alarm and checks"]
    assert all("seal" not in p.system for p in model.prompts)


async def test_without_an_outline_the_report_is_the_local_one(pumps: Library, told: list[Event]) -> None:
    local, _ = await written(pumps, None)
    report, _ = await written(pumps, FakeAnalyst(ModelUnavailableError("The endpoint cannot be reached.")))
    assert report == local
    assert [e.details["code"] for e in told] == ["MODEL_UNAVAILABLE"]  # type: ignore[union-attr]


async def test_a_section_that_no_call_was_left_for_quotes_its_sources(
    pumps: Library, told: list[Event]
) -> None:
    spent = BudgetExceededError("The turn's budget of 2 model calls is used up.")
    report, ref = await written(pumps, FakeAnalyst(outline=[outline], report_section=[section, spent]))
    said = paragraphs(report)
    assert said["Failure of the seal"][0] == "On 18 March 2025 the seal of P-7 failed."
    assert said["Alarm and checks"][0] == "A low-pressure alarm was fitted to pump P-7 on 24 June."
    assert (await check_claims(pumps, ref)).fresh
    assert "1 of 2 sections of the report are written without the model" in told[0].message  # type: ignore[union-attr]


async def test_named_parts_keep_their_names(pumps: Library) -> None:
    model = FakeAnalyst(report_section=[section])
    asked = "Write a report on pump P-7 with the sections: failure of the seal, unicorns"
    report, _ = await written(pumps, model, asked)
    assert "outline" not in model.tasks
    assert report.missing and "unicorns" in report.missing[0].casefold()
