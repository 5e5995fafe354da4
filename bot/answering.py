"""The one front door: a question goes in, an answer comes out, whoever asked and from wherever."""

import logging
import re
import time
from dataclasses import replace

from bot import conversations, decisions
from bot.agent.embedded.model import EmbeddedChatModel, Understanding
from bot.agent.embedded.plans import Plan
from bot.agent.graph import Run, Shared
from bot.agent.hosted import Hosted, HostedFailed
from bot.agent.memory import Made, Memory
from bot.agent.model import EMBEDDED, hosted_model
from bot.agent.tools import TOOLS, deciding
from bot.agent.turn import Found, OpenCall, Turn
from bot.cards import NoticeCard, SuggestionsCard
from bot.conversations import Conversation
from bot.errors import KNOWN, BadInput
from bot.marks import without_unknown
from bot.questions import Answer, Question
from bot.recall import Recall
from bot.settings import Settings
from bot.suggesting import keep_shown
from crm_store.names import NameCache
from crm_store.store import Store

_log = logging.getLogger(__name__)
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters, which no database keeps; line ends and tabs are text."""
EMPTY = "I got an empty message. Ask me about a customer, tell me what happened, or say **help**."


class Answering:
    """Answers questions over one record. Safe to share by threads."""

    def __init__(self, settings: Settings, store: Store, recall: Recall, names: NameCache) -> None:
        self._settings, self._store, self._recall, self._names = settings, store, recall, names
        self._embedded_agent = Shared(EmbeddedChatModel, (*TOOLS, *deciding.TOOLS))
        self._hosted = None if settings.model == EMBEDDED else Hosted(hosted_model(settings), settings)

    def close(self) -> None:
        """Take no more turns of a hosted model."""
        if self._hosted is not None:
            self._hosted.close()

    def turn(self, question: Question) -> Turn:
        """The context in which a question's tools run."""
        return Turn(
            caller=question.caller,
            store=self._store,
            recall=self._recall,
            settings=self._settings,
            now=question.now,
            thread=question.thread,
            message=question.text,
            origin=question.origin,
            say=question.say,
            hear=question.hear,
            name_cache=self._names,
            key=question.key,
        )

    def answer(self, question: Question) -> Answer:
        """The answer, after it and what it was about were written down for the follow-up.

        :raises BadInput: when the message is too long to be a question.
        """
        started = time.perf_counter()
        text = _NO_TEXT.sub(" ", question.text.replace("\r\n", "\n")).strip()
        question = replace(question, text=text, thread=conversations.thread_key(question.thread))
        if not text:
            return Answer(text=EMPTY, understood=False)
        most = self._settings.max_question_chars
        if len(text) > most:
            raise BadInput(
                f"That message has {len(text):,} characters; I read up to {most:,}. "
                "Drop it as a text file and I'll log it as notes, or ask about a part of it."
            )
        talk = conversations.recall(self._store, question.caller, question.thread, question.key)
        turn = replace(
            self.turn(question),
            begun=lambda session: conversations.keep_begun(session, question.key, talk.memory, question.now),
        )
        done, plan, notice = self._run(turn, talk)
        answer = _combined(done, plan, notice)
        for card in answer.cards:
            if isinstance(card, SuggestionsCard):
                keep_shown(turn, card)
        memory = _remembered(talk.memory, done, plan)
        conversations.remember(self._store, question.caller, question.thread, text, answer.text, memory, question.now)
        return answer.model_copy(update={"ms": round((time.perf_counter() - started) * 1000)})

    def rehearse(self, question: Question) -> Turn:
        """Answer a question that only reads, by the embedded model, and keep nothing of it: what all later ones share is loaded
        then. Returns its turn."""
        turn = self.turn(question)
        self._embedded(turn, Memory())
        return turn

    def _run(self, turn: Turn, talk: Conversation) -> tuple[Run, Plan | None, str]:
        """What the turn found, the embedded model's plan when it was that one that answered, and what to say about it."""
        notice = ""
        if self._hosted is not None:
            try:
                heard = self._hosted.answer(TOOLS, turn, talk.turns)
                return heard.run, None, _left_out(heard.removed)
            except HostedFailed as error:
                notice = f"The hosted model {error.reason}, so I answered with my own understanding."
                self._put_aside(turn, error.found)
        return *self._embedded(turn, talk.memory), notice

    def _embedded(self, turn: Turn, memory: Memory) -> tuple[Run, Plan]:
        with turn.read() as session:
            names = turn.names(session)
        understanding = Understanding(turn.caller, turn.now, memory, names, self._recall.embeddings, self._settings)
        model, plan = EmbeddedChatModel(understanding=understanding), understanding.plan(turn.message)
        called = {call.tool for call in plan.calls}  # to bind all the others as well takes as long as to understand the message
        return self._embedded_agent.run(model, called, turn), plan

    def _put_aside(self, turn: Turn, found: tuple[Found, ...]) -> None:
        """Reject what a model proposed before it failed: nobody was shown it, and the answer may propose the same again."""
        for proposal in (proposal for one in found for proposal in one.proposals if proposal.status == "open"):
            try:
                decisions.reject(turn.store, turn.caller, proposal.id, None, turn.now)
            except KNOWN as error:
                _log.warning("A proposal of a failed turn stays open (%s)", type(error).__name__)


def _left_out(removed: int) -> str:
    if not removed:
        return ""
    said = "one statement that its sources do" if removed == 1 else f"{removed} statements that its sources do"
    return f"I left out {said} not support."


def _combined(done: Run, plan: Plan | None, notice: str) -> Answer:
    found = done.found
    citations = tuple(each for one in found for each in one.citations)
    cards = tuple(each for one in found for each in one.cards)
    if notice:
        cards += (NoticeCard(level="info", text=notice),)
    asked = plan.question if plan is not None else None
    return Answer(
        text=without_unknown(done.text, len(citations)),
        citations=citations,
        cards=cards,
        figures=tuple(each for one in found for each in one.figures),
        proposals=tuple(each for one in found for each in one.proposals),
        question=asked or next((one.question for one in found if one.question is not None), None),
        understood=(plan is None or plan.understood) and all(one.understood for one in found),
        refused=next((one.refused for one in found if one.refused is not None), None),
    )


def _remembered(before: Memory, done: Run, plan: Plan | None) -> Memory:
    made = tuple(Made(tool=name, args=args) for name, args in done.calls)
    waiting = OpenCall(plan.waiting.tool, dict(plan.waiting.args), plan.missing) if plan and plan.waiting else None
    options = plan.question.options if plan and plan.question else ()
    if any(
        item.action == "erase" and item.status == "applied"
        for one in done.found
        for view in one.proposals
        for item in view.items
    ):
        return Memory()  # whoever was erased is not remembered in the very conversation that did it
    return before.after(made, done.found, asked=waiting, options=options)
