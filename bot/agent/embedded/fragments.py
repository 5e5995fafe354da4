"""Whether a message stands on its own or only says something about the answer before: "only the renewals", "and by week?"."""

import re
from collections.abc import Mapping

from bot.agent.embedded import slots
from bot.agent.embedded.earlier_times import COMPARES, WITH_PERIOD
from bot.agent.embedded.families import WRITES
from bot.agent.embedded.grammar import CHANNEL, Form, recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.report_vocabulary import subject_of
from bot.agent.embedded.roles import role_said
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.unheard import ordinary_words
from bot.agent.memory import Made

LISTS = frozenset({"list_deals", "list_accounts", "list_tasks", "report"})
_LEADS = re.compile(
    r"^(?:(?:and|but|ok|okay|so|then|now|right|thanks|thx|great|hm+|nope?|well|cool|nice|got it|fine)[,.!]? )*(?:and|or|but|(?:what|how) ?'?(?:about|of|abt|bout)|'?bout|same|only|just|also|now|then|next(?: up)?|make (?:it|that)|limit|restrict|narrow|cut|filter|keep (?:it|that|this)?|leave|drop|(?:show|give) (?:me )?(?:only|just|that|it|those|the same)|break|split|chop|slice|group|sort|order|rank|put|compared?|try|check|look|find|over at|any|anything|instead|switch|change|run|do(?! (?:we|i|you|they|not)\b)|need (?:it|that|this))\b"
)
_STRONG = re.compile(r"^(?:(?:ok|okay|so|then|right|thanks|thx|great|hm+|well|cool|nice)[,.!]? )*(?:and|or|but|(?:what|how) ?'?(?:about|of|abt|bout)|'?bout|same|only|just|also|instead|(?:make|do|give me|show me|run) (?:it|that|those|these)|switch (?:to|over)|(?:now )?do (?:the (?:whole|full|same|entire)|all|DATE|ACCOUNT|CONTACT|PERSON))\b|^(?:order|sort|split|rank|group|break|chop|slice|filter|narrow|restrict|reduce|limit|cut|compare|put) (?:it|that|those|these|them|this)\b|\bsame (?:week|month|quarter|year|period|time)\b")
"""Ties what is said to the answer before, whatever form it has."""
_PLACED = re.compile(r"^(?:for|at|with|from|by|in|of|to|on) ")
_TIED_WITHIN = re.compile(r"\b(?:same|also|only|instead|repeat|too|as well|likewise)\b")
_TRAILS = re.compile(r"[ ,](?:only|instead|too|as well|then|next|tho|though|there|in there|as a whole|either)$")
BACK = re.compile(r"\b(?:that|it|this|those|these|them|same|there|ones?|of which)\b")
GLUE = frozenset(
    ["a", "about", "actually", "again", "all", "also", "am", "an", "and", "another", "any", "anything", "are", "around", "as", "at", "back", "be", "been", "being", "big", "blank", "break", "broken", "but", "by", "can", "check", "come", "compare", "could", "cut", "do", "does", "did", "doing", "down", "each", "else", "empty", "every", "everything", "fill", "find", "for", "from", "full", "get", "give", "go", "going", "good", "got", "great", "had", "has", "have", "hey", "hm", "hmm", "how", "i", "if", "in", "include", "instead", "into", "is", "it", "its", "just", "keep", "leave", "let", "like", "limit", "list", "look", "lot", "make", "many", "maybe", "me", "meant", "mine", "more", "much", "my", "narrow", "need", "next", "nice", "no", "nope", "not", "note", "notes", "now", "of", "off", "oh", "ok", "okay", "on", "one", "ones", "only", "or", "order", "other", "our", "out", "over", "per", "please", "pls", "put", "q", "question", "quick", "rank", "really", "right", "same", "see", "set", "show", "shows", "single", "sorry", "sort", "split", "still", "sry", "sure", "than", "thanks", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "this", "those", "tho", "though", "thx", "to", "too", "try", "u", "up", "us", "used", "want", "was", "way", "we", "well", "were", "what", "whats", "what's", "when", "which", "while", "who", "whose", "will", "with", "within", "without", "would", "yes", "you", "your", "and's", "filter", "restrict", "exclude", "ignore", "hide", "skip", "drop", "except", "apart", "side", "next", "beside", "whole", "entire", "leaving", "hold", "show's", "lemme", "gimme", "wanna", "cheers", "ta", "mate", "bout", "abt", "switch", "run", "search", "query", "keep", "chop", "slice", "stack", "hold", "versus", "vs", "against", "figure", "figures", "fare", "perform", "view", "breakdown", "basis", "bump", "floor", "limit", "raise", "lower", "stuff", "things", "said", "gonna", "per", "compared", "comparing", "comparison", "where", "i'm", "whats", "hows", "what's", "how's", "who's", "whos", "better", "worse", "than", "something", "nothing", "wise", "team", "everyone", "everybody", "anyone", "anybody", "nobody", "lists", "numbers", "kindly", "pull", "fetch", "grab", "repeat", "rerun", "redo", "share", "reckon", "care", "folks", "heck", "shoot", "gosh", "jeez", "fella", "ya", "alone", "once", "thinking", "thinkin", "interested", "focus", "zoom", "flip", "toggle", "bring", "could", "would", "that'd", "so", "tell", "let", "lets", "size", "bit", "current", "currently", "today", "exactly", "straight", "specifically", "solely", "purely", "strictly", "mainly", "answer", "result", "results", "shown", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "breakup", "split-up", "go", "on", "up"]
)
"""Words that only tie what is said to what was said before."""
_ABOUT_LISTS = frozenset(
    ["deal", "deals", "opp", "opps", "opportunity", "opportunities", "renewal", "renewals", "pilot", "pilots", "task", "tasks", "to-do", "to-dos", "todo", "todos", "reminder", "reminders", "account", "accounts", "customer", "customers", "client", "clients", "prospect", "prospects", "partner", "partners", "call", "calls", "meeting", "meetings", "email", "emails", "mail", "mails", "chat", "chats", "note", "notes", "visit", "visits", "activity", "activities", "case", "cases", "quarter", "quarterly", "month", "monthly", "week", "weekly", "day", "daily", "year", "yearly", "wk", "rep", "reps", "seller", "sellers", "owner", "owners", "person", "stage", "stages", "industry", "country", "region", "source", "competitor", "product", "category", "forecast", "reason", "month's", "average", "total", "sum", "count", "number", "value", "amount", "size", "revenue", "money", "worth", "won", "lost", "open", "closed", "win", "wins", "loss", "losses", "commit", "committed", "best", "upside", "pipeline", "omitted", "case", "biggest", "largest", "smallest", "highest", "lowest", "oldest", "newest", "latest", "top", "first", "last", "overdue", "late", "due", "past", "step", "steps", "closing", "closes", "close", "date", "dates", "under", "below", "above", "less", "least", "most", "between", "share", "percent", "percentage", "stale", "untouched", "new", "expansion", "upsell", "former", "before", "earlier", "previous", "prior", "ago", "after", "since", "until", "upcoming", "chart", "table", "half", "hundred", "thousand", "k", "bigger", "smaller", "larger", "higher", "lower", "cheaper", "older", "newer", "longest", "owned", "expansions", "upsells", "logos", "business", "lose", "losing", "winning", "losses", "left", "todays", "tomorrows", "fry", "small", "small-fry", "untouched", "quiet", "time", "period"]
)
_ROLES = frozenset(["champion", "champions", "sponsor", "decision", "maker", "makers", "economic", "buyer", "buyers", "eb", "blocker", "blockers", "influencer", "influencers", "user", "users", "signer", "contact", "contacts"])
_COUNTED = re.compile(r"\b(?:count|number|total|figure|sum|how many|how much)\b")
_MEASURED = re.compile(r"^(?:\w+, )?and (?:how (?:many|much)|what)\b")
_OF_THOSE = re.compile(r"\b(?:of|among|amongst|from|out of) (?:those|these|them|that|which)\b")
_WHICH_ARE = re.compile(r"^(?:(?:and|so|ok) )?(?:which|how many|how much)(?: ones?)? (?:is|are|was|were|has|have|of|in|close[sd]?|do not|does not|did not|will|needs?|belongs?|would)\b(?! (?:i|we|you|they|my|our|the|all|ACCOUNT|CONTACT|DEAL|PERSON)\b)")
_ABOUT = re.compile(r"^(?:and |ok |so )?(?:what|how) ?(?:about|of|abt|bout)\b")
_ASKED = re.compile(r"\b(?:what|who|whom|whose|when|where|why|how|which|did|does|do|is|are|was|were|has|have|had|can|could|should|shall|will|may)\b")
ANOTHER_VERB = re.compile(r"\b(?:remind|log|draft|write|send|push|move|mark|add|create|delete|undo|confirm|cancel|help|call (?:CONTACT|PERSON|her|him|them)|email (?:CONTACT|PERSON|her|him|them)|i (?:have|had|called|met|spoke|talked))\b")
COMMANDS = re.compile(r"^(?:please |and |now |can you |could you )*(?:push|move|mark|set|close|change|delete|log|add|assign|reassign|give(?! me\b)|put|remind|draft|write|send(?! me\b)|call|email|complete|tick|commit|bump|raise|lower|drop|cut|make|switch|run)\b")
"""A verb at the head that may ask for a change of the record."""
OWN_LIST = re.compile(r"^(?:(?:show|list|give|get|pull|see)(?: me| up)? )?(?:all )?(?:(?:my|our|the team's|all the|all) (?:[a-z0-9-]+ ){0,4}?(?:deals?|opps|opportunities|tasks?|to-?dos?|accounts?|customers?|prospects?|partners?|pipeline|renewals|wins)\b|to[- ]?do list)")
"""Names what is to be listed, and whose: a request of its own."""
_NOUNS = {
    "deals": r"deals?|opps|opportunit(?:y|ies)|pipe(?:line)?|renewals?|wins", "tasks": r"tasks?|to[- ]?dos?|to do list|reminders?", "accounts": r"customers?|clients?|prospects?|partners?|accounts?",
}
_LISTED = re.compile(rf"\b(?:{_NOUNS['deals']}|{_NOUNS['tasks']}|customers|clients|prospects|partners|revenue|bookings|sales)\b")
_OTHERS: Mapping[str, re.Pattern[str]] = {
    "list_deals": re.compile(rf"\b(?:{_NOUNS['tasks']})\b"), "list_tasks": re.compile(rf"\b(?:{_NOUNS['deals']}|{_NOUNS['accounts']}|clos(?:e[sd]?|ing)|revenue|bookings|sales|won|lost|value|number of|meetings|count)\b"), "list_accounts": re.compile(rf"\b(?:{_NOUNS['deals']}|{_NOUNS['tasks']})\b"),
}
"""What other lists are of."""
_OF_ANOTHER_KIND = re.compile(r"\b(?:promis\w+|objections?|concerns?|tickets?|support cases?|timeline|history|summar(?:y|ise|ize)|recap|brief|briefing|consent|opt(?:ed)?[- ]?(?:in|out)|meddpicc|bant|qualif(?:y|ied)|competitors?|duplicates?|next (?:best )?actions?|agenda|chang(?:e|es|ed) (?:in|on|at|for|since|today|this|DATE)|target|quota|(?:pipeline|deal) changes)\b")
_TOOLS = {"tasks": "list_tasks", "people": "account_people", "last_touch": "timeline", "passages": "search_notes", "latest": "account_latest", "brief": "account_brief"}
"""The tool of a family where it is called otherwise."""
_FIGURES = re.compile(r"^(?:(?:and|so|ok|now|what|how|whats|what's|hows|how's|was|is|did|does|do|has|about|the|for|of|at|on|doing|over|same|numbers?|figures?|score|result|total|then|too|have|has|got|done|stand|standing|'s|PERSON(?:'s)?) ?)+$")
_TELLS = re.compile(r"\b(?:they|she|he|ACCOUNT|CONTACT) (?:just |really |also )?(?:wants?|wanted|said|says|asked|needs?|needed|told|agreed|signed)\b|\b\d+ ?min(?:utes)?\b")
"""Says what happened, and asks nothing."""
_BEFORE_IT = re.compile(r"(?:ACCOUNT|CONTACT|DEAL|PERSON)\b.*\b(?:it|that|this|them|there)\b")
_ORDERS = re.compile(COMMANDS.pattern + r"|[,:;] ?(?:(?:so|please|and|can you|just) )*(?:push|move|mark|set|close|change|delete|put|assign|log|add|remind|draft|write)\b")
_WHAT_IS = re.compile(r"^(?:and |so |ok )?what(?: is|'s|s)? (?:over|under|above|below|in|with|without|closing|closes|due|overdue|left|bigger|smaller|at|from|on)\b")
SAID_THERE = re.compile(r"^(?:(?:and|or|so|ok|but) )*(?:(?:did|has|have|was|is|does) )?(?:(?:it|that|this|the same|the topic|anybody|anyone|they|somebody|(?:ACCOUNT|CONTACT)(?:'s)?) )+(?:(?:come|came|brought?|bring|mention(?:ed)?|talk(?:ed)? about|raised?|discuss(?:ed)?|said|asked about|flagged|touched on) ?)(?:(?:it|that|this) )?(?:up )?(?:(?:at|with|by|for|in) (?:ACCOUNT|CONTACT)(?:'s)? ?)?(?:too|as well|also|there|either)?$")
"""Whether what was looked for was also said elsewhere."""
_NARROWS = re.compile(r"^(?:cut|narrow|drop|make|switch|change|run|keep) (?:it|that|this|them|those|the list|down|to|for|on|over)\b|^(?:drop|leave out|lose|ignore|cut(?: out)?|skip|hide|exclude|take out) (?:anything|everything|all|those|the ones|whatever|deals)(?: (?:that is|that are|which are|worth|in|with))* (?:under|below|over|above|less|more|smaller|bigger|MONEY)\b")
WHOSE = re.compile(r"\b(?:my|mine|our|ours|team|team's|reps?|everyone|everybody|anyone|all|(?<!show )(?<!give )(?<!get )(?<!tell )(?<!send )(?<!for )me|us|whole|PERSON|CONTACT)\b|PERSON")
ONE = re.compile(r"\b(?:which(?: ones?)?(?:'s| is| was)|what is|and) the (\w+est)$|^the (\w+est)(?: one)?$")
_MOST_OF_IT = 8
"""The same where every word is known to be of what was asked."""
_MOST_WORDS = 4
"""More words than these that nothing ties to the answer before are a request of their own."""
MOST_TOPIC = 3


