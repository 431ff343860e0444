import { expect, it } from "vitest";
import { emptyValues, isRegionKind } from "../../../labelwidgets/js/core/annotations.ts";
import { check } from "../../../labelwidgets/js/core/check.ts";
import type { FieldJson, Json } from "../../../labelwidgets/js/core/protocol.ts";
import { boxes, choice, spans } from "./fakes.ts";

const question = spans({ name: "answer", title: "Answer", unanswerable: true, required: true, min_count: 1 });
const span = {
  id: "a",
  label: "PER",
  score: null,
  attributes: {},
  start: 0,
  end: 3,
  text: "",
  parts: [],
  link: null,
};

function reasons(field: FieldJson, value: Json): string[] {
  return check({ fields: [field], version: 1 }, { [field.name]: value }).map(({ reason }) => reason);
}

it("begins with no regions, and with nothing said where none is an answer", () => {
  const schema = { fields: [boxes(), spans(), question, choice()], version: 1 };
  expect(emptyValues(schema)).toEqual({ objects: [], entities: [], answer: null, animal: null });
});

it("knows the kinds whose values are regions", () => {
  expect(["boxes", "spans", "relations", "choice", "text"].map(isRegionKind)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

it("asks for an answer to a question, and takes that there is none", () => {
  expect(reasons(question, null)).toEqual(['"Answer" needs an answer.']);
  expect(reasons(question, [])).toEqual([]);
  expect(reasons(question, [span])).toEqual([]);
  expect(reasons({ ...question, max_count: 1 }, [span, { ...span, id: "b" }])).toEqual([
    '"Answer" has 2; the most is 1.',
  ]);
});

it("asks for as many spans as there must be, and for their labels", () => {
  expect(reasons(spans({ min_count: 1 }), [])).toEqual(['"Entities" has 0 of at least 1.']);
  expect(reasons(spans(), [{ ...span, label: null }])).toEqual(["1 span has no label yet."]);
});
