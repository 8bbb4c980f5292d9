"""What Prometheus scrapes, and that all its files are current."""

import re

import yaml
from click.testing import CliRunner

from deploy.prometheus import build
from deploy.prometheus.scraping import ADDRESSES, JOB_PREFIX, configuration
from deploy.reference.metrics import of_journeys
from schemas.settings_names import NAMES
from services.publish.settings import Settings as PublishSettings


def test_the_committed_files_are_current() -> None:
    result = CliRunner().invoke(build.program, ["--check"])
    assert (result.exit_code, result.output) == (0, "")


def test_nothing_else_lies_among_the_rules() -> None:
    lying = {f"rules/{path.name}" for path in (build.FOLDER / "rules").iterdir()}
    assert lying == build.built().keys() - {"prometheus.yml"}


def test_every_inside_listener_is_scraped_under_a_job_of_its_own() -> None:
    inside = {name.removesuffix("_INSIDE").lower() for name in NAMES if name.endswith("_INSIDE")}
    jobs = yaml.safe_load(build.built()["prometheus.yml"])["scrape_configs"]
    assert [job["job_name"] for job in jobs] == [
        f"{JOB_PREFIX}ingest",
        f"{JOB_PREFIX}journey",
        f"{JOB_PREFIX}metrics",
        f"{JOB_PREFIX}publish",
        "prometheus",
    ]
    assert inside == set(ADDRESSES) - {"prometheus"}


def test_all_addresses_are_on_loopback_and_publishs_is_its_default() -> None:
    assert {address.split(":")[0] for address in ADDRESSES.values()} == {"127.0.0.1"}
    assert ADDRESSES["publish"] == PublishSettings(_env_file=None).publish_inside


def test_counters_of_journeys_and_nothing_else_lose_the_instance_that_showed_them() -> None:
    jobs = configuration(ADDRESSES)["scrape_configs"]
    relabelled = {job["job_name"]: job["metric_relabel_configs"] for job in jobs if len(job) > 2}
    assert list(relabelled) == [f"{JOB_PREFIX}metrics"]
    [[rule]] = relabelled.values()
    assert (rule["target_label"], rule["replacement"]) == ("instance", "throughline")
    shown = [name for metric in of_journeys() for name in (metric.name, f"{metric.name}_bucket")]
    assert [name for name in shown if not re.fullmatch(rule["regex"], name)] == []
    own = ("throughline_metrics_owner", "throughline_metrics_records_total", "up")
    assert [name for name in own if re.fullmatch(rule["regex"], name)] == []
