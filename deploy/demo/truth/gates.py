"""Whether a number may be shown, and whether it is of few."""

from deploy.demo.truth.opinion import FIGURES
from deploy.demo.truth.parts import Dimensions
from schemas.vocabulary import Driver, Level, PublishState

_FEW = 30
_FEW_OF = {
    "comprehension.fr10": 100,
    "help_quality.fr10": 100,
    "help_reachability": 100,
    "satisfaction.fr10": 100,
}
_HOW = ("moderated", "estimated")
_FEWEST_ANSWERS = 5
_FEWEST_ABOUT_STAFF = 10
_TOLD_OF_MANY = {f"{told}.{kind}" for told in _HOW for kind in ("themes", "answers")}
_OF_ANSWERS = {*FIGURES, *_TOLD_OF_MANY, "driver_balance", "touchpoint_impact"}


def state_of(metric: str, level: Level, dimensions: Dimensions, n: int) -> PublishState:
    """Below some answers nothing is said of a place, of a way or of staff."""
    if n < _fewest(metric, level, dimensions):
        return PublishState.SUPPRESSED
    return PublishState.LOW_N if n < _FEW_OF.get(metric, _FEW) else PublishState.OK


def _fewest(metric: str, level: Level, dimensions: Dimensions) -> int:
    if dict(dimensions).get("driver") == Driver.EMPLOYEE:
        return _FEWEST_ABOUT_STAFF
    is_of_place = level is Level.TOUCHPOINT and metric in _OF_ANSWERS
    return _FEWEST_ANSWERS if is_of_place or metric == "path_satisfaction" else 0
