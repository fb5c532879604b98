"""Which pictures are blurred, sharp, dark or bright, by measurement."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.analysis.figures import counted
from pinakes.agents.citing import Citations
from pinakes.core.files import FileRecord

_SHOWN = 20
Told = tuple[str, tuple[FileRecord, ...]]


def sharpness_told(question: str, files: Sequence[FileRecord], cited: Citations) -> Told:
    """Return which pictures are blurred, or which one is the sharpest when that is asked."""
    measured = [f for f in files if f.facts and f.facts.sharpness is not None]
    if not measured:
        return "The sharpness of these pictures is not known.", ()
    best = re.search(r"\bsharpest|crispest|schärfste\w*|best\b", question, re.IGNORECASE)
    worst = re.search(r"\b(?:most\s+blurred|blurriest|least\s+sharp)\b", question, re.IGNORECASE)
    if best or worst:
        ranked = sorted(measured, key=_sharpness, reverse=not worst)
        return _first(ranked, "the least sharp" if worst else "the sharpest", cited)
    if re.search(r"\b(?:not\s+blurr\w*|(?<!not )sharp|in\s+focus|crisp)\b", question, re.IGNORECASE):
        return _those([f for f in measured if f.facts and not f.facts.blurred], measured, "sharp", cited)
    return _those([f for f in measured if f.facts and f.facts.blurred], measured, "blurred", cited)


def darkness_told(question: str, files: Sequence[FileRecord], cited: Citations) -> Told:
    """Return which pictures are dark, or which one is the darkest or brightest when that is asked."""
    measured = [f for f in files if f.facts and f.facts.brightness is not None]
    if not measured:
        return "The brightness of these pictures is not known.", ()
    extreme = re.search(r"\b(darkest|brightest|dunkelste\w*|hellste\w*)\b", question, re.IGNORECASE)
    if extreme:
        dark = extreme[1].lower().startswith(("dark", "dunkel"))
        ranked = sorted(measured, key=_brightness, reverse=not dark)
        return _first(ranked, "the darkest" if dark else "the brightest", cited)
    return _those([f for f in measured if f.facts and f.facts.dark], measured, "dark", cited)


def _sharpness(file: FileRecord) -> float:
    return (file.facts.sharpness if file.facts else None) or 0.0


def _brightness(file: FileRecord) -> float:
    return (file.facts.brightness if file.facts else None) or 0.0


def _first(ranked: Sequence[FileRecord], word: str, cited: Citations) -> Told:
    best = ranked[0]
    mark = cited.mark(cited.cite_file(best, why=word))
    return f"By measurement {best.filename} is {word} of {counted(len(ranked), 'picture')}.{mark}", (best,)


def _those(found: Sequence[FileRecord], measured: Sequence[FileRecord], word: str, cited: Citations) -> Told:
    total = counted(len(measured), "picture")
    if not found:
        return f"None of the {total} measures as {word}." if len(
            measured
        ) > 1 else f"{measured[0].filename} is not {word}.", ()
    if len(measured) == 1:
        mark = cited.mark(cited.cite_file(found[0], why=word))
        return f"{found[0].filename} measures as {word}.{mark}", tuple(found)
    lines = [f"-{cited.mark(cited.cite_file(f, why=word))}" for f in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"- … and {len(found) - _SHOWN} more")
    if len(found) == len(measured):
        return f"All {total} measure as {word}:\n\n" + "\n".join(lines), tuple(found)
    verb = "measures" if len(found) == 1 else "measure"
    return f"{len(found)} of {total} {verb} as {word}:\n\n" + "\n".join(lines), tuple(found)
