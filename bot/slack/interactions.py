"""Commands, buttons, forms and shortcuts.

Slack asks once and waits three seconds, so what has an effect is written down and acknowledged at once, and what needs
a modal opens it beside the acknowledgement.
"""

import hashlib
import re
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict
from slack_bolt import Ack, App

from bot.errors import RapportError
from bot.slack import modals
from bot.slack.blocks_proposals import proposal_of
from bot.slack.edit_form import changed, edit_form, typed
from bot.slack.failures import sentence
from bot.slack.identity import Identities
from bot.slack.inbound import Asking, Editing, Pressing, accept
from bot.slack.kit import Json
from bot.slack.parts import Parts
from bot.slack.places import Place
from bot.slack.tabs import Tabs, viewer
from bot.slack.text import from_slack
from bot.slack.verbs import NEEDS_A_MODAL, Verb, verb_of
from crm_store.people import Caller

LOG_MESSAGE, LOG_ANYTHING = "log_message", "log_anything"


class FormOf(BaseModel):
    """What a form's private metadata keeps: which proposal, and the message it is on."""

    model_config = ConfigDict(frozen=True)

    place: Place
    proposal_id: str
    message_ts: str | None


def listen(app: App, parts: Parts, tabs: Tabs, identities: Identities, team: str) -> None:
    """Register what is done about each interaction."""

    def command(ack: Ack, body: dict[str, Any]) -> None:
        place = Place(
            kind="command",
            team=team,
            channel=body["channel_id"],
            user=body["user_id"],
            response_url=body["response_url"],
        )
        key = _key("command", body["user_id"], body["trigger_id"])
        accept(parts, Asking(key=key, place=place, at=parts.clock(), text=str(body.get("text") or "")))
        ack()

    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        for action in body.get("actions") or []:
            verb = verb_of(str(action.get("action_id", "")))
            if verb in NEEDS_A_MODAL:
                assert verb is not None
                _open(parts, tabs, verb, body, action, team)
            elif verb is not None and verb is not Verb.OPEN_LINK:
                accept(parts, _pressing(parts, verb, body, action, team))
        ack()

    def edit_submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        form = FormOf.model_validate_json(view["private_metadata"])
        said = typed(view["state"]["values"])
        if said.errors:
            ack(response_action="errors", errors=said.errors)
            return
        try:
            caller = identities.caller(body["user"]["id"])
            values = changed(said.values, parts.proposal(caller, form.proposal_id))
        except Exception as error:
            ack(response_action="update", view=modals.told(sentence(error, "The form of a proposal")))
            return
        if values:
            key = _key("edit", view["id"], view.get("hash", ""))
            accept(
                parts,
                Editing(
                    key=key, place=form.place, at=parts.clock(), proposal_id=form.proposal_id, values=values,
                    message_ts=form.message_ts,
                ),
            )  # fmt: skip
        ack()

    def log_submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        text = str(view["state"]["values"]["log"]["text"].get("value") or "").strip()
        if not text:
            ack(response_action="errors", errors={"log": "Say in a few words what happened."})
            return
        place = Place(kind="dm", team=team, channel="", user=body["user"]["id"])
        accept(
            parts, Asking(key=_key("log", view["id"]), place=place, at=parts.clock(), text=f"log {text}", chosen=text)
        )
        ack()

    def log_shortcut(ack: Ack, body: dict[str, Any]) -> None:
        said = from_slack(str((body.get("message") or {}).get("text") or ""))
        tabs.open_modal(body["user"]["id"], body["trigger_id"], lambda _: modals.log_form(said, ""), "The form to log")
        ack()

    app.command("/rapport")(command)
    app.action(re.compile(".*"))(pressed)
    app.view("edit")(edit_submitted)
    app.view("log")(log_submitted)
    app.shortcut(LOG_MESSAGE)(log_shortcut)
    app.shortcut(LOG_ANYTHING)(log_shortcut)


def _open(parts: Parts, tabs: Tabs, verb: Verb, body: Json, action: Json, team: str) -> None:
    value = str(action.get("value") or "")

    def make(caller: Caller) -> Json:
        match verb:
            case Verb.SOURCE:
                return modals.source(
                    parts.open_source(caller, value.partition("#")[0]),
                    value,
                    viewer(caller, parts),
                    _page(parts, value),
                )
            case Verb.WHY:
                return modals.why(parts.why(caller, value), viewer(caller, parts))
            case _:
                return _edit(parts, caller, body, action, team)

    tabs.open_modal(body["user"]["id"], body["trigger_id"], make, f"The button {verb}")


def _page(parts: Parts, value: str) -> str | None:
    """Where the source can be read in a browser, when there is such a place."""
    base = parts.settings.public_url
    return f"{base.rstrip('/')}/source/{quote(value.partition('#')[0], safe='')}" if base else None


def _edit(parts: Parts, caller: Caller, body: Json, action: Json, team: str) -> Json:
    proposal_id = proposal_of(str(action.get("block_id", ""))) or str(action.get("value", ""))
    view = parts.proposal(caller, proposal_id)
    if view.status not in ("open", "partly applied"):
        raise RapportError("That was decided already, so there is nothing left to edit.")
    pressed = _pressing(parts, Verb.EDIT, body, action, team)
    place = pressed.place if pressed.ephemeral else pressed.place.model_copy(update={"response_url": None})
    form = FormOf(place=place, proposal_id=proposal_id, message_ts=pressed.message_ts)
    return edit_form(
        view, lambda stage_id: parts.stages(caller, stage_id),
        form.model_dump_json(), parts.settings.currency,
    )  # fmt: skip


def _pressing(parts: Parts, verb: Verb, body: Json, action: Json, team: str) -> Pressing:
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    message_ts = container.get("message_ts")
    ephemeral = bool(container.get("is_ephemeral"))
    user = str(body["user"]["id"])
    thread_ts = container.get("thread_ts") or message.get("thread_ts") or (None if ephemeral else message_ts)
    place = Place(
        kind="dm" if channel.startswith("D") or not channel else "channel", team=team, channel=channel, user=user,
        thread_ts=thread_ts, asked_ts=message_ts, response_url=body.get("response_url") if ephemeral else None,
    )  # fmt: skip
    label = (action.get("text") or {}).get("text") or ""
    return Pressing(
        key=_key("press", user, str(action.get("action_ts")), str(action.get("action_id")), str(message_ts)),
        place=place, at=parts.clock(), verb=verb, value=str(action.get("value") or ""), label=str(label),
        block_id=str(action.get("block_id") or ""), message_ts=message_ts, ephemeral=ephemeral,
        blocks=list(message.get("blocks") or []), text=str(message.get("text") or ""),
    )  # fmt: skip


def _key(*parts: str) -> str:
    """The identity of an interaction, which has no event id of its own."""
    return f"{parts[0]}:{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:40]}"
