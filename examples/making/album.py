"""Every picture of the library: when, where, with which camera, and what is on it."""

import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from . import charts, objects, scenes
from .canvas import PHOTO_SIZE, Box, Colour, Rng, bricks, concrete, corners_of, finish, hang, planks
from .photofile import Camera, Shot

SALTMERE = (53.2672, -9.5598)
GALWAY = (53.2790, -9.0450)
HAMBURG = (53.5438, 9.9668)
BERGEN = (60.3975, 5.3235)
PHONE = Camera("Pebble", "Pebble Phone 8")
RUGGED = Camera("Halden", "Halden Rugged H20")
TRAVEL = Camera("Lumenor", "Lumenor T5")
HOURS = json.loads((Path(__file__).parent / "sources" / "pump_hours.json").read_text())
TIDE = [(12, 1.3), (14, 1.0), (16, 1.9), (18, 3.1), (20, 4.2), (22, 4.7), (23.25, 4.9), (25, 4.4), (27, 3.2), (28, 2.5)]

Paint = Callable[[Rng], Image.Image]
Item = Callable[[Rng], Image.Image]


def on_wall(item: Item, box: Box, wall: Colour, brick: bool = False) -> Paint:
    """Return a photograph of a flat thing on a wall."""

    def paint(rng: Rng) -> Image.Image:
        scene = (bricks if brick else concrete)(rng, wall)
        return finish(hang(scene, item(rng), corners_of(box, rng)), rng)

    return paint


def on_table(item: Item, height: int = 860, turn: float = 3.0) -> Paint:
    """Return a photograph of a paper on a table, as high as asked, turned a little."""

    def paint(rng: Rng) -> Image.Image:
        sheet = item(rng).convert("RGBA")
        scale = height / sheet.height
        sheet = sheet.resize((round(sheet.width * scale), height), Image.Resampling.LANCZOS)
        sheet = sheet.rotate(turn, Image.Resampling.BICUBIC, expand=True)
        left, top = (PHOTO_SIZE[0] - sheet.width) / 2, (PHOTO_SIZE[1] - sheet.height) / 2
        box = (left, top, left + sheet.width, top + sheet.height)
        return finish(hang(planks(rng, (150, 112, 76)), sheet, corners_of(box, rng, 1.0), shadow=10), rng, grain=1.6)

    return paint


def photo_of(scene: Callable[[Rng], Image.Image]) -> Paint:
    """Return a photograph of a scene."""
    return lambda rng: finish(scene(rng), rng)


def pressure_gauge(rng: Rng) -> Image.Image:
    """Return the discharge gauge of P-104 on 12 March."""
    return objects.gauge(4.2, 8, "bar", "P-104 DISCHARGE", 6.0, (5.0, 5.6))


def relief_gauge(rng: Rng) -> Image.Image:
    """Return the pressure gauge of the compressor on 4 November."""
    return objects.gauge(11.4, 16, "bar", "K-7 RECEIVER", 10.0, (7.0, 9.0))


def crane_plate(rng: Rng) -> Image.Image:
    """Return the nameplate of the crane."""
    rows = (("Crane", "C-2"), ("Type", "BK-5"), ("Serial No.", "BK5-0417"), ("Max load", "5.0 t at 12 m"), ("Year", "2014"))
    return objects.nameplate("BERGSET HYDRAULIKK", rows, rng)


def pump_plate(rng: Rng) -> Image.Image:
    """Return the nameplate of the main pump."""
    rows = (("Pump", "P-104"), ("Type", "HX-250"), ("Serial No.", "NH-250-88213"), ("Max pressure", "6.0 bar"), ("Built", "2016"))
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
    lines = (("HEARING PROTECTION", 58, "bold"), ("required above 85 dB(A)", 50, "sans"), ("Generator room E-9", 50, "sans"))
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


def _flat(item: Item) -> Paint:
    return lambda rng: item(rng)


