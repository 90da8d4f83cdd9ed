"""How a buyer stands: what is billed, paid, on its way and still to be paid, order by order."""
