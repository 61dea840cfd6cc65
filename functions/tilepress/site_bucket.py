"""The site bucket during one attempt of a run: looked at, changed by plans, and each change remembered for the report."""

from collections.abc import Iterable

from tilepress.artifacts import Artifact, Observed
from tilepress.pages import Problem
from tilepress.plan import Delete, Plan, Put, invalidation, plan
from tilepress.ports import Cloud, Listings
from tilepress.report import Report
from tilepress.statics import StaticFile, copy_of, read_statics


class SiteBucket:
    """`listed` is good enough to plan by in a first attempt; without it each object is asked for."""

    def __init__(self, cloud: Cloud, listed: Listings | None) -> None:
        self._cloud = cloud
        self._listed = listed
        self._put: dict[str, str] = {}
        self._deleted: dict[str, str] = {}
        self._unchanged = 0

    def plan(self, desired: Iterable[Artifact], undesired: Iterable[Delete] = ()) -> Plan:
        """Compare what is desired with what is there."""
        artifacts, deletes = list(desired), list(undesired)
        keys = [*(artifact.key for artifact in artifacts), *(delete.key for delete in deletes)]
        return plan(artifacts, self._observe(keys), deletes)

    def put(self, plan: Plan) -> None:
        """Carry out a plan's puts."""
        self._cloud.fan.io(self._put_one, plan.puts)
        self._unchanged += len(plan.unchanged)

    def delete(self, plan: Plan) -> None:
        """Carry out a plan's deletes."""
        self._cloud.fan.io(self._delete_one, plan.deletes)

    def copy_statics(self, keys: Iterable[str]) -> tuple[StaticFile, ...]:
        """Make the copies of static files what the uploads are. What was seen of them."""
        files = read_statics(list(keys), self._cloud, self._listed)
        self._cloud.fan.io(self._copy_one, [file for file in files if file.source and not file.current])
        gone = tuple(Delete(file.target, "source gone") for file in files if not file.source and file.actual)
        self.delete(Plan(deletes=gone))
        self._unchanged += sum(1 for file in files if file.source and file.current)
        return files

    def finish(self, problems: Iterable[Problem]) -> Report:
        """Tell the CDN what changed, once, after all of it; and what this attempt did."""
        paths = invalidation((*self._put, *self._deleted))
        if paths:
            self._cloud.cdn.invalidate(paths)
        return Report(
            put=dict(self._put),
            deleted=dict(self._deleted),
            unchanged=self._unchanged,
            problems=tuple(dict.fromkeys(problems)),
            invalidated=paths,
            attempts=1,
        )

    def _observe(self, keys: Iterable[str]) -> dict[str, Observed | None]:
        wanted = list(dict.fromkeys(keys))
        if self._listed is not None:
            return {key: self._listed.site.get(key) for key in wanted}
        return dict(zip(wanted, self._cloud.fan.io(self._cloud.site.head, wanted), strict=True))

    def _put_one(self, put: Put) -> None:
        self._cloud.site.put(put.artifact)
        self._put[put.artifact.key] = put.reason

    def _delete_one(self, delete: Delete) -> None:
        self._cloud.site.delete(delete.key)
        self._deleted[delete.key] = delete.reason

    def _copy_one(self, file: StaticFile) -> None:
        if file.source:
            self._cloud.site.copy(self._cloud.source, file.source, copy_of(file))
        self._put[file.target] = "changed" if file.actual else "new"
