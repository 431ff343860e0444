/** Boxes, upright and rotated: their geometry, and how they are drawn, resized, turned and kept inside the image. */

import type { BoxJson } from "../../core/protocol.ts";
import {
  type Bounds,
  bearing,
  boundsOf,
  clamp,
  distance,
  distanceToSegment,
  type Point,
  pinned,
  rounded,
  type Size,
  turned,
  wrapped,
} from "../geometry.ts";
import {
  type Geometry,
  type Handle,
  type Limits,
  type Modifiers,
  type Pen,
  type Projection,
  registerShape,
  type Sight,
} from "./registry.ts";

type BoxGeometry = Geometry<BoxJson>;

/** -1, 0 or 1 in each direction: which corner or edge, seen from the centre before rotation. */
interface Side {
  readonly x: number;
  readonly y: number;
}

const SIDES: Readonly<Record<string, Side>> = {
  nw: { x: -1, y: -1 },
  n: { x: 0, y: -1 },
  ne: { x: 1, y: -1 },
  e: { x: 1, y: 0 },
  se: { x: 1, y: 1 },
  s: { x: 0, y: 1 },
  sw: { x: -1, y: 1 },
  w: { x: -1, y: 0 },
};
const TURN = "turn";
const TURN_STEP = 15;
const LEAST_SIDE = 0.01;
/** From the edge to the turning handle; above narrow boxes it leaves room for the name plate. */
const TURN_PX = { wide: 26, narrow: 36 };
const WIDE_PX = 120;
const ROOM_FOR_EDGES_PX = 44;
const ROOM_FOR_CORNERS_PX = 14;
const EPSILON = 1e-9;

const centreOf = (box: BoxGeometry): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** A point given from the centre, before rotation. */
function placedAt(box: BoxGeometry, dx: number, dy: number): Point {
  const centre = centreOf(box);
  return turned({ x: centre.x + dx, y: centre.y + dy }, box.angle, centre);
}

function sidePoint(box: BoxGeometry, side: Side): Point {
  return placedAt(box, (side.x * box.width) / 2, (side.y * box.height) / 2);
}

/** Clockwise from the one that is top left before rotation. */
export function corners(box: BoxGeometry): [Point, Point, Point, Point] {
  const [w, h] = [box.width / 2, box.height / 2];
  return [placedAt(box, -w, -h), placedAt(box, w, -h), placedAt(box, w, h), placedAt(box, -w, h)];
}

export function boxBounds(box: BoxGeometry): Bounds {
  if (box.angle === 0) {
    return { minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height };
  }
  return boundsOf(corners(box));
}

/** Whether all corners are inside the image, give or take `slack` px. */
export function boxFits(box: BoxGeometry, image: Size, slack = EPSILON): boolean {
  const { minX, minY, maxX, maxY } = boxBounds(box);
  return minX >= -slack && minY >= -slack && maxX <= image.width + slack && maxY <= image.height + slack;
}

function hit(box: BoxJson, point: Point, slack: number): "edge" | "inside" | null {
  const local = turned(point, -box.angle, centreOf(box));
  const dx = Math.abs(local.x - box.x - box.width / 2) - box.width / 2;
  const dy = Math.abs(local.y - box.y - box.height / 2) - box.height / 2;
  const out = Math.max(dx, dy);
  if (Math.abs(out) <= slack) return "edge";
  return out < 0 ? "inside" : null;
}

/** A box that grows from a fixed point: `width`, `height` are signed and negative once dragged across it. */
interface Growth {
  readonly anchor: Point;
  readonly angle: number;
  /** Direction of growth; 0 grows to both sides alike. */
  readonly toward: Side;
}

function grownBox(growth: Growth, width: number, height: number): BoxGeometry {
  const shift = { x: (growth.toward.x * width) / 2, y: (growth.toward.y * height) / 2 };
  const turnedShift = turned(shift, growth.angle);
  const [w, h] = [Math.abs(width), Math.abs(height)];
  const { anchor, angle } = growth;
  return {
    x: anchor.x + turnedShift.x - w / 2,
    y: anchor.y + turnedShift.y - h / 2,
    width: w,
    height: h,
    angle,
  };
}

/** Corners as linear functions of the signed sides, so that "how far can it grow" has a closed form. */
function grownCorners(growth: Growth, width: number, height: number): Point[] {
  const { anchor, angle, toward } = growth;
  return [-1, 1].flatMap((i) =>
    [-1, 1].map((j) => {
      const way = turned({ x: ((toward.x + i) * width) / 2, y: ((toward.y + j) * height) / 2 }, angle);
      return { x: anchor.x + way.x, y: anchor.y + way.y };
    }),
  );
}

