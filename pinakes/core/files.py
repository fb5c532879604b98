"""What a library holds: files, folders, what reading them found, and searches over them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from pinakes.core.facts import Circle as Circle
from pinakes.core.facts import Colour as Colour
from pinakes.core.facts import Crawl as Crawl
from pinakes.core.facts import GeoPoint as GeoPoint
from pinakes.core.facts import ImageFacts as ImageFacts
from pinakes.core.facts import LinkFacts as LinkFacts
from pinakes.core.facts import PagePicture as PagePicture
from pinakes.core.facts import VideoFacts as VideoFacts
from pinakes.core.facts import VideoScene as VideoScene
from pinakes.core.value import Value

Box = tuple[float, float, float, float]
"""[x0, y0, x1, y1], each 0 to 1, origin top left, of the page or picture as displayed."""


class MediaType(StrEnum):
    """The four kinds of things in a library."""

    IMAGE = "image"
    DOCUMENT = "document"
    LINK = "link"
    VIDEO = "video"


class FileStatus(StrEnum):
    """Where a file is on its way to being searchable."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class Failure(Value):
    """Why a file could not be read: an error's code and sentence."""

    code: str
    message: str


class Element(Value):
    """One structural part of a document or one piece of text seen in a picture.

    `type` is unstructured's category: Title, NarrativeText, ListItem, Table, Header, Footer, FigureCaption,
    UncategorizedText, Formula, CodeSnippet; `OcrText` for lines read off pixels. `html` is set on tables, `level`
    on titles (1 is the outermost).
    """

    type: str
    text: str
    page: int | None = None
    box: Box | None = None
    html: str | None = None
    confidence: float | None = None
    level: int | None = None


class PageInfo(Value):
    """One page: its size in points or pixels as displayed, and whether its text came from OCR."""

    number: int
    width: float
    height: float
    ocr: bool = False


class Locator(Value):
    """Where in a file something stands: page and box, or seconds of a video."""

    page: int | None = None
    box: Box | None = None
    start_s: float | None = None
    end_s: float | None = None


class Span(Value):
    """A stretch of a chunk's text (character offsets) and the place it came from."""

    start: int
    end: int
    locator: Locator


DESCRIBED_FROM = 1_000_000_000
HEARD_FROM = 1_500_000_000
"""Ordinals from which chunks hold what a model said of a picture, and heard in a video: reading anew keeps them."""


class Chunk(Value):
    """A retrievable piece of a file; `spans` map its text back to pages and boxes."""

    id: str
    file_id: str
    ordinal: int
    text: str
    heading: str = ""
    kind: str = "text"  # text | table | ocr | facts | scene; description, visible_text: by a model
    page_start: int | None = None
    page_end: int | None = None
    spans: tuple[Span, ...] = ()
    html: str | None = None


class Region(Value):
    """A part of a picture and what it shows."""

    label: str
    box: Box


class Description(Value):
    """What a model that sees says of a picture; people's captions and text read by OCR stand elsewhere.

    Attributes:
        model: Whose words these are; empty while no model has succeeded.
        at: When it was tried last.
        failure: Why the last attempt came to nothing; earlier words stay.
    """

    model: str = ""
    at: datetime | None = None
    title: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    visible_text: str = ""
    regions: tuple[Region, ...] = ()
    failure: Failure | None = None


class Transcript(Value):
    """That a model has heard a video, up to which second, and how many utterances it heard."""

    model: str
    at: datetime
    until_s: float
    utterances: int = 0


