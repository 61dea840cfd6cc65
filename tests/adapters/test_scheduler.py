"""Times on EventBridge Scheduler: set, moved, taken back, and gone off."""

import json
from collections.abc import Callable

import boto3
import pytest
from botocore.stub import Stubber
from tilepress.adapters.scheduler import Scheduler
from tilepress.dev.aws_server import AwsServer
from tilepress.errors import GiveUp, TilepressError, TryAgain
from tilepress.settings import Schedules

KEY = "content/projekte/spät.md"
MOMENT = 1_800_000_030.0
NOW = MOMENT - 3600


@pytest.fixture
def aws(make_aws: Callable[[], AwsServer]) -> AwsServer:
    """A server."""
    return make_aws()


@pytest.fixture
def timer(aws: AwsServer) -> Scheduler:
    """The timer of its queue, an hour before the moment."""
    return timer_at(aws, NOW)


def timer_at(aws: AwsServer, now: float) -> Scheduler:
    """The timer of its queue at this time."""
    told = aws.environ()
    schedules = Schedules(group=told["SCHEDULE_GROUP"], queue_arn=told["QUEUE_ARN"], role_arn=told["SCHEDULER_ROLE_ARN"])
    return Scheduler(lambda: aws.scheduler, schedules, lambda: now)


def expressions(aws: AwsServer) -> list[str]:
    """What is scheduled."""
    group = aws.environ()["SCHEDULE_GROUP"]
    names = [found["Name"] for found in aws.scheduler.list_schedules(GroupName=group)["Schedules"]]
    return [aws.scheduler.get_schedule(Name=name, GroupName=group)["ScheduleExpression"] for name in names]


def test_a_time_is_the_full_minute_after_it(aws: AwsServer, timer: Scheduler) -> None:
    """Schedules keep minutes; one that goes off too early would find nothing to do."""
    timer.set(KEY, MOMENT)
    assert expressions(aws) == ["at(2027-01-15T08:01:00)"]


@pytest.mark.parametrize(("at", "minute"), [(NOW - 1e6, "07:01"), (NOW, "07:01"), (NOW + 29, "07:01"), (NOW + 31, "07:02")])
def test_a_time_that_is_past_is_the_next_full_minute(aws: AwsServer, timer: Scheduler, at: float, minute: str) -> None:
    """AWS refuses a schedule in the past, and a run may have taken its time before it sets one."""
    timer.set(KEY, at)
    assert expressions(aws) == [f"at(2027-01-15T{minute}:00)"]


def test_a_minute_that_is_about_to_begin_is_not_far_enough_ahead(aws: AwsServer) -> None:
    """It would be past when the request arrives."""
    timer_at(aws, MOMENT + 29).set(KEY, MOMENT + 30)
    assert expressions(aws) == ["at(2027-01-15T08:02:00)"]


def test_a_later_time_takes_the_place_of_a_former(aws: AwsServer, timer: Scheduler) -> None:
    """One schedule a file."""
    timer.set(KEY, MOMENT)
    timer.set(KEY, MOMENT + 3600)
    assert expressions(aws) == ["at(2027-01-15T09:01:00)"]


def test_a_time_is_taken_back(aws: AwsServer, timer: Scheduler) -> None:
    """Also where there is none: it may have gone off already."""
    timer.set(KEY, MOMENT)
    timer.clear(KEY)
    timer.clear(KEY)
    assert expressions(aws) == []


def test_what_is_due_comes_into_the_queue_once(aws: AwsServer, timer: Scheduler) -> None:
    """With its key, as our own messages are."""
    aws.acknowledge(aws.receive())  # S3's own test of the notification
    timer.set(KEY, MOMENT)
    assert [aws.send_what_is_due(now) for now in (MOMENT, MOMENT + 60, MOMENT + 120)] == [0, 1, 0]
    assert [json.loads(message["body"]) for message in aws.receive()] == [{"keys": [KEY]}]


@pytest.mark.parametrize(
    ("operation", "code", "act", "expected"),
    [
        ("create_schedule", "AccessDeniedException", lambda timer: timer.set(KEY, MOMENT), GiveUp),
        ("create_schedule", "ThrottlingException", lambda timer: timer.set(KEY, MOMENT), TryAgain),
        ("delete_schedule", "AccessDeniedException", lambda timer: timer.clear(KEY), GiveUp),
    ],
)
def test_a_fault_says_what_to_do(operation: str, code: str, act: Callable[[Scheduler], None], expected: type[TilepressError]) -> None:
    """As with every other service."""
    client = boto3.client("scheduler", aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1")
    stubber = Stubber(client)
    stubber.add_client_error(operation, service_error_code=code)
    stubber.activate()
    with pytest.raises(expected):
        act(Scheduler(lambda: client, Schedules(group="g", queue_arn="arn:aws:sqs:x:1:q", role_arn="arn:aws:iam::1:role/r"), lambda: NOW))
