/** What the keys do on a picture: everything a pointer can, without one. */

import { untilReleased } from "../core/held.ts";
import type { Command, Keymap, Run } from "../core/keymap.ts";
import { newId } from "../core/model.ts";
import type { RegionJson } from "../core/protocol.ts";
import type { Scope } from "../core/scope.ts";
import { type Board, byField, type RegionDesk } from "./board.ts";
import type { Camera } from "./camera.ts";
import { allowedShift, type Bounds, boundsOf, type Point, pinned, union } from "./geometry.ts";
import type { Placed } from "./picking.ts";
import { shapeOf } from "./shapes/registry.ts";
import { changed } from "./tools/edit.ts";
import type { Draft } from "./tools/gesture.ts";
import { toImage } from "./viewport.ts";

export interface Surroundings {
  readonly desk: RegionDesk;
  readonly board: Board;
  readonly camera: Camera;
  readonly scope: Scope;
  /** Where the pointer is, in screen px; null when it is elsewhere. */
  pointer(): Point | null;
  /** Ends the running gesture as if it had not been; false when there is none. */
  cancel(): boolean;
  /** Tells screen readers. */
  say(words: string): void;
  toggle(what: "regions" | "guides"): void;
}

const ZOOM_STEP = 1.25;
const COARSE = 10;
const PASTE_SHIFT_PX = 12;
const NEW_SHARE = 0.25;

type Change = (placed: Placed, step: number) => RegionJson;

/** Binds the commands until the scope ends; returns those bound. */
export function bindCommands(around: Surroundings): readonly Command[] {
  const { desk, scope } = around;
  const runs = new Map<string, Run>([...viewCommands(around), ...regionCommands(around)]);
  for (const [id, run] of runs) scope.own(desk.keymap.bind(id, run));
  return commandsOf(desk.keymap, runs);
}

function commandsOf(keymap: Keymap, runs: ReadonlyMap<string, Run>): readonly Command[] {
  return keymap.resolved.value.commands.filter(({ id }) => runs.has(id));
}

function viewCommands({ camera, pointer, toggle, cancel, desk }: Surroundings): [string, Run][] {
  return [
    ["zoom-in", () => camera.zoom(ZOOM_STEP, pointer() ?? undefined)],
    ["zoom-out", () => camera.zoom(1 / ZOOM_STEP, pointer() ?? undefined)],
    ["fit", always(() => camera.fit())],
    ["actual-size", always(() => camera.actual())],
    ["leave", () => cancel() || deselect(desk)],
    ...(desk.state.value.schema.fields.some(({ kind }) => shapeOf(kind))
      ? ([
          ["hide", always(() => toggle("regions"))],
          ["guides", always(() => toggle("guides"))],
        ] as [string, Run][])
      : []),
  ];
}

const always = (act: () => void) => (): boolean => {
  act();
  return true;
};

function deselect({ selection }: RegionDesk): boolean {
  const any = selection.ids.value.size > 0;
  if (any) selection.clear();
  return any;
}

function regionCommands(around: Surroundings): [string, Run][] {
  if (around.board.fields.length === 0) return [];
  const { desk, board } = around;
  const clipboard = new Clipboard(around);
  return [
    ["new", () => create(around)],
    ["next", () => goto(around, 1)],
    ["previous", () => goto(around, -1)],
    ["select-all", () => selectAll(around)],
    ["delete", () => remove(around)],
    ["copy", () => clipboard.copy()],
    ["paste", () => clipboard.paste()],
    ["duplicate", () => clipboard.duplicate()],
    ["accept", () => decide(around, (field, ids) => desk.acceptRegions(field, ids))],
    ["reject", () => decide(around, (field, ids) => desk.rejectRegions(field, ids))],
    ...nudges(around).map(([id, change]): [string, Run] => [id, held(around, change)]),
    ...turns(around).map(([id, change]): [string, Run] => [id, held(around, change, canTurn(board))]),
  ];
}

