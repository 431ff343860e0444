/** Spans as they are seen: a tint behind the letters, a line below them, and the label's word on it. */

import type { RegionJson } from "../core/protocol.ts";
import type { Range } from "./edges.ts";
import { lanesOf, type Stretch, wordAt } from "./lanes.ts";
import type { Piece, Sheet } from "./sheet.ts";
import type { Placed } from "./spans.ts";
import { pairsOf, type Tie } from "./ties.ts";

/** How spans of a label look. */
export interface Look {
  readonly title: string;
  readonly color: string;
}

export interface Sight {
  /** Spans that share a unit with the stretch, in reading order. */
  within(start: number, end: number): readonly Placed[];
  look(of: { readonly field: string; readonly region: RegionJson }): Look;
  isSelected(key: string): boolean;
  isHovered(key: string): boolean;
  /** Title of a knowledge entry. */
  entry(span: Placed): string | null;
  /** Relations that lead from or to a span. */
  tiesOf(span: Placed): readonly Tie[];
  /** Whether a relation is being made from it. */
  isFrom(key: string): boolean;
  get(key: string): Placed | undefined;
  textOf(parts: readonly Range[]): string;
}

/** Words longer than this are cut. */
const LONGEST = 26;
const WORD_PX = 11;

/** What of a span, or of a relation, lies on one line. */
interface Row {
  readonly of: Placed | Tie;
  readonly word: string;
  readonly line: number;
  /** The letters of a span; none for a relation. */
  readonly pieces: readonly Piece[];
  readonly stretch: Stretch;
  /** Of a relation: which of its sides lead up to a span, and which to the target of an arrow. */
  readonly tie?: { readonly ends: Sides; readonly arrow: Sides };
}

interface Sides {
  readonly left: boolean;
  readonly right: boolean;
}

/** Where relations begin at a span. */
interface Anchor {
  readonly line: number;
  readonly x: number;
}

