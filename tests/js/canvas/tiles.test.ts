/** Tiles: which a view needs, how they are asked for, and what is kept. */

import { describe, expect, it } from "vitest";
import type { Bitmap } from "../../../labelwidgets/js/canvas/decode.ts";
import { type Bounds, boundsOfSize, encloses, intersects } from "../../../labelwidgets/js/canvas/geometry.ts";
import {
  levelFor,
  type Pyramid,
  type TileAt,
  Tiles,
  tileBounds,
  tilesIn,
} from "../../../labelwidgets/js/canvas/tiles.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";
import { forSeeds, type Random } from "./seeded.ts";

const PYRAMID: Pyramid = { width: 10000, height: 8000, tile: 512, levels: 5 };
const MEGABYTE = 2 ** 20;

const anyPyramid = (random: Random): Pyramid => ({
  width: random.whole(1, 20000),
  height: random.whole(1, 20000),
  tile: 512,
  levels: random.whole(1, 6),
});

const settle = () => new Promise((done) => setTimeout(done, 0));

interface Asked {
  at: TileAt;
  signal: AbortSignal;
  give: () => void;
  fail: () => void;
}

/** Tiles whose kernel answers when the test says so. */
function tilesOf(pyramid = PYRAMID) {
  const asked: Asked[] = [];
  const closed: Bitmap[] = [];
  const scope = new Scope();
  let arrived = 0;
  const fetch = (at: TileAt, signal: AbortSignal) =>
    new Promise<Blob>((resolve, reject) => {
      asked.push({ at, signal, give: () => resolve(new Blob([])), fail: () => reject(new Error("no")) });
    });
  const decode = async (): Promise<Bitmap> => {
    const bitmap: Bitmap = {
      source: {} as ImageBitmap,
      width: 512,
      height: 512,
      close: () => closed.push(bitmap),
    };
    return bitmap;
  };
  const tiles = new Tiles(pyramid, fetch, scope, () => arrived++, decode);
  let given = 0;
  const giveAll = async () => {
    while (given < asked.length) asked[given++]?.give();
    await settle();
  };
  return { tiles, asked, closed, scope, giveAll, arrived: () => arrived };
}

const area = (minX: number, minY: number, size: number): Bounds => ({
  minX,
  minY,
  maxX: minX + size,
  maxY: minY + size,
});

describe("the tiles of a view", () => {
  it("cover what is shown, lie in the picture and touch the view", () => {
    forSeeds(300, (random) => {
      const pyramid = anyPyramid(random);
      const level = random.whole(0, pyramid.levels);
      const shown = area(random.between(-2000, 20000), random.between(-2000, 20000), random.between(1, 6000));
      const found = tilesIn(pyramid, level, shown).map((at) => tileBounds(pyramid, at));
      for (const bounds of found) {
        expect(encloses(boundsOfSize(pyramid), bounds)).toBe(true);
        expect(intersects(bounds, shown)).toBe(true);
      }
      const covered = found.reduce((sum, { minX, minY, maxX, maxY }) => {
        const wide = Math.max(Math.min(maxX, shown.maxX) - Math.max(minX, shown.minX), 0);
        return sum + wide * Math.max(Math.min(maxY, shown.maxY) - Math.max(minY, shown.minY), 0);
      }, 0);
      const wide = Math.max(Math.min(pyramid.width, shown.maxX) - Math.max(0, shown.minX), 0);
      const high = Math.max(Math.min(pyramid.height, shown.maxY) - Math.max(0, shown.minY), 0);
      expect(covered).toBeCloseTo(wide * high, 3);
    });
  });

  it("come from the middle outward", () => {
    const [first] = tilesIn(PYRAMID, 0, area(2048, 2048, 512 * 5));
    expect(first).toEqual({ level: 0, column: 6, row: 6 });
  });

  it("are of the level nearest to the screen's pixels", () => {
    expect([4, 1, 0.75, 0.5, 0.25, 0.001].map((density) => levelFor(PYRAMID, density))).toEqual([
      0, 0, 0, 1, 2, 5,
    ]);
  });
});

