"""What happens between two calls of a run: stores that refuse once, or let others act; and what there is afterwards."""

from collections.abc import Callable, Iterator
from typing import Any

from builders import theme
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact, Observed
from tilepress.books import ROOT_KEY
from tilepress.errors import Stale
from tilepress.pictures import Developed
from tilepress.ports import Cloud
from tilepress.reports import REPORTS

A, B = "content/projekte/a.md", "content/projekte/b.md"
PAGE_B = "projekte/b/index.html"
LOOK = theme()
SETTINGS = "base_url: https://x.de\n"
DAY = 86_400.0


class Refusing(MemoryStore):
    """Refuses to replace the root ledger once, when a section's has been replaced already; something else may happen then."""

    armed = False

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """Perhaps refused."""
        if self.armed and artifact.key == ROOT_KEY:
            self.armed = False
            self._meanwhile()
            raise Stale(artifact.key)
        return super().replace(artifact, etag)


class Listed(MemoryStore):
    """Something happens when it has been listed."""

    def __init__(self, origin: Any, act: Callable[[], None]) -> None:
        super().__init__()
        self.__dict__.update(origin.__dict__)
        self._acts = [act]

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """As it is, with what happens afterwards."""
        found = [*super().list(prefix)]
        if self._acts and not prefix:
            self._acts.pop()()
        return iter(found)


def write(cloud: Cloud, key: str, text: str) -> None:
    """A file comes."""
    cloud.source.put(Artifact(key, text.encode(), ""))


def site(cloud: Cloud) -> dict[str, str]:
    """What is published."""
    return {seen.key: seen.etag for seen in cloud.site.list() if not seen.key.startswith(".tilepress/")}


def encode(body: bytes) -> Developed:
    """An image that is developed to nothing, with this problem."""
    return Developed(problem=body.decode())


def reports(cloud: Cloud) -> dict[str, str]:
    """The reports there are."""
    return {seen.key: seen.etag for seen in cloud.source.list(REPORTS)}
