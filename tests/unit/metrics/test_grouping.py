"""Which labels a formula is told of: its cells' own, all of them, or the most frequent."""

from schemas.vocabulary import RevisionReason
from services.metrics.domain.grouping import as_told, grouped, most_frequent
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.measures.family import Formula, Reading, Score, count
from services.metrics.domain.revisions import Telling
from tests.unit.metrics.scoring import books
from tests.unit.metrics.snapshots import contact, journey

CELLS = {"way|a|won": 5, "way|b|won": 1, "way|b|lost": 1, "way|c|won": 2, "said|c|4": 1, "x||": 9}


def _count(reading: Reading) -> Score:
    return count(sum(reading.bins("way").values()))


def two_most(*reads: str) -> Formula:
    return Formula("f", reads or ("way",), _count, labels=("path",), most=2)


def test_without_labels_all_of_a_measure_is_added_up() -> None:
    formula = Formula("f", ("way",), _count)
    assert as_told(formula, {"live": grouped(CELLS)}) == {
        "live": {"way": {"": {"won": 8, "lost": 1}}}
    }


def test_the_rest_is_added_up_as_other() -> None:
    assert as_told(two_most("way", "said"), {"live": grouped(CELLS)}) == {
        "live": {
            "way": {"a": {"won": 5}, "b": {"won": 1, "lost": 1}, "other": {"won": 2}},
            "said": {"other": {"4": 1}},
        }
    }


def test_what_is_most_frequent_is_so_over_all_clocks() -> None:
    clocks = {"live": grouped(CELLS), "import": grouped({"way|c|won": 9, "way|d|won": 1})}
    assert most_frequent(two_most(), clocks) == {"a", "c"}


def test_of_equals_the_first_in_the_alphabet_is_told() -> None:
    clocks = {"live": grouped({"way|c|": 1, "way|b|": 1, "way|a|": 1})}
    assert most_frequent(two_most(), clocks) == {"a", "b"}


def test_what_was_taken_back_is_not_among_them() -> None:
    assert most_frequent(two_most(), {"live": grouped({"way|a|": 0, "way|b|": 1})}) == {"b"}


def test_a_change_of_one_label_revises_what_adds_up_all_of_them() -> None:
    def called(avoidable: bool) -> Telling:  # noqa: FBT001 - as the contact says it
        made = contact(1, reason="chase", avoidable=avoidable)
        return Telling(books([journey(contacts=(made,))]), {}, {})

    told = {name: sent for _, name, sent in called(avoidable=False).all(FORMULAS)}
    reasons = {"contact_reasons|chase": RevisionReason.LATE_ENTRY}
    again = Telling(called(avoidable=True).books, told, reasons)
    revised = {m.metric_id for m, _, _ in again.all(FORMULAS) if m.revision == 1}
    assert {"avoidable_contact_share", "avoidable_contact_share.by_reason"} <= revised
    assert "contacts" not in revised
