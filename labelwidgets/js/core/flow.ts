/** How tasks come to the desk and leave it, in one turn each: nothing here waits for the kernel. */
import type { Answer } from "./annotations.ts";
import { Bench } from "./bench.ts";
import type { Courier } from "./courier.ts";
import type { Problem } from "./desk.ts";
import type { History } from "./history.ts";
import type { Answered } from "./model.ts";
import type { Push, State } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import type { Selection } from "./selection.ts";
import { batch, Cell, type Signal } from "./signal.ts";
import { Stopwatch } from "./stopwatch.ts";
import { type Entry, type Item, keyOf, Tray } from "./tray.ts";

export interface FlowParts {
  state: Signal<State>;
  answer: Answer;
  history: History;
  selection: Selection;
  courier: Courier;
  scope: Scope;
  now: (() => number) | undefined;
}

export class Flow {
  readonly tray = new Tray();
  readonly bench: Bench;
  readonly watch: Stopwatch;
  /** Open tasks for this person beyond those in the page; null until the kernel has said. */
  readonly left = new Cell<number | null>(null);
  readonly problems = new Cell<readonly Problem[]>([]);
  readonly said = new Cell("");
  /** Refused acts that the person is mending, by task key. */
  readonly mending = new Map<string, string>();
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.watch = new Stopwatch(parts.now);
    this.bench = new Bench(parts.answer, parts.history, parts.courier, parts.scope);
  }

  get item(): Item | null {
    return this.tray.current.value;
  }

  get isGrid(): boolean {
    return this.#parts.state.value.mode === "grid";
  }

  push(
    { tasks, left }: Pick<Push, "tasks"> & { left?: number | undefined },
    buffers: readonly Uint8Array[],
  ): void {
    batch(() => {
      this.tray.add(tasks, buffers);
      // Open, but with others: nothing for this person, unless an answer of theirs is under way.
      const nothing =
        tasks.length === 0 && this.tray.isEmpty && this.#parts.courier.saving.value.pending === 0;
      if (left !== undefined) this.left.set(nothing ? 0 : left);
      if (!this.item) this.next();
    });
  }

  /** Tasks that came in the answer to a question. */
  receive({ reply, buffers }: Answered): void {
    const { tasks = [], left } = reply as unknown as Partial<Push>;
    this.push({ tasks, left }, buffers);
  }

  /** A task by its id: from the page, or from the kernel with its answer. */
  async fetch(task: number): Promise<Item> {
    const here = this.tray.find(task);
    if (here) return here;
    this.receive(await this.#parts.courier.ask("goto", { task }));
    const come = this.tray.find(task);
    if (!come) throw new Error("The kernel did not send this item.");
    return come;
  }

  next(): void {
    if (this.isGrid) return;
    batch(() => {
      this.tray.next();
      this.#load(this.item);
    });
  }

  /** Lays an item on the desk; what lay there comes next again, with what was begun on it. */
  lay(item: Item): void {
    const { item: current } = this;
    const key = keyOf(item.task.push);
    const isThere = current !== null && keyOf(current.task.push) === key;
    if (isThere && !this.bench.isPrepared(key)) return;
    batch(() => {
      if (!isThere) this.bench.layAside(current);
      this.tray.lay(item);
      this.#load(item);
    });
    this.say(`${nameOf(item)} is on the desk.`);
  }

  /** Remembers the answer and shows the next task. */
  finish(item: Item, entry: Entry, what: string): true {
    batch(() => {
      this.tray.remember(item, entry);
      this.tray.taken.set([]);
      this.next();
    });
    return this.say(this.item ? `${what} Next: ${nameOf(this.item)}.` : what);
  }

  /** What the kernel refused about the task that is being mended. */
  refusalOf(key: string): Problem[] {
    const refused = this.#parts.courier.outbox.get(this.mending.get(key) ?? "")?.refused;
    return refused ? [{ field: refused.field, reason: refused.reason }] : [];
  }

  /** Says what went wrong in an act that had to ask the kernel. */
  report(done: Promise<void>): true {
    done.catch((error: Error) => this.say(error.message));
    return true;
  }

  say(text: string): true {
    this.said.set(text);
    return true;
  }

  #load(item: Item | null): void {
    this.bench.load(item);
    this.#parts.selection.clear();
    this.problems.set(item ? this.refusalOf(keyOf(item.task.push)) : []);
    this.watch.start();
  }
}

export function nameOf({ task }: Item): string {
  return task.push.media.name || `item ${task.push.id}`;
}
