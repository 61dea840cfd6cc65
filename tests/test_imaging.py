"""Images and the pages that show them, in whichever order they come: the real publisher on stores in memory, with an encoder of next to nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import memory_cloud, page_text, theme
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact, Observed
from tilepress.books import read_image_ledger
from tilepress.developer import develop_for
from tilepress.errors import TryAgain
from tilepress.events import Message
from tilepress.pictures import BYTES_MAX, Developed, ImageRecord
from tilepress.ports import Cloud
from tilepress.reconcile import reconcile
from tilepress.resync import resync
from tilepress.verify import Drift, verify

PAGE, PHOTO, DRAWING = "content/projekte/a.md", "static/files/a.jpg", "static/files/d.svg"
LOOK = theme(
    project="{{ page.image.src if page.image }}|{{ page.image.width if page.image }}|{{ page.body }}",
    section="{% for tile in page.tiles %}{{ tile.image.src if tile.image else 'poster' }}{% endfor %}",
)


def encode(body: bytes) -> Developed:
    """A variant of each kind, made of the bytes themselves."""
    problem = body.decode() if body.startswith(b"picture-") else ""
    files = {} if problem else {f"320.{form}": form.encode() + body for form in ("avif", "webp", "jpg")}
    return Developed(400, 300, (320,) if files else (), "320.jpg" if files else "", files, problem)


def cloud(**given: Any) -> Cloud:
    """An empty cloud that develops by itself."""
    return memory_cloud({"site.yaml": "title: X\nlanguages: [de]\n"}, **({"encoder": encode} | given))


def upload(to: Cloud, key: str, text: str | bytes) -> None:
    """A file comes, and is published."""
    to.source.put(Artifact(key, text.encode() if isinstance(text, str) else text, ""))
    reconcile([key], to, LOOK)


def remove(of: Cloud, key: str) -> None:
    """A file goes, and what was published of it."""
    of.source.delete(key)
    reconcile([key], of, LOOK)


def shown(of: Cloud, key: str = "projekte/a/index.html") -> str:
    """What stands at a key of the site."""
    found = of.site.get(key)
    return found.body.decode() if found else ""


def variants(of: Cloud) -> list[str]:
    """The variants that there are."""
    return [seen.key for seen in of.site.list("assets/pictures/")]


def record(of: Cloud) -> ImageRecord:
    """What is known of the photo."""
    return read_image_ledger(of.site, "files").value.record(PHOTO)


WITH_IMAGE = page_text("![B](/files/a.jpg)", img="a.jpg")


@pytest.mark.parametrize("order", [(PAGE, PHOTO), (PHOTO, PAGE)])
def test_page_and_image_may_come_in_any_order(order):
    """The page shows the variants, and so does its tile, whichever of the two came first."""
    there, files = cloud(), {PAGE: WITH_IMAGE, PHOTO: "one"}
    for key in order:
        upload(there, key, files[key])
    stem = record(there).stem
    assert shown(there).startswith(f"/assets/pictures/{stem}-320.jpg|400|<p><picture>")
    assert shown(there, "projekte/index.html") == f"/assets/pictures/{stem}-320.jpg"
    assert len(variants(there)) == 3


def test_an_image_on_more_pages_than_a_run_can_look_at_leaves_them_to_others(monkeypatch):
    """The run that notes it sends them and publishes none; it does so once, though it is overtaken and begins again."""
    monkeypatch.setattr("tilepress.reconcile.ALONE_KEYS_MAX", 2)
    queue = MemoryOutbox()
    there = cloud(queue=queue)
    pages = [f"content/projekte/{name}.md" for name in "abcd"]
    for key in pages:
        upload(there, key, WITH_IMAGE)
    there.source.put(Artifact(PHOTO, b"one", ""))
    site = Overtaken(there.site, there)
    reconcile([PHOTO, PAGE], replace(there, site=site), LOOK)
    assert (site.others, queue.sent) == ([], [{"keys": pages[1:], "again": False}])
    assert ["<picture>" in shown(there, f"projekte/{name}/index.html") for name in "abcd"] == [True, False, False, False]
    reconcile(pages[1:], there, LOOK)
    assert all("<picture>" in shown(there, f"projekte/{name}/index.html") for name in "abcd")


class Overtaken(MemoryStore):
    """Somebody publishes another page of the section just before this run writes its ledger."""

    def __init__(self, origin: Any, there: Cloud) -> None:
        super().__init__()
        self.__dict__.update(origin.__dict__)
        self.others = [there]

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """Perhaps too late."""
        if self.others and artifact.key == ".tilepress/sections/projekte.json":
            upload(self.others.pop(), "content/projekte/z.md", page_text())
        return super().replace(artifact, etag)


def test_page_without_its_image_is_calm():
    """Where there is no image there is no broken one: a poster on the overview, a box in the text, a warning to the author."""
    there = cloud()
    upload(there, PAGE, WITH_IMAGE)
    assert shown(there, "projekte/index.html") == "poster"
    assert shown(there) == '||<p><span class="no-picture">B</span></p>'
    report = there.source.get(f"reports/{PAGE}.json")
    assert report is not None
    assert b"picture-missing" in report.body


def test_image_that_comes_takes_the_warning_away():
    """What was missing is there: nothing is wrong any more."""
    there = cloud()
    upload(there, PAGE, WITH_IMAGE)
    upload(there, PHOTO, "one")
    upload(there, "content/projekte/b.md", page_text())
    assert [seen.key for seen in there.source.list("reports/") if "missing" in str(there.source.get(seen.key))] == []


def test_image_that_goes_takes_its_variants_along():
    """Nothing of a deleted image is left, and its page is as it was without it."""
    there = cloud()
    for key, text in ((PHOTO, "one"), (PAGE, WITH_IMAGE)):
        upload(there, key, text)
    remove(there, PHOTO)
    assert (variants(there), shown(there, "projekte/index.html")) == ([], "poster")


def test_image_that_changes_has_other_names():
    """What stands at a name never changes: the former variants go, the page names the new ones."""
    there = cloud()
    for key, text in ((PAGE, WITH_IMAGE), (PHOTO, "one")):
        upload(there, key, text)
    before = variants(there)
    upload(there, PHOTO, "two")
    assert set(before).isdisjoint(variants(there))
    assert shown(there).startswith(f"/{variants(there)[1]}")


def test_former_variants_stay_as_long_as_a_reader_may_ask_for_them():
    """Pages that were delivered a moment ago name them; a resync after the grace deletes them, and forgets them."""
    now = [0.0]
    there = cloud(now=lambda: now[0], retire_after=100.0)
    for text in ("one", "two"):
        upload(there, PHOTO, text)
    assert len(variants(there)) == 6
    now[0] = 100.0
    upload(there, PAGE, WITH_IMAGE)
    resync(there, LOOK)
    assert (len(variants(there)), dict(record(there).retired)) == (3, {})


def test_what_is_developed_is_not_developed_again():
    """A second resync asks the encoder for nothing, and writes nothing."""
    asked: list[bytes] = []

    def counting(body: bytes) -> Developed:
        asked.append(body)
        return encode(body)

    there = cloud(encoder=counting)
    for key, text in ((PHOTO, "one"), (PAGE, WITH_IMAGE)):
        upload(there, key, text)
    report = resync(there, LOOK)
    assert (asked, report.put) == ([b"one"], {})


def drift_of(there: Cloud) -> tuple[Drift, ...]:
    """Where the site is not what a clean build gives; what search reads, which nobody made here, aside."""
    return tuple(one for one in verify(there, memory_cloud().site, LOOK) if not one.key.startswith("_search/"))


def test_variant_that_was_lost_is_made_again():
    """A resync finds it missing."""
    there = cloud()
    for key, text in ((PHOTO, "one"), (PAGE, WITH_IMAGE)):
        upload(there, key, text)
    lost = variants(there)[0]
    there.site.delete(lost)
    assert [drift.key for drift in drift_of(there)] == [lost]
    resync(there, LOOK)
    assert (lost in variants(there), drift_of(there)) == (True, ())


def test_variant_that_nothing_explains_is_an_orphan():
    """A resync deletes it."""
    there = cloud()
    upload(there, PAGE, page_text())
    there.site.put(Artifact("assets/pictures/abc-320.avif", b"x", ""))
    assert [drift.kind for drift in drift_of(there)] == ["orphan"]
    resync(there, LOOK)
    assert variants(there) == []


class Interrupted(MemoryStore):
    """A site bucket: when the third variant has been put, something happens before its writer goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], object]] = []

    def put(self, artifact: Artifact) -> str:
        """See `tilepress.ports.Store`."""
        etag = super().put(artifact)
        if self.meanwhile and len(list(self.list("assets/pictures/"))) == 3:
            self.meanwhile.pop()()
        return etag


