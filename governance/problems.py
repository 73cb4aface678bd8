"""Which error of the domain is which problem: one row for each class (RFC 9457).

A problem's slug is its class's name in small letters, so that its type is as stable as the class. A class without a row
fails a test. Errors that only a fault of the program can raise are 500, and so are rows altered outside Égide: the
caller can do nothing about either.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from http import HTTPStatus
from string import Formatter
from typing import Final

import audit.errors as log
import consent.errors as consents
import governance.customers.errors as customers
import governance.datamap.errors as datamap
import governance.gate.errors as gate
import governance.identity.errors as identity
import governance.installation.errors as installation
import governance.jobs.errors as jobs
import governance.mail.errors as mail
import governance.migrations.errors as migrations
import governance.oversight.errors as oversight
import governance.policies.errors as policies
import governance.vault.errors as vault
import register.errors as register
from governance import database, settings
from governance.errors import DomainError, mark
from governance.gate.values import FieldInvalidError
from governance.web.problem_pages import Kind, ProblemBook
from governance.web.problems import HTTP_PROBLEMS, Problem

_ROWS: Final[Mapping[HTTPStatus, tuple[type[DomainError], ...]]] = {
    HTTPStatus.UNAUTHORIZED: (
        identity.ConfirmationsSpentError,
        identity.CredentialsRefusedError,
        identity.FreshSecondFactorNeededError,
        identity.OpenIdRefusedError,
        identity.OpenIdUnknownError,
        identity.TokenRefusedError,
        identity.TokenNeededError,
    ),
    HTTPStatus.FORBIDDEN: (
        consents.NotForYouError,
        consents.OperatorRequiredError,
        datamap.DecisionNeededError,
        datamap.MapAddressError,
        datamap.MapOpensError,
        datamap.MapWeakensError,
        gate.PurposeSwitchNeededError,
        gate.ReadRefusedError,
        gate.WriteRefusedError,
        identity.AccountDisabledError,
        identity.AnotherControllerNeededError,
        identity.LinkByMailError,
        identity.NotPermittedError,
        policies.NotForYouError,
        policies.NotYourPurposeError,
        policies.NotYourRequestError,
        policies.OwnAccessRequestError,
        policies.OwnRequestError,
        policies.PersonRequiredError,
        register.AdviserDecidesError,
        register.DraftingNotAllowedError,
        register.NotYourActivityError,
        register.PersonRequiredError,
        register.StepNotAllowedError,
    ),
    HTTPStatus.NOT_FOUND: (
        consents.ConsentNotFoundError,
        consents.PersonNotFoundError,
        customers.ImportNotFoundError,
        customers.UploadNotFoundError,
        datamap.UnknownFieldError,
        datamap.ProposalNotFoundError,
        datamap.UnknownMapError,
        datamap.UnknownSourceError,
        datamap.UnknownTableError,
        gate.NotInDataMapError,
        gate.RowIdInvalidError,
        customers.NotOpenError,
        gate.RowNotFoundError,
        identity.LinkRefusedError,
        oversight.UnknownHolderError,
        identity.OpenIdNotLinkedError,
        identity.UnknownAccountError,
        identity.UnknownFactorError,
        identity.UnknownSessionError,
        identity.UnknownTokenError,
        log.EntryNotFoundError,
        log.NoSuchEntryError,
        log.NoSuchTileError,
        log.NothingSignedError,
        policies.AccessRequestNotFoundError,
        policies.GrantNotFoundError,
        register.ActivityNotFoundError,
        register.PartyNotFoundError,
        register.PurposeNotFoundError,
        register.VersionNotFoundError,
        vault.SubjectUnknownError,
    ),
    HTTPStatus.CONFLICT: (
        consents.NotAskedError,
        consents.PurposeNotInForceError,
        customers.HomeNotEmptyError,
        customers.ImportBusyError,
        customers.ImportChangedError,
        customers.ImportNotUndoableError,
        customers.LoadBusyError,
        customers.TooManyUploadsError,
        customers.UploadStateError,
        datamap.MapConflictError,
        datamap.MeaningChangedError,
        datamap.NotAdoptedError,
        datamap.ProposalChangedError,
        gate.AdoptedTableError,
        gate.AlreadyOnFileError,
        gate.RetryMismatchError,
        gate.RevisionConflictError,
        gate.RowReferredToError,
        gate.SubjectRestrictedError,
        identity.AccountInUseError,
        identity.AdministratorExistsError,
        identity.ControllerAlreadyNamedError,
        identity.EmailTakenError,
        identity.FactorInUseError,
        identity.FactorLimitError,
        identity.FactorTakenError,
        identity.NoSecondFactorError,
        identity.NothingToCountersignError,
        identity.OnlyWayInError,
        identity.OpenIdTakenError,
        identity.PasskeysUnavailableError,
        identity.RoleAlreadyHeldError,
        identity.RoleConflictError,
        identity.RoleNotHeldError,
        identity.TokenNameTakenError,
        installation.AlreadyInitialisedError,
        jobs.JobNotDeadError,
        jobs.LeaseLostError,
        log.AnchorExistsError,
        log.BundleExistsError,
        log.NotYetSignedError,
        oversight.NothingWaitsError,
        policies.AskedAlreadyError,
        policies.GrantSettledError,
        policies.NotInForceError,
        policies.OpinionGivenError,
        policies.RequestSettledError,
        register.ContentFrozenError,
        register.ControllerRequiredError,
        register.DeclaredTwiceError,
        register.IncompleteActivityError,
        register.OpinionRequiredError,
        register.PartyInForceError,
        register.ProposalsPendingError,
        register.PurposeInForceError,
        register.SlugTakenError,
        register.StepNotPossibleError,
        vault.AttestedConflictError,
        vault.SubjectErasedError,
        vault.SubjectTransitionError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        consents.BatchTooLargeError,
        customers.FileTooLargeError,
        gate.BatchTooLargeError,
        log.EntryTooLargeError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        FieldInvalidError,
        consents.ExpiryError,
        consents.FutureEventError,
        consents.NoObjectionRightError,
        customers.ColumnError,
        customers.MappingError,
        customers.SwitchReasonError,
        customers.TableNotImportableError,
        customers.UnreadableFileError,
        datamap.MapError,
        datamap.ProposalFlawedError,
        datamap.SourceKeyError,
        gate.CursorInvalidError,
        gate.FilterInvalidError,
        gate.FilterRefusedError,
        gate.LimitInvalidError,
        gate.LinkMissingError,
        gate.OrderRefusedError,
        gate.QueryInvalidError,
        gate.ValuesInvalidError,
        identity.DeclineReasonMissingError,
        identity.EndsInThePastError,
        identity.InvalidEmailError,
        identity.PasskeyRefusedError,
        identity.PasswordRefusedError,
        identity.SecondFactorRefusedError,
        identity.RoleNotForProgramsError,
        identity.RoleTooLongError,
        identity.TokenTooLongError,
        identity.WeakPasswordError,
        oversight.OwnAccountError,
        policies.BeyondDeclarationError,
        policies.FormError,
        policies.MoreThanAskedError,
        policies.NotRecipientError,
        policies.ReasonMissingError,
        policies.RequestEndError,
        policies.RoleCannotHoldError,
        policies.RoleNotAskedForError,
        policies.RoleNotYoursError,
        policies.ValidityError,
        register.ConsentChannelError,
        register.ObservationEndError,
        register.PartyNamesItselfError,
        register.ReasonRequiredError,
        register.RoleCannotReceiveError,
        register.SlugInvalidError,
        vault.LookupValueError,
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (identity.SignInLockedError,),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        datamap.SourceUnreachableError,
        gate.DatabaseUnavailableError,
        gate.PolicyUnsettledError,
        identity.OpenIdUnavailableError,
        installation.NotInitialisedError,
        installation.SchemaOutdatedError,
        log.LogUnavailableError,
        mail.MailInClearError,
        mail.MailRefusedError,
        mail.MailUnavailableError,
        vault.HardwareModuleError,
        vault.KeyMissingError,
        vault.KeyringMissingError,
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        database.NarrowDatabaseError,
        database.UnreadableValueError,
        database.UnsafeDatabaseError,
        database.UnsupportedDatabaseError,
        datamap.NotNumberedError,
        datamap.RegistryAlteredError,
        datamap.SourceUnknownError,
        datamap.UnknownShapeError,
        gate.BoxTamperedError,
        gate.MarksTamperedError,
        gate.RowTamperedError,
        installation.ForeignKeyringError,
        log.AnchorUnusableError,
        log.AppendInsideWriteError,
        log.InvalidFactError,
        log.LogNotAttachedError,
        log.LogTamperedError,
        log.NoRetentionRuleError,
        log.RetentionRulesAlteredError,
        log.SignerRefusedError,
        log.UnrecordedWriteError,
        mail.UnsafeLetterError,
        migrations.BrokenReferencesError,
        migrations.UnknownRevisionError,
        register.NumbersExhaustedError,
        settings.MalformedSettingError,
        settings.UnknownSettingError,
        vault.AttestationError,
        vault.BoxError,
        vault.HardwareModuleMissingError,
        vault.KeyLocationError,
        vault.KeyringCorruptError,
        vault.KeyringPermissionsError,
        vault.KeyringUnwritableError,
        vault.PolicySetError,
        vault.SealedFileError,
        vault.SubjectKeyError,
        vault.UnattestedWriteError,
    ),
}


def slug_of(error: type[DomainError]) -> str:
    """Return the slug of a class of errors."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__.removesuffix("Error")).lower()


