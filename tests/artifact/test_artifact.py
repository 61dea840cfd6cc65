"""What `sam build` makes, under Lambda's runtime client, called as an event source mapping calls it."""

import fcntl
import json
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Timer

import pytest
from scenarios.conftest import ROOT, TEMPLATES, built, contents, differing, example_files, project
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact, content_type
from tilepress.dev.aws_server import AwsServer

from .runtime import IMAGES, PUBLISHER, Environment, EventSourceMapping, faulty

TOOLS = Path(sys.prefix) / "tools"
SAM, RUNTIME = TOOLS / "sam/bin/sam", TOOLS / "runtime/bin/python"
PROCESSORS = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
VISIBILITY_SECONDS = 2
ARTIFACT_BYTES_MAX = 25_000_000

pytestmark = pytest.mark.skipif(not (SAM.exists() and RUNTIME.exists()), reason="needs SAM CLI and a Python 3.13 with Lambda's client: make runtime")


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `sam build` makes for this machine's processor; made once, however many processes run tests."""
    home = tmp_path_factory.getbasetemp() if "gw" not in tmp_path_factory.getbasetemp().name else tmp_path_factory.getbasetemp().parent
    folder = home / "artifact"
    with (home / "artifact.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            command = [str(SAM), "build", "--template-file", "infra/template.yaml", "--build-dir", str(folder)]
            processor = ["--parameter-overrides", f"Architecture={PROCESSORS[platform.machine()]}"]
            environ = {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-central-1", "HOME": str(home)}
            path = f"{RUNTIME.resolve().parent}:/usr/bin:/bin"  # SAM installs by pip, which the one that this was made from has
            subprocess.run([*command, *processor], cwd=ROOT, env=environ | {"PATH": path}, check=True)
            subprocess.run([sys.executable, "infra/byte_code.py", str(RUNTIME), str(folder)], cwd=ROOT, check=True)
    return folder / "Publisher"


@pytest.fixture
def aws(make_aws: Callable[[], AwsServer]) -> AwsServer:
    """Empty buckets, and a queue that hands a message out again after some seconds."""
    server = make_aws()
    server.sqs.set_queue_attributes(QueueUrl=server.queue_url, Attributes={"VisibilityTimeout": str(VISIBILITY_SECONDS), "RedrivePolicy": ""})
    return server


@pytest.fixture
def make(aws: AwsServer, artifact: Path, tmp_path: Path) -> Callable[..., Environment]:
    """Makes environments of the artifact, for the publisher or another of its handlers."""
    number = count()
    environ = aws.environ() | {"TEMPLATES_DIR": str(TEMPLATES), "RETIRE_AFTER_SECONDS": "240"}
    return lambda handler=PUBLISHER: Environment(RUNTIME, artifact, environ, tmp_path / f"log-{next(number)}", handler)


def upload(aws: AwsServer, files: dict[str, bytes]) -> None:
    """Put files into the source bucket, one by one."""
    for key, body in files.items():
        aws.s3.put_object(Bucket=aws.source_bucket, Key=key, Body=body, ContentType=content_type(key))


def mend(source: EventSourceMapping, *events: Event) -> None:
    """Let everything go on, and take its time."""
    source.timeout_seconds = 300
    for event in events:
        event.set()


def drift(aws: AwsServer) -> list[str]:
    """Where the site differs from a clean build of its sources."""
    sources = MemoryStore()
    for key, body in contents(aws, aws.source_bucket).items():
        sources.put(Artifact(key, body, content_type(key)))
    return list(differing(contents(aws, aws.site_bucket), built(sources)))


def test_it_brings_what_lambda_does_not(artifact: Path) -> None:
    """Its libraries are in it; boto3, which Lambda has, is not, nor is anything of the local cloud's."""
    present = {path.name for path in artifact.iterdir()}
    assert present >= {"tilepress", "jinja2", "markdown", "nh3", "frontmatter", "yaml", "aws_lambda_powertools"}
    assert present & {"boto3", "botocore", "moto", "quickjs", "typer"} == set()


@pytest.mark.parametrize(("function", "handler"), [("Publisher", "handler"), ("Searcher", "search_handler")])
def test_nothing_is_compiled_at_a_cold_start(artifact: Path, function: str, handler: str) -> None:
    """Byte code of all that a handler imports comes with it. The images' function is for one processor only, which may not be this one."""
    say = f"import sys, tilepress.{handler}; print(*(m.__cached__ for m in sys.modules.values() if getattr(m, '__cached__', None)), sep='\\n')"
    folder = artifact.parent / function
    told = subprocess.run([str(RUNTIME), "-B", "-c", say], cwd=folder, env={}, check=True, capture_output=True, text=True).stdout
    byte_code = [path for path in map(Path, told.split("\n")) if path.is_relative_to(folder)]
    assert byte_code
    # What environments of other tests have compiled goes by the time of the file, which the header's flags say (PEP 552).
    assert not [path for path in byte_code if not path.exists() or path.read_bytes()[4] != 1]


def test_no_template_is_compiled_at_a_cold_start(artifact: Path) -> None:
    """Their byte code comes with the publisher as well."""
    say = (
        "import jinja2, pathlib, sys; jinja2.Environment.compile = None; from tilepress.adapters.templates import read_theme;"
        "print(len(read_theme(pathlib.Path(sys.argv[1])).compiled))"
    )
    told = subprocess.run([str(RUNTIME), "-B", "-c", say, str(TEMPLATES)], cwd=artifact, env={}, check=True, capture_output=True, text=True).stdout
    assert int(told) == len(list(TEMPLATES.rglob("*.html")))


def test_it_is_small(artifact: Path) -> None:
    """Unzipped, and without the boto3 that Lambda has, it stays below the limit that we set ourselves."""
    assert sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file()) < ARTIFACT_BYTES_MAX


def test_uploads_alone_publish_the_example(aws: AwsServer, make: Callable[..., Environment], tmp_path: Path) -> None:
    """The example, uploaded into an empty bucket and published by three environments side by side, is the example built.

    Its photos are developed by the images' own function, which tells the publisher of the pages that show them.
    """
    upload(aws, example_files())
    mapped = EventSourceMapping(aws, make, environments=3).drain()
    developed = EventSourceMapping(aws, partial(make, IMAGES), environments=1, queue_url=aws.images_queue_url).drain()
    again = EventSourceMapping(aws, make, environments=1).drain()
    assert [{kind for _, (kind, _) in one.answers} for one in (mapped, developed, again)] == [{"response"}] * 3
    assert drift(aws) == []
    logged = [json.loads(line) for path in tmp_path.glob("log-*") for line in path.read_text().splitlines() if line.startswith("{")]
    assert {"published"} <= {line.get("message") for line in logged}
    assert any("_aws" in line for line in logged)


def test_one_message_that_fails_holds_up_no_other(aws: AwsServer, make: Callable[[], Environment]) -> None:
    """The answer names the message that could not be done; the rest of its batch is live; it comes back, and is done."""
    files = {f"content/projekte/{name}.md": project(name).encode() for name in ("eins", "kaputt", "zwei")}
    with faulty(aws, "content/projekte/kaputt.md") as mended:
        upload(aws, files)
        source = EventSourceMapping(aws, make, environments=1)
        environment = make()
        batch = aws.receive()
        kind, said = environment.invoke({"Records": batch}, 120)
        environment.close()
        mended.set()
    failed = [one["itemIdentifier"] for one in said["batchItemFailures"]]
    assert (kind, len(batch) > 3, len(failed)) == ("response", True, 1)  # S3 has sent a test event, too
    assert {"projekte/eins/index.html", "projekte/zwei/index.html"} <= contents(aws, aws.site_bucket).keys()
    aws.acknowledge(record for record in batch if record["messageId"] not in failed)
    source.drain()
    assert drift(aws) == []


def test_an_environment_that_is_ended_leaves_nothing_undone(aws: AwsServer, make: Callable[[], Environment]) -> None:
    """A run that takes too long is killed in its midst; its messages come back, and another finishes them."""
    released = Event()
    with faulty(aws, "content/projekte/langsam.md", hold=released) as mended:
        upload(aws, {f"content/projekte/{name}.md": project(name).encode() for name in ("langsam", "schnell")})
        source = EventSourceMapping(aws, make, environments=1, timeout_seconds=8)
        timer = Timer(10, mend, (source, mended, released))
        timer.start()
        mapped = source.drain()
        timer.join()
    assert mapped.timeouts >= 1
    assert drift(aws) == []


def test_a_fault_of_the_surroundings_leaves_the_message(aws: AwsServer, artifact: Path, tmp_path: Path) -> None:
    """Without its bucket a run says so in the log, and its message does not count as done."""
    environ = aws.environ() | {"TEMPLATES_DIR": str(TEMPLATES), "SITE_BUCKET": "no-such-bucket"}
    environment = Environment(RUNTIME, artifact, environ, tmp_path / "log")
    upload(aws, {"content/projekte/a.md": project("A").encode()})
    batch = aws.receive()
    kind, said = environment.invoke({"Records": batch}, 60)
    environment.close()
    uploads = {record["messageId"] for record in batch if "ObjectCreated" in record["body"]}
    assert (kind, {one["itemIdentifier"] for one in said["batchItemFailures"]}) == ("response", uploads)
    assert "no-such-bucket" in (tmp_path / "log").read_text()
