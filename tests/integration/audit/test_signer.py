"""The signer signs what extends the last checkpoint, and nothing else."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

from audit.checkpoints import latest_note
from audit.errors import AnchorUnusableError, SignerRefusedError
from audit.leaves import LeafKey, commitment
from audit.log import Log
from audit.merkle import Frontier, check_consistency, leaf_hash
from audit.notes import open_checkpoint
from audit.proving import prove_consistency
from audit.signer import Signer
from governance.database import Database
from governance.ids import TimeOrderedIds
from tests.builders.audit import LEAF_KEY, AnchoredLog, a_fact
from tests.builders.ground import StandingClock


def run(database: Database, statement: str, **values: object) -> None:
    with database.write_connection() as connection:
        connection.execute(text(statement), values)


def rewrite_head(log: AnchoredLog, size: int) -> None:
    """Do what an attacker who holds the leaf key would: attest a head that fits the leaves as they are now."""
    with log.database.write_connection() as connection:
        frontier = Frontier()
        for (data,) in connection.execute(
            text("SELECT data FROM audit_leaf WHERE leaf_index < :size ORDER BY leaf_index"), {"size": size}
        ):
            frontier.append(leaf_hash(data))
        connection.execute(
            text("UPDATE audit_head SET size = :size, frontier = :frontier, mac = :mac"),
            {
                "size": size,
                "frontier": frontier.peaks(),
                "mac": LeafKey(LEAF_KEY).head_mac(size, frontier.peaks()),
            },
        )


def test_a_checkpoint_says_how_far_the_log_has_come(anchored: AnchoredLog) -> None:
    anchored.grow(3)

    checkpoint = anchored.checkpoint()

    assert (checkpoint.origin, checkpoint.size, checkpoint.new) == ("demo.example/log", 3, True)
    assert open_checkpoint(checkpoint.note, anchored.verifier).root == checkpoint.root


def test_nothing_new_is_signed_for_nothing_new(anchored: AnchoredLog) -> None:
    anchored.grow(3)
    first = anchored.checkpoint()

    again = anchored.checkpoint()

    assert (again.note, again.new) == (first.note, False)
    assert len(list(anchored.anchor.history())) == 1


def test_the_database_holds_a_copy_of_the_last_checkpoint(anchored: AnchoredLog) -> None:
    anchored.grow(3)
    checkpoint = anchored.checkpoint()

    with anchored.database.read() as session:
        assert latest_note(session) == checkpoint.note


def test_a_lost_copy_is_made_again(anchored: AnchoredLog) -> None:
    anchored.grow(3)
    checkpoint = anchored.checkpoint()
    run(anchored.database, "DELETE FROM audit_checkpoint")

    anchored.checkpoint()

    with anchored.database.read() as session:
        assert latest_note(session) == checkpoint.note


@pytest.mark.parametrize("sizes", [(1, 2), (3, 255, 256, 257), (200, 300, 513, 1_000)])
def test_each_checkpoint_extends_the_one_before(anchored: AnchoredLog, sizes: tuple[int, ...]) -> None:
    size, last = 0, None
    for target in sizes:
        anchored.grow(target - size)
        checkpoint = anchored.checkpoint()
        if last is not None:
            with anchored.database.read() as session:
                proof = prove_consistency(session, last.size, checkpoint.size)
            check_consistency(last.size, checkpoint.size, last.root, checkpoint.root, proof)
        size, last = target, checkpoint


def test_a_log_that_was_set_back_is_not_signed(anchored: AnchoredLog) -> None:
    anchored.grow(5)
    anchored.checkpoint()
    run(anchored.database, "DELETE FROM audit_entry WHERE leaf_index = 4")
    run(anchored.database, "DELETE FROM audit_leaf WHERE leaf_index = 4")
    rewrite_head(anchored, 4)

    with pytest.raises(SignerRefusedError, match="had 5 entries, the database has 4") as refused:
        anchored.checkpoint()
    assert refused.value.index == 4


def test_a_database_of_yesterday_that_went_on_is_not_signed(anchored: AnchoredLog) -> None:
    anchored.grow(5)
    anchored.checkpoint()
    run(anchored.database, "DELETE FROM audit_entry WHERE leaf_index >= 3")
    run(anchored.database, "DELETE FROM audit_leaf WHERE leaf_index >= 3")
    rewrite_head(anchored, 3)
    restarted = Log(anchored.database, StandingClock(), TimeOrderedIds(), LEAF_KEY)
    restarted.append_many([a_fact(number) for number in range(10)])
    restarted.close()

    with pytest.raises(SignerRefusedError, match="first 5 entries are not those that were signed"):
        anchored.checkpoint()


def test_a_history_rewritten_with_the_real_keys_is_not_signed(anchored: AnchoredLog) -> None:
    anchored.grow(5)
    anchored.checkpoint()
    anchored.grow(3)
    forged = b'{"forged":true}'
    salt = bytes(32)
    data = commitment(salt, forged)
    with anchored.database.write_connection() as connection:
        entry_id = connection.execute(text("SELECT entry_id FROM audit_leaf WHERE leaf_index = 2")).scalar_one()
        identifier = uuid.UUID(bytes=entry_id) if isinstance(entry_id, bytes) else entry_id
        connection.execute(
            text("UPDATE audit_leaf SET data = :data, mac = :mac WHERE leaf_index = 2"),
            {"data": data, "mac": LeafKey(LEAF_KEY).leaf_mac(2, identifier, data)},
        )
        connection.execute(
            text("UPDATE audit_entry SET body = :body, salt = :salt WHERE leaf_index = 2"),
            {"body": forged, "salt": salt},
        )
    rewrite_head(anchored, 8)

    with pytest.raises(SignerRefusedError, match="first 5 entries"):
        anchored.checkpoint()
    assert (None, "checkpoint") in {(f.index, f.part) for f in anchored.verify().findings}


@pytest.mark.parametrize(
    ("statement", "index", "reason"),
    [
        ("UPDATE audit_leaf SET mac = :b WHERE leaf_index = 6", 6, "not attested"),
        ("UPDATE audit_leaf SET data = :b WHERE leaf_index = 6", 6, "not attested"),
        ("UPDATE audit_entry SET salt = :b WHERE leaf_index = 6", 6, "commits to"),
        ("DELETE FROM audit_leaf WHERE leaf_index = 6", 6, "missing"),
        ("DELETE FROM audit_leaf WHERE leaf_index = 7", 7, "missing"),
        ("UPDATE audit_leaf SET data = :b WHERE leaf_index = 2", 2, "not those that were signed"),
        ("DELETE FROM audit_leaf WHERE leaf_index = 2", 2, "missing"),
        ("UPDATE audit_head SET mac = :b", 8, "not attested"),
    ],
)
def test_a_changed_row_is_refused_with_its_place(
    anchored: AnchoredLog, statement: str, index: int, reason: str
) -> None:
    anchored.grow(5)
    anchored.checkpoint()
    anchored.grow(3)
    with anchored.database.write_connection() as connection:
        connection.execute(text(statement), {"b": bytes(32)} if ":b" in statement else {})

    with pytest.raises(SignerRefusedError, match=reason) as refused:
        anchored.checkpoint()

    assert refused.value.index == index
    assert len(list(anchored.anchor.history())) == 1


def test_an_anchor_that_lost_a_checkpoint_is_refused(anchored: AnchoredLog) -> None:
    anchored.grow(5)
    anchored.checkpoint()
    (anchored.folder / "checkpoints").write_bytes(b"")

    with pytest.raises(SignerRefusedError, match="is not in the anchor"):
        anchored.checkpoint()
    assert not anchored.verify().intact


def test_a_forged_copy_does_not_stop_the_signer(anchored: AnchoredLog) -> None:
    anchored.grow(5)
    at = 0 if anchored.database.dialect == "sqlite" else "2026-11-22T09:00:00Z"
    run(anchored.database, "INSERT INTO audit_checkpoint (size, note, at) VALUES (9, 'x', :at)", at=at)

    assert anchored.checkpoint().size == 5


def test_a_missing_anchor_signs_nothing(database: Database, clock: StandingClock, tmp_path: Path) -> None:
    with pytest.raises(AnchorUnusableError):
        Signer(database, clock, tmp_path / "nowhere", LEAF_KEY).checkpoint()
