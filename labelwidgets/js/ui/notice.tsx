/** A line that tells what is the matter, and what to do about it. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons.tsx";

interface NoticeProps {
  icon: IconName;
  tone: "plain" | "guess" | "warn" | "bad";
  children: ComponentChildren;
  acts?: ComponentChildren;
}

export function Notice({ icon, tone, children, acts }: NoticeProps) {
  return (
    <div class="lw-notice" data-tone={tone}>
      <Icon name={icon} />
      <div class="lw-says">{children}</div>
      {acts && <div class="lw-line">{acts}</div>}
    </div>
  );
}
