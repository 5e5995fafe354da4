"""The routine around the stories: eighteen months of calls, mails and notes that fit where each account stood.

Every text is put together from sentences of the phase the account was in on that day; no account hears a sentence
twice, and the ones used least so far in the whole sample come first.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from crm_store.models import DealStatus
from crm_store.sample.days import resolve, workday
from crm_store.sample.forms import AccountEntry, ContactEntry, Todo, Touch
from crm_store.sample.prose import sentences, trade_sentences
from crm_store.sample.selling import PlannedDeal
from crm_store.sample.wording import Wording, capital, letter, slots

MONTHS_BACK_DAYS = 548
PER_ACCOUNT = {"customer": 17, "prospect": 14, "partner": 11, "influencer": 9, "former": 8}
ONBOARDING_DAYS = 100
STARTING_DAYS = 35
INTRODUCTION_DAYS = 60  # how long before its first deal an account is spoken with
_PHASES = {
    "Discovery": "discovery", "Qualification": "discovery", "Evaluation": "evaluation", "Proposal": "pricing",
    "Negotiation": "closing", "Upcoming": "using", "Review": "review",
}  # fmt: skip
_CHANNELS = (("call", 30), ("meeting", 13), ("email", 31), ("chat", 9), ("social", 3), ("event", 4), ("note", 10))
_CUSTOMER_PHASES = ("starting", "onboarding", "using", "review", "widening")
_SUBJECTS = {
    "intro": ("First talk", "Getting to know each other", "Introduction"),
    "discovery": ("How they plan today", "Requirements", "What a project would need to solve"),
    "evaluation": ("Demo and trial", "Trial of the plan", "Questions from the trial"),
    "pricing": ("Offer", "Price and scope", "Questions on the offer"),
    "closing": ("Contract", "Order and signatures", "Terms"),
    "security": ("Security review", "SOC 2 and hosting", "Security questionnaire"),
    "starting": ("Kick-off and rules", "Getting started", "First weeks"),
    "onboarding": ("Onboarding", "Go-live preparation", "Interface and training"),
    "widening": ("The next area", "Expansion", "More users"),
    "using": ("Quarterly talk", "Daily use", "Figures and users", "Support and small wishes"),
    "review": ("Renewal", "Review of the year", "Renewal terms"),
    "quiet": ("Keeping in touch", "Any news", "Timing"),
    "partner": ("Introductions", "Partner work", "Shared leads"),
    "analyst": ("Briefing", "Facts for the next issue", "Market guide"),
    "any": ("Short message", "In passing", "Aside"),
}


@dataclass(frozen=True)
class Routine:
    touches: list[Touch] = field(default_factory=list)
    todos: list[Todo] = field(default_factory=list)


def routine(
    account: AccountEntry, deals: list[PlannedDeal], told: list[Touch], today: date, wording: Wording
) -> Routine:
    """What happened with ``account`` besides ``told``; it ends before the hand-written part begins."""
    random = Random(f"routine:{account.key}")
    days = [-(today - resolve(touch.day, today)).days for touch in told]
    latest = min([-4, *(day - 3 for day in days)]) if told else -4
    latest = max(latest, -120) if not told else latest
    count = PER_ACCOUNT[account.kind] + random.randrange(-2, 3)
    known_since = min((deal.entry.opened for deal in deals), default=-MONTHS_BACK_DAYS) - INTRODUCTION_DAYS
    earliest = min(max(-MONTHS_BACK_DAYS, known_since), latest - INTRODUCTION_DAYS)
    found = Routine()
    span = latest - earliest
    for position in range(count):
        offset = earliest + round(span * (position + random.random()) / count)
        _touch(
            account,
            deals,
            workday(today + timedelta(days=offset), forward=False),
            position,
            found,
            today,
            random,
            wording,
        )
    return found


def _touch(
    account: AccountEntry,
    deals: list[PlannedDeal],
    day: date,
    position: int,
    found: Routine,
    today: date,
    random: Random,
    wording: Wording,
) -> None:
    phase, deal = _phase(account, deals, day, random)
    if position == 0 and phase == "discovery":
        phase = "intro"
    channel = random.choices([name for name, _ in _CHANNELS], [weight for _, weight in _CHANNELS])[0]
    present = [contact for contact in account.contacts if _there(contact, day, today)]
    lead = random.choices(present, [3 if place < 2 else 1 for place in range(len(present))])[0]
    other = random.choice([contact for contact in present if contact is not lead] or [lead])
    if lead.consent.startswith("phone-") and channel == "call":
        channel = "email"
    if phase == "analyst" and channel == "meeting":
        channel = "call"
    if (len(present) == 1 and channel == "chat") or (phase == "quiet" and channel == "meeting"):
        channel = "email"
    known = slots(account, deal, lead, other, day, random)
    direction = {"social": "inbound", "note": "internal"}.get(channel, random.choice(("inbound", "outbound")))
    if channel in ("meeting", "event"):
        direction = "outbound"
    offset = (day - today).days
    body = _body(account, phase, channel, direction, known, random, wording)
    key = f"routine{position}"
    if channel in ("call", "meeting") and sentences(_promising(phase), "promise") and random.random() < 0.4:
        body += _promise(account, phase, deal, lead, key, today, known, random, wording, found)
    who = "" if channel == "note" else lead.key
    if channel in ("meeting", "event") and other is not lead:
        who += f" {other.key}"
    subject = random.choice(_SUBJECTS[phase if channel in ("call", "meeting", "email") else "any"])
    found.touches.append(
        Touch(
            offset,
            channel,
            who,
            f"{subject}: {account.name}" if channel != "note" else f"Note on {account.name}",
            body,
            direction,
            by=deal.owner if deal else "",
            deal=deal.entry.key if deal else "",
            key=key,
        )
    )


def _there(contact: ContactEntry, day: date, today: date) -> bool:
    """Whether the contact worked there on ``day``; who took over from someone was not there before."""
    if contact.left is not None and day >= resolve(contact.left, today):
        return False
    return not contact.about.startswith("Took over")


def _phase(
    account: AccountEntry, deals: list[PlannedDeal], day: date, random: Random
) -> tuple[str, PlannedDeal | None]:
    if account.kind == "partner":
        return "partner", None
    if account.kind == "influencer":
        return "analyst", None
    choices: list[tuple[str, PlannedDeal | None]] = []
    won = [
        deal
        for deal in deals
        if deal.past.status == DealStatus.WON and deal.past.closed_at and deal.past.closed_at.date() <= day
    ]
    for deal in deals:
        stage = _stage_on(deal, day)
        if stage in _PHASES:
            phase = _PHASES[stage]
            if deal.entry.kind == "expansion" and phase == "discovery":
                phase = "widening"
            if deal.entry.kind == "renewal" and phase in ("pricing", "closing"):
                phase = random.choice(("review", phase))
            choices += [(phase, deal)] * 2
            if account.security and phase in ("evaluation", "pricing"):
                choices.append(("security", deal))
    if won and account.kind == "customer":
        newest = max(deal.past.closed_at.date() for deal in won if deal.past.closed_at)
        choices += [(_life(day, newest), None)] * 3
    if choices:
        return random.choice(choices)
    begun = any(deal.past.opened_at.date() <= day for deal in deals)
    return ("quiet" if begun else "intro"), None


def _life(day: date, bought: date) -> str:
    """The phase of a customer's life, by the days since the newest purchase."""
    days = (day - bought).days
    return "starting" if days < STARTING_DAYS else "onboarding" if days < ONBOARDING_DAYS else "using"


