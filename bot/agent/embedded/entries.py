"""A log entry asked for beside what happened: "met Grace at ten, log it, wants the integration".

People tell first and say afterwards, or in between, that it is to be logged. The words that only say so are no content and
no request of their own; the message is put into the order in which an entry is read: who, when, how long, and what was said.
"""

import re

from bot.agent.embedded.grammar import CHANNEL, PAST_TALK, mood_of, recognise
from bot.agent.embedded.log_channels import entry_channel, stated_channel
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import channel

_VERB = r"(?:log|record|note|jot|chuck|pop|put|get|file|write|stick|whack|add|save|capture|track|enter|document|register|keep)"
_AROUND = (
    r"(?:it|that|this|these|those|one|the|my|our|me|us|a|an|inbound|outbound|incoming|quick|short|down|in|up|as|under|for|into|please|thanks|cheers|"
    rf"crm|system|records?|file|entry|conversation|with|words|too|now|here|so|{CHANNEL}s?)"
)
_FRAME = re.compile(
    r"(?:\s*[,;.!:]+\s*|\s+-+\s+|\s+(?=(?:and|so|then|please|can you|could you|would you)\s)|(?<=CONTACT|ACCOUNT)\s+)"
    r"(?:(?:and|so|then|ok|to|please|just|kindly|quickly|can you|could you|would you|will you|i want to|i need to|need to|we should|let us|better|also)[,\s]+)*"
    rf"{_VERB}(?:\s+(?:(?:that|this) one|{_AROUND}))*\s*(?:[,;:.!]+|\s-+\s|$)"
)
_POINTS = re.compile(rf"\b(?:it|that|this|one|(?:the|my|a|an|inbound|outbound|incoming)(?: \w+)?? {CHANNEL})\b")
_BARE = re.compile(rf"\W*(?:(?:and|so|please|then|to|can you|could you)\s+)*{_VERB}\W*")
_CLAUSE = re.compile(r"\s*[,;.!:]+\s+|\s+-+\s+")
_NAMED = re.compile(r"\b(?:CONTACT|ACCOUNT|DEAL|her|him|them)\b")
_TALK = re.compile(rf"\b(?:{PAST_TALK}|{CHANNEL}|hung up|phone|sit-?down|qbr|rang|zoom|whatsapp|voicemail|lunch|told|asked)\b")
_ONLY_TIMES = re.compile(r"(?:(?:for|about|around|on|at|took|lasted|it was|roughly)\s+)*(?:LENGTH|DATE)(?:\s+(?:LENGTH|DATE|long))*")
_FROM_THEM = re.compile(
    r"\b(?:CONTACT|ACCOUNT)\s+(?:has |have |just )*(?:called|rang|phoned|emailed|messaged|texted|wrote|pinged|replied|dropped|reached out|got back|told|asked)\b"
    r"|\b(?:call|email|mail|message|whatsapp|text|note|voicemail|dm|letter)\b[^,.;]{0,20}\bfrom (?:CONTACT|ACCOUNT)\b|\b(?:inbound|incoming)\b"
)
_TOLD = re.compile(r"\b(?:CONTACT|ACCOUNT|she|he|they) ((?:just )?(?:told|asked|said|says|wants?|requested|confirmed|mentioned|needs?|agreed)\b)")
_OTHER_WRITES = frozenset({"update_deal", "complete", "task", "create_contact", "create_deal", "create_account", "update_contact", "set_role"})
_SPOKEN = {"social": "linkedin message", "event": "event"}


def reordered(sentence: Sentence) -> str | None:
    """The message as an entry is read, when it is one that says beside its content that it is to be logged; else None."""
    text = sentence.masked
    if '"' in text or "\n" in text.strip() or mood_of(text, polite=False) != "command":
        return None
    for frame in _FRAME.finditer(text):
        head, tail = sentence.cut(0, frame.start()), sentence.cut(frame.end())
        if not (_POINTS.search(frame.group()) or (_BARE.fullmatch(frame.group()) and (not tail.masked or frame.group().rstrip().endswith(":")))):
            continue
        made = _entry(head, frame.group(), tail)
        if made is not None:
            return made
    return None


def _entry(head: Sentence, frame: str, tail: Sentence) -> str | None:
    if not _NAMED.search(head.masked) or head.masked.endswith("?") or re.match(rf"(?:please )?{_VERB}\b", head.masked):
        return None
    spoken = channel(re.sub(rf"^\W*(?:\w+\s+)*?{_VERB}\b", "", frame)) if re.search(CHANNEL, frame) else None
    form = recognise(head.masked)
    if spoken is None and (not _TALK.search(head.masked) or (form is not None and form.family in _OTHER_WRITES)):
        return None
    clauses = _clauses(head)
    talk = next((at for at, one in enumerate(clauses) if _NAMED.search(one.masked) and _TALK.search(one.masked)), None)
    if talk is None:
        talk = next(at for at, one in enumerate(clauses) if _NAMED.search(one.masked))
    told = clauses[talk]
    times = [one for one in clauses[talk + 1 :] if _ONLY_TIMES.fullmatch(one.masked)]
    content = [one for one in clauses[talk + 1 :] if one not in times]
    if not content and not tail.masked:
        said = _TOLD.search(told.masked)
        if said is None:
            return None  # nothing was said beside it: what happened is the entry
        content = [told.cut(said.start(1))]
        told = told.cut(0, said.start(1))
    means = spoken or _means(told.masked)
    inbound = "inbound " if _FROM_THEM.search(told.masked) or re.search(r"\b(?:inbound|incoming)\b", frame) else ""
    marks = [one for piece in (told, *times) for one in piece.of("CONTACT", "ACCOUNT", "DEAL", "DATE", "LENGTH")]
    names = [one.text for one in marks if one.kind not in ("DATE", "LENGTH")]
    whom = " and ".join(names) or next(iter(re.findall(r"\b(?:her|him|them)\b", told.masked)), "")
    when = " ".join(_when(one.kind, one.text) for one in marks if one.kind in ("DATE", "LENGTH"))
    words = ", ".join(one.text for one in (*content, tail) if one.masked)
    what = f"{'an' if inbound or means == 'email' else 'a'} {inbound}{_SPOKEN.get(means, means)}"
    return f"log {what} {'on' if means == 'note' else 'with'} {whom}{f' {when}' if when else ''}: {words}"


def _when(kind: str, text: str) -> str:
    return f"for {text}" if kind == "LENGTH" and not text.startswith("for") else text


def _means(told: str) -> str:
    stated = stated_channel(told) if re.match(r"(?:\w+ ){0,2}(?:CONTACT|ACCOUNT)\b", told) else "note"
    return stated if stated != "note" else entry_channel(told, told)


def _clauses(sentence: Sentence) -> list[Sentence]:
    ends = [match.span() for match in _CLAUSE.finditer(sentence.masked)]
    starts = [0, *(end for _, end in ends)]
    return [piece for start, end in zip(starts, [*(start for start, _ in ends), None], strict=True) if (piece := sentence.cut(start, end)).masked]
