/** Pages and projects, found by typing: one key from anywhere. */

import { useMemo, useState } from "preact/hooks";
import { Combobox } from "../ui/fields/combobox.tsx";
import { useSignal } from "../ui/useSignal.ts";
import { Dialog } from "./parts.tsx";
import { isOfProject, type PageName } from "./place.ts";
import type { Shell } from "./shell.ts";
import { called, doneShare, found, TITLES } from "./words.ts";

interface Goal {
  says: string;
  more: string;
  page: PageName;
  project: string | null;
}

/** The pages of the project that is spoken of, then the other projects. */
export function goals(shell: Shell): Goal[] {
  const current = shell.project?.name ?? null;
  const { page: now } = shell.place.value;
  const pages: Goal[] = shell.pages().map((page) => ({
    says: TITLES[page],
    more: isOfProject(page) ? (current ?? "") : "",
    page,
    project: current,
  }));
  const all: Goal = { says: TITLES.projects, more: "all of them", page: "projects", project: null };
  const projects = shell.projects.value
    .filter(({ name, archived }) => name !== current && !archived)
    .map((project): Goal => {
      const percentage = `${Math.round(doneShare(project) * 100)} % done`;
      return {
        says: called(project.name, shell.state.title),
        more: percentage,
        page: pageFor(project.may, now),
        project: project.name,
      };
    });
  return [...pages, all, ...projects];
}

/** The same page of another project, where there is one. */
function pageFor(may: readonly string[], now: PageName): PageName {
  if (now === "manage" && may.includes("read")) return "manage";
  if (!may.includes("label")) return may.includes("read") ? "manage" : "projects";
  return now === "work" ? "work" : "label";
}

export function GoTo({ shell, onClose }: { shell: Shell; onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const projects = useSignal(shell.projects);
  const all = useMemo(() => goals(shell), [projects]);
  const rows = all.filter(({ says, more, page }) => found(`${says} ${more} ${TITLES[page]}`, query));
  return (
    <Dialog title="Go to" class="lw-a-goto" onClose={onClose}>
      <Combobox
        id="lw-a-goto"
        box={{ placeholder: "Page or project…", "aria-label": "Go to a page or project", autofocus: true }}
        query={query}
        onQuery={(typed) => {
          setQuery(typed);
          setAt(0);
        }}
        open
        count={rows.length}
        at={at}
        onMove={setAt}
        label="Pages and projects"
        none="Nothing of that name."
        draw={(i) => (
          <>
            <span class="lw-cut" dir="auto">
              {rows[i]?.says}
            </span>
            <span class="lw-path lw-cut" dir="auto">
              {rows[i]?.more}
            </span>
          </>
        )}
        onPick={(i) => {
          const goal = rows[i];
          onClose();
          if (goal) void shell.go(goal.page, goal.project);
        }}
      />
    </Dialog>
  );
}
