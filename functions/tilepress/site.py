"""site.yaml and the data files → `Site`: everything besides its own source that a page is rendered from.

Without site.yaml there are sensible defaults. A site.yaml or data file with an error in it gives problems and no site:
the published site then stays as it was, because every page depends on them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tilepress import front_matter
from tilepress.addresses import DATA, THEME, normal_address, sanitize, search_word
from tilepress.artifacts import digest
from tilepress.fields import Fields, link, plain
from tilepress.look import Look, read_look
from tilepress.nodes import Broken, Scalar
from tilepress.nodes import Mapping as Named
from tilepress.nodes import Sequence as Listed
from tilepress.pages import Problem, Severity, SourceFile
from tilepress.wording import WORDINGS, Wording, teller
from tilepress.yaml_nodes import compose, compose_fields

LANGUAGES = ("de", "en")
"""The languages of a site that names none."""

ENGINES = ("markdown", "commonmark")
"""What may read the Markdown."""

_SECURITY = tuple("contact expires encryption acknowledgments preferred-languages canonical policy hiring".split())
_KNOWN = tuple(
    """
    title description base_url default_language languages time_zone image_path logo data markdown theme messages menu footer preview security
    search
    """.split()
)
_WORDS = {
    "titel": "title",
    "sprachen": "languages",
    "zeitzone": "time_zone",
    "beschreibung": "description",
    "menü": "menu",
    "sprache": "messages",
    "suche": "search",
}
_LANGUAGE_WORDS = {"deutsch": "de", "german": "de", "englisch": "en", "english": "en"}
_LANGUAGE = re.compile(rb"^(messages|default_language)[ \t]*:[ \t]*[\"']?([A-Za-z-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Localized:
    """A text in one or several languages."""

    texts: Mapping[str, str]
    default_language: str

    def in_language(self, lang: str) -> str:
        """The text in this language, else in the site's default language, else in any."""
        for tried in (lang, self.default_language):
            if tried in self.texts:
                return self.texts[tried]
        return next(iter(self.texts.values()), "")


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link in a menu. `url` is an address below the language's root, or a full address elsewhere."""

    url: str
    title: Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """One person of data/team.yaml."""

    key: str
    name: str
    positions: Localized
    mail: str = ""
    img: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The settings of a site, complete with defaults. `digest` names everything that pages may depend on."""

    title: Localized
    description: Localized
    base_url: str = ""
    default_language: str = "de"
    languages: tuple[str, ...] = LANGUAGES
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    image_path: str = "/files/"
    logo: str = ""
    preview: str = ""
    security: Mapping[str, str] = field(default_factory=dict)
    data: tuple[str, ...] = ("team",)
    look: Look = field(default_factory=Look)
    embed_hosts: tuple[str, ...] = ()
    engine: str = "markdown"
    wording: Wording = "de"
    menu: tuple[MenuLink, ...] = ()
    footer: tuple[MenuLink, ...] = ()
    search: bool = True
    team: Mapping[str, TeamMember] = field(default_factory=dict)
    digest: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)

    def image_address(self, path: str) -> str:
        """Where an image of this site stands: below the image path, unless its path starts with a slash."""
        return path if not path or path.startswith("/") else self.image_path + path

    def overviews(self, section: str) -> bool:
        """Whether a folder of this name has an overview: not one called like a language, or at whose address search stands."""
        return section not in self.languages and not (self.search and section in map(search_word, self.languages))

    def section_title(self, section: str, lang: str) -> str:
        """What links to a section call it: its title in a menu, else its folder's name."""
        for entry in (*self.menu, *self.footer):
            if entry.url.strip("/") == section:
                return entry.title.in_language(lang)
        return section.replace("-", " ").capitalize()


def data_keys(site: Site) -> tuple[str, ...]:
    """The keys of the data files that the settings name."""
    return tuple(f"{DATA}{name}.yaml" for name in site.data)


def theme_keys(site: Site) -> tuple[str, ...]:
    """The keys of the theme's files that the settings name."""
    return tuple(f"{THEME}{name}" for name in site.look.files)


