"""A hosted model at work: its tool results marked as data, its calls, tokens and time limited, its words checked.

Whatever goes wrong ends in :class:`HostedFailed`, whose words say what did, so that the embedded model can answer and say so.
"""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoTimeLeft
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk
from langchain_core.tools import BaseTool
from langgraph.types import Command

from bot.agent.graph import Limits, Run, run
from bot.agent.grounding.checking import checked, sentences
from bot.agent.grounding.evidence import Evidence, gathered
from bot.agent.replies import GARBLED, Unusable, usable
from bot.agent.turn import Found, Turn
from bot.errors import Unavailable
from bot.settings import Settings

_log = logging.getLogger(__name__)
_OFTEN_ENOUGH = 2
"""How often one reply is asked for when what comes is empty, cut off or malformed; HTTP failures are retried by the client."""
_CHARACTERS_A_TOKEN = 4
"""For providers that do not count: about what English text has."""
LOST = "took longer than it may"


class HostedFailed(Unavailable):
    """The hosted model gave no answer that can be shown. ``reason`` completes "The hosted model …"; ``found`` is what its
    tools had returned until then."""

    def __init__(self, reason: str, found: tuple[Found, ...] = ()) -> None:
        super().__init__(f"The hosted model {reason}.")
        self.reason, self.found = reason, found


@dataclass(frozen=True)
class Heard:
    """An answer that was checked; ``removed`` counts the sentences that were left out of it."""

    run: Run
    removed: int


