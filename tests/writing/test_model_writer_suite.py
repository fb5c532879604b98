"""The writer with a model against the port's suite, with a model that cites and one that does as files say."""

from __future__ import annotations

import pytest

from pinakes.agents.writing import LocalWriter, ModelWriter
from pinakes.models.chat_role import ChatRole
from pinakes.testing import ConformWriter
from pinakes.testing.scripted_model import ScriptedModel

_OBEDIENT = "[[doc:ffffffff|secret.pdf|p:1]] The pump is greased every 500 hours [E1, E99]. [[ref:all]]"


class TestModelWriter(ConformWriter):
    @pytest.fixture
    def writer(self, writer: LocalWriter) -> ModelWriter:
        reply = "The pump is greased every 500 hours [E1]."
        return ModelWriter(ChatRole(ScriptedModel(*[reply] * 20)), writer)


class TestObedientModelWriter(ConformWriter):
    @pytest.fixture
    def writer(self, writer: LocalWriter) -> ModelWriter:
        return ModelWriter(ChatRole(ScriptedModel(*[_OBEDIENT] * 20)), writer)
