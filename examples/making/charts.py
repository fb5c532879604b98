"""Charts and a floor plan: pictures that no camera took."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from making.canvas import Colour, centred, ellipse_at, font

INK: Colour = (34, 40, 48)
GREY: Colour = (120, 128, 138)
GRID: Colour = (222, 226, 230)
TEAL: Colour = (22, 120, 140)
AMBER: Colour = (232, 152, 40)
RED: Colour = (196, 40, 40)
GREEN: Colour = (30, 140, 80)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def pump_hours(first: Sequence[int], second: Sequence[int]) -> Image.Image:
    """Return the bar chart of the hours that both pumps ran in each month."""
    image = Image.new("RGB", (1200, 720), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.text((80, 34), "Pump running hours 2025, Saltmere pump house", font=font(34, "bold"), fill=INK)
    for hours in range(0, 301, 50):
        y = 620.0 - hours * 1.6
        draw.line((90, y, 1160, y), fill=GRID, width=2)
        draw.text((78, y), str(hours), font=font(22), fill=GREY, anchor="rm")
    for month, (one, two) in enumerate(zip(first, second, strict=True)):
        x = 104 + month * 88
        for left, value, colour in ((x, one, TEAL), (x + 37, two, AMBER)):
            draw.rectangle((left, 620 - value * 1.6, left + 34, 620), fill=colour)
            centred(draw, (left + 17, 606 - value * 1.6), str(value), font(18), INK)
        centred(draw, (x + 36, 646), MONTHS[month], font(24), INK)
    for x, text, colour in ((420, "P-104", TEAL), (620, "P-105", AMBER)):
        draw.rectangle((x, 676, x + 28, 704), fill=colour)
        draw.text((x + 40, 690), text, font=font(26), fill=INK, anchor="lm")
    return image


def tide_curve(levels: Sequence[tuple[float, float]], quay_edge: float) -> Image.Image:
    """Return the line chart of the water level on the night of the storm, as (hour, metres)."""
    image = Image.new("RGB", (960, 600), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.text((80, 24), "Tide at Saltmere, 27 to 28 October 2025 (m)", font=font(28, "bold"), fill=INK)

    def place(hour: float, level: float) -> tuple[float, float]:
        return 80 + (hour - 12) * 52, 530 - level * 74

    for level in range(7):
        draw.line((*place(12, level), *place(28, level)), fill=GRID, width=2)
        draw.text((66, place(12, level)[1]), str(level), font=font(20), fill=GREY, anchor="rm")
    for hour in range(12, 29, 2):
        centred(draw, (place(hour, 0)[0], 556), f"{hour % 24:02d}:00", font(20), GREY)
    draw.line((*place(12, quay_edge), *place(28, quay_edge)), fill=RED, width=3)
    draw.text(
        (92, place(12, quay_edge)[1] - 16), f"quay edge {quay_edge} m", font=font(22), fill=RED, anchor="lm"
    )
    draw.line([place(hour, level) for hour, level in levels], fill=TEAL, width=5, joint="curve")
    peak = max(levels, key=lambda pair: pair[1])
    x, y = place(*peak)
    ellipse_at(draw, (x, y), 9, AMBER)
    draw.text((x + 16, y - 8), f"{peak[1]} m at 23:15", font=font(22, "bold"), fill=INK, anchor="lm")
    return image


def floor_plan() -> Image.Image:
    """Return the floor plan of the pump house with its machines, valves and ways out."""
    image = Image.new("RGB", (1200, 850), (250, 251, 252))
    draw = ImageDraw.Draw(image)
    draw.text((60, 26), "PUMP HOUSE - GROUND FLOOR", font=font(36, "bold"), fill=INK)
    draw.text((1140, 44), "Drawing PH-01, revision C", font=font(22), fill=GREY, anchor="rm")
    draw.rectangle((60, 100, 940, 780), fill=(255, 255, 255), outline=INK, width=12)
    for wall in ((600, 100, 600, 340), (600, 440, 600, 780), (600, 480, 940, 480)):
        draw.line(wall, fill=INK, width=10)
    for x, y, name in ((170, 240, "P-104"), (170, 500, "P-105")):
        draw.rounded_rectangle((x, y, x + 250, y + 110), 16, fill=(208, 228, 236), outline=TEAL, width=5)
        centred(draw, (x + 125, y + 55), name, font(42, "bold"), INK)
        draw.line((x + 250, y + 55, 520, y + 55), fill=TEAL, width=10)
    draw.line((520, 295, 520, 720), fill=TEAL, width=10)
    _valve(draw, 520, 430, "V-12")
    draw.rectangle((170, 680, 420, 750), fill=(228, 236, 240), outline=GREY, width=4)
    centred(draw, (295, 715), "SUMP 18 m3", font(30), INK)
    centred(draw, (770, 230), "SWITCH ROOM", font(34, "bold"), INK)
    centred(draw, (770, 285), "main isolator Q1", font(26), GREY)
    centred(draw, (770, 600), "STORE", font(34, "bold"), INK)
    centred(draw, (770, 650), "absorbent, spill kit", font(26), GREY)
    _exit(draw, (930, 330, 950, 430), (1070, 380), "EXIT EAST")
    _exit(draw, (260, 90, 380, 112), (480, 80), "")
    centred(draw, (320, 140), "EXIT NORTH", font(26, "bold"), GREEN)
    ellipse_at(draw, (1070, 620), 56, GREEN)
    centred(draw, (1070, 620), "B", font(60, "bold"), (255, 255, 255))
    centred(draw, (1070, 706), "Assembly point B", font(22, "bold"), GREEN)
    centred(draw, (1070, 738), "at Gate 2", font(22), GREEN)
    draw.text(
        (60, 812), "Scale 1:50     Drawn by I. Okafor, 16 June 2025", font=font(22), fill=GREY, anchor="lm"
    )
    return image


def _valve(draw: ImageDraw.ImageDraw, x: int, y: int, name: str) -> None:
    draw.polygon(
        [(x - 26, y - 30), (x + 26, y - 30), (x - 26, y + 30), (x + 26, y + 30)], fill=AMBER, outline=INK
    )
    draw.text((x - 40, y), name, font=font(28, "bold"), fill=INK, anchor="rm")


def _exit(draw: ImageDraw.ImageDraw, door: tuple[int, int, int, int], at: tuple[int, int], name: str) -> None:
    draw.rectangle(door, fill=GREEN)
    if name:
        centred(draw, at, name, font(26, "bold"), GREEN)
