/** Three layers and one frame loop: a gesture moves what is painted, a rest paints it anew. */

import type { Scope } from "../core/scope.ts";
import type { Board } from "./board.ts";
import type { Camera } from "./camera.ts";
import { type Bounds, grown, intersects, union } from "./geometry.ts";
import type { Layer, Layers } from "./layers.ts";
import {
  type Detail,
  type Drawn,
  detailFor,
  paintHandles,
  paintHovered,
  paintRegions,
  paintSelected,
  paintSuggestions,
} from "./paint.ts";
import type { Picture } from "./picture.ts";
import { FittingTexts, fontOf, Plates, paintMeasure, plateText } from "./plates.ts";
import { draftsOf, type Gesture, keyOfDraft } from "./tools/gesture.ts";
import { toScreen, type View } from "./viewport.ts";

/** After the last move of a gesture until the layers are painted anew. */
const IDLE_MS = 120;
/** With more regions than this a gesture moves their layer instead of painting it in every frame. */
const LIVE = 1000;
const MOST_RATIO = 3;
const MOST_PLATES = 50;
/** What a corner's handle stands out above its region. */
const RAISE_PX = 6;

export class Painter {
  picture: Picture | null = null;
  readonly #layers: Layers;
  readonly #camera: Camera;
  readonly #board: Board;
  readonly #scope: Scope;
  readonly #texts = new FittingTexts();
  #font = fontOf("sans-serif");
  #ratio = 1;
  #coarse = false;
  #gesture: Gesture | null = null;
  #lifted: ReadonlySet<string> = new Set();
  #detail: Detail = detailFor(0);
  #moving = false;
  #stopIdle: () => void = () => {};
  #frameAsked = false;
  /** Parts of the settled layer that are out of date, in image px; null is all of it. */
  #dirty: Bounds[] | null = null;
  #pictureDirty = true;
  #activeDirty = true;

  constructor(layers: Layers, camera: Camera, board: Board, scope: Scope) {
    this.#layers = layers;
    this.#camera = camera;
    this.#board = board;
    this.#scope = scope;
    scope.own(camera.view.subscribe(() => this.#moved()));
  }

  touchPicture(): void {
    this.#pictureDirty = true;
    this.#ask();
  }

  /** Regions have changed within `bounds`; null: all of them. */
  touchRegions(bounds: readonly Bounds[] | null): void {
    if (bounds === null || this.#dirty === null) this.#dirty = null;
    else this.#dirty.push(...bounds);
    this.touchActive();
  }

  /** Selection, hover, or the running gesture have changed. */
  touchActive(): void {
    this.#activeDirty = true;
    this.#ask();
  }

  /** Regions that a gesture changes are lifted from the settled layer to the active one. */
  showGesture(gesture: Gesture | null): void {
    this.#gesture = gesture;
    const now = new Set(draftsOf(gesture).map(keyOfDraft));
    if (now.size !== this.#lifted.size) {
      const changed = this.#board.boundsOf([...this.#lifted, ...now]);
      this.#lifted = now;
      this.touchRegions(changed);
    } else this.touchActive();
  }

  resize(width: number, height: number, font: string): void {
    this.#ratio = Math.min(window.devicePixelRatio || 1, MOST_RATIO);
    this.#font = fontOf(font);
    this.#coarse = window.matchMedia("(pointer: coarse)").matches;
    this.#texts.forget();
    this.#camera.resize({ width, height });
    const { picture, settled, active } = this.#layers;
    for (const layer of [picture, settled, active]) layer.resize({ width, height }, this.#ratio);
    this.#moving = false;
    this.#activeDirty = true;
    // The canvases are empty now: painted at once, they don't flash.
    this.#paint();
  }

  #moved(): void {
    this.#moving = true;
    this.#stopIdle();
    this.#stopIdle = this.#scope.timeout(() => {
      this.#moving = false;
      this.touchActive();
    }, IDLE_MS);
    this.#ask();
  }

  #ask(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#scope.frame(() => this.#paint());
  }

  #paint(): void {
    this.#frameAsked = false;
    if (this.#camera.stage.width === 0) return;
    this.#paintPicture();
    this.#paintSettled();
    this.#paintActive();
  }

