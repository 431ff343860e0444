// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Saving } from "../../../labelwidgets/js/core/desk.ts";
import type { FieldJson } from "../../../labelwidgets/js/core/protocol.ts";
import { OF_IMAGES } from "../../../labelwidgets/js/ui/drawn.ts";
import { type FrameOptions, mountFrame } from "../../../labelwidgets/js/ui/frame.tsx";
import { itemSurface } from "../../../labelwidgets/js/ui/item.tsx";
import { boxes, choice, openBench, settled } from "../core/fakes.ts";
import { all, button, click, doing, one, press, type } from "./page.tsx";
import { push, StubDesk, state } from "./stubDesk.ts";

const note: FieldJson = {
  kind: "text",
  name: "note",
  title: "Note",
  help: "",
  required: true,
  multiline: true,
  max_length: 99,
  begin: null,
};

function mount(desk: StubDesk, options: FrameOptions = {}) {
  const el = document.createElement("div");
  document.body.replaceChildren(el);
  doing(() => mountFrame(el, desk, itemSurface, options));
  return { el, root: one(el, ".lw-root") };
}

async function work(fields: FieldJson[], options: Parameters<typeof openBench>[1] = {}) {
  const bench = await openBench(fields, options);
  const el = document.createElement("div");
  document.body.replaceChildren(el);
  doing(() => mountFrame(el, bench.desk, itemSurface, { drawn: OF_IMAGES }));
  return { ...bench, el, root: one(el, ".lw-root") };
}

afterEach(() => {
  delete document.body.dataset.voila;
});

describe("answering", () => {
  it("one question: its key answers and shows the next item", async () => {
    const { root, kernel, el } = await work([choice()]);
    expect(el.textContent).toContain("item-1");
    expect(press(root, "2").defaultPrevented).toBe(true);
    expect(el.textContent).toContain("item-2");
    await settled();
    expect(kernel.stored("animal")).toEqual([[1, "dog"]]);
  });

  it("its options stand in the bar, and are not asked twice", async () => {
    const { el } = await work([choice()]);
    expect(all(el, ".lw-bar [role=radio]").length).toBe(3);
    expect(el.querySelector(".lw-side .lw-field [role=radio]")).toBeNull();
  });

  it("several questions: Enter submits, and what is missing is said at the field, with a way there", async () => {
    const { el, root, kernel } = await work([choice(), note]);
    press(root, "1");
    press(root, "Enter");
    expect(one(el, ".lw-problems").textContent).toContain('"Note" needs an answer.');
    const area = one<HTMLTextAreaElement>(el, ".lw-field textarea");
    expect(area.getAttribute("aria-invalid")).toBe("true");
    click(button(el, "Fix it"), { detail: 1 });
    expect(document.activeElement).toBe(area);
    type(area, "two\nlines");
    expect(press(area, "Enter").defaultPrevented).toBe(false);
    press(area, "Enter", { ctrlKey: true });
    await settled();
    expect(kernel.ofKind("submit").map(({ values }) => values)).toEqual([
      { animal: "cat", note: "two\nlines" },
    ]);
    // The next item is empty, and the person goes on writing where he was.
    expect(area.value).toBe("");
    expect(document.activeElement).toBe(area);
  });

  it("an answer that is opened again says so, and its act is to save the change", async () => {
    const { el, root } = await work([choice(), { ...note, required: false }]);
    const act = () => one(el, ".lw-foot .lw-first");
    const name = () => `${act().getAttribute("aria-label") ?? ""} ${act().textContent}`;
    expect(name()).toContain("Submit");
    press(root, "1");
    press(root, "Enter");
    expect(name()).toContain("Submit");
    expect(el.querySelector(".lw-again")).toBeNull();
    click(button(el, "Back"));
    expect(name()).toContain("Save the change");
    expect(name()).not.toContain("Submit");
    expect(one(el, ".lw-status").textContent).toContain("Answered before");
    press(root, "2");
    press(root, "Enter");
    expect(name()).toContain("Submit");
    expect(el.querySelector(".lw-again")).toBeNull();
  });

  it("Enter on an option submits, Space is the option's", async () => {
    const { el, root, kernel } = await work([choice(), { ...note, required: false }]);
    press(root, "1");
    const option = one(el, ".lw-field [role=radio]");
    expect(press(option, " ").defaultPrevented).toBe(false);
    expect(press(option, "Enter").defaultPrevented).toBe(true);
    await settled();
    expect(kernel.ofKind("submit").length).toBe(1);
  });

  it("after a click on a button the focus is on the widget, so that Enter submits", async () => {
    const { el, root } = await work([boxes()]);
    const label = one(el, ".lw-bar .lw-label");
    label.focus();
    click(label, { detail: 1 });
    expect(document.activeElement).toBe(root);
  });

  it("a label of regions is chosen by its button and by its key", async () => {
    const { el, root, desk } = await work([boxes()]);
    click(button(el, "person"));
    expect(desk.selection.label("objects")).toBe("person");
    press(root, "3");
    expect(one(el, ".lw-label.lw-on").textContent).toContain("car");
  });

  it("keys that are not ours pass", async () => {
    const { root } = await work([choice()]);
    const heard = vi.fn();
    document.body.addEventListener("keydown", heard);
    press(root, "s", { ctrlKey: true });
    press(root, "Tab");
    press(root, "1");
    expect(heard.mock.calls.map(([event]) => (event as KeyboardEvent).key)).toEqual(["s", "Tab"]);
    document.body.removeEventListener("keydown", heard);
  });
});

