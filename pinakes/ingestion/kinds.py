"""The kinds of files that Pinakes knows: those it reads, and those it only recognises in order to say so."""

from __future__ import annotations

from dataclasses import dataclass

from pinakes.core.files import MediaType

READABLE = (
    "pictures (JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC, AVIF), PDF, DOCX, HTML, Markdown, plain text "
    "(notes, CSV, JSON, logs, source code) and videos (MP4, MOV, AVI, MKV, WebM)"
)
"""What the shipped readers read, in words for people."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of content; `reader` is None where it is recognised but not read.

    Attributes:
        words: Its name in a sentence, with its article.
        extensions: With their dot; the first is the usual one.
    """

    words: str
    content_type: str
    extensions: tuple[str, ...]
    reader: str | None = None
    media_type: MediaType = MediaType.DOCUMENT


def _picture(words: str, content_type: str, *extensions: str) -> Kind:
    return Kind(words, content_type, extensions, "image", MediaType.IMAGE)


def _clip(words: str, content_type: str, *extensions: str) -> Kind:
    return Kind(words, content_type, extensions, "video", MediaType.VIDEO)


JPEG = _picture("a JPEG picture", "image/jpeg", ".jpg", ".jpeg", ".jpe", ".jfif")
PNG = _picture("a PNG picture", "image/png", ".png", ".apng")
GIF = _picture("a GIF picture", "image/gif", ".gif")
WEBP = _picture("a WebP picture", "image/webp", ".webp")
TIFF = _picture("a TIFF picture", "image/tiff", ".tif", ".tiff")
BMP = _picture("a BMP picture", "image/bmp", ".bmp", ".dib")
HEIC = _picture("a HEIC picture", "image/heic", ".heic", ".heif", ".hif")
AVIF = _picture("an AVIF picture", "image/avif", ".avif")

PDF = Kind("a PDF", "application/pdf", (".pdf",), "pdf")
DOCX = Kind(
    "a Word document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx", ".docm", ".dotx"),
    "docx",
)
HTML = Kind("an HTML page", "text/html", (".html", ".htm", ".xhtml", ".shtml"), "html")
MARKDOWN = Kind("Markdown text", "text/markdown", (".md", ".markdown", ".mdown", ".mkd", ".mdx"), "markdown")
TEXT = Kind("plain text", "text/plain", (".txt", ".text"), "text")

SVG = Kind("an SVG drawing", "image/svg+xml", (".svg",))
EMAIL = Kind("an e-mail message", "message/rfc822", (".eml", ".mbox", ".mht", ".mhtml"))
RTF = Kind("an RTF document", "application/rtf", (".rtf",))
XLSX = Kind(
    "an Excel workbook",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    (".xlsx", ".xlsm", ".xltx"),
)
PPTX = Kind(
    "a PowerPoint presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    (".pptx", ".pptm", ".ppsx"),
)
OPEN_DOCUMENT = Kind("an OpenDocument file", "application/vnd.oasis.opendocument", (".odt", ".ods", ".odp"))
EPUB = Kind("an EPUB book", "application/epub+zip", (".epub",))
OLD_OFFICE = Kind(
    "a file of an old Microsoft Office", "application/x-ole-storage", (".doc", ".xls", ".ppt", ".msg")
)
ZIP = Kind("a ZIP archive", "application/zip", (".zip",))

MP4 = _clip("an MP4 video", "video/mp4", ".mp4", ".m4v")
QUICKTIME = _clip("a QuickTime video", "video/quicktime", ".mov", ".qt")
MATROSKA = _clip("a Matroska video", "video/x-matroska", ".mkv")
WEBM = _clip("a WebM video", "video/webm", ".webm")
AVI = _clip("an AVI video", "video/x-msvideo", ".avi")
MPEG = _clip("an MPEG video", "video/mpeg", ".mpg", ".mpeg", ".vob")
WMV = _clip("a Windows Media video", "video/x-ms-asf", ".wmv", ".asf", ".wma")
FLV = _clip("a Flash video", "video/x-flv", ".flv")

WAV = Kind("a WAV recording", "audio/wav", (".wav",))
M4A = Kind("an MPEG-4 recording", "audio/mp4", (".m4a", ".m4b"))
RAW = Kind(
    "a camera raw file", "image/x-raw", (".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf")
)