GREY: Colour = (172, 172, 168)
GAUGE = Shot(
    "Photos/2025-03/IMG_0312.jpg", on_wall(pressure_gauge, (300, 130, 900, 730), (96, 116, 124)),
    "2025:03:12 07:14:08", PHONE, SALTMERE, "Discharge gauge of P-104, morning round", ("P-104", "gauge", "pressure"),
)  # fmt: skip
LOAD_SIGN = Shot(
    "Photos/2025-07/C-2-load-sign.jpg", on_wall(load_sign, (210, 130, 990, 700), (148, 138, 126), brick=True),
    "2025:07:09 11:20:30", RUGGED, SALTMERE, "New load sign at crane C-2", ("C-2", "crane", "sign"), orientation=8,
)  # fmt: skip
BERGEN_QUAY = Shot(
    "Photos/2025-09/bergen-quay-1.jpg", photo_of(scenes.wooden_houses), "2025:09:23 18:05:44", TRAVEL, BERGEN,
    "Bergen after the course", ("Bergen", "training"), "xmp",
)  # fmt: skip
EVENING = Shot(
    "Photos/2025-04/hamburg-evening-1.jpg", photo_of(scenes.harbour_evening), "2025:04:09 20:12:51", TRAVEL, HAMBURG,
    "Hamburg harbour at dusk", ("Hamburg", "travel"), "xmp",
)  # fmt: skip


def album() -> list[Shot]:
    """Return all pictures of the library."""
    return [*_winter(), *_spring(), *_summer(), *_autumn(), *_drawings()]


def _winter() -> list[Shot]:
    board = on_wall(plan_board, (90, 80, 1110, 810), GREY)
    crane = on_wall(crane_plate, (200, 170, 1000, 720), (206, 158, 44))
    return [
        Shot("Photos/2025-01/year-plan-whiteboard.jpg", board, "2025:01:14 10:35:12", PHONE, SALTMERE, "Year plan 2025"),
        Shot("Photos/2025-02/C-2-nameplate.jpg", crane, "2025:02:11 09:02:40", RUGGED, SALTMERE, "", ("C-2", "nameplate")),
    ]


def _spring() -> list[Shot]:
    flooded = photo_of(lambda rng: scenes.pump_house(rng, flooded=True))
    dry = photo_of(lambda rng: scenes.pump_house(rng, flooded=False))
    plate = on_wall(pump_plate, (170, 170, 1030, 740), (52, 98, 146))
    torque = on_wall(torque_board, (90, 100, 1110, 780), GREY)
    bench = photo_of(scenes.test_bench)
    vibration = on_wall(vibration_meter, (400, 40, 800, 860), (70, 92, 120))
    loose = photo_of(scenes.coupling)
    march, april, may = "Photos/2025-03/", "Photos/2025-04/", "Photos/2025-05/"
    return [
        GAUGE,
        GAUGE.again(march + "IMG_0312_small.jpg", scale=0.6, quality=60),
        GAUGE.again(march + "IMG_0312_edited.jpg", crop=0.06, brightness=1.18, quality=78),
        Shot(march + "pump-house-flooded.jpg", flooded, "2025:03:18 06:02:19", RUGGED, SALTMERE,
             "Pump house, 11 cm of water", ("P-104", "incident", "IR-2025-03")),
        Shot(march + "pump-house-lights-out.jpg", flooded, "2025:03:18 05:44:57", RUGGED, SALTMERE, brightness=0.1),
        Shot(march + "P-104-nameplate.jpg", plate, "2025:03:19 11:48:03", RUGGED, SALTMERE, "", ("P-104", "nameplate"),
             orientation=6),
        Shot(march + "delivery-note-DN-55121.jpg", on_table(delivery_note), "2025:03:25 09:21:36", PHONE, SALTMERE,
             quality=80),
        Shot(march + "IMG_0331.jpg", torque, "2025:03:26 14:41:10", PHONE, SALTMERE, "", ("P-104", "whiteboard"), "xmp"),
        Shot(april + "norhaven-test-bench.jpg", bench, "2025:04:09 11:15:00", TRAVEL, HAMBURG,
             "Acceptance test of P-106 at Norhaven", ("P-106", "Hamburg"), "xmp"),
        EVENING,
        EVENING.again(april + "hamburg-evening-2.jpg", taken="2025:04:09 20:13:20", caption="", blur=9.0),
        Shot(may + "P-104-vibration-meter.jpg", vibration, "2025:05:21 13:09:55", RUGGED, SALTMERE,
             "Vibration at the drive end", ("P-104", "vibration", "IR-2025-05")),
        Shot(may + "P-104-coupling.jpg", loose, "2025:05:21 13:30:02", RUGGED, SALTMERE, "", ("P-104", "coupling")),
        Shot(may + "P-104-coupling-2.jpg", loose, "2025:05:21 13:30:41", RUGGED, SALTMERE, blur=10.0),
        Shot(may + "P-104-back-in-place.jpg", dry, "2025:06:06 15:10:26", PHONE, SALTMERE, "P-104 is back"),
    ]  # fmt: skip


