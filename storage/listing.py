"""What a manifest lists, compared with the bytes that are there."""

from collections.abc import Mapping
from hashlib import sha256

from pydantic import ValidationError

from schemas.release import Manifest, PublishedFile
from storage.error import ArtefactCorrupt, ArtefactMissing
from storage.zone import MANIFEST


def parse_manifest(content: bytes, manifest_id: str) -> Manifest:
    """The manifest, when it is the one of this id.

    Raises:
        ArtefactCorrupt: it is another, or no manifest.
    """
    if sha256(content).hexdigest() != manifest_id:
        raise ArtefactCorrupt("the manifest is not the one that this id was made from")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise ArtefactCorrupt("the manifest cannot be read as a manifest") from None


def check_files(contents: Mapping[str, bytes], manifest_id: str) -> Manifest:
    """The manifest among files that has this id, when all it lists is there as it says.

    Raises:
        ArtefactMissing: the manifest, or a file it lists, is not there.
        ArtefactCorrupt: a file has other bytes.
    """
    if MANIFEST not in contents:
        raise ArtefactMissing("the manifest is not among the files")
    manifest = parse_manifest(contents[MANIFEST], manifest_id)
    for listed in manifest.files:
        if listed.name not in contents:
            raise ArtefactMissing(f"the manifest lists {listed.name}, which is not there")
        check_listed(listed, contents[listed.name])
    return manifest


def check_listed(listed: PublishedFile, content: bytes) -> bytes:
    """The content itself, when it has the size and hash that a manifest lists.

    Raises:
        ArtefactCorrupt: it has not.
    """
    if (len(content), sha256(content).hexdigest()) != (listed.bytes, listed.sha256):
        raise ArtefactCorrupt(f"{listed.name} has other bytes than its manifest says")
    return content
