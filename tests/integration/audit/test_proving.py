"""Proofs from the database, for any entry and any checkpoint."""

import uuid

import pytest
from sqlalchemy import text

from audit.errors import EntryNotFoundError, LogTamperedError, NoSuchTileError, NotYetSignedError
from audit.merkle import check_consistency
from audit.notes import open_checkpoint
from audit.proofs import verify_proof
from audit.proving import prove, prove_consistency
from audit.tree import entry_bundle, hash_tile
from tests.builders.audit import AnchoredLog, a_fact


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_an_entry_is_proven_by_index_and_by_id(anchored: AnchoredLog, size: int) -> None:
    refs = anchored.log.append_many([a_fact(number) for number in range(size)])
    note = anchored.checkpoint().note

    with anchored.database.read() as session:
        for index in {0, size // 2, size - 1}:
            proof = prove(session, note, index)
            assert prove(session, note, refs[index].id) == proof
            head, read = verify_proof(proof, anchored.verifier)
            assert (head.size, read.index) == (size, index)
            assert read.body is not None
            assert f'"row-{index}"'.encode() in read.body


def test_an_entry_is_proven_under_an_older_checkpoint_too(anchored: AnchoredLog) -> None:
    anchored.grow(10)
    note = anchored.checkpoint().note
    anchored.grow(500)
    anchored.checkpoint()

    with anchored.database.read() as session:
        assert verify_proof(prove(session, note, 3), anchored.verifier)[0].size == 10
        with pytest.raises(NotYetSignedError):
            prove(session, note, 10)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (255, 257), (256, 600), (300, 600), (600, 600)])
def test_any_two_checkpoints_are_proven_consistent(anchored: AnchoredLog, old: int, new: int) -> None:
    anchored.grow(old)
    older = anchored.checkpoint()
    anchored.grow(new - old)
    newer = open_checkpoint(anchored.checkpoint().note, anchored.verifier)

    with anchored.database.read() as session:
        check_consistency(old, new, older.root, newer.root, prove_consistency(session, old, new))


def test_an_entry_that_is_not_there_is_not_proven(anchored: AnchoredLog) -> None:
    anchored.grow(3)
    note = anchored.checkpoint().note

    with anchored.database.read() as session:
        for entry in (7, uuid.UUID(int=9)):
            with pytest.raises(EntryNotFoundError):
                prove(session, note, entry)


def test_no_proof_is_given_that_would_not_hold(anchored: AnchoredLog) -> None:
    anchored.grow(3)
    note = anchored.checkpoint().note
    with anchored.database.write_connection() as connection:
        connection.execute(text("UPDATE audit_leaf SET data = :data WHERE leaf_index = 1"), {"data": bytes(32)})

    with anchored.database.read() as session, pytest.raises(LogTamperedError):
        prove(session, note, 0)


def test_a_purged_entry_is_proven_without_its_body(anchored: AnchoredLog) -> None:
    anchored.grow(3)
    note = anchored.checkpoint().note
    with anchored.database.write_connection() as connection:
        data = connection.execute(text("SELECT data FROM audit_leaf WHERE leaf_index = 1")).scalar_one()
        connection.execute(text("DELETE FROM audit_entry WHERE leaf_index = 1"))

    with anchored.database.read() as session:
        proof = prove(session, note, 1)

    assert "extra" not in proof
    assert verify_proof(proof, anchored.verifier, bytes(data))[1].index == 1


def test_a_tile_that_no_checkpoint_needs_is_not_there(anchored: AnchoredLog) -> None:
    anchored.grow(300)

    with anchored.database.read() as session:
        assert len(hash_tile(session, 0, 1, 44)) == 44 * 32
        assert len(entry_bundle(session, 1, 44)) == 44 * 34
        for level, number, width in [(0, 1, 45), (0, 1, 256), (0, 2, 1), (1, 0, 2), (2, 0, 1), (63, 0, 1)]:
            with pytest.raises(NoSuchTileError):
                hash_tile(session, level, number, width)
        with pytest.raises(NoSuchTileError):
            entry_bundle(session, 1, 45)


def test_a_damaged_tile_is_noticed(anchored: AnchoredLog) -> None:
    anchored.grow(300)
    note = anchored.checkpoint().note
    with anchored.database.write_connection() as connection:
        connection.execute(text("UPDATE audit_tile SET hashes = :data"), {"data": bytes(64)})

    with anchored.database.read() as session, pytest.raises(LogTamperedError, match="not whole"):
        prove(session, note, 0)


def test_a_missing_tile_is_noticed(anchored: AnchoredLog) -> None:
    anchored.grow(600)
    note = anchored.checkpoint().note
    with anchored.database.write_connection() as connection:
        connection.execute(text("DELETE FROM audit_tile WHERE number = 0"))
        connection.execute(text("DELETE FROM audit_leaf WHERE leaf_index = 30"))

    with anchored.database.read() as session, pytest.raises(LogTamperedError):
        prove(session, note, 599)
