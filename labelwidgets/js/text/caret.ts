/** The caret and the live selection of a text, moved as in an editor. */

import { Cell } from "../core/signal.ts";
import type { Board } from "./board.ts";
import type { Range } from "./edges.ts";
import type { Page } from "./page.ts";

/** Where the selection began, and where the caret is. */
export interface Ends {
  readonly anchor: number;
  readonly focus: number;
}

export class Caret {
  readonly ends = new Cell<Ends>({ anchor: 0, focus: 0 });
  readonly #board: Board;
  readonly #page: Page;
  /** What `grow` grew from, to be shrunk to. */
  #grown: Ends[] = [];
  /** Client x to keep while moving up and down. */
  #goal: number | null = null;

  constructor(board: Board, page: Page) {
    this.#board = board;
    this.#page = page;
  }

  /** The selection as it would become a span. */
  get live(): Range {
    const { anchor, focus } = this.ends.value;
    return this.#board.snapped([Math.min(anchor, focus), Math.max(anchor, focus)]);
  }

  get isEmpty(): boolean {
    const [start, end] = this.live;
    return start >= end;
  }

  set(anchor: number, focus: number): void {
    this.#goal = null;
    this.#grown = [];
    this.ends.set({ anchor, focus });
  }

  collapse(unit = this.ends.value.focus): void {
    this.set(unit, unit);
  }

  /** Puts the caret there; where tokens are labeled one by one, the token there is selected. */
  place(unit: number): void {
    const [start, end] = this.#board.isTagging ? this.#board.doc.edges.word(unit) : [unit, unit];
    this.set(start, end);
  }

  /** Selects the token beside; false when there is none. */
  stepToken(way: 1 | -1): boolean {
    const next = this.#board.doc.edges.tokenBeside(this.live[0], way);
    if (next) this.set(...next);
    return next !== null;
  }

  #to(unit: number, extend: boolean): void {
    if (extend) this.set(this.ends.value.anchor, unit);
    else this.place(unit);
  }

  /** A step to the side that the eye sees: in a paragraph from right to left, the left is forward. */
  sideways(way: "left" | "right", by: "step" | "word", extend: boolean): void {
    const { focus } = this.ends.value;
    const forward = (way === "right") !== this.#isRtl(focus);
    const [start, end] = this.live;
    if (this.#board.isTagging && !extend) this.stepToken(forward ? 1 : -1);
    else if (!extend && !this.isEmpty && by === "step") this.collapse(forward ? end : start);
    else this.#to(this.#stepped(focus, forward, by, extend), extend);
  }

  /** Where a step ends: a character, or what spans are made of here. */
  #stepped(unit: number, forward: boolean, by: "step" | "word", extend: boolean): number {
    const { edges } = this.#board.doc;
    const whole = (this.#board.field?.granularity ?? "character") !== "character";
    if (by === "step" && !whole) return forward ? edges.next(unit) : edges.previous(unit);
    if (edges.tokens || whole) return forward ? edges.stepOn(unit, extend) : edges.stepBack(unit);
    if (forward) return extend ? edges.stepOn(unit, true) : edges.nextWord(unit);
    return edges.previousWord(unit);
  }

  #isRtl(unit: number): boolean {
    return this.#board.doc.blocks.direction(this.#board.doc.blocks.at(unit)) === "rtl";
  }

  /** A line up (-1) or down (1). */
  vertical(way: 1 | -1, extend: boolean): void {
    const page = this.#page;
    const { focus } = this.ends.value;
    page.reveal([focus, focus]);
    const rect = page.caret(focus);
    const sheet = page.sheetAt(focus);
    if (!rect || !sheet) return;
    const left = page.leaf.getBoundingClientRect().left;
    const goal = this.#goal ?? left + rect.left;
    const line = page.lineOf(focus) + way;
    const next = line >= 0 && line < sheet.lines ? sheet : page.beside(sheet, way);
    const at = next === sheet ? line : way > 0 ? 0 : (next?.lines ?? 1) - 1;
    const { length } = this.#board.doc.text;
    this.#to(next ? page.unitOn(next, at, goal) : way > 0 ? length : 0, extend);
    this.#goal = goal;
  }

  /** The beginning or the end of the line. */
  edge(which: "start" | "end", extend: boolean): void {
    const page = this.#page;
    const { focus } = this.ends.value;
    page.reveal([focus, focus]);
    const sheet = page.sheetAt(focus);
    if (!sheet) return;
    const line = page.lineOf(focus);
    const { left, right } = page.leaf.getBoundingClientRect();
    const atLeft = (which === "start") !== sheet.isRtl;
    const unit = page.unitOn(sheet, line, atLeft ? left : right);
    const { edges } = this.#board.doc;
    // Where the line was broken, its end is also the beginning of the next one.
    const beyond = which === "end" && unit < sheet.end && page.lineOf(unit) > line;
    this.#to(beyond ? edges.previous(unit) : unit, extend);
  }

  /** Selects the next larger unit: word, sentence, paragraph, text. */
  grow(from: Range = this.live): boolean {
    const { edges, text } = this.#board.doc;
    const { focus } = this.ends.value;
    const at = from[1] > from[0] ? from[0] : focus;
    const units = [edges.toWords(edges.word(at)), edges.sentence(at), edges.paragraph(at)];
    const wider = [...units, [0, text.length] as Range].find(
      ([start, end]) => end - start > from[1] - from[0] && start <= from[0] && end >= from[1],
    );
    if (!wider) return false;
    const grown = [...this.#grown, this.ends.value];
    this.set(wider[0], wider[1]);
    this.#grown = grown;
    return true;
  }

  shrink(): boolean {
    const before = this.#grown.at(-1);
    if (!before) return false;
    const rest = this.#grown.slice(0, -1);
    this.ends.set(before);
    this.#grown = rest;
    return true;
  }
}
