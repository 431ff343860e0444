/** The desk at work: one task after another without waiting, everything kept, everything undoable. */
import { Answer, completeValues, isRegionKind, plainValues, sameJson } from "./annotations.ts";
import { Bench, type Confidence, NO_PAST } from "./bench.ts";
import { bindKeys } from "./bindings.ts";
import { check } from "./check.ts";
import { Courier, type CourierOptions } from "./courier.ts";
import type {
  Desk,
  DeskTask,
  LabelTarget,
  Media,
  Phase,
  Problem,
  Refused,
  Saving,
  Suggestion,
} from "./desk.ts";
import { History } from "./history.ts";
import { Keymap } from "./keymap.ts";
import { mediaOf } from "./media.ts";
import type { Host, Answered as Reply } from "./model.ts";
import type { Kept } from "./outbox.ts";
import { picked } from "./pick.ts";
import type { Act, FieldJson, Json, Push, State, Values } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import { Selection } from "./selection.ts";
import { batch, Cell, derived, type Signal } from "./signal.ts";
import { isOneChoice, stateOf } from "./state.ts";
import { Stopwatch } from "./stopwatch.ts";
import { accept, correct, decideRegions, reject, startedFrom, undecided } from "./suggest.ts";
import { labelsOf, Taxonomy } from "./taxonomy.ts";
import { type Entry, firstOf, type Item, keyOf, Tray } from "./tray.ts";

export interface DeskOptions extends CourierOptions {
  mac?: boolean;
  /** Where more of an item comes from; the kernel without it. */
  media?: Media;
}

/** Refusals a person can do something about by answering otherwise. */
const MENDABLE: ReadonlySet<string> = new Set(["label", "size"]);

export class WorkDesk implements Desk {
  readonly scope: Scope;
  readonly state: Cell<State>;
  readonly answer: Answer;
  readonly history: History;
  readonly selection: Selection;
  readonly keymap: Keymap;
  readonly media: Media;
  readonly task: Signal<DeskTask | null>;
  readonly queue: Signal<readonly DeskTask[]>;
  readonly phase: Signal<Phase>;
  readonly saving: Signal<Saving>;
  readonly kept: Signal<"disk" | "memory">;
  readonly refused: Signal<readonly Refused[]>;
  readonly suggestion: Signal<Suggestion | null>;
  readonly canUndo: Signal<boolean>;
  readonly canRedo: Signal<boolean>;
  readonly canBack: Signal<boolean>;
  readonly trouble = new Cell("");
  readonly left = new Cell<number | null>(null);
  readonly problems = new Cell<readonly Problem[]>([]);
  readonly confidence: Cell<Confidence>;
  readonly said = new Cell("");

  readonly #host: Host;
  readonly #tray = new Tray();
  readonly #courier: Courier;
  readonly #bench: Bench;
  readonly #watch: Stopwatch;
  /** Keys of tasks on whose refused act the person is working, with that act's id. */
  readonly #mending = new Map<string, string>();
  /** Answers taken back, last one last: redo gives them again. */
  readonly #taken = new Cell<readonly { key: string; entry: Entry }[]>([]);
  readonly #taxonomies = new Map<string, Taxonomy>();
  #batches = 0;

