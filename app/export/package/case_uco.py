"""The case in the terms of CASE 1.x and UCO 1.x, as JSON-LD, for other forensic tools.

Photos, maps and hypotheses are observable files with their hashes, people and models are identities and
tools, and each step of the log is an investigative action that says what it was done to and what came
of it (https://caseontology.org, https://unifiedcyberontology.org).
"""

from __future__ import annotations

import uuid
from typing import Any

from app.export.package import names
from app.export.report.content import Content, ReportItem, ReportRun, Step
from app.export.report.words import GENERATED

Node = dict[str, Any]

CONTEXT: Node = {
    "kb": "http://example.org/kb/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def case_graph(content: Content) -> Node:
    """The JSON-LD document of a case; the same content gives the same document."""
    return _Graph(content).document()


class _Graph:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:uuid:{content.matter.case_id}")
        self._models = {model.sha256: model for model in content.models}

    def document(self) -> Node:
        """All objects, and the investigation that holds them."""
        content = self._content
        objects = [
            *(self._person(name) for name in self._people()),
            self._program(),
            *(self._model(sha256) for sha256 in self._models),
            *(self._original(item) for item in content.items),
            *(node for run in content.runs for node in self._outputs(run)),
            *(self._step(step) for step in content.steps),
        ]
        if content.items:
            objects.append(
                {
                    "@id": self._id("provenance", "originals"),
                    "@type": "case-investigation:ProvenanceRecord",
                    "uco-core:description": "The originals as they were taken into the case.",
                    "uco-core:object": [self._ref("photo", str(i.photo)) for i in content.items],
                }
            )
        investigation: Node = {
            "@id": self._id("investigation", "case"),
            "@type": "case-investigation:Investigation",
            "uco-core:name": content.matter.title or "Case without title",
            "uco-core:description": content.matter.request or "No request was entered.",
            "case-investigation:investigationForm": "case",
            "uco-core:object": [{"@id": node["@id"]} for node in objects],
        }
        return {"@context": CONTEXT, "@graph": [investigation, *objects]}

    def _id(self, kind: str, name: str) -> str:
        return f"kb:{kind}-{uuid.uuid5(self._space, f'{kind} {name}')}"

    def _ref(self, kind: str, name: str) -> Node:
        return {"@id": self._id(kind, name)}

    def _people(self) -> list[str]:
        content = self._content
        found = [step.who for step in content.steps]
        found += [review.reviewer for review in content.reviews]
        return list(dict.fromkeys(name for name in found if name))

    def _person(self, name: str) -> Node:
        return {
            "@id": self._id("person", name),
            "@type": "uco-identity:Person",
            "uco-core:name": name,
        }

    def _program(self) -> Node:
        name, _, version = self._content.made_by.partition(" ")
        return {
            "@id": self._id("tool", "revisage"),
            "@type": "uco-tool:Tool",
            "uco-core:name": name,
            "uco-tool:version": version,
        }

    def _model(self, sha256: str) -> Node:
        model = self._models[sha256]
        return {
            "@id": self._id("tool", sha256),
            "@type": "uco-tool:Tool",
            "uco-core:name": model.name,
            "uco-tool:version": model.version,
            "uco-core:description": f"ONNX model for {model.task}; SHA-256 of its file: {sha256}",
        }

    def _original(self, item: ReportItem) -> Node:
        node = self._file("photo", str(item.photo), names.original(item.photo, item.format))
        node["uco-core:name"] = item.name
        if item.generated:
            node["uco-core:description"] = GENERATED
        node["uco-core:hasFacet"] += [
            self._content_facet("photo", str(item.photo), item.sha256, size=item.size),
            {
                "@id": self._id("facet", f"picture photo {item.photo}"),
                "@type": "uco-observable:RasterPictureFacet",
                "uco-observable:pictureType": item.format.lower(),
                "uco-observable:pictureWidth": _number(item.width),
                "uco-observable:pictureHeight": _number(item.height),
            },
        ]
        return node

    def _outputs(self, run: ReportRun) -> list[Node]:
        """The hypotheses; the hash is that of the labelled file's unlabelled pixels and said so."""
        made = []
        for number, sha256 in enumerate(run.outputs, start=1):
            name = f"{run.run} {number}"
            node = self._file("hypothesis", name, names.output(run.run, "composite", number))
            node["uco-core:description"] = (
                f"Hypothesis {number} of {run.made} of run {run.run}, generated by {run.model} "
                f"v{run.version}; it identifies nobody. SHA-256 of its pixels: {sha256}"
            )
            made.append(node)
        return made

    def _file(self, kind: str, name: str, path: str) -> Node:
        return {
            "@id": self._id(kind, name),
            "@type": "uco-observable:File",
            "uco-core:hasFacet": [
                {
                    "@id": self._id("facet", f"file {kind} {name}"),
                    "@type": "uco-observable:FileFacet",
                    "uco-observable:fileName": path.rpartition("/")[2],
                    "uco-observable:filePath": path,
                    "uco-observable:extension": path.rpartition(".")[2],
                    "uco-observable:isDirectory": False,
                }
            ],
        }

    def _content_facet(self, kind: str, name: str, sha256: str, *, size: int) -> Node:
        return {
            "@id": self._id("facet", f"content {kind} {name}"),
            "@type": "uco-observable:ContentDataFacet",
            "uco-observable:sizeInBytes": _number(size),
            "uco-observable:hash": [
                {
                    "@id": self._id("hash", f"{kind} {name}"),
                    "@type": "uco-types:Hash",
                    "uco-types:hashMethod": "SHA256",
                    "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": sha256},
                }
            ],
        }

    def _step(self, step: Step) -> Node:
        node: Node = {
            "@id": self._id("action", str(step.first)),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": step.what,
            "uco-core:description": "; ".join(f"{k}: {v}" for k, v in step.parameters.items())
            or step.action,
            "uco-action:startTime": _time(step.utc),
            "uco-action:endTime": _time(step.until_utc),
            "uco-action:instrument": [self._ref("tool", "revisage")],
        }
        if step.who:
            node["uco-action:performer"] = self._ref("person", step.who)
        photo, run = step.parameters.get("photo"), step.parameters.get("run")
        known = {str(item.photo) for item in self._content.items}
        if photo in known:
            link = "uco-action:result" if step.action == "evidence.add" else "uco-action:object"
            node[link] = [self._ref("photo", str(photo))]
        if step.action == "run.add":
            for each in self._content.runs:
                if str(each.run) != run:
                    continue
                if each.model_sha256 in self._models:
                    node["uco-action:instrument"].append(self._ref("tool", each.model_sha256))
                node["uco-action:result"] = [
                    self._ref("hypothesis", f"{each.run} {number}")
                    for number in range(1, len(each.outputs) + 1)
                ]
        return node


def _number(value: int) -> Node:
    return {"@type": "xsd:integer", "@value": str(value)}


def _time(utc: str) -> Node:
    return {"@type": "xsd:dateTime", "@value": utc}
