"""The faults of plans, by their codes."""

from collections.abc import Mapping

from chassis.errors import Sentence

FAULTS: Mapping[str, Sentence] = {
    "already_over": Sentence("زمان بسته شدن طرح گذشته است.", "The closing time has passed."),
    "overlapping_period": Sentence(
        "دوره‌ی فروش با دوره‌ی بخشنامه‌ای که این از روی آن نوشته شده هم‌پوشانی دارد.",
        "The period overlaps that of the circular this one was copied from, for the same car.",
    ),
    "circular_taken": Sentence("بخشنامه‌ای با این شماره وجود دارد.", "A circular with this number exists."),
    "repeated": Sentence("تکراری است.", "It is there twice."),
    "unknown_class": Sentence("این طرح چنین گروهی ندارد.", "The plan has no such applicant class."),
    "handover_time": Sentence(
        "واگذاری خودکار سهمیه در دوره‌ی فروش یک طرح به ترتیب ثبت است و گروه گیرنده می‌خواهد.",
        "Seats are handed on by themselves while a first-come plan is open, to a class that it names.",
    ),
    "unknown_colour": Sentence("خودرو در این رنگ عرضه نمی‌شود.", "The car is not offered in this colour."),
    "unknown_dealership": Sentence("نمایندگی با این شناسه نیست.", "There is no such dealership."),
    "unknown_rule_set": Sentence("چنین مجموعه قاعده‌ای نیست.", "There is no such rule set."),
    "rule_set_not_valid": Sentence(
        "مجموعه قاعده در روز باز شدن طرح معتبر نیست.", "The rule set is not valid on the day of the opening."
    ),
    "quota_missing": Sentence("سهمیه‌ی بعضی تعیین نشده است.", "Some have no quota."),
    "quotas_exceed_capacity": Sentence("جمع سهمیه‌ها از ظرفیت بیشتر است.", "The quotas exceed the capacity."),
    "quotas_leave_capacity": Sentence(
        "جمع سهمیه‌ها از ظرفیت کمتر است و بقیه فروخته نمی‌شود.",
        "The quotas leave a part of the capacity that nobody could get.",
    ),
    "instalment_due": Sentence(
        "هر قسط یا تاریخ سررسید دارد یا فاصله از قرارداد، و هر دو را نه.",
        "An instalment has either a due date or days after the contract.",
    ),
    "instalment_amount": Sentence(
        "هر قسط یا سهم دارد یا مبلغ، نه هر دو.", "An instalment has a share or an amount, not both."
    ),
    "instalment_order": Sentence("سررسیدها به ترتیب نیستند.", "The due dates are not in order."),
    "instalments_exceed_price": Sentence(
        "پیش‌پرداخت و قسط‌ها از قیمت بیشترند.", "The prepayment and the instalments exceed the price."
    ),
    "instalments_below_price": Sentence(
        "پیش‌پرداخت و قسط‌ها به قیمت نمی‌رسند.", "The prepayment and the instalments do not make up the price."
    ),
    "instalment_not_payable": Sentence(
        "مبلغ قسط با شناسه‌ی پرداخت پذیرفته نیست.", "A bill cannot carry the amount of an instalment."
    ),
    "instalments_needed": Sentence("فروش اقساطی برنامه‌ی قسط می‌خواهد.", "A sale by instalments needs some."),
    "instalments_need_fixed_price": Sentence(
        "قسط‌بندی تنها با قیمت قطعی ممکن است.", "Instalments need a fixed price."
    ),
    "transfer_needs_pre_sale": Sentence(
        "صلح تنها در پیش‌فروش و مشارکت ممکن است.", "Only pre-sale contracts can be transferred."
    ),
    "deposit_needed": Sentence(
        "فروش وکالتی مبلغ مسدودی می‌خواهد.", "A sale by power of attorney needs a deposit."
    ),
    "one_choice": Sentence(
        "فروش به ترتیب ثبت تنها یک انتخاب دارد.", "A first-come plan takes exactly one choice."
    ),
    "draw_needs_class_quotas": Sentence(
        "در قرعه‌کشی سهم هر گروه از هر خودرو باید روشن باشد.",
        "A draw needs to know what each class may get of each car.",
    ),
    "draw_divides_by_class": Sentence(
        "قرعه‌کشی تنها میان گروه‌ها تقسیم می‌شود، نه رنگ یا نمایندگی.",
        "A draw divides by class only, not by colour or dealership.",
    ),
    "too_many_choices": Sentence("انتخاب‌ها از خودروها بیشترند.", "There are more choices than offerings."),
    "delivery_twice": Sentence(
        "تحویل یا بازه دارد یا تعداد روز، نه هر دو.", "Delivery has a window or a number of days, not both."
    ),
    "delivery_before_sale": Sentence(
        "تحویل پیش از باز شدن طرح وعده داده شده است.", "Delivery is promised before the plan opens."
    ),
}
