"""Having a model write down what is said in videos, once for each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from pinakes.agents.seeing.faults import warn
from pinakes.agents.spec import AgentContext
from pinakes.core.errors import PinakesError
from pinakes.core.files import FileRecord, Transcript
from pinakes.ingestion.videos.heard import transcript_chunks
from pinakes.ingestion.videos.sound import PIECE_S, sound_pieces
from pinakes.library.library import Library
from pinakes.ports.language_model import Transcriber, Utterance

MOST_SECONDS = 2 * 3600.0
"""How much of one video is heard."""


def unheard(file: FileRecord) -> bool:
    """Tell whether a video has sound that nobody has written down."""
    video = file.video
    return bool(video and video.audio_codec and not video.subtitles and file.transcript is None)


async def hear(
    ctx: AgentContext, transcriber: Transcriber, files: Sequence[FileRecord]
) -> tuple[list[FileRecord], tuple[str, ...]]:
    """Have what is said in these videos written down and made searchable, and return them anew with what to admit."""
    notes = []
    for file in filter(unheard, files):
        ctx.report(f"{transcriber.name} listens to {file.filename}")
        try:
            transcript = await _heard(ctx.library, transcriber, file)
        except PinakesError as error:
            notes.append(f"What is said in {file.filename} is not known: {error.message}")
            warn(notes[-1], error)
            continue
        if file.video and transcript.until_s < file.video.duration_s - 1:
            notes.append(
                f"Of {file.filename} only the first {transcript.until_s / 60:.0f} minutes were heard."
            )
    now = {file.id: file for file in await ctx.library.catalog.get_files([file.id for file in files])}
    return [now.get(file.id, file) for file in files], tuple(notes)


async def _heard(library: Library, transcriber: Transcriber, file: FileRecord) -> Transcript:
    length = file.video.duration_s if file.video else 0.0
    until = min(length, MOST_SECONDS)
    said = await _utterances(library, transcriber, file, until)
    transcript = Transcript(model=transcriber.name, at=datetime.now(UTC), until_s=until, utterances=len(said))
    await library.catalog.store_transcript(file.id, transcript, transcript_chunks(file.id, said))
    await library.sync_index()
    return transcript


async def _utterances(
    library: Library, transcriber: Transcriber, file: FileRecord, until: float
) -> list[Utterance]:
    """Hear a video piece by piece; one piece is in memory at a time."""
    path = await library.blobs.local_path(file.sha256)
    pieces = sound_pieces(path, until)
    said: list[Utterance] = []
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        begun, wav = piece
        for heard in await transcriber.transcribe(wav, f"part-{int(begun)}.wav"):
            said += _placed(heard, begun, until)
    return said


def _placed(heard: Utterance, begun: float, until: float) -> list[Utterance]:
    """Return an utterance of a piece with its seconds in the video, within bounds."""
    if not heard.text.strip():
        return []
    last = min(begun + PIECE_S, until)
    start = min(max(begun, begun + heard.start), last)
    end = begun + heard.end if heard.end > heard.start else last
    return [Utterance(text=heard.text, start=round(start, 3), end=round(min(max(start, end), last), 3))]
