"""The four agents on real readings: found, told with seconds and pages, refused where nobody can know."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from media_world import asked, make_world

from pinakes.agents.writing.verify import check_marks
from pinakes.core.plans import StepResult, StepStatus
from pinakes.library.library import Library
from pinakes.tools.frames import frame


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def world(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = loop.run(make_world(tmp_path_factory.mktemp("media")))
    yield library
    loop.run(library.aclose())


@pytest.fixture
def ask(world: Library, loop: asyncio.Runner):
    def run(agent: str, intent: str, *inputs: StepResult) -> StepResult:
        result = loop.run(asked(world, agent, intent, *inputs))
        assert check_marks(result.text, result.evidence).dropped == 0
        return result

    return run


def test_moments_are_found_with_their_seconds(ask) -> None:
    found = ask("video_search", "In which clip does the text TOTAL appear?")
    assert found.evidence[0].quote == "TOTAL 4711 EUR"
    assert found.evidence[0].locator.start_s == pytest.approx(3, abs=0.2)
    said = ask("video_search", "At what minute does she mention the invoice?")
    assert said.evidence[0].locator.start_s == pytest.approx(3.5, abs=0.01)


@pytest.mark.parametrize(
    ("intent", "names"),
    [
        ("Show the harbour footage", {"harbour tour.mkv"}),
        ("Videos shorter than 5 seconds", {"dock.mp4"}),
        ("Clips longer than five seconds", {"harbour tour.mkv"}),
        ("List my videos", {"harbour tour.mkv", "dock.mp4"}),
        ("Videos with a giraffe", set()),
    ],
)
def test_video_search(ask, intent: str, names: set[str]) -> None:
    found = ask("video_search", intent)
    assert {e.filename for e in found.evidence} == names
    assert names or (found.status is StepStatus.EMPTY and "cannot see" in " ".join(found.notes))


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("How long is dock.mp4?", "**2 seconds**"),
        ("List the scenes of harbour tour.mkv", "Scene 2 of 3, 0:03 to 0:06"),
        ("What text can be read in harbour tour.mkv?", "“GATE 12”"),
        ("Transcribe harbour tour.mkv", "“Welcome to the harbour tour.”"),
        ("Extract the amounts from harbour tour.mkv", "**4711 EUR**, 0:03–0:06"),
        ("Compare harbour tour.mkv and dock.mp4", "- length: "),
        ("How many people are in dock.mp4?", "cannot see what a video shows"),
        ("What does the speaker in dock.mp4 say?", "does not hear"),
        ("Summarise dock.mp4", "Night shift"),
    ],
)
def test_video_analysis(ask, intent: str, told: str) -> None:
    assert told in ask("video_analysis", intent).text


def test_speech_about_what_is_asked(ask) -> None:
    text = ask("video_analysis", "What is said about the invoice in harbour tour.mkv?").text
    assert "due on 3 May" in text and "Welcome" not in text


def test_nothing_found_is_nothing_analysed(ask) -> None:
    empty = ask("video_search", "Videos with a giraffe")
    assert empty.text == "No video matches “giraffe”."
    assert ask("video_analysis", "Describe the giraffe", empty).status is StepStatus.EMPTY


@pytest.mark.parametrize(
    ("intent", "names"),
    [
        ("Find the article I saved about heat pumps", {"Heat pumps in old houses"}),
        ("What was that website with the bread recipes?", {"Sourdough for beginners"}),
        ("Links from breadandbutter.example", {"Sourdough for beginners"}),
        ("Articles on Home Energy Review", {"Heat pumps in old houses"}),
        ("Which links were published in 2022?", {"Sourdough for beginners"}),
        ("Articles by Ann Lee", {"Heat pumps in old houses"}),
        ("Links from nowhere.example", set()),
        ("A saved page about quantum computing", set()),
    ],
)
def test_link_search(ask, intent: str, names: set[str]) -> None:
    assert {e.filename for e in ask("link_search", intent).evidence} == names


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("Summarise the saved article on heat pumps", "**Heat pumps in old houses (homeenergy.example)**"),
        ("List the authors of the articles I bookmarked", "Sourdough for beginners: author: Maria Costa"),
        ("Extract the prices from the saved page on heat pumps", "**14,000 euros**"),
        ("When was the article on heat pumps published?", "published: 5 March 2024"),
        ("Categorise my bookmarks by subject", "2 links"),
    ],
)
def test_link_analysis(ask, intent: str, told: str) -> None:
    assert told in ask("link_analysis", intent).text


def test_frames_are_pictures(world: Library, loop: asyncio.Runner, ask) -> None:
    video = ask("video_search", "List my videos").file_ids[0]
    assert loop.run(frame(world, video, 1.0)).startswith(b"\xff\xd8\xff")
