"""The process that makes PDF: HTML on standard input, the document on standard output.

WeasyPrint takes seconds to import and megabytes for each page, so it never runs in a server's process. This one reaches
nothing: what its HTML does not hold is not in the document, whatever it refers to; it opens no connection and writes no
file, holds no key, sees no setting and ends with its document. Run by its path in isolated mode: it imports nothing of
the house. Arguments: bytes of memory, seconds of processor time.
"""

import gc
import logging
import resource
import sys
from typing import Any, Final, NoReturn

UNAVAILABLE: Final = 3
TOO_LARGE: Final = 4
# PDF/UA, ISO 14289-1: tagged, with its language and title.
_VARIANT: Final = "pdf/ua-1"
_FORBIDDEN: Final = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.exec", "os.system")


def _confine(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _forbid(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(event)


def _refuse(*_asked: Any, **_how: Any) -> NoReturn:
    raise PermissionError


def _find_pages_once(document: Any) -> None:
    """Have a document number its pages once, not anew for each tag: that grows with the square of its length."""
    numbered = document.page_references.fget
    known: dict[int, tuple[Any, ...]] = {}

    def once(made: Any) -> tuple[Any, ...]:
        pages = len(made.pages["Kids"])
        if pages not in known:
            known[pages] = tuple(numbered(made))
        return known[pages]

    document.page_references = property(once)


def main(arguments: list[str]) -> int:
    """Make one document."""
    memory, seconds = map(int, arguments)
    # Everything lives until the document is written: looking for what does not is a third of the time.
    gc.disable()
    logging.disable()
    try:
        # The one import that waits: it costs seconds, and only this process pays them.
        import weasyprint  # noqa: PLC0415
    except OSError:
        return UNAVAILABLE
    _confine(memory, seconds)
    sys.addaudithook(_forbid)

    _find_pages_once(weasyprint.pdf.pydyf.PDF)

    class Nothing(weasyprint.urls.URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        """Gives nothing, wherever it is asked for."""

        fetch = _refuse

    try:
        html = weasyprint.HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=Nothing())
        made = html.write_pdf(pdf_variant=_VARIANT)
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
