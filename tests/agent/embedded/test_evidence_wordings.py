"""Questions that are answered with quotes, in the words people use."""

import pytest

from tests.agent.embedded.record import after, plan

Told = tuple[str, str, dict[str, object]]

ASKS: tuple[Told, ...] = (
    ("qualify Northgate", "qualify", {"account": "northgate"}),
    ("BANT for Tessera", "qualify", {"account": "tessera"}),
    ("MEDDPICC on Northgate please", "qualify", {"account": "northgate", "framework": "meddpicc"}),
    ("is Tessera properly qualified?", "qualify", {"account": "tessera"}),
    ("what are we missing on Northgate?", "qualify", {"account": "northgate", "framework": "meddpicc", "gaps_only": True}),
    ("do we know Tessera's budget?", "qualify", {"account": "tessera", "field": "budget"}),
    ("how much can Northgate spend?", "qualify", {"account": "northgate", "field": "budget"}),
    ("what is the decision process at Tessera?", "qualify", {"account": "tessera", "field": "decision_process"}),
    ("how does Northgate decide?", "qualify", {"account": "northgate", "field": "decision_process"}),
    ("what are Tessera's decision criteria", "qualify", {"account": "tessera", "field": "decision_criteria"}),
    ("what pain does Northgate have", "qualify", {"account": "northgate", "field": "need"}),
    ("when does Tessera want to go live?", "qualify", {"account": "tessera", "field": "timeline"}),
    ("who are we up against at Northgate?", "qualify", {"account": "northgate", "field": "competition"}),
    ("is Tessera talking to other vendors?", "qualify", {"account": "tessera", "field": "competition"}),
    ("what objections does Northgate have?", "objections", {"account": "northgate"}),
    ("any unanswered objections at Tessera", "objections", {"account": "tessera", "open_only": True}),
    ("summarise last month with Northgate", "summarise", {"account": "northgate", "since": "2026-10-01", "until": "2026-10-31"}),
    ("recap the last three calls with Tessera", "summarise", {"account": "tessera", "last": 3, "channel": "call"}),
    ("tl;dr of the email thread with Northgate", "summarise", {"account": "northgate", "thread": True}),
    ("what's the NPS of Tessera", "satisfaction", {"account": "tessera"}),
    ("would 90k be too much for Northgate?", "qualify", {"account": "northgate", "field": "budget"}),
    ("what can Tessera sign without the board?", "qualify", {"account": "tessera", "field": "budget"}),
    ("does Northgate look at anyone else?", "qualify", {"account": "northgate", "field": "competition"}),
    ("is Zephyrix out at Tessera?", "qualify", {"account": "tessera", "field": "competition"}),
    ("when will Northgate buy?", "qualify", {"account": "northgate", "field": "timeline"}),
    ("what bothers Tessera?", "objections", {"account": "tessera"}),
    ("has Tessera got anything against us?", "objections", {"account": "tessera"}),
    ("why doesn't Northgate sign?", "objections", {"account": "northgate"}),
    ("how did we answer Northgate's demand for a discount?", "objections", {"account": "northgate"}),
    ("why did Tessera go with Zephyrix?", "qualify", {"account": "tessera", "field": "competition"}),
    ("what don't we know about Northgate?", "qualify", {"account": "northgate", "framework": "meddpicc", "gaps_only": True}),
    ("what objections did Northgate raise and did we answer them?", "objections", {"account": "northgate"}),
    ("what goes wrong with planning at Tessera today?", "qualify", {"account": "tessera", "field": "need"}),
    ("who beat us at Northgate?", "qualify", {"account": "northgate", "field": "competition"}),
    ("which accounts did Zephyrix take off us?", "list_deals", {"owner": "everyone", "status": "lost", "competitor": "Zephyrix"}),
    ("what does Tessera like about us?", "satisfaction", {"account": "tessera"}),
    ("how expensive is Zephyrix at Northgate?", "search_notes", {"query": "Zephyrix", "account": "northgate"}),
)
DIFFERENT: tuple[Told, ...] = (
    ("is it 38k or 41k at Northgate?", "said_differently", {"account": "northgate", "between": ["38k", "41k"]}),
    ("which month is it at Tessera, March or June?", "said_differently", {"account": "tessera", "between": ["March", "June"]}),
    ("any conflicting dates at Northgate?", "said_differently", {"account": "northgate"}),
    ("is the go-live at Tessera in March or in June?", "said_differently", {"account": "tessera", "between": ["March", "June"]}),
    ("is Tessera consistent about the budget?", "said_differently", {"account": "tessera"}),
    ("Helena told us 6 changes a day, does that still hold?", "said_differently", {"account": "northgate", "between": ["6"]}),
    ("Northgate nights, 180 people or more?", "said_differently", {"account": "northgate", "between": ["180"]}),
    ("did Helena tell us different things about the timeline?", "said_differently", {"contact": "helena-northgate"}),
)
SUMMED: tuple[Told, ...] = (
    ("my last three calls with Helena, boil them down for me", "summarise", {"contact": "helena-northgate", "last": 3, "channel": "call"}),
    ("the five most recent touchpoints with Tessera, summarised", "summarise", {"account": "tessera", "last": 5}),
    ("give me the short version of our last 10 interactions with Northgate", "summarise", {"account": "northgate", "last": 10}),
    ("condense the mail chain with Helena", "summarise", {"contact": "helena-northgate", "thread": True}),
    ("Tessera, last week, short summary please", "summarise", {"account": "tessera", "since": "2026-11-09", "until": "2026-11-15"}),
)
DRAFTED: tuple[Told, ...] = (
    ("need to mail Helena re pricing, knock up a draft", "draft_email", {"contact": "helena-northgate", "topic": "pricing"}),
    ("prepare one mail on security for Helena", "draft_email", {"contact": "helena-northgate", "topic": "security"}),
    ("pricing is the topic, Helena is the recipient, you do the draft email", "draft_email", {"contact": "helena-northgate", "topic": "pricing"}),
)
PAPERS = (
    "what's our discount policy?",
    "who has to approve a 20% discount?",
    "what can I tell them about data residency?",
    "what does the playbook say about renewals?",
    "do we have a SOC 2 report?",
    "how long is our trial?",
    "can I give Northgate 20 percent off?",
    "Tessera wants a 15 % discount, who do I ask?",
    "what do our documents say about references",
)
OTHERS: tuple[Told, ...] = (
    ("summary of my teams week pls", "team_week", {}),
    ("show the timeline of Tessera", "timeline", {"account": "tessera"}),
    ("what did they say about the budget at Tessera", "search_notes", {"account": "tessera", "query": "budget"}),
)


