"""What the rows of a report are split by: a field, or the week, month… of a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_store.errors import Invalid
from crm_store.reports.catalogue import Field, Subject
from crm_store.reports.periods import BUCKETS, Days, ReportSettings, bucket, bucket_label
from crm_store.reports.subjects import field_named

MOST_BUCKETS = 400


@dataclass(frozen=True)
class Group:
    """``unit`` is the length of a bucket of time, empty for a plain field."""

    name: str
    field: Field
    unit: str = ""

    @property
    def title(self) -> str:
        return self.unit.replace("_", " ") if self.unit else self.field.shown_title

    @property
    def key(self) -> Any:
        return self.field.as_day if self.unit or self.field.is_date else self.field.key

    @property
    def label(self) -> Any:
        return None if self.unit else self.field.label

    @property
    def rank(self) -> Any:
        return None if self.unit else self.field.rank

    def named(self, key: Any, label: Any, settings: ReportSettings) -> tuple[str | None, str]:
        """The group that a row's key falls in, and how it reads."""
        if key is None or key == "":
            return None, f"no {self.title}"
        if isinstance(key, date):
            unit = self.unit or "day"
            days = bucket(key, unit, settings)
            assert days.since is not None
            return days.since.isoformat(), bucket_label(days, unit, settings)
        if isinstance(key, bool):
            return str(key).lower(), "yes" if key else "no"
        if self.field.label is None and self.field.kind == "choice":
            return str(key), str(key).replace("_", " ")
        return str(key), str(key if label is None else label)


def group_named(subject: Subject, name: str, day_field: Field) -> Group:
    """``owner``, ``month`` (of ``day_field``) or ``created.month``.

    :raises Invalid: names the fields there are.
    """
    if name in BUCKETS:
        return Group(name, day_field, name)
    of, unit = name, ""
    if name.rpartition(".")[2] in BUCKETS:
        of, _, unit = name.rpartition(".")
    field = field_named(subject, of)
    if unit and not field.is_date:
        raise Invalid(f"{name!r} cannot be grouped by; the parts of a date are {', '.join(BUCKETS)}.")
    if field.kind == "money" or (
        field.kind == "number" and field.name not in ("score", "satisfaction", "probability", "seats")
    ):
        raise Invalid(f"{name!r} has too many values to group by; use it as a measure or in a filter.")
    return Group(name, field, unit)


def buckets_of(days: Days, unit: str, settings: ReportSettings) -> list[tuple[str, str]]:
    """Every bucket of a closed period in order, so that an empty month shows as zero; none when there are too many."""
    found: list[tuple[str, str]] = []
    at = days.since
    if at is None or days.until is None:
        return found
    while at <= days.until:
        here = bucket(at, unit, settings)
        assert here.since is not None
        assert here.until is not None
        found.append((here.since.isoformat(), bucket_label(here, unit, settings)))
        if len(found) > MOST_BUCKETS:
            return []
        at = date.fromordinal(here.until.toordinal() + 1)
    return found
