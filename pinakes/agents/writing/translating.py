"""A model's words on their way to the reader: ids become marks, what leads outside is left out.

The words come in pieces that may be cut anywhere. What cannot be decided yet is held back: an open bracket, a word that
goes on. So nothing that was sent ever has to be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pinakes.agents.writing.addresses import AddressFilter, decoded
from pinakes.agents.writing.sources import Cited, Sources
from pinakes.agents.writing.verify import sentence_before
from pinakes.core.evidence import MARK

NOTHING_FOUND = "NOTHING_FOUND:"
"""What a model begins with when no evidence answers; readers never see it."""

_LONGEST_BRACKET = 800
_LONGEST_WORD = 2000
_TAIL = 600
_OPEN, _CLOSE = "[【<", {"[": "]", "【": "】", "<": ">"}
_PAUSES = "。，！？；：、"
_NESTED = r"(?:[^\[\]]|\[[^\[\]]*\])*"
_CONSTRUCT = re.compile(
    rf"(?P<bang>!?)\[(?P<words>{_NESTED})\](?P<target>\((?:[^()\n]|\([^()\n]*\))*\))?|【(?P<wide>[^【】]*)】"
)
_LINKING = re.compile(r"\](?=[(:\]])|\[(?=\[)|!(?=\[)")
_DEFINITION = re.compile(r"(?m)^ {0,3}\[(?![ES]\d)[^\]\n]+\]:[ \t]*\S+(?:[ \t]+[\"'(][^\n]*)?$")
_IDS = re.compile(r"\s*E\d+(?:[\s,;&†‡–—-]+(?:[^\W\d_]{1,6}\.?\s*)?\d+)*[.\s]*", re.IGNORECASE)
_ONE_ID = re.compile(r"E(\d+)(?:\s*[–—-]\s*E?(\d+))?", re.IGNORECASE)
_MOST_IN_RANGE = 20
_TOKEN = re.compile(r"[*_`\s]*NOTHING_FOUND\b[*_`]*:?[*_`]*[ \t]*")
_DROPPED = "\ue000\ue001"
_KEPT = re.compile("\ue000(\\d+)\ue001")


class Translator:
    """Turns a model's stream into the text of an answer.

    Args:
        sources: What may be cited.
        addresses: What takes addresses out.

    Attributes:
        content: What has been given out so far.
        raw: What the model has written so far.
        cited: The marks given out, in order.
        dropped: Marks and ids without evidence that were left out.
        nothing: Whether the model says that no evidence answers.
    """

    def __init__(self, sources: Sources, addresses: AddressFilter) -> None:
        self._sources = sources
        self._addresses = addresses
        self._held = ""
        self._begun = False
        self.content = self.raw = ""
        self.cited: list[Cited] = []
        self.dropped = 0
        self.nothing = False

    @property
    def sources(self) -> Sources:
        """What may be cited."""
        return self._sources

    @property
    def removed(self) -> int:
        """How many addresses were taken out."""
        return self._addresses.removed

    def text_of(self, cited: Cited) -> str:
        """Return the text behind a citation."""
        return self._sources.passage(cited.id).text

    def feed(self, piece: str) -> str:
        """Take a piece of the model's words and return what is ready to be sent, perhaps nothing."""
        self.raw += piece
        self._held += piece
        if not self._begun and not self._begin():
            return ""
        ready = _decided(self._held)
        if not ready and len(self._held) > _LONGEST_WORD:
            ready = self._cut_word()
        return self._send(ready)

    def finish(self) -> str:
        """Return what was held back."""
        self._begin(final=True)
        return self._send(len(self._held)) if self._held.strip() else ""

    def _begin(self, *, final: bool = False) -> bool:
        """Take the leading token off; False while it may still be coming."""
        if self._begun:
            return True
        start = self._held.lstrip()
        if not final and len(start) < len(NOTHING_FOUND) + 4:
            return False
        if found := _TOKEN.match(start):
            if found.end() == len(start) and not final:
                return False
            self.nothing = True
            start = start[found.end() :]
        self._held, self._begun = start.lstrip(), True
        return True

    def _cut_word(self) -> int:
        """Return where a word without end is cut: at a character that no address has, else it is left out."""
        for at in range(len(self._held) - 1, 0, -1):
            if ord(self._held[at]) > 0x2E80 and ord(self._held[at - 1]) > 0x2E80:
                return at
        self._held = self._held[-1:] if self._held[-1:].isspace() else ""
        self._addresses.removed += 1
        return 0

    def _send(self, ready: int) -> str:
        segment, self._held = self._held[:ready], self._held[ready:]
        if not segment:
            return ""
        text = self._translated(segment)
        self.content += text
        return text

    def _translated(self, segment: str) -> str:
        kept: list[str] = []

        def keep(text: str) -> str:
            kept.append(text)
            return f"\ue000{len(kept) - 1}\ue001"

        text = self._addresses.without_tags(decoded(segment))
        text = _DEFINITION.sub(
            self._no_definition, _TOKEN.sub(" ", text) if "NOTHING_FOUND" in text else text
        )
        text = self._constructs(text, keep, self.content[-_TAIL:])
        text = re.sub(rf" ?{_DROPPED}(?=[.,;:!?)…]*(?:\s|$))", "", text).replace(_DROPPED, "")
        text = self._addresses.clean(MARK.sub(self._no_mark, text))
        text = _LINKING.sub(r"\g<0> ", text)
        text = re.sub("\ue001(?=[(\\[])", "\ue001 ", text.replace("!\ue000", "! \ue000"))
        return _KEPT.sub(lambda match: kept[int(match[1])], text)

    def _no_definition(self, match: re.Match[str]) -> str:
        self._addresses.removed += 1
        return ""

    def _no_mark(self, match: re.Match[str]) -> str:
        self.dropped += 1
        return ""

    def _constructs(self, text: str, keep: Callable[[str], str], before: str, depth: int = 0) -> str:
        """Return a text with its brackets decided; what must not be touched again goes through `keep`."""
        parts: list[str] = []
        end = 0
        for match in _CONSTRUCT.finditer(text):
            parts.append(text[end : match.start()])
            end = match.end()
            parts.append(self._construct(match, keep, before + text[: match.start()], depth))
        return "".join([*parts, text[end:]])

    def _construct(self, match: re.Match[str], keep: Callable[[str], str], before: str, depth: int) -> str:
        words = match["words"] if match["wide"] is None else match["wide"]
        target = match["target"] or ""
        inner = words[1:-1].strip() if words.startswith("[") and words.endswith("]") else words
        if _IDS.fullmatch(inner):
            return (match["bang"] or "") * (not target) + self._marks(inner, keep, before) + _aside(target)
        if MARK.fullmatch(f"[{words}]") or re.match(r"\[(?:doc|img|link|video|ref):", words):
            return self._written_mark(f"[{words}]", keep) + _aside(target)
        if match["wide"] is not None:
            return match.group()
        if target:
            return self._link(match, keep, before, depth)
        said = words if depth > 1 else self._constructs(words, keep, before, depth + 1)
        return f"{match['bang']}[{said}]"

    def _marks(self, ids: str, keep: Callable[[str], str], before: str) -> str:
        sentence = sentence_before(_KEPT.sub("", before), len(_KEPT.sub("", before)))
        marks: dict[str, Cited] = {}
        for id in _listed(ids):
            cited = self._sources.cite(id, sentence)
            if cited is None:
                self.dropped += 1
            else:
                marks.setdefault(cited.mark, cited)
        self.cited += marks.values()
        return keep(" ".join(marks)) if marks else _DROPPED

    def _written_mark(self, written: str, keep: Callable[[str], str]) -> str:
        cited = self._sources.meant(written)
        if cited is None:
            self.dropped += 1
            return _DROPPED
        self.cited.append(cited)
        return keep(cited.mark)

    def _link(self, match: re.Match[str], keep: Callable[[str], str], before: str, depth: int) -> str:
        """Return a link's words; the link itself stays when it leads to a saved page, a picture never does."""
        words, target = match["words"], (match["target"] or "").strip("()")
        said = words if depth > 1 else self._constructs(words, keep, before, depth + 1)
        if match["bang"]:
            self._addresses.removed += 1
            return _DROPPED
        address = target.strip().split(" ")[0].strip("<>") if target.strip() else ""
        if self._addresses.allows(address) and not _KEPT.search(said):
            plain = re.sub(r"[\[\]]", "", self._addresses.clean(said))
            return keep(f"[{plain}]({address})")
        if re.search(r"\s", target.strip()) and not re.search(r"[\"'<:/]", target):
            return f"[{said}] ({target})"  # an aside, no address
        self._addresses.removed += 1
        return said


