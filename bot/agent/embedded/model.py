"""The embedded chat model: understands a message, asks for tools, and phrases what they found. No key, no network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict

from bot.agent.embedded.phrasing import phrased
from bot.agent.embedded.plans import Plan
from bot.agent.embedded.understanding import understand
from bot.agent.memory import Memory
from bot.settings import Settings
from crm_store.names import Names
from crm_store.people import Caller


@dataclass(frozen=True)
class Understanding:
    """All that is needed to understand the messages of one turn."""

    caller: Caller
    now: datetime
    memory: Memory
    names: Names
    embeddings: Embeddings
    settings: Settings
    _plans: dict[str, Plan] = field(default_factory=dict)

    def plan(self, text: str) -> Plan:
        """The plan for a message; asked again it is the same one."""
        if text not in self._plans:
            self._plans[text] = understand(
                text, caller=self.caller, now=self.now, memory=self.memory, names=self.names, embeddings=self.embeddings, settings=self.settings
            )  # fmt: skip
        return self._plans[text]


class EmbeddedChatModel(BaseChatModel):
    """Made anew for every turn with what that turn may know. ``bound`` are the names of the tools it may ask for; with
    none bound it only answers in words."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    understanding: Understanding
    bound: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "embedded"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.model_copy(update={"bound": tuple(_name_of(tool) for tool in tools)})

    def plan(self, text: str) -> Plan:
        """What a message comes to, for whoever needs the question or the waiting call beside the words."""
        return self.understanding.plan(text)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked = max((at for at, message in enumerate(messages) if isinstance(message, HumanMessage)), default=None)
        if asked is None:
            return _said(AIMessage(content=""))
        plan = self.understanding.plan(messages[asked].text)
        results = [message for message in messages[asked:] if isinstance(message, ToolMessage)]
        if results:
            return _said(AIMessage(content=phrased(plan, results)))
        calls = [
            ToolCall(name=call.tool, args=dict(call.args), id=f"call_{asked}_{at}", type="tool_call")
            for at, call in enumerate(plan.calls)
            if call.tool in self.bound
        ]
        return _said(AIMessage(content="" if calls else phrased(plan, []), tool_calls=calls))


def _said(message: AIMessage) -> ChatResult:
    return ChatResult(generations=[ChatGeneration(message=message)])


def _name_of(tool: dict[str, Any] | type | Callable[..., Any] | BaseTool) -> str:
    """To make the schema of a tool takes a millisecond, and only its name is wanted."""
    return tool.name if isinstance(tool, BaseTool) else str(convert_to_openai_tool(tool)["function"]["name"])
