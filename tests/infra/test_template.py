"""What the template says fits what the code does."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.metadata import version
from typing import Any

import pytest
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.memory import MemoryStore
from tilepress.adapters.templates import read_theme
from tilepress.addresses import CONTENT, PRIVATE, SETTINGS_KEY, STATIC
from tilepress.dev.aws_server import CREATED, REMOVED, AwsServer, told_of
from tilepress.dev.edge import Answer, Edge
from tilepress.dev.stack import Stack
from tilepress.events import messages
from tilepress.history import KEPT_FOR_GOOD
from tilepress.preview import PREVIEWS, SECONDS_MAX
from tilepress.resync import resync
from tilepress.settings import RETIRE_AFTER_SECONDS
from tilepress.site import parse_site
from tilepress.sync import PARTS, is_source

from .conftest import NAMES, ROOT, listed, script


def statements(stack: Stack, policy: str) -> list[dict[str, Any]]:
    """The statements of a bucket's or a queue's policy."""
    found: list[dict[str, Any]] = stack.properties(policy)["PolicyDocument"]["Statement"]
    return found


def test_the_source_bucket_tells_of_all_that_is_a_source() -> None:
    """Uploads and deletions of every kind of source file are events, and of nothing else."""
    assert sorted(told_of()) == sorted((kind, prefix) for prefix in (*PARTS, SETTINGS_KEY) for kind in (CREATED, REMOVED))


def test_every_function_gets_its_byte_code(stack: Stack) -> None:
    """What is compiled when the artifact is built begins with the handler that the template names."""
    resources = stack.template["Resources"]
    handlers = {name: made["Properties"]["Handler"] for name, made in resources.items() if made["Type"] == "AWS::Serverless::Function"}
    compiled = {name: f"{modules[0]}.lambda_handler" for name, modules in script("byte_code").FUNCTIONS.items()}
    assert compiled == handlers


def test_filters_do_not_overlap() -> None:
    """S3 refuses two filters of one kind of event that the same key could pass."""
    found = told_of()
    assert [(one, other) for one in found for other in found if one != other and one[0] == other[0] and one[1].startswith(other[1])] == []


@pytest.mark.parametrize("key", ["reports/content/projekte/ogp.md.json", "reports/content/projekte/ogp.md.html", ".DS_Store", "README.md"])
def test_what_the_publisher_writes_is_no_event(key: str) -> None:
    """Reports lie in the source bucket: if they were events, each would cause the next."""
    assert not is_source(key)
    assert [prefix for _, prefix in told_of() if key.startswith(prefix)] == []


def test_the_local_s3_tells_of_the_same(make_aws: Callable[[], AwsServer]) -> None:
    """What is no source is no event on a laptop either, neither put nor deleted."""
    aws = make_aws()
    for key in ("reports/content/a.md.json", "content/a.md", "site.yaml"):
        aws.s3.put_object(Bucket=aws.source_bucket, Key=key, Body=b"x")
        aws.s3.delete_object(Bucket=aws.source_bucket, Key=key)
    told = [message.keys for record in aws.receive() for message in messages({"Records": [record]})]
    assert sorted(key for keys in told for key in keys) == ["content/a.md", "content/a.md", "site.yaml", "site.yaml"]


def test_the_site_bucket_tells_nobody(stack: Stack) -> None:
    """Publishing is no event."""
    assert "NotificationConfiguration" not in stack.properties("SiteBucket")


def test_one_bucket_for_both_is_refused(stack: Stack) -> None:
    """A stack whose two buckets are one is not made."""
    (rule,) = stack.template["Rules"]["TwoBuckets"]["Assertions"]
    same = {"Fn::Not": [{"Fn::Equals": [{"Ref": "SourceBucketName"}, {"Ref": "SiteBucketName"}]}]}
    assert same in rule["Assert"]["Fn::Or"]


def test_a_message_is_hidden_for_as_long_as_it_is_worked_on(stack: Stack) -> None:
    """Six times the timeout and the longest window, as AWS asks for: earlier, a second run would start beside the first."""
    timeout = stack.properties("Publisher")["Timeout"]
    window = stack.template["Parameters"]["BatchWindowSeconds"]["MaxValue"]
    assert [stack.properties(queue)["VisibilityTimeout"] >= 6 * timeout + window for queue in ("Queue", "RebuildQueue")] == [True, True]
    search = stack.properties("Searcher")
    window = search["Events"]["Told"]["Properties"]["MaximumBatchingWindowInSeconds"]
    assert stack.properties("SearchQueue")["VisibilityTimeout"] >= 6 * search["Timeout"] + window


def test_the_grace_of_retired_addresses_outlives_every_run(stack: Stack) -> None:
    """It is twice the timeout, here and by default."""
    for function in (stack.properties("Publisher"), stack.properties("Images")):
        said = float(function["Environment"]["Variables"]["RETIRE_AFTER_SECONDS"])
        assert said == RETIRE_AFTER_SECONDS == 2 * function["Timeout"]


def test_a_failed_message_comes_back_and_is_given_up_at_last(stack: Stack) -> None:
    """The function answers for each message, and what always fails ends as a dead letter for two weeks."""
    for name, source in (stack.properties("Publisher")["Events"] | stack.properties("Searcher")["Events"]).items():
        assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
    assert [stack.properties(queue)["RedrivePolicy"]["maxReceiveCount"] >= 5 for queue in ("Queue", "RebuildQueue", "SearchQueue")] == [True] * 3
    assert stack.properties("DeadLetters")["MessageRetentionPeriod"] == 14 * 86400


def test_batches_of_a_rebuild_come_one_by_one(stack: Stack) -> None:
    """Each is as much as a run should do; and they are in a queue of their own, so that no upload waits behind them."""
    source = stack.properties("Publisher")["Events"]["Rebuild"]["Properties"]
    assert (source["Queue"], source["BatchSize"]) == (NAMES["RebuildQueue.Arn"], 1)
    assert stack.properties("Publisher")["Environment"]["Variables"]["QUEUE_URL"] == NAMES["RebuildQueue"]


def test_the_handler_is_there(stack: Stack) -> None:
    """Each function's handler is a function of the package."""
    for function in ("Publisher", "Searcher"):
        module, _, name = stack.properties(function)["Handler"].rpartition(".")
        source = (ROOT / "functions" / module.replace(".", "/")).with_suffix(".py").read_text()
        assert f"def {name}(" in source


