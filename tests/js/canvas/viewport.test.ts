/** The view: round trips, limits, what stays under the pointer, and what a wheel means. */

import { describe, expect, it } from "vitest";
import { Camera } from "../../../labelwidgets/js/canvas/camera.ts";
import {
  actual,
  between,
  clampView,
  panBy,
  pinch,
  type Room,
  reveal,
  scaleLimits,
  shownBounds,
  toImage,
  toScreen,
  type View,
  type Wheel,
  WheelReader,
  wholeView,
  zoomAt,
} from "../../../labelwidgets/js/canvas/viewport.ts";
import { forSeeds, type Random } from "./seeded.ts";

const ROOM: Room = { image: { width: 4000, height: 3000 }, stage: { width: 1000, height: 700 } };

const anyRoom = (random: Random): Room => ({
  image: { width: random.whole(1, 12000), height: random.whole(1, 12000) },
  stage: { width: random.whole(50, 2000), height: random.whole(50, 1500) },
});
const anyView = (random: Random, room: Room): View =>
  clampView(
    {
      scale: random.between(0.05, 20),
      x: random.between(-9000, 9000),
      y: random.between(-9000, 9000),
    },
    room,
  );

describe("coordinates", () => {
  it("go to the screen and back", () => {
    forSeeds(500, (random) => {
      const view = anyView(random, ROOM);
      const point = { x: random.between(-100, 5000), y: random.between(-100, 5000) };
      const back = toImage(view, toScreen(view, point));
      expect(back.x).toBeCloseTo(point.x, 6);
      expect(back.y).toBeCloseTo(point.y, 6);
    });
  });

  it("agree with the CSS transform between two views", () => {
    forSeeds(300, (random) => {
      const [from, to] = [anyView(random, ROOM), anyView(random, ROOM)];
      const [, a, , , d, e, f] =
        /matrix\((.+),(.+),(.+),(.+),(.+),(.+)\)/.exec(between(from, to))?.map(Number) ?? [];
      const point = { x: random.between(0, 4000), y: random.between(0, 3000) };
      const before = toScreen(from, point);
      const after = toScreen(to, point);
      expect((a ?? 0) * before.x + (e ?? 0)).toBeCloseTo(after.x, 5);
      expect((d ?? 0) * before.y + (f ?? 0)).toBeCloseTo(after.y, 5);
    });
    expect(between(wholeView(ROOM), wholeView(ROOM))).toBe("none");
  });
});

describe("the whole image", () => {
  it("is wholly visible and touches two sides but for a margin", () => {
    forSeeds(500, (random) => {
      const room = anyRoom(random);
      const shown = shownBounds(wholeView(room), room.stage);
      expect(shown.minX).toBeLessThanOrEqual(0);
      expect(shown.minY).toBeLessThanOrEqual(0);
      expect(shown.maxX).toBeGreaterThanOrEqual(room.image.width);
      expect(shown.maxY).toBeGreaterThanOrEqual(room.image.height);
    });
  });
});

describe("zooming", () => {
  it("keeps the image point under the pointer where the image has room to go", () => {
    const view = { scale: 2, x: -2000, y: -1500 };
    forSeeds(300, (random) => {
      const at = { x: random.between(0, 1000), y: random.between(0, 700) };
      const before = toImage(view, at);
      const after = toImage(zoomAt(view, at, random.between(0.8, 1.5), ROOM), at);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
    });
  });

  it("stays within its limits", () => {
    forSeeds(500, (random) => {
      const room = anyRoom(random);
      const { least, most } = scaleLimits(room);
      const { scale } = zoomAt(wholeView(room), { x: 0, y: 0 }, 10 ** random.between(-6, 6), room);
      expect(scale).toBeGreaterThanOrEqual(least);
      expect(scale).toBeLessThanOrEqual(most);
    });
  });

  it("reaches the size of the image's own pixels", () => {
    expect(actual(wholeView(ROOM), ROOM).scale).toBe(1);
  });
});

describe("panning", () => {
  it("never loses the image", () => {
    forSeeds(1000, (random) => {
      const room = anyRoom(random);
      const view = panBy(anyView(random, room), random.between(-1e5, 1e5), random.between(-1e5, 1e5), room);
      const shown = shownBounds(view, room.stage);
      expect(Math.min(shown.maxX, room.image.width) - Math.max(shown.minX, 0)).toBeGreaterThan(0);
      expect(Math.min(shown.maxY, room.image.height) - Math.max(shown.minY, 0)).toBeGreaterThan(0);
    });
  });

  it("keeps an image that fits wholly visible", () => {
    const view = panBy({ scale: 0.1, x: 0, y: 0 }, 5000, -5000, ROOM);
    expect(view).toEqual({ scale: 0.1, x: 600, y: 0 });
  });

  it("clamps the same view only once", () => {
    forSeeds(300, (random) => {
      const room = anyRoom(random);
      const view = anyView(random, room);
      expect(clampView(view, room)).toEqual(view);
    });
  });
});

describe("pinching", () => {
  it("keeps what is under both fingers under them", () => {
    const view = { scale: 1, x: -1500, y: -1200 };
    const before = [
      { x: 400, y: 300 },
      { x: 600, y: 300 },
    ] as const;
    const after = [
      { x: 350, y: 320 },
      { x: 650, y: 320 },
    ] as const;
    const next = pinch(view, before, after, ROOM);
    expect(next.scale).toBeCloseTo(1.5, 9);
    for (const finger of [0, 1] as const) {
      expect(toImage(next, after[finger]).x).toBeCloseTo(toImage(view, before[finger]).x, 6);
      expect(toImage(next, after[finger]).y).toBeCloseTo(toImage(view, before[finger]).y, 6);
    }
  });
});