  constructor(host: Host, scope: Scope, options: DeskOptions = {}) {
    const state = stateOf(host.get("state"));
    this.#host = host;
    this.scope = scope;
    this.state = new Cell(state);
    this.#watch = new Stopwatch(options.now);
    this.answer = new Answer(state.schema);
    this.history = new History(this.answer);
    this.selection = new Selection(this.answer);
    this.keymap = new Keymap(state.schema, state.options.keys, options.mac);
    this.#courier = new Courier(host, state, scope, this.#recipient(), options);
    this.#bench = new Bench(this.answer, this.history, this.#courier, scope);
    this.confidence = this.#bench.confidence;
    ({ saving: this.saving, kept: this.kept, refused: this.refused } = this.#courier);
    const { current, ahead, answered } = this.#tray;
    this.task = derived([current], (item) => item?.task ?? null);
    this.queue = derived([ahead], (items) => items.map(({ task }) => task));
    this.phase = derived([this.state, current, ahead, this.left, this.trouble], phaseOf);
    this.suggestion = derived([this.answer.values], undecided);
    this.canBack = derived([answered], (items) => items.length > 0);
    this.canUndo = derived(
      [this.history.past, answered],
      ({ done }, items) => done.length + items.length > 0,
    );
    this.canRedo = derived(
      [this.history.past, this.#taken],
      ({ undone }, taken) => undone.length + taken.length > 0,
    );
    this.media = options.media ?? mediaOf(this.#courier);
    this.answer.onChange((change) => {
      if (change.origin === "local") this.#changed(change.field);
    });
    host.onTrait("state", () => this.#restate());
    host.onTrait("first", () => this.#takeFirst());
    bindKeys(this);
    this.#activateField();
  }

  /** Shows the first task if it is there, says hello and sends what was left. */
  async open(): Promise<void> {
    this.#takeFirst();
    await this.#courier.open();
  }

  /** Counts what happens inside `root` as work, and notices when the page is hidden or goes. */
  watch(root: HTMLElement): void {
    const active = () => {
      this.#watch.touch();
      this.#courier.link.input();
    };
    const options = { capture: true, passive: true };
    for (const type of ["pointerdown", "pointermove", "keydown", "wheel"] as const) {
      this.scope.listen(root, type, active, options);
    }
    this.scope.listen(document, "visibilitychange", () => this.#hide(document.hidden));
    this.scope.listen(window, "pagehide", () => this.leave());
    this.scope.listen(window, "pageshow", ({ persisted }) => {
      if (persisted) this.#courier.hello();
    });
    this.scope.own(() => this.leave());
  }

  /** Saves the draft and gives the leases back. */
  leave(): void {
    this.#bench.drafts.flush();
    this.#courier.leave();
  }

  taxonomy(name: string): Taxonomy {
    const known = this.#taxonomies.get(name);
    if (known) return known;
    const field = this.#field(name);
    const made = new Taxonomy(field ? labelsOf(field) : []);
    this.#taxonomies.set(name, made);
    return made;
  }

  submit(): boolean {
    const item = this.#working();
    if (!item) return false;
    this.answer.end();
    const problems = this.#problemsOf(item);
    this.problems.set(problems);
    if (problems[0]) return this.#say(problems[0].reason, false);
    const { entry, task } = item;
    if (entry?.kind === "submit" && !task.push.stale && this.#bench.says(entry)) {
      return this.#finish(item, entry, "Unchanged.");
    }
    return this.#finish(item, this.#send(item, "submit"), "Submitted.");
  }

  skip(reason: string): boolean {
    const item = this.#working();
    return item !== null && this.#finish(item, this.#send(item, "skip", reason), "Skipped.");
  }

  back(): boolean {
    if (!this.canBack.value || this.phase.value === "viewing") return false;
    const last = this.#tray.recall();
    if (last) this.#lay({ ...last, task: { ...last.task, again: true } });
    return last !== null;
  }

  async goto(task: number): Promise<void> {
    this.#lay(await this.#fetch(task));
  }

  undo(): boolean {
    if (this.phase.value === "viewing") return false;
    return this.history.undo() || this.#takeBack();
  }

  redo(): boolean {
    if (this.phase.value === "viewing") return false;
    return this.history.redo() || this.#giveAgain();
  }

  pick({ field: name, label }: LabelTarget): void {
    const field = this.#field(name);
    if (!field || !this.#working()) return;
    const value = picked(field, this.taxonomy(name), this.answer.value(name), label);
    if (isRegionKind(field.kind)) this.#relabel(name, label);
    else if (value !== undefined) this.fill(name, value);
  }

  fill(name: string, value: Json): void {
    if (!this.#working()) return;
    this.answer.set(name, value);
    // The same again is an answer too: "yes, cat".
    if (value !== null && isOneChoice(this.state.value.schema)) this.submit();
  }

  acceptPrediction(): boolean {
    if (!this.#working() || !accept(this.answer)) return false;
    if (isOneChoice(this.state.value.schema)) this.submit();
    else this.#say("Suggestion accepted.");
    return true;
  }

  rejectPrediction(): boolean {
    return this.#working() !== null && reject(this.answer) && this.#say("Suggestion rejected.");
  }

  acceptRegions(field: string, ids: Iterable<string>): void {
    if (this.#working()) decideRegions(this.answer, field, ids, true);
  }

  rejectRegions(field: string, ids: Iterable<string>): void {
    if (this.#working()) decideRegions(this.answer, field, ids, false);
  }

  comment(text: string, region: string | null = null): void {
    const item = this.#tray.current.value;
    if (!item || text.trim() === "") return;
    const { id } = item.task.push;
    const act = this.#courier.post("comment", { task: id, text, region });
    const { user } = this.state.value;
    const comment = { id: act, author: user.name || user.id, text, at: new Date().toISOString(), region };
    this.#tray.change(id, (push) => ({ ...push, comments: [...push.comments, comment] }));
  }

  flag(flagged: boolean): void {
    const item = this.#tray.current.value;
    if (!item || item.task.push.flagged === flagged) return;
    this.#courier.post("flag", { task: item.task.push.id, flagged });
    this.#tray.change(item.task.push.id, (push) => ({ ...push, flagged }));
    this.#say(flagged ? "Flagged." : "Flag removed.");
  }

  setConfidence(confidence: Confidence): void {
    this.confidence.set(confidence);
  }

  async reopen(id: string): Promise<void> {
    const act = this.#courier.outbox.get(id)?.act;
    if (typeof act?.task !== "number") return;
    const item = await this.#fetch(act.task);
    const refused = this.#courier.outbox.get(id);
    if (refused) this.#lay(this.#mend(refused, item));
  }

  discard(id: string): void {
    for (const [key, act] of this.#mending) if (act === id) this.#mending.delete(key);
    this.#courier.discard(id);
  }

  async more(n: number): Promise<void> {
    this.#receive(await this.#courier.ask("tiles", { n }));
  }

  submitMany(answers: readonly { task: number; values: Values }[]): boolean {
    const { schema, mode } = this.state.value;
    const items = answers.flatMap(({ task, values }) => {
      const item = this.#tray.find(task);
      return item ? [{ item, values: completeValues(schema, values) }] : [];
    });
    const problems = items.flatMap(({ values }) => check(schema, values));
    this.problems.set(problems);
    if (mode !== "grid" || items.length === 0 || problems.length > 0) return false;
    this.#sendMany(items);
    return this.#say(`${items.length} submitted.`);
  }

  // How a task is laid on the desk.

  #takeFirst(): void {
    const first = firstOf(this.#host.get("first"));
    if (first) this.#pushed(first.push, first.buffers);
  }

  #pushed(push: Pick<Push, "tasks"> & { left?: number }, buffers: readonly Uint8Array[]): void {
    batch(() => {
      this.#tray.add(push, buffers);
      if (push.left !== undefined) this.left.set(push.left);
      if (!this.#tray.current.value) this.#next();
    });
  }

  #next(): void {
    if (this.state.value.mode === "grid") return;
    batch(() => {
      this.#tray.next();
      this.#load(this.#tray.current.value);
    });
  }

  #lay(item: Item): void {
    const { value: current } = this.#tray.current;
    const key = keyOf(item.task.push);
    const isThere = current !== null && keyOf(current.task.push) === key;
    if (isThere && !this.#bench.isPrepared(key)) return;
    batch(() => {
      if (!isThere) this.#bench.layAside(current);
      this.#tray.lay(item);
      this.#load(item);
    });
    this.#say(`${nameOf(item)} is on the desk.`);
  }

  #load(item: Item | null): void {
    this.#bench.load(item);
    this.selection.clear();
    this.problems.set(item ? this.#refusalOf(keyOf(item.task.push)) : []);
    this.#watch.start();
  }

  #refusalOf(key: string): Problem[] {
    const refused = this.#courier.outbox.get(this.#mending.get(key) ?? "")?.refused;
    return refused ? [{ field: refused.field, reason: refused.reason }] : [];
  }

  // How an answer leaves the desk.

  /** The task on the desk, if it may be answered now. */
  #working(): Item | null {
    return this.phase.value === "working" ? this.#tray.current.value : null;
  }

  #problemsOf({ task: { push } }: Item): Problem[] {
    if (push.media.broken) return [{ field: null, reason: "This item can't be shown: skip it." }];
    const values = this.answer.values.value;
    const suggestion = undecided(values);
    if (!suggestion) return check(this.state.value.schema, values);
    const [yes, no] = [this.keymap.display("accept"), this.keymap.display("reject")];
    const field = Object.keys(suggestion.values)[0] ?? null;
    return [{ field, reason: `Decide about the suggestion first: "${yes}" accepts it, "${no}" rejects it.` }];
  }

  #send(item: Item, kind: Entry["kind"], reason = ""): Entry {
    const { push } = item.task;
    const answers = keyOf(push);
    const work = this.#bench.work;
    const replaces = this.#mending.get(answers);
    this.#mending.delete(answers);
    const about = { task: push.id, round: push.round, times: this.#watch.read() };
    const said = {
      values: plainValues(work.values),
      confidence: work.confidence,
      prediction: startedFrom(work.values),
      schema: this.state.value.schema.version,
    };
    const fields = { ...about, ...(kind === "skip" ? { reason } : said) };
    const act = this.#courier.post(kind, fields, { answers, replaces });
    return { ...work, act, kind, reason, batch: 0, before: item.entry };
  }

  /** Remembers the answer and shows the next task, in this very turn. */
  #finish(item: Item, entry: Entry | null, what: string): true {
    batch(() => {
      if (entry) this.#tray.remember(item, entry);
      this.#taken.set([]);
      this.#next();
    });
    const next = this.#tray.current.value;
    return this.#say(next ? `${what} Next: ${nameOf(next)}.` : what);
  }

  #sendMany(items: readonly { item: Item; values: Values }[]): void {
    const { version } = this.state.value.schema;
    const times = this.#watch.read();
    const each = { ...times, seconds: times.seconds / items.length };
    const number = ++this.#batches;
    batch(() => {
      for (const { item, values } of items) {
        const { id, round } = item.task.push;
        const answers = keyOf(item.task.push);
        const said = { values, confidence: null, prediction: null, schema: version };
        const act = this.#courier.post("submit", { task: id, round, times: each, ...said }, { answers });
        this.#tray.remove(answers);
        const work = { values, past: NO_PAST, confidence: null };
        this.#tray.remember(item, { ...work, act, kind: "submit", reason: "", batch: number, before: null });
      }
    });
    this.#watch.start();
  }

  // Undo across answers.

  #takeBack(): boolean {
    const last = this.#tray.recall();
    if (!last) return false;
    this.#withdraw(last);
    const { entry, task } = last;
    if (entry.batch > 0 && this.#tray.answered.value.at(-1)?.entry.batch === entry.batch) this.#takeBack();
    return this.#say(`Taken back: ${nameOf({ task, entry })}.`);
  }

  #withdraw({ task, entry }: { task: DeskTask; entry: Entry }): void {
    const key = keyOf(task.push);
    // An answer the kernel refused was never there.
    if (this.#courier.outbox.get(entry.act)?.refused) this.#mending.set(key, entry.act);
    else this.#courier.post("undo", { answer: entry.act }, { reopens: key });
    this.#tray.reopen(key);
    const item: Item = { task: { ...task, again: entry.before !== null }, entry: entry.before };
    if (this.state.value.mode === "grid") this.#tray.ahead.update((ahead) => [item, ...ahead]);
    else this.#layTaken(item, key, entry);
  }

  /** The task comes back as it was when it was answered, so that undoing can go on. */
  #layTaken(item: Item, key: string, entry: Entry): void {
    this.#bench.prepare(key, entry);
    this.#lay(item);
    this.#taken.update((taken) => [...taken, { key, entry }]);
  }

  #giveAgain(): boolean {
    const last = this.#taken.value.at(-1);
    const item = this.#working();
    if (!last || !item || keyOf(item.task.push) !== last.key) return false;
    const rest = this.#taken.value.slice(0, -1);
    const given = last.entry.kind === "skip" ? this.skip(last.entry.reason) : this.submit();
    if (given) this.#taken.set(rest);
    return given;
  }

  // What comes from the kernel and from other tabs.

  #recipient() {
    return {
      push: (push: Pick<Push, "tasks">, buffers: readonly Uint8Array[]) => this.#pushed(push, buffers),
      held: () => this.#tray.held(),
      found: (acts: readonly Act[]) => this.#found(acts),
      refused: (kept: Kept) => this.#refused(kept),
      answered: (key: string) => this.#answeredElsewhere(key),
      reopened: (key: string) => this.#tray.reopen(key),
      barred: (reason: string) => this.trouble.set(reason),
    };
  }

  /** Answers on their way from before: their tasks need not be shown again. */
  #found(acts: readonly Act[]): void {
    const taken = new Set(acts.map(({ answer }) => answer));
    for (const { id, kind, task, round } of acts) {
      const answers = (kind === "submit" || kind === "skip") && !taken.has(id);
      if (answers && !this.#tray.isAnswered(Number(task))) {
        this.#answeredElsewhere(keyOf({ id: Number(task), round: Number(round) }));
      }
    }
    this.#recoverDraft();
  }

  /** A draft that was read after its task had been shown. */
  #recoverDraft(): void {
    const item = this.#tray.current.value;
    const draft = item && this.#courier.outbox.draft(keyOf(item.task.push));
    if (!item || !draft || !this.#bench.isUntouched(item) || this.history.canRedo) return;
    batch(() => this.#bench.load(item));
    this.#say("Your unfinished work is back.");
  }

  #answeredElsewhere(key: string): void {
    const item = this.#tray.current.value;
    const shown = item !== null && keyOf(item.task.push) === key;
    if (shown && (item.entry || this.history.canUndo)) return;
    this.#tray.remove(key);
    if (shown) this.#next();
  }

  /** The kernel said no: the answer comes back, after the task at hand. */
  #refused(kept: Kept): void {
    this.#say(`Not accepted: ${kept.refused?.reason}`);
    const { current, answered } = this.#tray;
    const here = current.value;
    const item = answered.value.find(({ entry }) => entry.act === kept.act.id);
    if (here && keyOf(here.task.push) === `${kept.act.task}/${kept.act.round}`) this.#refusedHere(kept, here);
    else if (item && this.state.value.mode !== "grid" && MENDABLE.has(kept.refused?.code ?? "")) {
      const mended = this.#mend(kept, item);
      this.#tray.ahead.update((ahead) => [mended, ...ahead]);
      if (!here) this.#next();
    }
  }

  /** The person has gone back to it in the meantime. */
  #refusedHere({ act }: Kept, { task, entry }: Item): void {
    const key = keyOf(task.push);
    this.#mending.set(key, act.id);
    this.#tray.current.set({ task, entry: entry?.act === act.id ? entry.before : entry });
    this.problems.set(this.#refusalOf(key));
  }

  /** The item as it was answered, without that answer. */
  #mend({ act }: Kept, item: Item): Item {
    const key = keyOf(item.task.push);
    const entry = item.entry?.act === act.id ? item.entry : null;
    this.#tray.unanswer(act.id);
    if (act.kind !== "submit") return item;
    this.#mending.set(key, act.id);
    const confidence = (act.confidence ?? null) as Confidence;
    this.#bench.prepare(key, entry ?? { values: act.values as Values, past: NO_PAST, confidence });
    return entry ? { task: item.task, entry: entry.before } : item;
  }

