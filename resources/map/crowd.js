'use strict';
// The abnormal marks of a mass in one view: thousands of them, so columns instead of objects. All are drawn; of those that lie
// within two pixels of another with the same symbol one stands for all, and hundreds in one view grow small: they must leave
// room for the counts between them.
Weihai.Crowd = class Crowd {
  constructor(layer, view, room) {
    this.layer = layer;
    const { abnormal, x, y, symbol } = layer;
    const { scale, left, top, width, height } = view;
    this.count = 0;
    this.x = new Float32Array(abnormal.length);
    this.y = new Float32Array(abnormal.length);
    this.symbol = new Uint8Array(abnormal.length);
    const columns = (width >> 1) + 25;
    const taken = new Map();
    for (const i of abnormal) {
      const px = x[i] * scale - left;
      const py = y[i] * scale - top;
      if (px < -24 || py < -24 || px > width + 24 || py > height + 24) continue;
      let spots = taken.get(symbol[i]);
      if (!spots) taken.set(symbol[i], spots = new Uint8Array(columns * ((height >> 1) + 25)));
      const spot = ((py + 24) >> 1) * columns + ((px + 24) >> 1);
      if (spots[spot]) continue;
      spots[spot] = 1;
      this.x[this.count] = px;
      this.y[this.count] = py;
      this.symbol[this.count] = symbol[i];
      this.count += 1;
    }
    const isMany = this.count > 300;
    this.size = isMany ? 12 : layer.spec.size;
    this.hold(room, isMany);
  }

  // Few keep their room to the pixel; many by squares of eight.
  hold(room, isMany) {
    const half = this.size / 2;
    for (let k = 0; k < this.count; k += 1) {
      const [x, y] = [this.x[k], this.y[k]];
      if (isMany) room.fill(x - half, y - half, x + half, y + half);
      else room.take([x - half, y - half, x + half, y + half]);
    }
  }

  // The gravest last: red over yellow over grey.
  paint(context, stamps) {
    const rank = (name) => (name.endsWith('-r') ? 3 : name.endsWith('-o') ? 2 : name.endsWith('-y') ? 1 : 0);
    const grave = this.layer.names.map((_, s) => s).sort((a, b) => rank(this.layer.names[a]) - rank(this.layer.names[b]));
    for (const s of grave) {
      const stamp = stamps[s];
      if (!stamp) continue;
      const { canvas, width, height } = stamp;
      for (let k = 0; k < this.count; k += 1) {
        if (this.symbol[k] !== s) continue;
        context.drawImage(canvas, Math.round(this.x[k] - stamp.left), Math.round(this.y[k] - stamp.top), width, height);
      }
    }
  }

  isOver(x, y) {
    const reach = this.layer.spec.size / 2 + 4;
    for (let k = 0; k < this.count; k += 1) if (Math.hypot(this.x[k] - x, this.y[k] - y) < reach) return true;
    return false;
  }
};
