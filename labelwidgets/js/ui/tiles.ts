/** The state of a grid: which tiles are selected, where the cursor is, what each is answered. No DOM. */

import { check } from "../core/check.ts";
import type { Desk, DeskTask, LabelTarget, Suggestion } from "../core/desk.ts";
import type { Many } from "../core/many.ts";
import { picked } from "../core/pick.ts";
import type { Json, Values } from "../core/protocol.ts";
import { batch, Cell, derived, type Signal } from "../core/signal.ts";

/** Tiles asked for at once. */
const PAGE = 60;

/** Widths of a tile in px, by zoom. */
const SIZES = [88, 136, 200, 288];

export type Answers = ReadonlyMap<number, Values>;

/** What a tile is: it can't be shown, it is answered, a model suggests an answer, or nothing is known. */
export type TileState = "broken" | "done" | "guess" | "open";

export function tileState({ push }: DeskTask, values: Values | undefined): TileState {
  if (push.media.broken !== undefined) return "broken";
  if (values) return "done";
  return push.predictions.length > 0 ? "guess" : "open";
}

/** What all of `values` say of `field`, null when they differ. */
export function common(values: readonly (Values | undefined)[], field: string): Json {
  const said = values.map((each) => JSON.stringify(each?.[field] ?? null));
  return said.every((each) => each === said[0]) ? (values[0]?.[field] ?? null) : null;
}

/**
 * Answers to many tasks at once. Its `desk` is the one that panels get: what they show is what the selected
 * tiles have in common, and what they change is changed in every selected tile.
 */
export class Tiles {
  readonly desk: Desk;
  readonly tasks: Signal<readonly DeskTask[]>;
  readonly answers = new Cell<Answers>(new Map());
  readonly selected = new Cell<ReadonlySet<number>>(new Set());
  /** Place of the cursor. */
  readonly cursor = new Cell(0);
  /** How many can be submitted. */
  readonly ready: Signal<number>;
  /** Why no further tiles came; empty when all is well. */
  readonly trouble = new Cell("");
  /** Least width of a tile in px. */
  readonly size: Signal<number>;
  readonly #zoom = new Cell(1);
  readonly #desk: Desk;
  readonly #many: Many;
  readonly #undone = new Cell<readonly Answers[]>([]);
  #mark = 0;

