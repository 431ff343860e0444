/** Selecting, moving, resizing, turning: a pure reducer over pointer events that hands drawing to `draw`. */

import { allowedShift, type Bounds, boundsOf, type Point, union } from "../geometry.ts";
import type { Placed } from "../picking.ts";
import { draw, startDrawing } from "./draw.ts";
import {
  type Draft,
  done,
  type Gesture,
  going,
  type Intent,
  type Marquee,
  type Moving,
  nothing,
  type Pointer,
  type Press,
  type Scene,
  type Shaping,
  type Step,
  travelled,
} from "./gesture.ts";

/** Where the last click went, so that a click at the same place reaches the next region below. */
export interface Clicked {
  readonly screen: Point;
  readonly key: string;
}

const SAME_PLACE_PX = 6;

export function press(pointer: Pointer, scene: Scene): Press {
  return {
    kind: "press",
    start: pointer,
    grip: scene.grip(pointer.at, pointer.device),
    stack: scene.stack(pointer.at, pointer.device),
  };
}

/** One event of a gesture that began with `press`. */
export function step(gesture: Gesture, pointer: Pointer, scene: Scene, clicked: Clicked | null): Step {
  switch (gesture.kind) {
    case "press":
      return pressed(gesture, pointer, scene, clicked);
    case "draw":
      return draw(gesture, pointer, scene);
    case "move":
      return moved(gesture, pointer, scene);
    case "shape":
      return shaped(gesture, pointer, scene);
    case "marquee":
      return marked(gesture, pointer, scene);
  }
}

function pressed(gesture: Press, pointer: Pointer, scene: Scene, clicked: Clicked | null): Step {
  if (travelled(gesture.start, pointer)) return dragStarted(gesture, pointer, scene);
  return pointer.phase === "up" ? done(click(gesture, scene, clicked)) : going(gesture);
}

/**
 * What a drag means, by where it began: Ctrl draws in any case; a handle or edge reshapes; a selected region
 * moves; Shift marks an area; everywhere else, inside other regions too, something new is drawn.
 */
function dragStarted(gesture: Press, pointer: Pointer, scene: Scene): Step {
  const { start, grip, stack } = gesture;
  if (start.mod && scene.drawable) return drawn(gesture, pointer, scene);
  if (scene.editable && grip) return follow(shaping(grip.placed, grip.handle, start.at), pointer, scene);
  if (start.shift) return follow(marquee(start.at, pointer.at, scene), pointer, scene);
  if (scene.editable && stack.some((placed) => scene.isSelected(placed))) {
    return follow(moving(scene.selected, start.at), pointer, scene);
  }
  const edge = scene.editable ? atEdge(start, stack, scene) : undefined;
  if (edge) return withIntent(select([edge]), follow(moving([edge], start.at), pointer, scene));
  return drawn(gesture, pointer, scene);
}

function drawn(gesture: Press, pointer: Pointer, scene: Scene): Step {
  if (!scene.drawable) return nothing;
  return follow(startDrawing(gesture.start, pointer, scene.drawable), pointer, scene);
}

/** The pointer event that started a gesture is its first one too; a fast flick may be its last. */
function follow(gesture: Gesture, pointer: Pointer, scene: Scene): Step {
  return step(gesture, pointer, scene, null);
}

function withIntent(intent: Intent, { gesture, intents }: Step): Step {
  return { gesture, intents: [intent, ...intents] };
}

function atEdge(start: Pointer, stack: readonly Placed[], { scale }: Scene): Placed | undefined {
  const slack = (start.device === "touch" ? 10 : 4) / scale;
  return stack.find(({ shape, region }) => shape.hit(region, start.at, slack) === "edge");
}

const select = (placed: readonly Placed[], mode: "replace" | "add" | "toggle" = "replace"): Intent => ({
  act: "select",
  placed,
  mode,
});

/** Shift adds and removes; a click at the place of the last one goes one region deeper; nothing there deselects. */
function click(gesture: Press, scene: Scene, clicked: Clicked | null): Intent {
  const { start, stack } = gesture;
  const target = clickTarget(start, stack, scene, clicked);
  if (target) return select([target], start.shift ? "toggle" : "replace");
  return start.shift ? select([], "add") : select([]);
}

