"""Cards that show the record: people, deals, history, briefs, tables, pictures, passages, notices."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cards import (
    BriefCard,
    ChartCard,
    Citation,
    ContactLine,
    DealLineView,
    DealsCard,
    Money,
    NoticeCard,
    PassagesCard,
    PeopleCard,
    TableCard,
    TimelineCard,
    TimelineLine,
)
from bot.slack import kit
from bot.slack.anchors import anchor
from bot.slack.kit import Json
from bot.slack.text import escape, shorten, strong, to_mrkdwn
from bot.slack.verbs import Verb, action
from bot.wording import ago, day, moment, money, words

MOST_PEOPLE = 30
MOST_PASSAGES = 20
QUOTE = 700
_MARKS = {"info": ":information_source:", "warning": ":warning:", "error": ":x:"}


def people(card: PeopleCard, today: date) -> list[Json]:
    lines = [_person(person, today) for person in card.people[:MOST_PEOPLE]]
    left = len(card.people) - len(lines)
    return [kit.title(card.title), *_joined(lines, "\n\n"), *_more(left, "person", "people")]


def _person(person: ContactLine, today: date) -> str:
    head = f"*{escape(person.name)}*"
    place = ", ".join(escape(part) for part in (person.title, person.account) if part)
    reach = " · ".join(
        escape(part)
        for part in (
            ", ".join(words(role) for role in person.roles), person.email or "", person.phone or "",
            f"last touch {ago(person.last_touch, today)}" if person.last_touch else "",
        )
        if part
    )  # fmt: skip
    note = f"_{escape(shorten(person.note, 300))}_" if person.note else ""
    return "\n".join(part for part in (f"{head}  {place}".strip(), reach, note) if part)


def deals(card: DealsCard, today: date) -> list[Json]:
    if not card.deals:
        return [kit.title(card.title)]
    whose = len({deal.owner for deal in card.deals}) > 1
    heads = ["Deal", "Account", "Stage", "Amount", "Closes", *(["Owner"] if whose else []), "Next step"]
    rows = [_deal(deal, today, whose) for deal in card.deals]
    block, shown = kit.table(heads, rows, [head == "Amount" for head in heads])
    return [kit.title(card.title), block, *_more(card.more + len(rows) - shown, "deal")]


def _deal(deal: DealLineView, today: date, whose: bool) -> list[str]:
    stage = deal.stage + (f" ({words(deal.forecast_category)})" if deal.forecast_category else "")
    step = " – ".join(part for part in (deal.next_step, deal.note) if part)
    closes = day(deal.close_date, today) if deal.close_date else ""
    return [deal.name, deal.account, stage, _amount(deal.amount), closes, *([deal.owner] if whose else []), step]


def _amount(amount: Money | None) -> str:
    return money(amount.amount_minor, amount.currency) if amount else ""


def timeline(card: TimelineCard, zone: ZoneInfo, today: date) -> list[Json]:
    lines = [_event(line, zone, today) for line in card.lines]
    return [kit.title(card.title), *_joined(lines, "\n"), *_more(card.more, "more", "more")]


def _event(line: TimelineLine, zone: ZoneInfo, today: date) -> str:
    when = day(_local(line.at, zone), today)
    gist = f" – {escape(shorten(line.gist, 400))}" if line.gist else ""
    who = f" _({escape(line.who)})_" if line.who else ""
    return f"• {when} · {line.kind} · *{escape(shorten(line.title, 200))}*{gist}{who}"


def brief(card: BriefCard) -> list[Json]:
    blocks = [kit.header(card.title)]
    for section in card.sections:
        listed = "\n".join(f"- {line.strip()}" for line in section.lines if line.strip())
        blocks.append(kit.markdown(f"**{section.title.strip() or '…'}**\n{strong(listed)}"))
    return blocks


def table(card: TableCard) -> list[Json]:
    words_counted = card.counted.strip().removeprefix("Counted:").strip()
    counted = [kit.context(f"_Counted: {escape(shorten(words_counted, 1_500))}_")] if words_counted else []
    if not card.columns or not card.rows:
        return [kit.title(card.title), *counted]
    right = [column.kind in ("number", "money", "percent") for column in card.columns]
    block, shown = kit.table([column.title for column in card.columns], card.rows, right)
    return [kit.title(card.title), block, *_more(len(card.rows) - shown, "row"), *counted]


def chart(card: ChartCard, picture: str | None) -> list[Json]:
    """The uploaded picture; without one, the same numbers as a table."""
    if picture is not None:
        heading = kit.plain_text(card.title, 2_000)
        alt = shorten(card.alt.strip() or card.title.strip() or "A chart", 1_900)
        return [{"type": "image", "slack_file": {"id": picture}, "alt_text": alt, "title": heading}]
    names = [name for name, _ in card.series]
    rows = [
        [label, *(_number(values[index]) if index < len(values) else "" for _, values in card.series)]
        for index, label in enumerate(card.labels)
    ]
    if not rows or not names:
        return [kit.title(card.title), kit.section(escape(card.alt))]
    block, shown = kit.table(["", *(f"{name} ({card.unit})" for name in names)], rows, [False, *(True for _ in names)])
    return [
        kit.title(card.title),
        block,
        *_more(len(rows) - shown, "row"),
        kit.context(escape(shorten(card.alt, 1_500))),
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def passages(card: PassagesCard, zone: ZoneInfo, today: date, where: str) -> list[Json]:
    blocks = [kit.title(card.title)]
    for number, citation in enumerate(card.passages[:MOST_PASSAGES], start=1):
        opens = kit.button("Open", action(Verb.SOURCE, "passage", where, str(number)), anchor(citation))
        text = f"{quoted(citation.quote)}\n{origin(citation, zone, today)}"
        blocks.append(kit.section(text, accessory=opens))
    return [*blocks, *_more(len(card.passages) - MOST_PASSAGES, "passage")]


def quoted(text: str, most: int = QUOTE) -> str:
    """Verbatim words as an mrkdwn quotation."""
    return "\n".join(f">{escape(line)}" for line in shorten(text.strip(), most).splitlines() or [""])


def origin(citation: Citation, zone: ZoneInfo, today: date) -> str:
    """``call · ‹who› · Thu 19 Nov, 14:02 · title`` as mrkdwn."""
    parts = (citation.kind, citation.speaker, moment(citation.at, zone, today), citation.title)
    return " · ".join(escape(shorten(part, 200)) for part in parts if part)


def notice(card: NoticeCard) -> list[Json]:
    return [kit.section(f"{_MARKS[card.level]} {to_mrkdwn(card.text)}")]


def _local(value: datetime, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date()


def _more(count: int, noun: str, many: str | None = None) -> list[Json]:
    if count <= 0:
        return []
    what = "" if noun == "more" else f" {noun if count == 1 else many or noun + 's'}"
    return [kit.context(f"_… and {count:,} more{what}_")]


def _joined(lines: Iterable[str], between: str) -> list[Json]:
    """Sections that hold as many of the lines as fit."""
    blocks: list[Json] = []
    held = ""
    for line in (shorten(line, kit.SECTION) for line in lines):
        if held and len(held) + len(between) + len(line) > kit.SECTION:
            blocks.append(kit.section(held))
            held = ""
        held = f"{held}{between}{line}" if held else line
    return [*blocks, kit.section(held)] if held else blocks
