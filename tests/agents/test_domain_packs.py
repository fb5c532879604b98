"""Domain packs: what they hold, what is wrong with one, and what they do to searches, models and prompts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pinakes.agents.cards import CARDS
from pinakes.agents.domains.guided import guided
from pinakes.agents.domains.packs import Domain, Domains
from pinakes.agents.domains.wordings import MOST, WEIGHT, WordedLibrary, worded, wordings
from pinakes.agents.planning.by_model import ModelPlanner
from pinakes.agents.planning.plan_prompt import plan_prompt
from pinakes.core.errors import ConfigurationError, ValidationError
from pinakes.core.files import ChunkHit
from pinakes.core.options import TurnOptions
from pinakes.core.plans import PlanRequest
from pinakes.core.prompts import Prompt
from pinakes.models.chat_role import ChatRole
from pinakes.ports.language_model import LanguageModel, Models
from pinakes.testing.samples import chunk, file
from pinakes.testing.scripted import steps
from pinakes.testing.scripted_model import ScriptedModel

OWN = """
title = "Archaeology"
synonyms = [["sherd", "pottery fragment"]]
[terms]
locus = "the smallest unit of an excavation"
[guidance]
write = ["Name the trench."]
"""


@pytest.fixture(scope="module")
def domains() -> Domains:
    return Domains()


def test_the_shipped_ones_are_whole(domains: Domains) -> None:
    assert set(domains.names) == {"general", "civil_engineering", "maps", "mining"}
    for name in set(domains.names) - {"general"}:
        domain = domains.get(name)
        assert domain.name == name and domain.title and domain.description
        assert domain.planning() and domain.writing() and domain.looking()
        assert len(domain.synonyms) >= 10 and all(len(group) > 1 for group in domain.synonyms)
        words = [word.casefold() for group in domain.synonyms for word in group]
        assert len(words) == len(set(words)), "a word is in one group alone"
    general = domains.get("general")
    assert not (general.planning() or general.writing() or general.looking() or general.synonyms)


def test_own_ones_come_from_a_folder_and_win(tmp_path: Path) -> None:
    (tmp_path / "archaeology.toml").write_text(OWN, "utf8")
    (tmp_path / "maps.toml").write_text('title = "Our maps"', "utf8")
    (tmp_path / "notes.txt").write_text("no pack", "utf8")
    found = Domains(tmp_path)
    assert found.get("maps").title == "Our maps" and "mining" in found.names
    told = found.get("archaeology").writing()
    assert told.startswith("The field of work is archaeology.")
    assert "Name the trench." in told and "locus: the smallest unit" in told
    assert Domains(tmp_path / "missing").names == Domains().names


def test_an_unknown_one_is_refused_with_those_there_are(domains: Domains) -> None:
    assert domains.check("Civil Engineering") == domains.check("civil-engineering ") == "civil_engineering"
    with pytest.raises(ValidationError, match="civil_engineering, general, maps, mining") as caught:
        domains.check("alchemy")
    assert caught.value.details["known"] == list(domains.names)
    assert domains.get("gone since").name == "general", "a session from before goes on"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x", "title = ", "no TOML"),
        ("x", "[guidance]", "title"),
        ("x", 'title = "X"\nsynonyms = "adit"', "synonyms"),
        ("x", 'title = "X"\ncolour = 1', "colour"),
        ("Not A Name", 'title = "X"', "no name"),
    ],
)
def test_what_is_wrong_with_a_pack_is_said(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / f"{name}.toml").write_text(text, "utf8")
    with pytest.raises(ConfigurationError, match=said):
        Domains(tmp_path)


def test_a_text_is_said_in_other_words(domains: Domains) -> None:
    mining = domains.get("mining")
    found = wordings(mining, "Where are the adits?")
    assert "Where are the tunnel entrance?" in found and "Where are the adits?" not in found
    assert len(found) <= MOST
    assert wordings(mining, "Is the TUNNEL  ENTRANCE open?")[0] == "Is the adit open?"
    assert wordings(mining, "Where is the red tractor?") == ()
    two = wordings(mining, "Tailings dam beside the shaft")
    assert all("shaft" not in text or "hoistway" not in text for text in two) and len(two) <= MOST
    assert wordings(domains.get("general"), "Where are the adits?") == ()
    odd = Domain(title="Odd", synonyms=(("a", r"\1 \g<0>"),))
    assert wordings(odd, "say a") == (r"say \1 \g<0>",)


class Shelf:
    """A library that finds what is asked for word by word."""

    def __init__(self) -> None:
        self.tenant = "t"
        self.asked: list[tuple[str, float]] = []

    async def search(self, query: str, *, threshold: float = 0.0, **_: Any) -> list[ChunkHit]:
        self.asked.append((query, threshold))
        both = ChunkHit(chunk=chunk("f0", 0, "both"), file=file("f0"), score=0.6, matched_terms=(query,))
        own = ChunkHit(chunk=chunk(query, 0, query), file=file(query), score=0.8)
        return [own, both]


async def test_finds_by_other_words_count_less(domains: Domains) -> None:
    shelf: Any = Shelf()
    mining = Domain(title="M", synonyms=(("adit", "portal"),))
    library = worded(shelf, mining)
    assert isinstance(library, WordedLibrary) and library.tenant == "t"
    hits = await library.search("adit", limit=5, threshold=0.5)
    assert [(hit.file.filename, round(hit.score, 3)) for hit in hits] == [
        ("adit", 0.8),
        ("portal", round(0.8 * WEIGHT, 3)),
        ("f0", 0.6),
    ]
    assert hits[-1].matched_terms == ("adit", "portal")
    assert shelf.asked == [("adit", 0.5), ("portal", 0.5 / WEIGHT)], "what counts less has to reach the same"
    assert len(await library.search("adit", limit=2)) == 2
    shelf.asked.clear()
    await library.search("tractor")
    assert len(shelf.asked) == 1
    assert worded(shelf, domains.get("general")) is shelf


class Seen(BaseModel):
    """A form."""

    text: str = ""


async def test_models_are_told_of_the_field(domains: Domains) -> None:
    script = ScriptedModel("one", "two", {"text": "three"}, "four")
    role = ChatRole(script)
    models = guided(Models(vision=role, analyst=role, writer=role), domains.get("mining"))
    assert models.writer is role, "the writer has its own way"
    vision, analyst = models.vision, models.analyst
    assert isinstance(vision, LanguageModel) and isinstance(analyst, LanguageModel)
    assert vision.name == role.name and vision.count_tokens("a b") == role.count_tokens("a b")
    prompt = Prompt(task="look", system="Look.", parts=("What?",))
    assert await vision.complete(prompt) == "one"
    assert "".join([piece async for piece in analyst.stream(prompt)]) == "two"
    assert (await vision.fill(prompt, Seen)).text == "three"
    systems = [str(call[0].content) for call in script.calls]
    assert (
        systems[0].startswith("Look.") and "ground support" in systems[0] and "ground support" in systems[2]
    )
    assert "cut-off grade" in systems[1] and "ground support" not in systems[1]
    assert guided(Models(vision=role), domains.get("general")).vision is role
    assert guided(Models(), domains.get("mining")) == Models()


async def test_a_plan_is_asked_for_with_the_field(domains: Domains) -> None:
    request = PlanRequest(question="Is it?", options=TurnOptions(domain="mining"))
    assert (
        "read off documents"
        in plan_prompt(request, CARDS, names=False, guidance=domains.get("mining").planning()).system
    )
    assert plan_prompt(request, CARDS, names=False).system.endswith("a few words.")
    script = ScriptedModel({"steps": [{"agent": "chat", "intent": "Is it?", "after": []}], "reason": "r"})

    class Local:
        async def plan(self, request: PlanRequest) -> Any:
            return steps(("chat", request.question))

    local: Any = Local()
    planner = ModelPlanner(
        ChatRole(script), local, mode="model", guidance=lambda name: domains.get(name).planning()
    )
    await planner.plan(request)
    assert "The field of work is mining." in str(script.calls[0][0].content)
