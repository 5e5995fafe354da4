"""What people call a job, and the words its title may be written in."""

TITLES = {
    "cfo": ("chief financial", "cfo", "finance director", "head of finance"), "ceo": ("chief executive", "ceo", "managing director"), "cto": ("chief technology", "cto"),
    "coo": ("chief operating", "coo"), "cio": ("chief information", "cio"), "cmo": ("chief marketing", "cmo"), "procurement": ("procurement", "purchasing"),
    "purchasing": ("purchasing", "procurement"), "legal": ("legal", "counsel"), "finance": ("finance", "financial", "controller"), "it": ("it ", "information tech"),
}  # fmt: skip
