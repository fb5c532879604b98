"""Writing pictures as cameras do: formats, orientation, EXIF and keywords."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zlib import crc32

import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageEnhance, ImageFilter, TiffImagePlugin
from PIL.TiffImagePlugin import IFDRational

from making.canvas import Rng

XP_KEYWORDS = 0x9C9E
TURNED_BACK = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Camera:
    """Who made the camera, and what it calls itself."""

    make: str
    model: str


@dataclass(frozen=True)
class Shot:
    """A picture of the library: what is on it, and what its file says about it."""

    path: str
    paint: Callable[[Rng], Image.Image]
    seed: str
    taken: str = ""
    camera: Camera | None = None
    place: tuple[float, float] | None = None
    caption: str = ""
    keywords: tuple[str, ...] = ()
    keywords_in: str = "xp"
    orientation: int = 1
    quality: int = 82
    brightness: float = 1.0
    blur: float = 0.0
    crop: float = 0.0
    scale: float = 1.0


def seed_of(name: str) -> Rng:
    """Return a random generator that depends on nothing but the name."""
    return np.random.default_rng(crc32(name.encode()))


def develop(shot: Shot) -> Image.Image:
    """Return the picture as it is to be seen, before it is turned and saved."""
    image = shot.paint(seed_of(shot.seed)).convert("RGB")
    if shot.crop:
        dx, dy = round(image.width * shot.crop), round(image.height * shot.crop)
        image = image.crop((dx, dy, image.width - dx // 2, image.height - dy // 2))
    if shot.scale != 1.0:
        size = (round(image.width * shot.scale), round(image.height * shot.scale))
        image = image.resize(size, Image.Resampling.LANCZOS)
    if shot.brightness != 1.0:
        image = ImageEnhance.Brightness(image).enhance(shot.brightness)
    return image.filter(ImageFilter.GaussianBlur(shot.blur)) if shot.blur else image


def save(shot: Shot, folder: Path) -> None:
    """Write the picture into the library's folder, in the format that its name asks for."""
    image = develop(shot)
    turn = TURNED_BACK[shot.orientation]
    stored = image.transpose(turn) if turn is not None else image
    path = folder / shot.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_encoded(stored, shot, path.suffix.lower()))


def _encoded(image: Image.Image, shot: Shot, suffix: str) -> bytes:
    out = BytesIO()
    exif = exif_of(shot).tobytes()
    if suffix in {".jpg", ".jpeg"}:
        xmp = xmp_of(shot) if shot.keywords and shot.keywords_in == "xmp" else b""
        image.save(
            out, "JPEG", quality=shot.quality, optimize=True, exif=exif, **({"xmp": xmp} if xmp else {})
        )
    elif suffix == ".heic":
        pillow_heif.from_pillow(image).save(out, quality=45, exif=exif)
    elif suffix == ".webp":
        image.save(out, "WEBP", quality=78, exif=exif)
    elif suffix == ".tiff":
        TiffImagePlugin.WRITE_LIBTIFF = True
        image.convert("L").save(out, "TIFF", compression="tiff_adobe_deflate", dpi=(150, 150))
    elif suffix in {".bmp", ".gif"}:
        image.quantize(64, dither=Image.Dither.NONE).save(out, suffix[1:].upper())
    else:
        image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def exif_of(shot: Shot) -> Image.Exif:
    """Return the EXIF block of the shot."""
    exif = Image.Exif()
    if shot.camera:
        exif[ExifTags.Base.Make] = shot.camera.make
        exif[ExifTags.Base.Model] = shot.camera.model
        exif[ExifTags.Base.Orientation] = shot.orientation
    if shot.caption:
        exif[ExifTags.Base.ImageDescription] = shot.caption
    if shot.keywords and shot.keywords_in == "xp":
        exif[XP_KEYWORDS] = ";".join(shot.keywords).encode("utf-16-le") + b"\0\0"
    if shot.taken:
        exif[ExifTags.Base.DateTime] = shot.taken
        details = exif.get_ifd(ExifTags.IFD.Exif)
        details[ExifTags.Base.DateTimeOriginal] = shot.taken
        details[ExifTags.Base.DateTimeDigitized] = shot.taken
        details[ExifTags.Base.OffsetTimeOriginal] = (
            "+01:00" if "2025:03:30" < shot.taken < "2025:10:26" else "+00:00"
        )
    if shot.place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(_gps(*shot.place))
    return exif


def _gps(latitude: float, longitude: float) -> dict[int, object]:
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _degrees(latitude),
        ExifTags.GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _degrees(longitude),
    }


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    hundredths = round(abs(value) * 360000)
    degrees, rest = divmod(hundredths, 360000)
    minutes, seconds = divmod(rest, 6000)
    return IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)


def xmp_of(shot: Shot) -> bytes:
    """Return an XMP packet with the keywords of the shot."""
    words = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in shot.keywords)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()
