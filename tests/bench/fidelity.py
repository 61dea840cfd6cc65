"""How bodies come out beside what Hugo makes of them: `python -m tests.bench.fidelity SITE…`, each a folder with `content/`.

Two bodies are equal when their parsed trees are, after folding what no reader sees: white space between blocks, kinds of
quotation marks and dashes, anchors of headings, comments, and attributes that a publisher adds for good reason. Embeds are
left out on both sides. Drafts, and bodies with Hugo's shortcodes, are not compared.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
from tilepress.pages import SourceFile
from tilepress.parse import parse
from tilepress.site import parse_site

ENGINES = ("markdown", "commonmark")
HUGO = Path(sys.executable).with_name("hugo")
SETTINGS = "markdown: {{engine: {}, embed_hosts: [www.youtube-nocookie.com, www.youtube.com, player.vimeo.com]}}\n"
_FOLD = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "‚": "'", "«": "<<", "»": ">>", "—": "-", "–": "-", "\u00a0": " ", "\u00ad": None}
)
_ADDED = {"rel", "role", "tabindex", "loading", "width", "height", "scope", "target"}
_BLOCKS = frozenset(
    """address article aside blockquote br center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr img li main nav
    ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)
_LEFT_OUT = frozenset({"script", "style", "iframe"})


def tree(html: str) -> list[object]:
    """The parsed HTML as a flat list of tags and texts, folded."""
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return list(_without_empty_paragraphs(_trimmed(list(_walk(root, pre=False)))))


def _walk(node: Any, *, pre: bool) -> Iterator[object]:
    yield from _text(node.text, pre=pre)
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _LEFT_OUT and "data-embed" not in child.attrib:
            yield (child.tag, tuple(sorted(_attributes(child))))
            yield from _walk(child, pre=pre or child.tag == "pre")
            yield f"/{child.tag}"
        yield from _text(child.tail, pre=pre)


def _text(text: str | None, *, pre: bool) -> Iterator[object]:
    folded = re.sub(r"-{2,3}", "-", (text or "").translate(_FOLD).replace("...", "…").replace("«", "<<").replace("»", ">>"))
    if folded:
        yield ("text", folded.strip("\n") if pre else re.sub(r"\s+", " ", folded))


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name not in _ADDED and not (name == "id" and re.fullmatch("h[1-6]", element.tag)):
            yield name, unquote(" ".join(value.split())).translate(_FOLD)


def _trimmed(found: list[object]) -> Iterator[object]:
    """Texts less the white space at the edges of blocks; neighbours are one text."""
    for at, token in enumerate(found):
        if not (isinstance(token, tuple) and token[0] == "text"):
            yield token
            continue
        before, after = (_name(found[near]) if 0 <= near < len(found) else "div" for near in (at - 1, at + 1))
        text = token[1].lstrip() if before in _BLOCKS else token[1]
        text = text.rstrip() if after in _BLOCKS else text
        if text:
            yield ("text", text)


def _name(token: object) -> str:
    return token.removeprefix("/") if isinstance(token, str) else str(token[0]) if isinstance(token, tuple) else ""


def _without_empty_paragraphs(found: Iterator[object]) -> list[object]:
    kept: list[object] = []
    for token in found:
        if token == "/p" and kept and kept[-1] == ("p", ()):
            kept.pop()
        else:
            kept.append(token)
    return kept


def hugo(bodies: Sequence[str]) -> list[str]:
    """What Hugo makes of these bodies."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in {
            "hugo.yaml": "disableKinds: [taxonomy, term, home, section, rss, sitemap, '404']\nmarkup: {goldmark: {renderer: {unsafe: true}}}\n",
            "layouts/single.html": "{{ .Content }}",
            **{f"content/p{number}.md": f"---\ntitle: x\n---\n{body}" for number, body in enumerate(bodies)},
        }.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        subprocess.run([HUGO, "-s", name, "-d", folder / "out", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        return [(folder / f"out/p{number}/index.html").read_text(encoding="utf-8") for number in range(len(bodies))]


def differing(folder: Path) -> tuple[int, Mapping[str, list[str]]]:
    """How many bodies of a site were compared, and by engine the files whose bodies are not Hugo's."""
    files = {}
    for path in sorted(folder.glob("content/**/*.md")):
        found = re.match(r"\ufeff?---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|$)(.*)$", path.read_text(encoding="utf-8"), re.DOTALL)
        draft = re.search(r"^draft: *(true|1)", path.read_text(encoding="utf-8"), re.MULTILINE)
        if found and found.group(1).strip() and "{{" not in found.group(1) and not draft:
            files[path.relative_to(folder).as_posix()] = found.group(1)
    expected = dict(zip(files, hugo(list(files.values())), strict=True))
    wrong: dict[str, list[str]] = {engine: [] for engine in ENGINES}
    for engine in ENGINES:
        site, _ = parse_site(SourceFile("site.yaml", SETTINGS.format(engine).encode(), ""))
        for key in files:
            pages = parse(SourceFile(key, (folder / key).read_bytes(), ""), site).pages if site else ()
            if not pages or tree(pages[0].body) != tree(expected[key]):
                wrong[engine].append(key)
    return len(files), wrong


def main() -> None:
    """Print the share of equal bodies, and the others by name."""
    for folder in map(Path, sys.argv[1:]):
        count, wrong = differing(folder)
        for engine, keys in wrong.items():
            print(f"{folder.name} {engine}: {count - len(keys)} of {count} = {100 * (count - len(keys)) / count:.1f} % {' '.join(keys)}")


if __name__ == "__main__":
    main()
