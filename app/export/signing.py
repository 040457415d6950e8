"""C2PA content credentials: signed, and read back before anyone gets the file.

The credentials follow the C2PA Technical Specification 2.x: the photo is the parent ingredient (by hash;
its bytes and a thumbnail are not embedded), the first action opens it, the second says what the model
made of it, with the IPTC digital source type. Nothing is fetched from or sent to anywhere.
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app import __version__
from app.case.records import ReconstructionResult
from app.export.errors import ExportError
from app.export.metadata import COMPOSITE
from app.folders import config_folder

CERTIFICATE_VARIABLE, KEY_VARIABLE = "REVISAGE_SIGNING_CERTIFICATE", "REVISAGE_SIGNING_KEY"
"""Environment variables: the certificate chain and its private key, for machines without settings."""

CERTIFICATE_FILE, KEY_FILE = "certificate.pem", "key.pem"
"""Names of the two files in the folder of a locally made certificate."""

INGREDIENT = "photo"
"""How the actions call the photo."""

ASSERTION = "org.revisage.hypothesis"
"""Label of the assertion that holds what C2PA has no field for."""

MIME_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
}

_SETTINGS: dict[str, Any] = {
    # A thumbnail would embed the evidence, and the picture itself a second time.
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": False},
}


@dataclass(frozen=True, kw_only=True)
class Signing:
    """With what exports are signed.

    Attributes:
        certificate: PEM chain, the signer's certificate first.
        key: PEM private key of the signer's certificate, without passphrase.
    """

    certificate: Path
    key: Path


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What the credentials of one file say.

    Attributes:
        title: the file's name.
        mime: media type of the file.
        source_type: IPTC digital source type.
        label: the sentence that the file carries.
        time: of the export, in UTC.
        photo_sha256, photo_name, photo_format: the evidence; `photo_format` as of a photo.
        evidence: the photo's bytes, to look for credentials of its own; None when not at hand.
        result: the run; None for a file that stands for several.
        hypothesis: counted from 1; 0 where the file stands for all.
    """

    title: str
    mime: str
    source_type: str
    label: str
    time: datetime
    photo_sha256: str
    photo_name: str = ""
    photo_format: str = ""
    evidence: bytes | None = None
    result: ReconstructionResult | None = None
    hypothesis: int = 0


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A file with credentials.

    Attributes:
        content: its bytes.
        note: one sentence when no credentials were added; empty otherwise.
    """

    content: bytes
    note: str = ""


def find_signing(folder: Path | None = None) -> Signing | None:
    """The lab's certificate as the machine is set up, or None when signing is not.

    Args:
        folder: of a locally made certificate; None takes :func:`signing_folder`.

    Raises:
        ExportError: one of the two files is named but not the other, or is missing.
    """
    named = os.environ.get(CERTIFICATE_VARIABLE, ""), os.environ.get(KEY_VARIABLE, "")
    if any(named):
        if not all(named):
            raise ExportError(
                f"{CERTIFICATE_VARIABLE} and {KEY_VARIABLE} belong together; set both or neither."
            )
        return check_signing(Signing(certificate=Path(named[0]), key=Path(named[1])))
    folder = folder or signing_folder()
    signing = Signing(certificate=folder / CERTIFICATE_FILE, key=folder / KEY_FILE)
    if not signing.certificate.exists() and not signing.key.exists():
        return None
    return check_signing(signing)


def check_signing(signing: Signing) -> Signing:
    """The same, after both files were seen to be there; raises ExportError."""
    for path, what in ((signing.certificate, "certificate"), (signing.key, "key")):
        if not path.is_file():
            raise ExportError(
                f"The signing {what} {path} is missing; name another in the settings, or make one "
                "with `revisage credentials new`."
            )
    return signing


def signing_folder() -> Path:
    """Where a locally made certificate lies: the user's own settings folder."""
    return config_folder() / "signing"


