"""Lists of words, written as text."""


def words_in(text: str) -> frozenset[str]:
    """The words of a text that are parted by blanks."""
    return frozenset(text.split())
