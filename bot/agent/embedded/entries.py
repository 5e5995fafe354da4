"""A log entry in whatever order it is told: "met Grace at ten, log it, wants the integration", "two plants in, that is what came of
the call with Rashid, put it in".

The message is cut into clauses. A clause all of whose words say that it is to be logged, by which means, with whom, when and for
how long is frame; what the others say is what happened. From both the message is put into the one order in which an entry is read.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.agent.embedded import many_entries, slots
from bot.agent.embedded.entry_days import just_past
from bot.agent.embedded.entry_words import (
    ASKS_TO_LOG,
    CONTENT_LEAD,
    FROM_THERE,
    TALK,
    TO_CALL,
    TO_WRITE,
    is_frame,
    is_note,
    means_of,
)
from bot.agent.embedded.grammar import mood_of, recognise
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.sentence import Mark, Sentence

_BREAK = re.compile(
    r"\s*[,;:!?]+(?=\s|$)\s*|\s*\.+(?=\s|$)\s*|\s+-+>?\s+|\s*\n+\s*|\s+(?=but (?:leave|do not)\b)|\s+(?=(?:and|so|then|please|to|can you|could you|would you)\s+(?:please\s+|can you\s+|just\s+)*(?:log|record|note|jot|put|write|stick|pop|add|save|file)\s+(?:it|that|this|the \w+|as a \w+)(?:\s+(?:down|in|up|too|please|for me|on file))*\s*(?:$|[,;:.!]|\s-))"
)
_FROM_THEM = re.compile(
    r"^(?:[\w ]{0,12}\b)?(?:CONTACT|ACCOUNT|she|he|they)\s+(?:has |have |just |also |only )*(?:called|rang|phoned|emailed|mailed|messaged|texted|wrote|pinged|replied|dropped|reached out|got back|told|asked|sent me|sent us|sent|dm'?ed)\b(?! by\b)"
    r"|\b(?:call|email|mail|message|whatsapp|text|note|voicemail|dm|letter|chat|ring|sms)\b[^,.;]{0,20}\bfrom (?:CONTACT|ACCOUNT)\b|\b(?:inbound|incoming)\b|\bin the (?:email|mail|message|chat|letter|text) (?:CONTACT|she|he|they) (?:sent|wrote)\b"
)
_FIRST_TELLS = re.compile(r"^(?:(?:the |our )?(?:customer|client|buyer) )?(?:CONTACT|ACCOUNT|she|he|they)\s+(?!and (?:i|me)\b|meeting\b|call\b|note\b|visit\b|demo\b|chat\b|today\b|DATE|LENGTH|on\b|at\b|by\b|w\b|in\b)[a-z]+")
_I_SENT = re.compile(r"^(?:i |we )?(?:have |just |already )*(?:sent|shot|fired|dropped|forwarded|passed|shared|gave)(?: off| over)? (?:to )?(?P<who>CONTACT|ACCOUNT) (?P<what>\S.*)$")
_TOLD = re.compile(r"\b(?:(?:CONTACT|ACCOUNT) (?=(?:just )?[a-z])|(?=(?:she|he|they) ))((?:(?:she|he|they) )?(?:just )?(?:told|asked|said|says|wants?|requested|confirmed|mentioned|needs?|agreed)\b)")
_SAID_TO_US = re.compile(r"^(?:CONTACT|ACCOUNT) (?:has |have |just |also )*(?:asked|asks|told|said|says|wants?|wanted|requested|requests|thinks|insists|suggested|mentioned|confirmed|needs)\b")
_REQUEST = re.compile(
    r"^(?:and |then |so |also |please |can you |could you )*(?:move|push|set|mark|close|update|change|remind|create|add (?:a|an|the)|new (?:task|contact|deal)|task|todo|to-do|reminder|draft|prep|brief|show|list|tell me|give me|what|who|when|where|why|how|which|any|is|are|was|were|did|does|do|can|could|should|will|would|has|have|next steps?|if|unless|once|assign|reassign|delete|cancel|undo|forecast|commit|reschedule|postpone|complete|tick|find|search|book|schedule)\b(?! (?:is|was|are|were|went|looks?|goes)\b)"
)
_ORDER = re.compile(r"^(?:and |then |so |also |please )*(?:move|push|set|mark|close|update|change|put|forecast|bump|assign|give|reassign) (?:it|that|this|the (?:deal|stage|amount|close date)|DEAL)\b")
_FOLLOW_UP = re.compile(r"^(?:and |then |so |also )*(?:follow[- ]?up|next steps?|remind|task|todo|need to|must|i (?:will|need|have to|must|should))\b")
_NEEDS = re.compile(r"^(?:and |so |i )*(?:need|want|get me|give me|help|prep|brief|latest|just the|only the|the (?:latest|last|most)|any)\b(?! (?:to|more|two|three|a (?:second|third|new)|an?other|it|them|us)\b)")
_ELLIPTIC = re.compile(r"^(?:was|had|have|am|is|did) (?:just |only )?(?:on|at|in|with|a|an|the|lunch|coffee|dinner|breakfast|CONTACT|ACCOUNT|LENGTH|off|back|her|him|talking|speaking|meeting|visiting)\b")
_LEADS_TO_CONTENT = re.compile(r"\s+(?=(?:that|saying|(?:about|regarding|concerning)(?! (?:the |our |my )?(?:CONTACT|ACCOUNT|DEAL|her|him|them)\b))\s+\S)")
_ABOUT = re.compile(r"\s+(?=(?:about|regarding|concerning)\s+(?!(?:the |our |my )?(?:CONTACT|ACCOUNT|DEAL|her|him|them)\b)\S)")
_WEEKDAY = re.compile(r"(?i)(?:on )?(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?")
_HAPPENED = re.compile(r"\b(?:called|phoned|rang|reached|hung up|saw|ran into|bumped into|met|spoke|spoken|talked|chatted|emailed|mailed|messaged|texted|visited|caught up|sat down|dropped by|was|had|got|tried|came)\b")
_NAMED = re.compile(r"\b(?:CONTACT|ACCOUNT|DEAL|her|him|them)\b")
_QUOTED = re.compile(r"\b(?:as is|verbatim|word for word|with (?:those|these|her|his|their) words|quote)\b|^\s*(?:it|the (?:email|mail|message|text|note)|which) (?:says?|reads?)\b")
"""That what follows are somebody's own words, in which nothing is a command to us."""
_JUST_NOW = re.compile(r"(?i)(?:just |right )?now|(?:\w+ )?(?:a )?(?:\w+ )?(?:min|mins|minutes?|moments?|secs?|seconds?) ago|a moment ago")
_BY_MEANS = re.compile(r"\s+(?:by|via|over|per|through|on|in) (?:an? )?(?:email|mail|whatsapp|text|sms|chat|linkedin|message)$")
_VOICEMAIL = re.compile(r"\b(?:voicemail|vm)\b|\bleft (?:CONTACT |her |him |them )?a message\b")
_SPOKEN = {"social": "linkedin message", "event": "event", }
_OTHER_WRITES = frozenset({"update_deal", "complete", "task", "create_contact", "create_deal", "create_account", "update_contact", "set_role", "bulk", "update_task", "record_consent"})


