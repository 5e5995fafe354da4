"""How days read in reasons and titles."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4_096)  # a team's reasons name the same few hundred days thousands of times
def day_words(day: date, today: date) -> str:
    """``Thu 19 Nov``, with the year where it is another one."""
    return f"{day:%a} {day.day} {day:%b}" + ("" if day.year == today.year else f" {day.year}")


def days_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def times_words(count: int) -> str:
    return {0: "never pushed", 1: "pushed once", 2: "pushed twice"}.get(count, f"pushed {count} times")
