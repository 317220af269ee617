"""Package files for entries of an index: the metadata that the entry names, and an empty image.

The same entry gives the same bytes on every machine, so nothing is compressed and no time is that of now. What
stands for a signature is none that could be verified.
"""
import bz2
import io
import struct
import tarfile

# Keys that an index has of its own.
OF_INDEX = {"CPV", "PATH", "SIZE", "MD5", "SHA1", "_mtime_", "REPO"}
SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n\ninvented\n-----END PGP SIGNATURE-----\n"


def metadata(entry):
    """Files of the metadata, by name."""
    category, package = entry["CPV"].split("/")
    values = {key: value for key, value in entry.items() if key not in OF_INDEX}
    values.update({"CATEGORY": category, "PF": package})
    if category != "virtual":
        values["NEEDED.ELF.2"] = f"X86_64;/usr/bin/{package};;;libc.so.6"
    return {key: f"{value}\n".encode() for key, value in sorted(values.items())}


def archive(members):
    """A tar archive that ends after its last block and the two of the end."""
    out = bytearray()
    for name, content in members:
        header = tarfile.TarInfo(name)
        header.size, header.mode = len(content), 0o644
        out += header.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)
    return bytes(out + bytes(1024))


def gpkg(entry, signature=SIGNATURE):
    """A package as GLEP 78 has it, perhaps without a signature."""
    package = entry["PATH"].rsplit("/", 1)[1].removesuffix(".gpkg.tar")
    inner = archive([(f"metadata/{key}", value) for key, value in metadata(entry).items()])
    members = [("gpkg-1", b""), ("metadata.tar", inner), *([("metadata.tar.sig", signature)] if signature else []), ("image.tar", archive([]))]
    return archive([(f"{package}/{name}", content) for name, content in members])


def xpak(entry):
    """A package in the older format: a compressed archive, and the metadata behind it."""
    index, data = b"", b""
    for key, value in metadata(entry).items():
        index += struct.pack(">I", len(key)) + key.encode() + struct.pack(">II", len(data), len(value))
        data += value
    segment = b"XPAKPACK" + struct.pack(">II", len(index), len(data)) + index + data + b"XPAKSTOP"
    return bz2.compress(io.BytesIO(archive([])).read()) + segment + struct.pack(">I", len(segment)) + b"STOP"


def write(root, directory, entries, **more):
    """Write the files of the entries below `directory`; the entries with the sizes that came of it."""
    written = []
    for entry in entries:
        content = gpkg(entry, **more) if entry["PATH"].endswith(".gpkg.tar") else xpak(entry)
        root.write(f"{directory}/{entry['PATH']}", content)
        written.append({**entry, "SIZE": str(len(content))})
    return written
