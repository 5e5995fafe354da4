"""Rules for seasons, feasts and public holidays: fixed days, and those that move by weekday or with Easter."""

from dataclasses import replace
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from bot.agent.embedded.reading.calendars import DAY, month_day, settled
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import Context, Cycle, Interval, Value, When

# Meteorological seasons of the northern hemisphere.
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def _new_year(context: Context) -> Value | None:
    found = settled(month_day(1, 1), context)
    return found and replace(found, needs="preposition")


def _early_new_year(context: Context) -> Value | None:
    """The first half of January."""
    found = settled(month_day(1, 1), context)
    if found is None or not isinstance(found.start, date):
        return None
    return When(found.start, found.start + timedelta(days=15), "day")


def _season(name: str) -> Cycle:
    def at(anchor: date) -> Interval | None:
        start = date(anchor.year, _SEASONS[name], 1)
        return Interval(start, start + relativedelta(months=3), "season")

    return Cycle("year", at)


def _season_rules(name: str) -> list[Rule]:
    def of_year(_context: Context, year: int) -> Value | None:
        found = _season(name).at(date(year, 1, 1))
        return None if found is None else When(found.start, found.end, "season")

    def alone(context: Context) -> Value | None:
        found = settled(_season(name), context)
        return found and When(
            found.start, found.end, "season", others=found.others, needs="preposition", cycle=found.cycle
        )

    def article(context: Context) -> Value | None:
        return None if name in ("fall", "spring") else settled(_season(name), context)

    return [
        Rule(name, alone),
        Rule(f"the {name}", article),
        Rule(f"this {name}", lambda c: of_year(c, c.today.year)),
        Rule(f"next {name}", lambda c: of_year(c, c.today.year + (c.today.month >= _SEASONS[name]))),
        Rule(f"last|past|prior {name}", lambda c: of_year(c, c.today.year - (c.today.month < _SEASONS[name] + 3))),
        Rule(f"{name} of? <year>", lambda c, y: of_year(c, whole(y))),
    ]


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _feast(pattern: str, day: Cycle) -> list[Rule]:
    def in_year(_context: Context, year: int) -> Value | None:
        found = day.at(date(year, 1, 1))
        return None if found is None else When(found.start, found.end, found.grain)

    return [
        Rule(pattern, lambda c: settled(day, c)),
        Rule(f"{pattern} ,? of? <year>", lambda c, y: in_year(c, whole(y))),
        Rule(f"this {pattern}", lambda c: in_year(c, c.today.year)),
        Rule(
            f"next {pattern}",
            lambda c: settled(day, Context(c.now, c.week_start, c.fiscal_start, "future", c.day_first)),
        ),
        Rule(
            f"last {pattern}", lambda c: settled(day, Context(c.now, c.week_start, c.fiscal_start, "past", c.day_first))
        ),
        Rule(
            f"{pattern} of? <period>", lambda c, p: in_year(c, p.start.year) if p.grain == "year" and p.start else None
        ),
    ]


def _moving(found: date) -> Interval:
    return Interval(found, found + DAY, "day")


def _with_easter(days: int) -> Cycle:
    """A day that lies so many days after Easter Sunday."""
    return Cycle("year", lambda anchor: _moving(easter(anchor.year) + days * DAY))


