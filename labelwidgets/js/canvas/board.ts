/** The regions on the picture as the tools see them, and what the tools' intents do to the desk. */

import type { Desk } from "../core/desk.ts";
import { newId } from "../core/model.ts";
import type { FieldJson, Json, RegionJson } from "../core/protocol.ts";
import type { Camera } from "./camera.ts";
import { type Bounds, encloses, type Point } from "./geometry.ts";
import { Looks } from "./looks.ts";
import type { Drawn } from "./paint.ts";
import { keyOf, Picking, type Placed, smallestFirst } from "./picking.ts";
import { type Geometry, type Handle, type Limits, type Sight, shapeOf } from "./shapes/registry.ts";
import type { Device, Draft, Drawable, Drawing, Intent, Scene } from "./tools/gesture.ts";

/** Screen px around a pointer that belong to it: WCAG's 24 px target for fingers. */
const REACH_PX: Readonly<Record<Device, number>> = { mouse: 7, pen: 9, touch: 16 };
const SLACK_PX: Readonly<Record<Device, number>> = { mouse: 4, pen: 5, touch: 10 };

/** What of a desk a surface needs; an example in the instructions has no more. */
export type RegionDesk = Pick<
  Desk,
  | "state"
  | "task"
  | "queue"
  | "phase"
  | "answer"
  | "selection"
  | "suggestion"
  | "keymap"
  | "media"
  | "taxonomy"
  | "acceptRegions"
  | "rejectRegions"
  | "fail"
>;

export class Board implements Scene {
  readonly looks: Looks;
  readonly #desk: RegionDesk;
  readonly #camera: Camera;
  readonly #drawn = new Picking();
  readonly #offered = new Picking(true);
  /** The picture is there: nobody draws on what can't be seen. */
  ready = false;
  /** Regions that are hidden are neither painted nor picked. */
  visible = true;
  /** The selection is being changed by the pointer, which is where the region is. */
  pointing = false;

  constructor(desk: RegionDesk, camera: Camera) {
    this.#desk = desk;
    this.#camera = camera;
    this.looks = new Looks((field) => desk.taxonomy(field));
  }

  /** Another task, or another schema: everything anew. */
  reload(): void {
    this.#drawn.clear();
    this.#offered.clear();
    this.looks.forget();
    this.sync();
  }

  get fields(): FieldJson[] {
    return this.#desk.state.value.schema.fields.filter(({ kind }) => shapeOf(kind) !== undefined);
  }

  /** All settled regions. */
  get size(): number {
    return this.#drawn.size;
  }

