"""Settings: the only place that reads the environment. Every variable starts with `PINAKES_`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pinakes.core.errors import ConfigurationError
from pinakes.core.options import Approval, Budget, TurnOptions

DEFAULT_LIBRARY = Path("~/pinakes-library")


class Settings(BaseSettings):
    """How a library is opened; arguments win over `PINAKES_*` variables, which win over defaults."""

    model_config = SettingsConfigDict(
        env_prefix="PINAKES_", extra="ignore", frozen=True, populate_by_name=True
    )

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
    custom_storage: Path | None = Field(
        default=None,
        description="A second folder for contents, for uploads with storage_target='custom'; made at first use.",
    )
    busy_wait_s: float = Field(
        default=60.0,
        ge=0,
        description="Seconds a message waits while its session is answering another one; 0 refuses at once.",
    )
    model: str | None = Field(
        default=None,
        description="The chat model for every role, for example gpt-5-mini; unset means that no model is asked.",
    )
    model_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("PINAKES_MODEL_BASE_URL", "PINAKES_BASE_URL", "OPENAI_BASE_URL"),
        description="An OpenAI-compatible endpoint (vLLM, Ollama, LM Studio, a gateway); unset means OpenAI's.",
    )
    model_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("PINAKES_MODEL_API_KEY", "PINAKES_API_KEY", "OPENAI_API_KEY"),
        description="The endpoint's key; local endpoints often need none.",
    )
    planner: Literal["auto", "model", "local"] = Field(
        default="auto",
        description="Who plans where there is a model: auto asks it when the local planner is not sure.",
    )
    planner_model: str | None = Field(default=None, description="The model that plans, instead of `model`.")
    writer_model: str | None = Field(default=None, description="The model that writes, instead of `model`.")
    vision_model: str | None = Field(
        default=None, description="The model that looks at pictures, instead of `model`."
    )
    analyst_model: str | None = Field(
        default=None, description="The model that reads documents part by part, instead of `model`."
    )
    fallback_model: str | None = Field(
        default=None, description="The model that is asked when another one fails, before the local way."
    )
    embedding_model: str | None = Field(
        default=None,
        description="A model for embeddings at the endpoint, or fastembed:<name> for a local one; unset means the one "
        "in the package. Each has its own index: `pinakes reindex` makes it.",
    )
    reranker: str | None = Field(
        default=None,
        description="A local cross-encoder that judges the best hits of searches, as fastembed:<name>.",
    )
    image_embedder: str | None = Field(
        default=None,
        description="A local pair of models that finds pictures by what they look like, as fastembed:clip-ViT-B-32.",
    )
    image_floor: float | None = Field(
        default=None,
        ge=-1,
        le=1,
        description="The cosine from which a picture counts as showing what is looked for; unset is the model's own.",
    )
    allow_downloads: bool = Field(
        default=False, description="Whether local models that are not on this machine may be fetched."
    )
    models_folder: Path | None = Field(
        default=None, description="Where fetched local models lie; unset means fastembed's own place."
    )
    transcription_model: str | None = Field(
        default=None, description="A speech model at the endpoint, for what is said in videos."
    )
    model_timeout_s: float = Field(
        default=60.0, gt=0, description="Seconds a model may take to begin its answer, and to go on with it."
    )
    model_retries: int = Field(default=2, ge=0, le=10, description="New tries after a fault that may pass.")
    model_structured: Literal["auto", "json_schema", "tools", "json"] = Field(
        default="auto", description="How the endpoint gives typed answers; auto finds out."
    )
    model_images: bool | None = Field(
        default=None, description="Whether the model sees pictures; unset goes by its name."
    )
    context_tokens: int | None = Field(
        default=None, ge=2000, description="Tokens that fit into one call; unset goes by the model's name."
    )
    describe: bool = Field(
        default=False, description="Whether a model describes new pictures as they come in, one call each."
    )
    link_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Hosts off the public web that pages may be fetched from: host or host:port, parted by commas.",
    )
    domains_folder: Path | None = Field(
        default=None, description="A folder with domain packs of your own, `<name>.toml` each."
    )
    approval: Approval = Field(
        default=Approval.CHANGES, description="What a person is asked before: changes, plan or never."
    )
    max_calls: int | None = Field(default=None, ge=0, description="Model calls that one turn may make.")
    max_tokens: int | None = Field(default=None, ge=0, description="Tokens that one turn may take.")
    max_seconds: float | None = Field(default=None, gt=0, description="Seconds that one turn may take.")
    session_max_calls: int | None = Field(
        default=None, ge=0, description="Model calls that all turns of a session may make together."
    )
    session_max_tokens: int | None = Field(
        default=None, ge=0, description="Tokens that all turns of a session may take together."
    )

    @property
    def turn_options(self) -> TurnOptions:
        """What turns start from where their session says nothing else."""
        return TurnOptions(
            approval=self.approval,
            budget=Budget(max_calls=self.max_calls, max_tokens=self.max_tokens, max_seconds=self.max_seconds),
            session_budget=Budget(max_calls=self.session_max_calls, max_tokens=self.session_max_tokens),
        )

    @property
    def folder(self) -> Path:
        """The library folder as an absolute path."""
        return self.library.expanduser().absolute()

    @field_validator("link_allowed_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        listed = json.loads(value) if value.lstrip().startswith("[") else value.split(",")
        return tuple(host.strip() for host in listed if host.strip())


def read_settings(**given: Any) -> Settings:
    """Return the settings that arguments and the environment give.

    Raises:
        ConfigurationError: A value cannot be used; `details` names each such setting and why.
    """
    try:
        return Settings(**given)
    except pydantic.ValidationError as error:
        wrong = {".".join(map(str, one["loc"])): one["msg"] for one in error.errors(include_url=False)}
        told = "; ".join(f"{name} (PINAKES_{name.upper()}): {why}" for name, why in wrong.items())
        raise ConfigurationError(f"Correct these settings: {told}.", settings=wrong) from error
