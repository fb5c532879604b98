"""Settings from the environment, and what is said of those that cannot be used."""

from __future__ import annotations

import pytest

from pinakes import Pinakes
from pinakes.client.settings import read_settings
from pinakes.core.errors import ConfigurationError


@pytest.mark.parametrize("said", ["127.0.0.1:8000, intra.example", '["127.0.0.1:8000", "intra.example"]'])
def test_hosts_are_parted_by_commas_or_a_json_list(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("PINAKES_LINK_ALLOWED_HOSTS", said)
    assert read_settings().link_allowed_hosts == ("127.0.0.1:8000", "intra.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [("WORKERS", "many"), ("OCR", "eyes"), ("APPROVAL", "perhaps"), ("LINK_ALLOWED_HOSTS", "[1")],
)
def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PINAKES_{name}", value)
    with pytest.raises(ConfigurationError, match=f"PINAKES_{name}") as refused:
        Pinakes("library")
    assert name.lower() in refused.value.details["settings"]
