"""Secrets of second factors are kept sealed (Fernet), with keys derived from SECRET_KEY by HKDF (RFC 5869).

What an older key sealed opens as long as that key stands in SECRET_KEY_FALLBACKS; `manage.py reseal` seals it
with the newest. With all its keys gone a secret opens no more, and its owner enrols again.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "opened", "resealed", "sealed"]


def sealed(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def opened(token: str) -> str:
    """InvalidToken where no key of ours sealed it."""
    return _keys().decrypt(token.encode()).decode()


def resealed(token: str) -> str:
    return _keys().rotate(token.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factors").derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))
