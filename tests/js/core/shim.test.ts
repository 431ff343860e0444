// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AfmModel, Part } from "../../../labelwidgets/js/core/model.ts";

type Heard = (content: unknown, buffers: unknown[]) => void;

/** What others share; its top level counts how often it was evaluated. */
const BASE = `
  globalThis.evaluated = (globalThis.evaluated ?? 0) + 1;
  export const words = "mounted";
`;

/** A part that shows what it takes from the base, and notes what it is given. */
const OWN = `
  import { words } from "lw:frame";
  export default { mount(model, el, inbox, signal, later) {
    el.textContent = words;
    const mounted = { el, signal, later, heard: [] };
    mounted.stop = inbox((content, buffers) => mounted.heard.push([content, buffers.length]));
    globalThis.mounts.push(mounted);
  } };
`;

const SEED = `import { words } from "lw:frame"; export const tool = words + " later";`;

interface Mounted {
  el: HTMLElement;
  signal: AbortSignal;
  later(name: string): Promise<unknown>;
  heard: unknown[];
  stop(): void;
}

const page = globalThis as unknown as {
  mounts: Mounted[];
  evaluated: number;
  __labelwidgets?: Map<string, Promise<unknown>>;
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
function kernelModel({ manager = true, own = Promise.resolve(OWN), version = "" } = {}) {
  const listeners = new Set<Heard>();
  const part = (name: string, of = version): Part => ({
    name,
    digest: `${name}${of}-${digest}`,
    model: name,
  });
  // The widget's own part is the same text in both versions of the package.
  const trait = { parts: [part("frame"), part("own", "")], later: [part("more", "")] };
  const sent: { kind: string; id: string; name: string }[] = [];
  const sources = new Map<string, string | Promise<string>>([
    ["frame", BASE.replace("mounted", `mounted${version}`)],
    ["own", own],
    ["more", SEED],
  ]);
  const hidden = async (name: string) => {
    const source = await sources.get(name);
    const style = name === "frame" ? ".lw-root {}" : "";
    return { get: (trait: string) => ({ source, style })[trait as "source"] } as unknown as AfmModel;
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
  const answer = (name: string, text: string, ...more: unknown[]) => {
    const asked = sent.filter((act) => act.name === name).at(-1);
    say({ kind: "ack", id: asked?.id }, new TextEncoder().encode(text), ...more);
  };
  return { trait, sent, sources, listeners, view, say, answer };
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
    const model = kernelModel({ own: late });
    expect(shim.initialize({ model: model.view() })).toBeUndefined();
    model.say({ kind: "push", n: 1 }, new DataView(new ArrayBuffer(2)));
    const el = element();
    shim.render({ model: model.view(), el });
    expect(el.textContent).toMatch(/Loading/);
    model.say({ kind: "push", n: 2 });
    // Five seconds or five turns: nothing is waited for but the bundle.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(page.mounts).toEqual([]);
    arrive(OWN);
    await shown(el);
    model.say({ kind: "push", n: 3 });
    expect(page.mounts[0]?.heard).toEqual([
      [{ kind: "push", n: 1 }, 1],
      [{ kind: "push", n: 2 }, 0],
      [{ kind: "push", n: 3 }, 0],
    ]);
  });

  it("evaluates a part once for all widgets and views, and each view hears", async () => {
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
    await vi.waitFor(() => expect(model.sent).toHaveLength(2));
    expect(model.sent.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      "bundle frame",
      "bundle own",
    ]);
    for (const { id } of model.sent) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    model.answer("own", OWN, new Uint8Array());
    model.answer("frame", BASE, new TextEncoder().encode(".lw-asked {}"));
    await shown(el);
    expect(document.head.textContent).toContain(".lw-asked {}");
    // Only the inbox goes on listening.
    expect(model.listeners.size).toBe(1);
  });

  it("says that it failed, forgets the failure, and tries again", async () => {
    const model = kernelModel({ manager: false });
    const el = element();
    shim.render({ model: model.view(), el });
    await vi.waitFor(() => expect(model.sent).toHaveLength(2));
    model.answer("own", OWN);
    const asked = model.sent.find(({ name }) => name === "frame");
    model.say({ kind: "refuse", id: asked?.id, reason: "no such <b>bundle</b>" });
    await vi.waitFor(() => expect(el.querySelector("button")).not.toBeNull());
    expect(el.textContent).toMatch(/could not be loaded \(no such <b>bundle<\/b>\)/);
    expect(el.querySelector("b")).toBeNull();
    const digests = model.trait.parts.map((part) => part.digest);
    expect(page.__labelwidgets?.has(digests.join())).toBe(false);
    el.querySelector("button")?.click();
    await vi.waitFor(() => expect(model.sent).toHaveLength(4));
    model.answer("frame", BASE);
    model.answer("own", OWN);
    await shown(el);
  });

  it("takes in a style sheet once, however many widgets", async () => {
    const els = [element(), element()];
    for (const el of els) shim.render({ model: kernelModel().view(), el });
    for (const el of els) await shown(el);
    expect(document.querySelectorAll(`style[id$="frame-${digest}"]`)).toHaveLength(1);
  });

  it("never mixes two versions in one page, though a part is the same in both", async () => {
    const els = [element(), element()];
    shim.render({ model: kernelModel().view(), el: els[0] as HTMLElement });
    shim.render({ model: kernelModel({ version: " anew" }).view(), el: els[1] as HTMLElement });
    await vi.waitFor(() => expect(els.map((el) => el.textContent)).toEqual(["mounted", "mounted anew"]));
    expect(page.evaluated).toBe(2);
  });

  it("fetches a later part when it is asked for, once, and again after a failure", async () => {
    const model = kernelModel();
    const el = element();
    shim.render({ model: model.view(), el });
    await shown(el);
    const [mounted] = page.mounts;
    model.sources.set("more", "this is no module");
    await expect(mounted?.later("more")).rejects.toThrow();
    model.sources.set("more", SEED);
    expect(await mounted?.later("more")).toMatchObject({ tool: "mounted later" });
    expect(await mounted?.later("more")).toBe(await mounted?.later("more"));
    expect(page.evaluated).toBe(1);
    await expect(mounted?.later("other")).rejects.toThrow('no part "other"');
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
