'use strict';
// The base map: sea, land, coast, inland borders, and a graticule far out. Reads base.bin as layers/prepare.py writes it.
Weihai.BaseMap = class BaseMap {
  constructor(origin) {
    this.origin = origin;
    this.lines = [];
    this.points = new Float32Array(0);
  }

  load(buffer) {
    const count = new Uint32Array(buffer, 4, 1)[0];
    const table = new Uint32Array(buffer, 8, count * 3);
    this.points = new Float32Array(buffer, 8 + count * 12);
    this.lines = [];
    for (let i = 0; i < count; i += 1) {
      const line = { role: table[3 * i], first: table[3 * i + 1], count: table[3 * i + 2] };
      line.box = this.extent(line);
      this.lines.push(line);
    }
  }

  extent(line) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = line.first; i < line.first + line.count; i += 1) {
      const x = this.points[2 * i];
      const y = this.points[2 * i + 1];
      if (x < box[0]) box[0] = x;
      if (x > box[2]) box[2] = x;
      if (y < box[1]) box[1] = y;
      if (y > box[3]) box[3] = y;
    }
    return [box[0] + this.origin[0], box[1] + this.origin[1], box[2] + this.origin[0], box[3] + this.origin[1]];
  }

  paint(context, view, colours) {
    context.fillStyle = colours.sea;
    context.fillRect(0, 0, view.width, view.height);
    if (view.zoom <= 10 && !this.isPlain) this.graticule(context, view, colours);
    this.fill(context, view, 0, colours.land_out);
    this.fill(context, view, 1, colours.land_out);
    this.fill(context, view, 2, colours.land);
    if (view.zoom <= 10) this.stroke(context, view, 7, colours.coast, 0.8, []);
    this.stroke(context, view, 3, colours.coast, view.zoom < 10 ? 0.9 : 1.2, []);
    this.stroke(context, view, 4, colours.district, 1, [6, 4]);
    this.stroke(context, view, 5, colours.district, 1.2, [12, 4, 2, 4]);
  }

  seen(view, role) {
    const [x0, y0, x1, y1] = view.box(4);
    return this.lines.filter((line) => line.role === role
      && line.box[0] < x1 && line.box[2] > x0 && line.box[1] < y1 && line.box[3] > y0);
  }

  fill(context, view, role, colour) {
    context.beginPath();
    for (const line of this.seen(view, role)) {
      this.trace(context, view, line);
      context.closePath();
    }
    context.fillStyle = colour;
    context.fill('evenodd');
  }

  stroke(context, view, role, colour, width, dash) {
    context.beginPath();
    for (const line of this.seen(view, role)) this.trace(context, view, line);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineJoin = 'round';
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }

  // Points that fall on the pixel of the one before say nothing.
  trace(context, view, line) {
    const { points } = this;
    const left = view.left - this.origin[0] * view.scale;
    const top = view.top - this.origin[1] * view.scale;
    const last = line.first + line.count - 1;
    let px = points[2 * line.first] * view.scale - left;
    let py = points[2 * line.first + 1] * view.scale - top;
    context.moveTo(px, py);
    for (let i = line.first + 1; i <= last; i += 1) {
      const x = points[2 * i] * view.scale - left;
      const y = points[2 * i + 1] * view.scale - top;
      if (i < last && Math.abs(x - px) + Math.abs(y - py) < 0.8) continue;
      context.lineTo(x, y);
      px = x;
      py = y;
    }
  }

  graticule(context, view, colours) {
    const step = view.zoom >= 10 ? 0.25 : view.zoom >= 9 ? 0.5 : 1;
    const [x0, y0, x1, y1] = view.box(0);
    context.strokeStyle = colours.land;
    context.lineWidth = 1;
    context.beginPath();
    for (let lon = Math.ceil((x0 * 360 - 180) / step) * step; lon < x1 * 360 - 180; lon += step) {
      const x = Math.round(view.x(lon / 360 + 0.5)) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, view.height);
    }
    for (let lat = Math.ceil(Weihai.latitude(y1) / step) * step; lat < Weihai.latitude(y0); lat += step) {
      const y = Math.round(view.y(Weihai.mercator(lat))) + 0.5;
      context.moveTo(0, y);
      context.lineTo(view.width, y);
    }
    context.stroke();
  }
};

Weihai.mercator = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) / (2 * Math.PI);
Weihai.latitude = (y) => Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180 / Math.PI;
// World coordinates to [longitude, latitude].
Weihai.place = (x, y) => [(x - 0.5) * 360, Weihai.latitude(y)];
