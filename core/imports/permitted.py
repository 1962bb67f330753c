"""What importing by a mapping takes besides the permission to import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.access import Viewer, require
from core.imports.mapping import ImportMapping, read_mapping


def allowed(content: Mapping[str, Any], by: Viewer) -> ImportMapping:
    """The checked mapping. Raises BadMapping, or NotAllowed for what the viewer may not enter by hand."""
    mapping = read_mapping(content)
    for permission in sorted(mapping.permissions()):
        require(by, permission, what=f"imports.{mapping.entity}")
    return mapping
