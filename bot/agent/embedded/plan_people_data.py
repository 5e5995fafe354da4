"""Requests about records that are there twice and about people's data: duplicates, merges, exports, erasures."""

import re

from bot.agent.embedded.grammar import Mood
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.cards import Asked

_TWICE = r"(?:twice|two times|double(?:d)?|more than once|several times|multiple times|under (?:two|several|different|2) names)"
_DUPLICATES = re.compile(
    rf"\bdup(?:e|es|ed|licat(?:es?|ed|ions?))\b|\bde-?dup\w*|\bdoublets?\b|\bdouble (?:entries|records|accounts|contacts)\b|\b(?:in|recorded|entered|there|listed|exists?|have|got|saved|stored|created|appears?|appearing|added|kept|had|on (?:file|record)) (?:\w+ ){{0,3}}{_TWICE}\b"
    r"|\bsame (?:person|contact|account|company|customer|client|people|guy)\b.*\b(?:two|several|2|multiple) (?:records?|entries|accounts?|contacts?|times|names)\b|\b(?:two|several|2|multiple) (?:records?|entries|accounts?|contacts?) (?:for|of) (?:the )?(?:same|one)\b"
)
_PEOPLE = re.compile(r"\b(?:contacts?|people|persons?|leads?)\b")
_COMPANIES = re.compile(r"\b(?:accounts?|compan(?:y|ies)|customers?|organi[sz]ations?|clients?)\b")
_MERGE = re.compile(
    r"^(?:(?:let us|we should|go ahead and) )?(?:merge|combine|unify|fold|consolidate|join) (?:together )?(?:the )?(?:two |both )?(?P<kind>accounts?|compan(?:y|ies)|contacts?|people|records?|duplicates?)? ?(?:of )?(?P<both>.+)$"
)
_SAME = re.compile(
    r"^(?P<both>.+?) (?:are|is) (?:actually |really |in fact )?(?:the same|one and the same|one|a duplicate of)(?P<of> as)?(?: (?:account|company|contact|person|record|customer|organi[sz]ation))?(?P<rest> .+)?$"
)
_KEEP_FIRST = re.compile(r"^keep (?P<keep>[^,;]+?)\s*[,;]\s*(?:and |the |so |please )*(?P<rest>.+)$")
_KEEP_LAST = re.compile(
    r"\s*(?:[,;.-]+|\band\b)\s*(?:and |so |but |please |we )*(?:(?:keep(?:ing)?|retain) (?P<keep>[^,;]+?)(?: as .+)?|(?P<stays>[^,;]+?) (?:should|must|shall|has to|is to|will|is) (?:be )?(?:the (?:one|name|record) (?:that |which |we |to )?)?(?:stays?|survives?|remains?|be kept|kept|keep|wins?|(?:the )?(?:main|master|surviving|right)(?: one| record)?)|let (?P<let>[^,;]+?) (?:be|stay|remain|survive)(?: (?:the )?(?:one|name|record|master|main one)?(?: (?:that |which |to )?(?:stays?|survives?|remains?|is kept|be kept|we keep|keep))?)?)$"
)
_NTH_STAYS = re.compile(r"\s*[,;:.-]+\s*(?:and |so |but |because )?(?:the )?(?P<nth>first|second|former|latter|last)(?: one| name| record| account| contact)? (?:is|should|must|has|stays?|survives?|remains?|wins?|to)\b.*$")
""" "…, the second one is the real record": which of the two is kept."""
_ECHO = re.compile(r"\s*[,;.-]+\s*(?:and |so |please |then |just )*(?:merge|combine|unify|fold|consolidate|join|put|bring) (?:them|the two|both|those|these|it)(?: together| up| please| into one)*$")
_COPY = re.compile(r"^(?:(?:the )?(?:record|account|contact|company|entry|one|other one) )?(?P<other>.+?) is (?:just |only |really )?(?:a |the )?(?:duplicate|dupe|copy|double)(?: (?:of|to|for) (?:it|that|this|them))?$")
_INTO, _BESIDE = re.compile(r" (?:in)?to "), re.compile(r" (?:and|with|&) ")
_EXPORT = re.compile(
    r"\b(?:export|download|extract|dump|hand over)\b.*?\b(?:everything|all)\b.*?\b(?:about|on|of|for)\b (?P<who>.+)$"
    r"|^(?:give|send|get|show) (?:me|us|her|him|them) (?:everything|all)\b.*?\b(?:data|information|records?|held|hold|stored?|have|keep)\b.*?\b(?:about|on|of|for)\b (?P<who5>.+)$"
    r"|^(?:export|download) (?:the |all )?(?:personal )?(?:data|records?|information) (?:about|on|of|for) (?P<who2>.+)$"
    r"|^export (?P<who3>CONTACT(?:'s)?)(?: (?:personal )?(?:data|record))?$"
    r"|^(?P<who6>CONTACT|she|he) (?:just |has |also )*(?:wants?|wanted|asks?|asked|requests?|requested|would like|demands?|demanded|needs?)\b.*\b(?:copy|file|export|overview|extract|all|everything|what|data|information)\b.*\b(?:we (?:have |'ve )?(?:have|hold|store|stored|keep|kept|know|got)|personal data|(?:on|about) (?:them|him|her))\b"
    r"|\b(?:data subject|subject|data) access request\b.*?\b(?:from|of|for|by|about)\b (?P<who4>.+)$"
)
_ERASE = re.compile(
    r"^(?:gdpr )?(?:erase|purge|wipe|forget|anonymi[sz]e)(?: (?:all|everything|every trace|the|any|personal|data|information|details|traces?|of|about|on|that we have|we (?:have|hold|know)))* (?P<who>CONTACT\b.*|ADDRESS|(?!(?:about|it|that|this|me|him|her|them|what|the) )(?!.*\b(?:tasks?|to-?dos?|reminders?|deals?|pipeline|notes?|accounts?|everything|cases?)\b)[a-z][\w'.-]+ [a-z][\w'.-]+)$"
    r"|^(?:delete|remove) (?:all |every |the )*(?:personal )?(?:data|information|details|traces?) (?:that )?(?:we (?:have|hold) )?(?:about|on|of|from|for) (?P<who2>.+)$"
    r"|\b(?:right )?to be forgotten (?:request|demand)?\b.*?\b(?:for|by|from|of)\b (?P<who3>.+)$|^(?P<who4>CONTACT) (?:wants|asked|would like|has asked) (?:us )?to be (?:forgotten|erased|deleted)\b"
)
_DATA = re.compile(r"'s? (?:personal )?(?:data|record|details|information)$|'s?$")


