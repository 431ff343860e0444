// @vitest-environment happy-dom
import { h } from "preact";
import { describe, expect, it } from "vitest";
import type { ColumnInfo, Invitation, ManageData } from "../../../labelwidgets/js/app/acts.ts";
import {
  conditionsOf,
  Filters,
  problemOf,
  whereInWords,
  whereOf,
} from "../../../labelwidgets/js/app/filters.tsx";
import { pace, states } from "../../../labelwidgets/js/app/overview.tsx";
import { linkOf } from "../../../labelwidgets/js/app/people.tsx";
import { addressOf, placeOf } from "../../../labelwidgets/js/app/place.ts";
import { type Column, sorted } from "../../../labelwidgets/js/app/table.tsx";
import { ago, called, duration, found, initials } from "../../../labelwidgets/js/app/words.ts";
import { all, button, click, one, show } from "../ui/page.tsx";

describe("addresses", () => {
  it.each(["/", "/label/street", "/work/a%20b", "/manage/%3Cimg%3E", "/about", "/label/%2Fetc"])(
    "%s leads to a place whose address it is",
    (path) => {
      for (const base of ["/", "/x/"]) {
        const whole = base + path.slice(1);
        expect(addressOf(placeOf(whole, base), base)).toBe(whole);
      }
    },
  );

  it.each(["/nowhere", "/label2/x", "/%E0%A4%A", "/__proto__/x", "/constructor"])(
    "%s is no address of ours and leads to the projects",
    (path) => expect(placeOf(path, "/")).toEqual({ page: "projects", project: null }),
  );

  it("leaves out a project whose name can't be read", () => {
    expect(placeOf("/label/%E0%A4%A", "/")).toEqual({ page: "label", project: null });
  });

  it("makes a link of an invitation, below the app's own base", () => {
    const made = { word: "w1", path: "/invite/w1" } as Invitation;
    expect(linkOf(made, "/x/", "https://app.test")).toBe("https://app.test/x/invite/w1");
    expect(linkOf({ ...made, path: "" }, "/", "https://app.test")).toBe("https://app.test/invite/w1");
  });
});

describe("words", () => {
  const now = new Date("2026-03-10T12:00:00Z");
  it.each([
    ["2026-03-10T11:59:30Z", "just now"],
    ["2026-03-10T12:00:20Z", "just now"],
    ["2026-03-10T11:12:00Z", "48 min ago"],
    ["2026-03-10T02:00:00Z", "10 h ago"],
    ["2026-03-05T12:00:00Z", "5 d ago"],
    ["2026-01-02T12:00:00Z", "2 Jan"],
    ["2024-01-02T12:00:00Z", "2 Jan 2024"],
    ["never", ""],
  ])("%s is %s", (at, says) => expect(ago(at, now)).toBe(says));

  it("says durations shortly", () => {
    expect([0.25, 4, 61, 600, 20_000, null].map((s) => duration(s))).toEqual([
      "0.3 s",
      "4 s",
      "61 s",
      "10 min",
      "5.6 h",
      "",
    ]);
  });

  it("makes initials of any name", () => {
    expect(["Ann Lee", "ann", "", "李小龍", "a.b@c.org", "🙂 x"].map(initials)).toEqual([
      "AL",
      "A",
      "?",
      "李",
      "AO",
      "🙂X",
    ]);
  });

  it("finds words anywhere, without case or accents", () => {
    expect(found("Straßen Köln 2026", "koln 20")).toBe(true);
    expect(found("Straßen Köln 2026", "bonn")).toBe(false);
    expect(found("anything", "")).toBe(true);
  });
});

describe("paces", () => {
  it.each([
    [null, "–"],
    [4.52, "4.5/h"],
    [9.97, "10/h"],
    [1234.4, "1,234/h"],
  ])("%s is %s", (perHour, says) => expect(pace(perHour)).toBe(says));
});

