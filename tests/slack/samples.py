"""One believable answer per kind of card, for the golden files."""

from datetime import UTC, date, datetime

from bot.cards import (
    Asked,
    BriefCard,
    ChartCard,
    Citation,
    Column,
    ContactLine,
    DealLineView,
    DealsCard,
    Evidence,
    FieldChange,
    FollowUpsCard,
    Money,
    NoticeCard,
    Option,
    PassagesCard,
    PeopleCard,
    ProposalCard,
    ProposalView,
    ProposedItem,
    Section,
    SuggestionLine,
    SuggestionsCard,
    TableCard,
    TaskLine,
    TasksCard,
    TimelineCard,
    TimelineLine,
)
from bot.questions import Answer

NOW = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
TODAY = NOW.date()
CALL = Citation(
    id="interaction:0190-call", kind="call", title="Renewal call", speaker="Anna Keller", at=NOW,
    quote="We will look at two other vendors before signing.",
)  # fmt: skip
MAIL = Citation(id="interaction:0190-mail", kind="email", title="Re: usage <report>", quote="Price & scope.", at=NOW)
TASK = FieldChange(field="due", label="Due", old=None, new="2026-11-24", old_text="", new_text="Tue 24 Nov")
STEP = FieldChange(
    field="next_step", label="Next step", old="Send usage report", new="Security review", old_text="Send usage report",
    new_text="Security review",
)  # fmt: skip
ITEMS = (
    ProposedItem(
        id="item-1", action="create", entity="interaction", entity_id="call-1", label="Call with Anna Keller (Meridian Foods)",
        changes=(FieldChange(field="at", label="When", old=None, new=None, old_text="", new_text="today, 13:02"),),
        evidence=(Evidence(kind="message", text="log call w Anna"),),
    ),
    ProposedItem(
        id="item-2", action="create", entity="task", entity_id="task-1", label="Task: follow up with Anna Keller",
        changes=(TASK,), evidence=(Evidence(kind="quote", text="Call me on Tuesday.", citation=CALL),),
    ),
    ProposedItem(
        id="item-3", action="update", entity="deal", entity_id="deal-1", label="Meridian renewal", changes=(STEP,)
    ),
)  # fmt: skip
OPEN = ProposalView(id="proposal-1", summary="Call with Anna Keller, and what follows from it.", items=ITEMS)
APPLIED = OPEN.model_copy(
    update={
        "status": "applied", "change_id": "change-1", "decided_at": NOW,
        "items": tuple(item.model_copy(update={"status": "applied"}) for item in ITEMS),
    }
)  # fmt: skip
REJECTED = OPEN.model_copy(
    update={"status": "rejected", "items": tuple(item.model_copy(update={"status": "rejected"}) for item in ITEMS)}
)
DEALS = (
    DealLineView(
        id="d1", name="Meridian renewal", account="Meridian Foods", owner="Rena Kaur", stage="Proposal",
        amount=Money(amount_minor=8_400_000, currency="EUR"), close_date=date(2026, 11, 30), next_step="Security review",
    ),
    DealLineView(id="d2", name="Halden rollout", account="Halden Rail", owner="Otis Brandt", stage="Discovery"),
)  # fmt: skip

