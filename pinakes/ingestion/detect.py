"""Finding out what a file is, by its content; its name only settles what content leaves open."""

from __future__ import annotations

import os
import re
import zipfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path, PurePath
from threading import Lock
from typing import Any

from pinakes.core.errors import CorruptFileError, EmptyFileError, EncryptedFileError, UnsupportedFileError
from pinakes.core.files import MediaType
from pinakes.core.value import Value
from pinakes.ingestion import kinds
from pinakes.ingestion.kinds import Kind
from pinakes.ingestion.plaintext import HEAD_BYTES, decoded, is_text, utf8


class Detected(Value):
    """What a file is and who reads it.

    Attributes:
        extension: The usual one of this kind, with its dot; a text file's own one.
        warning: A sentence when the name claims something else, else empty.
    """

    content_type: str
    media_type: MediaType
    extension: str
    reader: str
    warning: str = ""


def detect(path: Path, filename: str | None = None) -> Detected:
    """Find out what a file is.

    Args:
        path: Where its bytes are.
        filename: Its name for people, if `path` does not carry it (a blob).

    Raises UnsupportedFileError, EmptyFileError, EncryptedFileError, CorruptFileError.
    """
    name = filename or path.name
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise EmptyFileError(f"{name} is empty (0 bytes): there is nothing to add.", filename=name)
    extension = PurePath(name).suffix.lower()
    kind = _binary_kind(head, path, name) or _text_kind(head, path, name, extension)
    if kind.reader is None or (kind.reader == kinds.VIDEO_READER and not _reads_videos()):
        raise _unsupported(name, kind)
    return Detected(
        content_type=_content_type(kind, extension),
        media_type=kind.media_type,
        extension=extension if kind is kinds.TEXT and _may_be_text(extension) else kind.extensions[0],
        reader=kind.reader,
        warning=_mismatch(kind, extension),
    )


def as_link(found: Detected, name: str) -> Detected:
    """Return a page as the link that it was saved from. Raises UnsupportedFileError when it is no HTML page."""
    if found.reader != kinds.HTML.reader:
        raise UnsupportedFileError(
            f"{name} is no saved web page: save the page as HTML and add that.", filename=name
        )
    return found.model_copy(update={"media_type": MediaType.LINK, "reader": kinds.LINK_READER})


def _reads_videos() -> bool:
    return find_spec("av") is not None


def _binary_kind(head: bytes, path: Path, name: str) -> Kind | None:
    """Return the kind that leading bytes prove, None where they may be text. Raises as `detect`."""
    if _pdf_starts(head):
        return kinds.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(head, path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office_kind(path, name)
    if head[4:8] == b"ftyp":
        return _brand_kind(head)
    if head[:4] == b"RIFF":
        return {b"WEBP": kinds.WEBP, b"AVI ": kinds.AVI, b"WAVE": kinds.WAV}.get(head[8:12])
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return kinds.BMP
    if head[257:262] == b"ustar":
        return Kind("a tar archive", "application/x-tar", (".tar",))
    return _signature_kind(head, PurePath(name).suffix.lower())


_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}


def _signature_kind(head: bytes, extension: str) -> Kind | None:
    for signature, kind in kinds.SIGNATURES:
        if head.startswith(signature):
            if signature in kinds.WORDLIKE and is_text(head):
                return None
            if kind is kinds.MATROSKA and b"webm" in head[:64]:
                return kinds.WEBM
            is_raw = kind is kinds.TIFF and (head[8:10] == b"CR" or extension in kinds.RAW.extensions)
            return kinds.RAW if is_raw else kind
    return None


def _pdf_starts(head: bytes) -> bool:
    """Whether a PDF header stands at the start, or within 1024 bytes of something that is not text."""
    at = head.find(b"%PDF-", 0, 1024)
    return at == 0 or (at > 0 and (not head[:at].strip(b"\xef\xbb\xbf\0 \r\n\t") or not is_text(head)))


def _brand_kind(head: bytes) -> Kind | None:
    """Tell HEIC, AVIF, video and sound apart by the brands of an ISO base media file."""
    size = min(int.from_bytes(head[:4], "big"), 256)
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, size, 4))}
    if brands & {b"avif", b"avis"}:
        return kinds.AVIF
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}:
        return kinds.HEIC
    if major == b"crx ":
        return kinds.RAW
    if major in (b"M4A ", b"M4B "):
        return kinds.M4A
    return kinds.QUICKTIME if major == b"qt  " else kinds.MP4


