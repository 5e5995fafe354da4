"""An answer on the command line: one JSON object a line for scripts, plain words for people."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from bot.cards import (
    BriefCard,
    Card,
    ChartCard,
    DealsCard,
    FollowUpsCard,
    NoticeCard,
    PassagesCard,
    PeopleCard,
    ProposalCard,
    ProposalView,
    SuggestionsCard,
    TableCard,
    TasksCard,
    TimelineCard,
)
from bot.questions import Answer
from bot.wording import money


def as_object(answer: Answer) -> dict[str, Any]:
    """The shape that ``--json`` documents; every value is plain JSON."""
    return {
        "text": answer.text,
        "citations": [each.model_dump(mode="json") for each in answer.citations],
        "cards": [each.model_dump(mode="json") for each in answer.cards],
        "figures": [each.model_dump(mode="json") for each in answer.figures],
        "proposals": [proposal_object(each) for each in answer.proposals],
        "question": answer.question.model_dump(mode="json") if answer.question else None,
        "understood": answer.understood,
        "refused": answer.refused,
        "ms": answer.ms,
    }


def proposal_object(proposal: ProposalView) -> dict[str, Any]:
    """A proposal with every field change of every row in one flat list."""
    return {
        "id": proposal.id,
        "summary": proposal.summary,
        "status": proposal.status,
        "change": proposal.change_id,
        "changes": [
            {
                "item": item.id,
                "action": item.action,
                "entity": item.entity,
                "id": item.entity_id,
                "field": change.field,
                "old": change.old,
                "new": change.new,
                "evidence": [each.model_dump(mode="json") for each in item.evidence],
            }
            for item in proposal.items
            for change in item.changes
        ],
    }


def print_json(value: Mapping[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def print_answer(answer: Answer, console: Console) -> None:
    """The answer, its cards and its sources, for a person at a terminal."""
    console.print(Markdown(answer.text.replace("\n", "  \n")))  # each line stays one
    for card in answer.cards:
        for part in _lines(card):
            console.print(part)
    if answer.question:
        console.print(f"[bold]{answer.question.text}[/bold]" if answer.question.text not in answer.text else "")
        for number, option in enumerate(answer.question.options, 1):
            console.print(f"  {number}. {option.label}", markup=False)
    for number, source in enumerate(answer.citations, 1):
        who = f"{source.speaker}, " if source.speaker else ""
        console.print(
            f"  [{number}] {who}{source.at:%d %b %Y}, {source.title}: “{source.quote}”", style="dim", markup=False
        )


def _lines(card: Card) -> Iterator[str | Table]:
    match card:
        case ProposalCard(proposal=proposal):
            yield f"Proposal {proposal.id} ({proposal.status})"
            for item in proposal.items:
                yield f"  {item.label} ({item.status})"
                yield from (f"    {c.label}: {c.old_text}{' → ' if c.old_text else ''}{c.new_text}" for c in item.shown)
        case DealsCard(title=title, deals=deals):
            yield _table(
                title,
                ("Deal", "Account", "Stage", "Amount", "Closes", "Owner"),
                [
                    (
                        d.name,
                        d.account,
                        d.stage,
                        money(d.amount.amount_minor, d.amount.currency) if d.amount else "",
                        str(d.close_date or ""),
                        d.owner,
                    )
                    for d in deals
                ],
            )
        case TableCard(title=title, columns=columns, rows=rows):
            yield _table(title, tuple(column.title for column in columns), rows)
        case PeopleCard(title=title, people=people):
            yield _table(
                title,
                ("Name", "Title", "Role", "E-mail"),
                [(p.name, p.title or "", ", ".join(p.roles), p.email or "") for p in people],
            )
        case TasksCard(title=title, tasks=tasks):
            yield _table(title, ("Task", "Due", "About"), [(t.title, str(t.due or ""), t.about or "") for t in tasks])
        case TimelineCard(title=title, lines=lines):
            yield _table(title, ("When", "What", "Gist"), [(f"{e.at:%d %b %Y}", e.kind, e.gist) for e in lines])
        case BriefCard(sections=sections):
            for section in sections:
                yield f"[bold]{section.title}[/bold]"
                yield from (f"  - {line}" for line in section.lines)
        case SuggestionsCard(suggestions=suggestions):
            yield from (f"  {each.title} ({each.id})" for each in suggestions)
        case NoticeCard(text=text):
            yield text
        case ChartCard(alt=alt):
            yield alt
        case PassagesCard() | FollowUpsCard():
            pass


def _table(title: str, columns: tuple[str, ...], rows: Any) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    return table
