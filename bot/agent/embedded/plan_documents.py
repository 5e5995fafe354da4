"""Questions that the company's own documents answer: policies, prices, products, and what we may offer a customer."""

import re

from bot.agent.embedded.grammar import Mood
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args
from bot.agent.own_words import held
from knowledge import words

_PAPERS = (
    r"(?:polic(?:y|ies)|playbooks?|price ?lists?|list prices?|handbook|guide ?lines?|product sheets?|data ?sheets?|battle ?cards?|rule ?book|terms (?:and|&) conditions"
    r"|standard terms|(?:our|own) (?:docs?|documents?|papers)|company (?:docs?|documents?|rules?)|internal (?:docs?|documents?|rules?)|talking points (?:vs\.?|versus|against|on|about|for) RIVAL)"
)
_OURS = (
    r"(?:warrant(?:y|ies)|trials?|refunds?|returns? (?:policy|period)|cancellation|liability(?: cap)?|up-?time|availability|slas?|support hours|response times?|payment terms"
    r"|notice period|(?:data )?(?:retention|residency|protection|hosting|deletion)|security|certifi\w+|encryption|backups?|index(?:ation)?|commission|referral fee|minimum order|onboarding|release cycle|roadmap|hosting|audit logs?|languages)"
)
_DOCUMENTS = re.compile(
    rf"\b{_PAPERS}\b|\b(?:our|the company's|a|the|on|about) {_OURS}\b|\bwhat (?:can|may|should|am i allowed to|are we allowed to) (?:i |we )?(?:tell|say to|answer|promise) (?:them|customers?|a customer|prospects?|people|ACCOUNT|CONTACT|her|him)\b"
    r"|\bwho (?:has to|must|needs to|can|may|should|do i ask to|is allowed to) (?:approve|sign off|authori[sz]e|grant)\b|\bhow (?:much|high|large|big)(?: of)? (?:a )?discounts? (?:can|may|could|am|are|is)\b|\b(?:can|may) (?:i|we) (?:give|offer|grant|discount|waive|share|hand out|send out|promise)\b"
    r"|^(?:and )?(?:do|are|can|will|is|does) (?:we|our (?:product|software|platform|system|data|tablets?|contracts?)|customers?|a customer) (?:also |really )?(?:support|offer|work\w*|run\w*|include\w*|come|cover\w*|encrypt|host\w*|hold|comply|certified|compliant|provide|charge|refund\w*|accept|allow\w*|guarantee|integrate|store|keep|run|bring|return|sell|have (?:an? |any )?(?:certif\w*|soc\b|iso\b|gdpr|sso|sla|single sign|api|warranty|trial|penetration|dpa|offline|on-?prem\w*|soc ?2))"
    r"|^(?:and )?is there (?:an? |any )?(?:\w+ ){1,4}(?:in|with|for|on) (?:our|the) (?:\w+ )?(?:plan|product|software|platform|app|package|licen[cs]e)s?(?: of ours)?$"
    r"|^(?:and )?how (?:do|does|should|can|would) (?:we|i|one) (?:\w+ ){0,3}?(?:against|beat|handle|counter|answer|outsell) (?:\w+ )?RIVAL\b|\bwhat (?:do|can|should) (?:we|i) say (?:about|against|to) RIVAL\b"
    r"|^(?:and )?(?:where|how|how long|how often) (?:is|are|do|does) (?:our|we|customer|their|the) ?(?:customer )?(?:data|backups?|logs?)\b"
)
_ABOUT_PRODUCT = re.compile(
    r"\b(?:cost|costs|price[ds]?|charge|support\w*|have|has|include\w*|work\w*|run\w*|come with|comes with|integrat\w+|need\w*|requir\w+|offer\w*|available|languages?|limits?|offline|compatible|certified|licen[cs]ed|do|does|handle|cover|connect\w*|what is|tell me about)\b"
)
_OF_CUSTOMERS = re.compile(
    r"\b(?:ACCOUNT|DEAL|PERSON|CONTACT|customers?|accounts?|deals?|sold|sell|bought|buys?|revenue|pipeline|orders?|won|lost|who (?:has|uses|owns)|seats|DATE|quarter|cases?|promis\w+|mention\w*|said|asked|talked)\b"
)
_OF_TALK = re.compile(
    r"\b(?:mention\w*|their|has (?:ACCOUNT|CONTACT|anyone|somebody)|have they|(?:the |our |my )?notes|emails|transcripts|conversations|complain\w*|raised?|asked|worr\w+|concern\w*|unhappy|which (?:customers|accounts|deals|contacts))\b"
)
"""What customers said of such a matter, and not what our documents say."""
_SAID = re.compile(
    r"\b(?:mention\w*|told us|(?:customers?|clients?|they) (?:say|said|think|tell)|according to|on file|has (?:ACCOUNT|CONTACT|anyone|somebody)|have they|(?:the |our |my )?notes|emails|transcripts|conversations|complain\w*|raised?|worr\w+|concern\w*|unhappy|which (?:customers|accounts|deals|contacts))\b"
)
_OF_RECORD = re.compile(
    r"\b(?:ACCOUNT|DEAL|PERSON|CONTACT|accounts|deals|contacts|tasks?|pipeline|quota|forecast|revenue|bookings|sold|bought|won|lost|DATE|quarter|last|latest|overdue|promis\w+|mention\w*|said|talked|my|best|top|list|show|reps?|teams?)\b"
)
"""What only the customer record can tell."""
_ALLOWED = re.compile(
    r"\b(?:can|may|could|should|must) (?:i|we|they|ACCOUNT|CONTACT|DEAL|the \w+|he|she)\b|\b(?:am i|are we|is it|is that|would it be|would that be|that'?s|it'?s)(?: \w+)? (?:allowed|ok|okay|fine|possible|permitted|acceptable)\b"
    r"|\b(?:ok|okay|allowed|possible|alright|fine)\?|\bwho (?:do|should|must) i ask\b|\b(?:who|whose) (?:\w+ ){0,2}(?:signs? off|approv\w+|authori[sz]\w+|okays?|decides)\b|\b(?:need|needs) (?:\w+ ){0,2}(?:approval|permission|sign-?off)\b"
    r"|\bwhat (?:can|may|am|are|do|should) (?:i|we)\b|\b(?:do|did) (?:we|i) (?:\w+ )?(?:allow|offer|accept|support|give|grant|pay)\b"
)
"""Asks what we may do for a customer, or what they may do by our terms."""
_TOUCHING = re.compile(
    r"\b(?:can|may|could|should|is it ok(?:ay)? to|am i allowed to|are we allowed to) (?:i |we )?(?:still |also |please )?(?:e-?mail|mail|call|phone|ring|text|contact|write|message|reach|invite|send (?:\w+ )?(?:newsletters?|marketing|an? e-?mail|invitations?)|move|close|mark|set|log|add|create|assign|update|change|delete|remove|reopen|push|see|have|get|ask|do|know|export|import|merge)\b"
    r"|\b(?:can|could|may|might|will|would|should|must) (?:ACCOUNT|DEAL|CONTACT|they|it|she|he|we sell)\b.*\b(?:next|soon|again|sign|decide|close|win|lose|churn|leave)\b|\bupsell|\bcross[- ]?sell"
)
"""What is no matter of terms: whether somebody may be written to, a change of the record, what a customer will do."""
_QUESTION = re.compile(
    r"^(?:and |so |hey |ok |quick question[,:]? )*(?:what|which|who|whose|how|where|when|why|is|are|do|does|did|can|could|may|must|should|will|would|any|minimum|maximum|max|min)\b|\?$"
    r"|[,;.?] (?:can|may|could|what|who|is (?:it|that)|ok|do we|how|am i|are we)\b"
)
_TELL = re.compile(
    r"^(?:and |please )?(?:give|tell|show|send|find) (?:me|us)\b|^(?:please )?(?:look up|check|find|quote)\b|^(?:the |current )?(?:list )?(?:price|cost|warranty|policy|rules?|terms|guidelines?)\b"
)
"""Asks for it without asking a question."""
_MOSTLY, _PARTLY = 0.58, 0.22
"""How much of a question a passage has to say: of one about nothing else, and of one about what a customer may have."""
_TWO = 2
_DISCOUNT = re.compile(r"\b(?:discounts?|rebate|% ?off|percent off|off (?:the |our )?(?:list )?price|\d+(?:[.,]\d+)? ?(?:%|percent|per cent))")


