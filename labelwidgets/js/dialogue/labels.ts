/** What is said of turns: which have which labels, and what a label's key does to them. */

import { asked } from "../core/check.ts";
import type { Desk } from "../core/desk.ts";
import { newId } from "../core/model.ts";
import type { Json, LabelJson, RegionJson, TurnLabelJson, TurnsJson } from "../core/protocol.ts";

/** What of a desk a dialogue needs; an example in the instructions has no more. */
export type TalkDesk = Pick<
  Desk,
  | "state"
  | "task"
  | "phase"
  | "answer"
  | "selection"
  | "suggestion"
  | "problems"
  | "keymap"
  | "taxonomy"
  | "acceptRegions"
  | "rejectRegions"
  | "onPick"
>;

/** One label on a turn. */
export interface Chip {
  readonly field: string;
  readonly region: TurnLabelJson;
  readonly label: LabelJson | null;
  /** The label's place in its field, for its second sign. */
  readonly place: number;
  readonly suggested: boolean;
}

export class Labels {
  readonly #desk: TalkDesk;

  constructor(desk: TalkDesk) {
    this.#desk = desk;
  }

  get fields(): TurnsJson[] {
    return this.#desk.state.value.schema.fields.filter((field) => field.kind === "turns");
  }

  /** The field that is worked on. */
  get field(): TurnsJson | null {
    const active = this.#desk.selection.field.value;
    return this.fields.find(({ name }) => name === active) ?? this.fields[0] ?? null;
  }

  /** Places of the turns that a field asks about. */
  asked(field: TurnsJson): number[] {
    return asked(field, this.#desk.task.value?.push ?? null);
  }

  /** All labels by turn, those that a model suggests after the others. */
  byTurn(): Map<number, Chip[]> {
    const found = new Map<number, Chip[]>();
    for (const field of this.fields) {
      const taxonomy = this.#desk.taxonomy(field.name);
      const add = (region: TurnLabelJson, suggested: boolean) => {
        const label = taxonomy.get(region.label);
        const chip = {
          field: field.name,
          region,
          label,
          place: label ? taxonomy.labels.indexOf(label) : 0,
          suggested,
        };
        const there = found.get(region.turn);
        if (there) there.push(chip);
        else found.set(region.turn, [chip]);
      };
      for (const region of this.#said(field.name)) add(region, false);
      for (const region of this.#guessed(field.name)) add(region, true);
    }
    return found;
  }

  /** A field's labels of a turn. */
  of(field: string, turn: number): TurnLabelJson[] {
    return this.#said(field).filter((region) => region.turn === turn);
  }

  guesses(field: string, turn: number): TurnLabelJson[] {
    return this.#guessed(field).filter((region) => region.turn === turn);
  }

  /** Puts a label on a turn, or takes it off; null is the one nameless label. What stands in the way is said. */
  toggle(field: TurnsJson, turn: number, label: string | null): string {
    const there = this.of(field.name, turn);
    const same = there.find((region) => region.label === label);
    const guesses = this.guesses(field.name, turn);
    const taken = guesses.find((region) => region.label === label);
    const { answer } = this.#desk;
    if (field.max_count !== null && there.length === 0 && this.#said(field.name).length >= field.max_count)
      return `The most is ${field.max_count}.`;
    answer.gesture(() => {
      if (same) answer.remove(field.name, [same.id]);
      else if (taken) this.#desk.acceptRegions(field.name, [taken.id]);
      else this.#put(field, turn, label, there);
      if (field.multiple || same) return;
      // One label decides: another one, or another suggestion, is not meant.
      const rest = guesses.filter(({ id }) => id !== taken?.id).map(({ id }) => id);
      if (rest.length > 0) this.#desk.rejectRegions(field.name, rest);
      if (taken)
        answer.remove(
          field.name,
          there.map(({ id }) => id),
        );
    });
    return "";
  }

  #put(field: TurnsJson, turn: number, label: string | null, there: readonly TurnLabelJson[]): void {
    const [before] = field.multiple ? [] : there;
    const region = before
      ? { ...before, label, score: null }
      : { id: newId(), label, score: null, attributes: {}, turn };
    this.#desk.answer.put(field.name, [region as RegionJson]);
  }

  /** Takes all labels of a field off a turn. */
  clear(field: string, turn: number): number {
    const there = this.of(field, turn);
    this.#desk.answer.remove(
      field,
      there.map(({ id }) => id),
    );
    return there.length;
  }

  #said(field: string): readonly TurnLabelJson[] {
    return this.#desk.answer.regions(field) as readonly TurnLabelJson[];
  }

  #guessed(field: string): readonly TurnLabelJson[] {
    const value: Json | undefined = this.#desk.suggestion.value?.values[field];
    return Array.isArray(value) ? (value as unknown as TurnLabelJson[]) : [];
  }
}
