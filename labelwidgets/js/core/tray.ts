/** The tasks in the page: those ahead, the one on the desk, and the last ten answered. */

import type { DeskTask } from "./desk.ts";
import type { Past } from "./history.ts";
import type { Push, TaskPush, Values } from "./protocol.ts";
import { batch, Cell } from "./signal.ts";

const ANSWERED = 10;

/** An answer of this page that can be looked at again or taken back. */
export interface Entry {
  /** Id of the act that answered. */
  act: string;
  kind: "submit" | "skip";
  reason: string;
  values: Values;
  past: Past;
  confidence: "sure" | "unsure" | null;
  /** Answers of one batch (grid mode) are taken back together. */
  batch: number;
  /** The answer that this one is a new version of: it holds again when this one is taken back. */
  before: Entry | null;
}

export interface Item {
  readonly task: DeskTask;
  /** The answer it has; null when it has none (any more). */
  readonly entry: Entry | null;
}

export interface Answered extends Item {
  readonly entry: Entry;
}

/** One asking of a task; a later round is another. */
export function keyOf({ id, round }: { id: number; round: number }): string {
  return `${id}/${round}`;
}

export class Tray {
  readonly current = new Cell<Item | null>(null);
  readonly ahead = new Cell<readonly Item[]>([]);
  /** Oldest first. */
  readonly answered = new Cell<readonly Answered[]>([]);
  /** Answers taken back, last one last: redo gives them again. */
  readonly taken = new Cell<readonly { key: string; entry: Entry }[]>([]);
  /** Answers of an earlier page load, oldest first: known by id only, fetched when wanted. */
  readonly earlier = new Cell<readonly { act: string; task: number }[]>([]);
  /** Answered here or in another tab: a push that crossed the answer doesn't bring it back. */
  readonly #closed = new Set<string>();

  /** Adds what the kernel pushed; what is known, or answered and not opened again, is left out. */
  add(tasks: readonly TaskPush[], buffers: readonly Uint8Array[]): void {
    const fresh = tasks.filter(
      (push) => !this.has(keyOf(push)) && (push.answer || !this.#closed.has(keyOf(push))),
    );
    if (fresh.length > 0)
      this.ahead.update((ahead) => [...ahead, ...fresh.map((push) => itemOf(push, buffers))]);
  }

  has(key: string): boolean {
    const { value: current } = this.current;
    return [...this.ahead.value, ...(current ? [current] : [])].some(({ task }) => keyOf(task.push) === key);
  }

  /** Ids of the tasks held, for the renewal of their leases. */
  get isEmpty(): boolean {
    return this.current.value === null && this.ahead.value.length === 0;
  }

  held(): number[] {
    const { value: current } = this.current;
    return [...(current ? [current] : []), ...this.ahead.value]
      .filter(({ entry }) => !entry)
      .map(({ task }) => task.push.id);
  }

  close(key: string): void {
    this.#closed.add(key);
  }

  reopen(key: string): void {
    this.#closed.delete(key);
  }

  /** Lays the next one on the desk. */
  next(): void {
    const [first = null, ...rest] = this.ahead.value;
    batch(() => {
      this.ahead.set(rest);
      this.current.set(first);
    });
  }

  /** Lays an item on the desk; what lay there comes next again. */
  lay(item: Item): void {
    const key = keyOf(item.task.push);
    const { value: current } = this.current;
    const before = current && keyOf(current.task.push) !== key ? [current] : [];
    const rest = this.ahead.value.filter(({ task }) => keyOf(task.push) !== key);
    batch(() => {
      this.ahead.set([...before, ...rest]);
      this.current.set(item);
    });
  }

  /** Replaces the task of an item wherever it is (a comment, a flag). */
  change(id: number, fn: (push: TaskPush) => TaskPush): void {
    const changed = <T extends Item>(item: T): T =>
      item.task.push.id === id ? { ...item, task: { ...item.task, push: fn(item.task.push) } } : item;
    batch(() => {
      this.current.update((item) => item && changed(item));
      this.ahead.update((items) => items.map(changed));
      this.answered.update((items) => items.map(changed));
    });
  }

  remember(item: Item, entry: Entry): void {
    this.close(keyOf(item.task.push));
    this.answered.update((items) =>
      [...items, { ...item, entry }].slice(-Math.max(ANSWERED, sizeOfBatch(items, entry))),
    );
  }

  /** Whether `act` answered in this page load. */
  isAnswered(act: string): boolean {
    return this.answered.value.some(({ entry }) => entry.act === act);
  }

  /** Takes off the list what `act` answered. */
  unanswer(act: string): void {
    this.answered.update((items) => items.filter(({ entry }) => entry.act !== act));
  }

  /** Takes the last answered one off the list. */
  recall(): Answered | null {
    const last = this.answered.value.at(-1) ?? null;
    if (last) this.answered.update((items) => items.slice(0, -1));
    return last;
  }

  addEarlier(answer: { act: string; task: number }): void {
    this.earlier.update((items) => [...items.filter(({ act }) => act !== answer.act), answer]);
  }

  /** Takes the last answer of an earlier page load off its list. */
  recallEarlier(): { act: string; task: number } | null {
    const last = this.earlier.value.at(-1) ?? null;
    if (last) this.earlier.update((items) => items.slice(0, -1));
    return last;
  }

  find(id: number): Item | null {
    const { value: current } = this.current;
    const everything = [...(current ? [current] : []), ...this.ahead.value, ...this.answered.value];
    return everything.find(({ task }) => task.push.id === id) ?? null;
  }

  /** Forgets a task that is no longer to be answered here. */
  remove(key: string): void {
    this.close(key);
    this.ahead.update((items) => items.filter(({ task }) => keyOf(task.push) !== key));
  }
}

function itemOf(push: TaskPush, buffers: readonly Uint8Array[]): Item {
  const media = push.media.buffer === undefined ? null : (buffers[push.media.buffer] ?? null);
  const answer = push.answer;
  const entry: Entry | null = answer && {
    act: answer.id,
    kind: answer.status === "skipped" ? "skip" : "submit",
    reason: "",
    values: answer.values,
    past: { done: [], undone: [] },
    confidence: answer.confidence as Entry["confidence"],
    batch: 0,
    before: null,
  };
  return { task: { push, media, again: answer !== null }, entry };
}

/** A batch is remembered whole. */
function sizeOfBatch(items: readonly Answered[], { batch: number }: Entry): number {
  return number === 0 ? 0 : items.filter(({ entry }) => entry.batch === number).length + 1;
}

/** The tasks of the binary trait `first`: uint32 length of the header, JSON of a push, the media. */
export function firstOf(trait: unknown): { push: Push; buffers: Uint8Array[] } | null {
  const bytes =
    trait instanceof DataView ? new Uint8Array(trait.buffer, trait.byteOffset, trait.byteLength) : null;
  if (!bytes || bytes.byteLength < 4) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const push = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Push;
  return { push, buffers: [bytes.subarray(4 + length)] };
}
