/** What the frame says, as pure functions: counts, pace, the truth about saving. */

import type { Saving } from "../core/desk.ts";
import type { State } from "../core/protocol.ts";
import type { IconName } from "./icons.tsx";

export interface Said {
  icon: IconName;
  tone: "good" | "busy" | "warn" | "bad";
  text: string;
  /** More, for the tooltip. */
  more: string;
}

/** Hours and minutes of the page's clock. */
export function clock(at: Date): string {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** "1 answer", "2 answers". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** The truth about saving, in one line. */
export function saidOfSaving(saving: Saving): Said {
  const waiting = counted(saving.pending, "answer");
  switch (saving.state) {
    case "saved":
      return { icon: "saved", tone: "good", text: "Saved", more: "Every answer is in the store." };
    case "saving":
      return {
        icon: "saving",
        tone: "busy",
        text: `Saving ${saving.pending}`,
        more: `${waiting} on the way to the store.`,
      };
    case "offline":
      return {
        icon: "offline",
        tone: "bad",
        text: saving.since ? `Not saved since ${clock(saving.since)}` : "Not saved",
        more: `${waiting} kept in this browser until the kernel answers. ${saving.reason}`.trim(),
      };
    case "memory":
      return {
        icon: "memory",
        tone: "warn",
        text: "Kept only while this tab is open",
        more: saving.reason || "This browser lets the page store nothing.",
      };
    case "paused":
      return {
        icon: "pause",
        tone: "warn",
        text: "Paused",
        more: saving.reason || "Any key or click goes on.",
      };
  }
}

type Progress = State["progress"];

/** "12 of 300": the item on the desk among all. */
export function place(progress: Progress): string {
  return `${progress.done.toLocaleString("en")} of ${progress.total.toLocaleString("en")}`;
}

/** Done share in 0..1. */
export function share(progress: Progress): number {
  return progress.total > 0 ? Math.min(1, (progress.done + progress.skipped) / progress.total) : 0;
}

/** "41/h", empty before there is a pace. */
export function pace(progress: Progress): string {
  return progress.per_hour >= 1 ? `${Math.round(progress.per_hour).toLocaleString("en")}/h` : "";
}

/** A model's score as people read it. */
export function percent(score: number | null): string {
  return score === null || !Number.isFinite(score) ? "" : `${Math.round(score * 100)} %`;
}
