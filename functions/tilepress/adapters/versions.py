"""The former versions of an S3 bucket's objects: listed, and put on top again. Only the command line asks for them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.adapters.s3 import S3Store, fault
from tilepress.history import Version
from tilepress.status import TAG_PREFIX

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class Versions:
    """The versions of one bucket."""

    def __init__(self, store: S3Store) -> None:
        self._client: S3Client = store.client
        self._bucket = store.bucket

    def list(self, prefix: str = "") -> Iterator[Version]:
        """Every version below a prefix, by key, newest first, without states. Raises TryAgain or GiveUp."""
        try:
            for page in self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix):
                stored = [_version(one, deleted=False) for one in page.get("Versions", ())]
                deleted = [_version(one, deleted=True) for one in page.get("DeleteMarkers", ())]
                # A page holds them apart, each list in order. In the same second a deletion is the later, unless something stands there.
                yield from sorted([*stored, *deleted], key=lambda one: (one.key, not one.current, -one.at, not one.deleted))
        except (ClientError, BotoCoreError) as error:
            raise fault(error, f"list the versions of {self._bucket}/{prefix}") from error

    def with_state(self, one: Version) -> Version:
        """The version with what its tags say became of it; "" where there are none of ours."""
        if one.deleted:
            return one
        try:
            tags = self._client.get_object_tagging(Bucket=self._bucket, Key=one.key, VersionId=one.version_id)["TagSet"]
        except (ClientError, BotoCoreError) as error:
            raise fault(error, f"get the tags of {self._bucket}/{one.key}") from error
        return replace(one, state=next((tag["Value"] for tag in tags if tag["Key"] == f"{TAG_PREFIX}state"), ""))

    def restore(self, one: Version) -> None:
        """Put a version on top: as a new one, without its tags, which told of the old."""
        origin: Any = {"Bucket": self._bucket, "Key": one.key, "VersionId": one.version_id}
        try:
            self._client.copy_object(Bucket=self._bucket, Key=one.key, CopySource=origin, TaggingDirective="REPLACE")
        except (ClientError, BotoCoreError) as error:
            raise fault(error, f"restore {self._bucket}/{one.key} of {one.version_id}") from error


def _version(one: Any, *, deleted: bool) -> Version:
    return Version(
        key=one["Key"],
        version_id=one["VersionId"],
        at=one["LastModified"].timestamp(),
        current=one["IsLatest"],
        deleted=deleted,
        etag=one.get("ETag", ""),
        size=one.get("Size", 0),
    )
