/** A kernel, a schema and a disk for tests of the core: no browser, no Python. */
import type { Host } from "../../../labelwidgets/js/core/model.ts";
import type {
  Act,
  BoxesJson,
  ChoiceJson,
  FieldJson,
  Json,
  LabelJson,
  Push,
  RegionJson,
  Reply,
  SpansJson,
  State,
  TaskPush,
  Values,
} from "../../../labelwidgets/js/core/protocol.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";
import type { Draft, Kept, Shelf, Write } from "../../../labelwidgets/js/core/shelf.ts";
import { WorkDesk } from "../../../labelwidgets/js/core/workdesk.ts";

export function label(name: string, hotkey: string | null = null, parent: string | null = null): LabelJson {
  const id = parent ? `${parent} > ${name}` : name;
  return { id, name, title: name, color: "#336699", hotkey, description: "", aliases: [], parent };
}

export function choice(part: Partial<ChoiceJson> = {}): ChoiceJson {
  const options = [label("cat", "1"), label("dog", "2"), label("bird", "b")];
  return {
    kind: "choice",
    name: "animal",
    title: part.name ?? "animal",
    help: "",
    required: true,
    multiple: false,
    options,
    ...part,
  };
}

export function boxes(part: Partial<BoxesJson> = {}): BoxesJson {
  const base = { kind: "boxes", name: "objects", title: "objects", help: "", required: true } as const;
  const rules = { rotatable: true, min_count: 0, max_count: null, min_size: 1 };
  return { ...base, ...rules, labels: [label("car", "3"), label("person", "4")], attributes: [], ...part };
}

export function spans(part: Partial<SpansJson> = {}): SpansJson {
  const base = { kind: "spans", name: "entities", title: "Entities", help: "", required: false } as const;
  const rules = { granularity: "character", nested: true, overlapping: true, discontinuous: true } as const;
  const more = {
    tokens: null,
    every: false,
    entries: [],
    unanswerable: false,
    palette: [],
    min_count: 0,
    max_count: null,
  };
  return {
    ...base,
    ...rules,
    ...more,
    labels: [label("PER", "1"), label("LOC", "2")],
    attributes: [],
    ...part,
  };
}

export function box(id: string, part: Partial<RegionJson> = {}): RegionJson {
  return {
    id,
    label: "car",
    score: null,
    attributes: {},
    x: 1,
    y: 2,
    width: 30,
    height: 40,
    angle: 0,
    ...part,
  };
}

export function stateOfFields(fields: FieldJson[], part: Partial<State> = {}): State {
  return {
    // Of its own in each test, so that no test finds another's answers.
    store: `store-${Math.random()}`,
    session: "street",
    title: "street.db",
    user: { id: "ann", name: "Ann" },
    kernel: "kernel-1",
    mode: "label",
    schema: { fields, version: 3 },
    instructions: { html: "", minutes: 0, warning: "", version: 1, examples: [] },
    progress: { total: 300, done: 0, place: 0, skipped: 0, mine: 0, per_hour: 0 },
    options: { keys: {}, lookahead: 3, lease_seconds: 600, confidence: true, skip_reasons: [], columns: [] },
    read_only: "",
    ...part,
  } as State;
}

export function push(id: number, part: Partial<TaskPush> = {}): TaskPush {
  return {
    id,
    key: `key-${id}`,
    round: 1,
    data: {},
    media: { kind: "text", name: `item-${id}` },
    answer: null,
    draft: null,
    predictions: [],
    comments: [],
    flagged: false,
    stale: false,
    ...part,
  } as TaskPush;
}

interface Record {
  id: string;
  values: Values;
  withdrawn: boolean;
}

