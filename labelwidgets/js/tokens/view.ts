/** Sentences as elements: a column for each token, its tags below it, arcs above; laid out again where something has changed. */

import { type Arc, type Bow, bowsOf, type Spot, STEP } from "./bows.ts";
import { NOTHING, type Parsed, type Sentence, type Token } from "./sentences.ts";

/** What stands below a token in one row. */
export interface Tag {
  readonly title: string;
  readonly color: string;
  readonly key: string;
  readonly suggested: boolean;
}

/** What is said of a token. */
export interface Dress {
  /** One for each row, null where nothing was said. */
  readonly tags: readonly (Tag | null)[];
  readonly here: boolean;
  readonly source: boolean;
  /** It still needs a tag. */
  readonly open: boolean;
}

/** An arc and what it looks like. */
export interface Drawn {
  readonly key: string;
  readonly from: number | null;
  readonly to: number;
  readonly title: string;
  /** Its type and the tokens that it joins: these may be far apart. */
  readonly says: string;
  readonly color: string;
  readonly suggested: boolean;
  readonly on: boolean;
  /** Not made yet: its type is asked for. */
  readonly asked: boolean;
}

const SVG = "http://www.w3.org/2000/svg";
const WORD = "600 11px";
/** Pixels of a level of arcs, between their words and the token, and of a corner. */
const [LEVEL, FOOT, CORNER] = [21, 5, 5];
/** Blank at both sides of an arc's word. */
const AIR = 10;

export class View {
  readonly scroller: HTMLElement;
  readonly #page: Document;
  readonly #cells: HTMLElement[] = [];
  readonly #bodies: HTMLElement[] = [];
  readonly #dresses: string[] = [];
  /** Arcs of each sentence as they were drawn. */
  readonly #arcs: (readonly Drawn[])[] = [];
  readonly #widths = new Map<string, number>();
  readonly #pen: CanvasRenderingContext2D | null;
  #font = "";
  #parsed: Parsed = NOTHING;

  constructor(host: HTMLElement) {
    this.#page = host.ownerDocument;
    this.scroller = this.#made("div", "lw-tokens");
    host.append(this.scroller);
    this.#pen = this.#page.createElement("canvas").getContext?.("2d") ?? null;
  }

