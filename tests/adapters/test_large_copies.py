"""Uploads that are too large for one request of S3's: copied in parts, by S3 itself."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from tilepress.adapters import s3
from tilepress.adapters.s3 import S3Store
from tilepress.artifacts import UPLOADED, Copy
from tilepress.dev.aws_server import AwsServer
from tilepress.errors import GiveUp, Stale

PART = 5 * 1024**2
"""Bytes: S3 takes no smaller parts."""
FILM = Copy("files/film.mp4", "video/mp4")


@pytest.fixture
def aws(make_aws: Callable[[], AwsServer], monkeypatch: pytest.MonkeyPatch) -> AwsServer:
    """A server with an upload of two parts, the second of which is short."""
    monkeypatch.setattr(s3, "_AT_ONCE_MAX", PART)
    monkeypatch.setattr(s3, "_PART_BYTES", PART)
    server = make_aws()
    server.s3.put_object(Bucket=server.source_bucket, Key="static/files/film.mp4", Body=b"a" * PART + b"b")
    return server


def copy(aws: AwsServer, etag: str | None = None) -> None:
    """Copy the upload, as it is or with this ETag."""
    origin = S3Store(aws.s3, aws.source_bucket)
    seen = origin.head("static/files/film.mp4")
    assert seen is not None
    S3Store(aws.s3, aws.site_bucket).copy(origin, replace(seen, etag=etag or seen.etag), FILM)


def test_a_large_upload_is_copied_in_parts(aws: AwsServer) -> None:
    """It has the bytes, the headers of what is uploaded, and says what it is a copy of, since it has an ETag of its own."""
    copy(aws)
    found = aws.s3.get_object(Bucket=aws.site_bucket, Key=FILM.key)
    seen = S3Store(aws.s3, aws.source_bucket).head("static/files/film.mp4")
    assert seen is not None
    assert (found["Body"].read(), found["ETag"].endswith('-2"')) == (b"a" * PART + b"b", True)
    assert (found["ContentType"], found["CacheControl"], found["Metadata"]) == ("video/mp4", UPLOADED, {"copied-from": seen.etag})


def test_one_that_changed_meanwhile_is_stale(aws: AwsServer) -> None:
    """What is copied is what was seen, or nothing; and no parts are left."""
    with pytest.raises(Stale):
        copy(aws, '"another"')
    assert "Uploads" not in aws.s3.list_multipart_uploads(Bucket=aws.site_bucket)
    assert S3Store(aws.s3, aws.site_bucket).head(FILM.key) is None


def test_parts_that_may_not_be_written_are_a_missing_permission(aws: AwsServer) -> None:
    """S3 is told to forget the parts that it has, and the fault is as with any other request."""
    asked: list[str] = []
    denied = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}

    def answer(model: Any, **_: Any) -> Any:
        asked.append(model.name)
        return (SimpleNamespace(status_code=403), denied) if model.name == "UploadPartCopy" else None

    aws.s3.meta.events.register("before-call.s3", answer)
    with pytest.raises(GiveUp, match="copy"):
        copy(aws)
    assert "AbortMultipartUpload" in asked
    assert "Uploads" not in aws.s3.list_multipart_uploads(Bucket=aws.site_bucket)
