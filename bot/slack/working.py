"""What a worker does with an event that was accepted: the handler of the job kind ``slack_message``."""

import logging
from collections.abc import Callable
from pathlib import PurePath
from typing import assert_never

from slack_sdk.errors import SlackClientError

from bot.cards import FollowUpsCard, Option
from bot.errors import BadInput, Unavailable
from bot.questions import Answer, Question
from bot.slack.acting import Acting
from bot.slack.attempts import Attempt
from bot.slack.downloads import Downloads
from bot.slack.failures import sentence
from bot.slack.home import PROMPTS
from bot.slack.identity import Identities, NotAPerson
from bot.slack.inbound import Asking, Dropping, Editing, Pressing, Work, work_of
from bot.slack.outbound import Outbound, Unsendable
from bot.slack.parts import Parts
from bot.slack.places import Place
from bot.slack.replying import Replying
from bot.slack.text import from_slack, mentioned
from bot.slack.verbs import Verb
from crm_store.jobs import Claim, LostLease
from crm_store.people import Caller

LOG = logging.getLogger(__name__)
READABLE = (".vtt", ".srt", ".sbv", ".txt", ".md")
NOTHING_SAID = "I did not get any words. Ask me something about your customers, or tell me what happened."


class Working:
    """Answers one accepted event; safe to run again for the same one, which makes no answer and no write a second time."""

    def __init__(
        self, out: Outbound, parts: Parts, identities: Identities, replying: Replying, acting: Acting,
        downloads: Downloads, bot_user_id: str,
    ) -> None:  # fmt: skip
        self._out = out
        self._parts = parts
        self._identities = identities
        self._replying = replying
        self._acting = acting
        self._downloads = downloads
        self._bot_user_id = bot_user_id

    def handle_message(self, held: Claim) -> None:
        """Do the work of one job.

        :raises Unavailable: when Slack cannot be reached, so that the job is tried again later.
        :raises LostLease: when another worker has the job by now.
        """
        work = work_of(held.payload)
        try:
            self._do(work, Attempt(self._parts, held))
        except Unsendable as error:
            LOG.error("Slack did not take the reply to %s: %s", work.key, error)

    def deliver(self, email: str, answer: Answer, key: str) -> None:
        """Post an answer nobody asked for into a person's own conversation; delivering the same ``key`` again posts once.

        :raises Unavailable: when Slack cannot be reached, or knows nobody with this address.
        """
        caller = self._parts.caller_for_email(email)
        client = self._out.client
        user = self._out.patiently(lambda: client.users_lookupByEmail(email=email), again=True)["user"]
        place = Place(kind="dm", team=str(user.get("team_id") or ""), channel="", user=str(user["id"]))
        opened = self._out.patiently(lambda: client.conversations_open(users=place.user), again=True)
        place = place.model_copy(update={"channel": str(opened["channel"]["id"])})
        self._replying.deliver(answer, place, key, caller)

    def _do(self, work: Work, attempt: Attempt) -> None:
        try:
            caller = self._identities.caller(work.place.user)
        except NotAPerson:
            return
        except Exception as error:
            if isinstance(error, Unavailable) and not isinstance(error, Unsendable):
                raise  # Slack does not answer: the job is tried again
            self._replying.tell(sentence(error, f"Finding out who asks in {work.key}"), self._place(work), work.key)
            return
        match work:
            case Asking():
                self._asking(work, caller, attempt)
            case Dropping():
                self._dropping(work, caller, attempt)
            case Pressing():
                self._effect(work, lambda: self._pressing(work, caller, attempt))
            case Editing():
                self._effect(work, lambda: self._acting.edited(work, caller))
            case _:
                assert_never(work)

    def _effect(self, work: Pressing | Editing, run: Callable[[], None]) -> None:
        try:
            run()
        except (Unavailable, SlackClientError, LostLease):
            raise
        except Exception as error:
            self._replying.tell(sentence(error, f"The button of {work.key}"), self._place(work), work.key)

    def _asking(self, work: Asking, caller: Caller, attempt: Attempt) -> None:
        place = self._place(work)
        if work.follow_up and not self._replies_to_us(place):
            return
        text = self._words(work.text)

        def make(say: Callable[[str], None], hear: Callable[[str], None]) -> Answer:
            refused = self._refused(text)
            return refused or self._parts.answer(
                Question(
                    text=text, caller=caller, now=self._parts.clock(), thread=place.thread, origin="slack", say=say,
                    hear=hear, key=work.key,
                )
            )  # fmt: skip

        self._replying.reply(place, work.key, caller, make, attempt, chosen=work.chosen)

    def _replies_to_us(self, place: Place) -> bool:
        """Whether nobody else spoke in the thread since the bot did; a talk among people is left alone. An answer for
        one pair of eyes is not in the thread, which then holds the person's own words alone."""
        thread = self._out.recent(place.channel, place.thread_ts)
        spoke = [message.get("user") for message in thread if float(message["ts"]) < float(place.asked_ts or 0)]
        others = [user for user in spoke if user != place.user]
        return not others or others[-1] == self._bot_user_id

    def _refused(self, text: str) -> Answer | None:
        most = self._parts.settings.max_question_chars
        if not text:
            options = tuple(Option(label=label, value=value) for label, value in PROMPTS)
            return Answer(text=NOTHING_SAID, cards=(FollowUpsCard(options=options),), understood=False)
        if len(text) > most:
            return Answer(
                text=f"That message has {len(text):,} characters and I read up to {most:,}. "
                "Send it as a .txt, .md or .vtt file and I will read it as meeting notes, or ask in fewer words.",
                understood=False, refused="too long",
            )  # fmt: skip
        return None

    def _dropping(self, work: Dropping, caller: Caller, attempt: Attempt) -> None:
        place = self._place(work)
        for number, file_id in enumerate(work.files):

            def make(say: Callable[[str], None], _: Callable[[str], None], file_id: str = file_id) -> Answer:
                name, content = self._downloads.fetch(file_id, READABLE)
                say(f"is reading {PurePath(name).name}…")
                return self._parts.meetings_intake(caller, name, content, place.thread)

            self._replying.reply(place, f"{work.key}:file{number}", caller, make, attempt)
        if self._words(work.text):
            self._asking(Asking(key=f"{work.key}:words", place=place, at=work.at, text=work.text), caller, attempt)

    def _pressing(self, work: Pressing, caller: Caller, attempt: Attempt) -> None:
        verb = Verb(work.verb)
        if verb is Verb.ASK:
            asking = Asking(key=work.key, place=self._place(work), at=work.at, text=work.value, chosen=work.label)
            self._asking(asking, caller, attempt)
        elif verb is Verb.UNDO and not work.value:
            raise BadInput("There is nothing left to take back.")
        else:
            self._acting.press(work.model_copy(update={"place": self._place(work)}), caller)

    def _words(self, text: str) -> str:
        """The text as typed, with the names of people who are mentioned."""
        for user_id in mentioned(text):
            if user_id != self._bot_user_id:
                text = text.replace(f"<@{user_id}>", self._identities.look_up(user_id).name)
        return from_slack(text, self._bot_user_id)

    def _place(self, work: Work) -> Place:
        """Where to answer; what was pressed on the home tab is answered in the person's own conversation."""
        if work.place.channel:
            return work.place
        opened = self._out.patiently(lambda: self._out.client.conversations_open(users=work.place.user), again=True)
        return work.place.model_copy(update={"channel": str(opened["channel"]["id"])})
