/** What is being made of the task on the desk: values, past, confidence; laid aside and taken up again. */
import { type Answer, completeValues, plainValues, sameJson } from "./annotations.ts";
import type { Courier } from "./courier.ts";
import { Drafts } from "./drafts.ts";
import type { History, Past } from "./history.ts";
import type { SchemaJson, Values } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import { Cell } from "./signal.ts";
import { untouched } from "./suggest.ts";
import { type Entry, type Item, keyOf } from "./tray.ts";

export type Confidence = "sure" | "unsure" | null;

export interface Work {
  values: Values;
  past: Past;
  confidence: Confidence;
}

export const NO_PAST: Past = { done: [], undone: [] };

export class Bench {
  readonly confidence = new Cell<Confidence>(null);
  readonly drafts: Drafts;
  readonly #answer: Answer;
  readonly #history: History;
  readonly #courier: Courier;
  /** Work on tasks that left the desk unanswered, by task key. */
  readonly #asides = new Map<string, Work>();

  constructor(answer: Answer, history: History, courier: Courier, scope: Scope) {
    this.#answer = answer;
    this.#history = history;
    this.#courier = courier;
    this.drafts = new Drafts(courier, scope);
  }

  get work(): Work {
    return {
      values: this.#answer.values.value,
      past: this.#history.past.value,
      confidence: this.confidence.value,
    };
  }

  /** Keeps what was begun on the item that leaves the desk. */
  layAside(item: Item | null): void {
    this.drafts.flush();
    if (item) this.#asides.set(keyOf(item.task.push), this.work);
  }

  /** What the item will show when it is next on the desk. */
  prepare(key: string, work: Work): void {
    this.#asides.set(key, work);
  }

  isPrepared(key: string): boolean {
    return this.#asides.has(key);
  }

  /** Takes up an item, silently. */
  load(item: Item | null): void {
    const work = this.#workOn(item);
    this.#answer.load(work.values);
    this.#history.load(work.past);
    this.confidence.set(work.confidence);
    this.drafts.start(
      item && { task: item.task.push, base: this.baseOf(item), values: () => this.work.values },
    );
  }

  /** The item's answer, or nothing but what a model suggests. */
  baseOf({ task, entry }: Item): Values {
    return completeValues(this.#schema, entry?.values ?? untouched(this.#schema, task.push));
  }

  /** Whether nothing has been done to the item on the desk, not even undone. */
  isFresh(item: Item): boolean {
    const { canUndo, canRedo } = this.#history;
    return !canUndo && !canRedo && sameJson(this.work.values, this.baseOf(item));
  }

  /** Whether submitting would only say again what an answer says already. */
  says(entry: Entry): boolean {
    const said = completeValues(this.#schema, plainValues(entry.values));
    return entry.confidence === this.confidence.value && sameJson(said, plainValues(this.work.values));
  }

  get #schema(): SchemaJson {
    return this.#answer.schema;
  }

  #workOn(item: Item | null): Work {
    if (!item) return { values: {}, past: NO_PAST, confidence: null };
    const { push } = item.task;
    const key = keyOf(push);
    const aside = this.#asides.get(key);
    this.#asides.delete(key);
    if (aside) return aside;
    const draft = this.#courier.outbox.draft(key) ?? push.draft;
    const { past = NO_PAST, confidence = null } = item.entry ?? {};
    return { values: draft ?? this.baseOf(item), past, confidence };
  }
}
