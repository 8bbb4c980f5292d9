"""What is done with what was found. How much is found, test_found.py measures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.comment import LONGEST, Comment
from schemas.vocabulary import Redaction
from services.ingest.domain.redaction import Taken
from services.ingest.domain.redaction import redacted as redacted_on

TODAY = date(2026, 3, 10)


def redacted(text: str) -> Taken:
    return redacted_on(text, TODAY)


def test_what_is_found_becomes_the_name_of_its_kind() -> None:
    taken = redacted("Write to a@town.example or call 020 7946 0958.")
    assert taken.text == "Write to [email] or call [phone]."
    assert taken.counts == {Redaction.EMAIL: 1, Redaction.PHONE: 1}
    assert not taken.is_cut


@pytest.mark.parametrize(
    "text",
    [
        "Call 020\u00a07946\u202f0958",  # spaces that do not break
        "Call ０２０ ７９４６ ０９５８",  # noqa: RUF001  digits as wide as signs
        "Call 020\u200b7946\u20110958",  # a space nobody sees, a hyphen that does not break
    ],
)
def test_no_spelling_hides_a_number(text: str) -> None:
    assert redacted(text).text == "Call [phone]"


def test_what_lies_on_the_cut_is_taken_out_whole() -> None:
    taken = redacted("x" * (LONGEST - 5) + " jane.doe@town.example and more")
    assert taken.text == "x" * (LONGEST - 5) + " [email]"
    assert taken.is_cut


def test_a_link_without_an_id_is_kept_since_it_tells_which_page_is_meant() -> None:
    kept = "See https://town.example/parking/prices or town.example."
    assert redacted(kept).text == kept


@given(st.text(max_size=200))
def test_any_text_becomes_one_that_fits_the_contract(text: str) -> None:
    taken = redacted(text)
    longest = Comment.model_json_schema()["properties"]["text"]["maxLength"]
    assert len(taken.text) <= longest
    assert not taken.is_cut
