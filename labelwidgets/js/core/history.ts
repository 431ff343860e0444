/** Undo and redo of what the person did to one task, gesture by gesture. */
import type { Answer, Change } from "./annotations.ts";
import { Cell, type Signal } from "./signal.ts";

/** Gestures kept per task: enough for a day's second thoughts, bounded for 20,000 regions. */
const DEPTH = 200;

/** Typed fields: what is typed in one go is taken back in one go. */
const TYPED: ReadonlySet<string> = new Set(["text", "number"]);

interface Step {
  gesture: number;
  /** One per field, from before the gesture to after it. */
  changes: Change[];
}

/** What was done to a task; kept with an answer so that going back to it can go on undoing. */
export interface Past {
  done: readonly Step[];
  undone: readonly Step[];
}

const EMPTY: Past = { done: [], undone: [] };

export class History {
  readonly #answer: Answer;
  readonly #past = new Cell<Past>(EMPTY);
  #replaying = false;

  constructor(answer: Answer) {
    this.#answer = answer;
    answer.onChange((change) => this.#record(change));
  }

  /** Changes whenever something can be undone or redone that could not before, or the reverse. */
  get past(): Signal<Past> {
    return this.#past;
  }

  get canUndo(): boolean {
    return this.#past.value.done.length > 0;
  }

  get canRedo(): boolean {
    return this.#past.value.undone.length > 0;
  }

  /** Whether a change that is being told comes from undo or redo itself. */
  get replaying(): boolean {
    return this.#replaying;
  }

  /** Takes back the last gesture; false when there is none. */
  undo(): boolean {
    const { done, undone } = this.#past.value;
    const step = done.at(-1);
    if (!step) return false;
    this.#replay([...step.changes].reverse().map(({ field, before }) => [field, before]));
    this.#past.set({ done: done.slice(0, -1), undone: [...undone, step] });
    return true;
  }

  redo(): boolean {
    const { done, undone } = this.#past.value;
    const step = undone.at(-1);
    if (!step) return false;
    this.#replay(step.changes.map(({ field, after }) => [field, after]));
    this.#past.set({ done: [...done, step], undone: undone.slice(0, -1) });
    return true;
  }

  /** Another task is on the desk, with its own past. */
  load(past: Past = EMPTY): void {
    this.#past.set(past);
  }

  #replay(values: [string, Change["before"]][]): void {
    this.#replaying = true;
    try {
      this.#answer.gesture(() => {
        for (const [field, value] of values) this.#answer.set(field, value);
      });
    } finally {
      this.#replaying = false;
    }
  }

  #record(change: Change): void {
    if (this.#replaying) return;
    if (change.origin === "local") this.#past.set({ done: this.#extended(change), undone: [] });
    else if (change.origin === "remote") this.#forget(change.field);
  }

  #extended(change: Change): Step[] {
    const done = this.#past.value.done;
    const last = done.at(-1);
    if (!last || !this.#continues(last, change)) {
      return [...done.slice(1 - DEPTH), { gesture: change.gesture, changes: [change] }];
    }
    return [...done.slice(0, -1), { gesture: change.gesture, changes: merged(last.changes, change) }];
  }

  #continues(step: Step, change: Change): boolean {
    if (step.gesture === change.gesture) return true;
    return (
      step.changes.length === 1 && step.changes[0]?.field === change.field && this.#isTyped(change.field)
    );
  }

  #isTyped(field: string): boolean {
    const kind = this.#answer.schema.fields.find(({ name }) => name === field)?.kind;
    return kind !== undefined && TYPED.has(kind);
  }

  /** Undoing past what the kernel wrote would bring back what is no longer so. */
  #forget(field: string): void {
    const without = (steps: readonly Step[]) =>
      steps.flatMap(({ gesture, changes }) => {
        const rest = changes.filter((change) => change.field !== field);
        return rest.length > 0 ? [{ gesture, changes: rest }] : [];
      });
    const { done, undone } = this.#past.value;
    this.#past.set({ done: without(done), undone: without(undone) });
  }
}

function merged(changes: readonly Change[], change: Change): Change[] {
  const first = changes.find(({ field }) => field === change.field);
  if (!first) return [...changes, change];
  const whole = { ...change, before: first.before, ids: null };
  return changes.map((each) => (each === first ? whole : each));
}
