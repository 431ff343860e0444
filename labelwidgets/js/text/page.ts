/** The page of a text: all blocks of a short one, those in sight of a long one; from places to units and back. */

import type { Scope } from "../core/scope.ts";
import type { Doc } from "./doc.ts";
import type { Range as Stretch } from "./edges.ts";
import { Heights } from "./heights.ts";
import { type Measures, type Piece, Sheet } from "./sheet.ts";

/** Px above and below the window that are laid out too. */
const SPARE = 600;
/** By the font's size: the letters' zone, and what parts lines with and without lanes. */
const LETTERS = 1.4;
const GAP = 0.3;
const LOOSE = 0.25;
const LANE = 15;
/** A guess that was far off is corrected in so many rounds; then by the next scrolling. */
const ROUNDS = 4;

/** A rectangle in px of the leaf, which scrolls. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Draws what lies behind the text of sheets: first reads of all, then writes. */
type Draw = (sheets: readonly Sheet[]) => void;

export class Page {
  readonly scroller: HTMLElement;
  /** The text's column; holds the sheets and what lies over them. */
  readonly leaf: HTMLElement;
  readonly over: HTMLElement;
  readonly #before: HTMLElement;
  readonly #after: HTMLElement;
  readonly #scope: Scope;
  readonly #draw: Draw;
  /** Told after anything has moved. */
  readonly #moved: () => void;
  readonly #sheets = new Map<number, Sheet>();
  readonly #settled = new Set<number>();
  #doc: Doc;
  #heights = new Heights(new Float64Array(1));
  #size = 16;
  #signs = false;
  #lanes = 1;
  #width = 0;
  #letter = 8;
  #waiting: (() => void) | null = null;

