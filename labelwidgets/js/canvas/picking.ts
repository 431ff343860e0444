/** Which regions there are and where: kept up with the answer by differences, asked by point and by area. */

import type { RegionJson } from "../core/protocol.ts";
import type { Bounds, Point } from "./geometry.ts";
import { Grid } from "./grid.ts";
import type { Shape } from "./shapes/registry.ts";

/** A region of a field with what is asked of it often. */
export interface Placed extends Bounds {
  /** Field and id in one, unique in a task. */
  readonly key: string;
  readonly field: string;
  readonly region: RegionJson;
  readonly shape: Shape;
  readonly area: number;
  /** As first seen; of equal areas the later one is on top. */
  readonly order: number;
  /** A model's, not decided about. */
  readonly suggested: boolean;
}

/** With more changes than this it is simplest to take everything as changed. */
const MANY = 256;

export function keyOf(field: string, id: string): string {
  return `${field}\n${id}`;
}

export class Picking {
  readonly #entries = new Map<string, Placed>();
  readonly #regions = new Map<string, readonly RegionJson[]>();
  readonly #grid = new Grid<Placed>();
  readonly #suggested: boolean;
  #nextOrder = 0;

  /** `suggested` marks what a model suggests. */
  constructor(suggested = false) {
    this.#suggested = suggested;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Placed | undefined {
    return this.#entries.get(key);
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
    this.#regions.clear();
    this.#grid.clear();
  }

  /** Takes over a field's regions; returns the bounds of what changed, before and after, or null for everything. */
  sync(field: string, shape: Shape, regions: readonly RegionJson[]): Bounds[] | null {
    const before = this.#regions.get(field) ?? [];
    if (before === regions) return [];
    this.#regions.set(field, regions);
    const { from, beforeEnd, afterEnd } = difference(before, regions);
    const [gone, come] = [before.slice(from, beforeEnd), regions.slice(from, afterEnd)];
    const kept = new Set(come.map(({ id }) => id));
    const dirty: Bounds[] = [];
    for (const { id } of gone) if (!kept.has(id)) this.#drop(keyOf(field, id), dirty);
    for (const region of come) this.#put(field, shape, region, dirty);
    return dirty.length > MANY ? null : dirty;
  }

  #put(field: string, shape: Shape, region: RegionJson, dirty: Bounds[]): void {
    const key = keyOf(field, region.id);
    const old = this.#entries.get(key);
    if (old?.region === region) return;
    this.#drop(key, dirty);
    const { minX, minY, maxX, maxY } = shape.bounds(region);
    const order = old?.order ?? this.#nextOrder++;
    const area = shape.area(region);
    const entry = {
      key,
      field,
      region,
      shape,
      minX,
      minY,
      maxX,
      maxY,
      area,
      order,
      suggested: this.#suggested,
    };
    this.#entries.set(key, entry);
    this.#grid.add(entry);
    dirty.push(entry);
  }

  #drop(key: string, dirty: Bounds[]): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#grid.remove(entry);
    dirty.push(entry);
  }

  /** Those whose bounds touch `bounds`, in no particular order. */
  within(bounds: Bounds): Placed[] {
    return this.#grid.search(bounds);
  }

  /** Those at a point (outline within `slack` px, or inside), the smallest first: the order in which clicks reach them. */
  at(point: Point, slack: number): Placed[] {
    const { x, y } = point;
    return this.within({ minX: x - slack, minY: y - slack, maxX: x + slack, maxY: y + slack })
      .filter(({ shape, region }) => shape.hit(region, point, slack) !== null)
      .sort(smallestFirst);
  }
}

export function smallestFirst(a: Placed, b: Placed): number {
  return a.area - b.area || b.order - a.order;
}

/** Where two lists differ: what lies between their common start and common end. */
function difference(
  before: readonly RegionJson[],
  after: readonly RegionJson[],
): { from: number; beforeEnd: number; afterEnd: number } {
  const least = Math.min(before.length, after.length);
  let from = 0;
  while (from < least && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < least - from && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail += 1;
  return { from, beforeEnd: before.length - tail, afterEnd: after.length - tail };
}
