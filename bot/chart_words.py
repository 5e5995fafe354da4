"""What a chart says in words. Apart from the drawing, because that loads a large library and these do not."""

from collections.abc import Sequence

from bot.wording import plural, short_money


def alt_text(title: str, unit: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]]) -> str:
    """What a chart shows, in words: title, then every label with its values."""
    if not labels:
        return f"{title}: nothing to show."
    parts = []
    for place, label in enumerate(labels):
        values = ", ".join(
            (f"{name} " if len(series) > 1 else "") + value_label(values[place], unit) for name, values in series
        )
        parts.append(f"{label} {values}")
    return f"{title}: {'; '.join(parts)}."


def value_label(value: float, unit: str) -> str:
    """``EUR 84k``, ``38 %``, ``1,234``."""
    if len(unit) == 3 and unit.isupper():
        return short_money(round(value), unit)
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    if unit in ("percent", "%"):
        return f"{number} %"
    return plural(round(value), "day") if unit == "days" and float(value).is_integer() else number
