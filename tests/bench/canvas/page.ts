/** The bench page: the real image bundle on a host without a kernel, and the naive canvas, driven in turn. */

import { Picking } from "../../../labelwidgets/js/canvas/picking.ts";
import { shapeOf } from "../../../labelwidgets/js/canvas/shapes/registry.ts";
import type { BoxJson } from "../../../labelwidgets/js/core/protocol.ts";
import css from "../../../labelwidgets/js/ui/theme/frame.css";
import bundle from "../../../labelwidgets/js/widgets/image.ts";
import { type Fake, fakeModel, label, stateOf, taskOf } from "./fake_model.ts";
import { Naive } from "./naive.ts";

const LABELS = ["car", "person", "bicycle", "truck", "sign", "dog", "tree", "lamp"];
const TILE = 512;

let stop: () => void = () => {};
let naive: Naive | null = null;
let drawn = 0;
let decoded = 0;
let tiles = 0;

const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
const rest = (delay_ms: number) => new Promise((done) => setTimeout(done, delay_ms));
const host = () => document.getElementById("host") as HTMLElement;
const stage = () => document.querySelector(".lw-stage [role=application]") as HTMLElement;

const sheet = document.createElement("style");
sheet.textContent = css;
document.head.append(sheet);

/** When a picture is first painted. */
const drawImage = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
  if (drawn === 0) drawn = performance.now();
  return (drawImage as (...all: unknown[]) => void).apply(this, args);
} as typeof drawImage;

/** When a picture was last decoded. */
const decode = globalThis.createImageBitmap;
globalThis.createImageBitmap = async (...args: unknown[]) => {
  const bitmap = await (decode as (...all: unknown[]) => Promise<ImageBitmap>)(...args);
  // Halvings of a picture are no decoding.
  if (args[0] instanceof Blob) decoded = performance.now();
  return bitmap;
};

const pictures = new Map<string, Uint8Array>();

function boxesOf(count: number, width: number, height: number): BoxJson[] {
  let seed = 1;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) % 4294967296;
    return seed / 4294967296;
  };
  return Array.from({ length: count }, (_, i) => {
    const [w, h] = [20 + random() * 80, 20 + random() * 80];
    const [x, y] = [random() * (width - w), random() * (height - h)];
    const name = LABELS[i % LABELS.length] as string;
    return { id: `b${i}`, label: name, score: null, attributes: {}, x, y, width: w, height: h, angle: 0 };
  });
}

/** A box in the middle that no other overlaps: the one to drag. */
function withOneApart(boxes: readonly BoxJson[], width: number, height: number): BoxJson[] {
  const [x, y, side] = [width / 2, height / 2, 300];
  const apart = boxes.filter((box) => Math.abs(box.x - x - 100) > side || Math.abs(box.y - y - 100) > side);
  return [...apart, { ...(boxes[0] as BoxJson), id: "dragged", x, y, width: side, height: side }];
}

async function tileBytes(): Promise<Uint8Array> {
  tiles += 1;
  return pictures.get("tile") as Uint8Array;
}

/** What the kernel would have sent, ready to be shown. */
function prepare(picture: string, width: number, height: number, count: number, levels: number): Fake {
  const bytes = pictures.get(picture) as Uint8Array;
  const tiled = levels > 0 ? { tiled: { tile: TILE, levels } } : {};
  const media = { kind: "image" as const, type: "image/jpeg", width, height, name: "bench.jpg", ...tiled };
  const boxes = count > 0 ? withOneApart(boxesOf(count, width, height), width, height) : [];
  return fakeModel(stateOf(LABELS), [taskOf(1, bytes, media, { objects: boxes })], tileBytes);
}

function show({ model, inbox }: Fake): void {
  const ended = new AbortController();
  stop = () => ended.abort();
  drawn = 0;
  tiles = 0;
  bundle.mount(model, host(), inbox, ended.signal, () => import("../../../labelwidgets/js/ui/more.ts"));
}

const mount = (...what: Parameters<typeof prepare>): void => show(prepare(...what));

function unmount(): void {
  stop();
  stop = () => {};
  naive = null;
  host().replaceChildren();
}

function point(type: string, x: number, y: number, buttons: number): void {
  const { left, top } = stage().getBoundingClientRect();
  const at = { clientX: left + x, clientY: top + y, bubbles: true, cancelable: true };
  const pointer = { pointerId: 1, pointerType: "mouse", button: type === "pointermove" ? -1 : 0, buttons };
  stage().dispatchEvent(new PointerEvent(type, { ...at, ...pointer }));
}

function key(type: string, name: string): void {
  stage().dispatchEvent(
    new KeyboardEvent(type, {
      key: name,
      code: name === " " ? "Space" : "",
      bubbles: true,
      cancelable: true,
    }),
  );
}

function wheel(x: number, y: number, deltaY: number): void {
  const { left, top } = stage().getBoundingClientRect();
  const init = {
    clientX: left + x,
    clientY: top + y,
    deltaY,
    ctrlKey: true,
    bubbles: true,
    cancelable: true,
  };
  stage().dispatchEvent(new WheelEvent("wheel", init));
}

