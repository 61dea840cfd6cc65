"""A source file → pages, or problems. Never raises, reads nothing, knows no clock.

Two shapes of files are in use. The usual one: front matter of one language and a Markdown body. The old one: texts of
several languages in the front matter, below `de:` and `en:`, with the body under `content`. Such a file gives a page for
each of its languages; a file that a language has of its own goes before it (see `tilepress.groups`).
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tilepress import front_matter, markup
from tilepress.addresses import (
    ASSETS,
    RESERVED_NAMES,
    fits,
    group_of,
    is_derived,
    normal_address,
    object_key,
    page_address,
    section_of,
    slug_parts,
)
from tilepress.errors import DeadlineExceeded, TooComplex
from tilepress.fields import Fields, link, plain
from tilepress.front_matter import Document
from tilepress.nodes import Broken, Mapping, Scalar, Sequence
from tilepress.pages import (
    NO_HTML,
    PROBLEMS_MAX,
    Contact,
    Html,
    Page,
    Parsed,
    Person,
    Problem,
    Severity,
    SourceFile,
    TileSize,
    Value,
    Visibility,
)
from tilepress.remarks import PLACEHOLDER, remarks
from tilepress.site import Site, team_key
from tilepress.vocabulary import FIELD_WORDS, FOCUS_SHARES, FOCUS_WORDS, NAMES, TILE_WORDS, TILES, TYPE_WORDS
from tilepress.wording import Tell, teller

Guard = Callable[[], AbstractContextManager[None]]
"""Makes a context that bounds what happens in it, by raising DeadlineExceeded."""

_SHARE = re.compile(r"\d{1,3}%?")
_PROFILES = {
    "twitter": "https://twitter.com/{}",
    "x": "https://x.com/{}",
    "facebook": "https://www.facebook.com/{}",
    "instagram": "https://www.instagram.com/{}",
    "github": "https://github.com/{}",
    "linkedin": "https://www.linkedin.com/company/{}",
    "youtube": "https://www.youtube.com/@{}",
}


def parse(source: SourceFile, site: Site, guard: Guard = nullcontext) -> Parsed:
    """The pages of one Markdown file, or what is wrong with it."""
    problems: list[Problem] = []
    try:
        with guard():
            document = front_matter.read(source, site.wording)
        pages, visibility = _pages(source.key, document, site, problems, guard)
    except Broken as broken:
        return Parsed(problems=_told([*problems, broken.problem]))
    except DeadlineExceeded:
        return Parsed(problems=(teller(source.key, site.wording)("front-matter-too-complex"),))
    problems = [*document.warnings, *problems]
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    return Parsed(pages=() if failed else pages, problems=_told(problems), visibility=visibility)


def _told(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order of the file; of very many the errors first."""
    worst = sorted(dict.fromkeys(problems), key=lambda problem: problem.severity is Severity.WARNING)[:PROBLEMS_MAX]
    return tuple(sorted(worst, key=lambda problem: (problem.line, problem.column, problem.code)))


def _pages(key: str, document: Document, site: Site, problems: list[Problem], guard: Guard) -> tuple[tuple[Page, ...], Visibility]:
    group, suffix = group_of(key, site.languages)
    own = suffix or site.default_language
    tell = teller(key, site.wording)
    overlays = {lang: node for lang in site.languages if isinstance(node := document.fields.fields.get(lang), Mapping)}
    pages = []
    visibility = Visibility()
    for lang in dict.fromkeys((own, *(() if suffix else overlays))):
        overlay = overlays.get(lang)
        fields = Fields(_overlaid(document.fields, overlay) if overlay else document.fields, tell, problems)
        fields.read.update(overlays)
        text, line = (document.body, document.body_line) if lang == own else ("", 1)
        if overlay and not text.strip():
            text, line = fields.raw("content"), overlay.names["content"].line if "content" in overlay.names else line
        if lang == own:
            visibility = _visibility(fields, site.time_zone)
        body = _html(tell, text, line, lambda text: markup.to_html(text, _rules(site)), guard)
        pages.append(_page(key, fields, group, lang, site, body, guard))
        problems.extend(remarks(text, line, body, tell, _host(site)))
    return tuple(pages), visibility


def _overlaid(fields: Mapping, overlay: Mapping) -> Mapping:
    """The fields with those of one language over them."""
    return Mapping(fields.fields | overlay.fields, fields.names | overlay.names, fields.line, fields.column)


