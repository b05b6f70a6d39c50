"""Every screen × every reader × an empty and a filled database, run through dashboard/app.py."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import KEPT, READERS, REASON, Screens
from streamlit.testing.v1 import AppTest
