"""Words for time, English and German, as data."""

from __future__ import annotations

MONTHS: dict[str, int] = {
    **dict.fromkeys(("january", "jan", "januar", "jänner"), 1),
    **dict.fromkeys(("february", "feb", "februar"), 2),
    **dict.fromkeys(("march", "mar", "märz", "maerz"), 3),
    **dict.fromkeys(("april", "apr"), 4),
    **dict.fromkeys(("may", "mai"), 5),
    **dict.fromkeys(("june", "jun", "juni"), 6),
    **dict.fromkeys(("july", "jul", "juli"), 7),
    **dict.fromkeys(("august", "aug"), 8),
    **dict.fromkeys(("september", "sept", "sep"), 9),
    **dict.fromkeys(("october", "oct", "oktober", "okt"), 10),
    **dict.fromkeys(("november", "nov"), 11),
    **dict.fromkeys(("december", "dec", "dezember", "dez"), 12),
}
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: dict[str, int] = {
    **dict.fromkeys(("monday", "montag"), 0),
    **dict.fromkeys(("tuesday", "dienstag"), 1),
    **dict.fromkeys(("wednesday", "mittwoch"), 2),
    **dict.fromkeys(("thursday", "donnerstag"), 3),
    **dict.fromkeys(("friday", "freitag"), 4),
    **dict.fromkeys(("saturday", "samstag"), 5),
    **dict.fromkeys(("sunday", "sonntag"), 6),
}
SEASONS: dict[str, int] = {
    **dict.fromkeys(("spring", "springtime", "frühling", "frühjahr"), 3),
    **dict.fromkeys(("summer", "sommer"), 6),
    **dict.fromkeys(("autumn", "fall", "herbst"), 9),
    **dict.fromkeys(("winter",), 12),
}
"""First month of each season, northern hemisphere."""

UNITS: dict[str, str] = {
    **dict.fromkeys(("day", "days", "tag", "tage", "tagen"), "day"),
    **dict.fromkeys(("week", "weeks", "woche", "wochen"), "week"),
    **dict.fromkeys(("weekend", "weekends", "wochenende"), "weekend"),
    **dict.fromkeys(("month", "months", "monat", "monate", "monaten"), "month"),
    **dict.fromkeys(("quarter", "quarters", "quartal"), "quarter"),
    **dict.fromkeys(("year", "years", "jahr", "jahre", "jahren"), "year"),
}
NUMBERS: dict[str, int] = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "couple of": 2,
    "few": 3,
    "several": 3,
}
ORDINALS: dict[str, int] = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "last": 4,
    "4th": 4,
}
LAST = (
    "last",
    "past",
    "previous",
    "letzte",
    "letzten",
    "letzter",
    "letztes",
    "vorige",
    "voriges",
    "vergangenen",
)
THIS = ("this", "the current", "current", "diese", "diesen", "dieser", "dieses", "diesem")
BEFORE = ("before", "prior to", "earlier than", "vor")
UNTIL = ("until", "till", "up to", "through", "by", "no later than", "bis")
AFTER = ("after", "later than", "nach")
SINCE = ("since", "starting", "starting in", "starting from", "from", "seit", "ab")
WITHIN = (
    "in",
    "on",
    "during",
    "of",
    "from",
    "at",
    "within",
    "for",
    "throughout",
    "im",
    "am",
    "vom",
    "in the",
    "aus dem",
)
BETWEEN = ("between", "from", "zwischen", "von", "vom")
JOIN = ("and", "to", "until", "till", "through", "und", "bis", "-", "–", "—")
LISTED = ("and", "or", "und", "oder", ",", "/", "&")
AMBIGUOUS = frozenset({"may", "mar", "march", "spring", "fall", "jan", "sep", "dec", "last"})
"""Words for time that are also ordinary words: they need a preposition, a number or a year beside them."""
