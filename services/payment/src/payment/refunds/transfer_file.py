"""The file that a bank takes for transfers in bulk (Paya): a line for each, in the bank's columns.

UTF-8 with a byte order mark, since people open it in a spreadsheet, too.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from iran import Sheba

COLUMNS = ("row", "iban", "amount", "reference", "description")
DESCRIPTION = "بازپرداخت نوبت"


@dataclass(frozen=True)
class Transfer:
    """``amount`` Rial to ``iban``; ``refund_id`` comes back with the bank's answer."""

    refund_id: UUID
    iban: Sheba
    amount: int


def transfer_file(transfers: Sequence[Transfer]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row, one in enumerate(transfers, 1):
        writer.writerow((row, one.iban, one.amount, one.refund_id, DESCRIPTION))
    return text.getvalue().encode("utf-8-sig")
