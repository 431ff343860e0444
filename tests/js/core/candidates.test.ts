import { describe, expect, it } from "vitest";
import { ranked, rankedNext, textOf } from "../../../labelwidgets/js/core/candidates.ts";
import { check } from "../../../labelwidgets/js/core/check.ts";
import { rankedAt, sides } from "../../../labelwidgets/js/core/compared.ts";
import { changed, differences } from "../../../labelwidgets/js/core/differences.ts";
import { resolve } from "../../../labelwidgets/js/core/keymap.ts";
import { picked } from "../../../labelwidgets/js/core/pick.ts";
import type {
  FieldJson,
  PairwiseJson,
  RankingJson,
  TaskPush,
  TurnsJson,
} from "../../../labelwidgets/js/core/protocol.ts";
import { isOneChoice } from "../../../labelwidgets/js/core/state.ts";
import { untouched } from "../../../labelwidgets/js/core/suggest.ts";
import { Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";
import { label, push } from "../ui/stubDesk.ts";

const base = { title: "T", help: "", required: true };
const order = (part: Partial<RankingJson> = {}): RankingJson => ({
  ...base,
  kind: "ranking",
  name: "order",
  options: [],
  column: "answers",
  top: null,
  ...part,
});
const pair: PairwiseJson = {
  ...base,
  kind: "pairwise",
  name: "better",
  options: ["a", "b", "tie"].map((name, i) => label(name, "#112233", String(i + 1))),
  columns: ["left", "right"],
  texts: null,
};
const turns = (part: Partial<TurnsJson> = {}): TurnsJson => ({
  ...base,
  kind: "turns",
  name: "acts",
  labels: [label("asks", "#112233", "1")],
  attributes: [],
  multiple: false,
  speakers: [],
  every: true,
  min_count: 0,
  max_count: null,
  ...part,
});
const talk = (): TaskPush =>
  push(1, {
    media: {
      kind: "dialogue",
      text: "hi\nwhat\nbye",
      turns: [
        { speaker: "ann", start: 0, end: 2 },
        { speaker: "bot", start: 3, end: 7 },
        { speaker: "ann", start: 8, end: 11 },
      ],
    },
  });

describe("what a row brings along", () => {
  it("has its place as id unless it has one of its own", () => {
    const found = ranked(order(), { answers: ["one", { id: "gpt", text: "two" }, { content: "three" }] });
    expect(found.map(({ id, text, title }) => [id, text, title])).toEqual([
      ["0", "one", "Answer 1"],
      ["gpt", "two", "Answer 2"],
      ["2", "three", "Answer 3"],
    ]);
    expect(ranked(order(), { answers: "no list" })).toEqual([]);
  });

  it("is two sides in the order of the options", () => {
    const found = sides(pair, { left: "L", right: [{ role: "user", content: "R" }] });
    expect(found.map(({ id, text }) => [id, text])).toEqual([
      ["a", "L"],
      ["b", "user: R"],
    ]);
  });

  it("is text whatever it is", () => {
    expect([null, 7, true, { a: 1 }, { text: "t" }].map(textOf)).toEqual(["", "7", "true", '{"a":1}', "t"]);
  });
});

describe("ranking", () => {
  const all = ["a", "b", "c"];
  it("takes one after another, the last by itself", () => {
    expect(rankedNext([], "b", all, 3)).toEqual(["b"]);
    expect(rankedNext(["b"], "a", all, 3)).toEqual(["b", "a", "c"]);
    expect(rankedNext(["b", "a", "c"], "a", all, 3)).toEqual(["b", "c"]);
  });

  it("of the best few leaves the others out", () => {
    expect(rankedNext(["a"], "b", all, 2)).toEqual(["a", "b"]);
    expect(rankedNext(["a", "b"], "c", all, 2)).toEqual(["a", "b"]);
    expect(rankedAt(["a", "b"], "c", 0, 2)).toEqual(["c", "a"]);
  });

  it("moves what is dragged, out of the ranked ones too", () => {
    expect(rankedAt(["a", "b", "c"], "c", 0, 3)).toEqual(["c", "a", "b"]);
    expect(rankedAt(["a", "b", "c"], "a", 2, 3)).toEqual(["b", "c", "a"]);
    expect(rankedAt(["a"], "a", 2, 3)).toEqual([]);
    expect(rankedAt(["a"], "b", 1, 3)).toEqual(["a", "b"]);
  });

  it("has keys for places, those that no label has", () => {
    const schema = { fields: [pair as FieldJson, order()], version: 1 };
    const { labels } = resolve(schema, {});
    expect(labels.get("1")).toEqual([{ field: "better", label: "a" }]);
    expect(labels.get("4")).toEqual([{ field: "order", label: "1" }]);
    const data = { answers: ["x", "y"] };
    expect(picked(order(), new Taxonomy([]), null, "2", data)).toEqual(["1", "0"]);
    expect(picked(order(), new Taxonomy([]), null, "9", data)).toBeUndefined();
  });

  it("is complete when as many are ranked as there are", () => {
    const schema = { fields: [order({ top: 2 })], version: 1 };
    const task = push(1, { data: { answers: ["x", "y", "z"] } });
    expect(check(schema, { order: ["0"] }, task)[0]?.reason).toContain("1 of 2 ranked");
    expect(check(schema, { order: ["0", "2"] }, task)).toEqual([]);
    expect(check(schema, { order: ["0"] })).toEqual([]);
  });
});

describe("a comparison", () => {
  it("alone is answered by one key", () => {
    expect(isOneChoice({ fields: [pair], version: 1 })).toBe(true);
    expect(isOneChoice({ fields: [order()], version: 1 })).toBe(false);
    expect(picked(pair, new Taxonomy(pair.options), "a", "tie")).toBe("tie");
  });
});

describe("labels of turns", () => {
  const said = (turn: number) => ({ id: `r${turn}`, label: "asks", score: null, attributes: {}, turn });
  it("are asked of every turn where the field says so", () => {
    const schema = { fields: [turns()], version: 1 };
    expect(check(schema, { acts: [said(0)] }, talk())[0]?.reason).toBe(
      '"T" of turn 2 and 1 other needs an answer.',
    );
    expect(check(schema, { acts: [0, 1, 2].map(said) }, talk())).toEqual([]);
  });

  it("are asked of the turns of some speakers only", () => {
    const schema = { fields: [turns({ speakers: ["bot"] })], version: 1 };
    expect(check(schema, { acts: [] }, talk())[0]?.reason).toBe('"T" of turn 2 needs an answer.');
    expect(check(schema, { acts: [said(1)] }, talk())).toEqual([]);
  });
});

describe("a text that starts from another", () => {
  const field: FieldJson = {
    ...base,
    kind: "text",
    name: "answer",
    multiline: true,
    max_length: 100,
    begin: "draft",
  };
  it("is there before anybody has typed", () => {
    const schema = { fields: [field], version: 1 };
    expect(untouched(schema, push(1, { data: { draft: "Hello" } }))).toEqual({ answer: "Hello" });
    expect(untouched(schema, push(1))).toEqual({ answer: null });
  });
});

describe("differences", () => {
  const plain = (before: string, after: string) =>
    differences(before, after).map(
      ({ kind, text }) => `${{ same: "=", added: "+", removed: "-" }[kind]}${text}`,
    );

  it("are told in words", () => {
    expect(plain("I am here.", "I was here!")).toEqual(["=I ", "-am", "+was", "= here", "-.", "+!"]);
    expect(plain("", "new")).toEqual(["+new"]);
    expect(plain("same", "same")).toEqual(["=same"]);
    expect(changed(differences("a b c", "a x c d"))).toEqual({ added: 2, removed: 1 });
  });

  it("put together are the two texts, whatever they are", () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    const words = ["a", "b", " ", "é", "👋", ".", "\n", "שלום"];
    for (let i = 0; i < 300; i++) {
      const [before, after] = [0, 1].map(() =>
        Array.from({ length: random(14) }, () => words[random(words.length)]).join(""),
      ) as [string, string];
      const parts = differences(before, after);
      const without = (kind: string) => parts.filter((part) => part.kind !== kind).map(({ text }) => text);
      expect(without("added").join("")).toBe(before);
      expect(without("removed").join("")).toBe(after);
    }
  });

  it("of long texts that have nothing in common end", () => {
    const [before, after] = ["x ".repeat(4000), "y ".repeat(4000)];
    const parts = differences(before, after);
    expect(
      parts
        .filter(({ kind }) => kind !== "added")
        .map(({ text }) => text)
        .join(""),
    ).toBe(before);
  });
});
