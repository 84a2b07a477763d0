'use strict';
// Symbols and words as ready bitmaps: each is drawn once and stamped afterwards.
Weihai.Sprites = class Sprites {
  constructor(changed) {
    this.changed = changed;
    this.symbols = new Map();
    this.stamps = new Map();
    this.texts = new Map();
    this.colours = {};
    this.reading = 0;
  }

  // `text` is symbols.svg in the colours of the theme.
  load(text, colours) {
    this.colours = colours;
    this.symbols.clear();
    this.stamps.clear();
    const sheet = new DOMParser().parseFromString(text, 'image/svg+xml');
    for (const symbol of sheet.querySelectorAll('symbol')) this.symbols.set(symbol.id, symbol.innerHTML);
  }

  font(size, weight) { return `${weight || 400} ${size}px "Noto Sans CJK SC","Microsoft YaHei",sans-serif`; }

  // A bitmap of a symbol whose 24-box is `size` pixels, or null until the browser has read it.
  symbol(name, size) {
    const key = `${name}|${size}`;
    const known = this.stamps.get(key);
    if (known !== undefined) return known;
    this.stamps.set(key, null);
    const inner = this.symbols.get(name);
    if (inner) this.read(key, inner, size);
    return null;
  }

  read(key, inner, size) {
    const ratio = window.devicePixelRatio || 1;
    const pixels = Math.ceil(size * ratio * 40 / 24);
    const image = new Image();
    this.reading += 1;
    image.onload = () => {
      this.reading -= 1;
      this.stamps.set(key, this.trimmed(image, pixels, ratio));
      this.changed();
    };
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels}" height="${pixels}" viewBox="-8 -8 40 40">${inner}</svg>`;
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg);
  }

  // An image without its empty rim, pixel for pixel: thousands of them are put down in a frame, and a scaled or an empty pixel
  // costs as much as a drawn one. `left` and `top` lead from its corner to its middle.
  trimmed(image, pixels, ratio) {
    const whole = document.createElement('canvas');
    whole.width = whole.height = pixels;
    const context = whole.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0, pixels, pixels);
    const { data } = context.getImageData(0, 0, pixels, pixels);
    let [x0, y0, x1, y1] = [pixels - 1, pixels - 1, 0, 0];
    for (let at = 0; at < pixels * pixels; at += 1) {
      if (!data[4 * at + 3]) continue;
      x0 = Math.min(x0, at % pixels);
      x1 = Math.max(x1, at % pixels);
      y0 = Math.min(y0, Math.floor(at / pixels));
      y1 = Math.max(y1, Math.floor(at / pixels));
    }
    const canvas = new OffscreenCanvas(Math.max(1, x1 - x0 + 1), Math.max(1, y1 - y0 + 1));
    canvas.getContext('2d').drawImage(whole, -x0, -y0);
    return {
      canvas: canvas.transferToImageBitmap(), width: canvas.width / ratio, height: canvas.height / ratio,
      left: (pixels / 2 - x0) / ratio, top: (pixels / 2 - y0) / ratio,
    };
  }

  draw(context, stamp, x, y) {
    if (stamp) context.drawImage(stamp.canvas, Math.round(x - stamp.left), Math.round(y - stamp.top), stamp.width, stamp.height);
  }

  // The slash of what is out of use, over a mark whose middle is at x, y.
  slash(context, size, x, y) {
    const stamp = this.stamp(`slash|${size}`, size, size, (pen) => {
      pen.scale(size / 24, size / 24);
      for (const [width, colour] of [[5, this.colours.bg0], [2, this.colours.stale]]) {
        pen.beginPath();
        pen.moveTo(3, 21);
        pen.lineTo(21, 3);
        pen.lineWidth = width;
        pen.strokeStyle = colour;
        pen.stroke();
      }
    });
    this.put(context, stamp, x - size / 2, y - size / 2);
  }

  // A bitmap made by `paint(context, width, height)` at a size in CSS pixels, kept by its key.
  stamp(key, width, height, paint) {
    let known = this.stamps.get(key);
    if (known) return known;
    // Counts and clocks come and go; a full cache starts again, which costs one slow frame.
    if (this.stamps.size > 4000) this.stamps.clear();
    const ratio = window.devicePixelRatio || 1;
    const canvas = new OffscreenCanvas(Math.ceil(width * ratio), Math.ceil(height * ratio));
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    paint(context, width, height);
    known = { canvas: canvas.transferToImageBitmap(), width, height };
    this.stamps.set(key, known);
    return known;
  }

  put(context, stamp, left, top) {
    context.drawImage(stamp.canvas, Math.round(left), Math.round(top),
      stamp.canvas.width / (window.devicePixelRatio || 1), stamp.canvas.height / (window.devicePixelRatio || 1));
  }

  width(text, font) {
    const key = font + text;
    if (!this.texts.has(key)) {
      if (this.texts.size > 8000) this.texts.clear();
      this.ruler = this.ruler || document.createElement('canvas').getContext('2d');
      this.ruler.font = font;
      this.texts.set(key, Math.ceil(this.ruler.measureText(text).width));
    }
    return this.texts.get(key);
  }

  // A word on a chip of the background colour: readable over anything.
  chip(text, isBold) {
    const font = this.font(14, isBold ? 700 : 400);
    const width = this.width(text, font) + 8;
    return this.stamp(`chip|${isBold}|${text}`, width, 20, (context) => {
      context.globalAlpha = 0.86;
      context.fillStyle = this.colours.bg0;
      context.fillRect(0, 0, width, 20);
      context.globalAlpha = 1;
      this.write(context, text, font, this.colours.text, 4, 10.5);
    });
  }

  // A word on the land or the sea, with a thin rim of that colour.
  name(text, style) {
    const { font, colour, rim, spacing } = style;
    const width = this.width(text, font) + (spacing || 0) * text.length + 6;
    return this.stamp(`name|${font}|${colour}|${text}`, width, 22, (context) => {
      context.letterSpacing = `${spacing || 0}px`;
      context.font = font;
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      context.lineWidth = 3;
      context.strokeStyle = rim;
      context.strokeText(text, 3, 11.5);
      this.write(context, text, font, colour, 3, 11.5);
    });
  }

  write(context, text, font, colour, x, y) {
    context.font = font;
    context.textBaseline = 'middle';
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  // How many stand here: the symbol of the kind, their number, and how many of them are abnormal or down where the cell has room
  // for it. Neutral, for a count alone is no alarm. Plates are kept by their width, the digits are written where they stand:
  // numbers hardly ever come twice.
  count(spec, cell, isBrief) {
    const text = cell.count.toLocaleString('en-US');
    const font = this.font(14);
    const plain = this.numberWidth(text, font) + 34;
    const down = cell.down ? '×' + cell.down.toLocaleString('en-US') : '';
    const wide = plain + 6 + this.numberWidth(down, font);
    const isTold = down && !isBrief && wide <= Weihai.CELL.width - 4;
    const width = isTold ? wide : plain;
    const icon = this.symbol(spec.icon, 15);
    // Somewhere something is always offline; a dash under every count would say nothing.
    const isWorn = cell.down > 0.1 * cell.count;
    const stamp = this.stamp(`plate|${spec.icon}|${width}|${isWorn}|${icon !== null}`, width, 22, (context) => {
      this.plate(context, width, isWorn);
      this.draw(context, icon, 14, 11);
    });
    return { ...stamp, text, down: isTold ? down : '', gap: plain - 28 };
  }

  // Of digits, which are all of one width, commas and crosses.
  numberWidth(text, font) {
    let width = 0;
    for (const letter of text) width += this.width((letter === ',' || letter === '×' ? letter : '0').repeat(4), font) / 4;
    return Math.ceil(width);
  }

  // Chips of counts, one after the other: the pen is dipped once.
  putCounts(context, chips) {
    for (const { stamp, box } of chips) this.put(context, stamp, box[0], box[1]);
    context.font = this.font(14);
    context.textBaseline = 'middle';
    context.fillStyle = this.colours.text2;
    for (const { stamp, box } of chips) context.fillText(stamp.text, Math.round(box[0]) + 27, Math.round(box[1]) + 11.5);
    context.fillStyle = this.colours.stale;
    for (const { stamp, box } of chips) {
      if (stamp.down) context.fillText(stamp.down, Math.round(box[0]) + 27 + stamp.gap, Math.round(box[1]) + 11.5);
    }
  }

  plate(context, width, isDashed) {
    context.fillStyle = this.colours.bg0;
    context.globalAlpha = 0.86;
    context.beginPath();
    context.roundRect(0.5, 0.5, width - 1, 20, 4);
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 1;
    context.strokeStyle = this.colours.border;
    context.stroke();
    if (!isDashed) return;
    context.lineWidth = 2;
    context.setLineDash([4, 3]);
    context.strokeStyle = this.colours.stale;
    context.beginPath();
    context.moveTo(4, 20.5);
    context.lineTo(width - 4, 20.5);
    context.stroke();
    context.setLineDash([]);
  }
};
