"""Speech to text at an OpenAI-compatible endpoint."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pinakes.core.errors import ModelAccessError, ModelError, ModelOutputError
from pinakes.models.openai_endpoint import Endpoint, persistently
from pinakes.ports.language_model import Utterance

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_PLACES = 3


class OpenAITranscriber:
    """A `Transcriber` through the audio endpoint (Whisper, vLLM, speaches …).

    Models that tell no times give one utterance over the whole recording, whose end is known for WAV alone (else 0).

    Args:
        model: As the endpoint names it, for example "whisper-1".
        base_url: The endpoint, including its "/v1"; None is OpenAI.
        api_key: May be missing where the endpoint is not OpenAI.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 300.0,
        retries: int = 2,
    ) -> None:
        self._model, self._timeout_s, self._retries = model, timeout_s, retries
        self._endpoint = Endpoint.of(base_url, api_key)
        self._client: AsyncOpenAI | None = None
        self._timed = True

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    async def transcribe(self, audio: bytes, filename: str) -> tuple[Utterance, ...]:
        """Return what is said in a recording (wav, mp3, m4a …), in order. Raises ModelError."""
        form = "verbose_json" if self._timed else "json"
        try:
            answer = await self._asked(audio, filename, form)
        except ModelError as error:
            if form == "json" or not _refuses_times(error):
                raise
            answer = await self._asked(audio, filename, "json")
            self._timed = False  # not before: it may have been the recording that was refused
        return tuple(_utterances(answer, audio))

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def _asked(self, audio: bytes, filename: str, form: str) -> dict[str, Any]:
        if self._client is None:
            self._client = self._endpoint.client(self._timeout_s)
        speech: Any = self._client.audio.transcriptions
        options = {"timestamp_granularities": ["segment"]} if form == "verbose_json" else {}

        async def call() -> Any:
            return await speech.create(
                file=(filename, audio), model=self._model, response_format=form, **options
            )

        answer = await persistently(call, self._model, self._retries)
        if not hasattr(answer, "model_dump"):
            raise ModelOutputError(f"{self._model} did not answer with a transcript.", model=self._model)
        dumped: dict[str, Any] = answer.model_dump()
        return dumped


def _refuses_times(error: ModelError) -> bool:
    """Whether an endpoint does not accept the request as it is, but might another."""
    refused = error.details.get("status") in {400, 415, 422}
    return refused and not isinstance(error, ModelAccessError)


def _utterances(answer: dict[str, Any], audio: bytes) -> Iterator[Utterance]:
    segments = answer.get("segments") or ()
    for segment in segments:
        if text := str(segment.get("text") or "").strip():
            start = max(0.0, float(segment.get("start") or 0))
            end = max(start, float(segment.get("end") or start))
            yield Utterance(text=text, start=round(start, _PLACES), end=round(end, _PLACES))
    if not segments and (text := str(answer.get("text") or "").strip()):
        yield Utterance(text=text, start=0, end=float(answer.get("duration") or _seconds(audio)))


def _seconds(audio: bytes) -> float:
    try:
        with wave.open(io.BytesIO(audio)) as recording:
            return float(recording.getnframes() / recording.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return 0.0
