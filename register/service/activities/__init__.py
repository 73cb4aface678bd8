"""Activities: drafted, changed, listed; drafted whole from a file or a starting point."""
