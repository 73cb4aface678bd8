"""Documents are made in a process of their own: tagged, bounded, and reaching nothing."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from governance.documents import printer
from governance.documents.errors import (
    DocumentFailedError,
    DocumentsUnavailableError,
    DocumentTooLargeError,
    PrinterBusyError,
)
from governance.documents.print_process import UNAVAILABLE
from governance.documents.printer import Bounds, ChildPrinter
from tests.builders.paper import read_paper

PAGE = """<!doctype html><html lang="fr"><head><title>Le titre</title></head><body><h1>Été</h1><p>Un texte.</p>
<ul><li>un</li></ul><table><tr><th scope="col">A</th></tr><tr><td>b</td></tr></table>{more}</body></html>"""


def test_a_document_is_tagged_says_its_language_and_title_and_brings_its_typefaces() -> None:
    paper = read_paper(ChildPrinter().print(PAGE.format(more="")))

    assert (paper.language, paper.title, paper.marked, paper.pages) == ("fr", "Le titre", True, 1)
    assert {"/Document", "/H1", "/P", "/L", "/Table", "/TH", "/TD"} <= paper.tags
    assert paper.outlines == ["Été"]
    assert paper.fonts_embedded
    assert "Un texte." in paper.text


def test_what_a_document_refers_to_is_fetched_from_nowhere(tmp_path: Path) -> None:
    asked: list[str] = []

    class Watching(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Watching)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">secret</text></svg>')
    address = f"http://127.0.0.1:{server.server_port}"
    more = (
        f'<img alt="" src="{secret.as_uri()}"><img alt="" src="{address}/picture">'
        f'<link rel="stylesheet" href="{address}/style"><style>@import "{address}/import";</style>'
        f'<a rel="attachment" href="{secret.as_uri()}">x</a>'
    )

    made = ChildPrinter().print(PAGE.format(more=more))

    server.shutdown()
    server.server_close()
    assert asked == []
    assert "secret" not in read_paper(made).text
    assert b"EmbeddedFile" not in made


def test_a_document_that_takes_too_long_is_given_up_and_its_process_ended() -> None:
    with pytest.raises(DocumentTooLargeError) as refused:
        ChildPrinter(Bounds(seconds=1)).print(PAGE.format(more="<p>x</p>" * 50_000))

    assert "1 seconds" in str(refused.value)


def test_a_document_that_asks_for_too_much_memory_is_given_up() -> None:
    with pytest.raises(DocumentTooLargeError):
        ChildPrinter(Bounds(memory=100 * 1024 * 1024)).print(PAGE.format(more="<p>x</p>" * 5_000))


@pytest.mark.parametrize(("code", "error"), [(1, DocumentFailedError), (UNAVAILABLE, DocumentsUnavailableError)])
def test_a_process_that_breaks_down_is_an_error_in_plain_words(
    code: int, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(f"raise SystemExit({code})")
    monkeypatch.setattr(printer, "_PROGRAM", broken)

    with pytest.raises(error):
        ChildPrinter().print(PAGE)


def test_whoever_comes_while_too_many_documents_are_made_is_told_to_come_back() -> None:
    with pytest.raises(PrinterBusyError):
        ChildPrinter(Bounds(at_once=0, patience=0.01)).print(PAGE)
