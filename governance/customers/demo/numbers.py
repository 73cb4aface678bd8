"""Numbers that look right and belong to nobody."""

from typing import Final

from stdnum import luhn

# Arcep keeps these for fiction (decision 2018-0881): one block of ten thousand for each part of the country.
_LANDLINES: Final = {"1": "+3319900", "2": "+3326191", "3": "+3335301", "4": "+3346571", "5": "+3353649"}
_MOBILES: Final = "+3363998"
_BLOCK: Final = 10_000
# A bank code that the register of banks does not have.
_BANK: Final = "00000"
# Départements by the first figure of their telephone numbers; any other is in the south-east.
_ZONES: Final = {
    "1": {"75", "77", "78", "91", "92", "93", "94", "95"},
    "2": {"14", "22", "28", "29", "35", "36", "37", "41", "44", "45", "49", "50", "53", "56", "61", "72", "76", "85",
          "18", "27", "97"},
    "3": {"02", "08", "10", "21", "25", "39", "51", "52", "54", "55", "57", "58", "59", "60", "62", "67", "68", "70",
          "71", "80", "88", "89", "90"},
    "5": {"09", "12", "16", "17", "19", "23", "24", "31", "32", "33", "40", "46", "47", "64", "65", "79", "81", "82",
          "86", "87"},
}  # fmt: skip


def mobile(number: int) -> str:
    """Return the fictional mobile number with this place in its block."""
    return f"{_MOBILES}{number % _BLOCK:04d}"


def landline(number: int, postcode: str) -> str:
    """Return a fictional landline number of the part of the country where the postcode lies."""
    zone = next((zone for zone, departments in _ZONES.items() if postcode[:2] in departments), "4")
    return f"{_LANDLINES[zone]}{number % _BLOCK:04d}"


def siren(number: int) -> str:
    """Return a company number with the right check digit that INSEE never gave: it begins with three zeros."""
    body = f"000{number % 100_000:05d}"
    return body + luhn.calc_check_digit(body)


def siret(company: str, establishment: int = 1) -> str:
    """Return the number of a company's establishment."""
    body = f"{company}{establishment:04d}"
    return body + luhn.calc_check_digit(body)


def iban(account: int) -> str:
    """Return a French IBAN with the right keys, at a bank that does not exist."""
    branch, number = "00001", f"{account:011d}"
    # The RIB key: 97 less the number, times 100, modulo 97 (CFONB). Digits only here, so no letters to convert.
    rib_key = 97 - int(f"{_BANK}{branch}{number}00") % 97
    bban = f"{_BANK}{branch}{number}{rib_key:02d}"
    # ISO 13616: country and "00" behind, letters as two digits (F = 15, R = 27), 98 less the remainder by 97.
    return f"FR{98 - int(f'{bban}152700') % 97:02d}{bban}"
