"""Messages that are wholly a decision about what was proposed, and messages that are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pinakes.agents.planning.decisions import read_decision
from pinakes.core.approvals import RUN_PLAN, Approval
from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState
from pinakes.testing.scripted import steps

FOLDER = Change(id="c0", action=ChangeAction.CREATE_FOLDER, folder_after="Trips")
OTHER = Change(id="d0", action=ChangeAction.CREATE_FOLDER, folder_after="Bills")


def move(number: int, folder: str = "Trips") -> Change:
    before = FileState(filename=f"{number}.jpg")
    after = FileState(filename=f"{number}.jpg", folder_path=folder)
    return Change(id=f"c{number}", action=ChangeAction.MOVE, file_id=f"f{number}", before=before, after=after)


CHANGES = ChangeSet(plan_id="p", changes=(FOLDER, OTHER, *(move(n) for n in (1, 2, 3)), move(4, "Bills")))
ASKED = Approval(
    plan_id="p",
    change_no=1,
    session_id="s",
    turn_id="t",
    changes=CHANGES,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "text",
    [
        "yes", "Yes!", "yes please", "ok", "OK, go ahead.", "ok go ahead", "sure, do it", "Sounds good, thanks!", "go for it",
        "please do", "yep", "Yes, apply the changes", "that's fine", "ja", "Ja, mach das", "ja bitte", "einverstanden",
        "sí", "Sí, adelante", "vale, gracias", "oui", "d'accord, vas-y", "Oui, s'il te plaît", "是的", "好的，谢谢", "可以", "是的，执行吧",
    ],
)  # fmt: skip
def test_yes(text):
    assert read_decision(text, ASKED).type == "approve"


@pytest.mark.parametrize(
    "text",
    [
        "no", "No.", "nope", "no thanks", "cancel", "Cancel that, please", "don't do it", "never mind", "leave it as it is", "nein",
        "Nein danke", "lieber nicht", "no, gracias", "mejor no", "non merci", "annule", "不要", "算了", "不用了，谢谢",
    ],
)  # fmt: skip
def test_no(text):
    assert read_decision(text, ASKED).type == "reject"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("no, only the first two", "12"),
        ("only the first two", "12"),
        ("Just the first one", "1"),
        ("yes, only the first 3", "123"),
        ("without the third", "124"),
        ("all but the last", "123"),
        ("everything except the second and the fourth", "13"),
        ("yes, except for number 2", "134"),
        ("only 1 and 3", "13"),
        ("only the last two", "34"),
        ("not the third one", "124"),
        ("Nein, nur die ersten zwei", "12"),
        ("nur die ersten beiden", "12"),
        ("ohne die dritte", "124"),
        ("alle bis auf die letzte", "123"),
        ("solo los dos primeros", "12"),
        ("no, solo los primeros dos", "12"),
        ("todos menos el último", "123"),
        ("seulement les deux premiers", "12"),
        ("sans le troisième", "124"),
        ("tous sauf le dernier", "123"),
        ("只要前两个", "12"),
        ("除了最后一个", "123"),
    ],
)
def test_a_part(text, kept):
    decision = read_decision(text, ASKED)
    assert decision.type == "edit"
    changes = ChangeSet.model_validate(decision.edited_action.args).changes
    assert "".join(change.id[1:] for change in changes if change.file_id) == kept
    created = {change.folder_after for change in changes if not change.file_id}
    assert created == {c.after.folder_path for c in changes if c.file_id}


def test_a_part_of_a_plan():
    plan = steps(("image_search", "a"), ("document_search", "b"), ("folder_management", "c"))
    asked = ASKED.model_copy(update={"action": RUN_PLAN, "plan": plan, "changes": None})
    decision = read_decision("only the first two", asked)
    assert decision.edited_action.name == RUN_PLAN
    assert [step["id"] for step in decision.edited_action.args["steps"]] == ["s1", "s2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no, put 2024 apart", "put 2024 apart"),
        ("No, group them by year instead", "group them by year instead"),
        ("nein, lieber nach Jahren", "lieber nach Jahren"),
        ("No. Use the folder Travel", "Use the folder Travel"),
        ("non, mets 2024 à part", "mets 2024 à part"),
        ("不，按年份分", "按年份分"),
        ("yes, but put 2024 apart", "put 2024 apart"),
        ("ok but keep the Kodak one", "keep the Kodak one"),
        ("ja, aber nicht die Rechnungen von 2024", "nicht die Rechnungen von 2024"),
        ("sí, pero sin fotos", "sin fotos"),
        ("oui, mais pas celles de 2024", "pas celles de 2024"),
        ("是的，但是把2024年的分开", "把2024年的分开"),
    ],
)
def test_words_that_refine(text, message):
    decision = read_decision(text, ASKED)
    assert (decision.type, decision.message) == ("respond", message)


@pytest.mark.parametrize(
    "text",
    [
        "yes, but what else is there?", "yes, but show me the manual", "yes and also delete the blurred ones", "Yes, delete everything in Travel too", "okay, who took these?",
        "yes?", "no photos of dogs", "No documents mention the pump", "what does yes mean", "yesterday's photos", "notes on pumps",
        "nothing", "no, what is in the manual?", "no, show me the manual first", "great", "",
        "Find the first two photos", "only the red ones", "how many are there", "the last two", "only the ninth", "yes " * 200, "ok computer manual",
    ],
)  # fmt: skip
def test_anything_else_is_an_ordinary_message(text):
    assert read_decision(text, ASKED) is None
