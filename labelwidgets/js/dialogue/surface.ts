/** The dialogue surface: what happens on the desk and under the pointer, brought to the conversation. */

import type { DeskTask, LabelTarget } from "../core/desk.ts";
import type { RegionJson, TurnsJson } from "../core/protocol.ts";
import type { Scope } from "../core/scope.ts";
import { Cell } from "../core/signal.ts";
import { Board } from "../text/board.ts";
import { bindCommands } from "./commands.ts";
import { type Chip, Labels, type TalkDesk } from "./labels.ts";
import { Reach } from "./reach.ts";
import { SILENCE, type Talk, talkOf, turnAt } from "./talk.ts";
import { View } from "./view.ts";

export interface SurfaceHandle {
  focus(): void;
}

/** Shows the desk's dialogue in `host`, with what is said of its turns and words, until `scope` ends. */
export function dialogueSurface(host: HTMLElement, desk: TalkDesk, scope: Scope): SurfaceHandle {
  return new DialogueSurface(host, desk, scope);
}

class DialogueSurface implements SurfaceHandle {
  readonly #desk: TalkDesk;
  readonly #view: View;
  readonly #labels: Labels;
  readonly #board: Board;
  readonly #reach: Reach;
  readonly #live: HTMLElement;
  readonly #atOnce = new Cell(true);
  #task: DeskTask | null = null;
  #talk: Talk = SILENCE;
  #at = 0;
  #schema: number;
  /** Turns with spans when they were last drawn. */
  #marked = new Set<number>();

