'use strict';
// The ring around the open incident, whose outer circle is dragged by its handle, and the mark that a list points at.
Weihai.Ring = class Ring {
  constructor(app) {
    this.app = app;
    this.held = 0;
    this.handle = null;
    this.told = 0;
    const { surface } = app;
    for (const [name, paint] of [['mass', 'paintCircles'], ['top', 'paintWords']]) {
      const before = surface.painters.get(name);
      surface.onPaint(name, (context, view) => {
        before(context, view);
        this[paint](context, view);
      });
    }
    const home = app.map.getContainer();
    // Before Leaflet, which would move the map.
    home.addEventListener('mousedown', (event) => this.grab(event), true);
    window.addEventListener('mousemove', (event) => this.pull(event), true);
    window.addEventListener('mouseup', (event) => this.drop(event), true);
    home.addEventListener('click', (event) => this.swallow(event), true);
  }

  get ring() { return this.app.scene.ring; }

  // Radii with the one that is being dragged as it is under the pointer.
  radii() { return this.held ? [...this.ring.radii.slice(0, -1), this.held] : this.ring.radii; }

  // Pixels of a metre there, on the sphere of domain/geometry.py: mercator stretches by the latitude.
  pixels(view) { return view.scale / (2 * Math.PI * 6371008.8 * Math.cos(this.ring.lat * Math.PI / 180)); }

  paintCircles(context, view) {
    this.handle = null;
    if (!this.ring) return;
    const [x, y] = [view.x(this.ring.x), view.y(this.ring.y)];
    const { colours } = this.app.sprites;
    for (const metres of this.radii()) {
      const reach = metres * this.pixels(view);
      if (reach < 12 || reach > 8000) continue;
      context.beginPath();
      context.arc(x, y, reach, 0, 2 * Math.PI);
      context.lineWidth = 1.2;
      context.setLineDash([2, 4]);
      context.strokeStyle = colours.text2;
      context.stroke();
      context.setLineDash([]);
    }
  }

  // Words and handle lie over the marks; they keep clear of the words and chips that stand already.
  paintWords(context, view) {
    if (this.ring) {
      const { marks } = this.app;
      const taken = [...marks.tags, ...marks.chips].map(({ box }) => box);
      for (const { x, y, size } of marks.stood) taken.push([x - size / 2, y - size / 2, x + size / 2, y + size / 2]);
      const last = this.radii().length - 1;
      this.radii().forEach((metres, at) => this.paintRadius(context, view, metres, at === last, taken));
    }
    this.paintLit(context, view);
  }

  paintRadius(context, view, metres, isOuter, taken) {
    const reach = metres * this.pixels(view);
    const [x, y] = [view.x(this.ring.x), view.y(this.ring.y)];
    if (reach < 24 || reach > 8000) return;
    if (isOuter) this.paintHandle(context, view, x, y, reach);
    const { sprites } = this.app;
    const stamp = sprites.name(Weihai.radius(metres), { font: sprites.font(14), colour: sprites.colours.text2, rim: sprites.colours.land });
    // Below first, then around the circle where it is free and seen.
    for (const turn of [0.5, 0.55, 0.45, 0.6, 0.4, 0.7, 0.3, 0.15, 0.85, 0]) {
      const angle = Math.PI * 2 * (turn - 0.25);
      const left = x + Math.cos(angle) * reach - stamp.width / 2;
      const top = y + Math.sin(angle) * reach - 11;
      const box = [left, top, left + stamp.width, top + 22];
      const isSeen = left > 4 && top > 4 && box[2] < view.width - 4 && box[3] < view.height - 4;
      if (!isSeen || [...taken, ...(this.app.scene.covers || [])].some((other) => Weihai.meets(box, other))) continue;
      taken.push(box);
      sprites.put(context, stamp, left, top);
      return;
    }
  }

  // At the east of the circle, or where else it is seen.
  paintHandle(context, view, x, y, reach) {
    const spots = [[x + reach, y], [x - reach, y], [x, y - reach], [x, y + reach]];
    const isFree = ([a, b]) => view.sees(a, b, -12)
      && !(this.app.scene.covers || []).some((box) => Weihai.meets([a - 8, b - 8, a + 8, b + 8], box));
    const spot = spots.find(isFree);
    if (!spot) return;
    this.handle = spot;
    const { colours } = this.app.sprites;
    context.beginPath();
    context.arc(spot[0], spot[1], 5, 0, 2 * Math.PI);
    context.fillStyle = this.held ? colours.text : colours.bg0;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = colours.text;
    context.stroke();
  }

  paintLit(context, view) {
    const { lit } = this.app.scene;
    const layer = lit && this.app.layers().find((one) => one.spec.kind === lit.kind);
    if (!layer || lit.row >= layer.count || !layer.nameOf) return;
    const size = layer.spec.size + 4;
    if (!this.app.marks.stamp(context, view, layer, lit.row, size)) return;
    this.app.marks.paintCorners(context, { x: view.x(layer.x[lit.row]), y: view.y(layer.y[lit.row]), size });
  }

  spot(event) {
    const box = this.app.map.getContainer().getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  isOver([x, y]) { return Boolean(this.ring && this.handle) && Math.hypot(x - this.handle[0], y - this.handle[1]) < 11; }

  grab(event) {
    if (event.button !== 0 || !this.isOver(this.spot(event))) return;
    this.held = this.ring.radii[this.ring.radii.length - 1];
    event.stopImmediatePropagation();
    event.preventDefault();
    this.app.surface.want('mass', 'top');
  }

  pull(event) {
    if (!this.held) {
      this.app.map.getContainer().style.cursor = this.isOver(this.spot(event)) ? 'ew-resize' : '';
      return;
    }
    event.stopImmediatePropagation();
    const view = new Weihai.View(this.app.map, 1);
    const [x, y] = this.spot(event);
    this.held = Math.max(200, Math.min(30000, Math.hypot(x - view.x(this.ring.x), y - view.y(this.ring.y)) / this.pixels(view)));
    this.app.surface.want('mass', 'top');
    this.tell(false);
  }

  drop(event) {
    if (!this.held) return;
    event.stopImmediatePropagation();
    this.dropped = true;
    this.tell(true);
    this.held = 0;
    // A click follows only where the button came up over the map.
    setTimeout(() => { this.dropped = false; });
    this.app.surface.want('mass', 'top');
  }

  // The click that ends a drag means no mark.
  swallow(event) {
    if (this.dropped) event.stopImmediatePropagation();
  }

  // Every frame is too often for the city behind it.
  tell(isFinal) {
    const now = performance.now();
    if (!isFinal && now - this.told < 40) return;
    this.told = now;
    this.app.wire.tell('ringed', this.held, isFinal);
  }
};

Weihai.radius = (metres) => (metres < 1000 ? `${Math.round(metres / 100) * 100} 米` : `${Math.round(metres / 100) / 10} 公里`);
Weihai.meets = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
