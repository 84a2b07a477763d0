'use strict';
// A straight ruler: clicks set its knots, the words say metres along the sphere. It measures lines, never roads.
Weihai.Ruler = class Ruler {
  constructor(map, sprites) {
    this.map = map;
    this.sprites = sprites;
    this.stop();
  }

  start() {
    this.isOn = true;
    this.knots = [];
    this.end = null;
  }

  stop() {
    this.isOn = false;
    this.knots = [];
    this.end = null;
  }

  add(place) { this.knots.push(place); }

  follow(place) { this.end = place; }

  paint(context, view) {
    if (!this.isOn || !this.knots.length) return;
    const line = this.end ? [...this.knots, this.end] : this.knots;
    const spots = line.map((place) => [view.x(place.lng / 360 + 0.5), view.y(Weihai.mercator(place.lat))]);
    const { colours } = this.sprites;
    context.beginPath();
    spots.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.lineWidth = 4;
    context.strokeStyle = colours.bg0;
    context.stroke();
    context.lineWidth = 1.6;
    context.strokeStyle = colours.text;
    context.stroke();
    let metres = 0;
    spots.forEach(([x, y], i) => {
      if (i) metres += this.map.distance(line[i - 1], line[i]);
      this.knot(context, x, y, i ? Weihai.metres(metres) : null);
    });
  }

  knot(context, x, y, text) {
    context.fillStyle = this.sprites.colours.text;
    context.fillRect(Math.round(x) - 3, Math.round(y) - 3, 6, 6);
    if (text) this.sprites.put(context, this.sprites.chip(text, false), x + 8, y - 10);
  }
};

Weihai.metres = (value) => (value < 1000 ? `${Math.round(value)} 米` : `${(value / 1000).toFixed(value < 10000 ? 2 : 1)} 公里`);
