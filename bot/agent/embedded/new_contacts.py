"""A new contact out of a statement: "met Lena Forster, new CFO at Meridian, add her", "new contact under Meridian, name …, title …"."""

import re
from dataclasses import dataclass

from bot.agent.embedded.job_titles import TITLES
from bot.agent.embedded.sentence import Sentence

_KEYED = re.compile(
    r"\b(?:(?P<name>(?:full )?names?(?: is|:)?|named|called|by the name of|goes by)|(?P<title>(?:job )?titles?(?: is|:)?|positions?(?: is|:)?|roles?(?: is|:)?|works as|working as|works there as))\s+"
    r"(?!(?:is|as|to|in|on|at|for|a|the)\b)([a-z][\w'. &/-]*?)(?=\s*(?:[,;:()]|\s-\s|\.\s|$|ADDRESS|ACCOUNT|\b(?:at|from|and|please|with|who|as|is|email|phone|mobile|title|role|position|add|save|create|put|name|of|in|under|for|to)\b))"
)
_JOB = re.compile(
    r"\b(?:head|chief|director|manager|officer|president|vp|svp|evp|lead|leader|engineer|buyer|controller|assistant|coordinator|analyst|architect|specialist|consultant|supervisor|owner|partner|founder|secretary|counsel|"
    r"c[efotimsrd]o|ciso|cpo|purchaser|planner|administrator|admin|executive|principal|chair(?:man|woman|person)?|doctor|nurse|accountant|developer|scientist|technician|operator|foreman|dean|teacher)s?\b"
)
_NEW_JOB = re.compile(r"\b(?:(?:new|the|their|our|as|is|a|an)\s+)+([a-z][a-z &/-]{1,40}?)(?=\s*(?:[,;:()]|\s-\s|$|\bof (?:the )?ACCOUNT|\b(?:at|from|for|in|called|named|there|over|over there)\b|ACCOUNT|ADDRESS))")
_STARTS = frozenset(
    ["add", "save", "create", "make", "put", "enter", "register", "new", "met", "please", "there", "kindly", "spoke", "talked", "got", "hired", "we", "they", "he", "she", "her", "him", "i", "a", "an", "the", "for", "at", "as", "contact", "person", "somebody", "someone", "account", "her", "him", "them", "also", "can", "could", "log", "note", "fyi", "head", "chief", "director", "manager", "vp", "cfo", "ceo", "cto", "coo", "cio", "it", "hr", "is", "has", "email", "phone", "mobile", "title", "role", "name", "position", "this", "that", "their", "our", "my", "under", "from", "with", "to", "of", "in", "on"]
)


@dataclass(frozen=True)
class Stated:
    """The name and the job title that a statement gives, as they were typed; each None where it gives none."""

    name: str | None
    title: str | None


def stated(sentence: Sentence) -> Stated:
    """What a statement says of somebody the record does not have."""
    name = title = None
    for match in _KEYED.finditer(sentence.masked):
        said = sentence.verbatim(match.start(3), match.end(3)).strip(" .,:;")
        if match.group("name") and name is None:
            name = said
        elif match.group("title") and title is None:
            title = said
    name = name or _capitals(sentence)
    if title is None:
        jobs = [match for match in _NEW_JOB.finditer(sentence.masked) if _is_job(match.group(1))]
        title = sentence.verbatim(jobs[0].start(1), jobs[0].end(1)) if jobs else None
    if title is None:
        for match in re.finditer(r"(?:^|[,(]|\s-\s)\s*(?:(?:the|their|a|an|new) )*([a-z][a-z &/-]{1,40}?)(?=\s*(?:[,;)]|\s-\s|\.\s|$|\bof (?:the )?ACCOUNT|\b(?:at|from|for|in)\b|ACCOUNT|ADDRESS))", sentence.masked):
            if _is_job(match.group(1)):
                title = sentence.verbatim(match.start(1), match.end(1))
                break
    return Stated(name, title)


def _is_job(words: str) -> bool:
    return words in TITLES or _JOB.search(words) is not None


def _capitals(sentence: Sentence) -> str | None:
    """Two to four words in capitals that stand together outside of every mark."""
    run: list[re.Match[str]] = []
    for word in [*re.finditer(r"[A-Z]{3,}|[a-z][\w'.-]*", sentence.masked), None]:
        typed = sentence.verbatim(word.start(), word.end()) if word is not None else ""
        part = word is not None and word.group() in ("CONTACT", "PERSON") and " " not in typed  # "Brandt" of "Lea Brandt", whom nobody knows
        fits = word is not None and (part or not word.group().isupper()) and typed[:1].isupper() and word.group() not in _STARTS and not _is_job(word.group())
        joined = fits and word is not None and (not run or sentence.masked[run[-1].end() : word.start()] == " ")
        if joined and word is not None:
            run.append(word)
            continue
        if 2 <= len(run) <= 4:
            return sentence.verbatim(run[0].start(), run[-1].end())
        run = [word] if fits and word is not None else []
    return None
