// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import type { ChoiceJson, ItemFieldJson, Json, NumberJson } from "../../../labelwidgets/js/core/protocol.ts";
import { roved } from "../../../labelwidgets/js/ui/fields/control.ts";
import { numberFrom, rangeOf, stepped } from "../../../labelwidgets/js/ui/fields/number.tsx";
import { ratedBy } from "../../../labelwidgets/js/ui/fields/rating.tsx";
import { leftOver } from "../../../labelwidgets/js/ui/fields/text.tsx";
import { controlId, Form } from "../../../labelwidgets/js/ui/form.tsx";
import { taxonomyOf } from "../../../labelwidgets/js/ui/trees.ts";
import { all, click, one, press, show, type } from "./page.tsx";
import { label } from "./stubDesk.ts";

const base = { name: "f", title: "Field", help: "", required: false };
const choice = (part: Partial<ChoiceJson> = {}): ChoiceJson => ({
  ...base,
  kind: "choice",
  multiple: false,
  options: [label("sun", "#ff8800", "s"), label("rain", "#0066cc", "r")],
  ...part,
});
const number = (part: Partial<NumberJson> = {}): NumberJson => ({
  ...base,
  kind: "number",
  min: 0,
  max: 10,
  step: null,
  unit: "kg",
  ...part,
});

function form(
  field: ItemFieldJson,
  value: Json = null,
  problem: string | null = null,
  suggested: Json = null,
) {
  const onChange = vi.fn<(field: string, value: Json) => void>();
  const host = show(
    <Form
      id="t"
      fields={[field]}
      value={() => value}
      suggested={() => suggested}
      problem={() => problem}
      taxonomy={taxonomyOf}
      keyOf={(_, option) =>
        field.kind === "choice" ? (field.options.find(({ name }) => name === option)?.hotkey ?? null) : null
      }
      onChange={onChange}
    />,
  );
  return { host, onChange, said: () => onChange.mock.calls.map(([, said]) => said) };
}

describe("choice", () => {
  it("is a group of radios named by the field, with keys and colours", () => {
    const { host } = form(choice(), "rain");
    const group = one(host, "[role=radiogroup]");
    expect(one(host, `#${group.getAttribute("aria-labelledby")}`).textContent).toBe("Field");
    expect(
      all(group, "[role=radio]").map((each) => [each.textContent?.trim(), each.getAttribute("aria-checked")]),
    ).toEqual([
      ["ssun", "false"],
      ["rrain", "true"],
    ]);
    expect(all(group, "[role=radio]").map((each) => each.tabIndex)).toEqual([-1, 0]);
    expect(one(group, "[role=radio]").style.getPropertyValue("--lw-color")).toBe("#ff8800");
  });

  it("is answered by a click, and taken back where it may be missing", () => {
    const free = form(choice(), "rain");
    click(one(free.host, "#t-f"));
    click(one(free.host, "[aria-checked=true]"));
    expect(free.said()).toEqual(["sun", null]);
    const must = form(choice({ required: true }), "rain");
    click(one(must.host, "[aria-checked=true]"));
    expect(must.said()).toEqual(["rain"]);
    expect(must.host.textContent).toContain("required");
  });

  it("of several is boxes to tick, in the schema's order", () => {
    const { host, said } = form(choice({ multiple: true }), ["rain"]);
    click(one(host, "[role=checkbox]"));
    expect(said()).toEqual([["sun", "rain"]]);
  });

  it("moves the focus with the arrows, around the ends, and answers nothing by it", () => {
    const { host, said } = form(choice());
    const [sun, rain] = all(host, "[role=radio]");
    sun?.focus();
    expect(press(sun as HTMLElement, "ArrowLeft").defaultPrevented).toBe(true);
    expect(document.activeElement).toBe(rain);
    expect(said()).toEqual([]);
  });

  it("shows what a model suggests as suggested", () => {
    const { host } = form(choice(), null, null, "sun");
    expect(one(host, ".lw-guess").textContent).toContain("suggested");
    expect(form(choice(), "sun", null, "sun").host.querySelector(".lw-guess")).toBeNull();
  });

  it("of many is searched", () => {
    const many = choice({ options: Array.from({ length: 40 }, (_, i) => label(`option ${i}`)) });
    const { host, said } = form(many);
    type(one<HTMLInputElement>(host, "input"), "option 31");
    press(one(host, "input"), "Enter");
    expect(said()).toEqual(["option 31"]);
  });

  it("keeps colours of data out of styles unless they are colours", () => {
    const { host } = form(choice({ options: [label("x", "red;background:url(//example.org)")] }));
    expect(one(host, "[role=radio]").getAttribute("style") ?? "").not.toContain("url");
  });
});

