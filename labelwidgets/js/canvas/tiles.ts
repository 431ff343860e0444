/** The sharp part of a big picture: which tiles a view needs, fetched nearest first, kept within a budget. */

import type { Scope } from "../core/scope.ts";
import { type Bitmap, bytesOf, decodeBlob } from "./decode.ts";
import { type Bounds, clamp, type Size } from "./geometry.ts";

export interface Pyramid extends Size {
  /** Side of a tile in px of its level. */
  readonly tile: number;
  /** Level 0 is full size, each further one halves; `levels` halvings in all. */
  readonly levels: number;
}

export interface TileAt {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

export type FetchTile = (at: TileAt, signal: AbortSignal) => Promise<Blob>;

const BUDGET_BYTES = 64 * 2 ** 20;
const AT_ONCE = 6;
const MOST_SEEN = 56;
const RETRY_MS = 3000;

/** The level whose pixels are nearest to the screen's: `density` in device px per image px. */
export function levelFor(pyramid: Pyramid, density: number): number {
  return clamp(Math.round(Math.log2(1 / density)), 0, pyramid.levels);
}

/** Where a tile lies, in px of the whole image. */
export function tileBounds(pyramid: Pyramid, { level, column, row }: TileAt): Bounds {
  const side = pyramid.tile * 2 ** level;
  return {
    minX: column * side,
    minY: row * side,
    maxX: Math.min((column + 1) * side, pyramid.width),
    maxY: Math.min((row + 1) * side, pyramid.height),
  };
}

/** Tiles of a level that `shown` shows a part of, from its middle outward. */
export function tilesIn(pyramid: Pyramid, level: number, shown: Bounds): TileAt[] {
  const side = pyramid.tile * 2 ** level;
  const found: TileAt[] = [];
  for (const row of range(shown.minY, shown.maxY, pyramid.height, side)) {
    for (const column of range(shown.minX, shown.maxX, pyramid.width, side))
      found.push({ level, column, row });
  }
  const middle = {
    x: (shown.minX + shown.maxX) / 2 / side - 0.5,
    y: (shown.minY + shown.maxY) / 2 / side - 0.5,
  };
  const far = ({ column, row }: TileAt) => Math.hypot(column - middle.x, row - middle.y);
  return found.sort((a, b) => far(a) - far(b));
}

/** Numbers of the tiles along one direction. */
function range(low: number, high: number, limit: number, side: number): number[] {
  const [from, to] = [Math.max(low, 0), Math.min(high, limit)];
  if (from >= to) return [];
  const first = Math.floor(from / side);
  return Array.from({ length: Math.ceil(to / side) - first }, (_, i) => first + i);
}

const keyOf = ({ level, column, row }: TileAt): string => `${level}/${column}/${row}`;

interface Tile {
  readonly at: TileAt;
  readonly bitmap: Bitmap;
}

export class Tiles {
  readonly #pyramid: Pyramid;
  readonly #fetch: FetchTile;
  readonly #scope: Scope;
  readonly #arrived: () => void;
  readonly #decode: (blob: Blob) => Promise<Bitmap>;
  /** Least recently drawn first. */
  readonly #kept = new Map<string, Tile>();
  readonly #asked = new Map<string, AbortController>();
  readonly #failedAt = new Map<string, number>();
  #bytes = 0;

  constructor(
    pyramid: Pyramid,
    fetch: FetchTile,
    scope: Scope,
    arrived: () => void,
    decode: (blob: Blob) => Promise<Bitmap> = decodeBlob,
  ) {
    this.#pyramid = pyramid;
    this.#fetch = fetch;
    this.#scope = scope;
    this.#arrived = arrived;
    this.#decode = decode;
    scope.own(() => this.#drop());
  }

  /** Bytes of the decoded tiles. */
  get size(): number {
    return this.#bytes;
  }

  /**
   * Tiles to draw for a view, coarse ones first, so that finer ones cover them; asks for what is missing
   * and stops asking for what is out of sight.
   */
  seen(shown: Bounds, density: number): Tile[] {
    const level = this.#affordable(levelFor(this.#pyramid, density), shown);
    const wanted = tilesIn(this.#pyramid, level, shown);
    this.#ask(wanted);
    const ready = wanted.flatMap((at) => this.#kept.get(keyOf(at)) ?? []);
    for (const tile of ready) this.#touch(tile);
    if (ready.length === wanted.length) return ready;
    return [...this.#coarser(level, shown), ...ready];
  }

  /** Stops asking for anything. */
  rest(): void {
    this.#ask([]);
  }

  /** A screen of many pixels must not throw out of memory what it is about to show. */
  #affordable(level: number, shown: Bounds): number {
    for (let each = level; each < this.#pyramid.levels; each++) {
      if (tilesIn(this.#pyramid, each, shown).length <= MOST_SEEN) return each;
    }
    return this.#pyramid.levels;
  }

  #coarser(level: number, shown: Bounds): Tile[] {
    return [...this.#kept.values()]
      .filter(({ at }) => at.level > level && touches(tileBounds(this.#pyramid, at), shown))
      .sort((a, b) => b.at.level - a.at.level);
  }

  #ask(wanted: readonly TileAt[]): void {
    const keys = new Set(wanted.map(keyOf));
    for (const [key, abort] of this.#asked) {
      if (keys.has(key)) continue;
      abort.abort();
      this.#asked.delete(key);
    }
    for (const at of wanted) {
      if (this.#asked.size >= AT_ONCE) return;
      const key = keyOf(at);
      if (!this.#kept.has(key) && !this.#asked.has(key) && this.#mayAsk(key)) void this.#load(at, key);
    }
  }

  #mayAsk(key: string): boolean {
    const failed = this.#failedAt.get(key);
    return failed === undefined || performance.now() - failed > RETRY_MS;
  }

  async #load(at: TileAt, key: string): Promise<void> {
    const abort = new AbortController();
    this.#asked.set(key, abort);
    try {
      const bitmap = await this.#decode(await this.#fetch(at, abort.signal));
      if (abort.signal.aborted || this.#scope.disposed) bitmap.close();
      else this.#keep(key, { at, bitmap });
    } catch {
      // The preview stays in its place; the tile is asked for again after a while.
      if (!abort.signal.aborted) this.#failed(key);
    }
    if (this.#asked.get(key) === abort) this.#asked.delete(key);
    if (!this.#scope.disposed) this.#arrived();
  }

  #failed(key: string): void {
    this.#failedAt.set(key, performance.now());
    this.#scope.timeout(this.#arrived, RETRY_MS + 100);
  }

  #keep(key: string, tile: Tile): void {
    this.#kept.set(key, tile);
    this.#bytes += bytesOf(tile.bitmap);
    for (const [old, { bitmap }] of this.#kept) {
      if (this.#bytes <= BUDGET_BYTES) return;
      this.#kept.delete(old);
      this.#bytes -= bytesOf(bitmap);
      bitmap.close();
    }
  }

  #touch(tile: Tile): void {
    const key = keyOf(tile.at);
    this.#kept.delete(key);
    this.#kept.set(key, tile);
  }

  #drop(): void {
    for (const abort of this.#asked.values()) abort.abort();
    for (const { bitmap } of this.#kept.values()) bitmap.close();
    this.#asked.clear();
    this.#kept.clear();
    this.#bytes = 0;
  }
}

function touches(a: Bounds, b: Bounds): boolean {
  return a.minX < b.maxX && a.maxX > b.minX && a.minY < b.maxY && a.maxY > b.minY;
}
