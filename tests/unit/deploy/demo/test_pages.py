from deploy.demo.compare import key_of
from deploy.demo.pages import addresses, compare_pages
from deploy.demo.truth.scores import Number
from schemas.metric import MetricMessage
from schemas.metric import key_of as written
from schemas.vocabulary import PublishState
from tests.unit.deploy.demo.admission import CATALOGUE
from tests.unit.deploy.demo.test_compare import message

TRUTH = {key_of(message()): Number(3, 1 / 3, 1, 3)}
[ADDRESS] = addresses(TRUTH, CATALOGUE)


def shown(value: float = 1 / 3, n: int = 3, text: str = "33.3%") -> str:
    return f'<data value="{value}" data-key="{written(message())}" data-n="{n}">{text}</data>'


def differences(page: str, told: MetricMessage | None = None) -> int:
    verdict = compare_pages(TRUTH, [told or message()], {ADDRESS: page}, CATALOGUE)
    return len(verdict.differences)


def test_a_number_is_compared_with_its_n_and_its_words() -> None:
    assert differences(shown()) == 0
    assert differences(shown() + shown()) == 0
    assert differences(shown(value=0.4, text="40.0%")) == 1
    assert differences(shown(n=4)) == 1
    assert differences(shown(text="33.4%")) == 1
    assert differences(shown() + shown(n=4)) == 1
    assert differences("<p>nothing</p>") == 1


def test_what_the_topic_suppresses_is_hidden() -> None:
    suppressed = message(state=PublishState.SUPPRESSED)
    hidden = f'<span data-key="{written(message())}">hidden</span>'
    assert differences(hidden, suppressed) == 0
    assert differences(shown(), suppressed) == 1
    assert differences(hidden) == 1
