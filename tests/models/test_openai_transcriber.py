"""Speech to text through OpenAI's real client."""

from __future__ import annotations

import asyncio
import io
import wave
from typing import Any

import pytest

from pinakes.core.errors import ModelAccessError, ModelError, ModelRateLimitError, ModelUnavailableError
from pinakes.models.openai_transcriber import OpenAITranscriber
from pinakes.ports.language_model import Transcriber, Utterance
from pinakes.testing import ModelServer
from pinakes.testing.model_replies import (
    Fault,
    Reply,
    Said,
    rate_limited,
    reset,
    server_error,
    silence,
    unsupported,
    wrong_key,
)

SAID = Reply(said=[Said("Good morning.", 0, 1.25), Said("  ", 1.25, 2), Said("The pump leaks.", 2, 4.5)])
HEARD = (
    Utterance(text="Good morning.", start=0, end=1.25),
    Utterance(text="The pump leaks.", start=2, end=4.5),
)


def recording(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\x00\x01" * int(8000 * seconds))
    return file.getvalue()


def ready(server: ModelServer, **options: Any) -> OpenAITranscriber:
    return OpenAITranscriber("whisper-1", base_url=server.url, **options)


async def test_words_come_with_their_times() -> None:
    audio = recording(4.5)
    async with ModelServer(transcripts=[SAID]) as server:
        transcriber = ready(server, api_key="sk-own")
        assert isinstance(transcriber, Transcriber)
        assert transcriber.name == "whisper-1"
        assert await transcriber.transcribe(audio, "talk.wav") == HEARD
        await transcriber.aclose()
    [asked] = server.requests
    assert asked.files == {"file": ("talk.wav", audio)}
    assert asked.json["response_format"] == "verbose_json"
    assert asked.key == "sk-own"


async def test_silence_has_no_words() -> None:
    async with ModelServer() as server:
        assert await ready(server).transcribe(recording(1), "quiet.wav") == ()


async def test_models_that_tell_no_times_give_one_utterance() -> None:
    refused = unsupported("response_format", "response_format 'verbose_json' is not compatible with model")
    async with ModelServer(transcripts=[refused, "It leaks.", "It still leaks."]) as server:
        transcriber = ready(server)
        assert await transcriber.transcribe(recording(3), "a.wav") == (
            Utterance(text="It leaks.", start=0, end=3),
        )
        assert await transcriber.transcribe(b"ID3 no wave", "b.mp3") == (
            Utterance(text="It still leaks.", start=0, end=0),
        )
    assert [asked.json["response_format"] for asked in server.requests] == ["verbose_json", "json", "json"]


async def test_a_refused_recording_does_not_take_the_times_from_others() -> None:
    refused = unsupported("file", "Invalid file format.")
    async with ModelServer(transcripts=[refused, refused, SAID]) as server:
        transcriber = ready(server)
        with pytest.raises(ModelError):
            await transcriber.transcribe(b"no recording", "a.wav")
        assert await transcriber.transcribe(recording(5), "b.wav") == HEARD


@pytest.mark.parametrize("fault", [rate_limited(0), server_error(), reset()])
async def test_passing_faults_are_passed_over(fault: Any) -> None:
    async with ModelServer(transcripts=[fault, SAID]) as server:
        assert await ready(server, retries=1).transcribe(recording(1), "a.wav") == HEARD


@pytest.mark.parametrize(
    ("fault", "raised", "requests"),
    [
        (rate_limited(3600), ModelRateLimitError, 1),
        (server_error(), ModelUnavailableError, 1),
        (wrong_key(), ModelAccessError, 1),
        (Fault(status=413, message="Maximum content size limit exceeded"), ModelError, 1),
        (unsupported("file", "Invalid file format."), ModelError, 2),
    ],
)
async def test_lasting_faults_have_a_type(fault: Any, raised: type[ModelError], requests: int) -> None:
    async with ModelServer(transcripts=[fault] * 3) as server:
        with pytest.raises(ModelError) as caught:
            await ready(server, retries=0).transcribe(recording(1), "a.wav")
    assert type(caught.value) is raised
    assert len(server.requests) == requests


async def test_cancelling_closes_the_connection() -> None:
    async with ModelServer(transcripts=[silence()]) as server:
        asking = asyncio.create_task(ready(server).transcribe(recording(1), "a.wav"))
        await server.until(lambda s: len(s.requests) == 1)
        asking.cancel()
        await server.until(lambda s: s.requests[0].outcome == "abandoned")
