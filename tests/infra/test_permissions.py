"""Each function's role allows what its code calls, and nothing that it does not.

A scenario with every kind of change runs through the real handler; each request that boto3 is about to send is turned into
the IAM actions and resources that AWS asks for, and held against the role's statements. Search looks in between, as it would.
"""

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import reduce
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import boto3
import pytest
from PIL import Image
from scenarios.conftest import CONTEXT, TEMPLATES, Stage, example_files, project
from tilepress import handler, search_handler
from tilepress.dev.aws_server import AwsServer
from tilepress.dev.stack import Stack

from .conftest import NAMES, ROOT, listed

Needed = tuple[str, str]
"""An action, and the resource that it is for."""

CALLED_BY_OTHERS = {
    "sqs:ReceiveMessage": "Lambda polls the queue as the function's role",
    "sqs:DeleteMessage": "as above",
    "sqs:GetQueueAttributes": "as above",
    "logs:CreateLogStream": "Lambda writes the log as the function's role",
    "logs:PutLogEvents": "as above",
    "s3:GetObjectTagging": "GetObject counts an object's tags only for those who may read them",
    "s3:AbortMultipartUpload": "asked for when a copy in parts fails half-way (tests/adapters/test_large_copies.py)",
    "iam:PassRole": "asked for by CreateSchedule, which hands the scheduler its role; no call of its own",
}


def needed(service: str, operation: str, params: dict[str, Any]) -> list[Needed]:
    """What AWS asks for before it carries out a request (service authorization reference, S3 and CloudFront)."""
    if service == "s3":
        bucket, key = f"arn:aws:s3:::{params['Bucket']}", params.get("Key", "")
        of_object = {
            "GetObject": ["s3:GetObjectVersion" if "VersionId" in params else "s3:GetObject"],
            "HeadObject": ["s3:GetObject"],
            "PutObject": ["s3:PutObject", *(["s3:PutObjectTagging"] if "Tagging" in params else [])],
            "CopyObject": ["s3:PutObject"],
            "CreateMultipartUpload": ["s3:PutObject"],
            "UploadPartCopy": ["s3:PutObject"],
            "CompleteMultipartUpload": ["s3:PutObject"],
            "DeleteObject": ["s3:DeleteObject"],
            "GetObjectTagging": ["s3:GetObjectVersionTagging" if "VersionId" in params else "s3:GetObjectTagging"],
            "PutObjectTagging": ["s3:PutObjectVersionTagging" if "VersionId" in params else "s3:PutObjectTagging"],
        }
        if operation == "ListObjectsV2":
            return [("s3:ListBucket", bucket)]
        found = [(action, f"{bucket}/{key}") for action in of_object[operation]]
        if operation in {"CopyObject", "UploadPartCopy"}:
            found.append(("s3:GetObject", f"arn:aws:s3:::{unquote(params['CopySource'])}"))
        return found
    if service == "cloudfront":
        return [("cloudfront:" + operation, f"arn:aws:cloudfront::123456789012:distribution/{params['DistributionId']}")]
    if service == "scheduler":
        return [("scheduler:" + operation, f"arn:aws:scheduler:eu-central-1:123456789012:schedule/{params['GroupName']}/{params['Name']}")]
    if service == "stepfunctions":
        return [("states:" + operation, params["stateMachineArn"])]
    if service == "sqs":
        queue = "SearchQueue.Arn" if params["QueueUrl"].endswith("-search") else "RebuildQueue.Arn"
        return [("sqs:" + operation.removesuffix("Batch"), NAMES[queue])]
    raise AssertionError(f"{service} {operation}: say what AWS asks for")


