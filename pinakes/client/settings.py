"""Settings: the only place that reads the environment. Every variable starts with `PINAKES_`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_LIBRARY = Path("~/pinakes-library")


class Settings(BaseSettings):
    """How a library is opened; arguments win over `PINAKES_*` variables, which win over defaults."""

    model_config = SettingsConfigDict(env_prefix="PINAKES_", extra="ignore", frozen=True)

    library: Path = Field(default=DEFAULT_LIBRARY, description="The library's folder; made at first use.")
    tenant: str = Field(
        default="default",
        min_length=1,
        max_length=64,
        description="Whose files inside the library are meant.",
    )
    index_url: str | None = Field(
        default=None,
        description="A Qdrant server's URL; unset means the embedded index in the library folder.",
    )
    ocr: Literal["auto", "tesseract", "rapidocr", "none"] = Field(
        default="auto", description="What reads text off pixels; auto takes rapidocr, else tesseract on PATH."
    )
    workers: int = Field(default=2, ge=1, le=64, description="Processes that read files.")
    read_deadline_s: float = Field(default=300.0, gt=0, description="Seconds one file may take to be read.")
    worker_memory_mb: int = Field(
        default=2048, ge=256, description="Memory one reading process may use, in MB."
    )
    embed_threads: int = Field(default=2, ge=1, le=64, description="Cores the local embedder may use.")
    busy_wait_s: float = Field(
        default=60.0,
        ge=0,
        description="Seconds a message waits while its session is answering another one; 0 refuses at once.",
    )

    @property
    def folder(self) -> Path:
        """The library folder as an absolute path."""
        return self.library.expanduser().absolute()
