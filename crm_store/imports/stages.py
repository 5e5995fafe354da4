"""Pipelines and stages: those of the record, those of an export's own tables, and those that deals merely mention."""

import re
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.imports.columns import key
from crm_store.imports.known import external, fold
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.sheet import Sheet
from crm_store.models import Pipeline, Stage

# What each product calls its pipeline and stages until somebody changes them: (id, name, status, percent).
_FIRST = {"hubspot": "Sales Pipeline", "salesforce": "Opportunities", "csv": "Sales"}
_STANDARD = {
    "hubspot": (
        ("appointmentscheduled", "Appointment Scheduled", "open", 20), ("qualifiedtobuy", "Qualified To Buy", "open", 40),
        ("presentationscheduled", "Presentation Scheduled", "open", 60), ("decisionmakerboughtin", "Decision Maker Bought-In", "open", 80),
        ("contractsent", "Contract Sent", "open", 90), ("closedwon", "Closed Won", "won", 100), ("closedlost", "Closed Lost", "lost", 0),
    ),
    "salesforce": tuple((key(name), name, status, percent) for name, status, percent in (
        ("Prospecting", "open", 10), ("Qualification", "open", 10), ("Needs Analysis", "open", 20), ("Value Proposition", "open", 50),
        ("Id. Decision Makers", "open", 60), ("Perception Analysis", "open", 70), ("Proposal/Price Quote", "open", 75),
        ("Negotiation/Review", "open", 90), ("Closed Won", "won", 100), ("Closed Lost", "lost", 0),
    )),
    "csv": (),
}  # fmt: skip
NO_STAGE = "No stage given"
_SAME = 92  # of 100: nearer than two stages of one pipeline are to each other
_WON = re.compile(r"\bwon\b|\bclosedwon\b|gewonnen|gagn", re.IGNORECASE)
_LOST = re.compile(r"\blost\b|\bclosedlost\b|verloren|perdu", re.IGNORECASE)


@dataclass(slots=True)
class Step:
    """A stage with what a deal takes over from it."""

    id: str
    pipeline_id: str
    name: str
    status: str
    probability: int
    position: int