describe("skipping", () => {
  it("asks for a reason where there are some", async () => {
    const { el, root, kernel } = await work([choice()], { state: { options: state([]).options } });
    press(root, "S", { shiftKey: true });
    click(button(el, "Nothing to see"));
    await settled();
    expect(kernel.ofKind("skip").map(({ reason }) => reason)).toEqual(["Nothing to see"]);
    expect(el.querySelector(".lw-pop")).toBeNull();
  });

  it("takes one's own words, and letters typed there are no labels", async () => {
    const { el, root, kernel } = await work([choice()], { state: { options: state([]).options } });
    press(root, "S", { shiftKey: true });
    const input = one<HTMLInputElement>(el, ".lw-pop input");
    press(input, "b");
    type(input, "two animals");
    doing(() => one<HTMLFormElement>(el, ".lw-pop form").requestSubmit());
    await settled();
    expect(kernel.ofKind("submit")).toEqual([]);
    expect(kernel.ofKind("skip").map(({ reason }) => reason)).toEqual(["two animals"]);
  });

  it("closes on Escape and gives the focus back", async () => {
    const { el, root } = await work([choice()], { state: { options: state([]).options } });
    press(root, "S", { shiftKey: true });
    press(one(el, ".lw-pop button"), "Escape");
    expect(el.querySelector(".lw-pop")).toBeNull();
    expect(document.activeElement).toBe(button(el, "Skip"));
  });

  it("is at once without reasons", async () => {
    const { el, kernel } = await work([choice()]);
    click(button(el, "Skip"));
    await settled();
    expect(kernel.ofKind("skip").length).toBe(1);
  });
});

describe("what is the matter", () => {
  const told = (saving: Partial<Saving>, more: (desk: StubDesk) => void = () => {}) => {
    const desk = new StubDesk(state([choice()]));
    desk.saving.set({ state: "saved", pending: 0, since: null, reason: "", ...saving });
    more(desk);
    return { desk, ...mount(desk) };
  };

  it("nothing: no notice", () => expect(told({}).el.querySelector(".lw-notice")).toBeNull());

  it("the kernel is away: what to do depends on the page", () => {
    const saving = { state: "offline", pending: 3, since: new Date(2024, 0, 1, 12, 3) } as const;
    const lab = told(saving).el;
    expect(one(lab, ".lw-status").textContent).toContain("Not saved since 12:03");
    expect(one(lab, ".lw-notice").textContent).toMatch(
      /3 answers not saved.*kept in this browser.*run the cell again/,
    );
    document.body.dataset.voila = "voila";
    expect(one(told(saving).el, ".lw-notice").textContent).toMatch(/reload the page/);
  });

  it("does not offer to reload what a reload would lose", () => {
    document.body.dataset.voila = "voila";
    const { el } = told({ state: "offline", pending: 1 }, (desk) => desk.kept.set("memory"));
    expect(() => button(el, "Reload")).toThrow();
    expect(one(el, ".lw-notice").textContent).toContain("only while this tab is open");
  });

  it("storage is blocked", () => {
    const { el } = told({}, (desk) => desk.kept.set("memory"));
    expect(one(el, ".lw-notice").textContent).toContain("kept only while this tab is open");
  });

  it("an answer was refused: fix it, or discard it on a second click", () => {
    const refusal = {
      id: "x",
      kind: "submit",
      task: 4,
      code: "label",
      reason: "no such label",
      field: null,
      values: {},
    } as const;
    const { el, desk } = told({}, (each) => each.refused.set([refusal]));
    expect(one(el, ".lw-notice").textContent).toContain("An answer was not accepted: no such label");
    click(button(el, "Fix it"));
    click(button(el, "Discard"));
    expect(desk.done).toEqual([["reopen", "x"]]);
    click(button(el, "Discard for good"));
    expect(desk.done.at(-1)).toEqual(["discard", "x"]);
  });

  it("the store is read-only: nothing can be changed", () => {
    const desk = new StubDesk(state([choice(), note], { read_only: "the file is damaged" }));
    desk.phase.set("viewing");
    const { el } = mount(desk);
    expect(el.textContent).toContain("Read-only: the file is damaged");
    expect(one<HTMLFieldSetElement>(el, ".lw-side").disabled).toBe(true);
    expect(el.querySelector(".lw-first")).toBeNull();
  });
});

