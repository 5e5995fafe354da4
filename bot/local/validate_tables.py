"""The cells of the table and data_table blocks."""

from bot.local.database import Json
from bot.local.validate_text import Check

CELLS = ("raw_text", "raw_number", "rich_text")
COLUMNS = 20


def check_rows(check: Check, block: Json, where: str, most: int, least: int) -> int:
    """Rows of one width with cells of a known kind; the characters in them all."""
    width, characters = None, 0
    for number, row in enumerate(check.items(block.get("rows"), f"{where}/rows", most, least)):
        place = f"{where}/rows/{number}"
        cells = check.items(row, place, COLUMNS)
        if width is not None and len(cells) != width:
            check.fail("every row must have the same number of cells", place)
        width = len(cells)
        characters += sum(_cell(check, cell, f"{place}/{index}") for index, cell in enumerate(cells))
    return characters


def _cell(check: Check, cell: object, where: str) -> int:
    if not check.is_object(cell, where) or not isinstance(cell, dict):
        return 0
    check.one_of(cell.get("type"), f"{where}/type", CELLS, required=True)
    if cell.get("type") == "raw_number" and not isinstance(cell.get("value"), int | float):
        check.fail("missing required field: value", where)
    if cell.get("type") == "raw_text":
        check.string(cell.get("text"), f"{where}/text", 3000, least=1, required=True)
        return len(cell["text"]) if isinstance(cell.get("text"), str) else 0
    return 0
