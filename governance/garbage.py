"""Python's search for garbage that refers to itself, held up while much is made that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: what is made by the ten thousand makes none, and each search walks all there is.

    It holds for the whole process, whose other threads leave theirs a moment longer. Where two overlap, searching
    begins again with the end of the first that began.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
