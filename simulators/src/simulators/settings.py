"""What can be configured, from `SIMULATORS_*` environment variables."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_PATTERNS = {
    "nobat-code": "کد تأیید شما در نوبت: %token",
    "nobat-login": "کد ورود شما به نوبت: %token",
    "nobat-password": "کد بازیابی گذرواژه شما در نوبت: %token",
    "nobat-staff": "کد دعوت شما به کارکنان نوبت: %token",
}


class Settings(BaseSettings):
    """Periods are seconds of the simulator's own clocks, prices are Rial."""

    model_config = SettingsConfigDict(env_prefix="SIMULATORS_", frozen=True)

    host: str = "127.0.0.1"
    port: int = 8090
    public_url: str = "http://127.0.0.1:8090"

    zarinpal_merchant_id: str | None = None
    """None takes any 36-character merchant id, as ZarinPal's sandbox does."""
    zarinpal_refund_token: SecretStr = SecretStr("zarinpal-refund-token")
    token_life_seconds: float = Field(default=15 * 60, gt=0)
    verify_window_seconds: float = Field(default=30 * 60, gt=0)
    """A paid payment nobody verifies for this long goes back to the buyer."""
    reverse_window_seconds: float = Field(default=30 * 60, gt=0)
    zibal_merchant: SecretStr | None = None
    """None takes any merchant."""
    sep_terminal_id: int = 21_000_001
    mellat_terminal_id: int = 1_234_567
    mellat_user_name: str = "nobat"
    mellat_password: SecretStr = SecretStr("mellat-password")
    sadad_merchant_id: str = "000000140212149"
    sadad_terminal_id: str = "24000615"
    sadad_terminal_key: SecretStr = SecretStr("bm9iYXQtc2FkYWQtdGVybWluYWwta2V5")
    """24 bytes in base64, as the bank hands it out."""

    kavenegar_api_key: SecretStr = SecretStr("kavenegar-api-key")
    kavenegar_lines: tuple[str, ...] = ("2000660110", "10004346")
    kavenegar_patterns: dict[str, str] = DEMO_PATTERNS
    smsir_api_key: SecretStr = SecretStr("smsir-api-key")
    smsir_line: str = "30007732000000"
    ghasedak_api_key: SecretStr = SecretStr("ghasedak-api-key")
    ghasedak_line: str = "210002100"
    melipayamak_username: str = "nobat"
    melipayamak_password: SecretStr = SecretStr("melipayamak-password")
    melipayamak_line: str = "50004001000000"
    ippanel_api_key: SecretStr = SecretStr("ippanel-api-key")
    ippanel_line: str = "+983000505"
    sms_credit: int = 10_000_000_000
    sms_part_price: int = 1_500
    sms_sent_after_seconds: float = 1.0
    sms_delivered_after_seconds: float = 3.0

    finnotech_client_id: str = "nobat"
    finnotech_client_secret: SecretStr = SecretStr("finnotech-client-secret")
    finnotech_token_seconds: float = Field(default=10 * 86_400, gt=0)
    jibit_api_key: SecretStr = SecretStr("jibit-api-key")
    jibit_secret_key: SecretStr = SecretStr("jibit-secret-key")
    jibit_token_seconds: float = Field(default=30 * 60, gt=0)
    zohal_token: SecretStr = SecretStr("zohal-token")
