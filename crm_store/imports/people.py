"""Teams, and the people who own accounts and deals."""

import re
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import update
from sqlalchemy.orm import Session

from crm_store.imports.known import Ref, external, fold
from crm_store.imports.rows import Row
from crm_store.imports.run import Run, need, put
from crm_store.imports.sheet import Sheet
from crm_store.imports.writing import Draft
from crm_store.models import Team

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}$")

_ZONES = available_timezones()
_HASH = re.compile(r"[0-9a-f]{32}|[A-Za-z0-9+/]{22}==")  # MD5, in hexadecimal or base 64


def email(row: Row, field: str = "email") -> str | None:
    """A usable address in lower case; what is none is left out, and said so."""
    given = row.raw(field)
    found = re.search(r"<([^<>]+)>", given)
    text = (found[1] if found else given).strip().lower()
    if not text:
        return None
    if len(text) <= 254 and _EMAIL.match(text):
        return text
    row.decide(field, "", "is no e-mail address")
    return None


def _own_name(row: Row) -> str | None:
    """The name of one of us; a warehouse that hashes names leaves nothing that anybody could be called by."""
    name = full_name(row)
    if name and all(_HASH.fullmatch(part) for part in name.split()):
        row.decide("name" if row.raw("name") else "first", "", "is a hash, not a name", name)
        return None
    return name


def full_name(row: Row) -> str | None:
    joined = " ".join(part for part in (row.raw("first"), row.raw("last")) if part)
    name = " ".join((row.raw("name") or joined).replace("\x00", "").split())
    return name[:160] or None


def team(row: Row, run: Run, external_id: str) -> Draft | None:
    name = need(row.text("name", 120), "name", "the team's name")
    there = run.known.teams.find(external_id, run.source) or run.known.teams.find(name, run.source)
    values: dict[str, Any] = {"name": name}
    if parent := row.raw("parent"):
        above = run.known.teams.find(parent, run.source)
        if above is not None:
            values["parent_id"] = above.id
        elif fold(parent) != fold(name):
            run.parents.append((external_id, parent, row))
    return Draft(row.line, external_id, values, row_id=there.id if there else None)


def keep_team(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    run.known.teams.add(Ref(draft.row_id), draft.external_id, draft.values["name"])


def after_teams(session: Session, run: Run, drafts: list[Draft]) -> None:
    """The teams above those that came before them in the file."""
    found, run.parents = run.parents, []
    for external_id, parent, row in found:
        team, above = run.known.teams.by_id.get(external_id), run.known.teams.find(parent, run.source)
        if team is None or above is None or above.id == team.id:
            row.decide("parent", "", "no team of this id or name is known")
            continue
        free = (Team.id == team.id, Team.parent_id.is_(None))
        session.execute(
            update(Team).where(*free).values(parent_id=above.id).execution_options(synchronize_session=False)
        )


def note_managers(sheets: list[Sheet], run: Run) -> None:
    """Remember who leads others: who is somebody's manager, and whose team has teams below."""
    for sheet in sheets:
        field = {"user": "manager", "team": "parent"}.get(sheet.kind.name, "")
        for cells in sheet.cells([field] if sheet.places.get(field) else ()).values():
            run.leading |= {run.external(cell) for cell in cells} | {fold(cell) for cell in cells}


def person(row: Row, run: Run, external_id: str) -> Draft | None:
    """A person of ours. Those without a usable address get one that reaches nobody, and cannot ask anything."""
    address, name = email(row), _own_name(row)
    known = run.known.people
    user = f"user:{external(row.raw('user_id'), run.source)}" if row.raw("user_id") else ""
    same = known.by_id.get(external_id) or known.by_id.get(f"user:{external_id}")
    adopted = None if same is not None or address is None else known.find(address, run.source)
    values: dict[str, Any] = {}
    initial: dict[str, Any] = {"role": "rep", "timezone": _zone(row), "active": True}
    if adopted is None:
        # A user of the same files tells the name and the address better than the owner that stands for it.
        told = initial if user and user in run.known.also.get("users", {}) else values
        if address is not None:
            told["email"] = address
        if name:
            told["name"] = name
        put(values, row, "title", row.text("title", 120), "title")
        deleted = row.flag("deleted") is True
        if row.given("active", "deleted"):
            values["active"] = not deleted and row.flag("active") is not False
        team_id = _team(row, run, external_id)
        if team_id:
            values["team_id"] = team_id
    if run.source == "csv" and row.raw("role"):
        initial["role"] = row.choice("role", {"rep": "rep", "manager": "manager", "admin": "admin"}, "rep")
    elif leads_others(row, run, external_id, address):
        initial["role"] = "manager"
        row.decide(
            "manager", "manager", "leads other people or a team with teams below, by these files", name or address
        )
    if address is None:
        initial["email"] = f"owner-{re.sub(r'[^a-z0-9]+', '-', external_id.lower()).strip('-')[:100]}@import.invalid"
        if same is None:
            row.decide("email", initial["email"], "without an address this person cannot ask in Slack")
    if not name:
        initial["name"] = (
            address.partition("@")[0].replace(".", " ").title() if address else f"Owner {external_id}"[:160]
        )
    row_id = (same or adopted or Ref("")).id or None
    draft = Draft(row.line, external_id, values, initial, {"active": "active"}, row_id)
    if user:
        run.known.also.setdefault("user of", {})[external_id] = user
    return draft


def note_users(sheets: list[Sheet], run: Run) -> None:
    """Remember which users have rows of their own beside the owners that stand for them in HubSpot."""
    if not any(sheet.places.get("user_id") for sheet in sheets):
        return
    users = run.known.also.setdefault("users", {})
    for sheet in sheets:
        if not sheet.places.get("user_id"):
            for line, cells in sheet.rows():
                if len(cells) == len(sheet.file.headers):
                    users[f"user:{run.external(Row(sheet, line, cells).raw('id'))}"] = sheet.file.name


def keep_person(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    people, ref = run.known.people, Ref(draft.row_id)
    people.add(ref, draft.external_id, draft.values.get("name"), draft.values.get("email"))
    if user := run.known.also.get("user of", {}).get(draft.external_id):
        people.by_id[user] = ref


def _team(row: Row, run: Run, external_id: str) -> str | None:
    """The team of the row itself, or the first (which is the primary one) that a table ties the person to."""
    user_id = row.raw("user_id")
    tied = [each for each, _ in run.known.linked("owner team", external_id)]
    tied += [each for each, _ in run.known.linked("user team", run.external(user_id or external_id))]
    for given in [row.raw("team"), *tied]:
        found = run.known.teams.find(given, run.source) if given else None
        if found is not None:
            return found.id
    return None


def leads_others(row: Row, run: Run, external_id: str, address: str | None) -> bool:
    """Whether somebody names this person as manager, or the person's team has teams below it."""
    return not run.leading.isdisjoint(
        {external_id, address or "", run.external(row.raw("team")) or "-", fold(row.raw("team")) or "-"}
    )


def _zone(row: Row) -> str:
    given = row.raw("timezone")
    return ZoneInfo(given).key if given in _ZONES else "UTC"
