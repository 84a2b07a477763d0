'use strict';
// Puts the page together: folium's map, the canvases, the layers that folium's elements add, the scene that Python hands in.
Weihai.App = class App {
  constructor(map, options) {
    this.map = map;
    this.origin = options.origin;
    this.wire = new Weihai.Wire();
    this.surface = new Weihai.Surface(map, ['base', 'mass', 'top', 'movers']);
    this.sprites = new Weihai.Sprites(() => this.surface.want('mass', 'top', 'movers'));
    this.base = new Weihai.BaseMap(options.origin);
    this.marks = new Weihai.Marks(this.sprites);
    this.marks.origin = options.origin;
    this.ruler = new Weihai.Ruler(map, this.sprites);
    this.vessels = new Weihai.Vessels(this.surface, this.sprites, this.marks);
    this.scene = { version: 0, palette: {}, feeds: {} };
    this.seen = -1;
    this.byProgram = false;
    this.surface.onPaint('base', (context, view) => this.base.paint(context, view, this.scene.palette));
    this.surface.onPaint('mass', (context, view) => this.marks.paintMass(context, view));
    this.surface.onPaint('top', (context, view) => {
      this.marks.paintTop(context, view);
      this.ruler.paint(context, view);
    });
    this.surface.onPaint('movers', (context, view) => this.vessels.paint(context, view));
  }

  add(spec) {
    if (spec.moves) {
      this.vessels.layer = new Weihai.MoverLayer(spec, this.origin);
      return;
    }
    this.marks.layers.push(new Weihai.PointLayer(spec, this.origin));
    this.marks.layers.sort((a, b) => a.spec.order - b.spec.order);
  }

  async start() {
    const early = [this.wire.fetch('map/base.bin'), this.wire.fetch('map/names.json'), this.wire.fetch('feed/scene?have=0')];
    const [base, names, scene] = await Promise.all(early);
    const text = (buffer) => JSON.parse(new TextDecoder().decode(buffer));
    this.base.load(base);
    this.marks.places = text(names).places;
    this.listen();
    await this.show(text(scene));
    this.surface.then(() => this.wire.tell('painted', 'base', 1));
    this.surface.want();
    this.wire.connect((name, version) => this.onTick(name, version));
  }

  onTick(name, version) {
    if (name === 'scene') {
      const take = (buffer) => this.show(JSON.parse(new TextDecoder().decode(buffer)));
      this.wire.bring('scene', version, () => this.scene.version, take);
    } else {
      this.feed(name, version);
    }
  }

  feed(kind, version) {
    const layer = this.layers().find((one) => one.spec.kind === kind);
    if (!layer) return;
    this.wire.bring(kind, version, () => layer.version, (buffer) => {
      layer.load(buffer);
      const { version: painted } = layer;
      this.surface.then(() => this.wire.tell('painted', kind, painted));
      this.surface.want(...(layer.spec.moves ? ['movers'] : ['mass', 'top']));
      if (layer.isNew) this.warm();
    });
  }

  layers() { return this.vessels.layer ? [...this.marks.layers, this.vessels.layer] : this.marks.layers; }

  async show(scene) {
    const before = this.scene;
    this.scene = scene;
    this.marks.scene = scene;
    for (const layer of this.layers()) layer.hide(scene.visible);
    if (scene.theme !== before.theme) await this.dress(scene);
    if (scene.view.seq !== this.seen) this.go(scene.view);
    if (scene.measuring !== this.ruler.isOn) this.ruler[scene.measuring ? 'start' : 'stop']();
    this.map.getContainer().classList.toggle('aiming', scene.picking || scene.measuring);
    for (const [kind, version] of Object.entries(scene.feeds)) this.feed(kind, version);
    this.surface.want();
  }

  async dress(scene) {
    const sheet = await this.wire.fetch(`symbols.svg?theme=${scene.theme}`);
    this.sprites.load(new TextDecoder().decode(sheet), scene.palette);
    this.warm();
    document.documentElement.style.background = scene.palette.sea;
    document.documentElement.style.setProperty('--focus', scene.palette.focus);
  }

  // The bitmaps that moves will want are made while nobody waits, a few at a time.
  warm() {
    clearTimeout(this.idle);
    const wishes = this.marks.wishes();
    const next = () => {
      const end = performance.now() + 3;
      while (wishes.length && performance.now() < end) wishes.pop()();
      if (wishes.length) this.idle = setTimeout(next, 20);
    };
    this.idle = setTimeout(next, 150);
  }

  go(view) {
    this.seen = view.seq;
    this.byProgram = true;
    this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
    this.byProgram = false;
    this.report(false);
  }

  report(byPerson) {
    const centre = this.map.getCenter();
    const box = this.map.getBounds();
    this.wire.tell('moved', centre.lng, centre.lat, this.map.getZoom(),
      box.getWest(), box.getSouth(), box.getEast(), box.getNorth(), byPerson);
  }

  listen() {
    const { map } = this;
    map.on('move zoom viewreset', () => this.surface.want());
    map.on('resize', () => {
      this.surface.want();
      this.report(false);
    });
    map.on('moveend', () => {
      if (!this.byProgram) this.report(true);
    });
    // The arrow keys are Leaflet's; they need the focus that the browser gives to the page only.
    const focus = () => map.getContainer().focus({ preventScroll: true });
    window.addEventListener('focus', focus);
    window.addEventListener('keydown', focus, { capture: true });
    map.on('click', (event) => this.onClick(event));
    map.on('mousemove', (event) => this.onPointer(event));
  }

  onPointer({ latlng: place, containerPoint: spot }) {
    this.map.getContainer().classList.toggle('over', this.marks.isOver(spot.x, spot.y) || this.vessels.isOver(spot.x, spot.y));
    if (this.ruler.isOn && this.ruler.knots.length) {
      this.ruler.follow(place);
      this.surface.want('top');
    }
    if (this.pointer === undefined) {
      requestAnimationFrame(() => {
        this.wire.tell('hovered', this.pointer.lng, this.pointer.lat);
        this.pointer = undefined;
      });
    }
    this.pointer = place;
  }

  onClick(event) {
    if (this.ruler.isOn) {
      this.ruler.add(event.latlng);
      this.surface.want('top');
      return;
    }
    const { x, y } = event.containerPoint;
    // A click on a word means the mark that it belongs to; in pick mode every click means its own place.
    const tag = this.scene.picking ? null : this.marks.tagAt(x, y);
    const chip = tag ? null : this.marks.chipAt(x, y) || this.vessels.chipAt(x, y);
    const place = tag ? Weihai.place(tag.layer.x[tag.i], tag.layer.y[tag.i]) : [event.latlng.lng, event.latlng.lat];
    this.wire.tell('clicked', ...place, this.map.getZoom(), chip ? chip.layer.spec.kind : '', chip ? this.cluster(chip) : []);
  }

  // West, south, east, north of what a chip counts.
  cluster({ layer, entry }) {
    const [x0, y0, x1, y1] = layer.boxOf(entry);
    return [...Weihai.place(x0, y1), ...Weihai.place(x1, y0)];
  }
};
