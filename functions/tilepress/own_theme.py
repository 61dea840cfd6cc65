"""The theme, a site's look, and its own files below `theme/` → the site's own theme; or what is wrong with those files. Pure.

A template of one's own is tried on a sample of everything that a site may hold, before any page is rendered with it: what
fails there, fails before anything is published, and the site stays as it was.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache
from types import TracebackType

from tilepress.addresses import CONTENT, THEME, group_of, section_of
from tilepress.dates import in_words
from tilepress.derive import artifact
from tilepress.derive_root import root_derived
from tilepress.derive_section import section_derived
from tilepress.groups import GroupSources, compute
from tilepress.ledger import Ledger, merge, settle
from tilepress.look import css
from tilepress.pages import Problem, SourceFile
from tilepress.parse import Guard
from tilepress.pictures import Picture, image_key
from tilepress.root import Root, merge_root, summaries
from tilepress.site import Localized, Site, TeamMember
from tilepress.theme import I18N, KINDS, BrokenTheme, Files, Theme, broken_by, dressed, language_of
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
contact_person: Ada
cta: Join
cta_text: Now
more_text: More
tile: double
layout: {layout}
aliases: [/sample/before-{lang}-{layout}/]
---
Text
"""
BARE = """---
title: Bare
layout: {layout}
---
"""
OTHERS = {
    "sample/finished": "---\ntitle: Finished\ntype: archive\ncontact_person: Bob\nkategorien: One\n---\n",
    "sample/further": "---\ntitle: Further\ntile: none\nkategorien: One\n---\n",
    "sample/_index": "---\ntitle: Overview\nsubtitle: Second line\nimg_header: a.jpg\n---\nText\n",
    "_index": "---\ntitle: Home\nsubtitle: Second line\nimg_header: a.jpg\n---\nText\n",
}
"""Further samples by the name of their file, without the language."""
TILES_PER_PAGE = 2
"""So few that the sample has next pages."""
PICTURE = Picture(640, 480, "sample", (320, 640), "640.jpg")


def own_theme(theme: Theme, site: Site, files: Sequence[SourceFile], guard: Guard = nullcontext) -> tuple[Theme | None, tuple[Problem, ...]]:
    """The theme that a site is rendered with; None, and why, when one of its files is no good."""
    wrong = [file.key for file in files if not file.key.endswith(tuple(KINDS))]
    if wrong:
        return None, tuple(problem("theme.kind", site.wording, key, kinds=", ".join(sorted(KINDS))) for key in wrong)
    if not files:
        return dressed(theme, css(site.look), ()), ()
    try:
        with guard():
            return _tried(theme, site, tuple((file.key.removeprefix(THEME), file.body) for file in files)), ()
    except BrokenTheme as broken:
        return None, (problem("theme", site.wording, THEME + broken.file, broken.line, said=broken.said),)


def _tried(theme: Theme, site: Site, own: Files) -> Theme:
    """The theme with these files. Raises BrokenTheme, with the place in one of them, for whatever goes wrong with them."""
    names = tuple(name for name, _ in own)
    try:
        found = dressed(theme, css(site.look), own, site.default_language)
        _try(found, names, site)
    except BrokenTheme as broken:
        if broken.file in names:
            raise
        raise BrokenTheme(names[0], 1, broken.said) from broken  # the time was up while one of the theme's own was being read
    except Exception as error:
        raise BrokenTheme(*_place(error.__traceback__, names), f"{type(error).__name__}: {error}") from error
    return found


@lru_cache(maxsize=4)
def _try(theme: Theme, own: tuple[str, ...], site: Site) -> None:
    """Render a sample of every kind of page, in every language of the site. Raises whatever a template does."""
    for name in own:
        if name.startswith(I18N):
            with broken_by(name):
                in_words("2024-01-02", theme.text(language_of(name)))
    people = {name: TeamMember(key=name, name=name, positions=Localized({}, ""), img="a.jpg" if name == "ada" else "") for name in ("ada", "bob")}
    site = replace(site, team=people)
    ledgers: dict[str, Ledger] = {}
    for group, files in _samples(theme, site.languages).items():
        section = section_of(group)
        pictures = {image_key(site.image_address("a.jpg")): PICTURE}
        record = compute(GroupSources(group, tuple(files), pictures=pictures), site, theme, now=0).record
        ledgers[section] = merge(ledgers.get(section, Ledger(section=section)), {group: record}, {}, 0)
    settled = {section: settle(ledger, (), 0, 0) for section, ledger in ledgers.items()}
    root = merge_root(Root(), {section: summaries(one) for section, one in settled.items()}, "")
    of_sections = (derived for one in settled.values() for derived in section_derived(one, site, TILES_PER_PAGE).values())
    for derived in (*of_sections, *root_derived(root, site).values(), *root_derived(Root(), site).values()):
        artifact(derived, site, theme)


def _samples(theme: Theme, languages: Sequence[str]) -> dict[str, list[SourceFile]]:
    """Source files by their page group: what is full has every language, and what is bare has but one."""
    layouts = [stem for name, _ in theme.files if theme.has_layout(stem := name.removesuffix(".html"))]
    texts = {(f"{name}.{lang}", text) for name, text in OTHERS.items() for lang in languages}
    for lang in languages:
        for layout in layouts:
            texts |= {(f"{folder}full-{layout}.{lang}", FULL.format(layout=layout, lang=lang)) for folder in ("sample/", "")}
            texts |= {(f"{folder}bare-{layout}-{lang}.{lang}", BARE.format(layout=layout)) for folder in ("bare/", "")}
    found: dict[str, list[SourceFile]] = {}
    for name, text in sorted(texts):
        key = f"{CONTENT}{name}.md"
        found.setdefault(group_of(key, languages)[0], []).append(SourceFile(key, text.encode(), ""))
    return found


def _place(trace: TracebackType | None, own: tuple[str, ...]) -> tuple[str, int]:
    """Where in one of these files a fault was met last."""
    found = (own[0], 1)
    while trace:
        if trace.tb_frame.f_code.co_filename in own:
            found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found
