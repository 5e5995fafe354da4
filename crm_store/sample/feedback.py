"""Support cases, survey answers and repeat orders that belong to no particular story."""

CASES = (  # subject, description, the customer's comment after closing
    ("Plan opens on last week", "After the release the board shows the previous week first.", "Solved, but I had to ask twice."),
    ("Two users share one log-in", "Weekend crew uses the foreman's account; wants separate ones.", "Explained well."),
    ("Export stops half-way", "Browser export ends at 50,000 rows. Pointed to the nightly file.", "The nightly file is what we wanted all along."),
    ("Tablet screen broken", "Dropped from a gantry. Replaced under the care plan.", "New one came within two days."),
    ("Confirmations missing overnight", "Certificate on the interface server had run out.", "Quick once somebody looked."),
    ("Wrong unit on the label", "Kilograms printed where pieces were meant.", ""),
    ("Calendar shows a public holiday as a working day", "Regional holiday was missing.", "Fine."),
    ("Slow plan on Monday mornings", "Recalculation of all lines at six; spread over half an hour now.", "Much better on Mondays."),
    ("Downtime reasons in the wrong language", "Two reasons came up in English for the night shift.", ""),
    ("User cannot see the second hall", "Missing right after a move to another team.", "Ten minutes. Perfect."),
    ("Changeover matrix lost a row", "A row was deleted by mistake; restored from the history.", "Impressed that you could bring it back."),
    ("Scanner reads the old label", "Prefix changed by the supplier; rule added.", "OK."),
    ("Report by mail arrives twice", "Two subscriptions for one report.", ""),
    ("Interface refuses orders without a date", "Orders without a due date now go to a list instead of being refused.", "A good answer to our own mess."),
    ("Training video does not play", "Proxy blocked it; sent the file.", "Thanks."),
)  # fmt: skip
NPS = (
    (9, "It pays its way and people like it."),
    (8, "Good, a bit slow with many users."),
    (7, "Does the job. Reports could be easier."),
    (10, "We would not plan without it any more."),
    (6, "Fine for planners, hard for newcomers."),
    (9, "Fast answers from support, even on Sundays."),
    (5, "Too many releases that move the buttons."),
    (8, "The tablets changed our night shift for the better."),
    (4, "Bought for one person who then left."),
)
REORDERS = (  # account, who ordered, lines, days ago
    ("vernay", "helene", "labels:4", (400, 344, 288, 232, 176, 120, 64)),
    ("tulpenhof", "femke", "labels:6", (430, 340, 252, 165, 88)),
    ("eskelund", "bo", "labels:8", (365, 275, 184, 95, 30)),
    ("valdehondo", "marta", "labels:3", (290, 200, 108)),
    ("larkfield", "graham", "tablet:2", (190, 100)),
    ("navarrosa", "elena", "tablet:3", (150, 40)),
    ("rillstone", "deb", "tablet:10", (200, 130, 60)),
    ("kestrelbay", "wes", "labels:2", (120, 75, 30)),
    ("bressan", "yann", "labels:5", (300, 240, 181, 122, 70)),
    ("kieswerk", "silke", "labels:2", (700, 610, 520, 430)),
    ("brandolin", "chiara", "tablet:2", (640, 560, 470)),
    ("hollis", "kim", "training:1", (180, 90)),
)
