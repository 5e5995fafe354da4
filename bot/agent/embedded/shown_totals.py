"""What was just listed as one figure: "how much is that in total", "what do they add up to", "how many is that".

The figure is counted anew from the same conditions, never added up from the rows that were shown. Where the report language has no
word for one of them, the list is asked for again: its first line tells how many there are and what they are worth.
"""

import re

from bot.agent.embedded.plans import Call
from bot.agent.embedded.slots import Args
from bot.agent.memory import Made

_THOSE = r"(?:that|this|these|those|they|them|it|all of (?:it|that|them|those|these)|(?:all|both) (?:that|those|these)|they all|the lot|the ones (?:above|listed|shown)|the list|everything(?: there)?)"
_TOGETHER = r"(?:in (?:total|all|sum|aggregate)|all ?together|altogether|together|overall|combined|all in(?: all)?|at once|summed up|total)"
_COME_TO = r"(?:come to|add up to|amount to|total(?: up)?(?: to)?|sum(?: up)? to|make|worth|come out (?:at|to)|run to)"
_END = r"(?:,? (?:then|please|there|here|now|roughly|again|for me))*"
_ASKED = re.compile(
    rf"(?:(?:and|so|ok|okay|cool|great|nice|right|hm+|then|but) ?,? ?)*(?:"
    rf"how (?P<many>much|many)(?: (?:deals|tasks|accounts|customers))? (?:is|are|was|were|does|do|would) {_THOSE}(?: {_COME_TO})?(?: {_TOGETHER})?"
    rf"|what(?: is|'s|s)?(?: (?:does|do|is|are|would))? {_THOSE}(?: all)? {_COME_TO}(?: {_TOGETHER})?"
    rf"|(?:(?:what|how much)(?: is|'s|s| would be)? )?(?:the |its |their |a )?(?:grand |combined |overall |total |summed )*(?:total|sum|sum total|value|amount)(?: value| amount| sum)? (?:of|for) {_THOSE}"
    rf"|(?:(?:what|how much)(?: is|'s|s| would be)? )?(?:the |its |their )?(?:(?:grand |combined |overall )?(?:total|sum|sum total)|combined value|total (?:value|amount|count|sum))"
    rf"|(?:please |can you |could you )*(?P<count>add|sum|total|tot|tally|count) {_THOSE}(?: all)?(?: up| together)?"
    rf"|{_TOGETHER}"
    rf"){_END}"
)
_SAME = ("owner", "account", "stage", "kind", "forecast_category", "competitor", "status", "min_amount_minor", "max_amount_minor", "amount_currency", "where")
_RENAMED = {"closing_since": "since", "closing_until": "until"}
_OF_THE_LIST = frozenset({"order"})
"""Arguments of a list that change nothing about its total."""
_LISTS = frozenset({"list_deals", "list_tasks", "list_accounts"})


def of_shown(text: str, last: Made) -> Call | None:
    """The figure that a message asks of the answer before; None when it asks for none. ``text`` is masked, without the marks at its
    ends."""
    asked = _ASKED.fullmatch(text)
    if asked is None:
        return None
    if last.tool == "report":
        return Call("report", {key: value for key, value in last.args.items() if key not in ("group_by", "keep", "limit", "ascending")}) if "group_by" in last.args else None
    if last.tool != "list_deals":
        return Call(last.tool, dict(last.args)) if last.tool in _LISTS else None
    count = asked.group("many") == "many" or asked.group("count") in ("tally", "count")
    args: Args = {"subject": "deals", "measure": "count" if count else "sum", "status": "open"}
    for key, value in last.args.items():
        if key in _SAME or key in _RENAMED:
            args[_RENAMED.get(key, key)] = value
        elif key == "without_next_step" and value:
            args["where"] = [*_conditions(last.args.get("where")), {"field": "next_step", "op": "is_empty", "value": True}]
        elif key not in _OF_THE_LIST and value not in (None, False):
            return Call("list_deals", dict(last.args))
    return Call("report", args)


def _conditions(where: object) -> list[object]:
    return list(where) if isinstance(where, list) else []
