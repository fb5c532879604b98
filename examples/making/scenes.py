"""Places and machines, drawn as simple scenes."""

import math

from PIL import Image, ImageDraw, ImageFilter

from making import objects
from making.canvas import (
    PHOTO_SIZE,
    Colour,
    Rng,
    bricks,
    concrete,
    ellipse_at,
    gradient,
    hang,
    mottled,
    pipe,
    shade,
)

SEA: Colour = (58, 96, 116)
QUAY: Colour = (150, 146, 138)
STEEL: Colour = (150, 156, 162)
PUMP_BLUE: Colour = (36, 92, 150)
CRANE_YELLOW: Colour = (226, 172, 40)
NIGHT: Colour = (20, 26, 40)


def _straight(item: Image.Image, left: float, top: float, width: float) -> list[tuple[float, float]]:
    height = width * item.height / item.width
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]


def stick(
    scene: Image.Image, text: str, at: tuple[float, float], width: float, colour: Colour, ink: Colour
) -> Image.Image:
    """Return the scene with a label on it."""
    plate = objects.label(text, colour, ink)
    return hang(scene, plate, _straight(plate, at[0], at[1], width), shadow=4)


def _pump(image: Image.Image, x: int, y: int, colour: Colour) -> None:
    draw = ImageDraw.Draw(image)
    draw.rectangle((x - 30, y + 190, x + 640, y + 236), fill=(82, 86, 92))
    pipe(image, (x + 40, y - 330, x + 130, y + 20), (120, 128, 132))
    pipe(image, (x - 180, y + 70, x - 10, y + 160), (120, 128, 132))
    draw = ImageDraw.Draw(image)
    ellipse_at(draw, (x + 100, y + 100), 140, shade(colour, 0.7))
    ellipse_at(draw, (x + 94, y + 94), 128, colour)
    ellipse_at(draw, (x + 90, y + 90), 62, shade(colour, 1.25))
    ellipse_at(draw, (x + 90, y + 90), 30, shade(colour, 0.55))
    pipe(image, (x + 230, y + 74, x + 330, y + 124), (170, 172, 176))
    pipe(image, (x + 330, y + 4, x + 620, y + 192), shade(colour, 1.1))
    draw = ImageDraw.Draw(image)
    for fin in range(x + 360, x + 600, 24):
        draw.line((fin, y + 8, fin, y + 188), fill=shade(colour, 0.62), width=4)
    draw.rectangle((x + 420, y - 40, x + 520, y + 12), fill=shade(colour, 0.8))


def pump_house(rng: Rng) -> Image.Image:
    """Return the pump house with P-104."""
    scene = bricks(rng, (138, 122, 108))
    ImageDraw.Draw(scene).rectangle((0, 690, 1200, 900), fill=(118, 118, 116))
    _pump(scene, 330, 450, PUMP_BLUE)
    return stick(scene, "P-104", (690, 500), 190, (244, 244, 238), (20, 24, 30))


def flooded_pump_house(rng: Rng) -> Image.Image:
    """Return the pump house under a hand's breadth of water."""
    scene = pump_house(rng)
    mirror = scene.crop((0, 430, 1200, 660)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = Image.blend(mirror.resize((1200, 240)), Image.new("RGB", (1200, 240), (70, 84, 80)), 0.62)
    scene.paste(mottled(water.filter(ImageFilter.GaussianBlur(5)), rng, 8.0, 30), (0, 660))
    draw = ImageDraw.Draw(scene)
    for _ in range(26):
        x, y = int(rng.integers(0, 1150)), int(rng.integers(672, 890))
        draw.line((x, y, x + int(rng.integers(30, 130)), y), fill=(150, 164, 160), width=2)
    return scene


def coupling(rng: Rng) -> Image.Image:
    """Return the coupling of P-104 from close by, one of its bolts standing out."""
    scene = concrete(rng, (120, 122, 124))
    pipe(scene, (0, 360, 1200, 540), (128, 132, 138))
    pipe(scene, (330, 170, 580, 730), PUMP_BLUE)
    pipe(scene, (630, 170, 880, 730), shade(PUMP_BLUE, 1.1))
    for number, y in enumerate((230, 350, 490, 620)):
        loose = number == 1
        pipe(scene, (560, y, 650 + (70 if loose else 0), y + 44), (196, 190, 176))
        pipe(scene, (880, y - 12, 930 + (80 if loose else 0), y + 56), (206, 180, 110) if loose else STEEL)
    return stick(scene, "P-104 COUPLING", (380, 770), 460, (250, 220, 60), (20, 24, 30))


def test_bench(rng: Rng) -> Image.Image:
    """Return the maker's test hall with a new pump on the bench."""
    scene = concrete(rng, (206, 212, 216))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 640, 1200, 900), fill=(96, 116, 110))
    draw.line((0, 720, 1200, 720), fill=(232, 190, 40), width=14)
    for x in range(60, 1200, 280):
        draw.rectangle((x, 30, x + 190, 60), fill=(255, 255, 246))
    _pump(scene, 380, 440, (40, 134, 110))
    scene = stick(scene, "NORHAVEN TEST BENCH 2", (90, 110), 640, (24, 62, 104), (245, 246, 248))
    return stick(scene, "HX-315  P-106", (700, 490), 290, (244, 244, 238), (20, 24, 30))


