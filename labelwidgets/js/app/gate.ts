/** The way from a page's address to who is there: the server's ticket, and what it says of the page's kernel. */

export interface Config {
  /** Ends with "/"; where the app lies. */
  base: string;
  /** Of the kernel that was started for this page. */
  kernel: string;
}

/** What the server wrote into the page; null in a notebook. */
export function configOf(page: Document): Config | null {
  const text = page.getElementById("jupyter-config-data")?.textContent;
  if (!text) return null;
  try {
    const { baseUrl, kernelId } = JSON.parse(text) as { baseUrl?: unknown; kernelId?: unknown };
    if (typeof baseUrl !== "string" || typeof kernelId !== "string") return null;
    return { base: baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`, kernel: kernelId };
  } catch {
    return null;
  }
}

/**
 * - `ticket`: hand it to the kernel;
 * - `out`: nobody is signed in;
 * - `barred`: somebody is, and this page is not theirs;
 * - `away`: no answer, or none that makes sense.
 */
export type Gate = { says: "ticket"; ticket: string } | { says: "out" | "barred" | "away"; reason: string };

type Fetch = typeof fetch;

/** The page itself has asked already, before the front end was there; a ticket is good once. */
function asked(): Promise<Response> | undefined {
  const page = globalThis as { __labelwidgets_ticket?: Promise<Response> | undefined };
  const answer = page.__labelwidgets_ticket;
  page.__labelwidgets_ticket = undefined;
  return answer;
}

export async function askTicket(config: Config, ask: Fetch = fetch): Promise<Gate> {
  try {
    const answer = await (asked() ??
      ask(`${config.base}ticket`, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-XSRFToken": cookie("_xsrf") },
        body: JSON.stringify({ kernel: config.kernel }),
      }));
    // A proxy that signs people in sends them to its own page.
    if (answer.status === 401 || answer.redirected) return { says: "out", reason: "" };
    const told = (await answer.json().catch(() => ({}))) as { ticket?: unknown; reason?: unknown };
    const reason = typeof told.reason === "string" ? told.reason : "";
    if (answer.status === 403) return { says: "barred", reason };
    if (answer.ok && typeof told.ticket === "string") return { says: "ticket", ticket: told.ticket };
    return { says: "away", reason: reason || `The server answered ${answer.status}.` };
  } catch {
    return { says: "away", reason: "The server can't be reached." };
  }
}

/**
 * - `there`: the kernel lives, and was perhaps restarted;
 * - `gone`: it was ended, as kernels of pages that are left alone are, or the server knows none of it any more;
 * - `out`, `away`: as for the gate.
 */
export type Kernel = "there" | "gone" | "out" | "away";

/** Asks the server about the page's kernel, when the kernel itself is silent. */
export async function askKernel(config: Config, ask: Fetch = fetch): Promise<Kernel> {
  try {
    const answer = await ask(`${config.base}api/kernels/${encodeURIComponent(config.kernel)}`, {
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    if (answer.status === 404) return "gone";
    if (answer.status === 401 || answer.redirected) return "out";
    // Jupyter forbids alike what is unknown since it was started anew, what is not theirs, and who is signed out.
    if (answer.status === 403) return (await askTicket(config, ask)).says === "out" ? "out" : "gone";
    return answer.ok ? "there" : "away";
  } catch {
    return "away";
  }
}

export function cookie(name: string, text: string = document.cookie): string {
  const found = text.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
