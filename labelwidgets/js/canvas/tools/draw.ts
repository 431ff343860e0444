/** Drawing a new region: a pure reducer over pointer events. */

import type { RegionJson } from "../../core/protocol.ts";
import { pinned } from "../geometry.ts";
import type { Geometry } from "../shapes/registry.ts";
import {
  type Drawable,
  type Drawing,
  done,
  going,
  nothing,
  type Pointer,
  type Scene,
  type Step,
} from "./gesture.ts";

/** Screen px below which a side is taken for a slip: a click is not a box. */
export const LEAST_DRAWN_PX = 4;

export function startDrawing(start: Pointer, now: Pointer, drawable: Drawable): Drawing {
  return { ...drawable, kind: "draw", start, geometry: sketched(drawable, start, now) };
}

/** One event of a drawing; ends with a new region, or with nothing when it is too small to be meant. */
export function draw(gesture: Drawing, now: Pointer, scene: Scene): Step {
  if (now.phase !== "up") return going(startDrawing(gesture.start, now, gesture));
  if (isSlip(gesture.start, now, scene)) return nothing;
  return done({ act: "create", field: gesture.field, geometry: sketched(gesture, gesture.start, now) });
}

function sketched({ shape, limits }: Drawable, start: Pointer, now: Pointer): Geometry<RegionJson> {
  return shape.sketch(start.at, now.at, now, limits);
}

/** Measured inside the image, so that a drag outside of it draws nothing. */
function isSlip(start: Pointer, now: Pointer, { scale, image }: Scene): boolean {
  const [from, to] = [pinned(start.at, image), pinned(now.at, image)];
  const [wide, high] = [Math.abs(to.x - from.x) * scale, Math.abs(to.y - from.y) * scale];
  return now.shift ? Math.max(wide, high) < LEAST_DRAWN_PX : Math.min(wide, high) < LEAST_DRAWN_PX;
}
