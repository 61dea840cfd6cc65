"""Batches of messages: one run for all, one for each when that fails, and word to the authors of what fails."""

import json
from dataclasses import replace

import pytest
from builders import memory_cloud, page_text
from simulation.law import THEME
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.errors import GiveUp, TryAgain
from tilepress.events import Message
from tilepress.publisher import SUSPECT_AFTER, publish
from tilepress.reports import report_keys

FILES = {"content/p/a.md": page_text(), "content/q/b.md": page_text(), "site.yaml": "title: T\nmessages: en\n"}
MESSAGES = [Message("1", frozenset({"content/p/a.md"})), Message("2", frozenset({"content/q/b.md"}))]


class Failing(MemoryStore):
    """A site bucket in which nothing can be put below a prefix."""

    def __init__(self, prefix, error):
        super().__init__()
        self._prefix, self._error = prefix, error

    def put(self, artifact):
        if artifact.key.startswith(self._prefix):
            raise self._error
        return super().put(artifact)


def report(cloud, key):
    """What the report of a file says; None where there is none."""
    file = cloud.source.get(report_keys(key)[0])
    return json.loads(file.body) if file else None


@pytest.mark.parametrize(("error", "terminal"), [(TryAgain("slow down"), False), (GiveUp("not permitted"), True), (KeyError("ours"), True)])
def test_one_that_fails_harms_no_other(error, terminal):
    """Of a batch that cannot be done, what can be done is done; only the rest is handed back."""
    cloud = memory_cloud(FILES, site=Failing("q/", error))
    outcome = publish(MESSAGES, cloud, THEME)
    assert [(failure.message.message_id, failure.terminal) for failure in outcome.failed] == [("2", terminal)]
    assert cloud.site.get("p/a/index.html")
    assert cloud.source.tags("content/p/a.md")["tilepress-state"] == "published"


def test_authors_are_told_what_cannot_be_published():
    """A missing permission is not theirs to mend, but they should not wait in vain."""
    cloud = memory_cloud(FILES, site=Failing("q/", GiveUp("not permitted")))
    publish(MESSAGES, cloud, THEME)
    assert "not permitted" in report(cloud, "content/q/b.md")["problems"][0]["message"]
    assert cloud.source.tags("content/q/b.md")["tilepress-state"] == "problem"


def test_once_it_works_the_report_goes():
    """The message comes again, and the file is published."""
    cloud = memory_cloud(FILES, site=Failing("q/", GiveUp("not permitted")))
    publish(MESSAGES, cloud, THEME)
    cloud = replace(cloud, site=MemoryStore())
    assert publish([replace(MESSAGES[1], attempts=2)], cloud, THEME).failed == ()
    assert report(cloud, "content/q/b.md") is None
    assert cloud.source.tags("content/q/b.md")["tilepress-state"] == "published"


def test_a_suspect_is_told_of_before_it_is_tried():
    """What kills the process that works on it cannot be told of afterwards."""
    cloud = memory_cloud(FILES, site=Failing("q/", KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        publish([replace(MESSAGES[1], attempts=SUSPECT_AFTER)], cloud, THEME)
    assert "tried 2 times" in report(cloud, "content/q/b.md")["problems"][0]["message"]


def test_a_suspect_comes_last():
    """Those in its batch are done before it is tried once more."""
    cloud = memory_cloud(FILES, site=Failing("q/", KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        publish([replace(MESSAGES[1], attempts=SUSPECT_AFTER), MESSAGES[0]], cloud, THEME)
    assert cloud.site.get("p/a/index.html")


class Throttled(MemoryStore):
    """A site bucket that refuses its first puts."""

    def __init__(self, refusals):
        super().__init__()
        self._refusals = refusals

    def put(self, artifact):
        if self._refusals:
            self._refusals -= 1
            raise TryAgain("slow down")
        return super().put(artifact)


def test_what_passes_is_waited_for():
    """A throttled request is no reason to hand a message back, where it would wait for minutes; and between tries there is a pause."""
    pauses: list[int] = []
    cloud = memory_cloud(FILES, site=Throttled(4), pause=pauses.append)
    assert publish(MESSAGES, cloud, THEME).failed == ()
    assert cloud.site.get("q/b/index.html")
    assert pauses


class Untaggable(MemoryStore):
    """A source bucket that may be read only."""

    def put(self, artifact):
        if artifact.key.startswith("reports/"):
            raise GiveUp("put is not permitted")
        return super().put(artifact)

    def tag(self, *_):
        raise GiveUp("tag is not permitted")


def test_without_permission_to_tell_authors_pages_are_published():
    """It stands in the report of the run, for who looks after the stack."""
    source = Untaggable()
    for key, text in (FILES | {"content/p/kaputt.md": "---\ntitle: [\n---\n"}).items():
        source.put(Artifact(key, text.encode(), ""))
    cloud = memory_cloud(source=source)
    outcome = publish([*MESSAGES, Message("3", frozenset({"content/p/kaputt.md"}))], cloud, THEME)
    assert outcome.failed == ()
    assert cloud.site.get("p/a/index.html")
    assert outcome.report.faults == ("authors are not told: put is not permitted", "authors are not told: tag is not permitted")


def test_a_failure_to_tell_does_not_hide_what_failed():
    """The message is handed back for its own reason."""
    source = Untaggable()
    for key, text in FILES.items():
        source.put(Artifact(key, text.encode(), ""))
    outcome = publish(MESSAGES, memory_cloud(source=source, site=Failing("q/", GiveUp("no"))), THEME)
    assert [failure.reason for failure in outcome.failed] == ["no"]


def test_nothing_to_do_is_done():
    """A message that points at nothing is acknowledged."""
    assert publish([Message("1")], memory_cloud(), THEME).failed == ()


def test_what_the_cdn_was_too_busy_for_is_asked_for_again():
    """Messages of a batch are one request; if it fails, each of them comes back."""
    told = []

    class Cdn:
        """Fails once it has been told."""

        def invalidate(self, paths):
            told.append(tuple(paths))
            if len(told) > 1:
                raise GiveUp("no")

    waiting = [Message(str(number), paths=frozenset({f"/{number}/*"})) for number in range(2)]
    cloud = replace(memory_cloud({}), cdn=Cdn())
    assert publish(waiting, cloud, THEME).failed == ()
    assert [failure.message for failure in publish(waiting, cloud, THEME).failed] == waiting
    assert told[0] == ("/0/*", "/1/*")
