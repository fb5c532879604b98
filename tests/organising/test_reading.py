"""Instructions become requests; what is no instruction becomes none."""

from __future__ import annotations

import pytest

from pinakes.agents.organising.reading import count_of, key_of, listed, read_requests, read_wishes
from pinakes.agents.organising.request import Action, Key, Request


@pytest.mark.parametrize(
    ("said", "action", "fields"),
    [
        ("Move the holiday pictures to the folder Travel", Action.MOVE, {"what": "the holiday pictures"}),
        ("put receipts in Receipts", Action.MOVE, {"what": "receipts", "into": "Receipts"}),
        ("Could you please put all invoices into Finance/2025?", Action.MOVE, {"into": "Finance/2025"}),
        ("save those in a new folder called Best of 2021", Action.MOVE, {"what": "those", "new": True}),
        ("file the rest into the existing folders", Action.FILE, {"what": "the rest"}),
        ("sort my documents into the right folders", Action.FILE, {"what": "my documents"}),
        ("organise my photos", Action.GROUP, {"what": "my photos", "key": None}),
        ("sort by year", Action.GROUP, {"what": "", "key": Key.YEAR}),
        ("group by topic", Action.GROUP, {"key": Key.TOPIC}),
        ("file the pictures of the regatta under Summer 2018", Action.MOVE, {"into": "Summer 2018"}),
        (
            "can you sort the scans by month into folders?",
            Action.GROUP,
            {"key": Key.MONTH, "what": "the scans"},
        ),
        (
            "split the photos into one folder per camera",
            Action.GROUP,
            {"what": "the photos", "key": Key.CAMERA},
        ),
        ("find all expired contracts and move them to Old", Action.MOVE, {"what": "all expired contracts"}),
        ("sort these into folders by decade", Action.GROUP, {"key": Key.DECADE}),
        ("by product", Action.GROUP, {"key": Key.NAME, "by": "product"}),
        ("Sort the receipts into folders by shop", Action.GROUP, {"what": "the receipts", "key": Key.NAME}),
        ("make a folder for each year", Action.GROUP, {"key": Key.YEAR}),
        ("Create a folder called Taxes", Action.CREATE, {"name": "folder called Taxes"}),
        ("rename Notes to Minutes", Action.RENAME, {"what": "Notes", "name": "Minutes"}),
        ("Delete all screenshots from the old phone", Action.DELETE, {}),
        ("Throw out the copies that exist twice", Action.MERGE, {}),
        ("get rid of duplicates", Action.MERGE, {}),
        ("Tag these documents as confidential", Action.TAG, {"tags": ("confidential",)}),
        ("add the tag urgent to invoice-77.txt", Action.TAG, {"what": "invoice-77.txt"}),
        ("Can you remove the tag draft from those files?", Action.UNTAG, {"what": "those files"}),
        ("Bring back the letters that were removed by mistake", Action.RESTORE, {}),
        (
            "Archive everything older than five years",
            Action.ARCHIVE,
            {"what": "everything older than five years"},
        ),
        ("undo that", Action.UNDO, {}),
        ("Take back the renaming you just did", Action.UNDO, {}),
        ("redo", Action.REDO, {}),
    ],
)
def test_english(said: str, action: Action, fields: dict[str, object]) -> None:
    (request,) = read_requests(said)
    assert request.action is action
    assert {name: getattr(request, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("verschiebe die Rechnungen in den Ordner Finanzen", Action.MOVE),
        ("lösche alle Duplikate", Action.MERGE),
        ("ordne meine Fotos nach Jahr", Action.GROUP),
        ("benenne Notizen in Protokolle um", Action.RENAME),
        ("mach das rückgängig", Action.UNDO),
        ("verschiebe sie nach Archiv", Action.MOVE),
        ("deshaz el último cambio", Action.UNDO),
        ("mueve las fotos de 2021 a la carpeta Viajes", Action.MOVE),
        ("organiza mis fotos por año", Action.GROUP),
        ("crea una carpeta llamada Impuestos", Action.CREATE),
        ("borra esos archivos", Action.DELETE),
        ("déplace les factures dans le dossier Finances", Action.MOVE),
        ("classe mes photos par année", Action.GROUP),
        ("supprime ces fichiers", Action.DELETE),
        ("annule ça", Action.UNDO),
        ("把这些照片移到旅行文件夹", Action.MOVE),
        ("创建一个名为税务的文件夹", Action.CREATE),
        ("按年份整理照片", Action.GROUP),
        ("删除这些文件", Action.DELETE),
        ("撤销", Action.UNDO),
        ("把notes.md重命名为minutes.md", Action.RENAME),
    ],
)
def test_other_languages(said: str, action: Action) -> None:
    (request,) = read_requests(said)
    assert request.action is action