@pytest.mark.parametrize("comes", [True, False])
def test_a_resync_does_not_note_what_has_changed_since_it_listed(comes):
    """A photo comes, or goes, and is noted, while a resync is still at what it listed before."""
    there = cloud()
    upload(there, PAGE, page_text())
    if not comes:
        upload(there, PHOTO, b"one")

    class Listing(MemoryStore):
        def list(self, prefix: str = "") -> Iterator[Observed]:
            listed = list(there.source.list(prefix))
            if not acted:
                acted.append(True)
                upload(there, PHOTO, b"two") if comes else remove(there, PHOTO)
            return iter(listed)

    acted: list[bool] = []
    source = Listing()
    vars(source).update(vars(there.source))
    resync(replace(there, source=source), LOOK)
    assert acted
    assert (bool(record(there).etag), len(variants(there))) == ((True, 3) if comes else (False, 0))


def test_an_image_that_goes_and_comes_again_is_there():
    """Though its ledger is then what it was when somebody read it, and looked while the image was gone."""
    there = cloud()
    upload(there, PHOTO, b"one")

    class Sources(MemoryStore):
        def head(self, key: str) -> Observed | None:
            found = super().head(key)
            if key == PHOTO and not found and not acted:
                acted.append(True)
                upload(there, PHOTO, b"one")
                vars(self).update(vars(there.source))
            return found

    acted: list[bool] = []
    source = Sources()
    there.source.delete(PHOTO)
    vars(source).update(vars(there.source))
    reconcile([PHOTO], replace(there, source=source), LOOK)
    assert acted
    assert (bool(record(there).etag), len(variants(there))) == (True, 3)


