"""What a model is told to plan a turn: agents, a short inventory, the conversation; never any file's text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pinakes.agents.prompts import prompt_text
from pinakes.core.files import Inventory
from pinakes.core.plans import MAX_STEPS, AgentCard, Focus, PlanRequest
from pinakes.core.prompts import Data, Prompt

_EARLIER, _LONGEST_EARLIER = 5, 200
_FOLDERS, _TAGS, _CAMERAS, _FILES, _LONGEST_NAME = 8, 8, 4, 6, 40
_TELLING = 0.2
"""What share of the best name's score a name needs: a word that half of the folders have tells none of them."""
_ANY = 3
"""Names shown as examples of what there is, though the message shares no word with them."""
_MOST_KINDS = 3
_LONGEST_DOMAIN = 60
_LONGEST_ANSWER = 4000
_WORD = re.compile(r"\w{3,}")


def plan_prompt(
    request: PlanRequest, cards: Sequence[AgentCard], *, names: bool, guidance: str = ""
) -> Prompt:
    """Return the prompt for a plan.

    Args:
        names: Tell names of folders, tags, cameras and files, which come from outside, as quoted data; and in what
            words the files shown last were found, which an earlier plan may have taken from such names.
        guidance: What the field of work asks of a plan.
    """
    agents = "\n".join(map(_card_line, cards))
    parts: list[str | Data] = [_library_line(request)]
    if names and (listed := "\n".join(_names(request))):
        parts.append(Data(id="names", source="names in the library", text=listed))
    if earlier := _earlier(request.history):
        parts.append(earlier)
    parts += _shown(request.focus, names)
    parts.append(f"The last message:\n{request.question.strip() or '…'}")
    system = prompt_text("plan", agents=agents, most=str(MAX_STEPS))
    system = f"{system}\n\n{guidance}".strip()
    return Prompt(task="plan", system=system, parts=tuple(parts))


def repair_prompt(prompt: Prompt, broken: str, problem: str) -> Prompt:
    """Return the prompt once more, with the answer that cannot be used and what is wrong with it."""
    answer = Data(id="answer", source="your last answer", text=broken[:_LONGEST_ANSWER] or "(empty)")
    return prompt.model_copy(
        update={"parts": (*prompt.parts, answer, prompt_text("plan_repair", problem=problem))}
    )


def _card_line(card: AgentCard) -> str:
    takes = [kind for kind in card.takes if kind != "text"]
    taken = ", ".join(takes) if len(takes) <= _MOST_KINDS else "any results"
    taken = f" ({taken})" if taken else ""
    given = "" if _tells(card) else f" Gives {', '.join(card.gives)}."
    return f"- {card.name}{taken}: {card.purpose}{given}"


def _tells(card: AgentCard) -> bool:
    """Return whether a name like "image_search" says what an agent gives, or it gives what ends a plan."""
    ends = {"findings", "text", "report", "table", "changes"}
    return all(kind in ends or kind.rstrip("s") in card.name for kind in card.gives)


def _library_line(request: PlanRequest) -> str:
    stock, options = request.inventory, request.options
    counts = [f"{count} {kind}s" for kind, count in stock.counts.items() if count]
    said = [f"Library: {', '.join(counts) or 'no files known'}; {len(stock.folders)} folders."]
    if stock.first_date and stock.last_date:
        said.append(f"Dates: {stock.first_date:%Y-%m} to {stock.last_date:%Y-%m}.")
    if selected := ", ".join(_selected(request)):
        said.append(f"Selected by the user: {selected}.")
    if options.domain != "general":
        said.append(f"Domain: {options.domain[:_LONGEST_DOMAIN]}.")
    if options.read_only:
        said.append("Changes are not permitted now.")
    return " ".join(said)


def _selected(request: PlanRequest) -> Iterator[str]:
    options = request.options
    if not options.use_all_images:
        yield f"{len(options.image_ids)} images"
    if options.document_ids:
        yield f"{len(options.document_ids)} documents"
    if options.video_ids:
        yield f"{len(options.video_ids)} videos"
    if options.folder_paths:
        yield f"the files of {len(options.folder_paths)} folders"


def _names(request: PlanRequest) -> Iterator[str]:
    stock: Inventory = request.inventory
    spoken = _words(" ".join((request.question, *request.history[-1:], request.focus.intent)))
    for title, names, most, any_name in (
        ("Folders", stock.folders, _FOLDERS, True),
        ("Tags", stock.tags, _TAGS, True),
        ("Cameras", stock.cameras, _CAMERAS, True),
        ("Files", stock.filenames, _FILES, False),
    ):
        ranked = _ranked(names, spoken)
        least = ranked[0][1] * _TELLING if ranked else 0.0
        meant = [name for name, score in ranked if score and score >= least][:most]
        others = [name for name, _ in ranked[len(meant) :]] if any_name else []
        chosen = meant + others[: max(0, _ANY - len(meant))]
        if chosen:
            yield f"{title}: {'; '.join(_short(name, _LONGEST_NAME) for name in chosen)}"


def _ranked(names: Sequence[str], spoken: set[str]) -> list[tuple[str, float]]:
    """Return names with how likely they are meant, best first: a word that few of them share tells more."""
    shared = {name: spoken & _words(name) for name in names}
    counts = Counter(word for words in shared.values() for word in words)
    scored = [(name, sum(1 / counts[word] for word in words)) for name, words in shared.items()]
    return sorted(scored, key=lambda one: -one[1])


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower().replace("_", " ")))


def _earlier(history: Sequence[str]) -> str:
    asked = [f"- {_short(question, _LONGEST_EARLIER)}" for question in history[-_EARLIER:]]
    return "\n".join(("Earlier messages, oldest first:", *asked)) if asked else ""


def _shown(focus: Focus, names: bool) -> Iterator[str | Data]:
    if not focus.file_ids and not focus.intent:
        return
    kind = focus.media_type.value if focus.media_type else "file"
    by = f", by {', '.join(focus.agents)}" if focus.agents else ""
    yield f"Shown last: {len(focus.file_ids)} {kind}s{by}."
    if names and focus.intent:
        yield Data(id="shown", source="what they were found for", text=_short(focus.intent, _LONGEST_EARLIER))


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
