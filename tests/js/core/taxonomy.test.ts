import { describe, expect, it } from "vitest";
import type { FieldJson, LabelJson } from "../../../labelwidgets/js/core/protocol.ts";
import { isOneChoice } from "../../../labelwidgets/js/core/state.ts";
import { Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";
import { boxes, choice, label } from "./fakes.ts";

function named(title: string, part: Partial<LabelJson> = {}): LabelJson {
  return { ...label(title), title, ...part };
}

const TREE = new Taxonomy([
  label("animal"),
  label("dog", null, "animal"),
  label("other", null, "animal"),
  label("plant"),
  label("other", null, "plant"),
]);

describe("a tree", () => {
  it("knows children, paths and leaves, though a name stands twice", () => {
    expect(TREE.children(null).map(({ id }) => id)).toEqual(["animal", "plant"]);
    expect(TREE.children("animal").map(({ name }) => name)).toEqual(["dog", "other"]);
    expect(TREE.path("plant > other")).toEqual(["plant", "other"]);
    expect(TREE.at(["animal", "other"])?.id).toBe("animal > other");
    expect(TREE.at(["animal", "cat"])).toBeNull();
    expect(TREE.at([])).toBeNull();
    expect([TREE.isLeaf("animal"), TREE.isLeaf("plant > other")]).toEqual([false, true]);
  });

  it("shows what the schema has no more, and comes to an end in a ring", () => {
    expect(TREE.title("gone")).toBe("gone");
    expect(TREE.title(null)).toBe("");
    expect(TREE.title("animal > other")).toBe("other");
    const ring = new Taxonomy([named("a", { parent: "b" }), named("b", { parent: "a" })]);
    expect(ring.path("a")).toHaveLength(100);
  });
});

describe("a schema", () => {
  it("knows when one label is the whole answer", () => {
    const one = (...fields: FieldJson[]) => isOneChoice({ fields, version: 1 });
    expect(one(choice())).toBe(true);
    expect(one(choice({ multiple: true }))).toBe(false);
    expect(one(choice(), choice({ name: "other" }))).toBe(false);
    expect(one(boxes())).toBe(false);
    expect(one()).toBe(false);
  });
});
