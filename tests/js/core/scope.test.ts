import { afterEach, describe, expect, it, vi } from "vitest";
import { Scope, scopeOf } from "../../../labelwidgets/js/core/scope.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a scope", () => {
  it("ends children first, then last in, first out", () => {
    const ended: string[] = [];
    const scope = new Scope();
    scope.own(() => ended.push("first"));
    scope.own(() => ended.push("second"));
    scope.child().own(() => ended.push("child 1"));
    scope.child().own(() => ended.push("child 2"));
    scope.dispose();
    scope.dispose();
    expect(ended).toEqual(["child 2", "child 1", "second", "first"]);
  });

  it("goes on ending when one part fails", () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const ended = vi.fn();
    const scope = new Scope();
    scope.own(ended);
    scope.own(() => {
      throw new Error("broken");
    });
    scope.dispose();
    expect(ended).toHaveBeenCalledOnce();
    expect(report).toHaveBeenCalledOnce();
  });

  it("disposes at once what is registered after its end", () => {
    vi.useFakeTimers();
    const scope = new Scope();
    scope.dispose();
    const late = vi.fn();
    scope.own(late);
    expect(late).toHaveBeenCalledOnce();
    const target = new EventTarget();
    scope.listen(target, "ping", late);
    target.dispatchEvent(new Event("ping"));
    scope.timeout(late, 1);
    scope.interval(late, 1);
    vi.advanceTimersByTime(10);
    expect(late).toHaveBeenCalledOnce();
    expect(scope.child().disposed).toBe(true);
  });

  it("stops a capturing listener", () => {
    const heard = vi.fn();
    const target = new EventTarget();
    const scope = new Scope();
    scope.listen(target, "ping", heard, { capture: true });
    target.dispatchEvent(new Event("ping"));
    scope.dispose();
    target.dispatchEvent(new Event("ping"));
    expect(heard).toHaveBeenCalledOnce();
  });

  it("cancels timers, early and at the end", () => {
    vi.useFakeTimers();
    const scope = new Scope();
    const ran: string[] = [];
    scope.timeout(() => ran.push("timeout"), 10);
    scope.timeout(() => ran.push("cancelled"), 10)();
    scope.interval(() => ran.push("interval"), 15);
    vi.advanceTimersByTime(20);
    scope.timeout(() => ran.push("late"), 10);
    scope.dispose();
    vi.advanceTimersByTime(100);
    expect(ran).toEqual(["timeout", "interval"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps nothing of a timer that ran or a child that ended", () => {
    vi.useFakeTimers();
    const scope = new Scope();
    const ended = vi.fn();
    const child = scope.child();
    child.own(ended);
    child.dispose();
    scope.dispose();
    expect(ended).toHaveBeenCalledOnce();
  });

  it("aborts its signal, and ends with another's", () => {
    const controller = new AbortController();
    const scope = scopeOf(controller.signal);
    expect(scope.abortSignal.aborted).toBe(false);
    controller.abort();
    expect(scope.abortSignal.aborted).toBe(true);
    expect(scopeOf(controller.signal).disposed).toBe(true);
  });
});
