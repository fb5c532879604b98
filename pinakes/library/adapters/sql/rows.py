"""Between rows and values; lists and facts are JSON text that pydantic reads and writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from pydantic import TypeAdapter

from pinakes.core.colors import PaletteColour, families, lab
from pinakes.core.files import (
    Chunk,
    Description,
    Failure,
    FileRecord,
    Folder,
    ImageFacts,
    LinkFacts,
    MediaType,
    Reading,
    Span,
    Transcript,
    VideoFacts,
)
from pinakes.core.value import Value
from pinakes.library.names import folded

TEXTS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
_SPANS: TypeAdapter[tuple[Span, ...]] = TypeAdapter(tuple[Span, ...])
_SAME = (
    "id",
    "filename",
    "content_type",
    "size_bytes",
    "sha256",
    "folder_id",
    "title",
    "created_at",
    "updated_at",
    "content_created_at",
    "page_count",
    "chunk_count",
    "language",
    "thumbnail_sha256",
    "source",
    "project_id",
    "content_category",
    "storage",
    "deleted_at",
)
Row = Mapping[Any, Any]


def to_text(adapter: TypeAdapter[Any], value: Any) -> str:
    """Return a value as compact JSON."""
    return adapter.dump_json(value, exclude_defaults=True).decode()


def file_row(record: FileRecord) -> dict[str, Any]:
    """Return a file's columns, without tenant, tags and folder path."""
    failure = record.failure
    return {
        **{name: getattr(record, name) for name in _SAME},
        "filename_folded": folded(record.filename),
        "extension": folded(PurePosixPath(record.filename).suffix).lstrip("."),
        "media_type": str(record.media_type),
        "status": str(record.status),
        "failure_code": failure.code if failure else None,
        "failure_message": failure.message if failure else None,
        "warnings": to_text(TEXTS, record.warnings),
        "description": as_json(record.description),
        "transcript": as_json(record.transcript),
        **known_columns(record),
    }


def as_json(value: Value | None) -> str | None:
    """Return a value as JSON without what is as by default."""
    return value.model_dump_json(exclude_defaults=True) if value is not None else None


def known_columns(found: FileRecord | Reading) -> dict[str, Any]:
    """Return what is known of a picture, a video or a link as columns; the facts of all three share one."""
    columns = facts_columns(found.facts)
    if other := found.video or found.link:
        columns["facts"] = other.model_dump_json(exclude_defaults=True)
    if video := found.video:
        shape = orientation(video.width, video.height)
        columns |= {"width": video.width, "height": video.height, "orientation": shape}
        columns["has_text"] = any(scene.visible_text or scene.speech for scene in video.scenes)
    return columns | {
        "duration_s": found.video.duration_s if found.video else None,
        "domain": folded(found.link.domain) if found.link and found.link.domain else None,
    }


def facts_columns(facts: ImageFacts | None) -> dict[str, Any]:
    """Return the facts as JSON, and again as the columns that are filtered or grouped by."""
    if facts is None:
        return dict.fromkeys(_FACT_COLUMNS)
    camera = camera_name(facts.camera_make, facts.camera_model)
    parts = [text for text in (facts.camera_make, facts.camera_model) if text]
    return {
        "facts": facts.model_dump_json(exclude_defaults=True),
        "camera_make": facts.camera_make,
        "camera_model": facts.camera_model,
        "camera": camera,
        "camera_folded": folded(" ".join(parts)) or None,
        "width": facts.width,
        "height": facts.height,
        "orientation": orientation(facts.width, facts.height),
        "blurred": facts.blurred,
        "dark": facts.dark,
        "has_text": bool(facts.visible_text.strip()),
        "latitude": facts.gps.latitude if facts.gps else None,
        "longitude": facts.gps.longitude if facts.gps else None,
        "phash": facts.phash,
    }


_FACT_COLUMNS = (
    "facts",
    "camera_make",
    "camera_model",
    "camera",
    "camera_folded",
    "width",
    "height",
    "orientation",
    "blurred",
    "dark",
    "has_text",
    "latitude",
    "longitude",
    "phash",
)


def camera_name(make: str | None, model: str | None) -> str | None:
    """Return make and model as people say them; many models begin with their make already."""
    make, model = (make or "").strip(), (model or "").strip()
    if model and make and not folded(model).startswith(folded(make).split()[0]):
        return f"{make} {model}"
    return model or make or None


def orientation(width: int, height: int) -> str:
    """Return landscape, portrait or square."""
    if width == height:
        return "square"
    return "landscape" if width > height else "portrait"


def to_file(row: Row, tags: Sequence[str]) -> FileRecord:
    """Return a file; the row has `folder_path` besides the columns."""
    code = row["failure_code"]
    return FileRecord(
        **{name: row[name] for name in _SAME},
        media_type=row["media_type"],
        status=row["status"],
        failure=Failure(code=code, message=row["failure_message"]) if code else None,
        warnings=TEXTS.validate_json(row["warnings"]),
        **_facts(row),
        description=Description.model_validate_json(row["description"]) if row["description"] else None,
        transcript=Transcript.model_validate_json(row["transcript"]) if row["transcript"] else None,
        folder_path=row["folder_path"] or row["lost_folder"] or "",
        tags=tuple(tags),
    )


def _facts(row: Row) -> dict[str, Any]:
    if not row["facts"]:
        return {}
    name, kind = _FACTS.get(row["media_type"], ("facts", ImageFacts))
    return {name: kind.model_validate_json(row["facts"])}


_FACTS: dict[str, tuple[str, type[Value]]] = {
    MediaType.VIDEO: ("video", VideoFacts),
    MediaType.LINK: ("link", LinkFacts),
}


def palette_row(colour: PaletteColour) -> dict[str, Any]:
    """Return a palette's colour as columns, with its place in Lab and its families."""
    light, a, b = lab(colour.hex)
    known = "".join(f"|{name}|" for name in families(colour.hex))
    named = {"name": folded(colour.name), "hex": colour.hex, "share": colour.share}
    return {**named, "families": known, "light": light, "a": a, "b": b}


def to_folder(row: Row) -> Folder:
    """Return a folder."""
    return Folder.model_validate({name: row[name] for name in Folder.model_fields})


def chunk_row(chunk: Chunk) -> dict[str, Any]:
    """Return a chunk's columns, without tenant."""
    plain = {name: getattr(chunk, name) for name in Chunk.model_fields if name != "spans"}
    return {**plain, "spans": to_text(_SPANS, chunk.spans)}


def to_chunk(row: Row) -> Chunk:
    """Return a chunk."""
    plain = {name: row[name] for name in Chunk.model_fields if name != "spans"}
    return Chunk(**plain, spans=_SPANS.validate_json(row["spans"]))
