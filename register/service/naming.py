"""Short names that nobody has yet: the one that was made of a title, or the next with a number behind."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from register.slugs import STEM_LENGTH, numbered_slugs


def free_slug(session: Session, column: InstrumentedAttribute[str], slug: str) -> str:
    """Return a name that no activity, or no purpose, has or had, for names are never given again.

    Args:
        session: Where to look.
        column: The slugs of which.
        slug: The name wanted; one that is taken gets a number.
    """
    taken = set(session.scalars(select(column).where(column.startswith(slug[:STEM_LENGTH], autoescape=True))))
    return slug if slug not in taken else next(each for each in numbered_slugs(slug) if each not in taken)
