"""What a failed S3 request means: lost a race, try again, or give up. Never an absence that is none."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from tilepress.adapters.buckets import bucket_of
from tilepress.adapters.s3 import S3Store
from tilepress.artifacts import Artifact
from tilepress.errors import GiveUp, Stale, TilepressError, TryAgain

PAGE = Artifact("a/index.html", b"x", "text/html")


def failing(operation: str, code: str, status: int) -> S3Store:
    """A store whose next request of this kind fails so."""
    client = boto3.client("s3", aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1")
    stubber = Stubber(client)
    stubber.add_client_error(operation, service_error_code=code, http_status_code=status)
    stubber.activate()
    return S3Store(client, "site")


@pytest.mark.parametrize(
    ("operation", "code", "status", "call", "expected"),
    [
        ("get_object", "AccessDenied", 403, lambda store: store.get("x"), GiveUp),
        ("get_object", "NoSuchBucket", 404, lambda store: store.get("x"), GiveUp),
        ("get_object", "SlowDown", 503, lambda store: store.get("x"), TryAgain),
        ("head_object", "403", 403, lambda store: store.head("x"), GiveUp),
        ("list_objects_v2", "InternalError", 500, lambda store: list(store.list()), TryAgain),
        ("list_objects_v2", "AccessDenied", 403, lambda store: list(store.list()), GiveUp),
        ("put_object", "SlowDown", 503, lambda store: store.put(PAGE), TryAgain),
        ("put_object", "PreconditionFailed", 412, lambda store: store.replace(PAGE, None), Stale),
        ("put_object", "ConditionalRequestConflict", 409, lambda store: store.replace(PAGE, '"e"'), Stale),
        ("put_object", "NoSuchKey", 404, lambda store: store.replace(PAGE, '"e"'), Stale),
        ("put_object", "NoSuchBucket", 404, lambda store: store.put(PAGE), GiveUp),
        ("put_object", "EntityTooLarge", 400, lambda store: store.put(PAGE), GiveUp),
        ("put_object", "RequestTimeout", 400, lambda store: store.put(PAGE), TryAgain),
        ("get_object", "ExpiredToken", 400, lambda store: store.get("x"), TryAgain),
        ("head_object", "400", 400, lambda store: store.head("x"), TryAgain),
        ("delete_object", "AccessDenied", 403, lambda store: store.delete("x"), GiveUp),
    ],
)
def test_a_fault_says_what_to_do(operation: str, code: str, status: int, call: Callable[[S3Store], Any], expected: type[TilepressError]) -> None:
    """Each answer of S3 ends as the one exception that its caller can act upon."""
    with pytest.raises(expected) as raised:
        call(failing(operation, code, status))
    assert type(raised.value) is expected


def test_a_deleted_key_has_no_tags() -> None:
    """Where there are versions its newest is a marker, and S3 says that this method is not allowed."""
    assert failing("get_object_tagging", "MethodNotAllowed", 405).tags("x") == {}


@pytest.mark.parametrize("region", ["eu-central-1", "eu-south-1"])
def test_addresses_are_signed_for_the_buckets_region(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    """No other host answers them everywhere."""
    for name, value in {"AWS_DEFAULT_REGION": region, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert bucket_of("s3://own").signed_address("a.html", 60).startswith(f"https://own.s3.{region}.amazonaws.com/a.html?")
