"""An authority of the test's own, and certificates that it, or nobody, has signed."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


class Authority:
    """Signs for any name. `folder` keeps what OpenSSL wants to read from files."""

    def __init__(self, folder: Path, name: str = "The test's own authority") -> None:
        self.folder, self.key, self.name = folder, ec.generate_private_key(ec.SECP256R1()), _named(name)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        built = _built(self.name, self.name, self.key, (-DAY, 365 * DAY))
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        built = built.add_extension(usage, critical=True).add_extension(own, critical=False)
        self.certificate = built.sign(self.key, hashes.SHA256())

    def trusted(self) -> ssl.SSLContext:
        """As a browser that trusts this authority and no other."""
        return ssl.create_default_context(cadata=_pem(self.certificate).decode())

    def server(self, host: str, *, days: tuple[timedelta, timedelta] = (-DAY, DAY)) -> ssl.SSLContext:
        """What a server of that name shows; valid between these days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        built = _built(_named(host), self.name, key, days).add_extension(_for(host), critical=False)
        signed = _with_identifiers(built, key, self.key).sign(self.key, hashes.SHA256())
        return self._shown(host, key, signed)

    def self_signed(self, host: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        built = _built(_named(host), _named(host), key, (-DAY, DAY)).add_extension(_for(host), critical=False)
        return self._shown(f"{host}-alone", key, built.sign(key, hashes.SHA256()))

    def _shown(self, stem: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> ssl.SSLContext:
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file = self.folder / f"{stem}.pem"
        file.write_bytes(key.private_bytes(*form) + _pem(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _built(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: tuple[timedelta, timedelta]
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    named = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return (
        named.serial_number(x509.random_serial_number()).not_valid_before(now + days[0]).not_valid_after(now + days[1])
    )


def _with_identifiers(
    built: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    """Python 3.13 and later refuse a certificate without them."""
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    theirs = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return built.add_extension(own, False).add_extension(theirs, False).add_extension(usage, False)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _for(host: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(host)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
