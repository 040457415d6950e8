"""`revisage credentials`: make the certificate that exports are signed with, show it, check a file."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.console import DONE, FAILED, complain, print_json
from app.export.errors import ExportError
from app.export.local_certificate import make_local_certificate
from app.export.signing import find_signing, read_credentials
from app.inference.session import CancelToken

MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}


def run(options: argparse.Namespace, _cancel: CancelToken) -> int:
    """Do one of the actions; returns the exit code."""
    if options.action == "new":
        signing = make_local_certificate(
            options.organisation, folder=options.out, force=options.force
        )
        print(signing.certificate)
        print(signing.key)
        return DONE
    return _show(options) if options.action == "show" else _verify(options)


def _show(options: argparse.Namespace) -> int:
    signing = find_signing()
    document: dict[str, Any] = {
        "signing": signing is not None,
        "certificate": str(signing.certificate) if signing else None,
        "key": str(signing.key) if signing else None,
    }
    if options.json:
        print_json(document)
    elif signing is None:
        print("Exports are not signed; make a certificate with `revisage credentials new NAME`.")
    else:
        print(f"Exports are signed with {signing.certificate} and {signing.key}.")
    return DONE


def _verify(options: argparse.Namespace) -> int:
    mime = MEDIA.get(options.file.suffix.lower())
    if mime is None:
        raise ExportError(
            f"{options.file} is no kind of file that Revisage signs; choose PNG, JPEG, TIFF, SVG or PDF."
        )
    try:
        content = options.file.read_bytes()
    except OSError as error:
        raise ExportError(
            f"{options.file} could not be read ({error.strerror}); check its name and folder."
        ) from error
    found = read_credentials(content, mime)
    valid = found is not None and found.valid
    if options.json:
        document: dict[str, Any] = {"ok": valid, "credentials": found is not None}
        if found is not None:
            document |= {
                "signer": found.signer,
                "actions": list(found.actions),
                "source_types": list(found.source_types),
                "problems": list(found.problems),
            }
        print_json(document)
    elif found is not None and valid:
        print(f"{options.file}: valid, signed by {found.signer}; {', '.join(found.source_types)}")
    if not valid:
        why = "has no content credentials" if found is None else "has credentials that do not hold"
        complain(f"{options.file} {why}; ask whoever sent it for the original export.")
    return DONE if valid else FAILED
