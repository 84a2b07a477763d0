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
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    for (let i = 0; i < count; i += 1) {
      this.x[i] = dx[i] + this.origin[0];
      this.y[i] = dy[i] + this.origin[1];
    }
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
    for (const cells of this.gathered.values()) if (cells.isCrowded) cells.down = null;
  }

  index() {
    const side = 256;
    const box = this.extent((i) => !(this.flags[i] & Weihai.UNPLACED));
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

  // Columns of numbers, not objects: at the deep zooms nearly every point has a cell of its own.
  gather(zoom) {
    if (zoom >= Weihai.MAX_ZOOM || !this.order.length) return { isCrowded: false, size: 0, down: true };
    const scale = 256 * 2 ** zoom;
    const column = (x) => Math.floor(x * scale / Weihai.CELL.width);
    const row = (y) => Math.floor(y * scale / Weihai.CELL.height);
    const [left, top] = [column(this.box[0]), row(this.box[1])];
    const find = Weihai.numberer(column(this.box[2]) - left + 1, row(this.box[3]) - top + 1);
    const size = this.order.length;
    const cells = {
      size: 0, column: new Int32Array(size), row: new Int32Array(size), count: new Int32Array(size),
      x: new Float64Array(size), y: new Float64Array(size), only: new Int32Array(size), cell: new Int32Array(this.count).fill(-1),
    };
    for (let at = 0; at < size; at += 1) {
      const i = this.order[at];
      const c = column(this.x[i]);
      const r = row(this.y[i]);
      const k = find(c - left, r - top);
      if (k === cells.size) cells.size += 1;
      cells.column[k] = c;
      cells.row[k] = r;
      cells.count[k] += 1;
      cells.x[k] += this.x[i];
      cells.y[k] += this.y[i];
      cells.only[k] = i;
      cells.cell[i] = k;
    }
    return this.judge(cells);
  }

  // Whether a zoom is crowded: for the whole layer, so that a view never shows two ways at once. Masses then gather,
  // what must stand alone grows small.
  judge(cells) {
    let mates = 0;
    for (let k = 0; k < cells.size; k += 1) mates += cells.count[k] * cells.count[k];
    const isCrowded = mates / this.order.length > Weihai.CELL.crowded;
    if (!isCrowded) return { isCrowded, size: 0, down: true };
    for (const name of ['column', 'row', 'count', 'x', 'y', 'only']) cells[name] = cells[name].slice(0, cells.size);
    return { ...cells, isCrowded, down: null };
  }

  tally(cells) {
    cells.down = new Int32Array(cells.size);
    for (let i = 0; i < this.count; i += 1) {
      if (cells.cell[i] >= 0 && this.isDown[this.symbol[i]]) cells.down[cells.cell[i]] += 1;
    }
  }

  // Normal marks that stand for themselves at this zoom.
  * singles(view) {
    const cells = this.spec.clusters ? this.cells(view.zoom) : null;
    if (cells && cells.isCrowded) {
      for (let k = 0; k < cells.size; k += 1) {
        if (cells.count[k] === 1 && !(this.flags[cells.only[k]] & Weihai.ABNORMAL)) yield cells.only[k];
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
    for (let k = 0; k < cells.size; k += 1) {
      const x = cells.column[k] * width - view.left;
      const y = cells.row[k] * height - view.top;
      if (cells.count[k] < 2 || x < -width || y < -height || x > view.width || y > view.height) continue;
      const count = cells.count[k];
      yield { k, count, left: x, top: y, x: cells.x[k] / count, y: cells.y[k] / count, down: cells.down[k] };
    }
  }

  nameOf(i) { return this.names[this.symbol[i]]; }

  // The world box of what a cluster counts.
  boxOf(cells, k) { return this.extent((i) => cells.cell[i] === k); }

  extent(holds) {
    const { x, y } = this;
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < this.count; i += 1) {
      if (!holds(i)) continue;
      if (x[i] < west) west = x[i];
      if (x[i] > east) east = x[i];
      if (y[i] < north) north = y[i];
      if (y[i] > south) south = y[i];
    }
    return [west, north, east, south];
  }
};

// Numbers the cells of a grid as they are first met. A city's grid fits a table; points all over the world need a map.
Weihai.numberer = (columns, rows) => {
  let next = 0;
  if (columns * rows > 8e6) {
    const known = new Map();
    return (column, row) => {
      const key = row * columns + column;
      if (!known.has(key)) known.set(key, next++);
      return known.get(key);
    };
  }
  const table = new Int32Array(columns * rows);
  return (column, row) => {
    const key = row * columns + column;
    if (!table[key]) table[key] = next += 1;
    return table[key] - 1;
  };
};