@pytest.fixture(scope="module")
def recorded() -> Iterator[dict[str, set[Needed]]]:
    """What each function asked for in a scenario with every kind of change."""
    found: dict[str, set[Needed]] = {"Publisher": set(), "Searcher": set()}
    at_work = ["Publisher"]
    patch = pytest.MonkeyPatch()
    make: Callable[..., Any] = boto3.client

    def client(service: str, *args: Any, **kwargs: Any) -> Any:
        made = make(service, *args, **kwargs)
        made.meta.events.register("before-parameter-build", lambda params, model, **_: found[at_work[0]].update(needed(service, model.name, params)))
        if service not in {"s3", "sqs", "scheduler"}:  # what our server has not: answered here
            made.meta.events.register("before-call", lambda **_: (SimpleNamespace(status_code=201), {"ResponseMetadata": {}}))
        return made

    aws = AwsServer(prefix="permissions-")
    told = {"TEMPLATES_DIR": str(TEMPLATES), "RETIRE_AFTER_SECONDS": "0", "DISTRIBUTION_ID": "E1"}
    for name, value in (aws.environ() | told).items():
        patch.setenv(name, value)
    patch.setattr(boto3, "client", client)
    search_handler.wired.cache_clear()  # another test in this process may have had a server of its own
    stage = Stage(aws)
    found["Publisher"].clear()

    def search() -> None:
        records = aws.receive(queue_url=aws.search_queue_url)
        assert records
        at_work[0] = "Searcher"
        assert search_handler.lambda_handler({"Records": records}, CONTEXT) == {"batchItemFailures": []}
        at_work[0] = "Publisher"

    patch.setattr("tilepress.resync.ALONE_KEYS_MAX", 1)
    everything(stage)
    patch.setattr("tilepress.adapters.s3._AT_ONCE_MAX", 0)
    patch.setattr("tilepress.adapters.s3._PART_BYTES", 1)
    stage.publish({"static/files/film.mp4": "large"})
    patch.setenv("STATE_MACHINE_ARN", "arn:aws:states:eu-central-1:123456789012:stateMachine:tilepress-rebuild")
    patch.setenv("STATE_MACHINE_ABOVE", "1")
    handler.wired.cache_clear()
    stage.publish({"site.yaml": "title: Sehr groß"})
    search()
    stage.publish({"content/projekte/ratsblick.md": project("Neu", body="[x](/nichts/)")})
    search()
    stage.publish({"content/projekte/ratsblick.md": project("Neu")})
    search()
    names = {
        f":::{aws.source_bucket}": ":::source",
        f":::{aws.site_bucket}": ":::site",
        f"schedule/{aws.environ()['SCHEDULE_GROUP']}/": "schedule/tilepress/",
    }
    yield {
        function: {(action, reduce(lambda arn, name: arn.replace(name, names[name]), names, resource)) for action, resource in one}
        for function, one in found.items()
    }
    handler.wired.cache_clear()
    search_handler.wired.cache_clear()
    patch.undo()
    aws.close()


def everything(stage: Stage) -> None:
    """Uploads, tags of others, a mistake and its correction, dates, a slug that changes, deletions, and a resync."""
    stage.publish(example_files())
    tagged = {"Bucket": stage.aws.source_bucket, "Key": "content/projekte/tagged.md", "Tagging": "owner=ada"}
    stage.aws.s3.put_object(**tagged, Body=project("Tagged").encode())
    stage.deliver()
    stage.publish({"content/projekte/a.md": project("A", slug="b"), "static/files/a.svg": "<svg/>"})
    stage.publish({"content/projekte/a.md": "---\ntitle: a: b\n---\n"})
    stage.publish({"content/projekte/a.md": project("A", slug="c")})
    stage.publish({"content/projekte/later.md": project("Later", publishDate="2999-01-01", expiryDate="2999-02-01")})
    stage.publish({"content/projekte/later.md": project("Later", publishDate="2999-01-02", expiryDate="2999-02-01")})
    for key in ("content/projekte/a.md", "content/projekte/later.md", "static/files/a.svg"):
        stage.remove(key)
        stage.deliver()
    stage.publish({"theme/404.html": "{{ page.title }}", "site.yaml": "title: Neu\ntheme: {files: [404.html]}"})


@pytest.fixture(scope="module", params=["Publisher", "Searcher"])
def function(request: pytest.FixtureRequest) -> str:
    """A function of the stack."""
    return str(request.param)


@pytest.fixture(scope="module")
def asked(recorded: dict[str, set[Needed]], function: str) -> set[Needed]:
    """What a function asked for."""
    return recorded[function]


