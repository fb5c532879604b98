"""What is written on the things in the pictures, and how each becomes a photograph."""

from collections.abc import Callable

from PIL import Image

from making import objects
from making.canvas import PHOTO_SIZE, Box, Colour, Rng, bricks, concrete, corners_of, finish, hang, planks

Paint = Callable[[Rng], Image.Image]
Item = Callable[[Rng], Image.Image]


def on_wall(item: Item, box: Box, wall: Colour, brick: bool = False) -> Paint:
    """Return a photograph of a flat thing on a wall."""

    def paint(rng: Rng) -> Image.Image:
        scene = (bricks if brick else concrete)(rng, wall)
        return finish(hang(scene, item(rng), corners_of(box, rng)), rng)

    return paint


def on_table(item: Item, height: int = 790, turn: float = 3.0) -> Paint:
    """Return a photograph of a paper on a table, as high as asked, turned a little."""

    def paint(rng: Rng) -> Image.Image:
        sheet = item(rng).convert("RGBA")
        scale = height / sheet.height
        sheet = sheet.resize((round(sheet.width * scale), height), Image.Resampling.LANCZOS)
        sheet = sheet.rotate(turn, Image.Resampling.BICUBIC, expand=True)
        left, top = (PHOTO_SIZE[0] - sheet.width) / 2, (PHOTO_SIZE[1] - sheet.height) / 2
        box = (left, top, left + sheet.width, top + sheet.height)
        return finish(
            hang(planks(rng, (150, 112, 76)), sheet, corners_of(box, rng, 1.0), shadow=10), rng, grain=1.6
        )

    return paint


def photo_of(scene: Callable[[Rng], Image.Image]) -> Paint:
    """Return a photograph of a scene."""
    return lambda rng: finish(scene(rng), rng)


def as_drawn(item: Item) -> Paint:
    """Return a picture of the flat thing alone, as a scanner or a drawing program makes it."""
    return lambda rng: item(rng)


def pressure_gauge(rng: Rng) -> Image.Image:
    """Return the discharge gauge of P-104 on 12 March."""
    return objects.gauge(4.2, 8, "bar", "P-104 DISCHARGE", 6.0, (5.0, 5.6))


def relief_gauge(rng: Rng) -> Image.Image:
    """Return the pressure gauge of the compressor on 4 November."""
    return objects.gauge(11.4, 16, "bar", "K-7 RECEIVER", 10.0, (7.0, 9.0))


def crane_plate(rng: Rng) -> Image.Image:
    """Return the nameplate of the crane."""
    rows = (
        ("Crane", "C-2"),
        ("Type", "BK-5"),
        ("Serial No.", "BK5-0417"),
        ("Max load", "5.0 t at 12 m"),
        ("Year", "2014"),
    )
    return objects.nameplate("BERGSET HYDRAULIKK", rows, rng)


def pump_plate(rng: Rng) -> Image.Image:
    """Return the nameplate of the main pump."""
    rows = (
        ("Pump", "P-104"),
        ("Type", "HX-250"),
        ("Serial No.", "NH-250-88213"),
        ("Max pressure", "6.0 bar"),
        ("Built", "2016"),
    )
    return objects.nameplate("NORHAVEN PUMPS", rows, rng)


def boat_plate(rng: Rng) -> Image.Image:
    """Return the builder's plate of the workboat."""
    rows = (("Name", "TERN"), ("Length", "7.2 m"), ("Weight", "3.8 t"), ("Persons", "4"), ("Year", "2009"))
    return objects.nameplate("CURRACH BOATYARD", rows, rng)


def plan_board(rng: Rng) -> Image.Image:
    """Return the whiteboard of the meeting in January."""
    lines = [
        ("P-104 seal check: March", objects.BLACK_PEN),
        ("E-9 load test: 12 June", objects.BLACK_PEN),
        ("C-2 new hoses before 30 June !", objects.RED_PEN),
        ("Lift boat TERN: 19 August", objects.BLACK_PEN),
        ("Budget 48 000 EUR", objects.BLUE_PEN),
    ]
    return objects.whiteboard("PLAN 2025", lines, rng, (1100, 780))


