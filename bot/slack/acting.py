"""What a pressed button does, and how the card it stands on then looks. Every effect is safe to repeat."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.cards import FollowUpsCard, ProposalCard, ProposalView
from bot.errors import BadInput, Unavailable
from bot.questions import Answer
from bot.slack import kit
from bot.slack.blocks import Viewer
from bot.slack.blocks_proposals import card_prefix, proposal, proposal_of
from bot.slack.inbound import Editing, Pressing
from bot.slack.kit import Json, Message
from bot.slack.outbound import Outbound
from bot.slack.parts import Parts
from bot.slack.places import Place
from bot.slack.replying import Replying
from bot.slack.sharing import kept
from bot.slack.text import escape, plain, shorten, to_mrkdwn
from bot.slack.verbs import Verb
from bot.wording import day
from crm_store.people import Caller

SNOOZE = timedelta(days=3)
ROOM_FOR_TEXT = 2_800
_KEPT_IMAGE = ("type", "block_id", "alt_text", "title", "image_url")


class Acting:
    """The effects of buttons and forms."""

    def __init__(self, out: Outbound, parts: Parts, replying: Replying, show_home: Callable[[str], None]) -> None:
        self._out = out
        self._parts = parts
        self._replying = replying
        self._show_home = show_home

    def press(self, work: Pressing, caller: Caller) -> None:
        """Carry out a button.

        :raises RapportError: or an error of the record, with the sentence to show.
        """
        match Verb(work.verb):
            case Verb.CONFIRM:
                self._decided(work, caller, self._parts.confirm(caller, work.value), work.value)
            case Verb.CONFIRM_ITEM:
                one = [work.value]
                self._decided(work, caller, self._parts.confirm(caller, _subject(work), item_ids=one), _subject(work))
            case Verb.REJECT:
                self._decided(work, caller, self._parts.reject(caller, work.value), work.value)
            case Verb.REJECT_ITEM:
                one = [work.value]
                self._decided(work, caller, self._parts.reject(caller, _subject(work), item_ids=one), _subject(work))
            case Verb.UNDO:
                self._undone(work, self._parts.undo(caller, work.value), caller)
            case Verb.DONE:
                self._task_done(work, caller)
            case Verb.DO_IT | Verb.SNOOZE | Verb.NOT_USEFUL:
                self._suggestion(work, caller)
            case Verb.SHARE:
                self._share(work)
            case _:
                raise BadInput("That button does nothing any more. Please ask again.")

    def edited(self, work: Editing, caller: Caller) -> None:
        """Take over what a form says and show the card anew."""
        answer = self._parts.edit(caller, work.proposal_id, work.values)
        on = self._pressed_on(work)
        self._decided(on, caller, answer, work.proposal_id)

    def _pressed_on(self, work: Editing) -> Pressing:
        """The form's submission as if a button of its card had been pressed: a form does not carry the message."""
        blocks: list[Json] = []
        if work.message_ts is not None and work.place.response_url is None:
            found = self._out.recent(work.place.channel, work.place.thread_ts, since=work.message_ts)
            blocks = next((m.get("blocks") or [] for m in found if m["ts"] == work.message_ts), [])
        return Pressing(
            key=work.key, place=work.place, at=work.at, verb=Verb.EDIT, value=work.proposal_id,
            message_ts=work.message_ts, ephemeral=work.place.response_url is not None, blocks=blocks,
        )  # fmt: skip

    def _decided(self, work: Pressing, caller: Caller, answer: Answer, proposal_id: str) -> None:
        view = _view(answer, proposal_id)
        viewer = self._viewer(caller)
        if view is None:
            self._said_instead(work, card_prefix(proposal_id), answer)
        else:
            self._swap(
                work, card_prefix(proposal_id), proposal(view, viewer.zone, viewer.today), answer.text or view.summary
            )
        rest = tuple(card for card in answer.cards if isinstance(card, FollowUpsCard))
        if rest:
            self._replying.deliver(Answer(text="", cards=rest), self._reply_place(work), f"{work.key}:then", caller)

    def _undone(self, work: Pressing, answer: Answer, caller: Caller) -> None:
        subject = proposal_of(work.block_id)
        prefix = card_prefix(subject) if subject else work.block_id
        local = self._parts.clock().astimezone(caller.zone)
        words = to_mrkdwn(shorten(answer.text or "That was taken back.", ROOM_FOR_TEXT))
        blocks = [
            kit.section(words, block_id=f"{prefix}undone"),
            kit.context(f":leftwards_arrow_with_hook: Undone at {local:%H:%M} by you.", block_id=f"{prefix}state"),
        ]
        self._swap(work, prefix, blocks, answer.text or "Undone.")

    def _task_done(self, work: Pressing, caller: Caller) -> None:
        answer = self._parts.complete_task(caller, work.value, key=work.key)
        block_id = kit.identifier("task", work.value)
        change = next((view.change_id for view in _views(answer) if view.change_id), None)
        words = _words_of(work.blocks, block_id) or escape(shorten(plain(answer.text), 500)) or "Done"
        undo = kit.button("Undo", f"{Verb.UNDO}:{work.value}", change) if change else None
        done = kit.section(f":white_check_mark: ~{words}~", accessory=undo, block_id=block_id)
        self._swap(work, block_id, [done], answer.text or "Done.")
        if any(view.status == "open" for view in _views(answer)):
            self._replying.deliver(answer, self._reply_place(work), f"{work.key}:then", caller)

    def _suggestion(self, work: Pressing, caller: Caller) -> None:
        block_id = kit.identifier("suggestion", work.value)
        today = self._viewer(caller).today
        match Verb(work.verb):
            case Verb.SNOOZE:
                until = today + SNOOZE
                self._parts.suggestion_event(caller, work.value, "snoozed", until)
                said = f":zzz: Snoozed until {day(until, today)}."
            case Verb.NOT_USEFUL:
                self._parts.suggestion_event(caller, work.value, "not_useful")
                said = ":no_entry_sign: Noted: not useful. You will see this less often."
            case _:
                self._parts.suggestion_event(caller, work.value, "done")
                said = ":white_check_mark: Noted as done. Tell me how it went and I log it."
        words = _words_of(work.blocks, f"{block_id}.words")
        line = f"{words}\n{said}" if words else said
        self._swap(work, block_id, [kit.context(line, block_id=f"{block_id}.words")], said)

    def _share(self, work: Pressing) -> None:
        found = kept(self._parts, work.value, work.place.user)
        if found is None:
            raise BadInput("I no longer have that answer. Please ask again.")
        place = found.place
        for number, message in enumerate(found.messages):
            by = (kit.context(f"Shared by <@{work.place.user}>"),) if number == len(found.messages) - 1 else ()
            shared = Message(message.text, (*message.blocks, *by))
            key = f"share:{work.value}:{number}"
            if self._out.find(place.channel, place.thread_ts, key) is None:
                self._out.post(place.channel, shared, key=key, thread_ts=place.thread_ts)
        if work.place.response_url is not None:
            said = Message("Shared.", (kit.context(":white_check_mark: Shared with everyone here."),))
            self._out.respond(work.place.response_url, said, replace=True)

    def _said_instead(self, work: Pressing, prefix: str, answer: Answer) -> None:
        text = to_mrkdwn(shorten(answer.text or "Done.", ROOM_FOR_TEXT))
        self._swap(work, prefix, [kit.section(text, block_id=f"{prefix}state")], answer.text or "Done.")

    def _swap(self, work: Pressing, prefix: str, blocks: Sequence[Json], text: str) -> None:
        """Show ``blocks`` in the place of those whose id starts with ``prefix``; the rest of the message stays."""
        if work.message_ts is None:
            self._show_home(work.place.user)
            return
        said = escape(shorten(plain(text), ROOM_FOR_TEXT)) or "Done."
        message = Message(said, tuple(_replaced(work.blocks, prefix, blocks)))
        if work.ephemeral:
            assert work.place.response_url is not None
            self._out.respond(work.place.response_url, message, replace=True)
            return
        try:
            self._out.update(work.place.channel, work.message_ts, Message(work.text or said, message.blocks))
        except Unavailable:
            self._out.update(work.place.channel, work.message_ts, Message(said, tuple(blocks)))

    def _reply_place(self, work: Pressing) -> Place:
        return work.place

    def _viewer(self, caller: Caller) -> Viewer:
        return Viewer(caller.zone, self._parts.clock().astimezone(caller.zone).date())


