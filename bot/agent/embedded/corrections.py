"""What people take back while they type: "move it to Proposal, no wait, Negotiation" means Negotiation.

A whole request after the word of correction replaces the one before it; a name, a time, an amount or a word replaces the
last of its kind. What stands in quotation marks is left as it was said.
"""

import re

from bot.agent.embedded.grammar import CHANNEL, recognise
from bot.agent.embedded.sentence import Mark, Sentence

_MARKER = re.compile(
    r"(?:\s*[,.;?!(]+|\s+-+|\s+)\s*(?:oh |ah |ach |oops |whoops |hm+ |er |um |uh |wait |hang on |hold on |my bad |damn )*"
    r"(?:(?:ah|er|erm|uh|oh|hm|nah|or rather|rather),? no(?:,? (?:i (?:made (?:an error|a mistake)|was wrong|misspoke)|my (?:mistake|bad)|that is wrong))?|no,? (?:hang|hold) on|wait,? (?:i am|i will be|she is|he is|they are) [a-z ]{3,24}(?=, (?:on )?DATE)|no,? wait|wait,? no|no,? actually|actually,? no|no,? sorry|sorry,? no|(?:sorry|no),? i mean(?:t)?|i mean(?:t)?|scratch that|strike that|"
    r"correction|make (?:that|it)|no,? make (?:that|it)|no,? rather|or rather|sorry,? make (?:that|it)|no,? not that|(?:sorry|oops|whoops|ach|typo|(?:my )?mistake|rather|better|meant|or better|correction|actually|well)(?=[\s,:;-]+(?:(?:to|on|at|in|for|by|the|is|it is|should be|not \w+,?) )*(?:MONEY|DATE|PERSON|CONTACT|ACCOUNT|DEAL)|[\s,:;-]+an? (?:call|meeting|email|chat|note|visit|demo)\b)|(?<=[,;-] )actually|(?<=, )no(?=,? (?:MONEY|DATE|PERSON|CONTACT)))\b[\s,:;.!-]*(?:i mean(?:t)? |make (?:that|it) )?"
)
_PREFERRED = re.compile(r"(?i)^\s*(?:(?:is|was|would be|works?|fits?|suits?|will be)(?: (?:me|us|much|a bit))* (?:better|best|correct|right)|instead|rather|(?:is )?what i (?:mean|meant))\b")
_NOT_BUT = re.compile(r"\bnot\b|\bno longer\b|\bnever\b")
_SPOKEN = re.compile(r"\b(?:she|he|they|customer|CONTACT|ACCOUNT) (?:said|says|told|wrote|asked|mentioned)\b")


def corrected(sentence: Sentence) -> str | None:
    """The message as it was meant, or None when nothing was taken back."""
    text = sentence.masked
    for match in _MARKER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if not before.strip() or not after.strip() or before.count('"') % 2 or _SPOKEN.search(before):
            continue
        if _NOT_BUT.search(before) and re.fullmatch(r"\W*make (?:that|it)\W*", match.group()):
            continue  # "it is not commit, make it pipeline" takes nothing back
        if re.match(r"(?:a |an |the |my )?(?:\w+ )?(?:task|reminder|to-?do)\b", after):
            continue  # "make it a task" adds to what was said
        whole = recognise(after)
        if (
            whole is not None
            and len(after.split()) > 1
            and whole.family not in ("latest", "contact_details", "passages")
        ):
            return sentence.verbatim(match.end())
        spliced = _spliced(sentence, match.start(), match.end())
        if spliced is not None:
            return spliced
    return None


def _spliced(sentence: Sentence, end: int, begin: int) -> str | None:
    """The message with what stands at ``begin`` in place of the last thing of its kind before ``end``."""
    text = sentence.masked
    lead = re.match(r"(?:(?:to|on|for|with|at|by|in|the)\s+)*", text[begin:])
    at = begin + (lead.end() if lead else 0)
    new = next((mark for mark in sentence.marks if mark.start == at), None)
    if new is not None:
        old = next((mark for mark in reversed(sentence.marks) if mark.end <= end and _alike(mark, new)), None)
        return None if old is None else _join(sentence, old.start, old.end, end, at, new.end)
    kind = re.match(rf"(?:an? )?({CHANNEL})\b", text[at:])
    was = re.search(rf"\b({CHANNEL})\b", text[:end])
    if kind is not None and was is not None:
        return _join(sentence, was.start(1), was.end(1), end, at + kind.start(1), at + kind.end(1))
    word = re.match(r"[a-z][a-z -]{1,30}?(?=\s*(?:$|[,.;!?]|\band\b))", text[at:])
    last = re.search(r"\b(?:to|into|in|at|as|is)\s+([a-z]+(?: [a-z]+)?)\s*$", text[:end])
    if word is not None and last is not None and len(word.group().split()) <= 2:
        return _join(sentence, last.start(1), last.end(1), end, at, at + word.end())
    return None


def _alike(one: Mark, other: Mark) -> bool:
    who = ("CONTACT", "PERSON")
    what = ("ACCOUNT", "DEAL")
    return (
        one.kind == other.kind or (one.kind in who and other.kind in who) or (one.kind in what and other.kind in what)
    )


def _join(sentence: Sentence, old: int, old_end: int, marker: int, new: int, new_end: int) -> str:
    parts = (
        sentence.verbatim(0, old), sentence.verbatim(new, new_end), sentence.verbatim(old_end, marker).strip(" ,;"),
        _PREFERRED.sub("", sentence.verbatim(new_end)).lstrip(" ,;"),
    )  # fmt: skip
    return " ".join(part for part in parts if part)
