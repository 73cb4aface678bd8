"""The proof of a consent as a document for people. Needs an application whose language is chosen, and no request."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from flask import render_template
from flask_babel import get_locale, gettext

from consent.labels import AGE_LABELS, EVENT_LABELS, METHOD_LABELS, STATE_LABELS, WEAKNESS_LABELS
from consent.receipts.values import Proof
from consent.states import ConsentState
from governance.days import ZONE
from governance.web.clockface import day
from governance.web.offstage import Studio
from register.labels import BASIS_ARTICLES

PDF: Final = "application/pdf"
_TONES: Final = {
    ConsentState.REQUESTED: "due",
    ConsentState.GIVEN: "given",
    ConsentState.REFUSED: "refused",
    ConsentState.WITHDRAWN: "refused",
    ConsentState.EXPIRED: "refused",
    ConsentState.INVALIDATED: "refused",
}
_NOBODY: Final[Mapping[uuid.UUID, str]] = {}


def draw_proof(proof: Proof, names: Mapping[uuid.UUID, str] = _NOBODY) -> str:
    """Return the document.

    Args:
        proof: What it says.
        names: What those are called who recorded an event; nobody for a document that goes to the person.
    """
    controller = None if proof.stated is None else proof.stated.controller
    house = gettext("Nobody is named yet") if controller is None else controller.name
    return render_template(
        "documents/consent.html",
        title=gettext("Proof of a consent"),
        kind=gettext("Proof of a consent"),
        proof=proof,
        controller=controller,
        house=house,
        at=proof.at,
        foot=gettext("As it stands on %(day)s", day=day(proof.at)),
        language=get_locale().language,
        names=names,
        exactly=_exactly,
        ages=AGE_LABELS,
        tones=_TONES,
        states=STATE_LABELS,
        kinds=EVENT_LABELS,
        means=METHOD_LABELS,
        weaknesses=WEAKNESS_LABELS,
        basis_articles=BASIS_ARTICLES,
    )


def draw_offstage(studio: Studio) -> Callable[[Proof, str], str]:
    """Return how a proof is drawn for the person outside any request, in a language."""

    def draw(proof: Proof, language: str) -> str:
        with studio.speaking(language):
            return draw_proof(proof)

    return draw


def _exactly(at: datetime) -> str:
    """Return a moment to the second, with its distance from UTC: what a clock on a wall showed, and which."""
    return at.astimezone(ZONE).isoformat(sep=" ", timespec="seconds")
