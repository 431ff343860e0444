/** What every widget carries: takes the real bundle from the kernel once per page and mounts it. */

// Types only: the shim is in every widget's state, so it brings nothing along.
import type { AfmModel, BufferLike, Bundle, Deliver, Inbox } from "../core/model.ts";

interface BundleTrait {
  name: string;
  digest: string;
  /** Id of the hidden model that holds the source. */
  model: string;
}

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
const page = globalThis as { __labelwidgets?: Map<string, Promise<Bundle>> };
page.__labelwidgets ??= new Map();
const bundles = page.__labelwidgets;

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

async function fromManager(model: AfmModel, id: string): Promise<string> {
  const hidden = await model.widget_manager?.get_model(id);
  const source = hidden?.get("source");
  if (typeof source !== "string") throw new Error("this page has no widget manager");
  return source;
}

function fromKernel(model: AfmModel, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const id = `bundle-${Math.random().toString(36).slice(2)}`;
    const heard = (
      reply: { id?: string; kind?: string; reason?: string },
      buffers: readonly BufferLike[] = [],
    ) => {
      if (reply.id !== id) return;
      model.off("msg:custom", heard);
      if (reply.kind === "ack" && buffers[0]) resolve(new TextDecoder().decode(buffers[0]));
      else reject(new Error(reply.reason ?? "the kernel sent no bundle"));
    };
    model.on("msg:custom", heard);
    model.send({ kind: "bundle", id, name });
  });
}

async function load(model: AfmModel, trait: BundleTrait): Promise<Bundle> {
  const source = await soon(fromManager(model, trait.model)).catch(() => soon(fromKernel(model, trait.name)));
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return ((await import(url)) as { default: Bundle }).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function bundleOf(model: AfmModel): Promise<Bundle> {
  const trait = model.get("_bundle") as BundleTrait;
  let bundle = bundles.get(trait.digest);
  if (!bundle) {
    bundle = load(model, trait);
    bundles.set(trait.digest, bundle);
    // A failure is not kept: the next view, or the retry button, tries again.
    bundle.catch(() => bundles.delete(trait.digest));
  }
  return bundle;
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

function render({ model, el, signal }: Props): () => void {
  const ended = new AbortController();
  const both = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  const box = boxOf(model);
  async function start(): Promise<void> {
    el.textContent = "Loading the labeling widget…";
    try {
      const bundle = await bundleOf(model);
      if (both.aborted) return;
      el.textContent = "";
      bundle.mount(model, el, box.open, both);
    } catch (reason) {
      if (!both.aborted) failed(el, reason, start);
    }
  }
  start();
  return () => ended.abort();
}

export default {
  /** Synchronous: a host may make a model deaf for good when this takes long. */
  initialize({ model, signal }: Omit<Props, "el">): void {
    boxOf(model, signal);
  },
  render,
};
