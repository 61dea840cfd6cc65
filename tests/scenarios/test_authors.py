"""What authors get to know, where they uploaded: tags on their files, reports of problems, and pages that come in their time."""

import json
from typing import Any

import pytest
from tilepress import handler

from .conftest import Stage, differing, event, project

SITE = {"site.yaml": "title: Seite\nmessages: en\nbase_url: https://a.example\ntime_zone: Europe/Berlin\n"}
KEY = "content/projekte/seite.md"
BROKEN = "---\ntitle: [\n---\n"


def tags(stage: Stage, key: str = KEY) -> dict[str, str]:
    """The tags of a source file."""
    found = stage.aws.s3.get_object_tagging(Bucket=stage.aws.source_bucket, Key=key)["TagSet"]
    return {tag["Key"].removeprefix("tilepress-"): tag["Value"] for tag in found}


def reports(stage: Stage) -> list[str]:
    """The reports in the source bucket."""
    found = stage.aws.s3.list_objects_v2(Bucket=stage.aws.source_bucket, Prefix="reports/").get("Contents", [])
    return [entry["Key"] for entry in found]


def schedules(stage: Stage) -> list[str]:
    """When what is scheduled."""
    group = stage.aws.environ()["SCHEDULE_GROUP"]
    names = [found["Name"] for found in stage.aws.scheduler.list_schedules(GroupName=group)["Schedules"]]
    return [stage.aws.scheduler.get_schedule(Name=name, GroupName=group)["ScheduleExpression"] for name in names]


