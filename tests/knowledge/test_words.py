"""When two spellings are one term, and what a question asks about."""

import pytest

from knowledge import words


@pytest.mark.parametrize("written", ["SOC 2", "SOC2", "soc-2", "Soc 2"])
@pytest.mark.parametrize("asked", ["SOC 2", "soc2", "SOC-2"])
def test_the_spellings_of_a_name_with_a_number_are_one_term(asked: str, written: str) -> None:
    assert words.mentions(asked, f"They need ({written}), soon.")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("SOC 2", "SOC 20 and SOC 1"),
        ("SOC 2", "The soccer team has 2 goals"),
        ("invoice", "Put it in voice mail"),
        ("asset", "Such as set prices"),
        ("25", "between 2 5"),
        ("security review", "A review of security"),
        ("", "anything"),
    ],
)
def test_what_only_looks_alike_is_not_a_mention(asked: str, text: str) -> None:
    assert not words.mentions(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("renewal", "they renewed in May"),
        ("pricing", "the prices rose"),
        ("cancellation", "wants to cancel"),
        ("negotiate", "in negotiations"),
        ("deliveries", "One delivery failed"),
        ("evaluating", "they evaluate until May"),
        ("evaluation", "the evaluators met"),
        ("repeat", "it was repeated"),
        ("created", "to create a plan"),
        ("follow-up", "We follow up on Tuesday"),
        ("followup", "A follow-up is due"),
        ("email", "sent by e-mail"),
        ("Muller", "Frau Müller called"),
        ("1000", "EUR 1,000"),
        ("champion", "Bo is the champion's deputy"),
        ("master services agreement for the north", "the Master Services Agreement for the North"),
    ],
)
def test_forms_accents_and_hyphens_do_not_hide_a_mention(asked: str, text: str) -> None:
    assert words.mentions(asked, text)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("has anyone mentioned SOC 2?", ("SOC 2",)),
        ("did Halden say anything about the ISO 27001 audit", ("Halden", "ISO 27001", "audit")),
        ("renewals 2026", ("renewals", "2026")),
        ('who said "security review" about price?', ("security review", "price")),
        ("what was said?", ("said",)),
        ("what is it?", ()),
        ("pricing, price and prices", ("pricing",)),
        ("Q3 forecast", ("Q3", "forecast")),
        ("the top 5 objections", ("objections",)),
        ("is the R&D budget with the US team?", ("R&D", "budget", "US", "team")),
        ("Meridian's EUR 84,000 renewal", ("Meridian", "EUR", "84,000", "renewal")),
        ("the v2.1 release", ("v2.1", "release")),
        ("IS IT THE BUDGET", ("BUDGET",)),
    ],
)
def test_a_question_is_reduced_to_what_it_asks_about(query: str, terms: tuple[str, ...]) -> None:
    assert words.query_terms(query) == terms


@pytest.mark.parametrize(
    ("query", "spelled"),
    [
        ("has anyone mentioned SOC 2?", "has anyone mentioned SOC 2? soc2"),
        ("SOC2 report", "SOC2 report soc 2"),
        ("a follow-up for Q3", "a follow-up for Q3 followup"),
        ("in 2 weeks", "in 2 weeks"),
        ("renewals 2026", "renewals 2026"),
        ("", ""),
    ],
)
def test_a_lexical_query_carries_the_other_spellings_of_its_names(query: str, spelled: str) -> None:
    assert words.with_spellings(query) == spelled
