"""Every setting, in one strict class. Each is read from ``RAPPORT_<NAME>`` and has a default that works."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import Misconfigured
from crm_store.changes.hidden import parsed
from crm_store.errors import Invalid
from crm_store.people import Visibility

_SLACK = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RAPPORT_", extra="forbid", frozen=True)

    home: Path = Field(Path("~/.rapport"), description="The folder that holds everything Rapport writes by default.")
    database_url: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="The relational store; a SQLite file in the home folder when empty. PostgreSQL: postgresql+psycopg://USER@HOST/DB.",
    )
    chroma_url: str | None = Field(
        None, repr=False, description="A Chroma server (http://HOST:PORT); the home folder when empty.")
    model: str = Field(
        "embedded",
        description="The chat model: embedded (no key, no network), or PROVIDER:NAME such as anthropic:…, openai:…, ollama:….",
    )
    model_url: str | None = Field(
        None,
        repr=False,
        description="The address of the hosted model, such as an OpenAI-compatible server of your own (http://HOST:PORT/v1); "
        "the provider's own when empty.",
    )
    model_seconds: float = Field(
        45, gt=0, le=600, description="Seconds that a hosted model may take for one answer; then the embedded model answers."
    )
    model_retries: int = Field(
        2, ge=0, le=10, description="How often a hosted model is asked again after it failed, was busy or did not respond."
    )
    model_calls: int = Field(8, ge=1, le=50, description="How often a hosted model may be asked for one answer.")
    model_tool_calls: int = Field(12, ge=1, le=100, description="How many tools a hosted model may call for one answer.")
    model_tokens: int = Field(
        60_000, ge=1_000, description="Tokens, read and written, that a hosted model may use for one answer."
    )
    embeddings: str = Field(
        "minilm-int8", description="The embedding model: minilm-int8, or MODULE:CLASS of a LangChain Embeddings."
    )
    threads: int = Field(2, ge=1, le=64, description="Threads that one embedding may use.")
    workers: int = Field(8, ge=1, le=64, description="Questions that are answered at the same time.")
    visibility: Visibility = Field(
        Visibility.OWN,
        description="Whose accounts a rep sees. own: those whose account team they are on; team: also those of everyone in their "
        "own team; tree: also those of everyone in the teams below their own; all: every account.",
    )
    manager_fields: frozenset[str] = Field(
        frozenset(),
        description="Fields that only managers and administrators see and change, such as deal.amount_minor contact.phone, with "
        "spaces between them.",
    )
    currency: str = Field("EUR", pattern="^[A-Z]{3}$", description="The reporting currency (ISO 4217).")
    week_start: int = Field(0, ge=0, le=6, description="The first day of the week, 0 for Monday.")
    fiscal_year_start: int = Field(1, ge=1, le=12, description="The month in which the fiscal year starts.")
    dense_weight: float | None = Field(
        None, ge=0, le=1, description="How much meaning weighs against words in a search; not set: by the question."
    )
    slack_bot_token: SecretStr | None = Field(
        None, description="Slack's bot token (xoxb-…); SLACK_BOT_TOKEN is read too."
    )
    slack_app_token: SecretStr | None = Field(
        None, description="Slack's app token for Socket Mode (xapp-…); SLACK_APP_TOKEN is read too."
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        description="Slack's signing secret, for 'rapport serve --transport http'; SLACK_SIGNING_SECRET is read too.",
    )
    slack_api_url: str | None = Field(
        None, description="Slack's API address; SLACK_API_URL is read too. Only a test points elsewhere."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="The secret that signs meetings sent to the webhook; without one it is closed."
    )
    webhook_port: int = Field(8790, ge=0, le=65535, description="The port of the meeting webhook in 'rapport serve'.")
    public_url: str | None = Field(
        None, description="A web address below which your own site shows sources (…/source/ID); without one they open in Slack only."
    )
    max_question_chars: int = Field(
        8_000, ge=100, description="A longer message is refused with advice to send a file."
    )
    retention_conversations_days: int = Field(
        0, ge=0, description="Days that conversations with the assistant are kept; 0 keeps them for good."
    )
    retention_jobs_days: int = Field(
        90, ge=0, description="Days that finished jobs and received events are kept; 0 keeps them for good."
    )
    retention_contacts_months: int = Field(
        0, ge=0, description="Months without any dealings after which a contact's erasure is proposed to an administrator; 0 for never."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")

    @field_validator("home")
    @classmethod
    def _expand(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("manager_fields", mode="before")
    @classmethod
    def _fields(cls, given: object) -> object:
        try:
            return parsed(given) if isinstance(given, str) else given
        except Invalid as error:
            raise ValueError(str(error)) from None  # pydantic names the setting

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)  # from_environment() passes everything, so that a misspelt name is an error

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: object) -> Self:
        """Read ``RAPPORT_*`` and Slack's own variables.

        :raises Misconfigured: names the variable that is unknown or has a value that cannot be used.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, object] = {}
        for name in _SLACK:
            if environment.get(name):
                values[name.lower()] = environment[name]
        values |= {
            name.removeprefix("RAPPORT_").lower(): value
            for name, value in environment.items()
            if name.startswith("RAPPORT_") and value
        }
        try:
            return cls(**(values | given))  # type: ignore[arg-type]  # pydantic checks each value
        except ValidationError as error:
            problems = "; ".join(
                f"{_variable(problem['loc'])}: "
                + ("there is no such setting" if problem["type"] == "extra_forbidden" else problem["msg"])
                for problem in error.errors()
            )
            raise Misconfigured(f"Some settings cannot be used: {problems}. The README lists every setting.") from None

    @property
    def secrets(self) -> frozenset[str]:
        """The tokens and passwords that are set, as they are and as an address spells them."""
        values = [getattr(self, name) for name in type(self).model_fields]
        found = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
        for url in (self.database_url, self.chroma_url, self.model_url):
            password = urlsplit(url or "").password
            found |= {password, unquote(password)} if password else set()
        return frozenset(found)

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'rapport.db'}"


def _variable(location: tuple[int | str, ...]) -> str:
    """The environment variable behind a field, as its owner wrote it."""
    name = "_".join(str(part) for part in location).upper()
    return name if name.startswith("SLACK_") and name in _SLACK else f"RAPPORT_{name}"
