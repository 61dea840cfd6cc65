"""A page × what is known of images → the page as it is to be shown, and what its author should know of its images. Pure.

A page does not wait for its images. One that is not there is left out: without an image a tile is a poster and a page has no
picture at its top; in a text stands a calm box. As soon as the image comes, the page is looked at again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import unquote

from tilepress.markup import images_in, with_pictures
from tilepress.pages import PROBLEMS_MAX, Page, Problem, SourceFile
from tilepress.pictures import SHOWN, Picture, image_key, pictures_digest
from tilepress.site import Site
from tilepress.wording import problem

Pictures = Mapping[str, Picture | None]
"""What is known of images, by key: None says that there is none. Of what is not named here nobody has looked."""

UNSEEN = Picture()
WIDTHS_MIN = {"img_header": 1200, "double": 960, "single": 640}
"""How many pixels an image should have for its place: the page's whole width, two columns or one of an overview."""
# First words, then names within each: one pattern for both would start anew at every letter of a long word.
_WORD = re.compile(r"""[^\s"'<>()\[\]{}|,:]+""")
_ENDING = re.compile(rf"\.(?:{'|'.join(sorted(SHOWN))})\b", re.IGNORECASE)
_NAME = re.compile(f".+{_ENDING.pattern}", re.IGNORECASE)


def mentioned(files: tuple[SourceFile, ...], site: Site) -> set[str]:
    """The images that these files probably show, from a glance at them: so that most pages are rendered once only."""
    texts = (file.body.decode(errors="replace") for file in files)
    words = (word for text in texts if _ENDING.search(text) for word in _WORD.findall(text))
    found = {name[0] for word in words if (name := _NAME.match(word))}
    keys = {image_key(site.image_address(text)) for text in found}
    if any(b"contact_person" in file.body for file in files):
        keys |= {image_key(site.image_address(member.img)) for member in site.team.values()}
    return keys - {""}


def images_of(page: Page, site: Site) -> set[str]:
    """The keys of the images that a page shows, or would if there were any."""
    member = site.team.get(page.contact_person)
    paths = (page.img, page.img_header, site.image_address(member.img) if member else "")
    texts = (page.body, page.more_text, page.cta_text)
    return {image_key(path) for path in paths if path} - {""} | {key for text in texts for key in images_in(text)}


def known_digest(images: Iterable[str], pictures: Pictures) -> str:
    """A short name for what is known of these images."""
    return pictures_digest({key: pictures.get(key, UNSEEN) for key in images})


def shown_path(path: str, pictures: Pictures) -> str:
    """The path of an image; "" when there is none."""
    return path if picture_of(path, pictures) else ""


def picture_of(path: str, pictures: Pictures) -> Picture | None:
    """What is known of the image of a path; None when there is none."""
    return pictures.get(image_key(path), UNSEEN) if path else None


def illustrated(page: Page, pictures: Pictures) -> Page:
    """The page with its images as they are to be shown."""

    def known(key: str) -> Picture | None:
        return pictures.get(key, UNSEEN)

    return replace(
        page,
        img=shown_path(page.img, pictures),
        img_header=shown_path(page.img_header, pictures),
        body=with_pictures(page.body, known),
        more_text=with_pictures(page.more_text, known),
        cta_text=with_pictures(page.cta_text, known),
    )


def remarks_on_images(page: Page, file: SourceFile, pictures: Pictures, site: Site) -> list[Problem]:
    """Warnings about images that are not there, or too small for their place. Told where the file names them."""
    paths = dict.fromkeys((page.img, page.img_header, *(f"/{key.partition('/')[2]}" for key in images_in(page.body))))
    missing = [path for path in paths if path and picture_of(path, pictures) is None][:PROBLEMS_MAX]
    places = ((page.img, WIDTHS_MIN.get(page.tile, 0)), (page.img_header, WIDTHS_MIN["img_header"]))
    small = [(path, picture.width, least) for path, least in places if (picture := picture_of(path, pictures)) and 0 < picture.width < least]
    if not missing and not small:  # as of nearly all pages
        return []
    line_of, tell = _lines(file.body.decode(errors="replace")), partial(problem, wording=site.wording, file=file.key)
    found = [tell("picture-missing", line=line, path=path) for path in missing if (line := line_of(path))]
    return found + [tell("picture-small", line=line, path=path, width=width, least=least) for path, width, least in small if (line := line_of(path))]


def _lines(text: str) -> Callable[[str], int]:
    """Finds the line of a file that names an image; 0 where none does, as when the page has it of its translation."""
    lines = text.splitlines()
    written = "\n".join(lines), "\n".join(unquote(line).replace("\n", " ") for line in lines)

    def line_of(path: str) -> int:
        name = path.rpartition("/")[2]
        found = [one.count("\n", 0, at) + 1 for one in written if name and (at := one.find(name)) >= 0]
        return min(found, default=0)

    return line_of