@pytest.mark.parametrize("told", [*ASKS, *OTHERS, *SUMMED, *DRAFTED], ids=lambda told: told[0])
def test_a_question_becomes_this_call(told: Told) -> None:
    text, tool, args = told
    assert [(call.tool, dict(call.args)) for call in plan(text).calls] == [(tool, args)]


@pytest.mark.parametrize("text", PAPERS)
def test_what_our_own_papers_say_is_looked_up_there(text: str) -> None:
    (call,) = plan(text).calls
    assert call.tool == "search_documents"
    assert call.args["query"] == text.rstrip("?") or call.args["query"] == text


@pytest.mark.parametrize("told", DIFFERENT, ids=lambda told: told[0])
def test_what_was_told_in_two_ways_is_looked_for_as_such(told: Told) -> None:
    text, tool, args = told
    (call,) = plan(text).calls
    assert (call.tool, {name: value for name, value in call.args.items() if name != "about"}) == (tool, args)


@pytest.mark.parametrize("text", ["can I call Helena?", "what could Northgate order next?", "can you move Tessera to Proposal"])
def test_what_may_be_done_with_a_customer_is_not_always_a_matter_of_terms(text: str) -> None:
    assert "search_documents" not in {call.tool for call in plan(text).calls}


def test_a_pronoun_stands_for_the_account_talked_about() -> None:
    (call,) = plan("what is their budget?", memory=after("tessera")).calls
    assert (call.tool, dict(call.args)) == ("qualify", {"account": "tessera", "field": "budget"})


@pytest.mark.parametrize(
    "text",
    [
        "log a call with Helena: budget is approved, they decide in March",
        "create a task to qualify Northgate tomorrow",
        "note for Tessera: main competitor is Zephyrix",
        "add to Northgate: objection on price was answered",
    ],
)
def test_what_is_told_is_not_taken_for_a_question(text: str) -> None:
    assert not {call.tool for call in plan(text).calls} & {"qualify", "objections", "summarise", "search_documents"}
