/** Lanes under a line of text: spans that lie over each other get a lane each, with room for their words. */

/** A stretch of one span on one line; CSS px from the block's left edge. */
export interface Stretch {
  readonly left: number;
  readonly right: number;
  /** Where the word below it begins, and its width; 0 without one. */
  readonly at: number;
  readonly word: number;
  /** Lies below those of a lower rank: relations below spans. */
  readonly rank?: number;
}

const GAP = 6;

/** The lane of each stretch, 0 being the nearest to the text: the short ones lie nearest, as they are inside. */
export function lanesOf(stretches: readonly Stretch[]): number[] {
  const order = stretches
    .map((_, i) => i)
    .sort(
      (a, b) => rank(stretches[a]) - rank(stretches[b]) || width(stretches[a]) - width(stretches[b]) || a - b,
    );
  const taken: [left: number, right: number][][] = [];
  const lanes = new Array<number>(stretches.length).fill(0);
  for (const i of order) {
    const room = roomOf(stretches[i] as Stretch);
    let lane = 0;
    while (taken[lane]?.some(([left, right]) => room[0] < right && room[1] > left)) lane += 1;
    taken[lane] = [...(taken[lane] ?? []), room];
    lanes[i] = lane;
  }
  return lanes;
}

function rank(stretch: Stretch | undefined): number {
  return stretch?.rank ?? 0;
}

function width(stretch: Stretch | undefined): number {
  return stretch ? stretch.right - stretch.left : 0;
}

function roomOf({ left, right, at, word }: Stretch): [number, number] {
  return [Math.min(left, at) - GAP / 2, Math.max(right, at + word) + GAP / 2];
}

/** Where a word begins below a stretch: at its side of reading, inside of the column. */
export function wordAt(left: number, right: number, word: number, rtl: boolean, column: number): number {
  return rtl ? Math.max(0, right - word) : Math.max(0, Math.min(left, column - word));
}
