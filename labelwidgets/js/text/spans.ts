/** The spans of a text by where they lie: looked up by stretch, compared with what the desk has now. */

import type { RegionJson, SpanJson } from "../core/protocol.ts";
import type { Range } from "./edges.ts";
import type { Offsets } from "./offsets.ts";

/** A span with its offsets in UTF-16 units. */
export interface Placed {
  readonly key: string;
  readonly field: string;
  readonly region: SpanJson;
  /** Suggested by a model, undecided. */
  readonly suggested: boolean;
  /** At least one; the first begins the span, the last ends it. */
  readonly parts: readonly Range[];
  readonly start: number;
  readonly end: number;
}

export function keyOf(field: string, id: string): string {
  return `${id}\n${field}`;
}

export function placed(field: string, region: RegionJson, suggested: boolean, offsets: Offsets): Placed {
  const span = region as SpanJson;
  const given = span.parts?.length ? span.parts : [[span.start, span.end] as const];
  const parts = given.map(([from, to]): Range => [offsets.toUnit(from), offsets.toUnit(to)]);
  const [start, end] = [parts[0]?.[0] ?? 0, parts.at(-1)?.[1] ?? 0];
  return { key: keyOf(field, span.id), field, region: span, suggested, parts, start, end };
}

/** In reading order, the longer first. */
export function byPlace(a: Placed, b: Placed): number {
  return a.start - b.start || b.end - a.end;
}

/** Units of a cell: about a paragraph. */
const CELL = 512;
/** A span over more cells than these is looked at for every stretch. */
const MOST_CELLS = 16;

/** A stretch of text in which something has changed. */
export type Touched = readonly Range[];

export class Spans {
  #offsets: Offsets;
  readonly #all = new Map<string, Placed>();
  readonly #cells = new Map<number, Set<Placed>>();
  readonly #long = new Set<Placed>();

  constructor(offsets: Offsets) {
    this.#offsets = offsets;
  }

  get size(): number {
    return this.#all.size;
  }

  get(key: string): Placed | undefined {
    return this.#all.get(key);
  }

  values(): Iterable<Placed> {
    return this.#all.values();
  }

  clear(offsets: Offsets): void {
    this.#offsets = offsets;
    this.#all.clear();
    this.#cells.clear();
    this.#long.clear();
  }

  /** Takes over a field's regions; tells where something has changed. */
  sync(field: string, regions: readonly RegionJson[], suggested: boolean): Touched {
    const touched: Range[] = [];
    const there = new Set<string>();
    for (const region of regions) {
      const key = keyOf(field, region.id);
      const before = this.#all.get(key);
      there.add(key);
      if (before?.region === region && before.suggested === suggested) continue;
      const now = placed(field, region, suggested, this.#offsets);
      if (before) touched.push(this.#drop(before));
      touched.push(this.#add(now));
    }
    for (const span of this.#all.values()) {
      const gone = span.field === field && span.suggested === suggested && !there.has(span.key);
      if (gone) touched.push(this.#drop(span));
    }
    return touched;
  }

  /** Those that share a unit with the stretch, in reading order. */
  within(start: number, end: number): Placed[] {
    const found = new Set<Placed>();
    const take = (span: Placed) => {
      if (span.start < end && span.end > start && touches(span, start, end)) found.add(span);
    };
    for (let cell = Math.floor(start / CELL); cell * CELL < end; cell++) this.#cells.get(cell)?.forEach(take);
    this.#long.forEach(take);
    return [...found].sort(byPlace);
  }

  /** Those at a place, the shortest first; an edge belongs to the span. */
  at(unit: number): Placed[] {
    return this.within(unit - 1, unit + 1)
      .filter(({ parts }) => parts.some(([from, to]) => from <= unit && unit <= to))
      .sort((a, b) => length(a) - length(b) || byPlace(a, b));
  }

  #add(span: Placed): Range {
    this.#all.set(span.key, span);
    const [first, last] = cellsOf(span);
    if (last - first >= MOST_CELLS) this.#long.add(span);
    else {
      for (let cell = first; cell <= last; cell++) {
        const there = this.#cells.get(cell);
        if (there) there.add(span);
        else this.#cells.set(cell, new Set([span]));
      }
    }
    return [span.start, span.end];
  }

  #drop(span: Placed): Range {
    this.#all.delete(span.key);
    this.#long.delete(span);
    const [first, last] = cellsOf(span);
    if (last - first < MOST_CELLS) {
      for (let cell = first; cell <= last; cell++) this.#cells.get(cell)?.delete(span);
    }
    return [span.start, span.end];
  }
}

function cellsOf({ start, end }: Placed): [number, number] {
  return [Math.floor(start / CELL), Math.floor(Math.max(start, end - 1) / CELL)];
}

function touches({ parts }: Placed, start: number, end: number): boolean {
  return parts.length === 1 || parts.some(([from, to]) => from < end && to > start);
}

/** Units that it covers. */
export function length({ parts }: Pick<Placed, "parts">): number {
  return parts.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** Parts in order, those that touch joined. */
export function joined(parts: readonly Range[]): Range[] {
  const sorted = [...parts].filter(([from, to]) => to > from).sort((a, b) => a[0] - b[0]);
  const result: Range[] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}

/**
 * A span's parts with its beginning or end brought to `unit`; parts beyond go. It keeps at least what `snapped` makes of
 * the character there.
 */
export function reshaped(
  parts: readonly Range[],
  edge: "start" | "end",
  unit: number,
  snapped: (range: Range) => Range,
): readonly Range[] {
  const [first, last] = [parts[0]?.[0] ?? 0, parts.at(-1)?.[1] ?? 0];
  if (edge === "start") {
    const kept = parts.filter(([, end]) => end > unit);
    const [start, end] = snapped([unit, kept[0]?.[1] ?? last]);
    return unit < last && start < end ? [[start, end], ...kept.slice(1)] : parts;
  }
  const kept = parts.filter(([start]) => start < unit);
  const start = kept.at(-1)?.[0] ?? first;
  const [from, end] = snapped([start, unit]);
  return unit > first && from < end ? [...kept.slice(0, -1), [from, end]] : parts;
}

/** How two stretches lie: nothing shared, one in the other (or equal), or some of each. */
export function relation(a: readonly Range[], b: readonly Range[]): "apart" | "nested" | "overlapping" {
  let shared = 0;
  for (const [from, to] of a) {
    for (const [start, end] of b) shared += Math.max(0, Math.min(to, end) - Math.max(from, start));
  }
  if (shared === 0) return "apart";
  return shared === length({ parts: a }) || shared === length({ parts: b }) ? "nested" : "overlapping";
}

/** Every place where `wanted` stands, from left to right, none sharing a unit with the one before. */
export function occurrences(text: string, wanted: string): Range[] {
  const found: Range[] = [];
  if (wanted === "") return found;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    found.push([at, at + wanted.length]);
  }
  return found;
}