  #paintPicture(): void {
    const layer = this.#layers.picture;
    const view = this.#camera.view.value;
    if (layer.isFor(view) && !this.#pictureDirty) return;
    this.#pictureDirty = false;
    this.picture?.paint(layer.begin(view), view, this.#camera.shown, this.#ratio);
    if (!this.picture) layer.begin(view);
  }

  #paintSettled(): void {
    const layer = this.#layers.settled;
    const view = this.#camera.view.value;
    const isThere = layer.isFor(view);
    const many = this.#board.size > LIVE;
    if (many && this.#moving && !isThere) layer.moveTo(view);
    else if (many && isThere && this.#dirty) this.#patch(layer, this.#dirty.splice(0));
    else if (!isThere || this.#dirty?.length !== 0) this.#repaint(layer, view);
  }

  #repaint(layer: Layer, view: View): void {
    this.#dirty = [];
    const drawn = [...this.#board.drawnIn(this.#camera.shown, this.#lifted)];
    this.#detail = detailFor(drawn.length);
    this.#drawSettled(layer.begin(view), drawn, this.#camera.shown);
  }

  /** Paints only around what changed, with the detail of the rest; on whole device pixels, so that no seam is left. */
  #patch({ context, canvas }: Layer, dirty: readonly Bounds[]): void {
    if (dirty.length === 0) return;
    const view = this.#camera.view.value;
    const around = grown(dirty.reduce(union), 6 / view.scale);
    if (!intersects(around, this.#camera.shown)) return;
    const from = toScreen(view, { x: around.minX, y: around.minY });
    const to = toScreen(view, { x: around.maxX, y: around.maxY });
    const low = (screen: number) => Math.max(Math.floor(screen * this.#ratio), 0) / this.#ratio;
    const high = (screen: number, limit: number) =>
      Math.min(Math.ceil(screen * this.#ratio), limit) / this.#ratio;
    const rect = [
      low(from.x),
      low(from.y),
      high(to.x, canvas.width) - low(from.x),
      high(to.y, canvas.height) - low(from.y),
    ] as const;
    context.save();
    context.beginPath();
    context.rect(...rect);
    context.clip();
    context.clearRect(...rect);
    this.#drawSettled(context, [...this.#board.drawnIn(around, this.#lifted)], around);
    context.restore();
  }

  #drawSettled(canvas: CanvasRenderingContext2D, drawn: readonly Drawn[], part: Bounds): void {
    if (!this.#board.visible) return;
    const view = this.#camera.view.value;
    const offered = [...this.#board.offeredIn(part, this.#lifted)];
    paintSuggestions(canvas, offered, view, this.#ratio);
    paintRegions(canvas, drawn, view, this.#ratio, this.#detail);
    if (this.#detail.plates) this.#drawPlates(canvas, drawn, offered);
  }

  #drawPlates(canvas: CanvasRenderingContext2D, drawn: readonly Drawn[], offered: readonly Drawn[]): void {
    const plates = this.#plates(canvas);
    for (const each of bySize(drawn)) plates.add(each, plateText(each, false));
    plates.paint();
    for (const each of bySize(offered)) plates.add(each, plateText(each, true));
    plates.paint(true);
  }

  #plates(canvas: CanvasRenderingContext2D): Plates {
    return new Plates(canvas, this.#texts, this.#camera.view.value, this.#camera.stage, this.#font);
  }

  #paintActive(): void {
    const layer = this.#layers.active;
    const view = this.#camera.view.value;
    if (layer.isFor(view) && !this.#activeDirty) return;
    if (this.#moving && !this.#activeDirty && layer.isScaledFor(view)) layer.moveTo(view);
    else this.#drawActive(layer.begin(view), view);
  }

  #drawActive(canvas: CanvasRenderingContext2D, view: View): void {
    this.#activeDirty = false;
    if (!this.#board.visible) return;
    if (!this.#gesture) this.#drawHovered(canvas);
    const held = draftsOf(this.#gesture);
    const shown = (held.length > 0 ? held : this.#board.selected).map((each) => this.#board.asDrawn(each));
    paintSelected(canvas, shown, view, this.#ratio);
    if (this.#gesture?.kind === "draw") this.#drawNew(canvas, this.#board.sketched(this.#gesture));
    else this.#drawAround(canvas, shown);
  }

  #drawHovered(canvas: CanvasRenderingContext2D): void {
    const { hovered, selected } = this.#board;
    if (!hovered || selected.some(({ key }) => key === hovered.key)) return;
    const drawn = this.#board.asDrawn(hovered);
    paintHovered(canvas, drawn, this.#camera.view.value, this.#ratio);
    this.#drawPlate(canvas, drawn, hovered.suggested);
  }

  #drawPlate(canvas: CanvasRenderingContext2D, drawn: Drawn, suggested: boolean, raise = 0): void {
    const plates = this.#plates(canvas);
    plates.add(drawn, plateText(drawn, suggested), true, raise);
    plates.paint(suggested);
  }

  #drawNew(canvas: CanvasRenderingContext2D, drawn: Drawn): void {
    const view = this.#camera.view.value;
    paintSelected(canvas, [drawn], view, this.#ratio);
    paintMeasure(canvas, drawn, view, this.#camera.stage, this.#font);
  }

  /** Plates, handles and measures of what is selected; of very many only the outlines. */
  #drawAround(canvas: CanvasRenderingContext2D, shown: readonly Drawn[]): void {
    const [only, ...more] = shown;
    if (!only || more.length > MOST_PLATES) return;
    const alone = more.length === 0 && this.#gesture?.kind !== "move";
    const view = this.#camera.view.value;
    if (alone) paintHandles(canvas, this.#board.handlesOf(only), only.look.color, view, this.#coarse);
    for (const each of shown) this.#drawPlate(canvas, each, false, alone ? RAISE_PX : 0);
    if (this.#gesture?.kind === "shape") paintMeasure(canvas, only, view, this.#camera.stage, this.#font);
  }
}

/** Small ones first: their plates have the fewest other places. */
function bySize(drawn: readonly Drawn[]): Drawn[] {
  const size = ({ shape, region }: Drawn) => shape.area(region);
  return [...drawn].sort((a, b) => size(a) - size(b));
}
