"""The stack as infra/template.yaml says it, with the names that CloudFormation would give."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from tilepress.dev.stack import Stack, read_stack

ROOT = Path(__file__).parents[2]
NAMES = {
    "AWS::Partition": "aws",
    "AWS::AccountId": "123456789012",
    "AWS::Region": "eu-central-1",
    "AWS::StackName": "tilepress",
    "Distribution": "E1",
    "ScheduleGroup": "tilepress",
    "SourceBucket": "source",
    "SiteBucket": "site",
    "SourceBucket.Arn": "arn:aws:s3:::source",
    "SiteBucket.Arn": "arn:aws:s3:::site",
    "Publisher.Arn": "arn:aws:lambda:eu-central-1:123456789012:function:tilepress-publisher",
    "Queue.Arn": "arn:aws:sqs:eu-central-1:123456789012:queue",
    "RebuildQueue": "https://sqs.eu-central-1.amazonaws.com/123456789012/rebuild",
    "RebuildQueue.Arn": "arn:aws:sqs:eu-central-1:123456789012:rebuild",
    "ImagesQueue": "https://sqs.eu-central-1.amazonaws.com/123456789012/images",
    "ImagesQueue.Arn": "arn:aws:sqs:eu-central-1:123456789012:images",
    "ImagesLog.Arn": "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/tilepress-images:*",
    "SearchQueue": "https://sqs.eu-central-1.amazonaws.com/123456789012/search",
    "SearchQueue.Arn": "arn:aws:sqs:eu-central-1:123456789012:search",
    "SearcherLog.Arn": "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/tilepress-search:*",
    "PublisherLog.Arn": "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/tilepress-publisher:*",
    "SchedulerRole.Arn": "arn:aws:iam::123456789012:role/scheduler",
}


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The stack."""
    return read_stack(given=NAMES)


def script(name: str) -> Any:
    """A script of the Makefile's, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"infra/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def listed(value: Any) -> list[Any]:
    """A value of a policy, which may be one or several."""
    return value if isinstance(value, list) else [value]
