"""The file of a SQLite database: its owner's alone, and one and the same while a server runs."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import sys
import zlib
from contextlib import closing, suppress
from pathlib import Path

from core.values.errors import DatabaseTroubleError, SettingsError, Trouble

LEAST_FREE_BYTES = 64 * 1024 * 1024
_BESIDE = ("-wal", "-shm")
_log = logging.getLogger("noriai")


class DatabaseFile:
    """A file, made empty when there is none, that nobody may put another in place of.

    A server whose file was moved, deleted or replaced would go on writing into a file without a
    name, and every word it acknowledged would be gone with it.
    """

    def __init__(self, path: Path) -> None:
        """Make the file and its folder where they are missing, readable by their owner only.

        Raises:
            SettingsError: It cannot be made, or what an earlier one had not yet taken in lies there.
        """
        self.path = path.absolute()
        self.uses_wal = True
        try:
            self._make()
            self._close_to_others()
            self._identity = self._look()
        except OSError as error:
            raise SettingsError(f"{path} を作れません: {error.strerror}") from None
        if self._is_copy():
            self._refuse_torn()
            self._warn_of_copy()

    @property
    def mark(self) -> int:
        """A number of this very file, which a copy of it does not share: 1 to 2³¹ − 1."""
        return (zlib.crc32(str(self._identity[1]).encode()) & 0x7FFFFFFF) or 1

    def check(self) -> None:
        """See that the file under the name is the one this server opened.

        Raises:
            DatabaseTroubleError: It was moved, deleted or replaced.
        """
        try:
            same = self._look() == self._identity
        except OSError as error:
            raise DatabaseTroubleError(Trouble.GONE, f"{self.path}: {error.strerror}") from None
        if not same:
            raise DatabaseTroubleError(Trouble.GONE, f"{self.path}: another file")

    def committed(self) -> None:
        """See after a commit that what was written is in the files under the name.

        Raises:
            DatabaseTroubleError: It is not.
        """
        self.check()
        if self.uses_wal and not self._beside("-wal").exists():
            raise DatabaseTroubleError(Trouble.GONE, f"{self._beside('-wal')}: deleted")

    def room(self) -> str:
        """What is wrong with the free space, in words; empty when there is enough."""
        free = shutil.disk_usage(self.path.parent).free
        return "" if free >= LEAST_FREE_BYTES else f"ディスクの空きが{free // 1024 // 1024}MBです。"

    def _is_copy(self) -> bool:
        with suppress(sqlite3.Error), closing(self._opened("immutable=1")) as connection:
            (marked,) = connection.execute("PRAGMA user_version").fetchone()
            return marked not in (0, self.mark)
        return False

    def _refuse_torn(self) -> None:
        """Before SQLite takes a -wal into a file it may not belong to, or anything is written."""
        try:
            with closing(self._opened("mode=ro")) as connection:
                (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            said = str(error)
        if said != "ok":
            raise SettingsError(
                f"{self.path} は複写されたもので、壊れています。動いているサーバーのファイルを複写したか、"
                f"前のファイルの {self.path.name}-wal が残っています。noriai backup で作ったファイルから"
                "復元してください。"
            )

    def _opened(self, how: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.as_uri()}?{how}", uri=True)

    def _warn_of_copy(self) -> None:
        """A copy may lack the last records."""
        _log.warning(
            "データベースのファイル %s は複写か移動されたものです。動いているサーバーのファイルを"
            "複写すると、最後の記録が欠けることがあります。noriai audit verify --expect で、控えた"
            "監査記録の末尾と比べてください。控えを取るには noriai backup を使います。",
            self.path,
        )

    def _look(self) -> tuple[int, int]:
        found = self.path.stat()
        return found.st_dev, found.st_ino

    def _beside(self, ending: str) -> Path:
        file = self.path.resolve()  # where SQLite puts them
        return file.with_name(file.name + ending)

    def _make(self) -> None:
        missing = [folder for folder in self.path.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        if self.path.exists():
            return
        if self._beside("-wal").exists():  # SQLite would delete it: the last records of the other
            raise SettingsError(
                f"{self.path} がないのに {self._beside('-wal').name} が残っています。データベースを"
                "移したときは、-wal と -shm も同じ場所へ移してください。"
            )
        with suppress(FileExistsError):  # another server was faster
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    def _close_to_others(self) -> None:
        if sys.platform == "win32":
            return  # rights come from the folder
        for path in (self.path, *map(self._beside, _BESIDE)):
            if path.exists() and (mode := path.stat().st_mode & 0o777) & 0o077:
                try:
                    path.chmod(mode & 0o700)
                except PermissionError:
                    _log.warning("%s はほかの利用者にも読めます。", path)
