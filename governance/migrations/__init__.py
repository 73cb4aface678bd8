"""The schema's history: every change of a table is a revision here; `changing` applies them, `revisions` counts them.

What only asks for a revision imports `revisions`, and does not wait for Alembic.
"""
