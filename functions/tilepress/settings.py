"""The environment → `Settings`. The only reader of environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path

from tilepress.errors import GiveUp

RETIRE_AFTER_SECONDS = 240.0
"""The grace of retired addresses: twice the time that a function may run, as infra/template.yaml sets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """The group of EventBridge Scheduler's one-time schedules, the queue that they send to, and the role that lets them."""

    group: str
    queue_arn: str
    role_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the handler is told by its surroundings.

    Without schedules, what is due waits for the next resync; without a queue, a resync does all the work itself, and without a state
    machine it does so on a site of any size (`state_machine_above` are pages). Without a queue for images no variants of them are made,
    and without one for search it is told nothing. For the function that makes variants, `queue_url` is the publisher's.
    """

    source_bucket: str
    site_bucket: str
    templates_dir: Path
    distribution_id: str = ""
    queue_url: str = ""
    images_queue_url: str = ""
    search_queue_url: str = ""
    schedules: Schedules | None = None
    state_machine_arn: str = ""
    state_machine_above: int = 0
    retire_after_seconds: float = RETIRE_AFTER_SECONDS


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings. Raises GiveUp, naming the variable, when one is missing or wrong."""
    source, site = _needed(environ, "SOURCE_BUCKET"), _needed(environ, "SITE_BUCKET")
    if source == site:
        raise GiveUp("SOURCE_BUCKET and SITE_BUCKET are the same bucket: each publication would cause the next")
    return Settings(
        source_bucket=source,
        site_bucket=site,
        templates_dir=templates_dir(environ),
        distribution_id=environ.get("DISTRIBUTION_ID", ""),
        queue_url=environ.get("QUEUE_URL", ""),
        images_queue_url=environ.get("IMAGES_QUEUE_URL", ""),
        search_queue_url=environ.get("SEARCH_QUEUE_URL", ""),
        schedules=_schedules(environ),
        state_machine_arn=(arn := environ.get("STATE_MACHINE_ARN", "")),
        state_machine_above=_count(environ, "STATE_MACHINE_ABOVE") if arn else 0,
        retire_after_seconds=retire_after(environ),
    )


def retire_after(environ: Mapping[str, str]) -> float:
    """The grace of retired addresses, in seconds."""
    said = environ.get("RETIRE_AFTER_SECONDS") or str(RETIRE_AFTER_SECONDS)
    try:
        seconds = float(said)
    except ValueError as error:
        raise GiveUp(f"RETIRE_AFTER_SECONDS is not a number: {said!r}") from error
    if not 0 <= seconds < inf:
        raise GiveUp(f"RETIRE_AFTER_SECONDS is not a time: {said}")
    return seconds


def templates_dir(environ: Mapping[str, str]) -> Path:
    """Where the templates are: as told, or beside `functions/` in a checkout."""
    return Path(environ.get("TEMPLATES_DIR") or Path(__file__).parents[2] / "templates")


def _schedules(environ: Mapping[str, str]) -> Schedules | None:
    if not environ.get("SCHEDULE_GROUP"):
        return None
    return Schedules(group=environ["SCHEDULE_GROUP"], queue_arn=_needed(environ, "QUEUE_ARN"), role_arn=_needed(environ, "SCHEDULER_ROLE_ARN"))


def _count(environ: Mapping[str, str], name: str) -> int:
    said = _needed(environ, name)
    if not said.isdecimal():
        raise GiveUp(f"{name} is not a number: {said!r}")
    return int(said)


def _needed(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise GiveUp(f"the environment variable {name} is not set")
    return value
