/** A spatial index that can change: a stack of grids, each thing in the one whose cells are about its size. */

import { type Bounds, intersects } from "./geometry.ts";

const ROWS = 2 ** 26;

type Cells<T> = Map<number, Set<T>>;

/**
 * A thing lies in the cell of its top left corner and reaches no further than the next cell, so that it is
 * held once and found by looking one cell further up and left. Adding and removing take constant time.
 */
export class Grid<T extends Bounds> {
  /** By the side of the cells, a power of two. */
  readonly #levels = new Map<number, Cells<T>>();

  add(item: T): void {
    const side = sideFor(item);
    const cells = this.#levels.get(side) ?? new Map<number, Set<T>>();
    const key = keyOf(item.minX / side, item.minY / side);
    const cell = cells.get(key) ?? new Set<T>();
    this.#levels.set(side, cells.set(key, cell.add(item)));
  }

  /** The item as it was added. */
  remove(item: T): void {
    const side = sideFor(item);
    const cells = this.#levels.get(side);
    const key = keyOf(item.minX / side, item.minY / side);
    const cell = cells?.get(key);
    cell?.delete(item);
    if (cell?.size === 0) cells?.delete(key);
    if (cells?.size === 0) this.#levels.delete(side);
  }

  clear(): void {
    this.#levels.clear();
  }

  /** Those that touch `bounds`, in no particular order. */
  search(bounds: Bounds): T[] {
    const found: T[] = [];
    for (const [side, cells] of this.#levels) {
      for (const cell of cellsIn(cells, side, bounds)) {
        for (const item of cell) if (intersects(item, bounds)) found.push(item);
      }
    }
    return found;
  }
}

function sideFor({ minX, minY, maxX, maxY }: Bounds): number {
  return 2 ** Math.ceil(Math.log2(Math.max(maxX - minX, maxY - minY, 1)));
}

/** What lies outside of the image is looked for at its edge. */
function keyOf(column: number, row: number): number {
  return Math.max(Math.floor(column), 0) * ROWS + Math.max(Math.floor(row), 0);
}

function* cellsIn<T>(cells: Cells<T>, side: number, { minX, minY, maxX, maxY }: Bounds): Iterable<Set<T>> {
  const [left, top] = [Math.max(Math.floor(minX / side) - 1, 0), Math.max(Math.floor(minY / side) - 1, 0)];
  const [right, bottom] = [Math.max(Math.floor(maxX / side), 0), Math.max(Math.floor(maxY / side), 0)];
  // A view of everything: asking each filled cell is quicker than asking for each possible one.
  if ((right - left + 1) * (bottom - top + 1) > cells.size) return yield* cells.values();
  for (let column = left; column <= right; column++) {
    for (let row = top; row <= bottom; row++) {
      const cell = cells.get(keyOf(column, row));
      if (cell) yield cell;
    }
  }
}