def test_pages_that_show_an_image_are_sent_before_they_are_touched():
    """They are not the message's own: if the run dies, and somebody changes them meanwhile, nothing else would say that it had them in hand."""

    class Dying(MemoryStore):
        def put(self, artifact: Artifact) -> str:
            if artifact.key == "projekte/a/index.html":
                raise TryAgain(artifact.key)
            return super().put(artifact)

    queue = MemoryOutbox()
    there = cloud(queue=queue)
    upload(there, PHOTO, b"one")
    upload(there, PAGE, page_text(img="a.jpg", img_alt="B"))
    there.source.put(Artifact(PHOTO, b"two", ""))
    queue.sent.clear()
    site = Dying()
    vars(site).update(vars(there.site))
    with pytest.raises(TryAgain):
        reconcile([PHOTO], replace(there, site=site), LOOK)
    assert queue.sent == [{"keys": [PAGE], "again": True}]


def test_however_many_pages_show_an_image_messages_stay_small(monkeypatch):
    """A queue takes so many bytes, and no more."""
    monkeypatch.setattr("tilepress.events.SENT_KEYS_MAX", 2)
    queue = MemoryOutbox()
    there = cloud(queue=queue)
    pages = [f"content/projekte/p{number}.md" for number in range(5)]
    for key in (PHOTO, *pages):
        upload(there, key, b"one" if key == PHOTO else page_text(img="a.jpg", img_alt="B"))
    queue.sent.clear()
    upload(there, PHOTO, b"two")
    assert [message["keys"] for message in queue.sent] == [pages[:2], pages[2:4], pages[4:]]


def test_whoever_develops_an_image_tells_of_its_pages_in_small_messages(monkeypatch):
    """So that each is a run's work."""
    monkeypatch.setattr("tilepress.events.SENT_KEYS_MAX", 2)
    publisher = MemoryOutbox()
    there = cloud()
    pages = [f"content/projekte/p{number}.md" for number in range(3)]
    for key in (PHOTO, *pages):
        upload(there, key, b"one" if key == PHOTO else page_text(img="a.jpg", img_alt="B"))
    develop_for([Message("1", frozenset({PHOTO}))], there, encode, publisher)
    assert [message["keys"] for message in publisher.sent] == [pages[:2], [pages[2], PHOTO]]


def test_a_resync_leaves_variants_that_are_just_being_written():
    """It finds them in its listing, and no ledger that shows them; but their writer has noted what he is about to write."""
    site = Interrupted()
    there = cloud(site=site, retire_after=100.0)
    site.meanwhile.append(lambda: resync(replace(there, encoder=None, images=MemoryOutbox()), LOOK))
    for key, text in ((PAGE, WITH_IMAGE), (PHOTO, "one")):
        upload(there, key, text)
    assert (site.meanwhile, len(variants(there))) == ([], 3)