def test_search_hears_of_what_is_published(stack: Stack) -> None:
    """The publisher sends to the very queue that search takes from; what comes within seconds is one look."""
    told = stack.properties("Searcher")["Events"]["Told"]["Properties"]
    assert stack.properties("Publisher")["Environment"]["Variables"]["SEARCH_QUEUE_URL"] == NAMES["SearchQueue"]
    assert (told["Queue"], told["MaximumBatchingWindowInSeconds"] >= 5) == (NAMES["SearchQueue.Arn"], True)


def test_every_setting_is_given(stack: Stack) -> None:
    """The function's environment has every variable that the settings read."""
    read = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', (ROOT / "functions/tilepress/settings.py").read_text()))
    assert read - stack.properties("Publisher")["Environment"]["Variables"].keys() == set()


def test_a_local_invocation_sets_what_there_is_to_set(stack: Stack) -> None:
    """`sam local invoke --env-vars` passes on only variables that the template names: the file names each that AWS would fill in."""
    given = json.loads((ROOT / "tests/events/local.env.json").read_text())["Publisher"]
    variables = stack.template["Resources"]["Publisher"]["Properties"]["Environment"]["Variables"]
    assert given.keys() == {name for name, value in variables.items() if isinstance(value, dict)}


def test_photos_are_developed_by_a_function_of_their_own(stack: Stack) -> None:
    """It takes what the publisher sends, tells the publisher's own queue, and answers for each message; its layer is what is tested here."""
    images, publisher = stack.properties("Images"), stack.properties("Publisher")
    (source,) = images["Events"].values()
    assert publisher["Environment"]["Variables"]["IMAGES_QUEUE_URL"] == NAMES["ImagesQueue"]
    assert (source["Properties"]["Queue"], source["Properties"]["FunctionResponseTypes"]) == (NAMES["ImagesQueue.Arn"], ["ReportBatchItemFailures"])
    assert stack.properties("ImagesQueue")["VisibilityTimeout"] >= 6 * images["Timeout"]
    assert stack.properties("ImagesQueue")["RedrivePolicy"]["maxReceiveCount"] >= 5
    assert (ROOT / "infra/pillow/requirements.txt").read_text() == f"pillow=={version('pillow')}\n"


