"""The register over REST: its blueprints, for the roof."""

from typing import Final

from register.views.activities import blueprint as activities
from register.views.catalogue import blueprint as catalogue
from register.views.contracts import blueprint as contracts
from register.views.documents import blueprint as documents
from register.views.exchange import blueprint as exchange
from register.views.lines import blueprint as lines
from register.views.notices import blueprint as notices
from register.views.older import blueprint as older
from register.views.purposes import blueprint as purposes
from register.views.questionnaires import blueprint as questionnaires
from register.views.reviews import blueprint as reviews

blueprints: Final = (
    activities, catalogue, contracts, documents, exchange, lines, notices, older, purposes, questionnaires, reviews,
)  # fmt: skip
