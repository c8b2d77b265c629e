"""What the product remembers beside its tables: imports, versions and what people decide."""

from klantreis.state.database import State
from klantreis.state.facts import ImportedFile, ImportPart, Published, TableVersion

__all__ = ["ImportPart", "ImportedFile", "Published", "State", "TableVersion"]