def torque_board(rng: Rng) -> Image.Image:
    """Return the whiteboard with the torque written down wrongly."""
    lines = [
        ("Seal kit fitted  26 March", objects.BLACK_PEN),
        ("Coupling bolts  58 Nm", objects.RED_PEN),
        ("old bolts used again", objects.BLACK_PEN),
        ("restart 14:30   Oisin", objects.BLUE_PEN),
    ]
    return objects.whiteboard("P-104", lines, rng, (1100, 720))


def delivery_note(rng: Rng) -> Image.Image:
    """Return the delivery note of the seal kit."""
    return objects.paper(
        [
            ("NORHAVEN PUMPS GmbH", 44, "bold"),
            ("Delivery note DN 55121", 36, "sans"),
            ("-", 20, "sans"),
            ("Date\t25 March 2025", 30, "sans"),
            ("Order\tSH-2025-031", 30, "sans"),
            ("Invoice\tNH-20417", 30, "sans"),
            ("-", 20, "sans"),
            ("Item\tDelivered", 30, "bold"),
            ("SK-250-V seal kit\t1", 32, "sans"),
            ("GS-250 gasket set\t2", 32, "sans"),
            ("CB-12 bolt set M12\t0", 32, "sans"),
            ("CB-12: back order, week 16", 30, "italic"),
            ("-", 20, "sans"),
            ("Received: O. Farrelly", 32, "italic"),
        ],
        rng,
        760,
    )


def ear_muff_receipt(rng: Rng) -> Image.Image:
    """Return the till receipt for ear muffs and gloves."""
    return objects.paper(
        [
            ("LANTERN MARINE SUPPLIES", 36, "bold"),
            ("Quay Street 4, Saltmere", 28, "sans"),
            ("-", 20, "sans"),
            ("17 June 2025\t10:42", 30, "mono"),
            ("Ear muffs 30 dB x 3\t73.50", 30, "mono"),
            ("Work gloves x 2\t13.80", 30, "mono"),
            ("-", 20, "mono"),
            ("TOTAL EUR\t87.30", 38, "bold"),
            ("Paid by card\t87.30", 30, "mono"),
            ("Receipt 004518", 28, "mono"),
            ("Thank you!", 30, "italic"),
        ],
        rng,
        640,
    )


def valve_receipt(rng: Rng) -> Image.Image:
    """Return the till receipt for the new relief valve."""
    return objects.paper(
        [
            ("LANTERN MARINE SUPPLIES", 36, "bold"),
            ("Quay Street 4, Saltmere", 28, "sans"),
            ("-", 20, "sans"),
            ("6 November 2025\t08:55", 30, "mono"),
            ("Relief valve 10 bar\t64.90", 30, "mono"),
            ("PTFE tape x 2\t3.90", 30, "mono"),
            ("-", 20, "mono"),
            ("TOTAL EUR\t68.80", 38, "bold"),
            ("Receipt 005902", 28, "mono"),
        ],
        rng,
        700,
    )


def hearing_sign(rng: Rng) -> Image.Image:
    """Return the sign at the generator room."""
    lines = (
        ("HEARING PROTECTION", 58, "bold"),
        ("required above 85 dB(A)", 50, "sans"),
        ("Generator room E-9", 50, "sans"),
    )
    return objects.sign("MANDATORY", lines, "Saltmere Harbour Works")


def load_sign(rng: Rng) -> Image.Image:
    """Return the sign that limits the crane after the burst hose."""
    lines = (("CRANE C-2", 84, "bold"), ("MAX LOAD 3.2 t", 84, "bold"), ("until further notice", 48, "sans"))
    return objects.sign("WARNING", lines, "9 July 2025   D. Brandt")


def lockout_tag(rng: Rng) -> Image.Image:
    """Return the lockout tag of 21 May."""
    lines = (("LOCKED OUT", 76, "bold"), ("P-104", 66, "bold"), ("I. Okafor  21 May 2025", 46, "sans"))
    return objects.sign("DANGER", lines, "Tag 0147   do not remove", (760, 560))


def vibration_meter(rng: Rng) -> Image.Image:
    """Return the vibration meter at the bearing of P-104."""
    return objects.meter("9.3", "mm/s", "VIBRATION", "P-104 drive end")
