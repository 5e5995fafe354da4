"""A small company with a real record, whose answers are scripted: what the Slack app is tested against."""

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from bot import decisions, sources
from bot.cards import Card, ChartCard, Citation, Option, ProposalCard, ProposalView
from bot.errors import NotAllowed
from bot.proposals import view
from bot.questions import Answer, Question
from bot.settings import Settings
from bot.sources import OpenedSource
from crm_store import changes
from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.conversations import add_turn
from crm_store.models import Deal, Interaction, Task
from crm_store.people import Caller, Visibility, caller_for
from crm_store.store import Store
from tests import builders

Script = Callable[[Question], Answer]
REP, OTHER, BOSS = "rena.kaur@halvern.example", "otis.brandt@halvern.example", "bea.moreau@halvern.example"
GUEST, STRANGER, UNKNOWN = "gil@halvern.example", "sten@elsewhere.example", "una@halvern.example"
SECRET = "Orion Turbines"
QUOTE = "They will look at two other vendors before signing."


class Company:
    """Satisfies :class:`bot.slack.parts.Parts`. ``scripts`` maps a question to what makes its answer."""

    def __init__(self, store: Store, home: Path, visibility: Visibility = Visibility.OWN) -> None:
        self.store = store
        self.settings = Settings(home=home, visibility=visibility)
        self.scripts: dict[str, Script] = {}
        self.questions: list[Question] = []
        self.suggestion_words: list[tuple[str, str, date | None]] = []
        self.dropped: list[tuple[str, bytes]] = []
        self.home_tab: list[Card] = []
        self.answering = threading.Lock()  # held by a test that has to know a message's time before it is answered
        self.on_wake: Callable[[], None] = lambda: None
        self.now = builders.NOW
        with store.write(Scope.system("test")) as session:
            rep = builders.person(session, "Rena Kaur")
            other = builders.person(session, "Otis Brandt")
            builders.person(session, "Bea Moreau", role="admin")
            meridian = builders.account(session, "Meridian Foods", rep)
            builders.account(session, SECRET, other)
            anna = builders.contact(session, "Anna Keller", meridian)
            stages = builders.pipeline(session)
            deal = builders.deal(session, "Meridian renewal", meridian, stages["Proposal"])
            call = builders.interaction(
                session, meridian, f"We spoke for a while. {QUOTE} Then lunch.", anna,
            )  # fmt: skip
            self.rep_id, self.account_id, self.contact_id = rep.id, meridian.id, anna.id
            self.deal_id, self.call_id, self.stage_ids = deal.id, call.id, {name: s.id for name, s in stages.items()}

    @property
    def clock(self) -> Callable[[], datetime]:
        return lambda: self.now

    def wake(self) -> None:
        self.on_wake()

    def caller_for_email(self, email: str) -> Caller:
        with self.store.read(Scope.system("test")) as session:
            return caller_for(session, email, self.settings.visibility)

    def answer(self, question: Question) -> Answer:
        with self.answering:
            self.questions.append(question)
            caller = question.caller
            with self.store.write(caller.scope) as session:
                add_turn(session, caller.person_id, question.thread, question.text, "", {}, question.now)
        script = self.scripts.get(question.text)
        return script(question) if script else Answer(text=f"You said: {question.text}")

    def propose(self, person_id: str, drafts: Sequence[Draft], summary: str) -> str:
        with self.store.write(self.caller_for_email(REP).scope) as session:
            return changes.propose(
                session, person_id=person_id, drafts=list(drafts), summary=summary, origin="slack", now=self.now
            )

    def propose_call(self, question: Question) -> Answer:
        """A call to log with a task and a next step, as three items of one proposal."""
        call_id = new_id()
        drafts = [
            Draft(
                "create", "interaction",
                {"channel": "call", "direction": "outbound", "at": self.now, "subject": "Call with Anna Keller",
                 "body": "wants a security review before signing", "account_id": self.account_id,
                 "owner_id": question.caller.person_id},
                call_id, "Call with Anna Keller (Meridian Foods)",
            ),
            Draft(
                "create", "task",
                {"title": "Follow up with Anna Keller", "due": date(2026, 11, 24), "account_id": self.account_id,
                 "owner_id": question.caller.person_id},
                new_id(), "Task: follow up with Anna Keller",
            ),
            Draft("update", "deal", {"next_step": "Security review"}, self.deal_id, "Meridian renewal"),
        ]  # fmt: skip
        proposal_id = self.propose(question.caller.person_id, drafts, "Call with Anna Keller and what follows from it.")
        return Answer(
            text="**Log this?** A call with Anna Keller.",
            cards=(ProposalCard(proposal=self.proposal(question.caller, proposal_id)),),
        )

    def propose_amount(self, question: Question) -> Answer:
        drafts = [
            Draft(
                "update",
                "deal",
                {"amount_minor": 9_000_000, "close_date": date(2026, 12, 1)},
                self.deal_id,
                "Meridian renewal",
            )
        ]
        proposal_id = self.propose(question.caller.person_id, drafts, "Meridian renewal: amount and close date.")
        return Answer(text="Change it?", cards=(ProposalCard(proposal=self.proposal(question.caller, proposal_id)),))

    def citation(self) -> Citation:
        return Citation(
            id=f"interaction:{self.call_id}", kind="call", title="Call with Anna",
            quote=QUOTE, speaker="Anna Keller", at=self.now,
        )  # fmt: skip

    def proposal(self, caller: Caller, proposal_id: str) -> ProposalView:
        with self.store.read(caller.scope) as session:
            return view(session, proposal_id, caller.zone, self.now.astimezone(caller.zone).date())

    def stages(self, caller: Caller, stage_id: str) -> Sequence[Option]:
        return [Option(label=name, value=stage) for name, stage in self.stage_ids.items()]

    def confirm(
        self, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None = None, origin: str = "slack"
    ) -> Answer:
        return decisions.confirm(self.store, caller, proposal_id, item_ids, origin, self.now, home=self.settings.home)

    def reject(self, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None = None) -> Answer:
        return decisions.reject(self.store, caller, proposal_id, item_ids, self.now)

    def edit(self, caller: Caller, proposal_id: str, values: dict[str, dict[str, object]]) -> Answer:
        return decisions.edit(self.store, caller, proposal_id, values, self.now)

    def undo(self, caller: Caller, change_id: str, origin: str = "slack") -> Answer:
        return decisions.undo(self.store, caller, change_id, origin, self.now)

    def complete_task(self, caller: Caller, task_id: str, *, key: str = "") -> Answer:
        return decisions.complete_task(self.store, caller, task_id, "slack", self.now, key=key)

    def open_source(self, caller: Caller, citation_id: str) -> OpenedSource:
        with self.store.read(caller.scope) as session:
            return sources.open_source(session, citation_id)

    def suggestion_event(self, caller: Caller, suggestion_id: str, event: str, until: date | None = None) -> None:
        self.suggestion_words.append((suggestion_id, event, until))

    def why(self, caller: Caller, suggestion_id: str) -> Answer:
        return Answer(text="Because the **promised** report is three days late.", citations=(self.citation(),))

    def home(self, caller: Caller, at: datetime, /) -> Sequence[Card]:
        return self.home_tab

    def chart(self, card: ChartCard) -> bytes | None:
        return PIXEL

    def meetings_intake(self, caller: Caller, filename: str, content: bytes, thread: str) -> Answer:
        self.dropped.append((filename, content))
        return Answer(text=f"Read {filename}.")

    # What the tests look at.

    def next_step(self) -> str | None:
        with self.store.read(Scope.system("test")) as session:
            deal = session.get(Deal, self.deal_id)
            assert deal is not None
            return str(deal.next_step) if deal.next_step else None

    def rows(self, model: type[Interaction] | type[Task]) -> int:
        with self.store.read(Scope.system("test")) as session:
            return session.query(model).count()


def refuse(question: Question) -> Answer:
    raise NotAllowed("Only managers may ask that. Ask yours.")


def crash(question: Question) -> Answer:
    raise ZeroDivisionError("xoxb-1-secret in the works")


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
