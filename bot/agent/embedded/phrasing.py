"""Results of tools -> one reply. Nothing is said that a tool did not find, apart from the plan's own sentence."""

from collections.abc import Sequence

from langchain_core.messages import ToolMessage

from bot.agent.embedded.plans import Plan


def phrased(plan: Plan, results: Sequence[ToolMessage]) -> str:
    """The reply in Markdown: the plan's sentence, each result's finished text in order, the question that is left. The
    graph has already numbered the citation marks through."""
    parts = [plan.say or "", *(result.text.strip() for result in results)]
    if plan.question is not None:
        parts.append(plan.question.text)
    said = "\n\n".join(part for part in parts if part)
    return said or ("That cannot be done from here." if plan.calls else "")
