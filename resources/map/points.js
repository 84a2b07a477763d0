'use strict';
// A mass of points of one kind: typed arrays, a grid over them, and how they gather at each zoom. One instance per kind, so
// that what moves never re-indexes what stands. The cells are those of weihai_command/domain/point_index.py.
Weihai.CELL = { width: 112, height: 72, crowded: 5 };
Weihai.ABNORMAL = 1;
Weihai.UNPLACED = 128;

Weihai.PointLayer = class PointLayer {
  constructor(spec, origin) {
    this.spec = spec;
    this.origin = origin;
    this.version = 0;
    this.clear(0);
  }

  clear(count) {
    this.count = count;
    this.names = [];
    this.labels = {};
    this.abnormal = [];
    this.gathered = new Map();
    this.order = new Uint32Array(0);
  }

  // Bytes of layers/rows.py: the whole table, or a patch of states.
  load(buffer) {
    const [, mode, version, count, meta] = new Int32Array(buffer, 0, 8);
    if (mode === 0) this.whole(buffer, count, meta);
    else this.patch(buffer, count);
    this.version = version;
    this.note();
  }

  whole(buffer, count, meta) {
    this.clear(count);
    const dx = new Float32Array(buffer, 32, count);
    const dy = new Float32Array(buffer, 32 + 4 * count, count);
    this.x = Float64Array.from(dx, (value) => value + this.origin[0]);
    this.y = Float64Array.from(dy, (value) => value + this.origin[1]);
    this.symbol = new Uint8Array(buffer, 32 + 8 * count, count);
    this.flags = new Uint8Array(buffer, 32 + 9 * count, count);
    const words = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 32 + 10 * count, meta)));
    this.names = words.symbols;
    this.labels = words.labels;
    this.isDown = this.names.map((name) => /-(x|s)$/.test(name));
    this.index();
  }

  patch(buffer, count) {
    const rows = new Int32Array(buffer, 32, count);
    const symbol = new Uint8Array(buffer, 32 + 4 * count, count);
    const flags = new Uint8Array(buffer, 32 + 5 * count, count);
    for (let i = 0; i < count; i += 1) {
      this.symbol[rows[i]] = symbol[i];
      this.flags[rows[i]] = flags[i];
    }
  }

  // What follows from the states alone; the geometry is not touched.
  note() {
    this.abnormal = [];
    for (let i = 0; i < this.count; i += 1) {
      if ((this.flags[i] & (Weihai.ABNORMAL | Weihai.UNPLACED)) === Weihai.ABNORMAL) this.abnormal.push(i);
    }
    for (const cells of this.gathered.values()) cells.down = null;
  }

  index() {
    const side = 256;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < this.count; i += 1) {
      if (this.flags[i] & Weihai.UNPLACED) continue;
      box[0] = Math.min(box[0], this.x[i]);
      box[1] = Math.min(box[1], this.y[i]);
      box[2] = Math.max(box[2], this.x[i]);
      box[3] = Math.max(box[3], this.y[i]);
    }
    this.box = box;
    this.step = [Math.max((box[2] - box[0]) / side, 1e-12), Math.max((box[3] - box[1]) / side, 1e-12)];
    this.start = new Uint32Array(side * side + 1);
    const key = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i += 1) {
      if (this.flags[i] & Weihai.UNPLACED) continue;
      key[i] = this.bucket(this.y[i], 1) * side + this.bucket(this.x[i], 0);
      this.start[key[i] + 1] += 1;
    }
    for (let i = 0; i < side * side; i += 1) this.start[i + 1] += this.start[i];
    const next = this.start.slice();
    this.order = new Uint32Array(this.start[side * side]);
    for (let i = 0; i < this.count; i += 1) {
      if (!(this.flags[i] & Weihai.UNPLACED)) this.order[next[key[i]]++] = i;
    }
  }

  bucket(value, axis) {
    return Math.max(0, Math.min(255, Math.floor((value - this.box[axis]) / this.step[axis])));
  }

  // Rows whose mark may be seen, in the order of the table's grid.
  * seen(view, margin) {
    if (!this.order.length) return;
    const [x0, y0, x1, y1] = view.box(margin);
    if (x1 < this.box[0] || x0 > this.box[2] || y1 < this.box[1] || y0 > this.box[3]) return;
    const left = this.bucket(x0, 0);
    const right = this.bucket(x1, 0);
    for (let row = this.bucket(y0, 1); row <= this.bucket(y1, 1); row += 1) {
      for (let at = this.start[row * 256 + left]; at < this.start[row * 256 + right + 1]; at += 1) {
        const i = this.order[at];
        if (this.x[i] > x0 && this.x[i] < x1 && this.y[i] > y0 && this.y[i] < y1) yield i;
      }
    }
  }

  // The clusters of a zoom, for the whole world at once: no tile, no seam.
  cells(zoom) {
    let cells = this.gathered.get(zoom);
    if (!cells) {
      cells = this.gather(zoom);
      this.gathered.set(zoom, cells);
    }
    if (!cells.down) this.tally(cells);
    return cells;
  }

  gather(zoom) {
    const scale = 256 * 2 ** zoom;
    const cell = new Int32Array(this.count).fill(-1);
    const known = new Map();
    const list = [];
    for (let at = 0; at < this.order.length; at += 1) {
      const i = this.order[at];
      const column = Math.floor(this.x[i] * scale / Weihai.CELL.width);
      const row = Math.floor(this.y[i] * scale / Weihai.CELL.height);
      const key = row * 4194304 + column;
      let found = known.get(key);
      if (found === undefined) {
        found = list.length;
        known.set(key, found);
        list.push({ column, row, count: 0, x: 0, y: 0, only: i, down: 0, abnormal: 0 });
      }
      const entry = list[found];
      entry.count += 1;
      entry.x += this.x[i];
      entry.y += this.y[i];
      cell[i] = found;
    }
    let mates = 0;
    for (const entry of list) {
      mates += entry.count * entry.count;
      entry.x /= entry.count;
      entry.y /= entry.count;
    }
    const isCrowded = this.spec.clusters && mates / Math.max(1, this.order.length) > Weihai.CELL.crowded && zoom < Weihai.MAX_ZOOM;
    return { list, cell, isCrowded, down: null };
  }

  tally(cells) {
    for (const entry of cells.list) {
      entry.down = 0;
      entry.abnormal = 0;
    }
    for (let i = 0; i < this.count; i += 1) {
      if (cells.cell[i] < 0) continue;
      if (this.isDown[this.symbol[i]]) cells.list[cells.cell[i]].down += 1;
      if (this.flags[i] & Weihai.ABNORMAL) cells.list[cells.cell[i]].abnormal += 1;
    }
    cells.down = true;
  }

  // Normal marks that stand for themselves at this zoom.
  * singles(view) {
    const cells = this.spec.clusters ? this.cells(view.zoom) : null;
    if (cells && cells.isCrowded) {
      for (const entry of cells.list) {
        if (entry.count === 1 && !(this.flags[entry.only] & Weihai.ABNORMAL)) yield entry.only;
      }
      return;
    }
    for (const i of this.seen(view, 24)) if (!(this.flags[i] & Weihai.ABNORMAL)) yield i;
  }

  // Clusters in and around the window.
  * groups(view) {
    const cells = this.spec.clusters ? this.cells(view.zoom) : null;
    if (!cells || !cells.isCrowded) return;
    const { width, height } = Weihai.CELL;
    for (const entry of cells.list) {
      const x = entry.column * width - view.left;
      const y = entry.row * height - view.top;
      if (entry.count > 1 && x > -width && y > -height && x < view.width && y < view.height) yield entry;
    }
  }

  nameOf(i) { return this.names[this.symbol[i]]; }

  boxOf(cells, entry) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const at = cells.list.indexOf(entry);
    for (let i = 0; i < this.count; i += 1) {
      if (cells.cell[i] !== at) continue;
      box[0] = Math.min(box[0], this.x[i]);
      box[1] = Math.min(box[1], this.y[i]);
      box[2] = Math.max(box[2], this.x[i]);
      box[3] = Math.max(box[3], this.y[i]);
    }
    return box;
  }
};
