#!/usr/bin/env python3
"""Makes the two embedded fonts. Usage: subset.py REGULAR.ttc BOLD.ttc OUT_DIR  (see FONT.md)."""

import sys
from fontTools import subset
from fontTools.ttLib import TTCollection

SOURCE_FAMILY = "Noto Sans CJK SC"
FAMILY = "Pianqu Sans SC"


def wanted():
    """GB 2312 in full, ASCII, and the few marks that notices use beside it."""
    chars = set(map(chr, range(0x20, 0x7F)))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                chars.add(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    # Python reads two GB 2312 marks as their Japanese twins; typed Chinese uses these.
    chars |= set("·—")
    chars |= set(map(chr, range(0xA1, 0x100)))  # Latin-1: names with accents, ©, ×, ½
    chars |= set("滧邨峯哃甪玙玥璟溇")  # in names of Shanghai places, outside GB 2312
    chars |= set("〇–…•‑‐€²³™√✓☎\u00a0\u3000")
    return chars


def make(source, style, out):
    fonts = TTCollection(source).fonts
    font = next(f for f in fonts if f["name"].getDebugName(1) == SOURCE_FAMILY
                or f["name"].getDebugName(16) == SOURCE_FAMILY)
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 8, 9, 11, 13, 14]
    options.name_languages = [0x409]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    # Makes the file the same to the byte whenever it is made again.
    font["head"].modified = font["head"].created
    options.recalc_timestamp = False
    font.recalcTimestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in wanted()])
    cutter.subset(font)
    version = font["name"].getDebugName(5).split(";")[0]
    postscript = FAMILY.replace(" ", "") + "-" + style
    for record in {1: FAMILY, 2: style, 3: f"{version};{postscript}", 4: f"{FAMILY} {style}",
                   5: version, 6: postscript}.items():
        font["name"].setName(record[1], record[0], 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [postscript]
    top[0].FullName = f"{FAMILY} {style}"
    top[0].FamilyName = FAMILY
    font.save(out)
    have = font.getBestCmap()
    missing = "".join(sorted(c for c in wanted() if ord(c) not in have))
    print(f"{out}: {len(have)} characters; not in the source font: {missing!r}")


if __name__ == "__main__":
    regular, bold, folder = sys.argv[1:4]
    make(regular, "Regular", f"{folder}/PianquSansSC-Regular.otf")
    make(bold, "Bold", f"{folder}/PianquSansSC-Bold.otf")
