/** The one object that panels and surfaces get: the task on the desk and everything that may be done to it. */
import type { Answer } from "./annotations.ts";
import type { History } from "./history.ts";
import type { Keymap, LabelTarget } from "./keymap.ts";
import type { Json, State, TaskPush, Values } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import type { Selection } from "./selection.ts";
import type { Signal } from "./signal.ts";
import type { Taxonomy } from "./taxonomy.ts";

export type { LabelTarget } from "./keymap.ts";

/** A task as it lies in the page. Never changed: a comment or a flag replaces it. */
export interface DeskTask {
  readonly push: TaskPush;
  /** The item's bytes, null for text, rows, URLs and broken items. */
  readonly media: Uint8Array | null;
  /** Opened again: it was answered before. Submitting makes a new version. */
  readonly again: boolean;
}

/**
 * - `loading`: no task has come yet, or the next is on its way;
 * - `working`: a task is on the desk;
 * - `finished`: nothing is left for this person;
 * - `viewing`: a task is shown, nothing can be changed (mode "view", or the store is read-only);
 * - `broken`: the widget can't work; `trouble` says why.
 */
export type Phase = "loading" | "working" | "finished" | "viewing" | "broken";

export interface Saving {
  /**
   * - `saved`: the store has everything;
   * - `saving`: answers are under way;
   * - `offline`: the kernel has not answered since `since`; answers are kept on this computer;
   * - `memory`: answers are under way and this browser keeps nothing: only while this tab is open;
   * - `paused`: no input for ten minutes, so the page has stopped asking for time. Any input goes on.
   */
  state: "saved" | "saving" | "offline" | "memory" | "paused";
  /** Acts the store has not acknowledged. */
  pending: number;
  since: Date | null;
  /** What the store, or the browser that keeps nothing, says about it; mostly empty. */
  reason: string;
}

export interface Problem {
  /** Null: about the whole answer. */
  field: string | null;
  reason: string;
}

/** An answer that the kernel refused: kept on this computer until it is corrected or dropped. */
export interface Refused {
  /** Id of the refused act. */
  id: string;
  kind: "submit" | "skip" | "undo" | "comment" | "flag";
  task: number | null;
  code: string;
  reason: string;
  field: string | null;
  values: Values | null;
}

/** What a model suggests and nobody has decided about yet. */
export interface Suggestion {
  model: string;
  version: string;
  score: number | null;
  /** Only what is undecided: a field (or region) leaves when it was accepted, corrected or rejected. */
  values: Values;
}

export interface Media {
  /** The whole item, as the store has it. */
  full(task: number): Promise<Blob>;
  /** One tile; `level` 0 is full size, each level halves. */
  tile(task: number, level: number, column: number, row: number, signal?: AbortSignal): Promise<Blob>;
}

export interface Desk {
  readonly state: Signal<State>;
  readonly task: Signal<DeskTask | null>;
  readonly phase: Signal<Phase>;
  /** Why the phase is "broken"; empty otherwise. */
  readonly trouble: Signal<string>;
  /** What kind of refusal that is: "ended", "rights", ...; empty while the person may work. */
  readonly barred: Signal<string>;
  readonly answer: Answer;
  readonly history: History;
  readonly selection: Selection;
  readonly keymap: Keymap;
  readonly media: Media;
  readonly scope: Scope;

  /** Tasks after the one on the desk, in order: decode their pictures ahead. In grid mode, the grid. */
  readonly queue: Signal<readonly DeskTask[]>;
  /** Open tasks for this person beyond those in the page; null until the kernel has said. */
  readonly left: Signal<number | null>;
  readonly saving: Signal<Saving>;
  /** "memory" where this browser keeps nothing: say so. */
  readonly kept: Signal<"disk" | "memory">;
  /** Local checks at the last try to submit, and what the kernel refused. */
  readonly problems: Signal<readonly Problem[]>;
  readonly refused: Signal<readonly Refused[]>;
  readonly suggestion: Signal<Suggestion | null>;
  readonly confidence: Signal<"sure" | "unsure" | null>;
  /** The last thing done, for the live region ("Submitted. Next: dog.jpg"). */
  readonly said: Signal<string>;
  readonly canUndo: Signal<boolean>;
  readonly canRedo: Signal<boolean>;
  readonly canBack: Signal<boolean>;

  /** Labels of a choice, taxonomy or region field, built once per schema. */
  taxonomy(field: string): Taxonomy;

  /** Checks, keeps and sends the answer and shows the next task, all at once; false when something is wrong. */
  submit(): boolean;
  skip(reason: string): boolean;
  /** The surface can't show the task: from now on it can only be skipped. False where nobody works on it. */
  fail(reason: string): boolean;
  /** The task answered before, to look at or change; false when there is none. */
  back(): boolean;
  /** Asks for any task answered before. */
  goto(task: number): Promise<void>;
  /** The last gesture; past the first one of a task, the previous answer is taken back. */
  undo(): boolean;
  redo(): boolean;

  /** What a label's key or button does: answer, toggle, relabel the selection, or choose what is drawn next. */
  pick(target: LabelTarget): void;
  /**
   * Who may take a label before it goes to the selected regions: a surface on which something is selected that is no
   * region yet. `take` returns false for what it leaves. Returns a function that ends it.
   */
  onPick(take: (target: LabelTarget) => boolean): () => void;
  /** Sets an item-level field; the same as `answer.set`, and submits a task that this completes. */
  fill(field: string, value: Json): void;
  acceptPrediction(): boolean;
  rejectPrediction(): boolean;
  /** Decides about some suggested regions of a field only. */
  acceptRegions(field: string, ids: Iterable<string>): void;
  rejectRegions(field: string, ids: Iterable<string>): void;

  comment(text: string, region?: string | null): void;
  flag(flagged: boolean): void;
  setConfidence(confidence: "sure" | "unsure" | null): void;

  /** Lays a refused answer's task on the desk with its values and the kernel's reason. */
  reopen(id: string): Promise<void>;
  /** Forgets a refused act for good. */
  discard(id: string): void;
}
