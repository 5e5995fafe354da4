"""A message as it was typed -> plain words to read, with a way back to the words of the person.

Two steps. Cleaning takes out what Slack and keyboards put in (marked-up links, entities, curly quotes, emoji); what is
left is what a note may quote. Normalising then mends misspelt command words, spells out contractions and shop-talk
abbreviations; each character of the result knows where it came from.
"""

import functools
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.agent.embedded.verbs import infinitive
from bot.agent.embedded.vocabulary import is_word

_LINK = re.compile(r"<(?:mailto:|tel:)?([^<>|\s]+)(?:\|([^<>]*))?>")
_SHORT_DAYS = {"wed": "wednesday", "sat": "saturday", "sun": "sunday", "mon": "monday"}
_DAY_BESIDE = re.compile(
    r"\b(?:up|on|by|till|until|next|this|last|call|back|her|him|them|due|for|since|before|from|me)\s+$", re.IGNORECASE
)
_EMOTICON = re.compile(r"(?<!\S)[:;=]['’]?-?[()DPpO/\\|](?!\S)")
_EMOJI = re.compile(r":[a-z][a-z0-9_+\-]*:(?::skin-tone-\d:)?|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+")
_BETWEEN = re.compile(rf"(?<=[a-z0-9]) (?:{_EMOTICON.pattern}|{_EMOJI.pattern})+ (?=[A-Za-z])")
"""A smiley between two words ends what stands before it, as a dash would."""
_THANKS_LAST = re.compile(r"(?<=\w)(?<!\bthe)(?<!\bmy)(?<!your)(?<!\bour)(?<!\bhis)(?<!\bher)(?<!their)(?<!said)(?<!say)(?<!many)[\s,!.-]+(?:pls|plz|thx|thnx|tnx|tia|ty|ta|(?:many )?thanks(?: (?:a lot|so much|in advance|again))?|cheers|mate|buddy|bro|dude|pal|boss|(?<=, )(?:guys|folks|team|man|love)|if (?:you|u) (?:can|could|would)|when (?:you|u) (?:can|get a (?:chance|minute|sec)))[\s!.]*$", re.IGNORECASE)
_SHORT_WORDS = ("deal", "deals", "task", "tasks")
"""What a word of four letters may be a slip of; with any other so short one guesses."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "…": "..."})
_FORMATTING = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)")
_WORD = re.compile(r"[Ee]-[Mm]ail(?:s|ed|ing)?(?!\w)|(?:ne1|any1|sme1|b4|l8r|2day|2moro)(?![\w])|w/o(?![a-z])|w/(?=[a-z\s])|f/u(?![a-z])|b/c(?![a-z])|[A-Za-z]+(?:'[A-Za-z]+)?")

_TAG = re.compile(r"(?<=\w)(?:,? (?:eh|na|lah|innit|ken)(?=\s*(?:[,.!?;]|$)))", re.IGNORECASE)
"""A particle behind a clause that asks for assent and says nothing."""
_MINDS = re.compile(r"\b(?:would|do) you mind (?:please )?$", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:(?:hey|hi|hello|morning|good (?:morning|afternoon|evening)) (?:there|team|all|everyone|rapport|bot)|hey|hi|hello|yo|ok|okay|so|well|um+|uh+|erm|right|alright|sorry|quick (?:one|question|q)|quick|also|and|then|please|kindly|actually|btw|by the way|unfortunately|sadly|luckily|happily|finally|(?:great|good|bad|big|sad|some) news|heads up|oops|listen|look|hmm+|guess what|righto|right[- ]o|bugger|crap|damn(?: it)?|dammit|ugh+|argh+|yay|woo ?hoo|boom|yes{2,}|yikes|phew|sigh|gosh|blimey|crikey|mate|fingers crossed,? but|no worries|long story short|for the record(?=\s*,)|what an? (?:long |busy |great |good )?(?:day|week|morning|afternoon|call|meeting|visit)(?=\s*[,.!:;-])|(?:end of (?:the )?day|that is it for today)(?=\s*[.:!-])|(?:two|three|four|five|a few|a couple of|some) (?:quick |more )?(?:things|updates|points)(?: from me| please)?(?=\s*[:;-])|(?:voice|audio) (?:note|memo|message)(?=\s*:)|(?:just )?(?:before i forget(?: it| this| that)?|while i (?:remember|think of it|am at it)|(?:(?:so|lest|in case) (?:that )?)?i (?:do not )?forget(?: it| this)?)(?=\s*[,:;-])|rapport|bot|morning|good (?:morning|afternoon|evening)|just)\b[\s,:!.\-]*)+",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"^(?:(?:would|do) you mind (?:please )?(?=\w)|remind me(?: again)?,? (?:again,? )?(?=(?:why|what|who|whose|which|where|did|does|do we|is|are|was|were|has|have) )|can we (?=(?:get|have) (?:a|an)\b)|(?:can|could) (?=(?:the |our |my )?(?:DEAL|ACCOUNT)(?:'s)?(?: [a-z-]+){0,2} (?:be|get) (?:set|moved|put|marked|changed|updated|pushed|(?:re)?assigned|given|handed|closed|flagged|switched|shifted|raised|lowered|bumped)\b)|(?:can|could|would|will) you (?:please |maybe |possibly |quickly |just |kindly |also )*(?=\w)|(?:i would like (?:you )?to|i want (?:you )?to|i need (?:you )?to|i would love to|let us|let me|help me(?: to)?|go ahead and|(?:it is )?(?:about )?time to|please|feel free to|make sure to|make sure you|be so kind (?:as )?to|are you able to|is it possible to|would you mind|do you mind|any chance you (?:can|could)|can i(?: please)? get you to|i need you to|you (?:can|may|should) (?:now |already |go ahead and )*) (?:please |just |quickly )*)",
    re.IGNORECASE,
)


@functools.cache
def _command_words() -> tuple[str, ...]:
    """Words that people misspell when they are in a hurry; read once."""
    return tuple((Path(__file__).parent / "command_words.txt").read_text(encoding="utf-8").split())


@functools.cache
def _rewrites() -> dict[str, str]:
    """Read once; the file never changes while the program runs."""
    lines = (Path(__file__).parent / "rewrites.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if "\t" in line)


@dataclass(frozen=True)
class Normal:
    """``text`` is what is read. ``clean`` is the message without markup; ``origin[i]`` is the place in ``clean`` that
    character ``i`` of ``text`` stands for, with one more entry for the end."""

    text: str
    clean: str
    origin: tuple[int, ...]

    def verbatim(self, start: int, end: int) -> str:
        """The person's own words for ``text[start:end]``."""
        return self.clean[self.origin[start] : self.origin[end]].strip() if start < end else ""


