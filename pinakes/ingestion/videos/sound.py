"""The sound of a video in pieces that a speech model takes: WAV, one channel, 16 kHz, 16 bits."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pinakes.ingestion.videos.container import opened

RATE = 16_000
_BYTES_A_SECOND = 2 * RATE
PIECE_S = 300.0
"""Seconds of a piece: 9.6 MB, far below what endpoints take (25 MB), and bounded in memory."""


def sound_pieces(path: Path, until_s: float, piece_s: float = PIECE_S) -> Iterator[tuple[float, bytes]]:
    """Yield the second at which each piece begins, and the piece; nothing where there is no sound.

    Silence fills gaps in the track, so that seconds stay what they are.

    Raises UnsupportedFileError, CorruptFileError.
    """
    size, begun, held = int(piece_s * RATE) * 2, 0.0, bytearray()
    for samples in _samples(path, until_s):
        held += samples
        while len(held) >= size:
            yield begun, _wav(bytes(held[:size]))
            del held[:size]
            begun += piece_s
    if held:
        yield begun, _wav(bytes(held))


def _samples(path: Path, until_s: float) -> Iterator[bytes]:
    """Yield the track's samples from second 0 on."""
    from av.audio.resampler import AudioResampler

    with opened(path) as container:
        track = next(iter(container.streams.audio), None)
        if track is None:
            return
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        written = 0
        for frame in container.decode(track):
            if frame.time is not None:
                gap = int(min(frame.time, until_s) * RATE) * 2 - written
                if gap > _BYTES_A_SECOND // 2 and frame.time > 0:
                    yield from _silence(gap)
                    written += gap
            for sound in resampler.resample(frame):
                samples = _plane(sound)
                written += len(samples)
                yield samples
            if written >= until_s * _BYTES_A_SECOND:
                return


def _plane(sound: Any) -> bytes:
    return bytes(sound.planes[0])[: sound.samples * 2]


def _silence(size: int) -> Iterator[bytes]:
    while size > 0:
        yield bytes(min(size, _BYTES_A_SECOND))
        size -= _BYTES_A_SECOND


def _wav(samples: bytes) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(samples)
    return buffer.getvalue()
