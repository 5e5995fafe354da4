"""What happened, as the person wrote it, into ``log_interaction``; what is still to do, into its task and next step."""

import re
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.entry_days import bare_weekday, just_past, when
from bot.agent.embedded.grammar import CHANNEL, PAST_TALK
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.log_channels import entry_channel, stated_channel
from bot.agent.embedded.log_heads import VERB, by_channel, head_of
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked
from crm_store.people import Caller

_NEXT = re.compile(
    r"(?:^|[,.;\n]\s*(?:and |so |then )*|\s+(?:and|so|then)\s+|\s-\s|(?<!the)(?<! no)(?<! a)(?<!our)(?<!their)(?<!about)(?<!as)\s+(?=next steps?\b(?! (?:is|are|was) (?:clear|unclear|open))))(next steps?(?: is| are)?|next)\s*(?::|-|=|is|are|will be)?\s+(?=\w)"
)
_NOT_A_STEP = re.compile(r"(?:week|month|quarter|year|time|one|round|phase)\b")
_FOLLOW = re.compile(
    r"(?:^|[,.;\n]\s*(?:and |so |then |also |i |we |i will |i need to |need to |will |must |to |please )*|\s+(?:and|so|then)\s+(?:i will |i need to |need to |will |i )?|\s-\s(?:will )?|(?<! to)(?<!us)(?<!them)(?<!her)(?<!him)(?<! a)(?<!the)(?<!will)(?<!would)(?<!should)\s+(?=follow[- ]?up (?:\w+ ){0,3}?DATE\s*$))"
    r"(follow(?:ing)?[- ]?up|check(?:ing)? (?:in|back)|circle back|touch base|call (?:her|him|them|back)|ping (?:her|him|them)|chase(?: (?:her|him|them))?|get back to (?:her|him|them)|send (?:her|him|them)|remind me|todo|to-do|task)\b"
)
_NEED = re.compile(
    r"(?:(?:^|[.;\n]\s*)(?:and |so |also |i |we |i still |i also )*(?:need|have|must|got) (?:to )?|(?:[,.;\n]\s*(?:and |so |also )*|\s+(?:and|so)\s+)(?:i|we) (?:still |also |now |just )*(?:need to|have to|must|got to|should|am to|are to) |(?:^|[,.;\n])\s*(?:and |so |then |please )*(?=(?:rebook|reschedule|try|chase|ping) |(?:book|send|call|ring|email|text|get|show) (?:her|him|them|it) ))(?:remember to )?"
    r"((?:rebook|reschedule|chase|ping|try(?: (?:CONTACT|her|him|them))? again|call|ring|phone|email|text|send|write|prepare|prep|review|check|book|get|ask|finish|draft|arrange|schedule|set up|put together|talk|speak|confirm|find out|sort|fix|update|share|forward|order|look into|work out|clarify|discuss|bring|reply|answer|invite|meet|visit)\b[^.;\n]*?\b(?:DATE|LENGTH)(?: DATE)?(?: if [^.;\n]*)?)\s*[.!]*\s*$"
)
"""What we have to do ourselves by some day, said at the end of what happened."""
_OUTCOMES = (
    ("left voicemail", r"\b(?:voicemail|left (?:a |him a |her a )?message)\b"), ("no answer", r"\b(?:no answer|did not (?:answer|pick up)|(?:no one|nobody) (?:answer(?:s|ed|ing)?|pick(?:s|ed|ing) up|home|there)|no reply|unanswered|could not reach|no pick ?up|not reached)\b"),
    ("no show", r"\b(?:no[- ]show|did not show(?: up)?|stood (?:me|us) up)\b"), ("cancelled", r"\b(?:cancell?ed|called it off)\b"),
)  # fmt: skip
_INBOUND = re.compile(
    r"^(?:(?:(?:the |our )?(?:customer|client|prospect) )?(?:CONTACT|ACCOUNT|she|he|they) (?:just )?(?:sent (?:me|us)|dropped (?:me|us)|wrote (?:me|us)|asks|called|emailed|messaged|texted|wrote|replied|phoned|rang|responded|got back|pinged|said|says|told|wants?|asked|confirmed|mentioned|needs|agreed|reached out|contacted|got in touch|thinks|believes|feels|suggests|suggested|insists|expects|prefers|proposes|proposed|recommends|recommended|complained|complains|hinted)|(?:i |we |just )*(?:got(?! off| out| back(?! from)| done| through| to\b| round| word)(?! (?:CONTACT|ACCOUNT|her|him|them) on\b)|heard|received|missed)|(?:log |record )?(?:an? |the )?(?:inbound|incoming))|^(?:log |record |note |got )?(?:an? |the )?(?:\w+ )?(?:call|email|message|mail|voicemail|note|text|sms|letter|whatsapp|dm)(?: (?:has |have |just )*(?:came|come|arrived|landed|received)(?: in| back| through)?)? from\b"
)