def _subject(work: Pressing) -> str:
    found = proposal_of(work.block_id)
    if found is None:
        raise BadInput("That button no longer belongs to anything. Please ask again.")
    return found


def _views(answer: Answer) -> list[ProposalView]:
    return [*(card.proposal for card in answer.cards if isinstance(card, ProposalCard)), *answer.proposals]


def _view(answer: Answer, proposal_id: str) -> ProposalView | None:
    return next((view for view in _views(answer) if view.id == proposal_id), None)


def _replaced(blocks: Sequence[Json], prefix: str, new: Sequence[Json]) -> list[Json]:
    ours = [str(block.get("block_id", "")).startswith(prefix) for block in blocks]
    if not any(ours):
        return list(new) if not blocks else [*map(_as_sent, blocks), *new]
    first = ours.index(True)
    before = [_as_sent(block) for block, own in zip(blocks[:first], ours, strict=False) if not own]
    after = [_as_sent(block) for block, own in zip(blocks[first:], ours[first:], strict=True) if not own]
    return [*before, *new, *after]


def _as_sent(block: Json) -> Json:
    """A block as Slack takes it back: pictures come with details that may not be sent."""
    if block.get("type") != "image":
        return block
    kept_keys = {key: block[key] for key in _KEPT_IMAGE if key in block}
    slack_file = block.get("slack_file")
    return kept_keys | ({"slack_file": {"id": slack_file["id"]}} if slack_file and slack_file.get("id") else {})


def _words_of(blocks: Sequence[Json], block_id: str) -> str:
    """The first line of a section, without its emphasis."""
    for block in blocks:
        if block.get("block_id") == block_id and block.get("type") == "section":
            return str(block["text"]["text"]).splitlines()[0].replace("*", "")
    return ""
