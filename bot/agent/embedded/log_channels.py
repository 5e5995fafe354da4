"""By what means people were in touch, from the words of a log entry."""

import re

from bot.agent.embedded import slots
from bot.agent.embedded.grammar import CHANNEL

_TRIED = re.compile(r"^(?:i |we )?(?:have |just )*tried (?:CONTACT|ACCOUNT|her|him|them)\b")
_A_LINE = re.compile(r"^(?:i |we )?(?:have |just )*(?:dropped|sent|wrote|shot) (?:CONTACT|ACCOUNT|her|him|them) (?:a |another )(?:\w+ )?lines?\b")
_SENT = re.compile(r"^(?:i |we )?(?:have |just |already )*(?:sent|forwarded|shared)(?: over)? (?:CONTACT|ACCOUNT|her|him|them)\b")
""" "Sent Grace the contract": by e-mail, unless it is said how."""
_ON_THE_LINE = re.compile(r"^(?:i |we )?(?:have |just )*(?:had (?:CONTACT|ACCOUNT|her|him|them) on (?:the )?(?:phone|line)|no (?:luck|joy) (?:with|reaching|calling|ringing|getting|on the phone)|(?:CONTACT|she|he|they|nobody|no one) (?:did not|does not|is not|are not) (?:pick(?:ing)? up|answer(?:ing)?)|straight to voicemail|could not (?:reach|get hold of)|left (?:CONTACT|her|him|them) (?:a |another )?(?:voicemail|vm|message))\b")
_NOTED = re.compile(rf"^(?:please )?note(?: down)? (?=(?:a|an|one|the|my|our|this|another) (?:[\w-]+ ){{0,2}}?{CHANNEL}\b)")
""""Note a call" is a call, and "a note on her call" too."""
_BY_PHONE = re.compile(r"^.{0,60}\b(?:(?:on|over|by|via) (?:the |a )?phone|hung up)\b")


def entry_channel(head: str, text: str) -> str:
    """The channel that the head of an entry says, else its first words; a note when none does."""
    if _ON_THE_LINE.match(text):
        return "call"
    if re.match(r"^(?:i |we )?(?:have |just )*(?:dropped|popped|stopped|swung) (?:by|in|round|over)\b", text):
        return "meeting"
    if _A_LINE.match(text):
        return "email"
    if re.match(r"^(?:an? |another )?no[- ]show\b", text):
        return "meeting"
    if _TRIED.match(text):
        return "call"
    if _BY_PHONE.match(re.split(r"[,.:;]", text)[0]):
        return "call"
    noted = _NOTED.match(head)
    found = slots.channel(head[noted.end() :] if noted is not None else head)
    if found is not None:
        return found
    if re.match(r"^(?:note|memo|fyi|jot|write|comment)|^(?:add|make|leave|take|put) (?:a |an )?(?:note|comment)", text):
        return "note"
    return slots.channel(re.split(r"[,.:;]", text)[0]) or ("email" if _SENT.match(text) else "note")


def stated_channel(text: str) -> str:
    """How they got in touch in "CONTACT called, …"; what they merely say or want is a note."""
    if re.match(r"^[^,.:;]{0,40}\b(?:on|via|over|through) (?:linkedin|xing|twitter|facebook|instagram)\b", text):
        return "social"
    said = re.match(r"^[^,.:;]{0,60}\b(?:on|via|over|by|through|in) (?:the |our |a )?(chat|whatsapp|slack|teams|email|phone|text|sms|dm|zoom|live chat|website chat)\b", text)
    if said is not None:
        return "call" if said.group(1) == "phone" else "chat" if said.group(1) in ("slack", "teams", "live chat", "website chat") else slots.channel(said.group(1)) or "note"
    sent = re.match(r"^\w+ (?:just |has )*(?:sent|dropped|left|gave|wrote) (?:me |us )?(?:an?|another|the) (?:\w+ )?(email|mail|message|text|voicemail|call|ring|letter|sms|whatsapp)\b", text)
    if sent is not None:
        return slots.channel(sent.group(1)) or "note"
    if _ON_THE_LINE.match(text):
        return "call"
    if re.match(r"^\w+ (?:just |finally |has )*(?:picked up|answered the phone)\b", text):
        return "call"
    answered = re.match(r"^\w+ (?:just |has |finally )*(?:replied|answered|responded|wrote back|got back) to (?:my|our|the|that) (?:last |latest )?(email|mail|message|text|letter|whatsapp)\b", text)
    if answered is not None:
        return slots.channel(answered.group(1)) or "note"
    verb = re.match(r"^\w+ (?:just )?(called|phoned|rang|emailed|wrote|messaged|texted|pinged)\b", text)
    return (slots.channel(verb.group(1)) or "note") if verb else "note"
