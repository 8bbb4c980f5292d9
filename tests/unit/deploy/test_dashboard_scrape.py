"""What Prometheus scrapes."""

import yaml
from click.testing import CliRunner

from deploy.grafana import build as dashboard
from deploy.prometheus import build
from schemas.settings_names import NAMES
from services.publish.settings import Settings as PublishSettings


def test_the_committed_file_is_current() -> None:
    result = CliRunner().invoke(build.program, ["--check"])
    assert (result.exit_code, result.output) == (0, "")


def test_every_inside_listener_is_scraped_under_a_job_of_its_own() -> None:
    inside = {name.removesuffix("_INSIDE").lower() for name in NAMES if name.endswith("_INSIDE")}
    jobs = yaml.safe_load(build.built())["scrape_configs"]
    assert [job["job_name"] for job in jobs] == [
        "throughline-ingest",
        "throughline-journey",
        "throughline-metrics",
        "throughline-publish",
        "prometheus",
    ]
    assert inside == set(build.ADDRESSES) - {"prometheus"}


def test_all_addresses_are_on_loopback_and_publishs_is_its_default() -> None:
    assert {address.split(":")[0] for address in build.ADDRESSES.values()} == {"127.0.0.1"}
    assert build.ADDRESSES["publish"] == PublishSettings(_env_file=None).publish_inside


def test_the_instance_of_metrics_and_of_nothing_else_is_a_constant() -> None:
    jobs = build.configuration(build.ADDRESSES)["scrape_configs"]
    relabelled = {job["job_name"]: job["relabel_configs"] for job in jobs if len(job) > 2}
    assert relabelled == {
        "throughline-metrics": [{"target_label": "instance", "replacement": "throughline"}]
    }


def test_the_dashboard_offers_the_jobs_that_are_scraped() -> None:
    assert f"{build.JOB_PREFIX}.+" in dashboard.built()
