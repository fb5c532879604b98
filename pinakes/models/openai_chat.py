"""Chat models by name: at OpenAI, at any endpoint that speaks like it, or from any other LangChain provider."""

from __future__ import annotations

import importlib
from typing import Any

from langchain_core.language_models import BaseChatModel

from pinakes.core.errors import ConfigurationError
from pinakes.models.openai_endpoint import Endpoint

_OPENAI = "openai"
_FINE_TUNED = "ft"


def openai_chat(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    timeout_s: float = 60.0,
    max_output_tokens: int | None = None,
    stream_usage: bool = True,
    **options: Any,
) -> BaseChatModel:
    """Return LangChain's `ChatOpenAI` for an endpoint; it neither retries nor goes anywhere else.

    Args:
        model: As the endpoint names it.
        base_url: The endpoint, including its "/v1"; None is OpenAI.
        api_key: May be missing where the endpoint is not OpenAI.
        timeout_s: How long the endpoint may send nothing.
        max_output_tokens: Where answers stop; None leaves it to the model.
        stream_usage: Whether streams shall end with what they cost; a few endpoints refuse to be asked for it.
        options: Further parameters of `ChatOpenAI`, such as `temperature` or `extra_body`.

    Raises:
        ConfigurationError: The URL is none, a key is missing, or an option is unknown to `ChatOpenAI`.
    """
    endpoint = Endpoint.of(base_url, api_key)
    from pinakes.models.endpoint_chat import EndpointChat

    settings = {
        **endpoint.settings(timeout_s),
        "stream_usage": stream_usage,
        "stream_chunk_timeout": timeout_s,
        "plain_max_tokens": not endpoint.is_openai,
        # Only OpenAI has the other API; a name alone must not choose it elsewhere.
        "use_responses_api": None if endpoint.is_openai else False,
    }
    if max_output_tokens is not None:
        settings["max_tokens"] = max_output_tokens
    try:
        chat = EndpointChat(model=model, **{**settings, **options})
    except ValueError as error:
        raise ConfigurationError(
            "These options do not suit the chat model; check them.", model=model, reason=str(error)
        ) from error
    endpoint.anonymous(chat.root_client, chat.root_async_client)
    return chat


def chat_model(
    spec: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    timeout_s: float = 60.0,
    max_output_tokens: int | None = None,
    **options: Any,
) -> BaseChatModel:
    """Return the chat model that a name stands for.

    With a base URL the whole name is the endpoint's ("llama3.2:3b" too), but for a leading "openai:". Without one,
    "gpt-…" and "openai:gpt-…" are OpenAI's, and "provider:model" goes through LangChain's `init_chat_model`.

    Raises:
        ConfigurationError: The provider is unknown, or a package for it is not installed.
    """
    provider, colon, name = spec.partition(":")
    if not spec.strip() or (colon and not name.strip()):
        raise ConfigurationError("Name a model, for example gpt-… or provider:model.", model=spec)
    if colon and provider == _OPENAI:
        spec, colon = name, ""
    if base_url or not colon or provider == _FINE_TUNED:
        return openai_chat(
            spec,
            base_url=base_url,
            api_key=api_key,
            timeout_s=timeout_s,
            max_output_tokens=max_output_tokens,
            **options,
        )
    given = {"api_key": api_key, "max_tokens": max_output_tokens}
    known = {key: value for key, value in given.items() if value is not None}
    return _of_provider(spec, {"timeout": timeout_s, "max_retries": 0, **known, **options})


def _of_provider(spec: str, options: dict[str, Any]) -> BaseChatModel:
    try:
        chat_models = importlib.import_module("langchain.chat_models")
    except ImportError as error:
        raise ConfigurationError(
            f"The model {spec} needs LangChain's providers: pip install pinakes[providers] and the provider's package. "
            "For an OpenAI-compatible endpoint set PINAKES_MODEL_BASE_URL instead.",
            model=spec,
        ) from error
    try:
        made: BaseChatModel = chat_models.init_chat_model(spec, **options)
    except ImportError as error:
        raise ConfigurationError(
            f"The model {spec} needs its provider's package; install it. ({error})", model=spec
        ) from error
    except Exception as error:
        raise ConfigurationError(
            f"The model {spec} cannot be set up; check its name and its provider's settings. ({error})",
            model=spec,
        ) from error
    return made
