"""What a few words of a slot name: the account in "at Meridian", the deal in "the Halden renewal"."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm_store.names.forms import How, Kind, Match, Name, winners
from crm_store.names.postings import Postings, gone
from crm_store.names.words import FILLERS, LEGAL_FORMS, keys_of

_MOST = 8


class Finder(Postings):
    """Looks a name up by what was typed for it."""

    def find(self, kind: Kind, text: str, near_account_id: str | None = None) -> list[Match]:
        """What of ``kind`` a text names, best first, at most eight. ``near_account_id`` prefers what belongs to that
        account. :func:`winners` says which of them share the first place."""
        text = text.strip().strip("\"'“”.,;:!?").removesuffix("'s").removesuffix("’s").strip()
        held = self._by_id.get(text)
        if held is not None:
            return [Match(held, 1.0, "id")] if held.kind == kind else []
        direct = self._direct(text.lower(), kind)
        if direct:
            return direct
        found = self._by_words(kind, text)
        if kind == "deal":
            found = self._deals(text, found, near_account_id)
        if kind == "stage" and not any(match.how == "exact" for match in found):
            found = self._by_status(text) or found
        if near_account_id is not None:
            found = [
                Match(match.name, min(1.0, match.score + 0.1), match.how)
                if match.name.account_id == near_account_id
                else match
                for match in found
            ]
        return sorted(found, key=lambda match: (-match.score, match.name.text, match.name.id))[:_MOST]

    def nearest(self, kind: Kind, text: str, most: int = 3) -> list[Name]:
        """Names that look most like a text that named nothing, to offer instead."""
        keys = [key for key in keys_of(text) if key not in FILLERS]
        near: dict[int, float] = {}
        for key in keys:
            for other, score, _ in process.extract(
                key, self._sorted, scorer=OSA.normalized_similarity, limit=12, score_cutoff=0.55
            ):
                for at in self._posted.get(other, [])[:50]:
                    if self._names[at].kind == kind:
                        near[at] = max(near.get(at, 0.0), score)
        return [self._names[at] for at in sorted(near, key=lambda at: (-near[at], self._names[at].text))[:most]]

    def _by_words(self, kind: Kind, text: str) -> list[Match]:
        asked = list(dict.fromkeys(key for key in keys_of(text) if key not in LEGAL_FORMS))
        core = [key for key in asked if key not in FILLERS] or asked
        if not core:
            return []
        variants = {key: self._variants(key, spelling=True) for key in core}
        rarest = min(core, key=lambda key: sum(len(self._posted.get(variant, ())) for variant in variants[key]))
        best = {
            at: sum(
                max((q for variant, q in variants[key].items() if variant in self._words[at]), default=-9.0)
                for key in core
            )
            for variant in variants[rarest]
            for at in self._posted.get(variant, ())
            if self._names[at].kind == kind
        }
        found = []
        for at, total in best.items():
            named = self._words[at]
            if total < 0:
                continue
            quality = total / len(core)
            whole = set(core) == set(named) or set(asked) == set(named)
            score = quality if whole else 0.86 * quality
            how: How = (
                "exact"
                if whole and quality == 1
                else "part"
                if quality == 1
                else "nickname"
                if quality >= 0.9
                else "typo"
            )
            found.append(Match(self._names[at], round(score - gone(self._names[at]), 4), how))
        return found

    def _deals(self, text: str, found: list[Match], near: str | None) -> list[Match]:
        """Deals are also named by their account ("the Meridian deal") and by what is left of the name there."""
        have = {match.name.id for match in found}
        if not any(match.score > 0.8 for match in found):
            for match in winners(self._by_words("account", text)):
                for at in self._deals_of.get(match.name.id, ()):
                    deal = self._names[at]
                    if deal.id not in have:
                        found.append(Match(deal, 0.8 * match.score - gone(deal), "account"))
        if not found and near is not None and all(key in FILLERS for key in keys_of(text)):
            found = [
                Match(self._names[at], 0.7 - gone(self._names[at]), "account") for at in self._deals_of.get(near, ())
            ]
        return found

    def _by_status(self, text: str) -> list[Match]:
        key = text.lower().replace("-", " ").removeprefix("closed ").strip()
        status = {"won": "won", "win": "won", "lost": "lost", "loss": "lost", "dead": "lost"}.get(key)
        if status is None:
            return []
        return [Match(name, 0.95, "status") for name in self.of_kind("stage") if name.status == status]
