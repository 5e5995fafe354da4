"""Topics and sections of manuals, as the text files beside this module write them down."""

from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Topic:
    name: str
    keywords: str
    statements: tuple[str, ...]
    questions: tuple[str, ...]


def read_topics(path: Path) -> list[Topic]:
    found: list[Topic] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        match mark:
            case "=":
                name, _, keywords = rest.partition(" | ")
                found.append(Topic(name, keywords, (), ()))
            case "S":
                found[-1] = replace(found[-1], statements=(*found[-1].statements, rest))
            case "Q":
                found[-1] = replace(found[-1], questions=(*found[-1].questions, rest))
            case _:
                continue
    return found
