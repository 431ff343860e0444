"""Build the front-end bundles when a wheel or an editable install is made from a checkout."""
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):
    def initialize(self, version, build_data):
        pass
