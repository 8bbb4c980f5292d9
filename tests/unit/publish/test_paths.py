"""The ways people take."""

from schemas.metric import MetricMessage
from schemas.vocabulary import PublishState
from services.publish.domain.paths import flow, paths
from tests.unit.publish.samples import passport, rate
from tests.unit.publish.view_of import view_of

LONG = "guidance > renewal-start > renewal-photo"


def way(path: str, n: int, metric_id: str = "path_share", of: int = 100) -> MetricMessage:
    return rate(metric_id, n, of, path=path)


def test_the_most_frequent_way_stands_first_and_the_rest_is_no_way() -> None:
    found = paths(passport(), view_of(way("other", 40), way("guidance", 10), way(LONG, 30)))
    assert [[step.name for step in path.steps] for path in found] == [
        ["Photos, fees and times", "Start of the renewal", "Photo"],
        ["Photos, fees and times"],
    ]


def test_a_way_tells_how_many_completed_it_and_what_they_said() -> None:
    [path] = paths(
        passport(),
        view_of(
            way(LONG, 30),
            way(LONG, 24, "path_completion", 30),
            way(LONG, 6, "path_satisfaction", 8),
        ),
    )
    assert (path.share.text, path.completion.text) == ("30.0%", "80.0%")
    assert path.satisfaction is not None
    assert path.satisfaction.text == "75.0%"


def test_who_came_back_is_marked_and_what_is_cut_off_is_told() -> None:
    [path] = paths(passport(), view_of(way("guidance* > renewal-start > …", 30)))
    assert [step.came_back for step in path.steps] == [True, False]
    assert path.is_cut


def test_the_flow_adds_up_the_moves_of_all_ways() -> None:
    told = flow(
        passport(),
        view_of(way(LONG, 30), way("guidance* > renewal-start", 12), way("other", 58)),
    )
    assert [(move.source, move.target, move.journeys) for move in told.moves] == [
        ("guidance", "renewal-start", 42),
        ("renewal-start", "renewal-photo", 30),
    ]
    assert (told.told, told.ended, told.covered) == (42, 100, "42.0%")


def test_a_hidden_way_moves_nobody() -> None:
    hidden = rate("path_share", 3, 100, path=LONG, state=PublishState.SUPPRESSED)
    assert flow(passport(), view_of(hidden)).moves == ()


def test_a_touchpoint_that_left_the_catalogue_is_told_by_its_id() -> None:
    [path] = paths(passport(), view_of(way("fax > guidance", 30)))
    assert path.steps[0].name == "fax"


def test_without_ways_there_is_no_flow() -> None:
    told = flow(passport(), view_of())
    assert (told.moves, told.covered, paths(passport(), view_of())) == ((), "", ())
