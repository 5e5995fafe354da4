"""What stands out among groups, and what does not."""

from typing import Any

import pytest

from crm_store.reports.extremes import standing_out
from crm_store.reports.figures import kept_words
from crm_store.reports.result import ReportColumn
from crm_store.reports.spec import Keep

MONTHS = [10, 12, 11, 9, 10, 40, 11, None]


def kept(
    rule: str, values: list[Any], *, little: bool = False, unfinished: tuple[int, ...] = (), **more: Any
) -> tuple[int, ...]:
    keep = Keep.model_validate({"rule": rule, **more})
    return standing_out(keep, values, lower_is_better=little, unfinished=frozenset(unfinished)).places


def test_one_month_stands_out_from_the_median_and_none_from_a_calm_year() -> None:
    assert kept("outliers", MONTHS) == (5,)
    assert kept("outliers", [10, 12, 11, 9, 10, 11]) == ()


def test_where_most_months_are_the_same_the_mean_distance_decides() -> None:
    assert kept("outliers", [0, 0, 0, 0, 0, 0, 0, 9]) == (7,)
    assert kept("outliers", [5] * 8) == ()


def test_four_groups_have_no_middle_to_stand_out_from() -> None:
    keep = Keep(rule="outliers")
    assert standing_out(keep, [1, 1, 1, 99], lower_is_better=False).too_few


def test_more_than_twice_the_mean_counts_empty_months() -> None:
    assert kept("over_mean", [0, 0, 0, 30, 10], value=2) == (3,)  # the mean is 8
    assert kept("over_mean", [30, 10], value=2) == ()
    assert kept("under_mean", [0, 30, 10, 12], value=0.5) == (0,)


def test_the_best_is_the_highest_rate_and_the_shortest_time() -> None:
    assert kept("best", [10, 30, 20]) == (1,)
    assert kept("best", [10, 30, 20], little=True) == (0,)
    assert kept("worst", [10, 30, 20], little=True) == (1,)


def test_what_ties_with_the_last_is_kept_as_well() -> None:
    assert kept("highest", [5, 9, 7, 7, 1], number=2) == (1, 2, 3)


def test_a_month_that_still_runs_may_be_high_but_is_not_low_yet() -> None:
    assert kept("lowest", [10, 8, 1], unfinished=(2,)) == (1,)
    assert kept("highest", [10, 8, 30], unfinished=(2,)) == (2,)
    assert kept("under", [10, 8, 1], unfinished=(2,), value=9) == (1,)


def words(*values: int, name: str = "count", title: str = "deals", **more: Any) -> str:
    keep = Keep.model_validate(more)
    column = ReportColumn(name=name, title=title, kind="number" if name == "count" else "days", unit=title)
    found = standing_out(keep, values, lower_is_better=name != "count")
    return kept_words(keep, found, column, (), len(values), lower_is_better=name != "count")


def test_a_tie_is_said() -> None:
    assert words(9, 9, 1, rule="highest") == "two share the most deals"
    assert words(9, 5, 1, rule="highest") == "the most deals"
    assert (
        words(9, 7, 7, 1, rule="highest", number=2)
        == "the 2 with the most deals, three as there is a tie for the last place"
    )
    cycle = {"name": "sales_cycle", "title": "average sales cycle"}
    assert words(30, 12, 12, 12, rule="best", **cycle) == "three share the shortest average sales cycle"


def test_a_bound_needs_its_value() -> None:
    with pytest.raises(ValueError, match="over needs a value"):
        Keep(rule="over")
