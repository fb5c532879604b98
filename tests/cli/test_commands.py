"""The command line, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pinakes.cli.app import app

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("PINAKES_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("PINAKES_OCR", "none")
    monkeypatch.setenv("PINAKES_WORKERS", "1")

    def invoke(*words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(words), input=stdin)

    return invoke


@pytest.fixture
def manual(tmp_path: Path) -> Path:
    path = tmp_path / "manual.md"
    path.write_text("# Pump\n\nGrease the bearing every 2,000 hours with lithium grease.\n", "utf8")
    return path


def test_add_ask_search_plan_and_status(run, manual: Path) -> None:  # type: ignore[no-untyped-def]
    added = run("add", str(manual))
    assert added.exit_code == 0 and "1 succeeded" in added.output
    asked = run("ask", "How often should the bearing be greased?")
    assert asked.exit_code == 0, asked.output
    assert "2,000 hours" in asked.output and "[1] manual.md" in asked.output
    answer = json.loads(run("ask", "How often should the bearing be greased?", "--json").output)
    assert answer["metadata"]["citations"][0]["evidence"]["filename"] == "manual.md"
    found = json.loads(run("search", "grease interval", "--json").output)
    assert found["results"][0]["document_filename"] == "manual.md"
    plan = json.loads(run("plan", "How many photos are there?", "--json").output)
    assert [step["agent"] for step in plan["steps"]] == ["analytics"]
    status = json.loads(run("status", "--json").output)
    assert status["counts"] == {"document": 1}


def test_files_that_fail_are_shown_with_reasons_and_exit_code_3(run, manual: Path) -> None:  # type: ignore[no-untyped-def]
    (manual.parent / "empty.pdf").write_bytes(b"")
    result = run("add", str(manual), str(manual.parent / "empty.pdf"))
    assert result.exit_code == 3
    assert "EMPTY_FILE" in result.output and "1 succeeded, 1 failed" in result.output


def test_errors_are_one_sentence_with_exit_code_1_or_json(run) -> None:  # type: ignore[no-untyped-def]
    result = run("ask", "")
    assert result.exit_code == 1 and "VALIDATION_ERROR" in result.output
    error = json.loads(run("ask", "x" * 10_001, "--json").output)["error"]
    assert error["code"] == "VALIDATION_ERROR"
    unknown = run("ask", "hello", "--session", "no-such-session")
    assert unknown.exit_code == 1 and "RESOURCE_NOT_FOUND" in unknown.output


def test_a_chat_remembers_and_can_be_come_back_to(run, manual: Path) -> None:  # type: ignore[no-untyped-def]
    run("add", str(manual))
    talked = run(
        "chat", stdin="How often should the bearing be greased?\n/plan and with what?\n/status\nexit\n"
    )
    assert talked.exit_code == 0, talked.output
    assert "2,000 hours" in talked.output and "come back with: pinakes chat --session " in talked.output
    session = talked.output.rsplit("--session ", 1)[1].split()[0]
    again = run("ask", "And with what?", "--session", session)
    assert again.exit_code == 0 and "lithium" in again.output


def test_wrong_usage_is_exit_code_2(run) -> None:  # type: ignore[no-untyped-def]
    assert run("add").exit_code == 2
    assert run("nonsense").exit_code == 2
