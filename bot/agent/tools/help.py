"""The tool that says what can be asked."""

from langchain.tools import ToolRuntime, tool

from bot.agent.tools.shaping import follow_ups, shown
from bot.agent.turn import Found, Turn
from crm_store.queries import accounts


def help(turn: Turn) -> Found:  # the name is the tool's
    """What Rapport does, with examples on the caller's own accounts."""
    with turn.read() as session:
        mine = accounts.accounts(session, now=turn.now, limit=1, owner_ids=(turn.caller.person_id,)).rows
        name = mine[0].name if mine else "one of your accounts"
    lines = [
        "**Ask, log or let me suggest.** I answer from the customer record, with sources.",
        f"- _What's the latest on {name}?_ · _Prepare me for {name}_ · _Has anyone mentioned a security review?_",
        f"- _Qualify {name}_ · _What do they object to?_ · _Summarise last month with {name}_ · _What's our discount policy?_",
        "- _My pipeline_ · _Deals closing this month_ · _How much did we close last quarter?_",
        f"- _Log a call with {name}: wants a new offer, follow up Tuesday_ (nothing is written before you confirm)",
        "- _Push all my deals closing this month by two weeks_ · _If it is still in Proposal, move it to Negotiation_",
        f"- _What should I do next?_ · _My tasks_ · _Draft an e-mail to {name}_",
    ]
    if turn.caller.manages:
        lines.append("- _Summarise my team's week_ · _What changed since Monday?_ · _Where do we stand this quarter?_")
    card = follow_ups(
        ("What next?", "What should I do next?"),
        ("My pipeline", "Show my pipeline"),
        *(((f"Latest on {name}", f"What's the latest on {name}?"),) if mine else ()),
    )
    return Found("\n".join(lines), cards=(card,))


@tool("help", response_format="content_and_artifact")
def _help(runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """What can be asked here."""
    return shown(help(runtime.context))


TOOLS = [_help]
