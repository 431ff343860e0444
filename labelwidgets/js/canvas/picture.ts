/** The picture under the regions: shown as soon as a preview is decoded, then sharper; drawn for any view. */

import type { DeskTask, Media } from "../core/desk.ts";
import type { Scope } from "../core/scope.ts";
import { Cell, type Signal } from "../core/signal.ts";
import { type Bitmap, type Decoder, decodeBlob } from "./decode.ts";
import type { Bounds, Size } from "./geometry.ts";
import { Tiles, tileBounds } from "./tiles.ts";
import type { View } from "./viewport.ts";

export type PictureState =
  | { readonly is: "loading" }
  | { readonly is: "shown" }
  | { readonly is: "broken"; readonly reason: string };

/** Device px per image px from which single pixels are shown as squares. */
const SQUARES_FROM = 4;
const HALVE_ABOVE_PX = 1_000_000;
const SETTLED_MS = 100;

/** The picture of one task; `changed` is called when it has become better. */
export class Picture {
  readonly state: Signal<PictureState>;
  readonly #known = new Cell<PictureState>({ is: "loading" });
  readonly #task: DeskTask;
  readonly #media: Media;
  readonly #scope: Scope;
  readonly #changed: () => void;
  #bitmap: Bitmap | null = null;
  /** Own halvings of `bitmap`, the largest first. */
  #halves: Bitmap[] = [];
  #tiles: Tiles | null = null;
  #fullSize: Size;

