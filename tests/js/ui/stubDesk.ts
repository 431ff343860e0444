/** A desk without a kernel: real answers, selection and keys; what is done to it is written down. */

import { Answer, emptyValues } from "../../../labelwidgets/js/core/annotations.ts";
import { check } from "../../../labelwidgets/js/core/check.ts";
import type {
  Desk,
  DeskTask,
  LabelTarget,
  Phase,
  Problem,
  Refused,
  Saving,
  Suggestion,
} from "../../../labelwidgets/js/core/desk.ts";
import { History } from "../../../labelwidgets/js/core/history.ts";
import { Keymap } from "../../../labelwidgets/js/core/keymap.ts";
import type {
  FieldJson,
  LabelJson,
  State,
  TaskPush,
  Values,
} from "../../../labelwidgets/js/core/protocol.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";
import { Selection } from "../../../labelwidgets/js/core/selection.ts";
import { Cell, derived } from "../../../labelwidgets/js/core/signal.ts";
import { labelsOf, Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";

export function label(
  name: string,
  color = "#1769c2",
  hotkey: string | null = null,
  parent: string | null = null,
): LabelJson {
  const id = parent === null ? name : `${parent}/${name}`;
  return { id, name, title: name, color, hotkey, description: "", aliases: [], parent };
}

export function push(id: number, part: Partial<TaskPush> = {}): TaskPush {
  return {
    id,
    key: `key-${id}`,
    round: 1,
    version: 1,
    data: {},
    media: { kind: "text", name: `item-${id}.txt` },
    answer: null,
    draft: null,
    predictions: [],
    comments: [],
    flagged: false,
    stale: false,
    ...part,
  } as TaskPush;
}

export function state(fields: FieldJson[], part: Partial<State> = {}): State {
  return {
    store: "store",
    session: "street",
    title: "street.db",
    user: { id: "ann", name: "Ann" },
    kernel: "kernel",
    mode: "label",
    schema: { fields, version: 1 },
    instructions: { html: "", minutes: 0, warning: "", version: 1, examples: [] },
    progress: { total: 300, done: 12, place: 12, skipped: 0, mine: 12, per_hour: 41 },
    options: {
      keys: {},
      lookahead: 3,
      lease_seconds: 600,
      confidence: false,
      skip_reasons: ["Blurred", "Nothing to see"],
      columns: [],
    },
    read_only: "",
    ...part,
  };
}

export class StubDesk implements Desk {
  readonly state;
  readonly task;
  readonly phase = new Cell<Phase>("working");
  readonly trouble = new Cell("");
  readonly barred = new Cell("");
  readonly answer;
  readonly history;
  readonly selection;
  readonly keymap;
  readonly scope = new Scope();
  readonly queue = new Cell<readonly DeskTask[]>([]);
  readonly left = new Cell<number | null>(10);
  readonly saving = new Cell<Saving>({ state: "saved", pending: 0, since: null, reason: "" });
  readonly kept = new Cell<"disk" | "memory">("disk");
  readonly problems = new Cell<readonly Problem[]>([]);
  readonly refused = new Cell<readonly Refused[]>([]);
  readonly suggestion = new Cell<Suggestion | null>(null);
  readonly confidence = new Cell<"sure" | "unsure" | null>(null);
  readonly said = new Cell("");
  readonly canUndo;
  readonly canRedo;
  readonly canBack = new Cell(true);
  /** What was done, in order. */
  readonly done: unknown[][] = [];
  readonly media = {
    full: async () => new Blob([]),
    tile: async () => new Blob([]),
  };
  readonly #takers = new Set<(target: LabelTarget) => boolean>();
  readonly #trees = new Map<string, Taxonomy>();

  constructor(given: State, task: TaskPush | null = push(1), media: Uint8Array | null = null) {
    this.state = new Cell(given);
    this.task = new Cell<DeskTask | null>(task && { push: task, media, again: false });
    this.answer = new Answer(given.schema);
    this.history = new History(this.answer);
    this.selection = new Selection(this.answer);
    this.keymap = new Keymap(given.schema, {}, false);
    this.canUndo = derived([this.history.past], () => this.history.canUndo);
    this.canRedo = derived([this.history.past], () => this.history.canRedo);
    this.keymap.onLabel((targets) => targets[0] && this.pick(targets[0]));
    this.keymap.bind("submit", () => this.submit() || true);
    this.keymap.bind("undo", () => this.undo());
    this.keymap.bind("redo", () => this.redo());
    this.keymap.bind("back", () => this.back());
    this.keymap.bind("accept", () => this.acceptPrediction());
    this.keymap.bind("reject", () => this.rejectPrediction());
  }

  #did(...what: unknown[]): true {
    this.done.push(what);
    return true;
  }

  taxonomy(field: string): Taxonomy {
    const found = this.state.value.schema.fields.find(({ name }) => name === field);
    const tree = this.#trees.get(field) ?? new Taxonomy(found ? labelsOf(found) : []);
    this.#trees.set(field, tree);
    return tree;
  }

  submit(): boolean {
    this.problems.set(
      check(this.state.value.schema, this.answer.values.value, this.task.value?.push ?? null),
    );
    if (this.problems.value.length > 0) return false;
    this.#did("submit", this.answer.values.value);
    const [next, ...rest] = this.queue.value;
    this.queue.set(rest);
    this.answer.load(emptyValues(this.state.value.schema));
    if (next) this.task.set(next);
    return true;
  }
  skip = (reason: string) => this.#did("skip", reason);
  fail = (reason: string) => this.#did("fail", reason);
  back = () => this.#did("back");
  goto = async (task: number) => void this.#did("goto", task);
  undo = () => this.history.undo();
  redo = () => this.history.redo();
  pick({ field, label: id }: LabelTarget): void {
    if ([...this.#takers].some((take) => take({ field, label: id }))) return;
    this.#did("pick", field, id);
    const kind = this.state.value.schema.fields.find(({ name }) => name === field)?.kind;
    if (kind === "boxes") this.selection.setLabel(field, id);
    else this.fill(field, kind === "rating" ? Number(id) : id);
  }
  onPick(take: (target: LabelTarget) => boolean): () => void {
    this.#takers.add(take);
    return () => this.#takers.delete(take);
  }
  fill(field: string, value: Values[string]): void {
    this.answer.set(field, value);
  }
  acceptPrediction = () => this.#did("accept");
  rejectPrediction = () => this.#did("reject");
  acceptRegions = (field: string, ids: Iterable<string>) => void this.#did("accept", field, [...ids]);
  rejectRegions = (field: string, ids: Iterable<string>) => void this.#did("reject", field, [...ids]);
  comment = (text: string, region?: string | null) => void this.#did("comment", text, region ?? null);
  flag = (flagged: boolean) => void this.#did("flag", flagged);
  setConfidence(confidence: "sure" | "unsure" | null): void {
    this.confidence.set(confidence);
  }
  reopen = async (id: string) => void this.#did("reopen", id);
  discard = (id: string) => void this.#did("discard", id);
}
