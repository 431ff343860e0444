/** The image surface: what happens on the desk and under the pointer, brought to the painter. */

import type { DeskTask } from "../core/desk.ts";
import type { Command } from "../core/keymap.ts";
import type { Scope } from "../core/scope.ts";
import { Board, type RegionDesk } from "./board.ts";
import { Camera } from "./camera.ts";
import { bindCommands } from "./commands.ts";
import { Decoder, decodeTask } from "./decode.ts";
import type { Point } from "./geometry.ts";
import { buildLayers, type Layers } from "./layers.ts";
import { Painter } from "./painter.ts";
import { Picture } from "./picture.ts";
import { PointerInput } from "./pointer.ts";
import "./shapes/box.ts";
import type { Gesture } from "./tools/gesture.ts";
import { toScreen } from "./viewport.ts";

const DECODED_BYTES = 256 * 2 ** 20;
const SLOW_MS = 400;

export interface SurfaceHandle {
  /** What keys and buttons can do here. */
  readonly commands: readonly Command[];
  focus(): void;
}

/** Draws the desk's picture and regions into `host` and edits them, until `scope` ends. */
export function imageSurface(host: HTMLElement, desk: RegionDesk, scope: Scope): SurfaceHandle {
  return new ImageSurface(host, desk, scope);
}

class ImageSurface implements SurfaceHandle {
  readonly commands: readonly Command[];
  readonly #desk: RegionDesk;
  readonly #scope: Scope;
  readonly #layers: Layers;
  readonly #camera = new Camera();
  readonly #board: Board;
  readonly #painter: Painter;
  readonly #pointer: PointerInput;
  readonly #decoder: Decoder;
  #task: DeskTask | null = null;
  #taskScope: Scope;
  #schemaVersion: number;
  #guide: Point | null = null;
  #showsGuides = true;

  constructor(host: HTMLElement, desk: RegionDesk, scope: Scope) {
    this.#desk = desk;
    this.#scope = scope;
    this.#taskScope = scope.child();
    this.#schemaVersion = desk.state.value.schema.version;
    this.#layers = buildLayers(host);
    scope.own(() => host.replaceChildren());
    scope.own(() => this.#decoder.dispose());
    this.#decoder = new Decoder(DECODED_BYTES, (task) => decodeTask(task, desk.media));
    this.#board = new Board(desk, this.#camera);
    this.#painter = new Painter(this.#layers, this.#camera, this.#board, scope);
    this.#pointer = this.#startPointer();
    this.commands = this.#bind();
    this.#listen();
    this.#taskChanged();
    this.#resized();
  }

  focus(): void {
    this.#layers.stage.focus({ preventScroll: true });
  }

  #startPointer(): PointerInput {
    const told = {
      gesture: (gesture: Gesture | null) => this.#gestureChanged(gesture),
      hover: (id: string | null) => this.#desk.selection.hover(id),
      guide: (at: Point | null) => this.#guideMoved(at),
    };
    const { stage } = this.#layers;
    return new PointerInput(stage, this.#camera, this.#board, told, this.#desk.keymap.mac, this.#scope);
  }

  #bind(): readonly Command[] {
    return bindCommands({
      desk: this.#desk,
      scope: this.#scope,
      board: this.#board,
      camera: this.#camera,
      pointer: () => this.#pointer.at,
      cancel: () => this.#pointer.cancel(),
      say: (words) => this.#say(words),
      toggle: (what) => this.#toggle(what),
    });
  }