describe("states", () => {
  const at = (change: (desk: StubDesk) => void) => {
    const desk = new StubDesk(state([choice()]), null);
    change(desk);
    return { desk, ...mount(desk) };
  };

  it("loading", () => expect(at((desk) => desk.phase.set("loading")).el.textContent).toContain("Loading"));

  it("finished, with a way back", () => {
    const { el, desk } = at((each) => each.phase.set("finished"));
    expect(el.textContent).toContain("Nothing left for you");
    click(button(el, "Look at the last answer again"));
    expect(desk.done).toEqual([["back"]]);
  });

  it.each([
    ["ended", "Your access has ended"],
    ["rights", "You may not label here"],
    ["failed", "Labeling could not begin"],
  ])("who may not go on is told what happened: %s", (code, heading) => {
    const { el } = at((desk) => {
      desk.phase.set("broken");
      desk.barred.set(code);
      desk.trouble.set("ask Mia");
    });
    expect(one(el, ".lw-state h2").textContent).toBe(heading);
    expect(one(el, ".lw-state").textContent).toContain("ask Mia");
  });

  it("where nothing is taken any more, that stands in the item's place, once", () => {
    const { el } = at((desk) => {
      desk.phase.set("viewing");
      desk.state.update((now) => ({ ...now, read_only: "it is damaged: record 7" }));
    });
    expect(one(el, ".lw-state h2").textContent).toBe("Nothing can be labeled now");
    expect(el.textContent?.split("it is damaged: record 7").length).toBe(2);
  });

  it.each(["it is damaged: record 7", "nothing can be saved right now; tell whoever invited you."])(
    "whom to tell stands there once: %s",
    (read_only) => {
      document.body.dataset.voila = "voila";
      const { el } = at((desk) => {
        desk.phase.set("viewing");
        desk.state.update((now) => ({ ...now, read_only }));
      });
      expect(one(el, ".lw-state").textContent?.split("tell whoever invited you").length).toBe(2);
    },
  );

  it("the next item is seen from its top", () => {
    const desk = new StubDesk(state([choice()]));
    const { el } = mount(desk);
    const body = one(el, ".lw-body");
    body.scrollTop = 300;
    doing(() => desk.task.set({ push: push(1, { flagged: true }), media: null, again: false }));
    expect(body.scrollTop).toBe(300);
    doing(() => desk.task.set({ push: push(2), media: null, again: false }));
    expect(body.scrollTop).toBe(0);
  });

  it("a broken item is named and can only be skipped", () => {
    const broken = push(1, { media: { kind: "image", name: "a.jpg", broken: "the file is empty" } });
    const { el, desk } = at((each) => each.task.set({ push: broken, media: null, again: false }));
    expect(one(el, ".lw-state").textContent).toContain("a.jpg: the file is empty");
    expect(one(el, ".lw-first").getAttribute("aria-disabled")).toBe("true");
    click(button(el, "Skip it"));
    expect(desk.done).toEqual([["skip", "broken: the file is empty"]]);
  });
});

