/** What is selected, hovered and about to be drawn; told to no kernel. */
import type { Answer } from "./annotations.ts";
import { batch, Cell, type Signal } from "./signal.ts";

export type SelectMode = "replace" | "add" | "toggle";

const NONE: ReadonlySet<string> = new Set();

export class Selection {
  readonly #ids = new Cell<ReadonlySet<string>>(NONE);
  readonly #hovered = new Cell<string | null>(null);
  readonly #field = new Cell<string | null>(null);
  readonly #labels = new Cell<Readonly<Record<string, string | null>>>({});

  constructor(answer: Answer) {
    answer.onChange(({ field }) => {
      if (field === this.#field.value) this.keep(answer.regions(field).map(({ id }) => id));
    });
  }

  /** Ids of the selected regions; all of the active field. */
  get ids(): Signal<ReadonlySet<string>> {
    return this.#ids;
  }

  get hovered(): Signal<string | null> {
    return this.#hovered;
  }

  /** The active field: the one whose labels the keys mean first. */
  get field(): Signal<string | null> {
    return this.#field;
  }

  /** The active label of each region field: what the next drawn region gets. */
  get labels(): Signal<Readonly<Record<string, string | null>>> {
    return this.#labels;
  }

  label(field: string): string | null {
    return this.#labels.value[field] ?? null;
  }

  setLabel(field: string, label: string | null): void {
    if (this.label(field) !== label) this.#labels.update((labels) => ({ ...labels, [field]: label }));
  }

  /** Another active field; regions of the field before are deselected. */
  setField(field: string | null): void {
    if (field === this.#field.value) return;
    batch(() => {
      this.clear();
      this.#field.set(field);
    });
  }

  select(ids: Iterable<string>, mode: SelectMode = "replace"): void {
    const next = new Set(mode === "replace" ? [] : this.#ids.value);
    for (const id of ids) {
      if (mode === "toggle" && next.has(id)) next.delete(id);
      else next.add(id);
    }
    this.#set(next);
  }

  clear(): void {
    this.#set(NONE);
    this.#hovered.set(null);
  }

  hover(id: string | null): void {
    this.#hovered.set(id);
  }

  /** Forgets what is not among `ids` any more. */
  keep(ids: Iterable<string>): void {
    const there = new Set(ids);
    this.#set(new Set([...this.#ids.value].filter((id) => there.has(id))));
    if (this.#hovered.value !== null && !there.has(this.#hovered.value)) this.#hovered.set(null);
  }

  /** The same set again is no change. */
  #set(next: ReadonlySet<string>): void {
    const now = this.#ids.value;
    if (now.size !== next.size || [...next].some((id) => !now.has(id))) this.#ids.set(next);
  }
}