def _visibility(fields: Fields, zone: ZoneInfo) -> Visibility:
    return Visibility(
        draft=fields.flag("draft"),
        publish=fields.moment("publishDate", zone),
        expire=fields.moment("expiryDate", zone),
    )


def _page(key: str, fields: Fields, group: str, lang: str, site: Site, body: Html, guard: Guard) -> Page:
    title = fields.text("title")
    if not title:
        fields.note("title", "title-missing")
    slug = fields.text("slug")
    address = page_address(group, lang, site.default_language, slug or None)
    if slug and (not slug_parts(slug) or not RESERVED_NAMES.isdisjoint(slug_parts(slug)) or not fits(object_key(address))):
        fields.note("slug", "slug", said=slug)
    if is_derived(address, site.languages):
        fields.note("slug" if slug else "title", "reserved-address", address=address)
    categories = ("kategorien", "categories") if lang == "de" else ("categories", "kategorien")
    moments = {name: fields.moment(name, site.time_zone) for name in ("date", "lastmod")}
    page = Page(
        key=key,
        group=group,
        section=section_of(group),
        lang=lang,
        address=address,
        title=title,
        slug=slug,
        aliases=_aliases(fields, group, site),
        subtitle=fields.text("subtitle"),
        description=fields.text("description"),
        summary=fields.text("summary"),
        date=moments["date"].isoformat() if moments["date"] else "",
        lastmod=moments["lastmod"].isoformat() if moments["lastmod"] else "",
        layout=fields.text("layout"),
        type=_type(fields),
        tile=_tile(fields),
        weight=fields.number("weight"),
        img=fields.image("img", site.image_path),
        img_alt=fields.text("img_alt"),
        img_header=fields.image("img_header", site.image_path),
        img_license=fields.text("img_license"),
        focus=_focus(fields),
        categories=next((found for name in categories if (found := tuple(dict.fromkeys(fields.texts(name))))), ()),
        tags=fields.texts("tags"),
        search_keys=fields.texts("search_keys"),
        people=_people(fields),
        contacts=_contacts(fields),
        contact_person=team_key(fields.text("contact_person")),
        years=fields.text("years"),
        partners=fields.texts("partners"),
        financing=fields.texts("financing"),
        website=fields.link("website"),
        cta=fields.text("cta"),
        cta_text=_inline(fields, "cta_text", site, guard),
        more_text=_inline(fields, "more_text", site, guard),
        body=body,
    )
    if (page.img or page.img_header) and not page.img_alt:
        fields.note("img" if page.img else "img_header", "alt.field")
    for name, text in (("title", title), ("subtitle", page.subtitle)):
        if placeholder := PLACEHOLDER.search(text):
            fields.note(name, "placeholder", said=placeholder[0])
    if page.contact_person and page.contact_person not in site.team:
        fields.note("contact_person", "contact-person", said=fields.text("contact_person"))
    fields.read.update((*NAMES, "content"))
    params: dict[str, Value] = {name: fields.mapping.fields[name].value() for name in fields.unknown(NAMES, FIELD_WORDS)}
    return _replace_params(page, params)


def _replace_params(page: Page, params: dict[str, Value]) -> Page:
    return Page(**({name: getattr(page, name) for name in Page.__slots__} | {"params": params}))


def _focus(fields: Fields) -> str:
    """What of an image stays in view when it is cut to its place: from the left and from the top, in tens of percent."""
    said = fields.text("focus")
    shares = [FOCUS_WORDS.get(word, word) for word in said.lower().replace(",", " ").split()]
    across = [share for share in shares if share in {"left", "right"}]
    down = [share for share in shares if share in {"top", "bottom"}]
    if not said:
        return ""
    if len(across) + len(down) + shares.count("center") == len(shares) and len(across) < 2 and len(down) < 2:  # noqa: PLR2004 - one of each
        return f"{FOCUS_SHARES.get(across[0] if across else 'center')} {FOCUS_SHARES.get(down[0] if down else 'center')}"
    numbers = [int(share.removesuffix("%")) for share in shares if _SHARE.fullmatch(share)]
    if len(shares) != 2 or len(numbers) != 2 or max(numbers) > 100:  # noqa: PLR2004 - two shares of a hundred
        fields.note("focus", "focus", said=said)
        return ""
    return " ".join(f"{round(number, -1)}%" for number in numbers)