def available() -> str:
    """Why credentials cannot be added on this machine, one sentence; empty when they can."""
    try:
        import c2pa  # noqa: F401
    except (ImportError, OSError):
        return (
            "Content credentials were not added, because the package c2pa-python is not installed "
            "on this computer."
        )
    return ""


def sign(content: bytes, origin: Origin, signing: Signing) -> Signed:
    """Add credentials to a finished file and read them back.

    Args:
        content: the file's bytes; changed by nothing but this afterwards.
        origin: what the credentials say.
        signing: with what to sign.

    Raises:
        ExportError: the certificate or key cannot be used, or the credentials do not read back valid.
    """
    if note := available():
        return Signed(content=content, note=note)
    import c2pa

    if origin.mime not in c2pa.Builder.get_supported_mime_types():
        return Signed(
            content=content,
            note=f"Content credentials were not added to {origin.mime} files, because this version of "
            "c2pa-python cannot.",
        )
    problems = ""
    # A photo with damaged credentials of its own must not spoil ours: then it is named by hash alone.
    for whole in (True, False) if origin.evidence is not None else (False,):
        try:
            signed = _sign(content, origin, signing, whole=whole)
            found = read_credentials(signed, origin.mime)
        except c2pa.C2paError as error:
            problems = _short(error)
            continue
        if found is not None and found.valid and origin.source_type in found.source_types:
            return Signed(content=signed)
        problems = ", ".join(found.problems) if found else "none were found"
    raise ExportError(
        f"{origin.title} was not written, because it could not be signed with {signing.certificate} "
        f"({problems}); check this certificate and its key."
    )


def _sign(content: bytes, origin: Origin, signing: Signing, *, whole: bool) -> bytes:
    """The file with credentials; `whole` also takes over those that the photo has of its own."""
    import c2pa

    key = _read(signing.key)
    algorithm = getattr(c2pa.C2paSigningAlg, algorithm_of(key, signing.key))
    info = c2pa.C2paSignerInfo(algorithm, _read(signing.certificate), key, None)
    media = MIME_TYPES.get(origin.photo_format, "")
    whole = whole and media in c2pa.Builder.get_supported_mime_types()
    target = io.BytesIO()
    with (
        c2pa.Context(c2pa.Settings.from_dict(_SETTINGS)) as context,
        c2pa.Signer.from_info(info) as signer,
        c2pa.Builder(json.dumps(_manifest(origin, name_photo=not whole)), context) as builder,
    ):
        if whole and origin.evidence is not None:
            builder.add_ingredient(
                json.dumps(_ingredient(origin)), media, io.BytesIO(origin.evidence)
            )
        builder.sign(signer, origin.mime, io.BytesIO(content), target)
    return target.getvalue()


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a file's credentials say, as read back.

    Attributes:
        valid: whether signature and hashes hold; not whether the signer is known to anyone.
        signer: name of the signer and of its organisation, from the certificate.
        actions: in order, such as ``c2pa.opened``.
        source_types: IPTC digital source types of the actions.
        problems: codes of what is wrong.
        manifest: the active manifest as c2pa reads it.
    """

    valid: bool
    signer: str
    actions: tuple[str, ...]
    source_types: tuple[str, ...]
    problems: tuple[str, ...]
    manifest: dict[str, Any]


def read_credentials(content: bytes, mime: str) -> Credentials | None:
    """Read and check a file's credentials.

    Args:
        content: the file's bytes.
        mime: its media type.

    Returns:
        None when it has none.

    Raises:
        ExportError: the package that reads them is missing, or the file cannot be read.
    """
    if available():
        raise ExportError("Content credentials cannot be read here; install c2pa-python first.")
    import c2pa

    try:
        with (
            c2pa.Context(c2pa.Settings.from_dict(_SETTINGS)) as context,
            c2pa.Reader(mime, io.BytesIO(content), context=context) as reader,
        ):
            store = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return None
    except c2pa.C2paError as error:
        raise ExportError(
            f"The content credentials cannot be read ({_short(error)}); copy the file again."
        ) from error
    manifest = store["manifests"][store["active_manifest"]]
    actions = [
        action
        for assertion in manifest.get("assertions", [])
        if assertion["label"].startswith("c2pa.actions")
        for action in assertion["data"]["actions"]
    ]
    issuer = manifest.get("signature_info", {})
    signer = ", ".join(str(issuer[part]) for part in ("common_name", "issuer") if issuer.get(part))
    return Credentials(
        valid=store.get("validation_state") in ("Valid", "Trusted"),
        signer=signer,
        actions=tuple(str(action["action"]) for action in actions),
        source_types=tuple(
            str(action["digitalSourceType"]) for action in actions if "digitalSourceType" in action
        ),
        problems=tuple(str(status["code"]) for status in store.get("validation_status") or ()),
        manifest=manifest,
    )


def algorithm_of(key: bytes, path: Path) -> str:
    """The COSE algorithm that a private key signs with.

    Args:
        key: PEM.
        path: its file, for the sentence.

    Raises:
        ExportError: it is no private key that C2PA allows, or has a passphrase.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key, None)
    except (ValueError, TypeError) as error:
        raise ExportError(
            f"{path} is no private key in PEM without a passphrase; name another signing key."
        ) from error
    if isinstance(private, ec.EllipticCurvePrivateKey):
        curves = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
        if private.curve.name in curves:
            return curves[private.curve.name]
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= 2048:
        return "PS256"
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return "ED25519"
    raise ExportError(
        f"{path} holds a kind of key that C2PA does not allow; use one for ES256, ES384, ES512, PS256 "
        "or Ed25519."
    )