/** Largest t in [0, 1] for which all points of `from` + t (`to` - `from`) are inside the image; `from` is. */
function reach(from: readonly Point[], to: readonly Point[], image: Size): number {
  let most = 1;
  from.forEach((a, i) => {
    const b = to[i] as Point;
    most = Math.min(most, reachAxis(a.x, b.x, image.width), reachAxis(a.y, b.y, image.height));
  });
  return Math.max(most, 0);
}

function reachAxis(from: number, to: number, limit: number): number {
  if (to < 0 && to < from) return Math.max(from, 0) / (Math.max(from, 0) - to);
  if (to > limit && to > from) return (limit - Math.min(from, limit)) / (to - Math.min(from, limit));
  return 1;
}

type Sides = readonly [width: number, height: number];

/** From sides that fit toward the wanted ones, as far as the image allows. */
function toward(growth: Growth, from: Sides, to: Sides, image: Size): Sides {
  const t = reach(grownCorners(growth, ...from), grownCorners(growth, ...to), image);
  if (t >= 1) return to;
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
}

/** Sides below `least` in size are pushed up to it, on the side they are on. */
const signedLeast = (value: number, least: number): number =>
  Math.abs(value) >= least ? value : value < 0 ? -least : least;

/** What came to lie between -`least` and `least` goes back to the side it came from, where there is room. */
const keptLeast = (value: number, least: number, from: number): number =>
  Math.abs(value) >= least ? value : from < 0 ? -least : least;

/** Each side by itself as far as it can go, so that a box slides along the image's edge instead of sticking. */
function slide(growth: Growth, from: Sides, to: Sides, { image, minSize }: Limits): Sides {
  const [leastW, leastH] = from.map((side) => Math.min(Math.max(minSize, LEAST_SIDE), side)) as [
    number,
    number,
  ];
  const wanted: Sides = [signedLeast(to[0], leastW), signedLeast(to[1], leastH)];
  let now = from;
  for (let round = 0; round < 2; round++) {
    const wide = toward(growth, now, [wanted[0], now[1]], image);
    now = [keptLeast(wide[0], leastW, now[0]), now[1]];
    const high = toward(growth, now, [now[0], wanted[1]], image);
    now = [now[0], keptLeast(high[1], leastH, now[1])];
  }
  return now;
}

/** Both sides in one proportion, led by the handle's own direction; `side` is the handle's. */
function proportion(growth: Growth, side: Side, from: Sides, to: Sides, limits: Limits): Sides {
  const [kx, ky] = [to[0] / from[0], to[1] / from[1]];
  const least = Math.min(Math.max(limits.minSize, LEAST_SIDE) / Math.min(...from), 1);
  const k = Math.max(side.x === 0 ? 0 : Math.abs(kx), side.y === 0 ? 0 : Math.abs(ky), least);
  const flips: Sides = [side.x !== 0 && kx < 0 ? -1 : 1, side.y !== 0 && ky < 0 ? -1 : 1];
  const over = scaled(from, flips[0] * least, flips[1] * least);
  const way = fitsGrown(growth, over, limits.image) ? flips : ([1, 1] as const);
  const smallest = scaled(from, way[0] * least, way[1] * least);
  return toward(growth, smallest, scaled(from, way[0] * k, way[1] * k), limits.image);
}

const scaled = (sides: Sides, kx: number, ky: number): Sides => [sides[0] * kx, sides[1] * ky];

function fitsGrown(growth: Growth, sides: Sides, { width, height }: Size): boolean {
  return grownCorners(growth, ...sides).every(
    ({ x, y }) => x >= -EPSILON && y >= -EPSILON && x <= width + EPSILON && y <= height + EPSILON,
  );
}

/** The opposite corner or edge stays (with Alt the centre); dragged across it, the box flips over. */
function resized(box: BoxJson, side: Side, to: Point, modifiers: Modifiers, limits: Limits): BoxJson {
  const anchor = modifiers.alt ? centreOf(box) : sidePoint(box, { x: -side.x, y: -side.y });
  const growth: Growth = { anchor, angle: box.angle, toward: modifiers.alt ? { x: 0, y: 0 } : side };
  const from: Sides = [box.width, box.height];
  const wanted = wantedSides(from, side, growth, to);
  const sides = modifiers.shift
    ? proportion(growth, side, from, wanted, limits)
    : slide(growth, from, wanted, limits);
  return { ...box, ...grownBox(growth, ...sides) };
}