/** Answers as the real one is to: acks after "commit", drops repeats by id, keeps a look-ahead pushed. */
export class FakeKernel implements Host {
  /** Everything the page sent, in order. */
  readonly sent: Act[] = [];
  /** Submissions by task, newest last. */
  readonly records = new Map<number, Record[]>();
  readonly skipped = new Set<number>();
  readonly drafts = new Map<number, Json>();
  state: State;
  first: DataView | null = null;
  tasks: TaskPush[];
  /** False: hears nothing (a dead socket). */
  hears = true;
  /** False: hears, stores, and its answers are lost. */
  speaks = true;
  /** Acts it will refuse, and how. */
  refuses: (act: Act) => { code: string; reason: string; field?: string } | null = () => null;
  /** Answers only when told to by `settle`. */
  slow = false;
  readonly #traits = new Map<string, (() => void)[]>();
  #views: ((reply: Reply, buffers: readonly Uint8Array[]) => void)[] = [];
  #waiting: Act[] = [];
  readonly #pushed = new Set<number>();

  constructor(state: State, tasks: TaskPush[] = []) {
    this.state = state;
    this.tasks = tasks;
  }

  get(trait: string): unknown {
    return trait === "state" ? this.state : trait === "first" ? this.first : undefined;
  }

  onTrait(trait: string, fn: () => void): void {
    this.#traits.set(trait, [...(this.#traits.get(trait) ?? []), fn]);
  }

  onMessage(fn: (reply: Reply, buffers: readonly Uint8Array[]) => void): void {
    this.#views.push(fn);
  }

  deafen(fn: (reply: Reply, buffers: readonly Uint8Array[]) => void): void {
    this.#views = this.#views.filter((view) => view !== fn);
  }

  send(act: Act): boolean {
    // As over the wire: no object is shared.
    const copy = structuredClone(act);
    this.sent.push(copy);
    if (this.hears) this.#waiting.push(copy);
    if (!this.slow) queueMicrotask(() => this.settle());
    return true;
  }

  change(state: Partial<State>): void {
    this.state = { ...this.state, ...state };
    for (const fn of this.#traits.get("state") ?? []) fn();
  }

  settle(): void {
    for (const act of this.#waiting.splice(0)) this.#act(act);
  }

  say(reply: Reply, buffers: readonly Uint8Array[] = []): void {
    if (this.speaks) for (const view of this.#views) view(structuredClone(reply), buffers);
  }

  pushMore(): void {
    const open = this.tasks.filter(({ id }) => !this.records.has(id) && !this.skipped.has(id));
    const ahead = open.filter(({ id }) => this.#pushed.has(id)).length;
    const next = open
      .filter(({ id }) => !this.#pushed.has(id))
      .slice(0, this.state.options.lookahead - ahead);
    this.#push(next);
  }

  /** Kind of every act sent, in order. */
  kinds(): string[] {
    return this.sent.map(({ kind }) => kind);
  }

  ofKind(kind: string): Act[] {
    return this.sent.filter((act) => act.kind === kind);
  }

  /** The current value of a field per task. */
  stored(field: string): [number, Json | undefined][] {
    return [...this.records].flatMap(([task, records]) => {
      const last = records.filter(({ withdrawn }) => !withdrawn).at(-1);
      return last ? [[task, last.values[field]] as [number, Json | undefined]] : [];
    });
  }

  #push(tasks: TaskPush[]): void {
    for (const { id } of tasks) this.#pushed.add(id);
    const closed = ({ id }: TaskPush) => this.records.has(id) || this.skipped.has(id) || this.#pushed.has(id);
    this.say({ kind: "push", tasks, left: this.tasks.filter((task) => !closed(task)).length });
  }

  #act(act: Act): void {
    const refused = this.refuses(act);
    if (refused) this.say({ kind: "refuse", id: act.id, ...refused });
    else this.#ack(act);
  }

  #ack(act: Act): void {
    const extra = this.#do(act);
    this.say({ kind: "ack", id: act.id, ...extra });
    if (act.kind === "hello")
      this.#push(this.tasks.filter(({ id }) => this.#pushed.has(id) && !this.records.has(id)));
    if (["hello", "submit", "skip"].includes(act.kind)) this.pushMore();
  }

  #do(act: Act): { [field: string]: Json } {
    const task = Number(act.task);
    switch (act.kind) {
      case "submit": {
        const records = this.records.get(task) ?? [];
        const known = [...this.records.values()].flat().some(({ id }) => id === act.id);
        if (!known)
          this.records.set(task, [
            ...records,
            { id: act.id, values: act.values as Values, withdrawn: false },
          ]);
        return this.#progress();
      }
      case "skip":
        this.skipped.add(task);
        return this.#progress();
      case "undo":
        for (const record of [...this.records.values()].flat())
          if (record.id === act.answer) record.withdrawn = true;
        return {};
      case "draft":
        this.drafts.set(task, act.values as Json);
        return {};
      case "goto":
        return { tasks: [this.#opened(task)] as unknown as Json };
      case "hello":
        return { kernel: this.state.kernel, recent: this.#recent(), ...this.#progress() };
      case "beat":
        return { kernel: this.state.kernel };
      default:
        return {};
    }
  }

  #progress(): { [field: string]: Json } {
    return { progress: { ...this.state.progress, done: this.stored("").length } };
  }

  /** Newest first, as the real one tells. */
  #recent(): Json {
    const standing = [...this.records].flatMap(([task, records]) =>
      records
        .filter(({ withdrawn }) => !withdrawn)
        .slice(-1)
        .map(({ id }) => ({ id, task, status: "submitted" })),
    );
    return standing.reverse().slice(0, 10);
  }

  #opened(id: number): TaskPush {
    const last = this.records.get(id)?.at(-1);
    const answer = last && { id: last.id, values: last.values, status: "submitted", confidence: null };
    return { ...push(id), answer: answer ?? null };
  }
}

/** A disk that remembers, and fails when told to. */
export class FakeDisk implements Shelf {
  readonly acts = new Map<string, Kept>();
  readonly drafts = new Map<string, Draft>();
  fails = "";

