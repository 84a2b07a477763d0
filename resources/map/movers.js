'use strict';
// What moves: typed arrays of its own on a canvas of its own, so that ten positions a second draw nothing else anew. The cells are
// those of weihai_command/domain/point_index.py, the bits of a look those of weihai_command/domain/movers.py.
Weihai.LOOK = { age: 3, late: 1, lost: 2, rests: 4, headless: 8, vehicle: 16, unplaced: 128 };
Weihai.TAIL = 8;
// The field of a look; the codes are those of layers/mover_rows.py.
Weihai.moverField = (look) => (look & Weihai.LOOK.vehicle ? 'traffic' : 'marine');
// The state of a look, the gravest first; the codes are those of layers/kinds.py.
Weihai.moverState = (look) => {
  const { age, late, lost, rests } = Weihai.LOOK;
  if ((look & age) >= lost) return 'lost';
  if ((look & age) === late) return 'late';
  return look & rests ? 'rest' : 'way';
};

Weihai.MoverLayer = class MoverLayer {
  constructor(spec, origin) {
    this.spec = spec;
    this.origin = origin;
    this.version = 0;
    this.clear();
    this.hide({});
  }

  clear() {
    this.count = 0;
    this.labels = {};
    this.gathered = new Map();
    this.x = new Float64Array(0);
    this.y = new Float64Array(0);
    this.heading = new Float32Array(0);
    this.look = new Uint8Array(0);
    this.tails = new Float32Array(0);
  }

  // Bytes of layers/movers.py: some rows with their newest values; mode 0 forgets what was there before.
  load(buffer) {
    const [, mode, version, rows, meta, tailed, count] = new Int32Array(buffer, 0, 8);
    if (mode === 0) this.clear();
    this.grow(count);
    let at = 32;
    const take = (Kind, length) => {
      const part = new Kind(buffer, at, length);
      at += part.byteLength;
      return part;
    };
    const row = take(Int32Array, rows);
    const [dx, dy, heading] = [take(Float32Array, rows), take(Float32Array, rows), take(Float32Array, rows)];
    const tailRow = take(Int32Array, tailed);
    const tail = take(Float32Array, tailed * 2 * Weihai.TAIL);
    const look = take(Uint8Array, rows);
    for (let k = 0; k < rows; k += 1) {
      const i = row[k];
      this.x[i] = dx[k] + this.origin[0];
      this.y[i] = dy[k] + this.origin[1];
      this.heading[i] = heading[k];
      this.look[i] = look[k];
    }
    const width = 2 * Weihai.TAIL;
    for (let k = 0; k < tailed; k += 1) this.tails.set(tail.subarray(k * width, (k + 1) * width), tailRow[k] * width);
    if (meta) Object.assign(this.labels, JSON.parse(new TextDecoder().decode(take(Uint8Array, meta))).names);
    this.gathered.clear();
    this.version = version;
  }

  // Hide states and fields by the scene's switches. A look has few bits: which of them are out is known for all at once.
  hide(visible) {
    const isOff = (name) => visible[this.spec.kind + name] === false;
    const isOut = Uint8Array.from({ length: 256 }, (_, look) => look & Weihai.LOOK.unplaced
      || isOff(`.${Weihai.moverState(look)}`) || isOff(`@${Weihai.moverField(look)}`) ? 1 : 0);
    if (this.isOut && isOut.every((value, look) => value === this.isOut[look])) return;
    this.isOut = isOut;
    this.gathered.clear();
  }

  grow(count) {
    this.count = count;
    if (count <= this.look.length) return;
    const room = Math.max(count, 2 * this.look.length, 256);
    const longer = (old, size, empty) => {
      const grown = new old.constructor(size).fill(empty);
      grown.set(old);
      return grown;
    };
    this.x = longer(this.x, room, 0);
    this.y = longer(this.y, room, 0);
    this.heading = longer(this.heading, room, NaN);
    this.look = longer(this.look, room, Weihai.LOOK.unplaced);
    this.tails = longer(this.tails, room * 2 * Weihai.TAIL, NaN);
  }

  // The clusters of a zoom for the whole world at once, until the next positions come.
  cells(zoom) {
    let cells = this.gathered.get(zoom);
    if (!cells) {
      cells = this.gather(zoom);
      this.gathered.set(zoom, cells);
    }
    return cells;
  }

  gather(zoom) {
    if (zoom >= Weihai.MAX_ZOOM || !this.count) return { isCrowded: false, size: 0 };
    const scale = 256 * 2 ** zoom;
    const { count, look, isOut } = this;
    const cells = {
      size: 0, column: new Int32Array(count), row: new Int32Array(count), count: new Int32Array(count), down: new Int32Array(count),
      road: new Int32Array(count), x: new Float64Array(count), y: new Float64Array(count), only: new Int32Array(count),
      cell: new Int32Array(count).fill(-1),
    };
    const find = this.finder(cells);
    let placed = 0;
    for (let i = 0; i < count; i += 1) {
      if (isOut[look[i]]) continue;
      placed += 1;
      const k = find(Math.floor(this.x[i] * scale / Weihai.CELL.width), Math.floor(this.y[i] * scale / Weihai.CELL.height));
      cells.count[k] += 1;
      cells.x[k] += this.x[i];
      cells.y[k] += this.y[i];
      cells.only[k] = i;
      cells.cell[i] = k;
      if (look[i] & Weihai.LOOK.age) cells.down[k] += 1;
      if (look[i] & Weihai.LOOK.vehicle) cells.road[k] += 1;
    }
    let mates = 0;
    for (let k = 0; k < cells.size; k += 1) mates += cells.count[k] * cells.count[k];
    cells.isCrowded = mates / Math.max(1, placed) > Weihai.CELL.crowded;
    return cells;
  }

  // Numbers cells as they are first met, by open addressing: made anew ten times a second, it must cost no objects.
  finder(cells) {
    let size = 1024;
    while (size < 2 * this.count) size *= 2;
    const table = new Int32Array(size);
    return (column, row) => {
      let at = (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & (size - 1);
      while (table[at]) {
        const k = table[at] - 1;
        if (cells.column[k] === column && cells.row[k] === row) return k;
        at = (at + 1) & (size - 1);
      }
      const k = cells.size;
      cells.size += 1;
      table[at] = k + 1;
      cells.column[k] = column;
      cells.row[k] = row;
      return k;
    };
  }

  // Rows in and around the window that stand for themselves.
  singles(view) {
    const cells = this.cells(view.zoom);
    const [x0, y0, x1, y1] = view.box(24);
    const found = [];
    for (let i = 0; i < this.count; i += 1) {
      if (this.isOut[this.look[i]] || this.x[i] < x0 || this.x[i] > x1 || this.y[i] < y0 || this.y[i] > y1) continue;
      if (!cells.isCrowded || cells.count[cells.cell[i]] === 1) found.push(i);
    }
    return found;
  }

  * groups(view) {
    const cells = this.cells(view.zoom);
    if (!cells.isCrowded) return;
    const { width, height } = Weihai.CELL;
    for (let k = 0; k < cells.size; k += 1) {
      const left = cells.column[k] * width - view.left;
      const top = cells.row[k] * height - view.top;
      if (cells.count[k] < 2 || left < -width || top < -height || left > view.width || top > view.height) continue;
      const count = cells.count[k];
      yield { cells, k, count, left, top, x: cells.x[k] / count, y: cells.y[k] / count, down: cells.down[k], isRoad: 2 * cells.road[k] > count };
    }
  }

  // The world box of what a cluster counts.
  boxOf({ cells, k }) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < this.count; i += 1) {
      if (cells.cell[i] !== k) continue;
      west = Math.min(west, this.x[i]);
      east = Math.max(east, this.x[i]);
      north = Math.min(north, this.y[i]);
      south = Math.max(south, this.y[i]);
    }
    return [west, north, east, south];
  }
};
