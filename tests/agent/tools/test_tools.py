"""The tools as an agent calls them."""

from datetime import date
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from bot.agent.tools import TOOLS
from bot.agent.turn import Found, Turn
from tests.agent.tools.conftest import Company, SayTurn


class Scripted(GenericFakeChatModel):
    """Says what it was given, tools or not."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self


def _run(turn: Turn, name: str, args: dict[str, Any]) -> ToolMessage:
    call = AIMessage("", tool_calls=[{"name": name, "args": args, "id": "1"}])
    agent = create_agent(Scripted(messages=iter([call, AIMessage("done")])), list(TOOLS), context_schema=Turn)
    messages = agent.invoke({"messages": [HumanMessage("go")]}, context=turn)["messages"]
    return next(message for message in messages if isinstance(message, ToolMessage))


def test_every_tool_has_a_name_of_its_own_a_description_and_no_turn_in_its_arguments() -> None:
    names = [tool.name for tool in TOOLS]
    assert len(names) == len(set(names))
    for tool in TOOLS:
        assert len(tool.description) > 15
        assert "runtime" not in tool.tool_call_schema.model_json_schema()["properties"]  # type: ignore[union-attr]


def test_an_agent_gets_text_and_artifact_of_the_turns_person(company: Company, turn: SayTurn) -> None:
    message = _run(turn(by=company.ben), "list_deals", {"closing_since": "2026-11-01", "order": "amount"})
    assert isinstance(message.artifact, Found)
    assert message.content == message.artifact.text
    assert "Quarry expansion" in message.artifact.text
    assert "Pinewood" not in message.artifact.text


def test_the_one_answer_to_a_question_may_stand_for_a_list(company: Company, turn: SayTurn) -> None:
    message = _run(turn(), "log_interaction", {"channel": "call", "text": "fine", "contacts": company.rosa.id})
    assert "Call with Rosa Blume" in str(message.content)


def test_days_arrive_as_days(company: Company, turn: SayTurn) -> None:
    message = _run(turn(), "create_task", {"title": "Call", "due": "2026-11-24"})
    assert "Tue 24 Nov" in str(message.content)
    assert date(2026, 11, 24).strftime("%a") == "Tue"


