"""The few sentences the embedded model says by itself; everything else is said by the tools."""

import re
from datetime import date

from bot.agent.embedded.grammar import mood_of
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import Maker
from bot.agent.embedded.plans import Call, Guess, Plan
from bot.agent.embedded.sentence import Sentence
from bot.cards import Asked, Option
from crm_store.people import Caller

EMPTY = "There was nothing in that message. Ask about an account, log what happened, or say “help”."
THANKS = "You're welcome."
GREETING = "Hello. Ask me about an account, log a call, or say “what should I do next?”."
OUT_OF_SCOPE = (
    "That is outside what I can do. I answer from your customer record: the latest on an account, promises, people, pipeline "
    "and totals, tasks and next steps, and I log what happened."
)
ONLY_ASKED = "Nothing was changed. This is how it stands; say the change itself and I will propose it."
WHAT_OF_THEM = "I did not see what should become of these, so nothing was changed. Say it in one sentence, such as “move all of them to Proposal”."
UNREAD = "I did not understand {words} in that, so nothing was changed. Name the field, such as “whose country is Italy”."
NO_SUCH_NUMBER = "The record has no {words} that I could count. I can count deals, revenue, win rates, activities, tasks, orders, subscriptions, cases and more."
UNHEARD = "_I could not use {words}, so this is the answer without it._"
ONLY_OPEN = "I change many deals at once only while they are open, so nothing was changed. Name one closed deal to change it."
NOT_DELETED = (
    "I delete nothing from a conversation, unless a condition says which open deals or tasks, so nothing was changed. This is what you may mean."
)
NOTHING_DONE = "Right, I changed nothing."
NOTHING_TO_CONFIRM = "Nothing is waiting to be confirmed in this conversation."
NOTHING_TO_CANCEL = "Right. Nothing was waiting, and nothing was changed."
NOTHING_TO_UNDO = "I have nothing to undo in this conversation. Older changes can be undone from their own message."
NO_WHY = "I have not suggested anything in this conversation yet. Ask “what should I do next?” and then why."
NOT_UNDERSTOOD = "I did not fully understand that."

_READINGS = {
    "latest": "the latest on {it}", "brief": "prepare me for {it}", "people": "who is who at {it}", "promises": "what did we promise {it}",
    "timeline": "show the history with {it}", "last_touch": "when did we last talk to {it}", "purchases": "what has {it} bought", "cases": "open cases at {it}",
    "list_deals": "show my open deals", "report": "how much is in my pipeline", "tasks": "show my tasks", "next_actions": "what should I do next", "what_changed": "what changed this week",
    "team_week": "summarise my team's week", "standing": "where do we stand this quarter", "list_accounts": "show my accounts", "help": "help",
    "deal_details": "show the {it} deal", "contact_details": "contact details of {it}", "qualify": "qualify {it}", "objections": "objections of {it}",
    "competitors": "who are we up against at {it}", "satisfaction": "how satisfied is {it}", "summary": "summarise the last month with {it}", "slips": "which deals slipped",
}  # fmt: skip


def listed(words: tuple[str, ...]) -> str:
    """ "a", "b" and "c", in quotes."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def conditional(text: str) -> Plan:
    """Nothing is written on a condition; both ways to go on are offered."""
    return Plan(
        question=Asked(
            text="I do not change anything on a condition that has yet to happen. Shall I remind you instead?",
            options=(
                Option(label="Create a task", value=f"create a task: {text}"),
                Option(label="Change nothing", value="cancel"),
            ),
        ),
        reason="conditional",
    )


def on_hold(about: str, when: str) -> Plan:
    """A deal that waits has no close date for it; both things that may be meant are offered."""
    then = re.sub(r"(?i)^(?:until|till|to)\s+", "", when)
    return Plan(
        question=Asked(
            text=f"{about} on hold {when}: shall I remind you then, or move its close date? Nothing was changed yet.",
            options=(
                Option(label="Remind me then", value=f"remind me {then} to pick up {about} again"),
                Option(label="Move the close date", value=f"what is the close date of {about}"),
                Option(label="Change nothing", value="cancel"),
            ),
        ),
        reason="on hold",
    )


def hedged(text: str) -> Plan:
    """What may be is no change yet."""
    return Plan(
        question=Asked(
            text="That sounds uncertain, so I changed nothing. Shall I keep it as a note?",
            options=(
                Option(label="Log it as a note", value=f"note: {text}"),
                Option(label="Change nothing", value="cancel"),
            ),
        ),
        reason="hedged",
    )


def unsure(
    core: Sentence, linker: Linker, caller: Caller, today: date, best: Guess, second: Guess, passages: Maker
) -> Plan:
    """Say so, look for what the words may be about, and offer the likeliest readings that can be put in words."""
    account = linker.account(core)
    contact = linker.contact(core, guess=False)
    it = account.name.text if account and account.name else contact.name.text if contact and contact.name else None
    options = []
    for guess in (best, second):
        form = _READINGS.get(guess.family)
        if form is None or ("{it}" in form and it is None):
            continue
        said = form.format(it=it)
        options.append(Option(label=said[:1].upper() + said[1:], value=said))
    if mood_of(core.masked, False) == "command" and it is not None and core.of("ACCOUNT", "CONTACT", "DEAL"):
        options.append(Option(label="Log it as a note", value=f"note on {it}: {core.text}"))
    found = passages(core, linker, caller, today)
    calls = (found,) if isinstance(found, Call) else ()
    question = Asked(text="Did you mean one of these?", options=tuple(options)) if options else None
    return Plan(
        calls,
        NOT_UNDERSTOOD,
        question,
        understood=False,
        confidence=best.probability,
        reason=f"unsure: {best.family} or {second.family}",
    )
