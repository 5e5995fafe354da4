"""Bringing in what HubSpot, Salesforce or a plain CSV file holds.

``import_folder`` reads a folder of CSV files, or one file. What a file holds is found from its name and its columns; a
second import of the same files changes nothing, and of newer ones updates. What a person changed in Rapport since is kept and
proposed to its owner. Where names and headers say too little, a mapping file does (:mod:`crm_store.imports.mapping`).

Our own CSV is one file per kind of row, named after it. Headers may be in any case and order; columns that are missing are
left alone. ``id`` is any text that stays the same from one import to the next; without it rows are told apart by their
name (contacts by e-mail). ``owner`` is an e-mail address, a name or an id; ``account``, ``deal`` and ``contact`` are an id or a
name. Dates are ``2026-11-30``, times ``2026-11-30 14:05`` in UTC, amounts ``1234.50`` beside an ISO ``currency``.

=====================  ==================================================================================================
file                   columns
=====================  ==================================================================================================
``teams.csv``          id, name, parent
``people.csv``         id, name, email, role (rep, manager, admin), title, team, manager, timezone, active
``pipelines.csv``      id, name, position
``stages.csv``         id, name, pipeline, position, status (open, won, lost), probability (percent)
``products.csv``       id, name, family, code, price, currency, description, active
``accounts.csv``       id, name, kind (prospect, customer, partner, influencer, former), owner, domain, phone, industry,
                       employees, annual revenue, currency, street, city, region, country, description, created at
``contacts.csv``       id, name, email, phone, title, account, owner, lifecycle (lead, qualified, opportunity, customer,
                       advocate), source, email opt out, email opt in, do not call, do not text, consent date, do not contact, left on,
                       born on, description, created at
``leads.csv``          id, name, email, phone, title, company, owner, status, source, industry, converted, converted contact,
                       converted opportunity, converted at, created at
``deals.csv``          id, name, account, stage, pipeline, owner, amount, currency, close date, closed at, forecast category
                       (pipeline, best_case, commit, omitted), next step, next step due, competitor, lost reason, source,
                       kind (new, renewal, expansion), contact, description, created at
``deal lines.csv``     id, deal, product, quantity, amount, currency
``deal history.csv``   deal, field (stage, amount, close date, owner, forecast category), old, new, at; likewise
                       ``contact history`` (lifecycle, owner), ``account history`` (kind, owner) and ``case history`` (owner,
                       status, priority)
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
``quotas.csv``         person, starts, ends, amount, currency
``exchange rates``     currency, base, on, rate (one unit of the currency in the base)
``consents.csv``       contact, channel (email, phone, sms, social, post), purpose (marketing, service), status (granted,
                       withdrawn), at, source
=====================  ==================================================================================================

A custom field of an account, contact, deal, order or case is a column of its name or label.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import IntegrityError

from crm_store.custom_fields import definitions
from crm_store.imports import custom
from crm_store.imports.journal import Journal, digest_of
from crm_store.imports.journal import begin as begin_journal
from crm_store.imports.journal import finish as finish_journal
from crm_store.imports.keeping import propose_kept
from crm_store.imports.known import Known
from crm_store.imports.load import read_all
from crm_store.imports.mapping import Mapping, read_mapping, written
from crm_store.imports.opening import open_sheets
from crm_store.imports.report import (
    CannotImport,
    Decision,
    FileReport,
    ImportReport,
    Notes,
    Problem,
    Progress,
    Proposed,
    Stopped,
)
from crm_store.imports.run import Run
from crm_store.imports.stages import Stages
from crm_store.imports.writing import SYSTEM, few_collections, transactions
from crm_store.store import Store

Source = Literal["hubspot", "salesforce", "csv"]


def import_folder(
    store: Store,
    path: Path,
    source: Source,
    *,
    dry_run: bool,
    now: datetime,
    currency: str,
    progress: Progress,
    mapping: Mapping | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Bring in every CSV file at ``path``. A dry run does the same and leaves nothing behind.

    Rows go in batches, each in a transaction of its own. An import that was cut off goes on where it was when it is run again
    with the same files, and its report tells of both parts. ``currency`` is that of amounts that name none; ``progress``
    hears (file, lines done, of all); ``stop`` is asked between two batches.

    :raises CannotImport: when there is nothing at ``path`` that could be read, and nothing was written then; or when another
        import came in between, and the batches before stay written. It is not waited for: it may take an hour, and what was
        known when this one began is not true any more when the other is done.
    :raises Stopped: when ``stop`` said so.
    """
    notes = Notes()
    said = mapping or Mapping()
    with store.read(SYSTEM) as session:
        defined = custom.by_entity(definitions(session))
        known, stages = Known(source), Stages(source)
        known.load(session)
        stages.load(session)
    sheets = open_sheets(path, notes, said, custom.spellings(defined))
    custom.check(sheets, defined)
    journal = Journal(notes)
    if not dry_run:
        digest = digest_of([each.file.path for each in sheets], source, said, currency)
        journal = begin_journal(store, source, digest, notes, now, stop)
    run = Run(source, now, said.currency or currency, notes, known, stages, defined)
    try:
        with few_collections(), transactions(store, dry_run=dry_run) as begin:
            read_all(sheets, run, begin, journal, progress)
            with begin() as session:
                proposed = propose_kept(session, notes, source, now, dry_run=dry_run)
                finish_journal(session, journal, now)
    except IntegrityError as error:  # of a row it is reported; this is what holds the rows together
        raise CannotImport(
            "Another import is running at the same database and has just written what this one was about to write. "
            "Wait until it is done, then run the same command again: it goes on from here."
        ) from error
    return notes.report(dry_run=dry_run, proposed=proposed, resumed=journal.resumed)


def mapping_of(store: Store, path: Path, mapping: Mapping | None = None) -> str:
    """The mapping file that says what an import of ``path`` would take every column for, to be edited.

    :raises CannotImport: when there is nothing at ``path`` that could be read.
    """
    said = mapping or Mapping()
    with store.read(SYSTEM) as session:
        defined = custom.by_entity(definitions(session))
    sheets = open_sheets(path, Notes(), said, custom.spellings(defined))
    return written(said.model_copy(update={"files": {each.file.name: each.mapped() for each in sheets}}))


__all__ = [
    "CannotImport",
    "Decision",
    "FileReport",
    "ImportReport",
    "Mapping",
    "Problem",
    "Progress",
    "Proposed",
    "Source",
    "Stopped",
    "import_folder",
    "mapping_of",
    "read_mapping",
]
