"""`tilepress dev`: the local cloud as people use it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from tilepress.dev.aws_server import AwsServer

from .conftest import EXAMPLE, TEMPLATES, project

WAIT_SECONDS = 60


class Running:
    """A `tilepress dev`, started beside its folder as the README does, and what it has printed so far."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self._log = log
        command = [sys.executable, "-m", "tilepress.cli", "dev", folder.name, "--port", "0", "--templates", str(TEMPLATES)]
        with log.open("w") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder.parent, env=os.environ | {"NO_COLOR": "1"})
        self.url = self.until(lambda: re.search(r"Site +(http://\S+)", self.said())).group(1)
        self.s3 = self.until(lambda: re.search(r"S3 +(http://[^,\s]+)", self.said())).group(1)

    def said(self) -> str:
        """What it has printed."""
        return self._log.read_text()

    def page(self, path: str) -> str:
        """What the site shows at this path; "" where nothing is."""
        try:
            return str(urlopen(self.url + path).read().decode())
        except HTTPError:
            return ""

    def until(self, found: Callable[[], re.Match[str] | None]) -> re.Match[str]:
        """Wait for something to be found."""
        for _ in range(WAIT_SECONDS * 20):
            if match := found():
                return match
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError(self.said())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The example site, running."""
    folder = tmp_path_factory.mktemp("dev")
    shutil.copytree(EXAMPLE, folder / "example")
    started = Running(folder / "example", folder / "log")
    yield started
    started.process.kill()
    started.process.wait()


def test_the_site_is_there(running: Running) -> None:
    """The overview shows the example's projects."""
    assert "Ratsblick" in running.page("projekte/")


def test_an_edited_file_goes_live(running: Running) -> None:
    """A saved file is on the site without anything else being done."""
    page = running.folder / "content/projekte/ratsblick.md"
    page.write_text(page.read_text() + "\nSoeben ergänzt.\n")
    running.until(lambda: re.search("Soeben ergänzt", running.page("projekte/ratsblick/")))


def test_a_dead_link_is_told(running: Running) -> None:
    """What only the whole site shows is told in the terminal as well, with the line of the file, and once."""
    page = running.folder / "content/projekte/ratsblick.md"
    page.write_text(page.read_text() + "\nMehr bei [uns](/niemand/).\n")
    running.until(lambda: re.search(r"ratsblick\.md:\d+:1: .*/niemand/", running.said()))
    page.write_text(page.read_text() + "\nUnd noch etwas.\n")
    running.until(lambda: re.search("noch etwas", running.page("projekte/ratsblick/")))
    assert running.said().count("/niemand/") == 1


def test_a_deleted_file_goes(running: Running) -> None:
    """A removed file is off the site, though the source bucket keeps its versions."""
    (running.folder / "content/projekte/radspur.md").unlink()
    running.until(lambda: re.search("^$", running.page("projekte/radspur/")))


def test_an_upload_by_any_s3_client_goes_live(running: Running) -> None:
    """A file put to the printed endpoint is published by its event."""
    import boto3

    client = boto3.client("s3", endpoint_url=running.s3, aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1")
    client.put_object(Bucket="source", Key="content/projekte/hochgeladen.md", Body=project("Hochgeladen").encode())
    running.until(lambda: re.search("Hochgeladen", running.page("projekte/hochgeladen/")))


def test_a_problem_is_printed(running: Running) -> None:
    """A mistake in a saved file is told at once, with its place."""
    (running.folder / "content/projekte/fehler.md").write_text("---\ntitle: a: b\n---\n")
    running.until(lambda: re.search(r"content/projekte/fehler\.md:2:\d+: error yaml", running.said()))


@pytest.mark.parametrize(("path", "words"), [("nirgends/", "Hier ist nichts"), ("en/nowhere/", "Nothing here")])
def test_what_is_not_there_is_told_in_the_readers_language(running: Running, path: str, words: str) -> None:
    """A missing address answers 404 with a page that speaks every language of the site."""
    with pytest.raises(HTTPError) as missing:
        urlopen(running.url + path)
    with missing.value as answer:
        assert (answer.code, words in answer.read().decode()) == (404, True)


def test_a_former_address_is_a_real_redirect(running: Running) -> None:
    """An alias answers 301 by the CDN's own function; the page that leads on is its body."""

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """Do not follow."""

    with pytest.raises(HTTPError) as moved:
        build_opener(Stay).open(running.url + "projekte/offener-rat/")
    with moved.value as answer:
        assert (answer.code, answer.headers["Location"], "http-equiv" in answer.read().decode()) == (301, "/projekte/ratsblick/", True)


def test_the_ledgers_are_not_shown(running: Running) -> None:
    """What stands below .tilepress/ is for nobody's eyes."""
    assert running.page(".tilepress/root.json") == ""


def test_an_address_without_its_slash_leads_on(running: Running) -> None:
    """/projekte answers as /projekte/ does."""
    assert "Ratsblick" in running.page("projekte")


def test_pages_come_with_security_headers(running: Running) -> None:
    """The content security policy is active here too, so that a theme that breaks it is seen at once."""
    with urlopen(Request(running.url, method="HEAD")) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    """An interrupt ends it with exit 0 and without a traceback."""
    (tmp_path / "source/content").mkdir(parents=True)
    (tmp_path / "source/content/a.md").write_text(project("A"))
    started = Running(tmp_path / "source", tmp_path / "log")
    started.process.send_signal(signal.SIGINT)
    assert (started.process.wait(WAIT_SECONDS), "Traceback" in started.said()) == (0, False)


@pytest.mark.parametrize("header", [{"Origin": "https://x.example"}, {"Host": "x.example:80"}], ids=["origin", "host"])
def test_a_website_reads_no_drafts(make_aws: Callable[[], AwsServer], header: dict[str, str]) -> None:
    """What a browser asks for on behalf of a page, or by a name that leads here, is refused."""
    aws = make_aws()
    aws.s3.put_object(Bucket=aws.source_bucket, Key="content/geheim.md", Body=b"x")
    address = f"{aws.endpoint_url}/{aws.source_bucket}/content/geheim.md?X-Amz-Signature=x"
    assert urlopen(Request(address)).status == 200
    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(address, headers=header))