_PRIVACY = re.compile(r"\b(?:gdpr|dsar|dsr|sar|dpo|ccpa|subject access|data subject|access request|(?:data )?privacy|article (?:15|20)|art\.? ?(?:15|20)|data protection|personal data|right of access|personal information)\b")
_HANDED_OUT = re.compile(r"\b(?:export(?:s|ed|ing)?|file|dump|extract|copy|copies|disclosures?|disclose|report|package|bundle|pull|download|hand over|prepare|produce|compile|send|print-?out|access request|sar|dsar|all (?:the |their |his |her )?(?:personal )?data|everything (?:we|that we|you))\b")
_NOT_HANDED_OUT = re.compile(r"\b(?:delet\w+|eras\w+|forgotten|forget|wip\w+|purg\w+|anonymi[sz]\w+|remov\w+|newsletters?|marketing|consent\w*|opt\w*|unsubscri\w+|remind|task|todo|log|note|concern(?:s|ed)?|worried|policy|policies)\b")


def _asked_out(sentence: Sentence, text: str, linker: Linker) -> str | None:
    """Whose data are to be handed out, in whatever words of privacy."""
    if not (_PRIVACY.search(text) and _HANDED_OUT.search(text)) or _NOT_HANDED_OUT.search(text):
        return None
    named = sentence.of("CONTACT")
    return _person(sentence, linker) if len(named) == 1 else None


