"""The staff's routes to the lists: send one in, watch it, see what was not taken."""

from chassis.imports.api import imports_router
from sales.facts.service import NAME

router = imports_router(
    "/staff/facts/imports", NAME, "facts.write", "staff: facts about applicants", "sales.facts.imported"
)
