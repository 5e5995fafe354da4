"""Our own side of the sample: Halvern, which sells planning and shop-floor software, hardware and services."""

from dataclasses import dataclass

from crm_store.models import Role

DOMAIN = "halvern.example"
REPORTING_CURRENCY = "EUR"


@dataclass(frozen=True)
class SamplePerson:
    """One of us; ``team`` is the team's name."""

    email: str
    name: str
    role: str
    title: str
    team: str
    key: str = ""
    timezone: str = "Europe/Berlin"
    quota: int = 0  # thousands of EUR a quarter


def _person(key: str, name: str, role: Role, title: str, team: str, timezone: str, quota: int = 0) -> SamplePerson:
    email = f"{name.lower().replace(' ', '.')}@{DOMAIN}"
    return SamplePerson(email, name, role.value, title, team, key, timezone, quota)


PEOPLE = (
    _person("ines", "Ines Falk", Role.ADMIN, "Revenue operations lead", "Sales", "Europe/Berlin"),
    _person("rupert", "Rupert Ashdown", Role.MANAGER, "VP Sales", "Sales", "Europe/London", 1500),
    _person("petra", "Petra Vollmer", Role.MANAGER, "Sales manager North", "North", "Europe/Berlin", 520),
    _person("luca", "Luca Ferrante", Role.MANAGER, "Sales manager South", "South", "Europe/Rome", 480),
    _person(
        "maeve", "Maeve Corrigan", Role.MANAGER, "Sales manager New Business", "New Business", "Europe/Dublin", 500
    ),
    _person("jonas", "Jonas Brandt", Role.REP, "Account executive", "North", "Europe/Berlin", 190),
    _person("sofie", "Sofie Lund", Role.REP, "Senior account executive", "North", "Europe/Copenhagen", 180),
    _person("tom", "Tom Akkerman", Role.REP, "Account executive", "North", "Europe/Amsterdam", 150),
    _person("giulia", "Giulia Moretti", Role.REP, "Senior account executive", "South", "Europe/Rome", 180),
    _person("carlos", "Carlos Ibarra", Role.REP, "Account executive", "South", "Europe/Madrid", 150),
    _person("camille", "Camille Roche", Role.REP, "Account executive", "South", "Europe/Paris", 150),
    _person("dana", "Dana Whitfield", Role.REP, "Account executive US", "New Business", "America/New_York", 200),
    _person("amir", "Amir Saleh", Role.REP, "Account executive UK", "New Business", "Europe/London", 150),
    _person("hannah", "Hannah Price", Role.REP, "Account executive UK", "New Business", "Europe/London", 150),
)
PEOPLE_BY_KEY = {person.key: person for person in PEOPLE}
TEAMS = (
    ("Sales", "", "rupert"),
    ("North", "Sales", "petra"),
    ("South", "Sales", "luca"),
    ("New Business", "Sales", "maeve"),
)


@dataclass(frozen=True)
class ProductEntry:
    key: str
    name: str
    family: str
    code: str
    price: int  # EUR
    description: str


PRODUCTS = (
    ProductEntry(
        "plan", "Halvern Plan", "Planning", "HV-PLN", 540, "Finite-capacity planning, per planner seat and year."
    ),
    ProductEntry(
        "scenario", "Plan Scenario", "Planning", "HV-PLS", 260, "What-if plans side by side, per seat and year."
    ),
    ProductEntry(
        "demand", "Plan Demand", "Planning", "HV-PLD", 4800, "Demand signals and safety stock, per site and year."
    ),
    ProductEntry(
        "floor",
        "Halvern Floor",
        "Shop floor",
        "HV-FLR",
        180,
        "Work orders and downtime on the floor, per user and year.",
    ),
    ProductEntry(
        "mobile",
        "Floor Mobile",
        "Shop floor",
        "HV-FLM",
        90,
        "Floor on hand-held devices, offline too, per device and year.",
    ),
    ProductEntry(
        "trace", "Halvern Trace", "Traceability", "HV-TRC", 7200, "Batch and serial genealogy, per site and year."
    ),
    ProductEntry(
        "recall", "Trace Recall", "Traceability", "HV-TRR", 3600, "Recall drills and reports, per site and year."
    ),
    ProductEntry(
        "connect", "Connect ERP", "Platform", "HV-CON", 6000, "Two-way link with the ERP, per system and year."
    ),
    ProductEntry(
        "insight", "Halvern Insight", "Platform", "HV-INS", 3900, "Dashboards and data export, per site and year."
    ),
    ProductEntry(
        "signon", "Single sign-on pack", "Platform", "HV-SSO", 2400, "SAML and user provisioning, per company and year."
    ),
    ProductEntry(
        "onboarding", "Onboarding package", "Services", "HV-ONB", 9500, "Twelve weeks to the first live line."
    ),
    ProductEntry("training", "Training day", "Services", "HV-TRN", 1450, "A trainer on site for up to ten people."),
    ProductEntry(
        "support", "Premium support", "Services", "HV-SUP", 8400, "Two-hour response around the clock, per year."
    ),
    ProductEntry("tablet", "Floor tablet, rugged", "Hardware", "HV-TAB", 620, "Drop-proof tablet with scanner."),
    ProductEntry("labels", "Label kit, 20 rolls", "Hardware", "HV-LBL", 310, "Thermal labels for Trace, twenty rolls."),
)
PRODUCTS_BY_KEY = {product.key: product for product in PRODUCTS}
NEW_STAGES = (
    ("Discovery", "open", 10), ("Qualification", "open", 20), ("Evaluation", "open", 40),
    ("Proposal", "open", 60), ("Negotiation", "open", 80), ("Won", "won", 100), ("Lost", "lost", 0),
)  # fmt: skip
RENEWAL_STAGES = (
    ("Upcoming", "open", 50), ("Review", "open", 60), ("Proposal", "open", 75),
    ("Negotiation", "open", 90), ("Renewed", "won", 100), ("Churned", "lost", 0),
)  # fmt: skip
PIPELINES = (("New business", NEW_STAGES), ("Renewals", RENEWAL_STAGES))
RATES = (  # currency, days ago, millionths of a euro
    ("GBP", 760, 1_164_000), ("GBP", 420, 1_181_000), ("GBP", 200, 1_158_000), ("GBP", 60, 1_149_000), ("GBP", 12, 1_152_000),
    ("USD", 760, 921_000), ("USD", 420, 934_000), ("USD", 200, 889_000), ("USD", 60, 861_000), ("USD", 12, 867_000),
)  # fmt: skip
COMPETITORS = ("Corvane", "Mitrel", "Loopstead", "Axelund")


def sample_people() -> tuple[SamplePerson, ...]:
    """Everyone of the sample company's sales organisation, the administrator and the VP first."""
    return PEOPLE