def cleaned(message: str) -> str:
    """The message without Slack's markup, entities, emoji and typographic quotes."""
    text = _LINK.sub(_link, message)
    text = html.unescape(text).translate(_QUOTES)
    text = _BETWEEN.sub(" - ", text)
    text = _EMOTICON.sub(" ", _EMOJI.sub(" ", text))
    text = _TAG.sub("", _THANKS_LAST.sub("", text))
    text = _FORMATTING.sub(lambda match: match.group(1) or match.group(2), text)
    return re.sub(r"[ \t]+", " ", text).strip()


def _link(match: re.Match[str]) -> str:
    target, label = match.group(1), match.group(2)
    if target[:1] in "@#!":
        return f"{target[:1].replace('!', '@')}{label}" if label else ""
    return label or target


def normalised(message: str, is_name: Callable[[str], bool] = lambda word: False) -> Normal:
    """Read-ready text. ``is_name`` says of a lower-case word whether it is part of a name and must not be mended."""
    clean = cleaned(message)
    pieces: list[str] = []
    origin: list[int] = []
    last = 0
    for match in _WORD.finditer(clean):
        pieces.append(clean[last : match.start()])
        origin.extend(range(last, match.start()))
        word = match.group()
        mended = _mended(word, is_name, clean, match.start(), match.end())
        pieces.append(mended)
        if mended == word:
            origin.extend(range(match.start(), match.end()))
        else:
            origin.extend(
                [match.start(), *([match.end() - 1] * (len(mended) - 1))]
                if len(mended) > 1
                else [match.start()] * len(mended)
            )
        last = match.end()
    pieces.append(clean[last:])
    origin.extend(range(last, len(clean)))
    origin.append(len(clean))
    return Normal("".join(pieces), clean, tuple(origin))


def _mended(word: str, is_name: Callable[[str], bool], clean: str, start: int, end: int) -> str:
    key = word.lower()
    if (
        clean[end : end + 1] in ("@", "_")
        or (clean[start - 1 : start] in ("@", "_", "/", ".") and start > 0)
        or re.match(r"\.[a-z]", clean[end : end + 2])
    ):
        return word
    meant = _rewrites().get(key)
    if meant is not None and not (len(key) == 1 and word.isupper()):
        return _like(word, meant + (" " if key == "w/" and not clean[end : end + 1].isspace() else ""))
    if len(key) > 3 and key.endswith("s") and not is_name(key) and is_name(key[:-1]) and not is_word(key):
        return f"{word[:-1]}'s"
    if word.endswith("'S"):
        return f"{word[:-2]}'s"
    if key in _SHORT_DAYS and _DAY_BESIDE.search(clean[:start]) and not is_name(key):
        return _SHORT_DAYS[key]
    if len(key) < 3 or is_name(key.removesuffix("'s")):
        return word
    if _MINDS.search(clean[:start]) and (verb := infinitive(key)) is not None:
        return verb
    if re.search(rf"(?<=[a-z0-9,] ){word.capitalize()}\b", clean) is not None:
        return word  # whoever writes it so again means it
    if is_word(key) or (word[:1].isupper() and not word.isupper() and start > 0) or "'" in key:
        return word
    meant = mend_unknown(key)
    return _like(word, meant) if meant else word


def mend_unknown(key: str) -> str | None:
    """The command word that an unknown word was meant to be, when only one is near enough."""
    if len(key) == 4:
        short = [word for word in _SHORT_WORDS if word[0] == key[0] and word[-1] == key[-1] and OSA.distance(key, word) == 1]
        return short[0] if len(short) == 1 else None
    if len(key) < 4:
        return None
    allowed = 1 if len(key) < 8 else 2
    near = [
        (word, distance)
        for word, distance, _ in process.extract(
            key, _command_words(), scorer=OSA.distance, score_cutoff=allowed, limit=3
        )
        if word[0] == key[0] or distance == 1
    ]
    if not near:
        return None
    best = min(distance for _, distance in near)
    winners = {word for word, distance in near if distance == best}
    return winners.pop() if len(winners) == 1 else None


def _like(word: str, replacement: str) -> str:
    return (
        replacement[:1].upper() + replacement[1:]
        if word[:1].isupper() and not replacement[:1].isspace()
        else replacement
    )


def without_courtesies(text: str) -> int:
    """How many characters of greeting and politeness stand before the request."""
    at = 0
    while True:
        match = _POLITE.match(text[at:]) or _REQUEST.match(text[at:])
        if match is None or match.end() == 0 or at + match.end() >= len(text.rstrip(" ?!.")):
            return at
        at += match.end()
