"""Keys of images → their image ledgers, their variants, and the pages to look at again.

Two steps, so that no page waits for the slow one. `note` is the publisher's: which images there are. `develop` makes variants,
in a function of its own where there is one. Both write an image ledger by compare-and-swap, with the ledger read before the
sources: what is merged into it is never older than what is there. Pages read the ledgers, and look again whether they are still
what they read. So whoever changes one has only to look, after that, who shows what he changed (`showing`): a page that read the
former ledger either stands in its section's ledger by then, or has its second look before it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tilepress.addresses import forms
from tilepress.artifacts import Observed
from tilepress.books import IMAGES, Seen, folder_of_ledger, read_image_ledger, read_image_ledgers, read_ledgers, read_root, write
from tilepress.errors import Stale, TryAgain
from tilepress.pages import Problem
from tilepress.pictures import (
    BYTES_MAX,
    PIXELS_MAX,
    Developed,
    ImageLedger,
    ImageRecord,
    Picture,
    folder_of,
    is_developed,
    is_image,
    is_undeveloped,
    stem_of,
    variant_key,
    variants,
)
from tilepress.plan import Delete
from tilepress.ports import Cloud, Encoder, Listings
from tilepress.report import Report
from tilepress.site_bucket import SiteBucket
from tilepress.wording import Wording, problem

ATTEMPTS_MAX = 12
AT_ONCE = 16
"""How many images are developed before their variants are written: what they are made of is in memory at the same time."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The image ledgers after a look at what there is, and whether that changed them."""

    ledgers: Mapping[str, ImageLedger]
    changed: bool

    def images(self) -> dict[str, ImageRecord]:
        """What the ledgers say, by the images' keys."""
        return {key: record for ledger in self.ledgers.values() for key, record in ledger.images.items()}

    def undeveloped(self, keys: Iterable[str], now: float, retire_after: float) -> list[str]:
        """Those of these images on which there is work to do: new ones, and those whose former variants are to be deleted."""
        found = {key: self.ledgers[folder_of(key)].record(key) for key in keys}
        return sorted(
            key for key, one in found.items() if is_undeveloped(key, one) or (one.retired and (not one.etag or one.expired(now, retire_after)))
        )


def note(keys: Iterable[str], cloud: Cloud, listed: Listings | None = None) -> Noted:
    """Note in their image ledgers which of these images there are. `listed` spares a request for each that is noted like that already.

    The others are asked for once more: a listing is older than the ledger, in which somebody may have noted what came since.
    """
    found = []
    for folder, mine in _by_folder(keys).items():

        def look(ledger: ImageLedger, mine: list[str] = mine) -> ImageLedger:
            etags = _etags(mine, cloud, listed)
            changed = [key for key in mine if listed and etags[key] != ledger.record(key).etag]
            return ledger.noted(etags | _etags(changed, cloud, None), cloud.now())

        seen, changed = _swapped(folder, look, cloud)
        found.append((_settled(folder, mine, cloud) if changed else seen, changed))
    return Noted({seen.value.folder: seen.value for seen, _ in found}, any(changed for _, changed in found))


def _settled(folder: str, keys: list[str], cloud: Cloud) -> Seen[ImageLedger]:
    """The ledger once it has these images as they are: what was noted may have been otherwise by then, and the same again when it was swapped."""
    for _ in range(ATTEMPTS_MAX):
        seen, changed = _swapped(folder, lambda ledger: ledger.noted(_etags(keys, cloud, None), cloud.now()), cloud)
        if not changed:
            return seen
    raise TryAgain(f"not settled after {ATTEMPTS_MAX} attempts: the images of {folder} come and go")


def develop(keys: Iterable[str], cloud: Cloud, encoder: Encoder) -> Report:
    """Make the variants of these images what their ledgers ask for; delete those that are not needed any more.

    Raises TryAgain when something outside was not ready, GiveUp when trying again would not help.
    """
    bucket = SiteBucket(cloud, None, again=True)
    for folder, mine in _by_folder(keys).items():
        todo = mine
        for attempt in range(ATTEMPTS_MAX):
            if attempt:
                cloud.pause(attempt)
            try:
                for start in range(0, len(todo), AT_ONCE):
                    _develop(folder, todo[start : start + AT_ONCE], bucket, cloud, encoder)
                todo = _clear_away(folder, todo, bucket, cloud)
            except Stale:
                continue
            if not todo:
                break
        else:
            raise TryAgain(f"not settled after {ATTEMPTS_MAX} attempts: others keep changing the images of {folder}")
    return bucket.finish(())


