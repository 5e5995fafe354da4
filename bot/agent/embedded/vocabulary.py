"""Which words are English, so that they are never taken for a misspelling of a name.

The tokenizer of the built-in embedding model keeps every frequent word whole; its list is read from the installed package.
"""

import functools
import json

from crm_store.names.words import fold, is_common
from knowledge.embeddings import TOKENIZER


@functools.cache
def _whole_words() -> frozenset[str]:
    """Read once; the file never changes while the program runs."""
    vocabulary = json.loads(TOKENIZER.read())["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)


def is_word(key: str) -> bool:
    """Whether a lower-case word is spelt as English spells it."""
    return is_common(key) or fold(key) in _whole_words()
