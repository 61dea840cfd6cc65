"""Whatever Lambda is called with becomes messages: which keys to look at, and what to acknowledge."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.events import Message, messages


def notification(*keys: str, event: str = "ObjectCreated:Put") -> dict[str, Any]:
    """An S3 notification of these keys, as encoded by S3."""
    records = [{"eventSource": "aws:s3", "eventName": event, "s3": {"bucket": {"name": "b"}, "object": {"key": key}}} for key in keys]
    return {"Records": records}


def queued(*bodies: Any) -> dict[str, Any]:
    """SQS records with these bodies."""
    records = [{"messageId": f"m{number}", "eventSource": "aws:sqs", "body": body} for number, body in enumerate(bodies, 1)]
    return {"Records": records}


def bridged(key: str) -> dict[str, Any]:
    """An S3 event of EventBridge, which does not encode keys."""
    return {"detail-type": "Object Created", "source": "aws.s3", "detail": {"bucket": {"name": "b"}, "object": {"key": key}}}


def keys_of(event: Any) -> set[str]:
    """All keys of an event."""
    return {key for message in messages(event) for key in message.keys}


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("content/projekte/ogp.md", "content/projekte/ogp.md"),
        ("content/projekte/%C3%9Cber+uns.md", "content/projekte/Über uns.md"),
        ("content/C%2B%2B.md", "content/C++.md"),
        ("content/100%25.md", "content/100%.md"),
        ("content/a%252Fb.md", "content/a%2Fb.md"),
    ],
    ids=["plain", "umlaut and blank", "plus", "percent", "decoded once"],
)
def test_keys_of_notifications_are_decoded_once(encoded, key):
    """S3 encodes keys in notifications: a blank as a plus sign, the rest in percents."""
    assert messages(notification(encoded)) == (Message(None, frozenset({key})),)


def test_all_records_of_a_notification_count():
    """One notification may tell of several objects."""
    assert keys_of(notification("a", "b%20c")) == {"a", "b c"}


@pytest.mark.parametrize("event", ["ObjectCreated:Copy", "ObjectRemoved:DeleteMarkerCreated", "ObjectRemoved:Delete", "LifecycleExpiration:Delete"])
def test_what_happened_does_not_matter(event):
    """Of an event only the key counts: what to do is looked up."""
    assert messages(notification("a", event=event)) == messages(notification("a"))


def test_messages_of_a_queue_are_told_apart():
    """Each message of a batch has its own keys, so that it can be handed back alone."""
    event = queued(json.dumps(notification("a", "b")), json.dumps(bridged("c d+e")), json.dumps({"keys": ["f"]}), json.dumps({"resync": True}))
    assert messages(event) == (
        Message("m1", frozenset("ab")),
        Message("m2", frozenset({"c d+e"})),
        Message("m3", frozenset("f")),
        Message("m4", resync=True),
    )


def test_event_bridge_does_not_encode_keys():
    """A plus sign in EventBridge's event is one."""
    assert messages(bridged("content/C++ %41.md")) == (Message(None, frozenset({"content/C++ %41.md"})),)


def test_own_keys_are_taken_as_they_are():
    """Keys that we send ourselves are not encoded; what is no text is left out."""
    assert messages({"keys": ["content/C++.md", 3, None]}) == (Message(None, frozenset({"content/C++.md"})),)


@pytest.mark.parametrize(("event", "resync"), [({"resync": True}, True), ({"resync": False}, False), ({"resync": "yes"}, False), ({}, False)])
def test_resync_is_asked_for_in_so_many_words(event, resync):
    """Only `true` starts a resync."""
    assert messages(event) == (Message(None, resync=resync),)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}', id="test event"),
        pytest.param("", id="empty"),
        pytest.param("no JSON", id="no JSON"),
        pytest.param("[1]", id="list"),
        pytest.param("null", id="null"),
        pytest.param('{"Records": 3}', id="records that are none"),
        pytest.param('{"Records": [3, {"s3": 4}, {"s3": {"object": {}}}, {"s3": {"object": {"key": 5}}}]}', id="records of something else"),
        pytest.param('{"keys": "a"}', id="keys that are no list"),
        pytest.param('{"detail": {"object": {"key": null}}}', id="no key"),
        pytest.param("[" * 100_000, id="nested beyond reading"),
        pytest.param(None, id="no body"),
        pytest.param(b"\xff", id="bytes"),
    ],
)
def test_garbage_is_acknowledged(body):
    """S3's test event, and what nobody knows, is a message without keys: done with, and not tried again."""
    assert messages(queued(body)) == (Message("m1"),)


def test_who_sends_keys_may_say_that_somebody_was_there_before():
    """Then more is looked at, as when a queue hands a message out once more."""
    assert [messages({"keys": ["a"], **said})[0].again for said in ({}, {"again": False}, {"again": "x"}, {"again": True})] == [
        False,
        False,
        False,
        True,
    ]


def test_who_tries_again_says_how_often():
    """A state machine hands the same batch out once more, with the number of its retry."""
    assert [messages({"keys": ["a"], "retries": said})[0].again for said in (0, 2, "x", [1], None)] == [False, True, False, False, False]


def test_want_of_trust_is_no_sign_that_a_run_died():
    """Else every batch of a rebuild would have the CDN forget what it looks at."""
    (message,) = messages({"keys": ["a"], "trust": False})
    assert (message.trust, message.again) == (False, False)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("Records", "s3", "object", "key", "keys", "body", "detail")), inner),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(JUNK)
def test_nothing_makes_it_raise(event):
    """Whatever Lambda is called with, there are messages, and keys are texts."""
    assert all(isinstance(key, str) for key in keys_of(event))


def test_what_the_cdn_is_still_to_forget_are_paths():
    """Anything else is none."""
    (message,) = messages({"invalidate": ["/a/*", "b", 3]})
    assert (message.paths, message.keys) == (frozenset({"/a/*"}), frozenset())
