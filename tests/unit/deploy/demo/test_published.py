from typing import Any

from deploy.demo.compare import key_of
from deploy.demo.published import compare_published
from deploy.demo.truth.scores import Number
from schemas.vocabulary import PublishState
from tests.unit.deploy.demo.test_compare import message

TRUTH = {key_of(message()): Number(3, 1 / 3, 1, 3)}
EMPTY = dict.fromkeys(("n", "numerator", "denominator", "value", "distribution", "citizens"))


def body(**changes: Any) -> dict[str, Any]:
    return {**message().model_dump(mode="json"), **changes}


def test_what_the_api_says_is_compared_number_by_number() -> None:
    assert compare_published(TRUTH, [message()], [body()]).differences == ()
    assert len(compare_published(TRUTH, [message()], [body(value=0.4)]).differences) == 1
    assert len(compare_published(TRUTH, [message()], []).differences) == 1
    assert len(compare_published({}, [message()], [body()]).differences) == 1


def test_what_the_topic_suppresses_is_empty_and_nothing_else_is() -> None:
    suppressed = [message(state=PublishState.SUPPRESSED)]
    assert compare_published(TRUTH, suppressed, [body(**EMPTY)]).differences == ()
    assert len(compare_published(TRUTH, suppressed, [body()]).differences) == 1
    assert len(compare_published(TRUTH, suppressed, [body(n=None)]).differences) == 1
    assert len(compare_published(TRUTH, [message()], [body(**EMPTY)]).differences) == 1


def test_a_hidden_cell_of_nobody_is_no_number() -> None:
    nobody = message(n=0, value=None, numerator=0, denominator=0, state=PublishState.SUPPRESSED)
    assert compare_published({}, [nobody], [body(**EMPTY)]).compared == 0