@dataclass(frozen=True)
class _Clause:
    """A stretch of the message between two breaks, and what stood after it."""

    said: Sentence
    start: int
    end: int
    after: str
    frame: bool


def reordered(sentence: Sentence, now: datetime) -> str | None:
    """The message as an entry is read, when it tells something that happened in clauses of its own; else None. ``now`` is aware."""
    text = sentence.masked.strip()
    if text.endswith("?") or text.count('"') % 2 or many_entries.cuts(sentence):
        return None
    skipped = without_courtesies(text)
    if any(to_do.match(text[skipped:].strip(" .!")) for to_do in (TO_WRITE, TO_CALL)):
        return None
    if not _ELLIPTIC.match(text) and mood_of(text[skipped:], polite=skipped > 0 and re.search(r"\b(?:can|could|would|will)\b", text[:skipped]) is not None) != "command":
        return None
    sentence = sentence.cut(skipped)
    text = sentence.masked.strip()
    clauses = _promoted(_clauses(sentence))
    frames = [one for one in clauses if one.frame]
    content = [one for one in clauses if not one.frame]
    if not frames or not content:
        return None
    told = " , ".join(one.said.masked for one in frames)
    first = content[0]
    announced = clauses[clauses.index(first) - 1].after == ":" if clauses.index(first) else False
    asked = ASKS_TO_LOG.search(told) is not None or any(is_note(one.said.masked, announced=one.after == ":" or clauses[at + 1 : at + 2] != [first]) for at, one in enumerate(clauses) if one.frame)
    if asked and not announced and _ORDER.match(first.said.masked):
        return None
    if not asked and not (clauses[0].frame and (TALK.search(told) or FROM_THERE.match(clauses[0].said.masked))):
        return None
    if not asked and (_FIRST_TELLS.match(text) or (_REQUEST.match(first.said.masked) and not announced) or any(one.after == "?" for one in content)):
        return None
    if not asked and (_other(sentence) or (_reads(first.said.masked) and not announced) or _NEEDS.match(first.said.masked) or any(one.said.of("ADDRESS") for one in content)):
        return None
    if _FOLLOW_UP.match(first.said.masked) or (first.after != ":" and not asked and not announced and _other(first.said)):
        return None
    if not _NAMED.search(told):
        return _alone(sentence, clauses, told) if asked else None
    if not asked and any(_to_come(mark, now, told) for one in frames for mark in one.said.of("DATE")):
        return None
    if asked and clauses[0] is first and _other(first.said) and not TALK.search(told):
        return None
    return _entry(sentence, clauses, frames, content, told)


