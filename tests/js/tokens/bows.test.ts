import { describe, expect, it } from "vitest";
import { docOf } from "../../../labelwidgets/js/text/doc.ts";
import { type Arc, bowsOf, type Spot } from "../../../labelwidgets/js/tokens/bows.ts";
import { parsed } from "../../../labelwidgets/js/tokens/sentences.ts";

/** Tokens of 40 px, 100 px apart, so many in a line. */
function spots(count: number, each = count): Map<number, Spot> {
  return new Map(
    Array.from({ length: count }, (_, n) => [
      n,
      { line: Math.floor(n / each), left: 20 + (n % each) * 100, width: 40 },
    ]),
  );
}

const arc = (from: number | null, to: number, width = 30): Arc => ({ key: `${from} ${to}`, from, to, width });

describe("arcs above tokens", () => {
  it("lie above all that they hold", () => {
    const bows = bowsOf([arc(0, 3), arc(1, 2), arc(3, 2), arc(null, 0)], spots(4), 400, false);
    const level = new Map(bows.map(({ key, level }) => [key, level]));
    expect([level.get("1 2"), level.get("3 2"), level.get("0 3"), level.get("null 0")]).toEqual([1, 1, 2, 3]);
  });

  it("point at the dependent, whichever side it is on", () => {
    const [right, left] = [
      bowsOf([arc(0, 1)], spots(2), 200, false),
      bowsOf([arc(1, 0)], spots(2), 200, false),
    ];
    expect(right[0]?.ends).toEqual(["plain", "arrow"]);
    expect(left[0]?.ends).toEqual(["arrow", "plain"]);
  });

  it("never cross where they meet one token", () => {
    const bows = bowsOf([arc(0, 1), arc(0, 2), arc(0, 3)], spots(4), 400, false);
    const feet = ["0 3", "0 2", "0 1"].map((key) => bows.find((bow) => bow.key === key)?.left ?? 0);
    expect(feet).toEqual([...feet].sort((a, b) => a - b));
    expect(new Set(feet).size).toBe(3);
  });

  it.each([
    [false, ["plain", "out"], ["out", "arrow"]],
    [true, ["out", "plain"], ["arrow", "out"]],
  ] as const)("go on in another line (right to left: %s)", (rtl, first, second) => {
    const bows = bowsOf([arc(0, 3)], spots(4, 2), 200, rtl);
    expect(bows.map(({ line, ends }) => [line, ends]).sort()).toEqual([
      [0, first],
      [1, second],
    ]);
  });

  it("make room for words that are wider than they are", () => {
    const bows = bowsOf([arc(0, 1, 180), arc(1, 2, 180)], spots(3), 300, false);
    expect(bows.map(({ level }) => level).sort()).toEqual([1, 2]);
  });

  it("leave out what is not there", () => {
    expect(bowsOf([arc(0, 9), arc(null, 9)], spots(2), 200, false)).toEqual([]);
  });
});

describe("sentences", () => {
  it("are lines of the text; what is no token stands between", () => {
    const text = "a 👍b\r\nc (d";
    const { tokens, sentences } = parsed(
      docOf(text, [
        [0, 1],
        [2, 3],
        [3, 4],
        [6, 7],
        [9, 10],
      ]),
    );
    expect(tokens.map(({ form }) => form)).toEqual(["a", "👍", "b", "c", "d"]);
    expect(tokens.map(({ joined }) => joined)).toEqual([false, false, true, false, false]);
    expect(tokens.map(({ between }) => between)).toEqual(["", "", "", "", "("]);
    expect(sentences.map(({ first, last }) => [first, last])).toEqual([
      [0, 3],
      [3, 5],
    ]);
  });

  it("may be none", () => {
    expect(parsed(docOf("", [])).sentences).toEqual([]);
  });
});
