"""A signing certificate made on this computer, for labs that have none yet.

It meets the certificate profile of the C2PA specification (section "X.509 Certificates"): an end-entity
certificate for ES256 under an issuing certificate of its own, version 3, with digitalSignature as its
only key usage and emailProtection and documentSigning (RFC 9336) as extended ones. Readers show its
name and say that they do not know who issued it; that is true.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.export.errors import ExportError
from app.export.files import check_target, prepare_folder, write_file
from app.export.signing import CERTIFICATE_FILE, KEY_FILE, Signing, signing_folder

if TYPE_CHECKING:
    from cryptography.x509 import KeyUsage

YEARS = 5
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"


def make_local_certificate(
    organisation: str, *, folder: Path | None = None, force: bool = False
) -> Signing:
    """Make a key and its certificate chain, and put them where exports look for them.

    Args:
        organisation: the lab's name, 1 to 64 characters; every export shows it.
        folder: where to; None takes :func:`app.export.signing.signing_folder`.
        force: replace earlier ones. Exports signed with those stay valid.

    Raises:
        ExportError: the name cannot be used, or nothing was written.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    organisation = " ".join(organisation.split())
    if not 1 <= len(organisation) <= 64 or not organisation.isprintable():
        raise ExportError(
            "The name of the organisation must have 1 to 64 characters; give a shorter one."
        )
    folder = folder or signing_folder()
    prepare_folder(folder)
    signing = Signing(certificate=folder / CERTIFICATE_FILE, key=folder / KEY_FILE)
    for path in (signing.certificate, signing.key):
        check_target(path, force=force)

    def name(common: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )

    issuer_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    now = datetime.now(UTC) - timedelta(minutes=5)  # clocks of other computers may be behind
    end = now + timedelta(days=365 * YEARS)
    issuer_id = x509.SubjectKeyIdentifier.from_public_key(issuer_key.public_key())
    issuer = (
        x509.CertificateBuilder()
        .subject_name(name("Revisage local issuer"))
        .issuer_name(name("Revisage local issuer"))
        .public_key(issuer_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(issuer_id, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name("Revisage exports"))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier(DOCUMENT_SIGNING)]
            ),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    # The issuer's own key is kept nowhere: nothing else can be issued under its name.
    write_file(signing.key, secret, force=force)
    with contextlib.suppress(OSError):  # a drive without permissions
        signing.key.chmod(0o600)
    write_file(
        signing.certificate, certificate.public_bytes(pem) + issuer.public_bytes(pem), force=force
    )
    return signing


def _usage(*, signs_certificates: bool) -> KeyUsage:
    from cryptography.x509 import KeyUsage

    return KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
