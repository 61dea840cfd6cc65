"""What the command line is given (a folder, or `s3://bucket`) → a store, and two of them → a `Cloud`."""

import time
from pathlib import Path

import boto3
from botocore.config import Config

from tilepress.adapters.aws import CONNECTIONS_MAX, pause
from tilepress.adapters.cloudfront import CloudFront, NoCdn
from tilepress.adapters.deadline import deadline
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.fans import Threads
from tilepress.adapters.folders import encoder
from tilepress.adapters.s3 import S3Store
from tilepress.adapters.sqs import SqsOutbox
from tilepress.errors import GiveUp
from tilepress.ports import Cloud, Store

SCHEME = "s3://"


def store_of(place: str) -> Store:
    """The store at a place. Raises GiveUp for what is neither a folder nor a bucket."""
    if place.startswith(SCHEME):
        return bucket_of(place)
    if not Path(place).is_dir():
        raise GiveUp(f"there is no folder {place}")
    return DirectoryStore(Path(place))


def bucket_of(place: str) -> S3Store:
    """The bucket of this name. Raises GiveUp for a folder, which has neither history nor signed addresses, and for what is no bucket's name."""
    bucket, _, rest = place.removeprefix(SCHEME).rstrip("/").partition("/")
    if not place.startswith(SCHEME):
        raise GiveUp(f"{place} is a folder, which has neither former versions nor signed addresses: name a bucket, s3://BUCKET")
    if not bucket or rest:
        raise GiveUp(f"{place} is not a bucket: write s3://BUCKET")
    config = Config(
        max_pool_connections=CONNECTIONS_MAX,
        retries={"mode": "standard"},
        signature_version="s3v4",
        s3={"addressing_style": "virtual"},  # addresses are signed for the bucket's region: new regions and buckets answer at no other host
    )
    return S3Store(boto3.client("s3", config=config), bucket)


def cloud_of(source: str, site: str, *, distribution_id: str, retire_after: float, queue_url: str = "") -> Cloud:
    """The cloud between two places. Raises GiveUp when they are one.

    A queue counts only between two buckets: who works it off sees no folder.
    """
    if source.rstrip("/") == site.rstrip("/"):
        raise GiveUp("the source and the site are the same place")
    cdn = CloudFront(boto3.client("cloudfront"), distribution_id, time.time, pause) if distribution_id else NoCdn()
    return Cloud(
        source=store_of(source),
        site=store_of(site),
        cdn=cdn,
        fan=Threads(CONNECTIONS_MAX),
        now=time.time,
        pause=pause,
        guard=deadline,
        retire_after=retire_after,
        tells_authors=source.startswith(SCHEME),
        queue=SqsOutbox(lambda: boto3.client("sqs"), queue_url, pause) if queue_url and {source[:5], site[:5]} == {SCHEME} else None,
        encoder=encoder(),
    )
