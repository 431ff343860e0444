/** What a kind of region must be able to do to be drawn, picked and edited, and the register of such kinds. */

import type { RegionJson } from "../../core/protocol.ts";
import type { Bounds, Point, Size } from "../geometry.ts";

/** What a field and its picture allow. */
export interface Limits {
  readonly image: Size;
  /** Smallest side in image px. */
  readonly minSize: number;
  readonly rotatable: boolean;
}

export interface Modifiers {
  /** Keeps the aspect, draws a square, turns in steps. */
  readonly shift: boolean;
  /** From the centre. */
  readonly alt: boolean;
}

export const PLAIN: Modifiers = { shift: false, alt: false };

/** Something to take hold of on a selected region; `x`, `y` in image px. */
export interface Handle extends Point {
  readonly id: string;
  readonly cursor: string;
  /** Corners are squares, edges bars, `turn` a circle on a stem that starts at `stem`. */
  readonly look: "corner" | "edge" | "turn";
  /** Direction in which the handle's mark lies, degrees. */
  readonly angle: number;
  readonly stem?: Point;
}

/** What decides which handles have room and are in sight. */
export interface Sight {
  /** Screen px per image px. */
  readonly scale: number;
  /** The part of the image that is shown. */
  readonly shown: Bounds;
}

/** Writes an outline in screen px into a path (a canvas context or a Path2D). */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  rect(x: number, y: number, width: number, height: number): void;
}

/** From image px to screen px; `snap` puts axis-parallel lines on whole device pixels, so that they are crisp. */
export interface Projection {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
  snap(screen: number): number;
}

/** A new region grows between where the pointer went down and where it is. */
export type Sketch<R> = (from: Point, to: Point, modifiers: Modifiers, limits: Limits) => R;

/**
 * All pure: regions are replaced, never changed. Every edit returns a region inside the image.
 * `R` is the shape's own region type; regions of other kinds never reach it.
 */
export interface Shape<R extends RegionJson = RegionJson> {
  /** The kind of field it belongs to. */
  readonly kind: string;
  /** What one is called, for buttons and announcements. */
  readonly title: string;
  bounds(region: R): Bounds;
  /** Square px; decides which of several regions under the pointer is meant: the smallest. */
  area(region: R): number;
  /** Whether `point` is on the outline (within `slack` px), inside, or neither. */
  hit(region: R, point: Point, slack: number): "edge" | "inside" | null;
  handles(region: R, sight: Sight, limits: Limits): readonly Handle[];
  /** The handle (or edge) that a pointer at `point` takes hold of; `radius` in image px. */
  grip(region: R, point: Point, radius: number, sight: Sight, limits: Limits): Handle | null;
  /** The handle went from `from` to `to`. */
  drag(region: R, handle: string, from: Point, to: Point, modifiers: Modifiers, limits: Limits): R;
  /** Moved by a shift that was already limited to the image. */
  move(region: R, shift: Point): R;
  /** Larger by `dx`, `dy` px (keyboard). */
  resize(region: R, dx: number, dy: number, limits: Limits): R;
  /** Turned clockwise by degrees (keyboard). */
  turn(region: R, degrees: number, limits: Limits): R;
  /** The part inside the image, or null when there is none. */
  clip(region: R, limits: Limits): R | null;
  /** As it is stored: rounded to 1/100 px and still inside the image. */
  settle(region: R, limits: Limits): R;
  /** Geometry of a new region. */
  sketch: Sketch<Geometry<R>>;
  /** Geometry of a new region of a handy size about `centre` (keyboard). */
  placed(centre: Point, size: number, limits: Limits): Geometry<R>;
  path(pen: Pen, region: R, projection: Projection): void;
  /** The point, in image px, above which the name plate sits. */
  anchor(region: R): Point;
  /** Its geometry in words: "120 × 80 px at 10, 20". */
  describe(region: R): string;
  /** Its size in few characters, shown while it is drawn: "120 × 80". */
  measure(region: R): string;
}

/** What a shape adds to the parts that all regions have. */
export type Geometry<R extends RegionJson> = { [K in keyof R as K extends keyof Common ? never : K]: R[K] };
interface Common {
  id: string;
  label: string | null;
  score: number | null;
  attributes: RegionJson["attributes"];
}

const shapes = new Map<string, Shape>();

/** Makes a kind of region field known to every surface; a shape's own file calls it once. */
export function registerShape<R extends RegionJson>(shape: Shape<R>): void {
  if (shapes.has(shape.kind)) throw new Error(`A shape for "${shape.kind}" fields is registered already.`);
  shapes.set(shape.kind, shape as unknown as Shape);
}

/** The shape of a kind of field, or undefined when the field holds no regions on a picture. */
export function shapeOf(kind: string): Shape | undefined {
  return shapes.get(kind);
}
