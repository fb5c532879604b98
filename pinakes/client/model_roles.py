"""Choosing models for their roles: what the caller brings, else what the settings name, else none."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from pinakes.agents.domains.packs import Domains
from pinakes.agents.planning.local import LocalPlanner
from pinakes.client.settings import Settings
from pinakes.core.errors import ConfigurationError
from pinakes.models.fastembed_loading import LocalModels
from pinakes.ports.embedder import Embedder
from pinakes.ports.image_embedder import ImageEmbedder
from pinakes.ports.language_model import Capabilities, LanguageModel, Models, Transcriber
from pinakes.ports.planner import Planner
from pinakes.ports.reranker import Reranker
from pinakes.ports.writer import Writer

GivenModel: TypeAlias = Any
"""A model's name, a LangChain `BaseChatModel`, or a `LanguageModel`."""

FASTEMBED = "fastembed:"
ROLES = ("planner", "writer", "vision", "analyst")
OTHERS = ("fallback", "transcriber")


def check_roles(given: Mapping[str, GivenModel]) -> None:
    """Raise ConfigurationError for a role that does not exist."""
    for role in given:
        if role not in (*ROLES, *OTHERS, "default"):
            known = ", ".join(("default", *ROLES, *OTHERS))
            raise ConfigurationError(f"There is no role '{role}' for a model; choose of {known}.")


def models_for(settings: Settings, given: Mapping[str, GivenModel]) -> Models:
    """Return the models by role; a role without one takes the default.

    Raises:
        ConfigurationError: A model's name cannot be used as it is, or a role is unknown.
    """
    check_roles(given)
    default = given.get("default", settings.model)
    chosen = {role: given.get(role, getattr(settings, f"{role}_model", None)) or default for role in ROLES}
    spare = given.get("fallback", settings.fallback_model)
    if not any(chosen.values()):
        return Models(transcriber=_transcriber(settings, given))
    made = Made(settings, spare)
    seeing = bool(given.get("vision") or settings.vision_model)
    roles = {
        role: made.role(model, sees=seeing and role == "vision") for role, model in chosen.items() if model
    }
    if "vision" in roles and not roles["vision"].capabilities.images:
        del roles["vision"]
    return Models(transcriber=_transcriber(settings, given), **roles)


async def close_models(models: Models, brought: Collection[Any]) -> None:
    """Close the connections of models that were made from names; those that the caller brought stay open."""
    roles = (models.planner, models.writer, models.vision, models.analyst, models.transcriber)
    own = {id(role): role for role in roles if role is not None and not any(role is one for one in brought)}
    for role in own.values():
        close = getattr(role, "aclose", None)
        if close is not None:
            await close()


class Made:
    """Models made from names, each once."""

    def __init__(self, settings: Settings, spare: GivenModel) -> None:
        self._settings = settings
        self._known: dict[Any, LanguageModel] = {}
        self._spare = self._role(spare, None) if spare else None

    def role(self, given: GivenModel, *, sees: bool = False) -> LanguageModel:
        """Return the model behind a name or a chat model; `sees` says that it was chosen to look at pictures."""
        key = (given if isinstance(given, str) else id(given), sees)
        if key not in self._known:
            self._known[key] = self._role(given, self._spare, sees)
        return self._known[key]

    def _role(self, given: GivenModel, spare: LanguageModel | None, sees: bool = False) -> LanguageModel:
        if isinstance(given, LanguageModel):
            return given
        from pinakes.models.chat_role import ChatRole

        settings = self._settings
        model = self._chat_model(given) if isinstance(given, str) else given
        name = given if isinstance(given, str) else None
        return ChatRole(
            model,
            name=name,
            capabilities=self._capabilities(sees),
            retries=settings.model_retries,
            timeout_s=settings.model_timeout_s,
            fallback=spare,
            closes=isinstance(given, str),
        )

    def _chat_model(self, name: str) -> Any:
        from pinakes.models.openai_chat import chat_model

        settings = self._settings
        return chat_model(
            name,
            base_url=settings.model_base_url,
            api_key=_key(settings),
            timeout_s=settings.model_timeout_s,
        )

    def _capabilities(self, sees: bool) -> Capabilities | None:
        """Return what the settings say of an endpoint; None leaves it to the role to find out."""
        settings = self._settings
        said: dict[str, Any] = {
            "structured": None if settings.model_structured == "auto" else settings.model_structured,
            "images": True if sees else settings.model_images,
            "context_tokens": settings.context_tokens,
        }
        said = {key: value for key, value in said.items() if value is not None}
        return Capabilities(**said) if said else None