def is_fragment(text: str, rest: Sentence, last: Made, linker: Linker, *, led: bool) -> bool:
    """Whether the words stand on their own only as a part of what was said before."""
    if re.match(r"^(?:and )?(?:what about|how about) (?:me|us|my team)$", text):
        return True
    if last.tool == "report" and _MEASURED.match(text):
        return True
    tied = led or _PLACED.match(text) is not None or _LEADS.match(text) is not None or _TRAILS.search(text) is not None
    figures = _FIGURES.match(text) is not None and rest.of("PERSON") and "owner" in last.args and last.tool in (*LISTS, "standing")
    if figures and (last.tool in ("report", "standing") or re.search(r"\b(?:have|has|got)\b", text) or tied):
        return True
    tied = tied or (len(rest.of("ACCOUNT", "CONTACT", "DEAL", "PERSON")) == 1 and _TIED_WITHIN.search(text) is not None)
    strong = led or _STRONG.search(text) is not None
    if last.tool == "search_notes" and SAID_THERE.match(text):
        return True
    if _stands_alone(text, rest, last, linker, strong=strong):
        return False
    unknown, asks = residue(text, last, linker), _ASKED.search(_ABOUT.sub("", text)) is not None
    if last.tool in LISTS and (_OF_THOSE.search(text) is not None or ((_WHICH_ARE.match(text) or _WHAT_IS.match(text)) and len(unknown) <= 1)):
        return True
    if last.tool == "search_notes" and SAID_THERE.match(text):
        return True
    if last.tool == "report" and not unknown and _COUNTED.search(text) and subject_of(text) is None:
        return True
    if not unknown:
        back = BACK.search(text) is not None and _BEFORE_IT.search(text) is None
        like_that = re.match(r"^(?:(?:and|ok|so) )*(?:what|how|where) (?:was|were|is|are|does|did|am) (?:(?:i|we|it|that|things|at|in|on|for) )*DATE\b", text) is not None
        few = not asks and len(text.split()) <= _MOST_OF_IT
        return (tied and (strong or not asks)) or like_that or back or (few and not (rest.of("ACCOUNT", "CONTACT", "DEAL") and last.tool in LISTS))
    if asks and not ONE.search(text) and not led:
        return False
    if tied:
        return len(unknown) <= (MOST_TOPIC if last.tool == "search_notes" else 1 if strong or not rest.of("ACCOUNT", "CONTACT") else 0)
    if len(text.split()) > _MOST_WORDS or len(unknown) > 1:
        return False
    of_a_report = last.tool == "report" and WHOSE.search(text) is None and _form_of_report(text) is not None
    return of_a_report or re.match(r"^(?:by|in|over|under|with|without|for|from|vs\.?|versus|per|last|this|next|since|only) ", text) is not None


