"""Tables that say nothing of their own but what belongs together; read before the rows that they tie."""

from datetime import datetime

from crm_store.imports.rows import Row
from crm_store.imports.run import Run
from crm_store.imports.sheet import Sheet

TIES = ("owner team", "user team", "deal contact", "deal company", "contact company", "engagement contact", "engagement company",
        "engagement deal", "ticket contact", "ticket company")  # fmt: skip
KINDS = (*TIES, "merged deal", "merged contact", "ticket stage", "engagement")


def read_links(sheet: Sheet, run: Run) -> None:
    for row in _rows(sheet, count=True):
        one, other = run.external(row.raw("id")), run.external(row.raw("other"))
        kind = sheet.kind.name
        if kind in TIES and one and other:
            tied = run.known.links.setdefault(kind, {}).setdefault(one, [])
            primary = row.flag("primary") is True or row.flag("secondary") is False
            tied.insert(0 if primary else len(tied), (other, row.raw("role")))
        elif kind.startswith("merged "):
            run.known.also.setdefault(kind.removeprefix("merged "), {})[other] = one
        elif kind == "ticket stage":
            state = "closed" if row.flag("closed") or row.raw("state").upper() == "CLOSED" else "open"
            waiting = state == "open" and "waiting" in row.raw("name").lower()
            run.known.also.setdefault("ticket stage", {})[one] = "waiting" if waiting else state
        elif kind == "engagement":
            _engagement(row, run, one)


def _engagement(row: Row, run: Run, one: str) -> None:
    at: datetime | None = row.soft("at", lambda cell: row.moment("at"))
    for name, text in (
        ("engagement", row.raw("type")),
        ("engagement owner", row.raw("owner")),
        ("engagement time", at.isoformat() if at else ""),
    ):
        if text:
            run.known.links.setdefault(name, {})[one] = [(text, "")]


def check_links(sheet: Sheet, run: Run, seen: dict[str, set[str]]) -> None:
    """Report the ties whose row was not among the files; ``seen`` are the ids that came in, by what ties call them."""
    first = sheet.kind.name.split()[0]
    if sheet.kind.name not in TIES or first in ("owner", "user"):
        return
    for row in _rows(sheet, count=False):
        one = run.external(row.raw("id"))
        if one not in seen.get(first, set()):
            sheet.refuse(row.line, sheet.column("id"), f"the {first} {one[:60]} is not among these files")


def _rows(sheet: Sheet, *, count: bool) -> list[Row]:
    found = []
    for line, cells in sheet.rows():
        if count:
            sheet.tally.rows += 1
        if len(cells) == len(sheet.file.headers):
            found.append(Row(sheet, line, cells))
        elif count:
            sheet.refuse(line, "", f"has {len(cells)} cells where the header has {len(sheet.file.headers)}")
    return found
