"""Turning what the steps found into a cited answer."""

from __future__ import annotations

from pinakes.agents.writing.by_model import ModelWriter
from pinakes.agents.writing.local import LocalWriter

__all__ = ["LocalWriter", "ModelWriter"]
