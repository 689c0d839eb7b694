"""The catalogue that comes with the product: one folder a scheme, one file a version."""

from collections.abc import Iterator
from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue"
EXAMPLES = "examples.yaml"


def catalogue_files() -> Iterator[Path]:
    return (path for path in sorted(CATALOGUE.glob("*/*.yaml")) if path.name not in {EXAMPLES, "cases.yaml"})
