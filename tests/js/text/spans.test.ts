import { describe, expect, it } from "vitest";
import type { SpanJson } from "../../../labelwidgets/js/core/protocol.ts";
import type { Range } from "../../../labelwidgets/js/text/edges.ts";
import { Offsets } from "../../../labelwidgets/js/text/offsets.ts";
import { joined, occurrences, relation, reshaped, Spans } from "../../../labelwidgets/js/text/spans.ts";
import { seeded } from "../canvas/seeded.ts";

const span = (id: string, start: number, end: number, parts: [number, number][] = []): SpanJson => ({
  id,
  label: "PER",
  score: null,
  attributes: {},
  start,
  end,
  text: "",
  parts,
  link: null,
});

const ids = (spans: readonly { region: SpanJson }[]) => spans.map(({ region }) => region.id);

describe("spans", () => {
  it("are found where looking at each would find them", () => {
    const { between } = seeded(5);
    const random = () => between(0, 1);
    const all = Array.from({ length: 400 }, (_, i) => {
      const start = Math.floor(random() * 20_000);
      return span(`${i}`, start, start + 1 + Math.floor(random() * (i % 50 === 0 ? 15_000 : 60)));
    });
    const spans = new Spans(new Offsets("x".repeat(40_000)));
    spans.sync("f", all, false);
    for (let round = 0; round < 200; round++) {
      const from = Math.floor(random() * 21_000);
      const to = from + 1 + Math.floor(random() * 900);
      const wanted = all.filter(({ start, end }) => start < to && end > from).map(({ id }) => id);
      expect(ids(spans.within(from, to)).sort()).toEqual(wanted.sort());
    }
  });

  it("tell where something has changed, and only there", () => {
    const spans = new Spans(new Offsets("x".repeat(100)));
    const [a, b] = [span("a", 0, 5), span("b", 10, 20)];
    expect(spans.sync("f", [a, b], false)).toEqual([
      [0, 5],
      [10, 20],
    ]);
    expect(spans.sync("f", [a, b], false)).toEqual([]);
    expect(spans.sync("f", [a, span("b", 12, 22)], false)).toEqual([
      [10, 20],
      [12, 22],
    ]);
    expect(spans.sync("f", [a], false)).toEqual([[12, 22]]);
    expect(spans.sync("g", [], true)).toEqual([]);
    expect(spans.size).toBe(1);
  });

  it("lie in units, though the store counts code points", () => {
    const spans = new Spans(new Offsets("😀😀 Berlin"));
    spans.sync("f", [span("a", 3, 9)], false);
    expect([...spans.values()].map(({ start, end }) => [start, end])).toEqual([[5, 11]]);
  });

  it("at a place are the short ones first, an edge being theirs, a gap between parts not", () => {
    const spans = new Spans(new Offsets("x".repeat(50)));
    spans.sync(
      "f",
      [
        span("long", 0, 30),
        span("short", 10, 15),
        span("parted", 5, 25, [
          [5, 8],
          [20, 25],
        ]),
      ],
      false,
    );
    expect(ids(spans.at(12))).toEqual(["short", "long"]);
    expect(ids(spans.at(15))).toEqual(["short", "long"]);
    expect(ids(spans.at(22))).toEqual(["parted", "long"]);
    expect(ids(spans.within(9, 11))).toEqual(["long", "short"]);
  });
});

describe("stretches", () => {
  it("lie apart, in each other, or over each other", () => {
    expect(relation([[0, 5]], [[5, 9]])).toBe("apart");
    expect(relation([[0, 5]], [[0, 5]])).toBe("nested");
    expect(relation([[0, 9]], [[2, 5]])).toBe("nested");
    expect(relation([[0, 5]], [[3, 9]])).toBe("overlapping");
    const parted: Range[] = [
      [0, 2],
      [8, 9],
    ];
    expect(relation(parted, [[3, 7]])).toBe("apart");
    expect(relation(parted, [[1, 9]])).toBe("overlapping");
    expect(relation(parted, [[0, 9]])).toBe("nested");
  });

  it("join where they touch", () => {
    expect(
      joined([
        [5, 9],
        [0, 3],
        [3, 4],
        [8, 12],
        [20, 20],
      ]),
    ).toEqual([
      [0, 4],
      [5, 12],
    ]);
  });

  const whole = (range: Range) => range;
  it("get another beginning or end, never none", () => {
    expect(reshaped([[5, 9]], "end", 12, whole)).toEqual([[5, 12]]);
    expect(reshaped([[5, 9]], "start", 2, whole)).toEqual([[2, 9]]);
    expect(reshaped([[5, 9]], "end", 5, whole)).toEqual([[5, 9]]);
    expect(reshaped([[5, 9]], "start", 11, whole)).toEqual([[5, 9]]);
  });

  it("lose the parts that lie beyond", () => {
    const parts: Range[] = [
      [0, 3],
      [5, 8],
      [10, 12],
    ];
    expect(reshaped(parts, "end", 7, whole)).toEqual([
      [0, 3],
      [5, 7],
    ]);
    expect(reshaped(parts, "start", 4, whole)).toEqual([
      [4, 8],
      [10, 12],
    ]);
    expect(reshaped(parts, "end", 20, whole).at(-1)).toEqual([10, 20]);
  });

  it("are found everywhere, none over another", () => {
    expect(occurrences("aaaa", "aa")).toEqual([
      [0, 2],
      [2, 4],
    ]);
    expect(occurrences("abc", "")).toEqual([]);
    expect(occurrences("a.c abc", "a.c")).toEqual([[0, 3]]);
  });
});
