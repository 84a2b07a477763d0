'use strict';
// The map on the leaders' screen: the whole city, districts with their counts, areas under a warning, hot spots. It takes no tools.
// Nothing but land and water stands on a seam between two screens.
Weihai.Wall = class Wall {
  constructor(app) {
    this.app = app;
    this.fitted = -1;
    this.isTaken = false;
    this.labels = [];
    this.rings = new Map();
    const show = app.show.bind(app);
    app.show = async (scene) => {
      await show(scene);
      this.take();
    };
    const { surface, marks } = app;
    for (const [name, paint] of [['base', 'paintGround'], ['mass', null], ['top', 'paintWords'], ['movers', null]]) {
      const before = surface.painters.get(name);
      surface.onPaint(name, (context, view) => {
        const seen = this.wall ? this.beside(view) : view;
        before(context, name === 'base' ? view : seen);
        if (this.wall && paint) this[paint](context, seen);
      });
    }
    const words = marks.words.bind(marks);
    marks.words = (view, stood, room) => {
      if (!this.wall) return words(view, stood, room);
      this.placeLabels(view, room);
      const placed = words(view, stood, room);
      this.callout = null;
      if (this.wall.callout) this.placeCallout(view, room, this.wall.callout);
      return placed;
    };
    app.map.on('moveend', () => { this.isTaken = this.isTaken || !app.byProgram; });
    app.map.on('resize', () => this.fit());
  }

  get wall() { return this.app.scene.wall; }

  // A night of minutes on labels would fill the page's memory with bitmaps that nobody stamps again.
  prune() {
    const { stamps } = this.app.sprites;
    if (stamps.size < 320) return;
    for (const key of stamps.keys()) if (/^(chip|callout|district)\|/.test(key)) stamps.delete(key);
  }

  take() {
    if (!this.wall) return;
    this.prune();
    if (!this.places) {
      this.places = this.app.marks.places;
      this.app.base.isPlain = true;
      this.app.map.options.zoomSnap = 0;
    }
    // Districts are named by the screen itself, with their counts.
    const { towns } = this.wall;
    this.app.marks.places = this.places.filter(([name, , , kind]) => kind === 'sea' || (kind === 'town' && towns.includes(name)))
      .map(([name, x, y, kind]) => [name, x, y, kind, 0, 99]);
    if (this.wall.fit !== this.fitted) {
      this.isTaken = false;
      this.fitted = this.wall.fit;
      this.fit();
    }
  }

  // The whole city as large as it fits; never again once a person moved the map, until the person says so.
  fit() {
    if (!this.wall || this.isTaken) return;
    const { map } = this.app;
    const [west, south, east, north] = this.wall.bounds;
    const bounds = L.latLngBounds([south, west], [north, east]);
    const zoom = map.getBoundsZoom(bounds, false, L.point(24, 24));
    this.app.byProgram = true;
    map.setView(bounds.getCenter(), zoom, { animate: false });
    this.app.byProgram = false;
    this.app.report(false);
    this.app.surface.want();
  }

  // A view in which what would stand on a seam stands beside it.
  beside(view) {
    const { seams_x: across, seams_y: down, clear } = this.wall;
    const aside = (at, seams) => {
      const seam = seams.find((one) => Math.abs(at - one) < clear);
      return seam === undefined ? at : seam + (at < seam ? -clear : clear);
    };
    const made = Object.create(view);
    made.x = (world) => aside(view.x(world), across);
    made.y = (world) => aside(view.y(world), down);
    return made;
  }

  paintGround(context, view) {
    for (const area of this.wall.areas) this.paintArea(context, view, area);
    if (this.wall.heat) this.paintHeat(context, view, this.wall.heat);
  }

  // Hatched in the colour of the warning, on the land only where the area is a district.
  paintArea(context, view, area) {
    const colours = this.app.scene.palette;
    context.save();
    if (area.inland) {
      this.trace(context, view, this.app.base.lines.filter((line) => line.role === 2));
      context.clip('evenodd');
    }
    context.beginPath();
    for (const ring of area.rings) {
      ring.forEach(([x, y], at) => context[at ? 'lineTo' : 'moveTo'](view.x(x), view.y(y)));
      context.closePath();
    }
    context.clip('evenodd');
    context.strokeStyle = colours[area.colour] || colours.orange;
    context.globalAlpha = area.weight;
    context.lineWidth = 1;
    context.beginPath();
    for (let x = -view.height; x < view.width; x += 8) {
      context.moveTo(x, view.height);
      context.lineTo(x + view.height, 0);
    }
    context.stroke();
    context.restore();
  }

  trace(context, view, lines) {
    context.beginPath();
    for (const line of lines) {
      this.app.base.trace(context, view, line);
      context.closePath();
    }
  }

  // Where many incidents of the last weeks were; `rows` lines of `columns` values 0 … 255, north first.
  paintHeat(context, view, heat) {
    const key = heat.key;
    if (this.heatKey !== key) {
      this.heatKey = key;
      this.heatPicture = this.picture(heat);
    }
    const [x0, y0, x1, y1] = heat.box;
    context.save();
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.heatPicture, view.x(x0), view.y(y0), view.x(x1) - view.x(x0), view.y(y1) - view.y(y0));
    context.restore();
  }

  picture(heat) {
    const canvas = new OffscreenCanvas(heat.columns, heat.rows);
    const context = canvas.getContext('2d');
    const image = context.createImageData(heat.columns, heat.rows);
    const colour = this.app.scene.palette.orange;
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    heat.values.forEach((value, at) => {
      image.data.set([red, green, blue, Math.round(value * 0.72)], 4 * at);
    });
    context.putImageData(image, 0, 0);
    return canvas;
  }

  // Districts first: their counts are figures, the other words give way.
  placeLabels(view, room) {
    this.labels = [];
    for (const seam of this.wall.seams_x) room.take([seam - this.wall.clear + 4, 0, seam + this.wall.clear - 4, view.height]);
    for (const seam of this.wall.seams_y) room.take([0, seam - this.wall.clear + 4, view.width, seam + this.wall.clear - 4]);
    for (const district of this.wall.districts) this.placeDistrict(view, room, district);
  }

  placeDistrict(view, room, { name, count, x, y }) {
    const { sprites } = this.app;
    const [plain, bold] = [sprites.font(19), sprites.font(20, 700)];
    const [first, second] = [sprites.width(name, plain), sprites.width(count, bold)];
    const width = first + second + 12;
    const stamp = sprites.stamp(`district|${name}|${count}`, width, 28, (context) => {
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      context.lineWidth = 3;
      for (const [text, font, colour, left] of [[name, plain, sprites.colours.text2, 3], [count, bold, sprites.colours.text, first + 9]]) {
        context.font = font;
        context.strokeStyle = sprites.colours.land;
        context.strokeText(text, left, 14);
        context.fillStyle = colour;
        context.fillText(text, left, 14);
      }
    });
    const [left, top] = [view.x(x) - width / 2, view.y(y) - 14];
    for (const [dx, dy] of [[0, 0], [0, -30], [0, 30], [-50, 0], [50, 0], [-50, -30], [50, -30], [-50, 30], [50, 30], [-100, 0], [100, 0], [0, -60], [0, 60]]) {
      const box = [left + dx, top + dy, left + dx + width, top + dy + 28];
      if (!room.isFree(box)) continue;
      room.take(box);
      this.labels.push({ stamp, box, name });
      return;
    }
  }

  // The worst warning is told beside its area, over the sea where there is room.
  placeCallout(view, room, { title, note, x, y }) {
    const { sprites } = this.app;
    const fonts = [sprites.font(14), sprites.font(14)];
    const width = Math.max(sprites.width(title, fonts[0]), sprites.width(note, fonts[1])) + 8;
    const stamp = sprites.stamp(`callout|${title}|${note}`, width, 42, (context) => {
      sprites.write(context, title, fonts[0], sprites.colours.text, 4, 11);
      sprites.write(context, note, fonts[1], sprites.colours.text2, 4, 31);
    });
    const [atX, atY] = [view.x(x), view.y(y)];
    for (const [dx, dy] of [[48, -34], [48, -60], [48, 24], [80, 0], [16, -70], [-36, -56], [-50, -90], [-165, -50], [-190, -70], [-60, 40], [16, 60]]) {
      // Words never lie between the badge and the area: the line would run through them.
      const box = dx < 0 ? [atX + dx - 18 - width, atY + dy - 21, atX + dx + 16, atY + dy + 21] : [atX + dx - 16, atY + dy - 21, atX + dx + 20 + width, atY + dy + 21];
      const isSeen = box[0] > 4 && box[1] > 4 && box[2] < view.width - 4 && box[3] < view.height - 4;
      if (!isSeen || !room.isFree(box)) continue;
      room.take(box);
      this.callout = { stamp, from: [atX, atY], at: [atX + dx, atY + dy], left: dx < 0 ? atX + dx - 18 - width : atX + dx + 16 };
      return;
    }
  }

  paintWords(context) {
    const { sprites } = this.app;
    for (const { stamp, box } of this.labels) sprites.put(context, stamp, box[0], box[1]);
    if (!this.wall.callout || !this.callout) return;
    const { stamp, from, at, left } = this.callout;
    const { badge, character, colour } = this.wall.callout;
    const length = Math.hypot(at[0] - from[0], at[1] - from[1]);
    const [ux, uy] = [(at[0] - from[0]) / length, (at[1] - from[1]) / length];
    context.strokeStyle = sprites.colours[colour] || sprites.colours.orange;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(at[0] - ux * 14, at[1] - uy * 14);
    context.stroke();
    sprites.draw(context, sprites.symbol(badge, 24), at[0], at[1]);
    context.textAlign = 'center';
    sprites.write(context, character, sprites.font(11, 700), colour === 'red' || colour === 'blue' ? '#FFFFFF' : '#14181D', at[0], at[1] + 0.5);
    context.textAlign = 'left';
    sprites.put(context, stamp, left, at[1] - 21);
  }
};
