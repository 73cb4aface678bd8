"""The whole house's tables, gathered from the rooms."""

import importlib
import pkgutil
from typing import Final

from sqlalchemy import MetaData

import audit
import consent
import governance
import register
from governance.orm import Base

# A module of this name declares tables.
_TABLES: Final = frozenset({"models", "tables"})


def whole_metadata() -> MetaData:
    """Import every module that declares tables, and return the metadata they declared them in."""
    for package in (audit, consent, governance, register):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] in _TABLES:
                importlib.import_module(module.name)
    return Base.metadata
