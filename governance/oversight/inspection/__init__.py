"""The file for an inspection: what a supervisory authority asks for first, in one signed archive. GDPR Art. 31, 58(1).

In `pages/`, `parts/` say what it holds, one room of the house each; `working.py` makes it a step at a time,
`closing.py` signs and binds it. `checking.py` checks one without the house that made it. See docs/adr/0083.
"""