def showing(keys: Iterable[str], cloud: Cloud) -> frozenset[str]:
    """Keys of the page groups that show one of these images, as the ledgers of all sections say."""
    images = frozenset(keys)
    sections = {"", *read_root(cloud.site).value.sections}
    return frozenset(
        record.sources[0].key
        for seen in read_ledgers(sections, cloud).values()
        for record in seen.value.groups.values()
        if record.sources and not images.isdisjoint(record.images)
    )


def present(keys: Iterable[str], cloud: Cloud) -> frozenset[str]:
    """Those of these images that there are, as their ledgers say: the others have nothing to be told of."""
    shelf = Shelf(cloud)
    wanted = list(keys)
    shelf.read(wanted)
    return frozenset(key for key in wanted if shelf.is_there(key))


def all_images(cloud: Cloud) -> dict[str, ImageRecord]:
    """What all image ledgers say, by the images' keys."""
    folders = {folder for seen in cloud.site.list(IMAGES) if (folder := folder_of_ledger(seen.key)) is not None}
    return {key: record for seen in read_image_ledgers(folders, cloud).values() for key, record in seen.value.images.items()}


class Shelf:
    """The image ledgers that a run has read, each with the ETag that it was read with."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._seen: dict[str, Seen[ImageLedger]] = {}

    def read(self, keys: Iterable[str]) -> None:
        """Read the ledgers of the folders of these images, as far as they have not been read."""
        self._seen |= read_image_ledgers({folder_of(key) for key in keys} - self._seen.keys(), self._cloud)

    def pictures(self, keys: Iterable[str]) -> dict[str, Picture | None]:
        """What is known of these images. Their ledgers have been read."""
        return {key: self._record(key).picture() for key in keys}

    def is_there(self, key: str) -> bool:
        """Whether there is such an image, shown or not. Its ledger has been read."""
        return bool(self._record(key).etag)

    def problems(self, keys: Iterable[str], wording: Wording) -> list[Problem]:
        """What is wrong with those of these uploads that are images."""
        images = [key for key in keys if is_image(key)]
        self.read(images)
        return [told for key in images if (told := problem_with(key, self._record(key), wording))]

    def moved(self) -> set[str]:
        """The folders whose ledger is not as it was read."""
        now = self._cloud.fan.io(self._cloud.site.head, [seen.key for seen in self._seen.values()])
        return {folder for (folder, seen), there in zip(self._seen.items(), now, strict=True) if (there.etag if there else None) != seen.etag}

    def _record(self, key: str) -> ImageRecord:
        return self._seen[folder_of(key)].value.record(key)


def problem_with(key: str, record: ImageRecord, wording: Wording) -> Problem | None:
    """What its author should know of an image."""
    if not record.etag or not record.problem:
        return None
    limits = {"picture-pixels": PIXELS_MAX // 1_000_000, "picture-bytes": BYTES_MAX // 1024 // 1024}
    about = {"pixels": record.width * record.height // 1_000_000, "most": limits.get(record.problem, 0)}
    return problem(record.problem, wording, key, **about)


def _by_folder(keys: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for key in sorted(keys):
        folders.setdefault(folder_of(key), []).append(key)
    return folders


def _swapped(folder: str, change: Callable[[ImageLedger], ImageLedger], cloud: Cloud) -> tuple[Seen[ImageLedger], bool]:
    """A folder's ledger, changed; and whether anything changed. Read anew, and changed anew, when somebody else was faster."""
    for attempt in range(ATTEMPTS_MAX):
        if attempt:
            cloud.pause(attempt)
        seen = read_image_ledger(cloud.site, folder)
        wanted = change(seen.value)
        if wanted == seen.value:
            return seen, attempt > 0
        try:
            return write(cloud.site, seen, wanted), True
        except Stale:
            continue
    raise TryAgain(f"not settled after {ATTEMPTS_MAX} attempts: others keep changing the images of {folder}")


def _etags(keys: list[str], cloud: Cloud, listed: Listings | None) -> dict[str, str]:
    found = [listed.source.get(form) for key in keys for form in forms(key)] if listed else None
    wanted = [form for key in keys for form in forms(key)]
    there = dict(zip(wanted, found or cloud.fan.io(cloud.source.head, wanted), strict=True))
    return {key: next((seen.etag for form in forms(key) if (seen := there[form])), "") for key in keys}


