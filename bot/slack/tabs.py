"""What is shown without being asked, and done beside the acknowledgement: the home tab, modals."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bot.slack.blocks import Viewer
from bot.slack.failures import sentence
from bot.slack.home import home, sorry
from bot.slack.identity import Identities, NotAPerson
from bot.slack.kit import Json
from bot.slack.limits import check
from bot.slack.modals import told
from bot.slack.outbound import Outbound
from bot.slack.parts import Parts
from crm_store.people import Caller

LOG = logging.getLogger(__name__)


class Tabs:
    """Views of one workspace; ``executor`` runs what must not hold up an acknowledgement."""

    def __init__(self, out: Outbound, parts: Parts, identities: Identities, executor: ThreadPoolExecutor) -> None:
        self._out = out
        self._parts = parts
        self._identities = identities
        self._executor = executor

    def soon(self, work: Callable[[], object]) -> None:
        """Run it beside the acknowledgement; what goes wrong is logged."""

        def run() -> None:
            try:
                work()
            except Exception as error:
                sentence(error, "Something beside an acknowledgement")

        self._executor.submit(run)

    def show_home(self, user: str) -> None:
        """Publish somebody's home tab; whoever may see nothing is told what to do."""
        try:
            caller = self._identities.caller(user)
            now = self._parts.clock()
            view = home(caller.name, self._parts.home(caller, now), viewer(caller, self._parts))
        except NotAPerson:
            return
        except Exception as error:
            view = sorry(sentence(error, "The home tab"))
        self._out.patiently(lambda: self._out.client.views_publish(user_id=user, view=_checked(view)), again=True)

    def open_modal(self, user: str, trigger_id: str, make: Callable[[Caller], Json], doing: str) -> None:
        """Open what ``make`` builds for the caller; when it cannot, a modal says why."""

        def run() -> None:
            try:
                view = make(self._identities.caller(user))
            except NotAPerson:
                return
            except Exception as error:
                view = told(sentence(error, doing))
            self._out.patiently(lambda: self._out.client.views_open(trigger_id=trigger_id, view=_checked(view)))

        self.soon(run)


def viewer(caller: Caller, parts: Parts) -> Viewer:
    return Viewer(caller.zone, parts.clock().astimezone(caller.zone).date())


def _checked(view: Json) -> Json:
    violations = check(view)
    if violations:
        LOG.error("A view breaks Slack's limits: %s", violations[:5])
        text = "What I wanted to show is too long for this window."
        return sorry(text) if view["type"] == "home" else told(text)
    return view
