/** Where characters, words, sentences and given tokens begin and end; nothing is cut that belongs together. */

import type { Blocks } from "./blocks.ts";

type Unit = "grapheme" | "word" | "sentence";

/** [start, end) in UTF-16 units. */
export type Range = readonly [start: number, end: number];

/** Blocks whose edges are kept: a text of a million characters is never segmented whole. */
const KEPT = 40;

const SEGMENTERS = new Map<Unit, Intl.Segmenter>();

function segmenter(granularity: Unit): Intl.Segmenter {
  const known = SEGMENTERS.get(granularity) ?? new Intl.Segmenter(undefined, { granularity });
  SEGMENTERS.set(granularity, known);
  return known;
}

/** Beginnings of segments, and which of them are words. */
interface Segments {
  readonly starts: readonly number[];
  readonly wordLike: readonly boolean[];
}

export class Edges {
  readonly #blocks: Blocks;
  readonly #kept = new Map<string, Segments>();
  /** Given tokens, in order; null: words as the language has them. */
  readonly tokens: readonly Range[] | null;

  constructor(blocks: Blocks, tokens: readonly Range[] | null = null) {
    this.#blocks = blocks;
    this.tokens = tokens;
  }

  get #text(): string {
    return this.#blocks.text;
  }

  /** The character after `unit` ends there; the text's end at its end. */
  next(unit: number): number {
    if (unit >= this.#text.length) return this.#text.length;
    const block = this.#blocks.at(unit);
    if (unit >= this.#blocks.end(block)) return this.#blocks.start(block + 1);
    return this.#segmentAt("grapheme", unit)[1];
  }

  /** The character before `unit` begins there. */
  previous(unit: number): number {
    if (unit <= 0) return 0;
    const block = this.#blocks.at(unit);
    const start = this.#blocks.start(block);
    if (unit > this.#blocks.end(block)) return this.#blocks.end(block);
    if (unit > start) return this.#segmentAt("grapheme", unit - 1)[0];
    return this.#blocks.goesOn(block - 1)
      ? this.#segmentAt("grapheme", unit - 1)[0]
      : this.#blocks.end(block - 1);
  }

  /** The nearest border between characters. */
  nearest(unit: number): number {
    if (unit <= 0 || unit >= this.#text.length) return Math.max(0, Math.min(unit, this.#text.length));
    const block = this.#blocks.at(unit);
    const end = this.#blocks.end(block);
    // Inside a line ending of two units.
    if (unit > end) return end;
    if (unit === end) return unit;
    const [from, to] = this.#segmentAt("grapheme", unit);
    return unit - from <= to - unit ? from : to;
  }

  /** The word at `unit`, else the blank or sign that is there; empty at the end of a block. */
  word(unit: number): Range {
    if (this.tokens) return this.tokens[indexAt(this.tokens, unit)] ?? [unit, unit];
    const block = this.#blocks.at(unit);
    if (unit < this.#blocks.end(block)) return this.#segmentAt("word", unit);
    return unit > this.#blocks.start(block) ? this.#segmentAt("word", unit - 1) : [unit, unit];
  }

  /** The sentence at `unit`, without the blanks that end it. */
  sentence(unit: number): Range {
    const block = this.#blocks.at(unit);
    const last = Math.max(this.#blocks.start(block), this.#blocks.end(block) - 1);
    if (this.#blocks.start(block) === this.#blocks.end(block)) return [unit, unit];
    return this.trimmed(this.#segmentAt("sentence", Math.min(unit, last)));
  }

  /** The paragraph at `unit`, its line ending left out. */
  paragraph(unit: number): Range {
    let first = this.#blocks.at(unit);
    let last = first;
    while (first > 0 && this.#blocks.goesOn(first - 1)) first -= 1;
    while (this.#blocks.goesOn(last)) last += 1;
    return [this.#blocks.start(first), this.#blocks.end(last)];
  }

  /** The beginning of the next word. */
  nextWord(unit: number): number {
    let at = unit;
    do at = this.#after("word", at);
    while (at < this.#text.length && !this.#isWord(at));
    return at;
  }

  /** The beginning of this word, else of the one before. */
  previousWord(unit: number): number {
    let at = unit;
    do {
      const before = this.previous(at);
      const atEnd = this.#blocks.end(this.#blocks.at(before)) === before;
      at = atEnd ? before : this.#segmentAt("word", before)[0];
    } while (at > 0 && !this.#isWord(at));
    return at;
  }

  /** Words that `range` touches, blanks at its ends left out; empty when it holds nothing else. */
  toWords(range: Range): Range {
    if (this.tokens) return this.#toTokens(this.tokens, range);
    const [start, end] = this.trimmed(range);
    if (start >= end) return [range[0], range[0]];
    return [this.word(start)[0], this.word(this.previous(end))[1]];
  }

  /** Whether a stretch begins and ends with words, or with given tokens. */
  isWhole([start, end]: Range): boolean {
    const text = this.#text;
    if (!this.tokens && !cutsWord(text, start) && !cutsWord(text, end)) return true;
    if (!this.tokens && (cutsSpaced(text, start) || cutsSpaced(text, end))) return false;
    const [from, to] = this.toWords([start, end]);
    return from === start && to === end;
  }

  /** To the next word's beginning, or its end (`end`); signs are words here, blanks are not. */
  stepOn(unit: number, end: boolean): number {
    if (this.tokens) {
      const n = countWhile(this.tokens, ([from, to]) => (end ? to : from) <= unit);
      return this.tokens[n]?.[end ? 1 : 0] ?? this.#text.length;
    }
    let at = unit;
    if (!end) at = this.#after("word", at);
    while (at < this.#text.length && this.#isBlank(at)) at = this.#after("word", at);
    return end ? this.#after("word", at) : at;
  }

  /** The given token beside the one at `unit`; null where there is none. */
  tokenBeside(unit: number, way: 1 | -1): Range | null {
    return this.tokens?.[indexAt(this.tokens, unit) + way] ?? null;
  }

  /** To the beginning of the word before. */
  stepBack(unit: number): number {
    if (this.tokens) return this.tokens[countWhile(this.tokens, ([from]) => from < unit) - 1]?.[0] ?? 0;
    let at = unit;
    do {
      const before = this.previous(at);
      const atEnd = this.#blocks.end(this.#blocks.at(before)) === before;
      at = atEnd ? before : this.#segmentAt("word", before)[0];
    } while (at > 0 && this.#isBlank(at));
    return at;
  }

  /** To the end of the word before the one that ends at `unit`. */
  endBefore(unit: number): number {
    const start = this.stepBack(unit);
    if (this.tokens) return this.tokens[countWhile(this.tokens, ([, end]) => end < unit) - 1]?.[1] ?? start;
    const before = this.stepBack(start);
    return before < start ? this.trimmed([before, start])[1] : start;
  }

  #isBlank(at: number): boolean {
    const block = this.#blocks.at(at);
    return at >= this.#blocks.end(block) || /\s/u.test(this.#text.charAt(at));
  }

  trimmed([start, end]: Range): Range {
    const text = this.#text.slice(start, end);
    const kept = text.trim();
    if (kept === "") return [start, start];
    const from = start + text.indexOf(kept);
    return [from, from + kept.length];
  }

  #toTokens(tokens: readonly Range[], [start, end]: Range): Range {
    const first = tokens[countWhile(tokens, ([, to]) => to <= start)];
    const last = tokens[countWhile(tokens, ([from]) => from < end) - 1];
    return first && last && first[0] < last[1] && first[0] < end ? [first[0], last[1]] : [start, start];
  }

  #after(unit: Unit, at: number): number {
    const block = this.#blocks.at(at);
    if (at >= this.#blocks.end(block)) return Math.min(this.#blocks.start(block + 1), this.#text.length);
    return this.#segmentAt(unit, at)[1];
  }

  #isWord(at: number): boolean {
    const block = this.#blocks.at(at);
    if (at >= this.#blocks.end(block)) return this.#blocks.start(block) === this.#blocks.end(block);
    const { starts, wordLike } = this.#segments("word", block);
    return wordLike[countWhile(starts, (start) => start <= at) - 1] ?? false;
  }

  #segmentAt(unit: Unit, at: number): Range {
    const block = this.#blocks.at(at);
    const { starts } = this.#segments(unit, block);
    const n = countWhile(starts, (start) => start <= at);
    return [starts[n - 1] ?? this.#blocks.start(block), starts[n] ?? this.#blocks.end(block)];
  }

  #segments(unit: Unit, block: number): Segments {
    const [start, end] = [this.#blocks.start(block), this.#blocks.end(block)];
    const key = `${unit}${start}-${end}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const made = { starts: [] as number[], wordLike: [] as boolean[] };
    for (const { index, isWordLike } of segmenter(unit).segment(this.#text.slice(start, end))) {
      made.starts.push(start + index);
      made.wordLike.push(isWordLike === true);
    }
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value as string);
    this.#kept.set(key, made);
    return made;
  }
}

const WORDS = /^[\p{L}\p{N}\p{M}_]{2}$/u;
const SPACED = /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Arabic}\p{sc=Hebrew}\p{N}\p{M}_]{2}$/u;

/** Whether letters stand on both sides of a place. */
function cutsWord(text: string, at: number): boolean {
  return WORDS.test(around(text, at));
}

/** The same in scripts that part words by blanks. */
function cutsSpaced(text: string, at: number): boolean {
  return SPACED.test(around(text, at));
}

/** The characters before and after a place. */
function around(text: string, at: number): string {
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? "";
  return before + String.fromCodePoint(...[text.codePointAt(at)].filter((point) => point !== undefined));
}

/** How many values fit, those that fit standing first. */
function countWhile<T>(values: readonly T[], fits: (value: T) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(values[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The range that holds `unit`, else the one before it. */
function indexAt(ranges: readonly Range[], unit: number): number {
  return Math.max(0, countWhile(ranges, ([start]) => start <= unit) - 1);
}
