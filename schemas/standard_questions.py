"""Sets of questions that others published, as an instrument of the catalogue has them.

Of the US A-11 two are in use, which are never mixed. The short one of 2023 asks for trust, by thumb
or on five steps, and for drivers as choices. The long one of 2018 has a statement for each driver:
whoever agrees (4, 5) has named it as good, whoever disagrees (1, 2) as bad, which are the best and
worst two steps that published shares count.
"""

from collections.abc import Mapping
from typing import Any

from schemas.vocabulary import Construct, Driver, Polarity, Scale

_THUMBS = {"up": 1, "down": 0, "yes": 1, "no": 0, "true": 1, "false": 0}
_AGREE = {
    "Strongly disagree": 1,
    "Disagree": 2,
    "Neutral": 3,
    "Neither agree nor disagree": 3,
    "Agree": 4,
    "Strongly agree": 5,
}
_BEST, _WORST = ("4", "5", "Agree", "Strongly agree"), ("1", "2", "Disagree", "Strongly disagree")
# Of the long form the questions in their order: the first asks for satisfaction, the second trust.
_STATEMENTS = {
    Driver.EFFECTIVENESS: "answer_03",
    Driver.EASE: "answer_04",
    Driver.EFFICIENCY: "answer_05",
    Driver.TRANSPARENCY: "answer_06",
    Driver.EMPLOYEE: "answer_07",
}


def _short(scale: Scale, words: Mapping[str, int], wording: str) -> dict[str, Any]:
    trust = {"fields": ["answer_01", "question_1"], "words": words, "wording": wording}
    return {
        "constructs": [{"construct": Construct.TRUST, "scale": scale, **trust}],
        "open": [{"wording": f"{wording}-open", "fields": ["answer_04"]}],
        "drivers": [
            choice
            for polarity, many in (
                (Polarity.POSITIVE, "answer_02"),
                (Polarity.NEGATIVE, "answer_03"),
            )
            for driver in Driver
            for choice in (
                _choice(driver, polarity, [many], [driver.value]),
                _choice(driver, polarity, [f"{polarity}_{driver}"], ["1", "true"]),
            )
        ],
    }


def _choice(driver: Driver, polarity: Polarity, fields: list[str], words: list[str]) -> Any:
    return {"driver": driver, "polarity": polarity, "fields": fields, "words": words}


def _question(construct: Construct, field: str) -> dict[str, Any]:
    told = {"scale": Scale.ONE_TO_FIVE, "wording": f"a11-2018-{construct}"}
    return {"construct": construct, **told, "fields": [field], "words": _AGREE}


_LONG = {
    "constructs": [
        _question(Construct.SATISFACTION, "answer_01"),
        _question(Construct.TRUST, "answer_02"),
        _question(Construct.EASE, _STATEMENTS[Driver.EASE]),
    ],
    "open": [{"wording": "a11-2018-open", "fields": ["answer_08"]}],
    "drivers": [
        _choice(driver, polarity, [field], list(words))
        for driver, field in _STATEMENTS.items()
        for polarity, words in ((Polarity.POSITIVE, _BEST), (Polarity.NEGATIVE, _WORST))
    ],
}
STANDARDS: Mapping[str, dict[str, Any]] = {
    "a11-2023-thumbs": _short(Scale.THUMBS, _THUMBS, "a11-2023-thumbs"),
    "a11-2023-steps": _short(Scale.ONE_TO_FIVE, _AGREE, "a11-2023-steps"),
    "a11-2018": _LONG,
}