describe("filters", () => {
  const columns: ColumnInfo[] = [
    { name: "city", kind: "text", values: ["Bonn"] },
    { name: "year", kind: "number", values: [] },
    { name: "night", kind: "bool", values: [] },
  ];
  it("are the JSON that the kernel takes, values of the column's kind", () => {
    const where = whereOf(
      [
        { column: "city", form: "in", value: "Bonn, 007 ,", to: "" },
        { column: "year", form: "between", value: "2001", to: "2004" },
        { column: "night", form: "is", value: "true", to: "" },
      ],
      columns,
    );
    expect(where).toEqual({ city: ["Bonn", "007"], year: { from: 2001, to: 2004 }, night: true });
    expect(whereOf(conditionsOf(where), columns)).toEqual(where);
  });

  it("leave out what is not filled in; none is all tasks", () => {
    expect(whereOf([{ column: "city", form: "is", value: " ", to: "" }], columns)).toBeNull();
    expect(whereOf([{ column: "year", form: "between", value: "", to: "9" }], columns)).toEqual({
      year: { to: 9 },
    });
    expect(whereInWords(null)).toBe("all tasks");
  });

  it("can't be sent with two conditions of one column, of which one alone would count", () => {
    const city = { column: "city", form: "is", value: "Bonn", to: "" } as const;
    const year = { column: "year", form: "between", value: "1", to: "" } as const;
    expect(problemOf([city, year], 1)).toBe("");
    expect(problemOf([city, year, city], 0)).toBe("");
    expect(problemOf([city, year, city], 2)).toContain("“city” has a condition above");
    const given = { id: "f", columns, onChange: () => {} };
    const host = show(h("form", null, h(Filters, { ...given, conditions: [city, year, city] })));
    expect(all(host, "select:invalid, select[aria-invalid=true]").length).toBe(1);
    expect(one<HTMLFormElement>(host, "form").checkValidity()).toBe(false);
    expect(one(host, ".lw-a-filter:last-of-type [role=alert]").textContent).toContain("“city”");
    const right = show(h("form", null, h(Filters, { ...given, conditions: [city, year] })));
    expect(one<HTMLFormElement>(right, "form").checkValidity()).toBe(true);
    expect(right.querySelector("[role=alert]")).toBeNull();
  });

  it("begin with a column that has none yet", () => {
    let made: unknown[] = [];
    const city = { column: "city", form: "is", value: "Bonn", to: "" } as const;
    const onChange = (conditions: unknown[]) => {
      made = conditions;
    };
    const filters = h(Filters, { id: "f", columns, conditions: [city], onChange });
    click(button(show(h("form", null, filters)), "And"));
    expect(made).toEqual([city, { column: "year", form: "is", value: "", to: "" }]);
  });

  it("are said in words", () => {
    expect(whereInWords({ city: ["Bonn", "Ulm"], year: { from: 1 }, n: 5 })).toBe(
      "city is Bonn or Ulm, year from 1, n is 5",
    );
  });
});

describe("tables", () => {
  interface Row {
    name: string;
    n: number | null;
  }
  const columns: Column<Row>[] = [
    { name: "Name", by: ({ name }) => name, draw: () => null },
    { name: "N", by: ({ n }) => n, numeric: true, draw: () => null },
    { name: "Acts", draw: () => null },
  ];
  const rows = [
    { name: "b10", n: 3 },
    { name: "B2", n: null },
    { name: "á", n: 20 },
  ];
  const names = (column: string, down: boolean) =>
    sorted(rows, columns, { column, down }).map(({ name }) => name);

  it("are sorted as people sort, what is not known last", () => {
    expect(names("Name", false)).toEqual(["á", "B2", "b10"]);
    expect(names("N", true)).toEqual(["á", "b10", "B2"]);
    expect(names("N", false)).toEqual(["b10", "á", "B2"]);
  });

  it("stay as they came without a column to sort by", () => {
    expect(names("Acts", true)).toEqual(["b10", "B2", "á"]);
    expect(sorted(rows, columns, null)).toEqual(rows);
  });
});

it("counts every task once, whatever the store says of it", () => {
  const progress = { total: 10, done: 6, open: 4, leased: 3, people: 1, skipped: 5 };
  expect(states(progress as ManageData["progress"])).toEqual({ done: 6, leased: 3, skipped: 1, rest: 0 });
  expect(states({ ...progress, done: 10 })).toEqual({ done: 10, leased: 0, skipped: 0, rest: 0 });
});

describe("a project", () => {
  it("goes by its name, and by the app's title when it has none", () => {
    expect(called("street", "City survey")).toBe("street");
    expect(called("default", "City survey")).toBe("City survey");
  });
});
