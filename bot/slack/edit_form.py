"""The form that edits a proposal: one input per field, by the field's kind, and back to values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from bot.cards import FieldChange, Option, ProposalView, ProposedItem
from bot.slack import kit
from bot.slack.kit import Json
from bot.slack.modals import TITLE, modal, select
from bot.slack.text import shorten
from bot.wording import decimals, words
from crm_store.changes import ENTITIES
from crm_store.changes.fields import Field, Kind
from crm_store.custom_fields.values import MOST_TEXT

NO_INPUT = frozenset({"row", "rows", "names", "turns"})
MOST_FIELDS = 40
SEPARATOR = "|"

Stages = Callable[[str], Sequence[Option]]


@dataclass(frozen=True)
class Typed:
    """What the form says: values per item and field, and what is wrong per block."""

    values: dict[str, dict[str, Any]]
    errors: dict[str, str]


def edit_form(view: ProposalView, stages: Stages, metadata: str, currency: str) -> Json:
    """A modal with an input for every field that can be edited; ``stages(stage_id)`` lists that pipeline's stages."""
    blocks: list[Json] = []
    waiting = [item for item in view.items if item.status == "open"]
    for item in waiting:
        inputs = [_input(item, change, stages, currency) for change in (*item.shown, *item.others)]
        fields = [block for block in inputs if block is not None]
        if fields:
            blocks += ([kit.title(item.label)] if len(waiting) > 1 else []) + fields
    blocks = blocks[:MOST_FIELDS] or [kit.section("There is nothing here to edit. Reject it and say it anew.")]
    shown = modal("Edit", blocks, close="Cancel")
    if any(block["type"] == "input" for block in blocks):
        shown["submit"] = kit.plain_text("Save", TITLE)
    return shown | {"callback_id": "edit", "private_metadata": metadata}


def _input(item: ProposedItem, change: FieldChange, stages: Stages, currency: str) -> Json | None:
    field = _field(item, change)
    if field is None or (field.kind in NO_INPUT and field.refers_to != "stage"):
        return None
    code = _currency(item, currency)
    element = _element(field, change.new, code, stages)
    if element is None:
        return None
    label = f"{field.label} ({code})" if field.kind == "money" else field.label
    return {
        "type": "input", "block_id": f"{item.id}{SEPARATOR}{change.field}", "label": kit.plain_text(label, 200),
        "element": element, "optional": not field.required,
    }  # fmt: skip


def _field(item: ProposedItem, change: FieldChange) -> Field | None:
    """What the field takes. A flag is edited only where it is one that the company added: the built-in ones say why."""
    if change.kind:
        return Field(change.label, cast(Kind, change.kind), change.choices, most=MOST_TEXT)
    known = ENTITIES[item.entity].fields.get(change.field) if item.entity in ENTITIES else None
    return None if known is not None and known.kind == "flag" else known


def _element(field: Field, value: object, currency: str, stages: Stages) -> Json | None:
    """The input for a field's kind, with its present value in it."""
    match field.kind:
        case "row":
            options = stages(str(value)) if value else ()
            return select(options, str(value), "chosen") if options else None
        case "choice":
            return select([Option(label=words(one), value=one) for one in field.choices], str(value), "chosen")
        case "pick":
            return select([Option(label=one, value=one) for one in field.choices], str(value), "chosen")
        case "flag":
            now = "" if value is None else "yes" if value else "no"
            return select([Option(label="Yes", value="yes"), Option(label="No", value="no")], now, "flagged")
        case "decimal":
            initial_decimal = {"initial_value": f"{Decimal(str(value)):f}"} if isinstance(value, int | float) else {}
            return {"type": "number_input", "action_id": "decimal", "is_decimal_allowed": True} | initial_decimal
        case "date":
            return {"type": "datepicker", "action_id": "date"} | ({"initial_date": str(value)[:10]} if value else {})
        case "time":
            initial = {"initial_date_time": int(datetime.fromisoformat(str(value)).timestamp())} if value else {}
            return {"type": "datetimepicker", "action_id": "moment"} | initial
        case "money":
            initial_amount = {"initial_value": _major(value, currency)} if isinstance(value, int) else {}
            return {
                "type": "number_input",
                "action_id": f"amount.{currency}",
                "is_decimal_allowed": True,
            } | initial_amount
        case "number":
            initial_number = {"initial_value": str(value)} if isinstance(value, int) else {}
            return {"type": "number_input", "action_id": "number", "is_decimal_allowed": False} | initial_number
        case _:
            most = min(field.most, 3_000)
            element: Json = {
                "type": "plain_text_input",
                "action_id": "text",
                "multiline": field.kind == "long text",
                "max_length": most,
            }
            return element | ({"initial_value": shorten(str(value), most)} if value else {})


def typed(state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Typed:
    """A submitted form's state as values; an amount or date that cannot be is an error beside its field."""
    found = Typed({}, {})
    for block_id, elements in state.items():
        item_id, separator, field = block_id.partition(SEPARATOR)
        if not separator:
            continue
        for action_id, element in elements.items():
            try:
                value = _value(action_id, element)
            except (InvalidOperation, ValueError, OverflowError):
                found.errors[block_id] = "This needs a number, such as 84000 or 84000.50."
                continue
            found.values.setdefault(item_id, {})[field] = value
    return found


def changed(values: Mapping[str, Mapping[str, Any]], view: ProposalView) -> dict[str, dict[str, Any]]:
    """Only what differs from the proposal; a long text that was cut for the form and not touched does not."""
    found: dict[str, dict[str, Any]] = {}
    for item in view.items:
        for change in (*item.changes, *item.others):
            given = values.get(item.id, {})
            if change.field in given and not _same(given[change.field], change):
                found.setdefault(item.id, {})[change.field] = given[change.field]
    return found


def _same(value: Any, change: FieldChange) -> bool:
    if change.field == "at" and value and change.new:
        return datetime.fromisoformat(str(value)).replace(second=0) == datetime.fromisoformat(str(change.new)).replace(
            second=0, microsecond=0
        )
    if isinstance(change.new, str) and change.kind not in ("pick", "date"):
        cut = isinstance(value, str) and value.endswith("…") and change.new.startswith(value[:-1])
        return cut or value in (change.new, change.new.strip() or None)
    return bool(value == change.new)


def _value(action_id: str, element: Mapping[str, Any]) -> Any:
    kind, _, code = action_id.partition(".")
    match kind:
        case "chosen":
            return (element.get("selected_option") or {}).get("value")
        case "date":
            return element.get("selected_date")
        case "moment":
            seconds = element.get("selected_date_time")
            return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC).isoformat()
        case "amount":
            text = element.get("value")
            return None if text in (None, "") else int((Decimal(str(text)) * 10 ** decimals(code)).to_integral_value())
        case "number":
            text = element.get("value")
            return None if text in (None, "") else int(str(text))
        case "decimal":
            text = element.get("value")
            return None if text in (None, "") else _plain(Decimal(str(text)))
        case "flagged":
            flagged = (element.get("selected_option") or {}).get("value")
            return None if flagged is None else flagged == "yes"
        case _:
            return (element.get("value") or "").strip() or None


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _currency(item: ProposedItem, default: str) -> str:
    given = next((str(change.new) for change in item.changes if change.field == "currency" and change.new), None)
    return given or item.currency or default


def _major(amount_minor: int, currency: str) -> str:
    digits = decimals(currency)
    return (
        str(amount_minor)
        if not digits
        else f"{Decimal(amount_minor) / 10**digits:.{digits}f}".removesuffix("." + "0" * digits)
    )
