"""What the page's endpoints work on."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.delivery import Delivering
from bot.local.manifest import LocalShortcut
from bot.local.state import State


@dataclass(frozen=True)
class Desk:
    """What the endpoints work on."""

    state: State
    delivering: Delivering
    commands: frozenset[str]
    shortcuts: tuple[LocalShortcut, ...]


Endpoint = Callable[[Desk, Arguments], Json]
