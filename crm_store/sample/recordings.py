"""The sample's recorded meetings, as WebVTT files: most are logged with the sample, two are there to be tried out."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import webvtt


@dataclass(frozen=True)
class SampleTranscript:
    """A recording of the sample. One that is not ``logged`` is there to be dropped into a chat by ``rep`` (an e-mail address)."""

    name: str
    title: str
    account: str
    rep: str
    logged: bool = True


SAMPLE_TRANSCRIPTS = (
    SampleTranscript(
        "meridian-renewal-kickoff",
        "Renewal kick-off with Meridian",
        "Meridian Pantry Foods",
        "jonas.brandt@halvern.example",
    ),
    SampleTranscript("eskelund-review", "Renewal and bottling hall", "Eskelund Dairy", "sofie.lund@halvern.example"),
    SampleTranscript("halden-night-crews", "Night crews without tablets", "Halden Rail", "sofie.lund@halvern.example"),
    SampleTranscript(
        "nordkaje-trial-result", "Trial result of the yards", "Nordkaje Ports", "sofie.lund@halvern.example"
    ),
    SampleTranscript(
        "castellaro-glazing",
        "From the kilns to the glazing hall",
        "Castellaro Ceramics",
        "giulia.moretti@halvern.example",
    ),
    SampleTranscript(
        "monteluce-validation", "Validation and security", "Monteluce Pharma", "giulia.moretti@halvern.example"
    ),
    SampleTranscript(
        "iberloma-trial-kickoff",
        "Trial kick-off at the dye house",
        "Iberloma Textiles",
        "carlos.ibarra@halvern.example",
    ),
    SampleTranscript(
        "ashgrove-security",
        "Pump assembly and the security question",
        "Ashgrove Medical",
        "hannah.price@halvern.example",
    ),
    SampleTranscript(
        "havel-bench-walkthrough",
        "Walk-through of the test benches",
        "Havel Optics",
        "jonas.brandt@halvern.example",
        False,
    ),
    SampleTranscript(
        "orion-kiln-trial", "Trial set-up for kiln 3", "Orion Kilnworks", "amir.saleh@halvern.example", False
    ),
)
FOLDER = Path(__file__).parent / "transcripts"


@dataclass(frozen=True)
class Turn:
    """Something said by one speaker; ``offset_s`` is counted from the start of the recording."""

    speaker: str
    offset_s: int
    text: str

    def as_json(self) -> dict[str, str | int]:
        return {"speaker": self.speaker, "offset_s": self.offset_s, "text": self.text}


@dataclass(frozen=True)
class Recording:
    turns: tuple[Turn, ...]
    duration_s: int

    @property
    def text(self) -> str:
        """One line a turn, the speaker's name first."""
        return "\n".join(f"{turn.speaker}: {turn.text}" for turn in self.turns)


def sample_transcript_path(name: str) -> Path:
    """The WebVTT file of the sample's recording called ``name``."""
    return FOLDER / f"{name}.vtt"


@cache
def read_recording(name: str) -> Recording:
    """The recording called ``name``; FileNotFoundError if there is none."""
    captions = webvtt.read(str(sample_transcript_path(name))).captions
    turns = [
        Turn(caption.voice or "", caption.start_in_seconds, " ".join(caption.text.split())) for caption in captions
    ]
    return Recording(tuple(turns), captions[-1].end_in_seconds if captions else 0)
