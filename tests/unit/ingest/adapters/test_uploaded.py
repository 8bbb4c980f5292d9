"""The parts of a form, and whatever else is sent in its place."""

import pytest

from services.ingest.adapters.uploaded import uploaded

FORM = "multipart/form-data; boundary=x"
BODY = (
    b'--x\r\nContent-Disposition: form-data; name="entry"\r\n\r\ne-1\r\n'
    b'--x\r\nContent-Disposition: form-data; name="rows"; filename="calls.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\n\xef\xbb\xbfcase\r\nc\xc3\xa9\xff\r\n\r\n--x--\r\n"
)


def test_a_file_comes_as_its_bytes() -> None:
    assert uploaded(FORM, BODY) == {
        "entry": b"e-1",
        "rows": b"\xef\xbb\xbfcase\r\nc\xc3\xa9\xff\r\n",
    }


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b""),
        ("text/plain", b"x"),
        ("multipart/form-data", BODY),
        (FORM, b""),
        (FORM, b"no part"),
        ("multipart/form-data; boundary=\udcff", BODY),
        ("application/x-www-form-urlencoded", b"entry=1"),
    ],
)
def test_what_is_no_such_form_has_no_parts(content_type: str, body: bytes) -> None:
    assert uploaded(content_type, body) == {}


@pytest.mark.parametrize("end", range(0, len(BODY), 7))
def test_a_form_that_is_cut_short_raises_nothing(end: int) -> None:
    assert uploaded(FORM, BODY[:end]).keys() <= {"entry", "rows", "None"}