def test_drawing_is_shown_as_it_is():
    """No variants are made of an SVG; but that it is there, pages know."""
    there = cloud()
    upload(there, DRAWING, "<svg/>")
    upload(there, PAGE, page_text(img="d.svg"))
    assert (variants(there), shown(there).split("|")[0]) == ([], "/files/d.svg")


@pytest.mark.parametrize("problem", ["picture-unreadable", "picture-pixels", "picture-location"])
def test_what_is_wrong_with_an_image_is_told_where_it_was_uploaded(problem):
    """The image's own report says it; a page does not show what is damaged."""
    there = cloud()
    for key, text in ((PAGE, WITH_IMAGE), (PHOTO, problem)):
        upload(there, key, text)
    report = there.source.get(f"reports/{PHOTO}.json")
    assert report is not None
    assert problem.encode() in report.body
    assert (shown(there, "projekte/index.html") == "poster") == (problem != "picture-location")
    upload(there, PHOTO, "one")
    assert there.source.get(f"reports/{PHOTO}.json") is None


def test_image_that_is_too_large_is_not_even_read(monkeypatch):
    """Its size is asked for first."""
    monkeypatch.setattr("tilepress.imaging.BYTES_MAX", 3)
    there = cloud()
    upload(there, PHOTO, "four")
    assert (record(there).problem, BYTES_MAX > 3) == ("picture-bytes", True)


def test_without_an_encoder_pages_show_the_upload():
    """An image that nobody develops is published as it is."""
    there = cloud(encoder=None)
    for key, text in ((PHOTO, "one"), (PAGE, WITH_IMAGE)):
        upload(there, key, text)
    assert shown(there).startswith("/files/a.jpg|0|")


def test_others_develop_and_tell():
    """With a queue for images the publisher shows the upload at once; who takes the message makes the variants, and says who shows them."""
    images, publisher = MemoryOutbox(), MemoryOutbox()
    there = cloud(images=images, encoder=None)
    for key, text in ((PHOTO, "one"), (PAGE, WITH_IMAGE)):
        upload(there, key, text)
    assert shown(there).startswith("/files/a.jpg|0|")
    assert images.sent == [{"keys": [PHOTO]}]
    _, failed = develop_for([Message("1", frozenset({PHOTO}))], there, encode, publisher)
    assert (failed, publisher.sent) == ((), [{"keys": [PAGE, PHOTO]}])
    reconcile([PAGE, PHOTO], there, LOOK)
    assert shown(there).startswith("/assets/pictures/")
    assert len(images.sent) == 1


def test_an_image_that_brings_a_fault_of_ours_to_light_harms_no_other():
    """Its message alone is handed back, with the fault and its place."""

    def failing(body: bytes) -> Developed:
        if body == b"odd":
            raise ZeroDivisionError("division by zero")
        return encode(body)

    other = "static/files/b.jpg"
    there = cloud(encoder=None, images=MemoryOutbox())
    upload(there, PHOTO, "odd")
    upload(there, other, "one")
    messages = [Message("1", frozenset({PHOTO})), Message("2", frozenset({other}))]
    _, failed = develop_for(messages, there, failing, MemoryOutbox())
    assert [(one.message.message_id, one.terminal, one.reason.partition(" (")[0]) for one in failed] == [
        ("1", True, "ZeroDivisionError: division by zero")
    ]
    assert len(variants(there)) == 3


def test_a_photo_that_is_gone_is_forgotten_by_the_cdn_though_another_has_come():
    """Who deleted its variants died before the CDN knew: who gets the message again tells it."""

    class Failing:
        told: tuple[str, ...] = ()
        fails = True

        def invalidate(self, paths: Sequence[str]) -> None:
            if self.fails:
                raise TryAgain("invalidate")
            self.told += tuple(paths)

    cdn = Failing()
    cdn.fails = False
    there = cloud(retire_after=100.0, cdn=cdn)
    upload(there, PHOTO, b"mistaken")
    former = variants(there)
    there.source.delete(PHOTO)
    cdn.fails = True
    with pytest.raises(TryAgain):
        reconcile([PHOTO], there, LOOK)
    cdn.fails, cdn.told = False, ()
    upload(there, PHOTO, b"right")
    assert {f"/{key}" for key in former} <= set(cdn.told)
