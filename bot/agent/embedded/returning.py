"""Coming back to somebody: "back to Tidemark, remind me to call their CFO", "re Quanta: any objections?".

Who is named first is who the rest is about; the words that lead there are no request beside it.
"""

import re

from bot.agent.embedded.follow_ups import with_subjects
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.memory import Memory

_BACK_TO = re.compile(
    r"^(?:(?:ok|okay|so|right|and|now|well|anyway|but|let us|can we|please)[, ]+)*(?:(?:go(?:ing)? |getting |come |coming |get |jump(?:ing)? |switch(?:ing)? )?back to|return(?:ing)? to|again about|regarding|re|as for|concerning|about|on)"
    r"(?: the)? (?:ACCOUNT|DEAL|CONTACT)(?:'s)?(?: deal| again| for a (?:sec|second|moment|minute))?\s*[,:;.–-]+\s*(?=\S+ \S)"
)


def returned(sentence: Sentence, memory: Memory, linker: Linker) -> tuple[str, Memory] | None:
    """What is asked, and the memory with whom the message comes back to as its newest subject; None where it comes back to nobody."""
    lead = _BACK_TO.match(sentence.masked)
    if lead is None or sentence.cut(lead.end()).of("ACCOUNT", "DEAL", "CONTACT"):
        return None
    head = sentence.cut(0, lead.end())
    named: list[tuple[str, list[Ref]]] = [("deal", linker.deals(head)), ("contact", linker.contacts(head)), ("account", linker.accounts(head))]
    args: Args = {kind: refs[0].value for kind, refs in named if refs and refs[0].name is not None and refs[0].name.kind == kind}
    if not args:
        return None
    about = with_subjects(memory, Plan(calls=(Call("returned", args),)), linker.names)
    return sentence.verbatim(lead.end()), about.model_copy(update={"just_shown": False})
