"""Work that is state in the database: due, leased, retried, at least once.

A job is a row. A worker claims it for a while (the lease), does one small step, and gives it back with its progress; a
worker that dies leaves a lease that ends, and another takes the job. A step may therefore run twice and has to be
idempotent, or save its progress in the transaction of its effect (`Lease.advance`).

`queue.py` puts jobs in, `worker.py` takes them out, `models.py` is the table.
"""
