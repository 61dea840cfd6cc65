"""The settings of a run: site.yaml, and the data files and theme files that it names, read from the source bucket."""

from collections.abc import Mapping
from dataclasses import dataclass

from tilepress.addresses import DATA, SETTINGS_KEY, THEME
from tilepress.own_theme import own_theme
from tilepress.pages import Problem, SourceFile
from tilepress.ports import Cloud
from tilepress.site import Site, data_keys, parse_site, theme_keys, with_data, wording_of
from tilepress.theme import Theme
from tilepress.wording import Wording


@dataclass(frozen=True, slots=True)
class Inputs:
    """The settings as they were read; no site when there is an error in them. `etags` say which versions were read, of all that were looked for.

    `theme` is what the site is rendered with: the one that was deployed, with the site's look and its own files.
    """

    site: Site | None
    theme: Theme
    problems: tuple[Problem, ...]
    etags: Mapping[str, str | None]
    files: tuple[SourceFile, ...]
    wording: Wording


def read_inputs(cloud: Cloud, theme: Theme) -> Inputs:
    """Read the settings."""
    source = cloud.source.get(SETTINGS_KEY)
    etags = {SETTINGS_KEY: source.etag if source else None}
    site, problems = parse_site(source)
    if site is None:
        return Inputs(None, theme, problems, etags, (source,) if source else (), wording_of(source))
    keys = (*data_keys(site), *theme_keys(site))
    found = cloud.fan.io(cloud.source.get, keys)
    etags |= {key: file.etag if file else None for key, file in zip(keys, found, strict=True)}
    files = tuple(file for file in found if file)
    complete, of_data = with_data(site, [file for file in files if file.key.startswith(DATA)])
    own, of_theme = own_theme(theme, site, [file for file in files if file.key.startswith(THEME)], cloud.guard)
    return Inputs(
        site=complete if own else None,
        theme=own or theme,
        problems=(*problems, *of_data, *of_theme),
        etags=etags,
        files=(source, *files) if source else files,
        wording=wording_of(source),
    )


def read_site(cloud: Cloud) -> Site | None:
    """What site.yaml says; None while there is an error in it."""
    return parse_site(cloud.source.get(SETTINGS_KEY))[0]