_SAID_TO_US = re.compile(r"(?:CONTACT|ACCOUNT) (?:has |have |just |also )*(?:asked|asks|told|requested|requests) (?:us|me|for|that|to)\b|(?:CONTACT|ACCOUNT) (?:has |have |just |also )*(?:said|says|thinks|insists|suggested|suggests) (?:we|to us|to me)\b|(?:CONTACT|ACCOUNT) wants (?:us|me) to\b")
_TO_DO = re.compile(r"(?:to |please |need |must |should |remember|prepare|prep|bring|discuss|talk about|go over|cover|agenda|ask|show|present|confirm|send|check|remind|with\b|at\b|about\b|re\b)")


def planned(sentence: Sentence, today: date) -> bool:
    """Whether what sounds like a meeting held is one still to come ("call with CONTACT tomorrow")."""
    if re.match(rf"^(?:{VERB}|i |we |{PAST_TALK})\b", sentence.masked) or not re.match(
        rf"^(?:{CHANNEL})\b", sentence.masked
    ):
        return False
    body = head_of(sentence).body
    if re.match(r"[\s:,;-]*(?:(?:we|they|she|he|i|CONTACT) )?(?:[a-z]+ed|went|spoke|met|got|gave|told|said|was|were|had|saw|showed)\b", sentence.masked[body:]):
        return False
    head = sentence.cut(0, body)
    rest = sentence.masked[body:]
    if re.match(r"[\s]*[,:;-]", sentence.masked[max(0, body - 2) :]) and re.search(r"\w", rest) and not _TO_DO.match(rest.strip(" ,:;-")) and bare_weekday(head):
        return False
    first = next((mark for mark in head.of("DATE") if mark.time is not None and mark.time.start is not None), None)
    if first is None or first.time is None or first.time.start is None or slots.day_of(first.time.start) <= today:
        return False
    return just_past(first, today) is None or not re.search(r"\w", rest)


_ENTRY = re.compile(
    r"^log an? (?:inbound )?(?:call|meeting|email|chat|note|event|linkedin message) (?:with|on|to) \S.*?: |^(?:i |we )?(?:have |just |already )*(?:called|phoned|rang|emailed|messaged|texted|visited|met|pinged|spoke (?:to|with)|talked (?:to|with)) (?:CONTACT|her|him|them|ACCOUNT)\b"
)


def told(text: str) -> bool:
    """Whether a masked command tells of a talk in words that tell nothing else."""
    return _ENTRY.match(text) is not None and not text.endswith("?")


_NOTES_ON = re.compile(rf"^(?:(?:quick|short|my|some|the|add|log|a) )*notes? (?:on|from|about|for|of) (?:my|the|our|a|this|DATE(?:'s)?|that) (?={CHANNEL}s? (?:with|at|from)\b)")
_NAME_FIRST = re.compile(r"^(?:the |our )?(ACCOUNT|CONTACT|DEAL)(?:'s)? (note|memo|call|meeting|visit|demo|workshop)(?: DATE)?\s*(?::|\s-)\s*(?=\w)")
_SUBJECT = re.compile(r"\s+(?!(?:they|she|he|we|i|it|the|a|an|no|that|about|re|on|at|with|from|and|to|for|in|by|said|who)\b)[a-z]+")
_THAT_WE = re.compile(rf"^{VERB}(?: down)? that (?=(?:i|we) (?:have |just )*{PAST_TALK}\b)")


