"""The Bolt app: one client, one set of parts, every listener."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Misconfigured, Unavailable
from bot.questions import Answer
from bot.slack import events, interactions
from bot.slack.acting import Acting
from bot.slack.downloads import Downloads
from bot.slack.identity import Identities
from bot.slack.inbound import JOB_KIND
from bot.slack.outbound import Outbound
from bot.slack.pacing import Pace
from bot.slack.parts import Parts
from bot.slack.places import Audience
from bot.slack.replying import Replying
from bot.slack.stops import Stops
from bot.slack.tabs import Tabs
from bot.slack.working import Working
from crm_store.jobs import Claim

LOG = logging.getLogger(__name__)
SLACK_API = "https://slack.com/api/"
BESIDE_THREADS = 4


@dataclass(frozen=True)
class SlackTokens:
    """What opens Slack. ``api_url`` points elsewhere only in tests and under ``rapport local``."""

    bot: str
    app: str = ""
    signing_secret: str = ""
    api_url: str = SLACK_API


@dataclass(frozen=True)
class SlackApp:
    """The Bolt app and the handler of its jobs (kind ``slack_message``)."""

    bolt: App
    working: Working
    stops: Stops
    beside: ThreadPoolExecutor

    @property
    def handlers(self) -> dict[str, Callable[[Claim], None]]:
        """What the worker runs: one handler for the job kind ``slack_message``."""
        return {JOB_KIND: self.working.handle_message}

    def deliver(self, email: str, answer: Answer, key: str) -> None:
        """Post an answer to a person; see :meth:`bot.slack.working.Working.deliver`."""
        self.working.deliver(email, answer, key)

    def close(self) -> None:
        """Finish what runs beside the acknowledgements."""
        self.beside.shutdown(wait=True, cancel_futures=True)


def build(parts: Parts, tokens: SlackTokens, pace: Pace | None = None) -> SlackApp:
    """Connect the parts to Slack.

    :raises Misconfigured: when a token is missing, of the wrong kind, or refused by Slack.
    :raises Unavailable: when Slack does not answer.
    """
    client = web_client(tokens)
    me = _who_am_i(client)
    out = Outbound(client, pace)
    identities = Identities(out, parts, me["team_id"])
    stops = Stops()
    beside = ThreadPoolExecutor(max_workers=BESIDE_THREADS, thread_name_prefix="slack-beside")
    tabs = Tabs(out, parts, identities, beside)
    replying = Replying(out, parts, Audience(out, identities), stops, str(me.get("bot_id") or ""))
    acting = Acting(out, parts, replying, tabs.show_home)
    working = Working(out, parts, identities, replying, acting, Downloads(out), str(me["user_id"]))
    bolt = App(
        client=client, signing_secret=tokens.signing_secret, process_before_response=True,
        request_verification_enabled=bool(tokens.signing_secret),
        listener_executor=beside, logger=LOG,
    )  # fmt: skip
    events.listen(bolt, parts, tabs, stops, identities, str(me["team_id"]))
    interactions.listen(bolt, parts, tabs, identities, str(me["team_id"]))
    return SlackApp(bolt, working, stops, beside)


def web_client(tokens: SlackTokens) -> WebClient:
    """A client without retry handlers: what may be repeated is decided in :mod:`bot.slack.outbound`."""
    if not tokens.bot.startswith("xoxb-"):
        raise Misconfigured(
            "SLACK_BOT_TOKEN is missing or is not a bot token (xoxb-…). "
            "Copy it from your Slack app's page, 'OAuth & Permissions', after installing the app."
        )
    return WebClient(token=tokens.bot, base_url=tokens.api_url.rstrip("/") + "/", retry_handlers=[], logger=LOG)


def _who_am_i(client: WebClient) -> dict[str, Any]:
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        raise Misconfigured(
            f"Slack refused SLACK_BOT_TOKEN ({error.response.get('error')}). "
            "Install the app again and copy its new token."
        ) from error
    except OSError as error:
        raise Unavailable(
            f"Slack did not answer at {client.base_url} ({type(error).__name__}). Check the network."
        ) from error
    return {"team_id": str(answer["team_id"]), "user_id": str(answer["user_id"]), "bot_id": answer.get("bot_id")}