describe("help, instructions, notes", () => {
  const instructions = {
    html: "<p>Read <b>me</b></p>",
    minutes: 25,
    warning: "This takes 25 minutes to read.",
    version: 1,
    examples: [],
  };

  it("help prints the keymap: labels, and the commands that something carries out", () => {
    const { el, root } = mount(new StubDesk(state([choice()])));
    press(root, "?", { shiftKey: true });
    const text = one(el, "dialog").textContent ?? "";
    expect(text).toContain("dog");
    expect(text).toContain("Submit and go on");
    expect(text).not.toContain("Nudge");
    press(one(el, "dialog button"), "?", { shiftKey: true });
    expect(el.querySelector("dialog")).toBeNull();
  });

  it("instructions open by their key, warn, and close on Escape", () => {
    const { el, root } = mount(new StubDesk(state([choice()], { instructions })));
    expect(el.querySelector(".lw-drawer")).toBeNull();
    root.focus();
    press(root, "I", { shiftKey: true });
    const drawer = one(el, ".lw-drawer");
    expect(drawer.textContent).toMatch(/25 min to read.*takes 25 minutes.*Read me/);
    expect(drawer.contains(document.activeElement)).toBe(true);
    press(one(el, ".lw-text"), "Escape");
    expect(el.querySelector(".lw-drawer")).toBeNull();
    expect(document.activeElement).toBe(root);
  });

  it("they are open for who has not labeled here, without taking the focus", () => {
    document.body.tabIndex = 0;
    const progress = { ...state([]).progress, mine: 0 };
    const { el } = mount(new StubDesk(state([choice()], { instructions, progress })));
    expect(el.querySelector(".lw-drawer")).not.toBeNull();
    expect(el.contains(document.activeElement)).toBe(false);
  });

  it("and again when they have changed", () => {
    const desk = new StubDesk(state([choice()], { instructions }));
    const { el } = mount(desk);
    doing(() => desk.state.update((now) => ({ ...now, instructions: { ...instructions, version: 2 } })));
    expect(el.querySelector(".lw-drawer")).not.toBeNull();
  });

  it("examples are drawn by the widget", () => {
    const examples = [{ caption: "Two cats", task: push(-1, { data: { text: "purr" } }) }];
    const { el, root } = mount(
      new StubDesk(state([choice()], { instructions: { ...instructions, examples } })),
    );
    press(root, "I", { shiftKey: true });
    expect(one(el, ".lw-example").textContent).toBe("purrTwo cats");
  });

  it("a comment is sent by Enter, and belongs to the selected region if there is one", () => {
    const desk = new StubDesk(state([choice()]));
    const { el } = mount(desk);
    const area = one<HTMLTextAreaElement>(el, ".lw-new textarea");
    type(area, "what is this?");
    expect(press(area, "Enter", { isComposing: true }).defaultPrevented).toBe(false);
    press(area, "Enter");
    doing(() => desk.selection.select(["r"]));
    type(area, "and this?");
    click(button(el, "Send"));
    expect(desk.done).toEqual([
      ["comment", "what is this?", null],
      ["comment", "and this?", "r"],
    ]);
    expect(area.value).toBe("");
  });
});

describe("data is text", () => {
  const evil = `"><img src=x onerror="window.ran=1"><script>window.ran=1</script>`;

  it("in every place that shows some", () => {
    const field = choice({ title: evil, help: evil });
    field.options[0] = {
      id: "cat",
      name: "cat",
      title: evil,
      color: `#fff;}${evil}`,
      hotkey: "1",
      description: evil,
      aliases: [],
      parent: null,
    };
    const given = state([field, note], { title: evil, user: { id: evil, name: evil }, read_only: evil });
    given.options = { ...given.options, columns: [evil], skip_reasons: [evil] };
    const task = push(1, {
      data: { [evil]: evil, text: evil },
      media: { kind: "text", name: evil },
      comments: [{ id: "c", author: evil, text: evil, at: evil, region: evil }],
    });
    const desk = new StubDesk(given, task);
    desk.suggestion.set({ model: evil, version: evil, score: 0.5, values: { animal: "cat", note: evil } });
    desk.problems.set([{ field: "note", reason: evil }]);
    const { el, root } = mount(desk);
    press(root, "S", { shiftKey: true });
    press(root, "?", { shiftKey: true });
    expect(el.querySelector("img, script")).toBeNull();
    expect(el.textContent?.split(evil).length).toBeGreaterThan(12);
    for (const styled of all(el, "[style]")) expect(styled.getAttribute("style")).not.toContain("img");
    expect((globalThis as { ran?: number }).ran).toBeUndefined();
  });
});

describe("coming and going", () => {
  it("leaves nothing behind", () => {
    const desk = new StubDesk(state([choice()]));
    const { el } = mount(desk);
    doing(() => desk.scope.dispose());
    expect(el.innerHTML).toBe("");
    expect(desk.keymap.bound.value.has("help")).toBe(false);
  });
});
