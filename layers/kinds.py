"""The map's layers by table: one row a kind of points. A new kind is a new row, not a new branch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """How a kind of points stands on the map.

    `order` from below to above; `size` of its symbol (pixels); `clusters`: it is a mass, gathers into counts, and only its
    abnormal points stand for themselves; `icon` of its clusters; `word` in the layers panel; `quiet`: normal ones start hidden;
    `moves`: its points have columns and a canvas of their own (layers/movers.py).
    """

    kind: str
    word: str
    order: int
    size: int
    clusters: bool
    icon: str
    quiet: bool = False
    moves: bool = False

    def as_page(self) -> dict[str, Any]:
        """What the page needs to know, JSON."""
        return {name: value for name, value in asdict(self).items() if name in {"kind", "order", "size", "clusters", "icon", "moves"}}


#: As the panel lists them.
LAYERS: tuple[LayerSpec, ...] = (
    LayerSpec("incidents", "事件", 50, 22, False, "g0"),
    LayerSpec("units", "力量", 40, 20, False, "u-fire"),
    LayerSpec("sensors", "传感器", 30, 20, True, "sen", quiet=True),
    LayerSpec("facilities", "设施", 20, 18, True, "f-store"),
    LayerSpec("video_points", "摄像机", 10, 16, True, "cam"),
    LayerSpec("movers", "船舶", 15, 18, True, "ves", moves=True),
)
BY_KIND = {spec.kind: spec for spec in LAYERS}


#: The states of a kind that may be hidden apart, with their words; the codes are those of resources/map/points.js.
STATES: dict[str, tuple[tuple[str, str], ...]] = {
    "incidents": (("abnormal", "应急"), ("normal", "市政")),
    "units": (("normal", "可用"), ("abnormal", "出动"), ("down", "不可用")),
    "sensors": (("normal", "正常"), ("abnormal", "异常"), ("down", "故障或过期")),
    "facilities": (("normal", "开放"), ("down", "关闭")),
    "video_points": (("normal", "在线"), ("down", "离线")),
    "movers": (("way", "行进"), ("rest", "停靠"), ("late", "位置过期"), ("lost", "失联")),
}
#: The states of what moves, in the order of the numbers that layers/mover_rows.py gives them.
MOVER_STATES = tuple(state for state, _ in STATES["movers"])

#: Fields with their words, as the panel lists them; the codes are those of weihai_command/domain/fields.py.
FIELDS: tuple[tuple[str, str], ...] = (
    ("municipal", "市政"), ("water", "水务"), ("weather", "气象"), ("traffic", "交通"), ("marine", "海洋渔业"), ("ecology", "生态"),
    ("police", "公安"), ("emergency", "应急"), ("other", "其他"),
)


def field_key(kind: str, field: str) -> str:
    """The name under which a field of a kind is switched."""
    return f"{kind}@{field}"


def state_key(kind: str, state: str) -> str:
    """The name under which a state of a kind is switched."""
    return f"{kind}.{state}"


def state_of(symbol: str, is_abnormal: bool) -> str:
    """The state that a mark belongs to, as the page judges it."""
    if is_abnormal:
        return "abnormal"
    if symbol in MOVER_STATES:
        return symbol
    return "down" if symbol.endswith(("-x", "-s")) else "normal"


def normal_key(kind: str) -> str:
    """The name under which the normal points of a quiet layer are switched."""
    return f"{kind}.normal"
