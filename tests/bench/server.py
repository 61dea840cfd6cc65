"""S3 in a process of its own, so that what is timed or counted beside it is not its work."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """A local S3 while it lasts. The environment tells the handler of it, and is given."""
    with subprocess.Popen([sys.executable, "-m", __spec__.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdin
        told = dict(line.rstrip("\n").split("=", 1) for line in iter(server.stdout.readline, "\n"))
        os.environ.update(told | {"TEMPLATES_DIR": str(ROOT / "templates"), "POWERTOOLS_LOG_LEVEL": "ERROR", "RETIRE_AFTER_SECONDS": "0.01"})
        from tilepress import handler

        handler.wired.cache_clear()
        logging.getLogger("tilepress").handlers.clear()
        try:
            yield told
        finally:
            server.stdin.close()


def serve() -> None:
    """Be S3 until standard input ends, and say where."""
    from tilepress.dev.aws_server import AwsServer

    aws = AwsServer(prefix="bench-")
    aws.s3.put_bucket_notification_configuration(Bucket=aws.source_bucket, NotificationConfiguration={})  # handlers are called, no queue
    print(*(f"{name}={value}" for name, value in aws.environ().items()), sep="\n", end="\n\n", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve()
