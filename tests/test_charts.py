"""Charts are pictures that can be read on a phone, the same for the same card."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.image import imread

from bot.cards import ChartCard
from bot.chart_words import alt_text
from bot.charts import COLOURS, render_png


def card(
    labels: tuple[str, ...], *series: tuple[str, tuple[float, ...]], title: str = "Won by owner", unit: str = "EUR"
) -> ChartCard:
    return ChartCard(title=title, unit=unit, labels=labels, series=series, alt=alt_text(title, unit, labels, series))


CARDS = [
    card(("Ada Berg", "Bo Clay"), ("won", (4_300_000.0, 0.0)), ("quota", (18_000_000.0, 9_000_000.0))),
    card(("Jul 2026", "Aug 2026", "Sep 2026"), ("won", (4_300_000.0, 0.0, 1_200.0))),
    card(("New", "Won", "Lost"), ("change", (700_000.0, -1_400_000.0, -120_000.0))),
    card(
        tuple(f"A person with a long name {n}" for n in range(14)),
        ("touches", tuple(float(n) for n in range(14))),
        unit="touches",
    ),
    card((), unit="deals"),
    card(("Nobody",), ("won", (0.0,))),
]


@pytest.mark.parametrize("one", CARDS)
def test_a_chart_is_a_png_of_a_width_for_phones_and_always_the_same(one: ChartCard) -> None:
    first = render_png(one)
    picture = imread(BytesIO(first), format="png")
    height, width = picture.shape[:2]
    assert width == 900
    assert 300 <= height <= 1_500
    assert render_png(one) == first


def test_bars_are_as_long_as_their_values() -> None:
    """The quota's bar of one owner is twice the other's, measured in pixels of its colour."""
    picture = imread(BytesIO(render_png(CARDS[0])), format="png")[:, :, :3]
    colour = np.array([int(COLOURS[1][place : place + 2], 16) / 255 for place in (1, 3, 5)])
    painted = (np.abs(picture - colour) < 0.02).all(axis=2)
    lengths = [int(row.sum()) for row in painted if row.sum() > 120]  # the series' name is shorter
    assert max(lengths) / min(lengths) == pytest.approx(2.0, abs=0.03)


def test_nothing_is_drawn_over_the_edge() -> None:
    for one in CARDS:
        picture = imread(BytesIO(render_png(one)), format="png")[:, :, :3]
        edges = (picture[:3], picture[-3:], picture[:, :3], picture[:, -3:])
        assert all(np.allclose(edge, 1.0) for edge in edges), one.title


def test_the_alternative_text_says_every_value() -> None:
    assert CARDS[0].alt == "Won by owner: Ada Berg won EUR 43k, quota EUR 180k; Bo Clay won EUR 0, quota EUR 90k."
    assert alt_text("Nothing", "deals", (), ()) == "Nothing: nothing to show."
