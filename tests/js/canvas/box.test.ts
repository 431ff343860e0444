/** Boxes: whatever is dragged, turned or typed, they stay inside the image and keep what they promise. */

import { describe, expect, it } from "vitest";
import { distance, turned } from "../../../labelwidgets/js/canvas/geometry.ts";
import { boxBounds, boxFits, corners } from "../../../labelwidgets/js/canvas/shapes/box.ts";
import { type Limits, PLAIN, type Sight, shapeOf } from "../../../labelwidgets/js/canvas/shapes/registry.ts";
import type { BoxJson } from "../../../labelwidgets/js/core/protocol.ts";
import { forSeeds, type Random } from "./seeded.ts";

const shape = shapeOf("boxes");
if (!shape) throw new Error("boxes are not registered");
const box = shape as unknown as {
  [K in keyof typeof shape]: (typeof shape)[K] extends (...args: infer A) => infer R
    ? (...args: A) => R
    : never;
};

const LIMITS: Limits = { image: { width: 400, height: 300 }, minSize: 1, rotatable: true };
const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const OPPOSITE: Record<string, string> = {
  nw: "se",
  ne: "sw",
  se: "nw",
  sw: "ne",
  n: "s",
  s: "n",
  e: "w",
  w: "e",
};
const TIGHT = 1e-6;

function boxAt(x: number, y: number, width: number, height: number, angle = 0): BoxJson {
  return { id: "b", label: "car", score: null, attributes: {}, x, y, width, height, angle };
}

/** Any box that lies inside the image. */
function anyBox(random: Random, { image, minSize }: Limits = LIMITS): BoxJson {
  for (;;) {
    const angle = random.chance(0.3) ? 0 : random.between(0, 360);
    const [width, height] = [random.between(minSize, 200), random.between(minSize, 150)];
    const made = boxAt(random.between(0, image.width), random.between(0, image.height), width, height, angle);
    if (boxFits(made, image, 0)) return made;
  }
}

/** Handle positions by id, all of them shown. */
function handlesOf(of: BoxJson) {
  const sight: Sight = { scale: 100, shown: { minX: -1e4, minY: -1e4, maxX: 1e4, maxY: 1e4 } };
  return Object.fromEntries(box.handles(of, sight, LIMITS).map((handle) => [handle.id, handle]));
}

const anyPoint = (random: Random) => ({ x: random.between(-200, 600), y: random.between(-200, 500) });

