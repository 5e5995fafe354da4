"""That a deal is lost, to whom and why, in the words for it."""

import re

from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args

LOST = re.compile(
    r"\b(?:lost|lose|dead|closed?[- ]lost|went (?:with|to) (?:RIVAL|someone else|another|a competitor)|(?:did not|failed to|could not) (?:get|win|land)|fell through|fallen through|kill(?:ed)?|died|walked away|pulled out|no[- ]go|beat us|chose RIVAL|picked RIVAL|decided against|said no|passed on)\b"
)
_REASON = re.compile(r"(?:\b(?:because(?: of)?|due to|reason(?: is| was|:)?|on|over|as|since|for)\b|[,:;(-])\s*(?:reason(?: is| was)?\s*:?\s*|because (?:of )?)?(.+)$")
_TO_RIVAL = re.compile(r"^(?:(?:they|she|he|customer|CONTACT|ACCOUNT) )?(?:have |has )?(?:chose|chosen|picked|went (?:with|to|for)|signed with|selected|preferred|bought from|switched to) RIVAL\s*(?:[,:;-]\s*(.+))?$")


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
    if reason is not None:
        words = sentence.verbatim(reason.start(1), reason.end(1)).strip(" .!)")
        chosen = _TO_RIVAL.match(reason.group(1).strip(" .!)"))
        if chosen is not None:
            said = reason.start(1) + chosen.start(1)
            words = sentence.verbatim(said, reason.end(1)).strip(" .!)") if chosen.group(1) else ""
            reason = None if not words else reason
    if rivals and (not words or chosen is not None or rivals[0].start < (reason.start() if reason else 0)):
        name = rivals[0].mention.matches[0].name.text if rivals[0].mention else rivals[0].text
        words = f"Lost to {name}" + (f": {words}" if words else "")
    if words and not re.fullmatch(r"(?i)(?:deal|it|that|this|today|now|please)", words):
        args["lost_reason"] = words[:1].upper() + words[1:]
