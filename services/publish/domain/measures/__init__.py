"""How every measure is called and written. Names and units only: publish knows no formula."""

from schemas.vocabulary import Unit
from services.publish.domain.measures.behaviour import BEHAVIOUR
from services.publish.domain.measures.measure import Measure
from services.publish.domain.measures.opinion import OPINION
from services.publish.domain.measures.time import TIME

MEASURES = (*BEHAVIOUR, *OPINION, *TIME)
BY_ID = {measure.id: measure for measure in MEASURES}


def measure_of(metric_id: str) -> Measure:
    """The measure of a metric id; one this version does not know is shown by its id."""
    return BY_ID.get(metric_id) or Measure(metric_id, metric_id, "", "n", Unit.COUNT)