def _crane(draw: ImageDraw.ImageDraw, x: int, base: int, height: int, colour: Colour) -> None:
    top = base - height
    draw.polygon([(x - 46, base), (x - 20, top), (x + 20, top), (x + 46, base)], outline=colour, width=9)
    for step in range(top, base, 44):
        draw.line((x - 34, step + 44, x + 34, step), fill=colour, width=5)
    draw.line(
        (x - height // 3, top - 4, x + round(height * 0.9), top - round(height * 0.34)), fill=colour, width=15
    )
    draw.rectangle((x - 34, top - 54, x + 34, top), fill=colour)
    hook = x + round(height * 0.86)
    draw.line((hook, top - round(height * 0.33), hook, top + round(height * 0.3)), fill=(30, 30, 30), width=4)


def _quay(rng: Rng, sky: tuple[Colour, Colour], sea: Colour, ground: Colour) -> Image.Image:
    scene = gradient(PHOTO_SIZE, *sky)
    water = mottled(gradient((1200, 200), shade(sea, 1.2), shade(sea, 0.9)), rng, 9.0, 20)
    scene.paste(water, (0, 430))
    scene.paste(concrete(rng, ground, (1200, 290)), (0, 610))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 606, 1200, 624), fill=shade(ground, 0.6))
    for x in range(110, 1200, 330):
        draw.rounded_rectangle((x, 560, x + 54, 620), 12, fill=(48, 48, 50))
        ellipse_at(draw, (x + 27, 562), 36, (62, 62, 64), 0.4)
    return scene


def oil_spill(rng: Rng) -> Image.Image:
    """Return the quay with the crane, a dark pool of oil and a bag of absorbent."""
    scene = _quay(rng, ((120, 164, 206), (206, 222, 232)), SEA, QUAY)
    draw = ImageDraw.Draw(scene)
    _crane(draw, 330, 640, 420, CRANE_YELLOW)
    pool = Image.new("L", PHOTO_SIZE, 0)
    pen = ImageDraw.Draw(pool)
    for _ in range(16):
        at = (int(rng.integers(380, 700)), int(rng.integers(720, 790)))
        ellipse_at(pen, at, int(rng.integers(50, 120)), 235, 0.34)
    scene.paste((30, 26, 24), (0, 0), pool.filter(ImageFilter.GaussianBlur(3)))
    draw = ImageDraw.Draw(scene)
    draw.rounded_rectangle((820, 640, 1010, 850), 24, fill=(216, 204, 176), outline=(120, 110, 90), width=4)
    return stick(scene, "OIL ABSORBENT", (830, 710), 170, (180, 40, 36), (250, 250, 250))


def crane_repair(rng: Rng) -> Image.Image:
    """Return the crane under repair, the fitters' van beside it."""
    scene = _quay(rng, ((132, 170, 206), (214, 224, 230)), SEA, QUAY)
    draw = ImageDraw.Draw(scene)
    _crane(draw, 330, 640, 420, CRANE_YELLOW)
    draw.rounded_rectangle((620, 560, 1060, 790), 30, fill=(232, 236, 238), outline=(120, 126, 130), width=4)
    draw.polygon([(1060, 640), (1120, 690), (1120, 790), (1060, 790)], fill=(214, 220, 224))
    for x in (720, 1010):
        ellipse_at(draw, (x, 796), 48, (36, 36, 38))
        ellipse_at(draw, (x, 796), 22, (150, 152, 156))
    return stick(scene, "BERGSET SERVICE", (660, 640), 330, (24, 62, 104), (245, 246, 248))


