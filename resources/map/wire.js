'use strict';
// The page's only way out and in: one narrow object on the channel, and binary rows fetched over the page's own scheme.
Weihai.Wire = class Wire {
  constructor() {
    this.bridge = null;
    this.waiting = [];
    this.feeds = new Map();
  }

  connect(onTick) {
    new QWebChannel(qt.webChannelTransport, (channel) => {
      this.bridge = channel.objects.bridge;
      this.bridge.tick.connect(onTick);
      for (const [name, values] of this.waiting.splice(0)) this.bridge[name](...values);
    });
  }

  tell(name, ...values) {
    if (this.bridge) this.bridge[name](...values);
    else this.waiting.push([name, values]);
  }

  // Bring a feed up to `version`. One request at a time; a newer wish while it runs asks once more, however often it came.
  async bring(name, version, have, take) {
    const feed = this.feeds.get(name) || { busy: false, wanted: 0 };
    this.feeds.set(name, feed);
    feed.wanted = Math.max(feed.wanted, version);
    if (feed.busy) return;
    feed.busy = true;
    try {
      while (have() < feed.wanted) {
        const before = have();
        take(await this.fetch(`feed/${name}?have=${before}`));
        if (have() <= before) break;
      }
    } finally {
      feed.busy = false;
    }
  }

  async fetch(path) {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.arrayBuffer();
  }
};
