"""The theme, a site's look, and its own files below `theme/` → the site's own theme; or what is wrong with those files. Pure.

A template of one's own is tried on a sample of everything that a site may hold, before any page is rendered with it: what
fails there, fails before anything is published, and the site stays as it was.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from functools import lru_cache
from types import TracebackType

from tilepress.addresses import CONTENT, THEME, group_of, section_of
from tilepress.derive import artifact
from tilepress.derive_root import root_derived
from tilepress.derive_section import section_derived
from tilepress.groups import GroupSources, compute
from tilepress.ledger import Ledger, merge, settle
from tilepress.look import css
from tilepress.pages import Problem, SourceFile
from tilepress.parse import Guard
from tilepress.root import Root, merge_root, summaries
from tilepress.site import Localized, Site
from tilepress.theme import KINDS, BrokenTheme, Theme, dressed
from tilepress.wording import problem

FULL = """---
title: Sample
subtitle: Second line
description: What it is
date: 2024-01-02
lastmod: 2024-02-03
img: a.jpg
img_alt: What it shows
img_header: b.jpg
img_license: Somebody
kategorien: [One, Two]
tags: [a]
years: 2024
people: [{{name: Ada, role: Lead}}]
partners: [Partner]
financing: [Funder]
website: https://example.org/
contact: {{mastodon: "https://example.org/@a"}}
cta: Join
cta_text: Now
more_text: More
layout: {layout}
aliases: [/sample/before-{layout}/]
---
Text
"""
BARE = """---
title: Bare
layout: {layout}
---
"""


def own_theme(theme: Theme, site: Site, files: Sequence[SourceFile], guard: Guard = nullcontext) -> tuple[Theme | None, tuple[Problem, ...]]:
    """The theme that a site is rendered with; None, and why, when one of its files is no good."""
    wrong = [file.key for file in files if not file.key.endswith(tuple(KINDS))]
    if wrong:
        return None, tuple(problem("theme.kind", site.wording, key, kinds=", ".join(sorted(KINDS))) for key in wrong)
    own = tuple((file.key.removeprefix(THEME), file.body) for file in files)
    try:
        found = dressed(theme, css(site.look), own)
        if own:
            with guard():
                _try(found, tuple(name for name, _ in own), site.languages, site.default_language)
    except BrokenTheme as broken:
        return None, (problem("theme", site.wording, THEME + broken.file, broken.line, said=broken.said),)
    return found, ()


@lru_cache(maxsize=4)
def _try(theme: Theme, own: tuple[str, ...], languages: tuple[str, ...], default_language: str) -> None:
    """Render a sample of every kind of page. Raises BrokenTheme, with the place in one of the site's own files."""
    name = Localized({default_language: "Sample"}, default_language)
    site = Site(title=name, description=name, base_url="https://example.org", default_language=default_language, languages=languages)
    try:
        _render_all(theme, site)
    except Exception as error:
        raise BrokenTheme(*_place(error.__traceback__, own), f"{type(error).__name__}: {error}") from error


def _render_all(theme: Theme, site: Site) -> None:
    layouts = [stem for name, _ in theme.files if theme.has_layout(stem := name.removesuffix(".html"))]
    samples = [text.format(layout=layout).encode() for layout in layouts for text in (FULL, BARE)]
    keys = [f"{CONTENT}{folder}{number}.md" for number in range(len(samples)) for folder in ("sample/", "")]
    ledgers = {"": Ledger(section=""), "sample": Ledger(section="sample")}
    for key, body in zip(keys, (body for body in samples for _ in range(2)), strict=True):
        group = group_of(key, site.languages)[0]
        record = compute(GroupSources(group, (SourceFile(key, body, ""),)), site, theme, now=0).record
        ledgers[section_of(group)] = merge(ledgers[section_of(group)], {group: record}, {}, 0)
    settled = {section: settle(ledger, (), 0, 0) for section, ledger in ledgers.items()}
    root = merge_root(Root(), {section: summaries(one) for section, one in settled.items()}, "")
    for derived in (*(one for found in settled.values() for one in section_derived(found, site).values()), *root_derived(root, site).values()):
        artifact(derived, site, theme)


def _place(trace: TracebackType | None, own: tuple[str, ...]) -> tuple[str, int]:
    """Where in one of these files a fault was met last."""
    found = (own[0], 1)
    while trace:
        if trace.tb_frame.f_code.co_filename in own:
            found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found
