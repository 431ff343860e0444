/** Other views of the same person's work in this browser: a second tab, a second view of one widget. */
import type { Scope } from "./scope.ts";
import type { Owner } from "./shelf.ts";

export type News =
  /** A task was answered or skipped there: it need not be shown here. */
  | { answered: string }
  /** It was taken back: it may come here again. */
  | { reopened: string }
  /** The store has an act: it need not be sent from here. */
  | { acked: string };

export class Peers {
  #channel: BroadcastChannel | null;

  constructor({ store, session, user }: Owner, scope: Scope, hear: (news: News) => void) {
    this.#channel = channelOf(JSON.stringify(["labelwidgets", store, session, user]));
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data }) => hear(data as News);
    scope.own(() => {
      this.#channel?.close();
      this.#channel = null;
    });
  }

  tell(news: News): void {
    this.#channel?.postMessage(news);
  }
}

/** None in sandboxed frames: then the store sorts out what both answered. */
function channelOf(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
