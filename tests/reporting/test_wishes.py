"""What requests for reports ask."""

from __future__ import annotations

import pytest

from pinakes.agents.reporting.wish import Length, SaveTo, read_wish


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("Write a report about the P-104 seal failure as PDF with pictures", "P-104 seal failure"),
        ("Prepare a briefing about the supplier Norhaven in Word", "supplier Norhaven"),
        ("Create a PDF dossier on the property", "property"),
        ("Summarise the pump incidents in a PDF report", "pump incidents"),
        ("Compile a report for the board about energy and water in 2025", "energy and water in 2025"),
        ("Turn these findings into a report", ""),
        ("save it into Reports", ""),
        ("Schreibe einen Bericht über den Ausfall der Pumpe P-104 als PDF", "Ausfall der Pumpe P-104"),
        ("Escribe un informe sobre la bomba P-104 en PDF y guárdalo en la carpeta Informes", "bomba P-104"),
        ("Rédige un rapport sur la pompe P-104 avec des photos", "pompe P-104"),
        ("写一份关于泵P-104的报告，保存到报告文件夹", "泵P-104"),
    ],
)
def test_topics(asked: str, topic: str) -> None:
    assert read_wish(asked).topic == topic


@pytest.mark.parametrize(
    ("asked", "formats"),
    [
        ("Write a report about the pump", ()),
        ("Write a report about the pump as PDF", ("pdf",)),
        ("Write a report about the pump in Word and as a PDF", ("docx", "pdf")),
        ("Write a report about the word order of German", ()),
        ("Make an html report of the storms", ("html",)),
        ("Schreibe einen Bericht über die Pumpe als Word-Dokument", ("docx",)),
    ],
)
def test_formats(asked: str, formats: tuple[str, ...]) -> None:
    assert read_wish(asked).formats == formats


@pytest.mark.parametrize(
    ("asked", "save"),
    [
        ("Write a report on the crane", None),
        ("Write a report on the crane and save it into Reports", SaveTo("Reports")),
        (
            'Write a report on the crane. Save it as PDF in the folder "Reports/Crane 2".',
            SaveTo("Reports/Crane 2"),
        ),
        ("Write a report on the crane and put it into the library", SaveTo("")),
        ("Write a report on the crane and save it", SaveTo("")),
        ("Write a report on the crane. Save it, please.", SaveTo("")),
        ("Write a report on how to save energy and keep the pump running", None),
        ("Save the report as a document", SaveTo("")),
        ("Report on the cranes: store it in the Incident Files folder", SaveTo("Incident Files")),
        ("Schreibe einen Bericht über den Kran und speichere ihn im Ordner Berichte", SaveTo("Berichte")),
        ("Write a report on how to save energy in winter", None),
        ("Write a report on where we keep the spare keys", None),
        ("Write a report on what to put in the toolbox", None),
    ],
)
def test_where_to_save(asked: str, save: SaveTo | None) -> None:
    assert read_wish(asked).save == save


def test_sections_pictures_and_length() -> None:
    wish = read_wish("Write a detailed report on the pump covering incidents, costs and rules with photos")
    assert wish.parts == ("Incidents", "Costs", "Rules")
    assert wish.pictures is True
    assert wish.length is Length.DETAILED
    assert wish.topic == "pump"
    brief = read_wish("Write a one-page fact sheet about the crane without pictures")
    assert (brief.pictures, brief.length, brief.topic) == (False, Length.BRIEF, "crane")


def test_languages() -> None:
    said = ["Write a report on it", "Schreibe einen Bericht über die Pumpe", "Rédige un rapport sur la pompe"]
    assert [read_wish(s).language for s in said] == ["en", "de", "fr"]
