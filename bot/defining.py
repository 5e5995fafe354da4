"""``rapport field``: define the fields that a company adds to its record, and list them."""

import argparse

from bot.app import Rapport, check_home, now
from bot.errors import BadInput
from bot.printing import print_json
from bot.settings import Settings
from crm_store.access import Scope, ScopedSession
from crm_store.custom_fields import Definition, definitions
from crm_store.custom_fields.defining import add_field, change_field, count_values, remove_field

_SYSTEM = Scope.system("fields")


def field(settings: Settings, given: argparse.Namespace) -> int:
    """List, add, change or remove custom fields; all but the list take an administrator (``--as``)."""
    check_home(settings.home)
    with Rapport(settings) as rapport:
        rapport.open(create=True)
        if given.action == "list":
            with rapport.store.read(_SYSTEM) as session:
                there = definitions(session, given.entity, removed=True)
                rows = [(each, count_values(session, each.entity, each.name)) for each in there]
        else:
            if not given.as_:
                raise BadInput("Say who defines it: --as EMAIL of an administrator.")
            by_id = rapport.caller_for_email(given.as_).person_id
            with rapport.store.write(_SYSTEM) as session:
                rows = [_changed(session, given, by_id)]
    for definition, held in rows:
        _print(definition, held, given)
    if not rows and not given.json:
        print('None yet: rapport field add account "Renewal risk" --kind choice --choice Low --choice High --as EMAIL')
    return 0


def _changed(session: ScopedSession, given: argparse.Namespace, by_id: str) -> tuple[Definition, int]:
    if not given.entity or not given.name:
        raise BadInput(f"Say on what and which: rapport field {given.action} account NAME")
    match given.action:
        case "add":
            made = add_field(
                session, by_id=by_id, now=now(), entity=given.entity, label=given.label or given.name, kind=given.kind,
                choices=given.choice or (), name=given.name if given.label else None,
            )  # fmt: skip
        case "change":
            made = change_field(
                session, by_id=by_id, now=now(), entity=given.entity, name=given.name, label=given.label,
                choices=given.choice or (), position=given.position,
            )  # fmt: skip
        case _:
            return remove_field(
                session, by_id=by_id, now=now(), entity=given.entity, name=given.name, purge=given.purge
            )  # fmt: skip
    return made, count_values(session, made.entity, made.name)


def _print(definition: Definition, held: int, given: argparse.Namespace) -> None:
    removed = definition.removed or given.action == "remove"
    if given.json:
        print_json(
            {
                "entity": definition.entity, "name": definition.name, "label": definition.label,
                "kind": definition.kind.value, "choices": list(definition.choices), "position": definition.position,
                "removed": removed, "values": held,
            }
        )  # fmt: skip
        return
    choices = f": {', '.join(definition.choices)}" if definition.choices else ""
    print(f"{definition.entity:8} {definition.name:24} {definition.label} ({definition.kind.value}{choices}), {held:,} values")
    if given.action == "remove" and given.purge:
        print("Removed with its values, for good.")
    elif removed:
        print("         Removed; its values are kept until 'rapport field remove … --purge', and adding it again shows them.")


__all__ = ["field"]
