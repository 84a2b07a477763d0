"""The folium elements of the page: the map itself, one element a layer, and the start. Imports folium: only to build the page."""

from __future__ import annotations

import folium
from branca.element import MacroElement
from folium.template import Template

from weihai_command.domain.point_index import MAX_ZOOM, ORIGIN

from .kinds import LAYERS, LayerSpec

_BASE = "weihai://map"
_SCRIPTS = ("core", "base", "sprites", "points", "crowd", "marks", "measure", "movers", "vessels", "ring", "areas", "wire", "wall", "main")


class AppElement(MacroElement):
    """Turns folium's bare map into the city's."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "const app = new Weihai.App({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()
        self.options = {"origin": list(ORIGIN)}


class PointsElement(MacroElement):
    """One layer of points."""

    _template = Template("{% macro script(this, kwargs) %}app.add({{ this.spec|tojson }});{% endmacro %}")

    def __init__(self, spec: LayerSpec) -> None:
        super().__init__()
        self.spec = spec.as_page()


class RingElement(MacroElement):
    """The ring around the open incident."""

    _template = Template("{% macro script(this, kwargs) %}app.ring = new Weihai.Ring(app);{% endmacro %}")


class AreasElement(MacroElement):
    """The areas of warnings."""

    _template = Template("{% macro script(this, kwargs) %}app.areas = new Weihai.Areas(app);{% endmacro %}")


class WallElement(MacroElement):
    """The leaders' screen: idle on a desk, whose scene has no wall."""

    _template = Template("{% macro script(this, kwargs) %}app.wall = new Weihai.Wall(app);{% endmacro %}")


class StartElement(MacroElement):
    """After all layers are known: fetch and draw."""

    _template = Template("{% macro script(this, kwargs) %}app.start();{% endmacro %}")


def city_map() -> folium.Map:
    """The map without tiles, with all its layers; every address in it is on the page's own scheme."""
    result = folium.Map(
        location=(37.40, 122.12), zoom_start=11, tiles=None, zoom_control=False, attribution_control=False,
        zoomAnimation=False, fadeAnimation=False, markerZoomAnimation=False, inertia=False, minZoom=6, maxZoom=MAX_ZOOM,
        wheelPxPerZoomLevel=100,
    )
    # Folium's names are random; the page is cached by its content, so they must not be.
    result._id, result.get_root()._id = "city", "page"
    scripts = [("leaflet", f"{_BASE}/leaflet/leaflet.js"), ("channel", f"{_BASE}/qwebchannel.js")]
    result.default_js = scripts + [(name, f"{_BASE}/map/{name}.js") for name in _SCRIPTS]
    result.default_css = [("leaflet-style", f"{_BASE}/leaflet/leaflet.css"), ("map-style", f"{_BASE}/map/map.css")]
    for index, element in enumerate([AppElement(), *map(PointsElement, LAYERS), RingElement(), AreasElement(), WallElement(), StartElement()]):
        element._id = str(index)
        element.add_to(result)
    return result
