from pathlib import Path
from random import Random

from deploy.demo.desks import desks, source_of
from deploy.demo.live import steps
from schemas.catalogue import load
from schemas.control import LIVE
from schemas.sources import Sources
from schemas.yaml_file import parse

DEPLOY = Path("deploy")
CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted((DEPLOY / "catalogue").glob("*.yaml"))
)
SOURCES = parse(Sources, (DEPLOY / "sources.yaml").read_text("utf-8"), "sources")


def test_live_citizens_go_where_a_live_source_reports_them() -> None:
    by_id = {source.id: source for source in SOURCES.sources}
    for desk in desks(CATALOGUE):
        for seed in range(50):
            for place, channel, _ in steps(desk, "name", Random(seed)):
                source = by_id[source_of(desk, channel, place, LIVE)]
                assert channel in source.channels
                assert channel in desk.service.by_touchpoint[place].channels
                assert source.clock == LIVE


def test_some_live_citizens_finish_and_some_leave() -> None:
    permit = desks(CATALOGUE)[0]
    last = {list(steps(permit, "name", Random(seed)))[-1][0] for seed in range(50)}
    assert last == {"application-start", "survey"}