# Where the title of the status would say too little: who is refused a read may well open the page.
_TITLES: Final[Mapping[type[DomainError], str]] = {
    gate.ReadRefusedError: mark("The read is refused."),
    gate.WriteRefusedError: mark("The write is refused."),
}
PROBLEMS: Final[Mapping[type[DomainError], Problem]] = {
    error: Problem(status=int(status), slug=slug_of(error), title=_TITLES.get(error, HTTP_PROBLEMS[status].title))
    for status, errors in _ROWS.items()
    for error in errors
}


def problem_of(error: DomainError) -> Problem:
    """Return the problem that an error is."""
    return PROBLEMS[type(error)]


def problem_book() -> ProblemBook:
    """Return every kind of problem of the rooms with what it says; errors of one name in two rooms are one kind."""
    kinds: dict[str, Kind] = {}
    for error, problem in PROBLEMS.items():
        before = kinds[problem.slug].sentences if problem.slug in kinds else ()
        # What stands in a place of another name than a member's (the reasons, in words) says nothing on this page.
        names = {each.name for each in fields(error)}
        told = (error.message,) if names.issuperset(_places(error.message)) else ()
        kinds[problem.slug] = Kind(problem=problem, sentences=tuple(dict.fromkeys((*before, *told))))
    return ProblemBook(kinds)


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
