/** About the app: what is kept about oneself, which keys there are, what it is made of. */

import { useState } from "preact/hooks";
import { COMMANDS } from "../core/commands.ts";
import { displayChord, normalChord } from "../core/keys.ts";
import { Button } from "../ui/control.tsx";
import { titleOf } from "../ui/titles.ts";
import { useSignal } from "../ui/useSignal.ts";
import { counted } from "../ui/words.ts";
import type { AboutData } from "./acts.ts";
import { AppIcon, Heading, save } from "./parts.tsx";
import type { Shell } from "./shell.ts";
import { role } from "./words.ts";

const MADE_OF = [
  ["labelwidgets", "BSD-3-Clause"],
  ["Preact", "MIT"],
  ["Jupyter Widgets, Jupyter Server, Voilà", "BSD-3-Clause"],
  ["anywidget", "MIT"],
  ["SQLAlchemy, Alembic", "MIT"],
  ["Pillow", "MIT-CMU"],
] as const;

function Kept({ shell, data }: { shell: Shell; data: AboutData }) {
  const me = useSignal(shell.me);
  const [trouble, setTrouble] = useState("");
  const download = () =>
    shell.ask("personal").then(
      ({ buffers }) => save(buffers[0], `${me?.id ?? "me"}.json`),
      (error: Error) => setTrouble(error.message),
    );
  return (
    <section class="lw-a-block" aria-labelledby="lw-a-kept">
      <h2 id="lw-a-kept">What is kept about you</h2>
      <p>
        Every answer, skip, comment and flag, with the moment it was given, how long you worked on it (without
        pauses), and your id <b dir="auto">{me?.id}</b>; so far {counted(data.answers, "answer")} in{" "}
        {counted(data.projects, "project")}. An answer that you change stays as an earlier version. Your name{" "}
        <b dir="auto">{me?.name}</b>, role ({role(me?.role ?? "")}) and team stand in one place, from which
        they can be erased. Your password is kept only as a digest that can't be turned back.
      </p>
      <p>
        Managers see your answers, times and comments. Answers on their way are kept in this browser until the
        server has them. Nothing is sent anywhere else, and nothing of another site is loaded.
      </p>
      <p class="lw-line">
        <button type="button" class="lw-button lw-edged" onClick={download}>
          <AppIcon name="load" />
          Download all of it
        </button>
        {trouble && <span role="alert">{trouble}</span>}
      </p>
    </section>
  );
}

function Keys() {
  const mac = /Mac|iPhone|iPad/.test(navigator.platform ?? "");
  const groups = [...new Set(COMMANDS.map(({ group }) => group))];
  return (
    <section class="lw-a-block" aria-labelledby="lw-keys">
      <h2 id="lw-keys">Keys</h2>
      <p>
        Digits and small letters are labels: each project's own are shown beside them, and by <kbd>?</kbd>.
      </p>
      <div class="lw-keys">
        {groups.map((group) => (
          <div key={group}>
            <h3 class="lw-title">{group}</h3>
            <ul>
              {COMMANDS.filter((command) => command.group === group && command.keys.length > 0).map(
                (command) => (
                  <li key={command.id}>
                    <span>{titleOf(command.id)}</span>
                    <span class="lw-line">
                      {command.keys.slice(0, 2).map((key) => (
                        <kbd key={key} class="lw-key">
                          {displayChord(normalChord(key), mac)}
                        </kbd>
                      ))}
                    </span>
                  </li>
                ),
              )}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

export function AboutPage({ shell, data }: { shell: Shell; data: AboutData }) {
  return (
    <div class="lw-a-page">
      <Heading>About</Heading>
      <Kept shell={shell} data={data} />
      <Keys />
      <section class="lw-a-block" aria-labelledby="lw-a-made">
        <h2 id="lw-a-made">What this is made of</h2>
        <p>labelwidgets {data.version}, free software.</p>
        <dl class="lw-facts">
          {MADE_OF.map(([name, licence]) => (
            <>
              <dt key={name}>{name}</dt>
              <dd>{licence}</dd>
            </>
          ))}
        </dl>
      </section>
      <p class="lw-a-after">
        <Button says="Load this page again" icon="reload" onClick={() => shell.reload()} />
      </p>
    </div>
  );
}