class Hosted:
    """One hosted model, with a bounded number of turns at once. Safe to share by threads."""

    def __init__(self, model: BaseChatModel, settings: Settings) -> None:
        self._model, self._settings = model, settings
        self._pool = ThreadPoolExecutor(settings.workers, thread_name_prefix="hosted")

    def answer(self, tools: Sequence[BaseTool], turn: Turn, history: Sequence[tuple[str, str]]) -> Heard:
        """Its answer to the turn's message, within the time of RAPPORT_MODEL_SECONDS. ``history`` are earlier questions and
        answers of the thread, oldest first.

        :raises HostedFailed: when it gave none that can be shown.
        """
        evidence = _Evidence(turn, history)
        hear = turn.hear
        telling = None if hear is None else _Telling(hear, lambda: evidence.of(watch.found))
        writing = _Writing(telling)
        watch = _Watch(self._settings, writing)
        limits = Limits(self._settings.model_calls, self._settings.model_tool_calls, strict=True)
        working = self._pool.submit(
            run, self._model, tools, turn, watch.so_far(history),
            limits=limits, guards=[watch], callbacks=[writing],
        )  # fmt: skip
        try:
            done = working.result(timeout=watch.left())
        except NoTimeLeft:
            watch.expire()
            working.cancel()
            raise HostedFailed("did not answer in time", tuple(watch.found)) from None
        except Exception as error:  # any provider fails in its own way
            _log.warning("The hosted model failed: %s", _described(error))
            raise HostedFailed(_reason(error), tuple(watch.found)) from None
        said = checked(done.text, evidence.of(done.found))
        for sentence, wrong in said.removed:
            _log.info("Left out of a hosted answer, %d characters: %d things not in its sources", len(sentence), len(wrong))
        if not said.text:
            raise HostedFailed("said nothing that the record supports", done.found)
        return Heard(replace(done, text=said.text), len(said.removed))

    def close(self) -> None:
        """Take no more turns; those at work end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Evidence:
    """The evidence of a turn, gathered again only when a tool has returned more."""

    def __init__(self, turn: Turn, history: Sequence[tuple[str, str]]) -> None:
        self._turn, self._earlier = turn, [answered for _, answered in history]
        self._known: tuple[int, Evidence] | None = None

    def of(self, found: Sequence[Found]) -> Evidence:
        if self._known is None or self._known[0] != len(found):
            now = self._turn.now.astimezone(self._turn.caller.zone)
            said = gathered(found, self._turn.message, self._earlier, now, self._turn.caller.name, "Rapport")
            self._known = len(found), said
        return self._known[1]


class _Telling:
    """Passes on the whole sentences of a reply that is still being written, each after it was checked."""

    def __init__(self, hear: Callable[[str], None], evidence: Callable[[], Evidence]) -> None:
        self._hear, self._evidence = hear, evidence
        self._message, self._waiting = "", ""

    def heard(self, message: str, piece: str) -> None:
        if message != self._message:
            self._message, self._waiting = message, ""
        self._waiting += piece
        *whole, last = self._waiting.splitlines(keepends=True) or [""]
        ended = sentences(last)
        if not last.endswith("\n") and ended:
            whole += ended[:-1]
            last = ended[-1]
        if not whole:
            return
        self._waiting = last
        for sentence in whole:
            said = checked(sentence, self._evidence())
            if said.text or not sentence.strip():
                self._hear(sentence)


class _Writing(BaseCallbackHandler):
    """Follows a reply while it is written: its words go to whoever reads along, its tool calls are kept as they came."""

    def __init__(self, telling: _Telling | None) -> None:
        self._telling = telling
        self._reply: UUID | None = None
        self._calls: dict[int, str] = {}

    def on_llm_new_token(
        self,
        token: str | list[str | dict[str, Any]],
        *,
        chunk: GenerationChunk | ChatGenerationChunk | None = None,
        run_id: UUID,
        **about: Any,
    ) -> None:
        if run_id != self._reply:
            self._reply, self._calls = run_id, {}
        if isinstance(chunk, ChatGenerationChunk) and isinstance(chunk.message, AIMessageChunk):
            for call in chunk.message.tool_call_chunks:
                at = call["index"] or 0
                self._calls[at] = self._calls.get(at, "") + (call["args"] or "")
        if token and isinstance(token, str) and self._telling is not None:
            self._telling.heard(str(run_id), token)

    def check(self) -> None:
        """LangChain mends arguments that break off, and half a title would be proposed. :raises Unusable: when one does."""
        calls, self._calls = list(self._calls.values()), {}
        for written in calls:
            try:
                whole = isinstance(json.loads(written or "{}"), dict)
            except ValueError:
                whole = False
            if not whole:
                raise Unusable(GARBLED)


class _Watch(AgentMiddleware[Any, Turn]):
    """Limits time and tokens, asks again for a reply that cannot be used, and marks as data what tools return and what
    was said before."""

    def __init__(self, settings: Settings, writing: _Writing) -> None:
        super().__init__()
        self._writing = writing
        self._until = time.monotonic() + settings.model_seconds
        self._tokens, self._most = 0, settings.model_tokens
        self._expired = threading.Event()
        self._mark = secrets.token_hex(4)
        self.found: list[Found] = []

    def left(self) -> float:
        """Seconds until the turn has to end."""
        return max(0.0, self._until - time.monotonic())

    def expire(self) -> None:
        """From now on nothing is done any more, whatever the model asks for."""
        self._expired.set()

    def so_far(self, history: Sequence[tuple[str, str]]) -> str:
        """Earlier turns as data, since their answers quote what customers wrote; nothing where there are none."""
        said = "\n\n".join(f"Asked: {asked}\nAnswered: {answered}" for asked, answered in history)
        return f"Before this, in the same conversation:\n{self._as_data('this conversation', said)}" if said else ""

    def wrap_model_call(
        self, request: ModelRequest[Turn], handler: Callable[[ModelRequest[Turn]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        for attempt in range(1, _OFTEN_ENOUGH + 1):
            self._check()
            response = handler(request)
            message = response.result[-1]
            self._count([*request.messages, *([request.system_message] if request.system_message else [])], message)
            try:
                self._writing.check()
                usable(message, answering=bool(self.found))
            except Unusable:
                if attempt == _OFTEN_ENOUGH:
                    raise
            else:
                return response
        raise AssertionError("every attempt returns or raises")

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        self._check()
        message = handler(request)
        if isinstance(message, ToolMessage):
            if isinstance(message.artifact, Found):
                self.found.append(message.artifact)
            message.content = self._as_data(str(message.name or request.tool_call["name"]), str(message.content))
        return message

    def _as_data(self, source: str, text: str) -> str:
        """A text between marks that it cannot write itself, since it cannot know the number of this turn."""
        tidy = text.replace(self._mark, "").replace("<<<", "‹‹‹").replace(">>>", "›››")
        return f"<<<DATA {self._mark} from {source}>>>\n{tidy}\n<<<END {self._mark}>>>"

    def _check(self) -> None:
        if self._expired.is_set() or not self.left():
            raise Unusable(LOST)
        if self._tokens > self._most:
            raise Unusable("used more tokens than it may")

    def _count(self, asked: Sequence[BaseMessage], message: BaseMessage) -> None:
        usage = message.usage_metadata if isinstance(message, AIMessage) else None
        if usage is not None:
            self._tokens += usage["total_tokens"]
        else:
            self._tokens += sum(len(str(each.content)) for each in (*asked, message)) // _CHARACTERS_A_TOKEN


def _reason(error: Exception) -> str:
    """What went wrong, as the end of a sentence that begins with "The hosted model"."""
    if isinstance(error, Unusable):
        return "did not answer in time" if str(error) == LOST else str(error)
    if isinstance(error, ModelCallLimitExceededError):
        return "kept calling tools without an end"
    name = type(error).__name__.lower()
    if "timeout" in name:
        return "did not answer in time"
    status = getattr(error, "status_code", None)
    if status == 429 or "ratelimit" in name:
        return "has too much to do"
    if status in (401, 403):
        return "did not accept its key"
    return "did not answer"


def _described(error: Exception) -> str:
    """An error for the log: its kind and its HTTP status. Its words may hold a key, or the customer's."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__}{f' ({status})' if status else ''}" + (f": {error}" if isinstance(error, Unusable) else "")
