"""The local writer and the scripted one against the port's suite."""

from __future__ import annotations

import pytest

from pinakes.agents.writing import LocalWriter
from pinakes.core.chat import Answer, WriteRequest
from pinakes.core.plans import StepStatus
from pinakes.testing import ConformWriter
from pinakes.testing.scripted import ScriptedWriter


class TestLocalWriter(ConformWriter):
    @pytest.fixture
    def writer(self, writer: LocalWriter) -> LocalWriter:
        return writer


def told(request: WriteRequest) -> Answer:
    failed = any(result.status is StepStatus.FAILED for result in request.results)
    found = bool(request.passages)
    content = "Every 500 hours." if found else "Nothing answers this."
    return Answer(content=content, found=found, partial=failed, writer=ScriptedWriter.name)


class TestScriptedWriter(ConformWriter):
    @pytest.fixture
    def writer(self) -> ScriptedWriter:
        return ScriptedWriter(*[told] * 20)
