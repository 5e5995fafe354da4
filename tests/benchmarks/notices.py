"""How often an answer says that it left something out, and how often it should have.

    python -m tests.benchmarks.notices

Over the wordings that may be looked at: notices on plans that are exactly right, each of them a false alarm. Over requests with a
restriction that the record cannot meet (``restricted.txt``): those whose answer is a list or a number and says what was left out.
"""

import sys
from pathlib import Path

from bot.agent.embedded.unheard import NARROWED
from tests.agent.embedded.record import MANAGER, plan
from tests.benchmarks.understanding.__main__ import measured
from tests.benchmarks.understanding.wordings import utterances

_LOOKED_AT = ("tuning", "heard")


def false_alarms() -> tuple[int, list[tuple[str, str]]]:
    """How many plans were exactly right, and those of them that apologise for a word."""
    right = [outcome for name in _LOOKED_AT for said in utterances(name, 1) if (outcome := measured(said)).exact]
    return len(right), [(one.said.text, one.plan.say or "") for one in right if _noticed(one.plan.say)]


def missed() -> tuple[int, list[str]]:
    """How many requests with a restriction were answered by a list or a number, and those of them that do not say what is missing."""
    answered, silent = 0, []
    for text in (Path(__file__).parent / "restricted.txt").read_text(encoding="utf-8").splitlines():
        made = plan(text, caller=MANAGER)
        if made.calls and {call.tool for call in made.calls} <= NARROWED:
            answered += 1
            silent += [] if _noticed(made.say) else [text]
    return answered, silent


def _noticed(say: str | None) -> bool:
    return "I could not " in (say or "")


def main() -> int:
    right, alarms = false_alarms()
    print(f"exactly right {right}, with a notice {len(alarms)}: {len(alarms) / right:.4f}")
    for text, say in alarms:
        print(f"  {text!r}: {say}")
    answered, silent = missed()
    print(f"restrictions answered by a list or a number {answered}, noticed {(answered - len(silent)) / answered:.3f}")
    for text in silent:
        print(f"  {text!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
