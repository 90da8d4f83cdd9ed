"""Files that staff send in: taken in by the worker in batches, good rows kept, bad rows listed."""

from chassis.imports.importer import Importer
from chassis.imports.kind import BadRow, Batch, ImportKind, Line

__all__ = ["BadRow", "Batch", "ImportKind", "Importer", "Line"]
