/** From the code points of the store to the UTF-16 units of JavaScript and back, exactly. */

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;
const NONE = new Uint32Array(0);

/** Conversion for one text. Costs nothing where all characters are one unit. */
export class Offsets {
  /** Length of the text in code points. */
  readonly length: number;
  readonly units: number;
  /** Units at which pairs of surrogates begin, ascending. An unpaired surrogate is a code point of its own. */
  readonly #pairs: Uint32Array;

  constructor(text: string) {
    this.#pairs = pairsOf(text);
    this.units = text.length;
    this.length = text.length - this.#pairs.length;
  }

  /** A unit inside a pair counts as the pair's beginning. */
  toPoint(unit: number): number {
    const before = countBelow(this.#pairs, (pair) => pair < unit);
    return unit - before;
  }

  /** The unit at which the code point begins; the text's end for its length. */
  toUnit(point: number): number {
    const before = countBelow(this.#pairs, (pair, n) => pair - n < point);
    return point + before;
  }
}

function pairsOf(text: string): Uint32Array {
  if (!/[\ud800-\udbff]/.test(text)) return NONE;
  const found: number[] = [];
  for (const { index } of text.matchAll(PAIR)) found.push(index);
  return Uint32Array.from(found);
}

/** How many of the sorted values fit; those that fit stand before all others. */
function countBelow(sorted: Uint32Array, fits: (value: number, n: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(sorted[middle] as number, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
