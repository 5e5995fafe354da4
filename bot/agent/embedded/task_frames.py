"""A task in whatever order it is asked for: "they only pick up at lunch, so: task for Tuesday, call Sophie", "review Oakhurst once a
quarter, make that a repeating task with the first due 15 January".

A clause all of whose words say that a task is wanted, for whom, when and how often is frame; what is to be done stands in the
others. A story told before the frame is no part of the task where what is to be done stands behind it.
"""

import functools
import re

from bot.agent.embedded.grammar import mood_of, recognise
from bot.agent.embedded.sentence import Sentence

_BREAK = re.compile(r"\s*[,;:!]+(?=\s|$)\s*|\s*\.+(?=\s|$)\s*|\s+-+>?\s+|\s*\n+\s*")
_NOUN = r"(?:task|tasks|to-?dos?|todo|todos|reminders?|nudge|ping|action items?)"
_ASKED = re.compile(
    rf"\b{_NOUN}\b|^recurring$|\bset me (?:up )?an? (?:EVERY )?one\b|\b(?:remind|ping|nudge|poke) (?:me|us|PERSON)\b|\b(?:put|note|jot|write)(?: (?:me|it|that|this))? down\b|\b(?:put|add|stick|pop|keep|chuck|throw|bung|drop|get|have) (?:it|that|this|them)?\s*(?:on|to|in|into|onto) (?:my|the) (?:to-?do |task )?(?:list|agenda|plate|tasks|to-?dos|todos)\b|^(?:please |so |and )*(?:add|create) (?:it|that|this)(?: please)?$"
)
_WORDS = re.compile(
    rf"(?:{_NOUN}|a|an|the|my|me|us|our|him|her|them|i|we|for|on|to|of|in|up|down|by|at|as|from|with|and|so|please|pls|thanks|set|create|add|make|put|open|give|need|want|like|would|could|can|you|have|new|another|one|two|three|recurring|repeating|regular|weekly|monthly|quarterly|daily|yearly|biweekly|fortnightly|it|that|this|"
    r"list|task-list|agenda|plate|do|remind|ping|nudge|poke|remember|note|jot|write|first|time|due|start|starting|starts|beginning|begins|begin|is|be|out|also|just|kindly|then|every|each|once|item|action|self|log|save|stick|pop|keep|chuck|throw|bung|drop|into|onto|mate|sorry|up|schedule|promised|DATE|EVERY|LENGTH|PERSON|on|onwards|until)"
)
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)*|[A-Z]+|\d+")
_SEVERAL = re.compile(r"\b(?:tasks|to-?dos|todos|reminders|action items|two|three)\b")
_TIMES = re.compile(r"(?:(?:and|on|from|by|at|for|in|the|first|time|one|due|start|starting|starts|beginning|begins|is|to be|until|once|every|no later than|latest|commencing)\s+)*(?:DATE|EVERY|LENGTH)(?:\s+(?:(?:and|on|from|by|at|starting|first|due|onwards?|latest)\s+)*(?:DATE|EVERY|LENGTH|onwards?|at the latest))*")
_UNDATED = re.compile(r"(?:(?:with )?(?:no|without(?: an?)?) (?:due )?(?:date|deadline)(?: (?:on it|needed|yet))?)")
_NOT_NEW = re.compile(r"(?<!\bon )(?<!\bto )(?<!\bin )(?<!into )(?<!onto )\b(?:my|the) (?:to-?do|task) list\b|\b(?:done|complete|completed|finished|cancel|delete|move|push|tick|overdue|open|show|which|what|how many|any|all|every (?:task|to-?do|reminder))\b|\b(?:my|the|these|those) (?:open )?(?:tasks|to-?dos|todos|reminders)\b")
_TO_DO = re.compile(r"^(?:(?:DATE|EVERY)\s*[,:-]?\s*)?(?:(?:i|we|PERSON) (?:have|need|should|must|has|ought|want) (?:to )?)?(?:call|ring|phone|email|text|message|send|chase|ping|write|prepare|prep|review|update|check|book|visit|meet|follow|get|ask|fix|finish|draft|submit|sign|order|invite|schedule|clean|file|renew|share|touch|circle|go|do)\b")