def _summer() -> list[Shot]:
    receipt = on_table(ear_muff_receipt, turn=-4.0)
    boat = on_wall(boat_plate, (190, 170, 1010, 720), (206, 214, 218))
    june, july, august = "Photos/2025-06/", "Photos/2025-07/", "Photos/2025-08/"
    return [
        Shot(june + "motor-at-corrib.jpg", photo_of(scenes.motor_shop), "2025:06:03 12:22:47", RUGGED, GALWAY,
             "Motor of P-104 at the rewinder", ("motor", "P-104")),
        Shot(june + "E-9-load-test.jpg", photo_of(scenes.generator), "2025:06:12 10:04:15", PHONE, SALTMERE,
             "Load test of the emergency generator", ("E-9", "generator")),
        Shot(june + "IMG_0617.jpg", receipt, "2025:06:17 12:31:09", PHONE, None, quality=80),
        Shot(july + "C-2-oil-spill.jpg", photo_of(scenes.oil_spill), "2025:07:08 10:40:33", PHONE, SALTMERE,
             "Oil on the quay after the hose burst", ("C-2", "oil", "IR-2025-07")),
        LOAD_SIGN,
        LOAD_SIGN.again(july + "C-2-load-sign-for-report.jpg", brightness=1.22, scale=0.8, quality=70, orientation=1),
        Shot(august + "tern-plate.jpg", boat, "2025:08:19 08:15:52", TRAVEL, SALTMERE, "Builder's plate of the Tern",
             ("Tern", "boat", "nameplate"), "xmp", orientation=3),
        Shot(august + "IMG_0829.jpg", photo_of(scenes.oil_spill), "2025:08:29 16:03:11", PHONE, SALTMERE, blur=8.0),
    ]  # fmt: skip


def _autumn() -> list[Shot]:
    september, october, november = "Photos/2025-09/", "Photos/2025-10/", "Photos/2025-11/"
    relief = on_wall(relief_gauge, (310, 120, 920, 730), (120, 84, 70))
    return [
        Shot(september + "C-2-load-test.heic", photo_of(scenes.load_test), "2025:09:15 09:30:00", TRAVEL, SALTMERE,
             "C-2 with the test weight"),
        BERGEN_QUAY,
        BERGEN_QUAY.again(september + "bergen-quay-2.jpg", taken="2025:09:23 18:05:46", crop=0.03, quality=74),
        Shot(october + "storm-waves.webp", photo_of(scenes.storm_waves), "2025:10:27 17:20:08", PHONE, SALTMERE),
        Shot(october + "tide-staff-night.jpg", photo_of(scenes.tide_staff), "2025:10:27 23:16:40", RUGGED, SALTMERE,
             "Tide staff at the peak", ("storm", "tide"), brightness=0.12),
        Shot(november + "K-7-gauge.jpg", relief, "2025:11:04 15:32:25", RUGGED, SALTMERE, "Receiver of compressor K-7",
             ("K-7", "gauge", "IR-2025-11")),
    ]  # fmt: skip


def _drawings() -> list[Shot]:
    return [
        Shot("Safety/sign-hearing-protection.png", _flat(hearing_sign)),
        Shot("Safety/lockout-tag-0147.bmp", _flat(lockout_tag)),
        Shot("Safety/pump-house-floor-plan.png", lambda _: charts.floor_plan()),
        Shot("Reports/Charts/pump-hours-2025.png", lambda _: charts.pump_hours(HOURS["P-104"], HOURS["P-105"])),
        Shot("Reports/Charts/tide-27-october.gif", lambda _: charts.tide_curve(TIDE, 5.2)),
        Shot("Invoices/receipt-relief-valve.tiff", _flat(valve_receipt)),
    ]
