"""What can be known of pictures, videos and links without understanding them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from pinakes.core.value import Value


class Colour(Value):
    """A dominant colour: its plain name, hex value and share of the picture (0 to 1)."""

    name: str
    hex: str
    share: float


class GeoPoint(Value):
    """A place in decimal degrees, altitude in metres."""

    latitude: float
    longitude: float
    altitude: float | None = None


class Circle(Value):
    """All places at most `radius_km` from a point in decimal degrees, along the surface of the earth."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    radius_km: float = Field(gt=0)


class ImageFacts(Value):
    """What can be measured or read off a picture without understanding it.

    `sharpness` is the variance of the Laplacian of the grey picture scaled to 512 pixels; `brightness` is mean
    luma 0 to 1; `phash` is a 64-bit difference hash in hex. Width and height are as displayed; `orientation` is the
    EXIF value (1 to 8) that says how the stored pixels were turned for that.
    """

    width: int
    height: int
    format: str
    frames: int = 1
    taken_at: datetime | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    lens: str | None = None
    exposure: dict[str, str] = Field(default_factory=dict)
    gps: GeoPoint | None = None
    colours: tuple[Colour, ...] = ()
    sharpness: float | None = None
    brightness: float | None = None
    blurred: bool = False
    dark: bool = False
    phash: str | None = None
    caption: str | None = None
    keywords: tuple[str, ...] = ()
    author: str | None = None
    visible_text: str = ""
    orientation: int | None = None


class VideoScene(Value):
    """A stretch of a video without a cut, in seconds; `key_s` is when its key frame stands.

    `visible_text` was read off its frames, `speech` is what subtitles say in it; colours and brightness (0 to 1)
    are those of the key frame.
    """

    start_s: float
    end_s: float
    key_s: float
    colours: tuple[Colour, ...] = ()
    brightness: float | None = None
    dark: bool = False
    visible_text: str = ""
    speech: str = ""


class VideoFacts(Value):
    """What a video's file says and what can be measured on its frames, without understanding them.

    `duration_s` is in seconds; width and height are as displayed, in pixels; `fps` is frames a second; `motion` is
    the mean change of brightness between frames a quarter second apart (0 to 1); `subtitles` names the languages of
    its subtitle tracks ("und" where it does not say).
    """

    duration_s: float
    width: int
    height: int
    fps: float | None = None
    format: str
    codec: str
    audio_codec: str | None = None
    recorded_at: datetime | None = None
    author: str | None = None
    caption: str | None = None
    motion: float | None = None
    subtitles: tuple[str, ...] = ()
    scenes: tuple[VideoScene, ...] = ()


class PagePicture(Value):
    """A picture that a page shows: where it is, and what the page calls it."""

    url: str
    alt: str = ""


class Crawl(Value):
    """How the page of a link was fetched.

    Attributes:
        wanted: Whether it is to be fetched, for the first time or again.
        final_url: Where it was, after all redirects.
        fetched_at: When what the library has of it was fetched.
        error_code, error: Why it could not be fetched the last time.
    """

    wanted: bool = False
    final_url: str | None = None
    fetched_at: datetime | None = None
    error_code: str | None = None
    error: str | None = None


class LinkFacts(Value):
    """What a saved page says of itself; `domain` is its host without "www.", `kind` its Open Graph type."""

    url: str | None = None
    domain: str | None = None
    site: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    keywords: tuple[str, ...] = ()
    picture: str | None = None
    title: str | None = None
    kind: str | None = None
    locale: str | None = None
    icon: str | None = None
    pictures: tuple[PagePicture, ...] = ()
    crawl: Crawl | None = None  # of a link that was added by its address
