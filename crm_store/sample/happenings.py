"""All that happened with every account: the hand-written stories, the week's agenda and the routine around them."""

from dataclasses import dataclass
from datetime import date

from crm_store.base import Base
from crm_store.models import Case, Order, Subscription
from crm_store.sample.accounts import ACCOUNTS
from crm_store.sample.commerce import orders, subscriptions
from crm_store.sample.dealings import PlannedTouch, plan, tasks
from crm_store.sample.endings import endings
from crm_store.sample.forms import Story
from crm_store.sample.routine import routine
from crm_store.sample.selling import PlannedDeal
from crm_store.sample.service import service
from crm_store.sample.stories import STORIES
from crm_store.sample.wording import Wording


@dataclass(frozen=True)
class Happenings:
    """``after`` holds the rows of commerce and service, in an order that satisfies the foreign keys."""

    touches: list[PlannedTouch]
    tasks: list[Base]
    after: list[list[Base]]


def happenings(deals: list[PlannedDeal], today: date) -> Happenings:
    by_account: dict[str, list[Story]] = {}
    for story in STORIES:
        by_account.setdefault(story.account, []).append(story)
    touches: list[PlannedTouch] = []
    rows: list[Base] = []
    wording = Wording()
    bought: list[Base] = []
    served: list[Base] = []
    for account in ACCOUNTS:
        stories = by_account.get(account.key, [])
        told = [touch for story in stories for touch in story.touches]
        own = [deal for deal in deals if deal.account is account]
        around = routine(account, own, told, today, wording)
        ended = endings(account, own, told, today, wording)
        todos = [todo for story in stories for todo in story.todos] + around.todos
        planned = plan(account, [*told, *around.touches, *ended], today)
        touches += planned
        rows += tasks(account, todos, planned, today)
        bought += [*orders(account, stories, own, today), *subscriptions(account, stories, own, today)]
        served += service(account, stories, today)
    first: list[Base] = [row for row in (*bought, *served) if isinstance(row, Order | Subscription | Case)]
    second = [row for row in (*bought, *served) if not isinstance(row, Order | Subscription | Case)]
    return Happenings(touches, rows, [first, second])