def at(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    """From now on it is this moment."""
    monkeypatch.setattr("tilepress.adapters.aws.time.time", lambda: moment)
    handler.wired.cache_clear()


def test_a_published_page_says_where(stage: Stage) -> None:
    """Its tags tell that it is live, and its address; there is no report."""
    stage.publish(SITE | {KEY: project()})
    assert tags(stage) == {"state": "published", "address": "https://a.example/projekte/seite/"}
    assert reports(stage) == []


def test_an_image_and_the_settings_say_so_too(stage: Stage) -> None:
    """Everything that is uploaded to be published is answered."""
    stage.publish(SITE | {"static/files/i.svg": "<svg/>", KEY: project()})
    assert tags(stage, "static/files/i.svg") == {"state": "published", "address": "https://a.example/files/i.svg"}
    assert tags(stage, "site.yaml") == {"state": "published"}


def test_an_uploaded_page_goes_before_an_alias_as_long_as_it_is_there(stage: Stage) -> None:
    """The upload has the address, and the page's author is told, in the line of the alias; when it goes, the alias leads on again."""
    upload = "static/projekte/alt.html"
    stage.publish(SITE | {KEY: project(aliases=["/projekte/alt.html"])})
    stage.publish({upload: "<p>Alt</p>"})
    assert stage.site()["projekte/alt.html"] == b"<p>Alt</p>"
    assert tags(stage)["message"].startswith("line 3: The further address /projekte/alt.html does not lead here")
    stage.remove(upload)
    stage.deliver()
    assert differing(stage.site(), stage.clean_build()) == []
    assert b"/projekte/seite/" in stage.site()["projekte/alt.html"]
    assert reports(stage) == []


def test_a_broken_page_has_a_report_until_it_is_mended(stage: Stage) -> None:
    """The tags name the line, the report all of it; mended, the report goes and the tags say that it is live."""
    stage.publish(SITE | {KEY: project("Eins")})
    stage.publish({KEY: BROKEN})
    assert tags(stage)["state"] == "problem"
    assert tags(stage)["message"].startswith("line 3: The fields cannot be read")
    assert reports(stage) == [f"reports/{KEY}.html", f"reports/{KEY}.json"]
    said = json.loads(stage.aws.s3.get_object(Bucket=stage.aws.source_bucket, Key=f"reports/{KEY}.json")["Body"].read())
    assert (said["state"], said["urls"], said["problems"][0]["line"]) == ("problem", ["https://a.example/projekte/seite/"], 3)
    stage.publish({KEY: project("Zwei")})
    assert (tags(stage)["state"], reports(stage)) == ("published", [])


def test_a_report_goes_with_its_file(stage: Stage) -> None:
    """Of a page that was given up there is nothing to tell; nor of a document that was uploaded to the wrong place."""
    stage.publish(SITE | {KEY: BROKEN, "content/brief.docx": "x", "content/gut.md": project()})
    assert len(reports(stage)) == 4
    for key in (KEY, "content/brief.docx"):
        stage.remove(key)
    stage.deliver()
    assert reports(stage) == []


def test_who_loses_an_address_is_told_and_told_again_when_it_is_free(stage: Stage) -> None:
    """Though nobody has touched the file: what another page does concerns its author."""
    stage.publish(SITE | {KEY: project(slug="x"), "content/projekte/a.md": project("Anderer", slug="x")})
    assert (tags(stage)["state"], reports(stage)) == ("problem", [f"reports/{KEY}.html", f"reports/{KEY}.json"])
    stage.remove("content/projekte/a.md")
    stage.deliver()
    assert (tags(stage)["state"], reports(stage)) == ("published", [])


def test_who_was_not_told_is_told_by_the_next_run(stage: Stage) -> None:
    """A run that took the address may have died before it told the loser: the ledger shows that nobody did."""
    stage.publish(SITE | {KEY: project(slug="x"), "content/projekte/a.md": project("Anderer", slug="x"), "content/projekte/b.md": project()})
    book = ".tilepress/sections/projekte.json"
    ledger = json.loads(stage.aws.s3.get_object(Bucket=stage.aws.site_bucket, Key=book)["Body"].read())
    stage.aws.s3.put_object(Bucket=stage.aws.site_bucket, Key=book, Body=json.dumps(ledger | {"reports": []}).encode())
    for key in reports(stage):
        stage.remove(key)
    stage.publish({"content/projekte/b.md": project("Geändert")})
    assert reports(stage) == [f"reports/{KEY}.html", f"reports/{KEY}.json"]


def test_broken_settings_hold_back_a_page_and_its_author_knows(stage: Stage) -> None:
    """Both authors are told; once the settings are mended, both reports go and the page is live."""
    stage.publish(SITE | {KEY: project("Eins")})
    stage.publish({"site.yaml": "messages: en\ntitle: [\n", KEY: project("Zwei")})
    assert reports(stage) == [f"reports/{key}.{kind}" for key in (KEY, "site.yaml") for kind in ("html", "json")]
    assert tags(stage)["message"].startswith("line 1: There is a mistake in site.yaml")
    stage.publish(SITE)
    assert (tags(stage)["state"], tags(stage, "site.yaml")["state"], reports(stage)) == ("published", "published", [])
    assert b"Zwei" in stage.site()["projekte/seite/index.html"]


def test_nothing_of_it_is_an_event(stage: Stage) -> None:
    """Reports are none of our sources, and tagging is not a change: even when both are notified, nothing happens."""
    stage.publish(SITE | {KEY: BROKEN, "content/gut.md": project()})
    before, stood = stage.site(), reports(stage)
    stage.requests.clear()
    for name in ("s3_tagged", "eventbridge_tagged"):
        assert stage.call(event(name)) == {"batchItemFailures": []}
    assert not stage.requests
    stage.call({"keys": stood})
    assert (differing(stage.site(), before), reports(stage)) == ([], stood)


def test_the_same_message_again_writes_nothing(stage: Stage) -> None:
    """Tags and report are as they were."""
    stage.publish(SITE | {KEY: BROKEN, "content/gut.md": project()})
    stage.requests.clear()
    stage.call({"keys": ["content/gut.md"]})
    assert not [name for name, _ in stage.requests if name.startswith(("Put", "Delete"))]


def test_a_page_comes_and_goes_in_its_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scheduled, published, expired: a schedule brings it back at each time, and none is left in the end."""
    at(monkeypatch, 1_800_000_000)  # 2027-01-15 09:00 in Berlin
    stage.publish(SITE | {"content/gut.md": project(), KEY: project("Marker", publishDate="2027-01-15 12:00", expiryDate="2027-01-16 12:00")})
    assert (schedules(stage), tags(stage)) == (["at(2027-01-15T11:00:00)"], {"state": "scheduled", "message": "from 2027-01-15 12:00"})
    for moment, state, left in ((1_800_010_800, "published", ["at(2027-01-16T11:00:00)"]), (1_800_097_200, "expired", [])):
        at(monkeypatch, moment)
        assert stage.aws.send_what_is_due(moment) == 1
        stage.deliver()
        assert (tags(stage)["state"], schedules(stage)) == (state, left)
        assert any(b"Marker" in body for body in stage.site().values()) == (state == "published")


def test_a_changed_date_moves_the_schedule(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One schedule a file: replaced when the date changes, removed when it goes."""
    at(monkeypatch, 1_800_000_000)
    stage.publish(SITE | {"content/gut.md": project(), KEY: project(publishDate="2027-01-15 12:00")})
    stage.publish({KEY: project(publishDate="2027-01-15 18:30")})
    assert schedules(stage) == ["at(2027-01-15T17:30:00)"]
    stage.publish({KEY: project()})
    assert schedules(stage) == []
    stage.publish({KEY: project(publishDate="2027-01-15 12:00")})
    stage.remove(KEY)
    stage.deliver()
    assert schedules(stage) == []


def test_without_schedules_a_resync_brings_what_is_due(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack without EventBridge Scheduler is a day late, not lost."""
    monkeypatch.delenv("SCHEDULE_GROUP")
    at(monkeypatch, 1_800_000_000)
    stage.publish(SITE | {"content/gut.md": project(), KEY: project("Marker", publishDate="2027-01-15 12:00")})
    at(monkeypatch, 1_800_050_000)
    stage.call({"resync": True})
    assert b"Marker" in stage.site()["projekte/seite/index.html"]


def test_a_resync_takes_away_reports_of_nobody(stage: Stage) -> None:
    """One that somebody has put there, or that a run left which died."""
    stage.publish(SITE | {KEY: project()})
    stage.aws.s3.put_object(Bucket=stage.aws.source_bucket, Key="reports/content/weg.md.json", Body=b"{}")
    stage.call({"resync": True})
    assert reports(stage) == []


def test_who_may_not_tag_publishes_all_the_same(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A missing permission is logged for the administrator, and no reason to hold a page back."""
    cloud, _ = handler.wired()
    client: Any = cloud.source.client  # type: ignore[attr-defined]

    def refuse(**_: Any) -> None:
        from botocore.exceptions import ClientError

        raise ClientError({"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}, "PutObjectTagging")  # type: ignore[typeddict-item]

    client.meta.events.register("before-call.s3.PutObjectTagging", refuse)
    stage.publish(SITE | {KEY: project()})
    assert "projekte/seite/index.html" in stage.site()
    assert any("authors are not told" in getattr(record, "reason", "") for record in caplog.records)