function wantedSides(from: Sides, side: Side, { anchor, angle, toward: way }: Growth, to: Point): Sides {
  const local = turned({ x: to.x - anchor.x, y: to.y - anchor.y }, -angle);
  const wide = side.x * local.x * (way.x === 0 ? 2 : 1);
  const high = side.y * local.y * (way.y === 0 ? 2 : 1);
  return [side.x === 0 ? from[0] : wide, side.y === 0 ? from[1] : high];
}

/** Turned about its centre; near the image's edge it moves inward, and stops where it can't fit at all. */
function turnedTo(box: BoxJson, angle: number, limits: Limits): BoxJson {
  const whole = rotated(box, angle, limits.image);
  if (whole) return whole;
  const way = ((((angle - box.angle) % 360) + 540) % 360) - 180;
  let last = box;
  for (let step = 1; step < Math.abs(way); step++) {
    const next = rotated(box, box.angle + Math.sign(way) * step, limits.image);
    if (!next) break;
    last = next;
  }
  return last;
}

function rotated(box: BoxJson, angle: number, image: Size): BoxJson | null {
  const next = { ...box, angle: wrapped(angle) };
  const bounds = boxBounds(next);
  if (bounds.maxX - bounds.minX > image.width || bounds.maxY - bounds.minY > image.height) {
    return boxFits(next, image) ? next : null;
  }
  const shift = intoImage(bounds, image);
  return { ...next, x: next.x + shift.x, y: next.y + shift.y };
}

function intoImage(bounds: Bounds, image: Size): Point {
  return {
    x: Math.max(-bounds.minX, 0) + Math.min(image.width - bounds.maxX, 0),
    y: Math.max(-bounds.minY, 0) + Math.min(image.height - bounds.maxY, 0),
  };
}

function drag(
  box: BoxJson,
  handle: string,
  from: Point,
  to: Point,
  modifiers: Modifiers,
  limits: Limits,
): BoxJson {
  if (handle === TURN) return dragTurn(box, from, to, modifiers, limits);
  const side = SIDES[handle];
  if (!side)
    throw new Error(`A box has no handle "${handle}"; it has ${Object.keys(SIDES).join(", ")} and ${TURN}.`);
  const start = sidePoint(box, side);
  const target = { x: start.x + to.x - from.x, y: start.y + to.y - from.y };
  return resized(box, side, target, modifiers, limits);
}

function dragTurn(box: BoxJson, from: Point, to: Point, modifiers: Modifiers, limits: Limits): BoxJson {
  const centre = centreOf(box);
  const angle = box.angle + bearing(centre, to) - bearing(centre, from);
  return turnedTo(box, modifiers.shift ? Math.round(angle / TURN_STEP) * TURN_STEP : angle, limits);
}

/** A box between two corners; Shift makes it square, Alt grows it from its centre. */
function sketch(from: Point, to: Point, { shift, alt }: Modifiers, { image, minSize }: Limits): BoxGeometry {
  const start = pinned(from, image);
  const end = alt ? to : pinned(to, image);
  const [wide, high] = [room(start.x, end.x, image.width, alt), room(start.y, end.y, image.height, alt)];
  const [dx, dy] = [Math.abs(end.x - start.x), Math.abs(end.y - start.y)];
  const side = Math.min(Math.max(dx, dy), wide, high);
  const [x, width] = span(
    start.x,
    end.x < start.x,
    shift ? side : Math.min(dx, wide),
    image.width,
    minSize,
    alt,
  );
  const [y, height] = span(
    start.y,
    end.y < start.y,
    shift ? side : Math.min(dy, high),
    image.height,
    minSize,
    alt,
  );
  return { x, y, width, height, angle: 0 };
}

/** How far it is from `start` to the image's edge on the side of `end`; from a centre: to the nearer edge. */
function room(start: number, end: number, limit: number, both: boolean): number {
  if (both) return Math.min(start, limit - start);
  return end < start ? start : limit - start;
}

/** Where a side lies and how long it is; pushed inward where the image leaves too little room. */
function span(
  start: number,
  back: boolean,
  length: number,
  limit: number,
  least: number,
  both: boolean,
): Sides {
  const whole = Math.min(Math.max(both ? 2 * length : length, least), limit);
  const low = both ? start - whole / 2 : back ? start - whole : start;
  return [clamp(low, 0, limit - whole), whole];
}

function placed(centre: Point, size: number, { image, minSize }: Limits): BoxGeometry {
  const width = Math.min(Math.max(size, minSize), image.width);
  const height = Math.min(Math.max(size, minSize), image.height);
  const x = clamp(centre.x - width / 2, 0, image.width - width);
  const y = clamp(centre.y - height / 2, 0, image.height - height);
  return { x, y, width, height, angle: 0 };
}

