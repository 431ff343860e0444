"""The one widget of a published app: it goes from page to page without a reload, and shows in each its own."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import MessageError, RightsError
from ..messages import APP_MESSAGES
from ..widget import PageWidget
from . import pages
from .answers import listed_answers, thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..records import Json
    from ..session import Session
    from ..widget import Answer, LabelWidget
    from ..workspace import Project, Workspace


NEEDED = {"label": "label", "manage": "read"}
"""What a person must be allowed in a project to be shown a page of it."""

WARM = (
    "labelwidgets.choose",
    "labelwidgets.media",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "markdown_it",
    "nh3",
)
"""What the first page of somebody needs: a kernel that is ready before they come has it ready too."""


class AppWidget(PageWidget):
    """The pages of an app, one after the other, for one person: projects, label, my work, manage, about.

    Nothing of the store is in a trait: who is there is known only once the page has handed in its ticket, and what
    each page shows comes as the answer to an act.

    Parameters
    ----------
    workspace : Workspace, optional
        Whose projects and people are shown; without it the page has to hand in a ticket.
    admit : callable, optional
        Given the ticket, returns the workspace of whom it was made for, or raises `RightsError`.
    title : str
        What the app is called.
    logo : str
        A picture as `data:` URL, shown before the title.
    columns : mapping, optional
        Project to the columns shown beside its items; those that the project itself shows when left out.
    """

    bundle = "app"
    later = ("manage",)
    acts = APP_MESSAGES

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        admit: Callable[[str], Workspace] | None = None,
        title: str = "",
        logo: str = "",
        columns: Mapping[str, Sequence[str]] | None = None,
        **options: Any,
    ) -> None:
        if admit is not None:
            for name in WARM:
                import_module(name)
        self._workspace = workspace
        self._door = admit
        self._columns = dict(columns or {})
        self._sessions: dict[str, Session] = {}
        self._widgets: dict[str, LabelWidget] = {}
        self._tallies: dict[str, pages.Tally] = {}
        super().__init__(**options)
        self.state = {
            "title": title or "labelwidgets",
            "logo": logo if logo.startswith("data:image/") else "",
            "ticket": workspace is None,
            "kernel": self._kernel,
        }

    def close(self) -> None:
        """Give back what the person holds, and let go of the store."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()
        if self._door is not None and self._workspace is not None:
            self._workspace.close()
        super().close()

    # -- who is there --------------------------------------------------------------------------------------

    def _admit(self, act: Mapping[str, Any]) -> None:
        """Refuse whoever is not there, or may do nothing here any more."""
        if act["kind"] not in ("enter", "bundle"):
            self._here.user  # noqa: B018 - asks the store

    def _on_enter(self, act: Mapping[str, Any]) -> Answer:
        if self._door is not None:
            self._welcome(self._door(act["ticket"] or ""))
        workspace = self._here
        found = pages.projects(workspace)
        told = {"kernel": self._kernel, "me": pages.me(workspace), "projects": found}
        return told | {"opened": self._first(*_begin(act["page"], act["project"], found))}, None

    def _welcome(self, workspace: Workspace) -> None:
        """Take in whom a ticket was made for; a page stays that person's as long as it lives."""
        if self._workspace is None:
            self._workspace = workspace
            return
        who = workspace.user.id
        workspace.close()
        if who != self._workspace.user.id:
            raise RightsError("This page is somebody else's. Load it again.")

    def _first(self, page: str, project: str | None) -> Json:
        """Open the page of the address at once, which saves a way there and back; why not, when it can't be."""
        try:
            return self._opened(page, project)
        except (MessageError, RightsError) as refused:
            return {"page": page, "project": project, "reason": str(refused)}

    @property
    def _here(self) -> Workspace:
        if self._workspace is None:
            raise RightsError("Nobody is signed in on this page. Load it again.")
        return self._workspace

    # -- pages ---------------------------------------------------------------------------------------------

    def _on_open(self, act: Mapping[str, Any]) -> Answer:
        told = {} if act["page"] != "projects" else {"projects": pages.projects(self._here)}
        return told | self._opened(act["page"], act["project"]), None

    def _opened(self, page: str, project: str | None) -> dict[str, Json]:
        if page not in pages.PAGES:
            raise MessageError(
                f"There is no page {page[:40]!r}; there are {', '.join(pages.PAGES)}.", code="gone"
            )
        show = getattr(self, f"_{page}")
        told = show() if page in ("projects", "about") else show(pages.project_of(self._here, project or ""))
        return {"page": page, "project": project, "data": told}

    def _projects(self) -> Json:
        return None  # what it shows has been told already

    def _label(self, project: Project) -> dict[str, Json]:
        pages.may(project, "label")
        return {"model": self._widget(project.name).model_id}

    def _work(self, project: Project) -> dict[str, Json]:
        session = self._session(project.name)
        shown = self._columns.get(project.name)
        return pages.work(self._here, project, session, shown) | {"revision": session.revision}

    def _manage(self, project: Project) -> dict[str, Json]:
        pages.may(project, "read")
        session = self._session(project.name)
        tally = self._tallies.setdefault(project.name, pages.Tally())
        return pages.manage(self._here, project, session, tally) | {"revision": session.revision}

    def _about(self) -> dict[str, Json]:
        return pages.about(self._here)

    def _on_fresh(self, act: Mapping[str, Any]) -> Answer:
        """Answer a sign of life; with a page's data, when anything has happened since."""
        project = act["project"]
        told: dict[str, Json] = {"kernel": self._kernel}
        if act["page"] not in ("work", "manage") or not project:
            return told, None
        if act["since"] == self._session(project).revision:
            return told, None
        return told | self._opened(act["page"], project), None

    def _on_answers(self, act: Mapping[str, Any]) -> Answer:
        session = self._mine(act)
        shown = self._columns.get(session.name)
        return listed_answers(session, act["only"], act["skip"], shown=shown), None

    def _on_thumbs(self, act: Mapping[str, Any]) -> Answer:
        tasks, pictures = thumbnails(self._mine(act), act["tasks"])
        return {"tasks": tasks}, pictures

    def _on_personal(self, _act: Mapping[str, Any]) -> Answer:
        kept = self._here.store.person(self._here.user.id)
        return {}, [json.dumps(kept, ensure_ascii=False, default=str, indent=1).encode()]

    # -- what managers do ----------------------------------------------------------------------------------

    def _on_invite(self, act: Mapping[str, Any]) -> Answer:
        given = _given(act, "name", "role", "team", "groups")
        if act["project"]:
            given |= {
                "projects": (act["project"],),
                "where": act["where"] or None,
                "goal": act["goal"] or None,
            }
        return {"invitation": self._here.invite(_named(act, "person"), **given).to_json()}, None

    def _on_change(self, act: Mapping[str, Any]) -> Answer:
        self._here.change(_named(act, "person"), **_given(act, "name", "role", "team", "groups"))
        return {}, None

    def _on_remove(self, act: Mapping[str, Any]) -> Answer:
        self._here.remove(_named(act, "person"))
        return {}, None

    def _on_restore(self, act: Mapping[str, Any]) -> Answer:
        self._here.restore(_named(act, "person"))
        return {}, None

    def _on_assign(self, act: Mapping[str, Any]) -> Answer:
        given = _given(act, "person", "group", "role", "where", "goal")
        self._here.assign(_named(act, "project"), **given)
        return {}, None

    def _on_unassign(self, act: Mapping[str, Any]) -> Answer:
        self._here.unassign(_named(act, "project"), **_given(act, "person", "group"))
        return {}, None

    def _on_prioritize(self, act: Mapping[str, Any]) -> Answer:
        n = self._here.prioritize(_named(act, "project"), act["where"] or {}, act["priority"])
        return {"n": n}, None

    def _on_count(self, act: Mapping[str, Any]) -> Answer:
        return {"n": self._here.matching(_named(act, "project"), act["where"])}, None

    def _on_archive(self, act: Mapping[str, Any]) -> Answer:
        name = _named(act, "project")
        self._here.archive(name, archived=act["archived"])
        self._forget(name)
        return {"projects": pages.projects(self._here)}, None

    def _on_clone(self, act: Mapping[str, Any]) -> Answer:
        made = self._here.clone(_named(act, "project"), _named(act, "name"), tasks=act["items"])
        return {"project": made.name, "projects": pages.projects(self._here)}, None

    def _on_template(self, act: Mapping[str, Any]) -> Answer:
        template = self._here.template(_named(act, "project")).to_json()
        return {}, [json.dumps(template, ensure_ascii=False, indent=2).encode()]

    # -- sessions and their widgets ------------------------------------------------------------------------

    def _mine(self, act: Mapping[str, Any]) -> Session:
        return self._session(pages.project_of(self._here, _named(act, "project")).name)

    def _session(self, project: str) -> Session:
        """Open a project, once; each of its acts checks the person's rights anew."""
        if project not in self._sessions:
            self._sessions[project] = self._here.open(project)
        return self._sessions[project]

    def _widget(self, project: str) -> LabelWidget:
        from ..choose import label

        if project not in self._widgets:
            self._widgets[project] = label(self._session(project), columns=self._columns.get(project))
        else:
            self._widgets[project].renew()
        return self._widgets[project]

    def _forget(self, project: str) -> None:
        """Let go of a project that has changed as a whole; it is opened anew when it is wanted."""
        widget, session = self._widgets.pop(project, None), self._sessions.pop(project, None)
        if widget is not None:
            widget.close()
        if session is not None:
            session.close()


def _begin(page: str, project: str | None, found: Sequence[Mapping[str, Any]]) -> tuple[str, str | None]:
    """Where somebody comes in: straight to their project when there is only one, or the last one that has the page."""
    offered = [each for each in found if not each["archived"]]
    if page == "projects" and len(offered) == 1 and "label" in offered[0]["may"]:
        return "label", offered[0]["name"]
    if page in ("projects", "about") or project:
        return page, project
    fit = [each for each in offered if page not in NEEDED or NEEDED[page] in each["may"]]
    return (page, fit[0]["name"]) if fit else ("projects", None)


def _named(act: Mapping[str, Any], field: str) -> str:
    if not act[field]:
        raise MessageError(f"{act['kind']} needs a {field}.")
    return str(act[field])


def _given(act: Mapping[str, Any], *fields: str) -> dict[str, Any]:
    return {field: act[field] for field in fields if act[field] is not None}
