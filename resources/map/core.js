'use strict';
// The page's one global, its canvases and the clock that draws them. What is drawn lives in the other files.
const Weihai = { MAX_ZOOM: 18 };

// Where the window stands over the world, for one frame. One world is `scale` pixels wide.
Weihai.View = class View {
  constructor(map, ratio) {
    const size = map.getSize();
    const corner = map.getPixelBounds().min;
    this.zoom = map.getZoom();
    this.scale = 256 * 2 ** this.zoom;
    this.left = corner.x;
    this.top = corner.y;
    this.width = size.x;
    this.height = size.y;
    this.ratio = ratio;
  }

  x(world) { return world * this.scale - this.left; }

  y(world) { return world * this.scale - this.top; }

  // The world box [x0, y0, x1, y1] of the window and `margin` pixels around it.
  box(margin) {
    return [(this.left - margin) / this.scale, (this.top - margin) / this.scale,
      (this.left + this.width + margin) / this.scale, (this.top + this.height + margin) / this.scale];
  }

  sees(x, y, margin) {
    return x > -margin && y > -margin && x < this.width + margin && y < this.height + margin;
  }
};

// A stack of canvases of the window's size. They stand outside Leaflet's moving pane: a frame is always whole, without seams.
Weihai.Surface = class Surface {
  constructor(map, names) {
    this.map = map;
    this.dirty = new Set(names);
    this.painters = new Map();
    this.afterwards = [];
    this.pending = false;
    this.canvases = names.map((name) => {
      const canvas = document.createElement('canvas');
      canvas.className = 'surface';
      canvas.dataset.name = name;
      map.getContainer().appendChild(canvas);
      return [name, canvas, canvas.getContext('2d', { alpha: name !== names[0] })];
    });
  }

  onPaint(name, painter) { this.painters.set(name, painter); }

  // Ask for a new frame of some canvases (all by default); many wishes in one frame cost one drawing.
  want(...names) {
    for (const name of names.length ? names : this.painters.keys()) this.dirty.add(name);
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => this.paint());
  }

  // Call `action` once the frame that is being asked for has reached the screen's queue.
  then(action) { this.afterwards.push(action); }

  paint() {
    this.pending = false;
    const ratio = window.devicePixelRatio || 1;
    const view = new Weihai.View(this.map, ratio);
    for (const [name, canvas, context] of this.canvases) {
      this.fit(name, canvas, view);
      if (!this.dirty.delete(name)) continue;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const painter = this.painters.get(name);
      if (painter) painter(context, view);
    }
    const done = this.afterwards.splice(0);
    if (done.length) requestAnimationFrame(() => done.forEach((action) => action()));
  }

  fit(name, canvas, view) {
    const width = Math.round(view.width * view.ratio);
    const height = Math.round(view.height * view.ratio);
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = view.width + 'px';
    canvas.style.height = view.height + 'px';
    this.dirty.add(name);
  }
};

// Boxes that are taken on the screen; the first come keeps its place.
Weihai.Room = class Room {
  constructor() {
    this.cells = new Map();
    this.squares = null;
  }

  // Take a box by squares of eight pixels, in a window of up to 4,096: for thousands that need no more.
  fill(left, top, right, bottom) {
    this.squares = this.squares || new Uint8Array(512 * 512);
    for (let row = Math.max(0, top >> 3); row <= bottom >> 3 && row < 512; row += 1) {
      this.squares.fill(1, row * 512 + Math.max(0, left >> 3), row * 512 + Math.min(511, right >> 3) + 1);
    }
  }

  isFilled(left, top, right, bottom) {
    if (!this.squares) return false;
    for (let row = Math.max(0, top >> 3); row <= bottom >> 3 && row < 512; row += 1) {
      for (let column = Math.max(0, left >> 3); column <= right >> 3 && column < 512; column += 1) {
        if (this.squares[row * 512 + column]) return true;
      }
    }
    return false;
  }

  isFree(box) {
    const [left, top, right, bottom] = box;
    if (this.isFilled(left, top, right, bottom)) return false;
    for (let row = top >> 6; row <= bottom >> 6; row += 1) {
      for (let column = left >> 6; column <= right >> 6; column += 1) {
        const others = this.cells.get(row * 4096 + column);
        if (others && others.some((other) => left < other[2] && other[0] < right && top < other[3] && other[1] < bottom)) return false;
      }
    }
    return true;
  }

  take(box) {
    for (let row = box[1] >> 6; row <= box[3] >> 6; row += 1) {
      for (let column = box[0] >> 6; column <= box[2] >> 6; column += 1) {
        const key = row * 4096 + column;
        const known = this.cells.get(key);
        if (known) known.push(box);
        else this.cells.set(key, [box]);
      }
    }
  }
};
