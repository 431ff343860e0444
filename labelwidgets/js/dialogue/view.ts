/** The conversation as elements: built once for a dialogue, changed turn by turn. */

import type { Json } from "../core/protocol.ts";
import type { Board } from "../text/board.ts";
import type { Placed } from "../text/spans.ts";
import { bitsOf } from "./bits.ts";
import type { Chip } from "./labels.ts";
import { initials, type Said, sideOf, type Talk, WHO } from "./talk.ts";

/** What is known of a turn besides its words. */
export interface Dress {
  readonly chips: readonly Chip[];
  /** It still wants a label. */
  readonly open: boolean;
  /** What a turn without labels to choose from can be given, "" for nothing. */
  readonly offer: string;
}

/** Turns that are laid out together; above this many turns only the stretches in sight are. */
const STRETCH = 40;
const MANY = 120;

const PLAIN: Dress = { chips: [], open: false, offer: "" };

export class View {
  readonly list: HTMLElement;
  readonly #page: Document;
  readonly #rows: HTMLElement[] = [];
  readonly #dressed: Dress[] = [];
  readonly #marked: string[] = [];
  /** Where in the dialogue's text a text node begins. */
  readonly #units = new WeakMap<Node, number>();
  #talk: Talk;
  #at = -1;

  constructor(host: HTMLElement, talk: Talk) {
    this.#page = host.ownerDocument;
    this.#talk = talk;
    this.list = this.#made("div", "lw-talk");
    this.list.setAttribute("role", "list");
    this.list.setAttribute("aria-label", "Conversation");
    host.append(this.list);
  }

