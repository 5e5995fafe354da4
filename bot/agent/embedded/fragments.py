"""Whether a message stands on its own or only says something about the answer before: "only the renewals", "and by week?"."""

import re

from bot.agent.embedded import slots
from bot.agent.embedded.earlier_times import WITH_PERIOD
from bot.agent.embedded.grammar import Form, recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.sentence import Sentence
from bot.agent.memory import Made

LISTS = frozenset({"list_deals", "list_accounts", "list_tasks", "report"})
_LEADS = re.compile(
    r"^(?:(?:and|but|ok|okay|so|then|now|right|thanks|thx|great|hm+|nope?|well)[,.]? )*(?:and|or|but|what about|how about|what of|same|only|just|also|now|then|make (?:it|that)|limit|restrict|narrow|cut|filter|leave|drop|(?:show|give) (?:me )?(?:only|just)|break|split|group|sort|order|rank|put|compare|try|check|look|find|over at|anything|instead)\b"
)
_PLACED = re.compile(r"^(?:for|at|with|from|by|in|of|to|on) ")
_TRAILS = re.compile(r"[ ,](?:only|instead|too|as well|then|next|tho|though|there|in there)$")
BACK = re.compile(r"\b(?:that|it|this|those|these|them|same|there|ones?|of which)\b")
GLUE = frozenset(
    ["a", "about", "actually", "again", "all", "also", "am", "an", "and", "another", "any", "anything", "are", "around", "as", "at", "back", "be", "been", "being", "big", "blank", "break", "broken", "but", "by", "can", "check", "come", "compare", "could", "cut", "do", "does", "did", "doing", "down", "each", "else", "empty", "every", "everything", "fill", "find", "for", "from", "full", "get", "give", "go", "going", "good", "got", "great", "had", "has", "have", "hey", "hm", "hmm", "how", "i", "if", "in", "include", "instead", "into", "is", "it", "its", "just", "keep", "leave", "let", "like", "limit", "list", "look", "lot", "make", "many", "maybe", "me", "meant", "mine", "more", "much", "my", "narrow", "need", "next", "nice", "no", "nope", "not", "note", "notes", "now", "of", "off", "oh", "ok", "okay", "on", "one", "ones", "only", "or", "order", "other", "our", "out", "over", "per", "please", "pls", "put", "q", "question", "quick", "rank", "really", "right", "same", "see", "set", "show", "shows", "single", "sorry", "sort", "split", "still", "sry", "sure", "than", "thanks", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "this", "those", "tho", "though", "thx", "to", "too", "try", "u", "up", "us", "used", "want", "was", "way", "we", "well", "were", "what", "whats", "what's", "when", "which", "while", "who", "whose", "will", "with", "within", "without", "would", "yes", "you", "your", "and's", "filter", "restrict", "exclude", "ignore", "hide", "skip", "drop", "except", "apart", "side", "next", "beside", "whole", "entire", "leaving", "hold", "show's", "lemme", "gimme", "wanna", "cheers", "ta", "mate"]
)
"""Words that only tie what is said to what was said before."""
_ABOUT_LISTS = frozenset(
    ["deal", "deals", "opp", "opps", "opportunity", "opportunities", "renewal", "renewals", "pilot", "pilots", "task", "tasks", "to-do", "to-dos", "todo", "todos", "reminder", "reminders", "account", "accounts", "customer", "customers", "client", "clients", "prospect", "prospects", "partner", "partners", "call", "calls", "meeting", "meetings", "email", "emails", "mail", "mails", "chat", "chats", "note", "notes", "visit", "visits", "activity", "activities", "case", "cases", "quarter", "quarterly", "month", "monthly", "week", "weekly", "day", "daily", "year", "yearly", "wk", "rep", "reps", "seller", "sellers", "owner", "owners", "person", "stage", "stages", "industry", "country", "region", "source", "competitor", "product", "category", "forecast", "reason", "month's", "average", "total", "sum", "count", "number", "value", "amount", "size", "revenue", "money", "worth", "won", "lost", "open", "closed", "win", "wins", "loss", "losses", "commit", "committed", "best", "upside", "pipeline", "omitted", "case", "biggest", "largest", "smallest", "highest", "lowest", "oldest", "newest", "latest", "top", "first", "last", "overdue", "late", "due", "past", "step", "steps", "closing", "closes", "close", "date", "dates", "under", "below", "above", "less", "least", "most", "between", "share", "percent", "percentage", "stale", "untouched", "new", "expansion", "upsell", "former", "before", "earlier", "previous", "prior", "ago", "after", "since", "until", "upcoming", "chart", "table", "half", "hundred", "thousand", "k", "bigger", "smaller", "larger", "higher", "lower", "cheaper", "older", "newer", "longest", "owned"]
)
_ROLES = frozenset(["champion", "champions", "sponsor", "decision", "maker", "makers", "economic", "buyer", "buyers", "eb", "blocker", "blockers", "influencer", "influencers", "user", "users", "signer", "contact", "contacts"])
_MEASURED = re.compile(r"^(?:\w+, )?and (?:how (?:many|much)|what)\b")
_OF_THOSE = re.compile(r"\b(?:of|among|amongst|from|out of) (?:those|these|them|that|which)\b|^(?:(?:and|so|ok) )?(?:which|how many|how much)(?: ones?)? (?:is|are|was|were|has|have|of|in|close[sd]?|do not|does not|did not|will|needs?|belongs?|would)\b")
_ASKED = re.compile(r"\b(?:what|who|whom|whose|when|where|why|how|which|did|does|do|is|are|was|were|has|have|had|can|could|should|shall|will|may)\b")
ANOTHER_VERB = re.compile(r"\b(?:remind|log|draft|write|send|push|move|mark|add|create|delete|undo|confirm|cancel|help|call (?:CONTACT|PERSON|her|him|them)|email (?:CONTACT|PERSON|her|him|them)|i (?:have|had|called|met|spoke|talked))\b")
COMMANDS = re.compile(r"^(?:please |and |now )*(?:push|move|mark|set|close|change|delete|log|add|assign|reassign|give|put|remind|draft|write|send|call|email|complete|tick|commit)\b")
WHOSE = re.compile(r"\b(?:my|mine|our|ours|team|team's|reps?|everyone|everybody|anyone|all|me|us|whole|PERSON|CONTACT)\b|PERSON")
ONE = re.compile(r"\b(?:which(?: one)? (?:is|was)|what is|and) the (\w+est)$|^the (\w+est)(?: one)?$")
_MOST_WORDS = 4
"""More words than these that nothing ties to the answer before are a request of their own."""
MOST_TOPIC = 3


