import { describe, expect, it } from "vitest";
import { findAll, hitFrom, MOST_HITS } from "../../../labelwidgets/js/text/search.ts";
import { endingSign, signed, signOf } from "../../../labelwidgets/js/text/signs.ts";

describe("finding", () => {
  it("goes by letters, not by case or composition, and tells places of the text as it is", () => {
    const text = "Cafe\u0301 CAFÉ 😀 café";
    expect(findAll(text, "café").map(([start, end]) => text.slice(start, end))).toEqual([
      "Cafe\u0301",
      "CAFÉ",
      "café",
    ]);
  });

  it("takes what is typed as it is", () => {
    expect(findAll("a.b axb (a|b)*", "(a|b)*")).toEqual([[8, 14]]);
    expect(findAll("a-b\\c/d", "b\\c/d")).toEqual([[2, 7]]);
    expect(findAll("😀😀", "😀")).toEqual([
      [0, 2],
      [2, 4],
    ]);
    expect(findAll("abc", "")).toEqual([]);
  });

  it("passes line ends where a blank is typed", () => {
    expect(findAll("the\r\n  end", "the end")).toEqual([[0, 10]]);
  });

  it("ends at what nobody walks through", () => {
    expect(findAll("a".repeat(MOST_HITS + 5), "a")).toHaveLength(MOST_HITS);
  });

  it("begins where one is, and goes round", () => {
    const hits = findAll("x..x..x", "x");
    expect([hitFrom(hits, 1, 1), hitFrom(hits, 7, 1), hitFrom(hits, 3, -1), hitFrom(hits, 0, -1)]).toEqual([
      1, 0, 0, 2,
    ]);
    expect(hitFrom([], 0, 1)).toBe(-1);
  });
});

describe("signs", () => {
  it("stand for all that can't be seen, and the text is cut nowhere else", () => {
    const text = "a b\tc\u200b👩‍👧\u00ad\u0007\u202e.";
    const stretches = signed(text);
    expect(stretches.map((stretch) => stretch.text).join("")).toBe(text);
    expect(stretches.map(({ sign }) => sign).filter(Boolean)).toEqual([
      "·",
      "→",
      "ZWSP",
      "ZWJ",
      "SHY",
      "␇",
      "RLO",
    ]);
    expect(stretches.filter(({ wide }) => wide).map(({ sign }) => sign)).toEqual([
      "ZWSP",
      "ZWJ",
      "SHY",
      "␇",
      "RLO",
    ]);
  });

  it("name what has no name by its number", () => {
    expect(signOf("\u2061")).toBe("U+2061");
    expect([endingSign("\r\n"), endingSign("\n"), endingSign("")]).toEqual(["␍␊", "↵", ""]);
  });
});
