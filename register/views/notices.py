"""`/notices` and `/information-tasks`: what people are told, where, in which words, and who is still to be told."""

import uuid
from typing import Any, Final

from flask import after_this_request
from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import open_to, open_to_anyone
from governance.settings import LOCALES
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.headers import may_be_kept
from governance.web.rest import Blueprint
from register import service
from register.notices.comparing import changes
from register.notices.values import NoticeBody
from register.schemas import PageSchema
from register.schemas.notice_texts import (
    AskAnewSchema,
    ChangesQuerySchema,
    ChangesSchema,
    InformationPageSchema,
    InformationSchema,
    ListedTextsSchema,
    NewPointSchema,
    NoticeTextSchema,
    PointPageSchema,
    PointSchema,
    PointTermsSchema,
    PreviewQuerySchema,
    PutForwardSchema,
    SettleInformationSchema,
    VersionsQuerySchema,
)
from register.service import (
    AskAnew,
    Information,
    ListedPoint,
    PointTerms,
    PublishedNotice,
    PutForward,
    SettleInformation,
)
from register.values import Page
from register.views.activities import DRAFTERS, READERS
from register.views.contracts import desk

blueprint: Final = Blueprint("notice-texts", __name__, url_prefix="/api/v1", description="What people are told.")
# A notice that changed is everybody's so soon.
KEPT_SECONDS: Final = 300


@blueprint.route("/notices")
class Notices(MethodView):
    """All collection points."""

    @blueprint.arguments(PageSchema, location="query", unknown=RAISE)
    @blueprint.response(200, PointPageSchema)
    @open_to(*READERS)
    def get(self, page: dict[str, Any]) -> Page[ListedPoint]:
        """List the collection points in the order in which they came, and how their notices stand."""
        return service.list_points(current().session, desk(), **page)

    @blueprint.arguments(NewPointSchema)
    @blueprint.response(201, PointSchema)
    @open_to(*DRAFTERS)
    def post(self, terms: PointTerms) -> ListedPoint:
        """Open a collection point, and publish its notice where something is in force there."""
        service.add_point(current().session, desk(), current().actor, terms)
        return service.show_point(current().session, desk(), terms.slug)


@blueprint.route("/notices/<slug>")
class OneNotice(MethodView):
    """One notice."""

    @blueprint.response(200, NoticeTextSchema)
    @open_to_anyone
    def get(self, slug: str) -> PublishedNotice:
        """Return the newest version of a notice; for everybody, as the page is."""
        return _for_everybody(slug, None)

    @blueprint.arguments(PointTermsSchema)
    @blueprint.response(200, PointSchema)
    @open_to(*DRAFTERS)
    def put(self, given: dict[str, Any], slug: str) -> ListedPoint:
        """Correct what is said of a collection point, whole, and publish its notice where the text differs."""
        terms = PointTerms(slug=slug, **{**given, "activities": frozenset(given["activities"])})
        service.change_point(current().session, desk(), current().actor, terms)
        return service.show_point(current().session, desk(), slug)


@blueprint.route("/notices/<slug>/point")
@blueprint.response(200, PointSchema)
@open_to(*READERS)
def get_point(slug: str) -> ListedPoint:
    """Return a collection point, and how its notice stands."""
    return service.show_point(current().session, desk(), slug)


@blueprint.route("/notices/<slug>/publish", methods=["POST"])
@blueprint.response(200, PointSchema)
@open_to(*DRAFTERS)
def publish(slug: str) -> ListedPoint:
    """Publish a notice anew where the register says otherwise by now."""
    service.publish_anew(current().session, desk(), current().actor, slug)
    return service.show_point(current().session, desk(), slug)


@blueprint.route("/notices/<slug>/versions")
@blueprint.arguments(VersionsQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ListedTextsSchema)
@open_to(*READERS)
def list_versions(page: dict[str, Any], slug: str) -> Page[Any]:
    """List the versions of a notice, the newest first."""
    return service.list_notice_texts(current().session, slug, **page)


