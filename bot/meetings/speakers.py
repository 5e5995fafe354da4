"""Who speaks, as transcripts and notes write it: ``Name: words``, ``[00:12] Name: words``, ``Name (Company): words``."""

import re
from collections import Counter
from collections.abc import Iterable

from bot.meetings.vocabulary import words_in

_LABEL = re.compile(
    r"^(?:\[?\(?(?P<time>\d{1,3}:\d{2}(?::\d{2})?)\)?\]?\s*[-–]?\s*)?(?:\*\*|__)?"
    r"(?P<name>[^\W\d_][\w.'’ -]{0,58}?)(?:\s*[(\[][^)\]:]{1,40}[)\]])?(?:\*\*|__)?"
    r"(?:\s*[(\[](?P<after>\d{1,3}:\d{2}(?::\d{2})?)[)\]])?\s*:(?:\*\*|__)?\s+(?P<words>\S.*)$",
    re.DOTALL,
)
_PARTICLES = words_in("de van von der den la le al bin ben di da del dos du el ter ten y af zu")
_NO_NAMES = words_in(
    "action actions agenda also amount budget but call close competitor concern concerns conclusion contact "
    "context customer date deadline decision decisions discussion duration example feedback follow-up fyi "
    "goal goals http https important info issue item key kind language link location meeting mine minutes "
    "money my next nb no note notes now objection objections ok okay open our outcome owner plan please price "
    "pricing pro problem ps question questions re reason result risk risks so status step steps subject "
    "summary task tasks team then time timeline title to todo to-do topic topics update us warning we what "
    "when where which who why yes attendees participants present invited company account project style region "
    "answer point points results"
)


def labelled(text: str) -> tuple[str, int | None, str] | None:
    """(name, seconds or None, words) of a line that begins with who says it; None when it does not."""
    match = _LABEL.match(text)
    if match is None:
        return None
    name = match["name"].strip(" -")
    if not looks_like_a_name(name):
        return None
    clock = match["time"] or match["after"]
    return name, seconds(clock) if clock else None, match["words"].strip()


def natural(name: str) -> str:
    """``Roth, Mathis (Havel)`` as people say it: Mathis Roth."""
    name = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", " ".join(name.split())) or name
    parts = [part.strip() for part in name.split(",")]
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(parts) else name


def looks_like_a_name(name: str) -> bool:
    words = name.split()
    if not 1 <= len(words) <= 5 or words[0].lower().rstrip(".") in _NO_NAMES or len(name) > 60:
        return False
    return (
        all(
            word[0].isupper() or word.lower() in _PARTICLES or (at > 0 and word.isdigit())
            for at, word in enumerate(words)
        )
        and words[0][0].isupper()
    )


def believed(labels: Iterable[str], listed: Iterable[str] = ()) -> frozenset[str]:
    """The labels that are names: of two words, said more than once, or listed as present. A single "Budget:" is none."""
    counts = Counter(labels)
    known = {part.lower() for name in listed for part in (name, *name.split())}
    return frozenset(label for label, count in counts.items() if count > 1 or " " in label or label.lower() in known)


def seconds(clock: str) -> int:
    """``1:02:03`` or ``02:03`` in seconds."""
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part)
    return total