/** A region of a handy size in the middle of what is seen, selected, to be moved by arrows. */
function create({ board, camera, say }: Surroundings): boolean {
  const { drawable } = board;
  if (!drawable) return false;
  const { stage, view } = camera;
  const middle = pinned(toImage(view.value, { x: stage.width / 2, y: stage.height / 2 }), camera.image);
  const size = (Math.min(stage.width, stage.height) * NEW_SHARE) / view.value.scale;
  board.create(drawable.field, drawable.shape.placed(middle, size, drawable.limits));
  say(`New ${drawable.shape.title}. ${wordsOf(board, board.selected[0])}`);
  return true;
}

/** In the order of the list; suggestions come after what was drawn. */
function listed({ desk, board }: Surroundings): { field: string; ids: string[] } | null {
  const field = desk.selection.field.value ?? board.fields[0]?.name;
  if (field === undefined) return null;
  const offered = desk.suggestion.value?.values[field];
  const regions = [
    ...desk.answer.regions(field),
    ...(Array.isArray(offered) ? (offered as unknown as RegionJson[]) : []),
  ];
  return { field, ids: regions.map(({ id }) => id) };
}

function goto(around: Surroundings, way: 1 | -1): boolean {
  const { desk, board, say } = around;
  const list = listed(around);
  if (!list || list.ids.length === 0) return false;
  const { ids, field } = list;
  const now = ids.findIndex((id) => desk.selection.ids.value.has(id));
  const at = now < 0 ? (way > 0 ? 0 : ids.length - 1) : (now + way + ids.length) % ids.length;
  desk.selection.setField(field);
  desk.selection.select([ids[at] as string]);
  say(`${wordsOf(board, board.selected[0])}. ${at + 1} of ${ids.length}`);
  return true;
}

/** "car, 120 × 80 px at 10, 20". */
export function wordsOf(board: Board, placed: Placed | undefined): string {
  if (!placed) return "";
  const { title } = board.looks.of(placed.field, placed.region.label);
  return `${title || "No label"}, ${placed.shape.describe(placed.region)}${placed.suggested ? ", suggested" : ""}`;
}

function selectAll(around: Surroundings): boolean {
  const { desk, say } = around;
  const field = listed(around)?.field;
  const ids = field === undefined ? [] : desk.answer.regions(field).map(({ id }) => id);
  if (field === undefined || ids.length === 0) return false;
  desk.selection.setField(field);
  desk.selection.select(ids);
  say(`${ids.length} selected`);
  return true;
}

/** Deletes what was drawn; a suggestion is rejected. */
function remove({ desk, board, say }: Surroundings): boolean {
  const { selected } = board;
  if (selected.length === 0 || !board.editable) return false;
  desk.answer.gesture(() => {
    for (const [field, group] of byField(selected)) {
      const [offered, drawn] = [true, false].map((is) =>
        group.filter(({ suggested }) => suggested === is).map(idOf),
      );
      if (offered && offered.length > 0) desk.rejectRegions(field, offered);
      if (drawn && drawn.length > 0) desk.answer.remove(field, drawn);
    }
  });
  desk.selection.clear();
  say(`${selected.length} deleted`);
  return true;
}

const idOf = ({ region }: Placed): string => region.id;

/** With suggestions selected, the keys decide about those only; else about all (the desk's binding). */
function decide({ board }: Surroundings, decision: (field: string, ids: string[]) => void): boolean {
  const offered = board.selected.filter(({ suggested }) => suggested);
  if (offered.length === 0 || !board.editable) return false;
  for (const [field, group] of byField(offered)) decision(field, group.map(idOf));
  return true;
}

