"""Folders → a `Cloud`: the one in which `tilepress build` and `tilepress check` work."""

import os
import time
from pathlib import Path

from tilepress.adapters.cloudfront import NoCdn
from tilepress.adapters.deadline import deadline
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.fans import Processes
from tilepress.ports import Cloud, Encoder, Store


def encoder(*, files: bool = True) -> Encoder | None:
    """What makes variants of images, or without `files` only says which there would be.

    None where Pillow is not installed: then images are published as they are.
    """
    try:
        from tilepress.adapters.photos import photo, sized  # noqa: PLC0415 - a library of the command line, not of the publisher
    except ImportError:
        return None
    return photo if files else sized


def folder_cloud(source: Path, site: Store, *, files: bool = True) -> Cloud:
    """A source folder, and any store to publish in. Every core computes; retired addresses have no grace, as nobody else writes.

    Without `files` no variants of images are made, which takes most of a build's time: for a check, which nobody looks at.
    """
    return Cloud(
        source=DirectoryStore(source),
        site=site,
        cdn=NoCdn(),
        fan=Processes(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1),
        now=time.time,
        pause=lambda _attempt: None,
        guard=deadline,
        retire_after=0,
        encoder=encoder(files=files),
    )