def parse_site(source: SourceFile | None) -> tuple[Site | None, tuple[Problem, ...]]:
    """The settings, and what is wrong with them. No file gives the defaults; an error gives None."""
    if source is None:
        nothing = Localized({}, "de")
        return Site(title=nothing, description=nothing, digest=digest("")), ()
    problems: list[Problem] = []
    wording = wording_of(source)
    tell = teller(source.key, wording)
    try:
        mapping, warnings = compose_fields(_text(source, wording), tell)
    except Broken as broken:
        return None, (broken.problem,)
    fields = Fields(mapping, tell, problems)
    site = _site(fields, source, wording)
    fields.unknown(_KNOWN, _WORDS)
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    return None if failed else site, (*warnings, *problems)


def wording_of(source: SourceFile | None) -> Wording:
    """The language that problems are told in: that of `messages`, else German where the site is.

    Looked for in the bytes, since what is wrong with the settings is to be told in it as well.
    """
    if source is None:
        return "de"
    found = {name.decode(): value.decode() for name, value in _LANGUAGE.findall(source.body)}
    said = found.get("messages") or found.get("default_language") or "de"
    return "de" if said.lower() == "de" else "en"


def _site(fields: Fields, source: SourceFile, wording: Wording) -> Site:
    if fields.text("messages"):
        fields.choice("messages", (wording, *(one for one in WORDINGS if one != wording)), _LANGUAGE_WORDS)
    default = fields.text("default_language").lower() or "de"
    usual = LANGUAGES if default in LANGUAGES else (default,)
    languages = tuple(sanitize(lang) for lang in fields.texts("languages")) or usual
    if default not in languages:
        fields.note("languages", "language.default", default=default)
    if any(not lang or "/" in lang or "." in lang for lang in languages):
        fields.note("languages", "language.code")
    base_url = fields.link("base_url").rstrip("/")
    markdown = fields.mapping_of("markdown")
    options = fields.within(markdown) if markdown else None
    image_path = normal_address(fields.text("image_path") or "/files/")
    theme = fields.mapping_of("theme")
    return Site(
        title=_localized(fields, "title", default),
        description=_localized(fields, "description", default),
        base_url=base_url if base_url.startswith("http") else "",
        default_language=default,
        languages=(default, *(lang for lang in dict.fromkeys(languages) if lang != default)),
        time_zone=_zone(fields),
        image_path=image_path,
        logo=_own_image(fields, "logo"),
        preview=_own_image(fields, "preview"),
        security=_security(fields),
        data=fields.file_names("data", DATA, ".yaml", "team") or ("team",),
        look=read_look(fields.within(theme), image_path) if theme else Look(),
        embed_hosts=tuple(host.lower() for host in options.texts("embed_hosts")) if options else (),
        engine=options.choice("engine", ENGINES, {}) if options else ENGINES[0],
        menu=_menu(fields, "menu", default),
        footer=_menu(fields, "footer", default),
        search=fields.flag("search") if fields.node("search") else True,
        wording=wording,
        digest=digest(source.body),
    )


def _localized(fields: Fields, name: str, default: str) -> Localized:
    node = fields.node(name)
    if isinstance(node, Named):
        inner = fields.within(node)
        return Localized({lang: inner.text(lang) for lang in node.fields}, default)
    text = fields.text(name)
    return Localized({default: text} if text else {}, default)


def _own_image(fields: Fields, name: str) -> str:
    said = fields.text(name)
    if "://" in said or said.startswith("//") or ".." in said.split("/"):
        fields.note(name, "image.own", said=said)
    return said


def _security(fields: Fields) -> dict[str, str]:
    """The lines of security.txt (RFC 9116). It has to say whom to write to, and until when that is true."""
    node = fields.mapping_of("security")
    if node is None:
        return {}
    inner = fields.within(node)
    for name in inner.unknown(_SECURITY, {}):
        inner.note(name, "unknown-field.security", lines=", ".join(_SECURITY))
    found = {name: inner.text(name) for name in _SECURITY if inner.text(name)}
    for name, said in (("contact", "mailto:security@example.org"), ("expires", "2027-12-31T00:00:00Z")):
        if name not in found:
            fields.note("security", "security", line_name=name, said=said)
    return found


