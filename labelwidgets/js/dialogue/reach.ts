/** What of the words is selected, by pointer or by keys, as units of the dialogue's text within one turn. */

import type { Scope } from "../core/scope.ts";
import { Cell } from "../core/signal.ts";
import type { Range } from "../text/edges.ts";
import { type Said, type Talk, turnAt } from "./talk.ts";
import type { View } from "./view.ts";

export interface Stretch {
  readonly turn: number;
  /** Where it began, and where it is moved; equal: a caret. */
  readonly anchor: number;
  readonly head: number;
}

export function rangeOf({ anchor, head }: Stretch): Range {
  return anchor < head ? [anchor, head] : [head, anchor];
}

export class Reach {
  /** Null while nothing was pointed at. */
  readonly stretch = new Cell<Stretch | null>(null);
  readonly #view: View;
  readonly #talk: () => Talk;
  readonly #before: Stretch[] = [];
  #isOurs = false;

  constructor(view: View, talk: () => Talk, scope: Scope) {
    this.#view = view;
    this.#talk = talk;
    scope.listen(document, "selectionchange", () => this.#selected());
  }

  /** What is selected, null when it is nothing or only a caret. */
  get range(): Range | null {
    const { value } = this.stretch;
    return value && value.anchor !== value.head ? rangeOf(value) : null;
  }

  set(turn: number, anchor: number, head = anchor): void {
    const { start, end } = this.#talk().turns[turn] as Said;
    const within = (unit: number) => Math.max(start, Math.min(end, unit));
    this.stretch.set({ turn, anchor: within(anchor), head: within(head) });
    this.#show();
  }

  clear(): void {
    this.#before.length = 0;
    if (this.stretch.value === null) return;
    this.stretch.set(null);
    this.#show();
  }

  /** Moves the caret, or with `extend` the end of what is selected. */
  move(turn: number, to: (unit: number) => number, extend: boolean): void {
    this.#before.length = 0;
    const now = this.#at(turn);
    const head = to(now.head);
    // Without Shift what was selected falls together at the side one goes to.
    const [from, until] = rangeOf(now);
    if (extend) this.set(turn, now.anchor, head);
    else if (from !== until) this.set(turn, head > now.head ? until : from);
    else this.set(turn, head);
  }

  /** Selects the first of `sizes` that is larger than what is selected. */
  grow(turn: number, sizes: readonly ((unit: number) => Range)[]): void {
    const now = this.#at(turn);
    const [start, end] = rangeOf(now);
    for (const size of sizes) {
      const [from, to] = size(start);
      if (from > start || to < end || (from === start && to === end)) continue;
      this.#before.push(now);
      this.set(turn, from, to);
      return;
    }
  }

  shrink(): boolean {
    const before = this.#before.pop();
    if (before) this.set(before.turn, before.anchor, before.head);
    return before !== undefined;
  }

  #at(turn: number): Stretch {
    const { value } = this.stretch;
    const { start } = this.#talk().turns[turn] as Said;
    return value?.turn === turn ? value : { turn, anchor: start, head: start };
  }

  /** The page's own selection shows ours. */
  #show(): void {
    const { value } = this.stretch;
    const selection = document.getSelection();
    const [anchor, head] = value
      ? [this.#view.placeOf(value.turn, value.anchor), this.#view.placeOf(value.turn, value.head)]
      : [null, null];
    this.#isOurs = true;
    if (anchor && head) selection?.setBaseAndExtent(...anchor, ...head);
    else selection?.removeAllRanges();
  }

  /** Somebody has selected with pointer, finger or the browser's own keys. */
  #selected(): void {
    if (this.#isOurs) {
      this.#isOurs = false;
      return;
    }
    const selection = document.getSelection();
    const { anchorNode, focusNode } = selection ?? {};
    if (!selection || !anchorNode || !focusNode) return;
    if (!this.#view.list.contains(anchorNode) || !this.#view.list.contains(focusNode)) return;
    const anchor = this.#view.unitAt(anchorNode, selection.anchorOffset);
    const head = this.#view.unitAt(focusNode, selection.focusOffset);
    if (anchor === null || head === null) return;
    const turn = this.#view.turnOf(anchorNode);
    const { start, end } = this.#talk().turns[turn] ?? { start: 0, end: 0 };
    const within = (unit: number) => Math.max(start, Math.min(end, unit));
    this.#before.length = 0;
    this.stretch.set({ turn, anchor: within(anchor), head: within(head) });
  }

  /** The turn of what is selected. */
  get turn(): number {
    return this.stretch.value?.turn ?? turnAt(this.#talk(), 0);
  }
}