def _develop(folder: str, keys: list[str], bucket: SiteBucket, cloud: Cloud, encoder: Encoder) -> None:
    """Develop those of these images that are not, or of which a variant is missing."""
    seen = read_image_ledger(cloud.site, folder)
    wanted = {key: record.etag for key in keys if is_developed(key) and (record := seen.value.record(key)).etag and not _stands(key, record, bucket)}
    if not wanted:
        return
    made = _made(wanted, cloud, encoder)
    artifacts = {key: variants(key, wanted[key], result) for key, result in made.items()}
    claims = {key: (stem_of(key, wanted[key]), tuple(sorted(result.files))) for key, result in made.items() if result.files}
    claimed = seen.value.claimed(claims, cloud.now())
    if claimed != seen.value:
        seen = write(cloud.site, seen, claimed)
    bucket.put_unseen(bucket.plan(artifact for found in artifacts.values() for artifact in found))
    etags = {artifact.key: artifact.etag for found in artifacts.values() for artifact in found}
    _swapped(folder, lambda ledger: ledger.developed({key: (wanted[key], result) for key, result in made.items()}, etags), cloud)


def _stands(key: str, record: ImageRecord, bucket: SiteBucket) -> bool:
    """Whether an image is developed, and every variant of it there."""
    return not is_undeveloped(key, record) and bucket.etags(record.keys()) == record.keys()


def _made(wanted: Mapping[str, str], cloud: Cloud, encoder: Encoder) -> dict[str, Developed]:
    """What becomes of those images that are still the versions that are wanted; of others there is an event on its way."""
    found = cloud.fan.io(partial(_upload, cloud), wanted)
    there = {key: seen for key, seen in zip(wanted, found, strict=True) if seen and seen.etag == wanted[key]}
    bodies: dict[str, bytes] = {}
    for key, seen in there.items():
        file = cloud.source.get(seen.key) if seen.size_bytes <= BYTES_MAX else None
        if file and file.etag == wanted[key]:
            bodies[key] = file.body
    made = dict(zip(bodies, cloud.fan.cpu(encoder, list(bodies.values()), long=True), strict=True))
    return made | {key: Developed(problem="picture-bytes") for key, seen in there.items() if seen.size_bytes > BYTES_MAX}


def _upload(cloud: Cloud, key: str) -> Observed | None:
    return next((seen for form in forms(key) if (seen := cloud.source.head(form))), None)


def _clear_away(folder: str, keys: list[str], bucket: SiteBucket, cloud: Cloud) -> list[str]:
    """Delete the variants that are not needed any more. The images to look at once more, since somebody may need them again.

    Those of an image that is gone are deleted at once, and again when their grace is over. Where it has come again meanwhile, whoever
    deleted them may have died before the CDN knew of it.
    """
    seen = read_image_ledger(cloud.site, folder)
    records = {key: record for key in keys if (record := seen.value.images.get(key)) and record.retired}
    over = {key: record.expired(cloud.now(), cloud.retire_after) for key, record in records.items()}
    waiting = {key: record.retired.keys() - {*over[key], record.stem} for key, record in records.items()}
    bucket.tell_of_missing(name for key, record in records.items() if record.etag for name in _names(record, waiting[key]))
    bucket.delete(bucket.plan((), _deletes(name for key, record in records.items() if not record.etag for name in _names(record, waiting[key]))))
    bucket.forget(_deletes(name for key, record in records.items() for name in _names(record, {*over[key]} - {record.stem})))
    forgotten = seen.value.forgotten(over)
    if forgotten != seen.value:
        seen = write(cloud.site, seen, forgotten)
    there = cloud.site.head(seen.key)
    moved = (there.etag if there else None) != seen.etag
    return [key for key, record in records.items() if over[key] or (waiting[key] and not record.etag)] if moved else []


def _names(record: ImageRecord, stems: Iterable[str]) -> list[str]:
    """The keys of retired variants of these stems."""
    return [variant_key(stem, name) for stem in sorted(stems) for name in record.retired[stem].names]


def _deletes(keys: Iterable[str]) -> list[Delete]:
    return [Delete(key, "retired") for key in keys]
