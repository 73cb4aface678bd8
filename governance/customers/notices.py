"""Which notices can be named as given, where data is put on file: the newest of each text, those that fit first."""

from governance.gate.errors import NoticeUnknownError
from governance.gate.snapshot import PolicySnapshot
from register.values import NoticeRef


def offered_notices(snapshot: PolicySnapshot, purpose: str, language: str) -> tuple[NoticeRef, ...]:
    """Return the newest published version of each notice, in each language: those that name the purpose first.

    Args:
        snapshot: The policies in force.
        purpose: The slug of the purpose that data is put on file for.
        language: The reader's; of notices that fit alike, those in it come first.
    """
    newest: dict[tuple[str, str], NoticeRef] = {}
    for ref in sorted(snapshot.purposes.notices, key=lambda each: each.version):
        newest[ref.slug, ref.language] = ref

    def order(ref: NoticeRef) -> tuple[bool, bool, str]:
        return not names_purpose(snapshot, ref, purpose), ref.language != language, str(ref)

    return tuple(sorted(newest.values(), key=order))


def names_purpose(snapshot: PolicySnapshot, notice: NoticeRef, purpose: str) -> bool:
    """Return whether a published notice names a purpose."""
    declared = snapshot.purposes.get(purpose)
    return declared is not None and snapshot.purposes.notices.get(notice) in declared.named_by


def notice_number(snapshot: PolicySnapshot, notice: NoticeRef | None) -> int | None:
    """Return the number of a notice that people were given; None where none is known.

    Raises:
        NoticeUnknownError: If it was never published.
    """
    if notice is None:
        return None
    found = snapshot.purposes.notices.get(notice)
    if found is None:
        raise NoticeUnknownError(notice=str(notice))
    return found
