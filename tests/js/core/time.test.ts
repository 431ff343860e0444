import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Link } from "../../../labelwidgets/js/core/link.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";
import { Stopwatch } from "../../../labelwidgets/js/core/stopwatch.ts";

describe("the stopwatch", () => {
  function made() {
    let now = 0;
    const watch = new Stopwatch(() => now);
    return { watch, at: (seconds: number) => (now = seconds * 1000) };
  }

  it("leaves out idleness beyond 30 s and time with the page hidden", () => {
    const { watch, at } = made();
    at(10);
    watch.touch();
    at(100);
    watch.touch();
    at(105);
    watch.hide(true);
    at(3600);
    watch.touch();
    watch.hide(false);
    at(3602);
    expect(watch.read().seconds).toBe(10 + 30 + 5 + 2);
  });

  it("notes the first act, and starts anew with each task", () => {
    const { watch, at } = made();
    expect(watch.read().first_act_at).toBeNull();
    at(5);
    watch.act();
    at(8);
    watch.act();
    expect(watch.read()).toMatchObject({
      shown_at: "1970-01-01T00:00:00.000Z",
      first_act_at: "1970-01-01T00:00:05.000Z",
      submitted_at: "1970-01-01T00:00:08.000Z",
      seconds: 8,
    });
    watch.start();
    expect(watch.read()).toMatchObject({
      first_act_at: null,
      seconds: 0,
      shown_at: "1970-01-01T00:00:08.000Z",
    });
  });

  it("survives a clock that is set back", () => {
    const { watch, at } = made();
    at(-500);
    watch.touch();
    at(-498);
    expect(watch.read().seconds).toBe(2);
  });
});

describe("the link", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function made() {
    const beat = vi.fn();
    return { link: new Link(new Scope(), beat), beat };
  }

  it("is down ten seconds after what nobody answers, since it was sent", () => {
    const { link } = made();
    const sent = Date.now();
    link.sent();
    vi.advanceTimersByTime(4_000);
    link.sent();
    vi.advanceTimersByTime(5_999);
    expect(link.state.value.since).toBeNull();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(30_000);
    link.sent();
    vi.advanceTimersByTime(30_000);
    expect(link.state.value.since?.getTime()).toBe(sent);
    expect(link.heard()).toBe(true);
    expect(link.state.value.since).toBeNull();
    expect(link.heard()).toBe(false);
  });

  it("asks once more when it finds itself down: the next message may come through", () => {
    const { link, beat } = made();
    vi.advanceTimersByTime(1_000);
    link.sent();
    vi.advanceTimersByTime(9_999);
    expect(beat).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(beat).toHaveBeenCalledOnce();
  });

  it("stays up while anything is heard", () => {
    const { link } = made();
    for (let i = 0; i < 5; i += 1) {
      link.sent();
      vi.advanceTimersByTime(9_000);
      link.heard();
    }
    vi.advanceTimersByTime(60_000);
    expect(link.state.value.since).toBeNull();
  });

  it("beats while somebody works and the page is seen", () => {
    const { link, beat } = made();
    vi.advanceTimersByTime(60_000);
    expect(beat).toHaveBeenCalledTimes(3);
    link.hide(true);
    vi.advanceTimersByTime(60_000);
    expect(beat).toHaveBeenCalledTimes(3);
    link.hide(false);
    expect(beat).toHaveBeenCalledTimes(4);
    link.hide(true);
    link.hide(false);
    expect(beat).toHaveBeenCalledTimes(4);
  });

  it("pauses after ten minutes without input and goes on at once with it", () => {
    const { link, beat } = made();
    vi.advanceTimersByTime(300_000);
    link.input();
    vi.advanceTimersByTime(599_000);
    expect(link.state.value.paused).toBe(false);
    vi.advanceTimersByTime(30_000);
    expect(link.state.value.paused).toBe(true);
    const before = beat.mock.calls.length;
    link.input();
    expect(link.state.value.paused).toBe(false);
    expect(beat).toHaveBeenCalledTimes(before + 1);
  });
});
