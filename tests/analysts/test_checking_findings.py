from __future__ import annotations

import pytest

from pinakes.agents.analysts.quoting import stretch_of
from pinakes.agents.analysts.values import unsupported_values

TEXT = "The seal of pump P-7 failed on 14 March 2025. Net 1,190.00 EUR, pay-\nable within eight days; 15 bar."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("the seal of pump P-7 failed", "The seal of pump P-7 failed"),
        ("“The  seal of pump P–7 failed.”", "The seal of pump P-7 failed"),
        ("payable within eight days", "pay-\nable within eight days"),
        ("The seal … failed on 14 March", "The seal of pump P-7 failed on 14 March"),
        ("failed … the seal", None),
        ("5 bar", None),
        ("190.00 EUR", None),
        ("the seal was replaced", None),
        ("…", None),
        ("", None),
    ],
)
def test_quotes_are_found_where_they_stand(quote: str, found: str | None) -> None:
    stretch = stretch_of(quote, TEXT)
    assert (TEXT[slice(*stretch)] if stretch else None) == found


def test_scripts_without_spaces() -> None:
    assert stretch_of("水泵的密封", "三月，水泵的密封损坏了。") == (3, 8)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("On March 14, 2025 pump P-7 failed.", []),
        ("It failed on 2025-03-14.", []),
        ("It failed in March 2025.", []),
        ("It failed on 14 March.", []),
        ("It failed on 15 March 2025.", ["15 March 2025"]),
        ("It failed on 14 March 2024.", ["14 March 2024"]),
        ("It is due by 20 March 2025.", ["20 March 2025"]),
        ("The total is 1190 EUR.", []),
        ("The total is € 1.190,00.", []),
        ("The total is 1,910 EUR.", ["1,910"]),
        ("It is payable within 8 days.", []),
        ("It is payable within nine days.", ["nine"]),
        ("Pump P-8 failed.", ["P-8"]),
        ("Both pumps and one of them.", []),
    ],
)
def test_values_are_copied_never_made(text: str, missing: list[str]) -> None:
    assert [m.strip() for m in unsupported_values(text, TEXT)] == missing
