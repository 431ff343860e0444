// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { BoxesJson, RegionJson, SpansJson } from "../../../labelwidgets/js/core/protocol.ts";
import { inSight, moved } from "../../../labelwidgets/js/ui/list.tsx";
import { detail, Regions, shared } from "../../../labelwidgets/js/ui/regions.tsx";
import { spans } from "../core/fakes.ts";
import { all, button, click, doing, one, press, show, type } from "./page.tsx";
import { label, StubDesk, state } from "./stubDesk.ts";

const objects: BoxesJson = {
  kind: "boxes",
  name: "objects",
  title: "Objects",
  help: "",
  required: false,
  labels: [label("car", "#0066cc"), label("person", "#cc5500")],
  attributes: [
    {
      kind: "choice",
      name: "hidden",
      title: "Hidden",
      help: "",
      required: false,
      multiple: false,
      options: [label("no"), label("partly")],
    },
  ],
  rotatable: true,
  min_count: 0,
  max_count: null,
  min_size: 1,
};

function box(
  id: string,
  of: string | null,
  attributes: RegionJson["attributes"] = {},
  score: number | null = null,
): RegionJson {
  return { id, label: of, score, attributes, x: 0, y: 0, width: 20.4, height: 10, angle: 0 };
}

function list(boxes: RegionJson[], suggested: RegionJson[] = []) {
  const desk = new StubDesk(state([objects]));
  desk.answer.put("objects", boxes, "silent");
  desk.selection.setField("objects");
  if (suggested.length > 0) {
    desk.suggestion.set({ model: "m", version: "1", score: 0.5, values: { objects: suggested as never } });
  }
  const host = show(<Regions desk={desk} field={objects} id="t" />);
  const rows = () => all(host, "[role=option]");
  return { desk, host, rows, box: () => one(host, ".lw-list") };
}

const three = [box("a", "car"), box("b", "person", { hidden: "partly" }), box("c", null)];

describe("the list mirrors the regions", () => {
  it("each with number, label and what tells it from others", () => {
    const { rows } = list(three);
    expect(rows().map((row) => row.textContent)).toEqual([
      "1car20 × 10",
      "2personpartly",
      "3No label20 × 10",
    ]);
  });

  it("as they change", () => {
    const { desk, rows } = list(three);
    doing(() => desk.answer.remove("objects", ["a"]));
    expect(rows().length).toBe(2);
    doing(() => desk.answer.remove("objects", ["b", "c"]));
    expect(rows().length).toBe(0);
  });

  it("says what an empty list means", () =>
    expect(list([]).host.textContent).toContain("submit without any"));

  it("draws 10,000 without making 10,000 rows", () => {
    const { rows, host } = list(Array.from({ length: 10_000 }, (_, i) => box(`b${i}`, "car")));
    expect(rows().length).toBeLessThan(60);
    expect(rows()[0]?.getAttribute("aria-setsize")).toBe("10000");
    expect(host.textContent).toContain("10,000");
  });
});

describe("selecting", () => {
  it("goes both ways", () => {
    const { desk, rows, box } = list(three);
    click(rows()[1] as HTMLElement);
    expect([...desk.selection.ids.value]).toEqual(["b"]);
    doing(() => desk.selection.select(["c"]));
    expect(rows().map((row) => row.getAttribute("aria-selected"))).toEqual(["false", "false", "true"]);
    expect(box().getAttribute("aria-activedescendant")).toBe(rows()[2]?.id);
  });

  it("of several by Ctrl and Shift", () => {
    const { desk, rows, box } = list(three);
    click(rows()[0] as HTMLElement);
    click(rows()[2] as HTMLElement, { ctrlKey: true });
    expect([...desk.selection.ids.value]).toEqual(["a", "c"]);
    doing(() => desk.selection.select(["a"]));
    press(box(), "ArrowDown", { shiftKey: true });
    expect([...desk.selection.ids.value]).toEqual(["a", "b"]);
  });

  it("by arrows, Home and End; other keys are the widget's", () => {
    const { desk, box } = list(three);
    press(box(), "End");
    press(box(), "ArrowUp");
    expect([...desk.selection.ids.value]).toEqual(["b"]);
    press(box(), "Home");
    expect([...desk.selection.ids.value]).toEqual(["a"]);
    expect(press(box(), "Delete").defaultPrevented).toBe(false);
    expect(press(box(), "a", { ctrlKey: true }).defaultPrevented).toBe(false);
  });

  it("hovering is told", () => {
    const { desk, rows } = list(three);
    doing(() => rows()[0]?.dispatchEvent(new PointerEvent("pointerenter")));
    expect(desk.selection.hovered.value).toBe("a");
  });
});

