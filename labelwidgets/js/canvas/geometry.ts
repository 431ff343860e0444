/** Points, sizes and bounds in the plane; image pixels unless a name says screen. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const RADIANS = Math.PI / 180;

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** `point` turned clockwise (as seen on a screen, y down) about `centre` by `degrees`. */
export function turned(point: Point, degrees: number, centre: Point = { x: 0, y: 0 }): Point {
  if (degrees === 0) return point;
  const cos = Math.cos(degrees * RADIANS);
  const sin = Math.sin(degrees * RADIANS);
  const dx = point.x - centre.x;
  const dy = point.y - centre.y;
  return { x: centre.x + dx * cos - dy * sin, y: centre.y + dx * sin + dy * cos };
}

/** Degrees clockwise from "straight up" of the way from `centre` to `point`, in (-180, 180]. */
export function bearing(centre: Point, point: Point): number {
  return Math.atan2(point.x - centre.x, centre.y - point.y) / RADIANS;
}

/** The same angle in [0, 360). */
export function wrapped(degrees: number): number {
  const rest = degrees % 360;
  return rest < 0 ? rest + 360 : rest + 0;
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function distanceToSegment(point: Point, from: Point, to: Point): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length2;
  const t = clamp(along, 0, 1);
  return Math.hypot(point.x - from.x - t * dx, point.y - from.y - t * dy);
}

export function boundsOf(points: readonly Point[]): Bounds {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    if (x < minX) minX = x;
    if (y < minY) minY = y;
    if (x > maxX) maxX = x;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}

export function union(a: Bounds, b: Bounds): Bounds {
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

export function grown(bounds: Bounds, by: number): Bounds {
  return {
    minX: bounds.minX - by,
    minY: bounds.minY - by,
    maxX: bounds.maxX + by,
    maxY: bounds.maxY + by,
  };
}

export function intersects(a: Bounds, b: Bounds): boolean {
  return a.minX <= b.maxX && a.maxX >= b.minX && a.minY <= b.maxY && a.maxY >= b.minY;
}

export function encloses(outer: Bounds, inner: Bounds): boolean {
  return (
    outer.minX <= inner.minX &&
    outer.minY <= inner.minY &&
    outer.maxX >= inner.maxX &&
    outer.maxY >= inner.maxY
  );
}

export function inside(point: Point, bounds: Bounds): boolean {
  return point.x >= bounds.minX && point.x <= bounds.maxX && point.y >= bounds.minY && point.y <= bounds.maxY;
}

export function boundsOfSize({ width, height }: Size): Bounds {
  return { minX: 0, minY: 0, maxX: width, maxY: height };
}

/** The nearest point of the image. */
export function pinned(point: Point, image: Size): Point {
  return { x: clamp(point.x, 0, image.width), y: clamp(point.y, 0, image.height) };
}

/** The part of a shift that keeps `bounds` inside the image; bounds larger than the image stay put. */
export function allowedShift(bounds: Bounds, shift: Point, image: Size): Point {
  return {
    x: allowed(shift.x, bounds.minX, bounds.maxX, image.width),
    y: allowed(shift.y, bounds.minY, bounds.maxY, image.height),
  };
}

function allowed(shift: number, low: number, high: number, limit: number): number {
  if (high - low > limit) return 0;
  return clamp(shift, -low, limit - high) + 0;
}

/** To 1/100 px, the finest that is stored. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
