"""A list that was cut short, with how long it really is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from crm_store.access import ScopedSession

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The first rows of a list; ``total`` counts all of it in the record."""

    rows: tuple[T, ...]
    total: int

    @property
    def more(self) -> int:
        return max(0, self.total - len(self.rows))


def page_of(session: ScopedSession, rows: tuple[T, ...], limit: int, count: Select[Any]) -> Page[T]:
    """The page of a list whose first ``limit`` rows were asked for. ``count`` counts the list, and is asked only where it is
    longer than what was read."""
    return Page(rows, len(rows) if len(rows) < limit else session.scalar(count) or 0)


def filled(shape: Callable[..., T], rows: Iterable[Any]) -> tuple[T, ...]:
    """Each row's columns, in order, as the fields of ``shape``."""
    return tuple(shape(*row) for row in rows)