/** Px of a tie's foot beside the span's middle, by how many leave there: they must not lie on each other. */
const FOOT_PX = 5;

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
          classList.toggle("lw-from", this.#sight.isFrom(key));
        }
      }
    }
  }

  #rows(sheet: Sheet): Row[] {
    const spans = this.#sight.within(sheet.start, sheet.end);
    const rows = spans.flatMap((span) => this.#spanRows(sheet, span));
    const ties = new Set(spans.flatMap((span) => this.#sight.tiesOf(span)));
    if (ties.size === 0) return rows;
    const anchors = anchorsOf(rows, sheet);
    const feet = new Map<string, number>();
    return [...rows, ...[...ties].flatMap((tie) => this.#tieRows(sheet, tie, anchors, feet))];
  }

  #spanRows(sheet: Sheet, span: Placed): Row[] {
    const byLine = new Map<number, Piece[]>();
    for (const part of span.parts) {
      for (const piece of sheet.pieces(part))
        byLine.set(piece.line, [...(byLine.get(piece.line) ?? []), piece]);
    }
    const word = this.#wordOf(span);
    return [...byLine].map(([line, pieces]) => {
      const left = Math.min(...pieces.map((piece) => piece.left));
      const right = Math.max(...pieces.map((piece) => piece.right));
      const stretch = this.#stretch(sheet, left, right, word);
      return { of: span, word, line, pieces, stretch };
    });
  }

  #stretch(sheet: Sheet, left: number, right: number, said: string): Stretch {
    const word = this.#widthOf(said);
    return { left, right, word, at: wordAt(left, right, word, sheet.isRtl, sheet.box.width) };
  }

  /** On one line from span to span; else on each one's line, to the side where the other is. */
  #tieRows(sheet: Sheet, tie: Tie, anchors: ReadonlyMap<string, Anchor>, feet: Map<string, number>): Row[] {
    const { title } = this.#sight.look(tie);
    return pairsOf(tie.members).flatMap(([a, b]) => {
      const [from, to] = [footOf(a, anchors, feet), footOf(b, anchors, feet)];
      const [first, second] = [this.#sight.get(a), this.#sight.get(b)];
      if (!first || !second || (!from && !to)) return [];
      const arrow = tie.type?.directed === true;
      if (from && to && from.line === to.line)
        return [
          this.#tieRow(tie, title, from, from.x, to.x, sheet, { here: false, there: arrow, both: true }),
        ];
      const onward = first.start <= second.start !== sheet.isRtl;
      const [start, end] = [onward ? sheet.element.clientWidth : 0, onward ? 0 : sheet.element.clientWidth];
      const sign = (span: Placed) => `“${cut(this.#sight.textOf(span.parts))}”`;
      const out = { here: false, there: false, both: false };
      return [
        ...(from ? [this.#tieRow(tie, `${title} → ${sign(second)}`, from, from.x, start, sheet, out)] : []),
        ...(to
          ? [this.#tieRow(tie, `${sign(first)} → ${title}`, to, to.x, end, sheet, { ...out, here: arrow })]
          : []),
      ];
    });
  }

  /** From x to another x of a line; `here`, `there`: the arrow's head; `both` ends lead up to spans. */
  #tieRow(
    of: Tie,
    word: string,
    { line }: Anchor,
    here: number,
    there: number,
    sheet: Sheet,
    is: { here: boolean; there: boolean; both: boolean },
  ): Row {
    const rightward = there >= here;
    const [left, right] = [Math.min(here, there), Math.max(here, there)];
    const stretch = { ...this.#stretch(sheet, left, right, word), rank: 1 };
    const sides = (first: boolean, second: boolean): Sides =>
      rightward ? { left: first, right: second } : { left: second, right: first };
    return {
      of,
      word,
      line,
      pieces: [],
      stretch,
      tie: { ends: sides(true, is.both), arrow: sides(is.here, is.there) },
    };
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
    const { line, pieces, stretch, tie } = row;
    const { color } = this.#sight.look(row.of);
    const page = sheet.marks.ownerDocument;
    const { key, suggested } = row.of;
    const flags = {
      "lw-guess": suggested,
      "lw-on": this.#sight.isSelected(key),
      "lw-over-it": this.#sight.isHovered(key),
      "lw-from": this.#sight.isFrom(key),
    };
    const state = Object.entries(flags)
      .filter(([, is]) => is)
      .map(([name]) => ` ${name}`)
      .join("");
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
    if (tie) {
      const down = below + 2 - sheet.laneTop(line, 0);
      const sides = [tie.ends.left && "lw-up-left", tie.ends.right && "lw-up-right"];
      const heads = [tie.arrow.left && "lw-to-left", tie.arrow.right && "lw-to-right"];
      const name = ["lw-tie", ...sides, ...heads].filter(Boolean).join(" ");
      add(name, stretch.left, stretch.right, sheet.laneTop(line, 0), `height:${down}px`);
    }
    if (pieces.length > 1) add("lw-rule lw-gap-in", stretch.left, stretch.right, below);
    for (const { left, right } of pieces) add("lw-rule", left, right, below);
    if (row.word) {
      const word = add("lw-word", stretch.at, stretch.at + stretch.word, below);
      word.textContent = row.word;
      word.dataset.key = key;
    }
    drawn.set(key, made);
    return all;
  }
}

/** The middle of each span's first line in a sheet, or where its word leaves room. */
function anchorsOf(rows: readonly Row[], sheet: Sheet): Map<string, Anchor> {
  const anchors = new Map<string, Anchor>();
  for (const { of, line, pieces, stretch } of rows) {
    const [first] = pieces;
    if (!first || anchors.has(of.key) || !("start" in of) || of.start < sheet.start) continue;
    const { left, right } = first;
    const middle = (left + right) / 2;
    const room = stretch.word + FOOT_PX * 2;
    const free = sheet.isRtl ? Math.min(middle, right - room) : Math.max(middle, left + room);
    anchors.set(of.key, { line, x: free > left && free < right ? free : middle });
  }
  return anchors;
}

/** Where the next relation begins at a span: each a little beside the one before. */
function footOf(
  key: string,
  anchors: ReadonlyMap<string, Anchor>,
  feet: Map<string, number>,
): Anchor | undefined {
  const anchor = anchors.get(key);
  if (!anchor) return undefined;
  const n = feet.get(key) ?? 0;
  feet.set(key, n + 1);
  return { ...anchor, x: anchor.x + Math.ceil(n / 2) * (n % 2 ? 1 : -1) * FOOT_PX };
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
