/** Where one is in the app, and the address that says so. */

export type PageName = "projects" | "label" | "work" | "manage" | "about";

export interface Place {
  page: PageName;
  /** Null on the pages of no project. */
  project: string | null;
}

/** Pages of one project. */
const OF_PROJECT: ReadonlySet<string> = new Set(["label", "work", "manage"]);

export function isOfProject(page: PageName): boolean {
  return OF_PROJECT.has(page);
}

/** The place of an address below `base`, such as "/label/street"; what is no address of ours is the first page. */
export function placeOf(path: string, base: string): Place {
  const below = path.startsWith(base) ? path.slice(base.length) : path;
  const [page = "", name = ""] = below.split("/").filter(Boolean);
  if (page === "about") return { page, project: null };
  if (!OF_PROJECT.has(page)) return { page: "projects", project: null };
  return { page: page as PageName, project: decoded(name) };
}

/** The address of a place; `base` ends with "/". */
export function addressOf({ page, project }: Place, base: string): string {
  if (page === "projects") return base;
  return project && isOfProject(page) ? `${base}${page}/${encodeURIComponent(project)}` : `${base}${page}`;
}

function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name) || null;
  } catch {
    return null; // no address that was made here
  }
}
