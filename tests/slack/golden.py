"""The golden files: what each sample answer looks like as Block Kit, reviewed by eye.

``python -m tests.slack.golden`` writes them anew; look at the difference before keeping it.
"""

import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.questions import Answer
from bot.slack.blocks import Viewer, render
from tests.slack.samples import SAMPLES, TODAY

FOLDER = Path(__file__).parent / "golden"
VIEWER = Viewer(ZoneInfo("UTC"), TODAY)


def rendered(answer: Answer) -> str:
    """The answer's messages as readable JSON."""
    messages = [{"text": message.text, "blocks": list(message.blocks)} for message in render(answer, VIEWER)]
    return json.dumps(messages, indent=1, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every golden file."""
    FOLDER.mkdir(exist_ok=True)
    for name, answer in SAMPLES.items():
        (FOLDER / f"{name}.json").write_text(rendered(answer), encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    write()
