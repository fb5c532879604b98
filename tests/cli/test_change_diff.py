"""The diff that a person decides on, and how it is edited."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from pinakes.cli.changes import diff_line, edited, show_changes
from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState
from pinakes.core.errors import ValidationError


def folder(n: int, path: str) -> Change:
    return Change(id=f"c{n}", action=ChangeAction.CREATE_FOLDER, folder_after=path)


def move(n: int, name: str, target: str) -> Change:
    return Change(
        id=f"c{n}",
        action=ChangeAction.MOVE,
        file_id=f"f{n}",
        before=FileState(folder_path="In", filename=name),
        after=FileState(folder_path=target, filename=name),
    )


SET = ChangeSet(
    plan_id="p",
    changes=(
        folder(1, "A"),
        folder(2, "B"),
        move(3, "x.txt", "A"),
        move(4, "y.txt", "B"),
        move(5, "z.txt", "B"),
    ),
)


def test_every_kind_of_change_reads_as_before_and_after() -> None:
    state = FileState(folder_path="In", filename="a.txt", tags=("old",))
    tagged = Change(
        id="c",
        action=ChangeAction.TAG,
        file_id="f",
        before=state,
        after=state.model_copy(update={"tags": ("new",)}),
    )
    gone = tagged.model_copy(
        update={"action": ChangeAction.DELETE, "after": state.model_copy(update={"deleted": True})}
    )
    merged = gone.model_copy(update={"action": ChangeAction.MERGE, "merged_into": "k"})
    added = Change(id="c", action=ChangeAction.ADD, file_id="f", after=state)
    renamed = Change(id="c", action=ChangeAction.RENAME_FOLDER, folder_before="A", folder_after="B")
    assert diff_line(move(1, "x.txt", "A"), {}) == "~ In/x.txt → A/x.txt"
    assert diff_line(tagged, {}) == "~ In/a.txt -#old +#new"
    assert diff_line(gone, {}) == "- In/a.txt"
    assert diff_line(merged, {"k": "keep.txt"}) == "- In/a.txt  (a copy of keep.txt)"
    assert diff_line(added, {}) == "+ In/a.txt"
    assert diff_line(folder(1, "A/B"), {}) == "+ A/B/"
    assert diff_line(renamed, {}) == "~ A/ → B/"
    assert diff_line(renamed.turned_round(), {}) == "~ B/ → A/"


def test_dropping_what_goes_into_a_new_folder_drops_the_folder() -> None:
    left = edited(SET, ["drop 4-5"])
    assert [change.id for change in left.changes] == ["c1", "c3"]


def test_a_file_can_be_sent_elsewhere_and_renamed() -> None:
    left = edited(SET, ["3 > C/D", "4 = why.txt", ""])
    after = [change.after for change in left.changes if change.after]
    assert (after[0].folder_path, after[1].filename) == ("C/D", "why.txt")
    assert [change.before for change in left.changes] == [
        change.before for change in SET.changes if change.id != "c1"
    ]


@pytest.mark.parametrize("line", ["drop 9", "1 > Elsewhere", "please move it", "drop x"])
def test_an_edit_that_means_nothing_is_refused_with_a_sentence(line: str) -> None:
    with pytest.raises(ValidationError):
        edited(SET, [line])


def test_long_sets_are_cut_and_counted() -> None:
    screen = Console(file=io.StringIO(), width=200)
    show_changes(
        screen, [move(n, f"{n}.txt", "A") for n in range(250)], ["3 files were left where they are."]
    )
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "… and 50 more" in shown and "3 files were left" in shown and "200  ~ In/199.txt" in shown
