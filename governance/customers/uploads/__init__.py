"""Files brought in through the pages or the API: kept sealed, described, tried, and imported by the worker."""
