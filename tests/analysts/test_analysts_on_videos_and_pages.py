from __future__ import annotations

from fake_analyst import FakeAnalyst, asked, point

from pinakes.agents.writing.verify import check_marks
from pinakes.core.errors import ModelTimeoutError
from pinakes.core.events import Event
from pinakes.core.evidence import resolve_marks
from pinakes.core.files import Chunk, LinkFacts, Locator, MediaType, Reading, Span, VideoFacts
from pinakes.core.ids import derived_id
from pinakes.core.prompts import Prompt
from pinakes.library.library import Library

SAID = tuple(f"In step {n} the mason lays row {n} of the wall." for n in range(1, 13))


async def talk(library: Library) -> None:
    record = await library.accept_bytes(
        b"talk", "talk.mp4", content_type="video/mp4", media_type=MediaType.VIDEO
    )
    lines = ["Said:", *SAID]
    spans, start = [], 0
    for n, line in enumerate(lines):
        where = Locator(start_s=5.0 * n, end_s=5.0 * n + 4)
        spans.append(Span(start=start, end=start + len(line), locator=where))
        start += len(line) + 1
    chunk = Chunk(
        id=derived_id(record.id, "0"),
        file_id=record.id,
        ordinal=0,
        text="\n".join(lines),
        kind="scene",
        spans=tuple(spans),
    )
    facts = VideoFacts(duration_s=70, width=640, height=360, format="mp4", codec="h264")
    await library.catalog.store_reading(record.id, Reading(chunks=(chunk,), video=facts), None)
    await library.sync_index()


def masonry(prompt: Prompt) -> dict[str, object]:
    return {
        "points": [
            point(prompt, "The mason lays row 7 in step 7.", "In step 7 the mason lays row 7"),
            point(prompt, "The mason lays row 99.", "In step 7 the mason lays row 7"),
        ]
    }


async def test_speech_of_a_video_in_short_with_its_second(world: Library) -> None:
    await talk(world)
    model = FakeAnalyst(masonry)
    result = await asked(world, model, "video_analysis", "What is said in talk.mp4?")
    assert model.tasks == ["analyse"]
    assert check_marks(result.text, result.evidence).dropped == 0
    text = resolve_marks(result.text)
    assert "**What is said, in short**\n\n- The mason lays row 7 in step 7. (talk.mp4, 35 s)" in text
    assert "row 99" not in text and SAID[0] in text


async def test_a_failing_model_leaves_what_was_said(world: Library, told: list[Event]) -> None:
    await talk(world)
    local = await asked(world, None, "video_analysis", "Summarise talk.mp4")
    failing = FakeAnalyst(ModelTimeoutError("The model did not answer."))
    assert await asked(world, failing, "video_analysis", "Summarise talk.mp4") == local
    assert "without the model" in told[0].message  # type: ignore[union-attr]


async def test_saved_pages_go_the_way_of_documents(world: Library) -> None:
    record = await world.accept_bytes(
        b"page", "page.html", content_type="text/html", media_type=MediaType.LINK
    )
    text = "A heat pump can warm a house built before 1930. Modern units stay under 45 dB at night."
    chunk = Chunk(id=derived_id(record.id, "0"), file_id=record.id, ordinal=0, text=text)
    facts = LinkFacts(url="https://home.example/pumps", domain="home.example")
    await world.catalog.store_reading(
        record.id, Reading(title="Heat pumps", chunks=(chunk,), link=facts), None
    )
    await world.sync_index()

    def reply(prompt: Prompt) -> dict[str, object]:
        return {
            "points": [
                point(prompt, "At night modern heat pumps stay under 45 dB.", "stay under 45 dB at night"),
                point(prompt, "More at https://other.example.", "stay under 45 dB at night"),
            ]
        }

    result = await asked(world, FakeAnalyst(reply), "link_analysis", "Summarise the saved page on heat pumps")
    assert resolve_marks(result.text) == "At night modern heat pumps stay under 45 dB. (Heat pumps)"
    assert result.evidence[0].media_type is MediaType.LINK
