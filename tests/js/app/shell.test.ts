// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { askKernel, askTicket, configOf, cookie } from "../../../labelwidgets/js/app/gate.ts";
import { Shell } from "../../../labelwidgets/js/app/shell.ts";
import { BEAT_MS, SILENCE_MS } from "../../../labelwidgets/js/core/link.ts";
import type { Host } from "../../../labelwidgets/js/core/model.ts";
import type { Act, Reply } from "../../../labelwidgets/js/core/protocol.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";

const CONFIG = { base: "/x/", kernel: "k1" };
const STREET = { name: "street", may: ["label", "comment"], archived: false };
const LETTERS = { name: "letters", may: ["label", "comment", "read", "manage"], archived: false };
const ENTERED = {
  me: { id: "ann", name: "Ann", role: "annotator", may: [] },
  projects: [STREET, LETTERS],
  opened: { page: "projects", project: null, data: null },
};

type Answer = (act: Act) => Record<string, unknown> | null;

/** A kernel that answers at once; null for silence, `code` for a refusal. */
class FakeHost implements Host {
  readonly acts: Act[] = [];
  answer: Answer;
  #hear: (reply: Reply, buffers: readonly Uint8Array[]) => void = () => {};

  constructor(answer: Answer = () => ({})) {
    this.answer = answer;
  }
  get() {
    return { title: "App", logo: "", ticket: true, kernel: "k" };
  }
  onTrait() {}
  onMessage(fn: (reply: Reply, buffers: readonly Uint8Array[]) => void) {
    this.#hear = fn;
  }
  send(act: Act) {
    this.acts.push(act);
    const said = act.kind === ("enter" as string) ? ENTERED : this.answer(act);
    if (said) this.reply(act, said);
    return true;
  }
  reply(act: Act, said: Record<string, unknown>) {
    const kind = said.code ? "refuse" : "ack";
    this.#hear({ kind, id: act.id, ...said } as unknown as Reply, []);
  }
  kinds() {
    return this.acts.map(({ kind }) => kind as string);
  }
}

const json = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status });
const TICKET = async () => json(200, { ticket: "t1" });
let scope: Scope;

beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope();
  globalThis.history.replaceState(null, "", "/x/");
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

async function shellOf(host: FakeHost, ask: typeof fetch = TICKET as typeof fetch) {
  const options = { config: CONFIG, show: async () => {}, history: globalThis.history, fetch: ask };
  const shell = new Shell(host, scope, options);
  await shell.open();
  return shell;
}

