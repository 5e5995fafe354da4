"""Who is who at an account or on a deal."""

import re
from collections import defaultdict
from collections.abc import Sequence

from bot import wording
from bot.agent.tools.aspects import BY_KEY, AspectKey
from bot.agent.tools.citing import Sources, cite_contact, cite_role
from bot.agent.tools.evidence import Evidence, evidence, telling
from bot.agent.tools.resolving import account_of, ask, asking, deal_of
from bot.agent.tools.shaping import account_subject, finished, follow_ups, local_day, quoted
from bot.agent.turn import Found, Subject, Turn
from bot.cards import ContactLine, PeopleCard
from crm_store.access import ScopedSession
from crm_store.models import ContactRole
from crm_store.queries import accounts, contacts, interactions
from crm_store.queries.accounts import AccountFacts
from crm_store.queries.contacts import ContactFacts, RoleFacts
from crm_store.queries.deals import DealFacts
from crm_store.queries.interactions import InteractionFilter

_SPELLINGS = {
    "buyer": ContactRole.ECONOMIC_BUYER,
    "budget holder": ContactRole.ECONOMIC_BUYER,
    "budget owner": ContactRole.ECONOMIC_BUYER,
    "decider": ContactRole.DECISION_MAKER,
    "sponsor": ContactRole.CHAMPION,
    "evaluator": ContactRole.TECHNICAL_EVALUATOR,
    "technical": ContactRole.TECHNICAL_EVALUATOR,
    "lawyer": ContactRole.LEGAL,
    "purchasing": ContactRole.PROCUREMENT,
    "detractor": ContactRole.BLOCKER,
    "end user": ContactRole.USER,
}
_SPOKEN_OF: dict[str, AspectKey] = {
    ContactRole.ECONOMIC_BUYER: "economic_buyer", ContactRole.DECISION_MAKER: "economic_buyer", ContactRole.CHAMPION: "champion",
}  # fmt: skip
_READ = 80
_FINANCE = r"cfo|chief financial|finance director|head of finance|controller|vp finance"
_HEADS = r"ceo|managing director|owner|president"
_TITLES: dict[str, str] = {
    ContactRole.ECONOMIC_BUYER: rf"\b(?:{_FINANCE}|{_HEADS})\b",
    ContactRole.DECISION_MAKER: r"\b(?:ceo|chief|managing director|owner|president|director|vp|head of)\b",
    ContactRole.TECHNICAL_EVALUATOR: r"\b(?:cto|cio|it|architect|engineer|technical|technology|systems?|security)\b",
    ContactRole.LEGAL: r"\b(?:legal|counsel|lawyer|compliance)\b",
    ContactRole.PROCUREMENT: r"\b(?:procurement|purchas\w+|buyer|sourcing)\b",
    ContactRole.USER: r"\b(?:planner|operator|supervisor|user|coordinator|analyst)\b",
}  # fmt: skip
_ASKED_TITLE = re.compile(
    r"\bwho(?:'s|’s|s| is| are)? (?:the |their |our )?(?P<title>c[efotim]o|(?:head|vp|director) of [\w ]+?"
    r"|[\w-]+ (?:director|manager|officer|engineer|counsel))"
    r"(?= (?:at|of|in|for|over)\b|[?.! ]*$)",
    re.IGNORECASE,
)
_WRITTEN = {
    "cfo": _FINANCE, "ceo": rf"{_HEADS}|chief executive", "cto": "cto|chief technology", "cio": "cio|chief information",
    "coo": "coo|chief operating", "cmo": "cmo|chief marketing",
}  # fmt: skip
"""How titles are written that people ask for by their letters."""


def _missing_title(message: str, people: Sequence[ContactFacts]) -> str:
    """The job title that a question asks for by its name, where nobody has it; "" where somebody does or none is asked for."""
    asked = _ASKED_TITLE.search(message)
    if asked is None:
        return ""
    said = asked["title"]
    pattern = _WRITTEN.get(said.casefold(), re.escape(said))
    there = any(one.left_on is None and one.title and re.search(rf"\b(?:{pattern})\b", one.title, re.IGNORECASE) for one in people)
    return "" if there else said.upper() if said.casefold() in _WRITTEN else said


