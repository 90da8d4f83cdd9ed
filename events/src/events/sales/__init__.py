"""What sales publishes."""

from events.sales.cars import (
    CarAllocated,
    CarDelivered,
    CarInvoiced,
    CarPlated,
    CarReady,
    CarSentToDealer,
    DelayPenaltyCredited,
)
from events.sales.complaints import (
    ComplaintAnswered,
    ComplaintEscalated,
    ComplaintFiled,
    ComplaintResolved,
    ComplaintWarned,
)
from events.sales.draws import (
    DrawHeld,
    Drawn,
    DrawResultsListed,
)
from events.sales.endings import (
    InvitationExpired,
    InvitationIssued,
    InvitationPostponed,
    OrderCancelled,
    OrderTransferred,
    OrderVoided,
    TransferDecided,
    TransferProposed,
)
from events.sales.orders import (
    BillPostponed,
    BillRequested,
    BillWithdrawn,
    ContractActivated,
    OrderLapsed,
    OrderPlaced,
    OrderSettled,
    PaymentDeclined,
    RefundRequested,
)

__all__ = [
    "BillPostponed",
    "BillRequested",
    "BillWithdrawn",
    "CarAllocated",
    "CarDelivered",
    "CarInvoiced",
    "CarPlated",
    "CarReady",
    "CarSentToDealer",
    "ComplaintAnswered",
    "ComplaintEscalated",
    "ComplaintFiled",
    "ComplaintResolved",
    "ComplaintWarned",
    "ContractActivated",
    "DelayPenaltyCredited",
    "DrawHeld",
    "DrawResultsListed",
    "Drawn",
    "InvitationExpired",
    "InvitationIssued",
    "InvitationPostponed",
    "OrderCancelled",
    "OrderLapsed",
    "OrderPlaced",
    "OrderSettled",
    "OrderTransferred",
    "OrderVoided",
    "PaymentDeclined",
    "RefundRequested",
    "TransferDecided",
    "TransferProposed",
]
