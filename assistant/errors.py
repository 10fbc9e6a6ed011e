"""Errors a person can act on. The message is Chinese, says what happened and what to do; no traceback is shown.

NigaoError               exit code 3
├── InputError           2  the writer must change the input or the command
├── SettingsError        2  the writer or administrator must change a setting
├── ModelError           3  the model could not be fetched, started or reached
│   └── ModelCancelled   3  the writer pressed cancel
└── StoreError           3  the library or workspace cannot be used
    ├── LockedError      3  another process is writing to it
    └── ConflictError    3  another tab or person saved a newer version
"""

from __future__ import annotations


class NigaoError(Exception):
    """Base of all errors that are shown as one message."""

    exit_code = 3


class InputError(NigaoError):
    """The input cannot be used as it is."""

    exit_code = 2


class SettingsError(NigaoError):
    """A setting is missing or wrong."""

    exit_code = 2


class ModelError(NigaoError):
    """The language or embedding model did not do its part."""


class ModelCancelled(ModelError):
    """The writer cancelled; what was received so far is kept by the caller."""


class StoreError(NigaoError):
    """The library or the workspace cannot be read or written."""


class LockedError(StoreError):
    """Another process is writing to the library."""


class ConflictError(StoreError):
    """Somebody else saved a newer version of the same work; nothing was overwritten."""
