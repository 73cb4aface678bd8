"""Days in words: 31 mars 2026, 1er avril 2026, 1 April 2026."""

from datetime import date

from babel.dates import format_date


def spoken_day(day: date, locale: str) -> str:
    """Return a day as people of a language write it: in French the first of a month is an ordinal."""
    written = format_date(day, "d MMMM y", locale=locale)
    return written.replace("1", "1er", 1) if day.day == 1 and locale.startswith("fr") else written
