"""What the house itself refuses: its databases and settings, how it is set up, documents, files, letters, jobs."""

from http import HTTPStatus
from typing import Final

import governance.documents.errors as documents
import governance.installation.errors as installation
import governance.jobs.errors as jobs
import governance.mail.errors as mail
import governance.migrations.errors as migrations
import governance.spreadsheets.errors as spreadsheets
from governance import database, settings
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.CONFLICT: (
        installation.AlreadyInitialisedError,
        jobs.JobNotDeadError,
        jobs.LeaseLostError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (spreadsheets.FileTooLargeError,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (spreadsheets.UnreadableFileError,),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        documents.DocumentTooLargeError,
        documents.DocumentsUnavailableError,
        documents.PrinterBusyError,
        installation.NotInitialisedError,
        installation.SchemaOutdatedError,
        mail.MailInClearError,
        mail.MailRefusedError,
        mail.MailUnavailableError,
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        database.NarrowDatabaseError,
        database.UnreadableValueError,
        database.UnsafeDatabaseError,
        database.UnsupportedDatabaseError,
        documents.DocumentFailedError,
        installation.ForeignKeyringError,
        mail.UnsafeLetterError,
        migrations.BrokenReferencesError,
        migrations.UnknownRevisionError,
        settings.MalformedSettingError,
        settings.UnknownSettingError,
    ),
}