_KEPT = frozenset({"log", "update_deal", "complete", "bulk", "create_contact", "create_deal", "create_account", "update_contact", "set_role"})


def in_order(sentence: Sentence) -> Sentence | None:
    """The message as "task: what is to be done, when"; None where no clause of it only asks for a task."""
    text = sentence.masked
    if text.rstrip().endswith("?") and not re.match(r"(?:can|could|would|will) (?:you|we)\b", text):
        return None
    pieces = [piece for piece in _pieces(sentence) if not _UNDATED.fullmatch(piece.masked)]
    frames = [at for at, piece in enumerate(pieces) if _is_frame(piece.masked)]
    if not frames or len(pieces) < 2 or '"' in text:
        return None
    asked = frames[-1] if all(at > 0 for at in frames) else frames[0]
    before = [piece for at, piece in enumerate(pieces) if at < asked and at not in frames]
    after = [piece for at, piece in enumerate(pieces) if at > asked and at not in frames]
    told = [piece for piece in before if not _TIMES.fullmatch(piece.masked)]
    to_do = [piece for piece in after if not _TIMES.fullmatch(piece.masked)]
    if not told and not to_do:
        return None
    if to_do and told and not any(_TO_DO.match(piece.masked) for piece in told):
        before = [piece for piece in before if piece not in told]
    body = to_do if to_do and not told else told if told and not to_do else [*told, *to_do] if any(_TO_DO.match(piece.masked) for piece in told) else to_do
    form = recognise(body[0].masked)
    if any((told_by := recognise(piece.masked)) is not None and told_by.family in _KEPT for piece in told if piece not in body):
        return None  # what was told is to be kept for itself
    if mood_of(body[0].masked, polite=False) == "question":
        return None
    if form is not None and not _TO_DO.match(body[0].masked) and form.family in _KEPT:
        return None
    times = [piece for piece in (*before, *after) if _TIMES.fullmatch(piece.masked)]
    found = body[0]
    for piece in (*body[1:], *times, *(piece for at in frames for piece in _times_of(pieces[at]))):
        found = found.followed_by(piece)
    theirs = next((pieces[at].cut(mark.start, mark.end) for at in frames for mark in pieces[at].of("PERSON")), None)
    if theirs is not None:
        return theirs.preceded_by("task for").followed_by(found.preceded_by(":")) if len(body) == 1 else None
    if len(body) > 1 and all(_TO_DO.match(piece.masked) for piece in body) and (_SEVERAL.search(pieces[asked].masked) or all(piece.of("DATE", "EVERY") for piece in body)):
        of_all = [*times, *_times_of(pieces[asked])]
        dated = [piece if piece.of("DATE", "EVERY") else functools.reduce(Sentence.followed_by, of_all, piece) for piece in body]
        return functools.reduce(lambda done, piece: done.followed_by(piece.preceded_by("; task:")), dated[1:], dated[0].preceded_by("task:"))
    return found.preceded_by("task:")


def _is_frame(text: str) -> bool:
    tokens = _TOKEN.findall(text)
    return bool(tokens) and _ASKED.search(text) is not None and _NOT_NEW.search(text) is None and all(_WORDS.fullmatch(token) for token in tokens)


def _pieces(sentence: Sentence) -> list[Sentence]:
    ends = [match.span() for match in _BREAK.finditer(sentence.masked)]
    starts = [0, *(end for _, end in ends)]
    return [piece for start, end in zip(starts, [*(start for start, _ in ends), None], strict=True) if re.search(r"\w", (piece := sentence.cut(start, end)).masked)]


def _times_of(frame: Sentence) -> list[Sentence]:
    """The stretches of a frame that say when: "from next week", "first due 15 January"."""
    return [
        frame.cut(match.start(), match.end())
        for match in re.finditer(r"(?:\b(?:(?:starting|start|starts|beginning|begins|from|first(?: (?:one|time))?|due|on|by|is|until)\s+)+)?(?:DATE|EVERY|LENGTH)|\b(?:daily|weekly|monthly|quarterly|yearly|biweekly|fortnightly)\b", frame.masked)
    ]
