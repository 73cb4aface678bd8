"""The register over REST: its blueprints, for the roof."""

from typing import Final

from register.views.activities import blueprint as activities
from register.views.purposes import blueprint as purposes

blueprints: Final = (activities, purposes)
