/** Undo and redo of what the person did to one task, gesture by gesture. */
import { type Answer, type Change, sameJson } from "./annotations.ts";
import { Cell, type Signal } from "./signal.ts";

/** Gestures kept per task: enough for a day's second thoughts, bounded for 20,000 regions. */
const DEPTH = 200;

/** Typed fields: what is typed in one go is taken back in one go. */
const TYPED: ReadonlySet<string> = new Set(["text", "number"]);

interface Step {
  gesture: number;
  /** One per field, from before the gesture to after it. */
  changes: readonly Change[];
  /** What could be redone before the gesture: comes back when the gesture comes to nothing. */
  undone: readonly Step[];
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
    this.#replay([...step.changes].reverse(), "before");
    this.#past.set({ done: done.slice(0, -1), undone: [...undone, { ...step, undone: [] }] });
    return true;
  }

  redo(): boolean {
    const { done, undone } = this.#past.value;
    const step = undone.at(-1);
    if (!step) return false;
    this.#replay(step.changes, "after");
    this.#past.set({ done: [...done, step], undone: undone.slice(0, -1) });
    return true;
  }

  /** Another task is on the desk, with its own past. */
  load(past: Past = EMPTY): void {
    this.#past.set(past);
  }

  #replay(changes: readonly Change[], side: "before" | "after"): void {
    this.#replaying = true;
    try {
      this.#answer.gesture(() => {
        for (const change of changes) this.#answer.set(change.field, change[side], "local", change.ids);
      });
    } finally {
      this.#replaying = false;
    }
  }

  #record(change: Change): void {
    if (this.#replaying) return;
    if (change.origin === "remote") this.#forget(change.field);
    else if (change.origin === "local") this.#add(change);
  }

  #add(change: Change): void {
    const { done, undone } = this.#past.value;
    const last = done.at(-1);
    const going = last && this.#continues(last, change) ? last : null;
    const step: Step = {
      gesture: change.gesture,
      changes: going ? merged(going.changes, change) : [change],
      undone: going ? going.undone : undone,
    };
    const before = going ? done.slice(0, -1) : settled(done);
    if (step.changes.length === 0) this.#past.set({ done: before, undone: step.undone });
    else this.#past.set({ done: [...before, step], undone: [] });
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
      steps.flatMap((step) => {
        const changes = step.changes.filter((change) => change.field !== field);
        return changes.length > 0 ? [{ ...step, changes, undone: [] }] : [];
      });
    const { done, undone } = this.#past.value;
    this.#past.set({ done: without(done), undone: without(undone) });
  }
}

/** Steps that another one follows: the oldest go, the last has come to something. */
function settled(done: readonly Step[]): Step[] {
  return done.slice(1 - DEPTH).map((step) => (step.undone.length > 0 ? { ...step, undone: [] } : step));
}

/** Changes of one gesture with one more; what comes back to where it began is no change. */
function merged(changes: readonly Change[], change: Change): Change[] {
  const first = changes.find(({ field }) => field === change.field);
  if (!first) return [...changes, change];
  const ids = first.ids && change.ids ? [...new Set([...first.ids, ...change.ids])] : null;
  const rest = changes.filter((each) => each !== first);
  return sameJson(first.before, change.after) ? rest : [...rest, { ...change, before: first.before, ids }];
}
