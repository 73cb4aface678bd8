"""The whole house's schema, made at once from the models."""

import importlib
import pkgutil

import audit
import consent
import governance
import register
from governance.database import Database
from governance.orm import Base


def import_every_model() -> None:
    """Import each `models` module of the house, so that the metadata is whole."""
    for package in (audit, consent, governance, register):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] in {"models", "tables"}:
                importlib.import_module(module.name)


def create_schema(database: Database) -> None:
    """Create every table of the house in an empty database."""
    import_every_model()
    with database.write_connection() as connection:
        Base.metadata.create_all(connection)