def _stands_alone(text: str, rest: Sentence, last: Made, linker: Linker, *, strong: bool) -> bool:
    """Whether it is a request of its own: it orders something, tells something, or names what is to be shown. ``strong``: it says
    plainly that it goes on from the answer before."""
    record = rest.of("ACCOUNT", "CONTACT", "DEAL")
    if not strong and record and rest.of("DATE") and len(text.split()) > _MOST_WORDS:
        return True
    if last.tool == "report" and rest.of("LENGTH") and re.search(r"\b(?:stale|untouched|silence|quiet)\b", text):
        return True
    if ANOTHER_VERB.search(text) or _TELLS.search(text) or re.search(r"[?!.;] +\w", text) or re.match(r"(?:if|when|once|unless)\b", text):
        return True
    if record and (rest.of("MONEY", "EVERY") or (_ORDERS.search(text) and not COMPARES.search(text) and not _NARROWS.match(text))):
        return True
    if rest.of("DEAL") and not _OF_THOSE.search(text) and (rest.of("DATE") or _known_stage(text, linker) or set(re.findall(r"(?<![A-Z\w'])[a-z][a-z'-]*", text)) - GLUE - {"deal"}):
        return True
    if not strong and last.tool != "list_tasks" and any(mark.text.lower().startswith("due") for mark in rest.of("DATE")):
        return True
    if last.tool == "account_people" and role_said(text) is not None and not residue(text, last, linker):
        return False
    form = recognise(text)
    if form is not None and form.family in WRITES and not _NARROWS.match(text) and (record or not strong):
        return True
    other_list = _OTHERS.get(last.tool)
    if (OWN_LIST.match(text) or (other_list is not None and other_list.search(text)) or _OF_ANOTHER_KIND.search(text)) and not _OF_THOSE.search(text):
        return True
    if last.tool in ("search_notes", "account_people", "timeline") and _LISTED.search(text):
        return True
    if last.tool == "report" and not strong and _another_report(text, rest, last, linker):
        return True
    bare = re.fullmatch(r"(?:[A-Z]{3,}(?:'s)?|\W)+", text) is not None
    if form is None or strong or bare or form.family in WRITES or _TOOLS.get(form.family, form.family) == last.tool:
        return False
    return not (last.tool in LISTS and form.family in ("report", "list_deals", "standing") and not _whole(text))


