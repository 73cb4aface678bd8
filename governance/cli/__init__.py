"""The command line, `egide`: one file for each group of commands."""

from governance.cli.main import main

__all__ = ["main"]
