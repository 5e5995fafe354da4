"""A small invented record for reading requests against: names only, no database."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.agent.embedded.plans import Plan
from bot.agent.embedded.understanding import understand
from bot.agent.memory import Memory, Said
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Role
from crm_store.names import Name, Names
from crm_store.people import Caller
from knowledge.embeddings import MiniLM

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)  # a Friday
_ACCOUNTS = {
    "bluewater": ("Bluewater Logistics", "Ana Castellanos:Head of Operations", "Robert Lindgren:Chief Financial Officer", "Priya Raman:IT Manager"),
    "cedar": ("Cedar & Stone Interiors", "Thomas Aldana:Managing Director", "Grace Oyelaran:Procurement Lead"),
    "northgate": ("Northgate Clinics", "Helena Brandt:Chief Medical Officer", "Oliver Quist:Purchasing Manager"),
    "falcon": ("Falcon Ridge Energy", "Marcus Dillon:VP Operations", "Sophie Tanaka:Controller", "Will Abara:Plant Manager"),
    "tessera": ("Tessera Labs GmbH", "Ingrid Solheim:Chief Executive Officer", "Paul Weir:Lab Manager"),
    "harborview": ("Harborview Hotels", "Elizabeth Crane:General Manager", "Mark Devlin:Finance Director"),
    "pinnacle": ("Pinnacle Freight", "Ana Ferreira:Fleet Manager"),
    "quanta": ("Quanta Textiles", "Rashid Karim:Chief Executive Officer"),
    "solstice": ("Solstice Foods", "Nadine Okoro:Buyer"),
    "vireo": ("Vireo Robotics", "Jun Takeda:Chief Technology Officer"),
}  # fmt: skip
_MORE = ["Albion Glass", "Brightwell Schools", "Copperline Rail", "Dunmore Paper", "Evergreen Dairy", "Foxglove Media", "Granite Peak Mining", "Heliopolis Solar", "Ironbark Timber", "Juno Analytics", "Kestrel Air", "Lumen Optics", "Marigold Pharma", "Nimbus Retail", "Oakhurst Homes", "Palisade Insurance", "Quill Publishing", "Redwood Motors", "Silverline Ferries", "Tamarind Spices"]
_DEALS = {
    "bw-renewal": ("bluewater", "Bluewater renewal", "open", date(2026, 11, 30)), "bw-pilot": ("bluewater", "Bluewater dock pilot", "open", date(2027, 1, 29)),
    "bw-first": ("bluewater", "Bluewater rollout", "won", date(2025, 6, 30)), "cedar-showroom": ("cedar", "Cedar showroom refit", "open", date(2026, 12, 15)),
    "ng-wards": ("northgate", "Northgate ward tablets", "open", date(2026, 12, 31)), "falcon-grid": ("falcon", "Falcon Ridge grid monitoring", "open", date(2027, 3, 31)),
    "tessera-lims": ("tessera", "Tessera LIMS upgrade", "open", date(2026, 12, 18)), "hv-booking": ("harborview", "Harborview booking engine", "lost", date(2026, 8, 1)),
    "quanta-loom": ("quanta", "Quanta loom sensors", "open", date(2026, 12, 10)),
}  # fmt: skip
_AMOUNTS = {"quanta-loom": 6_000_000, "tessera-lims": 4_000_000}
_PEOPLE = {"dana": "Dana Reyes", "tom": "Tom Becker", "mei": "Mei Huang", "viktor": "Viktor Stahl"}


def names() -> Names:
    """Thirty accounts, their people and deals, four of us, two pipelines."""
    found: list[Name] = []
    for key, (name, *people) in _ACCOUNTS.items():
        domain = name.split()[0].lower() + ".example"
        found.append(Name("account", key, name, (domain,)))
        for person in people:
            who, title = person.split(":")
            found.append(Name("contact", who.split()[0].lower() + "-" + key, who, (f"{who.split()[0].lower()}@{domain}",), key, title))
    found += [Name("account", name.split()[0].lower(), name) for name in _MORE]
    found += [Name("deal", key, name, (), account, None, status, close, amount_minor=_AMOUNTS.get(key), currency="EUR" if key in _AMOUNTS else None) for key, (account, name, status, close) in _DEALS.items()]
    found += [Name("person", key, name, (f"{key}@ours.example",)) for key, name in _PEOPLE.items()]
    for pipeline, stages in {"New business": "Discovery Qualification Proposal Negotiation Won Lost", "Renewals": "Upcoming Proposal Renewed Churned"}.items():
        found.append(Name("pipeline", pipeline, pipeline))
        for stage in stages.split():
            status = "won" if stage in ("Won", "Renewed") else "lost" if stage in ("Lost", "Churned") else "open"
            found.append(Name("stage", f"{pipeline}/{stage}", stage, status=status))
    found += [Name("product", "p-track", "Dock Tracker"), Name("product", "p-audit", "Audit Trail")]
    found += [Name("team", "team-west", "West"), Name("competitor", "competitor:Zephyrix", "Zephyrix"), Name("competitor", "competitor:Kolvane", "Kolvane")]
    return Names(found)


NAMES = names()
_EMBEDDINGS = MiniLM()
REP = Caller("dana", "dana@ours.example", "Dana Reyes", Role.REP, "team-west", frozenset({"dana"}), ZoneInfo("Europe/Berlin"), Scope("dana", frozenset({"dana"})))
MANAGER = Caller(
    "viktor", "viktor@ours.example", "Viktor Stahl", Role.MANAGER, "team-west", frozenset({"viktor", "dana", "tom", "mei"}), ZoneInfo("Europe/Berlin"),
    Scope("viktor", frozenset({"viktor", "dana", "tom", "mei"})),
)  # fmt: skip


def plan(text: str, *, memory: Memory | None = None, caller: Caller = REP) -> Plan:
    return understand(text, caller=caller, now=NOW, memory=memory or Memory(), names=NAMES, embeddings=_EMBEDDINGS, settings=Settings())


def after(*subjects: str) -> Memory:
    """A conversation that is about these ids, newest first."""
    held = [NAMES.get(subject) for subject in subjects]
    return Memory(subjects=tuple(Said(kind=name.kind, id=name.id, name=name.text) for name in held if name is not None))
