/** What every widget carries: takes its parts from the kernel once per page, links them and mounts the last. */

// Types only: the shim is in every widget's state, so it brings nothing along.
import type { AfmModel, BufferLike, Bundle, Deliver, Inbox, Part, Parts } from "../core/model.ts";

/** A part that is there; `url` is what others import it by, as long as the page lives. */
interface Loaded {
  url: string;
  module: unknown;
}

type Text = string | undefined;

interface Props {
  model: AfmModel;
  el: HTMLElement;
  signal?: AbortSignal;
}

interface Box {
  open: Inbox;
}

/** By the trait's value, which is one object per model: hosts wrap the model itself anew for each view. */
const boxes = new WeakMap<object, Box>();

/** Shared by all widgets of the page, whatever copy of this module they run. */
const page = globalThis as { __labelwidgets?: Map<string, Promise<Loaded>> };
page.__labelwidgets ??= new Map();
const loaded = page.__labelwidgets;

const SLOW_MS = 20_000;

function boxOf(model: AfmModel, signal?: AbortSignal): Box {
  const trait = model.get("_bundle") as object;
  let box = boxes.get(trait);
  if (!box) {
    box = listening(model, signal);
    boxes.set(trait, box);
  }
  return box;
}

/** Keeps what comes until the first view listens; later views ask the kernel themselves. */
function listening(model: AfmModel, signal?: AbortSignal): Box {
  let queue: [unknown, readonly BufferLike[]][] | null = [];
  const views = new Set<Deliver>();
  const heard = (content: unknown, buffers: readonly BufferLike[] = []) => {
    queue?.push([content, buffers]);
    for (const deliver of [...views]) deliver(content, buffers);
  };
  model.on("msg:custom", heard);
  if (signal) signal.onabort = () => model.off("msg:custom", heard);
  return {
    open(deliver) {
      const early = queue ?? [];
      queue = null;
      for (const [content, buffers] of early) deliver(content, buffers);
      views.add(deliver);
      return () => views.delete(deliver);
    },
  };
}

/** Settles like `promise`, or fails when that takes too long. */
function soon<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    AbortSignal.timeout(SLOW_MS).onabort = () => reject(new Error("the kernel has not answered"));
  });
}

async function fromManager(model: AfmModel, { model: id }: Part): Promise<Text[]> {
  const hidden = await model.widget_manager?.get_model(id);
  const source = hidden?.get("source");
  if (typeof source !== "string") throw new Error("this page has no widget manager");
  return [source, hidden?.get("style") as Text];
}

function fromKernel(model: AfmModel, { name }: Part): Promise<Text[]> {
  return new Promise((resolve, reject) => {
    const id = `bundle-${Math.random().toString(36).slice(2)}`;
    const heard = (
      reply: { id?: string; kind?: string; reason?: string },
      buffers: readonly BufferLike[] = [],
    ) => {
      if (reply.id !== id) return;
      model.off("msg:custom", heard);
      if (reply.kind === "ack" && buffers[0])
        resolve(buffers.map((buffer) => new TextDecoder().decode(buffer)));
      else reject(new Error(reply.reason ?? "the kernel sent no bundle"));
    };
    model.on("msg:custom", heard);
    model.send({ kind: "bundle", id, name });
  });
}

/** The last part of a chain, linked to those before it: one imports from another as from `"lw:name"`. */
async function load(model: AfmModel, chain: readonly Part[]): Promise<Loaded> {
  const part = chain.at(-1) as Part;
  const before = chain.slice(0, -1);
  const [[source = "", style], ...bases] = await Promise.all([
    soon(fromManager(model, part)).catch(() => soon(fromKernel(model, part))),
    ...before.map((_, n) => once(model, chain.slice(0, n + 1))),
  ]);
  insertStyle(style, part.digest);
  const linked = before.reduce(
    (text, { name }, n) => text.replaceAll(`"lw:${name}"`, `"${bases[n]?.url}"`),
    source,
  );
  const url = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
  return { url, module: await import(url) };
}

/** By the digests of the whole chain: two versions of the package in one page never mix. */
function once(model: AfmModel, chain: readonly Part[]): Promise<Loaded> {
  const key = chain.map(({ digest }) => digest).join();
  let promise = loaded.get(key);
  if (!promise) {
    promise = load(model, chain);
    loaded.set(key, promise);
    // A failure is not kept: the next view, or the retry button, tries again.
    promise.catch(() => loaded.delete(key));
  }
  return promise;
}

function insertStyle(css: Text, digest: string): void {
  const id = `lw-style-${digest}`;
  if (!css || document.getElementById(id)) return;
  const sheet = document.createElement("style");
  sheet.id = id;
  sheet.textContent = css;
  document.head.append(sheet);
}

function failed(el: HTMLElement, reason: unknown, retry: () => void): void {
  const line = document.createElement("p");
  line.setAttribute("role", "alert");
  line.textContent = `The labeling widget could not be loaded (${reason instanceof Error ? reason.message : reason}). Your answers are safe. Try again, or run the cell again. `;
  const button = document.createElement("button");
  button.textContent = "Try again";
  button.onclick = retry;
  line.append(button);
  el.replaceChildren(line);
}

/** Draws a widget into `el` until `ended`; settles once it stands there, or says why it does not. */
async function draw(model: AfmModel, el: HTMLElement, ended: AbortSignal): Promise<void> {
  const box = boxOf(model);
  const { parts, later } = model.get("_bundle") as Parts;
  async function fetchLater(name: string): Promise<unknown> {
    const part = later.find((each) => each.name === name);
    if (!part) throw new Error(`this widget has no part "${name}"`);
    return (await once(model, [...parts.slice(0, 1), part])).module;
  }
  /** Another widget of this kernel, by the id of its model, inside this one. */
  async function show(id: string, into: HTMLElement, until: AbortSignal): Promise<void> {
    const other = await model.widget_manager?.get_model(id);
    if (other) return draw(other, into, until);
    throw new Error("this page has no widget manager");
  }
  async function start(): Promise<void> {
    el.textContent = "Loading the labeling widget…";
    try {
      const { module } = await once(model, parts);
      if (ended.aborted) return;
      el.textContent = "";
      (module as { default: Bundle }).default.mount(model, el, box.open, ended, fetchLater, show);
    } catch (reason) {
      if (!ended.aborted) failed(el, reason, start);
    }
  }
  await start();
}

function render({ model, el, signal }: Props): () => void {
  const ended = new AbortController();
  draw(model, el, signal ? AbortSignal.any([signal, ended.signal]) : ended.signal);
  return () => ended.abort();
}

export default {
  /** Synchronous: a host may make a model deaf for good when this takes long. */
  initialize({ model, signal }: Omit<Props, "el">): void {
    boxOf(model, signal);
  },
  render,
};