def load_test(rng: Rng) -> Image.Image:
    """Return the crane with the test weight on its hook."""
    scene = _quay(rng, ((150, 178, 200), (222, 226, 224)), SEA, QUAY)
    draw = ImageDraw.Draw(scene)
    _crane(draw, 260, 640, 470, CRANE_YELLOW)
    hook = 260 + round(470 * 0.86)
    draw.line((hook, 300, hook, 420), fill=(30, 30, 30), width=5)
    draw.line((hook - 130, 500, hook, 420, hook + 130, 500), fill=(30, 30, 30), width=5)
    draw.rectangle((hook - 170, 500, hook + 170, 700), fill=(112, 116, 120), outline=(52, 54, 58), width=8)
    scene = stick(scene, "TEST WEIGHT 6.25 t", (hook - 158, 572), 316, (250, 220, 60), (20, 24, 30))
    return stick(scene, "C-2", (206, 700), 110, (20, 24, 30), (250, 220, 60))


def generator(rng: Rng) -> Image.Image:
    """Return the emergency generator E-9 in its room."""
    scene = concrete(rng, (196, 196, 186))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 720, 1200, 900), fill=(104, 106, 104))
    pipe(scene, (250, 0, 310, 300), (150, 140, 130))
    draw = ImageDraw.Draw(scene)
    draw.rounded_rectangle((150, 290, 1050, 760), 26, fill=(38, 110, 70), outline=(20, 60, 40), width=8)
    for y in range(350, 640, 26):
        draw.rectangle((210, y, 520, y + 12), fill=(22, 70, 44))
    draw.rectangle((600, 360, 980, 680), fill=(54, 58, 62))
    for x, colour in ((660, (60, 190, 80)), (740, (230, 180, 40)), (820, (200, 50, 44))):
        ellipse_at(draw, (x, 620), 26, colour)
    draw.rectangle((150, 760, 1050, 800), fill=(50, 52, 54))
    scene = stick(scene, "E-9   120 kVA", (630, 400), 320, (244, 244, 238), (20, 24, 30))
    return stick(scene, "DIESEL 400 l", (630, 500), 240, (250, 220, 60), (20, 24, 30))


def motor_shop(rng: Rng) -> Image.Image:
    """Return the rewinder's bench with the opened motor of P-104."""
    scene = concrete(rng, (170, 178, 186))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 640, 1200, 900), fill=(132, 96, 62))
    draw.rectangle((0, 630, 1200, 656), fill=(90, 64, 40))
    for x in range(120, 1100, 90):
        draw.line((x, 60, x + 12, 220), fill=(80, 84, 90), width=12)
    ellipse_at(draw, (420, 470), 215, shade(PUMP_BLUE, 0.8))
    ellipse_at(draw, (420, 470), 178, (60, 50, 44))
    for turn in range(24):
        angle = turn * math.pi / 12
        at = (420 + math.cos(angle) * 146, 470 + math.sin(angle) * 146)
        ellipse_at(draw, at, 24, (190, 110, 52))
    ellipse_at(draw, (420, 470), 96, (34, 30, 30))
    pipe(scene, (680, 560, 1080, 640), (176, 178, 182))
    pipe(scene, (780, 520, 980, 660), (146, 96, 60))
    return stick(scene, "CORRIB MOTOR REWINDING", (560, 300), 560, (244, 244, 238), (150, 30, 30))