def _manifest(origin: Origin, *, name_photo: bool) -> dict[str, Any]:
    """The manifest as c2pa's builder takes it; `name_photo` names the photo by its hash alone."""
    when = origin.time.isoformat(timespec="seconds").replace("+00:00", "Z")
    made: dict[str, Any] = {
        "when": when,
        "digitalSourceType": origin.source_type,
        "description": origin.label,
        "softwareAgent": {"name": "Revisage", "version": __version__},
    }
    from_photo = {"ingredientIds": [INGREDIENT]}
    facts: dict[str, Any] = {
        "label": origin.label,
        "photo": {"name": origin.photo_name, "sha256": origin.photo_sha256},
        "hypothesis": origin.hypothesis,
    }
    if origin.result is not None:
        request = origin.result.request
        facts["model"] = request.model.to_dict()
        facts["map_sha256"] = request.map_sha256
        facts["request"] = request.key
        facts["seed"] = request.seed
        facts["made"] = origin.result.made
    if origin.source_type == COMPOSITE:
        opened = {"action": "c2pa.opened", "when": when, "parameters": from_photo}
        actions = [opened, {"action": "c2pa.edited", **made}]
    else:
        actions = [{"action": "c2pa.created", **made, "parameters": from_photo}]
    manifest: dict[str, Any] = {
        "claim_generator_info": [{"name": "Revisage", "version": __version__}],
        "title": origin.title,
        "format": origin.mime,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": ASSERTION, "data": facts},
        ],
    }
    if name_photo:
        manifest["ingredients"] = [_ingredient(origin)]
    return manifest


def _ingredient(origin: Origin) -> dict[str, str]:
    """The photo; what was made from it as a whole has it as input, not as parent."""
    return {
        "title": origin.photo_name or f"photo {origin.photo_sha256[:16]}",
        "format": MIME_TYPES.get(origin.photo_format, "application/octet-stream"),
        "relationship": "parentOf" if origin.source_type == COMPOSITE else "inputTo",
        "instance_id": f"sha256:{origin.photo_sha256}",
        "label": INGREDIENT,
    }


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExportError(
            f"{path} cannot be read for signing ({error.strerror}); name another file."
        ) from error


def _short(error: Exception) -> str:
    """The first line of what c2pa says."""
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
