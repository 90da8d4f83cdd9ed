"""Iranian banks by the codes that a Sheba and a card number carry.

Merged banks keep their codes, since accounts and cards with them are still in use. Codes that are not
listed are valid too: new banks come before this table does.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bank:
    code: str
    name_fa: str
    name_en: str


_BANKS = (
    Bank("010", "بانک مرکزی", "Central Bank"),
    Bank("011", "بانک صنعت و معدن", "Bank of Industry and Mine"),
    Bank("012", "بانک ملت", "Bank Mellat"),
    Bank("013", "بانک رفاه کارگران", "Refah Bank"),
    Bank("014", "بانک مسکن", "Bank Maskan"),
    Bank("015", "بانک سپه", "Bank Sepah"),
    Bank("016", "بانک کشاورزی", "Bank Keshavarzi"),
    Bank("017", "بانک ملی ایران", "Bank Melli Iran"),
    Bank("018", "بانک تجارت", "Tejarat Bank"),
    Bank("019", "بانک صادرات ایران", "Bank Saderat Iran"),
    Bank("020", "بانک توسعه صادرات", "Export Development Bank"),
    Bank("021", "پست بانک ایران", "Post Bank of Iran"),
    Bank("022", "بانک توسعه تعاون", "Tosee Taavon Bank"),
    Bank("051", "مؤسسه اعتباری توسعه", "Tosee Credit Institution"),
    Bank("052", "بانک قوامین", "Ghavamin Bank"),
    Bank("053", "بانک کارآفرین", "Karafarin Bank"),
    Bank("054", "بانک پارسیان", "Parsian Bank"),
    Bank("055", "بانک اقتصاد نوین", "EN Bank"),
    Bank("056", "بانک سامان", "Saman Bank"),
    Bank("057", "بانک پاسارگاد", "Bank Pasargad"),
    Bank("058", "بانک سرمایه", "Sarmayeh Bank"),
    Bank("059", "بانک سینا", "Sina Bank"),
    Bank("060", "بانک قرض‌الحسنه مهر ایران", "Mehr Iran Bank"),
    Bank("061", "بانک شهر", "City Bank"),
    Bank("062", "بانک آینده", "Ayandeh Bank"),
    Bank("063", "بانک انصار", "Ansar Bank"),
    Bank("064", "بانک گردشگری", "Tourism Bank"),
    Bank("065", "بانک حکمت ایرانیان", "Hekmat Iranian Bank"),
    Bank("066", "بانک دی", "Day Bank"),
    Bank("069", "بانک ایران زمین", "Iran Zamin Bank"),
    Bank("070", "بانک قرض‌الحسنه رسالت", "Resalat Bank"),
    Bank("073", "مؤسسه اعتباری کوثر", "Kosar Credit Institution"),
    Bank("075", "مؤسسه اعتباری ملل", "Melal Credit Institution"),
    Bank("078", "بانک خاورمیانه", "Middle East Bank"),
    Bank("079", "بانک مهر اقتصاد", "Mehr Eghtesad Bank"),
    Bank("080", "مؤسسه اعتباری نور", "Noor Credit Institution"),
    Bank("090", "بانک قرض‌الحسنه مهر ایران", "Mehr Iran Bank"),
    Bank("095", "بانک ایران و ونزوئلا", "Iran-Venezuela Bank"),
)

_CARD_PREFIXES = {
    "010": ("636795",),
    "011": ("627961",),
    "012": ("610433", "991975"),
    "013": ("589463",),
    "014": ("628023",),
    "015": ("589210",),
    "016": ("603770", "639217"),
    "017": ("603799", "170019"),
    "018": ("627353", "585983"),
    "019": ("603769",),
    "020": ("627648", "207177"),
    "021": ("627760",),
    "022": ("502908",),
    "051": ("628157",),
    "052": ("639599",),
    "053": ("627488", "502910"),
    "054": ("622106", "627884", "639194"),
    "055": ("627412",),
    "056": ("621986",),
    "057": ("502229", "639347"),
    "058": ("639607",),
    "059": ("639346",),
    "060": ("606373",),
    "061": ("502806", "504706"),
    "062": ("636214",),
    "063": ("627381",),
    "064": ("505416", "505426"),
    "065": ("636949",),
    "066": ("502938",),
    "069": ("505785",),
    "070": ("504172",),
    "073": ("505801",),
    "075": ("606256",),
    "078": ("585947",),
    "079": ("639370",),
    "080": ("507677",),
}

BANK_BY_CODE = {bank.code: bank for bank in _BANKS}
"""By the three digits after a Sheba's check digits."""

BANK_BY_CARD_PREFIX = {
    prefix: BANK_BY_CODE[code] for code, prefixes in _CARD_PREFIXES.items() for prefix in prefixes
}
"""By a card's first six digits."""