describe("resizing", () => {
  it("never leaves the image and never falls below the smallest side", () => {
    forSeeds(3000, (random) => {
      const limits = { ...LIMITS, minSize: random.pick([0, 1, 5]) };
      const start = anyBox(random, limits);
      const modifiers = { shift: random.chance(0.5), alt: random.chance(0.5) };
      const next = box.drag(
        start,
        random.pick(HANDLES),
        anyPoint(random),
        anyPoint(random),
        modifiers,
        limits,
      ) as BoxJson;
      expect(boxFits(next, limits.image, TIGHT)).toBe(true);
      expect(Math.min(next.width, next.height)).toBeGreaterThanOrEqual(limits.minSize - TIGHT);
      expect(next.angle).toBe(start.angle);
    });
  });

  it("keeps the opposite corner or edge where it is, turned or not", () => {
    forSeeds(1500, (random) => {
      const start = anyBox(random);
      const id = random.pick(HANDLES);
      const from = handlesOf(start)[id];
      if (!from) throw new Error(id);
      const next = box.drag(
        start,
        id,
        from,
        anyPoint(random),
        { shift: random.chance(0.5), alt: false },
        LIMITS,
      ) as BoxJson;
      const fixed = handlesOf(start)[OPPOSITE[id] ?? ""];
      // A box dragged across its fixed side has it on the other one.
      const nearest = Math.min(
        ...Object.values(handlesOf(next)).map((handle) => distance(handle, fixed ?? from)),
      );
      expect(nearest).toBeLessThan(1e-4);
    });
  });

  it("grows from the centre with Alt", () => {
    forSeeds(500, (random) => {
      const start = anyBox(random);
      const next = box.drag(
        start,
        random.pick(HANDLES),
        anyPoint(random),
        anyPoint(random),
        { shift: false, alt: true },
        LIMITS,
      ) as BoxJson;
      expect(next.x + next.width / 2).toBeCloseTo(start.x + start.width / 2, 6);
      expect(next.y + next.height / 2).toBeCloseTo(start.y + start.height / 2, 6);
    });
  });

  it("keeps the aspect with Shift", () => {
    forSeeds(500, (random) => {
      const start = anyBox(random, { ...LIMITS, minSize: 2 });
      const next = box.drag(
        start,
        random.pick(HANDLES),
        anyPoint(random),
        anyPoint(random),
        { shift: true, alt: random.chance(0.5) },
        LIMITS,
      ) as BoxJson;
      expect(next.width / next.height).toBeCloseTo(start.width / start.height, 4);
    });
  });

  it("follows the pointer exactly where there is room", () => {
    const next = box.drag(
      boxAt(50, 50, 100, 80),
      "se",
      { x: 150, y: 130 },
      { x: 171, y: 144 },
      PLAIN,
      LIMITS,
    );
    expect(next).toMatchObject({ x: 50, y: 50, width: 121, height: 94 });
  });

  it("follows the pointer in the box's own directions when turned", () => {
    const start = boxAt(150, 100, 100, 60, 90);
    const from = handlesOf(start).e;
    if (!from) throw new Error("no handle e");
    // Turned by 90 degrees, "e" points down.
    const next = box.drag(start, "e", from, { x: from.x + 40, y: from.y + 10 }, PLAIN, LIMITS) as BoxJson;
    expect(next.width).toBeCloseTo(110, 9);
    expect(next.height).toBeCloseTo(60, 9);
  });

  it("slides along the image's edge: one side at its limit does not hold the other", () => {
    const next = box.drag(
      boxAt(300, 100, 50, 50),
      "se",
      { x: 350, y: 150 },
      { x: 900, y: 200 },
      PLAIN,
      LIMITS,
    );
    expect(next).toMatchObject({ x: 300, y: 100, width: 100, height: 100 });
  });

  it("flips over when dragged across", () => {
    const next = box.drag(boxAt(100, 100, 50, 50), "e", { x: 150, y: 125 }, { x: 60, y: 125 }, PLAIN, LIMITS);
    expect(next).toMatchObject({ x: 60, y: 100, width: 40, height: 50 });
  });

  it("names a handle it doesn't have", () => {
    expect(() => box.drag(boxAt(0, 0, 9, 9), "up", { x: 0, y: 0 }, { x: 1, y: 1 }, PLAIN, LIMITS)).toThrow(
      /no handle "up"/,
    );
  });
});

describe("turning", () => {
  it("never leaves the image and keeps the size", () => {
    forSeeds(2000, (random) => {
      const start = anyBox(random);
      const next = box.drag(
        start,
        "turn",
        anyPoint(random),
        anyPoint(random),
        { shift: random.chance(0.3), alt: false },
        LIMITS,
      ) as BoxJson;
      expect(boxFits(next, LIMITS.image, TIGHT)).toBe(true);
      expect([next.width, next.height]).toEqual([start.width, start.height]);
      expect(next.angle).toBeGreaterThanOrEqual(0);
      expect(next.angle).toBeLessThan(360);
    });
  });

  it("follows the pointer about the centre", () => {
    const start = boxAt(150, 100, 100, 60);
    const next = box.drag(start, "turn", { x: 200, y: 70 }, { x: 260, y: 130 }, PLAIN, LIMITS) as BoxJson;
    expect(next.angle).toBeCloseTo(90, 9);
    expect(next).toMatchObject({ x: 150, y: 100 });
  });

  it("goes in steps of 15 degrees with Shift", () => {
    forSeeds(200, (random) => {
      const next = box.drag(
        boxAt(180, 130, 40, 30, random.between(0, 360)),
        "turn",
        anyPoint(random),
        anyPoint(random),
        { shift: true, alt: false },
        LIMITS,
      ) as BoxJson;
      expect(next.angle % 15).toBeCloseTo(0, 9);
    });
  });

  it("moves inward at the image's edge instead of stopping", () => {
    const next = box.turn(boxAt(0, 100, 20, 100), 90, LIMITS) as BoxJson;
    expect(next.angle).toBe(90);
    expect(boxBounds(next)).toEqual({ minX: 0, minY: 140, maxX: 100, maxY: 160 });
  });

  it("stops where it can't fit at all", () => {
    const next = box.turn(boxAt(0, 100, 400, 50), 90, LIMITS) as BoxJson;
    expect(boxFits(next, LIMITS.image, TIGHT)).toBe(true);
    expect(next.angle).toBeLessThan(90);
  });
});