def test_drawings_are_served_in_a_sandbox(stack: Stack) -> None:
    """Whatever the letters of its ending, an uploaded SVG gets the policy under which no script runs; pages and photos do not."""
    edge = Edge(stack, lambda _: Answer(200, {}, b""))
    policies = {
        path: edge.answer(path).headers["content-security-policy"] for path in ("/files/a.svg", "/b.SVG", "/c.Svg", "/d.jpg", "/x/", "/e.css")
    }
    assert [path for path, policy in policies.items() if policy.endswith("; sandbox")] == ["/files/a.svg", "/b.SVG", "/c.Svg"]


def test_the_daily_resync_is_understood(stack: Stack) -> None:
    """What the schedule sends is a resync to the code."""
    (message,) = messages(json.loads(stack.properties("Resync")["Target"]["Input"]))
    assert message.resync


def test_a_rebuild_calls_the_same_handler(stack: Stack) -> None:
    """Its batches are what the handler takes for keys to look at again, and end before the function's time does."""
    files = stack.properties("Rebuild")["Definition"]["States"]["Files"]
    publish = files["ItemProcessor"]["States"]["Publish"]["Parameters"]
    assert (publish["FunctionName"], publish["Payload"]) == (
        "${Publisher}",
        {"keys.$": "$.Items[*].Key", "retries.$": "$$.State.RetryCount", "trust": False},
    )
    items = [{"Key": "content/projekte/über uns.md", "Size": 1}, {"Key": "content/a+b.md", "Size": 1}]
    (message,) = messages({"keys": [item["Key"] for item in items]})
    assert message.keys == {"content/projekte/über uns.md", "content/a+b.md"}


def test_nothing_is_null(stack: Stack) -> None:
    """CloudFormation refuses a template with a null anywhere, and no linter says so."""

    def nulls(value: object, path: str) -> list[str]:
        if value is None:
            return [path]
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [found for name, part in parts for found in nulls(part, f"{path}/{name}")]

    assert nulls(stack.template, "") == []


def test_a_rebuild_lists_all_that_is_published_and_no_settings(stack: Stack) -> None:
    """Pages and uploads, folder by folder: settings in a batch would have it begin anew."""
    definition = stack.properties("Rebuild")["Definition"]
    states, name, listed = definition["States"], definition["StartAt"], []
    told: dict[str, str] = {}
    while name:
        state = states[name]
        if state["Type"] == "Pass":
            told = state["Result"]
        elif state["Type"] == "Map":
            assert state["ItemReader"]["Parameters"]["Prefix.$"] == "$.prefix"
            assert state["ResultPath"] == "$.done"  # the prefix is needed afterwards
            listed.append(told["prefix"])
        if state["Type"] == "Choice":
            (choice,) = state["Choices"]
            name = choice["Next"] if told["prefix"] == choice["StringEquals"] else state["Default"]
        else:
            name = state.get("Next", "")
    assert listed == [CONTENT, STATIC]


def test_the_cdn_may_not_read_the_ledgers(stack: Stack) -> None:
    """They are private, whatever address somebody asks for."""
    (denied,) = [one for one in statements(stack, "SiteBucketPolicy") if one["Effect"] == "Deny" and one["Principal"] != "*"]
    assert (denied["Principal"], denied["Resource"]) == ({"Service": "cloudfront.amazonaws.com"}, f"arn:aws:s3:::site/{PRIVATE}*")


def test_only_this_distribution_reads_the_site(stack: Stack) -> None:
    """Not any distribution, nor one of somebody else's account."""
    (allowed,) = [one for one in statements(stack, "SiteBucketPolicy") if one["Effect"] == "Allow"]
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"}