/** Upright boxes are cut at the image's edge; rotated ones are shifted inside, then shrunk if they must be. */
function clip(box: BoxJson, limits: Limits): BoxJson | null {
  const { image } = limits;
  const bounds = boxBounds(box);
  if (bounds.maxX <= 0 || bounds.maxY <= 0 || bounds.minX >= image.width || bounds.minY >= image.height)
    return null;
  if (boxFits(box, image, 0)) return box;
  return box.angle % 180 === 0 ? cut(box, image) : shrunk(box, image);
}

function cut(box: BoxJson, image: Size): BoxJson {
  const [left, top] = [Math.max(box.x, 0), Math.max(box.y, 0)];
  const right = Math.min(box.x + box.width, image.width);
  const bottom = Math.min(box.y + box.height, image.height);
  return { ...box, x: left, y: top, width: right - left, height: bottom - top };
}

function shrunk(box: BoxJson, image: Size): BoxJson {
  const bounds = boxBounds(box);
  const k = Math.min(
    1,
    image.width / (bounds.maxX - bounds.minX),
    image.height / (bounds.maxY - bounds.minY),
  );
  const centre = centreOf(box);
  const [width, height] = [box.width * k, box.height * k];
  const smaller = { ...box, x: centre.x - width / 2, y: centre.y - height / 2, width, height };
  const shift = intoImage(boxBounds(smaller), image);
  return { ...smaller, x: smaller.x + shift.x, y: smaller.y + shift.y };
}

/** Rounding may push a corner out by half a hundredth: the box then gives way by hundredths until it fits. */
function settle(box: BoxJson, limits: Limits): BoxJson {
  let next = roundedBox(clip(box, limits) ?? box);
  for (let round = 0; round < 8 && !boxFits(next, limits.image, 0); round++) {
    const shift = intoImage(boxBounds(next), limits.image);
    const moved = { ...next, x: rounded(next.x + outward(shift.x)), y: rounded(next.y + outward(shift.y)) };
    next = boxFits(moved, limits.image, 0)
      ? moved
      : { ...moved, width: rounded(moved.width - 0.01), height: rounded(moved.height - 0.01) };
  }
  return next;
}

const outward = (shift: number): number =>
  (Math.ceil(Math.abs(shift) * 100 - EPSILON) / 100) * Math.sign(shift);

function roundedBox(box: BoxJson): BoxJson {
  const [x, y] = [rounded(box.x), rounded(box.y)];
  const right = box.angle === 0 ? rounded(box.x + box.width) - x : box.width;
  const bottom = box.angle === 0 ? rounded(box.y + box.height) - y : box.height;
  return { ...box, x, y, width: rounded(right), height: rounded(bottom), angle: rounded(wrapped(box.angle)) };
}

function move(box: BoxJson, shift: Point): BoxJson {
  return { ...box, x: box.x + shift.x, y: box.y + shift.y };
}

function resize(box: BoxJson, dx: number, dy: number, limits: Limits): BoxJson {
  const corner = sidePoint(box, { x: 1, y: 1 });
  const way = turned({ x: dx, y: dy }, box.angle);
  return resized(
    box,
    { x: 1, y: 1 },
    { x: corner.x + way.x, y: corner.y + way.y },
    { shift: false, alt: false },
    limits,
  );
}

function handles(box: BoxJson, { scale, shown }: Sight, limits: Limits): Handle[] {
  const [wide, high] = [box.width * scale, box.height * scale];
  const list: Handle[] = [];
  for (const [id, side] of Object.entries(SIDES)) {
    if (hasRoom(side, wide, high)) list.push({ ...sidePoint(box, side), id, ...markOf(side, box.angle) });
  }
  if (limits.rotatable) list.push(turnHandle(box, scale, shown));
  return list;
}

/** The nearest handle in reach, else the edge there; inside a small box most of the room stays for moving it. */
function grip(box: BoxJson, point: Point, radius: number, sight: Sight, limits: Limits): Handle | null {
  const shorter = Math.min(box.width, box.height);
  const within = hit(box, point, 0) === "inside" ? Math.min(radius, shorter / 4) : radius;
  const near = handles(box, sight, limits)
    .map((handle) => ({ handle, far: distance(handle, point) }))
    .filter(({ far }) => far <= within)
    .sort((a, b) => a.far - b.far)[0];
  if (near) return near.handle;
  return shorter * sight.scale < ROOM_FOR_CORNERS_PX
    ? null
    : edgeAt(box, point, Math.min(within, 5 / sight.scale));
}