_SIMPLE: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"{\\rtf", RTF),
    (b"\x1aE\xdf\xa3", MATROSKA),
    (b"\x00\x00\x01\xba", MPEG),
    (b"\x00\x00\x01\xb3", MPEG),
    (b"0&\xb2u\x8ef\xcf\x11", WMV),
    (b"FLV\x01", FLV),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"IIRO", RAW),
    (b"IIU\x00", RAW),
    (b"ID3", Kind("an MP3 recording", "audio/mpeg", (".mp3",))),
    (b"\xff\xfb", Kind("an MP3 recording", "audio/mpeg", (".mp3",))),
    (b"fLaC", Kind("a FLAC recording", "audio/flac", (".flac",))),
    (b"OggS", Kind("an Ogg recording", "audio/ogg", (".ogg", ".oga", ".opus"))),
    (b"8BPS", Kind("a Photoshop file", "image/vnd.adobe.photoshop", (".psd",))),
    (b"\x00\x00\x01\x00", Kind("an icon", "image/x-icon", (".ico",))),
    (b"\x00\x00\x00\x0cjP  ", Kind("a JPEG 2000 picture", "image/jp2", (".jp2", ".j2k"))),
    (b"\xff\x0a", Kind("a JPEG XL picture", "image/jxl", (".jxl",))),
    (b"\x00\x00\x00\x0cJXL ", Kind("a JPEG XL picture", "image/jxl", (".jxl",))),
    (b"AT&TFORM", Kind("a DjVu document", "image/vnd.djvu", (".djvu", ".djv"))),
    (b"%!PS", Kind("a PostScript file", "application/postscript", (".ps", ".eps"))),
    (b"\x1f\x8b", Kind("a gzip archive", "application/gzip", (".gz", ".tgz"))),
    (b"BZh", Kind("a bzip2 archive", "application/x-bzip2", (".bz2",))),
    (b"\xfd7zXZ\x00", Kind("an xz archive", "application/x-xz", (".xz",))),
    (b"7z\xbc\xaf'\x1c", Kind("a 7-Zip archive", "application/x-7z-compressed", (".7z",))),
    (b"Rar!\x1a\x07", Kind("a RAR archive", "application/vnd.rar", (".rar",))),
    (b"(\xb5/\xfd", Kind("a Zstandard archive", "application/zstd", (".zst",))),
    (b"SQLite format 3\x00", Kind("an SQLite database", "application/vnd.sqlite3", (".sqlite", ".db"))),
    (b"\x7fELF", Kind("a program", "application/x-elf", (".so", ".o"))),
    (b"MZ", Kind("a Windows program", "application/vnd.microsoft.portable-executable", (".exe", ".dll"))),
    (b"wOFF", Kind("a font", "font/woff", (".woff",))),
    (b"wOF2", Kind("a font", "font/woff2", (".woff2",))),
    (b"OTTO", Kind("a font", "font/otf", (".otf",))),
    (b"\x00\x01\x00\x00\x00", Kind("a font", "font/ttf", (".ttf",))),
    (b"PAR1", Kind("a Parquet table", "application/vnd.apache.parquet", (".parquet",))),
)
SIGNATURES = tuple(sorted(_SIMPLE, key=lambda entry: -len(entry[0])))
"""Leading bytes and what they stand for, longest first."""

WORDLIKE = frozenset(
    {b"ID3", b"BZh", b"MZ", b"OTTO", b"wOFF", b"wOF2", b"PAR1", b"8BPS", b"IIRO", b"OggS", b"fLaC"}
)
"""Signatures that ordinary text may begin with: they count only when the rest is not text."""

TEXT_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ipynb": "application/x-ipynb+json",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".toml": "application/toml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".py": "text/x-python",
    ".rst": "text/x-rst",
    ".tex": "text/x-tex",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".log": "text/plain",
}
"""Content types of text files by extension; all others are text/plain."""

_BY_EXTENSION = {
    extension: kind
    for kind in (
        *(
            JPEG,
            PNG,
            GIF,
            WEBP,
            TIFF,
            BMP,
            HEIC,
            AVIF,
            PDF,
            DOCX,
            HTML,
            MARKDOWN,
            TEXT,
            SVG,
            EMAIL,
            RTF,
            XLSX,
        ),
        *(
            PPTX,
            OPEN_DOCUMENT,
            EPUB,
            OLD_OFFICE,
            ZIP,
            MP4,
            QUICKTIME,
            MATROSKA,
            WEBM,
            AVI,
            MPEG,
            WMV,
            FLV,
            WAV,
            M4A,
        ),
        *(RAW, *(kind for _, kind in _SIMPLE)),
    )
    for extension in kind.extensions
}


LINK_READER = "link"
"""Who reads an HTML page that stands for the place it was saved from."""

VIDEO_READER = "video"
NEEDS_MEDIA = (
    "reading videos needs more than is installed: run pip install 'pinakes[media]', then add it again"
)


def claimed_kind(extension: str) -> Kind | None:
    """Return the kind that a file name's extension (with its dot, lower case) claims, if any."""
    if extension in TEXT_TYPES:
        return TEXT
    return _BY_EXTENSION.get(extension)