  async #fetch(task: number): Promise<Item> {
    const here = this.#tray.find(task);
    if (here) return here;
    this.#receive(await this.#courier.ask("goto", { task }));
    const come = this.#tray.find(task);
    if (!come) throw new Error("The kernel did not send this item.");
    return come;
  }

  /** Tasks may come in the answer itself. */
  #receive({ reply, buffers }: Reply): void {
    const { tasks = [], left } = reply as unknown as Partial<Push>;
    this.#pushed({ tasks, ...(left !== undefined && { left }) }, buffers);
  }

  #restate(): void {
    const state = stateOf(this.#host.get("state"));
    const before = this.state.value;
    batch(() => {
      this.state.set(state);
      if (sameJson(before.schema as never, state.schema as never)) return;
      this.#taxonomies.clear();
      this.answer.load(this.answer.values.value, state.schema);
      this.history.load();
      this.keymap.load(state.schema, state.options.keys);
      this.#activateField();
    });
    this.#courier.restarted(state.kernel);
  }

  // The person.

  #changed(field: string): void {
    this.#watch.act();
    this.#bench.drafts.changed();
    this.problems.update((problems) => problems.filter((problem) => problem.field !== field));
    if (this.history.replaying) return;
    this.#taken.set([]);
    correct(this.answer, field);
  }

  #relabel(field: string, label: string): void {
    this.selection.setField(field);
    this.selection.setLabel(field, label);
    const chosen = this.answer.regions(field).filter(({ id }) => this.selection.ids.value.has(id));
    this.answer.put(
      field,
      chosen.map((region) => ({ ...region, label })),
    );
  }

  #field(name: string): FieldJson | null {
    return this.state.value.schema.fields.find((field) => field.name === name) ?? null;
  }

  /** The first region field is ready to be drawn in, with its first label. */
  #activateField(): void {
    const { fields } = this.state.value.schema;
    const field = fields.find(({ kind }) => isRegionKind(kind)) ?? fields[0] ?? null;
    if (this.#field(this.selection.field.value ?? "")) return;
    this.selection.setField(field?.name ?? null);
    if (field && isRegionKind(field.kind))
      this.selection.setLabel(field.name, labelsOf(field)[0]?.id ?? null);
  }

  #hide(hidden: boolean): void {
    this.#watch.hide(hidden);
    this.#courier.link.hide(hidden);
    if (hidden) this.#bench.drafts.flush();
  }

  #say(text: string, outcome?: true): true;
  #say(text: string, outcome: false): false;
  #say(text: string, outcome = true): boolean {
    this.said.set(text);
    return outcome;
  }
}

function phaseOf(
  { mode, read_only }: State,
  current: Item | null,
  ahead: readonly Item[],
  left: number | null,
  trouble: string,
): Phase {
  if (trouble) return "broken";
  const there = current !== null || (mode === "grid" && ahead.length > 0);
  if (there) return mode === "view" || read_only ? "viewing" : "working";
  return left === 0 && ahead.length === 0 ? "finished" : "loading";
}

function nameOf({ task }: Item): string {
  return task.push.media.name || `item ${task.push.id}`;
}