function edgeAt(box: BoxJson, point: Point, reachPx: number): Handle | null {
  for (const [id, side] of Object.entries(SIDES)) {
    if (side.x !== 0 && side.y !== 0) continue;
    const [from, to] = ends(side).map((end) => sidePoint(box, end)) as [Point, Point];
    if (distanceToSegment(point, from, to) <= reachPx) {
      return { ...sidePoint(box, side), id, ...markOf(side, box.angle) };
    }
  }
  return null;
}

const ends = (side: Side): [Side, Side] =>
  side.x === 0
    ? [
        { x: -1, y: side.y },
        { x: 1, y: side.y },
      ]
    : [
        { x: side.x, y: -1 },
        { x: side.x, y: 1 },
      ];

/** Small boxes keep their corners, tiny ones only the last, so that handles never hide what they belong to. */
function hasRoom(side: Side, wide: number, high: number): boolean {
  if (side.x === 0) return wide >= ROOM_FOR_EDGES_PX;
  if (side.y === 0) return high >= ROOM_FOR_EDGES_PX;
  return (side.x === 1 && side.y === 1) || Math.max(wide, high) >= ROOM_FOR_CORNERS_PX;
}

function markOf(side: Side, angle: number): Pick<Handle, "look" | "angle" | "cursor"> {
  const look = side.x === 0 || side.y === 0 ? "edge" : "corner";
  return { look, angle: side.x === 0 ? angle : angle + 90, cursor: cursorOf(side, angle) };
}

const CURSORS = ["ns-resize", "nesw-resize", "ew-resize", "nwse-resize"] as const;

function cursorOf(side: Side, angle: number): string {
  const way = bearing({ x: 0, y: 0 }, side) + angle;
  return CURSORS[((Math.round(way / 45) % 4) + 4) % 4] as string;
}

/** Above the top edge, or below the bottom one where the top is out of sight. */
function turnHandle(box: BoxJson, scale: number, shown: Bounds): Handle {
  const away = (box.width * scale >= WIDE_PX ? TURN_PX.wide : TURN_PX.narrow) / scale;
  const [above, below] = [placedAt(box, 0, -box.height / 2 - away), placedAt(box, 0, box.height / 2 + away)];
  const isBelow = !isIn(above, shown) && isIn(below, shown);
  const stem = sidePoint(box, { x: 0, y: isBelow ? 1 : -1 });
  return { ...(isBelow ? below : above), id: TURN, look: "turn", angle: box.angle, cursor: "grab", stem };
}

const isIn = (point: Point, { minX, minY, maxX, maxY }: Bounds): boolean =>
  point.x >= minX && point.x <= maxX && point.y >= minY && point.y <= maxY;

function path(pen: Pen, box: BoxJson, { scale, x, y, snap }: Projection): void {
  if (box.angle === 0) {
    const [left, top] = [snap(box.x * scale + x), snap(box.y * scale + y)];
    pen.rect(
      left,
      top,
      snap((box.x + box.width) * scale + x) - left,
      snap((box.y + box.height) * scale + y) - top,
    );
    return;
  }
  const [a, b, c, d] = corners(box);
  pen.moveTo(a.x * scale + x, a.y * scale + y);
  for (const point of [b, c, d]) pen.lineTo(point.x * scale + x, point.y * scale + y);
  pen.closePath();
}

/** The topmost corner; of an upright box the left one. */
function anchor(box: BoxJson): Point {
  if (box.angle === 0) return { x: box.x, y: box.y };
  return corners(box).reduce((top, point) => (point.y < top.y ? point : top));
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

function measure(box: BoxJson): string {
  const size = `${short(box.width)} × ${short(box.height)}`;
  return box.angle === 0 ? size : `${size}  ${short(box.angle)}°`;
}

function describe(box: BoxJson): string {
  const turn = box.angle === 0 ? "" : `, turned ${short(box.angle)}°`;
  return `${short(box.width)} × ${short(box.height)} px at ${short(box.x)}, ${short(box.y)}${turn}`;
}

registerShape<BoxJson>({
  kind: "boxes",
  title: "box",
  bounds: boxBounds,
  area: (box) => box.width * box.height,
  hit,
  handles,
  grip,
  drag,
  move,
  resize,
  turn: (box, degrees, limits) => turnedTo(box, box.angle + degrees, limits),
  clip,
  settle,
  sketch,
  placed,
  path,
  anchor,
  describe,
  measure,
});
