"""What can go wrong in the reference customer database. Facts hold places (rows, columns, limits), never a value."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class CustomersError(DomainError):
    """Base of this room's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class ColumnError(CustomersError):
    """A column that cannot be imported as mapped. Columns are told by number: a header may itself be personal data."""

    message: ClassVar[str] = mark("Column {column}: {reason}.")
    column: int
    reason: str


@dataclass(kw_only=True, eq=False)
class MappingError(CustomersError):
    """A column mapping that cannot be used."""

    message: ClassVar[str] = mark("The column mapping is wrong at {place}: {reason}.")
    place: str
    reason: str


@dataclass(kw_only=True, eq=False)
class ImportNotFoundError(CustomersError):
    """No import has this id."""

    message: ClassVar[str] = mark("There is no import {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class ImportWholeError(CustomersError):
    """An import is to be written anew that nobody altered."""

    message: ClassVar[str] = mark("Import {reference} is as Égide wrote it: there is nothing to write anew.")
    reference: str


@dataclass(kw_only=True, eq=False)
class ImportNotUndoableError(CustomersError):
    """Only an import that has not finished can be undone as a whole."""

    message: ClassVar[str] = mark("Import {reference} is {state}: only an unfinished one can be undone.")
    reference: str
    state: str


@dataclass(kw_only=True, eq=False)
class ImportBusyError(CustomersError):
    """Another process advances the same import at this moment."""

    message: ClassVar[str] = mark("Import {reference} is being run by another process.")
    reference: str


@dataclass(kw_only=True, eq=False)
class ImportChangedError(CustomersError):
    """A file whose unfinished import was begun otherwise: going on would mix two readings of it."""

    message: ClassVar[str] = mark(
        "Import {reference} of this file was begun with other columns or another purpose: go on with those, or undo it."
    )
    reference: str


@dataclass(kw_only=True, eq=False)
class TableNotImportableError(CustomersError):
    """A table that files are not imported into."""

    message: ClassVar[str] = mark("Nothing is imported into {table}: {reason}.")
    table: str
    reason: str


@dataclass(kw_only=True, eq=False)
class SwitchReasonError(CustomersError):
    """A record is opened for another purpose without a reason."""

    message: ClassVar[str] = mark("Choose why.")


@dataclass(kw_only=True, eq=False)
class NotOpenError(CustomersError):
    """A record is switched to another purpose that its reader has not opened since they signed in."""

    message: ClassVar[str] = mark("You have not opened this record since you signed in.")


@dataclass(kw_only=True, eq=False)
class UploadNotFoundError(CustomersError):
    """No file was brought in under this id, or none that may be seen."""

    message: ClassVar[str] = mark("There is no such file.")


@dataclass(kw_only=True, eq=False)
class UploadStateError(CustomersError):
    """Something was asked of a file that its state does not allow."""

    message: ClassVar[str] = mark("This cannot be done now: the file is {state}.")
    state: str


@dataclass(kw_only=True, eq=False)
class TooManyUploadsError(CustomersError):
    """Somebody brought in more files than may wait at once."""

    message: ClassVar[str] = mark("{limit} files of yours wait already: import or discard one of them first.")
    limit: int


@dataclass(kw_only=True, eq=False)
class HomeNotEmptyError(CustomersError):
    """The demonstration loads only into a home that holds nothing else."""

    message: ClassVar[str] = mark("This home already holds {what}: the demonstration needs one of its own.")
    what: str


@dataclass(kw_only=True, eq=False)
class LoadBusyError(CustomersError):
    """Two processes load the demonstration at once; one of them goes on."""

    message: ClassVar[str] = mark("Another process is loading the demonstration.")


@dataclass(kw_only=True, eq=False)
class StillToBeToldError(CustomersError):
    """A notice is named as given to people who are still to be told."""

    message: ClassVar[str] = mark(
        "Whoever comes through {point} is still to be told: no notice was given to them yet. What it names opens for "
        "these rows once it is recorded that they were told."
    )
    point: str


@dataclass(kw_only=True, eq=False)
class NobodyToBeToldError(CustomersError):
    """A first message to people whom nobody has to tell anything, or who were told."""

    message: ClassVar[str] = mark("Nobody of this import is still to be told.")


@dataclass(kw_only=True, eq=False)
class ImportUnfinishedError(CustomersError):
    """A first message to the people of an import that has not finished."""

    message: ClassVar[str] = mark("The import has not finished: the first message goes to all of its people.")


@dataclass(kw_only=True, eq=False)
class NoNoticeToSendError(CustomersError):
    """A first message where nothing is published that it could carry. GDPR Art. 14(3)(b)."""

    message: ClassVar[str] = mark("Nothing is published for {point} yet, and no message leaves without its notice.")
    point: str


@dataclass(kw_only=True, eq=False)
class NobodyToWriteToError(CustomersError):
    """A first message of which nobody is left who may be written to so."""

    message: ClassVar[str] = mark("Nobody of this import can be written to so: the page says why.")


@dataclass(kw_only=True, eq=False)
class MessageSupersededError(CustomersError):
    """A file of a first message that is still being made when another one is begun."""

    message: ClassVar[str] = mark(
        "Another file of this message was begun meanwhile, and this one ended: use the newer one, once it is whole."
    )


@dataclass(kw_only=True, eq=False)
class NoWayToWriteError(CustomersError):
    """A first message by a way for which the purpose gives no address, or gives it masked, or asks no consent."""

    message: ClassVar[str] = mark("This purpose does not let you write to these people by this way.")