  constructor(host: HTMLElement, doc: Doc, scope: Scope, draw: Draw, moved: () => void) {
    const page = host.ownerDocument;
    const add = (parent: HTMLElement, name: string) => {
      const made = page.createElement("div");
      made.className = name;
      parent.append(made);
      return made;
    };
    this.scroller = add(host, "lw-words");
    this.leaf = add(this.scroller, "lw-leaf");
    this.#before = add(this.leaf, "");
    this.#after = add(this.leaf, "");
    this.over = add(this.leaf, "lw-over");
    this.over.setAttribute("aria-hidden", "true");
    this.#doc = doc;
    this.#scope = scope;
    this.#draw = draw;
    this.#moved = moved;
    scope.listen(this.scroller, "scroll", () => this.#soon(), { passive: true });
    scope.observeResize(this.scroller, () => this.#resized());
  }

  get doc(): Doc {
    return this.#doc;
  }

  get sheets(): Iterable<Sheet> {
    return this.#sheets.values();
  }

  /** Another text, from its beginning. */
  open(doc: Doc, lanes: number): void {
    this.#doc = doc;
    this.#lanes = lanes;
    this.scroller.scrollTop = 0;
    this.lay();
  }

  /** Font size in px. */
  set size(size: number) {
    this.#size = size;
    this.#again();
  }

  get size(): number {
    return this.#size;
  }

  /** Whether invisible characters are shown. */
  set signs(signs: boolean) {
    this.#signs = signs;
    this.#again();
  }

  get signs(): boolean {
    return this.#signs;
  }

  #measures(): Measures {
    const lane = Math.round(LANE * Math.max(1, this.#size / 16));
    const gap = Math.round(this.#size * (this.#lanes > 0 ? GAP : LOOSE));
    return { letters: Math.round(this.#size * LETTERS), lane, lanes: this.#lanes, gap };
  }

  /** Lays everything out anew. */
  lay(): void {
    this.leaf.style.fontSize = `${this.#size}px`;
    for (const sheet of this.#sheets.values()) sheet.element.remove();
    this.#sheets.clear();
    this.#settled.clear();
    this.#width = this.#before.clientWidth || this.leaf.clientWidth;
    this.#heights = new Heights(this.#guesses());
    this.update();
  }

  /** The same, with the text at the window's top staying there. */
  #again(): void {
    const top = this.topUnit;
    this.#doc.blocks.reset();
    this.lay();
    this.#scrollTo(this.#heights.above(this.#doc.blocks.at(top)));
    this.update();
  }

  #resized(): void {
    for (const sheet of this.#sheets.values()) sheet.forget();
    const width = this.#before.clientWidth;
    if (width > 0 && width !== this.#width) this.#again();
    else this.update();
  }

  /** Heights from the number of letters, until a block is laid out. */
  #guesses(): Float64Array {
    const { blocks } = this.#doc;
    const { letters, lane, lanes, gap } = this.#measures();
    this.#letter = this.#letterWidth();
    const perLine = Math.max(4, (this.#width || 600) / this.#letter) * 0.96;
    const guesses = new Float64Array(blocks.count);
    for (let block = 0; block < blocks.count; block++) {
      const lines = Math.ceil((blocks.end(block) - blocks.start(block)) / perLine);
      guesses[block] = lines > 0 ? lines * (letters + lanes * lane + gap) : letters;
    }
    return guesses;
  }

  /** Mean width of the text's letters, by a sample of them. */
  #letterWidth(): number {
    const sample = this.#doc.text.slice(0, 2000);
    const pen = this.leaf.ownerDocument.createElement("canvas").getContext("2d");
    if (!pen || sample === "") return this.#size / 2;
    pen.font = getComputedStyle(this.leaf).font;
    return Math.max(1, pen.measureText(sample).width / sample.length);
  }

  #soon(): void {
    for (const sheet of this.#sheets.values()) sheet.forget();
    this.#waiting ??= this.#scope.frame(() => {
      this.#waiting = null;
      this.update();
    });
  }

  /** Px of the leaf at the window's top. */
  get #top(): number {
    return this.scroller.scrollTop - this.leaf.offsetTop;
  }

  #scrollTo(top: number): void {
    this.scroller.scrollTop = Math.max(0, top + this.leaf.offsetTop);
    for (const sheet of this.#sheets.values()) sheet.forget();
  }

  /** The first unit in sight. */
  get topUnit(): number {
    return this.#doc.blocks.start(this.#heights.at(Math.max(0, this.#top)));
  }

  /** Puts into the page what is in sight and takes out what is not. */
  update(): void {
    for (let round = 0; round < ROUNDS; round++) if (!this.#round()) break;
    this.#moved();
  }

  /** Whether what was laid out turned out so different that something in sight may be missing. */
  #round(): boolean {
    const top = this.#top;
    const heights = this.#heights;
    const first = this.#doc.isLong ? heights.at(Math.max(0, top - SPARE)) : 0;
    const last = this.#doc.isLong
      ? heights.at(Math.max(0, top + this.scroller.clientHeight + SPARE))
      : heights.count - 1;
    const anchor = heights.at(Math.max(0, top));
    const inside = top - heights.above(anchor);
    const fresh = this.#mount(first, last);
    if (fresh.length === 0) return false;
    const before = heights.total;
    this.paint(fresh);
    this.#settle(fresh);
    this.#space();
    const now = heights.above(anchor) + inside;
    if (Math.abs(now - top) >= 1 && top > 0) this.#scrollTo(now);
    return Math.abs(heights.total - before) > 1 && this.#doc.isLong;
  }

  #mount(first: number, last: number): Sheet[] {
    for (const [block, sheet] of this.#sheets) {
      if (block >= first && block <= last) continue;
      sheet.element.remove();
      this.#sheets.delete(block);
    }
    const fresh: Sheet[] = [];
    let below: Node = this.#after;
    for (let block = last; block >= first; block--) {
      let sheet = this.#sheets.get(block);
      if (!sheet) {
        sheet = new Sheet(this.leaf.ownerDocument, this.#measures());
        sheet.write(this.#doc.blocks, block, this.#signs);
        this.#sheets.set(block, sheet);
        this.leaf.insertBefore(sheet.element, below);
        fresh.unshift(sheet);
      }
      below = sheet.element;
    }
    this.#space();
    return fresh;
  }

  /** The room of what is not in the page. */
  #space(): void {
    const blocks = [...this.#sheets.keys()];
    const [first, last] = [Math.min(...blocks), Math.max(...blocks)];
    this.#before.style.height = `${this.#heights.above(first)}px`;
    this.#after.style.height = `${this.#heights.total - this.#heights.above(last + 1)}px`;
  }

  /** Draws the marks of sheets anew; their heights may change. */
  paint(sheets: readonly Sheet[]): void {
    for (const sheet of sheets) sheet.measure();
    this.#draw(sheets);
    for (const sheet of sheets) this.#heights.set(this.#blockOf(sheet), sheet.height);
    for (const sheet of this.#sheets.values()) sheet.forget();
  }

  /** Draws stretches anew in which something has changed; null: all. */
  repaint(touched: readonly Stretch[] | null): void {
    const sheets = [...this.#sheets.values()].filter(
      ({ start, end }) => !touched || touched.some(([from, to]) => from <= end && to >= start),
    );
    if (sheets.length === 0) return;
    this.paint(sheets);
    this.#space();
    this.#moved();
  }

  /** Pieces of one paragraph meet at the end of a line. */
  #settle(fresh: readonly Sheet[]): void {
    const open = [...fresh];
    for (let sheet = open.shift(); sheet; sheet = open.shift()) {
      const block = this.#blockOf(sheet);
      if (!this.#doc.blocks.goesOn(block) || this.#settled.has(block) || sheet.lines < 2) continue;
      this.#settled.add(block);
      sheet.measure();
      this.#doc.blocks.moveBorder(block, sheet.lastLineStart());
      const changed = [block, block + 1].flatMap((each) => {
        const there = this.#sheets.get(each);
        there?.write(this.#doc.blocks, each, this.#signs);
        return there ?? [];
      });
      this.paint(changed);
      // The lines of the next piece begin elsewhere now.
      if (this.#settled.delete(block + 1)) open.unshift(...changed.slice(1));
    }
  }

  #blockOf(sheet: Sheet): number {
    return this.#doc.blocks.at(sheet.start);
  }

  sheetAt(unit: number): Sheet | null {
    return this.#sheets.get(this.#doc.blocks.at(unit)) ?? null;
  }

  /** The line of its block on which the caret stands. */
  lineOf(unit: number): number {
    const sheet = this.sheetAt(unit);
    const rect = sheet && this.caret(unit);
    return rect ? Math.round((rect.top - this.#heights.above(this.#blockOf(sheet))) / sheet.pitch) : 0;
  }

  /** The block before or after another, laid out. */
  beside(sheet: Sheet, way: 1 | -1): Sheet | null {
    const block = this.#blockOf(sheet) + way;
    if (block < 0 || block >= this.#doc.blocks.count) return null;
    if (!this.#sheets.has(block)) this.reveal([this.#doc.blocks.start(block), this.#doc.blocks.start(block)]);
    return this.#sheets.get(block) ?? null;
  }

  // From units to places

  #rect(sheet: Sheet, { left, right, line }: Piece): Rect {
    const { letters } = this.#measures();
    const top = this.#heights.above(this.#blockOf(sheet)) + sheet.top(line);
    return { left, top, width: right - left, height: letters };
  }

  /** The letters of a stretch, as far as they are in the page. */
  rects(stretch: Stretch): Rect[] {
    const rects: Rect[] = [];
    for (const sheet of this.#sheets.values()) {
      if (sheet.start > stretch[1] || sheet.end < stretch[0]) continue;
      sheet.forget();
      for (const piece of sheet.pieces(stretch)) rects.push(this.#rect(sheet, piece));
      // A line ending, or an empty line, that is part of it.
      if (stretch[0] <= sheet.end && stretch[1] > sheet.end) rects.push({ ...this.#ending(sheet), width: 5 });
    }
    return rects;
  }

  /** Whether a point of the window lies on the letters of a stretch, near `unit`. */
  holds(stretch: Stretch, unit: number, clientX: number, clientY: number): boolean {
    const { edges } = this.#doc;
    const near: Stretch = [
      Math.max(stretch[0], edges.previous(unit)),
      Math.min(stretch[1], edges.next(unit)),
    ];
    if (near[0] >= near[1]) return false;
    const leaf = this.leaf.getBoundingClientRect();
    const [x, y] = [clientX - leaf.left, clientY - leaf.top];
    return this.rects(near).some(
      ({ left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height + 4,
    );
  }

  #ending(sheet: Sheet): Rect {
    const last = sheet.end > sheet.start ? sheet.pieces([sheet.end - 1, sheet.end]).at(-1) : undefined;
    const edge = sheet.isRtl ? sheet.element.clientWidth : 0;
    const at = last ? (sheet.isRtl ? last.left : last.right) : edge;
    return this.#rect(sheet, { left: at, right: at, line: last?.line ?? 0 });
  }

  /** Where the caret stands before `unit`; null when it is not in the page. */
  caret(unit: number): Rect | null {
    const sheet = this.sheetAt(unit);
    if (!sheet) return null;
    sheet.forget();
    if (unit >= sheet.end && !this.#doc.blocks.goesOn(this.#blockOf(sheet))) return this.#ending(sheet);
    const pieces = sheet.pieces([unit, this.#doc.edges.next(unit)]);
    const [first] = pieces;
    if (!first) return this.#ending(sheet);
    const at = isRtlAt(this.#doc.text, unit, sheet.isRtl) ? first.right : first.left;
    return this.#rect(sheet, { left: at, right: at, line: first.line });
  }

  // From places to units

  /** The border between characters that is nearest to a point of the window. */
  unitAt(clientX: number, clientY: number): number {
    const leaf = this.leaf.getBoundingClientRect();
    const window = this.scroller.getBoundingClientRect();
    const y = Math.max(window.top + 1, Math.min(window.bottom - 1, clientY)) - leaf.top;
    const block = this.#heights.at(Math.max(0, y));
    const sheet = this.#sheets.get(block) ?? this.#nearest(block);
    if (!sheet) return 0;
    const within = y - this.#heights.above(this.#blockOf(sheet));
    const line = Math.max(0, Math.min(sheet.lines - 1, Math.floor(within / sheet.pitch)));
    return this.unitOn(sheet, line, clientX);
  }

  #nearest(block: number): Sheet | undefined {
    const there = [...this.#sheets.keys()].sort((a, b) => Math.abs(a - block) - Math.abs(b - block));
    return this.#sheets.get(there[0] ?? 0);
  }

  /** The unit of a line that is nearest to x. */
  unitOn(sheet: Sheet, line: number, clientX: number): number {
    sheet.forget();
    const { box } = sheet;
    const x = Math.max(box.left + 1, Math.min(box.right - 1, clientX));
    const y = box.top + sheet.top(line) + this.#measures().letters / 2;
    const place = placeAt(sheet.element.ownerDocument, x, y);
    const unit = place && sheet.unitOf(place[0], place[1]);
    return this.#doc.edges.nearest(unit ?? this.#lookFor(sheet, line, x - box.left));
  }

  /** Where the browser does not tell: outside of the window, or under something else. */
  #lookFor(sheet: Sheet, line: number, x: number): number {
    let [best, least] = [sheet.end, Number.POSITIVE_INFINITY];
    for (let unit = sheet.start; unit < sheet.end; unit = this.#doc.edges.next(unit)) {
      const piece = sheet.pieces([unit, this.#doc.edges.next(unit)])[0];
      if (piece?.line !== line) continue;
      for (const [at, edge] of [
        [unit, piece.left],
        [this.#doc.edges.next(unit), piece.right],
      ] as const) {
        if (Math.abs(edge - x) < least) [best, least] = [at, Math.abs(edge - x)];
      }
    }
    return best;
  }

  /** Scrolls so that a stretch can be seen. */
  reveal([start, end]: Stretch, where: "near" | "middle" = "near"): void {
    const height = this.scroller.clientHeight;
    if (height === 0) return;
    for (let round = 0; round < 2; round++) {
      const block = this.#doc.blocks.at(start);
      const sheet = this.#sheets.get(block);
      const top = this.#heights.above(block) + (sheet ? sheet.top(sheet.lineOf(start)) : 0);
      const sheets = this.#sheets.get(this.#doc.blocks.at(end));
      const bottom = sheets
        ? this.#heights.above(this.#doc.blocks.at(end)) + sheets.top(sheets.lineOf(end - 1) + 1)
        : top + 60;
      const [from, to] = [this.#top, this.#top + height];
      if (top >= from + 4 && Math.min(bottom, top + height / 2) <= to - 4) return;
      const above = where === "near" && sheet ? Math.min(80, height / 4) : height / 3;
      const below = Math.min(bottom, top + height / 2) - height + above;
      this.#scrollTo(where === "near" && sheet && top > from ? below : top - above);
      this.update();
    }
  }
}

const STRONG_RTL = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const STRONG_LTR = /^[\p{L}\p{N}]/u;

/** Whether the character at `unit` is written from right to left; signs go with the paragraph. */
function isRtlAt(text: string, unit: number, paragraph: boolean): boolean {
  const character = text.slice(unit, unit + 2);
  if (STRONG_RTL.test(character)) return true;
  return STRONG_LTR.test(character) ? false : paragraph;
}

interface Places {
  caretPositionFromPoint?(x: number, y: number): { offsetNode: Node; offset: number } | null;
  caretRangeFromPoint?(x: number, y: number): Range | null;
}

function placeAt(page: Document, x: number, y: number): [Node, number] | null {
  const places = page as unknown as Places;
  const position = places.caretPositionFromPoint?.(x, y);
  if (position) return [position.offsetNode, position.offset];
  const range = places.caretRangeFromPoint?.(x, y);
  return range ? [range.startContainer, range.startOffset] : null;
}
