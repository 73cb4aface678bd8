"""Signing in through a company's own provider (OpenID Connect Core 1.0): whose word is taken for what, and how often.

`attempt.py` is one way there and back, `provider.py` speaks to the provider and checks what it says, `models.py` keeps
which identity is whose. `openid_door.py`, beside this folder, runs the transactions.
"""
