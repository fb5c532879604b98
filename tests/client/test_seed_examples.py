"""Scripts as the hosted client's guides have them run on a library made from examples/library."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from seed_examples import agentic_chat, chat_resource, documents, sync_chat

from pinakes import Settings, SyncPinakes
from pinakes.testing.library_copies import copied

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "library"
SHOWN = (
    "Notes/logbook-2025-03.txt",
    "Photos/2025-03/pump-house-flooded.jpg",
    "Photos/2025-05/P-104-coupling-2.jpg",
    "Photos/2025-05/P-104-coupling.jpg",
    "Reports/IR-2025-03-P-104-seal-failure.docx",
    "Reports/IR-2025-05-P-104-coupling.md",
    "Safety/Lockout-and-confined-space-rules.docx",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("seed") / "library"
    settings = Settings(library=library, ocr="none", workers=2, embed_threads=1)
    with SyncPinakes(settings=settings) as client:
        client.files.upload_batch([EXAMPLES / name for name in SHOWN])
    return library


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with settings by the environment alone, as scripts have them."""
    copied(made, tmp_path / "library")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINAKES_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("PINAKES_OCR", "none")
    monkeypatch.setenv("PINAKES_WORKERS", "1")
    monkeypatch.setenv("PINAKES_EMBED_THREADS", "1")
    return tmp_path


async def test_agentic_chat(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await agentic_chat.quick_start()
    said = capsys.readouterr().out
    assert "P-104-coupling.jpg" in said and "Selected: True" in said
    assert "Status: " in said and "Found 2 images" in said and "Done (" in said
    assert "Messages: 2" in said
    assert "Plan: " in said and "After approval: " in said and "files to Pictures (P-104" in said
    assert "coupling" in (here / "conversation.md").read_text("utf8")
    assert json.loads((here / "conversation.json").read_text("utf8"))


async def test_every_method_of_chats(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await chat_resource.main()
    said = dict(line.partition(": ")[::2] for line in capsys.readouterr().out.splitlines())
    assert said["Images"] == "3" and "P-104-coupling.jpg" in said["Found"]
    assert said["Open"] == "True" and said["Active"] == "False"
    assert said["Answer"] and said["Streamed"]
    assert said["Title"] == "Pump P-104; 4 messages" and said["Selected"] == "True"
    assert said["Roles"] == "['user', 'assistant', 'user', 'assistant']"
    assert said["Listed"] == said["Exported"] == "True" and "Iterated" in said


async def test_documents(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = {
        "report.pdf": "Reports/Seal-wear-at-low-discharge-pressure.pdf",
        "report1.pdf": "Invoices/2025-03-24-Norhaven-NH-20417.pdf",
        "report2.docx": "Manuals/Crane-C-2-operating-rules.docx",
        "notes.txt": "Notes/crew-handbook.md",
    }
    for name, source in sources.items():
        shutil.copy(EXAMPLES / source, here / name)
    await documents.main()
    said = capsys.readouterr().out
    assert "Extraction: completed" in said and "Page 2: " in said
    assert "Uploaded 3 documents" in said and "3 succeeded" in said and "FAIL" not in said
    assert "Document: " in said and "report.pdf: " in said
    assert "Deduplicated: True True" in said
    assert "Total: 8" in said and "report2.docx (docx)" in said
    assert "Download: file://" in said and "Left: 7" in said


def test_sync_chat(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sync_chat.main()
    said = capsys.readouterr().out
    assert "P-104-coupling.jpg" in said and said.rstrip().endswith("Done")
