"""What a run did, as a value: for logs, metrics, the command line and the tests."""

from dataclasses import dataclass, field

from tilepress.pages import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a run. `put` and `deleted` map keys of the site bucket to the reason; `handed_on` counts files left to other runs.

    Those are so many at least where a state machine lists them. `sections` are those whose ledgers were replaced. `faults` are
    what did not work besides publishing, for want of a permission: for who looks after the stack.
    """

    put: dict[str, str] = field(default_factory=dict)
    deleted: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    invalidated: tuple[str, ...] = ()
    attempts: int = 0
    sections: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()
    handed_on: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing was put or deleted, and no section's ledger replaced."""
        return not (self.put or self.deleted or self.sections)

    def __add__(self, later: "Report") -> "Report":
        return Report(
            put={key: reason for key, reason in self.put.items() if key not in later.deleted} | later.put,
            deleted={key: reason for key, reason in self.deleted.items() if key not in later.put} | later.deleted,
            unchanged=max(self.unchanged, later.unchanged),
            problems=tuple(dict.fromkeys((*self.problems, *later.problems))),
            invalidated=tuple(dict.fromkeys((*self.invalidated, *later.invalidated))),
            attempts=self.attempts + later.attempts,
            sections=self.sections | later.sections,
            faults=tuple(dict.fromkeys((*self.faults, *later.faults))),
            handed_on=self.handed_on + later.handed_on,
        )