def _promoted(clauses: list[_Clause]) -> list[_Clause]:
    """Where a clause of its own asks to log it, the one that says who talked is frame whatever else it says, if more was told; what
    somebody said in it begins with the verb of saying."""
    frames = [one for one in clauses if one.frame]
    asked = [one for one in frames if ASKS_TO_LOG.search(one.said.masked)]
    if not asked or any(_NAMED.search(one.said.masked) for one in frames):
        return clauses
    place = next((at for at, one in enumerate(clauses) if not one.frame and _NAMED.search(one.said.masked) and TALK.search(one.said.masked) and not _other(one.said)), None)
    if place is None:
        return clauses
    told = clauses[place]
    if any(not one.frame for at, one in enumerate(clauses) if at != place):
        about = _ABOUT.search(told.said.masked)
        if about is None:
            return [*clauses[:place], replace(told, frame=True), *clauses[place + 1 :]]
        begun = told.start + (len(told.said.masked) - len(told.said.masked.lstrip())) + about.end()
        head = replace(told, said=told.said.cut(0, about.start()), end=begun, after="", frame=True)
        return [*clauses[:place], head, replace(told, said=told.said.cut(about.end()), start=begun), *clauses[place + 1 :]]
    said = _TOLD.search(told.said.masked)
    if said is None or _FIRST_TELLS.match(told.said.masked):
        return clauses
    cut = told.start + (len(told.said.masked) - len(told.said.masked.lstrip())) + said.start(1)
    head = replace(told, said=told.said.cut(0, said.start(1)), end=cut, after="", frame=True)
    return [*clauses[:place], head, replace(told, said=told.said.cut(said.start(1)), start=cut), *clauses[place + 1 :]]


def _reads(text: str) -> bool:
    """Whether the words ask for something, or are a change, that is no entry."""
    form = recognise(text)
    return form is not None and form.family not in ("log", "task", "complete")


def _to_come(mark: Mark, now: datetime, told: str) -> bool:
    """Whether a day of the frame still lies ahead: a weekday does not, where it is said that something happened."""
    start = mark.time.start if mark.time is not None else None
    if isinstance(start, datetime) and start.date() == now.date():
        return start > now and not (_HAPPENED.search(told) and re.search(r"\b(?:called|met|spoke|talked|rang|phoned|visited|saw|today)\b", told))
    if start is None or slots.day_of(start) <= now.date():
        return False
    if _WEEKDAY.fullmatch(mark.text):
        return _HAPPENED.search(told) is None
    return just_past(mark, now.date()) is None


def _other(said: Sentence) -> bool:
    form = recognise(said.masked)
    return form is not None and form.family in _OTHER_WRITES


def _clauses(sentence: Sentence) -> list[_Clause]:
    found: list[_Clause] = []
    begun = 0
    text = sentence.masked
    breaks = [match for match in _BREAK.finditer(text) if not _inside_quote(text, match.start())]
    lead = next((match for match in _LEADS_TO_CONTENT.finditer(text, 0, breaks[0].start() if breaks else len(text)) if is_frame(text[: match.start()], leading=True)), None)
    breaks = [lead, *breaks] if lead is not None else breaks
    for start, end, mark in [*((match.start(), match.end(), match.group().strip()[:1]) for match in breaks), (len(sentence.masked), len(sentence.masked), "")]:
        said = sentence.cut(begun, start)
        if re.search(r"\w", said.masked):
            behind_content = bool(found) and not found[-1].frame
            frame = is_frame(said.masked, leading=not behind_content)
            found.append(_Clause(said, begun, start, mark, frame))
        begun = end
    asked = next((at for at, one in enumerate(found) if at > 1 and one.frame and ASKS_TO_LOG.search(one.said.masked)), None)
    if lead is not None and asked is not None and any(not one.frame for one in found[asked:]):
        found[1] = replace(found[1], frame=True)  # what it was about is told more fully behind
    return _with_quotes_whole(found)


