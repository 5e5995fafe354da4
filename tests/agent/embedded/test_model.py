"""The chat model as LangChain sees it."""

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool

from bot.agent.embedded.model import EmbeddedChatModel, Understanding
from bot.agent.memory import Memory
from bot.agent.model import hosted_model
from bot.errors import Misconfigured
from bot.settings import Settings
from knowledge.embeddings import MiniLM
from tests.agent.embedded.record import NAMES, NOW, REP


@tool
def account_latest(account: str) -> str:
    """What is new at an account."""
    return account


def _understanding() -> Understanding:
    return Understanding(REP, NOW, Memory(), NAMES, MiniLM(), Settings())


def test_a_question_becomes_a_tool_call_and_its_result_the_answer() -> None:
    model = EmbeddedChatModel(understanding=_understanding()).bind_tools([account_latest])
    asked = HumanMessage("what's the latest on Quanta?")
    called = model.invoke([asked])
    assert isinstance(called, AIMessage)
    assert [(call["name"], call["args"]) for call in called.tool_calls] == [("account_latest", {"account": "quanta"})]
    result = ToolMessage("*Quanta Textiles*: quiet.", tool_call_id=called.tool_calls[0]["id"])
    assert model.invoke([asked, called, result]).text == "*Quanta Textiles*: quiet."


def test_a_tool_that_is_not_bound_is_not_called() -> None:
    said = EmbeddedChatModel(understanding=_understanding()).bind_tools([account_latest]).invoke("my tasks")
    assert isinstance(said, AIMessage)
    assert not said.tool_calls
    assert said.text


@pytest.mark.parametrize("setting", ["gpt", "nosuchprovider:model", "anthropic:"])
def test_a_model_that_cannot_be_used_is_explained(setting: str) -> None:
    with pytest.raises(Misconfigured, match="RAPPORT_MODEL"):
        hosted_model(Settings(model=setting))