  #listen(): void {
    const [desk, scope, painter] = [this.#desk, this.#scope, this.#painter];
    scope.own(desk.task.subscribe(() => this.#taskChanged()));
    scope.own(desk.queue.subscribe(() => this.#decodeAhead()));
    scope.own(desk.phase.subscribe(() => this.#phaseChanged()));
    scope.own(desk.state.subscribe(({ schema }) => this.#schemaChanged(schema.version)));
    scope.own(desk.answer.values.subscribe(() => this.#regionsChanged()));
    scope.own(desk.suggestion.subscribe(() => this.#regionsChanged()));
    scope.own(desk.selection.ids.subscribe(() => this.#selectionChanged()));
    scope.own(desk.selection.hovered.subscribe(() => painter.touchActive()));
    scope.own(this.#camera.view.subscribe(() => this.#viewChanged()));
    scope.observeResize(this.#layers.stage, () => this.#resized());
    this.#watchRatio();
  }

  /** A window dragged to another screen, or the browser's own zoom. */
  #watchRatio(): void {
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const stop = this.#scope.listen(query, "change", () => {
      stop();
      this.#watchRatio();
      this.#resized();
    });
  }

  #taskChanged(): void {
    const task = this.#desk.task.value;
    const opened = !isSamePicture(task, this.#task);
    this.#task = task;
    if (!opened) return;
    this.#pointer.reset();
    this.#taskScope.dispose();
    this.#taskScope = this.#scope.child();
    this.#showMessage();
    this.#painter.picture = task && this.#startPicture(task, this.#taskScope);
    this.#board.reload();
    this.#painter.touchRegions(null);
    this.#pictureChanged();
    this.#decodeAhead();
    this.#describe();
  }

  #startPicture(task: DeskTask, scope: Scope): Picture {
    const picture = new Picture(task, this.#desk.media, this.#decoder, scope, () => this.#pictureChanged());
    scope.timeout(
      () =>
        picture.state.value.is === "loading" &&
        this.#showMessage(textElement("p", "Loading the picture…", "lw-muted")),
      SLOW_MS,
    );
    return picture;
  }

  /** It is there, it has become sharper, or it can't be shown. */
  #pictureChanged(): void {
    const { picture } = this.#painter;
    if (picture) {
      const state = picture.state.value;
      // What is called broken, the frame shows.
      const isNews = state.is === "broken" && this.#task?.push.media.broken === undefined;
      if (isNews && !this.#desk.fail(state.reason)) this.#showBroken(state.reason);
      else if (state.is !== "loading") this.#showMessage();
      if (!isSameSize(picture.size, this.#camera.image)) this.#camera.open(picture.size);
    }
    this.#board.ready = picture?.state.value.is === "shown";
    this.#viewChanged();
    this.#painter.touchPicture();
  }

  #decodeAhead(): void {
    const coming = this.#desk.queue.value.filter(({ push }) => push.media.kind === "image");
    this.#decoder.prepare(this.#task, coming);
  }

  #phaseChanged(): void {
    this.#pointer.reset();
    this.#viewChanged();
    this.#painter.touchActive();
  }

  #schemaChanged(version: number): void {
    if (version === this.#schemaVersion) return;
    this.#schemaVersion = version;
    this.#board.reload();
    this.#painter.touchRegions(null);
  }

  #regionsChanged(): void {
    this.#painter.touchRegions(this.#board.sync());
    this.#describe();
  }

  #selectionChanged(): void {
    this.#painter.touchActive();
    const [only, ...more] = this.#board.selected;
    if (only && more.length === 0 && !this.#board.pointing) this.#camera.reveal(only);
    this.#pointer.refresh();
  }

  #gestureChanged(gesture: Gesture | null): void {
    this.#painter.showGesture(gesture);
    this.#showLasso(gesture);
  }

  #showLasso(gesture: Gesture | null): void {
    const { lasso } = this.#layers;
    lasso.hidden = gesture?.kind !== "marquee";
    if (gesture?.kind !== "marquee") return;
    const { minX, minY, maxX, maxY } = gesture.bounds;
    const view = this.#camera.view.value;
    const [from, to] = [toScreen(view, { x: minX, y: minY }), toScreen(view, { x: maxX, y: maxY })];
    lasso.style.transform = `translate(${from.x}px, ${from.y}px)`;
    lasso.style.width = `${to.x - from.x}px`;
    lasso.style.height = `${to.y - from.y}px`;
  }

  #guideMoved(at: Point | null): void {
    this.#guide = at;
    const [across, down] = this.#layers.guides;
    across.hidden = down.hidden = at === null || !this.#showsGuides;
    if (!at) return;
    across.style.transform = `translateY(${Math.round(at.y)}px)`;
    down.style.transform = `translateX(${Math.round(at.x)}px)`;
  }

  /** A finger scrolls the page where it can neither draw nor pan. */
  #viewChanged(): void {
    const takesTouch = this.#board.drawable !== null || !this.#camera.isWhole;
    this.#layers.stage.style.touchAction = takesTouch ? "none" : "pan-x pan-y";
  }

  #resized(): void {
    const { clientWidth, clientHeight } = this.#layers.stage;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.#painter.resize(clientWidth, clientHeight, getComputedStyle(this.#layers.stage).fontFamily);
  }

  #toggle(what: "regions" | "guides"): void {
    if (what === "regions") this.#board.visible = !this.#board.visible;
    else this.#showsGuides = !this.#showsGuides;
    this.#painter.touchRegions(null);
    this.#guideMoved(this.#guide);
    const visible = what === "regions" ? this.#board.visible : this.#showsGuides;
    this.#say(`${what === "regions" ? "Regions" : "Guide lines"} ${visible ? "shown" : "hidden"}`);
  }

  #say(words: string): void {
    this.#layers.live.textContent = words;
  }

  #describe(): void {
    const hasRegions = this.#board.fields.length > 0;
    const regions = hasRegions ? `, ${this.#board.size} regions` : "";
    this.#layers.stage.setAttribute("role", hasRegions ? "application" : "img");
    this.#layers.stage.setAttribute(
      "aria-label",
      `Picture ${this.#task?.push.media.name ?? ""}`.trim() + regions,
    );
  }

  #showMessage(...parts: readonly HTMLElement[]): void {
    const { message } = this.#layers;
    message.hidden = parts.length === 0;
    message.replaceChildren(...parts);
  }

  /** Where nobody works on the task, nobody else says that it can't be shown. */
  #showBroken(reason: string): void {
    this.#showMessage(textElement("h2", "This item can't be shown"), textElement("p", reason, "lw-muted"));
  }
}

function textElement(tag: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/** A comment or a flag replaces the task on the desk, not its picture. */
function isSamePicture(a: DeskTask | null, b: DeskTask | null): boolean {
  return a?.push.id === b?.push.id && a?.push.round === b?.push.round && a?.media === b?.media;
}

const isSameSize = (a: { width: number; height: number }, b: { width: number; height: number }): boolean =>
  a.width === b.width && a.height === b.height;