describe("drawing", () => {
  it("never leaves the image", () => {
    forSeeds(1000, (random) => {
      const modifiers = { shift: random.chance(0.5), alt: random.chance(0.5) };
      const drawn = box.sketch(anyPoint(random), anyPoint(random), modifiers, LIMITS) as unknown as BoxJson;
      expect(boxFits(drawn, LIMITS.image, TIGHT)).toBe(true);
      if (modifiers.shift) expect(drawn.width).toBeCloseTo(drawn.height, 9);
    });
  });

  it("goes from the first corner to the second, whichever way", () => {
    expect(box.sketch({ x: 90, y: 80 }, { x: 20, y: 30 }, PLAIN, LIMITS)).toEqual({
      x: 20,
      y: 30,
      width: 70,
      height: 50,
      angle: 0,
    });
  });

  it("is cut at the image's edge", () => {
    expect(box.sketch({ x: 350, y: 250 }, { x: 999, y: 999 }, PLAIN, LIMITS)).toEqual({
      x: 350,
      y: 250,
      width: 50,
      height: 50,
      angle: 0,
    });
  });

  it("puts one by keyboard inside the image, whatever the size", () => {
    forSeeds(300, (random) => {
      const put = box.placed(anyPoint(random), random.between(0, 1000), LIMITS) as unknown as BoxJson;
      expect(boxFits(put, LIMITS.image, TIGHT)).toBe(true);
      expect(Math.min(put.width, put.height)).toBeGreaterThan(0);
    });
  });
});

describe("clipping and settling", () => {
  it("clips to the image, or says that nothing is left", () => {
    forSeeds(2000, (random) => {
      const angle = random.chance(0.4) ? 0 : random.between(0, 360);
      const wild = boxAt(
        random.between(-300, 500),
        random.between(-300, 400),
        random.between(1, 500),
        random.between(1, 400),
        angle,
      );
      const clipped = box.clip(wild, LIMITS) as BoxJson | null;
      if (clipped) expect(boxFits(clipped, LIMITS.image, TIGHT)).toBe(true);
      else expect(boxFits(wild, LIMITS.image, TIGHT)).toBe(false);
    });
  });

  it("cuts an upright box without moving its other sides", () => {
    expect(box.clip(boxAt(-10, 20, 100, 50), LIMITS)).toMatchObject({ x: 0, y: 20, width: 90, height: 50 });
  });

  it("stores hundredths of a pixel that are still inside the image", () => {
    forSeeds(3000, (random) => {
      // Against an edge, where rounding would push it out.
      const limits = { ...LIMITS, image: { width: random.whole(100, 400), height: random.whole(100, 300) } };
      const near = box.clip({ ...anyBox(random), x: random.pick([-5, 50, 390]) }, limits) as BoxJson | null;
      if (!near) return;
      const stored = box.settle(near, limits) as BoxJson;
      expect(boxFits(stored, limits.image, 1e-9)).toBe(true);
      for (const value of [stored.x, stored.y, stored.width, stored.height, stored.angle]) {
        expect(value * 100).toBeCloseTo(Math.round(value * 100), 6);
      }
      expect(box.settle(stored, limits)).toEqual(stored);
    });
  });

  it("moves by less than a hundredth of a pixel when stored", () => {
    forSeeds(500, (random) => {
      const before = anyBox(random);
      const after = box.settle(before, LIMITS) as BoxJson;
      corners(after).forEach((corner, i) => {
        expect(distance(corner, corners(before)[i] ?? corner)).toBeLessThan(0.06);
      });
    });
  });
});