  constructor(task: DeskTask, media: Media, decoder: Decoder, scope: Scope, changed: () => void) {
    this.state = this.#known;
    this.#task = task;
    this.#media = media;
    this.#scope = scope;
    this.#changed = changed;
    const { width = 0, height = 0 } = task.push.media;
    this.#fullSize = { width, height };
    decoder.get(task).then(
      (bitmap) => this.#show(bitmap),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Px of the whole upright image; 0 x 0 until it is known. */
  get size(): Size {
    return this.#fullSize;
  }

  #show(bitmap: Bitmap): void {
    if (this.#scope.disposed) return;
    this.#bitmap = bitmap;
    if (this.#fullSize.width === 0) this.#fullSize = { width: bitmap.width, height: bitmap.height };
    this.#known.set({ is: "shown" });
    this.#changed();
    this.#sharpen(bitmap);
  }

  #fail(error: unknown): void {
    if (this.#scope.disposed) return;
    const { broken, name } = this.#task.push.media;
    const reason = broken ?? `${name ?? "The picture"} can't be decoded: ${messageOf(error)}`;
    this.#known.set({ is: "broken", reason });
    this.#changed();
  }

  /** A reduced picture gets tiles, or else the whole in its place; a big whole one gets halvings. */
  #sharpen(bitmap: Bitmap): void {
    const { media, id } = this.#task.push;
    if (media.tiled) this.#tiles = this.#startTiles(media.tiled);
    else if (bitmap.width < this.#fullSize.width && this.#task.media)
      void this.#replace(this.#media.full(id));
    // Not before it is painted: halving blocks the page for some milliseconds.
    else this.#scope.timeout(() => void this.#halve(bitmap), SETTLED_MS);
  }

  #startTiles({ tile, levels }: { tile: number; levels: number }): Tiles {
    const { id } = this.#task.push;
    return new Tiles(
      { ...this.#fullSize, tile, levels },
      ({ level, column, row }, signal) => this.#media.tile(id, level, column, row, signal),
      this.#scope,
      this.#changed,
    );
  }

  /** The preview stays when the whole can't be had. */
  async #replace(full: Promise<Blob>): Promise<void> {
    const bitmap = await full.then(decodeBlob).catch(() => null);
    if (!bitmap) return;
    this.#scope.own(() => bitmap.close());
    if (this.#scope.disposed) return;
    this.#bitmap = bitmap;
    this.#changed();
    await this.#halve(bitmap);
  }

  /** So that panning a photo of 12 megapixels reads no more pixels than the screen shows. */
  async #halve(bitmap: Bitmap): Promise<void> {
    let from = bitmap;
    while (from.width * from.height > HALVE_ABOVE_PX && !this.#scope.disposed) {
      const half = await halved(from).catch(() => null);
      if (!half) return;
      this.#scope.own(() => half.close());
      if (bitmap !== this.#bitmap) return;
      this.#halves.push(half);
      from = half;
    }
    if (from !== bitmap && !this.#scope.disposed) this.#changed();
  }

  /** Paints what `view` shows; `ratio` in device px per CSS px. */
  paint(canvas: CanvasRenderingContext2D, view: View, shown: Bounds, ratio: number): void {
    if (!this.#bitmap) return;
    const density = view.scale * ratio;
    const bitmap = this.#fitting(this.#bitmap, density);
    this.#put(
      canvas,
      bitmap,
      { minX: 0, minY: 0, maxX: this.#fullSize.width, maxY: this.#fullSize.height },
      view,
      shown,
      ratio,
    );
    // Where the preview has as many pixels as the screen, tiles would add nothing.
    const isSharp = this.#bitmap.width >= this.#fullSize.width * density * 0.9;
    if (isSharp) this.#tiles?.rest();
    for (const { at, bitmap: tile } of (!isSharp && this.#tiles?.seen(shown, density)) || []) {
      this.#put(canvas, tile, tileBounds({ ...this.#fullSize, ...this.#pyramid }, at), view, shown, ratio);
    }
  }

  get #pyramid(): { tile: number; levels: number } {
    return this.#task.push.media.tiled ?? { tile: 512, levels: 0 };
  }

  /** The smallest halving that still has the pixels the screen shows. */
  #fitting(bitmap: Bitmap, density: number): Bitmap {
    const needed = this.#fullSize.width * density * 0.9;
    return [...this.#halves].reverse().find(({ width }) => width >= needed) ?? bitmap;
  }

  /** The part of `bitmap` (which covers `bounds` of the image) that is shown, on whole device pixels: no seams. */
  #put(
    canvas: CanvasRenderingContext2D,
    bitmap: Bitmap,
    bounds: Bounds,
    view: View,
    shown: Bounds,
    ratio: number,
  ): void {
    const part = partOf(bitmap, bounds, shown);
    if (!part) return;
    const snap = (screen: number) => Math.round(screen * ratio) / ratio;
    const [left, top] = [snap(part.minX * view.scale + view.x), snap(part.minY * view.scale + view.y)];
    const [right, bottom] = [snap(part.maxX * view.scale + view.x), snap(part.maxY * view.scale + view.y)];
    const grain = (view.scale * ratio * (bounds.maxX - bounds.minX)) / bitmap.width;
    const own = bitmap.width >= Math.floor(bounds.maxX - bounds.minX);
    canvas.imageSmoothingEnabled = !(own && grain >= SQUARES_FROM);
    canvas.imageSmoothingQuality = grain < 0.5 ? "medium" : "low";
    canvas.drawImage(
      bitmap.source,
      part.x,
      part.y,
      part.width,
      part.height,
      left,
      top,
      right - left,
      bottom - top,
    );
  }
}

interface Part extends Bounds, Size {
  readonly x: number;
  readonly y: number;
}

/** What of a bitmap is in sight, cut at its pixels' borders: source rectangle and where it lies in the image. */
function partOf(bitmap: Size, bounds: Bounds, shown: Bounds): Part | null {
  const [kx, ky] = [bitmap.width / (bounds.maxX - bounds.minX), bitmap.height / (bounds.maxY - bounds.minY)];
  const x = Math.max(Math.floor((shown.minX - bounds.minX) * kx) - 1, 0);
  const y = Math.max(Math.floor((shown.minY - bounds.minY) * ky) - 1, 0);
  const right = Math.min(Math.ceil((shown.maxX - bounds.minX) * kx) + 1, bitmap.width);
  const bottom = Math.min(Math.ceil((shown.maxY - bounds.minY) * ky) + 1, bitmap.height);
  if (right <= x || bottom <= y) return null;
  return {
    x,
    y,
    width: right - x,
    height: bottom - y,
    minX: bounds.minX + x / kx,
    minY: bounds.minY + y / ky,
    maxX: bounds.minX + right / kx,
    maxY: bounds.minY + bottom / ky,
  };
}

async function halved(bitmap: Bitmap): Promise<Bitmap> {
  const [width, height] = [Math.ceil(bitmap.width / 2), Math.ceil(bitmap.height / 2)];
  const source = await createImageBitmap(bitmap.source, {
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: "medium",
  });
  return { source, width, height, close: () => source.close() };
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "the browser knows no such image format.";
}
