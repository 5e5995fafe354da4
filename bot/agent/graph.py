"""The one agent graph, for the embedded model and for hosted ones alike.

Calls run one after the other, so that citations are numbered in the order in which they are read, and every tool's artifact
is kept for the answer. A hosted model is watched by what its turn alone knows, so each turn builds a small graph; the embedded
one answers in less time than that takes, and all its turns share one.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware, ToolCallLimitMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.config import get_config
from langgraph.types import Command

from bot.agent.tools.custom_words import all_fields
from bot.agent.turn import Found, Turn
from bot.errors import KNOWN, BadInput
from bot.marks import shifted
from crm_store.custom_fields import definitions

PROMPT = (Path(__file__).parent / "prompt.md").read_text("utf-8")
ADDED = (
    "This company added these fields to its record; read them with record_fields, propose values with set_field, list with "
    "list_by_field, and filter, group and measure by custom.NAME in report:"
)


@dataclass(frozen=True)
class Limits:
    """How often a turn may ask the model and call tools. A ``strict`` run raises
    :class:`~langchain.agents.middleware.model_call_limit.ModelCallLimitExceededError` at the first of them."""

    model_calls: int = 8
    tool_calls: int = 12
    strict: bool = False


@dataclass(frozen=True)
class Run:
    """What a turn produced: the final words and every tool's artifact in order, citations numbered through."""

    text: str
    found: tuple[Found, ...]
    calls: tuple[tuple[str, dict[str, Any]], ...]


class _Collecting(AgentMiddleware[Any, Turn]):
    """Numbers citations through the turn, keeps artifacts and turns known errors into sentences for the model."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._cited = 0

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        call = request.tool_call
        self.calls.append((call["name"], dict(call["args"])))
        try:
            message = handler(request)
        except KNOWN as error:
            found = Found(text=str(error), refused=str(error))
            message = ToolMessage(content=str(error), artifact=found, tool_call_id=call["id"], name=call["name"])
        if not isinstance(message, ToolMessage) or not isinstance(message.artifact, Found):
            return message
        found = replace(message.artifact, text=shifted(message.artifact.text, self._cited))
        self._cited += len(found.citations)
        self.found.append(found)
        message.content, message.artifact = found.text, found
        return message


@dataclass(frozen=True)
class _Own:
    """What one turn brings into the graph that it shares with others."""

    model: BaseChatModel
    tools: Collection[str]
    most: int
    collecting: _Collecting = field(default_factory=_Collecting)


class _OfTheTurn(AgentMiddleware[Any, Turn]):
    """Asks the model of the turn at hand, offers it its own tools, and collects for it."""

    def wrap_model_call(
        self, request: ModelRequest[Turn], handler: Callable[[ModelRequest[Turn]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        own = _own()
        offered = [tool for tool in request.tools if isinstance(tool, BaseTool) and tool.name in own.tools]
        return handler(request.override(model=own.model, tools=[*offered]))

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        own = _own()
        enough = len(own.collecting.calls) >= own.most
        return own.collecting.wrap_tool_call(request, _refused if enough else handler)


def _own() -> _Own:
    own: _Own = get_config()["configurable"]["own"]
    return own


def _refused(request: ToolCallRequest) -> ToolMessage | Command[Any]:
    raise BadInput("That is more than I do at once; ask me for the rest in another message.")


class Shared:
    """A graph over ``tools`` that all turns share, for a model that knows when it is done. Safe to share by threads."""

    def __init__(self, model: type[BaseChatModel], tools: Sequence[BaseTool], limits: Limits = Limits()) -> None:
        self._limits = limits
        nobody = model.model_construct()  # a graph is made with a model, and every turn brings its own
        self._agent: Any = create_agent(nobody, list(tools), context_schema=Turn, middleware=[_OfTheTurn()])

    def run(self, model: BaseChatModel, tools: Collection[str], turn: Turn) -> Run:
        """Answer one message by ``model``, which may call these tools, by name."""
        own = _Own(model, tools, self._limits.tool_calls)
        return _ran(self._agent, own.collecting, turn, [HumanMessage(turn.message)], self._limits, {"configurable": {"own": own}})


def run(
    model: BaseChatModel,
    tools: Sequence[BaseTool],
    turn: Turn,
    before: str = "",
    *,
    limits: Limits = Limits(),  # frozen
    guards: Sequence[AgentMiddleware[Any, Turn]] = (),
    callbacks: Sequence[BaseCallbackHandler] = (),
) -> Run:
    """Answer one message. ``before`` is put before it: what it follows in the thread.

    ``guards`` see what passes to and from the model, after citations were numbered. ``callbacks``
    hear a model that streams while it writes.
    """
    collecting = _Collecting()
    middleware: list[Any] = [
        *guards,
        collecting,
        ModelCallLimitMiddleware(run_limit=limits.model_calls, exit_behavior="error" if limits.strict else "end"),
        ToolCallLimitMiddleware(run_limit=limits.tool_calls, exit_behavior="continue"),
    ]
    agent: Any = create_agent(
        model, list(tools), system_prompt=_prompt(turn.now, turn), context_schema=Turn, middleware=middleware
    )
    messages = [HumanMessage(said) for said in (before, turn.message) if said]
    return _ran(agent, collecting, turn, messages, limits, {"callbacks": list(callbacks)})


def _ran(
    agent: Any, collecting: _Collecting, turn: Turn, messages: Sequence[BaseMessage], limits: Limits, config: dict[str, Any]
) -> Run:
    config |= {"max_concurrency": 1, "recursion_limit": 10 + 5 * limits.model_calls}
    result = agent.invoke({"messages": list(messages)}, context=turn, config=config)
    final = result["messages"][-1]
    return Run(final.text if isinstance(final, AIMessage) else "", tuple(collecting.found), tuple(collecting.calls))


def _prompt(now: datetime, turn: Turn) -> str:
    local = now.astimezone(turn.caller.zone)
    with turn.read() as session:
        added = definitions(session)
    fields = f"\n{ADDED}\n{all_fields(added)}\n" if added else ""
    said = PROMPT.format(name=turn.caller.name, role=turn.caller.role.value, now=f"{local:%A %Y-%m-%d %H:%M}", zone=turn.caller.zone.key)
    return said + fields
