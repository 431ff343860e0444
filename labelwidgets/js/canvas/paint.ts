/** Draws regions: grouped by look, with less detail the more there are; outlines that read on any photo. */

import type { RegionJson } from "../core/protocol.ts";
import type { Look } from "./looks.ts";
import type { Handle, Pen, Projection, Shape } from "./shapes/registry.ts";
import type { View } from "./viewport.ts";

/** What is needed to draw a region. */
export interface Drawn {
  readonly field: string;
  readonly region: RegionJson;
  readonly shape: Shape;
  readonly look: Look;
}

export interface Detail {
  /** Outline in CSS px. */
  readonly width: number;
  readonly halo: boolean;
  readonly dash: boolean;
  /** Opacity of the fill. */
  readonly tint: number;
  readonly plates: boolean;
}

/** Up to so many regions in sight are drawn with a detail; more have no room for it, and cost more. */
const DETAILS: readonly (readonly [number, Detail])[] = [
  [60, { width: 2, halo: true, dash: true, tint: 0.08, plates: true }],
  [200, { width: 2, halo: true, dash: true, tint: 0, plates: true }],
  [1500, { width: 2, halo: true, dash: true, tint: 0, plates: false }],
  [5000, { width: 1.5, halo: false, dash: false, tint: 0, plates: false }],
];
const LEAST_DETAIL: Detail = { width: 1, halo: false, dash: false, tint: 0, plates: false };
const HALO_PX = 1.5;
const DOT_BELOW_PX = 4;
const MANY_SELECTED = 200;

/** Gaps as long as the dashes and no halo: a suggestion is airy. */
export const SUGGESTED_DASH = [6, 5];

export function detailFor(count: number): Detail {
  return DETAILS.find(([most]) => count <= most)?.[1] ?? LEAST_DETAIL;
}

/** For lines of `width` CSS px that shall fall on whole device pixels. */
export function projection({ scale, x, y }: View, ratio: number, width: number): Projection {
  const odd = (Math.max(Math.round(width * ratio), 1) % 2) / 2;
  return { scale, x, y, snap: (screen) => (Math.round(screen * ratio - odd) + odd) / ratio };
}

/** Upright rectangles go straight to the canvas, which is several times faster than by a path. */
class Outliner implements Pen {
  readonly #canvas: CanvasRenderingContext2D;

  constructor(canvas: CanvasRenderingContext2D) {
    this.#canvas = canvas;
  }

  moveTo(x: number, y: number): void {
    this.#canvas.moveTo(x, y);
  }

  lineTo(x: number, y: number): void {
    this.#canvas.lineTo(x, y);
  }

  closePath(): void {
    this.#canvas.closePath();
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#canvas.strokeRect(x, y, width, height);
  }
}

class Filler extends Outliner {
  readonly #target: CanvasRenderingContext2D;

  constructor(canvas: CanvasRenderingContext2D) {
    super(canvas);
    this.#target = canvas;
  }

  override rect(x: number, y: number, width: number, height: number): void {
    this.#target.fillRect(x, y, width, height);
  }
}

function outline(canvas: CanvasRenderingContext2D, drawn: readonly Drawn[], to: Projection): void {
  const pen = new Outliner(canvas);
  canvas.beginPath();
  for (const { shape, region } of drawn) shape.path(pen, region, to);
  canvas.stroke();
}

function fill(canvas: CanvasRenderingContext2D, drawn: readonly Drawn[], to: Projection): void {
  const pen = new Filler(canvas);
  canvas.beginPath();
  for (const { shape, region } of drawn) shape.path(pen, region, to);
  canvas.fill();
}

/** By look, in the order of the labels; those too small for an outline apart. */
function grouped(all: Iterable<Drawn>, scale: number): { look: Look; regions: Drawn[]; dots: Drawn[] }[] {
  const groups = new Map<Look, { look: Look; regions: Drawn[]; dots: Drawn[] }>();
  const dotArea = (DOT_BELOW_PX / scale) ** 2;
  for (const drawn of all) {
    let group = groups.get(drawn.look);
    if (!group) {
      group = { look: drawn.look, regions: [], dots: [] };
      groups.set(drawn.look, group);
    }
    (drawn.shape.area(drawn.region) < dotArea ? group.dots : group.regions).push(drawn);
  }
  return [...groups.values()].sort((a, b) => a.look.order - b.look.order);
}

/** Regions at rest. */
export function paintRegions(
  canvas: CanvasRenderingContext2D,
  all: Iterable<Drawn>,
  view: View,
  ratio: number,
  detail: Detail,
): void {
  const to = projection(view, ratio, detail.width);
  for (const { look, regions, dots } of grouped(all, view.scale)) {
    if (detail.tint > 0) tint(canvas, regions, look, to, detail.tint);
    canvas.lineJoin = "miter";
    if (detail.halo) stroke(canvas, regions, look.halo, detail.width + 2 * HALO_PX, [], to);
    stroke(canvas, regions, look.color, detail.width, detail.dash ? look.dash : [], to);
    paintDots(canvas, dots, look, view);
  }
}

function tint(
  canvas: CanvasRenderingContext2D,
  drawn: readonly Drawn[],
  look: Look,
  to: Projection,
  alpha: number,
): void {
  canvas.globalAlpha = alpha;
  canvas.fillStyle = look.color;
  fill(canvas, drawn, to);
  canvas.globalAlpha = 1;
}