describe("where a point is", () => {
  it("agrees with turning the point back", () => {
    forSeeds(1000, (random) => {
      const of = anyBox(random);
      const centre = { x: of.x + of.width / 2, y: of.y + of.height / 2 };
      const [u, v] = [random.between(-1, 1), random.between(-1, 1)];
      const point = turned({ x: centre.x + u * of.width, y: centre.y + v * of.height }, of.angle, centre);
      const within = Math.abs(u) < 0.5 && Math.abs(v) < 0.5;
      expect(box.hit(of, point, 0) === "inside").toBe(within);
    });
  });

  it("finds the outline from both sides", () => {
    const of = boxAt(100, 100, 50, 40);
    expect(box.hit(of, { x: 97, y: 120 }, 4)).toBe("edge");
    expect(box.hit(of, { x: 103, y: 120 }, 4)).toBe("edge");
    expect(box.hit(of, { x: 125, y: 120 }, 4)).toBe("inside");
    expect(box.hit(of, { x: 90, y: 120 }, 4)).toBeNull();
  });
});

describe("handles", () => {
  const sight = (scale: number): Sight => ({ scale, shown: { minX: 0, minY: 0, maxX: 400, maxY: 300 } });
  const ids = (of: BoxJson, scale: number, limits = LIMITS) =>
    box.handles(of, sight(scale), limits).map(({ id }) => id);

  it("are as many as there is room for", () => {
    expect(ids(boxAt(100, 100, 60, 60), 1)).toHaveLength(9);
    expect(ids(boxAt(100, 100, 60, 60), 0.4)).toEqual(["nw", "ne", "se", "sw", "turn"]);
    expect(ids(boxAt(100, 100, 60, 60), 0.1)).toEqual(["se", "turn"]);
  });

  it("turn only what may be turned", () => {
    expect(ids(boxAt(100, 100, 60, 60), 1, { ...LIMITS, rotatable: false })).not.toContain("turn");
  });

  it("show the turning one below when there is no room above", () => {
    const turn = box.handles(boxAt(100, 2, 60, 60), sight(1), LIMITS).find(({ id }) => id === "turn");
    expect(turn?.y).toBeGreaterThan(62);
  });

  it("leave most of a small box for moving it", () => {
    const small = boxAt(100, 100, 20, 20);
    expect(box.grip(small, { x: 110, y: 110 }, 16, sight(1), LIMITS)).toBeNull();
    expect(box.grip(small, { x: 121, y: 121 }, 16, sight(1), LIMITS)?.id).toBe("se");
  });

  it("make whole edges draggable", () => {
    expect(box.grip(boxAt(100, 100, 100, 100), { x: 120, y: 101 }, 7, sight(1), LIMITS)?.id).toBe("n");
  });

  it("have cursors that follow the turn", () => {
    const cursor = (angle: number) =>
      box.handles(boxAt(150, 100, 80, 80, angle), sight(1), LIMITS).find(({ id }) => id === "n")?.cursor;
    expect([0, 45, 90, 135, 180].map(cursor)).toEqual([
      "ns-resize",
      "nesw-resize",
      "ew-resize",
      "nwse-resize",
      "ns-resize",
    ]);
  });
});

describe("keyboard", () => {
  it("resizes in the box's own directions from its first corner", () => {
    expect(box.resize(boxAt(10, 10, 20, 20), 5, -3, LIMITS)).toMatchObject({
      x: 10,
      y: 10,
      width: 25,
      height: 17,
    });
  });

  it("says a box in words", () => {
    expect(box.describe(boxAt(10, 20, 120, 80))).toBe("120 × 80 px at 10, 20");
    expect(box.describe(boxAt(10, 20, 120, 80, 15))).toBe("120 × 80 px at 10, 20, turned 15°");
  });
});
