"""A chat model in its role against its port's suite."""

from __future__ import annotations

import pytest

from pinakes.models.chat_role import ChatRole
from pinakes.ports.language_model import Capabilities
from pinakes.testing import ConformLanguageModel, ScriptedModel
from pinakes.testing.conform_language_model import Make


class TestChatRole(ConformLanguageModel):
    @pytest.fixture(params=["json_schema", "tools", "json"])
    def make(self, request: pytest.FixtureRequest) -> Make:
        capabilities = Capabilities(structured=request.param)
        return lambda *replies: ChatRole(ScriptedModel(*replies), capabilities=capabilities)


class TestWithoutPartsOrUsage(ConformLanguageModel):
    @pytest.fixture
    def make(self) -> Make:
        capabilities = Capabilities(parts=False, stream_usage=False)
        return lambda *replies: ChatRole(
            ScriptedModel(*replies, reports_usage=False), capabilities=capabilities
        )
