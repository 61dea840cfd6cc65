"""The workflow that docs/git.md shows, and those of the repository."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT

TOOLS = Path(sys.prefix) / "tools/workflows/bin"
SHOWN = re.findall(r"```yaml\n(name: .*?)```", (ROOT / "docs/git.md").read_text(), re.DOTALL)
WORKFLOWS = {path.name: path.read_text() for path in sorted((ROOT / ".github/workflows").glob("*.yml"))} | {"pages.yml": SHOWN[0]}


def test_one_file_is_shown() -> None:
    """A repository of pages needs one workflow."""
    assert len(SHOWN) == 1


@pytest.mark.skipif(not (TOOLS / "zizmor").exists(), reason="needs zizmor and actionlint: make check installs them")
@pytest.mark.parametrize("command", [["zizmor", "--offline"], ["actionlint", "-color=false"]], ids=lambda command: command[0])
def test_the_workflow_that_is_shown_is_sound(command: list[str], tmp_path: Path) -> None:
    """It passes the same checks as those of this repository."""
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "pages.yml").write_text(SHOWN[0])
    checked = subprocess.run([TOOLS / command[0], *command[1:], folder / "pages.yml"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_commit(name: str) -> None:
    """A tag can be moved; a commit cannot."""
    assert [line for line in re.findall(r"uses: (.*)", WORKFLOWS[name]) if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", line)] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_only_what_takes_a_role_may_ask_for_a_token(name: str) -> None:
    """A job that could prove to AWS who it is does take a role; no job may write to the repository."""
    jobs = yaml.safe_load(WORKFLOWS[name])["jobs"]
    for job in jobs.values():
        takes = any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])
        granted = job.get("permissions", {})
        assert ("id-token" in granted) == takes
        assert [right for right, level in granted.items() if level == "write" and right != "id-token"] == []


def test_the_role_lets_sync_do_what_it_does_and_no_more() -> None:
    """The publishing role reaches every kind of source file, and of the rest of the bucket only the reports, to read them."""
    from tilepress.addresses import SETTINGS_KEY
    from tilepress.dev.stack import read_stack
    from tilepress.sync import PARTS

    stack = read_stack(ROOT / "infra/github-oidc.yaml", {"AWS::Partition": "aws", "SourceBucketName": "source"})
    (policy,) = stack.properties("PublishRole")["Policies"]
    allowed = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
    bucket = "arn:aws:s3:::source"
    assert sorted(allowed["Upload"]["Resource"]) == sorted([*(f"{bucket}/{part}*" for part in PARTS), f"{bucket}/{SETTINGS_KEY}"])
    assert allowed["ReadReports"] == {"Sid": "ReadReports", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket}/reports/*"}
    assert allowed.keys() == {"Compare", "Upload", "ReadReports"}


@pytest.mark.parametrize("given", [{}, {"OwnerId": "123456", "RepositoryId": "456789"}], ids=["names", "names and numbers"])
def test_the_role_trusts_one_repository_on_one_branch(given: dict[str, str]) -> None:
    """Both forms of GitHub's subjects are known; the one that is trusted is exact."""
    from tilepress.dev.stack import read_stack

    conditions = frozenset({"HasNumbers"} if given else set())
    stack = read_stack(ROOT / "infra/github-oidc.yaml", {"Repository": "example/website"} | given, conditions)
    (statement,) = stack.properties("PublishRole")["AssumeRolePolicyDocument"]["Statement"]
    subject = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    text = subject if isinstance(subject, str) else subject["Fn::Sub"][0].replace("${Owner}", "example").replace("${Name}", "website")
    for name, value in given.items():
        text = text.replace(f"${{{name}}}", value)
    expected = "repo:example@123456/website@456789:ref:refs/heads/main" if given else "repo:example/website:ref:refs/heads/main"
    assert text.replace("${PublishBranch}", "main") == expected


def test_the_role_may_change_the_stack_that_the_workflow_deploys() -> None:
    """Its parameter's default is the name in that part of samconfig.toml; what the stack's parts are called begins with it."""
    from tilepress.dev.stack import read_stack

    role = read_stack(ROOT / "infra/github-oidc.yaml", {})
    (part,) = set(re.findall(r"ENV=(\w+)", WORKFLOWS["deploy.yml"]))
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    assert role.template["Parameters"]["StackName"]["Default"] == config[part]["global"]["parameters"]["stack_name"]
    stack = read_stack(given={"AWS::StackName": "tilepress"})
    layers = [stack.properties(name)["LayerName"] for name, one in stack.template["Resources"].items() if one["Type"].endswith("LayerVersion")]
    assert layers
    assert all(name.startswith("tilepress-") for name in layers)