describe("rating", () => {
  const rating = { ...base, kind: "rating" as const, max: 5 };

  it("is a row of stars, one radio each", () => {
    const { host, said } = form(rating, 3);
    expect(all(host, ".lw-lit").length).toBe(3);
    click(all(host, "[role=radio]")[4] as HTMLElement);
    click(all(host, "[role=radio]")[2] as HTMLElement);
    expect(said()).toEqual([5, null]);
  });

  it("is given by a digit", () => {
    const { host, said } = form(rating);
    expect(press(one(host, "[role=radio]"), "4").defaultPrevented).toBe(true);
    expect(press(one(host, "[role=radio]"), "9").defaultPrevented).toBe(false);
    expect(said()).toEqual([4]);
    expect([ratedBy("0", 5), ratedBy("5", 5), ratedBy("x", 5)]).toEqual([0, 5, 0]);
  });
});

describe("number", () => {
  it.each<[string, Json]>([
    ["", null],
    [" 3 ", 3],
    ["3,5", 3.5],
    ["-0.25", -0.25],
    ["1e3", 1000],
    ["abc", "abc"],
    ["1,000,000", "1,000,000"],
    ["Infinity", "Infinity"],
  ])("%j means %j", (typed, value) => expect(numberFrom(typed)).toEqual(value));

  it("steps within its range, with no more digits than it has", () => {
    expect(stepped(number({ step: 0.1 }), 0.2, 1)).toBe(0.3);
    expect(stepped(number(), 10, 1)).toBe(10);
    expect(stepped(number(), 0, -1)).toBe(0);
    expect(stepped(number({ min: 4 }), null, 1)).toBe(4);
    expect(stepped(number({ min: null, max: null }), null, -1)).toBe(0);
  });

  it("says unit and range, and what is wrong at the field", () => {
    expect(rangeOf(number())).toBe("0 to 10");
    expect(rangeOf(number({ max: null, step: 0.5 }))).toBe("at least 0, in steps of 0.5");
    const { host, said } = form(number(), 12, '"Field" is 12 kg; the most is 10 kg.');
    const input = one<HTMLInputElement>(host, "input");
    expect(host.textContent).toContain("kg · 0 to 10");
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(one(host, `#${input.getAttribute("aria-describedby")}`).textContent).toContain(
      "the most is 10 kg",
    );
    type(input, "7");
    expect(said().at(-1)).toBe(7);
  });

  it("takes arrows for itself", () => {
    const { host, said } = form(number(), 3);
    expect(press(one(host, "input"), "ArrowUp").defaultPrevented).toBe(true);
    expect(said()).toEqual([4]);
  });
});

describe("text", () => {
  const text = { ...base, kind: "text" as const, multiline: true, max_length: 40, begin: null };

  it("is several lines where asked, null when empty, and never markup", () => {
    const { host, said } = form(text, "<b>x</b>");
    const area = one<HTMLTextAreaElement>(host, "textarea");
    expect(area.value).toBe("<b>x</b>");
    type(area, "");
    expect(said()).toEqual([null]);
    expect(one(form({ ...text, multiline: false }).host, "input").getAttribute("type")).toBe("text");
  });

  it("tells how much is left near the end", () => {
    expect([leftOver("", 40), leftOver("x".repeat(30), 40), leftOver("x".repeat(300), 4000)]).toEqual([
      "",
      "10 left",
      "",
    ]);
  });
});

it("fields of any name have ids that are ids", () => {
  expect(controlId("t", "is it ok? <b>")).toMatch(/^[\w-]+$/);
});

it("arrows go around", () => {
  expect([roved("ArrowRight", 2, 3), roved("ArrowUp", 0, 3), roved("x", 0, 3)]).toEqual([0, 2, -1]);
});

describe("a choice of many", () => {
  it("is a flat list with the keys that there are", () => {
    const options = Array.from({ length: 20 }, (_, i) => label(`o${i}`, "#112233", i === 0 ? "1" : null));
    const { host, said } = form(choice({ options }));
    const rows = all(host, "[role=option]");
    expect(rows[0]?.querySelector(".lw-twist")).toBeNull();
    expect(rows.slice(0, 2).map((row) => row.querySelector(".lw-key")?.textContent ?? "")).toEqual(["1", ""]);
    click(rows[3] as Element);
    expect(said()).toEqual(["o3"]);
  });
});
