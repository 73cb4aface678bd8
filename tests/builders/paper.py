"""Documents read back, and a printer that makes none."""

import io
import subprocess
from dataclasses import dataclass, field

import pikepdf

from governance.documents.errors import DocumentError


class PaperlessPrinter:
    """Gives back the HTML it was given, as if that were the document; or refuses as it was told to."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.refusals: list[DocumentError] = []

    def print(self, html: str) -> bytes:
        if self.refusals:
            raise self.refusals.pop(0)
        self.given.append(html)
        return html.encode()


@dataclass
class Paper:
    """What a PDF says, to eyes and to ears."""

    text: str
    language: str
    title: str
    pages: int
    marked: bool
    outlines: list[str]
    tags: set[str] = field(default_factory=set)
    alternatives: list[str] = field(default_factory=list)
    fonts_embedded: bool = True


def read_paper(document: bytes) -> Paper:
    """Read a PDF back, with programs that did not make it."""
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True).stdout
    with pikepdf.open(io.BytesIO(document)) as pdf:
        root = pdf.Root
        with pdf.open_outline() as outline:
            outlines = list(_titles(outline.root))
        paper = Paper(
            text=text.decode(),
            language=str(root.Lang),
            title=str(pdf.docinfo["/Title"]),
            pages=len(pdf.pages),
            marked=bool(root.MarkInfo.Marked),
            outlines=outlines,
            fonts_embedded=all(_embedded(each) for each in pdf.objects if _is_font(each)),
        )
        _walk(root.StructTreeRoot, paper)
    return paper


def _titles(items: object) -> list[str]:
    found: list[str] = []
    for item in items:  # type: ignore[attr-defined] # pikepdf's outlines have no useful types
        found += [item.title, *_titles(item.children)]
    return found


def _walk(root: pikepdf.Object, paper: Paper) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += list(node)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                paper.tags.add(str(node.S))
            if "/Alt" in node:
                paper.alternatives.append(str(node.Alt))
            if "/K" in node:
                waiting.append(node.K)


def _is_font(each: object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"


def _embedded(descriptor: object) -> bool:
    assert isinstance(descriptor, pikepdf.Dictionary)
    return any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
