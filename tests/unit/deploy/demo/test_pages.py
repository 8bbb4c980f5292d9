from dataclasses import replace

from deploy.demo.compare import key_of
from deploy.demo.pages import addresses, compare_pages
from deploy.demo.truth.scores import Number
from schemas.metric import key_of as written
from schemas.vocabulary import PublishState
from tests.unit.deploy.demo.admission import CATALOGUE
from tests.unit.deploy.demo.test_compare import THIRD, message

KEY = key_of(message())
[ADDRESS] = addresses([KEY], CATALOGUE)


def shown(
    value: float = 1 / 3, n: int = 3, text: str = "33.3%", low: float = 0.25, notes: str = "low_n"
) -> str:
    key = written(message())
    return (
        f'<data value="{value}" data-key="{key}" data-n="{n}" data-low="{low}" data-high="0.5"'
        f' data-notes="{notes}">{text}</data> <span data-of="{key}">25.0% to 50.0%</span>'
    )


def differences(page: str, truth: Number = THIRD) -> int:
    verdict = compare_pages({KEY: truth}, [message()], {ADDRESS: page}, CATALOGUE)
    return len(verdict.differences)


def test_a_number_is_compared_with_its_n_and_its_words() -> None:
    assert differences(shown()) == 0
    assert differences(shown() + shown()) == 0
    assert differences(shown(value=0.4, text="40.0%")) == 1
    assert differences(shown(n=4)) == 1
    assert differences(shown(text="33.4%")) == 1
    assert differences(shown() + shown(n=4)) == 1
    assert differences("<p>nothing</p>") == 2


def test_how_sure_it_is_is_compared_and_the_words_for_it() -> None:
    assert differences(shown(low=0.26)) == 1
    assert differences(shown(notes="")) == 1
    assert differences(shown(notes="low_n provisional")) == 1
    assert differences(shown(notes="low_n revised")) == 0
    assert differences(shown().replace("25.0% to", "25.1% to")) == 1
    assert differences(shown().replace("data-of", "title")) == 1


def test_what_must_be_suppressed_is_hidden_and_nothing_else_is() -> None:
    suppressed = replace(THIRD, state=PublishState.SUPPRESSED)
    hidden = f'<span data-key="{written(message())}">hidden</span>'
    assert differences(hidden, suppressed) == 0
    assert differences(shown(), suppressed) == 2
    assert differences(hidden) == 2
