"""By what means people were in touch, from the words of a log entry."""

import re

from bot.agent.embedded import slots

_BY_PHONE = re.compile(r"^.{0,60}\b(?:(?:on|over|by|via) (?:the |a )?phone|hung up)\b")


def entry_channel(head: str, text: str) -> str:
    """The channel that the head of an entry says, else its first words; a note when none does."""
    if _BY_PHONE.match(re.split(r"[,.:;]", text)[0]):
        return "call"
    found = slots.channel(head)
    if found is not None:
        return found
    if re.match(r"^(?:note|memo|fyi|jot|write|comment)|^(?:add|make|leave|take|put) (?:a |an )?(?:note|comment)", text):
        return "note"
    return slots.channel(re.split(r"[,.:;]", text)[0]) or "note"


def stated_channel(text: str) -> str:
    """How they got in touch in "CONTACT called, …"; what they merely say or want is a note."""
    if re.match(r"^[^,.:;]{0,40}\b(?:on|via|over|through) (?:linkedin|xing|twitter|facebook|instagram)\b", text):
        return "social"
    verb = re.match(r"^\w+ (?:just )?(called|phoned|rang|emailed|wrote|messaged|texted|pinged)\b", text)
    return (slots.channel(verb.group(1)) or "note") if verb else "note"