def log(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    told = _THAT_WE.match(sentence.masked)
    told = told or _NOTES_ON.match(sentence.masked)
    sentence = sentence.cut(told.end()) if told is not None else sentence
    of = _NAME_FIRST.match(sentence.masked)
    if of is not None:
        whose = sentence.cut(*of.span(1)).preceded_by(f"{of.group(2)} with")
        sentence = whose.followed_by(sentence.cut(of.end()).preceded_by(":"))
    text = sentence.masked
    parts = head_of(sentence)
    head = sentence.cut(0, parts.body)
    whole_statement = not by_channel(text) and bool(
        re.match(r"^(?:(?:the |our )?(?:customer|client|prospect) )?(?:CONTACT|ACCOUNT|she|he|they)\b|^(?:i |we |i have |we have |just |PERSON )*(?:sent|shared|delivered|presented)\b(?! (?:CONTACT|her|him|them)\b)", text)
    )
    args: Args = {"channel": stated_channel(text) if whole_statement or by_channel(text) else entry_channel(head.masked, text)}
    _put_who(args, sentence, head, linker)
    if _INBOUND.match(text):
        args["direction"] = "inbound"
    at = when(head, today)
    if at is not None:
        args["at"] = at
    for mark in head.of("LENGTH"):
        args["duration_minutes"] = max(
            1, (mark.time.length.total_seconds if mark.time and mark.time.length else 60) // 60
        )
    body = 0 if whole_statement else parts.body
    if parts.marks and re.match(r"\s*(?:is|are|was|were|has|have|will|might|may)\b", text[body:]):
        body = parts.marks[-1].start  # who it is about is the subject of what was said
    elif parts.marks and _SUBJECT.match(text, parts.marks[-1].end) and re.search(r"(?::|\bthat|\bfyi)\s*(?:the |our )?$", text[: parts.marks[-1].start]):
        body = parts.marks[-1].start
    end = _put_after(args, sentence, body, linker)
    told_of = sentence if body >= end else _without_frame(args, sentence, body, end, today)
    said = told_of.verbatim(body, None if told_of is not sentence else end).strip(" ,;:-\n") if body < end else ""
    if re.fullmatch(r'"[^"]+"', said):
        said = said.strip('"')
    if re.fullmatch(r"\([^()]+\)", said):
        said = said[1:-1]
    if args["channel"] == "note" and not parts.marks and _SAID_TO_US.match(text[body:].lstrip(" ,:;-")):
        args["direction"] = "inbound"
    outcome = next((name for name, pattern in _OUTCOMES if re.search(pattern, text)), None)
    if outcome is not None and args["channel"] in ("call", "meeting"):
        args["outcome"] = outcome
    if not said and not {"contacts", "account", "deal"} & set(args):
        return Plan(question=Asked(text="Whom was it with, and what was said?"), waiting=Call("log_interaction", args), missing="contacts")
    if args["channel"] == "note" and not said:
        return Plan(
            say="What shall the note say? For example: “note on Meridian: the budget is frozen until March”.",
            understood=True,
        )
    args["text"] = said
    return Call("log_interaction", args)


_PLACED = re.compile(r"\b(?:at|in|near|outside) (?:the |their |his |her )$")
""" "At the showroom" is a place and no deal."""
_LASTED = re.compile(r"\s*[,;.]\s*(?:(?:it |which )?(?:took|lasted|was) )?(?:about |around |roughly )?LENGTH(?:\s+(?:long|in total|total|or so))?(?=\s*(?:[,;.]|$))")
_OTHERS = re.compile(r"\b(?:they|she|he|it|we|CONTACT|ACCOUNT|is|are|was|were|will|would|has|have|had|wants?|needs?|signed|signs?|until|till|by|since|from|before|after|due|[a-z]+ing)\b")


_TOLD_FIRST = re.compile(rf"^(?:i |we |just |have |finally |also )*{PAST_TALK}\b")


def _without_frame(args: Args, sentence: Sentence, body: int, end: int, today: date) -> Sentence:
    """The entry up to ``end`` without what stands behind its first words though it says when or how long: "sent the contract this
    morning, …", "went well, 45 min"."""
    rest = sentence.cut(0, end)
    shift = sentence.masked.index(rest.masked) if rest.masked else 0
    if shift:
        return sentence
    lasted = _LASTED.search(rest.masked, body)
    if lasted is not None and "duration_minutes" not in args:
        mark = next(one for one in rest.of("LENGTH") if lasted.start() <= one.start < lasted.end())
        args["duration_minutes"] = max(1, (mark.time.length.total_seconds if mark.time and mark.time.length else 60) // 60)
        rest = _left_out(rest, lasted.start(), lasted.end())
    stop = re.compile(r"[,:;.](?:\s|$)|\s-\s|$").search(rest.masked, body)
    mark_last = next((one for one in rest.of("DATE") if stop is not None and body < one.start and one.end == stop.start()), None)
    same_clause = _TOLD_FIRST.match(rest.masked) is not None and not re.search(r"[,:;.-]\s*$", rest.masked[:body])
    if "at" not in args and same_clause and mark_last is not None and not re.match(r"(?i)(?:after|before|by|until|till|since|from)\b", mark_last.text) and not _OTHERS.search(rest.masked[body : mark_last.start]) and mark_last.time is not None and mark_last.time.start is not None and slots.day_of(mark_last.time.start) <= today:
        at = when(rest.cut(mark_last.start, mark_last.end), today)
        if at is not None:
            args["at"] = at
            rest = _left_out(rest, mark_last.start, mark_last.end)
    return rest if rest.masked != sentence.masked[:end] else sentence


def _left_out(sentence: Sentence, start: int, end: int) -> Sentence:
    """The sentence without a stretch of it; what is left keeps its places before the stretch."""
    return sentence.cut(0, start).followed_by(sentence.cut(end))


def _put_who(args: Args, sentence: Sentence, head: Sentence, linker: Linker) -> None:
    contacts: list[Ref] = []
    for place in (head, sentence):
        contacts = [ref for ref in linker.contacts(place) if ref.mark is not None]
        if place is head and not contacts and head.of("ACCOUNT", "DEAL"):
            rest = sentence.masked[len(head.masked) :].lstrip(" ,:;-")
            speaker = [ref for ref in linker.contacts(sentence) if ref.mark is not None][:1]
            if re.match(r"CONTACT\b", rest):
                contacts = speaker
        if place is sentence and contacts:
            contacts = contacts[:1] if not head.of("ACCOUNT", "DEAL") else []
        if contacts or head.of("ACCOUNT", "DEAL"):
            break
    if not contacts and re.search(r"\b(?:her|him|she|he)\b", head.masked or sentence.masked[:40]):
        pronoun = linker.talked_about("contact")
        contacts = [pronoun] if pronoun is not None else []
    if not contacts and re.search(r"\bthem\b", head.masked) and not head.of("ACCOUNT"):
        talked = linker.talked_about("account")
        if talked is not None:
            args["account"] = talked.value
    titled = linker.by_title(head) if not contacts else None
    if titled is not None and titled.name is not None:
        contacts = [titled]
    if contacts:
        args["contacts"] = list(dict.fromkeys(ref.value for ref in contacts))
    accounts = linker.accounts(head) or ([] if contacts else linker.accounts(sentence))
    if accounts:
        args["account"] = accounts[0].value
    deals = [ref for ref in linker.deals(head) if ref.mark is None or not (_PLACED.search(head.masked[: ref.mark.start]) and ref.mark.text.islower())]
    worded = re.search(r"\b(?:the|that|this|our) (?:[a-z]+ ){0,2}(?:deal|renewal|pilot|expansion)\b", head.masked)
    if deals:
        args["deal"] = deals[0].value
    elif worded is not None:
        deal = linker.deal(head)
        if deal is not None:
            args["deal"] = deal.value
    if not args.get("contacts") and not args.get("account") and not args.get("deal"):
        typed = _typed_who(sentence)
        if typed is not None:
            args["contacts"] = [typed]
            return
        talked = linker.talked_about("account")
        if talked is not None:
            args["account"] = talked.value
    elif not contacts:
        typed = _typed_who(head)
        if typed is not None:
            args["contacts"] = [typed]


def _typed_who(sentence: Sentence) -> str | None:
    """A name nobody knows, after "with" or "from", as typed."""
    match = re.search(
        r"\b(?:with|from|(?:spoke|talked|wrote|chatted|emailed|call|email|message|sent|demo|presented) to|called|met|emailed)\s+((?!her\b|him\b|them\b|the\b|a\b|an\b|our\b|my\b|their\b|me\b|us\b)[a-z][\w'&.-]*(?: (?!about|at|on|re|regarding|and|to|who|she|he|they|wants|said|says|is|was|from|today|yesterday|for|in|needs|asked)[a-z][\w'&.-]*)?)",
        sentence.masked,
    )
    if match is None:
        return None
    words = sentence.verbatim(match.start(1), match.end(1)).strip(" ,:;.")
    capitals = " ".join(word for word in words.split() if word[:1].isupper())
    return capitals or (words.split()[0] if words and not slots.channel(words) else None)


def _put_after(args: Args, sentence: Sentence, body: int, linker: Linker) -> int:
    """Take next step and follow-up from the end of the note; returns where what was said ends."""
    said = sentence.masked[body:]
    end = len(said)
    step = next((match for match in _NEXT.finditer(said) if not _NOT_A_STEP.match(said, match.end())), None)
    follow = next((match for match in _FOLLOW.finditer(said) if _addressed(said, match)), None) or next((match for match in _NEED.finditer(said) if not re.search(r"\?\s*$", said)), None)
    if follow is not None and step is not None and step.end() <= follow.start(1) <= step.end() + 3:
        follow = None
    if step is not None:
        stop = follow.start() if follow is not None and follow.start() > step.start() else len(said)
        piece = sentence.cut(body + step.end(), body + stop)
        args["next_step"] = slots.capitalised(slots.without_times(piece)) or slots.capitalised(piece.text)
        when = slots.due(piece)
        if when is not None:
            args["next_step_due"] = when.isoformat()
        end = min(end, step.start())
    if follow is not None:
        stop = step.start() if step is not None and step.start() > follow.start() else len(said)
        piece = sentence.cut(body + follow.start(1), body + stop)
        when = slots.due(piece)
        args["task"] = _task_title(piece, args, linker)
        if when is not None:
            args["task_due"] = when.isoformat()
        end = min(end, follow.start())
    return body + end


def _addressed(text: str, match: re.Match[str]) -> bool:
    """Whether a follow-up is ours to do and not part of what they said ("she asked us to follow up")."""
    before = text[: match.start(1)].rstrip()
    return not re.search(
        r"\b(?:asked|wants?|told|said)(?: \w+){0,3}(?: to)?$|\b(?:they|she|he|CONTACT) (?:will|would|wants? to|is going to|promised to|are going to)$",
        before,
    )


def _task_title(piece: Sentence, args: Args, linker: Linker) -> str:
    title = slots.without_times(piece)
    title = re.sub(r"^(?:todo|to-do|task|remind me(?: to)?)\s*:?\s*", "", title, flags=re.IGNORECASE).strip(" ,.;:-")
    title = re.sub(r"^(?:(?:following|follow)[- ]?up|f/?u\b|f'up\b)", "Follow up", title, flags=re.IGNORECASE)
    if not title:
        title = "Follow up"
    ids = args.get("contacts")
    contacts = [
        name.text for id in (ids if isinstance(ids, list) else []) if (name := linker.names.get(id)) is not None
    ]
    bare = re.match(r"(?i)(follow up|check (?:in|back)|circle back|touch base|catch up)(?= if\b|$)", title)
    alone = re.fullmatch(r"(?i)(?:chase|ping|call|ring|phone|email|text|message|rebook)", title)
    if bare is not None and contacts:
        title = f"{bare.group()} with {contacts[0]}{title[bare.end() :]}"
    elif alone is not None and contacts:
        title = f"{title} {contacts[0]}"
    return slots.capitalised(title)
