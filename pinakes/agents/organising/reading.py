"""An instruction → the changes it asks for, by sentence patterns; only the user's words are ever read here."""

from __future__ import annotations

import re
from dataclasses import replace

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.request import Action, Key, Request, Wishes

_QUOTED = re.compile(r"[\"“„«](.+?)[\"”“»]")
_COUNTED = re.compile(
    r"(?:(?P<first>first|top|ersten|primer[oa]s|premi[eè]re?s?|前)|(?P<last>last|letzten|últim[oa]s|derni[eè]re?s?|后))?"
    r" ?(?:of |those |these )?(?P<n>[^\W_]+?)"
    r"(?: ?(?:of )?(?:those|these|them|files?|ones?|photos?|pictures?|documents?|个))?",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:,|&|，|、)\s*(?:and\s+)?|\s+(?:and|und|y|et)\s+|和", re.IGNORECASE)


def read_requests(instruction: str) -> tuple[Request, ...]:
    """Return the changes that an instruction asks for, in order; () when it asks for none."""
    whole = _bare(instruction)
    parts = _clauses(whole)
    requests = [read_clause(part) for part in parts]
    if len(parts) > 1 and all(requests):
        return tuple(r for r in requests if r)
    found = lexicon.FINDING.match(whole)
    if found:  # "find the old contracts and move them to Old"
        rest = read_requests(lexicon.group(found, "rest"))
        return tuple(_about(r, lexicon.group(found, "what")) for r in rest)
    spread = _spread(whole)
    if spread:
        return spread
    request = read_clause(whole)
    return (request,) if request else ()


def _about(request: Request, what: str) -> Request:
    return replace(request, what=what) if lexicon.POINTING.search(request.what) else request


def read_clause(clause: str) -> Request | None:
    """Return the one change that a clause asks for, None if it is no request."""
    bare = _bare(clause)
    for said in lexicon.sentences():
        match = said.pattern.match(bare)
        if match:
            return _request(said.action, match)
    return None


def read_wishes(words: tuple[str, ...]) -> Wishes:
    """Return what later words ask of a proposal, all of them together, later ones on top."""
    wishes = Wishes()
    for said in words:
        for part in re.split(
            r"\s*(?:[;,。；，]|\.\s)\s*(?:and\s+|but\s+)?|\s+and\s+(?=call|name|leave|put|only|keep|without)",
            said,
        ):
            wishes = _refined(wishes, _bare(part)) if part.strip(" .!?") else wishes
    return wishes


def key_of(word: str) -> Key:
    """Return what a word says to group by; a word for anything else is answered by repeated names."""
    bare = lexicon.ARTICLES.sub("", word.casefold().strip(" .")).strip()
    for candidate in (bare, *reversed(bare.split())):
        if candidate in lexicon.KEYS:
            return lexicon.KEYS[candidate]
    return Key.NAME


def unquoted(text: str) -> str:
    """Return what stands in quotation marks, else the text itself."""
    quoted = _QUOTED.search(text)
    return (quoted[1] if quoted else text).strip(" \t.,;:!?'’‘\"“”。！？")


def listed(text: str) -> tuple[str, ...]:
    """Return the items of a list in words ("Bills, Letters and Photos")."""
    quoted = tuple(q.strip() for q in _QUOTED.findall(text))
    return quoted or tuple(p for part in _LISTED.split(text) if (p := unquoted(part)))


def _bare(text: str) -> str:
    text = " ".join(text.split())
    return lexicon.AFTERWARDS.sub("", lexicon.POLITE.sub("", text)).strip()


def _clauses(text: str) -> list[str]:
    """Cut where a clause ends and the next words are a request of their own."""
    for cut in lexicon.JOINING.finditer(text):
        first, rest = text[: cut.start()], text[cut.end() :].strip()
        inside_quotes = len(re.findall(r"[\"“”„]", first)) % 2
        if not inside_quotes and rest and read_clause(first) and any(map(read_clause, _clauses(rest))):
            return [first, *_clauses(rest)]
    return [text]


