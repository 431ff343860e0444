/** Selecting by mouse, pen and finger, and dragging the edges of spans. */

import type { Scope } from "../core/scope.ts";
import type { Board } from "./board.ts";
import type { Caret, Ends } from "./caret.ts";
import type { Range } from "./edges.ts";
import { type Edge, Over } from "./over.ts";
import type { Page } from "./page.ts";
import { type Placed, reshaped } from "./spans.ts";

export interface PointerActs {
  /** A stretch was selected; `join`: to be another part of a span; `again`: in place of what the click before made. */
  selected(stretch: Range, how: { join: boolean; again: boolean }): void;
  /** The edge of a span is being dragged: as it would be; null when that is over. */
  dragged(parts: readonly Range[] | null): void;
  dropped(span: Placed, parts: readonly Range[]): void;
  hover(key: string | null): void;
}

interface Press {
  readonly kind: "press";
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  readonly clicks: number;
  readonly join: boolean;
  readonly extend: boolean;
  /** Spans under the pointer, the shortest first. */
  readonly stack: readonly Placed[];
  /** Key of the relation whose word is under the pointer. */
  readonly tie: string | null;
}

interface Selecting {
  readonly kind: "select";
  readonly id: number;
  readonly press: Press;
  readonly before: Ends;
  /** What the press selected already: a word, a sentence. */
  readonly from: Range;
  /** By whole words. */
  readonly words: boolean;
}

interface Dragging {
  readonly kind: "edge";
  readonly id: number;
  readonly span: Placed;
  readonly edge: Edge;
  parts: readonly Range[];
}

type Doing = Press | Selecting | Dragging | null;

const AGAIN_MS = 450;
const HOLD_MS = 380;
const NEAR_PX = 6;
const TRAVEL_PX = { mouse: 4, pen: 6, touch: 10 } as const;
/** Px from the window's edge in which a drag scrolls. */
const MARGIN_PX = 28;

export class PointerInput {
  readonly #page: Page;
  readonly #board: Board;
  readonly #caret: Caret;
  readonly #acts: PointerActs;
  readonly #scope: Scope;
  readonly #mac: boolean;
  #doing: Doing = null;
  #last: { x: number; y: number; at: number; clicks: number; key: string | null } | null = null;
  #stopHold: () => void = () => {};
  #scrolls = false;
  /** An event of the pointer is being dealt with. */
  isBusy = false;
  #at: { x: number; y: number } = { x: 0, y: 0 };

