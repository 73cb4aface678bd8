"""A map on its way: looked at, put on file, corrected, compared, loaded; on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from audit.transaction import unrecorded
from governance.actor import Role
from governance.datamap.counting import count_rows
from governance.datamap.difference import Part, Sort, differences
from governance.datamap.drafting.codec import from_json, to_json
from governance.datamap.drafting.correcting import ColumnWords, TableWords
from governance.datamap.drafting.draft import Draft, DraftTable
from governance.datamap.drafting.flaws import flaws_of, map_of, surprises_of
from governance.datamap.drafting.looking import look_at
from governance.datamap.drafting.service import (
    CorrectTable,
    LoadProposal,
    correct_table,
    drop_proposal,
    find_proposal,
    list_proposals,
    load_proposal,
    put_on_file,
)
from governance.datamap.enrolment import Enroller
from governance.datamap.errors import (
    MeaningChangedError,
    ProposalChangedError,
    ProposalFlawedError,
    ProposalNotFoundError,
    UnknownSourceError,
    UnknownTableError,
)
from governance.datamap.loader import parse_map
from governance.datamap.service import LoadedMap
from governance.datamap.values import FieldKind, Origin
from governance.gate.who_reads import who_reads_by
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, SubjectKind
from tests.builders.datamap import people_map
from tests.builders.ground import an_actor
from tests.builders.music_shop import CUSTOMERS, SHOP_YAML, run_sql
from tests.integration.datamap.conftest import Wing

DPO = an_actor(Role.DPO)


def looked_at(wing: Wing) -> Draft:
    return look_at(wing.sources, "shop", wing.catalogue())


def on_file(wing: Wing, draft: Draft | None = None) -> int:
    with wing.database.write() as session:
        return put_on_file(session, wing.clock, DPO, draft or looked_at(wing)).revision


def draft_of(wing: Wing) -> Draft:
    with wing.database.read() as session:
        return find_proposal(session, wing.attestor, "shop")[1]


def correct(wing: Wing, table: str, words: TableWords, revision: int = 1) -> int:
    command = CorrectTable(source="shop", revision=revision, table=table, words=words)
    with wing.database.write() as session:
        return correct_table(session, wing.clock, wing.attestor, DPO, command).revision


def load(wing: Wing, revision: int = 1) -> LoadedMap:
    command = LoadProposal(source="shop", revision=revision, base=people_map(), who_reads=who_reads_by(wing.attestor))
    with wing.database.write() as session:
        return load_proposal(session, wing.clock, wing.ids, wing.attestor, an_actor(Role.CONTROLLER), command)


def table_of(draft: Draft, name: str) -> DraftTable:
    table = draft.table(name)
    assert table is not None
    return table


def said_of(table: DraftTable, **changed: ColumnWords) -> TableWords:
    """Return what a form would send of a table as it stands, but for some columns."""
    columns = {
        each.field.column: ColumnWords(
            kept=each.kept,
            category=each.field.category,
            kind=each.field.kind,
            origin=each.field.origin,
            link=each.field.link,
            search=each.field.search,
            choices=each.field.choices,
            special=each.field.special,
            criminal=each.field.criminal,
            nir=each.field.nir,
            free_text=each.field.free_text,
        )
        for each in table.columns
    }
    links = frozenset(each.link.name for each in table.links if each.kept)
    return TableWords(kept=table.kept, person=table.person, links=links, columns=columns | changed)


def a_note(**changed: object) -> ColumnWords:
    words = ColumnWords(
        kept=True, category=DataCategory.PREFERENCES, kind=FieldKind.TEXT, origin=Origin.OBSERVED, link="person"
    )
    return replace(words, **changed)  # type: ignore[arg-type]


def test_every_column_of_the_database_is_shown_and_no_value_is(wing: Wing) -> None:
    draft = looked_at(wing)

    client = table_of(draft, "client")
    assert {each.field.column for each in client.columns} >= {"id_client", "nom", "allergies", "xq7", "vendeur_id"}
    assert {each.field.column for each in client.columns if not each.kept} == {"id_client", "xq7", "vendeur_id"}
    written = to_json(draft)
    assert "courrier.example" not in written
    assert "arachide" not in written
    assert "sqlite" not in written
    assert "postgresql" not in written


def test_a_draft_is_read_as_it_was_written(wing: Wing) -> None:
    draft = looked_at(wing)

    assert from_json(to_json(draft)) == draft


def test_a_proposal_loads_as_it_is_and_leaves_the_file(wing: Wing) -> None:
    on_file(wing)

    loaded = load(wing)

    assert (loaded.source, loaded.version, loaded.changed) == ("shop", 1, True)
    assert wing.catalogue().table("client").fields["nom"].kind is FieldKind.NAME
    with wing.database.read() as session:
        assert list_proposals(session) == []


def test_a_column_that_a_person_takes_in_rests_on_their_word(wing: Wing) -> None:
    on_file(wing)
    words = said_of(table_of(draft_of(wing), "client"), xq7=a_note(special=True))

    assert correct(wing, "client", words) == 2

    column = next(each for each in table_of(draft_of(wing), "client").columns if each.field.column == "xq7")
    assert (column.kept, column.field.category, column.field.special) == (True, DataCategory.PREFERENCES, True)
    assert [str(reason) for reason in column.grounds.reasons] == ["decided by a person"]
    load(wing, 2)
    assert wing.catalogue().table("client").fields["xq_7"].special


def test_a_column_that_a_person_leaves_out_cannot_be_read(wing: Wing) -> None:
    on_file(wing)
    words = said_of(table_of(draft_of(wing), "client"), allergies=a_note(kept=False))
    correct(wing, "client", words)
    load(wing, 2)

    assert "allergies" not in wing.catalogue().table("client").fields


def test_a_table_that_a_person_leaves_out_is_not_in_the_map(wing: Wing) -> None:
    on_file(wing)
    correct(wing, "album", replace(said_of(table_of(draft_of(wing), "album")), kept=False))
    load(wing, 2)

    assert "album" not in wing.catalogue().tables


def test_persons_of_another_kind_are_so_wherever_they_are_referred_to(wing: Wing) -> None:
    on_file(wing)
    words = replace(said_of(table_of(draft_of(wing), "client")), person=SubjectKind.PROSPECT)
    correct(wing, "client", words)
    load(wing, 2)

    tables = wing.catalogue().tables
    kinds = {tables[name].links[link].kind for name, link in (("client", "person"), ("invoice", "customer"))}
    kinds |= {link.kind for link in tables["invoice_line"].links.values()}
    assert kinds == {SubjectKind.PROSPECT}


def test_a_table_of_things_becomes_one_of_persons_with_all_its_columns(wing: Wing) -> None:
    on_file(wing)
    words = replace(said_of(table_of(draft_of(wing), "album")), person=SubjectKind.OTHER)
    correct(wing, "album", words)
    load(wing, 2)

    album = wing.catalogue().table("album")
    assert album.links["person"].kind is SubjectKind.OTHER
    assert {field.link for field in album.fields.values()} == {"person"}


def test_everything_wrong_is_told_at_once_each_beside_its_column(wing: Wing) -> None:
    on_file(wing)
    words = said_of(
        table_of(draft_of(wing), "client"),
        xq7=a_note(kind=FieldKind.CHOICE),
        commentaire=a_note(kind=FieldKind.CHOICE),
    )
    correct(wing, "client", words)

    flaws = flaws_of(draft_of(wing))

    assert {(flaw.table, flaw.field) for flaw in flaws} == {("client", "xq_7"), ("client", "commentaire")}
    assert "a choice needs its values" in flaws[0].reason
    with pytest.raises(ProposalFlawedError) as refused:
        load(wing, 2)
    assert len(refused.value.flaws) == 2


def test_the_values_of_a_choice_are_written_so_that_they_stay_values(wing: Wing) -> None:
    on_file(wing)
    choices = ("yes: no", "a]b", "# c", '"d"')
    words = said_of(table_of(draft_of(wing), "client"), xq7=a_note(kind=FieldKind.CHOICE, choices=choices))
    correct(wing, "client", words)
    load(wing, 2)

    assert wing.catalogue().table("client").fields["xq_7"].choices == choices


def test_a_kind_that_surprises_for_the_columns_type_is_told(wing: Wing) -> None:
    draft = looked_at(wing)
    client = table_of(draft, "client")
    words = said_of(client, nom=a_note(kind=FieldKind.INTEGER))
    on_file(wing, draft)
    correct(wing, "client", words)

    assert set(surprises_of(table_of(draft_of(wing), "client"))) == {"nom"}
    assert surprises_of(client) == {}


def test_a_map_without_tables_is_not_loaded(wing: Wing) -> None:
    draft = looked_at(wing)
    on_file(wing, replace(draft, tables=tuple(replace(table, kept=False) for table in draft.tables)))

    with pytest.raises(ProposalFlawedError):
        load(wing)


def test_nobody_corrects_or_loads_what_they_have_not_seen(wing: Wing) -> None:
    on_file(wing)
    words = said_of(table_of(draft_of(wing), "client"))
    assert correct(wing, "client", words) == 2

    with pytest.raises(ProposalChangedError):
        correct(wing, "client", words)
    with pytest.raises(ProposalChangedError):
        load(wing)
    # Looking again is a change too, whoever does it.
    assert on_file(wing) == 3
    with pytest.raises(ProposalChangedError):
        load(wing, 2)


def test_what_another_hand_wrote_into_a_proposal_is_not_loaded(wing: Wing) -> None:
    on_file(wing)
    with wing.database.write() as session:
        unrecorded(session, "a test alters a row")
        session.execute(text("UPDATE map_proposal SET draft = replace(draft, 'economic', 'contact')"))

    with pytest.raises(AttestationError):
        draft_of(wing)
    with pytest.raises(AttestationError):
        load(wing)


def test_what_is_not_there_is_said(wing: Wing) -> None:
    with pytest.raises(UnknownSourceError):
        look_at(wing.sources, "nowhere", wing.catalogue())
    with pytest.raises(ProposalNotFoundError):
        draft_of(wing)
    on_file(wing)
    with pytest.raises(UnknownTableError):
        correct(wing, "nothing", TableWords(kept=True, person=None, links=frozenset()))


def test_a_proposal_that_is_thrown_away_changes_nothing(wing: Wing) -> None:
    on_file(wing)
    with wing.database.write() as session:
        drop_proposal(session, wing.attestor, DPO, "shop")

    with wing.database.read() as session:
        assert list_proposals(session) == []
    assert "client" not in wing.catalogue().tables


def test_a_map_in_force_is_corrected_with_all_that_it_leaves_out(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    draft = looked_at(wing)

    customers = table_of(draft, "shop_customers")
    assert {each.field.name for each in customers.taken} == {"family_name", "given_name", "email", "birth_date"}
    assert {"iban", "allergies", "xq7"} <= {each.field.column for each in customers.columns}
    # Untouched, it says what the map in force says.
    assert differences(parse_map(SHOP_YAML, "shop.yaml"), map_of(draft)) == []


def test_the_difference_names_what_comes_what_goes_and_what_means_something_else(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    on_file(wing)
    customers = table_of(draft_of(wing), "shop_customers")
    words = said_of(
        customers,
        allergies=a_note(category=DataCategory.SPECIAL),
        date_naissance=a_note(kept=False),
        courriel=a_note(category=DataCategory.IDENTITY, kind=FieldKind.EMAIL, origin=Origin.PROVIDED),
    )
    correct(wing, "shop_customers", words)

    found = differences(wing.catalogue().map_of("shop"), map_of(draft_of(wing)))

    assert {(each.sort, each.part, each.name) for each in found} == {
        (Sort.ADDED, Part.FIELD, "allergies"),
        (Sort.REMOVED, Part.FIELD, "birth_date"),
        (Sort.CHANGED, Part.FIELD, "email"),
    }
    changed = next(each for each in found if each.sort is Sort.CHANGED)
    assert {aspect.name for aspect in changed.aspects} == {"category", "search"}
    assert load(wing, 2).version == 2


def test_a_column_that_the_database_lost_goes_out_of_the_map(wing: Wing, shop_url: str) -> None:
    wing.load(SHOP_YAML)
    run_sql(shop_url, "ALTER TABLE carte_fidelite DROP COLUMN points")
    run_sql(shop_url, "ALTER TABLE carte_fidelite ADD COLUMN bonus INTEGER")
    wing.sources.close()

    cards = table_of(looked_at(wing), "cards")

    columns = {each.field.column: each for each in cards.columns}
    assert not columns["points"].kept
    assert not columns["points"].possible
    assert "bonus" in columns
    assert not columns["bonus"].kept


def test_people_who_are_enrolled_keep_the_link_by_which_they_are(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    Enroller(wing).run(wing.catalogue())
    on_file(wing)
    album = table_of(draft_of(wing), "albums")
    correct(wing, "albums", replace(said_of(album), person=SubjectKind.OTHER))
    staff = replace(said_of(table_of(draft_of(wing), "cards")), links=frozenset(), person=None)
    words = replace(staff, columns={name: replace(each, link=None) for name, each in staff.columns.items()})
    correct(wing, "cards", words, 2)
    assert load(wing, 3).version == 2

    on_file(wing)
    draft = draft_of(wing)
    nobody = replace(said_of(table_of(draft, "albums")), person=None)
    correct(wing, "albums", nobody)
    with pytest.raises(MeaningChangedError):
        load(wing, 2)


def test_rows_are_counted_and_those_that_wait(wing: Wing, shop_url: str) -> None:
    wing.load(SHOP_YAML)
    catalogue = wing.catalogue()

    def counted() -> tuple[int | None, int, int | None, int]:
        with wing.database.read() as session:
            count = count_rows(session, wing.sources, catalogue.tables.values())["shop_customers"]
        return count.rows, count.enrolled, count.waiting, count.gone

    assert counted() == (CUSTOMERS, 0, CUSTOMERS, 0)
    Enroller(wing).run(catalogue)
    assert counted() == (CUSTOMERS, CUSTOMERS, 0, 0)
    run_sql(shop_url, "INSERT INTO client (id_client, nom) VALUES (900, 'Nouvelle')")
    assert counted() == (CUSTOMERS + 1, CUSTOMERS, 1, 0)


def test_a_database_that_does_not_answer_counts_nothing_and_hides_no_other(wing: Wing, shop_url: str) -> None:
    wing.load(SHOP_YAML.replace("table: album", "table: records"))

    with wing.database.read() as session:
        counts = count_rows(session, wing.sources, wing.catalogue().tables.values())

    assert counts["albums"].rows is None
    assert counts["albums"].waiting is None
    assert counts["shop_customers"].rows == CUSTOMERS
