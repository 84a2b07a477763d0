'use strict';
// A mass of points of one kind: typed arrays, and the z-order that Python made over them. One instance per kind, so that what
// moves never re-indexes what stands. A cell of any zoom is one run of the order: what a view shows costs by its cells, not by
// the city's points. The cells are those of weihai_command/domain/point_index.py.
Weihai.CELL = { width: 112, height: 72, crowded: 5 };
Weihai.ABNORMAL = 1;
Weihai.CLOSED = 2;
Weihai.UNPLACED = 128;
Weihai.HIGH = 2 ** 20;
// The states that a layer may hide, as bits; the names are those of layers/kinds.py.
Weihai.STATES = { normal: 1, abnormal: 2, down: 4 };

Weihai.PointLayer = class PointLayer {
  constructor(spec, origin) {
    this.spec = spec;
    this.origin = origin;
    this.version = 0;
    this.visible = {};
    this.clear(0);
    this.judge();
  }

  clear(count) {
    this.count = count;
    this.names = [];
    this.labels = {};
    this.fields = [];
    this.abnormal = [];
    this.crowded = 0;
    this.order = new Int32Array(0);
    this.code = new Float64Array(0);
    this.known = null;
  }

  // Bytes of layers/rows.py: the whole table, or a patch of states and labels.
  load(buffer) {
    const [, mode, version, count, meta, placed, crowded] = new Int32Array(buffer, 0, 8);
    this.isNew = mode === 0;
    if (this.isNew) {
      this.clear(count);
      this.crowded = crowded;
      this.whole(buffer, count, meta, placed);
      this.index();
    } else {
      this.patch(buffer, count, meta);
    }
    this.version = version;
    this.judge();
    this.note();
  }

  whole(buffer, count, meta, placed) {
    const [ox, oy] = this.origin;
    this.x = Float64Array.from(new Float32Array(buffer, 32, count), (x) => x + ox);
    this.y = Float64Array.from(new Float32Array(buffer, 32 + 4 * count, count), (y) => y + oy);
    this.order = new Int32Array(buffer, 32 + 8 * count, placed);
    const at = 32 + 8 * count + 4 * placed;
    this.symbol = new Uint8Array(buffer, at, count);
    this.flags = new Uint8Array(buffer, at + count, count);
    this.field = new Uint8Array(buffer, at + 2 * count, count);
    const words = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, at + 3 * count, meta)));
    this.names = words.symbols;
    this.fields = words.fields;
    this.labels = words.labels;
    this.isDown = Uint8Array.from(this.names, (name) => /-(x|s)$/.test(name));
  }

  patch(buffer, count, meta) {
    const rows = new Int32Array(buffer, 32, count);
    const symbol = new Uint8Array(buffer, 32 + 4 * count, count);
    const flags = new Uint8Array(buffer, 32 + 5 * count, count);
    for (let i = 0; i < count; i += 1) {
      this.symbol[rows[i]] = symbol[i];
      this.flags[rows[i]] = flags[i];
    }
    if (meta) Object.assign(this.labels, JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 32 + 6 * count, meta))).labels);
  }

  // The cell of each place of the order, and sums before it: what a run holds is a difference.
  index() {
    const { order, x, y } = this;
    const scale = 256 * 2 ** Weihai.MAX_ZOOM;
    this.code = new Float64Array(order.length);
    this.sumX = new Float64Array(order.length + 1);
    this.sumY = new Float64Array(order.length + 1);
    this.sumDown = new Int32Array(order.length + 1);
    for (let at = 0; at < order.length; at += 1) {
      const i = order[at];
      this.code[at] = Weihai.woven(Math.floor(x[i] * scale / Weihai.CELL.width), Math.floor(y[i] * scale / Weihai.CELL.height));
      this.sumX[at + 1] = this.sumX[at] + x[i];
      this.sumY[at + 1] = this.sumY[at] + y[i];
    }
  }

  // What follows from the states alone; the geometry is not touched.
  note() {
    const { flags, order, symbol, isDown, sumDown, hides } = this;
    this.abnormal = [];
    this.sumSeen = hides ? new Int32Array(order.length + 1) : null;
    for (let at = 0; at < order.length; at += 1) {
      const i = order[at];
      const isAbnormal = flags[i] & Weihai.ABNORMAL;
      const isSeen = !hides || !this.isHidden(i);
      if (isAbnormal && isSeen) this.abnormal.push(i);
      sumDown[at + 1] = sumDown[at] + (isSeen && (flags[i] & 3 | isDown[symbol[i]]) ? 1 : 0);
      if (hides) this.sumSeen[at + 1] = this.sumSeen[at] + isSeen;
    }
    this.known = null;
  }

  stateOf(i) {
    if (this.flags[i] & Weihai.ABNORMAL) return Weihai.STATES.abnormal;
    return this.flags[i] & Weihai.CLOSED || this.isDown[this.symbol[i]] ? Weihai.STATES.down : Weihai.STATES.normal;
  }

  isHidden(i) { return this.away[this.field[i]] === 1 || Boolean(this.hidden & this.stateOf(i)); }

  // Whether anything of a mass may show besides its abnormal points.
  get showsMass() { return (this.hidden & 5) !== 5; }

  // Hide states and fields by the scene's switches; the geometry is not touched.
  hide(visible) {
    this.visible = visible;
    if (this.judge()) this.note();
  }

  // Read the switches for the fields that this table has; whether they say anything new.
  judge() {
    const isOff = (name) => this.visible[this.spec.kind + name] === false;
    const away = Uint8Array.from(this.fields, (code) => isOff(`@${code}`));
    let hidden = 0;
    for (const [name, bit] of Object.entries(Weihai.STATES)) if (isOff(`.${name}`)) hidden |= bit;
    const judged = `${hidden}|${away}`;
    const isNews = judged !== this.judged;
    Object.assign(this, { away, hidden, judged, hides: hidden !== 0 || away.includes(1) });
    return isNews;
  }

  // Whether a zoom is crowded: for the whole layer, so that a view never shows two ways at once. Masses then gather,
  // what must stand alone grows small.
  isCrowded(zoom) { return Boolean(this.crowded >> zoom & 1); }

  // The first place of the order whose cell is not below `code`, from `low` on.
  seek(code, low) {
    let high = this.code.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.code[middle] < code) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Calls visit(start, end, column, row) for each cell of a zoom that holds something in a box of worlds.
  cells([x0, y0, x1, y1], zoom, visit) {
    if (!this.order.length) return;
    const scale = 256 * 2 ** zoom;
    const top = 2 ** (zoom + 2);
    const hold = (value, size) => Math.max(0, Math.min(top, Math.floor(value * scale / size)));
    const deep = 4 ** (Weihai.MAX_ZOOM - zoom);
    const right = hold(x1, Weihai.CELL.width);
    const bottom = hold(y1, Weihai.CELL.height);
    for (let row = hold(y0, Weihai.CELL.height); row <= bottom; row += 1) {
      for (let column = hold(x0, Weihai.CELL.width); column <= right; column += 1) {
        const code = Weihai.woven(column, row) * deep;
        const start = this.seek(code, 0);
        if (start < this.code.length && this.code[start] < code + deep) visit(start, this.seek(code + deep, start), column, row);
      }
    }
  }

  // Rows whose mark may be seen.
  seen(view, margin) {
    const found = [];
    const box = view.box(margin);
    const [x0, y0, x1, y1] = box;
    this.cells(box, Math.round(view.zoom), (start, end) => {
      for (let at = start; at < end; at += 1) {
        const i = this.order[at];
        if (this.x[i] > x0 && this.x[i] < x1 && this.y[i] > y0 && this.y[i] < y1) found.push(i);
      }
    });
    return found;
  }

  // What a view shows of a mass: clusters in and around it, and the normal marks that stand for themselves.
  gathered(view) {
    const key = `${view.zoom}|${view.left}|${view.top}|${view.width}|${view.height}`;
    if (this.known && this.known.key === key) return this.known;
    const known = { key, groups: [], singles: [] };
    if (this.isCrowded(view.zoom)) this.gather(view, known);
    else known.singles = this.seen(view, 24).filter((i) => this.isQuiet(i));
    this.known = known;
    return known;
  }

  // A mark of its own that is not abnormal, and shown.
  isQuiet(i) { return !(this.flags[i] & Weihai.ABNORMAL) && !(this.hides && this.isHidden(i)); }

  gather(view, { groups, singles }) {
    const { width, height } = Weihai.CELL;
    this.cells(view.box(24), view.zoom, (start, end, column, row) => {
      const points = end - start;
      if (points === 1) {
        const i = this.order[start];
        if (this.isQuiet(i)) singles.push(i);
        return;
      }
      const count = this.sumSeen ? this.sumSeen[end] - this.sumSeen[start] : points;
      if (!count) return;
      const left = column * width - view.left;
      const top = row * height - view.top;
      const x = (this.sumX[end] - this.sumX[start]) / points;
      const y = (this.sumY[end] - this.sumY[start]) / points;
      groups.push({ start, end, column, row, count, left, top, x, y, down: this.sumDown[end] - this.sumDown[start] });
    });
  }

  singles(view) { return this.gathered(view).singles; }

  groups(view) { return this.spec.clusters ? this.gathered(view).groups : []; }

  nameOf(i) { return this.names[this.symbol[i]]; }

  // The world box of what a cluster counts.
  boxOf({ start, end }) {
    const { x, y, order, hides } = this;
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = start; at < end; at += 1) {
      const i = order[at];
      if (hides && this.isHidden(i)) continue;
      if (x[i] < west) west = x[i];
      if (x[i] > east) east = x[i];
      if (y[i] < north) north = y[i];
      if (y[i] > south) south = y[i];
    }
    return [west, north, east, south];
  }
};

// The bits of two numbers below 2^20 woven into one, a column's below a row's. A number of JavaScript holds 53 bits, its
// bit operations only 32: so in two halves.
Weihai.woven = (column, row) => {
  const low = Weihai.spread(column & 1023) | (Weihai.spread(row & 1023) << 1);
  const high = Weihai.spread(column >> 10) | (Weihai.spread(row >> 10) << 1);
  return high * Weihai.HIGH + low;
};

Weihai.spread = (value) => {
  let bits = value;
  bits = (bits | (bits << 8)) & 0x00FF00FF;
  bits = (bits | (bits << 4)) & 0x0F0F0F0F;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
};
