"""A report given as JSON: checked, run inside the caller's scope, and told in words."""

from pydantic import ValidationError

from bot.agent.tools import report_words
from bot.agent.tools.citing import Sources
from bot.agent.turn import Turn
from bot.cards import Card
from bot.errors import BadInput
from bot.questions import Answer
from crm_store.reports import ReportSettings, ReportSpec, run


def run_report(turn: Turn, spec: str) -> tuple[Answer, dict[str, object]]:
    """The answer in words, and the whole result as JSON.

    :raises BadInput: when it is no ReportSpec, naming the part that is wrong.
    """
    try:
        asked = ReportSpec.model_validate_json(spec)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in each['loc']) or 'the report'}: {each['msg']}"
            for each in error.errors()[:5]
        )
        raise BadInput(f"That is not a report I can run: {problems}. The README shows one.") from None
    settings = ReportSettings(
        currency=turn.settings.currency,
        week_start=turn.settings.week_start,
        fiscal_year_start=turn.settings.fiscal_year_start,
        zone=turn.caller.zone,
    )
    with turn.read() as session:
        result = run(session, asked, turn.today, settings)
    sources = Sources()
    report_words.figures(sources, result)
    cards: list[Card] = [report_words.table(result)] if asked.group_by else []
    chart = report_words.chart_of(result) if asked.group_by else None
    if chart is not None:
        cards.append(chart)
    lead = report_words.lead if result.kept is None else report_words.kept_lead
    text = f"{lead(result, 'everything you can see')}\n{report_words.counted(result)}"
    return Answer(text=text, cards=tuple(cards), figures=tuple(sources.figures)), result.model_dump(mode="json")
