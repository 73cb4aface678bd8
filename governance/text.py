"""Text that both databases can hold."""


def is_storable(text: str) -> bool:
    """Return whether a database takes the text: without NUL, and with whole characters only.

    PostgreSQL stores no NUL, and neither database stores half of a surrogate pair, which UTF-8 cannot carry.
    """
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
