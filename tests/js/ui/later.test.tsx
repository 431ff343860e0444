// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { More } from "../../../labelwidgets/js/ui/later.tsx";
import { choice } from "../core/fakes.ts";
import { StubDesk, state } from "./stubDesk.ts";

beforeEach(() => {
  // As in a page that has just been loaded.
  vi.resetModules();
  document.body.replaceChildren();
});

/** A frame whose later part comes when it is told to. */
async function frame() {
  const { render } = await import("preact");
  const { Frame } = await import("../../../labelwidgets/js/ui/frame.tsx");
  const { itemSurface } = await import("../../../labelwidgets/js/ui/item.tsx");
  const { fetchMore, laterFrom } = await import("../../../labelwidgets/js/ui/later.tsx");
  const asked: { arrive: (more: More) => void; fail: (reason: Error) => void }[] = [];
  laterFrom(() => new Promise((arrive, fail) => asked.push({ arrive: arrive as never, fail })));
  const desk = new StubDesk(state([choice()]));
  const el = document.createElement("div");
  document.body.append(el);
  await act(async () => render(<Frame desk={desk} surface={itemSurface} id="f" />, el));
  const more = await import("../../../labelwidgets/js/ui/more.ts");
  return { el, desk, asked, more, fetchMore };
}

describe("a tool of the later part", () => {
  it("is asked for once where it is shown, and labeling does not wait for it", async () => {
    const { el, desk, asked, more } = await frame();
    expect(asked).toHaveLength(1);
    expect(el.querySelector("[role=status].lw-later")?.textContent).toBe("Loading…");
    expect(el.querySelector(".lw-new")).toBeNull();
    el.querySelector<HTMLElement>(".lw-bar [role=radio]")?.click();
    expect(desk.answer.value("animal")).toBe("cat");
    await act(async () => asked[0]?.arrive(more));
    expect(el.querySelector(".lw-new textarea")).not.toBeNull();
    expect(el.querySelector(".lw-later")).toBeNull();
  });

  it("says why it can't be had, and tries again", async () => {
    const { el, asked, more } = await frame();
    await act(async () => asked[0]?.fail(new Error("the kernel has not answered")));
    const button = el.querySelector<HTMLElement>(".lw-later button");
    expect(button?.textContent).toContain("the kernel has not answered");
    await act(async () => button?.click());
    expect(asked).toHaveLength(2);
    expect(el.querySelector(".lw-later")?.textContent).toBe("Loading…");
    await act(async () => asked[1]?.arrive(more));
    expect(el.querySelector(".lw-new textarea")).not.toBeNull();
  });

  it("lets one skip before it is there, and then asks why", async () => {
    const { el, desk, asked, more } = await frame();
    const skip = () => [...el.querySelectorAll("button")].find((each) => each.textContent?.includes("Skip"));
    await act(() => skip()?.click());
    expect(el.querySelector(".lw-pop")).toBeNull();
    await act(async () => asked[0]?.arrive(more));
    expect(el.querySelector(".lw-pop")?.contains(document.activeElement)).toBe(true);
    const options = { ...desk.state.value.options, skip_reasons: [] };
    await act(() => desk.state.update((now) => ({ ...now, options })));
    await act(() => skip()?.click());
    expect(desk.done).toEqual([["skip", ""]]);
  });

  it("is not asked for again once it is there", async () => {
    const { asked, more, fetchMore } = await frame();
    await act(async () => asked[0]?.arrive(more));
    await fetchMore();
    expect(asked).toHaveLength(1);
  });
});
