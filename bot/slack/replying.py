"""The one way a reply reaches a person, whoever asked and wherever: status, answer, pictures, stream, plain post.

An answer is made once: it is kept with its job before it is posted, and whoever comes after a crash or a failed post takes
that one. A reply is posted once even when the process dies half-way: that it begins is written down first, and who comes later
looks in the conversation for what was posted before posting again.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

from slack_sdk.errors import SlackClientError

from bot.cards import ChartCard
from bot.errors import RapportError, Unavailable
from bot.questions import Answer
from bot.slack import kit
from bot.slack.attempts import Attempt
from bot.slack.blocks import Viewer, render
from bot.slack.failures import sentence
from bot.slack.inbound import begins
from bot.slack.kit import Json, Message
from bot.slack.live import Live, left_open
from bot.slack.outbound import Outbound, Posted, Unsendable
from bot.slack.parts import Parts
from bot.slack.places import Audience, Place
from bot.slack.sharing import keep_for_sharing
from bot.slack.stops import Stops
from bot.slack.streaming import Recipient, end, stream
from bot.slack.text import escape, shorten
from bot.slack.verbs import Verb, action
from crm_store.people import Caller

LOG = logging.getLogger(__name__)
THINKING = "is thinking…"
LOADING = ("Reading the record…", "Looking through notes and calls…", "Checking the sources…")
WORTH_STREAMING = 200  # a shorter text is there at once in a plain post, and streams are rationed to about 20 a minute
STATUS_SECONDS = 1.0
Make = Callable[[Callable[[str], None], Callable[[str], None]], Answer]
ONLY_YOU = "Only you can see this: not everyone in this channel may see all of these records."


class Replying:
    """Delivers answers for one workspace; ``bot_id`` tells the bot's own messages."""

    def __init__(self, out: Outbound, parts: Parts, audience: Audience, stops: Stops, bot_id: str) -> None:
        self._out = out
        self._parts = parts
        self._audience = audience
        self._stops = stops
        self._bot_id = bot_id

    def reply(
        self,
        place: Place,
        key: str,
        caller: Caller,
        make: Make,
        attempt: Attempt,
        *,
        chosen: str = "",
    ) -> None:
        """Show a status, make the answer unless an earlier attempt did, deliver it. ``make`` is given two functions: one shows
        what is being done, one the sentences of the answer that are certain already.

        :raises Unavailable: when Slack cannot be reached; the job is then tried again.
        :raises LostLease: when another worker answers by now.
        """
        say = self._status(place)
        say("")
        started = self._parts.clock()
        live = self._live(place, key, caller)
        answer = attempt.made(key)
        if answer is None:
            try:
                answer = make(say, live.hear)
            except Exception as error:
                answer = Answer(text=sentence(error, f"The question {key}"), understood=False)
        if self._stops.stopped(place.channel, place.thread_ts, since=started):
            live.close()
            self._clear(place)
            return
        first = attempt.keep(key, answer)
        self.deliver(answer, place, key, caller, chosen=chosen, live=live, first=first)

    def deliver(
        self, answer: Answer, place: Place, key: str, caller: Caller, *, chosen: str = "", live: Live | None = None,
        first: bool | None = None,
    ) -> None:  # fmt: skip
        """Put an answer where everyone there may read it, or where only the person who asked can. What ``live`` has
        shown of it already is completed, or taken back. ``first`` is whether nobody began to post it before, where that was
        noted already."""
        viewer = Viewer(caller.zone, self._parts.clock().astimezone(caller.zone).date())
        begun = live if live is not None and live.begun else None
        if self._audience.sees_all_of(caller, place):
            messages = render(answer, viewer, chosen=chosen, pictures=self._pictures(answer))
            self._publish(messages, place, key, begun, first)
        else:
            if begun is not None:
                begun.withdraw()
            self._privately(render(answer, viewer, chosen=chosen), place, key)

    def _live(self, place: Place, key: str, caller: Caller) -> Live:
        """Where the answer can be shown while it is made: in a thread whose readers may all see it, at the first attempt."""
        to = Recipient(place.channel, place.thread_ts or "", place.team, place.user)
        return Live(
            self._out, self._parts, to, f"{key}:0",
            lambda: bool(to.thread_ts) and self._audience.sees_all_of(caller, place) and begins(self._parts, key),
        )  # fmt: skip

    def tell(self, text: str, place: Place, key: str) -> None:
        """Say one sentence to the person, to nobody else where others read along."""
        message = Message(escape(shorten(text, 2_800)), (kit.markdown(shorten(text, 3_000)),))
        if place.kind == "dm":
            self._publish([message], place, key)
        else:
            self._quietly(message, place)

    def _publish(
        self, messages: Sequence[Message], place: Place, key: str, begun: Live | None = None, first: bool | None = None
    ) -> None:
        first_try = begun is not None or (begins(self._parts, key) if first is None else first)
        for number, message in enumerate(messages):
            mark = f"{key}:{number}"
            if not first_try and self._there_already(message, place, mark):
                continue
            try:
                if begun is not None and number == 0:
                    begun.finish(message)
                else:
                    self._post(message, place, mark, streamed=number == 0 and first_try)
            except Unsendable as error:
                LOG.error("Slack took neither stream nor post: %s", error)
                self._plainly(Message(message.text), place, mark)

    def _post(self, message: Message, place: Place, mark: str, *, streamed: bool) -> None:
        head = message.blocks[0] if message.blocks else {}
        if streamed and place.thread_ts and head.get("type") == "markdown" and len(head["text"]) >= WORTH_STREAMING:
            to = Recipient(place.channel, place.thread_ts, place.team, place.user)
            try:
                stream(self._out, to, head["text"], message.blocks[1:], fallback=message.text, key=mark)
                return
            except Unavailable as error:
                LOG.warning("No stream (%s); a plain post instead", error)
                if self._there_already(message, place, mark):
                    return
        self._plainly(message, place, mark)

    def _plainly(self, message: Message, place: Place, mark: str) -> None:
        self._out.post(place.channel, message, key=mark, thread_ts=place.thread_ts, since=place.asked_ts)

    def _there_already(self, message: Message, place: Place, mark: str) -> bool:
        """Whether an earlier attempt posted it; a stream that was left half-way is completed."""
        if self._out.find(place.channel, place.thread_ts, mark, since=place.asked_ts) is not None:
            return True
        stream_left = left_open(self._parts, mark)
        if stream_left is not None:
            self._complete(stream_left, message, mark)
            return True
        text = next((block["text"] for block in message.blocks if block.get("type") == "markdown"), "")
        for candidate in self._out.recent(place.channel, place.thread_ts, since=place.asked_ts):
            if self._is_stray(candidate, place, text):
                self._complete(Posted(place.channel, str(candidate["ts"])), message, mark)
                return True
        return False

    def _complete(self, posted: Posted, message: Message, mark: str) -> None:
        end(self._out, posted)
        self._out.update(posted.channel, posted.ts, message, key=mark)

    def _is_stray(self, candidate: Json, place: Place, text: str) -> bool:
        begun = str(candidate.get("text", "")).strip()
        return (
            candidate.get("bot_id") == self._bot_id
            and not candidate.get("metadata")
            and float(candidate["ts"]) > float(place.asked_ts or "inf")
            and bool(begun)
            and text.strip().startswith(begun[:60])
        )

    def _privately(self, messages: Sequence[Message], place: Place, key: str) -> None:
        share = str(uuid5(NAMESPACE_URL, f"share:{key}"))
        keep_for_sharing(self._parts, share, place, messages)
        offer = kit.button(
            "Share", action(Verb.SHARE, share), share,
            confirm=kit.are_you_sure(
                "Share this here?", "Everyone in this conversation will be able to read it, guests included.", "Share"
            ),
        )  # fmt: skip
        below = (kit.context(ONLY_YOU), *kit.actions([offer])) if place.kind == "channel" else ()
        for number, message in enumerate(messages):
            last = number == len(messages) - 1
            self._quietly(replace(message, blocks=(*message.blocks, *below)) if last else message, place)
        self._clear(place)

    def _quietly(self, message: Message, place: Place) -> None:
        if place.response_url is not None:
            self._out.respond(place.response_url, message)
        else:
            self._out.ephemeral(place.channel, place.user, message, thread_ts=place.thread_ts)

    def _pictures(self, answer: Answer) -> dict[int, str]:
        found: dict[int, str] = {}
        for position, card in enumerate(answer.cards):
            if not isinstance(card, ChartCard):
                continue
            try:
                content = self._parts.chart(card)
                if content is not None:
                    found[position] = self._out.picture(content, "chart.png", shorten(card.alt or card.title, 900))
            except (RapportError, SlackClientError, OSError, ValueError) as error:
                LOG.warning("No picture (%s); the chart becomes a table", error)
        return found

    def _status(self, place: Place) -> Callable[[str], None]:
        """A function that shows what is being done; an empty text means thinking. At most one update a second."""
        last = [float("-inf")]

        def say(status: str) -> None:
            now = time.monotonic()
            if place.thread_ts is None or place.kind == "command" or (status and now - last[0] < STATUS_SECONDS):
                return
            last[0] = now
            self._set_status(place, shorten(status, 100) or THINKING, list(LOADING))

        return say

    def _clear(self, place: Place) -> None:
        if place.thread_ts is not None and place.kind != "command":
            self._set_status(place, "", None)

    def _set_status(self, place: Place, status: str, loading: list[str] | None) -> None:
        try:
            self._out.client.assistant_threads_setStatus(
                channel_id=place.channel, thread_ts=str(place.thread_ts), status=status, loading_messages=loading
            )
        except (SlackClientError, OSError) as error:
            LOG.debug("No status: %s", error)