def _zone(fields: Fields) -> ZoneInfo:
    name = fields.text("time_zone") or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fields.note("time_zone", "time-zone", said=name)
        return ZoneInfo("UTC")


def _menu(fields: Fields, name: str, default: str) -> tuple[MenuLink, ...]:
    node = fields.node(name)
    links: list[MenuLink] = []
    for entry in node.nodes if isinstance(node, Listed) else () if node is None else (node,):
        if not isinstance(entry, Named):
            fields.note(name, "wrong-type.links")
            return ()
        inner = fields.within(entry)
        said = inner.text("url")
        url = said if said.startswith("/") and not said.startswith("//") else link(said)
        if not url:
            inner.note("url", "address.menu", said=said)
        links.append(MenuLink(normal_address(url) if url.startswith("/") and url.endswith("/") else url, _localized(inner, "title", default)))
    return tuple(links)


def with_data(site: Site, sources: Sequence[SourceFile]) -> tuple[Site | None, tuple[Problem, ...]]:
    """The site with its data files read. An error in one of them gives None."""
    problems: list[Problem] = []
    team: dict[str, TeamMember] = {}
    for source in sources:
        try:
            node, warnings = _data(source, site.wording)
        except Broken as broken:
            problems.append(broken.problem)
            continue
        problems.extend(warnings)
        if source.key == f"{DATA}team.yaml":
            team = _team(Fields(Named({}, {}, 1, 1), teller(source.key, site.wording), problems), node, site)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, tuple(problems)
    complete = {name: getattr(site, name) for name in Site.__slots__} | {
        "team": team,
        "digest": digest(site.digest, *(part for source in sorted(sources, key=lambda s: s.key) for part in (source.key, source.body))),
    }
    return Site(**complete), tuple(problems)


def _text(source: SourceFile, wording: Wording) -> str:
    """The text of a file of settings or data, which may be empty: then it says nothing."""
    return front_matter.decode(source, wording) if source.body.strip() else ""


def _data(source: SourceFile, wording: Wording) -> tuple[Named | Listed, tuple[Problem, ...]]:
    """A data file's contents: a mapping, or a list."""
    tell = teller(source.key, wording)
    node, warnings = compose(_text(source, wording), tell)
    if isinstance(node, Scalar):
        raise Broken(tell("not-a-mapping.people", line=node.line, column=node.column))
    return node or Named({}, {}, 1, 1), warnings


def _team(outer: Fields, node: Named | Listed, site: Site) -> dict[str, TeamMember]:
    """People by key: the name of the entry, or (in a list) its `key`, else its `img`, else its name in one word."""
    named = node.fields.items() if isinstance(node, Named) else (("", entry) for entry in node.nodes)
    team: dict[str, TeamMember] = {}
    for name, entry in named:
        if not isinstance(entry, Named):
            outer.problems.append(outer.tell("wrong-type.person", line=entry.line, column=entry.column))
            continue
        fields = outer.within(entry)
        img = fields.text("img")
        key = team_key(name or fields.text("key") or img or fields.text("name"))
        positions = {site.default_language: fields.text("position")}
        positions |= {lang: text for lang in site.languages if (text := fields.text(f"position_{lang}"))}
        mail = fields.text("mail") or fields.text("email")
        team[key] = TeamMember(
            key=key,
            name=fields.text("name") or plain(name),
            positions=Localized(positions, site.default_language),
            mail=link(mail) and link(mail).removeprefix("mailto:"),
            img=img if "." in img else "",
        )
    return team


def team_key(text: str) -> str:
    """The form in which keys of people are compared: `Eva Holzheimer` and `EvaHolzheimer` are the same."""
    return "".join(text.split()).casefold()
