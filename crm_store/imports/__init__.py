"""Bringing in what HubSpot, Salesforce or a plain CSV file holds.

``import_folder`` reads a folder of CSV files, or one file. What a file holds is found from its name and its columns; a
second import of the same files changes nothing, and of newer ones updates. What a person changed in Rapport since is kept.

Our own CSV is one file per kind of row, named after it. Headers may be in any case and order; columns that are missing are
left alone. ``id`` is any text that stays the same from one import to the next; without it rows are told apart by their
name (contacts by e-mail). ``owner`` is an e-mail address, a name or an id; ``account``, ``deal`` and ``contact`` are an id or a
name. Dates are ``2026-11-30``, times ``2026-11-30 14:05`` in UTC, amounts ``1234.50`` beside an ISO ``currency``.

=====================  ==================================================================================================
file                   columns
=====================  ==================================================================================================
``teams.csv``          id, name, parent
``people.csv``         id, name, email, role (rep, manager, admin), title, team, timezone, active
``pipelines.csv``      id, name, position
``stages.csv``         id, name, pipeline, position, status (open, won, lost), probability (percent)
``products.csv``       id, name, family, code, price, currency, description, active
``accounts.csv``       id, name, kind (prospect, customer, partner, influencer, former), owner, domain, phone, industry,
                       employees, annual revenue, currency, street, city, region, country, description, created at
``contacts.csv``       id, name, email, phone, title, account, owner, lifecycle (lead, qualified, opportunity, customer,
                       advocate), email opt out, do not call, do not contact, left on, born on, description, created at
``leads.csv``          id, name, email, phone, title, company, owner, status, source, industry, created at
``deals.csv``          id, name, account, stage, pipeline, owner, amount, currency, close date, closed at, forecast category
                       (pipeline, best_case, commit, omitted), next step, next step due, competitor, lost reason, source,
                       kind (new, renewal, expansion), contact, description, created at
``deal lines.csv``     id, deal, product, quantity, amount, currency
``deal history.csv``   deal, field (stage, amount, close date, owner, forecast category), new, at
``deal contacts.csv``  deal id, contact id, role
``interactions.csv``   id, type (call, meeting, email, chat, social, event, note), at, subject, body, direction, outcome,
                       duration minutes, account, deal, contact, owner, attendees, url
``tasks.csv``          id, subject, due, status (open, done), account, deal, contact, owner, created at
``orders.csv``         id, number, ordered on, status, amount, currency, account, deal, contact, owner
``order lines.csv``    id, order, product, quantity, amount, currency
``subscriptions.csv``  id, account, product, starts on, ends on, status, seats, amount (a year), currency, owner
``cases.csv``          id, number, subject, description, status, priority, opened at, closed at, first response at,
                       satisfaction (1 to 5), account, contact, owner
``campaigns.csv``      id, name, channel, status, starts on, ends on, budget, currency
``campaign members``   campaign, contact, status (sent, opened, responded, unsubscribed), at
``surveys.csv``        id, kind (nps, csat), score, comment, at, account, contact
=====================  ==================================================================================================
"""

from datetime import datetime
from pathlib import Path
from typing import Literal

from crm_store.imports.files import find_files, open_csv
from crm_store.imports.kinds import detect
from crm_store.imports.known import Known
from crm_store.imports.links import KINDS as LINKS
from crm_store.imports.load import read_all
from crm_store.imports.report import (
    CannotImport,
    Decision,
    FileReport,
    ImportReport,
    Notes,
    Problem,
    Progress,
    Tally,
)
from crm_store.imports.rows import Sheet
from crm_store.imports.run import Run
from crm_store.imports.stages import Stages
from crm_store.imports.writing import SYSTEM, transactions
from crm_store.store import Store

Source = Literal["hubspot", "salesforce", "csv"]


def import_folder(
    store: Store, path: Path, source: Source, *, dry_run: bool, now: datetime, currency: str, progress: Progress
) -> ImportReport:
    """Bring in every CSV file at ``path``. A dry run does the same and leaves nothing behind.

    Rows go in batches, each in a transaction of its own; an import that was cut off is finished by running it again.
    ``currency`` is that of amounts that name none; ``progress`` hears (file, lines done, of all).

    :raises CannotImport: when there is nothing at ``path`` that could be read; nothing was written then.
    """
    notes = Notes()
    sheets = _open(path, notes)
    with store.read(SYSTEM) as session:
        known, stages = Known(source), Stages(source)
        known.load(session)
        stages.load(session)
    run = Run(source, now, currency, notes, known, stages)
    with transactions(store, dry_run=dry_run) as begin:
        read_all(sheets, run, begin, progress)
    return notes.report(dry_run=dry_run)


def _open(path: Path, notes: Notes) -> list[Sheet]:
    files, others = find_files(path)
    sheets: list[Sheet] = []
    for each in files:
        try:
            file = open_csv(each)
        except CannotImport as error:
            if path.is_file():
                raise
            notes.tallies.append(Tally(each.name, "not read"))
            notes.problems.append(Problem(each.name, 0, "", str(error)))
            continue
        kind = detect(each.stem, file.headers)
        if kind is None:
            reason = (
                "Neither its name nor its columns tell what it holds; name it after what is in it, such as deals.csv."
            )
            if path.is_file():
                raise CannotImport(f"{each.name} cannot be imported. {reason}")
            notes.tallies.append(Tally(each.name, "unknown"))
            notes.problems.append(Problem(each.name, 0, "", reason))
            continue
        sheet = Sheet(file, kind, notes)
        notes.tallies.append(sheet.tally)
        if kind.left_out:
            count = sum(1 for _ in sheet.read())
            sheet.tally.rows = sheet.tally.skipped = count
            sheet.decide(0, "", f"{count} rows", "", f"left out: {kind.left_out}")
            continue
        if file.encoding == "cp1252":
            sheet.decide(0, "", "", "Windows-1252", "the file is not UTF-8")
        sheet.learn()
        if (unused := sheet.unused()) and kind.name not in LINKS:
            shown = ", ".join(unused[:12]) + (f" and {len(unused) - 12} more" if len(unused) > 12 else "")
            sheet.decide(0, "", shown, "", "columns without a place in the record")
        sheets.append(sheet)
    for each in others:
        notes.tallies.append(Tally(each.name, "no CSV file"))
    return sheets


__all__ = ["CannotImport", "Decision", "FileReport", "ImportReport", "Problem", "Progress", "Source", "import_folder"]
