"""Drawing helpers: fonts, textures, perspective, handwriting and the look of a photograph."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]
Rng = np.random.Generator
Font = ImageFont.FreeTypeFont

FONT_FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FONT_FILES = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "italic": "DejaVuSans-Oblique.ttf",
    "mono": "DejaVuSansMono.ttf",
    "serif": "DejaVuSerif.ttf",
}
PHOTO_SIZE = (1200, 900)


def font(size: int, style: str = "sans") -> Font:
    """Return a font that ships inside a Python package, so that every machine draws the same."""
    if style == "hand":
        drawn = ImageFont.load_default(size)
        assert isinstance(drawn, ImageFont.FreeTypeFont)
        return drawn
    return ImageFont.truetype(FONT_FOLDER / FONT_FILES[style], size)


def shade(colour: Colour, factor: float) -> Colour:
    """Return the colour made lighter (factor above 1) or darker."""
    red, green, blue = (max(0, min(255, round(channel * factor))) for channel in colour)
    return red, green, blue


def gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """Return a vertical gradient."""
    steps = np.linspace(0.0, 1.0, size[1])[:, None, None]
    column = np.array(top) * (1 - steps) + np.array(bottom) * steps
    return Image.fromarray(np.repeat(column, size[0], axis=1).astype(np.uint8), "RGB")


def mottled(image: Image.Image, rng: Rng, strength: float, cell: int = 60) -> Image.Image:
    """Return the image with soft, cloudy stains, as on concrete or old paint."""
    width, height = image.size
    coarse = rng.normal(0.0, 1.0, (height // cell + 2, width // cell + 2)).astype(np.float32)
    clouds = np.asarray(Image.fromarray(coarse, "F").resize(image.size, Image.Resampling.BICUBIC))
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32) + clouds[..., None] * strength
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def concrete(rng: Rng, colour: Colour, size: tuple[int, int] = PHOTO_SIZE) -> Image.Image:
    """Return a stained wall, lighter at the top."""
    return mottled(
        mottled(gradient(size, shade(colour, 1.1), shade(colour, 0.82)), rng, 7.0, 150), rng, 3.0, 18
    )


def bricks(rng: Rng, colour: Colour, size: tuple[int, int] = PHOTO_SIZE) -> Image.Image:
    """Return a brick wall."""
    image = Image.new("RGB", size, shade(colour, 1.35))
    draw = ImageDraw.Draw(image)
    for row, y in enumerate(range(-10, size[1], 52)):
        for x in range(-130 + (row % 2) * 62, size[0], 124):
            draw.rectangle((x, y, x + 117, y + 45), fill=shade(colour, float(rng.uniform(0.86, 1.08))))
    return mottled(image.filter(ImageFilter.GaussianBlur(0.8)), rng, 6.0, 120)


def planks(rng: Rng, colour: Colour, size: tuple[int, int] = PHOTO_SIZE) -> Image.Image:
    """Return a table top of wooden boards."""
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    for y in range(0, size[1], 150):
        draw.rectangle((0, y, size[0], y + 146), fill=shade(colour, float(rng.uniform(0.9, 1.08))))
        for _ in range(9):
            line = y + int(rng.integers(4, 142))
            draw.line((0, line, size[0], line + int(rng.integers(-6, 6))), fill=shade(colour, 0.88), width=2)
        draw.line((0, y + 148, size[0], y + 148), fill=shade(colour, 0.5), width=4)
    return mottled(image, rng, 5.0, 90)


def _perspective(size: tuple[int, int], corners: Sequence[Point]) -> list[float]:
    width, height = size
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    goal = np.array([0, 0, width, 0, width, height, 0, height], dtype=float)
    coefficients: NDArray[np.float64] = np.linalg.solve(np.array(rows, dtype=float), goal)
    return [float(value) for value in coefficients]


def hang(scene: Image.Image, item: Image.Image, corners: Sequence[Point], shadow: int = 14) -> Image.Image:
    """Return the scene with the item put into four corners (clockwise from top left), with a shadow."""
    flat = item.convert("RGBA")
    warped = flat.transform(
        scene.size, Image.Transform.PERSPECTIVE, _perspective(flat.size, corners), Image.Resampling.BICUBIC
    )
    result = scene.convert("RGBA")
    if shadow:
        dark = Image.new("RGBA", scene.size, (0, 0, 0, 0))
        dark.paste((0, 0, 0, 130), (shadow // 2, shadow), warped.getchannel("A"))
        result.alpha_composite(dark.filter(ImageFilter.GaussianBlur(shadow)))
    result.alpha_composite(warped)
    return result.convert("RGB")


def corners_of(box: Box, rng: Rng, wobble: float = 18.0) -> list[Point]:
    """Return the corners of a box, each moved a little, as a camera held by hand sees it."""
    left, top, right, bottom = box
    ideal = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return [
        (x + float(rng.uniform(-wobble, wobble)), y + float(rng.uniform(-wobble, wobble))) for x, y in ideal
    ]


def finish(image: Image.Image, rng: Rng, vignette: float = 0.3, grain: float = 2.2) -> Image.Image:
    """Return the image with darker corners and the grain of a small sensor."""
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    height, width = pixels.shape[:2]
    ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    pixels = pixels * (1 - vignette * ((xs**2 + ys**2) / 2) ** 1.4)[..., None]
    pixels = pixels + rng.normal(0.0, grain, (height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def centred(draw: ImageDraw.ImageDraw, middle: Point, text: str, face: Font, fill: Colour) -> None:
    """Draw a line of text around its middle."""
    draw.text(middle, text, font=face, fill=fill, anchor="mm")


def handwrite(image: Image.Image, at: Point, text: str, size: int, colour: Colour, rng: Rng) -> None:
    """Write a line as a hand would: letters lean, wander around the baseline and differ in size."""
    x, y = at
    drift = 0.0
    for letter in text:
        face = font(int(size * rng.uniform(0.94, 1.06)), "hand")
        if letter != " ":
            tile = Image.new("L", (size * 2, size * 2), 0)
            pen = ImageDraw.Draw(tile)
            pen.text((size // 2, size // 3), letter, font=face, fill=255, stroke_width=max(1, size // 34))
            lean = (1, 0.16, -0.16 * size, 0, 1, 0)
            tile = tile.transform(tile.size, Image.Transform.AFFINE, lean, Image.Resampling.BICUBIC)
            tile = tile.rotate(float(rng.uniform(-4, 4)), Image.Resampling.BICUBIC)
            image.paste(colour, (int(x - size // 2), int(y + drift)), tile)
        drift = max(-size * 0.09, min(size * 0.09, drift + float(rng.uniform(-1.6, 1.6))))
        x += face.getlength(letter) * 1.06 + float(rng.uniform(0.0, size * 0.04))


def ellipse_at(
    draw: ImageDraw.ImageDraw, middle: Point, radius: float, fill: Colour | int, flat: float = 1.0
) -> None:
    """Draw a filled circle, or an ellipse when it is flattened."""
    x, y = middle
    draw.ellipse((x - radius, y - radius * flat, x + radius, y + radius * flat), fill=fill)


def pipe(image: Image.Image, box: Box, colour: Colour) -> None:
    """Draw a round pipe: light in the middle, dark at its edges, along the longer side of the box."""
    left, top, right, bottom = (int(value) for value in box)
    along_x = (right - left) >= (bottom - top)
    across = (bottom - top) if along_x else (right - left)
    light = 0.45 + 0.8 * np.sin(np.linspace(0.12, np.pi - 0.05, across)) ** 1.3
    stripe = np.clip(np.array(colour)[None, :] * light[:, None], 0, 255).astype(np.uint8)
    size = (bottom - top, right - left)
    shaded = np.broadcast_to(stripe[:, None, :] if along_x else stripe[None, :, :], (*size, 3))
    image.paste(Image.fromarray(np.ascontiguousarray(shaded), "RGB"), (left, top))
