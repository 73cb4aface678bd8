"""Links of documents to what they prove, told apart by whether Égide wrote them: no other settles anything."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from governance.oversight.models import DocumentLink
from governance.vault.attest import Attestor


def read_links(
    session: Session, attestor: Attestor, *where: ColumnElement[bool]
) -> tuple[list[DocumentLink], list[DocumentLink]]:
    """Return the links that Égide wrote, and those that it did not write as they stand."""
    whole: list[DocumentLink] = []
    altered: list[DocumentLink] = []
    for link in session.scalars(
        select(DocumentLink)
        .where(*where)
        .order_by(DocumentLink.about, DocumentLink.reference, DocumentLink.document_id)
    ):
        (whole if attestor.is_whole(link) else altered).append(link)
    return whole, altered
