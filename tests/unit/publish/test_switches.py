"""From which channel to which."""

from schemas.metric import MetricMessage
from schemas.vocabulary import PublishState
from services.publish.domain.switches import switches
from tests.unit.publish.samples import message
from tests.unit.publish.view_of import view_of


def switched(source: str, target: str, n: int, **changes: object) -> MetricMessage:
    places = {"from_channel": source, "to_channel": target}
    return message("channel_switches", n=n, value=n, **places, **changes)


def test_the_busiest_channels_stand_first_and_most_is_hottest() -> None:
    table = switches(
        view_of(
            switched("phone", "website", 10),
            switched("website", "phone", 80),
            switched("website", "in_person", 40),
        )
    )
    assert table.targets == ("Phone", "In person", "Website")
    assert [row.source for row in table.rows] == ["Website", "Phone"]
    told = [(cell.n, cell.text, cell.heat) for cell in table.rows[0].cells]
    assert told == [(80, "80", 4), (40, "40", 2), (0, "none", 0)]
    assert [bool(cell.key) for cell in table.rows[0].cells] == [True, True, False]


def test_a_hidden_change_is_said_to_be_hidden_and_not_to_be_none() -> None:
    hidden = switched("phone", "website", 3, state=PublishState.SUPPRESSED)
    [row] = switches(view_of(hidden)).rows
    [cell] = row.cells
    assert (cell.n, cell.text, cell.heat) == (None, "hidden", 0)
