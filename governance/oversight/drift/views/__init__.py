"""`/api/v1/drift`, and findings in the words of whoever reads."""

from governance.oversight.drift.views.routes import blueprint

__all__ = ["blueprint"]
