/** Keys to acts: labels first, then commands; what is ours never reaches the notebook, all else passes. */
import { COMMANDS, type Command } from "./commands.ts";
import { chordsOf, displayChord, isComposing, isLabelKey, type KeyPress, normalChord } from "./keys.ts";
import type { FieldJson, RatingJson, SchemaJson } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import { Cell, type Signal } from "./signal.ts";
import { labelsOf } from "./taxonomy.ts";

export type { Command, Group } from "./commands.ts";

/** One label of a field as a key names it. */
export interface LabelTarget {
  field: string;
  /** Id of the option, label or node; the number as text for a rating. */
  label: string;
}

/** Returns false when there was nothing to do: an older binding is asked, and at last the browser. */
export type Run = (event: KeyboardEvent | null) => boolean | undefined;

export interface Resolved {
  readonly commands: readonly Command[];
  /** What a chord means, by the widget: it is the first of them that something here carries out. */
  readonly byChord: ReadonlyMap<string, readonly string[]>;
  readonly labels: ReadonlyMap<string, readonly LabelTarget[]>;
}

/**
 * Where a key goes: `done` acted; `kept` is ours but had nothing to do, so the browser may use it (scroll)
 * and the notebook never sees it; `passed` is not ours.
 */
export type Handled = "done" | "kept" | "passed";

export class Keymap {
  readonly mac: boolean;
  readonly #resolved: Cell<Resolved>;
  readonly #runs = new Map<string, Run[]>();
  readonly #bound = new Cell<ReadonlySet<string>>(new Set());
  readonly #switches = new Map<string, Signal<boolean>>();
  #pick: (targets: readonly LabelTarget[]) => void = () => {};
  #typed: () => boolean = () => false;

  constructor(schema: SchemaJson, remap: Readonly<Record<string, string>> = {}, mac = isMac()) {
    this.mac = mac;
    this.#resolved = new Cell(resolve(schema, remap));
  }

  /** Commands with the keys they have here, remapped ones included, and the labels' keys. */
  get resolved(): Signal<Resolved> {
    return this.#resolved;
  }

  /** Ids of the commands that something in this widget carries out. */
  get bound(): Signal<ReadonlySet<string>> {
    return this.#bound;
  }

  /** The schema or the remapping has changed. */
  load(schema: SchemaJson, remap: Readonly<Record<string, string>>): void {
    this.#resolved.set(resolve(schema, remap));
  }

  /** Whether what a command switches is on; null for one that switches nothing. */
  switched(id: string): Signal<boolean> | null {
    return this.#switches.get(id) ?? null;
  }

  /**
   * What carries out a command; the last one bound is asked first. `on` tells whether what it switches is on. Returns a
   * function that unbinds.
   */
  bind(id: string, run: Run, on: Signal<boolean> | null = null): () => void {
    if (!COMMANDS.some((command) => command.id === id)) throw new Error(`There is no command "${id}"`);
    if (on) this.#switches.set(id, on);
    this.#runs.set(id, [...(this.#runs.get(id) ?? []), run]);
    this.#tellBound();
    return () => {
      this.#runs.set(
        id,
        (this.#runs.get(id) ?? []).filter((each) => each !== run),
      );
      this.#tellBound();
    };
  }

  /** Who hears of label keys: all labels that have the key, in the schema's order. */
  onLabel(pick: (targets: readonly LabelTarget[]) => void): void {
    this.#pick = pick;
  }

  /** Who takes a letter that is nobody's key, such as a search box: it brings the focus where the letter is to go. */
  onTyped(take: () => boolean): void {
    this.#typed = take;
  }

  /** Carries out a command (for buttons); false when there was nothing to do. */
  run(id: string, event: KeyboardEvent | null = null): boolean {
    const runs = this.#runs.get(id) ?? [];
    return [...runs].reverse().some((run) => run(event) !== false);
  }

