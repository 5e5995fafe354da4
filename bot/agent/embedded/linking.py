"""Names, pronouns and places in a list -> arguments of tools.

One candidate becomes its id. Several that cannot be told apart stay as the words that were typed, so that the tool asks
which one is meant. A name that nothing matches stays as typed too, so that the tool can say it is not there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.agent.embedded import pointing
from bot.agent.embedded.job_titles import TITLES
from bot.agent.embedded.sentence import Mark, MarkKind, Sentence
from bot.agent.memory import Memory, Said
from crm_store.names import Kind, Match, Name, Names, winners

_PERSON_PRONOUN = re.compile(r"\b(?:her|him|she|he|hers|his|them)\b")
_THEIR = re.compile(r"\b(?:they|them|their|theirs|there)\b")
_IT = re.compile(r"\b(?:it|this one|that one|this deal|that deal|the deal|this|that|the same deal|same deal)\b")
_ENDING = re.compile(
    r"\s*\b(?:deal|account|renewal|opportunity|please|now|today|again|doing|going|right now|so far|at the moment|currently|then|looking|standing)\s*$"
)


@dataclass(frozen=True)
class Ref:
    """``value`` is an id or the words as typed; ``name`` is set when exactly one thing is meant."""

    value: str
    name: Name | None = None
    mark: Mark | None = None
    said: bool = True


class Linker:
    """Links one sentence in one conversation. ``me`` is the id of the person who writes."""

    def __init__(self, names: Names, memory: Memory, me: str) -> None:
        self.names, self.memory, self.me = names, memory, me

    def accounts(self, sentence: Sentence) -> list[Ref]:
        """Accounts that the sentence names, itself or by one of their deals or people."""
        return self._named(sentence, "account", ("ACCOUNT",))

    def contacts(self, sentence: Sentence) -> list[Ref]:
        return self._named(sentence, "contact", ("CONTACT", "PERSON", "ACCOUNT"), near=self._near(sentence))

    def deals(self, sentence: Sentence) -> list[Ref]:
        return self._named(sentence, "deal", ("DEAL",))

    def people(self, sentence: Sentence) -> list[Ref]:
        """Our own people."""
        return self._named(sentence, "person", ("PERSON", "CONTACT"))

    def account(self, sentence: Sentence, *, guess: bool = True) -> Ref | None:
        """The account meant: named, named by a deal or contact, or the one talked about."""
        named = self.accounts(sentence)
        if named:
            return named[0]
        for other in (*self.deals(sentence), *self.contacts(sentence)):
            if other.name is not None and other.name.account_id is not None:
                held = self.names.get(other.name.account_id)
                if held is not None:
                    return Ref(held.id, held, other.mark)
        if not guess:
            return None
        nth = self.nth(sentence, "account")
        if nth is not None:
            return nth
        if _THEIR.search(sentence.masked) or _PERSON_PRONOUN.search(sentence.masked) or _IT.search(sentence.masked):
            return self.talked_about("account")
        return None

    def contact(self, sentence: Sentence, *, guess: bool = True) -> Ref | None:
        """The contact meant: named, by title ("their CFO"), the nth of the list, or by a pronoun."""
        named = self.contacts(sentence)
        if named:
            return named[0]
        titled = self.by_title(sentence)
        if titled is not None:
            return titled
        if not guess:
            return None
        nth = self.nth(sentence, "contact")
        if nth is not None:
            return nth
        if _PERSON_PRONOUN.search(sentence.masked):
            return self.talked_about("contact")
        return None

    def deal(self, sentence: Sentence, *, guess: bool = True) -> Ref | None:
        """The deal meant: named, the only open one of a named account, or the one talked about."""
        named = self.deals(sentence)
        if named:
            return named[0]
        worded = self._worded_deal(sentence)
        if worded is not None:
            return worded
        for account in self.accounts(sentence):
            return self._only_deal(account)
        if not guess:
            return None
        nth = self.nth(sentence, "deal")
        if nth is not None:
            return nth
        for contact in self.contacts(sentence):
            if contact.name is not None and contact.name.account_id is not None:
                held = self.names.get(contact.name.account_id)
                if held is not None:
                    return self._only_deal(Ref(held.id, held))
        return self.talked_about("deal")

    def talked_about(self, kind: Kind) -> Ref | None:
        """The newest thing of this kind in the conversation, or the one that goes with the newest of another kind."""
        newest = self.memory.newest(kind)
        if newest is not None and not (kind == "deal" and self._newer("account", newest)):
            return self._of(newest)
        for subject in self.memory.subjects:
            held = self.names.get(subject.id)
            if held is None:
                continue
            if kind == "account" and held.account_id is not None:
                account = self.names.get(held.account_id)
                return Ref(held.account_id, account, said=False)
            if kind == "deal" and held.kind in ("account", "contact"):
                account = held if held.kind == "account" else self.names.get(held.account_id or "")
                if account is not None:
                    return self._only_deal(Ref(account.id, account, said=False))
        return self._of(newest) if newest is not None else None

    def nth(self, sentence: Sentence, *kinds: str) -> Ref | None:
        """ "The second one", counted in the last list shown."""
        found = pointing.nth(sentence.masked, self.memory, *kinds)
        return None if found is None else Ref(found.id, self.names.get(found.id))

    def by_title(self, sentence: Sentence) -> Ref | None:
        """ "Their CFO", "the plant manager at Meridian"."""
        match = re.search(
            r"\b(?:their|the|its|ACCOUNT(?:'s)?) ((?:head of |vp of |vp |director of )?[a-z]+(?: [a-z]+)?)\b",
            sentence.masked,
        )
        if match is None:
            return None
        account = next(iter(self.accounts(sentence)), None) or self.talked_about("account")
        if account is None or account.name is None:
            return None
        for words in (match.group(1), match.group(1).split()[0]):
            wanted = TITLES.get(words, (words,) if len(words) > 5 else ())
            found = [
                one
                for one in self.names.contacts_of(account.name.id)
                if one.title
                and any(re.search(rf"\b{re.escape(title.strip())}\b", one.title.lower()) for title in wanted)
            ]
            if len(found) == 1:
                return Ref(found[0].id, found[0])
            if found:
                return Ref(words)
        return None

    def slot(self, kind: Kind, words: str, near: str | None = None) -> Ref | None:
        """What the words of a slot name, or the words themselves when nothing or several things match."""
        words = words.strip(" ?!.,;:\"'")
        if not words:
            return None
        best = winners(self.names.find(kind, words, near))
        return Ref(best[0].name.id, best[0].name) if len(best) == 1 else Ref(words)

    def typed_name(self, sentence: Sentence) -> str | None:
        """A name that nothing matches, as typed: what stands after the last "on", "at", "with"…, or in capitals."""
        taken = sentence.marks
        for match in re.finditer(
            r"\b(?:on|at|with|for|about|from|to|of|regarding|re)\s+(the |our |my )?", sentence.masked
        ):
            start = match.end()
            stop = next((mark.start for mark in taken if mark.start >= start), len(sentence.masked))
            stop = min(
                stop,
                *(
                    found.start() + start
                    for found in re.finditer(
                        r"[?!.,;:\n]| (?:on|at|with|for|about|from|to|and|or|in|by|before|because) ",
                        sentence.masked[start:],
                    )
                ),
                len(sentence.masked),
            )
            words = _ENDING.sub("", sentence.verbatim(start, stop).strip(" ?!.,")).strip()
            if words and (words[0].isupper() or not (_plain_words(words) or match.group(1) in ("our ", "my ") or _CLAUSE.search(words.lower()))):
                return words
        capitals = re.search(r"(?<!^)(?<![.?!] )\b[A-Z][\w&'-]+(?: (?:& )?[A-Z][\w&'-]+)*", sentence.text)
        return capitals.group() if capitals and not sentence.text.isupper() and not sentence.marks else None

    def _named(
        self, sentence: Sentence, kind: Kind, masks: Sequence[MarkKind], near: frozenset[str] = frozenset()
    ) -> list[Ref]:
        found: list[Ref] = []
        for mark in sentence.of(*masks):
            if mark.mention is None:  # somebody whom nothing knows
                found += [Ref(mark.text, mark=mark)] if kind == "contact" else []
                continue
            best = mark.mention.of(kind)
            if not best or (best[0].score < mark.mention.matches[0].score - 0.05 and mark.kind not in masks[:1]):
                continue
            found.append(self._one(best, mark, near))
        if kind == "account":
            found.extend(Ref(mark.text, mark=mark) for mark in sentence.of("STRANGER"))
        if kind == "contact":
            for mark in sentence.of("ADDRESS"):
                if "@" in mark.text:
                    found.append(Ref(mark.text, mark=mark))
        return found

    def _one(self, best: list[Match], mark: Mark, near: frozenset[str]) -> Ref:
        if len(best) > 1 and near:
            best = [match for match in best if match.name.account_id in near] or best
        if len(best) > 1 and best[0].name.kind == "contact":
            known = {subject.id for subject in self.memory.subjects}
            best = (
                [match for match in best if match.name.id in known]
                or [match for match in best if match.name.account_id in known]
                or best
            )
        if len(best) == 1:
            return Ref(best[0].name.id, best[0].name, mark)
        return Ref(mark.text.removesuffix("'s"), None, mark)

    def _near(self, sentence: Sentence) -> frozenset[str]:
        return frozenset(ref.name.id for ref in self.accounts(sentence) if ref.name is not None) | frozenset(
            ref.name.account_id
            for ref in self.deals(sentence)
            if ref.name is not None and ref.name.account_id is not None
        )

    def _worded_deal(self, sentence: Sentence) -> Ref | None:
        """ "The renewal at Meridian", "the repair yards deal"."""
        near = next((ref.name for ref in self.accounts(sentence) if ref.name is not None), None)
        if near is None:
            near = next((self.names.get(ref.name.account_id) for ref in self.contacts(sentence) if ref.name is not None and ref.name.account_id is not None), None)
        if near is None:
            talked = self.talked_about("account")
            near = talked.name if talked else None
        for match in re.finditer(
            r"\b(?:the|that|this|our|my|their|ACCOUNT(?:'s)?) ((?:[a-z]+ ){0,3}?)(deal|renewal|pilot|expansion|rollout|upsell|upgrade)\b",
            sentence.masked,
        ):
            words = (match.group(1) + (match.group(2) if match.group(2) != "deal" else "")).strip()
            if not words or words in ("same", "other", "new", "open"):
                continue
            best = winners(self.names.find("deal", words, near.id if near else None))
            inside = [one for one in best if near is not None and one.name.account_id == near.id]
            if len(inside) == 1 or (len(best) == 1 and match.group(2) == "deal"):
                one = (inside or best)[0]
                return Ref(one.name.id, one.name)
        return None

    def _only_deal(self, account: Ref) -> Ref:
        if account.name is None:
            return account
        deals = self.names.deals_of(account.name.id, "open")
        return (
            Ref(deals[0].id, deals[0], account.mark, account.said)
            if len(deals) == 1
            else Ref(account.name.text, None, account.mark, account.said)
        )

    def _newer(self, kind: str, than: Said) -> bool:
        first = next((one for one in self.memory.subjects if one.kind in (kind, than.kind)), None)
        held = self.names.get(than.id)
        return first is not None and first.kind == kind and (held is None or held.account_id != first.id)

    def _of(self, said: Said) -> Ref:
        return Ref(said.id, self.names.get(said.id), said=False)


_CLAUSE = re.compile(r"\b(?:i|we|you|they|he|she|it|is|are|was|were|need|want|have|has|had|did|do|does|can|could|will|would|should|me|us|my)\b")
"""A name has no verb of its own."""


def _plain_words(words: str) -> bool:
    return bool(
        re.match(
            r"^(?:it|its|that|this|these|those|them|their|theirs|her|his|him|me|us|my|our|your|the|a|an|all|any|every|each|what|which|who|how|with|deals?|pipeline|team|accounts?|customers?|clients?|prospects?|companies|tickets?|cases|people|reps?|support|everything|anything|stage|today|i|you|we)\b",
            words.lower(),
        )
    )