# "The holidays" in a sales team's calendar run from Christmas Eve to New Year's Day,
# so what is due "before the holidays" is due on 23 December.
_HOLIDAYS = Cycle("year", lambda a: Interval(date(a.year, 12, 24), date(a.year + 1, 1, 2), "week"))
_FEASTS: list[Rule] = [
    rule
    for pattern, day in (
        ("christmas|xmas day?", month_day(12, 25)),
        ("christmas|xmas eve", month_day(12, 24)),
        ("new year|years day", month_day(1, 1)),
        ("new year|years eve", month_day(12, 31)),
        ("thanks giving day?", Cycle("year", lambda a: _moving(_nth(a.year, 11, 3, 4)))),
        ("thanksgiving day?", Cycle("year", lambda a: _moving(_nth(a.year, 11, 3, 4)))),
        ("black friday", Cycle("year", lambda a: _moving(_nth(a.year, 11, 3, 4) + DAY))),
        ("cyber monday", Cycle("year", lambda a: _moving(_nth(a.year, 11, 3, 4) + 4 * DAY))),
        ("labor|labour day", Cycle("year", lambda a: _moving(_nth(a.year, 9, 0, 1)))),
        ("independence day", month_day(7, 4)),
        ("halloween", month_day(10, 31)),
        ("boxing day", month_day(12, 26)),
        ("may day", month_day(5, 1)),
        ("international? workers|worker '? day", month_day(5, 1)),
        ("saint|st .? patrick|patricks day?", month_day(3, 17)),
        ("earth day", month_day(4, 22)),
        ("veterans|veteran '? day", month_day(11, 11)),
        ("juneteenth", month_day(6, 19)),
        ("memorial day", Cycle("year", lambda a: _moving(_nth(a.year, 6, 0, 1) - 7 * DAY))),
        ("martin luther king day", Cycle("year", lambda a: _moving(_nth(a.year, 1, 0, 3)))),
        ("mlk day", Cycle("year", lambda a: _moving(_nth(a.year, 1, 0, 3)))),
        ("presidents|president '? day", Cycle("year", lambda a: _moving(_nth(a.year, 2, 0, 3)))),
        ("columbus day", Cycle("year", lambda a: _moving(_nth(a.year, 10, 0, 2)))),
        ("mother|mothers '? day", Cycle("year", lambda a: _moving(_nth(a.year, 5, 6, 2)))),
        ("father|fathers '? day", Cycle("year", lambda a: _moving(_nth(a.year, 6, 6, 3)))),
        ("valentine|valentines '? day", month_day(2, 14)),
        ("easter sunday?", Cycle("year", lambda a: _moving(easter(a.year)))),
        ("easter monday", Cycle("year", lambda a: _moving(easter(a.year) + DAY))),
        ("good friday", Cycle("year", lambda a: _moving(easter(a.year) - 2 * DAY))),
        ("groundhog day", month_day(2, 2)),
        ("epiphany", month_day(1, 6)),
        ("three kings day", month_day(1, 6)),
        ("australia day", month_day(1, 26)),
        ("international? women|womens '? day", month_day(3, 8)),
        ("april fool|fools '? day?", month_day(4, 1)),
        ("anzac day", month_day(4, 25)),
        ("cinco de mayo", month_day(5, 5)),
        ("canada day", month_day(7, 1)),
        ("bastille day", month_day(7, 14)),
        ("day of german unity", month_day(10, 3)),
        ("german unity day", month_day(10, 3)),
        ("reformation day", month_day(10, 31)),
        ("all saints|saint|hallows '? day", month_day(11, 1)),
        ("all souls|soul '? day", month_day(11, 2)),
        ("guy fawkes|fawke day|night?", month_day(11, 5)),
        ("bonfire night", month_day(11, 5)),
        ("remembrance|armistice day", month_day(11, 11)),
        ("singles|single '? day", month_day(11, 11)),
        ("election day", Cycle("year", lambda a: _moving(_nth(a.year, 11, 0, 1) + DAY))),
        ("giving tuesday", Cycle("year", lambda a: _moving(_nth(a.year, 11, 3, 4) + 5 * DAY))),
        ("indigenous peoples|people '? day", Cycle("year", lambda a: _moving(_nth(a.year, 10, 0, 2)))),
        *(
            (pattern, _with_easter(days))
            for pattern, days in (
                ("clean monday", -48),
                ("mardi gras", -47),
                ("shrove tuesday", -47),
                ("ash wednesday", -46),
                ("palm sunday", -7),
                ("maundy|holy thursday", -3),
                ("holy saturday", -1),
                ("ascension day", 39),
                ("pentecost sunday?", 49),
                ("whit sunday", 49),
                ("whit|pentecost monday", 50),
                ("corpus christi", 60),
            )
        ),
        ("the holidays", _HOLIDAYS),
        ("the holiday season|period", _HOLIDAYS),
        ("christmas holidays|break", _HOLIDAYS),
    )
    for rule in _feast(pattern, day)
]

RULES: list[Rule] = [
    *(rule for name in _SEASONS for rule in _season_rules(name)),
    Rule("the? new year|years", _new_year),
    Rule("early|beginning|start in|of? the? new year", _early_new_year),
    Rule("the beginning|start of the new year", _early_new_year),
    *_FEASTS,
]