  constructor(host: HTMLElement, desk: TalkDesk, scope: Scope) {
    this.#desk = desk;
    this.#schema = desk.state.value.schema.version;
    host.replaceChildren();
    scope.own(() => host.replaceChildren());
    this.#view = new View(host, SILENCE);
    this.#labels = new Labels(desk);
    this.#board = new Board(desk);
    this.#reach = new Reach(this.#view, () => this.#talk, scope);
    this.#live = host.ownerDocument.createElement("div");
    this.#live.className = "lw-unseen";
    this.#live.setAttribute("role", "status");
    host.append(this.#live);
    bindCommands(this.#surroundings(scope));
    this.#listen(scope);
    this.#taskChanged();
  }

  focus(): void {
    const row = this.#view.row(this.#at);
    if (row) row.focus({ preventScroll: true });
    else this.#view.list.closest<HTMLElement>(".lw-root")?.focus({ preventScroll: true });
  }

  #surroundings(scope: Scope) {
    return {
      desk: this.#desk,
      scope,
      board: this.#board,
      labels: this.#labels,
      reach: this.#reach,
      atOnce: this.#atOnce,
      talk: () => this.#talk,
      at: () => this.#at,
      go: (turn: number) => this.#go(turn),
      mark: () => this.#mark(),
      decide: (taken: boolean) => this.#decide(taken),
      say: (words: string) => this.#say(words),
    };
  }

  #listen(scope: Scope): void {
    const { task, state, answer, suggestion, selection, problems } = this.#desk;
    const { list } = this.#view;
    scope.own(task.subscribe(() => this.#taskChanged()));
    scope.own(state.subscribe(({ schema }) => this.#schemaChanged(schema.version)));
    scope.own(answer.values.subscribe(() => this.#valuesChanged()));
    scope.own(suggestion.subscribe(() => this.#valuesChanged()));
    scope.own(selection.ids.subscribe(() => this.#selectionChanged()));
    scope.own(selection.field.subscribe(() => this.#follow()));
    scope.own(problems.subscribe((found) => this.#mend(found[0]?.field ?? null)));
    scope.own(this.#desk.onPick((target) => this.#take(target)));
    scope.listen(list, "focusin", (event) => this.#land(this.#view.turnOf(event.target as Node)));
    scope.listen(list, "click", (event) => this.#clicked(event));
    scope.listen(list, "pointerup", (event) => scope.timeout(() => this.#released(event), 0));
  }

  #taskChanged(): void {
    const task = this.#desk.task.value;
    const before = this.#task;
    this.#task = task;
    // A comment or a flag replaces the task on the desk, not what is said in it.
    if (task && before && task.push.id === before.push.id && task.push.round === before.push.round) return;
    const hadFocus = this.#view.list.contains(document.activeElement);
    this.#talk = talkOf(task);
    this.#reach.clear();
    this.#marked.clear();
    this.#view.open(this.#talk);
    this.#board.open(this.#talk.doc);
    // Where nothing is asked of turns or words, none of them stands out.
    const asks = this.#labels.fields.length + this.#board.fields.length > 0;
    this.#view.list.classList.toggle("lw-quiet", !asks);
    this.#at = 0;
    this.#land(this.#firstAsked());
    this.#valuesChanged();
    if (hadFocus) this.focus();
  }

  #firstAsked(): number {
    const { field } = this.#labels;
    return (field && this.#labels.asked(field)[0]) ?? 0;
  }

  #schemaChanged(version: number): void {
    if (version === this.#schema) return;
    this.#schema = version;
    this.#board.forget();
    this.#valuesChanged();
  }

  #valuesChanged(): void {
    this.#board.sync();
    this.#dress();
    this.#marks();
    this.#follow();
  }

  #dress(): void {
    const chips = this.#labels.byTurn();
    const open = new Set(
      this.#labels.fields.flatMap((field) => (field.every ? this.#labels.asked(field) : [])),
    );
    for (let turn = 0; turn < this.#view.count; turn++)
      this.#view.dress(turn, {
        chips: chips.get(turn) ?? NONE,
        open: open.has(turn),
        offer: turn === this.#at ? this.#offer(turn) : "",
      });
  }

  /** A field without labels is begun by a button, on the turn where one is. */
  #offer(turn: number): string {
    if (this.#desk.phase.value !== "working") return "";
    const field = this.#nameless(turn);
    return field ? `${field.title}…` : "";
  }

  #nameless(turn: number): TurnsJson | undefined {
    return this.#labels.fields.find(
      (field) =>
        field.labels.length === 0 &&
        this.#labels.asked(field).includes(turn) &&
        this.#labels.of(field.name, turn).length === 0,
    );
  }

  /** Draws the turns in which spans are, or were. */
  #marks(): void {
    if (this.#board.fields.length === 0) return;
    const now = new Set<number>();
    for (const { parts } of this.#board.within(0, this.#talk.doc.text.length))
      for (const [start, end] of parts) {
        const last = turnAt(this.#talk, end - 1);
        for (let turn = turnAt(this.#talk, start); turn <= last; turn++) now.add(turn);
      }
    for (const turn of new Set([...now, ...this.#marked])) {
      const { start, end } = this.#talk.turns[turn] ?? { start: 0, end: 0 };
      this.#view.mark(turn, this.#board.within(start, end), this.#board);
    }
    this.#marked = now;
  }

  #selectionChanged(): void {
    this.#marks();
    const { field, ids } = this.#desk.selection;
    const [id, ...more] = ids.value;
    if (id === undefined || more.length > 0) return;
    const region = this.#desk.answer.region(field.value ?? "", id);
    const turn = this.#turnOf(region);
    if (turn === null || turn === this.#at) return;
    this.#land(turn);
    if (this.#view.list.contains(document.activeElement)) this.focus();
  }

  #turnOf(region: RegionJson | null): number | null {
    if (typeof region?.turn === "number") return region.turn;
    if (typeof region?.start !== "number") return null;
    return turnAt(this.#talk, this.#talk.doc.offsets.toUnit(region.start));
  }

  /** What is said of the turn is what the panel shows, and the bar presses its labels. */
  #follow(): void {
    const { selection } = this.#desk;
    const { field } = this.#labels;
    if (!field || selection.field.value !== field.name) return;
    const there = this.#labels.of(field.name, this.#at);
    selection.setLabel(field.name, there[0]?.label ?? null);
    selection.select(there.map(({ id }) => id));
  }

  /** Goes to a turn with the focus. */
  #go(turn: number): boolean {
    if (turn < 0 || turn >= this.#talk.turns.length) return false;
    this.#reach.clear();
    this.#land(turn);
    this.focus();
    return true;
  }

  /** What could not be submitted is asked for: on to the first turn without a label. */
  #mend(name: string | null): void {
    const field = this.#labels.fields.find((each) => each.name === name);
    const open =
      field && this.#labels.asked(field).find((turn) => this.#labels.of(field.name, turn).length === 0);
    if (!field?.every || open === undefined) return;
    this.#desk.selection.setField(field.name);
    this.#go(open);
  }

  /** Makes a turn the one that keys are for, and brings it into sight. */
  #land(turn: number): void {
    if (turn < 0 || turn >= this.#talk.turns.length) return;
    const before = this.#at;
    this.#at = turn;
    this.#view.go(turn);
    if (before !== turn) {
      this.#dress();
      this.#follow();
    }
    this.#view.row(turn)?.scrollIntoView?.({ block: "nearest" });
  }

  // What is done

  /** A label for the turn, or for the words that are selected; false when it is for something else. */
  #take({ field: name, label }: LabelTarget): boolean {
    if (this.#desk.phase.value !== "working") return false;
    const turns = this.#labels.fields.find((field) => field.name === name);
    if (turns) {
      this.#desk.selection.setField(name);
      this.#label(turns, label);
      return true;
    }
    const { range } = this.#reach;
    if (!range || !this.#board.fields.some((field) => field.name === name)) return false;
    this.#desk.selection.setField(name);
    this.#desk.selection.setLabel(name, label);
    this.#say(this.#board.mark(this.#board.snapped(range), label));
    this.#reach.clear();
    return true;
  }

  #label(field: TurnsJson, label: string | null): void {
    const turn = this.#at;
    if (!this.#labels.asked(field).includes(turn)) {
      this.#say(`"${field.title}" is asked of turns of ${field.speakers.join(", ")} only.`);
      return;
    }
    const trouble = this.#labels.toggle(field, turn, label);
    const there = this.#labels.of(field.name, turn);
    const titles = there.map((region) => this.#desk.taxonomy(field.name).title(region.label) || "noted");
    this.#say(trouble || `Turn ${turn + 1}: ${titles.join(", ") || "no label"}.`);
    this.#follow();
    // One label is all that is asked: on to the next turn, unless the label was taken back.
    if (!trouble && !field.multiple && there.length > 0 && field.attributes.length === 0) this.#goOn(field);
  }

  #goOn(field: TurnsJson): void {
    const next = this.#labels.asked(field).find((turn) => turn > this.#at);
    if (next !== undefined) this.#go(next);
  }

  /** Labels the selected words with the label that is chosen, or begins what is said of a turn. */
  #mark(): boolean {
    if (this.#desk.phase.value !== "working") return false;
    const { range } = this.#reach;
    const field = this.#nameless(this.#at);
    if (range && this.#board.fields.length > 0) {
      this.#say(this.#board.mark(this.#board.snapped(range)));
      this.#reach.clear();
      return true;
    }
    if (!field) return false;
    this.#desk.selection.setField(field.name);
    this.#label(field, null);
    return true;
  }

  /** Decides about what is suggested of the turn, and goes on to the next suggestion. */
  #decide(taken: boolean): boolean {
    if (this.#desk.phase.value !== "working") return false;
    if (this.#board.decide(taken)) return true;
    const mine = this.#labels.fields.flatMap((field) =>
      this.#labels.guesses(field.name, this.#at).map((region) => ({ field, region })),
    );
    const [first] = mine;
    if (!first) return false;
    for (const { field, region } of mine) {
      if (taken) this.#desk.acceptRegions(field.name, [region.id]);
      else this.#desk.rejectRegions(field.name, [region.id]);
    }
    this.#say(taken ? "Suggestion accepted." : "Suggestion rejected.");
    const rest = [...this.#labels.byTurn()].filter(([, chips]) => chips.some(({ suggested }) => suggested));
    const next = rest
      .map(([turn]) => turn)
      .sort((a, b) => a - b)
      .find((turn) => turn > this.#at);
    if (next !== undefined) this.#go(next);
    return true;
  }

  #clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const turn = this.#view.turnOf(target);
    const row = this.#view.row(turn);
    if (!row) return;
    // Text that was just selected is not to be lost by taking the focus elsewhere.
    if (!this.#reach.range) row.focus({ preventScroll: true });
    const chip = target.closest<HTMLElement>(".lw-chip");
    if (chip) this.#pressed(chip);
    else if (!this.#reach.range) this.#selectAt(target);
  }

  #pressed({ dataset }: HTMLElement): void {
    if (this.#desk.phase.value !== "working") return;
    const { region = "", field = "" } = dataset;
    if (!region) this.#mark();
    else if (this.#desk.answer.region(field, region)) this.#desk.answer.remove(field, [region]);
    else this.#desk.acceptRegions(field, [region]);
  }

  /** A click on a span selects it; on one that is selected, the one around it. */
  #selectAt(target: Element): void {
    const keys: string[] = [];
    for (
      let mark = target.closest<HTMLElement>(".lw-span");
      mark;
      mark = mark.parentElement?.closest(".lw-span") ?? null
    )
      keys.push(mark.dataset.key ?? "");
    const now = keys.findIndex((key) => this.#board.isSelected(key));
    const next = this.#board.get(keys[(now + 1) % keys.length] ?? "");
    if (next) this.#board.select([next]);
  }

  /** Words were selected with the pointer: where spans are worked on they are labeled at once. */
  #released(event: PointerEvent): void {
    const active = this.#desk.selection.field.value;
    const isOfWords = this.#board.fields.some(({ name }) => name === active);
    const turn = this.#reach.range ? this.#reach.turn : -1;
    if (turn >= 0) this.#land(turn);
    if (turn < 0 || !isOfWords || !this.#atOnce.value || event.pointerType === "touch") return;
    if (this.#desk.phase.value === "working") this.#mark();
  }

  #say(words: string): void {
    this.#live.textContent = words;
  }
}

const NONE: readonly Chip[] = [];
