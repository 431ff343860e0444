/** Where the image lies on the screen: fit, clamp, zoom, pan, pinch, and what a wheel means. Pure. */

import { type Bounds, clamp, distance, type Point, type Size } from "./geometry.ts";

/** screen = image * scale + (x, y); screen in CSS px of the stage. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** What a view is shown in: the image's pixels and the stage's CSS px. */
export interface Room {
  readonly image: Size;
  readonly stage: Size;
}

const FIT_PADDING = 12;
const MOST_SCREEN_PX_PER_PX = 64;
const SLACK = 0.4;

export function toScreen(view: View, point: Point): Point {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
}

export function toImage(view: View, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

export function sameView(a: View, b: View): boolean {
  return a.scale === b.scale && a.x === b.x && a.y === b.y;
}

/** The part of the plane that the stage shows, in image px. */
export function shownBounds(view: View, stage: Size): Bounds {
  const from = toImage(view, { x: 0, y: 0 });
  const to = toImage(view, { x: stage.width, y: stage.height });
  return { minX: from.x, minY: from.y, maxX: to.x, maxY: to.y };
}

/** The whole image, centred, as large as fits. */
export function wholeView({ image, stage }: Room): View {
  const pad = Math.min(FIT_PADDING, stage.width / 10, stage.height / 10);
  const across = (stage.width - 2 * pad) / Math.max(image.width, 1);
  const down = (stage.height - 2 * pad) / Math.max(image.height, 1);
  const scale = Math.max(Math.min(across, down), 1e-6);
  return centred(scale, { x: image.width / 2, y: image.height / 2 }, stage);
}

/** One image pixel = one CSS px, about the view's centre. */
export function actual(view: View, room: Room): View {
  return zoomAt(view, stageCentre(room.stage), 1 / view.scale, room);
}

export function centred(scale: number, at: Point, stage: Size): View {
  return { scale, x: stage.width / 2 - at.x * scale, y: stage.height / 2 - at.y * scale };
}

export function stageCentre(stage: Size): Point {
  return { x: stage.width / 2, y: stage.height / 2 };
}

/** Smallest and largest scale: from half of fit to 64 screen px a pixel (more for tiny images). */
export function scaleLimits(room: Room): { least: number; most: number } {
  const whole = wholeView(room).scale;
  return { least: Math.min(whole / 2, 1), most: Math.max(MOST_SCREEN_PX_PER_PX, whole * 8) };
}

/** Keeps the image in reach: wholly visible when smaller than the stage, else with some slack at its edges. */
export function clampView(view: View, { image, stage }: Room): View {
  return {
    scale: view.scale,
    x: clampAxis(view.x, image.width * view.scale, stage.width),
    y: clampAxis(view.y, image.height * view.scale, stage.height),
  };
}

function clampAxis(offset: number, length: number, room: number): number {
  const over = length - room;
  const slack = clamp(over, 0, room * SLACK);
  return clamp(offset, Math.min(0, -over) - slack, Math.max(0, -over) + slack);
}

/** Zooms by `factor` so that the image point under `at` (screen) stays there, as far as the limits allow. */
export function zoomAt(view: View, at: Point, factor: number, room: Room): View {
  const { least, most } = scaleLimits(room);
  const scale = clamp(view.scale * factor, least, most);
  const k = scale / view.scale;
  return clampView({ scale, x: at.x - (at.x - view.x) * k, y: at.y - (at.y - view.y) * k }, room);
}

export function panBy(view: View, dx: number, dy: number, room: Room): View {
  return clampView({ scale: view.scale, x: view.x + dx, y: view.y + dy }, room);
}

/** Two fingers went from `before` to `after` (screen): the points under them stay under them. */
export function pinch(
  view: View,
  before: readonly [Point, Point],
  after: readonly [Point, Point],
  room: Room,
): View {
  const apart = Math.max(distance(before[0], before[1]), 1);
  const zoomed = zoomAt(view, middle(before), distance(after[0], after[1]) / apart, room);
  const [from, to] = [middle(before), middle(after)];
  return panBy(zoomed, to.x - from.x, to.y - from.y, room);
}

function middle([a, b]: readonly [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** The least move (and no zoom out) that brings `bounds` into the stage with a margin; the same view when it is there. */
export function reveal(view: View, bounds: Bounds, room: Room): View {
  const margin = Math.min(32, room.stage.width / 8, room.stage.height / 8);
  const from = toScreen(view, { x: bounds.minX, y: bounds.minY });
  const to = toScreen(view, { x: bounds.maxX, y: bounds.maxY });
  // What is in sight stays where it is: a fitted picture is not pushed off its place for a margin.
  const { width, height } = room.stage;
  if (from.x >= 0 && from.y >= 0 && to.x <= width && to.y <= height) return view;
  const dx = intoRange(from.x, to.x, margin, room.stage.width - margin);
  const dy = intoRange(from.y, to.y, margin, room.stage.height - margin);
  return dx === 0 && dy === 0 ? view : panBy(view, dx, dy, room);
}

function intoRange(from: number, to: number, low: number, high: number): number {
  if (to - from > high - low) {
    if (from <= low && to >= high) return 0;
    return (low + high) / 2 - (from + to) / 2;
  }
  if (from < low) return low - from;
  return to > high ? high - to : 0;
}

/** The CSS transform that shows what was painted for `painted` as it lies in `view`. */
export function between(painted: View, view: View): string {
  if (sameView(painted, view)) return "none";
  const k = view.scale / painted.scale;
  return `matrix(${k},0,0,${k},${view.x - k * painted.x},${view.y - k * painted.y})`;
}

/** The fields of a WheelEvent that matter. */
export interface Wheel {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  /** Also set by browsers for a trackpad's pinch. */
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  /** Chromium and Safari: a multiple of 120 for a wheel with notches. */
  readonly wheelDeltaY?: number;
  readonly timeStamp: number;
}

export type WheelMeaning =
  | { readonly act: "zoom"; readonly factor: number }
  | { readonly act: "pan"; readonly dx: number; readonly dy: number }
  | { readonly act: "page" };

const LINE_PX = 20;
const PAGE_PX = 400;
const STREAM_MS = 180;

/**
 * Tells a wheel's notches (zoom) from a trackpad's two fingers (pan) and its pinch (zoom).
 * An unfocused widget leaves the plain wheel to the page, so that a notebook can be scrolled over it.
 */
export class WheelReader {
  #last = Number.NEGATIVE_INFINITY;
  #trackpad = false;

  read(wheel: Wheel, focused: boolean): WheelMeaning {
    const [dx, dy] = pixels(wheel);
    this.#classify(wheel);
    if (wheel.ctrlKey || wheel.metaKey) return { act: "zoom", factor: zoomFactor(dy, this.#trackpad) };
    if (!focused) return { act: "page" };
    if (wheel.shiftKey && dx === 0) return { act: "pan", dx: -dy, dy: 0 };
    if (this.#trackpad || dx !== 0) return { act: "pan", dx: -dx, dy: -dy };
    return { act: "zoom", factor: zoomFactor(dy, false) };
  }

  /** A stream of events keeps the kind it began with: a fast swipe may look like notches in between. */
  #classify(wheel: Wheel): void {
    const fresh = wheel.timeStamp - this.#last > STREAM_MS;
    this.#last = wheel.timeStamp;
    if (fresh) this.#trackpad = !hasNotches(wheel);
  }
}

function hasNotches(wheel: Wheel): boolean {
  if (wheel.deltaMode !== 0) return true;
  if (wheel.deltaX !== 0 && wheel.deltaY !== 0) return false;
  if (wheel.wheelDeltaY !== undefined && wheel.wheelDeltaY !== 0) return wheel.wheelDeltaY % 120 === 0;
  return Number.isInteger(wheel.deltaY) && Math.abs(wheel.deltaY) >= 50;
}

function pixels(wheel: Wheel): [number, number] {
  const unit = wheel.deltaMode === 0 ? 1 : wheel.deltaMode === 1 ? LINE_PX : PAGE_PX;
  return [wheel.deltaX * unit, wheel.deltaY * unit];
}

/** A notch (100 px) zooms by a quarter; a pinch's small steps are taken finer. */
function zoomFactor(dy: number, trackpad: boolean): number {
  return trackpad ? Math.exp(-clamp(dy, -50, 50) * 0.01) : Math.exp(-clamp(dy, -240, 240) * 0.00223);
}
