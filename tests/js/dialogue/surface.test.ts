// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FieldJson, RegionJson, SpansJson, TurnsJson } from "../../../labelwidgets/js/core/protocol.ts";
import { bitsOf } from "../../../labelwidgets/js/dialogue/bits.ts";
import { dialogueSurface, type SurfaceHandle } from "../../../labelwidgets/js/dialogue/surface.ts";
import { initials, sideOf } from "../../../labelwidgets/js/dialogue/talk.ts";
import type { Placed } from "../../../labelwidgets/js/text/spans.ts";
import { label, push, StubDesk, state } from "../ui/stubDesk.ts";

const SAID = ["Hi 👋 there", "What do you want?", "A <b>parcel</b> to Zürich"];

function talk(id = 1, said: readonly string[] = SAID) {
  let at = 0;
  const turns = said.map((text, i) => {
    const start = at;
    at += [...text].length + 1;
    return { speaker: ["ann", "bot"][i % 2] as string, start, end: at - 1 };
  });
  return push(id, { media: { kind: "dialogue", text: said.join("\n"), turns } });
}

const turns = (part: Partial<TurnsJson> = {}): TurnsJson => ({
  name: "acts",
  title: "Acts",
  help: "",
  required: true,
  kind: "turns",
  labels: [label("asks", "#aa0000", "1"), label("tells", "#00aa00", "2")],
  attributes: [],
  multiple: false,
  speakers: [],
  every: false,
  min_count: 0,
  max_count: null,
  ...part,
});
const spans = (part: Partial<SpansJson> = {}): SpansJson => ({
  name: "words",
  title: "Words",
  help: "",
  required: true,
  kind: "spans",
  labels: [label("PLACE", "#0000aa", "3")],
  attributes: [],
  granularity: "character",
  nested: true,
  overlapping: true,
  discontinuous: false,
  tokens: null,
  every: false,
  entries: [],
  unanswerable: false,
  palette: [],
  min_count: 0,
  max_count: null,
  ...part,
});

let host: HTMLElement;
let desk: StubDesk;
let handle: SurfaceHandle;

function open(fields: FieldJson[], task = talk()): void {
  desk = new StubDesk(state(fields), task);
  desk.keymap.attach(host, desk.scope);
  desk.selection.setField(fields[0]?.name ?? null);
  handle = dialogueSurface(host, desk, desk.scope);
  handle.focus();
}

beforeEach(() => {
  host = document.createElement("div");
  document.body.append(host);
});
afterEach(() => {
  desk.scope.dispose();
  host.remove();
});

const rows = () => [...host.querySelectorAll<HTMLElement>(".lw-turn")];
const chips = (turn: number) =>
  [...(rows()[turn]?.querySelectorAll(".lw-chip .lw-cut") ?? [])].map(({ textContent }) => textContent);
const said = (field = "acts") => desk.answer.regions(field).map(({ turn, label: of }) => `${turn} ${of}`);
const marks = () => [...host.querySelectorAll("mark")].map(({ textContent }) => textContent);
const at = () => rows().findIndex((row) => row.getAttribute("aria-current") === "true");

function press(key: string, more: KeyboardEventInit = {}): void {
  const code = /^\d$/.test(key) ? `Digit${key}` : key;
  const target = document.activeElement ?? host;
  target.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...more }));
}

describe("a conversation", () => {
  it("tells speakers apart by name, side and sign, and shows what they say as text", () => {
    open([turns()]);
    expect(rows().map((row) => row.querySelector(".lw-speaker")?.textContent)).toEqual(["ann", "bot", "ann"]);
    expect(rows().map((row) => row.classList.contains("lw-end"))).toEqual([false, true, false]);
    expect(rows().map((row) => row.querySelector(".lw-utter")?.textContent)).toEqual(SAID);
    expect(host.querySelector("b")).toBeNull();
    expect([initials("customer service"), initials(""), initials("👋x")]).toEqual(["CS", "?", "👋"]);
    expect([0, 1, 2].map((who) => sideOf(who, 3))).toEqual(["start", "end", "start"]);
    expect([0, 1, 2, 3].map((who) => sideOf(who, 4))).toEqual(["start", "start", "start", "start"]);
  });

  it("is gone through by arrows; one turn is reached by Tab", () => {
    open([turns()]);
    expect([at(), rows().map(({ tabIndex }) => tabIndex)]).toEqual([0, [0, -1, -1]]);
    press("ArrowDown");
    expect([at(), document.activeElement === rows()[1]]).toEqual([1, true]);
    press("End");
    press("ArrowDown");
    expect(at()).toBe(2);
    press("Home");
    press("ArrowUp");
    expect(at()).toBe(0);
  });

  it("begins with the first turn that is asked about, in the next task too", () => {
    open([turns({ speakers: ["bot"] })]);
    expect(at()).toBe(1);
    desk.task.set({ push: talk(2, ["a", "b", "c", "d"]), media: null, again: false });
    expect([rows().length, at(), document.activeElement === rows()[1]]).toEqual([4, 1, true]);
  });
});

