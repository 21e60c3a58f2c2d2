"""Writing an export to a folder: all of it or nothing, with its manifest."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from devices.errors import KnownError, RefusedError
from monitor_app.core.record import SessionRecord
from monitor_app.exporters.deidentify import for_export, identifiers
from monitor_app.exporters.export import ExportFile, ExportOptions
from monitor_app.exporters.manifest import NAME, Written, manifest_file
from monitor_app.exporters.registry import export_format


def write_export(format_id: str, record: SessionRecord, out: Path, options: ExportOptions) -> list[Path]:
    """Write one session in one format into ``out`` (made if missing); return the files, the manifest last.

    The files appear together, after a de-identified export was searched for every identifier of the record. Files of an
    earlier export with the same names are replaced. Raises RefusedError when an identifier is found, KnownError when
    the format is unknown or the folder cannot be written.
    """
    chosen = export_format(format_id)
    released = for_export(record, options)
    forbidden = identifiers(record) if options.profile.deidentified else ()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=out) as scratch_name:
            scratch = Path(scratch_name)
            written = {
                file.name: _write(scratch, file, forbidden) for file in chosen.write(released, options)
            }
            manifest = manifest_file(chosen.id, released, options, written)
            _write(scratch, manifest, forbidden)
            return _publish(scratch, out, (*written, NAME))
    except OSError as error:
        raise KnownError(
            f"the export cannot be written to {out} ({error.strerror}): choose another folder"
        ) from error


def _write(folder: Path, file: ExportFile, forbidden: tuple[str, ...]) -> Written:
    path = folder / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as stream:
        for chunk in file.chunks:
            stream.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    _require_clean(path, file.name, forbidden)
    return Written(digest.hexdigest(), size)


def _require_clean(path: Path, name: str, forbidden: tuple[str, ...]) -> None:
    if not forbidden:
        return
    # Whole words: a chair called "Chair" is not the beginning of our own name.
    words = b"|".join(re.escape(text.encode()) for text in forbidden)
    wanted = re.compile(rb"(?<![A-Za-z0-9])(" + words + rb")(?![A-Za-z0-9])")
    overlap = 2 + max(len(text.encode()) for text in forbidden)
    tail = b""
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            window = tail + piece
            if wanted.search(window):
                raise RefusedError(
                    f"{name} would still hold something that leads to the person; nothing was saved: report it, or "
                    "export pseudonymously inside the clinic"
                )
            tail = window[-overlap:]


def _publish(scratch: Path, out: Path, names: Iterable[str]) -> list[Path]:
    published = []
    for name in names:
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(scratch / name, target)  # noqa: PTH105 - the atomic form
        published.append(target)
    for leftover in scratch.iterdir():
        shutil.rmtree(leftover, ignore_errors=True)
    return published
