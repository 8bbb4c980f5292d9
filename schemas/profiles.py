"""National profiles: which of our measures a country publishes, and in its own words.

One stored distribution serves them all; where official texts conflict, both figures are named.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Figure:
    """One of our measures under the name that the profile gives it."""

    metric_id: str
    words: str


@dataclass(frozen=True)
class Profile:
    """What one country asks for. `country` is its ISO 3166 code; `lacks` says what it also asks
    for and we have no data of.
    """

    id: str
    name: str
    country: str
    figures: tuple[Figure, ...]
    lacks: tuple[str, ...] = ()


COST = "Cost per transaction"
"""Lacking only where the catalogue has no cost; else it stands on the scorecard."""

PROFILES: Final = (
    Profile(
        "gov_uk",
        "GOV.UK service manual: data you must publish",
        "GB",
        (
            Figure("completion_rate.gds", "Completion rate"),
            Figure(
                "satisfaction.linear", "User satisfaction, as the performance platform scored it"
            ),
            Figure("satisfaction.top2", "User satisfaction, as the share who are satisfied"),
            Figure("digital_takeup.incl", "Digital take-up, assisted digital in"),
            Figure("digital_takeup.excl", "Digital take-up, assisted digital out"),
            Figure("contacts_per_resolved", "Avoidable contact (NI 14), draft form"),
            Figure("avoidable_contact_share", "Avoidable contact (NI 14), final form"),
        ),
        (COST,),
    ),
    Profile(
        "us_a11",
        "OMB Circular A-11, section 280",
        "US",
        (
            Figure("trust.positive", "Trust"),
            Figure("satisfaction.top2", "Satisfaction (CSAT), as the share of 4 and 5"),
            Figure("driver_balance", "Drivers of trust"),
            Figure("survey_offered", "Customers offered the survey"),
            Figure("survey_answered", "Respondents"),
            Figure("response_rate", "Response rate"),
            Figure("coverage", "Offered, of all customers"),
            Figure("trust.change_net", "Change of trust (VA)"),
        ),
    ),
    Profile(
        "fr_observatoire",
        "Observatoire de la qualité des démarches en ligne",
        "FR",
        (
            Figure("satisfaction.fr10", "Satisfaction usagers"),
            Figure("comprehension.fr10", "Simplicité du langage"),
            Figure("help_reachability", "Aide joignable"),
            Figure("help_quality.fr10", "Aide efficace"),
        ),
        ("Uptime and page speed", "Accessibility rate", "Tell-us-once"),
    ),
    Profile(
        "ca_task_success",
        "GC Task Success Survey",
        "CA",
        (
            Figure("task_success.gc", "Task success score"),
            Figure("ease", "Ease of use"),
        ),
    ),
)
