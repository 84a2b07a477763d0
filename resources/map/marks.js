'use strict';
// Puts the marks, lines and words on the screen in their order. What collides is dropped; a mark never is.
Weihai.ASIDE = [[0, -26], [0, 26], [-60, 0], [60, 0], [-60, -26], [60, -26], [-60, 26], [60, 26], [0, -52], [0, 52]];

Weihai.Marks = class Marks {
  constructor(sprites) {
    this.sprites = sprites;
    this.layers = [];
    this.places = [];
    this.scene = { visible: {}, links: [], selected: null };
    this.origin = [0, 0];
    this.chips = [];
    this.stood = [];
    this.crowds = [];
    this.tags = [];
    this.named = [];
  }

  shown() { return this.layers.filter((layer) => this.scene.visible[layer.spec.kind]); }

  // The quiet masses: everything normal that gathers.
  paintMass(context, view) {
    context.clearRect(0, 0, view.width, view.height);
    for (const layer of this.shown()) {
      if (!layer.spec.clusters || !layer.showsMass) continue;
      const stamps = this.stamps(layer, layer.spec.size);
      context.globalAlpha = this.alpha(layer);
      for (const i of layer.singles(view)) {
        this.sprites.draw(context, stamps[layer.symbol[i]], view.x(layer.x[i]), view.y(layer.y[i]));
        if (layer.flags[i] & Weihai.CLOSED) this.sprites.slash(context, layer.spec.size, view.x(layer.x[i]), view.y(layer.y[i]));
      }
    }
    context.globalAlpha = 1;
  }

  // Bitmaps by the layer's own symbol numbers: thousands of marks look none up by its name.
  stamps(layer, size) { return layer.names.map((name) => this.sprites.symbol(name, size)); }

  // How far a layer lets the ground through, 1 = not at all.
  alpha(layer) { return this.scene.opacity ? this.scene.opacity[layer.spec.kind] ?? 1 : 1; }

  stamp(context, view, layer, i, size) {
    const x = view.x(layer.x[i]);
    const y = view.y(layer.y[i]);
    if (!view.sees(x, y, 24)) return false;
    this.sprites.draw(context, this.sprites.symbol(layer.nameOf(i), size || layer.spec.size), x, y);
    if (layer.flags[i] & Weihai.CLOSED) this.sprites.slash(context, size || layer.spec.size, x, y);
    return true;
  }

  // Everything that must be seen: words, clusters, abnormal marks, units, incidents, the selected one.
  paintTop(context, view) {
    context.clearRect(0, 0, view.width, view.height);
    const room = new Weihai.Room();
    for (const cover of this.scene.covers || []) room.take(cover);
    const marks = this.standing(view, room);
    this.stood = marks;
    const words = this.words(view, marks, room);
    this.named = [];
    const left = this.names(view, room, this.places, [[0, 0]]);
    this.holdSingles(view, room);
    const draw = (mark) => {
      context.globalAlpha = mark.isSelected ? 1 : this.alpha(mark.layer);
      this.stamp(context, view, mark.layer, mark.i, mark.size);
      context.globalAlpha = 1;
    };
    for (const crowd of this.crowds) {
      context.globalAlpha = this.alpha(crowd.layer);
      crowd.paint(context, this.stamps(crowd.layer, crowd.size));
    }
    context.globalAlpha = 1;
    marks.filter((mark) => mark.isSmall).forEach(draw);
    this.paintClusters(context, view, room);
    // An area or a water may be named beside its middle, but never in the place of a count.
    this.names(view, room, left.filter(([, , , kind]) => kind !== 'town' && kind !== 'island'), Weihai.ASIDE);
    for (const { stamp, box } of this.named) this.sprites.put(context, stamp, box[0], box[1]);
    this.paintLinks(context, view);
    marks.filter((mark) => !mark.isSmall).forEach(draw);
    for (const [stamp, x, y] of words) this.sprites.put(context, stamp, x, y);
    this.paintCorners(context, marks.find((mark) => mark.isSelected));
  }

  // Marks of their own in painting order; each takes its room, but for the small ones of a crowd.
  standing(view, room) {
    const marks = [];
    this.crowds = [];
    const add = (layer, i, size, isSelected) => {
      const x = view.x(layer.x[i]);
      const y = view.y(layer.y[i]);
      if (!view.sees(x, y, 24) || layer.flags[i] & Weihai.UNPLACED) return;
      const isSmall = size < layer.spec.size;
      marks.push({ layer, i, x, y, size, isSelected, isSmall });
      if (!isSmall || this.scene.wall) room.take([x - size / 2, y - size / 2, x + size / 2, y + size / 2]);
    };
    const linked = new Set(this.scene.links.map((link) => link.row));
    for (const layer of this.shown()) {
      if (layer.spec.clusters) {
        this.crowds.push(new Weihai.Crowd(layer, view, room));
        continue;
      }
      const isCrowded = Boolean(this.scene.wall) || layer.isCrowded(view.zoom);
      for (const i of layer.seen(view, 24)) {
        const isSmall = isCrowded && this.isMinor(layer, i) && !(layer.spec.kind === 'units' && linked.has(i));
        if (!this.isSelected(layer, i) && !(layer.hides && layer.isHidden(i))) add(layer, i, isSmall ? 11 : this.sizeOf(layer), false);
      }
    }
    const chosen = this.chosen();
    if (chosen) add(chosen.layer, chosen.i, chosen.layer.spec.size + 4, true);
    return marks;
  }

  // On the wall units give way to incidents.
  sizeOf(layer) { return this.scene.wall && layer.spec.kind === 'units' ? 15 : layer.spec.size; }

  // Units and municipal cases in their normal course: they step back where it is crowded and speak only near.
  isMinor(layer, i) {
    if (layer.flags[i] & Weihai.ABNORMAL) return false;
    return layer.spec.kind !== 'incidents' || layer.nameOf(i) === 'mu' || Boolean(this.scene.wall);
  }

  // Few quiet marks keep their room from the chips; many would leave none.
  holdSingles(view, room) {
    for (const layer of this.shown()) {
      if (!layer.spec.clusters || !layer.showsMass) continue;
      let left = 400;
      for (const i of layer.singles(view)) {
        const x = view.x(layer.x[i]);
        const y = view.y(layer.y[i]);
        if (!view.sees(x, y, 0)) continue;
        if ((left -= 1) < 0) break;
        const half = layer.spec.size / 2 - 2;
        room.take([x - half, y - half, x + half, y + half]);
      }
    }
  }

  isSelected(layer, i) {
    const { selected } = this.scene;
    return Boolean(selected) && selected.kind === layer.spec.kind && selected.row === i;
  }

  chosen() {
    const { selected } = this.scene;
    const layer = selected && this.layers.find((one) => one.spec.kind === selected.kind);
    return layer && selected.row < layer.count ? { layer, i: selected.row } : null;
  }

  // Labels in the order of their worth: selected, distances, incidents, units.
  words(view, marks, room) {
    const distances = new Map(this.scene.links.map((link) => [link.row, link.label]));
    const wishes = marks.map((mark) => this.wish(view, mark, distances)).filter(Boolean);
    wishes.sort((a, b) => a.worth - b.worth);
    const placed = [];
    this.tags = [];
    for (const wish of wishes) this.placeWord(view, wish, room, placed);
    return placed.reverse();
  }

  // What a mark would like to say at this zoom, if anything: units and municipal cases speak only near.
  wish(view, mark, distances) {
    const { kind } = mark.layer.spec;
    const distance = kind === 'units' ? distances.get(mark.i) : undefined;
    const text = distance || mark.layer.labels[mark.i];
    if (!text) return null;
    if (mark.isSelected) return { mark, text, worth: 0 };
    if (distance) return { mark, text, worth: 1 };
    const isMinor = kind !== 'incidents' || mark.layer.nameOf(mark.i) === 'mu';
    if (mark.isSmall || (isMinor && view.zoom < 13)) return null;
    return { mark, text: text.length > 14 ? text.slice(0, 13) + '…' : text, worth: isMinor ? 3 : 2 };
  }

  placeWord(view, { mark, text, worth }, room, placed) {
    const stamp = this.sprites.chip(text, worth === 0);
    const { width } = stamp;
    const gap = mark.size / 2 + (mark.isSelected ? 8 : 4);
    const spots = [[gap, -10], [-gap - width, -10], [-width / 2, -gap - 20], [-width / 2, gap]];
    if (mark.isSelected) spots.unshift(spots.splice(2, 1)[0]);
    // On the wall every emergency is to be named.
    if (this.scene.wall) for (const rise of [6, -26, 14, -34]) spots.push([gap - 4, rise], [4 - gap - width, rise]);
    for (const [dx, dy] of spots) {
      const box = [mark.x + dx, mark.y + dy, mark.x + dx + width, mark.y + dy + 20];
      const fits = box[0] >= 2 && box[2] <= view.width - 2 && room.isFree(box);
      if (!fits && worth > 0) continue;
      room.take(box);
      placed.push([stamp, box[0], box[1]]);
      this.tags.push({ box, layer: mark.layer, i: mark.i });
      return;
    }
  }

  // Everything that is drawn as a bitmap sooner or later, as actions that make it.
  wishes() {
    const { sprites } = this;
    const found = [];
    for (const [text, , , kind] of this.places) {
      for (const zoom of kind === 'sea' ? [9, 10] : [10]) found.push(() => this.nameStamp(text, kind, zoom));
    }
    for (const { spec, names } of this.layers) {
      found.push(() => sprites.symbol(spec.icon, 15));
      for (const name of names) for (const size of [spec.clusters ? 12 : 11, spec.size]) found.push(() => sprites.symbol(name, size));
    }
    return found;
  }

  nameStamp(text, kind, zoom) { return this.sprites.name(kind === 'town' ? '· ' + text : text, this.style(kind, zoom)); }

  // Name places where one of `steps` from their point is free; the places that found no room.
  names(view, room, places, steps) {
    return places.filter(([text, dx, dy, kind, low, high]) => {
      if (view.zoom < low || view.zoom > high) return false;
      const x = view.x(dx + this.origin[0]);
      const y = view.y(dy + this.origin[1]);
      if (!view.sees(x, y, 80)) return false;
      const stamp = this.nameStamp(text, kind, view.zoom);
      const left = kind === 'town' ? x - 5 : x - stamp.width / 2;
      const isWhole = (one) => !this.scene.wall || (one[0] > 2 && one[1] > 2 && one[2] < view.width - 2 && one[3] < view.height - 2);
      const boxes = steps.map(([a, b]) => [left + a, y - 11 + b, left + a + stamp.width, y + 11 + b]);
      const box = boxes.find((one) => isWhole(one) && room.isFree(one));
      if (!box) return true;
      room.take(box);
      this.named.push({ stamp, box });
      return false;
    });
  }

  style(kind, zoom) {
    const { sprites } = this;
    const colours = sprites.colours;
    if (kind === 'sea') return { font: sprites.font(zoom > 9 ? 16 : 14), colour: colours.seaname, rim: colours.sea, spacing: 4 };
    if (kind === 'bay') return { font: sprites.font(14), colour: colours.seaname, rim: colours.sea, spacing: 1 };
    if (kind === 'beyond') return { font: sprites.font(14), colour: colours.seaname, rim: colours.land_out, spacing: 1 };
    if (kind === 'district') return { font: sprites.font(16, 700), colour: colours.text2, rim: colours.land, spacing: 2 };
    return { font: sprites.font(14), colour: colours.town, rim: colours.land };
  }

  paintClusters(context, view, room) {
    this.chips = [];
    for (const layer of this.shown()) {
      if (!layer.showsMass) continue;
      const first = this.chips.length;
      for (const entry of layer.groups(view)) {
        const chip = this.placeChip(view, layer, entry, room);
        if (chip) this.chips.push(chip);
      }
      context.globalAlpha = this.alpha(layer);
      this.sprites.putCounts(context, this.chips.slice(first));
    }
    context.globalAlpha = 1;
  }

  // A chip stands at the middle of its points, held inside its cell; where that is taken it steps aside within the cell.
  placeChip(view, layer, entry, room) {
    const stamp = this.sprites.count(layer.spec, entry);
    const chip = this.fitChip(view, layer, entry, room, stamp);
    return chip || !stamp.down ? chip : this.fitChip(view, layer, entry, room, this.sprites.count(layer.spec, entry, true));
  }

  fitChip(view, layer, entry, room, stamp) {
    const cell = Weihai.CELL;
    const { left, top } = entry;
    const hold = (value, low, high) => Math.max(low, Math.min(high, value));
    const x = hold(view.x(entry.x) - stamp.width / 2, left + 2, left + cell.width - stamp.width - 2);
    const y = hold(view.y(entry.y) - 11, top + 2, top + cell.height - 24);
    const tries = [[x, y]];
    for (const line of [0.5, 0, 1]) {
      for (const column of [0.5, 0, 1]) {
        tries.push([left + 2 + column * (cell.width - stamp.width - 4), top + 2 + line * (cell.height - 26)]);
      }
    }
    for (const [a, b] of tries) {
      const box = [a, b, a + stamp.width, b + 22];
      if (!room.isFree(box)) continue;
      room.take(box);
      return { layer, entry, stamp, box };
    }
    return null;
  }

  chipAt(x, y) { return this.chips.find(({ box }) => Weihai.holds(box, x, y)); }

  tagAt(x, y) { return this.tags.find(({ box }) => Weihai.holds(box, x, y)); }

  // Whether a click here would find something; the answer itself is Python's.
  isOver(x, y) {
    const isNear = (mark) => Math.hypot(mark.x - x, mark.y - y) < mark.size / 2 + 4;
    return Boolean(this.chipAt(x, y) || this.tagAt(x, y)) || this.stood.some(isNear) || this.crowds.some((crowd) => crowd.isOver(x, y));
  }

  // Straight lines and honest about it: they end outside the symbols.
  paintLinks(context, view) {
    context.strokeStyle = this.sprites.colours.text2;
    context.lineWidth = 1.2;
    for (const link of this.scene.links) {
      const [x0, y0, x1, y1] = [view.x(link.from[0]), view.y(link.from[1]), view.x(link.to[0]), view.y(link.to[1])];
      const length = Math.hypot(x1 - x0, y1 - y0);
      if (length < 44) continue;
      const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
      context.setLineDash(link.committed ? [] : [5, 4]);
      context.beginPath();
      context.moveTo(x0 + ux * 14, y0 + uy * 14);
      context.lineTo(x1 - ux * 22, y1 - uy * 22);
      context.stroke();
    }
    context.setLineDash([]);
  }

  // Four corners around the selected mark.
  paintCorners(context, mark) {
    if (!mark) return;
    const x = Math.round(mark.x);
    const y = Math.round(mark.y);
    const reach = Math.round(mark.size / 2) + 6;
    const corners = (width, colour) => {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
        context.moveTo(x + sx * (reach - 7), y + sy * reach);
        context.lineTo(x + sx * reach, y + sy * reach);
        context.lineTo(x + sx * reach, y + sy * (reach - 7));
      }
      context.stroke();
    };
    corners(4.5, this.sprites.colours.bg0);
    corners(2, this.sprites.colours.text);
  }
};

Weihai.holds = (box, x, y) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
