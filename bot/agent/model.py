"""The hosted chat model that a setting names, by LangChain's own loader."""

from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from bot.errors import Misconfigured
from bot.settings import Settings

EMBEDDED = "embedded"
_EXTRAS = {"anthropic": "anthropic", "openai": "openai", "ollama": "ollama"}


def hosted_model(settings: Settings) -> BaseChatModel:
    """A model given as PROVIDER:NAME. One attempt may be silent for its share of the time that an answer has.

    :raises Misconfigured: RAPPORT_MODEL names no provider, or its package or key is missing.
    """
    setting = settings.model
    provider, _, name = setting.partition(":")
    if not name:
        raise Misconfigured(
            f"RAPPORT_MODEL is {setting!r}; give 'embedded' or PROVIDER:NAME, such as anthropic:…, openai:… or ollama:…."
        )
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **_connection(settings))
    except ImportError:
        extra = _EXTRAS.get(provider)
        advice = (
            f"Install it with: pip install 'rapport-crm[{extra}]'"
            if extra
            else f"Install the LangChain package for {provider!r}"
        )
        raise Misconfigured(
            f"RAPPORT_MODEL is {setting!r} and its package is not installed. {advice}, or set RAPPORT_MODEL=embedded."
        ) from None
    except ValueError as error:
        raise Misconfigured(f"RAPPORT_MODEL is {setting!r} and cannot be used: {error}") from error
    except Exception as error:  # a provider's client raises its own kind when its key is missing
        raise Misconfigured(
            f"RAPPORT_MODEL is {setting!r} and could not be started ({error}). Check its key, or set RAPPORT_MODEL=embedded."
        ) from error
    if "streaming" in type(model).model_fields:  # a reply that is cut off then shows, and its words come as they are written
        return model.model_copy(update={"streaming": True})
    return model


def _connection(settings: Settings) -> dict[str, Any]:
    silence = settings.model_seconds / (settings.model_retries + 1)
    given: dict[str, Any] = {"timeout": silence, "max_retries": settings.model_retries}
    if settings.model_url is not None:
        given["base_url"] = settings.model_url
    return given