@asking
def account_people(turn: Turn, account: str | None = None, deal: str | None = None, role: str | None = None) -> Found:
    """The people at an account, with the parts they play; ``role`` asks for one part."""
    with turn.read() as session:
        if account is None and deal is None:
            raise ask("At which account?", (), "account")
        known = account_of(session, turn, account) if account else None
        one_deal = deal_of(session, turn, deal, account_id=known.id if known else None) if deal else None
        if known is None and one_deal is not None and one_deal.account_id is not None:
            known = accounts.account(session, one_deal.account_id, now=turn.now)
        people = contacts.contacts(session, now=turn.now, account_id=known.id) if known else ()
        if one_deal is not None:
            played = contacts.roles(session, deal_id=one_deal.id)
        else:
            played = contacts.roles(session, account_id=known.id) if known else ()
        said = _said_of(session, turn, role, known, one_deal) if role else ()
    where = one_deal.name if one_deal else known.name if known else ""
    sources = Sources()
    subjects = [account_subject(known)] if known else []
    if one_deal is not None:
        subjects.append(Subject("deal", one_deal.id, one_deal.name))
    if role:
        return _one_role(turn, role_named(role), where, people, played, sources, subjects, said)
    if not people:
        return finished(f"No contacts are recorded at {where} yet.", sources, *subjects)
    parts = _parts(played)
    people = tuple(sorted(people, key=lambda one: (one.left_on is not None, one.id not in parts, one.name)))
    shown = [one for one in people if one.id in parts and one.left_on is None]
    here = sum(one.left_on is None for one in people)
    sources.figure(f"Contacts at {where}", here, "people")
    lines = [
        f"**{where}: {wording.plural(here, 'person', 'people')}**" + (", by the part they play:" if shown else ".")
    ]
    if missing := _missing_title(turn.message, people):
        lines[0] = f"**No {missing} is on record at {where}.** {wording.plural(here, 'person', 'people').capitalize()}:"
    for one in shown[:4]:
        title = f" ({one.title})" if one.title else ""
        lines.append(f"- {one.name}{title}: {_role_words(parts[one.id], sources)}")
    if not shown:
        lines.append("Nobody's part in a deal is recorded.")
    others = [one for one in people if one.left_on is None and one.id not in parts]
    if others:
        named = [
            f"{one.name}{f', {one.title}' if one.title else ''} {sources.mark(cite_contact(one, one.title or one.name))}"
            for one in others[:3]
        ]
        more = f"; {len(others) - 3} more" if len(others) > 3 else ""
        lines.append(f"{'Also there' if shown else 'There'}: {'; '.join(named)}{more}.")
    for one in people:
        if one.left_on is not None and one.left_on <= turn.today:
            note = f"Left on {wording.day(one.left_on, turn.today)}"
            had = f"; was {_role_words(parts[one.id], sources)}" if one.id in parts else ""
            lines.append(
                f"{one.name} left on {wording.day(one.left_on, turn.today)} "
                f"{sources.mark(cite_contact(one, note))}{had}"
            )
    sources.cards.append(people_card(turn, f"People at {where}", people, parts))
    return finished("\n".join(lines[:8]), sources, *subjects)


def _one_role(
    turn: Turn, role: str, where: str, people: Sequence[ContactFacts], played: Sequence[RoleFacts], sources: Sources,
    subjects: list[Subject], said_of: Sequence[Evidence],
) -> Found:  # fmt: skip
    words = wording.words(role)
    holding = [one for one in played if one.role == role]
    by_id = {one.id: one for one in people}
    is_open = [one for one in holding if one.deal_status == "open"]
    gone = [one for one in is_open or holding if one.left_on is not None]
    now = [one for one in is_open if one.left_on is None]
    before = [one for one in holding if one.left_on is None and one not in now]
    if now or (before and not gone):
        holders = now or before
        lines = [_holder_line(turn, words, name, holders, by_id, sources) for name in _names(holders)[:4]]
        lines += [f"{_left(turn, one)} {sources.mark(cite_role(one))}, and was that on {one.deal}." for one in gone[:1]]
        cards = [by_id[one.contact_id] for one in holders if one.contact_id in by_id]
        sources.cards.append(people_card(turn, f"{words.capitalize()} at {where}", cards, _parts(played)))
        first = Subject("contact", holders[0].contact_id, holders[0].contact)
        return finished("\n".join(lines), sources, first, *subjects)
    said = f"**No {words} is recorded at {where}.**"
    if gone:
        said = f"**{where} has no {words} now:** {_left(turn, gone[0])} {sources.mark(cite_role(gone[0]))}."
    if said_of:
        said += f" What was said: {quoted(said_of[0].sentence, sources, turn)}"
    if before:
        on = f"{before[0].deal} ({before[0].deal_status})"
        said += f" On {on} it was {before[0].contact} {sources.mark(cite_role(before[0]))}."
    nearest = _nearest_to(role, people)
    parts = _parts(played)
    if nearest:
        named = wording.join(
            [f"{one.name} ({one.title}) {sources.mark(cite_contact(one, one.title or ''))}" for one in nearest[:2]]
        )
        said += f" Nearest by title: {named}."
        subjects = [Subject("contact", nearest[0].id, nearest[0].name), *subjects]
        sources.cards.append(
            follow_ups((f"Make {nearest[0].name} the {words}"[:75], f"Set {nearest[0].name} as {words} at {where}"))
        )
    elif others := [one for one in people if one.id in parts and one.left_on is None]:
        named = wording.join([f"{one.name}, {_role_words(parts[one.id], sources)}" for one in others[:2]])
        said += f" Recorded there: {named}."
    return finished(said, sources, *subjects)


