"""A person's own word on a proposal, typed instead of pressed.

Only the embedded model is given these: it calls them when the message itself says so. A hosted model never is, so that no
text it reads can confirm a write.
"""

from langchain.tools import ToolRuntime, tool

from bot import decisions
from bot.agent.turn import Found, Turn
from bot.questions import Answer


def _found(answer: Answer) -> Found:
    return Found(text=answer.text, cards=answer.cards, proposals=answer.proposals)


@tool(response_format="content_and_artifact")
def confirm_proposal(proposal: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Confirm the proposal with this id, because the person said so in this message."""
    turn = runtime.context
    home = turn.settings.home
    done = decisions.confirm(turn.store, turn.caller, proposal, None, turn.origin, turn.now, home=home, also=turn.begun)
    found = _found(done)
    return found.text, found


@tool(response_format="content_and_artifact")
def reject_proposal(proposal: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Put the proposal with this id aside, because the person said so in this message."""
    turn = runtime.context
    found = _found(decisions.reject(turn.store, turn.caller, proposal, None, turn.now, also=turn.begun))
    return found.text, found


@tool(response_format="content_and_artifact")
def undo_change(change: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Take the change with this id back, because the person said so in this message."""
    turn = runtime.context
    found = _found(decisions.undo(turn.store, turn.caller, change, turn.origin, turn.now, also=turn.begun))
    return found.text, found


TOOLS = [confirm_proposal, reject_proposal, undo_change]
