from __future__ import annotations

import base64
import json
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFile, ImageFilter, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from pinakes.core.errors import CorruptFileError, FileTooLargeError
from pinakes.core.files import ImageFacts, Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.pictures import decode
from pinakes.ingestion.pictures.colours import dominant_colours
from pinakes.ingestion.pictures.exif import parse_date
from pinakes.ingestion.pictures.sentences import name_words
from pinakes.ingestion.readers.image import read

OCR = ReadOptions(ocr="faulty_ocr:Fine")


def scene(width: int = 320, height: int = 200) -> Image.Image:
    """A picture with edges, whose corners all differ."""
    picture = Image.new("RGB", (width, height), "#3060c0")
    draw = ImageDraw.Draw(picture)
    for n in range(0, width, 16):
        draw.rectangle((n, height // 2, n + 7, height), fill="#e0e0e0" if n % 32 else "#602010")
    draw.rectangle((0, 0, width // 4, height // 4), fill="#f0d000")
    return picture


def facts_of(path: Path) -> ImageFacts:
    facts = read(path, "f", ReadOptions()).facts
    assert facts is not None
    return facts


def exif_of(
    main: dict[int, Any], detail: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> Image.Exif:
    exif = Image.Exif()
    exif.update(main)
    exif.get_ifd(0x8769).update(detail or {})
    exif.get_ifd(0x8825).update(gps or {})
    return exif


def saved(tmp_path: Path, name: str = "a.jpg", picture: Image.Image | None = None, **how: Any) -> Path:
    path = tmp_path / name
    (picture or scene()).save(path, **how)
    return path


def test_everything_at_once(tmp_path: Path) -> None:
    exif = exif_of(
        {0x010F: "Canon\0", 0x0110: "Canon EOS 5D\0\0", 0x010E: "The gate at dusk", 0x013B: "Ada Quill"},
        {0x9003: "2025:06:14 21:05:09", 0x9011: "+02:00", 0x829A: IFDRational(1, 250), 0x829D: 2.8, 0x8827: 400,
         0x920A: 50.0, 0x9209: 1, 0xA434: "EF50mm f/1.8"},
        {1: "S", 2: (43.0, 28.0, 2.5), 3: "W", 4: (11.0, 53.0, 6.0), 5: b"\x01", 6: IFDRational(25, 2)},
    )  # fmt: skip
    reading = read(saved(tmp_path, "IMG_0042.jpg", exif=exif), "f", OCR)
    facts = reading.facts
    assert facts is not None
    assert (facts.width, facts.height, facts.format, facts.frames) == (320, 200, "JPEG", 1)
    assert (facts.camera_make, facts.camera_model, facts.lens) == ("Canon", "EOS 5D", "EF50mm f/1.8")
    assert facts.taken_at and facts.taken_at.utcoffset() == timedelta(hours=2)
    assert reading.content_created_at == datetime(2025, 6, 14, 21, 5, 9, tzinfo=UTC)
    assert facts.exposure == {
        "exposure_time": "1/250 s",
        "aperture": "f/2.8",
        "iso": "400",
        "focal_length": "50 mm",
        "flash": "fired",
    }
    assert facts.gps and facts.gps.latitude == pytest.approx(-43.467361)
    assert (facts.gps.longitude, facts.gps.altitude) == (pytest.approx(-11.885), -12.5)
    assert (facts.caption, facts.author, facts.visible_text) == ("The gate at dusk", "Ada Quill", "HELLO")
    assert facts.phash and len(facts.phash) == 16
    thumbnail = Image.open(BytesIO(base64.b64decode(reading.thumbnail or "")))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (320, 200))
    said, ocr = reading.chunks
    assert said.kind == "facts" and ocr.kind == "ocr"
    for words in ("The gate at dusk", "14 June 2025", "Canon EOS 5D", "43.4674° S", "blue", "Landscape"):
        assert words in said.text
    assert ocr.text == "HELLO" and ocr.spans[0].locator.box == (0.1, 0.1, 0.5, 0.2)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_comes_before_everything(tmp_path: Path, orientation: int) -> None:
    upright = scene()
    stored = upright
    for transpose in _UNDO[orientation]:
        stored = stored.transpose(transpose)
    path = saved(tmp_path, picture=stored, exif=exif_of({0x0112: orientation}), quality=95)
    facts = facts_of(path)
    assert (facts.width, facts.height) == (320, 200)
    assert facts.phash == facts_of(saved(tmp_path, "b.jpg", upright, quality=95)).phash
    corner = decode.frame(path).pixels.getpixel((20, 20))
    assert isinstance(corner, tuple) and corner[0] > 200 and corner[2] < 60


_T = Image.Transpose
_UNDO: dict[int, tuple[Image.Transpose, ...]] = {
    1: (),
    2: (_T.FLIP_LEFT_RIGHT,),
    3: (_T.ROTATE_180,),
    4: (_T.FLIP_TOP_BOTTOM,),
    5: (_T.TRANSPOSE,),
    6: (_T.ROTATE_90,),
    7: (_T.TRANSVERSE,),
    8: (_T.ROTATE_270,),
}


@pytest.mark.parametrize(
    ("name", "mode", "how"),
    [
        ("a.jpg", "CMYK", {}),
        ("a.jpg", "L", {}),
        ("a.png", "P", {}),
        ("a.png", "P", {"transparency": 0}),
        ("a.png", "1", {}),
        ("a.png", "LA", {}),
        ("a.png", "RGBA", {}),
        ("a.tif", "LAB", {}),
        ("a.tif", "CMYK", {"compression": "tiff_lzw"}),
        ("a.tif", "F", {}),
        ("a.webp", "RGBA", {}),
        ("a.gif", "P", {}),
        ("a.bmp", "RGB", {}),
        ("a.avif", "RGB", {}),
    ],
)
def test_modes_and_formats(tmp_path: Path, name: str, mode: str, how: dict[str, Any]) -> None:
    facts = facts_of(saved(tmp_path, name, scene().convert(mode), **how))
    assert (facts.width, facts.height) == (320, 200)
    assert facts.brightness == pytest.approx(0.42, abs=0.12)
    if mode in ("CMYK", "RGB", "LAB", "RGBA"):
        assert facts.colours[0].name == "blue"


def test_sixteen_bits(tmp_path: Path) -> None:
    grey = np.asarray(scene().convert("L"))
    eight = facts_of(saved(tmp_path, "8.png", Image.fromarray(grey)))
    sixteen = facts_of(saved(tmp_path, "16.png", Image.fromarray(grey.astype(np.uint16) * 257)))
    assert sixteen.brightness == eight.brightness and sixteen.phash == eight.phash


def test_transparency_is_white(tmp_path: Path) -> None:
    clear = scene().convert("RGBA")
    clear.putalpha(0)
    facts = facts_of(saved(tmp_path, "a.png", clear))
    assert [colour.name for colour in facts.colours] == ["white"]


def test_heic(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    facts = facts_of(saved(tmp_path, "a.heic"))
    assert (facts.format, facts.width, facts.colours[0].name) == ("HEIC", 320, "blue")


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_animations_show_their_first_frame(tmp_path: Path, name: str) -> None:
    others = [Image.new("RGB", (320, 200), colour) for colour in ("black", "white")]
    reading = read(saved(tmp_path, name, save_all=True, append_images=others), "f", OCR)
    assert reading.facts and reading.facts.frames == 3
    assert reading.pages == () and len(reading.elements) == 1
    assert reading.facts.colours[0].name == "blue"


def test_pages_of_a_tiff(tmp_path: Path) -> None:
    others = [scene(100, 300), scene()]
    path = saved(tmp_path, "a.tif", save_all=True, append_images=others)
    reading = read(path, "f", OCR)
    assert [(p.number, p.width, p.height) for p in reading.pages] == [
        (1, 320, 200),
        (2, 100, 300),
        (3, 320, 200),
    ]
    assert [element.page for element in reading.elements] == [1, 2, 3]
    assert [chunk.page_start for chunk in reading.chunks] == [None, 1, 2, 3]
    capped = read(path, "f", ReadOptions(ocr=OCR.ocr, max_pages=2))
    assert len(capped.pages) == 2 and "first 2 of 3 pages" in capped.warnings[0]


def test_words_of_png_iptc_and_xmp(tmp_path: Path) -> None:
    xmp = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
        xmp:CreateDate="2024-02-29T08:30:00.50-05:00">
      <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Löwenzahn am Weg</rdf:li></rdf:Alt></dc:description>
      <dc:subject><rdf:Bag><rdf:li>flower</rdf:li><rdf:li>Path</rdf:li><rdf:li>path</rdf:li></rdf:Bag></dc:subject>
      <dc:creator><rdf:Seq><rdf:li>Bo Lind</rdf:li></rdf:Seq></dc:creator>
      </rdf:Description></rdf:RDF></x:xmpmeta>"""
    facts = facts_of(saved(tmp_path, "x.jpg", xmp=xmp.encode()))
    assert (facts.caption, facts.author) == ("Löwenzahn am Weg", "Bo Lind")
    assert facts.keywords == ("flower", "Path")
    assert facts.taken_at and facts.taken_at.isoformat() == "2024-02-29T08:30:00-05:00"
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Description", "Valve, closed")
    texts.add_text("Author", "Cy Park")
    facts = facts_of(saved(tmp_path, "x.png", pnginfo=texts))
    assert (facts.caption, facts.author) == ("Valve, closed", "Cy Park")
    iptc = b"".join(
        b"\x1c\x02" + bytes([tag]) + len(text).to_bytes(2, "big") + text
        for tag, text in ((120, "Café Zürich".encode()), (25, b"coffee"), (25, b"town"), (80, b"Di Roe"))
    )
    block = b"8BIM\x04\x04\x00\x00" + len(iptc).to_bytes(4, "big") + iptc + (b"\0" if len(iptc) % 2 else b"")
    packet = b"Photoshop 3.0\0" + block
    jpeg = saved(tmp_path, "i.jpg").read_bytes()
    (tmp_path / "i.jpg").write_bytes(
        jpeg[:2] + b"\xff\xed" + (len(packet) + 2).to_bytes(2, "big") + packet + jpeg[2:]
    )
    facts = facts_of(tmp_path / "i.jpg")
    assert (facts.caption, facts.author, facts.keywords) == ("Café Zürich", "Di Roe", ("coffee", "town"))


def test_windows_words(tmp_path: Path) -> None:
    exif = exif_of({0x9C9E: "crane;hook;\0".encode("utf-16-le"), 0x9C9B: "Load test\0".encode("utf-16-le")})
    reading = read(saved(tmp_path, exif=exif), "f", ReadOptions())
    assert reading.title == "Load test"
    assert reading.facts and reading.facts.keywords == ("crane", "hook")


def test_entities_in_xmp_are_refused(tmp_path: Path) -> None:
    xmp = b'<!DOCTYPE x [<!ENTITY a "b">]><x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>&a;</dc:title></x>'
    assert read(saved(tmp_path, xmp=xmp), "f", ReadOptions()).title is None


@pytest.mark.parametrize(
    "junk",
    ["OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "KONICA MINOLTA DIGITAL CAMERA", "          ", "<Digimax S500>",
     "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90", "Created with GIMP", "untitled"],
)  # fmt: skip
def test_what_cameras_write_is_no_caption(tmp_path: Path, junk: str) -> None:
    assert facts_of(saved(tmp_path, exif=exif_of({0x010E: junk}))).caption is None


@pytest.mark.parametrize("caption", ["Digital camera on a table", "Photo of the old crane", "Kodak moment"])
def test_what_people_write_is_a_caption(tmp_path: Path, caption: str) -> None:
    assert facts_of(saved(tmp_path, exif=exif_of({0x010E: caption}))).caption == caption


@pytest.mark.parametrize(
    ("gps", "there"),
    [
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, False),
        ({1: "N", 2: (IFDRational(0, 0), IFDRational(0, 0), IFDRational(0, 0)), 3: "E", 4: (1.0, 2.0, 3.0)}, False),
        ({1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (1.0, 2.0, 3.0)}, False),
        ({2: (10.0, 0.0, 0.0), 4: (1.0, 2.0, 3.0)}, False),
        ({1: "N", 2: (10.0, 30.0, 0.0), 3: "E", 4: (1.0, 2.0, 3.0), 6: IFDRational(0, 0)}, True),
    ],
)  # fmt: skip
def test_places_that_are_none(tmp_path: Path, gps: dict[int, Any], there: bool) -> None:
    found = facts_of(saved(tmp_path, exif=exif_of({}, gps=gps))).gps
    assert (found is not None) == there
    assert found is None or found.altitude is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025:06:14 21:05:09", "2025-06-14T21:05:09"),
        ("2025-06-14T21:05:09Z", "2025-06-14T21:05:09+00:00"),
        ("2025/06/14 21:05", "2025-06-14T21:05:00"),
        ("2025:06:14", "2025-06-14T00:00:00"),
        ("0000:00:00 00:00:00", None),
        ("2025:13:14 21:05:09", None),
        ("2125:01:01 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    found = parse_date(text)
    assert (found.isoformat() if found else None) == expected


def test_the_better_date_wins(tmp_path: Path) -> None:
    exif = exif_of(
        {0x0132: "2025:01:01 10:00:00"}, {0x9003: "0000:00:00 00:00:00", 0x9004: "2024:05:05 09:00:00"}
    )
    assert facts_of(saved(tmp_path, exif=exif)).taken_at == datetime(2024, 5, 5, 9)


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("NIKON CORPORATION", "NIKON D70", ("NIKON CORPORATION", "D70")),
        ("EASTMAN KODAK COMPANY", "KODAK DC240 ZOOM", ("EASTMAN KODAK COMPANY", "DC240 ZOOM")),
        ("RICOH      ", "RDC-5300       ", ("RICOH", "RDC-5300")),
        ("Apple", "iPhone 15", ("Apple", "iPhone 15")),
        ("Canon", "Canon", ("Canon", "Canon")),
    ],
)
def test_makers_are_not_doubled(tmp_path: Path, make: str, model: str, expected: tuple[str, str]) -> None:
    facts = facts_of(saved(tmp_path, exif=exif_of({0x010F: make, 0x0110: model})))
    assert (facts.camera_make, facts.camera_model) == expected


@pytest.mark.parametrize(
    ("hex_value", "name"),
    [("#ff0000", "red"), ("#8b0000", "red"), ("#ff8c00", "orange"), ("#ffd700", "yellow"), ("#228b22", "green"),
     ("#40e0d0", "turquoise"), ("#1e90ff", "blue"), ("#000080", "blue"), ("#87ceeb", "blue"), ("#800080", "purple"),
     ("#ff69b4", "pink"), ("#8b4513", "brown"), ("#d2b48c", "beige"), ("#ffffff", "white"), ("#808080", "grey"),
     ("#000000", "black"), ("#191512", "black"), ("#f8f8ff", "white"), ("#556b2f", "green"), ("#2f4f4f", "turquoise"),
     ("#5d4037", "brown"), ("#b22222", "red"), ("#eeeeee", "white"), ("#333333", "grey")],
)  # fmt: skip
def test_plain_colour_names(hex_value: str, name: str) -> None:
    [colour] = dominant_colours(Image.new("RGB", (20, 20), hex_value))
    assert (colour.name, colour.share) == (name, 1.0)
    assert colour.hex == hex_value


def test_blur_is_not_lack_of_texture(tmp_path: Path) -> None:
    sharp = scene(1200, 800)
    plain = Image.new("RGB", (1200, 800), "#d8d8d0")
    ImageDraw.Draw(plain).rectangle((300, 300, 500, 500), fill="#404040")
    assert not facts_of(saved(tmp_path, "sharp.jpg", sharp)).blurred
    assert not facts_of(saved(tmp_path, "plain.jpg", plain)).blurred
    assert not facts_of(saved(tmp_path, "flat.jpg", Image.new("RGB", (1200, 800), "grey"))).blurred
    soft = sharp.filter(ImageFilter.GaussianBlur(8))
    assert facts_of(saved(tmp_path, "soft.jpg", soft)).blurred
    assert facts_of(saved(tmp_path, "plain2.jpg", plain.filter(ImageFilter.GaussianBlur(8)))).blurred


def test_darkness(tmp_path: Path) -> None:
    night = scene().point(lambda value: value // 8)
    assert facts_of(saved(tmp_path, "night.png", night)).dark
    assert not facts_of(saved(tmp_path, "day.png")).dark


def test_near_duplicates_have_near_hashes(tmp_path: Path) -> None:
    first = facts_of(saved(tmp_path, "a.png")).phash or ""
    second = facts_of(saved(tmp_path, "b.jpg", scene().resize((160, 100)), quality=60)).phash or ""
    other = facts_of(saved(tmp_path, "c.png", scene().transpose(_T.FLIP_LEFT_RIGHT))).phash or ""
    assert (int(first, 16) ^ int(second, 16)).bit_count() <= 6
    assert (int(first, 16) ^ int(other, 16)).bit_count() > 10


@pytest.mark.parametrize(
    ("name", "words"),
    [("IMG_0312.jpg", ""), ("DSCN0010.JPG", ""), ("20250614_211500.jpg", ""), ("PXL_20240101_1.jpg", ""),
     ("P-104-nameplate.jpg", "P-104 nameplate"), ("harbourGate_2.png", "harbour Gate 2"), ("IMG_0312_edited.jpg", "IMG 0312 edited")],
)  # fmt: skip
def test_words_in_names(name: str, words: str) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.gif", "a.webp", "a.tif", "a.bmp", "a.avif"])
def test_half_a_picture_is_damaged(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, name, scene(640, 480).effect_spread(30))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(CorruptFileError):
        read(path, "f", ReadOptions())


def test_most_of_a_picture_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.jpg", scene(640, 480).effect_spread(30))
    path.write_bytes(path.read_bytes()[:-3000])
    assert "damaged" in read(path, "f", ReadOptions()).warnings[0]


def test_flipped_bits_in_a_png_are_noticed(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", scene(640, 480).effect_spread(30))
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(bytes(content))
    try:  # what the decoder still makes of it, rows or nothing, depends on the bits
        assert "damaged" in read(path, "f", ReadOptions()).warnings[0]
    except CorruptFileError as error:
        assert "picture" in error.message


def test_damaged_exif_costs_the_exif_alone(tmp_path: Path) -> None:
    path = saved(tmp_path, exif=exif_of({0x010F: "Canon"}, {0x9003: "2025:06:14 21:05:09"}))
    content = path.read_bytes()
    at = content.index(b"Exif\0\0") + 6
    path.write_bytes(content[: at + 8] + b"\xff" * 30 + content[at + 38 :])
    assert facts_of(path).width == 320


def test_pixels_are_bounded(tmp_path: Path) -> None:
    huge = tmp_path / "huge.png"
    saved(tmp_path, "huge.png", Image.new("1", (10, 10)))
    content = huge.read_bytes()
    head = (60_000).to_bytes(4, "big") * 2
    header = content[12:16] + head + content[24:29]
    huge.write_bytes(content[:12] + header + zlib.crc32(header).to_bytes(4, "big") + content[33:])
    with pytest.raises(FileTooLargeError, match="60000 × 60000"):
        read(huge, "f", ReadOptions())
    assert Image.MAX_IMAGE_PIXELS is not None


def test_threads_leave_the_limits_as_they_were(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", scene(640, 480))
    cut = tmp_path / "cut.png"
    cut.write_bytes(path.read_bytes()[:-200])
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, len(warnings.filters)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(decode.frame, [path, cut] * 40))
    assert (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, len(warnings.filters)) == before


def test_twenty_thousand_pixels_wide(tmp_path: Path) -> None:
    wide = Image.new("P", (20_000, 300))
    wide.putpalette([200, 30, 30] * 256)
    reading = read(saved(tmp_path, "wide.png", wide), "f", OCR)
    assert reading.facts and (reading.facts.width, reading.facts.colours[0].name) == (20_000, "red")
    assert max(decode.frame(tmp_path / "wide.png").pixels.size) <= 20_000


def test_without_ocr_a_picture_is_still_read(tmp_path: Path) -> None:
    reading = read(saved(tmp_path), "f", ReadOptions(ocr="no.such.module:Ocr"))
    assert reading.facts and "not read" in reading.warnings[0]


def _expected(realdata: Path) -> list[dict[str, Any]]:
    lines = (realdata / "images/exif/expected_exif.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.realdata
def test_camera_files(realdata: Path) -> None:
    for expected in _expected(realdata):
        path = realdata / "images/exif" / expected["file"]
        if not path.exists() or not expected.get("decodes", True):
            continue
        facts = facts_of(path)
        turned = int(expected.get("orientation") or 1) >= 5
        size = (expected["width"], expected["height"])
        assert (facts.width, facts.height) == (size[::-1] if turned else size), path
        taken = expected.get("datetime_original") or expected.get("datetime")
        assert (facts.taken_at.strftime("%Y:%m:%d %H:%M:%S") if facts.taken_at else None) == taken, path
        assert (facts.camera_make or "") == (expected.get("make") or "").strip(), path
        assert (facts.camera_model or "") in (expected.get("model") or ""), path


@pytest.mark.realdata
@pytest.mark.parametrize("shape", ["landscape", "portrait"])
def test_eight_orientations_are_one_picture(realdata: Path, shape: str) -> None:
    readings: list[Reading] = [
        read(realdata / f"images/exif/orientation/{shape}_{n}.jpg", "f", ReadOptions()) for n in range(1, 9)
    ]
    seen = [reading.facts for reading in readings if reading.facts]
    assert {(f.width, f.height) for f in seen} == {(600, 450) if shape == "landscape" else (450, 600)}
    hashes = [int(f.phash or "0", 16) for f in seen]
    assert all((hashes[0] ^ other).bit_count() <= 2 for other in hashes)


@pytest.mark.realdata
def test_blur_on_photos(realdata: Path, tmp_path: Path) -> None:
    photos = sorted((realdata / "images/coco/images").glob("*.jpg"))[::4]
    flagged = [facts_of(path).blurred for path in photos]
    blurred = []
    for path in photos:
        with Image.open(path) as photo:
            soft = photo.convert("RGB").filter(ImageFilter.GaussianBlur(3))
        blurred.append(facts_of(saved(tmp_path, "soft.jpg", soft)).blurred)
    assert sum(flagged) == 0
    assert sum(blurred) >= 0.9 * len(blurred)