@pytest.mark.parametrize("bucket", ["SourceBucket", "SiteBucket"])
def test_what_is_yours_survives_the_stack(stack: Stack, bucket: str) -> None:
    """Deleting or replacing the stack's parts leaves the buckets, versions and all; a stack that never came to be leaves none in its own way."""
    resource = stack.template["Resources"][bucket]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert resource["Properties"]["VersioningConfiguration"]["Status"] == "Enabled"


def test_nothing_else_survives_it(stack: Stack) -> None:
    """Whatever does not hold data of the site's people goes with the stack."""
    kept = {name for name, resource in stack.template["Resources"].items() if resource.get("DeletionPolicy", "Delete") != "Delete"}
    assert kept == {"SourceBucket", "SiteBucket", "AccessLogBucket"}


def test_etags_stay_md5(stack: Stack) -> None:
    """Under SSE-S3 an ETag is the content's MD5, by which the publisher compares; under KMS it is not."""
    for bucket in ("SourceBucket", "SiteBucket"):
        (rule,) = stack.properties(bucket)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_last_good_version_is_not_thrown_away(stack: Stack) -> None:
    """Versions of sources are deleted by age only beyond the last ten: a broken page is shown as one of them."""
    rules = stack.properties("SourceBucket")["LifecycleConfiguration"]["Rules"]
    assert [rule["NoncurrentVersionExpiration"].get("NewerNoncurrentVersions") for rule in rules if "Prefix" not in rule] == [KEPT_FOR_GOOD]


