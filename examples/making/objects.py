"""Flat things that a camera finds at work: plates, signs, papers, whiteboards, gauges and meters."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

from making.canvas import Colour, Rng, centred, ellipse_at, font, gradient, handwrite, mottled, shade

INK: Colour = (28, 30, 34)
PAPER: Colour = (247, 245, 238)
RED: Colour = (196, 30, 36)
BLUE_PEN: Colour = (32, 62, 150)
BLACK_PEN: Colour = (38, 40, 48)
RED_PEN: Colour = (186, 40, 44)
HEADERS: dict[str, tuple[Colour, Colour]] = {
    "DANGER": (RED, (255, 255, 255)),
    "WARNING": ((240, 130, 20), INK),
    "MANDATORY": ((20, 84, 170), (255, 255, 255)),
    "NOTICE": ((20, 84, 170), (255, 255, 255)),
}

Line = tuple[str, int, str]


def nameplate(
    maker: str, rows: Sequence[tuple[str, str]], rng: Rng, size: tuple[int, int] = (900, 600)
) -> Image.Image:
    """Return a metal nameplate with the maker on top and one labelled value a row."""
    plate = mottled(gradient(size, (214, 216, 218), (172, 176, 180)), rng, 4.0, 30).convert("RGBA")
    draw = ImageDraw.Draw(plate)
    width, height = size
    draw.rounded_rectangle((8, 8, width - 9, height - 9), 26, outline=(60, 64, 68), width=6)
    draw.rounded_rectangle((34, 34, width - 35, 132), 12, fill=(24, 62, 104))
    centred(draw, (width / 2, 83), maker, font(50, "bold"), (245, 246, 248))
    step = (height - 180) / len(rows)
    for number, (label, value) in enumerate(rows):
        y = 156 + step * number
        draw.text((60, y + step / 2), label, font=font(34), fill=(48, 52, 56), anchor="lm")
        draw.text((width * 0.42, y + step / 2), value, font=font(42, "bold"), fill=INK, anchor="lm")
        draw.line((50, y + step, width - 50, y + step), fill=(128, 132, 136), width=2)
    for x in (28, width - 28):
        for y in (28, height - 28):
            ellipse_at(draw, (x, y), 13, (104, 108, 112))
            ellipse_at(draw, (x - 3, y - 3), 6, (208, 210, 212))
    return _rounded(plate, 30)


def sign(kind: str, lines: Sequence[Line], small: str, size: tuple[int, int] = (880, 640)) -> Image.Image:
    """Return a safety sign: a coloured head, lines of text (text, size, style) and small print."""
    width, height = size
    colour, head_ink = HEADERS[kind]
    plate = Image.new("RGBA", size, (252, 252, 248, 255))
    draw = ImageDraw.Draw(plate)
    draw.rectangle((0, 0, width, 150), fill=colour)
    centred(draw, (width / 2, 76), kind, font(92, "bold"), head_ink)
    y = 150 + (height - 200 - sum(line[1] * 1.32 for line in lines)) / 2
    for text, points, style in lines:
        centred(draw, (width / 2, y + points * 0.66), text, font(points, style), INK)
        y += points * 1.32
    centred(draw, (width / 2, height - 44), small, font(30), (70, 72, 76))
    draw.rounded_rectangle((6, 6, width - 7, height - 7), 22, outline=INK, width=8)
    return _rounded(plate, 26)


def paper(lines: Sequence[Line], rng: Rng, width: int, margin: int = 46) -> Image.Image:
    """Return a printed slip: lines of (text, size, style); a tab parts left from right; '-' draws a rule."""
    height = round(sum(size * 1.45 for _, size, _ in lines)) + 2 * margin
    sheet = mottled(Image.new("RGB", (width, height), PAPER), rng, 2.5, 50)
    draw = ImageDraw.Draw(sheet)
    y = float(margin)
    for text, size, style in lines:
        middle = y + size * 0.72
        left, tab, right = text.partition("\t")
        if text == "-":
            draw.line((margin, middle, width - margin, middle), fill=(120, 120, 120), width=2)
        elif tab:
            draw.text((margin, middle), left, font=font(size, style), fill=INK, anchor="lm")
            draw.text((width - margin, middle), right, font=font(size, style), fill=INK, anchor="rm")
        else:
            centred(draw, (width / 2, middle), text, font(size, style), INK)
        y += size * 1.45
    return sheet


def whiteboard(
    title: str, lines: Sequence[tuple[str, Colour]], rng: Rng, size: tuple[int, int]
) -> Image.Image:
    """Return a whiteboard with an underlined title and lines written by hand."""
    width, height = size
    board = mottled(gradient(size, (250, 251, 252), (232, 235, 238)), rng, 2.0, 80)
    draw = ImageDraw.Draw(board)
    handwrite(board, (70, 46), title, 74, BLUE_PEN, rng)
    draw.line((64, 160, width * 0.72, 152), fill=BLUE_PEN, width=6)
    step = (height - 230) / len(lines)
    for number, (text, colour) in enumerate(lines):
        handwrite(board, (84, 188 + step * number), text, 56, colour, rng)
    draw.rectangle((0, 0, width - 1, height - 1), outline=(150, 154, 158), width=18)
    draw.rectangle((18, 18, width - 19, height - 19), outline=(205, 208, 212), width=4)
    return board


def gauge(
    value: float, top: float, unit: str, label: str, red_from: float, green: tuple[float, float]
) -> Image.Image:
    """Return a round dial with a needle, a green working range, a red zone and its label."""
    side, middle, radius = 1400, 700.0, 560.0
    dial = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(dial)
    for grow, colour in (
        (110, (52, 54, 58)),
        (92, (150, 154, 158)),
        (58, (72, 75, 80)),
        (40, (250, 249, 244)),
    ):
        ellipse_at(draw, (middle, middle), radius + grow, colour)

    def angle(reading: float) -> float:
        return 135 + 270 * reading / top

    ring = (middle - radius, middle - radius, middle + radius, middle + radius)
    draw.arc(ring, angle(green[0]), angle(green[1]), fill=(60, 160, 80), width=46)
    draw.arc(ring, angle(red_from), angle(top), fill=RED, width=46)
    for tick in range(int(top * 5) + 1):
        whole = tick % 5 == 0
        turn = math.radians(angle(tick / 5))
        inner, outer = radius - (110 if whole else 76), radius - 4
        ends = [(middle + math.cos(turn) * r, middle + math.sin(turn) * r) for r in (inner, outer)]
        draw.line((*ends[0], *ends[1]), fill=INK, width=12 if whole else 5)
        if whole and (top <= 8 or tick % 10 == 0):
            at = (middle + math.cos(turn) * (radius - 180), middle + math.sin(turn) * (radius - 180))
            centred(draw, at, str(tick // 5), font(92, "bold"), INK)
    machine, _, measured = label.partition(" ")
    centred(draw, (middle - 215, middle - 60), unit, font(96, "bold"), INK)
    centred(draw, (middle, middle + 250), machine, font(104, "bold"), INK)
    centred(draw, (middle, middle + 370), measured, font(66, "bold"), INK)
    _needle(draw, middle, math.radians(angle(value)), radius)
    return dial.resize((700, 700), Image.Resampling.LANCZOS)


def _needle(draw: ImageDraw.ImageDraw, middle: float, turn: float, radius: float) -> None:
    tip = (middle + math.cos(turn) * (radius - 60), middle + math.sin(turn) * (radius - 60))
    tail = (middle - math.cos(turn) * 130, middle - math.sin(turn) * 130)
    side = (math.cos(turn + math.pi / 2) * 17, math.sin(turn + math.pi / 2) * 17)
    blade = [tip, (middle + side[0], middle + side[1]), tail, (middle - side[0], middle - side[1])]
    draw.polygon(blade, fill=(178, 24, 28))
    ellipse_at(draw, (middle, middle), 52, (40, 42, 46))
    ellipse_at(draw, (middle - 12, middle - 12), 18, (130, 132, 136))


def meter(reading: str, unit: str, label: str, small: str) -> Image.Image:
    """Return a hand-held instrument with a lit display."""
    body = Image.new("RGBA", (560, 900), (0, 0, 0, 0))
    draw = ImageDraw.Draw(body)
    draw.rounded_rectangle((0, 0, 559, 899), 70, fill=(232, 178, 32))
    draw.rounded_rectangle((26, 26, 533, 873), 54, fill=(46, 48, 52))
    draw.rounded_rectangle((58, 130, 501, 450), 22, fill=(196, 214, 178))
    centred(draw, (280, 80), label, font(40, "bold"), (235, 235, 235))
    centred(draw, (280, 262), reading, font(170, "mono"), INK)
    centred(draw, (280, 396), unit, font(56, "bold"), INK)
    centred(draw, (280, 500), small, font(34), (210, 210, 210))
    for row in range(3):
        for column in range(3):
            x, y = 110 + column * 124, 560 + row * 98
            draw.rounded_rectangle((x, y, x + 94, y + 66), 18, fill=(92, 96, 102) if row else (176, 60, 50))
    return body


def tide_board(low: int, high: int, size: tuple[int, int] = (230, 860)) -> Image.Image:
    """Return a tide staff: black and yellow fields with a number at every metre."""
    width, height = size
    board = Image.new("RGBA", size, (244, 208, 64, 255))
    draw = ImageDraw.Draw(board)
    step = height / (high - low)
    for number in range((high - low) * 5):
        if number % 2:
            y = height - (number + 1) * step / 5
            draw.rectangle((width * 0.62, y, width, y + step / 5), fill=INK)
    for metre in range(low, high):
        y = height - (metre - low) * step
        draw.line((0, y, width, y), fill=INK, width=6)
        draw.text((18, y - 12), str(metre), font=font(110, "bold"), fill=INK, anchor="ls")
    return board


def label(text: str, colour: Colour, ink: Colour, size: int = 60) -> Image.Image:
    """Return a stencilled label, one line."""
    face = font(size, "bold")
    width = round(face.getlength(text)) + size
    plate = Image.new("RGBA", (width, round(size * 1.6)), (*colour, 255))
    draw = ImageDraw.Draw(plate)
    draw.rectangle((3, 3, width - 4, round(size * 1.6) - 4), outline=shade(ink, 0.9), width=4)
    centred(draw, (width / 2, size * 0.8), text, face, ink)
    return plate


def _rounded(image: Image.Image, radius: int) -> Image.Image:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, image.width - 1, image.height - 1), radius, fill=255)
    image.putalpha(mask.filter(ImageFilter.GaussianBlur(0.7)))
    return image
