"""The demonstration company: fictional, seeded, loaded in seconds, and always there to try things on."""

from governance.customers.demo.loading import STAGES, DemoProgress, is_loaded, load_demo
from governance.customers.demo.staff import ACCOUNTS_FILE, DemoAccount

__all__ = ["ACCOUNTS_FILE", "STAGES", "DemoAccount", "DemoProgress", "is_loaded", "load_demo"]