const middle = () => ({ x: stage().clientWidth / 2, y: stage().clientHeight / 2 });

/** Selects and takes hold of the large box in the middle; `frames` moves, one a frame. */
async function drag(frames: number): Promise<void> {
  const { x, y } = middle();
  const [left, top] = [x + 20, y + 20];
  point("pointerdown", left, top, 1);
  for (let i = 0; i < frames; i++) {
    point("pointermove", left + 60 * Math.sin(i / 8), top + 60 * Math.cos(i / 8), 1);
    await frame();
  }
  point("pointerup", left, top, 0);
}

async function select(): Promise<void> {
  const { x, y } = middle();
  point("pointerdown", x + 20, y + 20, 1);
  point("pointerup", x + 20, y + 20, 0);
  point("pointermove", x + 21, y + 21, 0);
  await frame();
  if (stage().style.cursor !== "move") throw new Error("the box to drag could not be selected");
}

async function pan(frames: number): Promise<void> {
  const { x, y } = middle();
  stage().focus();
  key("keydown", " ");
  point("pointerdown", x, y, 1);
  for (let i = 0; i < frames; i++) {
    point("pointermove", x + 80 * Math.sin(i / 8), y + 60 * Math.sin(i / 5), 1);
    await frame();
  }
  point("pointerup", x, y, 0);
  key("keyup", " ");
}

async function zoom(frames: number): Promise<void> {
  const { x, y } = middle();
  for (let i = 0; i < frames; i++) {
    wheel(x + 40, y + 30, i % 40 < 20 ? -12 : 12);
    await frame();
  }
}

/** One step of zoom and the painting that follows it, `times` times. */
async function redraw(times: number): Promise<void> {
  const { x, y } = middle();
  for (let i = 0; i < times; i++) {
    wheel(x, y, i % 2 ? 3 : -3);
    await rest(200);
  }
}

async function idle(frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) await frame();
}

/** Milliseconds from mounting, and from the end of decoding, to the first painted frame. */
async function first(picture: string, width: number, height: number, count: number, levels: number) {
  const fake = prepare(picture, width, height, count, levels);
  await rest(500);
  const start = performance.now();
  show(fake);
  while (drawn === 0) await frame();
  await frame();
  const end = performance.now();
  return { whole: end - start, painted: end - decoded };
}

async function naiveStart(picture: string, count: number): Promise<{ whole: number; painted: number }> {
  const start = performance.now();
  const bytes = pictures.get(picture) as Uint8Array;
  const image = await createImageBitmap(new Blob([bytes as BlobPart]));
  const box = document.createElement("div");
  box.style.cssText = "width:958px;height:560px";
  host().append(box);
  const boxes = boxesOf(count, image.width, image.height);
  naive = new Naive(
    box,
    image,
    boxes.map((each, i) => ({ ...each, color: label("", i).color })),
  );
  naive.paint();
  await frame();
  await frame();
  const end = performance.now();
  return { whole: end - start, painted: end - decoded };
}

async function naiveRun(what: "drag" | "pan" | "zoom", frames: number): Promise<void> {
  if (!naive) throw new Error("the naive canvas is not there");
  const start = { ...naive.view };
  for (let i = 0; i < frames; i++) {
    const one = naive.boxes[0];
    if (what === "drag" && one) one.x += Math.sin(i / 8);
    if (what === "pan") naive.view = { ...start, x: 80 * Math.sin(i / 8), y: 60 * Math.sin(i / 5) };
    if (what === "zoom") naive.view = { ...start, scale: start.scale * (1 + (i % 40) / 40) };
    naive.paint();
    await frame();
  }
}

/** Microseconds of one hit test: ours, and by looking at each region. */
function hits(count: number, tests: number): { ours: number; baseline: number } {
  const shape = shapeOf("boxes");
  if (!shape) throw new Error("boxes are not registered");
  const boxes = boxesOf(count, 4000, 3000);
  const picking = new Picking();
  picking.sync("objects", shape, boxes);
  const timed = (fn: (x: number, y: number) => unknown, times: number) => {
    const start = performance.now();
    for (let i = 0; i < times; i++) fn((i * 37) % 4000, (i * 53) % 3000);
    return ((performance.now() - start) * 1000) / times;
  };
  const each = (x: number, y: number) =>
    boxes.filter((box) => shape.hit(box, { x, y }, 4)).sort((a, b) => shape.area(a) - shape.area(b));
  timed((x, y) => picking.at({ x, y }, 4), tests);
  return { ours: timed((x, y) => picking.at({ x, y }, 4), tests), baseline: timed(each, tests / 20) };
}

const bench = {
  picture(name: string, base64: string) {
    pictures.set(
      name,
      Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
    );
  },
  mount,
  unmount,
  select,
  drag,
  pan,
  zoom,
  redraw,
  idle,
  rest,
  first,
  naiveStart,
  naiveRun,
  hits,
  tiles: () => tiles,
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
