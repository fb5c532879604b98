"""What a question wants to know of pictures."""

from __future__ import annotations

import re
from enum import StrEnum

from pinakes.agents.queries.found import pattern


class Aspect(StrEnum):
    """A property of pictures that can be measured or read off; `SEEING` needs eyes."""

    GROUPS = "groups"
    DUPLICATES = "duplicates"
    ORIGINAL = "original"
    COMPARISON = "comparison"
    BLURRED = "blurred"
    SHARP = "sharp"
    DARK = "dark"
    BRIGHT = "bright"
    COLOURS = "colours"
    TIME = "time"
    PLACE = "place"
    CAMERA = "camera"
    SIZE = "size"
    TURNED = "turned"
    TEXT = "text"
    DESCRIPTION = "description"
    SEEING = "seeing"


_SAID = (
    (
        Aspect.GROUPS,
        r"(?:group|cluster|bundle|partition|gruppier)\w*(?=.{0,60}\b(?:similar\w*|alike|look\w*|likeness|resembl\w*|visual\w*"
        r"|appearance|belong|ähnlich\w*))|cluster(?:s|ed|ing)?|(?:by|nach)\s+(?:visual\s+)?(?:similarity|likeness|ähnlichkeit)"
        r"|groups\s+of\s+(?:similar|alike)",
    ),
    (
        Aspect.DUPLICATES,
        r"(?:near[\s-]*)?duplicate[sd]?|duplicated|dupes?|copies|copy\s+of|identical|look(?:s|ing)?\s+(?:the\s+same|alike|similar)"
        r"|(?:same|similar)\s+(?:photos?|pictures?|images?|shots?)|(?:almost|nearly|exactly|the)\s+(?:the\s+)?same|resembl\w+|twice|doppelt\w*|duplikate?",
    ),
    (Aspect.ORIGINAL, r"originals?|unedited|(?:was|is)\s+(?:edited|cropped)"),
    (
        Aspect.COMPARISON,
        r"compar\w+|differ\w*|versus|vs|contrast|what\s+(?:has\s+)?changed|before\s+and\s+after|vergleich\w*",
    ),
    (
        Aspect.BLURRED,
        r"blurr\w*|blur|out[\s-]of[\s-]focus|unsharp|fuzzy|not\s+sharp|unscharf\w*|verschwommen\w*|(?:image\s+)?quality",
    ),
    (Aspect.SHARP, r"sharp(?:er|est|ness)?|in\s+focus|crisp(?:est)?|schärf\w*"),
    (
        Aspect.DARK,
        r"(?:too\s+|very\s+)?dark(?:er|est)?|under[\s-]?exposed|gloomy|dunkel\w*|(?:image\s+)?quality",
    ),
    (Aspect.BRIGHT, r"bright(?:er|est|ness)?|over[\s-]?exposed|hell(?:er|ste\w*)"),
    (Aspect.COLOURS, r"colou?rs?|palette|hue|farben?"),
    (Aspect.TIME, r"when|what\s+(?:time|date|day|year)|date\s+(?:and\s+time|taken|of)|taken\s+at|wann"),
    (
        Aspect.PLACE,
        r"where\s+(?:was|were|is|are|did)|location|place|gps|coordinates|altitude|wo\s+(?:wurde|war)",
    ),
    (
        Aspect.CAMERA,
        r"cameras?|lens(?:es)?|exposure|aperture|shutter\w*|iso|focal\s+length|f-?number|flash|exif|metadata|kamera",
    ),
    (
        Aspect.SIZE,
        r"dimensions?|resolution|how\s+(?:big|large|wide|high|tall)|pixels?|megapixels?|orientation|aspect\s+ratio|format",
    ),
    (
        Aspect.TURNED,
        r"orientation|upside[\s-]?down|rotated|rotation|sideways|turned|stored\s+upright|kopfüber|gedreht",
    ),
    (
        Aspect.TEXT,
        r"read(?:s|ing)?|text|says?|said|written|writing|words?|transcri\w+|ocr|inscription|number|total|caption"
        r"|price|amount|cost|serial|steht|lies|lesen",
    ),
    (
        Aspect.DESCRIPTION,
        r"describ\w+|description|what(?:'s|\s+is|\s+do\s+you\s+see)\s+(?:in|on|shown)|tell\s+me\s+(?:about|more)|analy[sz]e"
        r"|beschreib\w*|what\s+(?:does|do)\s+.{1,40}\b(?:show|depict)s?",
    ),
)
_PATTERNS = tuple((aspect, pattern(said)) for aspect, said in _SAID)
_LETTERED = pattern(
    r"label\w*|signs?|plates?|nameplates?|receipts?|whiteboards?|screenshots?|meters?|gauges?|charts?|plans?|tags?|boards?|displays?"
)
"""Things whose text is asked for when nothing else of them is."""

_SEEING = pattern(
    r"(?:how\s+many|count\s+the)\s+(?!pixels|photos|pictures|images|of\s+(?:the|these|those)\s+(?:photos|pictures|images))\w+"
    r"|is\s+there\s+(?:an?\s+|any\s+)?\w+|are\s+there\s+any|damage\w*|rust\w*|crack\w*|broken|wear(?:s|ing)?|holding|smil\w+|standing|people|person|man|woman|child\w*"
    r"|animal\w*|object\w*|visible|can\s+be\s+seen|do\s+you\s+see|what\s+colou?r\s+(?:is|are)\s+the|describ\w+|look(?:s)?\s+like|happening|beschreib\w*"
)


def aspects_of(question: str) -> tuple[Aspect, ...]:
    """Return what a question wants to know of pictures, in the order in which it is answered."""
    found = [aspect for aspect, said in _PATTERNS if said.search(question)]
    if Aspect.GROUPS in found:
        found = [a for a in found if a not in {Aspect.DUPLICATES, Aspect.COMPARISON}]
    if Aspect.BLURRED in found and Aspect.SHARP in found and "sharp" in question.lower().split("not ")[-1]:
        found = [a for a in found if a is not Aspect.SHARP] if "not sharp" in question.lower() else found
    if not found and _LETTERED.search(question):
        found.append(Aspect.TEXT)
    if _SEEING.search(question):
        found.append(Aspect.SEEING)
    return tuple(found)


WHOLE_LIBRARY = frozenset(
    {Aspect.GROUPS, Aspect.DUPLICATES, Aspect.BLURRED, Aspect.SHARP, Aspect.DARK, Aspect.BRIGHT}
)
"""What can be asked of all pictures at once."""

ASPECT_WORDS = re.compile(
    r"\b(?:near|duplicat\w*|dupes?|cop(?:y|ies)|identical|alike|similar|similarity|likeness|visual(?:ly)?|cluster\w*|same|sharp\w*|blur\w*|focus|dark\w*|bright\w*|"
    r"quality|look\w*|too|much|almost|exactly|nearly|check|compare|groups?|grouped|grouping|twice|versions?|written|text|says?|said|reads?|reading|words|poor|bad|good|best|worst|very|clear\w*)\b",
    re.IGNORECASE,
)
"""Words that ask how pictures look or compare, which describe nothing in them."""
