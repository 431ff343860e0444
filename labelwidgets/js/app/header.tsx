/** The header: the app, its project, its pages, and who is there. */

import { Key } from "../ui/control.tsx";
import { FIND } from "../ui/drawings.ts";
import { Icon } from "../ui/icons.tsx";
import { useSignal } from "../ui/useSignal.ts";
import type { Project } from "./acts.ts";
import { cookie } from "./gate.ts";
import { AppIcon, type AppIconName, Avatar, Drop, PageLink } from "./parts.tsx";
import type { PageName } from "./place.ts";
import type { Shell } from "./shell.ts";
import { called, role, TITLES } from "./words.ts";

const ICONS: Record<PageName, AppIconName> = {
  projects: "projects",
  label: "label",
  work: "work",
  manage: "manage",
  about: "about",
};

interface HeaderProps {
  shell: Shell;
  /** Shows what one can go to. */
  onGo: () => void;
}

function Links({ shell, onGo }: { shell: Shell; onGo?: () => void }) {
  const { page } = useSignal(shell.place);
  return (
    <>
      {shell.pages().map((name) => (
        <PageLink
          key={name}
          shell={shell}
          page={name}
          class="lw-button lw-a-link"
          current={name === page}
          {...(onGo ? { onGo } : {})}
        >
          <AppIcon name={ICONS[name]} />
          <span>{TITLES[name]}</span>
        </PageLink>
      ))}
    </>
  );
}

/** Signing out is an act, so it is a form: no link that something else could follow. */
function SignOut({ shell }: { shell: Shell }) {
  if (!shell.config || !shell.state.ticket) return null;
  return (
    <form method="post" action={`${shell.base}logout`}>
      <input type="hidden" name="_xsrf" value={cookie("_xsrf")} />
      <button type="submit" class="lw-button lw-a-wide">
        <AppIcon name="out" />
        <span>Sign out</span>
      </button>
    </form>
  );
}

function Who({ shell }: { shell: Shell }) {
  const me = useSignal(shell.me);
  const project = shell.project;
  if (!me) return null;
  return (
    <div class="lw-a-me">
      <Avatar name={me.name} />
      <div class="lw-grow">
        <div class="lw-name lw-cut" dir="auto">
          {me.name}
        </div>
        <div class="lw-muted lw-cut">{role(project?.role || me.role)}</div>
      </div>
    </div>
  );
}

/** Which project stands there; not when it is the only one, and goes by the title beside it. */
function nameOf(project: Project | null, projects: readonly Project[], title: string): string {
  if (!project) return projects.length > 0 ? "Choose a project" : "Pages";
  const name = called(project.name, title);
  return projects.length === 1 && name === title ? "Pages" : name;
}

export function Header({ shell, onGo }: HeaderProps) {
  const me = useSignal(shell.me);
  const { page } = useSignal(shell.place);
  const projects = useSignal(shell.projects);
  const { title, logo } = shell.state;
  const project = page === "projects" ? null : shell.project;
  return (
    <header class="lw-a-head">
      <button
        type="button"
        class="lw-button lw-a-skip"
        onClick={(event) => {
          const main = event.currentTarget.closest(".lw-app")?.querySelector("#lw-a-main");
          main?.querySelector<HTMLElement>("h1, .lw-root")?.focus();
        }}
      >
        Skip to the page
      </button>
      <PageLink shell={shell} page="projects" class="lw-a-brand" title={`${title}: all projects`}>
        {logo ? <img src={logo} alt="" /> : <Mark />}
        <span class="lw-cut">{title}</span>
      </PageLink>
      <button
        type="button"
        class="lw-button lw-a-switch"
        aria-haspopup="dialog"
        title="Pages and projects (Shift+O)"
        onClick={onGo}
      >
        <span class="lw-cut" dir="auto">
          {nameOf(project, projects, title)}
        </span>
        <AppIcon name="down" />
      </button>
      <nav class="lw-a-nav" aria-label="Pages">
        <Links shell={shell} />
      </nav>
      <Drop
        says={`You: ${me?.name ?? ""}`}
        class="lw-a-person"
        face={
          <>
            <Avatar name={me?.name ?? ""} />
            <AppIcon name="down" />
          </>
        }
      >
        {() => (
          <>
            <Who shell={shell} />
            <SignOut shell={shell} />
          </>
        )}
      </Drop>
      <Drop says="Menu" class="lw-a-narrow" face={<AppIcon name="menu" />}>
        {(close) => (
          <>
            <Who shell={shell} />
            <PageLink
              shell={shell}
              page="projects"
              class="lw-button lw-a-link"
              current={page === "projects"}
              onGo={close}
            >
              <AppIcon name="projects" />
              <span>{TITLES.projects}</span>
            </PageLink>
            <Links shell={shell} onGo={close} />
            <button
              type="button"
              class="lw-button lw-a-wide"
              onClick={() => {
                close();
                onGo();
              }}
            >
              <Icon name={FIND} />
              <span class="lw-grow">Find a page or project</span>
              <Key of="Shift+O" />
            </button>
            <SignOut shell={shell} />
          </>
        )}
      </Drop>
    </header>
  );
}

/** The mark of the project itself: a dashed frame with a tick. */
function Mark() {
  return (
    <svg class="lw-a-mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <rect x="1.5" y="1.5" width="13" height="13" rx="2" stroke-dasharray="4 2" />
      <path d="M4.5 8.2l2.4 2.4 4.6-5" />
    </svg>
  );
}
