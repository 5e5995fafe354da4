"""Word and PDF files as documents of the company's own."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfReader, PdfWriter

from bot.agent.tools.own_documents import search_documents
from bot.agent.turn import Turn
from bot.errors import BadInput
from bot.own_documents import import_own_documents
from bot.own_reading import OwnSection, OwnText, read_own_text
from bot.recall import Recall
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.people import caller_for
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import shipped_embeddings
from tests.builders import NOW

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f"""<w:styles {W}>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Ours"><w:name w:val="Our Heading"/><w:basedOn w:val="berschrift1"/></w:style>
</w:styles>"""
BODY = f"""<w:document {W}><w:body>
<w:p><w:pPr><w:pStyle w:val="Titel"/></w:pPr><w:r><w:t>Travel policy</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">Trains come </w:t></w:r><w:r><w:t>first.</w:t></w:r>
<w:del><w:r><w:delText>Planes, too.</w:delText></w:r></w:del></w:p>
<w:p><w:pPr><w:pStyle w:val="Ours"/></w:pPr><w:r><w:t>Hotels</w:t></w:r></w:p>
<w:p><w:ins><w:r><w:t>A night &lt; EUR 140.</w:t></w:r></w:ins></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>London</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>GBP 190</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</w:body></w:document>"""
LINES = (
    (20, "Travel policy"), (11, "Valid for all of us and for the guests whom we in-"), (11, "vite. Trains come first."),
    (15, "Hotels"), (11, "A night may cost up to EUR 140."), (11, ""), (11, "• In London up to GBP 190"),
)  # fmt: skip


def word(body: str = BODY, styles: str = STYLES) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", body)
        packed.writestr("word/styles.xml", styles)
    return made.getvalue()


def pdf(*pages: Sequence[tuple[int, str]]) -> bytes:
    """One line of (points, text) below the other; with no lines a page that is only a picture."""
    made = io.BytesIO()
    with PdfPages(made) as out:
        for lines in pages:
            figure: Figure = plt.figure(figsize=(8, 11))
            place = 0.95
            for size, text in lines:
                figure.text(0.1, place, text, fontsize=size)
                place -= size * 1.4 / 792
            if not lines:
                figure.figimage([[0.0, 1.0], [1.0, 0.0]])
            out.savefig(figure)
            plt.close(figure)
    return made.getvalue()


def test_a_word_file_is_cut_at_its_headings_and_tells_its_tables() -> None:
    assert read_own_text("travel.docx", word()) == OwnText(
        "Travel policy",
        (OwnSection("", "Trains come first."), OwnSection("Hotels", "A night < EUR 140.\nLondon | GBP 190")),
    )


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 an old file", word("<not closed"), word(f"<!DOCTYPE a [<!ENTITY b 'c'>]>{BODY}")],
)
def test_a_word_file_that_cannot_be_read_says_what_to_do(content: bytes) -> None:
    with pytest.raises(BadInput, match=r"travel\.docx .* import it again"):
        read_own_text("travel.docx", content)


def test_a_word_file_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(BadInput, match="60 MB of text"):
        read_own_text("travel.docx", word(f"<w:document {W}><w:body/></w:document>{' ' * 61_000_000}"))


def test_a_pdf_is_cut_where_its_type_is_larger_and_its_lines_are_joined() -> None:
    assert read_own_text("travel.pdf", pdf(LINES)) == OwnText(
        "Travel policy",
        (
            OwnSection("", "Valid for all of us and for the guests whom we invite. Trains come first."),
            OwnSection("Hotels", "A night may cost up to EUR 140.\n• In London up to GBP 190"),
        ),
    )


def test_what_stands_on_every_page_of_a_pdf_is_left_out() -> None:
    pages = [[(11, f"Rule {name} holds for everyone."), (8, f"Page {at} of 4")] for at, name in enumerate("ABCD", 1)]
    text = read_own_text("rules.pdf", pdf(*pages))
    assert [line for each in text.sections for line in each.text.splitlines()] == [f"Rule {name} holds for everyone." for name in "ABCD"]


def test_a_scan_is_named_as_one() -> None:
    with pytest.raises(BadInput, match=r"scan\.pdf holds pictures of pages and no text .*recognition"):
        read_own_text("scan.pdf", pdf([]))


def test_a_protected_pdf_and_a_broken_one_say_so() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(LINES))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(BadInput, match="protected by a password"):
        read_own_text("locked.pdf", locked.getvalue())
    with pytest.raises(BadInput, match="cannot be read as a PDF"):
        read_own_text("broken.pdf", b"%PDF-1.4 nothing more")


def test_a_folder_of_such_files_is_imported_and_answers(sqlite_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "travel.pdf").write_bytes(pdf(LINES))
    (folder / "cars.docx").write_bytes(word(BODY.replace("Travel policy", "Cars").replace("London", "Rented car")))
    (folder / "scan.pdf").write_bytes(pdf([]))
    done = import_own_documents(sqlite_store, shipped_embeddings(), folder, now=NOW)
    assert done.created == ("cars.docx", "travel.pdf")
    assert [path for path, _ in done.left_out] == ["scan.pdf"]
    with sqlite_store.write(Scope.system("test")) as session:
        person = builders.person(session, "Ada Winter", team=builders.team(session, "North"))
    with sqlite_store.read(Scope.system("test")) as session:
        caller = caller_for(session, person.email)
    recall = Recall(sqlite_store, shipped_embeddings(), None)
    turn = Turn(caller, sqlite_store, recall, Settings(home=tmp_path), NOW, "thread", "what may a hotel night cost?")
    found = search_documents(turn, turn.message)
    assert found.text.startswith("**Travel policy, Hotels** (")
    assert "A night may cost up to EUR 140." in found.text
