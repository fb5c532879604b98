"""Documents in groups that a model finds, each group named by words of its documents."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.analysis.categories import Category, gist, told_categories
from pinakes.agents.analysis.job import Job
from pinakes.agents.analysts.calling import field_words
from pinakes.agents.analysts.excerpts import packed, room
from pinakes.agents.analysts.forms import Group, Groups
from pinakes.agents.analysts.naming import grounded_name
from pinakes.agents.prompts import prompt_text
from pinakes.agents.writing.marks import plain
from pinakes.core.prompts import Data, Prompt
from pinakes.ports.language_model import LanguageModel

_LONGEST_NAME = 60
_SHORTEST_GIST = 150
"""Characters of a document under which it is not judged: then the local way, which reads all alike, takes over."""


async def categories_by_model(job: Job, model: LanguageModel) -> str | None:
    """Tell the groups, the largest first; documents in none come last. None where they do not fit into a call."""
    words = prompt_text("analyse_categories", reader=field_words(job.task.options))
    gists = [gist(file, await job.chunks(file)) for file in job.files]
    request = job.task.step.intent
    data = _fitted(gists, model, room(model, words, request))
    if data is None or len(data) < 2:
        return None
    prompt = Prompt(task="analyse", system=words, parts=(request, *data))
    groups = _known((await model.fill(prompt, Groups)).groups, gists, request)
    if not groups:
        return None
    grouped = {place for _, places in groups for place in places}
    found = [Category([job.files[i] for i in places], [name]) for name, places in groups]
    rest = [file for place, file in enumerate(job.files) if place not in grouped]
    return told_categories(job, sorted(found, key=lambda c: -len(c.files)), rest)


def _fitted(gists: Sequence[str], model: LanguageModel, tokens: int) -> list[Data] | None:
    """Return the documents' beginnings, shortened alike until all fit into one call; None where they cannot."""
    longest = max(map(len, gists), default=0)
    while longest >= _SHORTEST_GIST or longest == max(map(len, gists), default=0):
        data = [Data(id=f"D{n}", text=gist[:longest]) for n, gist in enumerate(gists, 1)]
        if len(packed(data, model, tokens)) <= 1:
            return data
        longest = longest * 2 // 3
    return None


def _known(groups: Sequence[Group], gists: Sequence[str], request: str) -> list[tuple[str, list[int]]]:
    """Return names with the places of their documents, each document once; names that nothing bears out are gone."""
    places = {f"D{n}": n - 1 for n in range(1, len(gists) + 1)}
    taken: set[int] = set()
    found: list[tuple[str, list[int]]] = []
    for group in groups:
        ids = dict.fromkeys(i.strip(" []()").upper() for i in group.ids)
        own = [places[i] for i in ids if i in places and places[i] not in taken]
        name = plain(group.name)[:_LONGEST_NAME].strip(" .:*")
        if own and (grounded_name(name, [gists[i] for i in own]) or grounded_name(name, [request])):
            taken |= set(own)
            found.append((name, own))
    return found
