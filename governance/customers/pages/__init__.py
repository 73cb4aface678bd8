"""Customers on pages: looking for somebody, their record under the ribbon of its purpose, entering and correcting.

Nothing here decides what is shown or written: each block is a read of the gate for the page's purpose, each change is
the gate's, and where it gives nothing the page says why. A search stands in the body of a POST, for what is searched
identifies somebody.
"""

from governance.customers.pages import companies, entering, lines, looking, records, task_pages
from governance.customers.pages.blueprint import blueprint

__all__ = ("blueprint", "companies", "entering", "lines", "looking", "records", "task_pages")
