'use strict';
// Areas under a warning: hatched in the warning's colour, the one that is open stronger and with its border. Under all marks.
Weihai.Areas = class Areas {
  constructor(app) {
    this.app = app;
    const { surface } = app;
    const before = surface.painters.get('base');
    surface.onPaint('base', (context, view) => {
      before(context, view);
      for (const area of app.scene.areas || []) this.paint(context, view, area);
    });
  }

  paint(context, view, area) {
    const colours = this.app.scene.palette;
    const [x0, y0, x1, y1] = view.box(0);
    if (area.box[0] > x1 || area.box[2] < x0 || area.box[1] > y1 || area.box[3] < y0) return;
    context.save();
    this.trace(context, view, area);
    context.strokeStyle = colours[area.colour] || colours.text2;
    if (area.lit) {
      context.lineWidth = 1.5;
      context.stroke();
    }
    context.clip('evenodd');
    context.globalAlpha = area.weight;
    context.lineWidth = 1;
    this.hatch(context, view);
    context.restore();
  }

  // Points that fall on the pixel of the one before say nothing.
  trace(context, view, area) {
    context.beginPath();
    for (const ring of area.rings) {
      let px = Infinity;
      let py = Infinity;
      for (let at = 0; at < ring.length; at += 2) {
        const [x, y] = [view.x(ring[at]), view.y(ring[at + 1])];
        if (at && at < ring.length - 2 && Math.abs(x - px) + Math.abs(y - py) < 1) continue;
        context[at ? 'lineTo' : 'moveTo'](x, y);
        [px, py] = [x, y];
      }
      context.closePath();
    }
  }

  // The lines stand on the ground: they move with the map and do not swim under it.
  hatch(context, view) {
    const step = 9;
    const shift = ((view.x(0.5) + view.y(0.5)) % step + step) % step;
    context.beginPath();
    for (let x = shift - step; x < view.width + view.height; x += step) {
      context.moveTo(x, 0);
      context.lineTo(x - view.height, view.height);
    }
    context.stroke();
  }
};
