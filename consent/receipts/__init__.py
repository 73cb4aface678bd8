"""Proof of a consent, for people and for machines. GDPR Art. 7(1).

`values.py` is what is proved, `proving.py` puts it together, `paper` (in `pages.py`) draws it for people, `linked.py`
and `kantara.py` write it for machines, `envelopes.py` signs those.
"""
