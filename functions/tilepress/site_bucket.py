"""The site bucket during a run: looked at, changed by plans, and each change remembered for the CDN and the report."""

from collections.abc import Collection, Container, Iterable, Sequence

from tilepress.artifacts import Artifact, Observed
from tilepress.observing import observe
from tilepress.pages import Problem
from tilepress.plan import Delete, Plan, Put, invalidation, plan
from tilepress.ports import Cloud, Listings
from tilepress.report import Report
from tilepress.statics import StaticFile, copy_of


class SiteBucket:
    """One run's view of the bucket, over all of its attempts.

    `listed` is good enough to plan by in a first attempt; without it each object is asked for. `again` says that a run
    before this one may have died between its puts and its invalidation: then the CDN is told of every key that is looked
    at, changed or not. A run is `trusting` while it may take for done what the ledgers that it read say, because whoever wrote
    them is not it, and finishes its own work; `trust` says whether it may at all.
    `touched` are the keys that the run has written or deleted, and not settled since; `sections` those that it has settled,
    `replaced` those whose ledgers it has replaced. It is `idle` as long as it has changed nothing at all, ledgers included.
    """

    def __init__(self, cloud: Cloud, listed: Listings | None, *, again: bool, trust: bool = True) -> None:
        self.listed = listed
        self.trusting = trust and not again and listed is None
        self.idle = True
        self.again = again
        self._cloud = cloud
        self._put: dict[str, str] = {}
        self._deleted: dict[str, str] = {}
        self._untold: set[str] = set()
        self._invalidated: dict[str, None] = {}
        self._problems: dict[Problem, None] = {}
        self.touched: set[str] = set()
        self.sections: set[str] = set()
        self.replaced: set[str] = set()
        self._overviews: set[str] | None = None
        self._unchanged = 0
        self._attempts = 0

    def plan(self, desired: Iterable[Artifact], undesired: Iterable[Delete] = (), anew: Collection[str] = ()) -> Plan:
        """Compare what is desired with what is there. For the keys `anew` a listing is not good enough."""
        artifacts, deletes = list(desired), list(undesired)
        keys = [*(artifact.key for artifact in artifacts), *(delete.key for delete in deletes)]
        return plan(artifacts, self._observe(keys, anew), deletes)

    def etags(self, keys: Iterable[str]) -> dict[str, str | None]:
        """What stands at these keys now."""
        return {key: seen.etag if seen else None for key, seen in observe(keys, self._cloud.site, self._cloud.fan).items()}

    def tell_of_missing(self, keys: Iterable[str]) -> None:
        """Have the CDN told of those of these keys at which nothing stands."""
        self._untold.update(key for key, etag in self.etags(keys).items() if etag is None)

    def tell_of(self, keys: Iterable[str]) -> None:
        """Have the CDN told of these keys."""
        self._untold.update(keys)

    def put(self, plan: Plan) -> None:
        """Carry out a plan's puts."""
        self._cloud.fan.io(self._put_one, plan.puts)
        self._unchanged += len(plan.unchanged)

    def put_unseen(self, plan: Plan) -> None:
        """Carry out puts of what nobody can have asked for yet: the CDN need not be told."""
        self._cloud.fan.io(lambda put: self._cloud.site.put(put.artifact), plan.puts)
        self._put |= {put.artifact.key: put.reason for put in plan.puts}

    def delete(self, plan: Plan) -> None:
        """Carry out a plan's deletes."""
        self._cloud.fan.io(self._delete_one, plan.deletes)

    def forget(self, deletes: Iterable[Delete]) -> None:
        """Delete what nobody will know of any more, and tell the CDN at once: this run, or one that deleted it before, may die before its end."""
        wanted = list(deletes)
        self.delete(self.plan((), wanted))
        self._tell({delete.key for delete in wanted})

    def copy_statics(self, files: Sequence[StaticFile], kept: Container[str]) -> None:
        """Make the copies of static files what the uploads are. At the keys `kept` something else is to stand when an upload is gone."""
        self._look_at(file.target for file in files)
        self._cloud.fan.io(self._copy_one, [file for file in files if file.source and not file.current])
        gone = [file.target for file in files if not file.source and file.actual and file.target not in kept]
        self.delete(Plan(deletes=tuple(Delete(target, "source gone") for target in gone)))
        self._unchanged += sum(1 for file in files if file.source and file.current)

    def settled(self, sections: Iterable[str], keys: Iterable[str]) -> None:
        """These sections are in order now, and so are these keys, whatever was written there before."""
        self.sections.update(sections)
        self.touched.difference_update(keys)

    def changed_overviews(self, now: set[str], before: set[str]) -> set[str]:
        """The addresses of overviews that came or went with this attempt, which found those `before`; or by others since the run's last one."""
        known, self._overviews = self._overviews, now
        return (now ^ before) | (now ^ (now if known is None else known))

    def finish(self, problems: Iterable[Problem]) -> Report:
        """End an attempt: tell the CDN, once and after all of it, what changed since it was last told."""
        self._attempts += 1
        self._problems |= dict.fromkeys(problems)
        self._tell(self._untold)
        return self.report()

    def report(self) -> Report:
        """What the run has done so far."""
        return Report(
            put=dict(self._put),
            deleted=dict(self._deleted),
            unchanged=self._unchanged,
            problems=tuple(self._problems),
            invalidated=tuple(self._invalidated),
            attempts=self._attempts,
            sections=frozenset(self.replaced),
        )

    def _tell(self, keys: set[str]) -> None:
        if paths := invalidation(keys):
            self._cloud.cdn.invalidate(paths)
            self._invalidated |= dict.fromkeys(paths)
        self._untold -= keys

    def _observe(self, keys: Iterable[str], anew: Collection[str]) -> dict[str, Observed | None]:
        wanted = list(dict.fromkeys(keys))
        self._look_at(wanted)
        if self.listed is not None:
            seen = {key: self.listed.site.get(key) for key in wanted}
            return seen | observe((key for key in anew if seen[key]), self._cloud.site, self._cloud.fan)
        return observe(wanted, self._cloud.site, self._cloud.fan)

    def _look_at(self, keys: Iterable[str]) -> None:
        if self.again:
            self._untold.update(keys)

    def _touch(self, key: str) -> None:
        self.idle = False
        self._untold.add(key)
        self.touched.add(key)

    def _put_one(self, put: Put) -> None:
        self._touch(put.artifact.key)  # before it is done: a request that fails may have had its effect
        self._cloud.site.put(put.artifact)
        self._put[put.artifact.key] = put.reason
        self._deleted.pop(put.artifact.key, None)

    def _delete_one(self, delete: Delete) -> None:
        self._touch(delete.key)
        self._cloud.site.delete(delete.key)
        self._deleted[delete.key] = delete.reason
        self._put.pop(delete.key, None)

    def _copy_one(self, file: StaticFile) -> None:
        if file.source:
            self._touch(file.target)
            self._cloud.site.copy(self._cloud.source, file.source, copy_of(file))
        self._put[file.target] = "changed" if file.actual else "new"
