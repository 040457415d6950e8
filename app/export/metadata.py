"""What a picture says about itself in XMP, in IPTC's terms for generated imagery."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

COMPOSITE = SOURCE_TYPES + "compositeWithTrainedAlgorithmicMedia"
"""A photo in which a model filled in a part."""

GENERATED = SOURCE_TYPES + "trainedAlgorithmicMedia"
"""A picture that a model made as a whole."""

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""UUID of the MP4 box that holds XMP (XMP specification, part 3)."""

NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """How a picture came about.

    Attributes:
        source_type: an IPTC digital source type, :data:`COMPOSITE` or :data:`GENERATED`.
        description: the label, one sentence.
        software: name and version of this program.
        model: name and version of the model.
    """

    source_type: str
    description: str
    software: str
    model: str


def xmp_packet(origin: Origin) -> str:
    """The XMP packet of a picture."""
    for prefix, address in NAMESPACES.items():
        ET.register_namespace(prefix, address)
    meta = ET.Element(_name("x", "xmpmeta"))
    rdf = ET.SubElement(meta, _name("rdf", "RDF"))
    about = ET.SubElement(rdf, _name("rdf", "Description"), {_name("rdf", "about"): ""})
    for prefix, field, value in (
        ("Iptc4xmpExt", "DigitalSourceType", origin.source_type),
        ("Iptc4xmpExt", "AISystemUsed", origin.model),
        ("Iptc4xmpExt", "AISystemVersionUsed", origin.software),
        ("xmp", "CreatorTool", origin.software),
    ):
        ET.SubElement(about, _name(prefix, field)).text = _clean(value)
    languages = ET.SubElement(ET.SubElement(about, _name("dc", "description")), _name("rdf", "Alt"))
    sentence = ET.SubElement(languages, _name("rdf", "li"))
    sentence.set("{http://www.w3.org/XML/1998/namespace}lang", "x-default")
    sentence.text = _clean(origin.description)
    body = ET.tostring(meta, encoding="unicode")
    begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    return f'{begin}\n{body}\n<?xpacket end="r"?>'


def _name(prefix: str, field: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{field}"


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(mark for mark in text if mark >= " " or mark in "\t\n")
