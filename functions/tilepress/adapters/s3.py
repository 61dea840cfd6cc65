"""Amazon S3, and what speaks its protocol, as a store.

Conditional writes carry the guarantees: `IfMatch` and `IfNoneMatch` answer 412 when something else is there, 409 while
another write is going on, and `IfMatch` 404 when nothing is. A key that may not be seen answers 403, and so does a missing
one where ListBucket is not allowed: 403 is an error here, never an absence.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.artifacts import Artifact, Copy, Observed
from tilepress.errors import GiveUp, Stale, TilepressError, TryAgain
from tilepress.pages import SourceFile
from tilepress.ports import Store
from tilepress.status import tags_beside

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_Answer = TypeVar("_Answer")

_ABSENT = 404
_DELETED = 405
"""What asking for the tags of a deleted key is answered with, where there are versions: its newest is a marker, which has none."""
_LOST = {409, 412}
_REFUSED = {400, 403}
_PASSING = {"RequestTimeout", "IncompleteBody", "BadDigest", "ExpiredToken", "400"}
"""Codes of refusals that pass; "400" is that of any to a HEAD request, whose answer says no more."""
_AT_ONCE_MAX = 256 * 1024**2
"""Up to so many bytes are copied with one request: S3 takes 5 GiB at most, and should answer while we still listen."""
_PART_BYTES = 128 * 1024**2
_TERMINAL = {"AccessDenied", "NoSuchBucket", "InvalidBucketName", "AllAccessDisabled", "InvalidAccessKeyId", "SignatureDoesNotMatch"}


class S3Store:
    """One bucket. Throttling and broken connections are tried again by botocore first, as the client is set up."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self.client = client
        self.bucket = bucket

    def get(self, key: str, version_id: str | None = None) -> SourceFile | None:
        """See `tilepress.ports.Store`."""
        version: Any = {"VersionId": version_id} if version_id else {}

        def read() -> SourceFile:
            answer = self.client.get_object(Bucket=self.bucket, Key=key, **version)
            return SourceFile(key, answer["Body"].read(), answer["ETag"], answer.get("VersionId"), answer.get("TagCount", 0))

        return self._or_none(read, key)

    def head(self, key: str) -> Observed | None:
        """See `tilepress.ports.Store`."""

        def look() -> Observed:
            answer = self.client.head_object(Bucket=self.bucket, Key=key)
            return Observed(
                key,
                answer["ETag"],
                answer["ContentLength"],
                answer.get("ContentType", ""),
                answer.get("CacheControl", ""),
                answer["Metadata"].get("copied-from"),
                answer["Metadata"].get("location", ""),
                answer.get("VersionId"),
                answer.get("TagCount", 0),
            )

        return self._or_none(look, key)

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """See `tilepress.ports.Store`."""
        try:
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield Observed(found["Key"], found["ETag"], found["Size"])
        except (ClientError, BotoCoreError) as error:
            raise fault(error, f"list {self.bucket}/{prefix}") from error

    def put(self, artifact: Artifact) -> str:
        """See `tilepress.ports.Store`."""
        return self._put(artifact, {})

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """See `tilepress.ports.Store`."""
        return self._put(artifact, {"IfMatch": etag} if etag else {"IfNoneMatch": "*"})

    def copy(self, origin: Store, seen: Observed, copy: Copy) -> None:
        """See `tilepress.ports.Store`. Between buckets S3 copies by itself: nothing passes through here."""
        if not isinstance(origin, S3Store):
            found = origin.get(seen.key)
            if found is None or found.etag != seen.etag:
                raise Stale(seen.key)
            self._put(Artifact(copy.key, found.body, copy.content_type, copy.cache_control), {"Metadata": {"copied-from": seen.etag}})
            return
        wanted: Any = {
            "CopySourceIfMatch": seen.etag,
            "ContentType": copy.content_type,
            "CacheControl": copy.cache_control,
            "Metadata": {"copied-from": seen.etag},
            "MetadataDirective": "REPLACE",
            "TaggingDirective": "REPLACE",
        }
        source: Any = {"Bucket": origin.bucket, "Key": seen.key}
        try:
            if seen.size_bytes <= _AT_ONCE_MAX:
                self.client.copy_object(Bucket=self.bucket, Key=copy.key, CopySource=source, **wanted)
            else:
                self._copy_in_parts(source, copy.key, wanted)
        except (ClientError, BotoCoreError) as error:
            raise fault(error, f"copy {origin.bucket}/{seen.key} to {self.bucket}/{copy.key}", lost=_LOST | {_ABSENT}) from error

    def delete(self, key: str) -> None:
        """See `tilepress.ports.Store`."""
        try:
            self.client.delete_object(Bucket=self.bucket, Key=key)
        except (ClientError, BotoCoreError) as error:
            raise fault(error, f"delete {self.bucket}/{key}") from error

    def signed_address(self, key: str, seconds: int) -> str:
        """An address at which anybody may read the object for so long, or until the credentials that signed it end."""
        return self.client.generate_presigned_url("get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds)

    def tags(self, key: str) -> Mapping[str, str]:
        """See `tilepress.ports.Store`."""
        found = self._or_none(lambda: self.client.get_object_tagging(Bucket=self.bucket, Key=key)["TagSet"], key, absent=_DELETED)
        return {tag["Key"]: tag["Value"] for tag in found or ()}

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
        """See `tilepress.ports.Store`. Tags are replaced as a whole, so those of others are read first, where there are any."""
        version: Any = {"VersionId": file.version_id} if file.version_id else {}

        def write() -> bool:
            there = self.client.get_object_tagging(Bucket=self.bucket, Key=file.key, **version)["TagSet"] if file.tag_count else []
            had = {tag["Key"]: tag["Value"] for tag in there}
            wanted = tags_beside(had, tags)
            if wanted != had:
                tagging: Any = {"TagSet": [{"Key": name, "Value": text} for name, text in wanted.items()]}
                self.client.put_object_tagging(Bucket=self.bucket, Key=file.key, Tagging=tagging, **version)
            return wanted != had

        return bool(self._or_none(write, file.key))

    def _copy_in_parts(self, source: Any, key: str, wanted: Any) -> None:
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 - a cold start need not wait for what hardly any site uploads

        in_parts = TransferConfig(multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES)
        self.client.copy(source, self.bucket, key, ExtraArgs=wanted, Config=in_parts)

    def _put(self, artifact: Artifact, conditions: dict[str, Any]) -> str:
        metadata: Any = {"Metadata": {"location": artifact.location}} if artifact.location else {}
        try:
            answer = self.client.put_object(
                Bucket=self.bucket,
                Key=artifact.key,
                Body=artifact.body,
                ContentType=artifact.content_type,
                CacheControl=artifact.cache_control,
                **metadata,
                **conditions,
            )
        except (ClientError, BotoCoreError) as error:
            lost = _LOST | {_ABSENT} if conditions.keys() & {"IfMatch", "IfNoneMatch"} else set()
            raise fault(error, f"put {self.bucket}/{artifact.key}", lost=lost) from error
        return answer["ETag"]

    def _or_none(self, read: Callable[[], _Answer], key: str, absent: int = _ABSENT) -> _Answer | None:
        try:
            return read()
        except ClientError as error:
            if _status(error) in {_ABSENT, absent} and _code(error) != "NoSuchBucket":
                return None
            raise fault(error, f"get {self.bucket}/{key}") from error
        except BotoCoreError as error:
            raise fault(error, f"get {self.bucket}/{key}") from error


def fault(error: ClientError | BotoCoreError, what: str, lost: set[int] | None = None) -> TilepressError:
    """What a failed request means for the caller: lost a race, try again, or give up."""
    said = f"{what}: {error}"
    if not isinstance(error, ClientError):
        return TryAgain(said)
    if _code(error) in _TERMINAL:
        return GiveUp(said)
    if lost and _status(error) in lost:
        return Stale(said)
    if _status(error) in _REFUSED and _code(error) not in _PASSING:
        return GiveUp(said)
    return TryAgain(said)


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
