"""Invented names and plain sentences."""

import random

FIRST = [
    "Anna", "Bela", "Carl", "Dana", "Emil", "Fenna", "Gustav", "Hanne", "Ilja", "Jonna", "Kasper", "Lena", "Mirko", "Nadia",
    "Oskar", "Petra", "Quentin", "Rena", "Sander", "Tilda", "Ulla", "Viktor", "Wanda", "Xaver", "Ylva", "Zeno", "Aron",
    "Birte", "Cosmo", "Doreen", "Edda", "Falko", "Greta", "Henk", "Ines", "Jasper", "Kaja", "Levin", "Maren", "Niels",
    "Olga", "Pavel", "Rieke", "Sven", "Thea", "Urs", "Vera", "Willem", "Yara", "Zita",
]  # fmt: skip
_LAST_HEAD = [
    "Ald", "Bern", "Carst", "Dorn", "Eich", "Falk", "Greben", "Hald", "Ipsen", "Jarn", "Kort", "Lind", "Mart", "Nord",
    "Osten", "Pold", "Quast", "Ravn", "Stein", "Tamm", "Ulm", "Vold", "Wend", "Zander",
]  # fmt: skip
_LAST_TAIL = [
    "mann", "sen", "berg", "dal", "feld", "gaard", "hoff", "inger", "kamp", "lund", "mark", "nes", "owitz", "ter", "rup",
    "sson", "tveit", "vik", "wald", "er",
]  # fmt: skip
LAST = [head + tail for head in _LAST_HEAD for tail in _LAST_TAIL]
_HEAD = [
    "Alder", "Amber", "Arbor", "Ash", "Birch", "Bramble", "Brook", "Cedar", "Clay", "Cliff", "Copper", "Coral", "Crane",
    "Dale", "Elm", "Falcon", "Fern", "Field", "Flint", "Glen", "Granite", "Harbor", "Haven", "Hazel", "Heron", "Hill",
    "Iron", "Ivory", "Juniper", "Kestrel", "Lark", "Linden", "Maple", "Marsh", "Meadow", "Mill", "North", "Oak", "Otter",
    "Pebble", "Pine", "Plover", "Quarry", "Raven", "Reed", "Ridge", "River", "Rowan", "Sable", "Sage", "Silver", "Spruce",
    "Stone", "Swift", "Thorn", "Vale", "Walnut", "Willow", "Wren", "Yarrow",
]  # fmt: skip
_TAIL = [
    "bank", "beck", "bourne", "bridge", "brook", "burn", "bury", "cliffe", "combe", "cote", "croft", "dale", "den", "don",
    "fell", "field", "ford", "gate", "ham", "haven", "hurst", "land", "leigh", "ley", "mere", "mont", "moor", "more",
    "port", "shaw", "stead", "stoke", "stone", "ton", "vale", "view", "wald", "water", "well", "wick", "wood", "worth",
    "yard",
]  # fmt: skip
_TRADE = [
    "Foods", "Logistics", "Mills", "Textiles", "Energy", "Systems", "Retail", "Health", "Motors", "Optics", "Paper",
    "Plastics", "Shipping", "Software", "Steel", "Tools", "Trading", "Transport", "Ventures", "Works", "Glass",
    "Instruments", "Packaging", "Dairy", "Robotics", "Labs", "Media", "Airways", "Chemicals", "Furniture",
]  # fmt: skip
_LEGAL = ("Ltd", "GmbH", "Inc", "AG", "BV", "Oy", "AB", "SA", "", "", "", "")
INDUSTRIES = (
    "Food",
    "Logistics",
    "Retail",
    "Health care",
    "Energy",
    "Education",
    "Manufacturing",
    "Media",
    "Chemicals",
)
COUNTRIES = ("Germany", "Netherlands", "Denmark", "France", "Poland", "Austria", "Sweden", "United Kingdom")
TITLES = ("Buyer", "Head of Operations", "CFO", "IT Manager", "Plant Manager", "CEO", "Project Lead", "Quality Manager")
PRODUCTS = tuple(
    f"{size} {thing}"
    for thing in ("Sensor", "Gateway", "Platform", "Support", "Training", "Scanner")
    for size in ("Small", "Standard", "Large", "Premium")
)
COMPETITORS = ("Tellmark", "Vantiva", "Osprey One", "Bluecask", "Norvane")
REASONS = ("Price", "No decision", "Competitor", "Timing", "Missing feature")
SOURCES = ("Referral", "Website", "Trade fair", "Outbound", "Partner")
STEPS = ("Send the offer", "Call about the contract", "Book the demo", "Get the security review", "Agree on the price")
EVENTS = ("rollout", "renewal", "pilot", "expansion", "upgrade", "licences", "framework", "migration", "replacement")
SUBJECTS = (
    "Check-in", "Pricing", "Contract", "Demo", "Rollout plan", "Security questions", "Renewal", "Training", "Delivery",
    "Next steps",
)  # fmt: skip
_SAID = (
    "They asked for the price list and a discount for three years.",
    "The security review is with their team and should end next week.",
    "Legal has two remarks on the contract, mostly about liability.",
    "They want a pilot in one depot before the rollout to all plants.",
    "The budget is approved but the signature waits for the board.",
    "Delivery was late last month and the plant manager is not happy.",
    "We promised to send the training plan by Friday.",
    "A competitor offered twenty percent less for the scanners.",
    "The integration with their warehouse system works since Tuesday.",
    "Their new buyer starts next month and will take over.",
    "No news since the last call, they will come back to us.",
    "The renewal is fine if support answers within four hours.",
    "They would like to see references from the food industry.",
    "The champion moved to another department and suggested a colleague.",
    "We went through the migration plan and agreed on the dates.",
    "The gateway loses its connection twice a day, a case is open.",
)
_RARE = (
    "halogen", "turnstile", "pallet", "cryostat", "forklift", "conveyor", "humidity", "invoice", "customs", "firmware",
    "antenna", "badge", "freezer", "kiosk", "locker", "mixer", "nozzle", "oven", "pump", "quartz",
)  # fmt: skip


def account_names(chance: random.Random, count: int) -> list[str]:
    """As many different names as asked for."""
    found: dict[str, None] = {}
    while len(found) < count:
        name = f"{chance.choice(_HEAD)}{chance.choice(_TAIL)} {chance.choice(_TRADE)} {chance.choice(_LEGAL)}".strip()
        found[name] = None
    return list(found)


def person_name(chance: random.Random) -> str:
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def text(chance: random.Random) -> str:
    """A few sentences; one in ten has a rare word with a number."""
    said = " ".join(chance.sample(_SAID, chance.randrange(2, 5)))
    if chance.random() < 0.1:
        return f"{said} It is about the {chance.choice(_RARE)} of line {chance.randrange(400)}."
    return said