SAMPLES: dict[str, Answer] = {
    "text_with_sources": Answer(text="**Renewal at risk.** They look elsewhere [1]; price is why [2].", citations=(CALL, MAIL)),
    "people": Answer(
        text="Two people.",
        cards=(
            PeopleCard(
                title="Who is who at Meridian Foods",
                people=(
                    ContactLine(
                        id="c1", name="Anna Keller", title="Head of IT", account="Meridian Foods", roles=("champion",),
                        email="anna@meridian.example", phone="+49 30 555 010", last_touch=date(2026, 11, 19),
                    ),
                    ContactLine(id="c2", name="Ben <Ott>", note="Left in May", roles=("economic_buyer",)),
                ),
            ),
        ),
    ),
    "deals": Answer(text="2 deals.", cards=(DealsCard(title="Open deals", deals=DEALS, more=3),)),
    "timeline": Answer(
        text="",
        cards=(
            TimelineCard(
                title="Meridian Foods",
                lines=(
                    TimelineLine(
                        id="i1", kind="call", at=NOW, title="Renewal call", gist="Looks at two vendors", who="Anna Keller"
                    ),
                ),
                more=30,
            ),
        ),
    ),
    "tasks": Answer(
        text="",
        cards=(
            TasksCard(
                title="Your tasks",
                tasks=(
                    TaskLine(
                        id="t1", title="Send the usage report", due=date(2026, 11, 18), overdue_days=2,
                        about="Meridian Foods", promise=True,
                    ),
                    TaskLine(id="t2", title="Book a room", due=None, done=True),
                ),
                more=1,
            ),
        ),
    ),
    "tasks_listed_in_the_text": Answer(
        text="**Two tasks**, one overdue:\n• Send the report, *2 days overdue* [1]\n• Book a room [2]\n_Yours alone._",
        citations=(CALL, MAIL),
        cards=(
            TasksCard(
                title="Your tasks",
                tasks=(TaskLine(id="t1", title="Send the report", due=None), TaskLine(id="t2", title="Book a room", due=None)),
            ),
        ),
    ),
    "brief": Answer(
        text="",
        cards=(
            BriefCard(
                title="Meridian Foods, renewal call",
                sections=(
                    Section(title="Where it stands", lines=("EUR 84,000, *Proposal*, pushed twice [1]",)),
                    Section(title="Ask them", lines=("Who else signs?", "What would two vendors change?")),
                ),
            ),
        ),
        citations=(CALL,),
    ),
    "table": Answer(
        text="**EUR 412,000** from 14 deals.",
        cards=(
            TableCard(
                title="Won by person",
                columns=(Column(title="Person"), Column(title="Deals", kind="number"), Column(title="Sum", kind="money")),
                rows=(("Rena Kaur", "9", "EUR 300,000"), ("Otis Brandt", "5", "EUR 112,000")),
                counted="deals won, by close date, team North.",
            ),
        ),
    ),
    "chart": Answer(
        text="Up 9 %.",
        cards=(
            ChartCard(
                title="Won per quarter", unit="EUR", labels=("Q2", "Q3"), series=(("won", (378_000.0, 412_000.5)),),
                alt="Won: EUR 378,000 in Q2, EUR 412,000 in Q3.",
            ),
        ),
    ),
    "passages": Answer(text="", cards=(PassagesCard(title="Nearest passages", passages=(CALL, MAIL)),)),
    "suggestions": Answer(
        text="",
        cards=(
            SuggestionsCard(
                title="Next",
                suggestions=(
                    SuggestionLine(
                        id="promise_overdue:t1", subject="deal", rule="promise_overdue", title="Call Anna Keller at Meridian",
                        why="The report you promised is **2 days** late.", about="Meridian Foods", citations=(CALL,),
                    ),
                ),
            ),
        ),
    ),
    "proposal_open": Answer(text="Here is what I understood.", cards=(ProposalCard(proposal=OPEN),)),
    "proposal_applied": Answer(text="", proposals=(APPLIED,)),
    "proposal_rejected": Answer(text="", proposals=(REJECTED,)),
    "proposal_of_one": Answer(text="", proposals=(OPEN.model_copy(update={"items": ITEMS[2:]}),)),
    "follow_ups": Answer(text="Done.", cards=(FollowUpsCard(options=(Option(label="Show deals", value="show my deals"),)),)),
    "notice": Answer(text="", cards=(NoticeCard(level="warning", text="Two deals in GBP were **converted**."),)),
    "asked": Answer(
        text="Which Anna?",
        question=Asked(
            text="Which Anna?",
            options=(Option(label="Anna Keller, Meridian", value="c1"), Option(label="Anna Berg, Halden", value="c9")),
        ),
    ),
    "canary": Answer(
        text="They wrote <!channel> & <@U0123456>.",
        citations=(CALL.model_copy(update={"title": "<!here>", "speaker": "<@U1>", "quote": "<!channel>"}),),
        cards=(
            TasksCard(title="<!channel>", tasks=(TaskLine(id="t<!x>", title="<@U1> & *co*", due=None),)),
            DealsCard(title="<#C1>", deals=(DEALS[0].model_copy(update={"name": "<!everyone>"}),)),
            BriefCard(title="<!here>", sections=(Section(title="<!here>", lines=("<@U1>",)),)),
        ),
    ),
}  # fmt: skip