describe("labels of turns", () => {
  it("come by their keys, one turn after another", () => {
    open([turns()]);
    press("1");
    press("2");
    expect([said(), at(), chips(0), chips(1)]).toEqual([["0 asks", "1 tells"], 2, ["asks"], ["tells"]]);
  });

  it("are changed, and taken back by the same key", () => {
    open([turns()]);
    press("1");
    press("ArrowUp");
    press("2");
    press("ArrowUp");
    expect(said()).toEqual(["0 tells"]);
    press("2");
    expect([said(), at()]).toEqual([[], 0]);
  });

  it("are several where the field says so, and one stays on the turn", () => {
    open([turns({ multiple: true })]);
    press("1");
    press("2");
    expect([said(), at(), chips(0)]).toEqual([["0 asks", "0 tells"], 0, ["asks", "tells"]]);
  });

  it("go to the next turn of the speakers asked about, and to no other", () => {
    open([turns({ speakers: ["ann"] })]);
    press("1");
    expect(at()).toBe(2);
    press("ArrowUp");
    press("1");
    expect(said()).toEqual(["0 asks"]);
    expect(host.querySelector("[role=status]")?.textContent).toContain("turns of ann only");
  });

  it("are undone in one step", () => {
    open([turns()]);
    press("1");
    desk.history.undo();
    expect([said(), chips(0)]).toEqual([[], []]);
  });

  it("are taken off by Delete and by a click", () => {
    open([turns()]);
    press("1");
    press("ArrowUp");
    press("Delete");
    expect(said()).toEqual([]);
    press("2");
    (host.querySelector(".lw-chip") as HTMLElement).click();
    expect(said()).toEqual([]);
  });

  it("still missing are shown and found", () => {
    open([turns({ every: true })]);
    press("1");
    expect(rows().map((row) => row.querySelector(".lw-todo")?.textContent ?? "")).toEqual([
      "",
      "not labeled",
      "not labeled",
    ]);
    press("End");
    press("T", { shiftKey: true });
    expect(at()).toBe(1);
  });

  it("still missing at a try to submit are gone to", () => {
    open([turns({ every: true })]);
    press("1");
    press("End");
    press("Enter");
    expect([at(), document.activeElement === rows()[1]]).toEqual([1, true]);
  });

  it("of a turn are what the panel shows", () => {
    open([turns({ multiple: true })]);
    press("1");
    press("2");
    expect(desk.selection.ids.value.size).toBe(2);
    press("ArrowDown");
    expect(desk.selection.ids.value.size).toBe(0);
  });

  it("without names are begun by a button on the turn", () => {
    open([turns({ labels: [], attributes: [{ ...turns(), kind: "rating", name: "good", max: 5 }] })]);
    (host.querySelector(".lw-offer") as HTMLElement).click();
    expect(said()).toEqual(["0 null"]);
    expect(host.querySelector(".lw-offer")).toBeNull();
  });

  it("suggested by a model are decided one turn after another", () => {
    open([turns()]);
    const guess = (turn: number): RegionJson => ({
      id: `g${turn}`,
      label: "asks",
      score: 0.5,
      attributes: {},
      turn,
    });
    desk.suggestion.set({
      model: "m",
      version: "1",
      score: null,
      values: { acts: [guess(0), guess(2)] as never },
    });
    expect([chips(0), chips(2)]).toEqual([["asks 50 %"], ["asks 50 %"]]);
    press(".");
    expect([desk.done.at(-1), at()]).toEqual([["accept", "acts", ["g0"]], 2]);
    press(",");
    expect(desk.done.at(-1)).toEqual(["reject", "acts", ["g2"]]);
  });
});

describe("spans in turns", () => {
  it("are marked from what is selected by keys, in code points", () => {
    open([turns(), spans()]);
    press("End");
    for (let i = 0; i < 2; i++) press("ArrowRight");
    for (let i = 0; i < 3; i++) press("ArrowRight", { shiftKey: true });
    press("3");
    const [span] = desk.answer.regions("words");
    const start = SAID.slice(0, 2).reduce((sum, text) => sum + [...text].length + 1, 2);
    expect([span?.start, span?.end, span?.text]).toEqual([start, start + 3, "<b>"]);
    expect(marks()).toEqual(["<b>"]);
    expect(rows()[2]?.querySelector(".lw-utter")?.textContent).toBe(SAID[2]);
  });

  it("never reach into another turn", () => {
    open([spans()]);
    press("Home");
    for (let i = 0; i < 30; i++) press("ArrowRight", { shiftKey: true });
    press("3");
    expect(desk.answer.regions("words").map(({ text }) => text)).toEqual([SAID[0]]);
  });

  it("lie in each other, are selected by a click and deleted", () => {
    open([spans()]);
    for (const [from, count] of [
      [0, 10],
      [3, 1],
    ] as const) {
      press("Home");
      for (let i = 0; i < from; i++) press("ArrowRight");
      for (let i = 0; i < count; i++) press("ArrowRight", { shiftKey: true });
      press("3");
    }
    expect(marks()).toEqual(["Hi 👋 there".slice(0, 3), "👋", "👋", " there"]);
    press("Escape");
    (host.querySelectorAll("mark mark")[0] as HTMLElement).click();
    press("Delete");
    expect(desk.answer.regions("words").map(({ text }) => text)).toEqual(["Hi 👋 there"]);
  });

  it("are cut where they begin and end", () => {
    const span = (key: string, start: number, end: number) =>
      ({ key, start, end, parts: [[start, end]] }) as unknown as Placed;
    const bits = bitsOf(0, 10, [span("a", 2, 8), span("b", 5, 12)]);
    expect(
      bits.map(({ start, end, spans: of, ends }) => [start, end, of.map(({ key }) => key), ends.length]),
    ).toEqual([
      [0, 2, [], 0],
      [2, 5, ["a"], 0],
      [5, 8, ["a", "b"], 1],
      [8, 10, ["b"], 0],
    ]);
  });
});

describe("what may not be changed", () => {
  it("is only looked at", () => {
    open([turns()]);
    desk.phase.set("viewing");
    press("1");
    expect(said()).toEqual([]);
    press("ArrowDown");
    expect(at()).toBe(1);
  });
});