def harbour_evening(rng: Rng) -> Image.Image:
    """Return a big harbour at dusk: cranes, a ship and lights on the water."""
    scene = gradient(PHOTO_SIZE, (58, 70, 128), (250, 170, 110))
    water = mottled(gradient((1200, 320), (214, 140, 104), (52, 58, 96)), rng, 12.0, 16)
    scene.paste(water, (0, 580))
    draw = ImageDraw.Draw(scene)
    ellipse_at(draw, (860, 520), 62, (255, 226, 160))
    draw.rectangle((0, 552, 1200, 590), fill=NIGHT)
    for x, height in ((120, 330), (300, 380), (960, 300)):
        _crane(draw, x, 560, height, NIGHT)
    draw.polygon([(420, 520), (900, 520), (860, 600), (470, 600)], fill=(70, 34, 38))
    for column in range(6):
        for row in range(int(rng.integers(1, 4))):
            x, y = 500 + column * 58, 496 - row * 27
            draw.rectangle(
                (x, y, x + 54, y + 24),
                fill=((150, 60, 50), (50, 90, 130), (170, 140, 60))[(column + row) % 3],
            )
    for _ in range(40):
        x, y = int(rng.integers(0, 1200)), int(rng.integers(600, 880))
        draw.line((x, y, x + int(rng.integers(16, 70)), y), fill=(255, 206, 140), width=3)
    return stick(scene, "HAMBURG", (520, 536), 150, (70, 34, 38), (250, 240, 230))


def wooden_houses(rng: Rng) -> Image.Image:
    """Return a row of gabled wooden houses on an old quay."""
    scene = gradient(PHOTO_SIZE, (146, 178, 210), (230, 236, 240))
    draw = ImageDraw.Draw(scene)
    draw.polygon(
        [(0, 330), (300, 120), (700, 260), (1000, 90), (1200, 220), (1200, 620), (0, 620)],
        fill=(96, 124, 104),
    )
    colours: list[Colour] = [
        (178, 56, 44),
        (224, 168, 60),
        (236, 232, 220),
        (150, 84, 50),
        (196, 88, 60),
        (110, 130, 140),
    ]
    for number, colour in enumerate(colours):
        x, top = number * 200, 300 + int(rng.integers(-24, 24))
        draw.polygon([(x, top), (x + 100, top - 130), (x + 200, top)], fill=shade(colour, 0.8))
        draw.rectangle((x, top, x + 196, 690), fill=colour)
        for row in range(3):
            for column in range(3):
                left, upper = x + 26 + column * 54, top + 34 + row * 96
                draw.rectangle((left, upper, left + 36, upper + 56), fill=(246, 246, 240))
                draw.rectangle((left + 5, upper + 5, left + 31, upper + 51), fill=(58, 70, 84))
    draw.rectangle((0, 690, 1200, 740), fill=(120, 116, 112))
    scene.paste(mottled(gradient((1200, 160), (70, 104, 120), (40, 66, 84)), rng, 12.0, 18), (0, 740))
    return stick(scene, "BERGSET HYDRAULIKK KURS", (420, 694), 370, (244, 244, 238), (24, 62, 104))


def storm_waves(rng: Rng) -> Image.Image:
    """Return waves that break over the harbour wall."""
    scene = mottled(gradient(PHOTO_SIZE, (70, 78, 88), (140, 148, 152)), rng, 10.0, 140)
    draw = ImageDraw.Draw(scene)
    for row in range(9):
        y = 430 + row * 48
        points = [(x, y + 26 * math.sin(x / (70 + row * 14) + row * 1.7)) for x in range(-20, 1240, 20)]
        draw.polygon([*points, (1240, 900), (-20, 900)], fill=shade((66, 92, 100), 1.14 - row * 0.05))
        draw.line(points, fill=(190, 204, 206), width=4)
    draw.polygon([(0, 700), (760, 620), (760, 720), (0, 860)], fill=(92, 90, 86))
    for _ in range(900):
        drop = (float(rng.normal(700, 110)), float(rng.normal(520, 110)))
        radius, light = float(rng.uniform(2, 11)), float(rng.uniform(0.86, 1.05))
        ellipse_at(draw, drop, radius, shade((226, 234, 236), light))
    return scene


def tide_staff(rng: Rng) -> Image.Image:
    """Return the tide staff on the quay wall, water just under the mark of five metres."""
    scene = concrete(rng, (116, 112, 106))
    board = objects.tide_board(3, 6)
    scene = hang(scene, board, [(500, 20), (720, 20), (720, 840), (500, 840)])
    # The staff is 820 px for three metres, so 4.9 m lies 519 px above its foot.
    scene.paste(mottled(gradient((1200, 579), (72, 100, 110), (30, 48, 60)), rng, 14.0, 22), (0, 321))
    return stick(scene, "TIDE m", (840, 120), 220, (244, 244, 238), (20, 24, 30))
