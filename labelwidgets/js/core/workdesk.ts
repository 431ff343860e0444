/** The desk at work: what the person does becomes acts, and what comes becomes tasks. */
import { Answer, isRegionKind, plainValues } from "./annotations.ts";
import { type Confidence, NO_PAST } from "./bench.ts";
import { bindKeys } from "./bindings.ts";
import { check } from "./check.ts";
import { Courier, type CourierOptions, type Recipient } from "./courier.ts";
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
import { Flow } from "./flow.ts";
import { History } from "./history.ts";
import { Keymap } from "./keymap.ts";
import { mediaOf } from "./media.ts";
import type { Host } from "./model.ts";
import { picked } from "./pick.ts";
import type { Ack, FieldJson, Json, Refuse, State } from "./protocol.ts";
import { Returns } from "./returns.ts";
import type { Scope } from "./scope.ts";
import { Selection } from "./selection.ts";
import { batch, Cell, derived, type Signal } from "./signal.ts";
import { isOneChoice, stateOf } from "./state.ts";
import { accept, correct, decideRegions, reject, startedFrom, undecided } from "./suggest.ts";
import { labelsOf, Taxonomy } from "./taxonomy.ts";
import { type Entry, firstOf, type Item, keyOf } from "./tray.ts";

export interface DeskOptions extends CourierOptions {
  mac?: boolean;
  /** Where more of an item comes from; the kernel without it. */
  media?: Media;
}

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
  readonly trouble: Signal<string>;
  readonly barred: Signal<string>;
  readonly left: Signal<number | null>;
  readonly problems: Cell<readonly Problem[]>;
  readonly confidence: Cell<Confidence>;
  readonly said: Signal<string>;

  /** For what only some widgets do to a desk; see many.ts. */
  readonly courier: Courier;
  readonly flow: Flow;
  readonly #host: Host;
  readonly #barred = new Cell({ code: "", reason: "" });
  readonly #returns: Returns;
  readonly #taxonomies = new Map<string, Taxonomy>();
  readonly #takers = new Set<(target: LabelTarget) => boolean>();

  constructor(host: Host, scope: Scope, options: DeskOptions = {}) {
    const state = stateOf(host.get("state"));
    this.#host = host;
    this.scope = scope;
    this.state = new Cell(state);
    this.answer = new Answer(state.schema);
    this.history = new History(this.answer);
    this.selection = new Selection(this.answer);
    this.keymap = new Keymap(state.schema, state.options.keys, options.mac);
    this.courier = new Courier(host, state, scope, this.#recipient(), options);
    this.flow = new Flow({ ...this.#own(), courier: this.courier, now: options.now });
    this.#returns = new Returns(this.flow, this.courier);
    this.media = options.media ?? mediaOf(this.courier);
    ({ saving: this.saving, kept: this.kept, refused: this.refused } = this.courier);
    ({ left: this.left, problems: this.problems, said: this.said } = this.flow);
    this.confidence = this.flow.bench.confidence;
    const { current, ahead, answered, earlier, taken } = this.flow.tray;
    this.barred = derived([this.#barred], ({ code }) => code);
    const { barred } = this;
    this.task = derived([current, barred], (item, out) => (out ? null : (item?.task ?? null)));
    this.queue = derived([ahead, barred], (items, out) => (out ? [] : items.map(({ task }) => task)));
    this.trouble = derived([this.#barred, this.courier.untaken, this.kept], ({ reason }, ...more) =>
      troubleOf(reason, ...more),
    );
    this.phase = derived([this.state, this.task, this.queue, this.left, this.trouble], phaseOf);
    this.suggestion = derived([this.answer.values], undecided);
    this.canBack = derived(
      [answered, earlier, barred],
      (here, before, out) => !out && here.length + before.length > 0,
    );
    this.canUndo = derived([this.history.past, this.canBack], ({ done }, more) => done.length > 0 || more);
    this.canRedo = derived([this.history.past, taken], ({ undone }, more) => undone.length + more.length > 0);
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
    await this.courier.open();
  }

  /** Counts what happens inside `root` as work, and notices when the page is hidden or goes. */
  watch(root: HTMLElement): void {
    const active = () => {
      this.flow.watch.touch();
      this.courier.link.input();
    };
    const options = { capture: true, passive: true };
    for (const type of ["pointerdown", "pointermove", "keydown", "wheel"] as const) {
      this.scope.listen(root, type, active, options);
    }
    this.scope.listen(document, "visibilitychange", () => this.#hide(document.hidden));
    this.scope.listen(window, "pagehide", () => this.leave());
    this.scope.listen(window, "beforeunload", (event) => this.#warn(event));
    this.scope.listen(window, "pageshow", ({ persisted }) => {
      if (!persisted) return;
      this.courier.outbox.unsayLastWords();
      this.courier.hello();
    });
    this.scope.own(() => this.leave());
  }

  /** Saves the draft and gives the leases back. */
  leave(): void {
    this.flow.bench.drafts.flush();
    this.courier.outbox.lastWords();
    this.courier.leave();
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
    const problems = this.#problemsOf(item);
    this.problems.set(problems);
    if (problems[0]) return !this.flow.say(problems[0].reason);
    const { entry, task } = item;
    if (entry?.kind === "submit" && !task.push.stale && this.flow.bench.says(entry)) {
      return this.flow.finish(item, entry, "Unchanged.");
    }
    return this.flow.finish(item, this.#send(item, "submit"), "Submitted.");
  }

  skip(reason: string): boolean {
    const item = this.#working();
    return item !== null && this.flow.finish(item, this.#send(item, "skip", reason), "Skipped.");
  }

  fail(reason: string): boolean {
    const item = this.#working();
    if (!item) return false;
    const { id } = item.task.push;
    this.flow.tray.change(id, (push) => ({ ...push, media: { ...push.media, broken: reason } }));
    return true;
  }

  back(): boolean {
    return !this.#barred.value.code && this.phase.value !== "viewing" && this.#returns.back();
  }

  goto(task: number): Promise<void> {
    return this.#returns.goto(task);
  }

  undo(): boolean {
    return this.phase.value !== "viewing" && (this.history.undo() || this.#returns.takeBack());
  }

  redo(): boolean {
    return this.phase.value !== "viewing" && (this.history.redo() || this.#giveAgain());
  }

  onPick(take: (target: LabelTarget) => boolean): () => void {
    this.#takers.add(take);
    return () => this.#takers.delete(take);
  }

  pick({ field: name, label }: LabelTarget): void {
    const field = this.#field(name);
    const item = this.#working();
    if (!field || !item) return;
    const value = picked(field, this.taxonomy(name), this.answer.value(name), label, item.task.push.data);
    if (isRegionKind(field.kind)) this.#label(name, label);
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
    return this.flow.say("Suggestion accepted.");
  }

  rejectPrediction(): boolean {
    return this.#working() !== null && reject(this.answer) && this.flow.say("Suggestion rejected.");
  }

  acceptRegions(field: string, ids: Iterable<string>): void {
    if (this.#working()) decideRegions(this.answer, field, ids, true);
  }

  rejectRegions(field: string, ids: Iterable<string>): void {
    if (this.#working()) decideRegions(this.answer, field, ids, false);
  }

  comment(text: string, region: string | null = null): void {
    const { item, tray } = this.flow;
    if (!item || text.trim() === "") return;
    const { id } = item.task.push;
    const act = this.courier.post("comment", { task: id, text, region });
    const { user } = this.state.value;
    const comment = { id: act, author: user.name || user.id, text, at: new Date().toISOString(), region };
    tray.change(id, (push) => ({ ...push, comments: [...push.comments, comment] }));
  }

  flag(flagged: boolean): void {
    const { item, tray } = this.flow;
    if (!item || item.task.push.flagged === flagged) return;
    this.courier.post("flag", { task: item.task.push.id, flagged });
    tray.change(item.task.push.id, (push) => ({ ...push, flagged }));
    this.flow.say(flagged ? "Flagged." : "Flag removed.");
  }

  setConfidence(confidence: Confidence): void {
    this.confidence.set(confidence);
  }

  reopen(id: string): Promise<void> {
    return this.#returns.reopen(id);
  }

  discard(id: string): void {
    this.#returns.discard(id);
  }

  /** The task on the desk, if it may be answered now. */
  #working(): Item | null {
    return this.phase.value === "working" ? this.flow.item : null;
  }

  #problemsOf({ task: { push } }: Item): Problem[] {
    if (push.media.broken) return [{ field: null, reason: "This item can't be shown: skip it." }];
    const values = this.answer.values.value;
    const suggestion = undecided(values);
    if (!suggestion) return check(this.state.value.schema, values, push);
    const [yes, no] = [this.keymap.display("accept"), this.keymap.display("reject")];
    const field = Object.keys(suggestion.values)[0] ?? null;
    return [{ field, reason: `Decide about the suggestion first: "${yes}" accepts it, "${no}" rejects it.` }];
  }

  #send(item: Item, kind: Entry["kind"], reason = ""): Entry {
    const { push } = item.task;
    const answers = keyOf(push);
    const { bench, mending, watch } = this.flow;
    const { work } = bench;
    const replaces = mending.get(answers);
    mending.delete(answers);
    const about = { task: push.id, round: push.round, times: watch.read() };
    const said = {
      values: plainValues(work.values),
      confidence: work.confidence,
      prediction: startedFrom(work.values),
      schema: this.state.value.schema.version,
    };
    const fields = { ...about, ...(kind === "skip" ? { reason } : said) };
    const act = this.courier.post(kind, fields, { answers, replaces });
    // A choice that submits at once is one step: taking the answer back undoes it whole.
    const past = isOneChoice(this.state.value.schema) ? NO_PAST : work.past;
    return { ...work, past, act, kind, reason, batch: 0, before: item.entry };
  }

  /** Redo of what undo took back. */
  #giveAgain(): boolean {
    const { taken } = this.flow.tray;
    const last = taken.value.at(-1);
    const item = this.#working();
    if (!last || !item || keyOf(item.task.push) !== last.key) return false;
    const rest = taken.value.slice(0, -1);
    const given = last.entry.kind === "skip" ? this.skip(last.entry.reason) : this.submit();
    if (given) taken.set(rest);
    return given;
  }

  // What comes.

  #own() {
    const { state, answer, history, selection, scope } = this;
    return { state, answer, history, selection, scope };
  }

  #recipient(): Recipient {
    return {
      push: (push, buffers) => this.flow.push(push, buffers),
      held: () => this.flow.tray.held(),
      found: (acts) => this.#returns.found(acts),
      refused: (kept) => this.#returns.refused(kept),
      answered: (key) => this.#returns.answered(key),
      reopened: (key) => this.flow.tray.reopen(key),
      told: (reply) => this.#told(reply),
      barred: (refuse) => this.#bar(refuse),
    };
  }

  /** What the person was at is kept as a draft, and seen no more. */
  #bar({ code, reason }: Refuse): void {
    this.flow.bench.drafts.flush();
    this.#barred.set({ code, reason });
  }

  #takeFirst(): void {
    const first = firstOf(this.#host.get("first"));
    // How many are left is not known yet when the trait is made.
    if (first) this.flow.push({ tasks: first.push.tasks }, first.buffers);
  }

  #told(reply: Ack): void {
    const progress = reply.progress as unknown as State["progress"] | undefined;
    if (progress) this.state.update((state) => ({ ...state, progress }));
    this.#returns.recent(reply);
  }

  #restate(): void {
    const { schema } = this.state.value;
    const coming = stateOf(this.#host.get("state"));
    const isSame = coming.schema.version === schema.version;
    const state = isSame ? { ...coming, schema } : coming;
    batch(() => {
      this.state.set(state);
      if (isSame) return;
      this.#taxonomies.clear();
      this.answer.load(this.answer.values.value, state.schema);
      this.history.load();
      this.keymap.load(state.schema, state.options.keys);
      this.#activateField();
    });
    this.courier.restarted(state.kernel);
  }

  // The person.

  #changed(field: string): void {
    this.flow.watch.act();
    this.flow.bench.drafts.changed();
    this.problems.update((problems) => problems.filter((problem) => problem.field !== field));
    if (this.history.replaying) return;
    this.flow.tray.taken.set([]);
    correct(this.answer, field);
  }

  #label(field: string, label: string): void {
    if ([...this.#takers].some((take) => take({ field, label }))) return;
    this.selection.setField(field);
    this.selection.setLabel(field, label);
    this.#relabel(field, label);
  }

  #relabel(field: string, label: string): void {
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

  /** Closing now would lose answers: the browser asks. */
  #warn(event: BeforeUnloadEvent): void {
    if (this.kept.value === "memory" && this.saving.value.pending > 0) event.preventDefault();
  }

  #hide(hidden: boolean): void {
    this.flow.watch.hide(hidden);
    this.courier.link.hide(hidden);
    if (hidden) this.flow.bench.drafts.flush();
  }
}

function troubleOf(reason: string, untaken: number | null, kept: "disk" | "memory"): string {
  if (!untaken) return reason;
  const where = kept === "disk" ? "kept in this browser" : "kept only while this tab is open";
  const [what, are] = untaken === 1 ? ["1 answer was", "it is"] : [`${untaken} answers were`, "they are"];
  return `${reason} ${what} not taken; ${are} ${where}.`;
}

function phaseOf(
  { mode, read_only }: State,
  task: DeskTask | null,
  queue: readonly DeskTask[],
  left: number | null,
  trouble: string,
): Phase {
  if (trouble) return "broken";
  if (mode === "view" || read_only) return "viewing";
  if (task || (mode === "grid" && queue.length > 0)) return "working";
  return left === 0 && queue.length === 0 ? "finished" : "loading";
}
