"""For every recording: series, and what it makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.prometheus.recordings import BURN_WINDOWS, failed_requests

_ENDED = 'throughline_journeys_ended%s_total{agency="town",service="permit",outcome="%s"}'
_ANSWERS = (
    'throughline_survey_answers%s_total{agency="town",service="permit",'
    'construct="%s",scale="%s",answer="%s"}'
)
_PLACE = 'agency="town",service="permit"'
# An hour in which 9 of 13 that count ended complete, 4 were given up and one informed was none.
_JOURNEYS = {
    _ENDED % ("", "success"): "0+1x60",
    _ENDED % ("_retracted", "success"): "0x30 6x30",
    _ENDED % ("", "negative_but_correct"): "0+1x60",
    _ENDED % ("_retracted", "negative_but_correct"): "0x60",
    _ENDED % ("", "abandoned"): "0+0.5x60",
    _ENDED % ("_retracted", "abandoned"): "0x60",
    _ENDED % ("", "expired"): "0+0.5x60",
    _ENDED % ("_retracted", "expired"): "0x60",
    _ENDED % ("", "informed"): "0+9x60",
    _ENDED % ("_retracted", "informed"): "0x60",
}


@dataclass(frozen=True)
class Recorded:
    """`values` by labels as PromQL writes them."""

    name: str
    series: Mapping[str, str]
    at: str
    values: Mapping[str, float]
    step: str = "1m"


def _steps(span: str) -> int:
    """How many steps a span of time has: of a minute, or of ten where it is long."""
    minutes = int(span[:-1]) * {"m": 1, "h": 60, "d": 1440}[span[-1]]
    return minutes if span.endswith("m") else minutes // 10


RECORDED = (
    *(
        Recorded(
            failed_requests(span),
            {
                'throughline_requests_total{job="i",status="200"}': f"0+6x{_steps(span)}",
                'throughline_requests_total{job="i",status="503"}': f"0+1x{_steps(span)}",
                'throughline_requests_total{job="i",status="400"}': f"0+1x{_steps(span)}",
                'throughline_requests_total{job="none-failed",status="200"}': "0+1x500",
                'throughline_requests_total{job="nobody-came",status="200"}': "7x500",
            },
            span,
            {'job="i"': 0.125, 'job="none-failed"': 0},
            "1m" if span.endswith("m") else "10m",
        )
        for span in BURN_WINDOWS
    ),
    Recorded(
        "source:throughline_events_accepted:rate5m",
        {
            'throughline_events_total{source="web",channel="website",result="accepted"}': "0+60x20",
            'throughline_events_total{source="web",channel="email",result="accepted"}': "0+30x20",
            'throughline_events_total{source="web",channel="none",result="rejected"}': "0+60x20",
        },
        "10m",
        {'source="web"': 1.5},
    ),
    Recorded(
        "source:throughline_events_rejected:ratio_rate1h",
        {
            'throughline_events_total{source="web",channel="website",result="accepted"}': "0+3x70",
            'throughline_events_total{source="web",channel="none",result="rejected"}': "0+1x70",
            'throughline_events_total{source="silent",channel="none",result="rejected"}': "5x70",
        },
        "64m",
        {'source="web"': 0.25},
    ),
    Recorded(
        "source:throughline_feed_silence:seconds",
        {
            'throughline_feed_last_event_timestamp_seconds{source="web",instance="a"}': "60x9",
            'throughline_feed_last_event_timestamp_seconds{source="web",instance="b"}': "120x9",
            'throughline_feed_last_event_timestamp_seconds{source="gone"}': "0x2 _x9",
        },
        "9m",
        {'source="web"': 420, 'source="gone"': 540},
    ),
    Recorded(
        "clock:throughline_journey_watermark:age_seconds",
        {
            'throughline_journey_watermark_timestamp_seconds{clock="live",instance="a"}': "0+60x9",
            'throughline_journey_watermark_timestamp_seconds{clock="live",instance="b"}': "0x9",
        },
        "9m",
        {'clock="live"': 540},
    ),
    Recorded(
        "clock:throughline_watermark:age_seconds",
        {'throughline_watermark_timestamp_seconds{clock="live"}': "0+30x10"},
        "10m",
        {'clock="live"': 300},
    ),
    Recorded(
        "job:throughline_journey_lag:sum",
        {f'throughline_journey_lag{{job="j",partition="{n}"}}': f"{n}x5" for n in (3, 4)},
        "4m",
        {'job="j"': 7},
    ),
    # 54 + 60 complete of 174 (increase is over a whole hour: what is seen grew for 60 minutes).
    Recorded(
        "service:throughline_journeys_completed:ratio_net1h",
        _JOURNEYS,
        "60m",
        {_PLACE: (60 - 6 + 60) / (60 - 6 + 60 + 60)},
    ),
    Recorded(
        "service:throughline_journeys_given_up:ratio_net1h",
        _JOURNEYS,
        "60m",
        {_PLACE: 60 / (60 - 6 + 60 + 60)},
    ),
    Recorded(
        "service:throughline_survey_satisfied:ratio_net1d",
        {
            _ANSWERS % ("", "satisfaction", "1..5", "5"): "0+4x144",
            _ANSWERS % ("_retracted", "satisfaction", "1..5", "5"): "0+1x144",
            _ANSWERS % ("", "satisfaction", "1..5", "1"): "0+1x144",
            _ANSWERS % ("_retracted", "satisfaction", "1..5", "1"): "0x144",
            _ANSWERS % ("", "trust", "1..5", "5"): "0+9x144",
            _ANSWERS % ("", "satisfaction", "1..7", "5"): "0+9x144",
        },
        "1d",
        {_PLACE: 0.75},
        "10m",
    ),
    Recorded(
        "service:throughline_contacts_avoidable:ratio_net1d",
        {
            f'throughline_contacts{twin}_total{{{_PLACE},avoidable="{known}"}}': values
            for twin, known, values in (
                ("", "yes", "0+3x144"),
                ("_retracted", "yes", "0+2x144"),
                ("", "no", "0+3x144"),
                ("_retracted", "no", "0x144"),
                ("", "unknown", "0+9x144"),
                ("_retracted", "unknown", "0x144"),
            )
        },
        "1d",
        {_PLACE: 0.25},
        "10m",
    ),
    Recorded(
        "service:throughline_survey_answered:ratio_net1d",
        {
            f"throughline_survey_{what}_total{{{_PLACE}}}": values
            for what, values in {
                "completed": "0+2x144",
                "completed_retracted": "0+1x144",
                "offered": "0+4x144",
                "offered_retracted": "0x144",
            }.items()
        },
        "1d",
        {_PLACE: 0.25},
        "10m",
    ),
)