  #made(tag: string, name: string, words = ""): HTMLElement {
    const made = this.#page.createElement(tag);
    made.className = name;
    if (words !== "") made.textContent = words;
    return made;
  }

  open(parsed: Parsed): void {
    this.#parsed = parsed;
    this.#cells.length = this.#bodies.length = this.#dresses.length = this.#arcs.length = 0;
    const many = parsed.sentences.length > 1;
    const bodies = parsed.sentences.map((sentence, i) => {
      const body = this.#made("div", "lw-sentence");
      body.dir = sentence.direction;
      if (many) body.append(this.#made("span", "lw-nth", `${i + 1}`));
      const cells = this.#made("div", "lw-cells");
      for (const token of parsed.tokens.slice(sentence.first, sentence.last)) {
        if (token.between) cells.append(this.#made("span", "lw-between", token.between));
        cells.append(this.#cell(token));
      }
      body.append(cells);
      return body;
    });
    this.#bodies.push(...bodies);
    this.scroller.replaceChildren(...bodies);
    this.scroller.scrollTop = 0;
  }

  #cell({ n, form, joined }: Token): HTMLElement {
    const cell = this.#made("div", joined ? "lw-cell lw-joined" : "lw-cell");
    cell.dataset.token = `${n}`;
    const word = this.#made("span", "lw-form", form);
    word.dir = "auto";
    cell.append(word, this.#made("span", "lw-tags"));
    this.#cells[n] = cell;
    return cell;
  }

  cell(n: number): HTMLElement | null {
    return this.#cells[n] ?? null;
  }

  /** The token that an element is of, -1 for none. */
  tokenOf(target: EventTarget | null): number {
    const cell = (target as Element | null)?.closest?.<HTMLElement>(".lw-cell");
    return cell ? Number(cell.dataset.token) : -1;
  }

  /** Key of the arc that an element is of. */
  arcOf(target: EventTarget | null): string | null {
    const found = (target as Element | null)?.closest?.<HTMLElement>("[data-arc]");
    return found?.dataset.arc || null;
  }

  /** Shows what is said of a token; whether that has another width now. */
  #dress(n: number, dress: Dress): boolean {
    const cell = this.#cells[n];
    const said = JSON.stringify(dress);
    if (!cell || this.#dresses[n] === said) return false;
    this.#dresses[n] = said;
    cell.classList.toggle("lw-here", dress.here);
    cell.classList.toggle("lw-source", dress.source);
    const row = cell.lastElementChild as HTMLElement;
    const before = row.textContent;
    row.replaceChildren(...dress.tags.map((tag) => this.#tag(tag, dress.open)));
    return before !== row.textContent;
  }

  #tag(tag: Tag | null, open: boolean): HTMLElement {
    if (!tag) return this.#made("span", open ? "lw-tag lw-open" : "lw-tag lw-none");
    const made = this.#made("span", tag.suggested ? "lw-tag lw-guess" : "lw-tag", tag.title || "–");
    made.dir = "auto";
    made.style.setProperty("--lw-color", tag.color);
    return made;
  }

  /** Brings everything up to date; what has not changed stays. */
  show(dress: (token: Token) => Dress, arcs: readonly (readonly Drawn[])[]): void {
    const { sentences, tokens } = this.#parsed;
    const due: number[] = [];
    sentences.forEach((sentence, i) => {
      let moved = false;
      for (const token of tokens.slice(sentence.first, sentence.last))
        moved = this.#dress(token.n, dress(token)) || moved;
      const now = arcs[i] ?? [];
      const before = this.#arcs[i];
      this.#arcs[i] = now;
      if (moved || !before || JSON.stringify(before) !== JSON.stringify(now)) due.push(i);
    });
    this.#lay(due);
  }

  /** Lays everything out again: the page has another width. */
  lay(): void {
    this.#lay(this.#parsed.sentences.map((_, i) => i));
  }

  /** Reads of all, then writes to all: so that a page is laid out three times and not for each sentence. */
  #lay(due: readonly number[]): void {
    const widths = new Map<number, number>();
    for (const i of due) {
      const { first, last } = this.#parsed.sentences[i] as Sentence;
      for (let n = first; n < last; n++) widths.set(n, this.#cells[n]?.offsetWidth ?? 0);
    }
    for (const i of due) this.#apart(i, widths);
    const spots = due.map((i) => this.#spots(this.#parsed.sentences[i] as Sentence));
    const drawn = due.map((i, at) => {
      const body = this.#bodies[i] as HTMLElement;
      const rtl = this.#parsed.sentences[i]?.direction === "rtl";
      const arcs = (this.#arcs[i] ?? []).map((arc): Arc => ({ ...arc, width: this.#width(arc.title) + AIR }));
      return bowsOf(arcs, spots[at] as Map<number, Spot>, body.clientWidth, rtl);
    });
    due.forEach((_, at) => {
      this.#raise(spots[at] as Map<number, Spot>, drawn[at] as Bow[]);
    });
    const tops = due.map((i, at) => this.#tops(i, spots[at] as Map<number, Spot>));
    due.forEach((i, at) => {
      this.#draw(i, drawn[at] as Bow[], tops[at] as Map<number, number>);
    });
  }

  /** Neighbours make room for the word of the arc between them, and for the other arcs that meet there. */
  #apart(i: number, widths: ReadonlyMap<number, number>): void {
    const { first, last } = this.#parsed.sentences[i] as Sentence;
    const arcs = this.#arcs[i] ?? [];
    const meeting = (n: number, way: 1 | -1) =>
      arcs.filter(
        ({ from, to }) => from !== null && (from === n ? to - n : to === n ? from - n : 0) * way > 0,
      ).length;
    const wanted = new Map<number, number>();
    for (const { from, to, title } of arcs) {
      if (from === null || Math.abs(from - to) !== 1) continue;
      const right = Math.max(from, to);
      const feet = STEP * (meeting(right - 1, 1) + meeting(right, -1) - 1);
      wanted.set(right, Math.max(wanted.get(right) ?? 0, this.#width(title) + AIR + CORNER + feet));
    }
    for (let n = first; n < last; n++) {
      const cell = this.#cells[n] as HTMLElement;
      const room = wanted.get(n);
      const had = cell.style.getPropertyValue("--lw-room");
      const now =
        room === undefined
          ? ""
          : `${Math.ceil(Math.max(0, room - ((widths.get(n) ?? 0) + (widths.get(n - 1) ?? 0)) / 2))}px`;
      if (had !== now) cell.style.setProperty("--lw-room", now);
    }
  }

  #spots({ first, last }: Sentence): Map<number, Spot> {
    const spots = new Map<number, Spot>();
    let [line, bottom] = [-1, -1];
    for (let n = first; n < last; n++) {
      const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = this.#cells[n] as HTMLElement;
      if (offsetTop >= bottom || line < 0) {
        line += 1;
        bottom = offsetTop + offsetHeight;
      }
      spots.set(n, { line, left: offsetLeft, width: offsetWidth });
    }
    return spots;
  }

  /** Each line gets the height that its arcs need. */
  #raise(spots: ReadonlyMap<number, Spot>, bows: readonly Bow[]): void {
    const most = new Map<number, number>();
    for (const { line, level } of bows) most.set(line, Math.max(most.get(line) ?? 0, level));
    for (const [n, { line }] of spots) {
      const levels = most.get(line) ?? 0;
      const height = levels === 0 ? "" : `${levels * LEVEL + FOOT}px`;
      const cell = this.#cells[n] as HTMLElement;
      if (cell.style.paddingTop !== height) cell.style.paddingTop = height;
    }
  }

  /** Where the words of each line begin, below the arcs. */
  #tops(i: number, spots: ReadonlyMap<number, Spot>): Map<number, number> {
    const tops = new Map<number, number>();
    const { first, last } = this.#parsed.sentences[i] as Sentence;
    for (let n = first; n < last; n++) {
      const line = spots.get(n)?.line ?? 0;
      const cell = this.#cells[n] as HTMLElement;
      if (!tops.has(line)) tops.set(line, cell.offsetTop + (Number.parseFloat(cell.style.paddingTop) || 0));
    }
    return tops;
  }

  #draw(i: number, bows: readonly Bow[], tops: ReadonlyMap<number, number>): void {
    const body = this.#bodies[i] as HTMLElement;
    for (const old of body.querySelectorAll(":scope > .lw-bows, :scope > .lw-arc")) old.remove();
    if (bows.length === 0) return;
    const paths = this.#page.createElementNS(SVG, "svg");
    paths.classList.add("lw-bows");
    paths.setAttribute("aria-hidden", "true");
    const arcs = new Map((this.#arcs[i] ?? []).map((arc) => [arc.key, arc]));
    const words = bows.flatMap((bow) => {
      const arc = arcs.get(bow.key);
      if (!arc) return [];
      const foot = (tops.get(bow.line) ?? 0) - 2;
      const top = foot - FOOT - bow.level * LEVEL + LEVEL / 2 + 3;
      paths.append(...this.#path(bow, arc, top, foot));
      return [this.#word(bow, arc, top)];
    });
    body.prepend(paths);
    body.append(...words);
  }

  #path(bow: Bow, arc: Drawn, top: number, foot: number): SVGElement[] {
    const line = this.#page.createElementNS(SVG, "path");
    line.setAttribute("d", pathOf(bow, top, foot));
    const reach = line.cloneNode() as SVGElement;
    reach.classList.add("lw-reach");
    reach.dataset.arc = arc.key;
    line.classList.add("lw-bow", ...looks(arc));
    line.style.setProperty("--lw-color", arc.color);
    const heads = bow.ends.flatMap((end, side) => {
      if (end !== "arrow") return [];
      const head = this.#page.createElementNS(SVG, "path");
      const x = side === 0 ? bow.left : bow.right;
      head.setAttribute("d", `M${x - 4} ${foot - 7}h8l-4 7Z`);
      head.classList.add("lw-head", ...looks(arc));
      head.style.setProperty("--lw-color", arc.color);
      return [head as SVGElement];
    });
    return [line, reach, ...heads];
  }

  #word(bow: Bow, arc: Drawn, top: number): HTMLElement {
    const word = this.#made("span", ["lw-arc", ...looks(arc)].join(" "), arc.title || "–");
    word.dir = "auto";
    word.dataset.arc = arc.key;
    word.title = arc.says;
    word.style.setProperty("--lw-color", arc.color);
    word.style.left = `${bow.word}px`;
    word.style.top = `${top}px`;
    return word;
  }

  #width(words: string): number {
    const known = this.#widths.get(words);
    if (known !== undefined) return known;
    if (this.#pen) this.#pen.font = this.#font ||= `${WORD} ${getComputedStyle(this.scroller).fontFamily}`;
    const width = Math.min(this.#pen?.measureText(words).width ?? words.length * 6.5, LONGEST);
    this.#widths.set(words, width);
    return width;
  }

  /** Scrolls to a token with the arcs above it, and no further than is needed. */
  reveal(n: number): void {
    const cell = this.#cells[n];
    if (!cell) return;
    const [view, box] = [this.scroller.getBoundingClientRect(), cell.getBoundingClientRect()];
    if (box.bottom > view.bottom - EDGE) this.scroller.scrollTop += box.bottom - view.bottom + EDGE;
    if (box.top < view.top + EDGE) this.scroller.scrollTop -= view.top + EDGE - box.top;
  }

  /** The token above or below another one, the nearest by the eye. */
  beside(n: number, way: -1 | 1): number {
    const here = this.#cells[n]?.getBoundingClientRect();
    if (!here) return -1;
    const middle = here.left + here.width / 2;
    let [best, least, line] = [-1, Number.POSITIVE_INFINITY, Number.NaN];
    for (let at = n + way; at >= 0 && at < this.#cells.length; at += way) {
      const { top, bottom, left, width } = (this.#cells[at] as HTMLElement).getBoundingClientRect();
      if (top < here.bottom - 1 && bottom > here.top + 1) continue;
      if (Number.isNaN(line)) line = top;
      else if (Math.abs(top - line) > 1) break;
      const far = Math.abs(left + width / 2 - middle);
      if (far < least) [best, least] = [at, far];
    }
    return best;
  }

  /** Words grow, and everything with them. */
  set size(pixels: number) {
    this.scroller.style.setProperty("--lw-form-size", `${pixels}px`);
    this.lay();
  }
}

/** Pixels of the longest word of an arc; what is longer is cut. */
const LONGEST = 130;
/** Pixels that stay between a token and the edge of what is seen. */
const EDGE = 12;

function looks({ suggested, on, asked, from }: Drawn): string[] {
  return [
    ...(suggested ? ["lw-guess"] : []),
    ...(on ? ["lw-on"] : []),
    ...(asked ? ["lw-asked"] : []),
    ...(from === null ? ["lw-root-mark"] : []),
  ];
}

/** Up, along, down, with round corners; what goes out of the line has one of the uprights only. */
function pathOf({ left, right, ends }: Bow, top: number, foot: number): string {
  if (left === right) return `M${left} ${top}V${foot - 6}`;
  const r = Math.min(CORNER, (right - left) / 2, foot - top);
  const low = (end: string) => (end === "arrow" ? foot - 6 : foot);
  const start =
    ends[0] === "out" ? `M${left} ${top}` : `M${left} ${low(ends[0])}V${top + r}q0 ${-r} ${r} ${-r}`;
  const end = ends[1] === "out" ? `H${right}` : `H${right - r}q${r} 0 ${r} ${r}V${low(ends[1])}`;
  return start + end;
}
