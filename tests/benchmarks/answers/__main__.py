"""How good answers are, with no model and no network: the facts, the sources, honesty, length.

    python -m tests.benchmarks.answers [--show FAMILY|all] [--seen-only] [--home FOLDER]

Loads the sample company as of a fixed day and asks it the questions of ``gold.txt``, each in a wording that was looked at
while building and in one that is only measured, and those of ``gold_further.txt``, ``gold_reps.txt`` and ``gold_fresh.txt``, half of
which are only measured.

An answer is *right* when it says every fact, *supported* when a source that it
cites holds each of them, and *honest* when it says that nothing is on record where nothing is. ``--home`` keeps the company
for the next run.
"""

import argparse
import re
import sqlite3
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.app import Rapport
from bot.questions import Answer, Question
from bot.settings import Settings
from crm_store.people import Caller
from tests.benchmarks.answers.gold import Asked, Fact, questions

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
_NOTHING = re.compile(
    r"^\W*(?:no\b|not known|none on record|nothing|i can't find|i find nothing|that is outside|i did not|"
    r".{0,60}\b(?:has bought nothing|no (?:orders|contacts|cases?|objection)|0 of 4)\b)",
    re.IGNORECASE,
)
_COUNTS = {
    "open_deals": "SELECT count(*) FROM deal WHERE status = 'open'",
    "won_q3": "SELECT count(*) FROM deal WHERE status = 'won' AND closed_at >= '2026-07-01' AND closed_at < '2026-10-01'",
    "open_cases": "SELECT count(*) FROM \"case\" WHERE status <> 'closed'",
}
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """``supported`` is None where no fact needs a source, ``honest`` where there is something to say."""

    asked: Asked
    answer: Answer
    right: bool
    supported: bool | None
    honest: bool | None

    @property
    def passed(self) -> bool:
        return self.right and self.supported is not False and self.honest is not False

    @property
    def words(self) -> int:
        return len(self.answer.text.split())


def company(home: Path) -> Rapport:
    """The sample company, made where it is not there yet; every text is indexed."""
    rapport = Rapport(Settings(home=home), clock=lambda: NOW)
    rapport.open(create=True, hold_index=True)
    rapport.load_sample(TODAY)
    rapport.index_missing()
    return rapport


def outcome(rapport: Rapport, caller: Caller, asked: Asked, counts: Counts) -> Outcome:
    answer = rapport.answer(Question(asked.text, caller, NOW, f"gold {asked.wording} {asked.text}", origin="cli"))
    if not asked.facts:
        honest = bool(_NOTHING.match(answer.text.removeprefix("I did not fully understand that.").strip()) or not answer.understood)
        return Outcome(asked, answer, honest, None, honest)
    shown = "\n".join([answer.text, *(card.model_dump_json() for card in answer.cards)])
    right = all(_says(shown, fact, counts) for fact in asked.facts)
    cited = [fact for fact in asked.facts if fact.cited]
    sources = [_source(rapport, caller, each.id, f"{each.title} {each.quote}") for each in answer.citations]
    supported = all(any(_says(text, fact, counts) for text in sources) for fact in cited) if cited else None
    return Outcome(asked, answer, right, supported, None)


def _source(rapport: Rapport, caller: Caller, citation: str, quoted: str) -> str:
    opened = rapport.open_source(caller, citation)
    return " ".join([quoted, opened.title, *(f"{label or ''} {words}" for label, words in opened.passages)])


def _says(text: str, fact: Fact, counts: Counts) -> bool:
    plain = _plain(text)
    if fact.sql is not None:
        return re.search(rf"(?<![\d,.]){counts[fact.sql]:,}(?![\d,])", text) is not None
    return any(_plain(one) in plain for one in fact.spellings)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*_“”\"]", "", text).casefold().split())


def table(outcomes: Sequence[Outcome]) -> str:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[one.asked.family].append(one)
    lines = [f"{'family':18} {'asked':>6} {'right':>7} {'cited':>7} {'honest':>7} {'words':>6}"]
    for family, group in [*groups.items(), ("all", list(outcomes))]:
        lines.append(
            f"{family:18} {len(group):6} {_share([one.right for one in group])} {_share([one.supported for one in group])}"
            f" {_share([one.honest for one in group])} {statistics.median(one.words for one in group):6.0f}"
        )
    return "\n".join(lines)


def _share(values: Sequence[bool | None]) -> str:
    counted = [value for value in values if value is not None]
    return f"{sum(counted) / len(counted):7.3f}" if counted else f"{'':7}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.answers", description=__doc__)
    parser.add_argument("--show", metavar="FAMILY", help="print what failed in a family (all: in every one)")
    parser.add_argument("--seen-only", action="store_true", help="leave out the wordings that are only measured")
    parser.add_argument("--home", type=Path, help="keep the company in this folder")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        with company(home) as rapport:
            record = sqlite3.connect(home / "rapport.db")
            counts = {name: int(record.execute(sql).fetchone()[0]) for name, sql in _COUNTS.items()}
            record.close()
            wanted = [one for one in questions() if one.wording == "seen" or not given.seen_only]
            callers = {who: rapport.caller_for_email(who) for who in {one.who for one in wanted}}
            outcomes = [outcome(rapport, callers[one.who], one, counts) for one in wanted]
    for wording in ("seen", "held out"):
        of_it = [one for one in outcomes if one.asked.wording == wording]
        if of_it:
            nothing = sum(not one.asked.facts for one in of_it)
            sys.stdout.write(f"\n{wording}: {len(of_it)} questions, {nothing} of them with nothing to find\n{table(of_it)}\n")
    for one in outcomes:
        if given.show in ("all", one.asked.family) and not one.passed:
            wanted_facts = "; ".join(" / ".join(fact.spellings) or str(fact.sql) for fact in one.asked.facts) or "none"
            sys.stdout.write(f"\n[{one.asked.family}, {one.asked.wording}] {one.asked.text}\n  wanted: {wanted_facts}\n")
            sys.stdout.write(f"  right {one.right}, cited {one.supported}, honest {one.honest}\n  {one.answer.text[:600]}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