def _zip_kind(head: bytes, path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
            mimetype = _mimetype(archive) if "mimetype" in members else ""
    except Exception as error:  # zipfile fails on damage in ways that nobody lists
        return _damaged_zip_kind(head, name, error)
    if "[Content_Types].xml" in members:
        for folder, kind in (("word/", kinds.DOCX), ("xl/", kinds.XLSX), ("ppt/", kinds.PPTX)):
            if any(member.startswith(folder) for member in members):
                return kind
    if mimetype.startswith("application/epub"):
        return kinds.EPUB
    return kinds.OPEN_DOCUMENT if "opendocument" in mimetype else kinds.ZIP


def _mimetype(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as member:
        return member.read(80).decode("ascii", "replace")


def _damaged_zip_kind(head: bytes, name: str, error: Exception) -> Kind:
    """A Word document cut short still goes to its reader, so that its record can say it is damaged."""
    if b"word/" in head or PurePath(name).suffix.lower() in kinds.DOCX.extensions:
        return kinds.DOCX
    raise CorruptFileError(
        f"{name} is a damaged ZIP archive: get a fresh copy of it.", filename=name
    ) from error


def _old_office_kind(path: Path, name: str) -> Kind:
    with path.open("rb") as file:
        directory = file.read(1 << 20)
    if "EncryptedPackage".encode("utf-16-le") in directory:
        raise EncryptedFileError(
            f"{name} is protected by a password: save a copy without one and add that.", filename=name
        )
    return kinds.OLD_OFFICE


def _text_kind(head: bytes, path: Path, name: str, extension: str) -> Kind:
    """Return which kind of text this is. Raises UnsupportedFileError when it is none."""
    if not is_text(head):
        raise _unknown(path, name)
    start = decoded(head)
    if not start.strip("\ufeff \t\r\n\f\v\0") and len(head) < HEAD_BYTES:
        raise EmptyFileError(f"{name} holds nothing but white space: there is nothing to add.", filename=name)
    if (marked := _marked_kind(start, extension)) is not None:
        return marked
    claimed = kinds.claimed_kind(extension)
    if claimed in (kinds.MARKDOWN, kinds.TEXT):
        return claimed
    if claimed is kinds.EMAIL and _MAIL_HEADER.match(start):
        return claimed
    if claimed is kinds.HTML:
        return claimed if _TAG.search(start) else kinds.TEXT
    return _guessed_text_kind(path, head, name)


# What has matched stays matched (`*+`, `(?>`): else a text of spaces or comments takes for ever to be no page.
_HTML = re.compile(
    r"(?>\s++|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SVG = re.compile(
    r"(?>\s++|<\?xml[^>]*>|<!--.*?-->|<!doctype\s+svg[^>]*>)*+<svg\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_MAIL_HEADER = re.compile(r"(?:From |[A-Za-z-]+:\s)")
_TEMPLATES = frozenset({".php", ".jsp", ".asp", ".aspx", ".erb", ".j2", ".vue", ".svelte", ".hbs"})


def _marked_kind(start: str, extension: str) -> Kind | None:
    """Return the kind that the first words of a text prove."""
    begin = start.lstrip("\ufeff")
    if _SVG.match(begin):
        return kinds.SVG
    if _HTML.match(begin) and extension not in _TEMPLATES and extension not in kinds.MARKDOWN.extensions:
        return kinds.HTML
    return None


def _guessed_text_kind(path: Path, head: bytes, name: str) -> Kind:
    """Settle by magika what neither first words nor a text extension settle."""
    label, group, score = _magika(path)
    if label == "markdown" and score >= 0.9:
        return kinds.MARKDOWN
    is_utf = utf8(head) is not None
    if not is_utf and score >= 0.9 and group not in ("text", "code", "unknown", ""):
        raise _unknown(path, name)
    return kinds.TEXT


def _may_be_text(extension: str) -> bool:
    return bool(extension) and kinds.claimed_kind(extension) in (None, kinds.TEXT)


def _content_type(kind: Kind, extension: str) -> str:
    return kinds.TEXT_TYPES.get(extension, kind.content_type) if kind is kinds.TEXT else kind.content_type


def _mismatch(kind: Kind, extension: str) -> str:
    claimed = kinds.claimed_kind(extension)
    if claimed is None or claimed is kind or {claimed, kind} == {kinds.TEXT, kinds.MARKDOWN}:
        return ""
    return f"Its name ends in {extension}, but its content is {kind.words}: read as that."


def _unsupported(name: str, kind: Kind) -> UnsupportedFileError:
    supported = f"this kind is not read yet. Supported are {kinds.READABLE}"
    reason = kinds.NEEDS_MEDIA if kind.media_type is MediaType.VIDEO else supported
    return UnsupportedFileError(
        f"{name} is {kind.words}, and {reason}.",
        filename=name,
        content_type=kind.content_type,
    )


def _unknown(path: Path, name: str) -> UnsupportedFileError:
    label, _, score = _magika(path)
    found = (
        f"looks like {label!r} data"
        if label and score >= 0.5 and label != "unknown"
        else "is unknown binary data"
    )
    return UnsupportedFileError(
        f"{name} {found}, which no reader takes. Supported are {kinds.READABLE}.",
        filename=name,
        detected=label or "unknown",
    )


_magika_lock = Lock()


def _magika(path: Path) -> tuple[str, str, float]:
    """Return magika's label, group and score; empty ones where magika is not installed."""
    with _magika_lock:
        model = _magika_model()
        if model is None:
            return "", "", 0.0
        result = model.identify_path(path)
    if not result.ok:
        return "", "", 0.0
    return str(result.output.label), str(result.output.group), float(result.score)


@cache
def _magika_model() -> Any:
    os.environ.setdefault(
        "ORT_DISABLE_TELEMETRY", "1"
    )  # before onnxruntime is imported: it would report usage
    try:
        from magika import Magika
    except ImportError:
        return None
    return Magika()
