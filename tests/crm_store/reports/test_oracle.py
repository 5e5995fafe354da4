"""Generated specs, answered by the compiler and by pandas: equal to the cent."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_store.access import Scope
from crm_store.reports import ReportResult, ReportSettings, ReportSpec, run
from crm_store.store import Store
from tests.crm_store.reports.company import TODAY
from tests.crm_store.reports.oracle import Expected, Keys, answer
from tests.crm_store.reports.oracle_days import Setting, Spec
from tests.crm_store.reports.oracle_frames import Tables
from tests.crm_store.reports.oracle_specs import OWNERS, further_spec_of, setting_of, spec_of

SPECS, FURTHER = 320, 132
_BY_NAME = frozenset({"owner", "team", "account", "product", "deal", "campaign"})


@pytest.fixture(scope="module")
def tables(store: Store) -> Tables:
    with store.read(Scope.system("oracle")) as session:
        return Tables.load(session)


@pytest.mark.parametrize("seed", range(SPECS))
def test_the_compiler_and_pandas_agree(store: Store, tables: Tables, seed: int) -> None:
    agree(store, tables, spec_of(seed), seed)


@pytest.mark.parametrize("seed", range(FURTHER))
def test_they_agree_on_the_further_subjects_and_on_amounts(store: Store, tables: Tables, seed: int) -> None:
    agree(store, tables, further_spec_of(seed), seed)


def agree(store: Store, tables: Tables, spec: Spec, seed: int) -> None:
    given, owners = setting_of(seed), OWNERS[seed % len(OWNERS)]
    if spec["subject"] == "proposals":
        owners = None
    expected = answer(tables, owners, spec, Setting(TODAY, **given))
    settings = ReportSettings("EUR", given["week_start"], given["fiscal_start"], ZoneInfo(given["zone"]))
    scope = Scope.system("test") if owners is None else Scope("person-0", frozenset(owners))
    with store.read(scope) as session:
        result = run(session, ReportSpec.model_validate(spec), TODAY, settings)
    assert result.count == expected.count
    assert result.total.values == expected.total.values
    assert result.total.previous == expected.total.previous
    assert {one.currency: (one.amount_minor, one.count) for one in result.uncompared} == expected.uncompared
    if spec.get("drill_down"):
        assert set(result.ids) == expected.ids
    if "weighted" not in spec["measures"]:
        assert {one.currency: (one.amount_minor, one.count) for one in result.unconverted} == expected.missing
    if spec["group_by"]:
        _same_rows(result, expected, spec)


def _same_rows(result: ReportResult, expected: Expected, spec: Spec) -> None:
    found = {_named(row.keys, row.labels, spec["group_by"]): row for row in result.rows}
    assert len(found) == len(result.rows)
    assert len(result.rows) + result.more == len(expected.rows)
    for keys, row in found.items():
        assert row.values == expected.rows[keys].values, keys
        assert row.previous == expected.rows[keys].previous, keys
        if spec.get("share"):
            assert row.share == expected.rows[keys].share, keys
    if spec.get("limit") and not spec.get("keep") and "." not in "".join(spec["group_by"]):
        _the_first(result, expected, spec)


def _the_first(result: ReportResult, expected: Expected, spec: Spec) -> None:
    """What a limit keeps is the largest of the first measure, where the groups have no order of their own."""
    if spec["group_by"][0] in (
        "stage",
        "size",
        "week",
        "month",
        "quarter",
        "half",
        "year",
        "fiscal_year",
        "fiscal_quarter",
    ):
        return

    def order(values: list[Any]) -> list[Any]:
        return sorted(values, key=lambda value: (value is None, -(value or 0)))

    every = order([row.values[0] for row in expected.rows.values()])
    assert [row.values[0] for row in result.rows] == every[: len(result.rows)]


def _named(keys: Keys, labels: tuple[str, ...], groups: list[str]) -> Keys:
    """Groups of rows are told apart by id; the oracle knows their names."""
    return tuple(
        label if name in _BY_NAME and key is not None else key
        for key, label, name in zip(keys, labels, groups, strict=True)
    )