def _tile(fields: Fields) -> TileSize:
    said = fields.choice("tile", TILES, TILE_WORDS)
    return next(tile for tile in TILES if tile == said)


def _type(fields: Fields) -> str:
    """What kind of project the page is about: any word; one that means "archive" is taken for it."""
    said = fields.text("type").lower()
    if said in TYPE_WORDS:
        fields.note("type", "unknown-value", said=said, used=TYPE_WORDS[said], choices=TYPE_WORDS[said])
        return TYPE_WORDS[said]
    return said


def _aliases(fields: Fields, group: str, site: Site) -> tuple[str, ...]:
    """Further addresses of the page. A relative one stands beside it; `/` and what leads out of the site are refused."""
    found = []
    for said in fields.texts("aliases"):
        address = normal_address(said if said.startswith("/") else f"/{section_of(group)}/{said}")
        parts = address.strip("/").split("/")
        elsewhere = "://" in said or said.startswith("//")
        reserved = not RESERVED_NAMES.isdisjoint(parts) or is_derived(address, site.languages) or address.startswith(f"/{ASSETS}")
        too_long = not fits(object_key(address))
        if elsewhere or reserved or too_long or parts[0].startswith(".") or address.strip("/") in {"", *site.languages}:
            fields.note("aliases", "alias", said=said)
        else:
            found.append(address)
    return tuple(dict.fromkeys(found))


def _people(fields: Fields) -> tuple[Person, ...]:
    node = fields.node("people")
    if node is None:
        return ()
    people = []
    for entry in node.nodes if isinstance(node, Sequence) else (node,):
        if isinstance(entry, Mapping):
            inner = fields.within(entry)
            people.append(Person(inner.text("name"), inner.text("role")))
        elif isinstance(entry, Scalar):
            people.append(Person(plain(entry.text)))
        else:
            fields.note("people", "wrong-type.people")
    return tuple(person for person in people if person.name)


def _contacts(fields: Fields) -> tuple[Contact, ...]:
    mapping = fields.mapping_of("contact")
    if mapping is None:
        return ()
    inner = fields.within(mapping)
    return tuple(contact for name in mapping.fields if (contact := _contact(inner, name.strip())))


def _contact(fields: Fields, kind: str) -> Contact | None:
    """A contact given as an address, as a name on a platform that we know, or as `{handle, server}`."""
    node = fields.mapping.fields.get(kind)
    if isinstance(node, Mapping):
        inner = fields.within(node)
        handle, server = inner.text("handle").lstrip("@"), inner.text("server")
        url = link(f"https://{server}/@{handle}") if handle and server else ""
        return Contact(kind, f"@{handle}@{server}", url) if url else None
    if not isinstance(node, Scalar) or node.value() is None:
        return None
    said = plain(node.text)
    handle = said.lstrip("@")
    if kind in _PROFILES and "/" not in said and " " not in handle:
        return Contact(kind, f"@{handle}", link(_PROFILES[kind].format(handle)))
    if kind == "mastodon" and "/" not in said and handle.count("@") == 1:
        name, _, server = handle.partition("@")
        return Contact(kind, f"@{handle}", link(f"https://{server}/@{name}"))
    url = link(said)
    label = url.partition(":")[2] if url.startswith(("mailto:", "tel:")) else url.partition("://")[2].strip("/")
    return Contact(kind, label, url) if url else None


def _inline(fields: Fields, name: str, site: Site, guard: Guard) -> Html:
    text = fields.raw(name)
    node = fields.node(name)
    line = node.line if node else 1
    if not text.strip():
        return NO_HTML
    found = _html(fields.tell, text, line, lambda text: markup.inline(text, _rules(site)), guard)
    fields.problems.extend(remarks(text, line, found, fields.tell, _host(site)))
    return found


def _rules(site: Site) -> markup.Rules:
    return markup.Rules(site.engine, site.embed_hosts, _host(site))


def _host(site: Site) -> str:
    return urlsplit(site.base_url).netloc.lower()


def _html(tell: Tell, text: str, line: int, convert: Callable[[str], Html], guard: Guard) -> Html:
    """The text converted, within the guard's bounds."""
    try:
        with guard():
            return convert(text)
    except (RecursionError, TooComplex, DeadlineExceeded):
        raise Broken(tell("text-too-complex", line=line)) from None
