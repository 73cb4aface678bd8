"""How large a file may be, on its face and once unpacked."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on an imported file.

    Attributes:
        file_bytes: Size of the file itself.
        unpacked_bytes: Size of a workbook's parts once unpacked, all together; and of the text of its cells.
        ratio: How many times its size a workbook may unpack to, beyond the first `free_bytes`.
        free_bytes: Unpacked size below which the ratio does not matter: small sheets compress very well.
        sheets: Sheets, where all of a workbook are read.
        rows: Rows, the header included; of all sheets that are read together.
        columns: Columns.
        reader_memory: Address space of the process that reads workbooks, in bytes.
        reader_seconds: Processor time of that process.
    """

    file_bytes: int = 256 * 1024 * 1024
    unpacked_bytes: int = 1024 * 1024 * 1024
    ratio: int = 100
    free_bytes: int = 16 * 1024 * 1024
    sheets: int = 10_050
    rows: int = 1_000_000
    columns: int = 200
    reader_memory: int = 2 * 1024 * 1024 * 1024
    reader_seconds: int = 300


DEFAULT_LIMITS: Final = Limits()