function stroke(
  canvas: CanvasRenderingContext2D,
  drawn: readonly Drawn[],
  color: string,
  width: number,
  dash: readonly number[],
  to: Projection,
): void {
  canvas.setLineDash(dash as number[]);
  canvas.strokeStyle = color;
  canvas.lineWidth = width;
  outline(canvas, drawn, to);
  if (dash.length > 0) canvas.setLineDash([]);
}

/** What is smaller than its outline would be is a dot. */
function paintDots(
  canvas: CanvasRenderingContext2D,
  dots: readonly Drawn[],
  { color }: Look,
  view: View,
): void {
  canvas.fillStyle = color;
  for (const { shape, region } of dots) {
    const { minX, minY, maxX, maxY } = shape.bounds(region);
    const x = Math.round(((minX + maxX) / 2) * view.scale + view.x);
    const y = Math.round(((minY + maxY) / 2) * view.scale + view.y);
    canvas.fillRect(x - 1, y - 1, 3, 3);
  }
}

/** A model's suggestions: dashed and unfilled until somebody has decided. */
export function paintSuggestions(
  canvas: CanvasRenderingContext2D,
  all: Iterable<Drawn>,
  view: View,
  ratio: number,
): void {
  const to = projection(view, ratio, 2);
  for (const { look, regions, dots } of grouped(all, view.scale)) {
    canvas.setLineDash(SUGGESTED_DASH);
    canvas.lineDashOffset = SUGGESTED_DASH[0] as number;
    // The gaps of the outline hold short dashes of its opposite: it reads on dark and light alike.
    stroke(canvas, regions, look.halo, 2, SUGGESTED_DASH, to);
    canvas.lineDashOffset = 0;
    stroke(canvas, regions, look.color, 2, SUGGESTED_DASH, to);
    paintDots(canvas, dots, look, view);
  }
}

/** Hovered: what a click would select. */
export function paintHovered(
  canvas: CanvasRenderingContext2D,
  drawn: Drawn,
  view: View,
  ratio: number,
): void {
  const to = projection(view, ratio, 2);
  tint(canvas, [drawn], drawn.look, to, 0.16);
  stroke(canvas, [drawn], drawn.look.halo, 6, [], to);
  stroke(canvas, [drawn], drawn.look.color, 3, [], to);
}

/** Selected or being drawn: a strong outline and no fill, so that the edges of the thing can be seen. */
export function paintSelected(
  canvas: CanvasRenderingContext2D,
  drawn: readonly Drawn[],
  view: View,
  ratio: number,
): void {
  const to = projection(view, ratio, 2);
  for (const { look, regions } of grouped(drawn, Number.POSITIVE_INFINITY)) {
    if (regions.length <= MANY_SELECTED) stroke(canvas, regions, "rgba(0,0,0,0.45)", 7, [], to);
    stroke(canvas, regions, "#ffffff", 5, [], to);
    stroke(canvas, regions, look.color, 2, [], to);
  }
}

const CORNER_PX = 9;
const EDGE_PX = [11, 5] as const;
const TURN_RADIUS_PX = 5.5;

/** `larger` for fingers. */
export function paintHandles(
  canvas: CanvasRenderingContext2D,
  handles: readonly Handle[],
  color: string,
  view: View,
  larger: boolean,
): void {
  const k = larger ? 1.4 : 1;
  for (const handle of handles) {
    if (handle.stem) paintStem(canvas, handle, handle.stem, view);
  }
  for (const handle of handles) {
    canvas.save();
    canvas.translate(handle.x * view.scale + view.x, handle.y * view.scale + view.y);
    canvas.rotate((handle.angle * Math.PI) / 180);
    canvas.beginPath();
    mark(canvas, handle, k);
    paintMark(canvas, color);
    canvas.restore();
  }
}

function mark(canvas: CanvasRenderingContext2D, { look }: Handle, k: number): void {
  const [wide, high] = look === "edge" ? EDGE_PX : ([CORNER_PX, CORNER_PX] as const);
  if (look === "turn") canvas.arc(0, 0, TURN_RADIUS_PX * k, 0, 2 * Math.PI);
  else canvas.roundRect((-wide * k) / 2, (-high * k) / 2, wide * k, high * k, 1.5);
}

function paintMark(canvas: CanvasRenderingContext2D, color: string): void {
  canvas.lineWidth = 4;
  canvas.strokeStyle = "rgba(0,0,0,0.35)";
  canvas.stroke();
  canvas.fillStyle = "#ffffff";
  canvas.fill();
  canvas.lineWidth = 2;
  canvas.strokeStyle = color;
  canvas.stroke();
}

function paintStem(
  canvas: CanvasRenderingContext2D,
  to: Handle,
  from: { x: number; y: number },
  view: View,
): void {
  canvas.beginPath();
  canvas.moveTo(from.x * view.scale + view.x, from.y * view.scale + view.y);
  canvas.lineTo(to.x * view.scale + view.x, to.y * view.scale + view.y);
  canvas.lineWidth = 3.5;
  canvas.strokeStyle = "rgba(0,0,0,0.35)";
  canvas.stroke();
  canvas.lineWidth = 1.5;
  canvas.strokeStyle = "#ffffff";
  canvas.stroke();
}
