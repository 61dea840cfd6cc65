"""What may not be told, or looked up, for want of a permission: pages are published all the same, and nothing is looked at for ever."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from builders import memory_cloud, page_text
from races import LOOK, SETTINGS, A, B, write
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact, Observed
from tilepress.errors import GiveUp
from tilepress.events import Message, messages
from tilepress.pages import SourceFile
from tilepress.publisher import publish
from tilepress.reports import REPORTS
from tilepress.resync import resync


class Unreadable(MemoryStore):
    """A source bucket in which a permission is missing."""

    def __init__(self, missing: str) -> None:
        super().__init__()
        self._missing = missing

    def tags(self, key: str) -> dict[str, str]:
        """See `tilepress.ports.Store`."""
        if self._missing == "tags":
            raise GiveUp("tags are not permitted")
        return super().tags(key)

    def head(self, key: str) -> Observed | None:
        """See `tilepress.ports.Store`, here without the number of tags."""
        if self._missing == "reports" and key.startswith(REPORTS):
            raise GiveUp("reports are not permitted")
        found = self.get(key)
        return Observed(key, found.etag, len(found.body)) if found else None


class Unreportable(MemoryStore):
    """A source bucket in which no report may be written, and no theme's file tagged."""

    def put(self, artifact: Artifact) -> str:
        """See `tilepress.ports.Store`."""
        if artifact.key.startswith(REPORTS):
            raise GiveUp("reports are not permitted")
        return super().put(artifact)

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
        """See `tilepress.ports.Store`."""
        if file.key.startswith("theme/"):
            raise GiveUp("tags of a theme are not permitted")
        return super().tag(file, tags)


def test_without_permission_to_report_pages_are_published_and_nothing_is_looked_at_for_ever() -> None:
    """What is missing then is no sign that a run has died."""
    queue = MemoryOutbox()
    cloud = replace(memory_cloud(queue=queue), source=Unreportable())
    for key, text in ((A, page_text()), (B, page_text(img="a.svg"))):
        write(cloud, key, text)
        outcome = publish([Message("1", frozenset({key}), unsure=True)], cloud, LOOK)
        assert outcome.failed == ()
    queue.sent = [{"keys": [A], "again": True}]
    for _ in range(3):
        if queue.sent:
            assert publish(messages(queue.sent.pop(0)), cloud, LOOK).failed == ()
    assert queue.sent == []


def test_a_file_that_may_not_be_tagged_keeps_no_other_from_it() -> None:
    """Each is asked for by itself."""
    cloud = replace(memory_cloud(), source=Unreportable())
    for key, text in (("site.yaml", SETTINGS + "theme: {files: [404.html]}\n"), ("theme/404.html", "{{ page.title }}"), (A, page_text())):
        write(cloud, key, text)
    report = resync(cloud, LOOK)
    assert cloud.source.tags(A)["tilepress-state"] == "published"
    assert report.faults == ("authors are not told: tags of a theme are not permitted",)


@pytest.mark.parametrize("missing", ["tags", "reports"])
def test_without_permission_to_see_what_authors_know_pages_are_published(missing: str) -> None:
    """Where a run may have died over what it was telling, that is looked for; but nothing depends on it."""
    source = Unreadable(missing)
    cloud = replace(memory_cloud(), source=source)
    write(cloud, A, page_text(slug="x"))
    write(cloud, B, page_text(slug="x", img="a.svg"))
    outcome = publish([Message("1", frozenset({A, B}), unsure=True)], cloud, LOOK)
    assert outcome.failed == ()
    assert cloud.site.get("projekte/x/index.html")
    assert outcome.report.faults == (f"authors are not told: {missing} are not permitted",)
