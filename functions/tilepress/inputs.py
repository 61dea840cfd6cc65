"""The settings of a run: site.yaml and the data files that it names, read from the source bucket."""

from collections.abc import Mapping
from dataclasses import dataclass

from tilepress.addresses import SETTINGS_KEY
from tilepress.pages import Problem, SourceFile
from tilepress.ports import Cloud
from tilepress.site import Site, data_keys, parse_site, with_data, wording_of
from tilepress.wording import Wording


@dataclass(frozen=True, slots=True)
class Inputs:
    """The settings as they were read; no site when there is an error in them. `etags` say which versions were read, of all that were looked for."""

    site: Site | None
    problems: tuple[Problem, ...]
    etags: Mapping[str, str | None]
    files: tuple[SourceFile, ...]
    wording: Wording


def read_inputs(cloud: Cloud) -> Inputs:
    """Read the settings."""
    source = cloud.source.get(SETTINGS_KEY)
    etags = {SETTINGS_KEY: source.etag if source else None}
    site, problems = parse_site(source)
    if site is None:
        return Inputs(None, problems, etags, (source,) if source else (), wording_of(source))
    keys = data_keys(site)
    found = cloud.fan.io(cloud.source.get, keys)
    etags |= {key: file.etag if file else None for key, file in zip(keys, found, strict=True)}
    files = tuple(file for file in found if file)
    site, more = with_data(site, files)
    return Inputs(site, (*problems, *more), etags, (source, *files) if source else files, wording_of(source))