def _person(sentence: Sentence, linker: Linker) -> str | None:
    """The contact of a stretch that names one; words as typed where several are called so."""
    named = linker.contacts(sentence)
    return named[0].value if named else None


def made(sentence: Sentence, mood: Mood, linker: Linker) -> Plan | None:
    """The plan of such a request; None for any other."""
    text = sentence.masked.rstrip(" .!?").removesuffix(" please")
    if mood in ("conditional", "negated"):
        return None
    if mood == "command":
        erased, merged = _who(_ERASE, sentence, text, linker), _merge(sentence, text)
        if erased is not None:
            return _planned("erase_person", {"contact": erased}, "erase")
        if merged is not None:
            return merged
    if _DUPLICATES.search(text):
        return _duplicates(sentence, text, linker)
    exported = _who(_EXPORT, sentence, text, linker) if re.search(r"CONTACT|ADDRESS|request", text) else None
    exported = exported or _asked_out(sentence, text, linker)
    return _planned("export_person", {"contact": exported}, "export") if exported is not None else None


def of_family(family: str, sentence: Sentence, mood: Mood, linker: Linker) -> Plan | None:
    """The plan of a request that is of ``family`` by all that is known, whether or not its words are those above."""
    usual = made(sentence, mood, linker)
    if usual is not None and usual.reason == family:
        return usual
    if family == "duplicates" or (family == "merge" and len(sentence.of("ACCOUNT", "CONTACT")) == 1):
        return _duplicates(sentence, sentence.masked, linker)
    if family == "merge":
        return _both(sentence)
    contact = linker.contact(sentence)
    tool = "erase_person" if family == "erase" else "export_person"
    if contact is None:
        question = Asked(text="Whose data? Name the person.")
        return Plan(question=question, waiting=Call(tool, {}), missing="contact", reason=family)
    return _planned(tool, {"contact": contact.value}, family)


def _both(sentence: Sentence) -> Plan:
    """Two records named in whatever words: the one after "into" is kept, else the first."""
    for kind in ("ACCOUNT", "CONTACT"):
        marks = [mark for mark in sentence.marks if mark.kind == kind]
        if len(marks) == 2 and marks[0].text.lower() != marks[1].text.lower() and all(mark.mention is not None for mark in marks):
            into = re.search(r"\b(?:in)?to (?:the )?$", sentence.masked[: marks[1].start])
            keep, other = (marks[1], marks[0]) if into else (marks[0], marks[1])
            return _planned("merge_records", {"keep": keep.text, "other": other.text, "kind": kind.lower()}, "merge")
    return Plan(question=Asked(text=_WHICH_TWO), reason="merge")


_WHICH_TWO = "Which two shall become one? Name both, such as “merge Acme Inc into Acme”."


def _planned(tool: str, args: dict[str, object], reason: str) -> Plan:
    return Plan(calls=(Call(tool, args),), confidence=0.95, reason=reason)


def _duplicates(sentence: Sentence, text: str, linker: Linker) -> Plan:
    args: dict[str, object] = {}
    people, companies = _PEOPLE.search(text), _COMPANIES.search(text)
    if bool(people) != bool(companies):
        args["kind"] = "contact" if people else "account"
    named = sentence.of("ACCOUNT", "CONTACT")
    if named:
        args |= {"about": named[0].text, "kind": "contact" if named[0].kind == "CONTACT" else "account"}
    return _planned("find_duplicates", args, "duplicates")


