/** A text as blocks that are laid out one by one: paragraphs, and pieces of very long ones. */

/** What ends a paragraph; CR LF is one ending. */
const ENDING = /\r\n|[\n\r\u2028\u2029]/g;
/** UTF-16 units above which a paragraph is laid out in pieces, and of such a piece. */
const LONGEST = 4000;
const PIECE = 1600;
/** Units before the nominal end of a piece in which a better one is looked for. */
const SLACK = 300;

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;
/** Strong letters stand early, or not at all. */
const LOOK_AHEAD = 1000;

export type Direction = "ltr" | "rtl";

/** Offsets in UTF-16 units; a block goes from `start` to `end`, its ending from `end` to the next one's start. */
export class Blocks {
  readonly text: string;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** Where the paragraph begins whose piece a block is; a paragraph of one block is not listed. */
  readonly #whole = new Map<number, number>();

  constructor(text: string) {
    this.text = text;
    this.reset();
  }

  /** Forgets the borders that were moved: lines end elsewhere now. */
  reset(): void {
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#whole.clear();
    let start = 0;
    for (const { index, 0: ending } of this.text.matchAll(ENDING)) {
      this.#add(start, index);
      start = index + ending.length;
    }
    this.#add(start, this.text.length);
  }

  get count(): number {
    return this.#starts.length;
  }

  start(block: number): number {
    return this.#starts[block] ?? this.text.length;
  }

  end(block: number): number {
    return this.#ends[block] ?? this.text.length;
  }

  /** The line ending after a block: "" inside a paragraph and at the end of the text. */
  ending(block: number): string {
    return this.text.slice(this.end(block), this.start(block + 1));
  }

  /** Whether the next block goes on in the same paragraph. */
  goesOn(block: number): boolean {
    return block + 1 < this.count && this.end(block) === this.start(block + 1);
  }

  /** The block that holds `unit`; a line ending belongs to the block before it. */
  at(unit: number): number {
    let [low, high] = [0, this.count];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.start(middle) <= unit) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Makes the border between a block and the next piece of its paragraph lie at a natural line end. */
  moveBorder(block: number, unit: number): void {
    if (!this.goesOn(block) || unit <= this.start(block) || unit >= this.end(block + 1)) return;
    this.#ends[block] = unit;
    this.#starts[block + 1] = unit;
  }

  /** By the first strong letter of the paragraph, as `dir=auto` does; "ltr" where there is none. */
  direction(block: number): Direction {
    const from = this.#whole.get(block) ?? this.start(block);
    const until = Math.min(from + LOOK_AHEAD, this.#whole.has(block) ? this.text.length : this.end(block));
    for (const sign of this.text.slice(from, until)) {
      if (RTL.test(sign)) return "rtl";
      if (LETTER.test(sign)) return "ltr";
    }
    return "ltr";
  }

  #add(start: number, end: number): void {
    let from = start;
    while (end - from > LONGEST) {
      const to = breakBefore(this.text, from + PIECE, from);
      this.#whole.set(this.count, start);
      this.#starts.push(from);
      this.#ends.push(to);
      from = to;
    }
    if (from > start) this.#whole.set(this.count, start);
    this.#starts.push(from);
    this.#ends.push(end);
  }
}

/** A place to cut at or before `unit`: after a blank, else between two characters as people see them. */
function breakBefore(text: string, unit: number, least: number): number {
  const window = text.slice(Math.max(least, unit - SLACK), unit);
  const blank = /\s\S*$/u.exec(window);
  if (blank && blank[0].length < window.length) return unit - blank[0].length + 1;
  return clusterStart(text, unit);
}

/** The beginning of the character that holds `unit`, looked for in its neighbourhood only. */
export function clusterStart(text: string, unit: number): number {
  const from = Math.max(0, unit - 100);
  const around = text.slice(from, unit + 100);
  let start = from;
  for (const { index } of GRAPHEMES.segment(around)) {
    if (from + index > unit) break;
    start = from + index;
  }
  return start > from ? start : unit;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