def is_fragment(text: str, rest: Sentence, last: Made, linker: Linker, *, led: bool) -> bool:
    """Whether the words stand on their own only as a part of what was said before."""
    if re.match(r"^(?:and )?(?:what about|how about) (?:me|us|my team)$", text):
        return True
    if last.tool in LISTS and _OF_THOSE.search(text) is not None:
        return not COMMANDS.match(text)
    if last.tool == "report" and _MEASURED.match(text):
        return True
    if ANOTHER_VERB.search(text):
        return False
    tied = led or _PLACED.match(text) is not None or _LEADS.match(text) is not None or _TRAILS.search(text) is not None
    asks = _ASKED.search(text) is not None
    if only_glue(text, last, linker):
        like_that = re.match(r"^(?:and )?(?:what|how) (?:was|were|is|are|does|did) DATE\b", text) is not None
        return tied or like_that or BACK.search(text) is not None or (not asks and len(text.split()) <= _MOST_WORDS and not (rest.of("ACCOUNT", "CONTACT", "DEAL") and last.tool in LISTS))
    if asks and not ONE.search(text):
        return False
    if tied:
        return len(residue(text, last, linker)) <= (MOST_TOPIC if last.tool == "search_notes" else 1)
    if len(text.split()) > _MOST_WORDS or len(residue(text, last, linker)) > 1:
        return False
    of_a_report = last.tool == "report" and WHOSE.search(text) is None and _form_of_report(text) is not None
    return of_a_report or re.match(r"^(?:by|in|over|under|with|without|for|from|vs\.?|versus|per|last|this|next|since|only) ", text) is not None


def only_glue(text: str, last: Made, linker: Linker) -> bool:
    return not residue(text, last, linker)


def residue(text: str, last: Made, linker: Linker) -> list[str]:
    """The words that neither tie the message to the one before nor are an argument of what was asked."""
    known = GLUE | (_ABOUT_LISTS if last.tool in LISTS or last.tool in WITH_PERIOD else frozenset()) | (_ROLES if last.tool == "account_people" else frozenset())
    words = [word.removesuffix("'s") for word in re.findall(r"(?<![A-Z\w])[a-z][a-z'-]*", text)]
    return [word for word in words if word not in known and not (last.tool in LISTS and slots.known_stage(word, linker) is not None)]


def _form_of_report(text: str) -> Form | None:
    form = recognise(text)
    return form if form is not None and form.family == "report" else None
