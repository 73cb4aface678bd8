"""Everything that the data map says on a page has a name there."""

from governance.datamap import labels
from governance.datamap.adopt import vocabulary
from governance.datamap.adopt.vocabulary import Meaning
from governance.datamap.values import FieldKind, Origin, Search, Storage
from governance.vocabulary import DataCategory, SubjectKind


def test_every_word_of_the_map_has_a_label() -> None:
    assert set(labels.CATEGORY_LABELS) == set(DataCategory)
    assert set(labels.KIND_LABELS) == set(labels.KINDS_LABELS) == set(SubjectKind)
    assert set(labels.FIELD_KIND_LABELS) == set(FieldKind)
    assert set(labels.STORAGE_LABELS) == set(Storage)
    assert set(labels.ORIGIN_LABELS) == set(Origin)
    assert set(labels.SEARCH_LABELS) == set(Search)


def test_what_a_proposal_says_that_columns_hold_is_marked_for_translation() -> None:
    named = [each for each in vars(vocabulary).values() if isinstance(each, Meaning)]

    assert {each.what for each in (*vocabulary.COLUMNS.values(), *named)} == set(labels.MEANINGS)