describe("asking for tiles", () => {
  it("asks for a few at a time, the middle first, and for the rest when they have come", async () => {
    const { tiles, asked, giveAll, arrived } = tilesOf();
    const shown = area(0, 0, 2000);
    expect(tiles.seen(shown, 1)).toHaveLength(0);
    expect(asked).toHaveLength(6);
    await giveAll();
    expect(arrived()).toBe(6);
    expect(tiles.seen(shown, 1)).toHaveLength(6);
    expect(asked).toHaveLength(12);
    await giveAll();
    tiles.seen(shown, 1);
    await giveAll();
    expect(tiles.seen(shown, 1)).toHaveLength(16);
    expect(asked).toHaveLength(16);
  });

  it("stops asking for what is out of sight", () => {
    const { tiles, asked } = tilesOf();
    tiles.seen(area(0, 0, 500), 1);
    tiles.seen(area(8000, 6000, 500), 1);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked.at(-1)?.signal.aborted).toBe(false);
    tiles.rest();
    expect(asked.at(-1)?.signal.aborted).toBe(true);
  });

  it("does not ask again at once for what failed", async () => {
    const { tiles, asked, scope } = tilesOf();
    tiles.seen(area(0, 0, 100), 1);
    asked[0]?.fail();
    await settle();
    tiles.seen(area(0, 0, 100), 1);
    expect(asked).toHaveLength(1);
    scope.dispose();
  });

  it("shows coarser tiles until finer ones are there", async () => {
    const { tiles, giveAll } = tilesOf();
    tiles.seen(area(0, 0, 900), 0.5);
    await giveAll();
    const seen = tiles.seen(area(0, 0, 900), 1);
    expect(seen.map(({ at }) => at.level)).toEqual([1]);
    await giveAll();
    expect(tiles.seen(area(0, 0, 900), 1).map(({ at }) => at.level)).toEqual([0, 0, 0, 0]);
  });

  it("takes a coarser level where the screen has more pixels than memory", () => {
    const { tiles, asked } = tilesOf();
    tiles.seen(boundsOfSize(PYRAMID), 1);
    expect(new Set(asked.map(({ at }) => at.level))).toEqual(new Set([2]));
  });
});

describe("keeping tiles", () => {
  it("keeps at most 64 MB, the last seen ones", async () => {
    const { tiles, giveAll, closed } = tilesOf();
    for (let row = 0; row < 6; row++) {
      for (let column = 0; column < 5; column++) {
        for (let n = 0; n < 3; n++) {
          tiles.seen(area(column * 2048, row * 1400, 1000), 1);
          await giveAll();
        }
        expect(tiles.size).toBeLessThanOrEqual(64 * MEGABYTE);
      }
    }
    expect(closed.length).toBeGreaterThan(0);
    expect(tiles.seen(area(4 * 2048, 5 * 1400, 1000), 1).length).toBeGreaterThan(0);
  });

  it("lets go of those that were seen longest ago", async () => {
    const { tiles, giveAll, asked } = tilesOf();
    const [home, ...others] = Array.from({ length: 20 }, (_, i) =>
      area((i % 5) * 2048, Math.floor(i / 5) * 2048, 1000),
    );
    for (const other of others) {
      // Seen again and again, so that it stays although it came first.
      for (const shown of [home, other] as [Bounds, Bounds]) {
        tiles.seen(shown, 1);
        await giveAll();
        tiles.seen(shown, 1);
      }
    }
    const fetched = asked.filter(({ at }) => at.column < 2 && at.row < 2);
    expect(fetched).toHaveLength(4);
  });

  it("closes all of them at the end, and what comes too late", async () => {
    const { tiles, asked, closed, scope, giveAll } = tilesOf();
    tiles.seen(area(0, 0, 100), 1);
    await giveAll();
    tiles.seen(area(3000, 0, 100), 1);
    scope.dispose();
    expect(closed).toHaveLength(1);
    asked.at(-1)?.give();
    await settle();
    expect(closed).toHaveLength(2);
    expect(tiles.size).toBe(0);
  });
});
