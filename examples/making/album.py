"""Every picture of the library: what is painted on it, and what its file says."""

import json
import tomllib
from pathlib import Path
from typing import Any

from making import charts, items, scenes
from making.canvas import Colour
from making.items import Paint, as_drawn, on_table, on_wall, photo_of
from making.photofile import Camera, Shot

SOURCES = Path(__file__).parent / "sources"
HOURS = json.loads((SOURCES / "pump_hours.json").read_text(encoding="utf-8"))
TIDE = [
    (12, 1.3),
    (14, 1.0),
    (16, 1.9),
    (18, 3.1),
    (20, 4.2),
    (22, 4.7),
    (23.25, 4.9),
    (25, 4.4),
    (27, 3.2),
    (28, 2.5),
]
GREY: Colour = (172, 172, 168)
STEEL: Colour = (206, 214, 218)
GREEN: Colour = (96, 116, 124)
BLUE: Colour = (52, 98, 146)
SLATE: Colour = (70, 92, 120)
SAND: Colour = (148, 138, 126)
YELLOW: Colour = (206, 158, 44)
RUST: Colour = (120, 84, 70)

PHOTOGRAPHS: dict[str, Paint] = {
    "2025-01/year-plan-whiteboard.jpg": on_wall(items.plan_board, (90, 80, 1110, 810), GREY),
    "2025-02/C-2-nameplate.jpg": on_wall(items.crane_plate, (200, 170, 1000, 720), YELLOW),
    "2025-03/IMG_0312.jpg": on_wall(items.pressure_gauge, (300, 130, 900, 730), GREEN),
    "2025-03/pump-house-flooded.jpg": photo_of(scenes.flooded_pump_house),
    "2025-03/pump-house-lights-out.jpg": photo_of(scenes.flooded_pump_house),
    "2025-03/P-104-nameplate.jpg": on_wall(items.pump_plate, (170, 170, 1030, 740), BLUE),
    "2025-03/delivery-note-DN-55121.jpg": on_table(items.delivery_note),
    "2025-03/IMG_0331.jpg": on_wall(items.torque_board, (90, 100, 1110, 780), GREY),
    "2025-04/norhaven-test-bench.jpg": photo_of(scenes.test_bench),
    "2025-04/hamburg-evening-1.jpg": photo_of(scenes.harbour_evening),
    "2025-05/P-104-vibration-meter.jpg": on_wall(items.vibration_meter, (400, 40, 800, 860), SLATE),
    "2025-05/P-104-coupling.jpg": photo_of(scenes.coupling),
    "2025-05/P-104-coupling-2.jpg": photo_of(scenes.coupling),
    "2025-06/motor-at-corrib.jpg": photo_of(scenes.motor_shop),
    "2025-06/P-104-back-in-place.jpg": photo_of(scenes.pump_house),
    "2025-06/E-9-load-test.jpg": photo_of(scenes.generator),
    "2025-06/IMG_0617.jpg": on_table(items.ear_muff_receipt, turn=-4.0),
    "2025-07/C-2-oil-spill.jpg": photo_of(scenes.oil_spill),
    "2025-07/C-2-load-sign.jpg": on_wall(items.load_sign, (210, 130, 990, 700), SAND, brick=True),
    "2025-08/tern-plate.jpg": on_wall(items.boat_plate, (190, 170, 1010, 720), STEEL),
    "2025-08/IMG_0829.jpg": photo_of(scenes.crane_repair),
    "2025-09/C-2-load-test.heic": photo_of(scenes.load_test),
    "2025-09/bergen-quay-1.jpg": photo_of(scenes.wooden_houses),
    "2025-10/storm-waves.webp": photo_of(scenes.storm_waves),
    "2025-10/tide-staff-night.jpg": photo_of(scenes.tide_staff),
    "2025-11/K-7-gauge.jpg": on_wall(items.relief_gauge, (310, 120, 920, 730), RUST),
}
DRAWINGS: dict[str, Paint] = {
    "Safety/sign-hearing-protection.png": as_drawn(items.hearing_sign),
    "Safety/lockout-tag-0147.bmp": as_drawn(items.lockout_tag),
    "Safety/pump-house-floor-plan.png": lambda _: charts.floor_plan(),
    "Reports/Charts/pump-hours-2025.png": lambda _: charts.pump_hours(HOURS["P-104"], HOURS["P-105"]),
    "Reports/Charts/tide-27-october.gif": lambda _: charts.tide_curve(TIDE, 5.2),
    "Invoices/receipt-relief-valve.tiff": as_drawn(items.valve_receipt),
}


def album() -> list[Shot]:
    """Return all pictures of the library."""
    facts = tomllib.loads((SOURCES / "photos.toml").read_text(encoding="utf-8"))
    photographs = [_photograph(photo, facts["cameras"], facts["places"]) for photo in facts["photos"]]
    return photographs + [Shot(path, paint, seed=path) for path, paint in DRAWINGS.items()]


def _photograph(photo: dict[str, Any], cameras: dict[str, list[str]], places: dict[str, list[float]]) -> Shot:
    facts = dict(photo)
    first = facts.pop("copies", facts["path"])
    latitude, longitude = places[facts.pop("place")] if "place" in facts else (None, None)
    return Shot(
        paint=PHOTOGRAPHS[first.removeprefix("Photos/")],
        seed=first,
        camera=Camera(*cameras[facts.pop("camera")]),
        place=(latitude, longitude) if latitude is not None and longitude is not None else None,
        keywords=tuple(facts.pop("keywords", ())),
        **facts,
    )
