"""A dropped meeting reads the names of the record once, however many meetings follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.app import Rapport
from bot.settings import Settings
from crm_store.names import NameCache
from tests.meetings.company import AT, company, vtt


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database while the block runs."""
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_second_meeting_reads_no_name_that_the_first_one_read(tmp_path: Path) -> None:
    with Rapport(Settings(home=tmp_path), clock=lambda: AT) as rapport:
        rapport.open(create=True)
        firm = company(rapport.store)
        cache = NameCache()
        with rapport.store.read(firm.rep.scope) as session:
            with statements() as built:
                cache.names(session)
            with statements() as looked:
                cache.names(session)
        reading = {statement for statement in built if statement.startswith("SELECT")} - set(looked)
        assert reading
        drops = []
        for said in ("I will send the layout.", "Thank you for the layout."):
            with statements() as asked:
                rapport.meetings_intake(firm.rep, "m.vtt", vtt(f"Ida Sund: {said}").encode(), "t")
            drops.append(reading & set(asked))
    assert drops == [reading, set()]
