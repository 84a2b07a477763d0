"""Write the JSON schemas that the platform enforces, from the models that the desk validates with.

`python -m weihai_command.feeds.schemas` writes resources/schema.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .wire import MODELS

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "schema"


def schema(kind: str) -> dict[str, Any]:
    """The schema of one kind. Kinto's own fields are not in it, for the server leaves them out of the check."""
    made = MODELS[kind].model_json_schema()
    made.pop("description", None)
    return made


def text(kind: str) -> str:
    return json.dumps(schema(kind), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in MODELS:
        (FOLDER / f"{kind}.json").write_text(text(kind), "utf-8")


if __name__ == "__main__":
    main()
