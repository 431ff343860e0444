/** Spans as they are seen: a tint behind the letters, a line below them, and the label's word on it. */

import { lanesOf, type Stretch } from "./lanes.ts";
import type { Piece, Sheet } from "./sheet.ts";
import type { Placed } from "./spans.ts";

/** How spans of a label look. */
export interface Look {
  readonly title: string;
  readonly color: string;
}

export interface Sight {
  /** Spans that share a unit with the stretch, in reading order. */
  within(start: number, end: number): readonly Placed[];
  look(span: Placed): Look;
  isSelected(key: string): boolean;
  isHovered(key: string): boolean;
  /** Title of a knowledge entry. */
  entry(span: Placed): string | null;
}

/** Words longer than this are cut. */
const LONGEST = 26;
const WORD_PX = 11;

/** What of a span lies on one line. */
interface Row {
  readonly span: Placed;
  readonly word: string;
  readonly line: number;
  readonly pieces: readonly Piece[];
  readonly stretch: Stretch;
}

export class Marks {
  readonly #sight: Sight;
  readonly #pen: CanvasRenderingContext2D | null;
  readonly #widths = new Map<string, number>();
  /** Elements by the span's key, to light them up without drawing. */
  readonly #drawn = new WeakMap<Sheet, Map<string, HTMLElement[]>>();
  #font = "";

  constructor(page: Document, sight: Sight) {
    this.#sight = sight;
    this.#pen = page.createElement("canvas").getContext("2d");
  }

  /** The font of the words has changed. */
  set font(family: string) {
    this.#font = `600 ${WORD_PX}px ${family}`;
    this.#widths.clear();
  }

  /** Reads where the spans of all sheets lie, then draws them. */
  draw(sheets: readonly Sheet[]): void {
    const plans = sheets.map((sheet) => ({ sheet, rows: this.#rows(sheet) }));
    for (const { sheet, rows } of plans) this.#lay(sheet, rows);
  }

  /** Shows what is selected and hovered. */
  light(sheets: Iterable<Sheet>): void {
    for (const sheet of sheets) {
      for (const [key, elements] of this.#drawn.get(sheet) ?? []) {
        const [on, over] = [this.#sight.isSelected(key), this.#sight.isHovered(key)];
        for (const { classList } of elements) {
          classList.toggle("lw-on", on);
          classList.toggle("lw-over-it", over);
        }
      }
    }
  }

  #rows(sheet: Sheet): Row[] {
    const rows: Row[] = [];
    for (const span of this.#sight.within(sheet.start, sheet.end)) {
      const byLine = new Map<number, Piece[]>();
      for (const part of span.parts) {
        for (const piece of sheet.pieces(part))
          byLine.set(piece.line, [...(byLine.get(piece.line) ?? []), piece]);
      }
      const word = this.#wordOf(span);
      for (const [line, pieces] of byLine) {
        const left = Math.min(...pieces.map((piece) => piece.left));
        const right = Math.max(...pieces.map((piece) => piece.right));
        rows.push({
          span,
          word,
          line,
          pieces,
          stretch: { left, right, word: this.#widthOf(word), rtl: sheet.isRtl },
        });
      }
    }
    return rows;
  }

  /** "PER", "PER → Q567", "PER 87 %". */
  #wordOf(span: Placed): string {
    const { title } = this.#sight.look(span);
    const { score } = span.region;
    const entry = this.#sight.entry(span);
    const said = [
      cut(title),
      span.suggested && score !== null ? `${Math.round(score * 100)} %` : "",
      entry === null ? "" : `→ ${cut(entry)}`,
    ];
    return said.filter(Boolean).join(" ");
  }

  #widthOf(word: string): number {
    if (word === "") return 0;
    const known = this.#widths.get(word);
    if (known !== undefined) return known;
    if (this.#pen) this.#pen.font = this.#font;
    const width = Math.ceil((this.#pen?.measureText(word).width ?? word.length * 7) + 4);
    this.#widths.set(word, width);
    return width;
  }

  #lay(sheet: Sheet, rows: readonly Row[]): void {
    const lanes = new Map<Row, number>();
    let most = 0;
    for (const line of byLine(rows)) {
      lanesOf(line.map(({ stretch }) => stretch)).forEach((lane, i) => {
        lanes.set(line[i] as Row, lane);
        most = Math.max(most, lane + 1);
      });
    }
    sheet.lay(most);
    const drawn = new Map<string, HTMLElement[]>();
    const made = rows.flatMap((row) => this.#elements(sheet, row, lanes.get(row) ?? 0, drawn));
    sheet.marks.replaceChildren(...made);
    this.#drawn.set(sheet, drawn);
  }

  #elements(sheet: Sheet, row: Row, lane: number, drawn: Map<string, HTMLElement[]>): HTMLElement[] {
    const { span, line, pieces, stretch } = row;
    const { color } = this.#sight.look(span);
    const page = sheet.marks.ownerDocument;
    const { key, suggested } = span;
    const state = `${suggested ? " lw-guess" : ""}${this.#sight.isSelected(key) ? " lw-on" : ""}${this.#sight.isHovered(key) ? " lw-over-it" : ""}`;
    const made = drawn.get(key) ?? [];
    const all: HTMLElement[] = [];
    const add = (name: string, left: number, right: number, top: number, more = "") => {
      const element = page.createElement("i");
      element.className = name + state;
      element.style.cssText = `--lw-color:${color};left:${left.toFixed(1)}px;top:${top}px;width:${Math.max(2, right - left).toFixed(1)}px;${more}`;
      made.push(element);
      all.push(element);
      return element;
    };
    const [top, below] = [sheet.top(line), sheet.laneTop(line, lane)];
    const height = sheet.laneTop(line, 0) - top;
    for (const { left, right } of pieces) add("lw-tint", left, right, top, `height:${height}px`);
    if (pieces.length > 1) add("lw-rule lw-gap-in", stretch.left, stretch.right, below);
    for (const { left, right } of pieces) add("lw-rule", left, right, below);
    if (row.word) {
      // From the side on which one begins to read.
      const word = add("lw-word", stretch.left, stretch.right, below);
      word.textContent = row.word;
      word.dataset.key = key;
    }
    drawn.set(key, made);
    return all;
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function byLine(rows: readonly Row[]): Row[][] {
  const lines = new Map<number, Row[]>();
  for (const row of rows) {
    const there = lines.get(row.line);
    if (there) there.push(row);
    else lines.set(row.line, [row]);
  }
  return [...lines.values()];
}