  constructor(page: Page, board: Board, caret: Caret, acts: PointerActs, mac: boolean, scope: Scope) {
    this.#page = page;
    this.#board = board;
    this.#caret = caret;
    this.#acts = acts;
    this.#mac = mac;
    this.#scope = scope;
    const { scroller } = page;
    scope.listen(scroller, "pointerdown", (event) => {
      this.isBusy = true;
      this.#pressed(event);
      this.isBusy = false;
    });
    scope.listen(scroller, "pointermove", (event) => this.#moved(event));
    scope.listen(scroller, "pointerup", (event) => {
      this.isBusy = true;
      this.#lifted(event);
      this.isBusy = false;
    });
    scope.listen(scroller, "pointercancel", () => this.cancel());
    scope.listen(scroller, "pointerleave", () => this.#doing ?? acts.hover(null));
    // Once a finger selects, it does not scroll.
    scope.listen(
      scroller,
      "touchmove",
      (event) => {
        if (this.#doing && this.#doing.kind !== "press" && event.cancelable) event.preventDefault();
      },
      { passive: false },
    );
    scope.listen(scroller, "contextmenu", (event) => this.#doing && event.preventDefault());
  }

  /** Ends the gesture as if it had not been; false when there is none. */
  cancel(): boolean {
    const doing = this.#doing;
    this.#end();
    if (doing?.kind === "select") this.#caret.set(doing.before.anchor, doing.before.focus);
    return doing !== null && doing.kind !== "press";
  }

  /** Another text is under the pointer. */
  reset(): void {
    this.#end();
    this.#last = null;
  }

  #end(): void {
    const doing = this.#doing;
    this.#doing = null;
    this.#stopHold();
    this.#acts.dragged(null);
    const { scroller } = this.#page;
    scroller.classList.remove("lw-pulls");
    if (doing && scroller.hasPointerCapture(doing.id)) scroller.releasePointerCapture(doing.id);
  }

  #pressed(event: PointerEvent): void {
    if (event.button !== 0 || this.#doing || (this.#mac && event.ctrlKey) || this.#isScrollbar(event)) return;
    this.#page.scroller.focus({ preventScroll: true });
    this.#at = { x: event.clientX, y: event.clientY };
    const edge = Over.edgeOf(event.target);
    const [span] = this.#board.selected;
    this.#acts.hover(null);
    if (edge && span) {
      this.#doing = { kind: "edge", id: event.pointerId, span, edge, parts: span.parts };
      // What is dragged must not be under the pointer when it is asked what is.
      this.#page.scroller.classList.add("lw-pulls");
      this.#capture(event.pointerId);
      return;
    }
    this.#doing = this.#press(event);
    const device = event.pointerType;
    if (device === "touch") this.#stopHold = this.#scope.timeout(() => this.#held(), HOLD_MS);
    else this.#capture(event.pointerId);
  }

  #isScrollbar({ target, clientX }: PointerEvent): boolean {
    const { scroller } = this.#page;
    return target === scroller && clientX > scroller.getBoundingClientRect().left + scroller.clientWidth;
  }

  #press(event: PointerEvent): Press {
    const { clientX: x, clientY: y } = event;
    const again =
      this.#last !== null &&
      event.timeStamp - this.#last.at < AGAIN_MS &&
      Math.hypot(x - this.#last.x, y - this.#last.y) < NEAR_PX;
    const mod = this.#mac ? event.metaKey : event.ctrlKey;
    return {
      kind: "press",
      id: event.pointerId,
      x,
      y,
      unit: this.#page.unitAt(x, y),
      clicks: again ? (this.#last?.clicks ?? 0) + 1 : 1,
      join: mod,
      extend: event.shiftKey,
      stack: this.#stack(event.target, x, y),
      tie: this.#tieAt(event.target),
    };
  }

  #tieAt(target: EventTarget | null): string | null {
    const key = (target as HTMLElement | null)?.dataset?.key;
    return key !== undefined && this.#board.ties.get(key) ? key : null;
  }

  /** The span whose word is pointed at, else those whose letters are, the shortest first. */
  #stack(target: EventTarget | null, x: number, y: number): readonly Placed[] {
    const key = (target as HTMLElement | null)?.dataset?.key;
    const unit = this.#page.unitAt(x, y);
    const there = this.#board.at(unit);
    if (key !== undefined) {
      const named = this.#board.get(key);
      return named ? [named, ...there.filter((span) => span !== named)] : there;
    }
    return there.filter(({ parts }) => parts.some((part) => this.#page.holds(part, unit, x, y)));
  }

  /** A finger that rests begins to select, by words. */
  #held(): void {
    const doing = this.#doing;
    if (doing?.kind !== "press" || !this.#board.editable) return;
    this.#capture(doing.id);
    this.#select(doing, true);
  }

  #select(press: Press, words: boolean): void {
    const { edges } = this.#board.doc;
    const from: Range = words ? this.#unitOf(press) : [press.unit, press.unit];
    const before = this.#caret.ends.value;
    this.#doing = { kind: "select", id: press.id, press, before, from, words };
    if (!press.join) this.#board.select([]);
    this.#caret.set(from[0], words ? from[1] : edges.nearest(press.unit));
  }

  /** What so many clicks select: a word, a sentence, a paragraph. */
  #unitOf({ unit, clicks }: Press): Range {
    const { edges } = this.#board.doc;
    if (clicks <= 2) return edges.toWords(edges.word(unit));
    return clicks === 3 ? edges.sentence(unit) : edges.paragraph(unit);
  }

  #moved(event: PointerEvent): void {
    const doing = this.#doing;
    this.#at = { x: event.clientX, y: event.clientY };
    if (!doing) this.#hover(event);
    else if (doing.id !== event.pointerId) return;
    else if (doing.kind === "press") this.#travel(doing, event);
    else {
      this.#follow();
      this.#scroll();
    }
  }

