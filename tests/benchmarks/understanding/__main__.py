"""How well requests are understood, with no model and no network.

    python -m tests.benchmarks.understanding [--show FAMILY] [--outside CLINC150.json] [--tuning-only]
    python -m tests.benchmarks.understanding --database URL

Measures, on wordings that were looked at, held out or by other hands: the tools exact, tools and every argument exact,
writes that are wrong (planned where none was asked, or other than asked), requests refused that are in scope, and the time to
understand. ``--outside`` takes a file in the layout of CLINC150 (lists of [text, intent]); its ``oos`` parts must be refused.
``--database`` only times the tuning wordings with names of that record (:mod:`tests.benchmarks.understanding.latency`).
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.agent.embedded import replies
from bot.agent.embedded.plans import Plan
from bot.agent.memory import Made, Memory
from bot.cards import Option
from crm_store.names import winners
from tests.agent.embedded.record import MANAGER, NAMES, REP, after, plan
from tests.benchmarks.understanding import latency
from tests.benchmarks.understanding.wordings import Utterance, utterances

WRITES = frozenset(
    ["log_interaction", "update_deal", "create_task", "complete_task", "update_task", "create_contact", "create_deal", "create_account",
     "update_contact", "set_role", "record_consent", "change_deals", "change_tasks", "change_accounts", "confirm_proposal", "undo_change"]
)  # fmt: skip
_HELD_OUT_EACH = 2
_TUNING_EACH = 3


@dataclass(frozen=True)
class Outcome:
    said: Utterance
    plan: Plan
    tools: bool
    exact: bool
    wrong_write: bool
    refused: bool
    seconds: float


def measured(said: Utterance) -> Outcome:
    context = said.context
    memory = after(*context.after) if context.after else Memory()
    if context.made is not None:
        memory = Memory(calls=(Made(tool=context.made[0], args=context.made[1]),))
    if context.asked is not None:
        memory = Memory(calls=(Made(tool=context.asked[0], args=context.asked[1]),))
    if context.shown:
        listed = after(*context.shown).subjects
        memory = memory.model_copy(update={"shown": listed, "just_shown": True, "subjects": listed})
    if context.waiting is not None:
        options = tuple(Option(label=label, value=value) for value, label in context.options)
        memory = Memory(open_call=Made(tool=context.waiting[0], args=context.waiting[1], missing=context.missing), options=options)
    memory = memory.model_copy(update={"proposal_ids": ("p",) if context.proposal else (), "change_id": "c" if context.change else None})
    begun = time.perf_counter()
    found = plan(said.text, memory=memory, caller=MANAGER if context.manager else REP)
    seconds = time.perf_counter() - begun
    caller = MANAGER if said.context.manager else REP
    calls = [(call.tool, _own(dict(call.args), caller.person_id)) for call in found.calls]
    wanted = [(tool, _own(dict(args), caller.person_id)) for tool, args in said.expected.calls]
    writes = [call for call in calls if call[0] in WRITES]
    match said.expected.kind:
        case "calls":
            tools = [tool for tool, _ in calls] == [tool for tool, _ in wanted]
            exact = tools and all(_same(one, other) for (_, one), (_, other) in zip(calls, wanted, strict=True))
        case "read":
            tools = exact = not writes
        case "none":
            tools = exact = not calls
        case _:
            tools = exact = not calls and not found.understood
    allowed = [call for call in wanted if call[0] in WRITES]
    wrong = any(not any(call[0] == other[0] and _same(call[1], other[1]) for other in allowed) for call in writes)
    refused = said.expected.kind != "refuse" and found.say == replies.OUT_OF_SCOPE
    return Outcome(said, found, tools, exact, wrong, refused, seconds)


def _own(args: dict[str, object], me: str) -> dict[str, object]:
    """Arguments in which whoever asks is "me" and a contact its id, whichever way they were named."""
    mine = {key: "me" if key in ("owner", "to_owner") and value == me else value for key, value in args.items()}
    named = NAMES.find("contact", contact) if isinstance(contact := mine.get("contact"), str) and NAMES.get(contact) is None else []
    return {**mine, "contact": named[0].name.id} if len(winners(named)) == 1 else mine


def _same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return _folded(dict(one)) == _folded(dict(other))


def _folded(value: object) -> object:
    """A value as it is compared: what a person said is the same in capitals and without the apostrophe."""
    if isinstance(value, str):
        return value.casefold().replace("'", "")
    if isinstance(value, Mapping):
        return {key: _folded(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_folded(each) for each in value]
    return value


def report(name: str, outcomes: list[Outcome], by_family: bool) -> str:
    count = len(outcomes)
    families: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        families[one.said.family].append(one)
    times = sorted(one.seconds * 1000 for one in outcomes)
    inside = [one for one in outcomes if one.said.expected.kind != "refuse"]
    lines = [
        f"{name}: {count} utterances of {len({one.said.wording for one in outcomes})} wordings in {len(families)} families",
        f"  tools exact {_share(outcomes, 'tools')}   tools and arguments exact {_share(outcomes, 'exact')}   "
        f"wrong writes {_share(outcomes, 'wrong_write')}   refused in scope {_share(inside, 'refused')}",
        f"  ms: p50 {times[count // 2]:.1f}, p95 {times[int(count * 0.95)]:.1f}, most {times[-1]:.1f}",
    ]
    if by_family:
        lines += [
            f"  {family:22} {len(found):4}  tools {_share(found, 'tools')}  exact {_share(found, 'exact')}  "
            f"wrong writes {_share(found, 'wrong_write')}"
            for family, found in families.items()
        ]
    return "\n".join(lines)


def _share(outcomes: Sequence[Outcome], what: str) -> str:
    return f"{sum(getattr(one, what) for one in outcomes) / max(1, len(outcomes)):.3f}"


def shown(outcomes: list[Outcome], family: str) -> str:
    """What went wrong in a family, or in all of them, for whoever tunes."""
    return "\n".join(_difference(one) for one in outcomes if not one.exact and family in ("all", one.said.family))


def _difference(one: Outcome) -> str:
    asked = one.plan.question.text if one.plan.question else ""
    return (
        f"[{one.said.family}{' WRITE' if one.wrong_write else ''}] {one.said.text!r}\n"
        f"    wanted {one.said.expected.kind} {list(one.said.expected.calls)}\n"
        f"    found  {[(call.tool, dict(call.args)) for call in one.plan.calls]} {asked} ({one.plan.reason})"
    )


def outside(path: Path) -> str:
    """Recall of what is out of scope, over every list of the file whose intent is ``oos``."""
    data: dict[str, list[list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    lines = []
    for part, rows in data.items():
        texts = [text for text, intent in rows if intent == "oos"]
        if texts:
            plans = [plan(text) for text in texts]
            refused = sum(not found.understood and not found.calls for found in plans)
            written = sum(any(call.tool in WRITES for call in found.calls) for found in plans)
            lines.append(f"  {part}: {len(texts)} texts, refused {refused / len(texts):.3f}, writes planned {written}")
    return "\n".join(["out of scope:", *lines])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.understanding")
    parser.add_argument("--show", metavar="FAMILY", help="print what went wrong among the tuning wordings: a family, or all")
    parser.add_argument("--outside", type=Path, metavar="FILE")
    parser.add_argument("--tuning-only", action="store_true")
    parser.add_argument("--database", metavar="URL", help="only time requests about the names of this record")
    given = parser.parse_args()
    if given.database is not None:
        sys.stdout.write(latency.report(given.database) + "\n")
        return 0
    plan("what is the latest on Quanta")  # loads the model, which is no part of a request's time
    tuning = [measured(said) for said in utterances("tuning", _TUNING_EACH)]
    if given.show:
        sys.stdout.write(shown(tuning, given.show) + "\n")
    sys.stdout.write(report("tuning", tuning, given.show is None) + "\n")
    if not given.tuning_only:
        held_out = [measured(said) for said in utterances("held_out", _HELD_OUT_EACH)]
        sys.stdout.write(report("held out", held_out, True) + "\n")
        for name in ("heard", "strangers"):
            theirs = [measured(said) for said in utterances(name, _HELD_OUT_EACH)]
            sys.stdout.write(report(f"{name}, by other hands", theirs, False) + "\n")
    if given.outside is not None:
        sys.stdout.write(outside(given.outside) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
