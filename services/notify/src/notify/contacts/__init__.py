"""How to reach a person: a read model of what identity publishes."""