def _spread(text: str) -> tuple[Request, ...]:
    """Read "put the receipts in Receipts and the letters in Letters": the verb is said once."""
    verb, _, rest = text.partition(" ")
    parts = re.split(r",?\s+and\s+|\s*,\s+|\s+(?:und|y|et)\s+", rest)
    requests = [read_clause(f"{verb} {part}") for part in parts]
    told = [r for r in requests if r and r.action in {Action.MOVE, Action.TAG} and (r.into or r.tags)]
    if len(parts) < 2 or len(told) < len(parts) or len({r.action for r in told}) > 1:
        return ()
    noun = next((w for w in reversed(told[0].what.split()) if w.casefold() in lexicon.MEDIA), "")
    return (told[0], *(replace(r, what=_of_noun(r.what, noun)) for r in told[1:]))


def _of_noun(what: str, noun: str) -> str:
    """Return "the Hamburg photos" for "the Hamburg ones" beside photos."""
    bare = re.fullmatch(r"(?P<rest>.*\w.*) ones?", what, re.IGNORECASE)
    return f"{bare['rest']} {noun}" if bare and noun else what


def _request(action: Action, match: re.Match[str]) -> Request:
    what, into, name, tags, by = (lexicon.group(match, g) for g in ("what", "into", "name", "tags", "by"))
    if (
        action is Action.MOVE
        and (lexicon.THE_FOLDERS.match(into) or lexicon.THE_FOLDERS.match(f"{into}s"))
        and not name
    ):
        grouped = _by_in(what)
        return grouped or Request(Action.FILE, what)
    if action is Action.FILE:
        return _by_in(what) or Request(action, what)
    if action is Action.DELETE and lexicon.DUPLICATES.search(what):
        action = Action.MERGE
    if action is Action.GROUP:
        by, into = _within(by)
        return Request(action, what, into, key=key_of(by) if by else None, by=_singular(by))
    if action is Action.RENAME and (by or lexicon.BY_CONTENT.match(name)):
        return Request(action, what, key=Key.TOPIC, by=by or name)
    return Request(
        action,
        what,
        into,
        name,
        tuple(t.lstrip("#") for t in listed(tags)),
        new=bool(lexicon.NEW.search(into) or lexicon.CALLED.search(into)),
    )


def _within(by: str) -> tuple[str, str]:
    """Return what to group by, and the folder that the groups are made in: "month into Albums"."""
    match = lexicon.WITHIN.match(by)
    if match is None or lexicon.THE_FOLDERS.match(lexicon.group(match, "into")):
        return by, ""
    return lexicon.group(match, "by"), lexicon.group(match, "into")


def _by_in(what: str) -> Request | None:
    match = re.fullmatch(r"(?P<what>.+?)\s+by\s+(?P<by>[\w ]+)", what, re.IGNORECASE)
    return Request(Action.GROUP, match["what"], key=key_of(match["by"]), by=match["by"]) if match else None


def _singular(by: str) -> str:
    return lexicon.ARTICLES.sub("", by).strip(" .")


def _refined(wishes: Wishes, said: str) -> Wishes:
    for kind, pattern in lexicon.refinements():
        match = pattern.match(said)
        if match:
            return _with(wishes, kind, lexicon.group(match, "x"), lexicon.group(match, "old"))
    return _changed(wishes, unread=(*wishes.unread, said))


def _with(wishes: Wishes, kind: str, words: str, old: str) -> Wishes:
    if kind == "filler":
        return wishes
    if kind == "apart":
        return _changed(wishes, apart=(*wishes.apart, words))
    if kind == "without":
        return _changed(wishes, without=(*wishes.without, words))
    if kind == "only":
        count = count_of(words)
        return _changed(wishes, first=count) if count else _changed(wishes, only=words)
    if kind == "renamed":
        return _changed(wishes, renamed=(*wishes.renamed, (unquoted(old), unquoted(words))))
    if kind == "by":
        return _changed(wishes, key=key_of(words), by=_singular(words))
    return _changed(wishes, into=words)


def count_of(words: str) -> int:
    """Return how many are meant: "the first two" 2, "the last one" -1, "two" 2; 0 when no number is said."""
    match = _COUNTED.fullmatch(lexicon.ARTICLES.sub("", words))
    if not match:
        return 0
    number, last = match["n"].casefold(), bool(match["last"])
    count = int(number) if number.isdigit() and len(number) < 4 else lexicon.NUMBERS.get(number, 0)
    if not count and (match["first"] or last) and number in lexicon.MEDIA.keys() | {"file", "one"}:
        count = 1
    return -count if last else count


def _changed(wishes: Wishes, **fields: object) -> Wishes:
    return replace(wishes, **fields)  # type: ignore[arg-type]
