from bot.agent.embedded.normalise import cleaned, normalised
from tests.agent.embedded.record import NAMES


def test_slack_markup_and_typographic_quotes_are_taken_out() -> None:
    assert cleaned("<@U0123> mail <mailto:ann@acme.example|ann@acme.example> &amp; say “hi” :wave: *now*") == 'mail ann@acme.example & say "hi" now'


def test_misspelt_commands_are_mended_and_names_are_not() -> None:
    assert normalised("shwo my pipelnie", NAMES.knows).text == "show my pipeline"
    assert "Tessera" in normalised("whats new at Tessera", NAMES.knows).text


def test_every_place_leads_back_to_what_was_typed() -> None:
    normal = normalised("mtg w/ Priya, she's keen", NAMES.knows)
    start = normal.text.index("she is")
    assert normal.text.startswith("meeting with Priya")
    assert normal.verbatim(start, len(normal.text)) == "she's keen"
    assert len(normal.origin) == len(normal.text) + 1
