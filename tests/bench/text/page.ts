/** The bench page: the real text bundle on a host without a kernel, and nested marks, driven in turn. */

import type { Json, SpanJson, State } from "../../../labelwidgets/js/core/protocol.ts";
import css from "../../../labelwidgets/js/ui/theme/frame.css";
import bundle from "../../../labelwidgets/js/widgets/text.ts";
import { type Fake, fakeModel, label, stateOf, taskOf } from "../canvas/fake_model.ts";
import { type Mark, Plain } from "./plain.ts";

const LABELS = ["PERSON", "PLACE", "ORGANISATION", "DATE", "EVENT", "WORK"];
const WORDS =
  "the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many must before back through years where much your way well down should because each just those people how too little state good very make world still see own work men day get here between both".split(
    " ",
  );

let stop: () => void = () => {};
let plain: Plain | null = null;
let seed = 1;

const random = () => {
  seed = (seed * 1664525 + 1013904223) % 4294967296;
  return seed / 4294967296;
};
const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
const rest = (delay_ms: number) => new Promise((done) => setTimeout(done, delay_ms));
const host = () => document.getElementById("host") as HTMLElement;
const words = () => document.querySelector(".lw-words") as HTMLElement;

const sheet = document.createElement("style");
sheet.textContent = css;
document.head.append(sheet);

/** Prose of about so many characters, in paragraphs as books have them. */
function proseOf(length: number): string {
  seed = 7;
  let text = "";
  while (text.length < length) {
    const sentences = 2 + Math.floor(random() * 6);
    for (let s = 0; s < sentences; s++) {
      const count = 8 + Math.floor(random() * 16);
      const said = Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(" ");
      text += `${said[0]?.toUpperCase()}${said.slice(1)}. `;
    }
    text = `${text.trimEnd()}\n`;
  }
  return text.slice(0, length);
}

/** Spans over one to three words, one in ten around others. */
function marksOf(text: string, count: number): Mark[] {
  seed = 11;
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i / count) * (text.length - 60));
    const end = start + (i % 10 === 0 ? 40 : 4 + Math.floor(random() * 14));
    const name = LABELS[i % LABELS.length] as string;
    return { start, end, label: name, color: label(name, i % LABELS.length).color };
  });
}

function stateOfText(): State {
  const base = { name: "entities", title: "Entities", help: "", required: false };
  const rules = { granularity: "character", nested: true, overlapping: true, discontinuous: true } as const;
  const more = { tokens: null, entries: [], unanswerable: false, palette: [], min_count: 0, max_count: null };
  const field = {
    ...base,
    kind: "spans" as const,
    labels: LABELS.map(label),
    attributes: [],
    ...rules,
    ...more,
  };
  return stateOf(LABELS, { schema: { version: 1, fields: [field] } });
}

const asSpan = (text: string, { start, end, label: name }: Mark, i: number): SpanJson => ({
  id: `s${i}`,
  label: name,
  score: null,
  attributes: {},
  start,
  end,
  text: text.slice(start, end),
  parts: [],
  link: null,
});

/** What the kernel would have sent, ready to be shown. */
function prepare(length: number, count: number): Fake {
  const text = proseOf(length);
  const spans = marksOf(text, count).map((mark, i) => asSpan(text, mark, i));
  const task = taskOf(1, null, { kind: "text" }, { entities: spans as unknown as Json });
  task.push.data = { text };
  return fakeModel(stateOfText(), [task], async () => new Uint8Array());
}

function show({ model, inbox }: Fake): void {
  const ended = new AbortController();
  stop = () => ended.abort();
  bundle.mount(model, host(), inbox, ended.signal, () => import("../../../labelwidgets/js/ui/more.ts"));
}

function mount(length: number, count: number): void {
  unmount();
  show(prepare(length, count));
}

function unmount(): void {
  stop();
  stop = () => {};
  plain = null;
  host().replaceChildren();
}

/** Milliseconds from mounting to the first painted frame. */
async function first(length: number, count: number): Promise<number> {
  const fake = prepare(length, count);
  await rest(500);
  const start = performance.now();
  show(fake);
  while (!document.querySelector(".lw-run")?.textContent) await frame();
  await frame();
  await new Promise((done) => setTimeout(done));
  return performance.now() - start;
}

function key(name: string, more: KeyboardEventInit = {}): void {
  const init = { key: name, code: /^\d$/.test(name) ? `Digit${name}` : "", bubbles: true, cancelable: true };
  words().dispatchEvent(new KeyboardEvent("keydown", { ...init, ...more }));
}

function point(type: string, x: number, y: number, buttons: number): void {
  const at = { clientX: x, clientY: y, bubbles: true, cancelable: true };
  const pointer = { pointerId: 1, pointerType: "mouse", button: type === "pointermove" ? -1 : 0, buttons };
  words().dispatchEvent(new PointerEvent(type, { ...at, ...pointer }));
}

/** Selects a stretch by dragging, which labels it; `times` times. */
async function add(times: number): Promise<void> {
  const { left, top } = words().getBoundingClientRect();
  for (let i = 0; i < times; i++) {
    const [x, y] = [left + 200 + (i % 5) * 60, top + 60 + (i % 7) * 45];
    point("pointerdown", x, y, 1);
    point("pointermove", x + 45, y, 1);
    point("pointerup", x + 45, y, 0);
    await frame();
    await frame();
  }
}

async function scroll(frames: number, step = 60): Promise<void> {
  const element = plain?.scroller ?? words();
  for (let i = 0; i < frames; i++) {
    element.scrollTop += step;
    await frame();
  }
}

async function caret(times: number): Promise<void> {
  words().focus();
  for (let i = 0; i < times; i++) {
    key("ArrowRight", { shiftKey: true });
    await frame();
  }
}

async function idle(frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) await frame();
}

/** To the middle of the text, then milliseconds until it is painted. */
async function jump(): Promise<number> {
  const start = performance.now();
  words().scrollTop = words().scrollHeight / 2;
  await frame();
  await frame();
  return performance.now() - start;
}

async function plainFirst(length: number, count: number): Promise<number> {
  unmount();
  const text = proseOf(length);
  const marks = marksOf(text, count);
  await rest(300);
  const start = performance.now();
  plain = new Plain(host(), text, marks);
  await frame();
  await new Promise((done) => setTimeout(done));
  return performance.now() - start;
}

async function plainAdd(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const start = 100 + i * 20;
    plain?.add({ start, end: start + 8, label: "PERSON", color: "#1f77b4" });
    await frame();
    await frame();
  }
}

const bench = {
  mount,
  unmount,
  first,
  add,
  scroll,
  caret,
  idle,
  rest,
  jump,
  plainFirst,
  plainAdd,
  spans: () => document.querySelectorAll(".lw-word").length,
  nodes: () => document.querySelectorAll("#host *").length,
};

declare global {
  interface Window {
    bench: Record<string, unknown>;
  }
}
window.bench = bench;
