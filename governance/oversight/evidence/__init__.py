"""The library of evidence: documents that prove something, sealed, in versions, each download of one recorded."""
