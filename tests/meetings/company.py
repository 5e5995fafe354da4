"""A small company and the meetings of its rep, for the tests of this folder."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.meetings.intake import Intake
from bot.meetings.sources import read_meeting
from bot.questions import Answer
from crm_store.access import Scope
from crm_store.people import Caller, caller_for
from crm_store.store import Store
from tests import builders

AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # a Friday
SYSTEM = Scope.system("test")


@dataclass(frozen=True)
class Company:
    """Rena owns Kestrel Foods with one open deal; Otto owns Lark Mills, which Rena cannot see."""

    store: Store
    rep: Caller
    other: Caller
    account_id: str
    deal_id: str
    contact_ids: dict[str, str]

    def log(
        self,
        text: str,
        name: str = "sync.vtt",
        *,
        as_: Caller | None = None,
        account: str | None = None,
        thread: str = "t1",
    ) -> Answer:
        caller = as_ or self.rep
        meeting = read_meeting(name, text.encode(), AT, caller.zone)
        return Intake(self.store, "EUR").log(caller, meeting, account=account, thread=thread, origin="test", now=AT)


def company(store: Store) -> Company:
    with store.write(SYSTEM) as session:
        rep = builders.person(session, "Rena Falk")
        other = builders.person(session, "Otto Brenner")
        kestrel = builders.account(session, "Kestrel Foods", rep, domain="kestrel.example")
        lark = builders.account(session, "Lark Mills", other, domain="lark.example")
        stages = builders.pipeline(session)
        deal = builders.deal(
            session,
            "Kestrel packing line",
            kestrel,
            stages["Proposal"],
            amount_minor=5_000_000,
            close_date=date(2026, 12, 31),
            next_step="Demo",
        )
        contacts = {
            name: builders.contact(session, name, account, email=email).id
            for name, account, email in (
                ("Ida Sund", kestrel, "ida.sund@kestrel.example"), ("Pavel Novik", kestrel, "pavel@kestrel.example"),
                ("Greta Holt", lark, "greta@lark.example"),
            )
        }  # fmt: skip
        emails = rep.email, other.email
        ids = kestrel.id, deal.id
    with store.read(SYSTEM) as session:
        return Company(store, caller_for(session, emails[0]), caller_for(session, emails[1]), *ids, contacts)


def vtt(*lines: str) -> str:
    """A WebVTT file with a cue of four seconds for each ``Name: words``."""
    cues = []
    for at, line in enumerate(lines):
        name, _, words = line.partition(": ")
        start, end = at * 4, at * 4 + 3
        cues.append(f"{start // 60:02d}:{start % 60:02d}.000 --> {end // 60:02d}:{end % 60:02d}.500\n<v {name}>{words}")
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"
