import pytest

from deploy.demo.reading import Between, Shown, lies_between, read, reads_as


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


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("61.0% to 100%", (0.6101, 1)),
        ("+3.1 to +9.4 points", (0.0312, 0.0939)),
        ("\N{MINUS SIGN}0.4 to +0.1 points", (-0.004, 0.001)),
        ("7.0 to 7.4 of 10", (7.04, 7.36)),
        ("3 days 4 hours to 5 days", (3 * 86_400 + 4 * 3_600, 5 * 86_400 + 60)),
        ("0.12 to 0.33", (0.12, 0.33)),
    ],
)
def test_words_that_say_both_ends(text: str, ends: tuple[float, float]) -> None:
    low, high = ends
    assert lies_between(text, ends)
    assert not lies_between(text, (low * 1.2 + 0.01, high))
    assert not lies_between(text, (low, high * 0.8 - 0.01))


def test_a_number_is_read_with_the_message_it_is_from_and_how_sure_it_is() -> None:
    page = """<p><data class="number" value="0.5" data-key="a &gt; b/c" data-n="12" data-low="0.25"
        data-high="0.75" data-notes="low_n revised">50.0%</data>
        <span class="number missing" data-key="d">hidden</span><span>n 3</span>
        <span class="span" data-of="a &gt; b/c">25.0% to 75.0%</span></p>"""
    found = read(page)
    assert found.numbers == (
        Shown("a > b/c", 0.5, 12, "50.0%", (0.25, 0.75), ("low_n", "revised")),
        Shown("d", None, None, "hidden"),
    )
    assert found.intervals == (Between("a > b/c", "25.0% to 75.0%"),)
