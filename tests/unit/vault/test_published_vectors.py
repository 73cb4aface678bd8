"""The primitives under the vault give the published answers."""

import hashlib

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.vault.derivation import Expander, extract

# RFC 5869, appendix A.1 to A.3: (input keying material, salt, info, length, pseudorandom key, output).
RFC_5869 = [
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        42,
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)).hex(),
        bytes(range(0x60, 0xB0)).hex(),
        bytes(range(0xB0, 0x100)).hex(),
        82,
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        (
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8"
            "367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
    ),
    (
        "0b" * 22,
        "",
        "",
        42,
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]

# RFC 4231, sections 4.2 to 4.8 without 4.6 (truncation): (key, data, HMAC-SHA-256).
RFC_4231 = [
    ("0b" * 20, b"Hi There".hex(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        b"Jefe".hex(),
        b"what do ya want for nothing?".hex(),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (
        bytes(range(1, 26)).hex(),
        "cd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    (
        "aa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First".hex(),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        "aa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
            b"hashed before being used by the HMAC algorithm."
        ).hex(),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
]

# (key, nonce, plaintext, associated data, ciphertext, tag)
NIST_GCM = [
    # NIST CAVP, gcmEncryptExtIV256.rsp, [IVlen 96, PTlen 128, AADlen 128, Taglen 128], Count 0.
    (
        "92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b",
        "ac93a1a6145299bde902f21a",
        "2d71bcfa914e4ac045b2aa60955fad24",
        "1e0889016f67601c8ebea4943bc23ad6",
        "8995ae2e6df3dbf96fac7b7137bae67f",
        "eca5aa77d51d4a0a14d9c51e1da474ab",
    ),
    # McGrew and Viega, "The Galois/Counter Mode of Operation", submission to NIST, appendix B, test case 16.
    (
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        (
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
            "ba637b39"
        ),
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        (
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
            "bcc9f662"
        ),
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
]

# BLAKE2 reference package, testvectors/blake2b-kat.txt: key 00..3f, input 00.. of so many bytes.
BLAKE2B_KEYED = [
    (
        0,
        (
            "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df"
            "7aefcbc13fc51568"
        ),
    ),
    (
        1,
        (
            "961f6dd1e4dd30f63901690c512e78e4b45e4742ed197c3c5e45c549fd25f2e4187b0bc9fe30492b16b0d0bc4ef9b0f34c7003fac09a5ef1"
            "532e69430234cebd"
        ),
    ),
    (
        255,
        (
            "142709d62e28fcccd0af97fad0f8465b971e82201dc51070faa0372aa43e92484be1c1e73ba10906d5d1853db6a4106e0a7bf9800d373d6d"
            "ee2d46d62ef2a461"
        ),
    ),
]


def unhex(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize(("secret", "salt", "info", "length", "key", "output"), RFC_5869)
def test_hkdf_gives_the_answers_of_rfc_5869(
    secret: str, salt: str, info: str, length: int, key: str, output: str
) -> None:
    extracted = extract(unhex(salt), unhex(secret))

    assert extracted == unhex(key)
    assert Expander(extracted).expand(unhex(info), length) == unhex(output)


def test_hkdf_gives_no_more_than_rfc_5869_allows() -> None:
    expander = Expander(bytes(32))

    assert len(expander.expand(b"", 255 * 32)) == 255 * 32
    with pytest.raises(ValueError, match="8160"):
        expander.expand(b"", 255 * 32 + 1)


@pytest.mark.parametrize(("key", "data", "mac"), RFC_4231)
def test_hmac_gives_the_answers_of_rfc_4231(key: str, data: str, mac: str) -> None:
    # HKDF-Extract is HMAC with the salt as its key.
    assert extract(unhex(key), unhex(data)) == unhex(mac)


@pytest.mark.parametrize(("key", "nonce", "plaintext", "associated", "ciphertext", "tag"), NIST_GCM)
def test_aes_256_gcm_gives_the_answers_of_nist(
    key: str, nonce: str, plaintext: str, associated: str, ciphertext: str, tag: str
) -> None:
    cipher = AESGCM(unhex(key))

    sealed = cipher.encrypt(unhex(nonce), unhex(plaintext), unhex(associated))

    assert sealed == unhex(ciphertext + tag)
    assert cipher.decrypt(unhex(nonce), sealed, unhex(associated)) == unhex(plaintext)
    with pytest.raises(InvalidTag):
        cipher.decrypt(unhex(nonce), sealed, unhex(associated)[:-1] + b"\0")


@pytest.mark.parametrize(("length", "mac"), BLAKE2B_KEYED)
def test_keyed_blake2b_gives_the_answers_of_its_authors(length: int, mac: str) -> None:
    assert hashlib.blake2b(bytes(range(length)), key=bytes(range(64))).hexdigest() == mac