  open(talk: Talk): void {
    this.#talk = talk;
    this.#at = -1;
    this.#rows.length = this.#dressed.length = this.#marked.length = 0;
    const blank = this.#blank();
    const stretches: HTMLElement[] = [];
    for (let first = 0; first < talk.turns.length; first += STRETCH) {
      const turns = talk.turns.slice(first, first + STRETCH);
      // What is out of sight is neither laid out nor painted, stretch by stretch.
      const stretch = this.#made("div", talk.turns.length > MANY ? "lw-stretch lw-far" : "lw-stretch");
      stretch.append(...turns.map((turn) => this.#row(blank, turn)));
      stretches.push(stretch);
    }
    this.list.replaceChildren(...stretches);
    this.list.scrollTop = 0;
  }

  get count(): number {
    return this.#rows.length;
  }

  row(turn: number): HTMLElement | null {
    return this.#rows[turn] ?? null;
  }

  /** The turn that holds a node, -1 for none. */
  turnOf(node: Node | null): number {
    const element = node?.nodeType === 1 ? (node as Element) : node?.parentElement;
    return Number(element?.closest<HTMLElement>(".lw-turn")?.dataset.turn ?? -1);
  }

  /** The turn on which one is; it is reached by Tab. */
  go(turn: number): void {
    const [before, now] = [this.#rows[this.#at], this.#rows[turn]];
    if (before) {
      before.tabIndex = -1;
      before.removeAttribute("aria-current");
    }
    if (now) {
      now.tabIndex = 0;
      now.setAttribute("aria-current", "true");
    }
    this.#at = turn;
  }

  dress(turn: number, dress: Dress): void {
    const row = this.#rows[turn];
    const before = this.#dressed[turn] ?? PLAIN;
    if (!row || isSame(before, dress)) return;
    this.#dressed[turn] = dress;
    const there = row.querySelector(".lw-chips");
    const made = this.#chips(dress);
    if (there && made) there.replaceWith(made);
    else if (there) there.remove();
    else if (made) row.append(made);
  }

  /** Draws the spans of a turn. */
  mark(turn: number, spans: readonly Placed[], board: Board): void {
    const said = this.#rows[turn]?.querySelector<HTMLElement>(".lw-utter");
    const { start, end } = this.#talk.turns[turn] as Said;
    const sign = spans
      .map(
        (span) =>
          `${span.key} ${span.region.label} ${span.start} ${span.end} ${board.isSelected(span.key)} ${span.suggested} ${span.region.link}`,
      )
      .join("\n");
    if (!said || (this.#marked[turn] ?? "") === sign) return;
    this.#marked[turn] = sign;
    said.replaceChildren(...bitsOf(start, end, spans).map((bit) => this.#bit(bit, board)));
  }

  /** The unit of the text at a place in the page; null outside of the words. */
  unitAt(node: Node, offset: number): number | null {
    const known = this.#units.get(node);
    if (known !== undefined) return known + offset;
    // Between elements: where the next text begins, else where the last one ended.
    const walker = this.#page.createTreeWalker(node, 4);
    const next = node.childNodes[offset] ?? null;
    if (next) walker.currentNode = next;
    const found = next?.nodeType === 3 ? next : walker.nextNode();
    if (found && next && this.#units.has(found)) return this.#units.get(found) as number;
    const turn = this.turnOf(node);
    return turn < 0 ? null : offset === 0 ? this.#turn(turn).start : this.#turn(turn).end;
  }

  /** Node and offset of a unit of the text. */
  placeOf(turn: number, unit: number): [Node, number] | null {
    const said = this.#rows[turn]?.querySelector(".lw-utter");
    if (!said) return null;
    const walker = this.#page.createTreeWalker(said, 4);
    let last: [Node, number] | null = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const start = this.#units.get(node) ?? 0;
      const length = node.nodeValue?.length ?? 0;
      if (unit <= start + length) return [node, Math.max(0, unit - start)];
      last = [node, length];
    }
    return last;
  }

  #turn(turn: number): Said {
    return this.#talk.turns[turn] as Said;
  }

  #made<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, text = ""): HTMLElementTagNameMap[K] {
    const made = this.#page.createElement(tag);
    made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  #text(start: number, end: number): Text {
    const node = this.#page.createTextNode(this.#talk.doc.text.slice(start, end));
    this.#units.set(node, start);
    return node;
  }

  /** A turn of nobody, from which all others are copied: that is three times as fast as making each anew. */
  #blank(): HTMLElement {
    const row = this.#made("div", "lw-turn");
    row.setAttribute("role", "listitem");
    row.tabIndex = -1;
    const head = this.#made("div", "lw-by-whom");
    const sign = this.#made("span", "lw-initials");
    sign.setAttribute("aria-hidden", "true");
    const name = this.#made("span", "lw-speaker");
    name.dir = "auto";
    head.append(sign, name, this.#made("span", "lw-number-of"));
    const words = this.#made("div", "lw-utter");
    words.dir = "auto";
    row.append(head, words);
    return row;
  }

  #row(blank: HTMLElement, turn: Said): HTMLElement {
    const row = blank.cloneNode(true) as HTMLElement;
    row.className = `lw-turn lw-${sideOf(turn.who, this.#talk.speakers.length)} lw-who${turn.who % WHO}${turn.goesOn ? " lw-goes-on" : ""}`;
    row.dataset.turn = String(turn.place);
    const [head, words] = [row.firstChild as HTMLElement, row.lastChild as HTMLElement];
    const [sign, name, number] = head.children as unknown as HTMLElement[];
    (sign as HTMLElement).textContent = initials(turn.speaker);
    (name as HTMLElement).textContent = turn.speaker || "Nobody named";
    (number as HTMLElement).textContent = String(turn.place + 1);
    words.append(this.#text(turn.start, turn.end));
    this.#rows[turn.place] = row;
    return row;
  }

  #chips({ chips, open, offer }: Dress): HTMLElement | null {
    if (chips.length === 0 && !open && !offer) return null;
    const made = this.#made("div", "lw-chips");
    for (const chip of chips) made.append(this.#chip(chip));
    if (chips.length === 0 && open) made.append(this.#made("span", "lw-todo", "not labeled"));
    if (offer) {
      const button = this.#made("button", "lw-chip lw-offer", offer);
      button.type = "button";
      button.tabIndex = -1;
      made.append(button);
    }
    return made;
  }

  #chip({ region, label, place, suggested, field }: Chip): HTMLElement {
    const title = label?.title ?? region.label ?? saidOf(region.attributes);
    const score = suggested && region.score !== null ? ` ${Math.round(region.score * 100)} %` : "";
    const made = this.#made("button", `lw-chip${suggested ? " lw-guess" : ""}`);
    made.type = "button";
    made.tabIndex = -1;
    made.dataset.region = region.id;
    made.dataset.field = field;
    made.dataset.dash = String(place % 4);
    if (label) made.style.setProperty("--lw-color", label.color);
    made.title = suggested ? `Suggested: ${title}. Click to accept.` : `Take back ${title}`;
    const words = this.#made("span", "lw-cut", title + score);
    words.dir = "auto";
    made.append(words);
    if (suggested) made.append(this.#made("span", "lw-unseen", ", suggested"));
    return made;
  }

  #bit(bit: ReturnType<typeof bitsOf>[number], board: Board): Node {
    let node: Node = this.#text(bit.start, bit.end);
    for (const span of [...bit.spans].reverse()) {
      const { color, title } = board.look(span);
      const mark = this.#made("mark", "lw-span");
      mark.dataset.key = span.key;
      mark.classList.toggle("lw-on", board.isSelected(span.key));
      mark.classList.toggle("lw-guess", span.suggested);
      mark.style.setProperty("--lw-color", color);
      // Generated, so that it is neither selected nor copied with the words.
      const entry = board.entry(span);
      if (bit.ends.includes(span) && (title || entry))
        mark.dataset.word = [title, entry && `→ ${entry}`].filter(Boolean).join(" ");
      mark.append(node);
      node = mark;
    }
    return node;
  }
}

/** What attributes say, for a chip without a label. */
function saidOf(attributes: { [name: string]: Json }): string {
  const said = Object.entries(attributes).filter(([, value]) => value !== null && value !== "");
  return said.map(([name, value]) => `${name}: ${[value].flat().join(", ")}`).join(" · ") || "…";
}

function isSame(a: Dress, b: Dress): boolean {
  return (
    a.open === b.open &&
    a.offer === b.offer &&
    a.chips.length === b.chips.length &&
    a.chips.every(
      ({ region, suggested }, i) => region === b.chips[i]?.region && suggested === b.chips[i]?.suggested,
    )
  );
}