  #travel(press: Press, event: PointerEvent): void {
    const device = event.pointerType === "touch" || event.pointerType === "pen" ? event.pointerType : "mouse";
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < TRAVEL_PX[device]) return;
    // A finger that moves at once scrolls.
    if (device === "touch") this.#end();
    else {
      this.#select(press, press.clicks > 1);
      this.#follow();
    }
  }

  /** Brings the selection, or the edge, to where the pointer is. */
  #follow(): void {
    const doing = this.#doing;
    const { x, y } = this.#at;
    const unit = this.#page.unitAt(x, y);
    const { edges } = this.#board.doc;
    if (doing?.kind === "select") {
      const [start, end] = doing.from;
      const to = doing.words ? edges.toWords(edges.word(unit)) : ([unit, unit] as Range);
      if (unit < start) this.#caret.set(end, Math.min(to[0], start));
      else this.#caret.set(start, doing.words ? Math.max(to[1], end) : unit);
    } else if (doing?.kind === "edge") {
      doing.parts = reshaped(doing.span.parts, doing.edge, unit, (range) => this.#board.snapped(range));
      this.#acts.dragged(doing.parts);
    }
  }

  /** Scrolls as long as the pointer is at the edge of the window. */
  #scroll(): void {
    const doing = this.#doing;
    const { top, bottom } = this.#page.scroller.getBoundingClientRect();
    const { y } = this.#at;
    const by = y < top + MARGIN_PX ? y - top - MARGIN_PX : Math.max(0, y - bottom + MARGIN_PX);
    if (this.#scrolls || by === 0 || !doing || doing.kind === "press") return;
    this.#scrolls = true;
    this.#scope.frame(() => {
      this.#scrolls = false;
      this.#page.scroller.scrollTop += Math.max(-40, Math.min(40, by / 2));
      this.#follow();
      this.#scroll();
    });
  }

  #lifted(event: PointerEvent): void {
    const doing = this.#doing;
    if (!doing || doing.id !== event.pointerId) return;
    this.#end();
    if (doing.kind === "edge") this.#acts.dropped(doing.span, doing.parts);
    else if (doing.kind === "select")
      this.#acts.selected(this.#caret.live, { join: doing.press.join, again: false });
    else this.#click(doing, event);
  }

  #click(press: Press, event: PointerEvent): void {
    const { x, y, clicks, stack } = press;
    const tie = press.tie === null ? undefined : this.#board.ties.get(press.tie);
    if (tie) {
      this.#board.ties.select(tie);
      return;
    }
    const key = press.extend || press.join ? null : this.#clickSpan(press);
    this.#last = { x, y, at: event.timeStamp, clicks, key };
    if (key !== null) return;
    const toggled = press.extend && stack[0];
    if (toggled) this.#board.select([toggled], "toggle");
    else if (press.extend) {
      this.#caret.set(this.#caret.ends.value.anchor, press.unit);
      this.#acts.selected(this.#caret.live, { join: false, again: false });
    } else if (clicks > 1 && this.#board.editable) {
      const [start, end] = this.#unitOf(press);
      this.#caret.set(start, end);
      this.#acts.selected(this.#caret.live, { join: press.join, again: clicks > 2 });
    } else if (!press.join) {
      this.#board.select([]);
      this.#caret.place(press.unit);
    }
  }

  /** A click at the place of the last one reaches the next span below; returns the key of what it selected. */
  #clickSpan({ x, y, clicks, stack }: Press): string | null {
    // The word that two clicks made is there for the third one to be more.
    if (clicks > 2 && this.#last?.key === null) return null;
    const first = stack[0];
    if (!first) return null;
    const same = this.#last && Math.hypot(x - this.#last.x, y - this.#last.y) < NEAR_PX;
    const at = same ? stack.findIndex((span) => span.key === this.#last?.key) : -1;
    const own = stack.find((span) => this.#board.isSelected(span.key));
    const next = at >= 0 ? (stack[(at + 1) % stack.length] as Placed) : (own ?? first);
    this.#caret.collapse(next.start);
    this.#board.select([next]);
    return next.key;
  }

  #hover(event: PointerEvent): void {
    if (event.pointerType === "touch") return;
    const tie = this.#tieAt(event.target);
    const [span] = tie === null ? this.#stack(event.target, event.clientX, event.clientY) : [];
    const key = tie ?? span?.key ?? null;
    this.#page.scroller.style.cursor = key === null ? "text" : "pointer";
    this.#acts.hover(key);
  }

  #capture(id: number): void {
    // A pointer that is gone already (a synthetic event, a lifted pen) can't be captured; the gesture goes on.
    try {
      this.#page.scroller.setPointerCapture(id);
    } catch {}
  }
}
