"""The writers of mosaicml-streaming, without what the package imports for training and for clouds.

`pip install --no-deps mosaicml-streaming` and the few packages its writers use are enough (scripts/setup.sh --streaming): torch, torchvision and transformers
are imported by its other half alone, and stand here as empty modules where they are not installed.
"""

import importlib.abc
import importlib.machinery
import sys
import types


class _Empty(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class _EmptyModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    names = {"torch", "torchvision", "transformers"}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return _Empty(spec.name)

    def exec_module(self, module):
        pass


# Last: what is installed goes before.
sys.meta_path.append(_EmptyModules())

from streaming import CSVWriter, JSONWriter, MDSWriter, TSVWriter, XSVWriter  # noqa: E402
from streaming.base.format.mds.encodings import mds_encode  # noqa: E402

__all__ = ["CSVWriter", "JSONWriter", "MDSWriter", "TSVWriter", "XSVWriter", "mds_encode"]
