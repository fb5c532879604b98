"""Names that a model gives to new folders for groups of files that were found locally.

A model sees what the files of a group share, never what is to be done, and gives names alone: which files belong
together, where folders lie and what the user named are decided without it. A name has to be made of words that half of
the group's files use, so that one file's words cannot choose it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pinakes.agents.analysis.vocabulary import key_terms
from pinakes.agents.analysts.calling import tell_way_down
from pinakes.agents.analysts.excerpts import packed, room
from pinakes.agents.analysts.forms import Name, Names
from pinakes.agents.analysts.naming import grounded_name
from pinakes.agents.organising.targets import same_name
from pinakes.agents.prompts import prompt_text
from pinakes.agents.spec import AgentContext
from pinakes.core.errors import ModelError
from pinakes.core.prompts import Data, Prompt

_TITLES, _TERMS = 5, 10
_LONGEST_TITLE = 100
_READ = 1500
"""Characters of a file from which a group's words are counted."""

_MOST_WORDS = 4


async def names_by_model(
    ctx: AgentContext,
    groups: Mapping[str, Sequence[tuple[str, str]]],
    folders: Sequence[str],
    clean: Callable[[str], str],
) -> dict[str, str]:
    """Return better names for groups by the names they have; those that keep theirs are missing.

    Args:
        groups: Heading and text of each file, by the group's local name.
        folders: Names of folders there are: a group that has one of them keeps it, and no other may take it.
        clean: Makes any words a folder's name.
    """
    model = ctx.models.analyst
    open_to = [name for name in groups if not _is_one_of(name, folders)]
    if model is None or not open_to:
        return {}
    data = [Data(id=f"G{n}", text=_told(groups[name])) for n, name in enumerate(open_to, 1)]
    words = prompt_text("name_folders")
    request = "Name these groups."
    shown = packed(data, model, room(model, words, request))[0]
    try:
        prompt = Prompt(task="name_folders", system=words, parts=(request, *(data[i] for i in shown)))
        filled = await model.fill(prompt, Names)
    except ModelError as error:
        tell_way_down("Folders are named", error)
        return {}
    by_id = {f"G{n}": name for n, name in enumerate(open_to, 1)}
    return _accepted(filled.names, by_id, groups, folders, clean)


def _told(files: Sequence[tuple[str, str]]) -> str:
    """Return what a group's files share: a few titles, and the words that stand out."""
    titles = list(dict.fromkeys(heading[:_LONGEST_TITLE] for heading, _ in files if heading))[:_TITLES]
    terms = [term for term, _ in key_terms([f"{heading}. {text[:_READ]}" for heading, text in files], _TERMS)]
    return f"titles: {'; '.join(titles)}\nwords: {', '.join(terms)}"


def _accepted(
    names: Sequence[Name],
    by_id: Mapping[str, str],
    groups: Mapping[str, Sequence[tuple[str, str]]],
    folders: Sequence[str],
    clean: Callable[[str], str],
) -> dict[str, str]:
    """Return the names that are words of their group and no folder's, each once."""
    used = [*folders, *groups]
    accepted: dict[str, str] = {}
    for said in names:
        local = by_id.get(said.id.strip(" []()").upper())
        name = clean(said.name)
        if local is None or local in accepted or len(name.split()) > _MOST_WORDS:
            continue
        if not _is_one_of(name, used) and grounded_name(
            name, [f"{heading} {text}" for heading, text in groups[local]]
        ):
            accepted[local] = name
            used.append(name)
    return accepted


def _is_one_of(name: str, others: Sequence[str]) -> bool:
    return any(same_name(name, other) for other in others)
