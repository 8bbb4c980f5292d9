"""How every measure is called and written. Names and units only: publish knows no formula."""

from schemas.vocabulary import Unit
from services.publish.domain.measures.beside import BESIDE
from services.publish.domain.measures.channels import CHANNELS
from services.publish.domain.measures.contacts import OF_CONTACTS
from services.publish.domain.measures.course import FINISHING, LEAVING, PATHS
from services.publish.domain.measures.loyalty import LOYALTY
from services.publish.domain.measures.measure import Measure
from services.publish.domain.measures.opinion import OPINION
from services.publish.domain.measures.surveys import SURVEYS
from services.publish.domain.measures.time import TIME
from services.publish.domain.measures.volume import QUALITY, VOLUME

MEASURES = (
    *FINISHING,
    *LEAVING,
    *PATHS,
    *OF_CONTACTS,
    *CHANNELS,
    *VOLUME,
    *QUALITY,
    *OPINION,
    *LOYALTY,
    *SURVEYS,
    *TIME,
    *BESIDE,
)
BY_ID = {measure.id: measure for measure in MEASURES}


def measure_of(metric_id: str) -> Measure:
    """The measure of a metric id; one this version does not know is shown by its id."""
    return BY_ID.get(metric_id) or Measure(metric_id, metric_id, "", "n", Unit.COUNT)