def test_previews_go_when_their_time_is_over(stack: Stack) -> None:
    """Just those, and not before the last address of one has expired."""
    (rule,) = (one for one in stack.properties("SiteBucket")["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in one)
    assert (rule["Prefix"], rule["ExpirationInDays"] * 86400 > SECONDS_MAX) == (PREVIEWS, True)


def test_every_alarm_is_explained(stack: Stack) -> None:
    """docs/aws.md says of each alarm what it means and what to do."""
    told = (ROOT / "docs/aws.md").read_text()
    names = [one["Properties"]["AlarmName"]["Fn::Sub"].partition(": ")[2] for one in alarms(stack)]
    assert [name for name in names if f"| {name} |" not in told] == []


def test_our_own_metrics_are_those_of_this_stack(stack: Stack) -> None:
    """They bear the function's name, in alarms and dashboard as in the handler: another stack's failures are not ours."""
    name = stack.properties("Publisher")["FunctionName"]
    assert stack.properties("NotDoneAlarm")["Dimensions"] == [{"Name": "service", "Value": name}]
    assert f'"service", "{name}"' in stack.properties("DashboardOfAll")["DashboardBody"]
    assert 'service=os.environ.get("AWS_LAMBDA_FUNCTION_NAME"' in (ROOT / "functions/tilepress/handler.py").read_text()


def test_every_alarm_tells_somebody(stack: Stack) -> None:
    """An alarm that nobody hears of is none."""
    assert [one for one in alarms(stack) if "AlarmActions" not in one["Properties"]] == []


def alarms(stack: Stack) -> list[dict[str, Any]]:
    """All alarms."""
    return [resource for resource in stack.template["Resources"].values() if resource["Type"] == "AWS::CloudWatch::Alarm"]


def test_the_durations_alarm_comes_before_the_timeout(stack: Stack) -> None:
    """There is time to do something."""
    assert stack.properties("DurationAlarm")["Threshold"] < 1000 * stack.properties("Publisher")["Timeout"]


def test_the_dashboard_is_json(stack: Stack) -> None:
    """CloudWatch takes it."""
    assert len(json.loads(stack.properties("DashboardOfAll")["DashboardBody"])["widgets"]) == 5


def test_parameters_are_described(stack: Stack) -> None:
    """Whoever deploys reads what each is for, and finds it in a group of the form."""
    groups = stack.template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(stack.template["Parameters"])
    assert [name for name, one in stack.template["Parameters"].items() if not one.get("Description") or "Default" not in one] == []


def test_pages_pass_the_content_security_policy(stack: Stack) -> None:
    """Whatever the theme loads in any page of the example is allowed, and it has no inline style or script."""
    site = MemoryStore()
    resync(folder_cloud(ROOT / "example", site), read_theme(ROOT / "templates"))
    policy = directives(stack)
    loaded = Loaded()
    for found in site.list():
        if found.key.endswith(".html") and (page := site.get(found.key)):
            loaded.feed(page.body.decode())
    assert loaded.kinds >= {"style-src", "img-src"}
    assert [one for one in sorted(loaded.seen) if not allowed(one, policy)] == []


def test_embeds_of_the_example_are_allowed(stack: Stack) -> None:
    """The hosts that site.yaml lets pages embed are those that browsers may load."""
    settings = DirectoryStore(ROOT / "example").get(SETTINGS_KEY)
    site, _ = parse_site(settings)
    assert site is not None
    assert {f"https://{host}" for host in site.embed_hosts} <= set(directives(stack)["frame-src"])


def test_the_policy_forbids_what_is_not_named(stack: Stack) -> None:
    """Nothing is allowed by default, and nothing inline anywhere."""
    policy = directives(stack)
    assert (policy["default-src"], policy["frame-ancestors"], policy["base-uri"]) == (["'none'"], ["'none'"], ["'none'"])
    assert [name for name, sources in policy.items() if {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & set(sources)] == []


def directives(stack: Stack) -> dict[str, list[str]]:
    """The content security policy by directive."""
    config = stack.properties("Headers")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    parts = [part.split() for part in config["ContentSecurityPolicy"]["ContentSecurityPolicy"].split(";")]
    return {name: sources for name, *sources in parts}


def allowed(one: tuple[str, str], policy: dict[str, list[str]]) -> bool:
    """Whether a directive lets an address be loaded."""
    directive, address = one
    if address.startswith("/") and not address.startswith("//"):
        return "'self'" in policy[directive]
    return any(address.startswith(source) for source in policy[directive])


KINDS = {"img": "img-src", "iframe": "frame-src", "script": "script-src", "video": "media-src", "audio": "media-src", "source": "media-src"}


class Loaded(HTMLParser):
    """What pages load, by the directive that it falls under; `inline` where it is written into the page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str]] = set()

    @property
    def kinds(self) -> set[str]:
        """The directives that anything fell under."""
        return {kind for kind, _ in self.seen}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "source" and found.get("srcset"):
            self.seen |= {("img-src", one.split()[0]) for one in (found["srcset"] or "").split(", ")}
        elif tag in KINDS and found.get("type") != "application/ld+json":  # data for search engines, which no policy concerns
            self.seen.add((KINDS[tag], found.get("src") or "inline"))
        if tag == "link" and found.get("rel") in {"stylesheet", "icon"}:
            self.seen.add(("style-src" if found["rel"] == "stylesheet" else "img-src", found.get("href") or "inline"))
        if tag == "style" or "style" in found:
            self.seen.add(("style-src", "inline"))
        if any(name.startswith("on") for name in found):
            self.seen.add(("script-src", "inline"))


def test_roles_are_exact(stack: Stack) -> None:
    """No role may do everything of a service, or to everything; each belongs to one service of this account."""
    for name in ("PublisherRole", "ImagesRole", "SearcherRole", "SchedulerRole", "RebuildRole"):
        role = stack.properties(name)
        assert "ManagedPolicyArns" not in role
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                assert [action for action in listed(statement["Action"]) if "*" in action] == []
                assert [arn for arn in listed(statement["Resource"]) if arn.count("*") != (1 if arn.endswith("*") else 0) or arn == "*"] == []


def test_no_two_things_have_one_name(stack: Stack) -> None:
    """SAM names what calls a function by both of their names: none of these may be a resource's already."""
    resources = stack.template["Resources"]
    made = [f"{name}{event}" for name, one in resources.items() for event in one.get("Properties", {}).get("Events", ())]
    assert made
    assert [name for name in made if name in resources] == []
