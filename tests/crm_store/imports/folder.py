"""Files written for a test, and importing them."""

from datetime import UTC, datetime
from pathlib import Path

from crm_store.imports import FileReport, ImportReport, Mapping, Source, import_folder
from crm_store.store import Store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def write(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode(encoding))
    return folder


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def bring_in(
    store: Store,
    path: Path,
    source: Source = "csv",
    *,
    dry_run: bool = False,
    now: datetime = NOW,
    currency: str = "EUR",
    mapping: Mapping | None = None,
) -> ImportReport:
    return import_folder(
        store, path, source, dry_run=dry_run, now=now, currency=currency, progress=quiet, mapping=mapping
    )


def of(report: ImportReport, file: str) -> FileReport:
    return next(each for each in report.files if each.file == file)


COMPANY = {
    "people.csv": "id,name,email,team\n1,Rosa Lindt,rosa@halvern.example,North\n2,Emil Bauer,emil@halvern.example,North\n",
    "teams.csv": "id,name\nn,North\n",
    "accounts.csv": "id,name,owner,domain,kind\nA1,Oakmere Foods,rosa@halvern.example,oakmere.example,prospect\n"
    "A2,Tarn Logistics,Emil Bauer,tarn.example,customer\n",
    "contacts.csv": "id,name,email,account,email opt out\nC1,Nina Holt,nina@oakmere.example,Oakmere Foods,no\n"
    "C2,Jon Abel,jon@tarn.example,A2,yes\n",
    "deals.csv": "id,name,account,stage,owner,amount,currency,close date,created at,contact\n"
    'D1,Oakmere rollout,A1,Proposal,emil@halvern.example,"84,000.50",EUR,2026-12-15,2026-09-01,C1\n'
    "D2,Tarn renewal,Tarn Logistics,Closed Won,rosa@halvern.example,12000,USD,2026-10-02,2026-08-01,\n",
    "interactions.csv": "id,type,at,subject,body,account,contact,owner\n"
    'I1,call,2026-11-02 10:00,Pricing call,"She asked for a price list.\nSecond line, with a comma.",,C1,1\n'
    "I2,email,2026-11-03 08:30,Re: renewal,<p>Thanks &amp; regards</p>,A2,jon@tarn.example,rosa@halvern.example\n",
    "tasks.csv": "id,subject,due,status,deal,owner\nT1,Send the price list,2026-11-25,open,D1,emil@halvern.example\n",
    "products.csv": "id,name,code,price,currency\nP1,Rack sensor,RS-1,120.00,EUR\n",
    "deal lines.csv": "id,deal,product,quantity,amount\nL1,D1,RS-1,10,1200\n",
}