  /** The key that chooses an option or label from anywhere in the widget. */
  keyOf(field: string, label: string): string | null {
    for (const [key, targets] of this.#resolved.value.labels)
      if (targets.some((target) => target.field === field && target.label === label)) return key;
    return null;
  }

  /** The key of a command for people, "" when it has none: "Ctrl+Z". */
  display(id: string): string {
    const chord = this.#resolved.value.commands.find((command) => command.id === id)?.keys[0];
    return chord === undefined ? "" : displayChord(normalChord(chord), this.mac);
  }

  /** Handles the keys of everything inside `root`; what is inside may handle its own first. */
  attach(root: HTMLElement, scope: Scope): void {
    const page = root.ownerDocument.defaultView;
    // Notebook 7 acts on a key before the focused element hears of it; it passes over an element with this mark.
    const mark = (event: KeyboardEvent) => {
      const target = event.target as Element;
      if (root.contains(target)) target.toggleAttribute(HANDS_OFF, this.claims(event, root));
    };
    if (page) scope.listen(page, "keydown", mark, { capture: true });
    scope.listen(root, "keydown", (event) => {
      const handled = this.handle(event);
      if (handled === "passed" && event.key === "Escape" && !event.defaultPrevented) leave(root);
      if (handled !== "passed") event.stopPropagation();
      if (handled === "done") event.preventDefault();
    });
  }

  handle(event: KeyboardEvent): Handled {
    if (event.defaultPrevented || isComposing(event)) return "passed";
    const place = placeOf(event);
    const chords = chordsOf(event, this.mac).filter((chord) => isOurs(chord, place));
    const { labels } = this.#resolved.value;
    for (const chord of chords) {
      const targets = labels.get(chord);
      const id = this.#meant(chord);
      if (targets) return this.#label(targets, event);
      if (id !== null) return this.#command(id, event);
    }
    if (place === "open" && chords.some((chord) => isLabelKey(chord)) && this.#typed()) return "kept";
    // A mistyped letter must not delete the notebook's cell, nor a capital one merge it with the next (Shift+M).
    return chords.some((chord) => isLabelKey(chord.replace(/^Shift\+/, ""))) ? "kept" : "passed";
  }

  /** The command that a chord means in this widget; null when it is none of ours here. */
  #meant(chord: string): string | null {
    const ids = this.#resolved.value.byChord.get(chord) ?? [];
    const here = ids.find((id) => this.#bound.value.has(id));
    // Ctrl+F finds in the notebook where no text of ours is to be searched.
    return here ?? ids.find((id) => !(chord.startsWith("Mod+") && ELSEWHERE.has(id))) ?? null;
  }

  /** Whether the host is to leave a key alone: it is ours, or may work what has the focus in the widget. */
  claims(event: KeyboardEvent, root: EventTarget | null = null): boolean {
    const { labels, byChord } = this.#resolved.value;
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    // Leaving the widget brings the host's own keys back; Shift+Enter runs the cell.
    const hosts = (chord: string) =>
      chord === "Escape"
        ? event.composedPath?.()[0] === root
        : chord === "Shift+Enter" && !byChord.has(chord);
    return chordsOf(event, this.mac).some(
      (chord) => !hosts(chord) && (plain || labels.has(chord) || this.#meant(chord) !== null),
    );
  }

  #label(targets: readonly LabelTarget[], event: KeyPress & { repeat?: boolean }): Handled {
    // A key held down would answer task after task.
    if (!event.repeat) this.#pick(targets);
    return "done";
  }

  #command(id: string, event: KeyboardEvent): Handled {
    if (event.repeat && !REPEATABLE.has(id)) return "done";
    if (this.run(id, event)) return "done";
    // The notebook too has something to do when the person leaves.
    return id === "leave" ? "passed" : "kept";
  }

  #tellBound(): void {
    const bound = [...this.#runs].filter(([, runs]) => runs.length > 0).map(([id]) => id);
    this.#bound.set(new Set(bound));
  }
}

/** Commands that only some widgets have. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  COMMANDS.filter(({ group }) => group === "Text" || group === "Turns").map(({ id }) => id),
);

/** Attribute with which JupyterLab's and Notebook's shortcuts pass an element over. */
const HANDS_OFF = "data-lm-suppress-shortcuts";

/** From a field to the widget, from the widget to the page. */
function leave(root: HTMLElement): void {
  const active = root.ownerDocument.activeElement as HTMLElement | null;
  if (active !== root && root.contains(active)) root.focus({ preventScroll: true });
  else active?.blur();
}

/** Held down they go on; anything else once per press. */
const REPEATABLE: ReadonlySet<string> = new Set([
  ...["left", "right", "up", "down", "narrower", "wider", "shorter", "taller", "turn-left", "turn-right"],
  ...["zoom-in", "zoom-out", "next", "previous", "undo", "redo", "grow", "shrink"],
  ...["turn-next", "turn-before"],
  ...["caret-left", "caret-right", "caret-up", "caret-down", "word-left", "word-right"],
  ...["end-left", "end-right", "start-left", "start-right"],
]);

type Place = "line" | "lines" | "search" | "control" | "arrows" | "open";

/** What may be done from an empty search box: nobody looks for a label that begins so. */
const BESIDE_SEARCHING: ReadonlySet<string> = new Set([
  ...["Mod+z", "Mod+Shift+z", "Mod+y", ".", ",", "?", "/"],
]);

/** What the focused element needs keys for itself. */
function placeOf(event: KeyboardEvent): Place {
  const target = (event.composedPath?.()[0] ?? event.target) as HTMLElement | null;
  const tag = target?.tagName?.toLowerCase();
  if (tag === "textarea" || target?.isContentEditable) return "lines";
  if (tag === "select") return "arrows";
  if (tag === "input") return placeOfInput(target as HTMLInputElement);
  if (tag === "button" || tag === "a" || tag === "summary") return "control";
  return "open";
}

function placeOfInput(input: HTMLInputElement): Place {
  const { type, value } = input;
  if (type === "radio" || type === "range") return "arrows";
  if (["button", "submit", "reset", "color", "file"].includes(type)) return "control";
  if (type === "checkbox") return "open";
  // One stays there from item to item.
  return value === "" && input.getAttribute?.("role") === "combobox" ? "search" : "line";
}

/** Whether we may take a chord pressed there: typing, and what works a control, stay with the element. */
function isOurs(chord: string, place: Place): boolean {
  if (place === "search" && BESIDE_SEARCHING.has(chord)) return true;
  if (place === "line" || place === "search")
    return chord === "Enter" || chord === "Mod+Enter" || chord === "Escape";
  if (place === "lines") return chord === "Mod+Enter" || chord === "Escape";
  if (place === "control") return chord !== "Enter" && chord !== "Space";
  if (place === "arrows") return !chord.includes("Arrow") && chord !== "Space";
  return true;
}

/** The keys of commands and labels. What clashes the kernel has refused: here the first command has the key. */
export function resolve(schema: SchemaJson, remap: Readonly<Record<string, string>>): Resolved {
  const commands = COMMANDS.map((command) => {
    const keys = remap[command.id]?.split(" ").filter(Boolean) ?? command.keys;
    return { ...command, keys: keys.map(normalChord) };
  });
  const byChord = new Map<string, string[]>();
  for (const { id, keys } of commands)
    for (const chord of keys) byChord.set(chord, [...(byChord.get(chord) ?? []), id]);
  return { commands, byChord, labels: labelKeys(schema) };
}

function labelKeys(schema: SchemaJson): Map<string, LabelTarget[]> {
  const keys = new Map<string, LabelTarget[]>();
  for (const field of schema.fields) {
    for (const { hotkey, name } of labelsOf(field)) {
      if (hotkey) keys.set(hotkey.toLowerCase(), [{ field: field.name, label: name }]);
    }
  }
  for (const field of schema.fields) if (field.kind === "rating") addStars(field, keys);
  for (const field of schema.fields) if (isOfRow(field)) addPlaces(field.name, keys);
  return keys;
}

/** Whether each row brings along what is ranked: nobody knows before how many there are. */
function isOfRow(field: FieldJson): boolean {
  return field.kind === "ranking" && field.column !== null;
}

/** What a row brings along is chosen by its place: the digits that no label has. */
function addPlaces(field: string, keys: Map<string, LabelTarget[]>): void {
  const free = [..."1234567890"].filter((key) => !keys.has(key));
  free.forEach((key, place) => {
    keys.set(key, [{ field, label: String(place + 1) }]);
  });
}

/** A rating has all of its digits, or none where one is a label's: half of them would mislead. */
function addStars({ name, max }: RatingJson, keys: Map<string, LabelTarget[]>): void {
  const digits = Array.from({ length: Math.min(max, 9) }, (_, i) => `${i + 1}`);
  if (digits.some((digit) => keys.has(digit))) return;
  for (const digit of digits) keys.set(digit, [{ field: name, label: digit }]);
}

function isMac(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform ?? "");
}
