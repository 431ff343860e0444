// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AfmModel, Bundle } from "../../../labelwidgets/js/core/model.ts";

type Heard = (content: unknown, buffers: unknown[]) => void;

/** A bundle that notes what it is given; its top level counts how often it was evaluated. */
const SOURCE = `
  globalThis.evaluated = (globalThis.evaluated ?? 0) + 1;
  export default { mount(model, el, inbox, signal) {
    el.textContent = "mounted";
    const mounted = { el, signal, heard: [] };
    mounted.stop = inbox((content, buffers) => mounted.heard.push([content, buffers.length]));
    globalThis.mounts.push(mounted);
    return () => {};
  } };
`;

interface Mounted {
  el: HTMLElement;
  signal: AbortSignal;
  heard: unknown[];
  stop(): void;
}

const page = globalThis as unknown as {
  mounts: Mounted[];
  evaluated: number;
  __labelwidgets?: Map<string, Promise<Bundle>>;
};
let digest = 0;

beforeEach(() => {
  page.mounts = [];
  page.evaluated = 0;
  digest += 1;
  vi.restoreAllMocks();
  vi.useRealTimers();
  // Node imports no blob: URLs; a data: URL stands in.
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    const text = sources.get(blob as Blob) ?? "";
    return `data:text/javascript,${encodeURIComponent(text)}//${Math.random()}`;
  });
  vi.stubGlobal(
    "Blob",
    class extends Blob {
      constructor(parts: BlobPart[], options?: BlobPropertyBag) {
        super(parts, options);
        sources.set(this, String(parts[0]));
      }
    },
  );
});
const sources = new Map<Blob, string>();

const { default: shim } = await import("../../../labelwidgets/js/widgets/shim.ts");

/** As anywidget does: one model, wrapped anew for initialize and for each view. */
function kernelModel({ manager = true, source = Promise.resolve(SOURCE) } = {}) {
  const listeners = new Set<Heard>();
  const trait = { name: "choice", digest: `digest-${digest}`, model: "id" };
  const sent: { kind: string; id: string; name: string }[] = [];
  const hidden = async () => {
    const text = await source;
    return { get: (name: string) => (name === "source" ? text : undefined) } as unknown as AfmModel;
  };
  const view = (): AfmModel => ({
    get: (name) => (name === "_bundle" ? trait : undefined),
    on: (_, fn) => void listeners.add(fn as unknown as Heard),
    off: (_, fn) => void listeners.delete(fn as unknown as Heard),
    send: (content) => void sent.push(content as never),
    ...(manager && { widget_manager: { get_model: hidden } }),
  });
  const say = (content: unknown, ...buffers: unknown[]) => {
    for (const heard of [...listeners]) heard(content, buffers);
  };
  return { trait, sent, listeners, view, say };
}

function element(): HTMLElement {
  return document.createElement("div");
}

const shown = (el: HTMLElement) => vi.waitFor(() => expect(el.textContent).toBe("mounted"));

describe("the shim", () => {
  it("returns from initialize at once and keeps what comes before the bundle is there", async () => {
    let arrive: (text: string) => void = () => {};
    const late = new Promise<string>((resolve) => {
      arrive = resolve;
    });
    const model = kernelModel({ source: late });
    expect(shim.initialize({ model: model.view() })).toBeUndefined();
    model.say({ kind: "push", n: 1 }, new DataView(new ArrayBuffer(2)));
    const el = element();
    shim.render({ model: model.view(), el });
    expect(el.textContent).toMatch(/Loading/);
    model.say({ kind: "push", n: 2 });
    // Five seconds or five turns: nothing is waited for but the bundle.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(page.mounts).toEqual([]);
    arrive(SOURCE);
    await shown(el);
    model.say({ kind: "push", n: 3 });
    expect(page.mounts[0]?.heard).toEqual([
      [{ kind: "push", n: 1 }, 1],
      [{ kind: "push", n: 2 }, 0],
      [{ kind: "push", n: 3 }, 0],
    ]);
  });

  it("evaluates a bundle once for all widgets and views, and each view hears", async () => {
    const [one, two] = [kernelModel(), kernelModel()];
    for (const model of [one, two]) shim.initialize({ model: model.view() });
    const els = [element(), element(), element()];
    shim.render({ model: one.view(), el: els[0] as HTMLElement });
    shim.render({ model: one.view(), el: els[1] as HTMLElement });
    shim.render({ model: two.view(), el: els[2] as HTMLElement });
    for (const el of els) await shown(el);
    expect(page.evaluated).toBe(1);
    one.say({ kind: "ack" });
    expect(page.mounts.map(({ heard }) => heard.length)).toEqual([1, 1, 0]);
    page.mounts[0]?.stop();
    one.say({ kind: "ack" });
    expect(page.mounts.map(({ heard }) => heard.length)).toEqual([1, 2, 0]);
    // A view that comes later asks the kernel itself: old news are not for it.
    const late = element();
    shim.render({ model: one.view(), el: late });
    await shown(late);
    expect(page.mounts[3]?.heard).toEqual([]);
  });

  it("ends the view by its clean-up and by the host's signal", async () => {
    const model = kernelModel();
    shim.initialize({ model: model.view() });
    const controller = new AbortController();
    const [a, b] = [element(), element()];
    const end = shim.render({ model: model.view(), el: a, signal: controller.signal });
    shim.render({ model: model.view(), el: b, signal: controller.signal });
    await shown(b);
    end();
    expect(page.mounts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    controller.abort();
    expect(page.mounts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it("mounts nothing into a view that is gone before the bundle came", async () => {
    const model = kernelModel();
    const el = element();
    shim.render({ model: model.view(), el })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(page.mounts).toEqual([]);
  });

  it("asks the kernel where the host has no model manager", async () => {
    const model = kernelModel({ manager: false });
    shim.initialize({ model: model.view() });
    const el = element();
    shim.render({ model: model.view(), el });
    await vi.waitFor(() => expect(model.sent).toHaveLength(1));
    const [asked] = model.sent;
    expect(asked).toMatchObject({ kind: "bundle", name: "choice" });
    expect(asked?.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    model.say({ kind: "ack", id: asked?.id }, new TextEncoder().encode(SOURCE));
    await shown(el);
    // Only the inbox goes on listening.
    expect(model.listeners.size).toBe(1);
  });

  it("says that it failed, forgets the failure, and tries again", async () => {
    const model = kernelModel({ manager: false });
    const el = element();
    shim.render({ model: model.view(), el });
    await vi.waitFor(() => expect(model.sent).toHaveLength(1));
    model.say({ kind: "refuse", id: model.sent[0]?.id, reason: "no such <b>bundle</b>" });
    await vi.waitFor(() => expect(el.querySelector("button")).not.toBeNull());
    expect(el.textContent).toMatch(/could not be loaded \(no such <b>bundle<\/b>\)/);
    expect(el.querySelector("b")).toBeNull();
    expect(page.__labelwidgets?.has(model.trait.digest)).toBe(false);
    el.querySelector("button")?.click();
    await vi.waitFor(() => expect(model.sent).toHaveLength(2));
    model.say({ kind: "ack", id: model.sent[1]?.id }, new TextEncoder().encode(SOURCE));
    await shown(el);
  });

  it("stops listening when the host ends the model", () => {
    const model = kernelModel();
    const controller = new AbortController();
    shim.initialize({ model: model.view(), signal: controller.signal });
    expect(model.listeners.size).toBe(1);
    controller.abort();
    expect(model.listeners.size).toBe(0);
  });
});