def _with_quotes_whole(clauses: list[_Clause]) -> list[_Clause]:
    """After a colon that ends the frame everything is what was said, up to a word at the end that asks to log it."""
    at = next((place for place, one in enumerate(clauses) if one.frame and one.after == ":"), None)
    if at is None or not _NAMED.search(" ".join(one.said.masked for one in clauses[: at + 1])):
        return clauses
    last = len(clauses) - 1
    return [
        one if place <= at or (place == last and one.frame and ASKS_TO_LOG.search(one.said.masked)) else _Clause(one.said, one.start, one.end, one.after, False)
        for place, one in enumerate(clauses)
    ]


def _inside_quote(text: str, at: int) -> bool:
    return text.count('"', 0, at) % 2 == 1


def _alone(sentence: Sentence, clauses: list[_Clause], told: str) -> str | None:
    """ "For the file: Rashid told us to wait": the frame only says that it is to be kept."""
    first = next(one for one in clauses if not one.frame)
    lead = CONTENT_LEAD.match(sentence.masked, first.start)
    said = sentence.cut(lead.end() if lead is not None else first.start, [one for one in clauses if not one.frame][-1].end)
    if means_of(told) in ("", "note") and clauses[0] is not first and (_SAID_TO_US.match(said.masked) or _FIRST_TELLS.match(said.masked)):
        return f"note that {said.text}"
    means = means_of(told)
    if means not in ("", "note") and clauses[0] is first and _SAID_TO_US.match(said.masked):
        whom = next(mark.text for mark in said.of("CONTACT", "ACCOUNT"))
        lasted = next((f" {_length(mark.text)}" for one in clauses if one.frame for mark in one.said.of("LENGTH")), "")
        return f"log {'an' if means in ('email', 'event') else 'a'} {_SPOKEN.get(means, means)} with {whom}{lasted}: {said.text}"
    sent = _I_SENT.match(said.masked) if clauses[0] is first else None
    if sent is None:
        return None
    means = slots.channel(sent.group("what")) or "email"
    by = _BY_MEANS.search(sent.group("what"))
    what = said.verbatim(sent.start("what"), sent.start("what") + by.start() if by is not None and by.start() else sent.end("what"))
    return f"log {'an' if means == 'email' else 'a'} {_SPOKEN.get(means, means)} to {said.verbatim(*sent.span('who'))}: {what}"


def _entry(sentence: Sentence, clauses: list[_Clause], frames: list[_Clause], content: list[_Clause], told: str) -> str | None:
    marks = [mark for one in frames for mark in one.said.of("CONTACT", "ACCOUNT", "DEAL", "DATE", "LENGTH")]
    names = [mark.text.removesuffix("'s") for mark in marks if mark.kind in ("CONTACT", "ACCOUNT", "DEAL")]
    spoken = re.findall(r"\b(?:her|him|them)\b", told)
    whom = " and ".join(dict.fromkeys(names)) or next(iter(spoken), "")
    if not whom:
        return None
    means = means_of(told) or "note"
    days = [mark for mark in marks if mark.kind == "DATE" and not _JUST_NOW.fullmatch(mark.text)]
    when = " ".join([*(mark.text.removesuffix("'s") for mark in days), *(_length(mark.text) for mark in marks if mark.kind == "LENGTH")])
    inbound = "inbound " if any(_FROM_THEM.search(one.said.masked) for one in frames) else ""
    words = _words(sentence, clauses)
    if not words:
        return None
    if _QUOTED.search(told) or _QUOTED.search(sentence.masked[content[0].start : content[0].end]):
        words = f'"{words}"' if '"' not in words else words
    spoken_as = "voicemail" if _VOICEMAIL.search(told) and not inbound else _SPOKEN.get(means, means)
    what = f"{'an' if inbound or means in ('email', 'event') else 'a'} {inbound}{spoken_as}"
    return f"log {what} {'for' if means == 'note' else 'with'} {whom}{f' {when}' if when else ''}{' ' if when[-1:].isdigit() else ''}: {words}"


def _length(text: str) -> str:
    return text if text.lower().startswith("for ") else f"for {text}"


def _words(sentence: Sentence, clauses: list[_Clause]) -> str:
    """What happened, in the person's own words; a frame in between is left out."""
    runs: list[tuple[int, int]] = []
    for at, one in enumerate(clauses):
        if one.frame:
            continue
        if runs and at > 0 and not clauses[at - 1].frame:
            runs[-1] = (runs[-1][0], one.end)
        else:
            runs.append((one.start, one.end))
    start, end = runs[0]
    lead = CONTENT_LEAD.match(sentence.masked, start)
    runs[0] = (lead.end() if lead is not None and lead.end() < end else start, end)
    return ", ".join(words for run in runs if (words := sentence.verbatim(*run).strip(" ,;:-")))
