"""Socket Mode: the app's connection to Slack, opened, kept and closed."""

import logging
import socket
from contextlib import suppress
from types import TracebackType
from typing import Self

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.errors import Misconfigured, Unavailable
from bot.settings import Settings
from bot.slack.app import SLACK_API, SlackApp, SlackTokens, web_client

LOG = logging.getLogger(__name__)


def tokens_of(settings: Settings, *, socket_mode: bool = True) -> SlackTokens:
    """The tokens in the settings; the app token is for Socket Mode alone.

    :raises Misconfigured: names the token that is missing or of the wrong kind.
    """
    bot = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    app = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    tokens = SlackTokens(bot, app, secret, settings.slack_api_url or SLACK_API)
    web_client(tokens)
    if socket_mode and not app.startswith("xapp-"):
        raise Misconfigured(
            "SLACK_APP_TOKEN is missing or is not an app token (xapp-…). "
            "Create one with the scope connections:write on your Slack app's page, 'Basic Information'."
        )
    return tokens


class SocketServer:
    """Serves one app over Socket Mode while the context is open, taking ``workers`` envelopes at once."""

    def __init__(self, slack: SlackApp, tokens: SlackTokens, workers: int) -> None:
        self._handler = SocketModeHandler(slack.bolt, tokens.app, concurrency=workers)
        self._client = self._handler.client
        self._slack = slack

    def __enter__(self) -> Self:
        try:
            self._client.connect()
        except SlackApiError as error:
            reason = error.response.get("error")
            raise Misconfigured(
                f"Slack refused SLACK_APP_TOKEN ({reason}). Create a new one with the scope connections:write."
            ) from error
        except OSError as error:
            raise Unavailable(
                f"Slack did not open a connection ({type(error).__name__}). Check the network."
            ) from error
        LOG.debug("Connected to Slack")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wake_the_reader()
        self._client.close()
        self._slack.close()

    def _wake_the_reader(self) -> None:
        """The SDK's reader sleeps in a receive for up to three seconds and close() waits for it; ending the socket's
        traffic wakes it at once."""
        self._client.auto_reconnect_enabled = False
        self._client.closed = True
        session = self._client.current_session
        sock = session.sock if session is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def serve_socket(slack: SlackApp, tokens: SlackTokens, workers: int) -> SocketServer:
    """Connect over Socket Mode; use it as a context manager."""
    return SocketServer(slack, tokens, workers)
