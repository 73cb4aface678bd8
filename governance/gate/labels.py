"""What forms of values are called. They are named with the grants, categories and people with the data map."""

from governance.policies.labels import FORM_LABELS

__all__ = ["FORM_LABELS"]
