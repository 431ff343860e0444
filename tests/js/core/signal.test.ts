import { expect, it, vi } from "vitest";
import { batch, Cell, derived } from "../../../labelwidgets/js/core/signal.ts";

it("tells of other values only", () => {
  const cell = new Cell(1);
  const heard: number[] = [];
  const stop = cell.subscribe((value) => heard.push(value));
  cell.set(2);
  cell.set(2);
  cell.update((value) => value + 1);
  stop();
  cell.set(9);
  expect(heard).toEqual([2, 3]);
});

it("tells once after a batch, with the last value, also when the batch fails", () => {
  const cell = new Cell(0);
  const heard: number[] = [];
  cell.subscribe((value) => heard.push(value));
  batch(() => {
    cell.set(1);
    batch(() => cell.set(2));
    cell.set(3);
    expect(heard).toEqual([]);
  });
  expect(() =>
    batch(() => {
      cell.set(4);
      throw new Error("stop");
    }),
  ).toThrow("stop");
  expect(heard).toEqual([3, 4]);
});

it("derives when read, and tells once though two sources changed", () => {
  const [a, b] = [new Cell(1), new Cell(2)];
  const compute = vi.fn((x: number, y: number) => ({ sum: x + y }));
  const sum = derived([a, b], compute);
  expect(sum.value).toBe(sum.value);
  expect(compute).toHaveBeenCalledOnce();
  const heard: number[] = [];
  const stop = sum.subscribe((value) => heard.push(value.sum));
  batch(() => {
    a.set(10);
    b.set(20);
  });
  expect(heard).toEqual([30]);
  stop();
  a.set(0);
  expect(heard).toEqual([30]);
  expect(sum.value.sum).toBe(20);
});

it("tells of a change though somebody has read it before the batch ended", () => {
  const cell = new Cell(1);
  const double = derived([cell], (value) => value * 2);
  const heard: number[] = [];
  double.subscribe((value) => heard.push(value));
  batch(() => {
    cell.set(2);
    expect(double.value).toBe(4);
  });
  expect(heard).toEqual([4]);
});

it("lets a derived signal of a derived signal hear", () => {
  const cell = new Cell(1);
  const double = derived([cell], (value) => value * 2);
  const isBig = derived([double], (value) => value > 10);
  const heard: boolean[] = [];
  isBig.subscribe((value) => heard.push(value));
  cell.set(3);
  cell.set(6);
  cell.set(7);
  expect(heard).toEqual([true]);
});

it("keeps the others informed when one listener fails or leaves", () => {
  const report = vi.spyOn(console, "error").mockImplementation(() => {});
  const cell = new Cell(0);
  const heard: string[] = [];
  cell.subscribe(() => {
    throw new Error("panel");
  });
  let stop = () => {};
  cell.subscribe(() => {
    heard.push("first");
    stop();
  });
  stop = cell.subscribe(() => heard.push("gone"));
  cell.subscribe(() => heard.push("last"));
  cell.set(1);
  expect(heard).toEqual(["first", "last"]);
  expect(report).toHaveBeenCalledOnce();
  report.mockRestore();
});
