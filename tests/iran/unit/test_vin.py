import pytest

from iran import Invalid, Vin


@pytest.mark.parametrize(
    "text", ["1M8GDM9AXKP042788", "11111111111111111", "WDBEA30D3HA391172", "YV1TS592861433393"]
)
def test_a_vin_with_a_north_american_check_digit_fits(text: str) -> None:
    assert Vin.parse(text).check_digit_fits


def test_a_real_vin_without_a_check_digit_is_valid_all_the_same() -> None:
    vin = Vin.parse("wvw-zzz3cz-ee140287")
    assert vin == "WVWZZZ3CZEE140287"
    assert not vin.check_digit_fits
    assert vin.manufacturer == "WVW"


@pytest.mark.parametrize(
    "text", ["", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427888", "IM8GDM9AXKP042788", "1M8GDM9AXKPO42788"]
)
def test_what_is_no_vin_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Vin.parse(text)
    assert caught.value.code == "vin_format"
