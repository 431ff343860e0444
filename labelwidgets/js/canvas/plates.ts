/** Name plates: a label's title in its colour above its region, none on top of another. */

import type { Size } from "./geometry.ts";
import type { Drawn } from "./paint.ts";
import type { View } from "./viewport.ts";

const HEIGHT_PX = 18;
const PADDING_PX = 6;
const LONGEST_PX = 220;
const LEAST_REGION_PX = 14;
const RADIUS_PX = 3;

export interface Plate {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
  readonly drawn: Drawn;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export const fontOf = (family: string): string => `600 12px ${family}`;

/** "car", or for a model's region "car 87 %". */
export function plateText({ look, region }: Drawn, scored: boolean): string {
  if (!scored || region.score === null) return look.title;
  return `${look.title} ${Math.round(region.score * 100)} %`.trim();
}

/** Texts as they fit onto a plate, with their widths in px; measured once. */
export class FittingTexts {
  readonly #known = new Map<string, readonly [text: string, width: number]>();

  of(canvas: CanvasRenderingContext2D, text: string): readonly [text: string, width: number] {
    let fitting = this.#known.get(text);
    if (!fitting) {
      fitting = fitted(text, (part) => canvas.measureText(part).width);
      this.#known.set(text, fitting);
    }
    return fitting;
  }

  forget(): void {
    this.#known.clear();
  }
}

/** The text, or as much of its beginning as fits before "…". */
export function fitted(
  text: string,
  measure: (text: string) => number,
): readonly [text: string, width: number] {
  const whole = measure(text);
  if (whole <= LONGEST_PX) return [text, whole];
  const characters = [...text];
  let [fits, toomany] = [0, characters.length];
  while (toomany - fits > 1) {
    const half = (fits + toomany) >> 1;
    if (measure(`${characters.slice(0, half).join("")}…`) <= LONGEST_PX) fits = half;
    else toomany = half;
  }
  const cut = `${characters.slice(0, fits).join("").trimEnd()}…`;
  return [cut, measure(cut)];
}

/** Plates of one painting, which give way to those placed before. */
export class Plates {
  readonly #taken: Rect[] = [];
  readonly #placed: Plate[] = [];
  readonly #canvas: CanvasRenderingContext2D;
  readonly #texts: FittingTexts;
  readonly #view: View;
  readonly #stage: Size;
  readonly #font: string;

  constructor(canvas: CanvasRenderingContext2D, texts: FittingTexts, view: View, stage: Size, font: string) {
    this.#canvas = canvas;
    this.#texts = texts;
    this.#view = view;
    this.#stage = stage;
    this.#font = font;
  }

  /**
   * `always` also on top of others and for small regions: the selected and the hovered one; `raise` in px
   * leaves room for a handle.
   */
  add(drawn: Drawn, text: string, always = false, raise = 0): void {
    if (text === "" || (!always && this.#isSmall(drawn))) return;
    this.#canvas.font = this.#font;
    const [fitting, wide] = this.#texts.of(this.#canvas, text);
    const width = Math.ceil(wide) + 2 * PADDING_PX;
    const at = this.#position(drawn, width, raise);
    if (!at || (!always && this.#taken.some((other) => overlaps(other, { ...at, width })))) return;
    const plate = { ...at, width, text: fitting, drawn };
    this.#taken.push(plate);
    this.#placed.push(plate);
  }

  #isSmall({ shape, region }: Drawn): boolean {
    const { minX, minY, maxX, maxY } = shape.bounds(region);
    return Math.max(maxX - minX, maxY - minY) * this.#view.scale < LEAST_REGION_PX;
  }

  /** Above the region's top, inside it where the stage ends; null when the region's top is out of sight. */
  #position({ shape, region }: Drawn, width: number, raise: number): { x: number; y: number } | null {
    const { x, y } = shape.anchor(region);
    const [left, top] = [
      Math.round(x * this.#view.scale + this.#view.x) - 1,
      Math.round(y * this.#view.scale + this.#view.y),
    ];
    if (left > this.#stage.width || top > this.#stage.height || left + width < 0) return null;
    const above = top - HEIGHT_PX - 1 - raise;
    const bottom = shape.bounds(region).maxY * this.#view.scale + this.#view.y;
    if (bottom < 0) return null;
    const inView = Math.min(Math.max(left, 0), Math.max(this.#stage.width - width, 0));
    return {
      x: inView,
      y: above >= 0 ? above : Math.min(Math.max(top + 1, 0), Math.max(bottom - HEIGHT_PX, 0)),
    };
  }

  paint(dashed = false): void {
    this.#canvas.font = this.#font;
    this.#canvas.textBaseline = "middle";
    for (const plate of this.#placed) (dashed ? paintOpen : paintSolid)(this.#canvas, plate);
    this.#placed.length = 0;
  }
}

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && a.x + a.width > b.x && a.y < b.y + HEIGHT_PX && a.y + HEIGHT_PX > b.y;
}

function plate(canvas: CanvasRenderingContext2D, { x, y, width }: Plate): void {
  canvas.beginPath();
  canvas.roundRect(x, y, width, HEIGHT_PX, RADIUS_PX);
}

function paintSolid(canvas: CanvasRenderingContext2D, each: Plate): void {
  const { look } = each.drawn;
  plate(canvas, each);
  canvas.lineWidth = 2;
  canvas.strokeStyle = look.halo;
  canvas.stroke();
  canvas.fillStyle = look.color;
  canvas.fill();
  write(canvas, each, look.ink);
}

/** A suggestion's: white with a rim of dashes, nobody has said so yet. */
function paintOpen(canvas: CanvasRenderingContext2D, each: Plate): void {
  plate(canvas, each);
  canvas.fillStyle = "rgba(255,255,255,0.92)";
  canvas.fill();
  canvas.setLineDash([3, 2]);
  canvas.lineWidth = 1.5;
  canvas.strokeStyle = each.drawn.look.color;
  canvas.stroke();
  canvas.setLineDash([]);
  write(canvas, each, "#1c2126");
}

function write(canvas: CanvasRenderingContext2D, { x, y, text }: Plate, ink: string): void {
  canvas.fillStyle = ink;
  canvas.fillText(text, x + PADDING_PX, y + HEIGHT_PX / 2 + 0.5);
}

/** What is being measured, on dark, below and right of the region. */
export function paintMeasure(
  canvas: CanvasRenderingContext2D,
  drawn: Drawn,
  view: View,
  stage: Size,
  font: string,
): void {
  const { shape, region } = drawn;
  const { maxX, maxY } = shape.bounds(region);
  const text = shape.measure(region);
  canvas.font = font;
  const width = Math.ceil(canvas.measureText(text).width) + 2 * PADDING_PX;
  const x = Math.min(Math.max(maxX * view.scale + view.x - width, 0), stage.width - width);
  const y = Math.min(Math.max(maxY * view.scale + view.y + 8, 0), stage.height - HEIGHT_PX);
  canvas.beginPath();
  canvas.roundRect(Math.round(x), Math.round(y), width, HEIGHT_PX, RADIUS_PX);
  canvas.fillStyle = "rgba(16,20,24,0.82)";
  canvas.fill();
  canvas.textBaseline = "middle";
  canvas.fillStyle = "#ffffff";
  canvas.fillText(text, Math.round(x) + PADDING_PX, Math.round(y) + HEIGHT_PX / 2 + 0.5);
}
