"""A dealership in every province, three in Tehran."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from iran import Landline, Province, to_persian_digits
from sales.dealerships.hours import Day, Span, Week
from sales.dealerships.service import DealershipRecord

HOURS = "شنبه تا چهارشنبه ۸:۳۰ تا ۱۷، پنجشنبه ۸:۳۰ تا ۱۳"
WORKDAYS = (Day.SATURDAY, Day.SUNDAY, Day.MONDAY, Day.TUESDAY, Day.WEDNESDAY)
OPENS = time(8, 30)
WEEK: Week = {day: [Span(opens=OPENS, closes=time(17))] for day in WORKDAYS}
WEEK |= {Day.THURSDAY: [Span(opens=OPENS, closes=time(13))]}
FIRST_CODE = 1001
PHONE_DIGITS = 8
PHONE_STRIDE = 7_717_339
"""Spreads the numbers over all that have eight digits and begin with a 3."""


@dataclass(frozen=True)
class Place:
    """``latitude`` and ``longitude`` are of the city's centre, WGS 84."""

    province: Province
    city: str
    owner: str
    street: str
    latitude: float
    longitude: float


PLACES = (
    Place(Province.TEHRAN, "تهران", "کریمی", "بزرگراه آیت‌الله سعیدی، بعد از سه‌راه آدران", 35.700, 51.338),
    Place(Province.TEHRAN, "تهران", "رستگار", "تهرانپارس، خیابان دماوند", 35.720, 51.530),
    Place(Province.TEHRAN, "ری", "نوری", "شهرری، بلوار فدائیان اسلام", 35.595, 51.435),
    Place(Province.ALBORZ, "کرج", "صادقی", "بلوار ماهان، نرسیده به میدان استاندارد", 35.832, 50.991),
    Place(Province.ISFAHAN, "اصفهان", "شریفی", "خیابان امام خمینی، روبه‌روی پل تمدن", 32.654, 51.668),
    Place(Province.FARS, "شیراز", "زارع", "بلوار امیرکبیر، جنب پل هوایی", 29.592, 52.584),
    Place(Province.RAZAVI_KHORASAN, "مشهد", "طوسی", "بلوار وکیل‌آباد، نبش وکیل‌آباد ۵۳", 36.297, 59.606),
    Place(Province.EAST_AZERBAIJAN, "تبریز", "آذری", "جاده‌ی سنتو، روبه‌روی پارک آذربایجان", 38.080, 46.292),
    Place(Province.WEST_AZERBAIJAN, "ارومیه", "افشار", "بلوار ولایت فقیه", 37.553, 45.076),
    Place(Province.ARDABIL, "اردبیل", "سبلانی", "بزرگراه شهدا، میدان بسیج", 38.250, 48.297),
    Place(Province.ZANJAN, "زنجان", "بیات", "بلوار پانزده خرداد", 36.674, 48.478),
    Place(Province.QAZVIN, "قزوین", "مینودری", "بلوار جمهوری اسلامی", 36.269, 50.004),
    Place(Province.QOM, "قم", "صفوی", "بلوار پانزده خرداد، نبش کوچه‌ی ۴۲", 34.640, 50.876),
    Place(Province.MARKAZI, "اراک", "فراهانی", "میدان شریعتی، خیابان قائم‌مقام", 34.092, 49.689),
    Place(Province.HAMADAN, "همدان", "الوندی", "بلوار انقلاب، میدان قائم", 34.799, 48.515),
    Place(Province.KERMANSHAH, "کرمانشاه", "بیستونی", "بلوار شهید بهشتی، میدان فردوسی", 34.328, 47.077),
    Place(Province.KURDISTAN, "سنندج", "اردلان", "بلوار پاسداران", 35.315, 46.998),
    Place(Province.ILAM, "ایلام", "پشتکوهی", "بلوار آزادی", 33.637, 46.423),
    Place(Province.LORESTAN, "خرم‌آباد", "لرستانی", "بلوار بهارستان، جاده‌ی کمربندی", 33.488, 48.355),
    Place(Province.KHUZESTAN, "اهواز", "کیان", "کیانپارس، بلوار چمران", 31.319, 48.684),
    Place(Province.CHAHARMAHAL_AND_BAKHTIARI, "شهرکرد", "بختیاری", "بلوار آیت‌الله کاشانی", 32.326, 50.864),
    Place(Province.KOHGILUYEH_AND_BOYER_AHMAD, "یاسوج", "دنایی", "بلوار مطهری", 30.668, 51.588),
    Place(Province.BUSHEHR, "بوشهر", "دشتی", "بلوار ساحلی، خیابان ریشهر", 28.923, 50.820),
    Place(Province.HORMOZGAN, "بندرعباس", "هرمزی", "بلوار امام خمینی، سه‌راه جهانبار", 27.183, 56.267),
    Place(Province.KERMAN, "کرمان", "ماهانی", "بزرگراه امام، ورودی شهر", 30.284, 57.083),
    Place(Province.SISTAN_AND_BALUCHESTAN, "زاهدان", "ریگی", "بلوار جمهوری اسلامی", 29.496, 60.863),
    Place(Province.YAZD, "یزد", "دهقان", "بلوار دهه‌ی فجر، میدان آزادگان", 31.897, 54.357),
    Place(Province.SEMNAN, "سمنان", "قومسی", "بلوار قائم، میدان استاندارد", 35.577, 53.395),
    Place(Province.MAZANDARAN, "ساری", "طبری", "کیلومتر سه جاده‌ی ساری به قائم‌شهر", 36.563, 53.060),
    Place(Province.GOLESTAN, "گرگان", "گرگانی", "خیابان شهید بهشتی، سه‌راه جرجان", 36.842, 54.444),
    Place(Province.GILAN, "رشت", "گیلک", "بلوار شهید انصاری، پل تالش", 37.281, 49.583),
    Place(Province.NORTH_KHORASAN, "بجنورد", "بجنوردی", "خیابان طالقانی غربی", 37.475, 57.333),
    Place(Province.SOUTH_KHORASAN, "بیرجند", "قهستانی", "بلوار شهدای عبادی", 32.866, 59.221),
)


def records() -> Iterator[DealershipRecord]:
    """The directory, ready to be registered."""
    for number, place in enumerate(PLACES):
        code = FIRST_CODE + number
        yield DealershipRecord(
            code=str(code),
            name=f"نمایندگی {place.owner}، کد {to_persian_digits(str(code))}",
            province=place.province,
            city=place.city,
            address=f"{place.city}، {place.street}",
            phone=_phone(place.province, number),
            hours=HOURS,
            weekly_hours=WEEK,
            latitude=place.latitude,
            longitude=place.longitude,
        )


def _phone(province: Province, number: int) -> str:
    local = 30_000_000 + (number + 1) * PHONE_STRIDE % 10_000_000
    return str(Landline(f"{province.phone_code}{local:0{PHONE_DIGITS}}"))
