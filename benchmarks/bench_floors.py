"""What searches of videos and saved pages return for what is there, and for what is not.

    python benchmarks/bench_floors.py [--data ../shared/data]

The queries were written before the floors were looked at; none of them has been used to set one.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from pinakes import Pinakes
from pinakes.core.files import FileFilter, MediaType
from pinakes.library.library import Library
from pinakes.tools.search import FileMatch, search_links, search_videos

_NOWHERE = (
    "castle|pizza|a wedding|giraffe|snowboarding|violin concert|tax return|volcano eruption|hospital corridor"
    "|chess game|wine tasting|aeroplane landing|dinosaur|moon landing|football match|elephant in the zoo|cooking pasta"
    "|birthday cake|rainbow|submarine|desert camels|ballet dancers|traffic jam in Paris|solar panels|dentist|penguins"
    "|court hearing|lottery numbers|ski jump|beekeeping|glass blowing|oil rig|rocket launch|horse race|fireworks"
    "|lighthouse|sewing machine|tractor ploughing|coral reef|earthquake damage"
)
_ABSENT = _NOWHERE.split("|")
_VIDEOS = {
    "person detection": "one-by-one", "videos of cars": "car", "bottle video": "bottle", "the school clip": "school",
    "help clip": "help", "thanks video": "thanks", "Shakespeare on Scenery": "sample", "Oscar Wilde": "sample",
    "recorded in April 2018": "car", "videos from September 2017": "one-by-one", "quicktime sample": "quicktime",
    "clip about saying thank you": "thanks", "people walking": "one-by-one", "vehicles on a road": "car",
}  # fmt: skip
_PAGES = {
    "steel grades": "steel", "chromium molybdenum steel": "steel", "chemical composition of SNB22-3": "steel",
    "Galaxy Gaming annual report": "10k", "shares outstanding of common stock": "10k", "casino games company": "10k",
    "Nevada corporation filing": "10k", "how to get new ideas": "ideas", "noticing anomalies": "ideas",
    "good essay on ideas": "ideas",
}  # fmt: skip
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_SAVED = ("ideas-page.html", "example-10k-1p.html", "example-steelJIS-datasheet.html")


async def _found(library: Library, kind: MediaType, query: str) -> list[FileMatch]:
    search = search_videos if kind is MediaType.VIDEO else search_links
    return await search(library, query, where=FileFilter())


async def measure(library: Library, kind: MediaType, present: dict[str, str]) -> None:
    """Print how often what is there is found, and how often something is found that is not there."""
    hits = {query: await _found(library, kind, query) for query in present}
    right = [q for q, found in hits.items() if any(present[q] in m.file.filename for m in found)]
    false = [q for q in _ABSENT if await _found(library, kind, q)]
    print(
        f"{kind.value:6} there, found {len(right)} of {len(present)} · absent, found {len(false)} of {len(_ABSENT)}"
    )
    for query in (*(q for q in present if q not in right), *false):
        print("       ", query)


async def main() -> None:
    """Make a library of the videos and a few saved pages, and search it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=_DATA)
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        async with Pinakes(Path(folder) / "library") as client:
            await client.files.upload_batch(data / "videos", folder_path="Videos")
            for name in _SAVED:
                await client.links.add_saved(data / "documents" / "unstructured" / name)
            library = client.library
            await measure(library, MediaType.VIDEO, _VIDEOS)
            await measure(library, MediaType.LINK, _PAGES)


if __name__ == "__main__":
    asyncio.run(main())
