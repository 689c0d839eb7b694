"""The catalogue that comes with the product: one folder a scheme, one file a version, and its worked examples."""

from collections.abc import Iterator
from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue"
CASES = "cases.yaml"


def catalogue_files() -> Iterator[Path]:
    return (path for path in sorted(CATALOGUE.glob("*/*.yaml")) if path.name != CASES)


def case_files() -> Iterator[Path]:
    return iter(sorted(CATALOGUE.glob(f"*/{CASES}")))
