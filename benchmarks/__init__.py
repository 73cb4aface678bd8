"""Measures: each against a contender in the same process, interleaved, outputs checked equal first."""