function clickTarget(
  start: Pointer,
  stack: readonly Placed[],
  scene: Scene,
  clicked: Clicked | null,
): Placed | undefined {
  const again = clicked !== null && isNear(clicked.screen, start.screen);
  const at = stack.findIndex(({ key }) => key === clicked?.key);
  if (again && at >= 0 && !start.shift) return stack[(at + 1) % stack.length];
  if (start.shift) return stack[0];
  return stack.find((placed) => scene.isSelected(placed)) ?? stack[0];
}

const isNear = (a: Point, b: Point): boolean => Math.hypot(a.x - b.x, a.y - b.y) <= SAME_PLACE_PX;

/** Where a click went, to be handed to the next one; null when it selected nothing. */
export function clickedAt(pointer: Pointer, { intents }: Step): Clicked | null {
  const last = intents.at(-1);
  if (last?.act !== "select" || last.mode !== "replace" || last.placed.length !== 1) return null;
  return { screen: pointer.screen, key: last.placed[0]?.key ?? "" };
}

function moving(originals: readonly Placed[], start: Point): Moving {
  const bounds = originals.reduce<Bounds>(union, boundsOf([]));
  return { kind: "move", start, originals, bounds, drafts: originals.map(asDraft) };
}

const asDraft = ({ field, shape, region, suggested }: Placed): Draft => ({ field, shape, region, suggested });

function moved(gesture: Moving, pointer: Pointer, scene: Scene): Step {
  const drafts = movedBy(gesture, gesture.bounds, wayOf(gesture.start, pointer), scene);
  return pointer.phase === "up" ? done({ act: "put", drafts }) : going({ ...gesture, drafts });
}

/** With Shift along one axis only. */
function wayOf(start: Point, { at, shift }: Pointer): Point {
  const way = { x: at.x - start.x, y: at.y - start.y };
  if (!shift) return way;
  return Math.abs(way.x) >= Math.abs(way.y) ? { x: way.x, y: 0 } : { x: 0, y: way.y };
}

function movedBy({ originals }: Moving, bounds: Bounds, way: Point, { image }: Scene): Draft[] {
  const shift = allowedShift(bounds, way, image);
  return originals.map((placed) => changed(placed, placed.shape.move(placed.region, shift)));
}

/** What a person has moved is no longer as sure as the model said. */
export function changed({ field, shape, suggested }: Placed, region: Draft["region"]): Draft {
  return { field, shape, suggested, region: { ...region, score: null } };
}

function shaping(original: Placed, handle: Shaping["handle"], start: Point): Shaping {
  return { kind: "shape", start, handle, original, drafts: [asDraft(original)] };
}

function shaped(gesture: Shaping, pointer: Pointer, scene: Scene): Step {
  const { field, shape, region } = gesture.original;
  const next = shape.drag(region, gesture.handle.id, gesture.start, pointer.at, pointer, scene.limits(field));
  const drafts = [changed(gesture.original, next)];
  return pointer.phase === "up" ? done({ act: "put", drafts }) : going({ ...gesture, drafts });
}

function marquee(from: Point, to: Point, scene: Scene): Marquee {
  const bounds = boundsOf([from, to]);
  return { kind: "marquee", from, bounds, enclosed: scene.enclosed(bounds) };
}

function marked(gesture: Marquee, pointer: Pointer, scene: Scene): Step {
  const next = marquee(gesture.from, pointer.at, scene);
  return pointer.phase === "up" ? done(select(next.enclosed, "add")) : going(next);
}

/** What a press here would do, as a cursor and the region to highlight. */
export function hovering(pointer: Pointer, scene: Scene): { cursor: string; placed: Placed | null } {
  const grip = scene.editable ? scene.grip(pointer.at, pointer.device) : null;
  if (grip) return { cursor: grip.handle.cursor, placed: grip.placed };
  const stack = scene.stack(pointer.at, pointer.device);
  const own = stack.find((placed) => scene.isSelected(placed));
  const placed = own ?? stack[0] ?? null;
  return { cursor: cursorFor(pointer, own, placed, scene), placed };
}

function cursorFor(pointer: Pointer, own: Placed | undefined, under: Placed | null, scene: Scene): string {
  if (!scene.editable || !scene.drawable) return under ? "pointer" : "grab";
  if (pointer.mod) return "crosshair";
  if (own && !pointer.shift) return "move";
  return under && atEdge(pointer, [under], scene) ? "pointer" : "crosshair";
}
