"""What two people ask for at the same moment: both find it free, and the database decides."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.identity.errors import IdentityError


def flush_unique(session: Session, taken: IdentityError) -> None:
    """Write what is pending.

    Args:
        session: The session.
        taken: What to tell whoever came second.

    Raises:
        IdentityError: `taken`, if the database refuses a second one.
    """
    try:
        session.flush()
    except IntegrityError:
        # The driver's error quotes the row, which is personal data.
        raise taken from None
