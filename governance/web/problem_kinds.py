"""The book of problems: every kind of them with what it says, out of the table that the roof keeps."""

from collections.abc import Mapping
from dataclasses import fields
from string import Formatter

from governance.errors import DomainError
from governance.web.problem_pages import Kind, ProblemBook
from governance.web.problems import Problem


def problem_book(problems: Mapping[type[DomainError], Problem]) -> ProblemBook:
    """Return every kind of problem of the rooms with what it says; errors of one name in two rooms are one kind."""
    kinds: dict[str, Kind] = {}
    for error, problem in problems.items():
        before = kinds[problem.slug].sentences if problem.slug in kinds else ()
        # What stands in a place of another name than a member's (the reasons, in words) says nothing on this page.
        names = {each.name for each in fields(error)}
        told = (error.message,) if names.issuperset(_places(error.message)) else ()
        kinds[problem.slug] = Kind(problem=problem, sentences=tuple(dict.fromkeys((*before, *told))))
    return ProblemBook(kinds)


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
