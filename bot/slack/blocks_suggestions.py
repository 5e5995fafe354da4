"""Cards with something to do on every line: next actions and tasks."""

from datetime import date

from bot.cards import SuggestionLine, SuggestionsCard, TaskLine, TasksCard
from bot.slack import kit
from bot.slack.anchors import anchor
from bot.slack.kit import Json
from bot.slack.text import escape, shorten, to_mrkdwn
from bot.slack.verbs import Verb, action
from bot.wording import day, plural

MOST_TASKS = 40
MOST_SUGGESTIONS = 10
MOST_SOURCES = 5


def suggestions(card: SuggestionsCard) -> list[Json]:
    blocks = [kit.title(card.title)]
    for number, line in enumerate(card.suggestions[:MOST_SUGGESTIONS], start=1):
        blocks += _suggestion(number, line)
    return blocks


def _suggestion(number: int, line: SuggestionLine) -> list[Json]:
    block_id = kit.identifier("suggestion", line.id)
    text = f"{number}. *{escape(shorten(line.title, 300))}*\n{to_mrkdwn(line.why)}"
    about = f"  _{escape(shorten(line.about, 200))}_" if line.about and line.about not in line.title else ""
    buttons = [
        kit.button("Done", action(Verb.DO_IT, line.id), line.id, style="primary"),
        kit.button("Snooze", action(Verb.SNOOZE, line.id), line.id),
        kit.button("Not useful", action(Verb.NOT_USEFUL, line.id), line.id),
        kit.button("Why", action(Verb.WHY, line.id), line.id),
        *(
            kit.button(f"[{mark}]", action(Verb.SOURCE, line.id, str(mark)), anchor(citation))
            for mark, citation in enumerate(line.citations[:MOST_SOURCES], start=1)
        ),
    ]
    return [kit.section(text + about, block_id=f"{block_id}.words"), *kit.actions(buttons, block_id)]


def tasks(card: TasksCard, today: date) -> list[Json]:
    blocks = [kit.title(card.title)]
    for line in card.tasks[:MOST_TASKS]:
        blocks.append(task(line, today))
    left = card.more + max(0, len(card.tasks) - MOST_TASKS)
    return [*blocks, *([kit.context(f"_… and {plural(left, 'more task')}_")] if left else [])]


def task(line: TaskLine, today: date) -> Json:
    """One task with its Done button; one that is done is struck through."""
    details = " · ".join(
        part
        for part in (_due(line, today), escape(shorten(line.about or "", 200)), "promised" if line.promise else "")
        if part
    )
    words = escape(shorten(line.title, 500))
    block_id = kit.identifier("task", line.id)
    if line.done:
        return kit.section(f":white_check_mark: ~{words}~", block_id=block_id)
    done = kit.button("Done", action(Verb.DONE, line.id), line.id)
    return kit.section(f"*{words}*" + (f"\n{details}" if details else ""), accessory=done, block_id=block_id)


def _due(line: TaskLine, today: date) -> str:
    if line.due is None:
        return ""
    late = f" (overdue {plural(line.overdue_days, 'day')})" if line.overdue_days > 0 else ""
    return f"due {day(line.due, today)}{late}"