describe("the gate", () => {
  it("asks for a ticket with the kernel's id and the cookie's word", async () => {
    const ask = vi.fn(TICKET);
    // biome-ignore lint/suspicious/noDocumentCookie: a test has no server that sets it
    document.cookie = "_xsrf=a%7Cb";
    expect(await askTicket(CONFIG, ask as unknown as typeof fetch)).toEqual({ says: "ticket", ticket: "t1" });
    const [url, options] = ask.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe("/x/ticket");
    expect(options).toMatchObject({ method: "POST", credentials: "same-origin", body: '{"kernel":"k1"}' });
    expect(options.headers).toMatchObject({ "X-XSRFToken": "a|b" });
  });

  it("takes the answer that the page has asked for already, once", async () => {
    const page = globalThis as { __labelwidgets_ticket?: Promise<Response> | undefined };
    page.__labelwidgets_ticket = Promise.resolve(json(200, { ticket: "early" }));
    const ask = vi.fn(TICKET) as unknown as typeof fetch;
    expect(await askTicket(CONFIG, ask)).toMatchObject({ ticket: "early" });
    expect(await askTicket(CONFIG, ask)).toMatchObject({ ticket: "t1" });
  });

  it.each([
    [401, {}, "out"],
    [403, { reason: "not yours" }, "barred"],
    [500, {}, "away"],
    [200, { ticket: 7 }, "away"],
    [200, "nonsense", "away"],
  ])("%s says %s", async (status, body, says) => {
    const ask = (async () => json(status, body)) as unknown as typeof fetch;
    expect((await askTicket(CONFIG, ask)).says).toBe(says);
  });

  it("says when the network is away", async () => {
    const ask = (async () => {
      throw new TypeError("failed");
    }) as unknown as typeof fetch;
    expect((await askTicket(CONFIG, ask)).says).toBe("away");
    expect(await askKernel(CONFIG, ask)).toBe("away");
  });

  it.each([
    [200, "there"],
    [404, "gone"],
    [401, "out"],
    [502, "away"],
  ])("a kernel that answers %s is %s", async (status, says) => {
    expect(await askKernel(CONFIG, (async () => json(status)) as unknown as typeof fetch)).toBe(says);
  });

  it.each([
    [401, "out"],
    [403, "gone"],
    [200, "gone"],
  ])("a kernel that is forbidden is asked for once more at the gate, which says %s", async (status, says) => {
    const ask = (async (url: string) =>
      json(url.endsWith("ticket") ? status : 403)) as unknown as typeof fetch;
    expect(await askKernel(CONFIG, ask)).toBe(says);
  });

  it("reads what the server wrote into the page, and nothing else", () => {
    const write = (text: string) => {
      document.body.innerHTML = '<script id="jupyter-config-data" type="application/json"></script>';
      const script = document.getElementById("jupyter-config-data");
      if (script) script.textContent = text;
      return configOf(document);
    };
    expect(write('{"baseUrl": "/x", "kernelId": "k1"}')).toEqual(CONFIG);
    expect(write('{"baseUrl": "/x/"}')).toBeNull();
    expect(write("{")).toBeNull();
    document.body.innerHTML = "";
    expect(configOf(document)).toBeNull();
    expect(cookie("_xsrf", "a=1; _xsrf=2|x; b=3")).toBe("2|x");
  });
});

describe("coming in", () => {
  it("hands in the ticket with the page of the address", async () => {
    globalThis.history.replaceState(null, "", "/x/manage/letters");
    const host = new FakeHost();
    const shell = await shellOf(host);
    expect(host.acts[0]).toMatchObject({ kind: "enter", ticket: "t1", page: "manage", project: "letters" });
    expect(shell.stage.value).toBe("in");
    expect(shell.me.value?.id).toBe("ann");
  });

  it("writes the address of where it was led to", async () => {
    const host = new FakeHost();
    await shellOf(host);
    expect(globalThis.location.pathname).toBe("/x/");
  });

  it("does nothing at the kernel when nobody is signed in", async () => {
    const host = new FakeHost();
    const shell = await shellOf(host, (async () => json(401)) as unknown as typeof fetch);
    expect(shell.stage.value).toBe("out");
    expect(host.acts).toEqual([]);
    expect(shell.signIn).toBe("/x/login?next=%2Fx%2F");
  });

  it("tries again by itself when the network is away", async () => {
    let down = true;
    const ask = (async () => {
      if (down) throw new TypeError("down");
      return json(200, { ticket: "t2" });
    }) as unknown as typeof fetch;
    const host = new FakeHost();
    const shell = await shellOf(host, ask);
    expect(shell.stage.value).toBe("away");
    down = false;
    await vi.advanceTimersByTimeAsync(11_000);
    expect(shell.stage.value).toBe("in");
    expect(host.kinds()).toEqual(["enter"]);
  });
});

