from dataclasses import replace
from typing import Any

from deploy.demo.compare import key_of
from deploy.demo.published import compare_published
from schemas.vocabulary import PublishState
from tests.unit.deploy.demo.test_compare import THIRD, message

TRUTH = {key_of(message()): THIRD}
HIDDEN = {key_of(message()): replace(THIRD, state=PublishState.SUPPRESSED)}
EMPTY = dict.fromkeys(
    (
        *("n", "numerator", "denominator", "value", "distribution", "citizens"),
        *("ci_low", "ci_high", "ci_method"),
    )
)


def body(**changes: Any) -> dict[str, Any]:
    told = message().model_dump(mode="json", exclude={"of_citizens", "of_unnamed"})
    return {**told, **changes}


def test_what_the_api_says_is_compared_number_by_number() -> None:
    assert compare_published(TRUTH, [message()], [body()]).differences == ()
    assert len(compare_published(TRUTH, [message()], [body(value=0.4)]).differences) == 1
    for change in ({"ci_low": 0.2}, {"ci_high": 0.6}, {"state": "ok"}, {"flags": ["stale"]}):
        assert len(compare_published(TRUTH, [message()], [body(**change)]).differences) == 1
    assert len(compare_published(TRUTH, [message()], []).differences) == 1
    assert len(compare_published({}, [message()], [body()]).differences) == 1


def test_what_must_be_suppressed_is_empty_and_nothing_else_is() -> None:
    suppressed = [message(state=PublishState.SUPPRESSED)]
    assert compare_published(HIDDEN, suppressed, [body(**EMPTY)]).differences == ()
    assert len(compare_published(HIDDEN, suppressed, [body()]).differences) == 1
    assert len(compare_published(HIDDEN, suppressed, [body(n=None)]).differences) == 1
    told = body(**EMPTY | {"citizens": 3})
    assert len(compare_published(HIDDEN, suppressed, [told]).differences) == 1
    behind = body(of_citizens={"n": 1})
    assert len(compare_published(TRUTH, [message()], [behind]).differences) == 1
    assert len(compare_published(TRUTH, [message()], [body(**EMPTY)]).differences) == 1
    # It is not for the line to say what must be.
    assert len(compare_published(TRUTH, suppressed, [body(**EMPTY)]).differences) == 1


def test_a_hidden_cell_of_nobody_is_no_number() -> None:
    nobody = message(n=0, value=None, numerator=0, denominator=0, state=PublishState.SUPPRESSED)
    assert compare_published({}, [nobody], [body(**EMPTY)]).compared == 0
