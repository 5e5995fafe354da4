"""Rules for times bounded on one side: before, after, by, until, since, from."""

from datetime import datetime

from bot.agent.embedded.reading.calendars import DAY, away, day_of, end_of, instances
from bot.agent.embedded.reading.grammar import Rule
from bot.agent.embedded.reading.values import Bound, Context, Interval, Moment, Value, When


def _before(context: Context, limit: When, bound: Bound = "before") -> Value | None:
    """Up to a time, which is left out; the last day of "before the end of June" belongs to it."""
    if limit.bound == "end":
        return _through(context, limit, bound)
    return When(None, limit.start, limit.grain, bound, tuple(Interval(None, o.start, o.grain) for o in limit.others))


def _through(_context: Context, limit: When, bound: Bound) -> Value | None:
    """Up to and including what was named."""
    return When(
        None, end_of(limit), limit.grain, bound, tuple(Interval(None, end_of(o), o.grain) for o in limit.others)
    )


def _after(_context: Context, limit: When) -> Value | None:
    return When(
        end_of(limit), None, limit.grain, "after", tuple(Interval(end_of(o), None, o.grain) for o in limit.others)
    )


def _from(_context: Context, limit: When, bound: Bound = "from") -> Value | None:
    return When(limit.start, None, limit.grain, bound, tuple(Interval(o.start, None, o.grain) for o in limit.others))


def _since(context: Context, limit: When) -> Value | None:
    """From the latest begun one up to now. "Since summer" may also mean since its end, which is another reading."""
    if limit.start is None:
        return None
    chosen = limit.interval
    if limit.cycle is not None:
        begun = [
            one for one in instances(limit.cycle, context.today) if one.start and day_of(one.start) <= context.today
        ]
        if limit.cycle.step == "week":
            begun = [one for one in begun if one.start and day_of(one.start) < context.today]
        chosen = begun[-1] if begun else chosen
    if chosen.start is None or day_of(chosen.start) > context.today:
        return None
    if isinstance(chosen.start, datetime) and chosen.start >= context.now:
        return None
    end: Moment = context.now if isinstance(chosen.start, datetime) else context.today + DAY
    others = []
    if chosen.grain == "season" and chosen.end is not None and day_of(chosen.end) <= context.today:
        others.append(Interval(chosen.end, end, chosen.grain))
    return When(chosen.start, end, chosen.grain, "since", tuple(others))


RULES: list[Rule] = [
    Rule("before <when>", _before),
    Rule("not until <when>", _from),
    Rule("prior to <when>", _before),
    Rule("earlier|sooner than <when>", _before),
    Rule("in advance of <when>", _before),
    Rule("ahead of <when>", _before),
    Rule("on or earlier than <when>", lambda c, w: _through(c, w, "by")),
    Rule("before or in|on <when>", lambda c, w: _through(c, w, "by")),
    Rule("after or in|on <when>", _from),
    Rule("not|no before|earlier|sooner than? <when>", _from),
    Rule("after|past <when>", _after),
    Rule("later than <when>", _after),
    Rule("no|not later|after than? <when>", lambda c, w: _through(c, w, "by")),
    Rule("not after <when>", lambda c, w: _through(c, w, "by")),
    Rule("at the? latest <when>", lambda c, w: _through(c, w, "by")),
    Rule("by? <when> at the? latest", lambda c, w: _through(c, w, "by")),
    Rule("at? the? latest by|on <when>", lambda c, w: _through(c, w, "by")),
    Rule("by no later than <when>", lambda c, w: _through(c, w, "by")),
    Rule("by <when>", lambda c, w: _through(c, w, "by")),
    Rule("until|through|thru <when>", lambda c, w: _through(c, w, "until")),
    Rule("up until|to <when>", lambda c, w: _through(c, w, "until")),
    Rule("since|ever since? <when>", _since),
    Rule("from|starting|beginning|effective on|from? <when> on|onward|onwards|forward?", _from),
    Rule("as of|from <when>", _from),
    Rule("on or after <when>", _from),
    Rule("on or before <when>", lambda c, w: _through(c, w, "by")),
    Rule("<when> or|and later|after|onwards|onward", _from),
    Rule("<when> onwards|onward", _from),
    Rule("<when> or|and earlier|before", lambda c, w: _through(c, w, "by")),
    Rule("as late as <when>", lambda c, w: _through(c, w, "by")),
    Rule("more|longer than <length> ago", lambda c, n: _before(c, away(c, n, -1))),
    Rule("over <length> ago", lambda c, n: _before(c, away(c, n, -1))),
    Rule("more than <length> before <day>", lambda c, n, d: _before(c, away(c, n, -1, d))),
    Rule("<when> and|or greater|newer|above|up", _from),
    Rule("at least <length> ago", lambda c, n: _through(c, away(c, n, -1), "by")),
]
