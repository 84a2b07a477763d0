'use strict';
// Times moves for `weihai-command bench map`; put into the page by the measurement alone. Answers by the page's title.
Weihai.bench = {
  // Go somewhere as the wheel does. The move ends with the frame after the one that was drawn last: nothing is left to
  // draw and no symbol is still being read.
  move(number, lon, lat, zoom) {
    const began = performance.now();
    app.map.setView([lat, lon], zoom, { animate: false });
    const settle = () => {
      if (app.surface.pending || app.sprites.reading > 0) {
        app.surface.then(settle);
        app.surface.want('top');
        return;
      }
      const now = performance.now();
      document.title = JSON.stringify({ number, ms: now - began, at: performance.timeOrigin + now });
    };
    app.surface.then(settle);
    app.surface.want();
  },
};
