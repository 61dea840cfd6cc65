"""Finished HTML × what is known of images → HTML whose images come in a fitting width, and in which no image is broken.

Variants stand in a `<picture>`, whose `<img>` names the one that any browser shows. An image that is not there is a box with its
text alternative. Images of other sites, and those of which nothing is known, stay as they are.
"""

from collections.abc import Callable

from tilepress.markup.tokens import Tag, Token, element, is_start, read, write
from tilepress.pages import Html
from tilepress.pictures import FORMATS, Picture, image_key

SIZES = "(min-width: 48rem) 44rem, 100vw"
"""How wide an image in a text is at most, for browsers to choose by."""

Known = Callable[[str], Picture | None]
"""What is known of an image, by its key; None when there is none."""


def images_in(html: Html) -> list[str]:
    """The keys of the images of this site in a text, in order."""
    return [key for token in (read(html) if "<img" in html else ()) if isinstance(token, Tag) and (key := _key(token))]


def with_pictures(html: Html, known: Known) -> Html:
    """The text with its images as they are to be shown."""
    if "<img" not in html:
        return html
    found: list[Token] = []
    inside = 0
    for token in read(html):
        if isinstance(token, Tag) and token.name == "picture":
            inside += -1 if token.ends else 1
        key = _key(token)
        found += _shown(token, known(key), inside=bool(inside)) if isinstance(token, Tag) and key else [token]
    return Html(write(found))


def _key(token: Token) -> str:
    return image_key(token.attributes.get("src", "")) if isinstance(token, Tag) and is_start(token, "img") else ""


def _shown(image: Tag, picture: Picture | None, *, inside: bool) -> list[Token]:
    """An image as it is to be shown. `inside` an element of its author's that chooses among sources, it stays that element's."""
    if picture is None:
        return element("span", image.attributes.get("alt", ""), {"class": "no-picture"})
    attributes = {"loading": "lazy", "decoding": "async"} | image.attributes
    if picture.width and not attributes.keys() & {"width", "height"}:
        attributes |= {"width": str(picture.width), "height": str(picture.height)}
    if not picture.widths:
        return [Tag("img", attributes)]
    shown = Tag("img", attributes | {"src": picture.source()})
    if inside:
        return [shown]
    sources = [Tag("source", {"type": f"image/{form}", "srcset": picture.srcset(form), "sizes": SIZES}) for form in FORMATS]
    return [Tag("picture"), *sources, shown, Tag("picture", ends=True)]
