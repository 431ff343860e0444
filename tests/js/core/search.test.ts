import { describe, expect, it } from "vitest";
import type { LabelJson } from "../../../labelwidgets/js/core/protocol.ts";
import { normalized, search } from "../../../labelwidgets/js/core/search.ts";
import { Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";
import { label } from "./fakes.ts";

function named(title: string, part: Partial<LabelJson> = {}): LabelJson {
  return { ...label(title), title, ...part };
}

describe("search", () => {
  const labels = [
    named("Brown bear"),
    named("Bear"),
    named("Polar bear", { aliases: ["Ursus maritimus"] }),
    named("Teddy", { aliases: ["bear toy"] }),
    named("Bearded seal"),
    named("Forbear"),
    named("Écureuil  roux"),
  ];
  const found = (query: string, limit?: number) =>
    search(new Taxonomy(labels), query, limit).map(({ title }) => title);

  it("ranks the whole name, its beginning, a word, an alias, then the inside", () => {
    expect(found("bear")).toEqual(["Bear", "Bearded seal", "Brown bear", "Polar bear", "Teddy", "Forbear"]);
    expect(found("ursus")).toEqual(["Polar bear"]);
    expect(found("BEAR", 2)).toEqual(["Bear", "Bearded seal"]);
  });

  it("minds neither accents, case nor spaces", () => {
    expect(found("ecureuil ROUX ")).toEqual(["Écureuil  roux"]);
    expect(normalized("ﬁne Å")).toBe("fine a");
  });

  it("finds by words of the path, and everything without a word", () => {
    const tree = new Taxonomy([
      label("animal"),
      label("other", null, "animal"),
      label("plant"),
      label("other", null, "plant"),
    ]);
    expect(search(tree, "plant other").map(({ id }) => id)).toEqual(["plant > other"]);
    expect(search(tree, "").map(({ id }) => id)).toEqual(tree.labels.map(({ id }) => id));
    expect(search(tree, "zebra")).toEqual([]);
  });

  it("goes through 10,000 nodes", () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => named(`node ${i}`));
    expect(search(new Taxonomy(nodes), "node 9999").map(({ title }) => title)).toEqual(["node 9999"]);
  });
});
