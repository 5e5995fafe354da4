"""A word on the proposal that waits, whichever way it is put: "perfect, thank you so much, do it please", "bin that, I've changed my mind".

Every word has to be one with which people agree, decline or are polite; with any other word it is a request of its own.
"""

import re
from typing import Literal

from bot.agent.embedded.sentence import Sentence
from bot.agent.memory import Memory

_MOST_WORDS = 14
_AGREES = frozenset(
    ["yes", "yep", "yeah", "yup", "yea", "aye", "ja", "oui", "confirm", "confirmed", "correct", "right", "go", "ahead", "apply", "save", "accept", "approve", "approved", "do", "lock", "log", "submit", "proceed", "agreed", "agree", "absolutely", "definitely", "exactly", "book", "commit", "post", "file", "sure", "fire", "ship", "jep", "jo", "jawohl", "klar", "genau", "passt", "mach", "gerne", "gern", "spot", "bang", "sorted", "roger", "si", "oki", "okey", "dokey", "righto"]
)
_DECLINES = frozenset(
    ["no", "nope", "nah", "cancel", "discard", "dismiss", "decline", "reject", "forget", "bin", "scrap", "drop", "skip", "stop", "wrong", "throw", "trash", "never", "leave", "delete", "remove", "undone", "changed", "lass", "lassen", "nein", "nee", "nö", "plug", "kill"]
)
_BESIDE = frozenset(
    ["it", "that", "this", "the", "a", "an", "all", "both", "please", "pls", "thanks", "thank", "you", "so", "much", "very", "can", "may", "could", "i", "am", "is", "are", "was", "be", "will", "shall", "she", "he", "we", "us", "me", "my", "to", "in", "for", "now", "then", "just", "actually", "hmm", "hm", "well", "oh", "ah", "ok", "okay", "mate", "love", "looks", "look", "seems", "sounds", "good", "great", "fine", "perfect", "nice", "cool", "super", "lovely", "brilliant", "on", "with", "suggestion", "proposal", "change", "mind", "one", "them", "these", "those", "everything", "there", "here", "by", "works", "work", "and", "have", "of", "same", "out", "away", "off", "alone", "not", "do", "n't", "kindly", "cheers", "way", "needed", "want", "need", "longer", "any", "more", "it's", "after", "second", "thought", "thoughts", "done", "das", "mal", "ist", "gut", "bitte", "danke", "alles", "los", "es", "doch", "lieber", "sein", "pull"]
)


def decision(sentence: Sentence, memory: Memory) -> Literal["confirm", "cancel"] | None:
    """Whether the message agrees to the proposal that waits or declines it; None when it does neither or says more."""
    words = re.findall(r"[a-z']+|[A-Z]+|\d+", sentence.masked.replace("'ll", " will"))
    if not memory.proposal_ids or sentence.marks or not 1 <= len(words) <= _MOST_WORDS or sentence.masked.rstrip().endswith("?"):
        return None
    if not all(word in _AGREES or word in _DECLINES or word in _BESIDE for word in words):
        return None
    negated = re.search(r"\b(?:do|please) not\b", sentence.masked) is not None
    if negated or any(word in _DECLINES for word in words):
        return "cancel" if negated or not any(word in ("yes", "yep", "yeah", "confirm", "apply") for word in words) else None
    return "confirm" if any(word in _AGREES for word in words) and "not" not in words else None
