"""The command line: ``rapport``. Parsing only; what each command does is in :mod:`bot.commands`."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.errors import KNOWN, Misconfigured
from bot.redaction import RedactingFormatter, redact
from bot.settings import Settings

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when it could not, 2 for words it does not know."""
    given = _parser().parse_args(argv)
    _quiet_libraries()
    try:
        settings = Settings.from_environment()
        _log_to_stderr(settings)
        # Loaded here because reading it loads the model and index libraries, which "--help" must not wait for.
        from bot import commands

        return commands.COMMANDS[given.command](settings, given)
    except KNOWN as error:
        print(f"rapport: {redact(str(error))}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("rapport: stopped; what was done so far is kept.", file=sys.stderr)
        return 130
    except Exception as error:
        _log.debug("An error nobody foresaw", exc_info=True)
        print(
            f"rapport: something went wrong that nobody foresaw ({type(error).__name__}), and what was half-way done was "
            "taken back. 'rapport doctor' looks at the installation; with RAPPORT_LOG_LEVEL=DEBUG the same command says where.",
            file=sys.stderr,
        )
        return 1


def _log_to_stderr(settings: Settings) -> None:
    secrets = settings.secrets | {value for name, value in os.environ.items() if name.endswith("_API_KEY")}
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s", secrets))
    logging.basicConfig(level=settings.log_level, handlers=[handler])


def _quiet_libraries() -> None:
    """Nothing leaves the machine: the telemetry of Chroma, LangSmith and friends is off before they are loaded."""
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    os.environ["CHROMA_OTEL_COLLECTION_ENDPOINT"] = ""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        os.environ[name] = "false"
    for name in ("alembic", "slack_bolt", "slack_sdk", "httpx", "bot.slack.app"):
        logging.getLogger(name).setLevel(logging.WARNING)  # what they say at INFO is of no use to an operator


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-24") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rapport", description="A Slack assistant that is a sales team's CRM.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(
        name: str, help_: str, *, who: bool = False, today: bool = False, json: bool = True
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_, description=help_)
        if who:
            made.add_argument(
                "--as", dest="as_", metavar="EMAIL", required=name != "ask", help="whose eyes to look through"
            )
        if today:
            made.add_argument(
                "--today", type=_day, metavar="DATE", help="the day to take for today, such as 2026-11-24"
            )
        if json:
            made.add_argument("--json", action="store_true", help="print one JSON object a line")
        return made

    local = add(
        "local", "Run the bot against a local workspace, with the sample company and a page to chat on.", json=False
    )
    local.add_argument("--port", type=int, default=8791, help="the page's port on this machine (0 takes a free one)")
    local.add_argument("--empty", action="store_true", help="do not load the sample company")
    local.add_argument("--transport", choices=["socket", "http"], default="socket", help="how events reach the bot")

    serve = add("serve", "Run the bot in a real Slack workspace.", json=False)
    serve.add_argument(
        "--transport", choices=["socket", "http"], default="socket",
        help="how events reach the bot: over a connection it opens (Socket Mode), or as signed HTTP through your own proxy",
    )  # fmt: skip
    serve.add_argument(
        "--port", type=int, default=8792, help="for http: the port on this machine that the proxy forwards /slack/events to"
    )
    add("worker", "Run background jobs only.", json=False)
    described = add("manifest", "Print the Slack app manifest to create the app from.", json=False)
    described.add_argument("--url", help="for 'serve --transport http': the public address, such as https://HOST/slack/events")
    add("doctor", "Say what is configured, what is missing and how to mend it.")

    ask = add(
        "ask", "Ask a question; without one, questions are read from standard input, one a line.", who=True, today=True
    )
    ask.add_argument("text", nargs="?", help="the question, in your own words")
    ask.add_argument("--thread", default=None, metavar="ID", help="the conversation it belongs to, for follow-ups")

    confirm = add("confirm", "Confirm a proposal, or some of its items.", who=True, today=True)
    confirm.add_argument("proposal", help="the proposal's id")
    confirm.add_argument("--item", action="append", metavar="ID", help="only this item (may be given several times)")
    reject = add("reject", "Put a proposal aside.", who=True)
    reject.add_argument("proposal", help="the proposal's id")
    undo = add("undo", "Take a change back.", who=True)
    undo.add_argument("change", help="the change's id (rapport confirm prints it)")

    imports = add("import", "Import a folder or file of CSV exports; a second import updates.")
    imports.add_argument("path", type=Path, help="a folder of exports, or one CSV file")
    imports.add_argument(
        "--from", dest="source", required=True, choices=["hubspot", "salesforce", "csv"], help="who wrote it"
    )
    imports.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    imports.add_argument("--map", type=Path, metavar="FILE", help="a mapping: which column is which field, which word which")
    imports.add_argument(
        "--write-map", type=Path, metavar="FILE", help="write the mapping this import would use, to be edited, and do nothing else"
    )

    documents = add("documents", "Import your company's own documents (policies, price lists, playbooks), list or forget them.")
    documents.add_argument("action", choices=["import", "list", "forget"])
    documents.add_argument(
        "path", nargs="?", type=Path,
        help="for import: a folder of .docx, .pdf, .md, .html or .txt files, or one of them; for forget: a folder that was imported",
    )  # fmt: skip

    meeting = add("meeting", "Log a meeting from its transcript or notes.", who=True, today=True)
    meeting.add_argument("action", choices=["log"])
    meeting.add_argument("file", type=Path, help="a WebVTT transcript, or notes as text")
    meeting.add_argument("--account", help="whose meeting it was, where the attendees do not tell")

    report = add("report", "Run a typed report from a JSON file.", who=True, today=True)
    report.add_argument("spec", type=Path, help="a ReportSpec as JSON (- reads standard input)")

    index = add("index", "Rebuild the search index, or compare it with the record.")
    index.add_argument("action", choices=["rebuild", "check"])

    database = add("db", "Create or upgrade the schema, or load the sample company.", today=True)
    database.add_argument("action", choices=["upgrade", "sample"])

    people = add("people", "List the people Rapport knows, or add one.")
    people.add_argument("action", choices=["list", "add"])
    people.add_argument("email", nargs="?", help="for add: the e-mail address they have in Slack")
    people.add_argument("--name", help="their name (the part before the @ when left out)")
    people.add_argument("--role", choices=["rep", "manager", "admin"], default="rep")
    people.add_argument("--team", help="the team they are in; made when it is new")
    people.add_argument("--timezone", default="UTC", help="such as Europe/Berlin")

    fields = add("field", "List, add, change or remove the fields that your company adds to its record.")
    fields.add_argument("action", choices=["list", "add", "change", "remove"])
    fields.add_argument("entity", nargs="?", choices=["account", "contact", "deal", "order", "case"], help="on what")
    fields.add_argument("name", nargs="?", help="its name, or for add what people call it")
    fields.add_argument("--as", dest="as_", metavar="EMAIL", help="the administrator who does it")
    fields.add_argument("--kind", choices=["text", "number", "money", "date", "flag", "choice"], default="text")
    fields.add_argument("--choice", action="append", metavar="TEXT", help="a choice, in their order (may be given several times)")
    fields.add_argument("--label", help="what people call it")
    fields.add_argument("--position", type=int, metavar="N", help="its place among the fields of its kind of record")
    fields.add_argument("--purge", action="store_true", help="for remove: delete its values as well, for good")

    duplicates = add("duplicates", "List accounts and contacts that are probably in the record twice.", who=True)
    duplicates.add_argument("--kind", choices=["account", "contact"], help="only these (both when left out)")
    duplicates.add_argument("--limit", type=int, default=20, metavar="N", help="how many of each at most")
    merge = add("merge", "Make two accounts or two contacts one; it can be undone.", who=True)
    merge.add_argument("kind", choices=["account", "contact"])
    merge.add_argument("keep", help="the one that stays: its id, name or a contact's e-mail address")
    merge.add_argument("other", help="the one that becomes part of it")
    merge.add_argument("--yes", action="store_true", help="do it at once, without a proposal to confirm")

    person = add("person", "Export everything about one person, or erase them.", who=True)
    person.add_argument("action", choices=["export", "erase"])
    person.add_argument("who", help="an e-mail address, a contact's id or whole name")
    person.add_argument("--out", type=Path, metavar="FILE", help="for export: write it there and not to standard output")
    person.add_argument("--yes", action="store_true", help="for erase: do not ask")
    retention = add("retention", "Remove what is older than the settings allow it to be kept.")
    retention.add_argument("--dry-run", action="store_true", help="say what would go and remove nothing")
    return parser


__all__ = ["Misconfigured", "main"]

if __name__ == "__main__":
    sys.exit(main())
