import { expect, it } from "vitest";
import { check } from "../../../labelwidgets/js/core/check.ts";
import type { FieldJson, Json } from "../../../labelwidgets/js/core/protocol.ts";
import { box, boxes, choice, push, spans } from "./fakes.ts";

const base = { title: "T", help: "", required: false } as const;
const number = { ...base, kind: "number", name: "n", min: 0, max: 10, step: null, unit: "kg" } as const;
const text = { ...base, kind: "text", name: "t", multiline: false, max_length: 3, begin: null } as const;

function reasons(field: FieldJson, value: Json): string[] {
  return check({ fields: [field], version: 1 }, { [field.name]: value }).map(({ reason }) => reason);
}

it.each<[string, FieldJson, Json, RegExp | null]>([
  ["a required choice", choice({ title: "Animal" }), null, /"Animal" needs an answer/],
  ["a required list", choice({ multiple: true }), [], /needs an answer/],
  ["an optional choice", choice({ required: false }), null, null],
  ["a number below", number, -1, /-1 kg; the least is 0 kg/],
  ["a number above", number, 11, /the most is 10 kg/],
  ["a number at the edge", number, 10, null],
  ["no number", number, "x", /needs a number/],
  ["zero is an answer", { ...number, required: true }, 0, null],
  ["text counted in code points", text, "👍👍👍", null],
  ["long text", text, "abcd", /has 4 characters; the most is 3/],
  ["required text left empty", { ...text, required: true }, "", /needs an answer/],
  ["no boxes is an answer", boxes(), [], null],
  ["too few boxes", boxes({ min_count: 2, title: "B" }), [box("a")] as never, /"B" has 1 of at least 2/],
  ["too many boxes", boxes({ max_count: 1 }), [box("a"), box("b")] as never, /has 2; the most is 1/],
  ["a box without label", boxes(), [box("a", { label: null })] as never, /1 box has no label/],
  ["boxes that have no labels", boxes({ labels: [] }), [box("a", { label: null })] as never, null],
  ["a small box", boxes({ min_size: 5 }), [box("a", { width: 4 })] as never, /1 box is smaller than 5 px/],
])("%s", (_, field, value, reason) => {
  const found = reasons(field, value);
  if (reason === null) expect(found).toEqual([]);
  else expect(found.join("\n")).toMatch(reason);
});

it("asks for the required attributes of each region", () => {
  const field = boxes({ attributes: [choice({ name: "mood", title: "Mood" })] });
  const said = [box("a", { attributes: { mood: "calm" } }), box("b")] as never;
  expect(reasons(field, said)).toEqual(['"Mood" of 1 box needs an answer in its range.']);
});

it("asks for a span of each given token, where the field says so", () => {
  const field = spans({ granularity: "token", tokens: "words", every: true, title: "Tags" });
  const words: [number, number][] = [
    [0, 3],
    [4, 7],
    [8, 11],
  ];
  const task = push(1, { media: { kind: "text", tokens: { words } } });
  const said = (...ends: [number, number][]) => {
    const value = ends.map(([start, end], i) => ({
      ...box(`${i}`, { label: "PER" }),
      start,
      end,
      parts: [],
    }));
    return check({ fields: [field], version: 1 }, { entities: value as never }, task).map(
      (each) => each.reason,
    );
  };
  expect(said([0, 3])).toEqual(['"Tags" of token 2 and 1 other needs an answer.']);
  expect(said([4, 11], [0, 3])).toEqual([]);
  expect(said()).toEqual(['"Tags" of token 1 and 2 others needs an answer.']);
});
