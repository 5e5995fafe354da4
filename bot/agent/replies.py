"""Whether a model's reply can be used: whole, neither empty nor endless, not refused, its tool calls well formed."""

import re

from langchain_core.messages import AIMessage, BaseMessage

LONGEST_REPLY = 12_000
"""Characters; an answer has two to six lines, and Slack shows no more than this in one message."""
_CUT = frozenset(("length", "max_tokens", "model_context_window_exceeded"))
_FILTERED = frozenset(("content_filter", "refusal", "safety"))
_ENDS = ("finish_reason", "stop_reason", "done_reason")
_REFUSING = re.compile(
    r"^\s*(?:i['’]m sorry|i am sorry|sorry|i apologi[sz]e)?[,.!]?\s*(?:but )?(?:i|as an ai[^,]*, i) "
    r"(?:can(?:['’]t|not)|am unable to|am not able to|"
    r"won['’]t|will not) (?:help|assist|comply|do that|fulfil|provide|answer|continue|discuss|share)",
    re.IGNORECASE,
)
_BROKEN = "\ufffd"
GARBLED = "asked for its tools in a form that cannot be read"


class Unusable(Exception):
    """A reply that cannot be used; its words complete "The hosted model …"."""


def usable(message: BaseMessage, *, answering: bool) -> None:
    """Return when a reply can be used. ``answering`` says that tools have returned something already.

    :raises Unusable: when it cannot.
    """
    if not isinstance(message, AIMessage):
        raise Unusable("did not answer")
    text = message.text
    ended = next((str(message.response_metadata[key]) for key in _ENDS if message.response_metadata.get(key)), "")
    if ended in _CUT:
        raise Unusable("was cut off")
    if ended in _FILTERED or message.additional_kwargs.get("refusal"):
        raise Unusable("refused to answer")
    if message.response_metadata.get("model_provider") == "openai" and not ended:
        raise Unusable("was cut off")
    if message.invalid_tool_calls:
        raise Unusable(GARBLED)
    if message.tool_calls:
        return
    if not text.strip():
        raise Unusable("gave an empty reply")
    if len(text) > LONGEST_REPLY:
        raise Unusable("went on for too long")
    if _BROKEN in text:
        raise Unusable("wrote what cannot be read")
    if not answering and _REFUSING.match(text):
        raise Unusable("refused to answer")
