"""That a deal is lost, to whom and why, in the words for it."""

import re

from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args

LOST = re.compile(
    r"\b(?:RIVAL (?:took|beat|won|got|snatched|stole|landed|outbid|undercut)|no (?:dice|luck|go) (?:on|with|at)|lost|lose|dead|closed?[- ]lost|went (?:with|to) (?:RIVAL|someone else|another|a competitor)|(?:did not|failed to|could not) (?:get|win|land)|fell through|fallen through|kill(?:ed)?|died|walked away|pulled out|no[- ]go|beat us|chose RIVAL|picked RIVAL|decided against|said no|passed on|(?:down|off) as (?:a )?loss)\b"
)
_REASON = re.compile(r"(?:\b(?:because(?: of)?|due to|reason(?: is| was|:)?|on|over|as|since|for)\b|[,:;(-])\s*(?:reason(?: is| was)?\s*:?\s*|because (?:of )?)?(.+?)(?:\s+for (?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?)?$")
_EXCLAIMED = re.compile(r"^(?:(?:ugh|argh|oh no|damn|bummer|sadly|unfortunately|ouch|well|so|sorry|hmm|too bad|no luck)\b[\s,.!-]*)+")
_TO_RIVAL = re.compile(r"^RIVAL (?:(?:has |have |just )*(?:beat|beaten|outbid|undercut|outpriced|snatched|took|got|won|stole|landed|bagged)(?: (?:us|it|them|this one|that one|the (?:deal|order|business)))*)(?: (?:to it|out|away|over))?\s*(?:[,:;-]\s*(.+))?$|^(?:(?:they|she|he|customer|CONTACT|ACCOUNT) )?(?:have |has )?(?:chose|chosen|picked|went (?:with|to|for)|signed with|selected|preferred|bought from|switched to) RIVAL(?: (?:in the end|instead|after all|eventually|over us|now))*\s*(?:[,:;-]\s*(.+))?$")


_ONLY_RIVAL = re.compile(r"(?:(?:we )?lost (?:it |this |out )*)?to RIVAL(?:\s*,?\s*RIVAL (?:beat|took|got|won|outbid) (?:us|it|them|this))?")
_SAID_BEFORE = re.compile(r"(?:(?:the |our |that )?(?:DEAL|ACCOUNT)(?: deal| renewal| one)?|(?:the |our |that )?(?:DEAL|ACCOUNT)(?: deal| renewal| one)? (?:can|should|must|may|needs to|has to) (?:now )?(?:be )?(?:marked?|closed?|updated?|changed?|set|go)(?: as)?(?: lost)?(?: accordingly| now)?|(?:please |pls |so )*(?:update|close|change|mark|fix|record|note)(?: it| that| this| the (?:deal|record|crm))*(?: please| now| accordingly)?)")
"""What is no reason: the deal again, or that the record is to be changed."""


def put_lost(args: Args, sentence: Sentence) -> None:
    """Stage and reason of a deal that the sentence says is lost."""
    text = sentence.masked
    args["stage"] = "lost"
    lost = LOST.search(text)
    assert lost is not None
    rivals = sentence.of("RIVAL")
    named = re.match(r"\s*[:-]?\s*(?:the |our )?(?:DEAL|ACCOUNT)(?: deal| renewal)?", text[lost.end() :])
    reason = _REASON.search(text, lost.end() + (named.end() if named is not None else 0))
    words, chosen = "", None
    if reason is not None and _ONLY_RIVAL.fullmatch(text[reason.start(1) : reason.end(1)].strip(" .!)")) is not None:
        reason = None  # whom it was lost to is said with the name alone
    if reason is not None:
        exclaimed = _EXCLAIMED.match(reason.group(1))
        begun = reason.start(1) + (exclaimed.end() if exclaimed is not None else 0)
        words = "" if _SAID_BEFORE.fullmatch(text[begun : reason.end(1)].strip(" :.!)")) else sentence.verbatim(begun, reason.end(1)).strip(" :.!)")
        chosen = _TO_RIVAL.match(text[begun : reason.end(1)].strip(" .!)"))
        if chosen is not None:
            group = 1 if chosen.group(1) else 2
            words = sentence.verbatim(begun + chosen.start(group), reason.end(1)).strip(" .!)") if chosen.group(group) else ""
            reason = None if not words else reason
    if rivals and (not words or chosen is not None or rivals[0].start < (reason.start() if reason else 0)):
        name = rivals[0].mention.matches[0].name.text if rivals[0].mention else rivals[0].text
        words = f"Lost to {name}" + (f": {words}" if words else "")
    if words and not re.fullmatch(r"(?i)(?:deal|it|that|this|today|now|please)", words):
        args["lost_reason"] = words[:1].upper() + words[1:]
