"""A chart card as a PNG that can be read on a phone: few colours, no legend box, every bar labelled with its own
number.

Drawn with matplotlib's object interface alone (``pyplot`` keeps global state and is not safe between threads); the
same card gives the same bytes."""

import textwrap
from collections.abc import Sequence
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.cards import ChartCard
from bot.chart_words import value_label

# Okabe and Ito's palette, told apart with any kind of colour vision; yellow is left out, as it is faint on white.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7")
GAIN, LOSS = COLOURS[0], COLOURS[3]
INK, QUIET = "#1d1c1d", "#616061"
WIDTH_INCHES, DPI = 6.0, 150  # 900 pixels: shown at 360 points on a phone
ROW_INCHES, LEAST_INCHES, MOST_INCHES = 0.42, 2.2, 9.0
LABEL_CHARACTERS = 24
MOST_WIDE_COLUMNS = 4  # with more, an amount has no room for its currency


def render_png(card: ChartCard) -> bytes:
    """``card`` as PNG bytes: a column for every label when they are few and short, as months are, and otherwise a
    bar in a row of its own. Values of a currency are minor units."""
    upright = _upright(card)
    rows = len(card.labels) * max(len(card.series), 1) + len(card.labels) * (len(card.series) > 1)
    heading = textwrap.wrap(_heading(card), 43) or [""]
    space = 0.30 * len(heading) + (0.34 if len(card.series) > 1 else 0.12)
    body = 2.6 if upright else min(max(rows * ROW_INCHES, LEAST_INCHES - space), MOST_INCHES)
    height = body + space + 0.45
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(
        0.03,
        1 - 0.14 / height,
        "\n".join(heading),
        fontsize=15,
        fontweight="bold",
        color=INK,
        va="top",
        linespacing=1.15,
    )
    if len(card.series) > 1:
        _name_series(figure, [name for name, _ in card.series], 1 - (0.22 + 0.29 * len(heading)) / height)
    left = 0.03 if upright else min(0.05 + 0.0165 * max((len(_short(label)) for label in card.labels), default=0), 0.44)
    axes = figure.add_axes((left, 0.34 / height if upright else 0.14 / height, 0.97 - left, body / height))
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    if not card.labels or not card.series:
        axes.axis("off")
        axes.text(
            0.5, 0.5, "Nothing to show", ha="center", va="center", fontsize=13, color=QUIET, transform=axes.transAxes
        )
    elif upright:
        _columns(axes, card)
    else:
        _bars(axes, card)
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _upright(card: ChartCard) -> bool:
    return len(card.series) == 1 and 2 <= len(card.labels) <= 7 and max(len(label) for label in card.labels) <= 9


def _columns(axes: Axes, card: ChartCard) -> None:
    values = card.series[0][1]
    places = list(range(len(values)))
    axes.bar(places, values, width=0.68, color=[_signed(values, value, 0) for value in values])
    low, high = min(0.0, *values), max(0.0, *values)
    room = (high - low or 1.0) * 0.14
    axes.set_ylim(low - (room if low < 0 else 0), high + room)
    axes.set_yticks([])
    axes.set_xticks(places, card.labels, fontsize=12, color=INK)
    axes.axhline(0, color=QUIET, linewidth=0.8)
    for place, value in zip(places, values, strict=True):
        axes.annotate(
            _plain_money(value_label(value, card.unit), card),
            (place, value),
            xytext=(0, 4 if value >= 0 else -4),
            textcoords="offset points",
            ha="center",
            va="bottom" if value >= 0 else "top",
            fontsize=11 if len(values) > 5 else 12,
            color=INK,
        )


def _bars(axes: Axes, card: ChartCard) -> None:
    together = len(card.series)
    step = 1.0 if together == 1 else together + 1.0
    every = [value for _, values in card.series for value in values]
    low, high = min(0.0, *every), max(0.0, *every)
    for order, (_, values) in enumerate(card.series):
        for place, value in enumerate(values):
            at = place * step + order
            axes.barh(
                at,
                value,
                height=0.72 if together == 1 else 0.9,
                color=_signed(values, value, order) if together == 1 else COLOURS[order % len(COLOURS)],
            )
            axes.annotate(
                value_label(value, card.unit),
                (value, at),
                xytext=(5 if value >= 0 else -5, 0),
                textcoords="offset points",
                ha="left" if value >= 0 else "right",
                va="center",
                fontsize=12,
                color=INK,
            )
    room = (high - low or 1.0) * 0.34
    axes.set_xlim(low - (room if low < 0 else 0), high + (room if high > 0 or low == 0 else 0))
    axes.set_xticks([])
    middles = [place * step + (together - 1) / 2 for place in range(len(card.labels))]
    axes.set_yticks(middles, [_short(label) for label in card.labels], fontsize=12, color=INK)
    axes.set_ylim(len(card.labels) * step - (0.5 if together == 1 else 1.2), -0.6)
    axes.axvline(0, color=QUIET, linewidth=0.8)


def _signed(values: Sequence[float], value: float, order: int) -> str:
    """Gains and losses differ in colour only where there are both, or losses alone."""
    return LOSS if value < 0 else GAIN if any(v < 0 for v in values) else COLOURS[order % len(COLOURS)]


def _name_series(figure: Figure, names: Sequence[str], top: float) -> None:
    at = 0.03
    for order, name in enumerate(names):
        figure.text(at, top, f"■ {name}", fontsize=12, color=COLOURS[order % len(COLOURS)], va="top", fontweight="bold")
        at += 0.06 + 0.0185 * len(name)


def _short(label: str) -> str:
    return label if len(label) <= LABEL_CHARACTERS else label[: LABEL_CHARACTERS - 1].rstrip() + "…"


def _heading(card: ChartCard) -> str:
    """The title, with the currency where the columns are too narrow to repeat it."""
    return f"{card.title} ({card.unit})" if _crowded(card) and card.unit not in card.title else card.title


def _crowded(card: ChartCard) -> bool:
    return _upright(card) and len(card.labels) > MOST_WIDE_COLUMNS and len(card.unit) == 3 and card.unit.isupper()


def _plain_money(text: str, card: ChartCard) -> str:
    return text.removeprefix(f"{card.unit} ") if _crowded(card) else text