function nudges({ board, camera }: Surroundings): [string, Change][] {
  const shift = (x: number, y: number): Change => {
    return (placed, step) => {
      const bounds = board.selected.reduce<Bounds>(union, boundsOf([]));
      return placed.shape.move(
        placed.region,
        allowedShift(bounds, { x: x * step, y: y * step }, camera.image),
      );
    };
  };
  const grow = (x: number, y: number): Change => {
    return ({ shape, region, field }, step) => shape.resize(region, x * step, y * step, board.limits(field));
  };
  return [
    ["left", shift(-1, 0)],
    ["right", shift(1, 0)],
    ["up", shift(0, -1)],
    ["down", shift(0, 1)],
    ["narrower", grow(-1, 0)],
    ["wider", grow(1, 0)],
    ["shorter", grow(0, -1)],
    ["taller", grow(0, 1)],
  ];
}

function turns({ board }: Surroundings): [string, Change][] {
  const by = (degrees: number): Change => {
    return ({ shape, region, field }) => shape.turn(region, degrees, board.limits(field));
  };
  return [
    ["turn-left", by(-1)],
    ["turn-right", by(1)],
  ];
}

const canTurn =
  (board: Board) =>
  (placed: Placed): boolean =>
    board.limits(placed.field).rotatable;

/** One gesture from the first press of a key to its release: a held key is one step of undo. */
function held(
  { desk, board, camera, scope }: Surroundings,
  change: Change,
  applies = (_: Placed) => true,
): Run {
  let end: (() => void) | null = null;
  return (event) => {
    const selected = board.selected.filter(applies);
    if (selected.length === 0 || !board.editable) return false;
    end ??= untilReleased(desk.answer, scope, () => {
      end = null;
    });
    board.put(selected.map((placed): Draft => changed(placed, change(placed, event?.shiftKey ? COARSE : 1))));
    const [first, ...more] = board.selected;
    if (first && more.length === 0) camera.reveal(first);
    // A button has no release.
    if (!event) end();
    return true;
  };
}

interface Copied {
  readonly field: string;
  readonly region: RegionJson;
}

/** Regions that were copied; they outlive the task, so that they can be pasted on the next item. */
class Clipboard {
  readonly #around: Surroundings;
  #copied: readonly Copied[] = [];
  /** The task they were last on, and how many of them lie there on top of each other. */
  #home: number | undefined;
  #there = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get #task(): number | undefined {
    return this.#around.desk.task.value?.push.id;
  }

  copy(): boolean {
    const { board, say } = this.#around;
    const { selected } = board;
    if (selected.length === 0) return false;
    this.#copied = selected.map(({ field, region }) => ({ field, region }));
    this.#home = this.#task;
    this.#there = 1;
    say(`${selected.length} copied`);
    return true;
  }

  /** Each copy on the same item lies a little aside of the one before, so that it can be seen. */
  paste(): boolean {
    if (this.#home !== this.#task) this.#there = 0;
    this.#home = this.#task;
    const pasted = this.#put(this.#copied, this.#there);
    if (pasted) this.#there += 1;
    return pasted;
  }

  duplicate(): boolean {
    return this.#put(this.#around.board.selected, 1);
  }

  #put(regions: readonly Copied[], aside: number): boolean {
    const { board, desk, say } = this.#around;
    if (regions.length === 0 || !board.editable) return false;
    const drafts = regions.flatMap((copied) => this.#copyOf(copied, aside) ?? []);
    const field = drafts[0]?.field;
    if (field === undefined) return false;
    board.put(drafts);
    desk.selection.setField(field);
    desk.selection.select(drafts.filter((draft) => draft.field === field).map(({ region }) => region.id));
    say(`${drafts.length} pasted`);
    return true;
  }

  #copyOf({ field, region }: Copied, aside: number): Draft | null {
    const { board, camera } = this.#around;
    const shape = shapeOf(board.fields.find(({ name }) => name === field)?.kind ?? "");
    const limits = board.limits(field);
    const inside = shape?.clip({ ...region, id: newId(), score: null }, limits);
    if (!shape || !inside) return null;
    const step = (aside * PASTE_SHIFT_PX) / camera.view.value.scale;
    const shift = allowedShift(shape.bounds(inside), { x: step, y: step }, limits.image);
    return { field, shape, region: shape.move(inside, shift), suggested: false };
  }
}
