/** What lies over the text: caret, live selection, edges of the selected span, what was found. */

import type { Range as Stretch } from "./edges.ts";
import type { Page, Rect } from "./page.ts";

export type Edge = "start" | "end";

export interface Shown {
  /** The live selection as it would become a span; empty: only a caret. */
  readonly live: Stretch;
  readonly caret: number;
  /** Where the selected span may be dragged; null for none. */
  readonly grips: Stretch | null;
  /** What was found, and which of it is looked at. */
  readonly hits: readonly Stretch[];
  readonly hit: number;
}

export class Over {
  readonly #page: Page;
  readonly #caret: HTMLElement;
  readonly #grips: Readonly<Record<Edge, HTMLElement>>;
  readonly #live: HTMLElement;
  readonly #hits: HTMLElement;

  constructor(page: Page) {
    this.#page = page;
    this.#hits = this.#add("lw-hits");
    this.#live = this.#add("lw-live");
    this.#caret = this.#add("lw-caret");
    this.#grips = { start: this.#add("lw-grip"), end: this.#add("lw-grip") };
    this.#grips.start.dataset.edge = "start";
    this.#grips.end.dataset.edge = "end";
  }

  #add(name: string): HTMLElement {
    const made = this.#page.over.ownerDocument.createElement("div");
    made.className = name;
    this.#page.over.append(made);
    return made;
  }

  /** The edge whose grip an element is. */
  static edgeOf(target: EventTarget | null): Edge | null {
    return ((target as HTMLElement | null)?.dataset?.edge as Edge | undefined) ?? null;
  }

  show({ live, caret, grips, hits, hit }: Shown): void {
    const page = this.#page;
    // All reading before all writing.
    const rects = live[1] > live[0] ? page.rects(live) : [];
    const at = page.caret(caret);
    const edges = grips && [page.caret(grips[0]), this.#endOf(grips)];
    const [from, to] = this.#inPage();
    const seen = hits.flatMap((stretch, n) =>
      stretch[1] > from && stretch[0] < to
        ? page.rects(stretch).map((rect) => ({ rect, name: n === hit ? "lw-hit lw-on" : "lw-hit" }))
        : [],
    );
    fill(
      this.#live,
      rects.map((rect) => ({ rect, name: "lw-part-of" })),
    );
    fill(this.#hits, seen);
    place(this.#caret, rects.length > 0 ? null : at);
    place(this.#grips.start, edges?.[0] ?? null);
    place(this.#grips.end, edges?.[1] ?? null);
  }

  /** The end of a stretch is behind its last character, also where the next line begins. */
  #endOf([start, end]: Stretch): Rect | null {
    const { edges } = this.#page.doc;
    const last = this.#page.rects([Math.max(start, edges.previous(end)), end]).at(-1);
    const sheet = this.#page.sheetAt(Math.max(start, end - 1));
    return last && sheet ? { ...last, left: sheet.isRtl ? last.left : last.left + last.width } : null;
  }

  #inPage(): Stretch {
    let [from, to] = [Number.POSITIVE_INFINITY, 0];
    for (const { start, end } of this.#page.sheets) {
      from = Math.min(from, start);
      to = Math.max(to, end);
    }
    return [from, to];
  }
}

function place(element: HTMLElement, rect: Rect | null): void {
  element.hidden = rect === null;
  if (!rect) return;
  element.style.transform = `translate(${rect.left.toFixed(1)}px, ${rect.top}px)`;
  element.style.height = `${rect.height}px`;
}

function fill(host: HTMLElement, pieces: readonly { rect: Rect; name: string }[]): void {
  const there = host.children;
  while (there.length > pieces.length) there[there.length - 1]?.remove();
  pieces.forEach(({ rect, name }, n) => {
    const element = (there[n] ?? host.appendChild(host.ownerDocument.createElement("i"))) as HTMLElement;
    element.className = name;
    element.style.cssText = `left:${rect.left.toFixed(1)}px;top:${rect.top}px;width:${Math.max(1, rect.width).toFixed(1)}px;height:${rect.height}px`;
  });
}
