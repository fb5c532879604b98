"""What a question asks of videos or saved pages, by its words."""

from __future__ import annotations

import re
from enum import StrEnum

from pinakes.agents.queries.found import pattern
from pinakes.core.files import MediaType
from pinakes.core.patterns import LazyPattern


class Asked(StrEnum):
    """What can be told of a video without understanding it, and what cannot."""

    DURATION = "duration"
    FORM = "form"
    DATE = "date"
    SCENES = "scenes"
    TEXT = "text"
    SPEECH = "speech"
    LOOKS = "looks"
    MOTION = "motion"
    COMPARISON = "comparison"
    EYES = "eyes"
    EARS = "ears"


_KIND = {
    MediaType.VIDEO: pattern(
        r"videos?|vids?|clips?|footage|recordings?|films?|movies?|scenes?|moments?|frames?|seconds?|minutes?|mp4s?|movs?"
        r"|dash\s?cam|cctv|watch(?:ing)?|appears?|points?\s+in|start\s+to\s+finish|aufnahmen?|filme?n?"
    ),
    MediaType.LINK: pattern(
        r"links?|urls?|(?:web\s*)?sites?|web\s*pages?|pages?|book\s*marks?|bookmarked|articles?|blogs?|blog\s*posts?"
        r"|posts?|saved|online|read(?:ing)?\s+list|lesezeichen|webseiten?|artikel"
    ),
}
_ASKED: tuple[tuple[Asked, LazyPattern], ...] = (
    (Asked.COMPARISON, pattern(r"compar\w+|differ\w*|versus|vs|in\s+common|vergleich\w*|unterschied\w*")),
    (
        Asked.DURATION,
        pattern(
            r"how\s+long|durations?|lengths?|running\s+times?|run\s*time|longest|shortest|longer|shorter"
            r"|how\s+many\s+(?:seconds|minutes)|(?:wie\s+)?lang|dauer"
        ),
    ),
    (
        Asked.FORM,
        pattern(
            r"resolutions?|formats?|codecs?|frame\s*rates?|fps|frames\s+(?:per|a)\s+second|aspect\s+ratio|dimensions"
            r"|pixels|(?:has|have|with|without)\s+(?:any\s+)?(?:sound|audio)|sound\s*track|auflösung"
        ),
    ),
    (
        Asked.DATE,
        pattern(r"when\s+(?:was|were|is)|what\s+(?:date|day|year)|recorded\s+on|record(?:ing)?\s+date|wann"),
    ),
    (
        Asked.SCENES,
        pattern(r"scenes?|cuts?|chapters?|timeline|storyboard|segments?|key\s*frames?|szenen?"),
    ),
    (
        Asked.TEXT,
        pattern(
            r"texts?|written|(?:can\s+be\s+)?read|words?|signs?|captions?|labels?|titles?\s+card|on\s*-?\s*screen|letters"
            r"|says?|saying|numbers?|slides?|schrift|wörter"
        ),
    ),
    (
        Asked.SPEECH,
        pattern(
            r"said|says?|saying|spoken|speech|speaks?|speaker|talk(?:s|ed|ing)?|transcri\w+|subtitles?|mention\w*"
            r"|discuss\w*|topics?|interview|lecture|narrat\w+|untertitel|gesagt"
        ),
    ),
    (Asked.LOOKS, pattern(r"colou?rs?|dark|bright(?:ness)?|light|farben?|dunkel|hell")),
    (Asked.MOTION, pattern(r"motion|mov(?:e|es|ing|ement)|still|static|shak\w+|bewegung")),
    (
        Asked.EYES,
        pattern(
            r"who|whom|people|persons?|faces?|wear\w*|doing|does|do|happen\w*|describe|shows?|shown|see|seen|look\s+like"
            r"|how\s+many(?!\s+(?:videos|clips|scenes|seconds|minutes|recordings|frames))|is\s+there|are\s+there|anyone"
            r"|anybody|objects?|visible|what\s+is\s+in|where\s+is|beschreib\w*|zeigt"
        ),
    ),
    (Asked.EARS, pattern(r"music|songs?|sounds?\s+like|hear\w*|voices?|noises?|melody|bell|rings?|musik")),
)
_LIMIT = re.compile(
    r"\b(?:(?P<less>shorter\s+than|less\s+than|under|below|at\s+most|up\s+to|no\s+longer\s+than|within)"
    r"|(?P<more>longer\s+than|more\s+than|over|above|at\s+least|exceeding))\s+"
    r"(?P<n>\d+(?:\.\d+)?|an?|one|two|three|five|ten|half\s+an?)\s*"
    r"(?P<unit>seconds?|secs?|s|minutes?|mins?|hours?|h)\b(?:\s+long)?",
    re.IGNORECASE,
)
_NUMBERS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "five": 5.0, "ten": 10.0}


_TASK = pattern(
    r"summar\w+|sum\s+up|recap|describe|descriptions?|transcri\w+|compar\w+|extract\w*|analy[sz]\w*|categori[sz]\w*"
    r"|outline|overview|(?:main|key)\s+points?|gist|how\s+long|long|durations?|lengths?|running\s+times?|resolutions?"
    r"|formats?|codecs?|frame\s*rates?|fps|recorded|subtitles?|cuts?|list\s+(?:all|every|the)|happen(?:s|ed|ing)?"
    r"|what\s+is\s+said|differences?|differ|authors?|who\s+wrote|published|by\s+(?:topics?|subjects?|themes?)|group"
    r"|(?:pull|list|collect|gather)\s+(?:out\s+)?(?:all\s+|every\s+)?(?:the\s+|their\s+)?(?:prices|amounts|dates"
    r"|deadlines|names|titles|numbers|figures|addresses)"
)
_SPEAKING = re.compile(
    r"\b(?:mention(?:s|ed|ing)?|say(?:s|ing)?|said|talk(?:s|ed|ing)?|speak(?:s|ing)?|spoken|discuss(?:es|ed)?"
    r"|read(?:s|ing)?|texts?|words?|written|mentions)\s+(?:(?:about|of|that|on|the|a|an|says?|reads?)\s+)*"
    r"(?P<what>[^?.!,]+?)(?:\s+(?:appears?|shown|visible|can\s+be|is\s+(?:shown|read|said|visible)|in\s+the)\b.*)?[?.!]*$",
    re.IGNORECASE,
)


def without_task(text: str) -> str:
    """Return a text without the words that say what to do with what is found."""
    return _TASK.sub(" ", text)


def spoken_of(text: str) -> str:
    """Return what a question says is mentioned, said or read ("where does she mention the total"), else nothing."""
    found = _SPEAKING.search(text)
    return found["what"].strip() if found else ""


def without_kind(text: str, kind: MediaType) -> str:
    """Return a text without the words that only name the kind."""
    return _KIND[kind].sub(" ", text)


def asked_of(question: str) -> tuple[Asked, ...]:
    """Return what a question asks of videos."""
    return tuple(asked for asked, said in _ASKED if said.search(question))


def duration_limits(question: str) -> tuple[str, list[tuple[str, float, str]]]:
    """Return a question without its limits on length, and these: "min" or "max", seconds, the words."""
    found = []
    for match in _LIMIT.finditer(question):
        said = match["n"].lower()
        number = 0.5 if said.startswith("half") else _NUMBERS.get(said) or float(said)
        seconds = number * {"s": 1, "m": 60, "h": 3600}[match["unit"][0].lower()]
        found.append(("max" if match["less"] else "min", seconds, " ".join(match[0].lower().split())))
    return _LIMIT.sub(" ", question), found
