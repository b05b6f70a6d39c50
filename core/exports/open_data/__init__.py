"""オープンデータ: CSV files with the description of every column."""

from core.exports.open_data.file import LICENCE, NOTICE, OpenDataFile
from core.exports.open_data.files import open_data_files

__all__ = ["LICENCE", "NOTICE", "OpenDataFile", "open_data_files"]