def planner_for(
    settings: Settings, models: Models, local: LocalPlanner, domains: Domains | None = None
) -> Planner:
    """Return who plans, guided by the fields of work."""
    if models.planner is None or settings.planner == "local":
        return local
    from pinakes.agents.planning.by_model import ModelPlanner

    known = domains or Domains()
    return ModelPlanner(
        models.planner, local, mode=settings.planner, guidance=lambda name: known.get(name).planning()
    )


def writer_for(models: Models, local: Writer, domains: Domains | None = None) -> Writer:
    """Return who writes, guided by the fields of work."""
    if models.writer is None:
        return local
    from pinakes.agents.writing.by_model import ModelWriter

    known = domains or Domains()
    return ModelWriter(models.writer, local, guidance=lambda name: known.get(name).writing())


async def embedder_for(settings: Settings) -> Embedder | None:
    """Return the embedder that the settings name, None for the one in the package."""
    if not settings.embedding_model:
        return None
    if settings.embedding_model.startswith(FASTEMBED):
        from pinakes.models.fastembed_embedder import FastEmbedEmbedder

        name = settings.embedding_model.removeprefix(FASTEMBED)
        return await asyncio.to_thread(FastEmbedEmbedder, name, _local_models(settings))
    from pinakes.models.openai_embedder import OpenAIEmbedder

    return await OpenAIEmbedder.open(
        settings.embedding_model,
        base_url=settings.model_base_url,
        api_key=_key(settings),
        timeout_s=settings.model_timeout_s,
    )


async def reranker_for(settings: Settings) -> Reranker | None:
    """Return the reranker that the settings name, None for none. Raises ConfigurationError."""
    if not settings.reranker:
        return None
    if not settings.reranker.startswith(FASTEMBED):
        raise ConfigurationError(
            f"'{settings.reranker}' names no reranker: write it as fastembed:<name of the model>."
        )
    from pinakes.models.fastembed_reranker import FastEmbedReranker

    name = settings.reranker.removeprefix(FASTEMBED)
    return await asyncio.to_thread(FastEmbedReranker, name, _local_models(settings))


async def image_embedder_for(settings: Settings) -> ImageEmbedder | None:
    """Return the image embedder that the settings name, None for none. Raises ConfigurationError."""
    if not settings.image_embedder:
        return None
    if not settings.image_embedder.startswith(FASTEMBED):
        raise ConfigurationError(
            f"'{settings.image_embedder}' names no image embedder: write it as fastembed:<name of the pair>."
        )
    from pinakes.models.fastembed_image_embedder import FastEmbedImageEmbedder

    def load(name: str) -> ImageEmbedder:
        return FastEmbedImageEmbedder(name, _local_models(settings), floor=settings.image_floor)

    return await asyncio.to_thread(load, settings.image_embedder.removeprefix(FASTEMBED))


def _local_models(settings: Settings) -> LocalModels:
    return LocalModels(
        threads=settings.embed_threads,
        folder=settings.models_folder,
        allow_downloads=settings.allow_downloads,
    )


def _transcriber(settings: Settings, given: Mapping[str, GivenModel]) -> Transcriber | None:
    brought = given.get("transcriber")
    if brought is not None and not isinstance(brought, str):
        transcriber: Transcriber = brought
        return transcriber
    name = brought or settings.transcription_model
    if not name:
        return None
    from pinakes.models.openai_transcriber import OpenAITranscriber

    return OpenAITranscriber(
        name, base_url=settings.model_base_url, api_key=_key(settings), timeout_s=settings.model_timeout_s
    )


def _key(settings: Settings) -> str | None:
    return settings.model_api_key.get_secret_value() if settings.model_api_key else None
