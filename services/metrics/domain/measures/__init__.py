"""In: snapshots; out: amounts per cell and scores. `MEASURES` is the one list of families."""

from services.metrics.domain.measures.adjusted import ADJUSTED
from services.metrics.domain.measures.beside import BESIDE
from services.metrics.domain.measures.channels import CHANNELS
from services.metrics.domain.measures.comparison import COMPARISON
from services.metrics.domain.measures.completion import COMPLETION
from services.metrics.domain.measures.contacts import CONTACTS
from services.metrics.domain.measures.drivers import DRIVERS
from services.metrics.domain.measures.family import Family
from services.metrics.domain.measures.loyalty import LOYALTY
from services.metrics.domain.measures.opinion import OPINION
from services.metrics.domain.measures.paths import PATHS
from services.metrics.domain.measures.quality import QUALITY
from services.metrics.domain.measures.resolution import RESOLUTION
from services.metrics.domain.measures.survey import SURVEY
from services.metrics.domain.measures.time import TIME
from services.metrics.domain.measures.touchpoints import TOUCHPOINTS

MEASURES: tuple[Family, ...] = (
    COMPLETION,
    TOUCHPOINTS,
    PATHS,
    CHANNELS,
    CONTACTS,
    RESOLUTION,
    TIME,
    OPINION,
    DRIVERS,
    SURVEY,
    ADJUSTED,
    COMPARISON,
    LOYALTY,
    QUALITY,
    BESIDE,
)
FORMULAS = tuple(formula for family in MEASURES for formula in family.formulas)
