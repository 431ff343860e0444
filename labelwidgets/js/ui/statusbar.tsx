/** The bar on top: how far, how fast, who, and the truth about saving. */

import type { Desk } from "../core/desk.ts";
import { Button } from "./control.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { later } from "./later.tsx";
import { useSignal } from "./useSignal.ts";
import { counted, pace, place, saidOfSaving, share } from "./words.ts";

export interface MenuItem {
  says: string;
  icon: IconName;
  keys?: string | null | undefined;
  act: () => void;
}

const Menu = later("Menu", () => <Button says="More" icon="menu" only disabled onClick={() => {}} />);

function Progress({ desk }: { desk: Desk }) {
  const { progress } = useSignal(desk.state);
  const task = useSignal(desk.task);
  const open = Math.max(0, progress.total - progress.done - progress.skipped);
  const more = `${counted(progress.done, "item")} done, ${progress.mine} by you; ${progress.skipped} skipped, ${open} open`;
  const percentage = Math.round(share(progress) * 100);
  return (
    <div class="lw-progress" title={more}>
      <span>{place(progress)}</span>
      <div
        class="lw-meter"
        role="progressbar"
        aria-label="Items done"
        aria-valuenow={percentage}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={more}
      >
        <i style={{ width: `${percentage}%` }} />
      </div>
      <span class="lw-muted lw-pace" title="Your pace">
        {pace(progress)}
      </span>
      {task?.again && <span class="lw-again">Answered before</span>}
    </div>
  );
}

function SavingMark({ desk }: { desk: Desk }) {
  const { icon, tone, text, more } = saidOfSaving(useSignal(desk.saving));
  return (
    <div class="lw-saving" data-tone={tone} title={more}>
      <Icon name={icon} />
      <span class="lw-cut">{text}</span>
    </div>
  );
}

interface StatusBarProps {
  desk: Desk;
  /** The key that shows the keys. */
  helpKey: string | null;
  onHelp: () => void;
  menu: MenuItem[];
}

export function StatusBar({ desk, helpKey, onHelp, menu }: StatusBarProps) {
  const { title, session, user } = useSignal(desk.state);
  const who = [title || session, user.name || user.id].filter(Boolean).join(" · ");
  return (
    <div class="lw-status">
      <Progress desk={desk} />
      <div class="lw-who lw-muted lw-cut" title={who}>
        {who}
      </div>
      <SavingMark desk={desk} />
      <div class="lw-acts">
        <Button says="Keyboard shortcuts" icon="help" only keys={helpKey} onClick={onHelp} />
        <Menu items={menu} />
      </div>
    </div>
  );
}
