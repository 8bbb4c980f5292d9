import pytest

from deploy.demo.reading import Shown, numbers_on, reads_as


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("82.4%", 0.82449),
        ("100%", 1),
        ("99.9%", 0.9996),
        ("0.1%", 0.0002),
        ("+12.5 points", 0.1252),
        ("\N{MINUS SIGN}3.0", -3.04),
        ("7.4 of 10", 7.44),
        ("12,345", 12_345),
        ("0.53", 0.5349),
        ("3 days 4 hours", 3 * 86_400 + 4 * 3_600 + 3_599),
        ("2 hours", 7_201),
        ("1 second", 0.6),
    ],
)
def test_words_that_say_the_value(text: str, value: float) -> None:
    assert reads_as(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("82.4%", 0.8251),
        ("82.4%", 82.4),
        ("100%", 0.9996),
        ("0%", 0.0002),
        ("+12.5 points", -0.125),
        ("7.4 of 10", 7.46),
        ("12,345", 12_346),
        ("3 days 4 hours", 3 * 86_400 + 5 * 3_600),
        ("3 days", 3 * 86_400 + 3_600),
        ("2 hours", 7_199),
        ("hidden", 0.5),
    ],
)
def test_words_that_do_not(text: str, value: float) -> None:
    assert not reads_as(text, value)


def test_a_number_is_read_with_the_message_it_is_from() -> None:
    page = """<p><data class="number" value="0.5" data-key="a > b/c" data-n="12">50.0%</data>
        <span class="number missing" data-key="d">hidden</span><span>n 3</span></p>"""
    assert numbers_on(page) == [
        Shown("a > b/c", 0.5, 12, "50.0%"),
        Shown("d", None, None, "hidden"),
    ]
