"""XMP: well-formed whatever the names hold, with IPTC's words for generated imagery."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from app.export.metadata import COMPOSITE, GENERATED, NAMESPACES, Origin, xmp_packet


def value(packet: str, prefix: str, field: str) -> str | None:
    """One property of a packet."""
    found = ET.fromstring(packet).find(f".//{{{NAMESPACES[prefix]}}}{field}")
    assert found is not None
    nested = found.find(f".//{{{NAMESPACES['rdf']}}}li")
    return (found if nested is None else nested).text


def origin(description: str = "label", model: str = "m v1") -> Origin:
    return Origin(
        source_type=COMPOSITE, description=description, software="Revisage 1", model=model
    )


def test_source_types_are_iptcs() -> None:
    address = "http://cv.iptc.org/newscodes/digitalsourcetype/"
    assert address + "compositeWithTrainedAlgorithmicMedia" == COMPOSITE
    assert address + "trainedAlgorithmicMedia" == GENERATED


def test_properties() -> None:
    packet = xmp_packet(origin("a label & <more>", "model v2"))
    assert packet.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert packet.endswith('<?xpacket end="r"?>')
    assert value(packet, "Iptc4xmpExt", "DigitalSourceType") == COMPOSITE
    assert value(packet, "Iptc4xmpExt", "AISystemUsed") == "model v2"
    assert value(packet, "xmp", "CreatorTool") == "Revisage 1"
    assert value(packet, "dc", "description") == "a label & <more>"
    for prefix in ("Iptc4xmpExt", "rdf", "dc", "xmp", "x"):
        assert f"xmlns:{prefix}=" in packet


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_gives_well_formed_xml(text: str) -> None:
    ET.fromstring(xmp_packet(origin(text, text)))
