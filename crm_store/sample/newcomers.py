"""Who came to us lately, and what is in the record twice, as written down by hand: rows are made in ``leads``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lead:
    """Someone at a known account whom marketing handed over; days are counted from the day of loading."""

    account: str
    key: str
    name: str
    title: str
    source: str
    recorded: int
    qualified: int | None = None
    withdrew: int | None = None  # agreed to marketing mail when recorded, and took it back that day


@dataclass(frozen=True)
class TwinContact:
    """``of`` at ``account`` once more, under another spelling, as a list from a fair or a web form brought them."""

    account: str
    of: str
    name: str
    title: str
    source: str
    recorded: int
    same: str  # what the two records share: phone | email


@dataclass(frozen=True)
class TwinAccount:
    """``of`` once more; ``contact`` of it is there twice too."""

    of: str
    name: str
    recorded: int
    source: str
    contact: str


LEADS = (
    Lead("meridian", "ottilie", "Ottilie Brand", "Shift Planner, Lüneburg", "Webinar", -161, -150),
    Lead("kieswerk", "falk", "Falk Nissen", "Dispatcher", "Website", -47),
    Lead("havel", "sibel", "Sibel Aydin", "Metrology Lead", "Trade fair", -57, -41),
    Lead("nordkaje", "ditte", "Ditte Ravn", "Crane Maintenance Lead", "Trade fair", -58),
    Lead("sundhavn", "arne", "Arne Vikse", "Quality Controller", "Website", -19),
    Lead("veldkamp", "maaike", "Maaike Terlouw", "Print Shop Planner", "Webinar", -248, -230),
    Lead("waterlinie", "joost", "Joost Elzinga", "Pumping Station Planner", "Referral", -84),
    Lead("steenbakker", "noor", "Noor Vermaat", "Yard Planner, Antwerp", "Outbound call", -26, -12),
    Lead("monteluce", "tiziana", "Tiziana Forte", "Packaging Planner", "Webinar", -139, -120),
    Lead("fossalta", "gino", "Gino Bevilacqua", "Energy Manager", "Trade fair", -60, -38, withdrew=-50),
    Lead("pontevale", "beatrizl", "Leonor Sardinha", "Dock Scheduler", "Website", -9),
    Lead("iberloma", "jordi", "Jordi Puigdemasa", "Colour Kitchen Lead", "Trade fair", -57),
    Lead("oliveres", "amparo", "Amparo Gisbert", "Rota Planner", "Website", -33),
    Lead("tarancal", "nacho", "Nacho Villar", "Logistics Planner, Burgos", "Referral", -102, -95),
    Lead("marchenoir", "lise", "Lise Daubrac", "Tool Crib Manager", "Webinar", -75),
    Lead("bressan", "colette", "Colette Morand", "Ripening Room Lead", "Outbound call", -210, -190, withdrew=-49),
    Lead("ashgrove", "gwen", "Gwen Tolliver", "Sterile Packing Lead", "Website", -15, -6),
    Lead("calder", "idris", "Idris Boateng", "Route Planner", "Trade fair", -59),
    Lead("quillon", "maud", "Maud Penrose", "Ducting Cell Lead", "Referral", -122),
    Lead("tidemark", "nell", "Nell Ostrander", "Test Floor Manager", "Webinar", -247, -199),
    Lead("bluestem", "wade", "Wade Hollister", "Night Miller", "Website", -4),
    Lead("juniper", "irma", "Irma Valdes", "Pump Crew Scheduler", "Outbound call", -66, withdrew=-48),
    Lead("rillstone", "curt", "Curt Maddox", "Dock Planner, Gary", "Referral", -28, -20),
)
TWIN_CONTACTS = (
    TwinContact("bluestem", "patty", "Patricia Vorhees", "Owner", "Trade fair", -58, "phone"),
    TwinContact("ilmarila", "sanna", "Sanna Heikola", "Planning Manager", "Webinar", -247, "phone"),
    TwinContact("fossalta", "lidia", "L. Furlanis", "Shift Planning", "Website", -88, "email"),
)
TWIN_ACCOUNTS = (
    TwinAccount("severnside", "Severnside Cold Storage Ltd", -57, "Trade fair", "megan"),
    TwinAccount("brandolin", "Officine Brandolin S.p.A.", -144, "Website", "chiara"),
)