describe("revealing", () => {
  it("moves nothing that is in sight", () => {
    const view = wholeView(ROOM);
    expect(reveal(view, { minX: 100, minY: 500, maxX: 200, maxY: 600 }, ROOM)).toBe(view);
  });

  it("brings what is out of sight into it", () => {
    forSeeds(300, (random) => {
      const view = anyView(random, ROOM);
      const [x, y] = [random.between(0, 3900), random.between(0, 2900)];
      const size = Math.min(random.between(1, 100), 300 / view.scale);
      const bounds = { minX: x, minY: y, maxX: x + size, maxY: y + size };
      const shown = shownBounds(reveal(view, bounds, ROOM), ROOM.stage);
      expect(shown.minX).toBeLessThanOrEqual(x + 1e-6);
      expect(shown.minY).toBeLessThanOrEqual(y + 1e-6);
      expect(shown.maxX).toBeGreaterThanOrEqual(x + size - 1e-6);
      expect(shown.maxY).toBeGreaterThanOrEqual(y + size - 1e-6);
    });
  });
});

describe("a wheel", () => {
  const wheel = (of: Partial<Wheel>): Wheel => ({
    deltaX: 0,
    deltaY: 0,
    deltaMode: 0,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    timeStamp: 0,
    ...of,
  });
  const read = (of: Partial<Wheel>, focused: boolean) => new WheelReader().read(wheel(of), focused);

  it("scrolls the page over a widget that has no focus", () => {
    expect(read({ deltaY: 100, wheelDeltaY: -120 }, false)).toEqual({ act: "page" });
    expect(read({ deltaY: 4.5, wheelDeltaY: -13 }, false)).toEqual({ act: "page" });
  });

  it("zooms with Ctrl or Cmd even without focus", () => {
    expect(read({ deltaY: 100, ctrlKey: true }, false).act).toBe("zoom");
    expect(read({ deltaY: 100, metaKey: true }, false).act).toBe("zoom");
  });

  it("zooms by notches and pans by two fingers in a widget that has the focus", () => {
    expect(read({ deltaY: 100, wheelDeltaY: -120 }, true).act).toBe("zoom");
    expect(read({ deltaY: 3, deltaMode: 1 }, true).act).toBe("zoom");
    expect(read({ deltaY: 4.5, wheelDeltaY: -13 }, true)).toEqual({ act: "pan", dx: -0, dy: -4.5 });
    expect(read({ deltaX: 7, deltaY: 2, wheelDeltaY: -6 }, true)).toEqual({ act: "pan", dx: -7, dy: -2 });
  });

  it("pans sideways with Shift", () => {
    expect(read({ deltaY: 100, wheelDeltaY: -120, shiftKey: true }, true)).toEqual({
      act: "pan",
      dx: -100,
      dy: 0,
    });
  });

  it("stays with one meaning for as long as events follow each other", () => {
    const reader = new WheelReader();
    expect(reader.read(wheel({ deltaY: 4, wheelDeltaY: -12, timeStamp: 0 }), true).act).toBe("pan");
    // A fast swipe: 40 px look like a notch.
    expect(reader.read(wheel({ deltaY: 40, wheelDeltaY: -120, timeStamp: 16 }), true).act).toBe("pan");
    expect(reader.read(wheel({ deltaY: 100, wheelDeltaY: -120, timeStamp: 900 }), true).act).toBe("zoom");
  });

  it("zooms in and out by the same factor", () => {
    const [closer, away] = [
      read({ deltaY: -100, deltaMode: 0, wheelDeltaY: 120 }, true),
      read({ deltaY: 100, wheelDeltaY: -120 }, true),
    ];
    if (closer.act !== "zoom" || away.act !== "zoom") throw new Error("no zoom");
    expect(closer.factor).toBeGreaterThan(1.2);
    expect(closer.factor * away.factor).toBeCloseTo(1, 9);
  });
});

describe("the camera", () => {
  it("goes on showing the whole image when the stage changes, until somebody moves it", () => {
    const camera = new Camera();
    camera.resize({ width: 500, height: 400 });
    camera.open({ width: 1000, height: 800 });
    camera.resize({ width: 1000, height: 800 });
    expect(camera.isWhole).toBe(true);
    expect(camera.view.value).toEqual(
      wholeView({ image: { width: 1000, height: 800 }, stage: { width: 1000, height: 800 } }),
    );
    expect(camera.zoom(3)).toBe(true);
    const middle = toImage(camera.view.value, { x: 500, y: 400 });
    camera.resize({ width: 600, height: 700 });
    const after = toImage(camera.view.value, { x: 300, y: 350 });
    expect(camera.isWhole).toBe(false);
    expect(after.x).toBeCloseTo(middle.x, 6);
    expect(after.y).toBeCloseTo(middle.y, 6);
  });

  it("says when there was nowhere to go", () => {
    const camera = new Camera();
    expect(camera.pan(10, 0)).toBe(false);
    camera.resize({ width: 500, height: 400 });
    camera.open({ width: 1000, height: 800 });
    camera.zoom(8);
    expect(camera.pan(10, 0)).toBe(true);
    while (camera.pan(100, 0));
    expect(camera.pan(100, 0)).toBe(false);
  });
});
