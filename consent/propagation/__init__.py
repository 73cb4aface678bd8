"""Propagation: every change of a consent reaches whoever has to know it, in the order in which each person spoke.

A change is written in the transaction that records the event (`outbox`), gets its position once it is committed
(`numbering`), and is told to each subscriber: posted to their address (`delivering`) or read by their program
(`service.feed`). See docs/adr/0101.
"""
