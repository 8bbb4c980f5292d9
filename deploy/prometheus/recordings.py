"""Ratios and ages, computed once: no service exports a ratio (docs/decisions/0006)."""

from deploy.prometheus.rule import PREFIX, Recording, net, ratio

# The windows that an error budget is looked at through, from the fastest to the slowest.
BURN_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
_REQUESTS = f"{PREFIX}requests_total"
_COUNTED = 'outcome!="informed"'
_COMPLETE = 'outcome=~"success|negative_but_correct"'
_GIVEN_UP = 'outcome=~"abandoned|expired"'
_SATISFACTION = 'construct="satisfaction",scale="1..5"'
# How far back the last event of a source is remembered when ingest has been started anew.
_HEARD = "30d"


def failed_requests(span: str) -> str:
    """The recording of the share of requests that were answered with a 5xx."""
    return f"job:throughline_requests_failed:ratio_rate{span}"


def _failed(span: str) -> Recording:
    """Nought, and not nothing, where no request has failed yet."""
    everything = f"sum by (job) (rate({_REQUESTS}[{span}]))"
    failed = f'sum by (job) (rate({_REQUESTS}{{status=~"5.."}}[{span}]))'
    return Recording(
        failed_requests(span), ratio(f"({failed} or 0 * {everything})", f"{everything}")
    )


def _rejected() -> Recording:
    rejected, everything = (
        f"sum by (source) (rate({PREFIX}events_total{chosen}[1h]))"
        for chosen in ('{result="rejected"}', "")
    )
    return Recording("source:throughline_events_rejected:ratio_rate1h", ratio(rejected, everything))


DOOR = (
    *(_failed(span) for span in BURN_WINDOWS),
    Recording(
        "source:throughline_events_accepted:rate5m",
        f'sum by (source) (rate({PREFIX}events_total{{result="accepted"}}[5m]))',
    ),
    _rejected(),
    Recording(
        "source:throughline_feed_silence:seconds",
        "time() - max by (source) "
        f"(max_over_time({PREFIX}feed_last_event_timestamp_seconds[{_HEARD}]))",
    ),
)
LINE = (
    Recording(
        "clock:throughline_journey_watermark:age_seconds",
        f"time() - min by (clock) ({PREFIX}journey_watermark_timestamp_seconds)",
    ),
    Recording(
        "clock:throughline_watermark:age_seconds",
        f"time() - max by (clock) ({PREFIX}watermark_timestamp_seconds)",
    ),
    Recording("job:throughline_journey_lag:sum", f"sum by (job) ({PREFIX}journey_lag)"),
)
JOURNEYS = (
    Recording(
        "service:throughline_journeys_completed:ratio_net1h",
        ratio(net("journeys_ended", "1h", _COMPLETE), net("journeys_ended", "1h", _COUNTED)),
    ),
    Recording(
        "service:throughline_journeys_given_up:ratio_net1h",
        ratio(net("journeys_ended", "1h", _GIVEN_UP), net("journeys_ended", "1h", _COUNTED)),
    ),
    Recording(
        "service:throughline_survey_satisfied:ratio_net1d",
        ratio(
            net("survey_answers", "1d", _SATISFACTION, 'answer=~"4|5"'),
            net("survey_answers", "1d", _SATISFACTION),
        ),
    ),
    Recording(
        "service:throughline_contacts_avoidable:ratio_net1d",
        ratio(
            net("contacts", "1d", 'avoidable="yes"'), net("contacts", "1d", 'avoidable=~"yes|no"')
        ),
    ),
    Recording(
        "service:throughline_survey_answered:ratio_net1d",
        ratio(net("survey_completed", "1d"), net("survey_offered", "1d")),
    ),
)
RECORDINGS = (*DOOR, *LINE, *JOURNEYS)