def _stage_on(deal: PlannedDeal, day: date) -> str:
    stage = ""
    for change in deal.past.changes:
        if change.field == "stage" and change.at.date() <= day:
            stage = change.new
    return stage


def _body(
    account: AccountEntry,
    phase: str,
    channel: str,
    direction: str,
    known: dict[str, str],
    random: Random,
    wording: Wording,
) -> str:
    def draw(pool: tuple[str, ...], count: int) -> list[str]:
        return wording.draw(account.key, pool, count, random, known)

    if channel in ("social", "event", "note", "chat"):
        voice = channel if channel != "chat" else "chat_in" if direction == "inbound" else "chat_out"
        pool = sentences("any", voice) + (sentences("customer", voice) if phase in _CUSTOMER_PHASES else ())
        return capital(" ".join(draw(pool, 1 if channel != "note" else 2)))
    if channel == "email":
        lines = draw(sentences(phase, "in" if direction == "inbound" else "out"), 2)
        lines = lines or [f"a short thank you for the talk about {known['goods']}."]
        return letter(lines, inbound=direction == "inbound", known=known, random=random)
    wanted = 1 if phase in ("intro", "quiet", "partner", "analyst") else 2 if channel == "call" else 3
    lines = draw(sentences(phase, "call"), wanted)
    if phase in ("intro", "discovery", "evaluation", "widening", "using", "quiet", "partner") and random.random() < (
        1 if wanted == 1 else 0.6
    ):
        lines += draw(trade_sentences(account.industry), 1)
    return " ".join(map(capital, lines)) or f"Short talk with {known['first']} about {known['trouble']}."


def _promising(phase: str) -> str:
    """Where the promises of ``phase`` are written down."""
    if phase in ("discovery", "evaluation", "pricing"):
        return "selling"
    return "serving" if phase in _CUSTOMER_PHASES else phase


def _promise(
    account: AccountEntry,
    phase: str,
    deal: PlannedDeal | None,
    lead: ContactEntry,
    key: str,
    today: date,
    known: dict[str, str],
    random: Random,
    wording: Wording,
    found: Routine,
) -> str:
    """The words of a promise, and the task it became; nearly all of them were kept."""
    drawn = wording.draw(account.key, sentences(_promising(phase), "promise"), 1, random, known)
    if not drawn:
        return ""
    said, title = drawn[0].split(" | ")
    due = (date.fromisoformat(known["_due"]) - today).days
    done: int | None = due - random.randrange(0, 3) + (4 if random.random() < 0.1 else 0)
    if done is not None and done >= -1:
        done = None
    found.todos.append(Todo(title, due, "promise", done, deal=deal.entry.key if deal else "", who=lead.key, source=key))
    return f" {said}"