def made(sentence: Sentence, mood: Mood, linker: Linker) -> Plan | None:
    """The plan of a question for our own documents; None for any other message."""
    text = sentence.masked.rstrip(" .!")
    if mood == "conditional" and not _QUESTION.search(text):
        return None
    query = asked_of_documents(sentence, linker)
    if _by_words(sentence, text.rstrip("?")) or _by_product(sentence, text) or _by_documents(sentence, text, query, mood, linker):
        return Plan(calls=(call(sentence, linker),), confidence=0.95, reason="our own documents")
    return None


def call(sentence: Sentence, linker: Linker) -> Call:
    """The question as it was asked; whom it is about when it says so only by a pronoun."""
    args: Args = {"query": sentence.verbatim(0)}
    if not sentence.of("ACCOUNT", "DEAL", "CONTACT") and re.search(r"\b(?:they|them|their|it|her|him|she|he|this deal|that deal|the deal)\b", sentence.masked):
        deal, account = linker.talked_about("deal"), linker.talked_about("account")
        if deal is not None:
            args["deal"] = deal.value
        elif account is not None:
            args["account"] = account.value
    return Call("search_documents", args)


def asked_of_documents(sentence: Sentence, linker: Linker) -> str:
    """The question without the customers, deals and people in it, of whom no document of ours says anything."""
    pieces: list[str] = []
    begun = 0
    for mark in sentence.marks:
        if mark.kind in ("ACCOUNT", "CONTACT", "DEAL", "PERSON") and not _product(mark, linker):
            pieces.append(sentence.masked[begun : mark.start])
        else:
            pieces += [sentence.masked[begun : mark.start], mark.text]
        begun = mark.end
    pieces.append(sentence.masked[begun:])
    return " ".join(" ".join(pieces).split())


