"""The public site: the catalogue of releases as JSON and as a page, made from what is published."""

import json

from pipeline.workspace import Workspace
from portal.catalogue_page import render_catalogue_page
from publish.catalogue import build_catalogue


def refresh_site(workspace: Workspace) -> None:
    """Write `public/index.json` and `public/index.html`."""
    with workspace.store.pages.locked():
        releases = workspace.ledger.releases()
        manifests = {release.version: workspace.store.check_release(release.version) for release in releases}
        catalogue = build_catalogue(releases, manifests)
        workspace.store.write_page("public/index.json", json.dumps(catalogue, indent=2, ensure_ascii=False))
        workspace.store.write_page("public/index.html", render_catalogue_page(catalogue))