def _another_report(text: str, rest: Sentence, last: Made, linker: Linker) -> bool:
    """Whether it asks for a number of something else, with all that takes, or compares two times of its own."""
    if len(rest.of("DATE")) > 1:
        return True
    subject = str(last.args.get("subject", "deals"))
    if subject != "deals" and (rest.of("MONEY") or _known_stage(text, linker)):
        return True
    named = subject_of(re.split(r"\b(?:by|per|each)\b", text)[0])
    return named not in (None, subject) and len(text.split()) > 2 and (re.search(r"\b(?:by|per|each)\b", text) is not None or bool(rest.of("DATE")))


def _whole(text: str) -> bool:
    """Whether it asks with a verb or names what is counted and by what, and so needs nothing of what was asked before."""
    return _ASKED.match(text) is not None or (_LISTED.search(text) is not None and len(text.split()) > 2)


def _known_stage(text: str, linker: Linker) -> bool:
    return any(slots.known_stage(word, linker) not in (None, "won", "lost") for word in re.findall(r"(?<![A-Z\w])[a-z][a-z-]{4,}", text))


def only_glue(text: str, last: Made, linker: Linker) -> bool:
    return not residue(text, last, linker)


def residue(text: str, last: Made, linker: Linker) -> list[str]:
    """The words that neither tie the message to the one before nor are an argument of what was asked."""
    known = GLUE | (_ABOUT_LISTS if last.tool in LISTS or last.tool in WITH_PERIOD else frozenset()) | (_ROLES if last.tool == "account_people" else frozenset())
    words = [word.removesuffix("'s") for word in re.findall(r"(?<![A-Z\w'])[a-z][a-z'-]*", text)]
    if last.tool == "account_people" and role_said(text) is not None:
        words = [word for word in words if role_said(word) is None]
    if last.tool == "report" and last.args.get("subject") == "interactions":
        words = [word for word in words if re.fullmatch(CHANNEL, word) is None and slots.channel(word) is None]
    return [word for word in words if word not in known and not (last.tool in LISTS and word in ordinary_words()) and not (last.tool in LISTS and slots.known_stage(word, linker) is not None)]


def _form_of_report(text: str) -> Form | None:
    form = recognise(text)
    return form if form is not None and form.family == "report" else None
