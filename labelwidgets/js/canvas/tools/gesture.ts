/** What tools are told and what they answer: pointer in, draft and intents out; no DOM, no desk. */

import type { RegionJson } from "../../core/protocol.ts";
import type { Bounds, Point, Size } from "../geometry.ts";
import { keyOf, type Placed } from "../picking.ts";
import type { Geometry, Handle, Limits, Modifiers, Shape } from "../shapes/registry.ts";

export type Device = "mouse" | "pen" | "touch";

export interface Pointer extends Modifiers {
  readonly phase: "down" | "move" | "up";
  /** Image px; may lie outside the image. */
  readonly at: Point;
  /** CSS px of the stage. */
  readonly screen: Point;
  readonly device: Device;
  /** Ctrl, on macOS Cmd. */
  readonly mod: boolean;
}

/** A kind of region that can be drawn now. */
export interface Drawable {
  readonly field: string;
  readonly shape: Shape;
  readonly limits: Limits;
}

/** What the tools may know of the picture and its regions. */
export interface Scene {
  /** Screen px per image px. */
  readonly scale: number;
  readonly image: Size;
  /** The field that is drawn into; null: nothing can be drawn. */
  readonly drawable: Drawable | null;
  /** Whether regions can be changed. */
  readonly editable: boolean;
  readonly selected: readonly Placed[];
  isSelected(placed: Placed): boolean;
  limits(field: string): Limits;
  /** A handle or edge of the selected region. */
  grip(at: Point, device: Device): { readonly placed: Placed; readonly handle: Handle } | null;
  /** Regions and suggestions under the pointer, the smallest first. */
  stack(at: Point, device: Device): readonly Placed[];
  /** Regions wholly inside `bounds`. */
  enclosed(bounds: Bounds): readonly Placed[];
}

/** A region of the running gesture, as it would be if it ended now. */
export interface Draft {
  readonly field: string;
  readonly shape: Shape;
  readonly region: RegionJson;
  /** Was a model's suggestion: changing it takes it over. */
  readonly suggested: boolean;
}

export interface Press {
  readonly kind: "press";
  readonly start: Pointer;
  readonly grip: { readonly placed: Placed; readonly handle: Handle } | null;
  readonly stack: readonly Placed[];
}

export interface Drawing extends Drawable {
  readonly kind: "draw";
  readonly start: Pointer;
  readonly geometry: Geometry<RegionJson>;
}

export interface Moving {
  readonly kind: "move";
  readonly start: Point;
  readonly originals: readonly Placed[];
  readonly bounds: Bounds;
  readonly drafts: readonly Draft[];
}

export interface Shaping {
  readonly kind: "shape";
  readonly start: Point;
  readonly handle: Handle;
  readonly original: Placed;
  readonly drafts: readonly Draft[];
}

export interface Marquee {
  readonly kind: "marquee";
  readonly from: Point;
  readonly bounds: Bounds;
  readonly enclosed: readonly Placed[];
}

export type Gesture = Press | Drawing | Moving | Shaping | Marquee;

/** Regions that the gesture changes, as they are now. */
export function draftsOf(gesture: Gesture | null): readonly Draft[] {
  return gesture?.kind === "move" || gesture?.kind === "shape" ? gesture.drafts : [];
}

export function keyOfDraft({ field, region }: Draft): string {
  return keyOf(field, region.id);
}

export type Intent =
  | {
      readonly act: "select";
      readonly placed: readonly Placed[];
      readonly mode: "replace" | "add" | "toggle";
    }
  | { readonly act: "create"; readonly field: string; readonly geometry: Geometry<RegionJson> }
  | { readonly act: "put"; readonly drafts: readonly Draft[] };

export interface Step {
  readonly gesture: Gesture | null;
  readonly intents: readonly Intent[];
}

export const nothing: Step = { gesture: null, intents: [] };

export function going(gesture: Gesture, ...intents: Intent[]): Step {
  return { gesture, intents };
}

export function done(...intents: Intent[]): Step {
  return { gesture: null, intents };
}

/** Screen px that a pointer must travel before a press is a drag: fingers tremble more than mice. */
export const TRAVEL_PX: Readonly<Record<Device, number>> = { mouse: 4, pen: 6, touch: 10 };

export function travelled(start: Pointer, now: Pointer): boolean {
  return Math.hypot(now.screen.x - start.screen.x, now.screen.y - start.screen.y) >= TRAVEL_PX[start.device];
}
