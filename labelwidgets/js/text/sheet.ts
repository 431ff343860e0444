/** A block in the page: its text nodes, its lines, and where its characters stand. */

import type { Blocks } from "./blocks.ts";
import type { Range as Stretch } from "./edges.ts";
import { endingSign, signed } from "./signs.ts";

/** CSS px that lines are made of. */
export interface Measures {
  /** Height of the letters' zone of a line. */
  readonly letters: number;
  /** Height of a lane below it. */
  readonly lane: number;
  /** Lanes that every line has. */
  readonly lanes: number;
  /** What parts a line from the next. */
  readonly gap: number;
}

/** A rectangle on one line; px from the block's left edge. */
export interface Piece {
  readonly left: number;
  readonly right: number;
  readonly line: number;
}

/** Rectangles nearer to each other than this are one. */
const TOUCH_PX = 1.5;

export class Sheet {
  readonly element: HTMLElement;
  /** What is drawn behind the text. */
  readonly marks: HTMLElement;
  readonly #run: HTMLElement;
  readonly #measures: Measures;
  #nodes: Text[] = [];
  #starts: number[] = [];
  #lanes: number;
  #box: DOMRect | null = null;
  start = 0;
  end = 0;
  lines = 1;

  constructor(page: Document, measures: Measures) {
    this.#measures = measures;
    this.#lanes = measures.lanes;
    this.element = page.createElement("div");
    this.element.className = "lw-para";
    this.marks = page.createElement("div");
    this.marks.className = "lw-marks";
    this.marks.setAttribute("aria-hidden", "true");
    this.#run = page.createElement("div");
    this.#run.className = "lw-run";
    this.element.append(this.marks, this.#run);
  }

  /** Height of a line with its lanes. */
  get pitch(): number {
    return this.#measures.letters + this.#below;
  }

  get #below(): number {
    // An empty line only parts what is above from what is below.
    if (this.start === this.end) return 0;
    return this.#lanes * this.#measures.lane + this.#measures.gap;
  }

  get height(): number {
    return this.lines * this.pitch;
  }

  get isRtl(): boolean {
    return this.element.dir === "rtl";
  }

  /** Shows a block; with `signs` its invisible characters too. */
  write(blocks: Blocks, block: number, signs: boolean): void {
    [this.start, this.end] = [blocks.start(block), blocks.end(block)];
    this.element.dir = blocks.direction(block);
    const text = blocks.text.slice(this.start, this.end);
    const ending = signs ? endingSign(blocks.ending(block)) : "";
    if (ending) this.#run.dataset.ending = ending;
    else delete this.#run.dataset.ending;
    [this.#nodes, this.#starts] = [[], []];
    this.#run.replaceChildren(...(signs ? this.#signed(text) : [this.#node(text, this.start)]));
    this.lay(this.#measures.lanes);
  }

  #node(text: string, start: number): Text {
    const node = this.#run.ownerDocument.createTextNode(text);
    this.#nodes.push(node);
    this.#starts.push(start);
    return node;
  }

  #signed(text: string): Node[] {
    let at = this.start;
    return signed(text).map((stretch) => {
      const node = this.#node(stretch.text, at);
      at += stretch.text.length;
      if (stretch.sign === null) return node;
      const shown = this.#run.ownerDocument.createElement("span");
      shown.className = stretch.wide ? "lw-sign lw-wide" : "lw-sign";
      shown.dataset.sign = stretch.sign;
      shown.append(node);
      return shown;
    });
  }

  /** Gives each line as many lanes. */
  lay(lanes: number): void {
    this.#lanes = Math.max(lanes, this.#measures.lanes);
    const { style } = this.#run;
    style.lineHeight = `${this.pitch}px`;
    // Lines are centred in their pitch; the lanes are to lie below the letters.
    style.top = `${-this.#below / 2}px`;
    this.element.style.minHeight = `${this.pitch}px`;
  }

  /** Reads how it is laid out; call it before the first look at a changed page. */
  measure(): void {
    this.#box = this.element.getBoundingClientRect();
    this.lines = Math.max(1, Math.round(this.#box.height / this.pitch));
  }

  get box(): DOMRect {
    this.#box ??= this.element.getBoundingClientRect();
    return this.#box;
  }

  /** It has moved, such as by scrolling. */
  forget(): void {
    this.#box = null;
  }

  /** Top of the letters of a line, and of a lane below them, in px from the block's top. */
  top(line: number): number {
    return line * this.pitch;
  }

  laneTop(line: number, lane: number): number {
    return this.top(line) + this.#measures.letters + lane * this.#measures.lane;
  }

  /** The rectangles of a stretch, clipped to the block, in the order of the text. */
  pieces([from, to]: Stretch): Piece[] {
    const [start, end] = [Math.max(from, this.start), Math.min(to, this.end)];
    if (start >= end) return [];
    const range = this.#run.ownerDocument.createRange();
    range.setStart(...this.#place(start, false));
    range.setEnd(...this.#place(end, true));
    const pieces: Piece[] = [];
    for (const rect of range.getClientRects()) this.#take(pieces, rect);
    return pieces;
  }

  #take(pieces: Piece[], rect: DOMRect): void {
    const { left, top } = this.box;
    const line = Math.max(0, Math.floor((rect.top + rect.height / 2 - top) / this.pitch));
    const piece = { left: rect.left - left, right: rect.right - left, line };
    const last = pieces.at(-1);
    const near =
      last?.line === line && piece.left <= last.right + TOUCH_PX && piece.right >= last.left - TOUCH_PX;
    if (near && last) {
      pieces[pieces.length - 1] = {
        line,
        left: Math.min(last.left, piece.left),
        right: Math.max(last.right, piece.right),
      };
    } else pieces.push(piece);
  }

  /** The text node and offset of a unit; `ends`: where something ends, else where it begins. */
  #place(unit: number, ends: boolean): [Text, number] {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      const start = this.#starts[middle] as number;
      if (ends ? start < unit : start <= unit) low = middle;
      else high = middle;
    }
    return [this.#nodes[low] as Text, unit - (this.#starts[low] as number)];
  }

  /** The unit of a place in the page; null when it is none of this block's. */
  unitOf(node: Node, offset: number): number | null {
    const n = this.#nodes.indexOf(node as Text);
    if (n >= 0) return (this.#starts[n] as number) + Math.min(offset, (node as Text).length);
    if (!this.#run.contains(node)) return null;
    const child = node.childNodes[offset] ?? null;
    const next = child && this.#nodes.findIndex((each) => each === child || child.contains(each));
    return next === null || next < 0 ? this.end : (this.#starts[next] as number);
  }

  /** The line on which the character at `unit` stands. */
  lineOf(unit: number): number {
    const at = Math.min(unit, this.end - 1);
    return at < this.start ? 0 : (this.pieces([at, at + 1])[0]?.line ?? 0);
  }

  /** Where the last line begins. */
  lastLineStart(): number {
    let [low, high] = [this.start, this.end - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.lineOf(middle) < this.lines - 1) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
