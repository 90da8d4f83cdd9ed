"""The terms that an order keeps."""

from sales.orders.tables import Order
from sales.plans.terms import OrderTerms


def terms_of(order: Order) -> OrderTerms:
    return OrderTerms.model_validate(order.terms)
