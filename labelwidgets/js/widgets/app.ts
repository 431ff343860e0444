/** The part of the published app: its pages, in one of which the part of a labeling widget is shown. */

import { mountApp } from "../app/app.tsx";
import { configOf } from "../app/gate.ts";
import type { LaterPart } from "../app/later.tsx";
import { Shell } from "../app/shell.ts";
import { type Bundle, hostOf } from "../core/model.ts";
import { scopeOf } from "../core/scope.ts";

const bundle: Bundle = {
  mount(model, el, inbox, signal, later, show) {
    const scope = scopeOf(signal);
    const config = configOf(document);
    const shell = new Shell(hostOf(model, inbox, scope), scope, { config, show, history });
    mountApp(el, shell, () => later("manage") as ReturnType<LaterPart>);
    void shell.open();
  },
};

export default bundle;
