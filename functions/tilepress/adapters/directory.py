"""A folder as a store: the source folder of `tilepress build`, and the folder that it builds into.

Content types and cache control are not kept (a web server sets them by its own rules), and there are no versions.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import get_ident

from tilepress.addresses import is_leftover, nfc
from tilepress.artifacts import Artifact, Copy, Observed, etag_of
from tilepress.errors import GiveUp, Stale
from tilepress.pages import SourceFile
from tilepress.ports import Store


class DirectoryStore:
    """Files below a folder; keys are their paths in it, in Unicode's composed form."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real_root = root.resolve()
        self._names: dict[str, str] = {}
        """The paths of those files that have their name in Unicode's decomposed form, by key."""

    def get(self, key: str, version_id: str | None = None) -> SourceFile | None:
        """See `tilepress.ports.Store`. There are no earlier versions."""
        if version_id:
            return None
        path = self._path(key)
        try:
            body = path.read_bytes() if self._is_within(path) else None
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise _refused(error) from error
        return None if body is None else SourceFile(key, body, etag_of(body))

    def head(self, key: str) -> Observed | None:
        """See `tilepress.ports.Store`."""
        found = self.get(key)
        return Observed(key, found.etag, len(found.body)) if found else None

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """See `tilepress.ports.Store`. Hidden files, what editors leave behind, and links that lead out of the folder are not listed."""
        found = {nfc(key): key for key in _files_below(self.root, prefix.rpartition("/")[0])}
        self._names = {key: name for key, name in (self._names | found).items() if key != name}
        for key in sorted(found):
            path = self.root / found[key]
            if key.startswith(prefix) and (not is_leftover(key) or key.startswith(".tilepress/")) and self._is_within(path):
                body = path.read_bytes()
                yield Observed(key, etag_of(body), len(body))

    def put(self, artifact: Artifact) -> str:
        """See `tilepress.ports.Store`."""
        self._write(artifact.key, artifact.body)
        return artifact.etag

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """See `tilepress.ports.Store`. Safe within one process that writes, which is all that a folder is for."""
        found = self.head(artifact.key)
        if (found.etag if found else None) != etag:
            raise Stale(artifact.key)
        return self.put(artifact)

    def copy(self, origin: Store, seen: Observed, copy: Copy) -> None:
        """See `tilepress.ports.Store`."""
        found = origin.get(seen.key)
        if found is None or found.etag != seen.etag:
            raise Stale(seen.key)
        self._write(copy.key, found.body)

    def delete(self, key: str) -> None:
        """See `tilepress.ports.Store`. Folders that become empty go as well."""
        path = self._path(key)
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.root or not folder.is_relative_to(self.root):
                break
            try:
                folder.rmdir()
            except OSError:  # something is in it, or somebody else was faster
                break

    def tags(self, key: str) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """See `tilepress.ports.Store`. Files have no tags."""
        return {}

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:  # noqa: ARG002 - the port's
        """See `tilepress.ports.Store`. Files have no tags."""
        return False

    def _path(self, key: str) -> Path:
        """The file of a key. Raises GiveUp for one that would lie outside of the folder."""
        if any(part in {"", ".", ".."} for part in key.split("/")):
            raise GiveUp(f"{key!r} is not a path within {self.root}")
        return self.root / self._names.get(key, key)

    def _is_within(self, path: Path) -> bool:
        """Whether a file lies in the folder: a link may lead to what nobody meant to publish, the environment with its keys, say."""
        return path.resolve().is_relative_to(self._real_root)

    def _write(self, key: str, body: bytes) -> None:
        """Write a file so that nobody ever sees half of it."""
        path = self._path(key)
        part = path.with_name(f".{os.getpid()}-{get_ident()}.part")  # hidden, and nobody else's
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(body)
            part.replace(path)
        except OSError as error:
            raise _refused(error) from error


def _files_below(root: Path, folder: str) -> Iterator[str]:
    """The paths of all files below a folder of the root, from the root; of none where there is no such folder."""
    try:
        entries = list(os.scandir(root / folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        name = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(root, name)
        elif entry.is_file():
            yield name


def _refused(error: OSError) -> GiveUp:
    return GiveUp(f"{error.filename}: {error.strerror}")
