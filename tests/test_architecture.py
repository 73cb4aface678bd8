"""The shape of the house: floors, sizes, names, and what stands at the top."""

import ast
import importlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from governance.errors import DomainError
from governance.migrations.metadata import whole_metadata
from governance.orm import Base
from governance.problems import PROBLEMS, ROOMS

_REPOSITORY = Path(__file__).parents[1]
_PACKAGES = ("governance", "consent", "register", "audit")
_TOP_LEVEL = {
    ".ci", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "audit", "benchmarks",
    "consent", "docs", "governance", "pyproject.toml", "register", "requirements.lock", "templates", "tests",
}  # fmt: skip
_MOST_LINES, _MOST_LINES_OF_A_TEST, _MOST_LINES_OF_A_FUNCTION = 400, 600, 60
_EMPTY_NAMES = {"common", "helpers", "manager", "misc", "util", "utils"}
# Where HTTP is spoken: routes, what crosses them, and the materials both are made of. The worker draws documents with
# the words of the pages.
_EDGE = re.compile(
    r"governance\.(api_docs|app|cli|health|problems|rest|serving|site|web|work)(\..+)?|.+\.(views|pages|schemas|forms)(\..+)?",
)
_EDGE_ONLY = ("flask", "flask_babel", "flask_login", "flask_smorest", "flask_wtf", "marshmallow", "werkzeug", "wtforms")
# In two pieces, so that this file does not find itself.
_REGISTRIES = re.compile(
    "|".join(
        re.escape("".join(pieces))
        for pieces in (
            ("pypi", ".org"), ("pythonhosted", ".org"), ("registry.", "npmjs"), ("npmjs", ".org"),
            ("proxy.", "golang"), ("index-", "url"), ("find-", "links"), ("trusted-", "host"),
        )
    )
)  # fmt: skip


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=_REPOSITORY, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return [name for name in listed if (_REPOSITORY / name).is_file()]


def _sources() -> list[Path]:
    return [_REPOSITORY / name for name in _tracked() if name.endswith(".py")]


def _modules() -> Iterator[str]:
    for package in _PACKAGES:
        for path in sorted((_REPOSITORY / package).rglob("*.py")):
            # Alembic runs these two by their paths.
            if path.parent.name != "versions" and path.name != "env.py":
                yield ".".join(path.relative_to(_REPOSITORY).with_suffix("").parts).removesuffix(".__init__")


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(*_PACKAGES, include_external_packages=True, cache_dir=None)


def test_every_module_stands_on_a_floor() -> None:
    configuration = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [c for c in configuration["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    floors = {room.strip() for layer in contract["layers"] for room in re.split(r"[|:]", layer)}

    homeless = [
        module
        for module in _modules()
        if module != "governance" and not any(module == floor or module.startswith(f"{floor}.") for floor in floors)
    ]

    assert homeless == []


def test_flask_and_marshmallow_stay_at_the_edge_even_indirectly(imports: grimp.ImportGraph) -> None:
    inside = [module for module in _modules() if not _EDGE.fullmatch(module)]

    leaks = {
        (module, forbidden): chain
        for module in inside
        for forbidden in _EDGE_ONLY
        if forbidden in imports.modules and (chain := imports.find_shortest_chain(module, forbidden))
    }

    assert leaks == {}


def test_every_error_has_a_row_in_the_table_of_problems() -> None:
    for module in _modules():
        importlib.import_module(module)

    without = {error.__qualname__ for error in _leaves(DomainError) if error.__module__.startswith(_PACKAGES)} - {
        error.__qualname__ for error in PROBLEMS
    }

    assert without == set()


def test_no_error_has_two_rows_there() -> None:
    rows = [error for room in ROOMS for errors in room.values() for error in errors]

    assert sorted(each.__qualname__ for each in rows) == sorted(each.__qualname__ for each in PROBLEMS)


def _leaves(error: type[DomainError]) -> Iterator[type[DomainError]]:
    """Give the errors that are raised; a base with subclasses never is."""
    subclasses = error.__subclasses__()
    if not subclasses:
        yield error
    for subclass in subclasses:
        yield from _leaves(subclass)


def test_a_fact_in_words_is_a_phrase() -> None:
    # What is only marked would be told in English: the edge translates phrases, and leaves names alone.
    marked = re.compile(r"Error\((?:[^()]|\([^()]*\))*=mark\(")

    assert [str(path) for path in _sources() if marked.search(path.read_text(encoding="utf-8"))] == []


def test_every_table_is_declared_where_migrations_look() -> None:
    found = set(whole_metadata().tables)

    for module in _modules():
        importlib.import_module(module)

    assert set(Base.metadata.tables) == found


def test_no_file_is_longer_than_a_person_reads() -> None:
    # A migration is written by a program.
    read = [path for path in _sources() if "versions" not in path.parts]
    lengths = {str(path.relative_to(_REPOSITORY)): len(path.read_bytes().splitlines()) for path in read}

    too_long = {
        name: lines
        for name, lines in lengths.items()
        if lines > (_MOST_LINES_OF_A_TEST if name.startswith("tests/") else _MOST_LINES)
    }

    assert too_long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = [
        f"{path.relative_to(_REPOSITORY)}:{node.lineno} {node.name}"
        for path in _sources()
        if "tests" not in path.parts and "versions" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= _MOST_LINES_OF_A_FUNCTION
    ]

    assert too_long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in _sources() if path.stem in _EMPTY_NAMES or path.parent.name in _EMPTY_NAMES] == []


def test_the_top_level_holds_what_it_is_said_to_hold() -> None:
    assert {name.partition("/")[0] for name in _tracked()} == _TOP_LEVEL


def test_no_file_names_a_registry() -> None:
    naming = [
        name
        for name in _tracked()
        if _REGISTRIES.search((_REPOSITORY / name).read_text(encoding="utf-8", errors="replace"))
    ]

    assert naming == []


def test_every_test_runs() -> None:
    skipping = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b")

    assert [
        str(path) for path in _sources() if "tests" in path.parts and path != Path(__file__)
        and skipping.search(path.read_text(encoding="utf-8"))
    ] == []  # fmt: skip


_DOCUMENTS = ("ARCHITECTURE.md", "README.md", *(f"docs/{each.name}" for each in (_REPOSITORY / "docs").glob("*.md")))


@pytest.mark.parametrize("document", sorted(_DOCUMENTS))
def test_a_document_names_files_that_are_there(document: str) -> None:
    text = (_REPOSITORY / document).read_text(encoding="utf-8")
    files = [f"/{name}" for name in _tracked()]
    named = set(re.findall(r"`([a-z_][a-z_./]*\.py|[a-z_]+/[a-z_/]*)`", text))

    assert [each for each in sorted(named) if not any(f"/{each}" in name for name in files)] == []


def test_a_moment_becomes_a_day_in_one_place_only() -> None:
    # The log's rules and its verifier count in UTC, as its entries are written; the bounds of a year need no zone.
    apart = {"governance/days.py", "governance/gate/values.py"}
    found = {
        str(path.relative_to(_REPOSITORY))
        for path in _sources()
        if path.relative_to(_REPOSITORY).parts[0] in {"governance", "consent", "register"}
        and re.search(r"\.date\(\)|date\.today\(", path.read_text())
    }

    assert found <= apart


def test_no_two_advisory_locks_are_one() -> None:
    locks = [found for path in _sources() for found in re.findall(r"0x45474944, (\w+)", path.read_text("utf-8"))]

    assert len(locks) > 1
    assert [lock for lock in locks if locks.count(lock) > 1] == []