def _product(mark: Mark, linker: Linker) -> bool:
    """Whether one word that was taken for a deal or an account is what a product is called by ("Plan" for "Halvern Plan")."""
    word = mark.text.casefold()
    return mark.kind in ("ACCOUNT", "DEAL") and any(word in name.text.casefold().split() for name in linker.names.of_kind("product"))


def _by_words(sentence: Sentence, text: str) -> bool:
    named = sentence.of("ACCOUNT", "CONTACT", "DEAL", "PERSON")
    papers = re.search(rf"\b{_PAPERS}\b", text)
    told = re.search(r"\bwhat (?:can|may|am i allowed to|are we allowed to)\b", text)
    return bool(_DOCUMENTS.search(text) and (not named or papers or told) and not _OF_TALK.search(text))


def _by_product(sentence: Sentence, text: str) -> bool:
    about = sentence.of("PRODUCT") and _ABOUT_PRODUCT.search(text) and not _OF_CUSTOMERS.search(text)
    return bool(about and re.match(r"^(?:and )?(?:does|do|is|are|can|will|what|which|how|where|tell me about)\b", text))


def _by_documents(sentence: Sentence, text: str, query: str, mood: Mood, linker: Linker) -> bool:
    """Whether our documents speak of what is asked, by the words that stand in them."""
    told = _TELL.match(text) is not None
    if not (told or _QUESTION.search(text)) or _SAID.search(text) or _TOUCHING.search(text):
        return False
    share, count = held(linker.names.papers, query)
    if _ALLOWED.search(text):
        discount = _DISCOUNT.search(query) is not None
        return discount or (share >= _PARTLY and count >= _TWO) or (share >= _MOSTLY and len(words.query_terms(query)) > 1)
    for mark in sentence.marks:
        if _product(mark, linker):
            text = text[: mark.start] + "PRODUCT"[: mark.end - mark.start].ljust(mark.end - mark.start) + text[mark.end :]
    of_record = _OF_RECORD.search(re.sub(r"^(?:and |please )?show me|^list price", "", text))
    return (told or mood != "command") and not of_record and share >= _MOSTLY and (count >= _TWO or bool(sentence.of("PRODUCT")))