@blueprint.route("/notices/<slug>/versions/<int:version>")
@blueprint.response(200, NoticeTextSchema)
@open_to_anyone
def get_version(slug: str, version: int) -> PublishedNotice:
    """Return a version of a notice as it was published; for everybody, as the page is."""
    return _for_everybody(slug, version)


@blueprint.route("/notices/<slug>/versions/<int:version>/changes")
@blueprint.arguments(ChangesQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ChangesSchema)
@open_to(*READERS)
def get_changes(asked: dict[str, Any], slug: str, version: int) -> dict[str, Any]:
    """Say what a version says otherwise than another."""
    session, attestor = current().session, current().get(Attestor)
    then = service.published_notice(session, attestor, slug, asked["since"])
    return _changes(then.body, service.published_notice(session, attestor, slug, version).body)


@blueprint.route("/notices/<slug>/preview")
@blueprint.arguments(PreviewQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ChangesSchema)
@open_to(*READERS)
def get_preview(asked: dict[str, Any], slug: str) -> dict[str, Any]:
    """Say what the notice would say otherwise if an activity were activated as it stands."""
    found = service.notice_on_the_way(current().session, desk(), slug, asked["activity"])
    return _changes(found.now, found.then)


@blueprint.route("/information-tasks")
@blueprint.arguments(PageSchema, location="query", unknown=RAISE)
@blueprint.response(200, InformationPageSchema)
@open_to(*READERS)
def list_tasks(page: dict[str, Any]) -> Page[Information]:
    """List the people whose data came from elsewhere, by import: until when they are told, and how they were."""
    return service.list_information(current().session, current().get(Attestor), **page)


@blueprint.route("/information-tasks/<uuid:task_id>")
@blueprint.response(200, InformationSchema)
@open_to(*READERS)
def get_task(task_id: uuid.UUID) -> Information:
    """Return one of these tasks."""
    return service.find_information(current().session, current().get(Attestor), task_id)


@blueprint.route("/information-tasks/<uuid:task_id>/ask-anew", methods=["POST"])
@blueprint.arguments(AskAnewSchema)
@blueprint.response(200, InformationSchema)
@open_to(*DRAFTERS)
def ask_anew(given: dict[str, Any], task_id: uuid.UUID) -> Information:
    """Ask once more to tell people whose task was altered outside Égide: nothing that it says is believed."""
    command = AskAnew(task=task_id, **given)
    return service.ask_anew(current().session, desk(), current().actor, command)


@blueprint.route("/information-tasks/<uuid:task_id>/put-forward", methods=["POST"])
@blueprint.arguments(PutForwardSchema)
@blueprint.response(200, InformationSchema)
@open_to(*DRAFTERS)
def put_forward(given: dict[str, Any], task_id: uuid.UUID) -> Information:
    """Say that these people are to be told sooner."""
    command = PutForward(task=task_id, **given)
    return service.put_forward(current().session, desk(), current().actor, command)


@blueprint.route("/information-tasks/<uuid:task_id>/settle", methods=["POST"])
@blueprint.arguments(SettleInformationSchema)
@blueprint.response(200, InformationSchema)
@open_to(*DRAFTERS)
def settle(given: dict[str, Any], task_id: uuid.UUID) -> Information:
    """Record how and when these people were told."""
    command = SettleInformation(task=task_id, **given)
    return service.settle_information(current().session, desk(), current().actor, command)


def _for_everybody(slug: str, version: int | None) -> PublishedNotice:
    found = service.published_notice(current().session, current().get(Attestor), slug, version)
    after_this_request(lambda response: may_be_kept(response, KEPT_SECONDS))
    return found


def _changes(then: NoticeBody | None, now: NoticeBody) -> dict[str, Any]:
    return {"changes": {language: changes(then, now, language) for language in LOCALES}}
