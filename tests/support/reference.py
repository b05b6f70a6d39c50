"""The pack of Osaka, read once for all tests."""

from core.reference.pack import load_reference
from core.settings import DATA

REFERENCE = load_reference(DATA)
