"""Find functions, classes and methods that nobody uses, with vulture.

Variables and attributes are left out: columns, members of enumerations, fields of values and the facts of errors are
read by name elsewhere. A name that a template speaks counts as used.
"""

import re
import sys
import tomllib
from pathlib import Path

from vulture import Vulture

_REPOSITORY = Path(__file__).parents[1]
_LEAST_CONFIDENCE = 60
_KINDS = {"class", "function", "import", "method", "property", "unreachable_code"}


def main() -> None:
    settings = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
    vulture = Vulture(ignore_names=settings["ignore_names"], ignore_decorators=settings["ignore_decorators"])
    vulture.scavenge([_REPOSITORY / path for path in settings["paths"]])
    for template in (_REPOSITORY / "templates").rglob("*.*"):
        vulture.used_names.update(re.findall(r"[A-Za-z_]\w+", template.read_text(encoding="utf-8")))
    unused = [item for item in vulture.get_unused_code(min_confidence=_LEAST_CONFIDENCE) if item.typ in _KINDS]
    for item in unused:
        print(f"{Path(item.filename).relative_to(_REPOSITORY)}:{item.first_lineno}: unused {item.typ} {item.name}")
    sys.exit(bool(unused))


if __name__ == "__main__":
    main()