def test_two_requests_in_one_sentence() -> None:
    first, second = read_requests("create a folder Trips and move the photos from 2021 into it")
    assert (first.action, second.action) == (Action.CREATE, Action.MOVE)
    assert second.into == "it"


def test_one_verb_for_two_moves() -> None:
    moves = read_requests("put invoices in Finance and letters in Letters")
    assert [(r.what, r.into) for r in moves] == [("invoices", "Finance"), ("letters", "Letters")]


def test_two_files_are_one_move() -> None:
    assert read_requests("move old-plan.pdf and new-plan.pdf to Plans") == (
        Request(Action.MOVE, "old-plan.pdf and new-plan.pdf", "Plans"),
    )


@pytest.mark.parametrize(
    "said", ["", "What is in the folder Travel?", "How do I rename an account?", "thanks"]
)
def test_no_request(said: str) -> None:
    assert read_requests(said) == ()


def test_later_words() -> None:
    assert read_wishes(("put 2024 apart",)).apart == ("2024",)
    assert read_wishes(("leave out the receipts",)).without == ("the receipts",)
    assert read_wishes(("yes, but not the receipts",)).without == ("the receipts",)
    assert read_wishes(("keep the Kodak one",)).without == ("the Kodak one",)
    assert read_wishes(("keep only the Kodak one",)).without == ()
    assert read_wishes(("only the first two",)).first == 2
    assert read_wishes(("only the photos",)).only == "the photos"
    assert read_wishes(("call it Trips instead",)).renamed == (("", "Trips"),)
    assert read_wishes(("rename Travel to Trips",)).renamed == (("Travel", "Trips"),)
    assert read_wishes(("by month instead",)).key is Key.MONTH
    assert read_wishes(("put them in Archive/Old instead",)).into == "Archive/Old"
    assert read_wishes(("frobnicate the lot",)).unread == ("frobnicate the lot",)


def test_later_words_add_up() -> None:
    wishes = read_wishes(("without the drafts", "not the PDFs, and call it Money"))
    assert wishes.without == ("the drafts", "the PDFs")
    assert wishes.renamed == (("", "Money"),)


@pytest.mark.parametrize(
    ("said", "count"),
    [("the first two", 2), ("the last one", -1), ("three", 3), ("the photos", 0), ("2024", 0)],
)
def test_counts(said: str, count: int) -> None:
    assert count_of(said) == count


def test_keys_and_lists() -> None:
    assert key_of("Jahr") is Key.YEAR
    assert key_of("supplier") is Key.NAME
    assert listed('"Bills and more", "Letters"') == ("Bills and more", "Letters")
    assert listed("Bills, Letters and Photos") == ("Bills", "Letters", "Photos")


def test_a_grouping_may_say_in_which_folder() -> None:
    (request,) = read_requests("Sort the photos by month into Trips")
    assert (request.key, request.by, request.into, request.what) == (
        Key.MONTH,
        "month",
        "Trips",
        "the photos",
    )
    (plain,) = read_requests("Sort the photos by month into folders")
    assert (plain.by, plain.into) == ("month", "")


def test_several_things_each_with_its_own_target() -> None:
    asked = read_requests("Put the Rome notes into a folder Travel. Tag the Rome notes with italy.")
    assert [(r.action, r.into, r.tags) for r in asked] == [
        (Action.MOVE, "a folder Travel", ()),
        (Action.TAG, "", ("italy",)),
    ]
    tagged = read_requests('tag the nameplates with "plate" and the signs with "sign"')
    assert [(r.what, r.tags) for r in tagged] == [("the nameplates", ("plate",)), ("the signs", ("sign",))]
    moved = read_requests("move the Bergen photos to Norway, the Hamburg ones to Germany")
    assert [(r.what, r.into) for r in moved] == [
        ("the Bergen photos", "Norway"),
        ("the Hamburg photos", "Germany"),
    ]
    made = read_requests("make a folder called Safety rules and move the lockout rules there")
    assert [r.action for r in made] == [Action.CREATE, Action.MOVE]
    assert made[1].into == "there"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("rename the scans so that the names say what they are", "the scans"),
        ("rename the photos to what they show", "the photos"),
        ("give those files better names", "those files"),
        ("rename my receipts by their content", "my receipts"),
    ],
)
def test_names_that_tell_the_content(said: str, what: str) -> None:
    (request,) = read_requests(said)
    assert (request.action, request.what, request.name) == (Action.RENAME, what, "")
    assert request.key is Key.TOPIC