@pytest.fixture(scope="module")
def asked_for_images() -> Iterator[set[Needed]]:
    """What the function for photos asks for when one comes, is replaced, and goes."""
    found: set[Needed] = set()
    patch = pytest.MonkeyPatch()
    make: Callable[..., Any] = boto3.client
    aws = AwsServer(prefix="images-")
    for name, value in (aws.environ() | {"TEMPLATES_DIR": str(TEMPLATES), "RETIRE_AFTER_SECONDS": "0", "DISTRIBUTION_ID": "E1"}).items():
        patch.setenv(name, value)
    asking = [False]

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if asking[0]:
            found.update(needed(model.service_model.service_name, model.name, params))

    def client(service: str, *args: Any, **kwargs: Any) -> Any:
        made = make(service, *args, **kwargs)
        made.meta.events.register("before-parameter-build", note)
        if service == "cloudfront":
            made.meta.events.register("before-call", lambda **_: (SimpleNamespace(status_code=201), {"ResponseMetadata": {}}))
        return made

    patch.setattr(boto3, "client", client)
    stage = Stage(aws)
    develop = stage.develop

    def asked() -> bool:
        asking[0] = True
        done = develop()
        asking[0] = False
        return done

    patch.setattr(stage, "develop", asked)
    photo, page = "static/files/a.png", {"content/projekte/a.md": project("A", img="a.png")}
    for colour in ("red", "blue"):
        stage.publish(page | {photo: png(colour)})
    stage.remove(photo)
    stage.deliver()
    names = {f":::{aws.source_bucket}": ":::source", f":::{aws.site_bucket}": ":::site", NAMES["RebuildQueue.Arn"]: NAMES["Queue.Arn"]}
    yield {(action, reduce(lambda arn, name: arn.replace(name, names[name]), names, resource)) for action, resource in found}
    handler.wired.cache_clear()
    patch.undo()
    aws.close()


def png(colour: str) -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (16, 16), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def statements(stack: Stack, function: str) -> list[dict[str, Any]]:
    """What a function's role allows."""
    return statements_of(stack, f"{function}Role")


def statements_of(stack: Stack, role: str) -> list[dict[str, Any]]:
    """What a role allows."""
    (policy,) = stack.properties(role)["Policies"]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def test_the_function_for_photos_may_do_just_what_it_does(asked_for_images: set[Needed], stack: Stack) -> None:
    """It reads uploads, and writes variants and the image ledgers: nothing else of the site, and no source."""
    allowed = statements_of(stack, "ImagesRole")
    assert [one for one in sorted(asked_for_images) if not any(allows(statement, one) for statement in allowed)] == []
    unused = [
        (statement["Sid"], action)
        for statement in allowed
        for action in listed(statement["Action"])
        if action not in CALLED_BY_OTHERS and not any(one[0] == action and allows(statement, one) for one in asked_for_images)
    ]
    assert unused == [("FindFiles", "s3:ListBucket")]  # what makes a missing file answer 404: nobody lists


def allows(statement: dict[str, Any], one: Needed) -> bool:
    """Whether a statement allows an action on a resource."""
    return one[0] in listed(statement["Action"]) and any(fnmatchcase(one[1], pattern) for pattern in listed(statement["Resource"]))


def test_all_that_is_called_is_allowed(asked: set[Needed], statements: list[dict[str, Any]]) -> None:
    """Each request of the scenario passes the role."""
    assert [one for one in sorted(asked) if not any(allows(statement, one) for statement in statements)] == []


def test_all_that_is_allowed_is_called(asked: set[Needed], statements: list[dict[str, Any]]) -> None:
    """Each action of each statement was needed, or others than the code use it as the function's role."""
    unused = [
        (statement["Sid"], action)
        for statement in statements
        for action in listed(statement["Action"])
        if action not in CALLED_BY_OTHERS and not any(one[0] == action and allows(statement, one) for one in asked)
    ]
    assert unused == []


def test_exceptions_are_needed(asked: set[Needed], statements: list[dict[str, Any]], function: str) -> None:
    """What is said to be used by others is allowed, and not used by the code."""
    granted = {action for statement in statements for action in listed(statement["Action"])}
    assert function != "Publisher" or granted >= CALLED_BY_OTHERS.keys()
    assert {action for action, _ in asked} & CALLED_BY_OTHERS.keys() == set()


def test_the_lambda_side_calls_no_other_service() -> None:
    """Every client that is made has been in the scenario: another one shows here first."""
    folder = ROOT / "functions/tilepress"
    files = [path for path in folder.rglob("*.py") if not path.is_relative_to(folder / "dev")]
    assert services(files) <= {"s3", "cloudfront", "scheduler", "sqs", "stepfunctions"}


def services(files: list[Path]) -> set[str]:
    """The services that files make clients of."""
    return {name for path in files for name in re.findall(r'\bclient\("([a-z0-9-]+)"', path.read_text())}