def _aside(target: str) -> str:
    """Return what stood in parentheses right after a citation, unless it is a link's address."""
    return f" {target}" if re.search(r"\w\s+\w", target) and "//" not in target else ""


def _listed(ids: str) -> list[str]:
    """Return the ids of a citation such as "E1, E3" or "E2–E4"."""
    found: list[str] = []
    for first, last in _ONE_ID.findall(ids):
        end = min(int(last or first), int(first) + _MOST_IN_RANGE)
        found += [f"E{n}" for n in range(int(first), max(end, int(first)) + 1)]
    return found


def _decided(text: str) -> int:
    """Return how many characters of a text stay the same whatever follows."""
    end = at = 0
    while at < len(text):
        character = text[at]
        if character in _OPEN:
            after = _closed(text, at)
            if after == 0:
                return end
            at = after
            continue
        if character.isspace() and at:
            end = at
        elif character in _PAUSES and at + 1 < len(text) and ord(text[at + 1]) > 0x2E80:
            end = at + 1
        at += 1
    return end


def _closed(text: str, at: int) -> int:
    """Return where what opens here has ended, 0 while that is unknown; what never closes ends at once."""
    opening = text[at]
    rest = text[at : at + _LONGEST_BRACKET]
    endless = len(text) - at > _LONGEST_BRACKET or "\n\n" in rest
    if opening == "<" and len(rest) > 1 and not re.match(r"<[A-Za-z/!?]", rest):
        return at + 1
    length = _balanced(rest, opening, _CLOSE[opening])
    if length and opening == "[":
        length = _with_target(rest, length)
    return at + length if length else at + 1 if endless else 0


def _with_target(rest: str, length: int) -> int:
    """Return where a bracket ends together with the address after it, 0 while there may be more of it."""
    if length == len(rest):
        return 0
    if rest[length] == "(":
        more = _balanced(rest[length:].split("\n")[0], "(", ")")
        return length + more if more else length if "\n" in rest[length:] else 0
    if rest[length] == ":":  # perhaps a link's definition: it ends with its line
        line = rest.find("\n", length)
        return line if line > 0 else 0
    return length


def _balanced(text: str, opening: str, closing: str) -> int:
    depth = 0
    for at, character in enumerate(text):
        depth += (character == opening) - (character == closing)
        if depth == 0:
            return at + 1
    return 0
