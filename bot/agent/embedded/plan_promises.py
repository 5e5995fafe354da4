"""Questions about promises: whose, to whom, ours or theirs, all of them or only what is still open."""

import re
from datetime import date

from bot.agent.embedded import owners
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import one_deal
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller


def promises(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text, args = sentence.masked, Args()
    deal, contacts, account = one_deal(sentence, linker), linker.contacts(sentence), linker.accounts(sentence)
    pronoun = (
        linker.contact(sentence)
        if not contacts and not account and re.search(r"\b(?:her|him|she|he)\b", text)
        else None
    )
    contact = contacts[0] if contacts else pronoun
    if account:
        args["account"] = account[0].value
    elif deal is not None:
        args["deal"] = deal.value
    elif contact is not None:
        args["contact"] = contact.value
    else:
        talked = linker.account(sentence) or (
            None if re.search(r"\b(?:my|all|i owe|everyone|anyone)\b", text) else linker.talked_about("account")
        )
        typed = None if talked or re.search(r"\b(?:my|our|all) (?:\w+ )?(?:promises|commitments|action items)\b", text) else linker.typed_name(sentence)
        if talked is not None or typed:
            args["account"] = talked.value if talked else typed
        else:
            args["owner"] = owners.owner(sentence, linker, caller)
    theirs, ours = _THEIRS.search(text), _OURS.search(text)
    if _BOTH.search(text):
        args["by"] = "both"
    elif theirs and not ours:
        args["by"] = "them"
    if _OPEN.search(text) and not _KEPT_TOO.search(text):
        args["open_only"] = True
    return Call("promises", args)


_THEY = r"(?:they|she|he|CONTACT|ACCOUNT|the (?:customer|client)|(?:customer|client)s?)"
_PROMISED = r"(?:promis|commit|owe|agree|pledge|say|said|offer|swor|guarante|assur)"
_THEIRS = re.compile(
    rf"\b(?:did|has|have|had|does|do|what) {_THEY}(?:'s)? (?:ever |already |also |still )?{_PROMISED}|{_THEY} (?:has |have |had )?(?:ever |already |also |still |once )?(?:promised|committed|owes?|agreed|offered|pledged|guaranteed|swore|vowed|assured|said (?:they|she|he) (?:would|will))"
    rf"|(?:promises?|commitments?|assurances?|pledges?) (?:did|have|has|had) {_THEY} (?:make|made|given?|gave)\b|{_THEY} (?:made|make|gave|have made|has made|give) (?:us )?(?:\w+ )?(?:promises?|commitments?|assurances?)|owes? us|(?:has|have|had) (?:still )?to (?:send|give|get|deliver|provide|return|bring|show|tell) (?:\w+ )?us\b|promised? (?:us|me)|{_THEY}'s (?:\w+ )?(?:promise|commitment)|their (?:\w+ )?(?:promise|commitment)|\b(?:on|from|by) (?:their|the customer's|ACCOUNT's|CONTACT's) (?:side|end|part)|(?:promises|commitments) (?:from|by|of) {_THEY}"
)
_OURS = re.compile(
    rf"\b(?:we|i|us) (?:ever |already |still |also |have |had )*{_PROMISED}|(?:promised|owed|committed) to (?:ACCOUNT|CONTACT|DEAL|them|him|her|do|send|deliver|give)|our (?:\w+ )?(?:promise|commitment)|\bfrom our (?:side|end)"
)
_BOTH = re.compile(r"\b(?:both (?:sides|ways|directions|of us|parties|ends)|each other|either side|mutual\w*|on both|(?:ours|our own|our) and theirs?|(?:theirs?|them) and (?:ours|us)|us and them|who owes who|between us)\b")
_OPEN = re.compile(
    r"\b(?:open|outstanding|still|overdue|unkept|broken|un(?:delivered|fulfilled|finished|done|met)|(?:is|are|was|were|has|have|did|do) not (?:yet )?(?:(?:been )?(?:kept|done|delivered|sent|met|fulfilled)|do|deliver|send|keep)|not (?:yet )?(?:kept|done|delivered)|and (?:have|did) not|have not$"
    r"|owe|owes|pending|left|late|behind|missed|broke|break|forg[eo]t\w*|on the hook|yet to|hanging|dangling|loose ends?|remain(?:s|ing)|waiting (?:for|on)|unresolved|due)\b"
)
_KEPT_TOO = re.compile(r"\b(?:done or not|open (?:and|or) (?:closed|done|kept)|(?:kept|closed|done|fulfilled|delivered) (?:ones|too|as well)|(?:incl\w*|plus|also|even) (?:the )?(?:kept|closed|done|fulfilled)|whether (?:or not )?(?:done|kept|open))\b")
