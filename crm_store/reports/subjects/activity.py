"""What we did and what is still to be done."""

from sqlalchemy import case

from crm_store.models import Deal, Interaction, Task
from crm_store.reports.catalogue import (
    Field,
    Join,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
)
from crm_store.reports.sql import TODAY, day_of, days_between

INTERACTIONS = Subject(
    name="interactions",
    noun="interaction",
    model=Interaction,
    day="at",
    day_words={"at": "held"},
    joins={
        **owner_joins(Interaction),
        **account_joins(Interaction),
        "deal": Join(Deal, Deal.id == Interaction.deal_id),
    },
    fields=(
        *owner_fields(Interaction),
        *account_fields(Interaction),
        Field("deal", "text", Interaction.deal_id, label=Deal.name, needs=("deal",), named=(Deal.id, Deal.name)),
        Field("channel", "choice", Interaction.channel),
        Field("direction", "choice", Interaction.direction),
        Field("subject", "text", Interaction.subject),
        Field("outcome", "text", Interaction.outcome),
        Field("at", "moment", Interaction.at),
    ),
    quantities=(
        Quantity("duration", "minutes", Interaction.duration_s, usual="sum", divisor=60),
        Quantity(
            "days_since_last_touch",
            "days",
            days_between(Interaction.at, TODAY),
            usual="smallest",
        ),
    ),
)

_KEPT = (Task.status == "done") & (day_of(Task.done_at) <= Task.due)
_DECIDED = Task.due.is_not(None) & (Task.status == "done")
TASKS = Subject(
    name="tasks",
    noun="task",
    model=Task,
    day="due",
    day_words={"due": "due", "done": "done", "created": "created"},
    joins={**owner_joins(Task), **account_joins(Task), "deal": Join(Deal, Deal.id == Task.deal_id)},
    fields=(
        Field("title", "text", Task.title),
        *owner_fields(Task),
        *account_fields(Task),
        Field("deal", "text", Task.deal_id, label=Deal.name, needs=("deal",), named=(Deal.id, Deal.name)),
        Field("kind", "choice", Task.kind),
        Field("status", "choice", Task.status),
        Field("due", "day", Task.due),
        Field("done", "moment", Task.done_at),
        Field("created", "moment", Task.created_at),
    ),
    quantities=(
        Quantity(
            "overdue",
            "days",
            case(((Task.status == "open") & (Task.due < TODAY), days_between(Task.due, TODAY))),
        ),
        Quantity("time_to_done", "days", case((Task.status == "done", days_between(Task.created_at, Task.done_at)))),
    ),
    ratios=(Ratio("on_time_rate", "percent", case((_KEPT, 1), else_=0), case((_DECIDED, 1), else_=0)),),
)
