"""The checks every Block Kit rule is made of: present, of the right kind, not too long, not too many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.local.database import Json

PLAIN: tuple[str, ...] = ("plain_text",)
ANY_TEXT: tuple[str, ...] = ("plain_text", "mrkdwn")


@dataclass
class Check:
    """Collects what is wrong, each with a pointer into the payload, as Slack words it."""

    problems: list[str] = field(default_factory=list)

    def fail(self, what: str, where: str) -> None:
        """Note one problem."""
        self.problems.append(f"{what} [json-pointer:{where}]")

    def is_object(self, value: object, where: str) -> bool:
        """Whether it is a JSON object."""
        if isinstance(value, dict):
            return True
        self.fail("must be an object", where)
        return False

    def known(self, value: Json, allowed: Collection[str], where: str) -> None:
        """No properties beside the allowed ones."""
        for key in value:
            if key not in allowed:
                self.fail(f"invalid additional property: {key}", where)

    def items(self, value: object, where: str, most: int, least: int = 1) -> list[object]:
        """The list, when its length is right; an empty list otherwise."""
        if not isinstance(value, list):
            self.fail("must provide an array", where)
            return []
        if len(value) > most:
            self.fail(f"no more than {most} items allowed", where)
        if len(value) < least:
            self.fail(f"no less than {least} items allowed", where)
        return value

    def string(self, value: object, where: str, most: int, *, least: int = 0, required: bool = False) -> None:
        """A string of a bounded length; None is fine unless required."""
        if value is None:
            if required:
                self.fail("missing required field", where)
        elif not isinstance(value, str):
            self.fail("must be a string", where)
        elif len(value) > most:
            self.fail(f"must be less than {most + 1} characters", where)
        elif len(value) < least:
            self.fail(f"must be more than {least - 1} characters", where)

    def text(
        self, value: object, where: str, most: int, kinds: Sequence[str] = ANY_TEXT, *, required: bool = True
    ) -> None:
        """A text object of an allowed kind and a bounded length, never empty."""
        if value is None:
            if required:
                self.fail("missing required field", where)
            return
        if not isinstance(value, dict):
            self.fail("must be an object", where)
            return
        if value.get("type") not in kinds:
            self.fail(f"unsupported type: {value.get('type')}", f"{where}/type")
            return
        allowed = ("type", "text", "emoji") if value["type"] == "plain_text" else ("type", "text", "verbatim")
        self.known(value, allowed, where)
        self.string(value.get("text"), f"{where}/text", most, least=1, required=True)

    def whole(self, value: object, where: str, least: int, most: int) -> None:
        """A whole number within bounds; None is fine."""
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fail(f"must be a number between {least} and {most}", where)

    def one_of(self, value: object, where: str, allowed: Collection[str], *, required: bool = False) -> None:
        """One of the named values; None is fine unless required."""
        if value is None and not required:
            return
        if value not in allowed:
            self.fail(f"must be one of {', '.join(sorted(allowed))}", where)
