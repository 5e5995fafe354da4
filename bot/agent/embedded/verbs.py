"""The infinitive of what is said in its -ing form: "calling" -> "call", "putting" -> "put"."""

from bot.agent.embedded.vocabulary import is_word

_IRREGULAR = {
    "adding": "add", "writing": "write", "using": "use", "noting": "note", "sizing": "size", "dying": "die", "tying": "tie", "lying": "lie", "quoting": "quote",
    "hoping": "hope", "staging": "stage", "pricing": "price", "owing": "owe", "editing": "edit", "filing": "file", "filling": "fill", "billing": "bill",
}  # fmt: skip
_KEPT_DOUBLE = frozenset("lsfz")


def infinitive(word: str) -> str | None:
    """The verb behind a lower-case -ing form; None when the word is none ("thing", "pricing sheet" aside)."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.endswith("ing") or len(word) < 6:
        return None
    stem = word[:-3]
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _KEPT_DOUBLE:
        return stem[:-1] if is_word(stem[:-1]) else None
    if stem[-1] in "vcuzg" and is_word(f"{stem}e"):
        return f"{stem}e"
    return stem if is_word(stem) else f"{stem}e" if is_word(f"{stem}e") else None