class Stages:
    """Finds the stage a deal names, and makes the one that is missing, in the session of the batch."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._pipelines: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._by_id: dict[str, list[Step]] = {}
        self._steps: dict[str, list[Step]] = {}
        self._found: dict[tuple[str, str], Step] = {}

    def load(self, session: Session) -> None:
        for row in session.execute(select(Pipeline.id, Pipeline.name, Pipeline.external_source, Pipeline.external_id)):
            self._names[fold(row.name)] = row.id
            if row.external_source == self.source and row.external_id:
                self._pipelines[row.external_id] = row.id
        for stage in session.scalars(select(Stage)):
            own = stage.external_id if stage.external_source == self.source else None
            self._keep(
                Step(stage.id, stage.pipeline_id, stage.name, stage.status, stage.probability, stage.position), own
            )

    def _keep(self, step: Step, external_id: str | None) -> Step:
        self._steps.setdefault(step.pipeline_id, []).append(step)
        if external_id:
            self._by_id.setdefault(external_id, []).append(step)
        return step

    def pipeline(self, session: Session, given: str, position: int = 0, name: str | None = None) -> tuple[str, bool]:
        """(id, whether it is new) of the pipeline with this id or name; the product's first one when none is given."""
        first = _FIRST[self.source]
        found = self._pipelines.get(given) or self._names.get(fold(name or given or first))
        if found is None and given == "default" and name is None:
            found = self._names.get(fold(first))
        if found is not None:
            if given and name is not None:
                self._pipelines.setdefault(given, found)
            return found, False
        label = (name or (first if given in ("", "default") else given))[:80]
        row_id = new_id()
        session.execute(insert(Pipeline), [{"id": row_id, "name": label, "position": position,
                                            "external_source": self.source, "external_id": given or "default"}])  # fmt: skip
        self._names[fold(label)] = row_id
        self._pipelines[given or "default"] = row_id
        return row_id, True

    def read_pipeline(self, session: Session, row: Row) -> bool:
        """Bring in one row of an export's table of pipelines; whether it is new."""
        given = external(row.raw("id"), self.source)
        name = row.text("name", 80) or given
        if not name:
            raise BadValue("name", "a pipeline needs a name")
        return self.pipeline(session, given or name, int(row.number("position") or 0), name)[1]

    def read_stage(self, session: Session, row: Row) -> str:
        """Bring in one row of an export's table of stages: created, updated or unchanged."""
        given = external(row.raw("id"), self.source)
        name = row.text("name", 80) or given
        if not name:
            raise BadValue("name", "a stage needs a name")
        pipeline_id = self.pipeline(session, external(row.raw("pipeline"), self.source))[0]
        steps = self._steps.get(pipeline_id, [])
        step = next((each for each in self._by_id.get(given, ()) if each.pipeline_id == pipeline_id), None)
        step = step or next((each for each in steps if fold(each.name) == fold(name) and not given), None)
        status = row.choice("status", {"open": "open", "won": "won", "lost": "lost"}, "") if row.given("status") else ""
        status = status or _status(name, row.flag("won"), row.flag("closed"), "open")
        percent = _percent(row.number("probability"), status)
        position = int(row.number("position") or 0) if row.given("position") else len(steps)
        if step is None:
            taken = {fold(each.name) for each in steps}
            if fold(name) in taken:
                other = next(f"{name[:70]} ({n})" for n in range(2, 1000) if fold(f"{name[:70]} ({n})") not in taken)
                row.decide("name", other, "its pipeline has a stage of this name already")
                name = other
            self._make(session, pipeline_id, given or key(name), name, status, percent, position)
            return "created"
        if (step.status, step.probability, step.position) == (status, percent, position):
            return "unchanged"
        step.status, step.probability, step.position = status, percent, position
        session.execute(
            update(Stage), [{"id": step.id, "status": status, "probability": percent, "position": position}]
        )
        return "updated"

    def of_deal(self, session: Session, row: Row) -> Step:
        """The stage of a deal. A name nobody knows becomes a stage: won or lost by the row's flags, or by its name."""
        given, pipeline = row.raw("stage"), external(row.raw("pipeline"), self.source)
        named = self._by_id.get(external(given, self.source), []) if given else []
        if len(named) == 1 and not pipeline:
            return named[0]
        won, closed = row.flag("won"), row.flag("closed")
        if not given:
            name = "Closed Won" if won else "Closed Lost" if closed else NO_STAGE
            row.decide("stage", name, "the row names no stage")
            given = name
        pipeline_id = self.pipeline(session, pipeline)[0]
        for step in named:
            if step.pipeline_id == pipeline_id:
                return step
        steps = self._steps.get(pipeline_id, [])
        wanted = key(given)
        for step in steps:
            if key(step.name) == wanted:
                return step
        digits = re.sub(r"\D", "", wanted)
        near = [(fuzz.ratio(key(step.name), wanted), step) for step in steps if re.sub(r"\D", "", step.name) == digits]
        best = max(near, key=lambda each: each[0], default=None)
        if best is not None and best[0] >= _SAME:
            row.decide("stage", best[1].name, "read as the closest stage there is")
            return best[1]
        return self._from_name(session, row, pipeline_id, given, won, closed)

    def of_history(self, session: Session, sheet: Sheet, line: int, field: str, given: str, pipeline_id: str) -> Step:
        """A stage that a deal was in once; one that no deal is in any more and no table lists is made."""
        step = self._found.get((given, pipeline_id)) or self._known(given, pipeline_id)
        if step is None:
            status = _status(given, None, None, "open")
            made = f"made a stage of this name ({status}), which only the history has"
            sheet.decide(line, sheet.column(field), given, given[:80], made)
            position = len(self._steps.get(pipeline_id, []))
            step = self._make(session, pipeline_id, given, given, status, _percent(None, status), position)
        self._found[given, pipeline_id] = step
        return step

    def _known(self, given: str, pipeline_id: str) -> Step | None:
        named = self._by_id.get(external(given, self.source), [])
        wanted = key(given)
        return next((each for each in named if each.pipeline_id == pipeline_id), None) or next(
            (each for each in self._steps.get(pipeline_id, []) if key(each.name) == wanted), None
        )

    def _from_name(
        self, session: Session, row: Row, pipeline_id: str, given: str, won: bool | None, closed: bool | None
    ) -> Step:
        wanted = key(given)
        place, standard = next(
            ((n, each) for n, each in enumerate(_STANDARD[self.source]) if wanted in (each[0], key(each[1]))), (0, None)
        )
        if standard is not None and won is None and closed is None:
            return self._make(session, pipeline_id, given, standard[1], standard[2], standard[3], place)
        status = _status(given, won, closed, standard[2] if standard else "open")
        percent = standard[3] if standard and standard[2] == status else _percent(row.number("probability"), status)
        last = {"open": 0, "won": 900, "lost": 950}[status]
        position = (
            place
            if standard
            else last + len(self._steps.get(pipeline_id, [])) + (len(_STANDARD[self.source]) if not last else 0)
        )
        if standard is None and given not in ("Closed Won", "Closed Lost", NO_STAGE):
            row.decide("stage", given, f"made a stage of this name ({status})")
        return self._make(
            session, pipeline_id, given, standard[1] if standard else given[:80], status, percent, position
        )

    def _make(
        self, session: Session, pipeline_id: str, external_id: str, name: str, status: str, percent: int, position: int
    ) -> Step:
        step = Step(new_id(), pipeline_id, name[:80], status, percent, position)
        session.execute(insert(Stage), [{
            "id": step.id, "pipeline_id": pipeline_id, "name": step.name, "position": position, "status": status,
            "probability": percent, "external_source": self.source, "external_id": external_id[:128]}])  # fmt: skip
        return self._keep(step, external_id[:128])


def _status(name: str, won: bool | None, closed: bool | None, otherwise: str) -> str:
    if won:
        return "won"
    if closed:
        return "won" if won is None and _WON.search(name) else "lost"
    if won is None and closed is None:
        return "won" if _WON.search(name) else "lost" if _LOST.search(name) else otherwise
    return "open"


def _percent(given: Decimal | None, status: str) -> int:
    """In percent; exports write 0.8 and 80 for the same."""
    if given is None:
        return {"won": 100, "lost": 0}.get(status, 0)
    return max(0, min(100, round(given * 100 if 0 < given < 1 or (given == 1 and status == "won") else given)))
