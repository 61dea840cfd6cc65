"""One contract for every outbox; and what SQS's own answers mean."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from tilepress.adapters.memory import MemoryOutbox
from tilepress.adapters.sqs import BATCH_BYTES_MAX, BATCH_MAX, DELAY_SECONDS_MAX, SqsOutbox
from tilepress.dev.aws_server import AwsServer
from tilepress.errors import GiveUp, TilepressError, TryAgain
from tilepress.ports import Outbox

Sent = Callable[[], list[Any]]
KEYS: list[dict[str, Any]] = [{"keys": [f"content/projekte/bäume {number}.md"]} for number in range(BATCH_MAX + 3)]


@pytest.fixture(params=["memory", "sqs"])
def outbox(request: pytest.FixtureRequest, make_aws: Callable[[], AwsServer]) -> tuple[Outbox, Sent]:
    """An outbox, and what arrives of it, in no order."""
    if request.param == "memory":
        memory = MemoryOutbox()
        return memory, lambda: list(memory.sent)
    aws = make_aws()
    aws.acknowledge(aws.receive())  # S3's own test of the notification

    def arrived() -> list[Any]:
        found = []
        while batch := aws.receive():
            found += [json.loads(message["body"]) for message in batch]
            aws.acknowledge(batch)
        return found

    return SqsOutbox(lambda: aws.sqs, aws.queue_url, lambda _: None), arrived


def test_every_message_arrives_once(outbox: tuple[Outbox, Sent]) -> None:
    """However many they are, and in whatever script."""
    box, arrived = outbox
    box.send(KEYS)
    assert sorted(arrived(), key=str) == sorted(KEYS, key=str)


def test_no_message_is_no_fault(outbox: tuple[Outbox, Sent]) -> None:
    """A queue refuses an empty batch; who has nothing to send need not know."""
    box, arrived = outbox
    box.send([])
    assert arrived() == []


@pytest.mark.parametrize(("delay", "seconds"), [(0, None), (0.2, 1), (120.0, 120), (5000, DELAY_SECONDS_MAX)])
def test_a_delay_is_the_queue_s_own(answers: "Answers", delay: float, seconds: int | None) -> None:
    """Never a shorter one but where SQS knows none that long; and a message without any is sent as ever."""
    answers.refuse(of=1).outbox().send(KEYS[:1], delay=delay)
    assert answers.delays == [seconds]


class Answers:
    """A stubbed SQS: what it was sent, request by request, and what it answers."""

    def __init__(self) -> None:
        self.client = boto3.client("sqs", aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1")
        self.stubber = Stubber(self.client)
        self.requests: list[list[str]] = []
        self.delays: list[int | None] = []
        self.client.meta.events.register("provide-client-params.sqs.SendMessageBatch", self._note)
        self.stubber.activate()

    def refuse(self, *numbers: int, of: int, sender_fault: bool = False) -> "Answers":
        """The next request takes all messages but these."""
        taken = [{"Id": str(number), "MessageId": "m", "MD5OfMessageBody": "x"} for number in range(of) if number not in numbers]
        failed = [{"Id": str(number), "SenderFault": sender_fault, "Code": "InternalError"} for number in numbers]
        self.stubber.add_response("send_message_batch", {"Successful": taken, "Failed": failed})
        return self

    def outbox(self) -> SqsOutbox:
        """An outbox with this SQS."""
        return SqsOutbox(lambda: self.client, "https://sqs/queue", lambda _: None)

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        self.requests.append([entry["MessageBody"] for entry in params["Entries"]])
        self.delays += [entry.get("DelaySeconds") for entry in params["Entries"]]


@pytest.fixture
def answers() -> Answers:
    """SQS, stubbed."""
    return Answers()


def test_only_what_was_refused_goes_again(answers: Answers) -> None:
    """What the queue took already would otherwise be there twice."""
    answers.refuse(1, of=3).refuse(of=1)
    answers.outbox().send(KEYS[:3])
    assert [len(request) for request in answers.requests] == [3, 1]
    assert json.loads(answers.requests[1][0]) == KEYS[1]


def test_what_stays_refused_is_to_be_tried_again(answers: Answers) -> None:
    """The caller's message comes again, and with it these."""
    for _ in range(4):
        answers.refuse(0, of=1)
    with pytest.raises(TryAgain, match="InternalError"):
        answers.outbox().send(KEYS[:1])


def test_a_message_that_is_at_fault_itself_is_given_up(answers: Answers) -> None:
    """It would be refused for ever."""
    answers.refuse(0, of=1, sender_fault=True)
    with pytest.raises(GiveUp):
        answers.outbox().send(KEYS[:1])


def test_a_request_is_no_larger_than_the_queue_takes(answers: Answers) -> None:
    """Ten long messages are more than one request may hold."""
    long = {"keys": ["ä" * (BATCH_BYTES_MAX // 5)]}
    for size in (2, 1):
        answers.refuse(of=size)
    answers.outbox().send([long] * 3)
    assert [len(request) for request in answers.requests] == [2, 1]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AccessDenied", GiveUp),
        ("AWS.SimpleQueueService.NonExistentQueue", GiveUp),
        ("AWS.SimpleQueueService.BatchRequestTooLong", GiveUp),
        ("RequestThrottled", TryAgain),
    ],
)
def test_a_fault_says_what_to_do(answers: Answers, code: str, expected: type[TilepressError]) -> None:
    """As with every other service."""
    answers.stubber.add_client_error("send_message_batch", service_error_code=code)
    with pytest.raises(expected):
        answers.outbox().send(KEYS[:1])
