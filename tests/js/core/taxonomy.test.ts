import { describe, expect, it } from "vitest";
import type { LabelJson } from "../../../labelwidgets/js/core/protocol.ts";
import { isOneChoice, schemaOf } from "../../../labelwidgets/js/core/state.ts";
import { Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";
import { boxes, choice, label } from "./fakes.ts";

function named(title: string, part: Partial<LabelJson> = {}): LabelJson {
  return { ...label(title), title, ...part };
}

const TREE = new Taxonomy([
  label("animal"),
  label("dog", null, "animal"),
  { ...label("other", null, "animal"), title: "" },
  label("plant"),
  { ...label("other", null, "plant") },
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

describe("the kernel's state made ready", () => {
  it("gives every field and label a title and an id", () => {
    const bare = { ...label("cat"), title: "" };
    const schema = schemaOf({
      fields: [choice({ options: [bare] }), boxes({ attributes: [choice({ name: "mood" })] })],
      version: 1,
    });
    expect(schema.fields.map(({ title }) => title)).toEqual(["animal", "objects"]);
    const [first, second] = schema.fields;
    expect(first?.kind === "choice" && first.options[0]?.title).toBe("cat");
    expect(second?.kind === "boxes" && second.attributes[0]?.title).toBe("mood");
  });

  it("knows when one label is the whole answer", () => {
    const one = (...fields: Parameters<typeof schemaOf>[0]["fields"]) => isOneChoice({ fields, version: 1 });
    expect(one(choice())).toBe(true);
    expect(one(choice({ multiple: true }))).toBe(false);
    expect(one(choice(), choice({ name: "other" }))).toBe(false);
    expect(one(boxes())).toBe(false);
    expect(one()).toBe(false);
  });
});
