"""What a question wants done with documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pinakes.agents.queries.amounts import amount_limit
from pinakes.agents.queries.found import pattern
from pinakes.agents.queries.lexicon import NUMBERS
from pinakes.core.patterns import LazyPattern


class Order(StrEnum):
    """What can be done with documents without a language model."""

    SUMMARY = "summary"
    COMPARISON = "comparison"
    OUTLINE = "outline"
    TERMS = "terms"
    LENGTH = "length"
    TABLES = "tables"
    EXTRACTION = "extraction"
    CATEGORIES = "categories"


class Wanted(StrEnum):
    """What can be extracted by form."""

    DATES = "dates"
    DEADLINES = "deadlines"
    AMOUNTS = "amounts"
    EMAILS = "e-mail addresses"
    PHONES = "telephone numbers"
    LINKS = "web addresses"
    CODES = "numbers and codes"
    DEFINITIONS = "definitions"
    ACTIONS = "tasks"
    RULES = "requirements"
    FIGURES = "figures"
    NAMES = "names"
    TOTALS = "totals"


@dataclass(frozen=True)
class Wish:
    """Orders in the order of answering, what to extract, how many lines, and the words that say about what."""

    question: str
    orders: tuple[Order, ...]
    wanted: tuple[Wanted, ...]
    count: int | None
    sentences: bool
    topic_text: str
    most_words: int | None = None


_ORDERS = (
    (
        Order.COMPARISON,
        r"compar\w+|differ\w*|versus|vs|contrast\w*|what\s+(?:has\s+)?changed|have\s+in\s+common|in\s+common|both\s+\w+\s+share|vergleich\w*|unterschied\w*",
    ),
    (
        Order.OUTLINE,
        r"outline|table\s+of\s+contents|(?:what|which|list)\s+(?:all\s+)?(?:the\s+)?(?:sections?|chapters?|headings?)|structure|contents\s+of|gliederung",
    ),
    (
        Order.TERMS,
        r"key\s*words?|key\s*terms?|main\s+(?:topics?|terms?|themes?|subjects?)|topics?|what\s+is\s+.{1,60}\s+about|themen",
    ),
    (
        Order.CATEGORIES,
        r"classif\w+|categor\w+|kategori\w+|group\w*\s+(?:\w+\s+){0,4}?by\s+(?:topic|subject|theme|content)\w*|cluster\w*|what\s+kinds?\s+of\s+(?:documents?|files?)|sort\w*\s+(?:\w+\s+){0,4}?by\s+(?:topic|subject|theme)\w*",
    ),
    (
        Order.LENGTH,
        r"how\s+(?:long|many\s+(?:pages|words))|page\s+count|number\s+of\s+(?:pages|words)|length\s+of",
    ),
    (Order.TABLES, r"tables?|tabular|rows|columns|tabellen?"),
)
_WANTED = (
    (Wanted.DEADLINES, r"deadlines?|due\s+dates?|(?:is|are)\s+due|time\s*limits?|fristen?"),
    (Wanted.DATES, r"dates?|timeline|chronolog\w*|datum|termine?"),
    (
        Wanted.AMOUNTS,
        r"amounts?|prices?|costs?|(?:come|comes|came|add|adds|added)\s+(?:up\s+)?to|how\s+much|sums?|totals?|money|figures?\s+in\s+(?:euro|dollars?)|fees?|payments?|beträge?|preise?",
    ),
    (Wanted.EMAILS, r"e-?mails?(?:\s+addresses?)?"),
    (Wanted.PHONES, r"(?:tele)?phones?(?:\s+numbers?)?|telefonnummern?"),
    (Wanted.LINKS, r"links?|urls?|web\s*(?:sites?|addresses?)"),
    (
        Wanted.CODES,
        r"(?:serial|part|order|invoice|reference|model|id|identification)\s+(?:numbers?|codes?)|codes|identifiers?",
    ),
    (Wanted.DEFINITIONS, r"definitions?|defined|glossary|terms\s+and\s+their"),
    (
        Wanted.ACTIONS,
        r"action\s*(?:items?|points?)|to-?dos?|tasks?|assigned|follow-?ups?|next\s+steps?|aufgaben",
    ),
    (Wanted.RULES, r"requirements?|obligations?|rules?|duties|prohibit\w*|regulations?"),
    (Wanted.FIGURES, r"(?:key\s+)?figures|numbers|values|measurements|statistics|data\s+points|zahlen|werte"),
    (Wanted.NAMES, r"names|people|persons?|who\s+is\s+mentioned"),
)
_EXTRACT = pattern(
    r"extract\w*|list(?:\s+(?:all|every|the))?|find\s+all|pull\s+(?:out|\w+\s+\w+\s+out)|collect|gather|give\s+me\s+(?:all|every|the)|what\s+(?:are|is)\s+the|what\s+did|how\s+much|which|all\s+(?:the\s+)?|every|show\s+(?:me\s+)?(?:all|the)|extrahier\w*"
)
_SUMMARISE = pattern(
    r"summar\w+|sum\s+up|overview|gist|condense|main\s+points?|key\s+points?|in\s+short|in\s+brief|abstract|recap|digest|highlights|zusammenfass\w*|fasse?"
)
_SUMMARY_WORDS = pattern(
    r"please|brief(?:ly)?|quick(?:ly)?|short(?:ly)?|concise(?:ly)?|kurz|(?:in|to|into|as)\s+(?:(?:at\s+most|about|only)\s+)?\w+\s+(?:short\s+)?(?:sentences?|bullets?(?:\s+points?)?|points?|lines?|words?)|documents?|files?"
)
_COUNT = LazyPattern(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:\w+\s+)?(sentences?|bullets?|points?|lines?|items?|keywords?|terms?|topics?)\b",
    re.IGNORECASE,
)


_FILE_NAME = LazyPattern(r"[\w.()+-]+\.[A-Za-z][A-Za-z0-9]{1,4}(?!\w)")
_MOST_WORDS = LazyPattern(r"\b(\d{1,4})\s+words?\b", re.IGNORECASE)
_BRIEFLY = pattern(r"brief(?:ly)?|in\s+short|short(?:ly)?|concise(?:ly)?|quick(?:ly)?|kurz")
_BRIEF_LINES = 3
_TOTALLING = pattern(
    r"(?:come|comes|came|add|adds|added)\s+(?:up\s+)?to|add\s+up|together|altogether|in\s+total|combined|overall|sums?|totals?"
    r"|zusammen|insgesamt"
)
RANKING = pattern(
    r"highest|largest|biggest|lowest|smallest|(?:most|least)\s+expensive|cheapest|dearest|costliest|priciest"
)
"""Words that ask which of several amounts is the most or the least."""

_BILLS = pattern(
    r"invoices?|bills?|receipts?|expenses?|offers?|quotes?|quotations?|orders?|rechnung(?:en)?|angebote?|belege?|quittung(?:en)?"
)


def read_wish(question: str) -> Wish:
    """Return what a question wants done with documents; a summary when it names nothing else."""
    asked = _FILE_NAME.sub(" ", question)  # "emails.txt" asks for no addresses
    orders = [order for order, said in _COMPILED if said.search(asked)]
    wanted = [kind for kind, said in _COMPILED_WANTED if said.search(asked)]
    if Wanted.DEADLINES in wanted and Wanted.DATES in wanted:
        wanted.remove(Wanted.DATES)
    summing = _SUMMARISE.search(question) is not None
    if wanted and not summing and _EXTRACT.search(question) and Order.COMPARISON not in orders:
        orders = [Order.EXTRACTION]
    if summing or not orders:
        orders = [Order.SUMMARY, *(o for o in orders if o in {Order.COMPARISON, Order.TABLES})]
    for alone in (Order.CATEGORIES, Order.COMPARISON):
        if alone in orders:
            orders = [alone]
    totalling = _TOTALLING.search(question) or RANKING.search(question) or amount_limit(question)
    if totalling and (Wanted.AMOUNTS in wanted or _BILLS.search(question)) and not summing:
        orders, wanted = [Order.EXTRACTION], [Wanted.TOTALS]
    match = _COUNT.search(question)
    limit = _MOST_WORDS.search(question)
    said = match[1].lower() if match else ""
    count = (int(said) if said.isdigit() else NUMBERS[said]) if match else None
    sentences = bool(match and match[2].lower().startswith("sentence"))
    if count is None and _BRIEFLY.search(question):
        count = _BRIEF_LINES
    return Wish(
        question,
        tuple(orders),
        tuple(wanted),
        count,
        sentences,
        _topic_text(question),
        int(limit[1]) if limit else None,
    )


def facets_of(question: str) -> list[str]:
    """Return the points that a question lists after a colon: "compare the offers: price, term and warranty"."""
    listed = re.search(r":\s*(.+?)[.?!]*$", question)
    parts = re.split(r"\s*[,;]\s*(?:and\s+|und\s+)?|\s+(?:and|und)\s+", listed[1]) if listed else []
    return [part.strip() for part in parts if part.strip()] if len(parts) > 1 else []


def _topic_text(question: str) -> str:
    text = question
    for said in (
        _SUMMARISE,
        _SUMMARY_WORDS,
        _EXTRACT,
        *(p for _, p in _COMPILED),
        *(p for _, p in _COMPILED_WANTED),
    ):
        text = said.sub(" ", text)
    return text


_COMPILED = tuple((order, pattern(said)) for order, said in _ORDERS)
_COMPILED_WANTED = tuple((kind, pattern(said)) for kind, said in _WANTED)