  /** Takes over what the desk has now; returns the bounds of what changed, null for (nearly) everything. */
  sync(): Bounds[] | null {
    const changed: (Bounds[] | null)[] = [];
    for (const { name, kind } of this.fields) {
      const shape = shapeOf(kind);
      if (!shape) continue;
      const offered = this.#desk.suggestion.value?.values[name];
      changed.push(this.#drawn.sync(name, shape, this.#desk.answer.regions(name)));
      changed.push(this.#offered.sync(name, shape, regionsIn(offered)));
    }
    return changed.includes(null) ? null : changed.flatMap((bounds) => bounds ?? []);
  }

  #field(name: string | null): FieldJson | undefined {
    return this.fields.find((field) => field.name === name);
  }

  // What the tools may know

  get scale(): number {
    return this.#camera.view.value.scale;
  }

  get image() {
    return this.#camera.image;
  }

  get editable(): boolean {
    return this.ready && this.#desk.phase.value === "working";
  }

  get drawable(): Drawable | null {
    const field = this.#field(this.#desk.selection.field.value) ?? this.fields[0];
    const shape = field && shapeOf(field.kind);
    return this.editable && field && shape
      ? { field: field.name, shape, limits: this.limits(field.name) }
      : null;
  }

  get selected(): Placed[] {
    const field = this.#desk.selection.field.value ?? "";
    return [...this.#desk.selection.ids.value].flatMap((id) => this.find(field, id) ?? []);
  }

  get hovered(): Placed | null {
    const id = this.#desk.selection.hovered.value;
    if (id === null) return null;
    const fields = [this.#desk.selection.field.value ?? "", ...this.fields.map(({ name }) => name)];
    return fields.map((field) => this.find(field, id)).find((placed) => placed !== undefined) ?? null;
  }

  find(field: string, id: string): Placed | undefined {
    return this.#byKey(keyOf(field, id));
  }

  #byKey(key: string): Placed | undefined {
    return this.#drawn.get(key) ?? this.#offered.get(key);
  }

  limits(field: string): Limits {
    const json = this.#field(field);
    const minSize = json && "min_size" in json ? json.min_size : 0;
    const rotatable = json !== undefined && "rotatable" in json && json.rotatable;
    return { image: this.image, minSize, rotatable };
  }

  get sight(): Sight {
    return { scale: this.scale, shown: this.#camera.shown };
  }

  handlesOf({ region, shape, field }: Drawn): readonly Handle[] {
    return this.editable ? shape.handles(region, this.sight, this.limits(field)) : [];
  }

  isSelected({ field, region }: Placed): boolean {
    const { selection } = this.#desk;
    return selection.field.value === field && selection.ids.value.has(region.id);
  }

  grip(at: Point, device: Device): { placed: Placed; handle: Handle } | null {
    const isOne = this.visible && this.#desk.selection.ids.value.size === 1;
    const placed = isOne ? this.selected[0] : undefined;
    if (!placed) return null;
    const radius = REACH_PX[device] / this.scale;
    const handle = placed.shape.grip(placed.region, at, radius, this.sight, this.limits(placed.field));
    return handle && { placed, handle };
  }

  stack(at: Point, device: Device): readonly Placed[] {
    if (!this.visible) return [];
    const slack = SLACK_PX[device] / this.scale;
    const drawn = this.#drawn.at(at, slack);
    return this.#offered.size === 0 ? drawn : [...drawn, ...this.#offered.at(at, slack)].sort(smallestFirst);
  }

  /** Of the field that is being worked on: a selection holds one field's regions. */
  enclosed(bounds: Bounds): readonly Placed[] {
    const field = this.#desk.selection.field.value ?? this.fields[0]?.name;
    return this.#drawn.within(bounds).filter((placed) => placed.field === field && encloses(bounds, placed));
  }

  // What is to be painted

  /** Settled regions in sight, those of `without` left out. */
  *drawnIn(shown: Bounds, without: ReadonlySet<string>): Generator<Drawn> {
    for (const placed of this.#drawn.within(shown)) {
      if (!without.has(placed.key)) yield this.asDrawn(placed);
    }
  }

  *offeredIn(shown: Bounds, without: ReadonlySet<string>): Generator<Drawn> {
    for (const placed of this.#offered.within(shown)) {
      if (!without.has(placed.key)) yield this.asDrawn(placed);
    }
  }

  asDrawn({ field, region, shape }: Draft | Placed): Drawn {
    return { field, region, shape, look: this.looks.of(field, region.label) };
  }

  /** A region that is being drawn, as it will be. */
  sketched({ field, shape, geometry }: Drawing): Drawn {
    return this.asDrawn({ field, shape, region: this.#fresh(field, geometry), suggested: false });
  }

  /** Where regions lie, given by their keys. */
  boundsOf(keys: readonly string[]): Bounds[] {
    return keys.flatMap((key) => this.#byKey(key) ?? []);
  }

  // What the tools want

  carryOut(intents: readonly Intent[]): void {
    this.pointing = true;
    for (const intent of intents) {
      if (intent.act === "select") this.#select(intent.placed, intent.mode);
      else if (intent.act === "create") this.create(intent.field, intent.geometry);
      else this.put(intent.drafts);
    }
    this.pointing = false;
  }

  #select(placed: readonly Placed[], mode: "replace" | "add" | "toggle"): void {
    const { selection } = this.#desk;
    const field = placed[0]?.field;
    if (field !== undefined) selection.setField(field);
    selection.select(
      placed.map(({ region }) => region.id),
      mode,
    );
  }

  /** With the active label, else the first: what is drawn is never without, where there are labels. */
  #fresh(field: string, geometry: Geometry<RegionJson>): RegionJson {
    const label = this.#desk.selection.label(field) ?? this.#desk.taxonomy(field).labels[0]?.id ?? null;
    return { ...geometry, id: newId(), label, score: null, attributes: {} };
  }

  create(field: string, geometry: Geometry<RegionJson>): string {
    const { answer, selection } = this.#desk;
    this.visible = true;
    const region = this.#fresh(field, geometry);
    answer.gesture(() => answer.put(field, [this.#settled(field, region)]));
    selection.setField(field);
    selection.select([region.id]);
    return region.id;
  }

  /** Changed regions; what was a suggestion is taken over with its change. */
  put(drafts: readonly Draft[]): void {
    const { answer } = this.#desk;
    answer.gesture(() => {
      for (const [field, group] of byField(drafts)) {
        const offered = group.filter(({ suggested }) => suggested).map(({ region }) => region.id);
        if (offered.length > 0) this.#desk.acceptRegions(field, offered);
        answer.put(
          field,
          group.map(({ region }) => this.#settled(field, region)),
        );
      }
    });
  }

  #settled(field: string, region: RegionJson): RegionJson {
    const shape = shapeOf(this.#field(field)?.kind ?? "");
    return shape ? shape.settle(region, this.limits(field)) : region;
  }
}

export function byField<T extends { readonly field: string }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(each.field);
    if (group) group.push(each);
    else groups.set(each.field, [each]);
  }
  return groups;
}

function regionsIn(value: Json | undefined): readonly RegionJson[] {
  return Array.isArray(value) ? (value as unknown as RegionJson[]) : NONE;
}

const NONE: readonly RegionJson[] = [];
