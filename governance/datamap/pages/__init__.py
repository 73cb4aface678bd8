"""The data map on pages: where personal data lies, and whose it is; adopting a database."""

from governance.datamap.pages import adopting, showing
from governance.datamap.pages.blueprint import blueprint

# Each adds its routes to the blueprint.
__all__ = ["adopting", "blueprint", "showing"]