  async load() {
    this.#check();
    return structuredClone({ acts: [...this.acts.values()], drafts: [...this.drafts.values()] });
  }

  async write({ acts = [], drafts = [], dropActs = [], dropDrafts = [] }: Write) {
    this.#check();
    for (const kept of structuredClone(acts)) this.acts.set(kept.act.id, kept);
    for (const draft of structuredClone(drafts)) this.drafts.set(draft.key, draft);
    for (const id of dropActs) this.acts.delete(id);
    for (const key of dropDrafts) this.drafts.delete(key);
  }

  #check(): void {
    if (this.fails) throw new Error(this.fails);
  }
}

export interface Bench {
  kernel: FakeKernel;
  disk: FakeDisk;
  desk: WorkDesk;
  scope: Scope;
}

/** An opened desk; `tasks` of the kernel are numbered from 1. */
export async function openBench(
  fields: FieldJson[],
  { tasks = 5, state = {}, kernel, disk = new FakeDisk() }: BenchOptions = {},
): Promise<Bench> {
  const made =
    kernel ??
    new FakeKernel(
      stateOfFields(fields, state),
      Array.from({ length: tasks }, (_, i) => push(i + 1)),
    );
  const bench = startBench(made, disk);
  await settled();
  return bench;
}

/** A desk that is about to open. */
export function startBench(kernel: FakeKernel, disk: FakeDisk): Bench {
  const scope = new Scope();
  const desk = new WorkDesk(hostIn(scope, kernel), scope, { disk, mac: false });
  void desk.open();
  return { kernel, disk, desk, scope };
}

/** What hostOf does in a page: a view that is gone hears nothing any more. */
function hostIn(scope: Scope, kernel: FakeKernel): Host {
  return {
    get: (trait) => kernel.get(trait),
    onTrait: (trait, fn) => kernel.onTrait(trait, () => scope.disposed || fn()),
    send: (act) => kernel.send(act),
    onMessage(fn) {
      kernel.onMessage(fn);
      scope.own(() => kernel.deafen(fn));
    },
  };
}

interface BenchOptions {
  tasks?: number;
  state?: Partial<State>;
  kernel?: FakeKernel;
  disk?: FakeDisk;
}

/** Lets promises that are already on their way come through. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

export function pushOf(tasks: TaskPush[], left = 0): Push {
  return { kind: "push", tasks, left };
}
