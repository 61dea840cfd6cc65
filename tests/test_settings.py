"""The environment becomes settings, or a fault that names the variable."""

from pathlib import Path

import pytest
from tilepress.errors import GiveUp
from tilepress.settings import RETIRE_AFTER_SECONDS, Schedules, Settings, read_settings

NEEDED = {"SOURCE_BUCKET": "in", "SITE_BUCKET": "out", "TEMPLATES_DIR": "/t"}


def test_buckets_are_enough():
    """What is optional has defaults."""
    assert read_settings(NEEDED) == Settings(
        source_bucket="in", site_bucket="out", templates_dir=Path("/t"), distribution_id="", retire_after_seconds=RETIRE_AFTER_SECONDS
    )


def test_everything_can_be_said():
    """Every variable reaches its setting."""
    found = read_settings(NEEDED | {"DISTRIBUTION_ID": "D", "QUEUE_URL": "https://q", "RETIRE_AFTER_SECONDS": "60.5"})
    assert (found.distribution_id, found.queue_url, found.retire_after_seconds) == ("D", "https://q", 60.5)


def test_templates_are_found_in_a_checkout():
    """Without a word about them, the templates are those beside functions/."""
    assert (read_settings(NEEDED | {"TEMPLATES_DIR": ""}).templates_dir / "base.html").is_file()


@pytest.mark.parametrize("name", ["SOURCE_BUCKET", "SITE_BUCKET"])
@pytest.mark.parametrize("change", [lambda _: None, lambda _: ""], ids=["missing", "empty"])
def test_missing_bucket_is_named(name, change):
    """A bucket that is not named is a fault that says which."""
    environ = {key: value for key, value in (NEEDED | {name: change(name)}).items() if value is not None}
    with pytest.raises(GiveUp, match=name):
        read_settings(environ)


def test_one_bucket_for_both_is_refused():
    """A function that is triggered by what it writes would never end."""
    with pytest.raises(GiveUp, match="same bucket"):
        read_settings(NEEDED | {"SITE_BUCKET": "in"})


@pytest.mark.parametrize("said", ["soon", "-1", "nan", "inf"])
def test_grace_is_a_time(said):
    """A grace that is no time is a fault, not a site that never or at once forgets."""
    with pytest.raises(GiveUp, match="RETIRE_AFTER_SECONDS"):
        read_settings(NEEDED | {"RETIRE_AFTER_SECONDS": said})


def test_a_state_machine_has_its_limit():
    """It is for sites with more pages than that; without one, nobody asks."""
    machine = {"STATE_MACHINE_ARN": "arn:aws:states:x:1:stateMachine:m", "STATE_MACHINE_ABOVE": "50000"}
    assert read_settings(NEEDED | machine).state_machine_above == 50_000
    with pytest.raises(GiveUp, match="STATE_MACHINE_ABOVE"):
        read_settings(NEEDED | machine | {"STATE_MACHINE_ABOVE": "many"})


SCHEDULES = {"SCHEDULE_GROUP": "g", "QUEUE_ARN": "arn:aws:sqs:x:1:q", "SCHEDULER_ROLE_ARN": "arn:aws:iam::1:role/r"}


def test_schedules_are_optional():
    """Without a group of schedules there is no timer."""
    assert read_settings({"SOURCE_BUCKET": "a", "SITE_BUCKET": "b"}).schedules is None


def test_schedules_need_a_queue_and_a_role():
    """A group alone is a mistake, and named."""
    found = read_settings({"SOURCE_BUCKET": "a", "SITE_BUCKET": "b"} | SCHEDULES).schedules
    assert found == Schedules(group="g", queue_arn="arn:aws:sqs:x:1:q", role_arn="arn:aws:iam::1:role/r")
    with pytest.raises(GiveUp, match="QUEUE_ARN"):
        read_settings({"SOURCE_BUCKET": "a", "SITE_BUCKET": "b", "SCHEDULE_GROUP": "g"})
