"""What a customer lets us know, told without a command: "Priya is on leave till March, Sam takes over", "Quanta just told me they signed".

It is noted. Where it comes with a plain change (a deal won or lost, somebody who left) the change is proposed as well, each by itself.
"""

import re

from bot.agent.embedded.checking import HEDGED, NOT_SO
from bot.agent.embedded.lost_deals import LOST
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import Sentence
from crm_store.names.words import is_common

_LEAD = r"(?:(?:(?:great|good|bad|big|sad|huge|some|more|breaking) news|fyi|heads up|just (?:in|heard|learned|found out)(?: that)?|i (?:just )?(?:heard|learned)(?: that)?|wow|omg|ugh|damn|argh|yes|yay|so|update|unfortunately|sadly|apparently|turns out(?: that)?|it seems(?: that)?|looks like|oh|ok|well|hm+|also|and|but)\b[\s,:!.-]*)*"
_WHOSE = r"(?:'s (?:[a-z]+ ){1,3}?)?"
_SUBJECT = rf"(?:(?:the |our )?(?:customer |client |buyer |folks at |people at |guys at |team at )?(?:CONTACT|ACCOUNT)(?: and (?:CONTACT|ACCOUNT|PERSON))?{_WHOSE}(?: (?:at|from|of) ACCOUNT)?)"
_ADVERB = r"(?:just|has|have|had|also|now|finally|officially|unfortunately|sadly|still|already|really|recently|today|DATE|actually|both|all|never|not)"
_BE = r"(?:is|are|was|were|will be|has been|have been|got|gets|became|becomes)"
_TELLS = r"(?:told (?:me|us)|tells me|says?|said|called|emailed|mailed|texted|messaged|phoned|rang|wrote|confirmed|announced|let (?:me|us) know|mentioned|admitted|replied)"
_VERB = (
    rf"(?:{_TELLS}|{_BE}|will|would|can|could|cannot|does not|do not|did not|has|have|had|wants?|needs?|asks?|thinks?|believes?|likes?|loves?|hates?|prefers?|expects?|plans?|hopes?|looks?|seems?|feels?|insists?|claims?|agrees?|refuses?|requires?|uses?|runs?|goes|leaves?|joins?|takes?|makes?|gives?|pays?|buys?|considers?|worr(?:y|ies)|complains?|suggests?|promises?|"
    r"knows?|works?|went|froze|cut|took|made|gave|sent|came|chose|lost|won|bought|sold|put|killed|pulled|hired|fired|signed|merged|acquired|opened|closed|stopped|started|moved|changed|decided|picked|dropped|doubled|grew|raised|paid|broke|found|began|loved|hated|liked|approved|rejected|cancelled|canceled|postponed|delayed|extended|launched|resigned|retired|left|quit|joined|switched|"
    r"complained|asked|wanted|needed|agreed|refused|promised|suggested|worried|planned|hoped|expected|accepted|declined|[a-z]{3,}ed)"
)
_TOLD = re.compile(rf"^{_LEAD}{_SUBJECT} (?:{_ADVERB} )*{_VERB}\b(?= \S)")
_REPORTED = re.compile(rf"^{_LEAD}{_SUBJECT} (?:{_ADVERB} )*{_TELLS}\b")
_STRANGER = re.compile(rf"^{_LEAD}(?P<who>(?!(?:i|we|they|she|he|it|you|who|what|legal|procurement|finance|nobody|everyone|someone|somebody|anyone)\b)[a-z][a-z'-]+(?: [a-z][a-z'-]+)?) (?:just |has |also )*(?:told (?:me|us)|says|said|called|emailed|texted|messaged|wrote|confirmed|mentioned|let (?:me|us) know)\b(?= \S)")
_ASKS = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how|show|list|tell me|remind|task|log|note|move|push|set|mark|update|change|please|can you|could you|get me|give me|help|ready|prep|brief|need to|i need)\b|\?\s*$|\bif\b|\bunless\b")
_OPINION = re.compile(r"\b(?:thinks?|believes?|guess(?:es)?|assumes?|feels?|reckons?)\b.*\b(?:won|lost|signed|closed|dead|win|lose)\b")
_NOT_AFTER_ALL = re.compile(r"\b(?:was|were) (?:going|about|supposed|meant) to\b|\bused to\b|\b(?:is|are) [a-z]+ing (?:me|us) (?:in )?(?:LENGTH|DATE)")
_STATES = re.compile(r"\b(?:champion|block(?:ing|s)|economic buyer|decision[- ]maker|blocker|influencer|evaluator|sponsor|signatory|stage|commit|best case|next steps?|close date|priority|tier)\b|\bin (?:discovery|qualification|proposal|negotiation)\b")


def told(text: str) -> bool:
    """Whether a masked command without a question only lets us know something of a customer."""
    if _TOLD.match(text) is None:
        return False
    reported = _REPORTED.match(text) is not None
    if _OPINION.search(text) or _NOT_AFTER_ALL.search(text):
        return False
    if not reported and LOST.search(text):
        return False
    return (reported or not (_ASKS.search(text) or HEDGED.search(text) or NOT_SO.search(text))) and not text.endswith("?") and _STATES.search(text) is None


def reported(text: str) -> bool:
    """Whether a masked text begins with a customer who told us something."""
    return _REPORTED.match(text) is not None


def by_stranger(sentence: Sentence) -> Call | None:
    """The note of what somebody said whom nobody knows by that name; the tool asks who it is."""
    match = _STRANGER.match(sentence.masked)
    if match is None or sentence.masked.rstrip().endswith("?"):
        return None
    who = sentence.verbatim(*match.span("who"))
    if not who[:1].isupper() or sentence.text.isupper() or is_common(who.split()[0].lower()):
        return None
    return Call("log_interaction", {"channel": "note", "contacts": [who], "direction": "inbound", "text": sentence.text.strip(" ,;:-!.\n")})


def noted(sentence: Sentence, entry: Call) -> Call:
    """The entry of news as it is kept: a note with all that was said."""
    return Call(entry.tool, {**entry.args, "channel": "note", "direction": "inbound", "text": sentence.text.strip(" ,;:-!.\n")})
