"""The published JSON Schema of scheme documents, drawn from the same models that read them."""

import json
from pathlib import Path

from appraisal.schemes.spec import Scheme

SCHEMA_FILE = Path(__file__).parent / "schema.json"


def schema_text() -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scheme.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
