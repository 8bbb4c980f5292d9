"""Contracts compared with what a broker has."""

from dataclasses import replace

from deploy.provision.acls import Acl, AclChanges, wanted
from deploy.provision.plan import Change, Found, Plan, plan, rows
from schemas.topics import JOURNEYS, TOUCHPOINTS, topic

WANTED = (topic(TOUCHPOINTS), topic(JOURNEYS))
AS_DECLARED = {declared.name: declared.local for declared in WANTED}
GRANTED = wanted(WANTED)
SPY = Acl("TOPIC", JOURNEYS, "User:spy", "READ")


def test_what_is_not_there_is_missing() -> None:
    existing = {JOURNEYS: topic(JOURNEYS).local}
    assert plan(WANTED, Found(existing)) == Plan(missing=(topic(TOUCHPOINTS),))


def test_what_is_as_declared_needs_nothing() -> None:
    assert plan(WANTED, Found(AS_DECLARED)).is_empty
    assert plan(WANTED, Found(AS_DECLARED, GRANTED)) == Plan(has_authorizer=True)


def test_another_configuration_is_changed_and_another_layout_is_named() -> None:
    local = topic(TOUCHPOINTS).local
    configuration = {**local.configuration, "retention.ms": "1"}
    del configuration["message.timestamp.type"]
    found = replace(local, partitions=3, replication=2, configuration=configuration)
    told = plan(WANTED, Found({**AS_DECLARED, TOUCHPOINTS: found}))
    assert told.differences == (
        "touchpoints.v1: partitions is 3, the contract says 4",
        "touchpoints.v1: replication is 2, the contract says 1",
    )
    assert told.changes == (
        Change(TOUCHPOINTS, "retention.ms", "1", "2332800000"),
        Change(TOUCHPOINTS, "message.timestamp.type", "unset", "LogAppendTime"),
    )
    assert next(iter(rows(told))) == ("change", "touchpoints.v1 retention.ms", "1", "2332800000")


def test_the_order_of_a_list_is_no_difference() -> None:
    local = topic(JOURNEYS).local
    found = replace(
        local, configuration={**local.configuration, "cleanup.policy": "delete,compact"}
    )
    assert plan(WANTED, Found({**AS_DECLARED, JOURNEYS: found})).is_empty


def test_a_setting_the_contract_does_not_name_is_the_brokers_own_affair() -> None:
    local = topic(JOURNEYS).local
    found = replace(local, configuration={**local.configuration, "flush.ms": "7"})
    assert plan(WANTED, Found({**AS_DECLARED, JOURNEYS: found})).is_empty


def test_who_follows_a_topic_is_granted_its_group_and_who_watches_is_told_how_far_it_is() -> None:
    group = {acl for acl in wanted([topic(TOUCHPOINTS)]) if acl.resource == "GROUP"}
    assert group == {
        Acl("GROUP", "throughline-journey", "User:journey", "READ"),
        Acl("GROUP", "throughline-journey", "User:ops-reader", "DESCRIBE"),
    }


def test_a_group_that_ends_in_a_star_is_all_that_begin_so() -> None:
    mine = Acl("GROUP", "subscriber-", "User:subscriber", "READ", "PREFIXED")
    assert mine in wanted([topic("metrics.internal.v1")])
    assert mine.covers("GROUP", "subscriber-mail")
    assert not mine.covers("GROUP", "throughline-journey")


def test_what_no_contract_grants_is_taken_away_and_what_is_lost_is_granted_again() -> None:
    lost = Acl("TOPIC", JOURNEYS, "User:metrics", "READ")
    told = plan(WANTED, Found(AS_DECLARED, (GRANTED - {lost}) | {SPY}))
    assert told.access == AclChanges(grant=(lost,), revoke=(SPY,))
    assert list(rows(told)) == [
        ("grant", "topic journeys.v1", "", "allow User:metrics READ on topic journeys.v1"),
        ("revoke", "topic journeys.v1", "allow User:spy READ on topic journeys.v1", ""),
    ]


def test_what_reaches_further_than_our_topics_is_named_and_left() -> None:
    wide = Acl("TOPIC", "*", "User:backup", "READ")
    begins = Acl("TOPIC", "journeys", "User:spy", "READ", "PREFIXED")
    told = plan(WANTED, Found(AS_DECLARED, GRANTED | {wide, begins}))
    assert told.access == AclChanges(wider=(wide, begins))
    assert told.differences == (
        "allow User:backup READ on topic *: reaches further than our topics; narrow it yourself",
        (
            "allow User:spy READ on topic journeys and all that begin so: "
            "reaches further than our topics; narrow it yourself"
        ),
    )


def test_what_is_about_other_peoples_topics_is_not_ours() -> None:
    theirs = Acl("TOPIC", "orders.v1", "User:shop", "ALL")
    assert plan(WANTED, Found(AS_DECLARED, GRANTED | {theirs})).is_empty