describe("acts", () => {
  it("deletes the selected ones, undone in one go", () => {
    const { desk, host } = list(three);
    expect(button(host, "Delete the selected").getAttribute("aria-disabled")).toBe("true");
    doing(() => desk.selection.select(["a", "b"]));
    click(button(host, "Delete the selected"));
    expect(desk.answer.regions("objects").map(({ id }) => id)).toEqual(["c"]);
    doing(() => desk.undo());
    expect(desk.answer.regions("objects").length).toBe(3);
  });

  it("sets an attribute of all selected ones", () => {
    const { desk, host } = list(three);
    doing(() => desk.selection.select(["a", "b"]));
    expect(host.textContent).toContain("2 selected");
    click(button(host, "no"));
    expect(desk.answer.regions("objects").map(({ attributes }) => attributes.hidden)).toEqual([
      "no",
      "no",
      undefined,
    ]);
  });

  it("decides about suggested ones only", () => {
    const { desk, host, rows } = list([box("a", "car")], [box("s", "person", {}, 0.81)]);
    expect(rows()[1]?.textContent).toContain("81 %");
    expect(host.querySelector(".lw-guess")).toBe(rows()[1]);
    doing(() => desk.selection.select(["a", "s"]));
    click(button(host, "Accept the selected"));
    expect(desk.done).toEqual([["accept", "objects", ["s"]]]);
  });

  it("filters by label, number and attribute", () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      box(`b${i}`, i % 2 ? "car" : "person", { hidden: i === 5 ? "partly" : "no" }),
    );
    const { host, rows } = list(many);
    type(one<HTMLInputElement>(host, "input"), "car part");
    expect(rows().map((row) => row.textContent)).toEqual(["6carpartly"]);
    type(one<HTMLInputElement>(host, "input"), "zebra");
    expect(host.textContent).toContain("No region fits");
  });
});

describe("of a text", () => {
  const span = (id: string, start: number, text: string, more: Partial<RegionJson> = {}): RegionJson => ({
    ...{
      id,
      label: "PER",
      score: null,
      attributes: {},
      start,
      end: start + text.length,
      text,
      parts: [],
      link: null,
    },
    ...more,
  });

  function open(field: SpansJson, regions: RegionJson[], suggested: RegionJson[] = []) {
    const desk = new StubDesk(state([field]));
    desk.answer.put("entities", regions, "silent");
    desk.selection.setField("entities");
    desk.suggestion.set({ model: "m", version: "1", score: null, values: { entities: suggested as never } });
    const host = show(<Regions desk={desk} field={field} id="t" />);
    return { desk, host };
  }

  it("stand in the order of the text, suggestions among the others, each with what it covers", () => {
    const { host } = open(
      spans(),
      [span("a", 20, "Paris"), span("b", 0, "Ann")],
      [span("c", 8, "Berlin", { score: 0.9 }), span("d", 0, "Ann Lee")],
    );
    expect(all(host, "[role=option]").map((row) => row.textContent)).toEqual([
      "1PERAnn Leesuggested",
      "2PERAnn",
      "3PERBerlin90 %",
      "4PERParis",
    ]);
  });

  it("are linked to what typing finds, all selected ones", () => {
    const entries = [label("Q1"), label("Q2"), label("Q3")].map((each, i) => ({
      ...each,
      title: `Town ${i}`,
    }));
    const { desk, host } = open(spans({ entries }), [span("a", 0, "Paris"), span("b", 9, "Rome")]);
    doing(() => desk.selection.select(["a", "b"]));
    const box = one(host, ".lw-link [role=combobox]") as HTMLInputElement;
    doing(() => box.focus());
    type(box, "town 2");
    press(box, "Enter");
    expect(desk.answer.regions("entities").map(({ link }) => link)).toEqual(["Q3", "Q3"]);
    click(button(host, "Take back Town 2"));
    expect(desk.answer.regions("entities").map(({ link }) => link)).toEqual([null, null]);
  });

  it("may hold no answer, which is said and taken back", () => {
    const { desk, host } = open(spans({ unanswerable: true }), []);
    expect(desk.answer.value("entities")).toBeNull();
    click(button(host, "No answer in the text"));
    expect(desk.answer.value("entities")).toEqual([]);
    expect(button(host, "No answer in the text").getAttribute("aria-pressed")).toBe("true");
    click(button(host, "No answer in the text"));
    expect(desk.answer.value("entities")).toBeNull();
  });
});

it("text of data is text", () => {
  const { rows, host } = list([box("a", "<img src=x onerror=alert(1)>", { hidden: "<script>1</script>" })]);
  expect(rows()[0]?.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(host.querySelector("img, script")).toBeNull();
});

it("small parts", () => {
  expect(moved("PageDown", 0, 3)).toBe(2);
  expect(moved("ArrowUp", -1, 3)).toBe(0);
  expect(moved("ArrowDown", 0, 0)).toBe(-1);
  expect(moved("x", 0, 3)).toBe(-1);
  expect(inSight(5000, 32, 3200, 320)).toEqual([92, 118]);
  expect(inSight(50, 32, 3200, 320)).toEqual([0, 50]);
  expect(shared(three, "hidden")).toBeNull();
  expect(detail(box("x", null, { a: 1, b: ["p", "q"], c: null }))).toBe("1, p, q");
});
