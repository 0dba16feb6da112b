"""Loads the sample model with the standard library alone, compares its two files, and lets it read ten digits.

    python3 load-sample.py FOLDER
"""

import array, json, pickle, struct, sys
from pathlib import Path

DIGITS = [
    "..####.. .##..##. ##....## ##....## ##....## ##....## .##..##. ..####..",
    "...##... ..###... .####... ...##... ...##... ...##... ...##... .######.",
    ".#####.. ##...##. .....##. ....##.. ...##... ..##.... .##..... #######.",
    ".#####.. ##...##. .....##. ..####.. .....##. .....##. ##...##. .#####..",
    "....###. ...####. ..##.##. .##..##. ##...##. ######## .....##. .....##.",
    "#######. ##...... ##...... ######.. .....##. .....##. ##...##. .#####..",
    "..####.. .##..... ##...... ######.. ##...##. ##...##. ##...##. .#####..",
    "#######. .....##. ....##.. ....##.. ...##... ...##... ..##.... ..##....",
    ".#####.. ##...##. ##...##. .#####.. ##...##. ##...##. ##...##. .#####..",
    ".#####.. ##...##. ##...##. .#####.. .######. .....##. ....##.. .####...",
]

folder = Path(sys.argv[1])
with open(folder / "digits-mlp.pkl", "rb") as file:
    model = pickle.load(file)

raw = (folder / "digits-mlp.safetensors").read_bytes()
(header_bytes,) = struct.unpack("<Q", raw[:8])
header = json.loads(raw[8:8 + header_bytes])


def tensor(name):
    start, end = header[name]["data_offsets"]
    return array.array("f", raw[8 + header_bytes + start:8 + header_bytes + end])


same = all(
    layer[part] == tensor(f"layers.{index}.{part}")
    for index, layer in enumerate(model["layers"])
    for part in ("weight", "bias")
)


def read(picture):
    values = [0.8 if character == "#" else 0.0 for character in picture.replace(" ", "")]
    for index, layer in enumerate(model["layers"]):
        outputs, inputs = layer["shape"]
        rows = (layer["weight"][row * inputs:(row + 1) * inputs] for row in range(outputs))
        values = [sum(w * v for w, v in zip(row, values)) + b for row, b in zip(rows, layer["bias"])]
        if index < len(model["layers"]) - 1:
            values = [max(0.0, value) for value in values]
    return values.index(max(values))


print(json.dumps({
    "isSame": same,
    "parameters": sum(len(layer["weight"]) + len(layer["bias"]) for layer in model["layers"]),
    "read": [read(picture) for picture in DIGITS],
}))
