/** Regions by place: the same as looking at each of them, whatever was added, changed and removed. */

import { describe, expect, it } from "vitest";
import { type Bounds, intersects } from "../../../labelwidgets/js/canvas/geometry.ts";
import { Grid } from "../../../labelwidgets/js/canvas/grid.ts";
import { keyOf, Picking } from "../../../labelwidgets/js/canvas/picking.ts";
import "../../../labelwidgets/js/canvas/shapes/box.ts";
import { shapeOf } from "../../../labelwidgets/js/canvas/shapes/registry.ts";
import type { RegionJson } from "../../../labelwidgets/js/core/protocol.ts";
import { forSeeds, type Random } from "./seeded.ts";

const shape = shapeOf("boxes");
if (!shape) throw new Error("boxes are not registered");

const box = (id: string, x: number, y: number, width: number, height: number, angle = 0): RegionJson => ({
  id,
  label: null,
  score: null,
  attributes: {},
  x,
  y,
  width,
  height,
  angle,
});

function anyBounds(random: Random): Bounds {
  const [x, y] = [random.between(0, 5000), random.between(0, 5000)];
  const size = 2 ** random.between(-2, 12);
  return {
    minX: x,
    minY: y,
    maxX: x + size * random.between(0.1, 1),
    maxY: y + size * random.between(0.1, 1),
  };
}

const anyBox = (random: Random, id: string): RegionJson => {
  const { minX, minY, maxX, maxY } = anyBounds(random);
  return box(id, minX, minY, maxX - minX, maxY - minY, random.chance(0.5) ? 0 : random.between(0, 360));
};

describe("the grid", () => {
  it("finds what touches an area, no more and no less, and each once", () => {
    forSeeds(60, (random) => {
      const grid = new Grid<Bounds>();
      const all = Array.from({ length: random.whole(0, 300) }, () => anyBounds(random));
      for (const bounds of all) grid.add(bounds);
      const gone = new Set(all.filter(() => random.chance(0.3)));
      for (const bounds of gone) grid.remove(bounds);
      for (let i = 0; i < 20; i++) {
        const area = anyBounds(random);
        const expected = all.filter((bounds) => !gone.has(bounds) && intersects(bounds, area));
        const found = grid.search(area);
        expect(found).toHaveLength(expected.length);
        expect(new Set(found)).toEqual(new Set(expected));
      }
    });
  });

  it("finds everything in a view of everything, and nothing after clear", () => {
    const grid = new Grid<Bounds>();
    forSeeds(500, (random) => grid.add(anyBounds(random)));
    expect(grid.search({ minX: -1e6, minY: -1e6, maxX: 1e6, maxY: 1e6 })).toHaveLength(500);
    grid.clear();
    expect(grid.search({ minX: -1e6, minY: -1e6, maxX: 1e6, maxY: 1e6 })).toHaveLength(0);
  });

  it("finds what reaches over the image's edge", () => {
    const grid = new Grid<Bounds>();
    grid.add({ minX: -3, minY: -3, maxX: 5, maxY: 5 });
    expect(grid.search({ minX: 4, minY: 4, maxX: 4, maxY: 4 })).toHaveLength(1);
    expect(grid.search({ minX: -2, minY: -2, maxX: -1, maxY: -1 })).toHaveLength(1);
  });
});

describe("picking", () => {
  it("keeps up with any change of the list", () => {
    forSeeds(80, (random) => {
      const picking = new Picking();
      let regions: RegionJson[] = [];
      let next = 0;
      for (let turn = 0; turn < 12; turn++) {
        regions = regions
          .filter(() => !random.chance(0.1))
          .map((region) => (random.chance(0.1) ? anyBox(random, region.id) : region));
        for (let n = random.whole(0, turn === 3 ? 400 : 10); n > 0; n--) {
          regions.splice(random.whole(0, regions.length), 0, anyBox(random, `r${next++}`));
        }
        picking.sync("objects", shape, regions);
        expect(picking.size).toBe(regions.length);
        const area = anyBounds(random);
        const expected = regions
          .filter((region) => intersects(shape.bounds(region), area))
          .map(({ id }) => id);
        const found = picking.within(area).map(({ region }) => region.id);
        expect(found.sort()).toEqual(expected.sort());
      }
    });
  });

  it("says where something changed: before and after", () => {
    const picking = new Picking();
    const [a, b] = [box("a", 0, 0, 10, 10), box("b", 50, 50, 10, 10)];
    picking.sync("objects", shape, [a, b]);
    const dirty = picking.sync("objects", shape, [a, box("b", 80, 50, 10, 10)]);
    expect(dirty?.map(({ minX }) => minX)).toEqual([50, 80]);
    expect(picking.sync("objects", shape, [a])).toHaveLength(1);
  });

  it("takes very many changes as everything changed", () => {
    const picking = new Picking();
    const many = Array.from({ length: 1000 }, (_, i) => box(`r${i}`, i, i, 5, 5));
    expect(picking.sync("objects", shape, many)).toBeNull();
    expect(picking.size).toBe(1000);
  });

  it("touches nothing when the list is the same", () => {
    const picking = new Picking();
    const regions = [box("a", 0, 0, 10, 10)];
    picking.sync("objects", shape, regions);
    expect(picking.sync("objects", shape, regions)).toEqual([]);
  });

  it("gives the smallest region under a point first, the later one of equals", () => {
    const picking = new Picking();
    picking.sync("objects", shape, [
      box("large", 0, 0, 100, 100),
      box("small", 40, 40, 20, 20),
      box("middle", 20, 20, 60, 60),
      box("twin", 40, 40, 20, 20),
    ]);
    expect(picking.at({ x: 50, y: 50 }, 2).map(({ region }) => region.id)).toEqual([
      "twin",
      "small",
      "middle",
      "large",
    ]);
    expect(picking.at({ x: 10, y: 10 }, 2).map(({ region }) => region.id)).toEqual(["large"]);
  });

  it("is exact for turned boxes", () => {
    const picking = new Picking();
    picking.sync("objects", shape, [box("turned", 0, 45, 100, 10, 45)]);
    // In the corner of its bounds, far from the box itself.
    expect(picking.at({ x: 20, y: 80 }, 2)).toHaveLength(0);
    expect(picking.at({ x: 30, y: 30 }, 2)).toHaveLength(1);
  });

  it("keeps regions of one id in two fields apart", () => {
    const picking = new Picking();
    picking.sync("cars", shape, [box("1", 0, 0, 10, 10)]);
    picking.sync("people", shape, [box("1", 50, 0, 10, 10)]);
    expect(picking.get(keyOf("cars", "1"))?.minX).toBe(0);
    expect(picking.get(keyOf("people", "1"))?.minX).toBe(50);
  });
});
