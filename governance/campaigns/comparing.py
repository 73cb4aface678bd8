"""What another file of rules would change, by the names of its rules."""

from dataclasses import dataclass

from governance.campaigns.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """The slugs of rules that one file has and another has not, or says otherwise; in the order of the files."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def differences(before: Rules | None, after: Rules) -> Differences:
    """Return what a file changes against the one in force; all is new where nothing is."""
    old = {} if before is None else {rule.slug: rule for rule in before.each}
    new = {rule.slug: rule for rule in after.each}
    return Differences(
        added=tuple(slug for slug in new if slug not in old),
        removed=tuple(slug for slug in old if slug not in new),
        changed=tuple(slug for slug, rule in new.items() if slug in old and old[slug] != rule),
    )
