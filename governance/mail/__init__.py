"""Outgoing mail: letters drawn from `templates/mail/`, and the way out by SMTP.

`message.py` is what is sent, `smtp.py` sends it, `drawing.py` draws it in the reader's language, `address.py` reads
EGIDE_SMTP_URL. Who is written to, and when, the rooms above decide; they send from jobs, never from a request.
"""