def _merge(sentence: Sentence, text: str) -> Plan | None:
    """The merge that is said, with which record is to stay where that is said beside it."""
    nth = _NTH_STAYS.search(text)
    if nth is not None:
        made = _merge(sentence.cut(0, nth.start()), text[: nth.start()])
        if made is None or not made.calls:
            return made
        names = sorted((str(made.calls[0].args[key]) for key in ("keep", "other")), key=lambda name: sentence.text.casefold().find(name.casefold()))
        keeps = names[0] if nth.group("nth") in ("first", "former") else names[1]
        other = names[1] if keeps == names[0] else names[0]
        return _planned("merge_records", {**made.calls[0].args, "keep": keeps, "other": other}, "merge")
    keep: str | None = None
    for pattern in (_KEEP_FIRST, _ECHO, _KEEP_LAST, _ECHO):
        found = pattern.search(text)
        if found is None or (pattern is _KEEP_LAST and keep is not None):
            continue
        if pattern is not _ECHO:
            group = next(name for name in ("keep", "stays", "let") if found.groupdict().get(name))
            keep = sentence.verbatim(*found.span(group)).strip(' ."“”')
        sentence = sentence.cut(found.start("rest")) if pattern is _KEEP_FIRST else sentence.cut(0, found.start())
        text = sentence.masked.rstrip(" .!?")
    copy = _COPY.match(text) if keep is not None else None
    if copy is not None and keep is not None:
        return _planned("merge_records", {"keep": keep, "other": sentence.verbatim(*copy.span("other"))}, "merge")
    made = _merged(sentence, text, known=keep is not None)
    if made is None or keep is None or not made.calls:
        return made
    args = dict(made.calls[0].args)
    if keep.casefold() == str(args["other"]).casefold():
        args["keep"], args["other"] = args["other"], args["keep"]
    return _planned("merge_records", args, "merge") if keep.casefold() == str(args["keep"]).casefold() else Plan(question=Asked(text=_WHICH_TWO), reason="merge")


def _merged(sentence: Sentence, text: str, *, known: bool = False) -> Plan | None:
    """``known``: it was said beside it which one is to stay, so the two may be names that nothing has."""
    asked = _MERGE.match(text)
    found = asked or _SAME.match(text)
    if found is None or (asked is None and not known and not sentence.of("ACCOUNT", "CONTACT")):
        return None
    start, stop = found.span("both")
    if asked is None and found.group("rest"):
        stop = found.end("rest")
    both = sentence.masked[start:stop]
    into = _INTO.search(both)
    cut = into or _BESIDE.search(both) or (re.search(r" (?:are|is) .*?(?: of| as) ", both) if asked is None else None)
    if cut is None:
        if asked is None:
            return None
        return Plan(question=Asked(text=_WHICH_TWO), reason="merge")
    first, second = (
        sentence.verbatim(at, to).strip(' ."“”') for at, to in ((start, start + cut.start()), (start + cut.end(), stop))
    )
    keep, other = (second, first) if into else (first, second)
    args: dict[str, object] = {"keep": keep, "other": other}
    kind = (asked.group("kind") if asked else None) or ""
    if kind.startswith(("contact", "people")):
        args["kind"] = "contact"
    return _planned("merge_records", args, "merge")


def _who(pattern: re.Pattern[str], sentence: Sentence, text: str, linker: Linker) -> str | None:
    found = pattern.search(text)
    if found is None:
        return None
    group = next((name for name, value in found.groupdict().items() if value), None)
    if group is None:
        return None
    start, stop = found.span(group)
    said = sentence.masked[start:stop]
    if said in ("her", "him", "them", "that person", "this person", "this contact"):
        talked = linker.talked_about("contact")
        return talked.value if talked is not None else None
    if "CONTACT" not in said and "ADDRESS" not in said and re.search(r"\b(?:ACCOUNT|DEAL|DATE|deals?|accounts?)\b", said):
        return None
    return _person(sentence.cut(start, stop), linker) or _DATA.sub("", sentence.verbatim(start, stop).strip(' ."“”'))