  constructor(desk: Desk, many: Many) {
    this.#desk = desk;
    this.#many = many;
    this.tasks = desk.queue;
    this.ready = derived([this.answers, this.tasks], () => this.complete().length);
    this.size = derived([this.#zoom], (zoom) => SIZES[zoom] ?? 136);
    this.desk = over(desk, {
      fill: (field: string, value: Json) => this.fill(field, value),
      pick: (target: LabelTarget) => this.pick(target),
      acceptPrediction: () => this.accept(),
      skip: (reason: string) => this.skip(reason),
      suggestion: derived([this.answers, this.selected, this.cursor, this.tasks], () => this.#suggestion()),
      canUndo: derived([this.#undone, desk.canUndo], (undone, more) => undone.length > 0 || more),
    });
  }

  /** Takes over the keys, and asks for the first tiles; returns a function that stops. */
  attach(): () => void {
    const { keymap, queue } = this.#desk;
    const everything = () => this.select(this.tasks.value.map(({ push }) => push.id));
    const bind = (id: string, run: () => boolean) => keymap.bind(id, run);
    const stops = [
      bind("submit", () => this.submit() || true),
      bind("skip", () => this.#desk.state.value.options.skip_reasons.length === 0 && this.skip("")),
      bind("undo", () => this.undo()),
      bind("accept", () => this.accept()),
      bind("zoom-in", () => this.#resize(1)),
      bind("zoom-out", () => this.#resize(-1)),
      bind("select-all", () => everything() ?? true),
      bind("leave", () => this.selected.value.size > 0 && (this.select([]) ?? true)),
      queue.subscribe(() => this.#keep()),
    ];
    keymap.onLabel((targets) => targets[0] && this.pick(targets[0]));
    if (queue.value.length === 0) void this.more();
    return () => {
      for (const stop of stops) stop();
    };
  }

  async more(n = PAGE): Promise<void> {
    this.trouble.set("");
    try {
      await this.#many.more(n);
    } catch (error) {
      if (!this.#desk.scope.disposed) this.trouble.set((error as Error).message);
    }
  }

  /** The tiles that the next label is for: those chosen that can be seen. */
  targets(): readonly DeskTask[] {
    return this.#chosen().filter(({ push }) => push.media.broken === undefined);
  }

  pick({ field: name, label }: LabelTarget): void {
    const field = this.#desk.state.value.schema.fields.find((each) => each.name === name);
    const now = this.#desk.answer.value(name);
    const value = field && picked(field, this.#desk.taxonomy(name), now, label);
    if (value !== undefined) this.fill(name, value);
  }

  /** Says `value` of every target; the cursor then goes to the next open tile, if it was alone. */
  fill(field: string, value: Json): void {
    const changed = this.targets().map(({ push }): [number, Values] => [
      push.id,
      { ...this.answers.value.get(push.id), [field]: value },
    ]);
    this.#change(changed);
    const oneField = this.#desk.state.value.schema.fields.length === 1;
    if (oneField && this.selected.value.size === 0 && changed.length > 0) this.#toNextOpen();
  }

  /** Takes the models' answers for the targets; false when there are none. */
  accept(): boolean {
    const guesses = this.#guesses().map(({ push }): [number, Values] => [
      push.id,
      { ...push.predictions[0]?.values },
    ]);
    this.#change(guesses);
    return guesses.length > 0;
  }

  /** Skips what is chosen, broken tiles too; false when nothing is. */
  skip(reason: string): boolean {
    const ids = this.#chosen().map(({ push }) => push.id);
    const skipped = this.#many.skip(ids, reason);
    if (skipped) this.#refill();
    return skipped;
  }

  /** Takes back the last label; false when there is none to take back. */
  undo(): boolean {
    const before = this.#undone.value.at(-1);
    if (!before) return false;
    this.#undone.update((undone) => undone.slice(0, -1));
    this.answers.set(before);
    this.#share();
    return true;
  }

  move(to: number, extend: boolean): void {
    const place = Math.max(0, Math.min(this.tasks.value.length - 1, to));
    this.cursor.set(place);
    if (extend) this.#range(this.#mark, place);
    else {
      this.#mark = place;
      this.select([]);
    }
  }

  toggle(place: number): void {
    const id = this.tasks.value[place]?.push.id;
    if (id === undefined) return;
    const next = new Set(this.selected.value);
    if (!next.delete(id)) next.add(id);
    this.#mark = place;
    this.cursor.set(place);
    this.select(next);
  }

  /** From the last place clicked to this one. */
  extend(place: number): void {
    this.cursor.set(place);
    this.#range(this.#mark, place);
  }

  select(ids: Iterable<number>): void {
    this.selected.set(new Set(ids));
    this.#share();
  }

  /** Tasks whose answers may be submitted. */
  complete(): { task: number; values: Values }[] {
    const { schema } = this.#desk.state.value;
    return this.tasks.value.flatMap(({ push }) => {
      const values = this.answers.value.get(push.id);
      return values && check(schema, values, push).length === 0 ? [{ task: push.id, values }] : [];
    });
  }

  /** Submits every tile that is answered, each as an act of its own; false when none is. */
  submit(): boolean {
    const answers = this.complete();
    if (answers.length === 0 || !this.#many.submit(answers)) return false;
    this.#undone.set([]);
    this.move(0, false);
    this.#refill();
    return true;
  }

  #refill(): void {
    const room = PAGE - this.tasks.value.length;
    if (this.#desk.left.value !== 0 && room > 0) void this.more(room);
  }

  /** The selected tiles, else the one with the cursor. */
  #chosen(): readonly DeskTask[] {
    const tasks = this.tasks.value;
    const selected = tasks.filter(({ push }) => this.selected.value.has(push.id));
    const at = tasks[this.cursor.value];
    return selected.length > 0 || !at ? selected : [at];
  }

  #resize(by: 1 | -1): true {
    this.#zoom.set(Math.max(0, Math.min(SIZES.length - 1, this.#zoom.value + by)));
    return true;
  }

  #guesses(): readonly DeskTask[] {
    return this.targets().filter((task) => tileState(task, this.answers.value.get(task.push.id)) === "guess");
  }

  /** What the models say of the targets, where they agree. */
  #suggestion(): Suggestion | null {
    const guesses = this.#guesses().flatMap(({ push }) => push.predictions.slice(0, 1));
    const [first] = guesses;
    if (!first) return null;
    const values = guesses.map((guess) => guess.values);
    const shared = Object.keys(first.values).map((name) => [name, common(values, name)]);
    const score = guesses.length === 1 ? first.score : null;
    return { model: first.model, version: first.version, score, values: Object.fromEntries(shared) };
  }

  #change(changed: readonly [number, Values][]): void {
    if (changed.length === 0) return;
    this.#undone.update((undone) => [...undone, this.answers.value]);
    this.answers.set(new Map([...this.answers.value, ...changed]));
    this.#share();
  }

  #range(from: number, to: number): void {
    const [first, last] = from < to ? [from, to] : [to, from];
    this.select(this.tasks.value.slice(first, last + 1).map(({ push }) => push.id));
  }

  #toNextOpen(): void {
    const isNext = ({ push }: DeskTask, place: number) =>
      place > this.cursor.value && !this.answers.value.has(push.id) && push.media.broken === undefined;
    const place = this.tasks.value.findIndex(isNext);
    if (place >= 0) this.move(place, false);
  }

  /** Forgets what belongs to tiles that are gone. */
  #keep(): void {
    const there = new Set(this.tasks.value.map(({ push }) => push.id));
    batch(() => {
      this.answers.set(new Map([...this.answers.value].filter(([id]) => there.has(id))));
      this.cursor.set(Math.max(0, Math.min(this.cursor.value, there.size - 1)));
      this.select([...this.selected.value].filter((id) => there.has(id)));
    });
  }

  /** Lays what the targets have in common on the desk, silently: it is nobody's act. */
  #share(): void {
    const { answer, state } = this.#desk;
    const values = this.targets().map(({ push }) => this.answers.value.get(push.id));
    for (const { name } of state.value.schema.fields) answer.set(name, common(values, name), "silent");
  }
}

/** `desk` with some of its members replaced. Its own methods keep their `this`: they have private parts. */
function over(desk: Desk, members: Partial<Desk>): Desk {
  return new Proxy(desk, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return members[name as keyof Desk];
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