def _said_of(
    session: ScopedSession, turn: Turn, role: str, account: AccountFacts | None, deal: DealFacts | None
) -> Sequence[Evidence]:
    """What they said of who plays the part, for parts that people speak of."""
    key = _SPOKEN_OF.get(role_named(role))
    if key is None:
        return ()
    wanted = InteractionFilter(
        account_id=account.id if account else None, deal_id=deal.id if deal else None, until=turn.now
    )
    touches = interactions.interactions(session, wanted, limit=_READ).rows
    return telling(evidence(BY_KEY[key], touches), turn.now, 1)


def _names(parts: Sequence[RoleFacts]) -> list[str]:
    return list(dict.fromkeys(one.contact for one in parts))


def _left(turn: Turn, one: RoleFacts) -> str:
    return f"{one.contact} left on {wording.day(one.left_on, turn.today)}" if one.left_on else one.contact


def _holder_line(
    turn: Turn, words: str, name: str, holders: Sequence[RoleFacts], people: dict[str, ContactFacts], sources: Sources
) -> str:
    rows = [one for one in holders if one.contact == name]
    title = f", {rows[0].title}," if rows[0].title else ""
    closed = "" if rows[0].deal_status == "open" else f" ({rows[0].deal_status})"
    on = wording.join([f"{one.deal}{closed} {sources.mark(cite_role(one))}" for one in rows[:3]])
    line = f"**{name}**{title} {'was' if closed else 'is'} the {words} on {on}."
    known = people.get(rows[0].contact_id)
    if known is not None and known.last_touch:
        line += f" Last contact {wording.ago(local_day(turn, known.last_touch), turn.today)}."
    return line


def role_named(text: str) -> str:
    """The role a person means: ``Economic buyer`` is economic_buyer, ``sponsor`` champion; unknown words stay."""
    plain = re.sub(r"[\s_-]+", " ", text.strip().casefold()).removesuffix("s")
    for role in ContactRole:
        if plain == role.value.replace("_", " "):
            return role.value
    if plain in _SPELLINGS:
        return _SPELLINGS[plain].value
    return plain.replace(" ", "_")


def people_card(
    turn: Turn, title: str, people: Sequence[ContactFacts], parts: dict[str, list[RoleFacts]], most: int = 10
) -> PeopleCard:
    return PeopleCard(
        title=title,
        people=tuple(
            ContactLine(
                id=one.id,
                name=one.name,
                title=one.title,
                account=one.account,
                roles=tuple(dict.fromkeys(wording.words(part.role) for part in parts.get(one.id, ()))),
                email=one.email,
                phone=one.phone,
                note=_note(one, turn),
                last_touch=local_day(turn, one.last_touch) if one.last_touch else None,
            )
            for one in list(dict.fromkeys(people))[:most]
        ),
    )


def _note(one: ContactFacts, turn: Turn) -> str | None:
    if one.left_on:
        return f"left on {wording.day(one.left_on, turn.today)}"
    if one.do_not_contact:
        return "do not contact"
    return "advocate" if one.is_advocate else None


def _parts(played: Sequence[RoleFacts]) -> dict[str, list[RoleFacts]]:
    found: defaultdict[str, list[RoleFacts]] = defaultdict(list)
    for one in played:
        found[one.contact_id].append(one)
    return dict(found)


def _role_words(parts: Sequence[RoleFacts], sources: Sources) -> str:
    """``champion [1], user [2]``: each part once, from the deal that matters most."""
    first: dict[str, RoleFacts] = {}
    for part in parts:
        first.setdefault(part.role, part)
    return ", ".join(f"{wording.words(role)} {sources.mark(cite_role(part))}" for role, part in list(first.items())[:3])


def _nearest_to(role: str, people: Sequence[ContactFacts]) -> list[ContactFacts]:
    """Contacts whose title fits a role, or holds the words that were asked for."""
    pattern = _TITLES.get(role, rf"\b{re.escape(role.replace('_', ' '))}\b")
    return [one for one in people if one.left_on is None and one.title and re.search(pattern, one.title, re.IGNORECASE)]
