'use strict';
// How movers look: the outline of a ship or a vehicle turned to its heading, a circle or a square at rest, dashed when late,
// crossed out when lost, a tail when near.
Weihai.Vessels = class Vessels {
  constructor(surface, sprites, marks) {
    this.surface = surface;
    this.sprites = sprites;
    this.marks = marks;
    this.layer = null;
    this.chips = [];
    this.stood = [];
    this.shapes = new Map();
    // Painted last, for its words keep clear of the others' words; it lies under what must stay on top.
    const canvas = (name) => surface.canvases.find(([one]) => one === name)[1];
    this.canvas = canvas('movers');
    canvas('top').before(this.canvas);
  }

  isShown() { return Boolean(this.layer && this.layer.count && this.marks.scene.visible.movers); }

  paint(context, view) {
    // A canvas without content still costs the compositor a pass over the window.
    this.canvas.style.display = this.isShown() ? '' : 'none';
    this.chips = [];
    this.stood = [];
    if (!this.isShown()) return;
    this.canvas.style.opacity = this.marks.alpha(this.layer);
    context.clearRect(0, 0, view.width, view.height);
    const { layer } = this;
    const chosen = this.chosen();
    const rows = layer.singles(view).filter((i) => i !== chosen);
    if (view.zoom >= 12 && rows.length <= 400) this.paintTails(context, view, rows, false);
    if (chosen >= 0) this.paintTails(context, view, [chosen], true);
    const room = this.room();
    for (const i of rows) this.stand(context, view, i, layer.spec.size, room);
    // A count wears the symbol of what most of it is.
    const road = Object.create(layer, { spec: { value: { ...layer.spec, icon: 'veh' } } });
    for (const entry of layer.groups(view)) {
      const chip = this.marks.placeChip(view, entry.isRoad ? road : layer, entry, room);
      if (!chip) continue;
      this.chips.push(chip);
    }
    this.sprites.putCounts(context, this.chips);
    if (view.zoom >= 13) this.paintNames(context, view, rows, room);
    if (chosen >= 0) this.paintChosen(context, view, chosen, room);
  }

  room() {
    const room = new Weihai.Room();
    for (const cover of this.marks.scene.covers || []) room.take(cover);
    for (const { box } of [...this.marks.chips, ...this.marks.tags, ...this.marks.named]) room.take(box);
    return room;
  }

  chosen() {
    const { selected } = this.marks.scene;
    if (!selected || selected.kind !== this.layer.spec.kind || selected.row >= this.layer.count) return -1;
    return this.layer.look[selected.row] & Weihai.LOOK.unplaced ? -1 : selected.row;
  }

  stand(context, view, i, size, room) {
    const { layer } = this;
    const x = view.x(layer.x[i]);
    const y = view.y(layer.y[i]);
    const stamp = this.stamp(layer.look[i], layer.heading[i], size);
    this.sprites.put(context, stamp, x - stamp.width / 2, y - stamp.height / 2);
    room.take([x - 7, y - 7, x + 7, y + 7]);
    this.stood.push([x, y]);
  }

  // A tenth of a turn is more than the eye misses; thirty-six bitmaps serve every ship of a kind.
  stamp(look, heading, size) {
    const { rests, headless, age, vehicle } = Weihai.LOOK;
    const hasCourse = !(look & (rests | headless));
    const turn = hasCourse ? (Math.round(heading / 10) % 36 + 36) % 36 * 10 : 0;
    const side = Math.ceil(size * 40 / 24);
    return this.sprites.stamp(`mover|${look & (age | rests | headless | vehicle)}|${turn}|${size}`, side, side, (context) => {
      context.translate(side / 2, side / 2);
      context.scale(size / 24, size / 24);
      context.save();
      context.rotate(turn * Math.PI / 180);
      context.translate(-12, -12);
      this.draw(context, look, hasCourse);
      context.restore();
      if ((look & age) === Weihai.LOOK.lost) this.cross(context);
    });
  }

  draw(context, look, hasCourse) {
    const isOld = look & Weihai.LOOK.age;
    const isVehicle = look & Weihai.LOOK.vehicle;
    const symbol = isVehicle ? 'veh' : 'ves';
    if (isOld) context.globalAlpha = 0.75;
    if (hasCourse) {
      for (const shape of this.symbol(symbol + (isOld ? '-s' : '-h'))) shape(context);
    } else if (isOld) {
      this.ring(context, isVehicle);
    } else {
      for (const shape of this.symbol(symbol + '-r')) shape(context);
      if (look & Weihai.LOOK.headless) this.dot(context);
    }
    context.globalAlpha = 1;
  }

  // What rests while its reports are late.
  ring(context, isVehicle) {
    const { bg0, stale } = this.sprites.colours;
    context.beginPath();
    if (isVehicle) context.roundRect(6.5, 6.5, 11, 11, 2.5);
    else context.arc(12, 12, 5.5, 0, 2 * Math.PI);
    context.fillStyle = bg0;
    context.fill();
    context.lineWidth = 1.6;
    context.strokeStyle = stale;
    context.setLineDash([3, 2]);
    context.stroke();
    context.setLineDash([]);
  }

  // Under way, but nobody knows where to.
  dot(context) {
    context.beginPath();
    context.arc(12, 12, 1.8, 0, 2 * Math.PI);
    context.fillStyle = this.sprites.colours.text2;
    context.fill();
  }

  // The same slash that an offline camera wears.
  cross(context) {
    const { bg0, stale } = this.sprites.colours;
    for (const [width, colour] of [[5, bg0], [1.8, stale]]) {
      context.beginPath();
      context.moveTo(-10, 10);
      context.lineTo(10, -10);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
  }

  // The parts of a symbol of symbols.svg as painters: a bitmap turned by the browser would be blurred.
  symbol(name) {
    if (this.dressed !== this.sprites.colours) {
      this.shapes.clear();
      this.dressed = this.sprites.colours;
    }
    if (!this.shapes.has(name)) this.shapes.set(name, this.read(name));
    return this.shapes.get(name);
  }

  read(name) {
    const inner = this.sprites.symbols.get(name) || '';
    const sheet = new DOMParser().parseFromString(`<svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`, 'image/svg+xml');
    return [...sheet.documentElement.children].map((part) => {
      const value = (key) => part.getAttribute(key);
      const path = value('d') ? new Path2D(value('d')) : new Path2D();
      if (!value('d')) path.arc(Number(value('cx')), Number(value('cy')), Number(value('r')), 0, 2 * Math.PI);
      return (context) => {
        context.lineJoin = value('stroke-linejoin') || 'miter';
        context.lineWidth = Number(value('stroke-width') || 1);
        context.setLineDash((value('stroke-dasharray') || '').split(' ').filter(Boolean).map(Number));
        if (value('fill') && value('fill') !== 'none') {
          context.fillStyle = value('fill');
          context.fill(path);
        }
        if (value('stroke')) {
          context.strokeStyle = value('stroke');
          context.stroke(path);
        }
        context.setLineDash([]);
      };
    });
  }

  // The way that a mover came, fading into the past. One stroke a step of age, for all at once.
  paintTails(context, view, rows, isChosen) {
    const { layer } = this;
    const { origin, tails } = layer;
    context.strokeStyle = isChosen ? this.sprites.colours.text : this.sprites.colours.stale;
    context.lineWidth = isChosen ? 1.6 : 1.2;
    context.lineCap = 'round';
    for (let step = 0; step < Weihai.TAIL; step += 1) {
      context.globalAlpha = (isChosen ? 0.25 : 0.12) + 0.6 * step / Weihai.TAIL;
      context.beginPath();
      for (const i of rows) {
        const at = 2 * (i * Weihai.TAIL + step);
        if (Number.isNaN(tails[at]) || layer.look[i] & Weihai.LOOK.rests) continue;
        const isLast = step === Weihai.TAIL - 1;
        context.moveTo(view.x(tails[at] + origin[0]), view.y(tails[at + 1] + origin[1]));
        const [x, y] = isLast ? [layer.x[i], layer.y[i]] : [tails[at + 2] + origin[0], tails[at + 3] + origin[1]];
        context.lineTo(view.x(x), view.y(y));
      }
      context.stroke();
    }
    context.globalAlpha = 1;
    context.lineCap = 'butt';
  }

  // Names beside the ships where they have room; quieter than a word on a chip, for nobody asked.
  paintNames(context, view, rows, room) {
    if (rows.length > 80) return;
    const { colours } = this.sprites;
    const style = { font: this.sprites.font(14), colour: colours.seaname, rim: colours.sea };
    for (const i of rows) {
      const text = this.layer.labels[i];
      if (!text) continue;
      const stamp = this.sprites.name(text, style);
      const x = view.x(this.layer.x[i]);
      const y = view.y(this.layer.y[i]);
      const spots = [[13, -11], [-13 - stamp.width, -11], [-stamp.width / 2, 12], [-stamp.width / 2, -34]];
      for (const [dx, dy] of spots) {
        const box = [x + dx, y + dy, x + dx + stamp.width, y + dy + 22];
        if (!room.isFree(box)) continue;
        room.take(box);
        this.sprites.put(context, stamp, box[0], box[1]);
        break;
      }
    }
  }

  paintChosen(context, view, i, room) {
    const size = this.layer.spec.size + 4;
    this.stand(context, view, i, size, room);
    const mark = { x: view.x(this.layer.x[i]), y: view.y(this.layer.y[i]), size };
    this.marks.paintCorners(context, mark);
    const text = this.layer.labels[i];
    if (!text) return;
    const stamp = this.sprites.chip(text, true);
    this.sprites.put(context, stamp, mark.x - stamp.width / 2, mark.y - size / 2 - 30);
  }

  chipAt(x, y) { return this.chips.find(({ box }) => Weihai.holds(box, x, y)); }

  isOver(x, y) {
    const reach = this.layer ? this.layer.spec.size / 2 + 4 : 0;
    return Boolean(this.chipAt(x, y)) || this.stood.some(([left, top]) => Math.hypot(left - x, top - y) < reach);
  }
};
