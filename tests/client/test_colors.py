"""`client.colors`: measured colours, finer ones on demand, and pictures by colour."""

from __future__ import annotations

import pytest
from pictures import picture

from pinakes import Pinakes
from pinakes.core.colors import delta_e, families, hsl, lab, rgb
from pinakes.core.errors import ResourceNotFoundError, ValidationError


@pytest.fixture
async def ids(client: Pinakes) -> dict[str, str]:
    pictures = {
        "wood": picture(("#8b5a2b", 70), ("#c4a87c", 30)),
        "sea": picture(("#1e5fc2", 60), ("#ffffff", 40)),
        "dot": picture(("#808080", 98), ("#ff0000", 2)),
    }
    return {
        name: (await client.files.upload(content, filename=f"{name}.png")).image_id
        for name, content in pictures.items()
    }


async def names(client: Pinakes, **wanted: object) -> list[str]:
    found = await client.colors.search(**wanted)  # type: ignore[arg-type]
    assert found.total_count == len(found.items)
    return [result.filename.removesuffix(".png") for result in found.results]


async def test_colours_are_measured_when_a_picture_is_read(client: Pinakes, ids: dict[str, str]) -> None:
    result = await client.colors.get(ids["sea"])
    assert result.is_completed and result.extracted_at and result.color_analysis
    blue, white = result.color_analysis.dominant_colors
    assert (blue.name, blue.hex, round(blue.percentage)) == ("blue", "#1e5fc2", 60)
    assert blue.rgb == (30, 95, 194) and "cool" in blue.families
    assert white.name == "white" and "light" in result.color_analysis.color_families


async def test_finer_colours_are_extracted_once(client: Pinakes, ids: dict[str, str]) -> None:
    coarse = await client.colors.get(ids["dot"])
    assert coarse.color_analysis and coarse.color_analysis.color_count == 1
    fine = await client.colors.extract(ids["dot"])
    assert fine.color_analysis
    assert [c.name for c in fine.color_analysis.dominant_colors] == ["grey", "red"]
    again = await client.colors.extract(ids["dot"], n_colors=3)
    assert again == fine == await client.colors.get(ids["dot"])
    forced = await client.colors.extract(ids["dot"], force=True, n_colors=3)
    assert forced.extracted_at and fine.extracted_at and forced.extracted_at > fine.extracted_at
    assert await names(client, color_name="red", min_percentage=1) == ["dot"]


async def test_pictures_by_colour(client: Pinakes, ids: dict[str, str]) -> None:
    assert await names(client, hex_code="#C4A87C") == ["wood"]
    assert await names(client, hex_code="c4a87c", min_percentage=50) == []
    assert await names(client, color_name="Blue") == ["sea"]
    assert await names(client, color_name="saddlebrown", delta_e_threshold=25) == ["wood"]
    assert await names(client, color_family="earth_tone", min_percentage=90) == ["wood"]
    assert await names(client, color_family="cool") == ["sea"]
    assert sorted(await names(client, color_family="neutral")) == ["dot", "sea"]
    [best] = (await client.colors.search(hex_code="#1e5fc2")).results
    assert (
        best.match_score == 1.0
        and best.matched_hex == "#1e5fc2"
        and best.matched_percentage == pytest.approx(60, abs=1)
    )
    assert best.thumbnail_url and best.color_analysis
    every = [r.image_id async for r in client.colors.search_all(color_family="neutral", page_size=1)]
    assert sorted(every) == sorted([ids["dot"], ids["sea"]])
    await client.files.delete(ids["sea"])
    assert await names(client, color_name="blue") == []


async def test_several_pictures_at_once(client: Pinakes, ids: dict[str, str]) -> None:
    text_id = (await client.files.upload(b"Words.", filename="a.txt")).image_id
    batch = await client.colors.batch_extract([*ids.values(), text_id, "nobody"])
    assert batch.queued_count == 3 and set(batch.failed) == {text_id, "nobody"}
    with pytest.raises(ResourceNotFoundError):
        await client.colors.get(text_id)


async def test_arguments_outside_their_limits(client: Pinakes, ids: dict[str, str]) -> None:
    for call in (
        client.colors.search(),
        client.colors.search(hex_code="#12"),
        client.colors.search(color_name="octarine"),
        client.colors.search(color_family="loud"),
        client.colors.search(color_name="blue", delta_e_threshold=101),
        client.colors.search(color_name="blue", min_percentage=-1),
        client.colors.search(color_name="blue", limit=201),
        client.colors.extract(ids["sea"], n_colors=2),
        client.colors.batch_extract([]),
    ):
        with pytest.raises(ValidationError):
            await call


async def test_families_hold_their_examples(client: Pinakes) -> None:
    known = await client.colors.list_families()
    assert {"neutral", "warm", "cool", "earth_tone"} <= {family.name for family in known}
    for family in known:
        for code in family.example_colors:
            assert family.name in families(code), (family.name, code)


def test_values_of_colours() -> None:
    assert (rgb("#fff"), hsl("#ff0000"), lab("#000000")) == ((255, 255, 255), (0, 100, 50), (0.0, 0.0, 0.0))
    assert lab("#ffffff") == pytest.approx((100, 0, 0), abs=0.1)
    assert lab("#ff0000") == pytest.approx((53.2, 80.1, 67.2), abs=0.2)
    assert delta_e(lab("#000"), lab("#fff")) == pytest.approx(100, abs=0.1)