class Reading(Value):
    """All that a reader found in one file; `thumbnail` is a JPEG of at most 512 pixels, base64."""

    title: str | None = None
    elements: tuple[Element, ...] = ()
    pages: tuple[PageInfo, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    facts: ImageFacts | None = None
    video: VideoFacts | None = None
    link: LinkFacts | None = None
    language: str | None = None
    content_created_at: datetime | None = None
    thumbnail: str | None = None
    warnings: tuple[str, ...] = ()


class FileRecord(Value):
    """One file of the library, as the catalog knows it."""

    id: str
    filename: str
    media_type: MediaType
    content_type: str
    size_bytes: int
    sha256: str
    folder_id: str | None = None
    folder_path: str = ""
    title: str | None = None
    tags: tuple[str, ...] = ()
    status: FileStatus = FileStatus.PENDING
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()
    created_at: datetime
    updated_at: datetime
    content_created_at: datetime | None = None
    page_count: int | None = None
    chunk_count: int = 0
    language: str | None = None
    facts: ImageFacts | None = None  # of a picture; a video and a link have theirs
    video: VideoFacts | None = None
    link: LinkFacts | None = None
    thumbnail_sha256: str | None = None
    description: Description | None = None  # of a picture, by a model
    transcript: Transcript | None = None  # of a video, by a model
    source: str | None = None  # the path or URL it was added from
    project_id: str | None = None  # the workspace it was added to
    content_category: str | None = None  # what whoever added it says that it is
    storage: str = "default"  # which store has its bytes: default | custom
    deleted_at: datetime | None = None
    deduplicated: bool = False  # set on the answer to an upload, never stored


class Folder(Value):
    """A folder of the library; `path` is its names from the root joined by "/"."""

    id: str
    name: str
    parent_id: str | None = None
    path: str
    depth: int
    created_at: datetime


class FileFilter(Value):
    """Which files are meant; every field that is set must hold.

    Of `media_types` and of `near` any, of `tags` all; names, tags, cameras and colours ignore case. Dates are
    inclusive, and an upper one at midnight sharp means that whole day; times without a zone are UTC.
    """

    ids: tuple[str, ...] | None = None
    media_types: tuple[MediaType, ...] | None = None
    folder_path: str | None = None  # with its subfolders
    name_contains: str | None = None
    tags: tuple[str, ...] | None = None
    status: FileStatus | None = None
    extension: str | None = None
    camera: str | None = None  # part of make or model
    colour: str | None = None
    orientation: str | None = None  # landscape | portrait | square
    blurred: bool | None = None
    dark: bool | None = None
    has_text: bool | None = None
    has_gps: bool | None = None
    taken_from: datetime | None = None  # content_created_at
    taken_to: datetime | None = None
    added_from: datetime | None = None
    added_to: datetime | None = None
    min_pages: int | None = None
    max_pages: int | None = None
    min_bytes: int | None = None
    max_bytes: int | None = None
    min_seconds: float | None = None  # of a video
    max_seconds: float | None = None
    near: tuple[Circle, ...] | None = None  # where a picture was taken
    domain: str | None = None  # of a saved page, with its subdomains
    folder_id: str | None = None  # without its subfolders
    project_id: str | None = None
    content_category: str | None = None
    words: str | None = None  # that occur as they stand in what `words_in` names
    words_in: str | None = (
        None  # all, which is meant without it | metadata (name, title, tags) | visible_text
    )
    described: bool | None = None  # by a model


class FilePage(Value):
    """A page of a listing."""

    items: tuple[FileRecord, ...]
    total: int


class ChunkHit(Value):
    """A chunk found by a search, with its file and why it matched.

    `score` is 0 to 1 and calibrated: higher is likelier relevant; `dense` is the cosine, `terms` the BM25 score.
    """

    chunk: Chunk
    file: FileRecord
    score: float
    dense: float = 0.0
    terms: float = 0.0
    matched_terms: tuple[str, ...] = ()


class Measure(StrEnum):
    """What analytics can compute over a set of files."""

    COUNT = "count"
    SUM_BYTES = "sum_bytes"
    AVG_BYTES = "avg_bytes"
    MAX_BYTES = "max_bytes"
    MIN_BYTES = "min_bytes"
    SUM_PAGES = "sum_pages"
    AVG_PAGES = "avg_pages"
    MAX_PAGES = "max_pages"
    MIN_PAGES = "min_pages"
    SUM_SECONDS = "sum_seconds"  # of videos
    AVG_SECONDS = "avg_seconds"
    MAX_SECONDS = "max_seconds"
    MIN_SECONDS = "min_seconds"


class GroupBy(StrEnum):
    """What analytics can group by."""

    MEDIA_TYPE = "media_type"
    EXTENSION = "extension"
    FOLDER = "folder"
    TAG = "tag"
    CAMERA = "camera"
    YEAR = "year"  # content_created_at, else created_at
    MONTH = "month"
    DAY = "day"
    WEEKDAY = "weekday"
    STATUS = "status"
    ORIENTATION = "orientation"
    COLOUR = "colour"
    LANGUAGE = "language"
    DOMAIN = "domain"  # of saved pages
    FILE = "file"


class SortBy(StrEnum):
    """What the rows of an analytics answer are sorted by."""

    VALUE = "value"
    LABEL = "label"  # times and weekdays in their order, everything else by the alphabet


class AnalyticsQuery(Value):
    """A typed question about numbers; runs as read-only SQL under the library's tenant."""

    measure: Measure = Measure.COUNT
    group_by: GroupBy | None = None
    filter: FileFilter = FileFilter()
    sort: SortBy = SortBy.VALUE
    descending: bool = True
    limit: int = Field(default=50, ge=1, le=1000)


class TableRow(Value):
    """One row of an analytics answer and the files behind its number."""

    label: str
    value: float
    file_ids: tuple[str, ...] = ()


class Table(Value):
    """An analytics answer; `words` says in plain words what was computed, `chart` is a Vega-Lite specification."""

    words: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    total: float
    query: AnalyticsQuery | None = None
    chart: dict[str, Any] | None = None


class Inventory(Value):
    """A short overview of a library, for planning and for small talk."""

    counts: dict[str, int] = Field(default_factory=dict)  # media type -> completed files
    failed: int = 0
    pending: int = 0
    folders: tuple[str, ...] = ()  # paths
    filenames: tuple[str, ...] = ()  # at most 500, newest first
    tags: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    first_date: datetime | None = None
    last_date: datetime | None = None
