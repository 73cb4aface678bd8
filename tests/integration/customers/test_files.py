"""Files to import: what is read, and what is refused before a row of it is."""

import contextlib
import hashlib
import os
import struct
from pathlib import Path

import pytest

from governance.spreadsheets.errors import FileTooLargeError, UnreadableFileError
from governance.spreadsheets.files import open_table
from governance.spreadsheets.limits import DEFAULT_LIMITS, Limits
from tests.builders.customers import (
    HEADER,
    a_csv,
    a_person,
    a_repeated_text,
    a_sparse_workbook,
    a_zip_bomb,
    an_ods,
    an_xlsx,
    csv_text,
)


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> list[list[str]]:
    with open_table(path, limits) as table:
        return [list(table.header), *(row.cells for row in table.rows())]


def children() -> set[str]:
    """Return the processes that this one started, and that it has not yet seen off."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        # Others come and go meanwhile. After the name, which may hold anything: the state, then the parent.
        with contextlib.suppress(OSError):
            if (process / "stat").read_text().rpartition(")")[2].split()[1] == str(os.getpid()):
                found.add(process.name)
    return found


def expected(count: int) -> list[list[str]]:
    return [list(HEADER), *(list(a_person(number)) for number in range(count))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_whatever_encoding_people_save_it(tmp_path: Path, encoding: str) -> None:
    path = a_csv(tmp_path / "people.csv", map(a_person, range(3)), encoding=encoding)

    assert read(path) == expected(3)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(csv_text(map(a_person, range(2)), delimiter=delimiter), encoding="utf-8")

    assert read(path) == expected(2)


def test_xlsx_and_ods_are_read_like_csv(tmp_path: Path) -> None:
    people = [a_person(number) for number in range(3)]

    assert read(an_xlsx(tmp_path / "people.xlsx", people)) == expected(3)
    assert read(an_ods(tmp_path / "people.ods", people)) == expected(3)


def test_what_a_file_is_shows_in_its_bytes_and_not_in_its_name(tmp_path: Path) -> None:
    assert read(an_xlsx(tmp_path / "people.csv", [a_person(0)])) == expected(1)


def test_cells_of_a_workbook_become_what_people_see(tmp_path: Path) -> None:
    path = an_xlsx(tmp_path / "cells.xlsx", [(612345678, 1.5, True, None, "=1+1")], header=("a", "b", "c", "d", "e"))

    assert read(path)[1][:4] == ["612345678", "1.5", "true", ""]


def test_empty_rows_are_left_out_and_numbers_stay_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("\n;\nNom;Ville\n;\nLefèvre;Lyon\n \t;\nMartin;Metz\n", encoding="utf-8")

    with open_table(path, DEFAULT_LIMITS) as table:
        assert (table.header, table.header_row) == (("Nom", "Ville"), 3)
        assert [(row.number, row.cells[0]) for row in table.rows()] == [(5, "Lefèvre"), (7, "Martin")]
        assert [row.number for row in table.rows(after=5)] == [7]


def test_a_cell_may_hold_lines_and_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "quoted.csv"
    path.write_text('Nom;Adresse\nLefèvre;"12; rue du ""Bac""\nbâtiment B"\n', encoding="utf-8")

    assert read(path)[1] == ["Lefèvre", '12; rue du "Bac"\nbâtiment B']


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "people.csv", [a_person(1)])

    with open_table(path, DEFAULT_LIMITS) as table:
        assert table.digest == hashlib.sha256(path.read_bytes()).digest()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no row"),
        (b" ;\n;\n", "no row"),
        (b"a;b\n\x00\x01", "binary"),
        (b"Nom;Ville\n\x81\x8d\xe9", "no text"),
        (b'Nom;Ville\n"never closed;Lyon\n', "record after number 1 is malformed"),
        (b'Nom;Ville\n"closed" badly;Lyon\n', "record after number 1 is malformed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old binary workbook"),
        (b"PK\x03\x04 and nothing else", "not a workbook"),
    ],
)
def test_a_broken_file_is_refused_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "broken"
    path.write_bytes(content)

    with pytest.raises(UnreadableFileError, match=reason):
        read(path)


def test_a_file_that_is_not_there_or_not_a_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path, Path("/dev/zero")):
        with pytest.raises(UnreadableFileError):
            read(path)


def test_a_file_beyond_its_bounds_is_refused(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "people.csv", map(a_person, range(10)))

    for limits, what in (
        (Limits(file_bytes=100), "100 bytes"),
        (Limits(rows=10), "10 rows"),
        (Limits(columns=7), "7 columns"),
    ):
        with pytest.raises(FileTooLargeError, match=what):
            read(path, limits)


def test_a_workbook_beyond_its_bounds_is_refused(tmp_path: Path) -> None:
    path = an_xlsx(tmp_path / "people.xlsx", map(a_person, range(10)))

    for limits in (Limits(rows=10), Limits(columns=7), Limits(unpacked_bytes=1000)):
        with pytest.raises(FileTooLargeError):
            read(path, limits)


def test_a_zip_bomb_is_refused_before_anybody_reads_it(tmp_path: Path) -> None:
    path = a_zip_bomb(tmp_path / "bomb.xlsx", 32 * 1024 * 1024)

    with pytest.raises(FileTooLargeError, match="unpacked"):
        read(path)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_too(tmp_path: Path) -> None:
    path = a_zip_bomb(tmp_path / "bomb.xlsx", 32 * 1024 * 1024)
    lying = bytearray(path.read_bytes())
    # APPNOTE 4.3.12: the uncompressed size stands at byte 24 of an entry of the central directory.
    struct.pack_into("<I", lying, lying.index(b"PK\x01\x02") + 24, 100)
    path.write_bytes(lying)

    with pytest.raises(FileTooLargeError, match="unpacked"):
        read(path)


def test_a_sheet_that_asks_for_all_the_memory_there_is_does_not_get_it(tmp_path: Path) -> None:
    path = a_sparse_workbook(tmp_path / "sparse.xlsx")

    with pytest.raises(FileTooLargeError, match="while it is read"):
        read(path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = a_zip_bomb(tmp_path / "small.xlsx", 10)

    with pytest.raises(UnreadableFileError, match="not a workbook"):
        read(path)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = an_xlsx(tmp_path / "people.xlsx", map(a_person, range(50)))
    damaged = bytearray(path.read_bytes())
    damaged[40:400] = b"\xff" * 360
    path.write_bytes(damaged)

    with pytest.raises(UnreadableFileError):
        read(path)


def test_reading_only_the_beginning_leaves_no_process_behind(tmp_path: Path) -> None:
    path = an_xlsx(tmp_path / "people.xlsx", map(a_person, range(500)))

    before = children()
    with open_table(path, DEFAULT_LIMITS) as table:
        rows = table.rows()
        next(rows)
        reading = children()
        rows.close()  # type: ignore[attr-defined]  # rows() is a generator

    assert len(reading - before) == 1
    assert children() == before


def test_a_text_that_no_cell_holds_is_refused(tmp_path: Path) -> None:
    path = an_ods(tmp_path / "long.ods", [("x" * 40_000,)])

    with pytest.raises(FileTooLargeError, match="letters"):
        read(path)


def test_a_text_that_stands_once_and_is_named_by_every_cell_is_counted_each_time(tmp_path: Path) -> None:
    path = a_repeated_text(tmp_path / "often.xlsx", "é" * 20_000, 1_000)

    with pytest.raises(FileTooLargeError, match="letters"):
        read(path, Limits(unpacked_bytes=16 * 1024 * 1024))
