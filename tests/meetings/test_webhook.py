"""The signed webhook and the job behind it, and meetings that had to be asked about."""

import json
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from bot.errors import BadInput
from bot.jobs import Worker
from bot.meetings.desk import MeetingDesk
from bot.meetings.intake import Intake
from bot.meetings.webhook import JOB_KIND, MOST_BYTES, PATH, app, serve, signature
from bot.questions import Answer
from crm_store import changes
from crm_store.people import Caller, Visibility, caller_for
from crm_store.queries import interactions
from crm_store.queries.interactions import InteractionFilter
from crm_store.store import Store
from tests.meetings.company import AT, SYSTEM, Company, vtt

SECRET = "a long secret"
TEXT = vtt("Rena Falk: Good morning.", "Ida Sund: I will send you the shift plan by Monday.")


def body(**values: object) -> bytes:
    sent = {
        "id": "rec-1",
        "title": "Weekly",
        "started_at": "2026-11-19T09:00:00+01:00",
        "host_email": "rena.falk@halvern.example",
        "transcript": TEXT,
    }
    return json.dumps({name: value for name, value in (sent | values).items() if value is not None}).encode()


def headers(content: bytes, at: datetime = AT, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {"X-Rapport-Timestamp": stamp, "X-Rapport-Signature": signature(secret, stamp, content)}


@pytest.fixture
def client(firm: Company) -> TestClient:
    return TestClient(app(firm.store, SECRET, Visibility.OWN, lambda: AT, lambda: None))


def desk(firm: Company, deliver: Callable[[str, Answer, str], None] | None = None) -> MeetingDesk:
    def find(email: str) -> Caller:
        with firm.store.read(SYSTEM) as session:
            return caller_for(session, email)

    return MeetingDesk(firm.store, Intake(firm.store, "EUR"), find, lambda: AT, deliver)


def work(firm: Company, at: MeetingDesk) -> int:
    return Worker(firm.store, {JOB_KIND: at.run_job}, lambda: AT).drain()


def logged(firm: Company) -> list[interactions.InteractionFacts]:
    with firm.store.read(SYSTEM) as session:
        return list(interactions.interactions(session, InteractionFilter(channel="meeting"), limit=9).rows)


def test_a_signed_meeting_is_accepted_once_and_logged_as_its_host(firm: Company, client: TestClient) -> None:
    content = body()
    first, second = (client.post("/meetings", content=content, headers=headers(content)) for _ in range(2))
    assert (first.status_code, first.json()["status"]) == (202, "accepted")
    assert (second.status_code, second.json()["status"]) == (202, "received before")
    delivered: list[tuple[str, Answer, str]] = []
    at = desk(firm, lambda email, answer, key: delivered.append((email, answer, key)))
    assert work(firm, at) == 1
    (meeting,) = logged(firm)
    assert (meeting.owner, meeting.subject, meeting.at) == (
        "Rena Falk",
        "Weekly",
        datetime.fromisoformat("2026-11-19T08:00:00+00:00"),
    )
    ((email, answer, key),) = delivered
    assert (email, key) == ("rena.falk@halvern.example", "meeting:webhook:rec-1")
    assert [view.status for view in answer.proposals] == ["applied", "open"]


def test_a_job_that_runs_again_after_a_crash_logs_nothing_twice(firm: Company, client: TestClient) -> None:
    content = body()
    client.post("/meetings", content=content, headers=headers(content))

    def crash(email: str, answer: Answer, key: str) -> None:
        raise RuntimeError("the process died here")

    work(firm, desk(firm, crash))
    later = AT + timedelta(minutes=1)
    assert Worker(firm.store, {JOB_KIND: desk(firm).run_job}, lambda: later).drain() == 1
    assert len(logged(firm)) == 1


def test_without_a_place_to_post_the_proposal_waits_for_its_person(firm: Company, client: TestClient) -> None:
    content = body()
    client.post("/meetings", content=content, headers=headers(content))
    work(firm, desk(firm))
    with firm.store.read(firm.rep.scope) as session:
        assert len(list(changes.open_proposals(session, firm.rep.person_id, "meeting:rec-1"))) == 1


@pytest.mark.parametrize("skew", [-301, 301])
def test_a_replay_after_five_minutes_is_refused(firm: Company, client: TestClient, skew: int) -> None:
    content = body()
    answer = client.post("/meetings", content=content, headers=headers(content, AT + timedelta(seconds=skew)))
    assert answer.status_code == 401
    assert work(firm, desk(firm)) == 0


def test_a_wrong_or_missing_signature_is_refused(firm: Company, client: TestClient) -> None:
    content = body()
    signed = headers(content)
    wrong: list[dict[str, str]] = [
        {},
        headers(content, secret="another"),
        headers(b"other"),
        signed | {"X-Rapport-Timestamp": "0"},
        signed | {"X-Rapport-Signature": "v1=caf\u00e9"},
    ]
    for given in wrong:
        sent = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
        assert client.post("/meetings", content=content, headers=sent).status_code == 401
    assert work(firm, desk(firm)) == 0


def test_an_oversized_body_is_refused_even_when_it_hides_its_length(client: TestClient) -> None:
    content = b"x" * (MOST_BYTES + 1)
    assert client.post("/meetings", content=content, headers=headers(content)).status_code == 413
    assert client.post("/meetings", content=iter([content]), headers=headers(content)).status_code == 413


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"transcript": None}, "exactly one"),
        ({"notes": "also"}, "exactly one"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"started_at": "2026-11-19T09:00:00"}, "started_at"),
        ({"move_deal_to": "Won"}, "move_deal_to"),
        ({"host_email": "nobody@halvern.example"}, "nobody@halvern.example"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_with_the_field(
    client: TestClient, values: dict[str, object], says: str
) -> None:
    content = body(**values)
    answer = client.post("/meetings", content=content, headers=headers(content))
    assert answer.status_code == 422
    assert says in answer.json()["error"]


@pytest.mark.parametrize("away", ["sqlite:////no/such/folder/{}.db", "postgresql+psycopg://crm_user:hush-hush@127.0.0.1:9/{}"])
def test_while_the_database_is_away_the_recorder_is_asked_to_send_the_meeting_again(away: str) -> None:
    store = Store(away.format("our_record"))
    content = body()
    answer = TestClient(app(store, SECRET, Visibility.OWN, lambda: AT, lambda: None)).post(
        "/meetings", content=content, headers=headers(content)
    )
    store.close()
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
    assert "again" in answer.json()["error"]
    for hidden in ("our_record", "127.0.0.1", "crm_user", "hush-hush", "/no/such"):
        assert hidden not in answer.text


def test_without_a_secret_the_webhook_is_closed(firm: Company) -> None:
    closed = TestClient(app(firm.store, None, Visibility.OWN, lambda: AT, lambda: None))
    content = body()
    answer = closed.post("/meetings", content=content, headers=headers(content, secret=""))
    assert answer.status_code == 404
    assert "RAPPORT_WEBHOOK_SECRET" in answer.json()["error"]


def test_turns_and_notes_are_taken_as_well(firm: Company, client: TestClient) -> None:
    attendees = [{"name": "Ida Sund", "email": "ida.sund@kestrel.example"}]
    turns = [{"speaker": "Ida Sund", "offset_s": 3, "text": "We start in May."}]
    for content in (
        body(id="r1", transcript=None, turns=turns),
        body(id="r2", transcript=None, notes="- Ida Sund wants a trial", attendees=attendees),
    ):
        assert client.post("/meetings", content=content, headers=headers(content)).status_code == 202
    assert work(firm, desk(firm)) == 2
    assert {one.theirs for one in logged(firm)} == {("Ida Sund",)}


def test_a_meeting_that_cannot_be_read_is_told_and_not_tried_again(firm: Company, client: TestClient) -> None:
    content = body(transcript="WEBVTT\n\n")
    client.post("/meetings", content=content, headers=headers(content))
    told: list[str] = []
    assert work(firm, desk(firm, lambda email, answer, key: told.append(answer.text))) == 1
    assert "no spoken words" in told[0]


def test_the_server_listens_on_loopback_and_stops(firm: Company) -> None:
    web = app(firm.store, SECRET, Visibility.OWN, lambda: AT, lambda: None)
    content = body()
    with serve(web, 0) as server:
        assert server.url.startswith("http://127.0.0.1:")
        request = urllib.request.Request(server.url + PATH, content, headers(content))
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 202


def test_a_meeting_that_was_asked_about_is_filed_by_choosing_an_option(firm: Company) -> None:
    at = desk(firm)
    text = vtt("Some Body: We need the plan for Kestrel Foods.", "Rena Falk: I'll send it on Monday.")
    asked = at.log_file(firm.rep, "sync.vtt", text.encode(), AT, account=None, thread="t", origin="test")
    assert asked.question is not None
    choice = next(option for option in asked.question.options if option.label == "Kestrel Foods")
    answer = at.filed(firm.rep, choice.value, "t", "test", AT)
    assert answer is not None
    assert answer.text.startswith("*Logged")
    assert logged(firm)[0].account == "Kestrel Foods"


def test_nobody_else_can_file_a_meeting_that_waits(firm: Company) -> None:
    at = desk(firm)
    asked = at.log_file(
        firm.rep, "sync.vtt", vtt("Some Body: Hello there.").encode(), AT, account=None, thread="t", origin="test"
    )
    assert asked.question is not None
    with pytest.raises(BadInput, match="waits for you"):
        at.filed(firm.other, asked.question.options[0].value, "t", "test", AT)
    assert at.filed(firm.rep, "what is the latest on Kestrel?", "t", "test", AT) is None


def test_a_meeting_can_be_kept_without_an_account(firm: Company) -> None:
    at = desk(firm)
    asked = at.log_file(
        firm.rep, "sync.vtt", vtt("Some Body: Hello there.").encode(), AT, account=None, thread="t", origin="test"
    )
    assert asked.question is not None
    at.filed(firm.rep, asked.question.options[-1].value, "t", "test", AT)
    assert [(one.account, one.theirs) for one in logged(firm)] == [(None, ("Some Body",))]
