// @vitest-environment happy-dom
import { useState } from "preact/hooks";
import { describe, expect, it } from "vitest";
import type { Json, LabelJson, TaxonomyJson } from "../../../labelwidgets/js/core/protocol.ts";
import { Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";
import { branches, results } from "../../../labelwidgets/js/ui/fields/picker.tsx";
import { idOf, pathsOf, TaxonomyField } from "../../../labelwidgets/js/ui/fields/taxonomy.tsx";
import { all, click, one, press, show, type } from "./page.tsx";
import { label } from "./stubDesk.ts";

const animals = [
  label("animal"),
  label("dog", "#777777", null, "animal"),
  label("cat", "#777777", null, "animal"),
  label("plant"),
  label("other", "#777777", null, "animal"),
  label("other", "#777777", null, "plant"),
];
const big: LabelJson[] = Array.from({ length: 100 }, (_, a) => [
  label(`family ${a}`),
  ...Array.from({ length: 99 }, (_, b) => label(`species ${a}.${b}`, "#777777", null, `family ${a}`)),
]).flat();

function field(nodes: LabelJson[], part: Partial<TaxonomyJson> = {}): TaxonomyJson {
  const base = { kind: "taxonomy", name: "t", title: "Kind", help: "", required: true } as const;
  return { ...base, multiple: false, partial: false, nodes, ...part };
}

function picker(of: TaxonomyJson, start: Json = null) {
  const taxonomy = new Taxonomy(of.nodes);
  const said: Json[] = [];
  function Held() {
    const [value, setValue] = useState(start);
    const onChange = (next: Json) => {
      said.push(next);
      setValue(next);
    };
    return (
      <TaxonomyField
        id="t"
        field={of}
        value={value}
        invalid={false}
        taxonomy={taxonomy}
        keyOf={() => null}
        onChange={onChange}
      />
    );
  }
  const host = show(<Held />);
  const input = one<HTMLInputElement>(host, "input");
  const rows = () => all(host, "[role=option]").map((row) => row.textContent?.trim());
  const at = () => host.querySelector(`#${input.getAttribute("aria-activedescendant")}`)?.textContent?.trim();
  return { host, input, rows, at, said };
}

describe("searching", () => {
  it("finds by name and shows what is above", () => {
    const { input, rows, at, said } = picker(field(animals));
    type(input, "oth");
    expect(rows()).toEqual(["otheranimal", "otherplant"]);
    press(input, "ArrowDown");
    expect(at()).toBe("otherplant");
    press(input, "Enter");
    expect(said).toEqual([["plant", "other"]]);
    expect(input.value).toBe("");
  });

  it("among 10,000 nodes draws only rows in sight", () => {
    const { input, host } = picker(field(big));
    type(input, "species");
    expect(all(host, "[role=option]").length).toBeLessThanOrEqual(100);
    expect(one(host, "[role=option]").getAttribute("aria-setsize")).toBe("100");
    type(input, "species 73.15");
    press(input, "Enter");
    expect(host.textContent).toContain("family 73 › species 73.15");
  });

  it("says when nothing fits, and Enter then does nothing", () => {
    const { input, host, said } = picker(field(animals));
    type(input, "xyz");
    expect(host.textContent).toContain("Nothing fits");
    press(input, "Enter");
    expect(said).toEqual([]);
  });

  it("Escape clears what was typed, then is the widget's", () => {
    const { input } = picker(field(animals));
    type(input, "dog");
    expect(press(input, "Escape").defaultPrevented).toBe(true);
    expect(press(input, "Escape").defaultPrevented).toBe(false);
  });

  it("Enter with nothing chosen is the widget's", () => {
    expect(press(picker(field(animals)).input, "Enter").defaultPrevented).toBe(false);
  });
});

describe("browsing", () => {
  it("opens and closes branches by keys", () => {
    const { input, rows, at } = picker(field(animals));
    expect(rows()).toEqual(["animal", "plant"]);
    press(input, "ArrowDown");
    press(input, "ArrowRight");
    expect(rows()).toEqual(["animal", "dog", "cat", "other", "plant"]);
    press(input, "ArrowDown");
    expect(at()).toBe("dog");
    press(input, "ArrowUp");
    press(input, "ArrowLeft");
    expect(rows()).toEqual(["animal", "plant"]);
  });

  it("a click on an inner node opens it where only leaves are answers", () => {
    const { host, rows, said } = picker(field(animals));
    click(one(host, "[role=option]"));
    expect(said).toEqual([]);
    expect(rows()).toContain("dog");
  });

  it("and is the answer where partial paths are allowed; its arrow still opens it", () => {
    const { host, rows, said } = picker(field(animals, { partial: true }));
    click(one(host, "[role=option]"));
    expect(said).toEqual([["animal"]]);
    click(one(host, ".lw-twist"));
    expect(rows()).toContain("dog");
  });

  it("an inner node found by search is opened in the tree", () => {
    const { input, rows } = picker(field(animals));
    type(input, "plant");
    press(input, "Enter");
    expect(rows()).toEqual(["animal", "plant", "other"]);
  });
});

describe("the value", () => {
  it("of several is paths, each to be taken back", () => {
    const { host, input, said } = picker(field(animals, { multiple: true }), [["animal", "dog"]]);
    type(input, "cat");
    press(input, "Enter");
    expect(said.at(-1)).toEqual([
      ["animal", "dog"],
      ["animal", "cat"],
    ]);
    click(one(host, ".lw-tag button"));
    expect(said.at(-1)).toEqual([["animal", "cat"]]);
  });

  it("that the schema has no more is still shown", () => {
    expect(idOf(new Taxonomy(animals), ["animal", "wolf"])).toBe("animal › wolf");
    expect(picker(field(animals), ["animal", "wolf"]).host.textContent).toContain("animal › wolf");
  });

  it.each<[Json, string[][]]>([
    [null, []],
    [[], []],
    [["a", "b"], [["a", "b"]]],
    [
      [["a"], ["b"]],
      [["a"], ["b"]],
    ],
    ["a", []],
  ])("paths of %j", (value, paths) => expect(pathsOf(value)).toEqual(paths));
});

it("rows of the tree and of a search, without a page", () => {
  const taxonomy = new Taxonomy(animals);
  expect(
    branches(taxonomy, new Set(["plant"])).map(({ label: { name }, depth, open }) => [name, depth, open]),
  ).toEqual([
    ["animal", 0, false],
    ["plant", 0, true],
    ["other", 1, null],
  ]);
  expect(results(taxonomy, "dog").map(({ above }) => above)).toEqual(["animal"]);
});
