"""The desk's way of orders: looking one up, the draw, the way of a car and contracts that pass on."""