describe("going from page to page", () => {
  const open: Answer = (act) => ({ page: act.page, project: act.project, data: { revision: 1 } });

  it("shows the page and its address, and goes back with the browser", async () => {
    const shell = await shellOf(new FakeHost(open));
    await shell.go("work", "street");
    expect(globalThis.location.pathname).toBe("/x/work/street");
    expect(shell.opened.value?.place).toEqual({ page: "work", project: "street" });
    await shell.go("about");
    globalThis.history.replaceState(null, "", "/x/work/street");
    globalThis.dispatchEvent(new Event("popstate"));
    await vi.advanceTimersByTimeAsync(0);
    expect(shell.opened.value?.place).toEqual({ page: "work", project: "street" });
  });

  it("shows the last page asked for, however the answers come", async () => {
    const host = new FakeHost(() => null);
    const shell = await shellOf(host);
    void shell.go("work", "street");
    void shell.go("manage", "letters");
    const [first, second] = host.acts.slice(-2) as [Act, Act];
    host.reply(second, { page: "manage", project: "letters", data: 2 });
    host.reply(first, { page: "work", project: "street", data: 1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(shell.opened.value).toMatchObject({ place: { page: "manage" }, data: 2 });
    expect(shell.busy.value).toBe(false);
  });

  it("says why a page can't be shown", async () => {
    const shell = await shellOf(new FakeHost(() => ({ code: "rights", reason: "Ask a manager." })));
    await shell.go("manage", "street");
    expect(shell.opened.value?.reason).toBe("Ask a manager.");
    expect(shell.stage.value).toBe("in");
  });

  it("offers the pages that somebody may open", async () => {
    const shell = await shellOf(new FakeHost(open));
    expect(shell.pages()).toEqual(["label", "work", "about"]);
    await shell.go("manage", "letters");
    expect(shell.pages()).toEqual(["label", "work", "manage", "about"]);
    expect(shell.href("work")).toBe("/x/work/letters");
  });

  it("asks for newer numbers only where numbers are shown", async () => {
    const host = new FakeHost(open);
    const shell = await shellOf(host);
    await shell.go("manage", "letters");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(host.acts.at(-1)).toMatchObject({ kind: "fresh", page: "manage", since: 1 });
    await shell.go("about");
    const before = host.acts.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(host.acts.length).toBe(before);
  });

  it("asks for everything anew after an act", async () => {
    const host = new FakeHost(open);
    const shell = await shellOf(host);
    await shell.go("manage", "letters");
    await shell.act("remove", { person: "ben" });
    expect(host.kinds().slice(-2)).toEqual(["remove", "fresh"]);
    expect(host.acts.at(-1)).toMatchObject({ since: null });
  });
});

describe("when nothing comes", () => {
  async function silent(status: number) {
    let asked = 0;
    const ask = (async (url: string) => {
      if (url.endsWith("ticket")) return json(200, { ticket: "t" });
      asked += 1;
      return json(status);
    }) as unknown as typeof fetch;
    const host = new FakeHost(() => null);
    const shell = await shellOf(host, ask);
    await vi.advanceTimersByTimeAsync(BEAT_MS + SILENCE_MS + 100);
    return { host, shell, asked: () => asked };
  }

  it("says that the kernel was ended", async () => {
    const { shell } = await silent(404);
    expect(shell.stage.value).toBe("gone");
  });

  it("says that nobody is signed in any more", async () => {
    const { shell } = await silent(401);
    expect(shell.stage.value).toBe("out");
  });

  it("says that the server is away, asks again, and goes on when it answers", async () => {
    const { host, shell, asked } = await silent(502);
    expect(shell.stage.value).toBe("away");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked()).toBe(2);
    host.reply(host.acts.at(-1) as Act, { kernel: "k" });
    expect(shell.stage.value).toBe("in");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(shell.said.value).toBe("The server answers again.");
  });

  it("says that access has ended, whatever was asked", async () => {
    const shell = await shellOf(
      new FakeHost(() => ({ code: "ended", reason: "The access of ann has ended." })),
    );
    await vi.advanceTimersByTimeAsync(BEAT_MS);
    expect([shell.stage.value, shell.why.value]).toEqual(["ended", "The access of ann has ended."]);
  });

  it("asks nothing of a page that nobody has used for ten minutes", async () => {
    const host = new FakeHost(() => ({}));
    await shellOf(host);
    await vi.advanceTimersByTimeAsync(700_000);
    const before = host.acts.length;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(host.acts.length).toBe(before);
  });
});
