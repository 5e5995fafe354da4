"""The arguments of one Web API call, however they came: JSON body, form fields or query."""

import json
from dataclasses import dataclass

from bot.local.database import Json
from bot.local.errors import SlackRefusal


@dataclass(frozen=True)
class Arguments:
    """Typed reading; a missing or ill-formed argument is refused as `invalid_arguments`."""

    values: Json

    def text(self, name: str, default: str = "") -> str:
        """A string, or the default."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str) -> str:
        """A string that must be there."""
        value = self.text(name)
        if not value:
            raise SlackRefusal("invalid_arguments", [f"missing required field: {name} [json-pointer:/{name}]"])
        return value

    def optional(self, name: str) -> str | None:
        """A string, or None."""
        return self.text(name) or None

    def data(self, name: str, error: str = "invalid_arguments") -> object:
        """A JSON value; form fields carry it as a string."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as problem:
            raise SlackRefusal(error, [f"{name} is not JSON"]) from problem

    def number(self, name: str, default: int) -> int:
        """A whole number, or the default."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError) as problem:
            raise SlackRefusal("invalid_arguments", [f"{name} must be a number"]) from problem

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean; forms write it 1, 0, true or false."""
        value = self.values.get(name)
        return default if value is None else value in (True, 1, "1", "true", "True")
