"""Holds what `cargo run --example reports -- FOLDER` wrote against validators that nobody here wrote, and each validator
against a document that is wrong.

    check.py FOLDER TOOLS    TOOLS is where tests/run keeps them
"""

import copy
import csv
import glob
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import cmarkgfm
import jsonschema
import xmlschema
import yaml
from check_jsonschema.regex_variants import RegexImplementation, RegexVariantName
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

FOLDER, TOOLS = sys.argv[1:]
NODE = os.path.join(TOOLS, "node_modules")


class Refused(Exception):
    """A validator refused a document."""


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Refused(f"{os.path.basename(command[0])}: {(done.stdout + done.stderr).strip()[-2000:]}")
    return done.stdout


# NIST's patterns are ECMAScript's, with properties of Unicode, which Python's `re` does not have.
ECMA = {"pattern": RegexImplementation(RegexVariantName.default).pattern_keyword}


def by_schema(schema, keywords=None):
    made = jsonschema.validators.extend(jsonschema.validators.validator_for(schema), keywords or {})(schema)

    def check(document):
        errors = sorted(made.iter_errors(document), key=lambda error: list(map(str, error.path)))
        if errors:
            raise Refused("; ".join(f"{list(error.path)}: {error.message[:300]}" for error in errors[:5]))

    return check


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


# --- SARIF ---------------------------------------------------------------------------------------------------------

sarif_schema = by_schema(load(f"{NODE}/@microsoft/sarif-multitool-linux/sarif-2.1.0.json"))


def multitool(path):
    tool = f"{NODE}/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    with tempfile.TemporaryDirectory() as folder:
        output = f"{folder}/output.sarif"
        run(tool, "validate", path, "--output", output, env=environment)
        found = [result for part in load(output)["runs"] for result in part.get("results", [])]
        errors = [result for result in found if result.get("level") == "error"]
        if errors:
            raise Refused(f"multitool: {json.dumps(errors[:3])[:2000]}")


def sarif(path):
    sarif_schema(load(path))
    multitool(path)


# --- OSCAL ---------------------------------------------------------------------------------------------------------

nist = by_schema(load(f"{TOOLS}/oscal.json"), ECMA)


def references(document):
    """Neither tool looks whether what is related is there."""
    for result in document["assessment-results"]["results"]:
        uuids = {kind: {one["uuid"] for one in result.get(kind, [])} for kind in ("observations", "risks", "findings")}
        if sum(map(len, uuids.values())) != len(set().union(*uuids.values())):
            raise Refused("a UUID stands twice")
        for holder in result.get("findings", []) + result.get("risks", []):
            for one in holder.get("related-observations", []):
                if one["observation-uuid"] not in uuids["observations"]:
                    raise Refused(f"no observation {one}")
            for one in holder.get("related-risks", []):
                if one["risk-uuid"] not in uuids["risks"]:
                    raise Refused(f"no risk {one}")


def oscal_schema(document):
    nist(document)
    references(document)


def trestle(paths):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as elsewhere:
        tool = f"{os.path.dirname(sys.executable)}/trestle"
        run(tool, "init", "--local", cwd=folder)
        for path in paths:
            name = os.path.basename(path).split(".")[0]
            source = f"{elsewhere}/{name}.json"
            with open(source, "w", encoding="utf-8") as file:
                json.dump(load(path), file)
            run(tool, "import", "-f", source, "-o", name, cwd=folder)
        run(tool, "validate", "-a", cwd=folder)


# --- the others ----------------------------------------------------------------------------------------------------

junit_schema = xmlschema.XMLSchema(f"{TOOLS}/junit-10.xsd")


def junit_text(text):
    try:
        junit_schema.validate(text)
    except xmlschema.XMLSchemaException as error:
        raise Refused(str(error)[:1000]) from None


def ocsf(document):
    for event in document:
        try:
            made = ComplianceFinding(**event)
        except ValueError as error:
            raise Refused(str(error)[:1000]) from None
        if made.compliance.status_id is None or made.type_uid != made.class_uid * 100 + made.activity_id:
            raise Refused(f"{made.finding_info.uid}: what it says of itself does not fit")


def strict(schema):
    """The API server drops what a schema does not name; here it is an error."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            strict(value)
    return schema


def resource(path, kind):
    with open(path, encoding="utf-8") as file:
        for document in yaml.safe_load_all(file):
            if document and document["spec"]["names"]["kind"] == kind:
                version = document["spec"]["versions"][0]
                schema = copy.deepcopy(version["schema"]["openAPIV3Schema"])
                schema["properties"]["metadata"] = {"type": "object", "x-metadata": True}
                check = by_schema(strict(schema))
                group = document["spec"]["group"] + "/" + version["name"]
                return lambda items: [kubernetes(item, check, group, kind) for item in items["items"]]
    raise SystemExit(f"{path} has no {kind}")


def kubernetes(item, check, group, kind):
    check(item)
    metadata = item["metadata"]
    if (item["apiVersion"], item["kind"]) != (group, kind):
        raise Refused(f"{item['apiVersion']} {item['kind']}")
    if not re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", metadata["name"]):
        raise Refused(f"name {metadata['name']}")
    key = re.compile(r"([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
    for name, value in metadata["annotations"].items():
        if not key.fullmatch(name) or not isinstance(value, str):
            raise Refused(f"annotation {name}")
    if len(json.dumps(item)) > 1_000_000:
        raise Refused("longer than an object of Kubernetes may be")
    counted = {word: sum(result["result"] == word for result in item["results"]) for word in item["summary"]}
    if counted != item["summary"]:
        raise Refused(f"the summary says {item['summary']}, the results {counted}")


policyreport = resource(f"{TOOLS}/policyreport.yaml", "ClusterPolicyReport")
openreports = resource(f"{TOOLS}/openreports.yaml", "ClusterReport")


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.tags.update(f"{tag} {name}" for name, _ in attributes)


def markdown(text):
    if len(text) > 65_536:
        raise Refused(f"{len(text)} characters")
    tags = Tags()
    tags.feed(cmarkgfm.github_flavored_markdown_to_html(text, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))
    own = {"h2", "h3", "p", "code", "ul", "li", "em", "strong", "details", "summary"}
    own |= {"table", "thead", "tbody", "tr", "th", "td"}
    if tags.tags - own:
        raise Refused(f"a text became markup: {sorted(tags.tags - own)}")


def spreadsheet(text):
    rows = list(csv.reader(text.splitlines(), strict=True))
    if len({len(row) for row in rows}) != 1:
        raise Refused("rows of different lengths")
    formulas = [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠")]
    if formulas:
        raise Refused(f"a formula: {formulas[:3]}")


def github(text):
    line = re.compile(r"::(error|warning|notice) ((file|line|title)=[^,:]*,?)+::[^\r\n]*")
    wrong = [one for one in text.splitlines() if not line.fullmatch(one)]
    if wrong or any(len(re.findall(f"(?m)^::{level} ", text)) > 10 for level in ("error", "warning", "notice")):
        raise Refused(f"lines: {wrong[:3]}")


def gitlab(document):
    for entry in document:
        whole = {"check_name", "description", "fingerprint", "severity", "location"} == set(entry)
        severity = entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        place = entry["location"]["lines"]["begin"] >= 1 and not entry["location"]["path"].startswith("./")
        if not (whole and severity and place):
            raise Refused(str(entry)[:300])
    if len({entry["fingerprint"] for entry in document}) != len(document):
        raise Refused("a fingerprint stands twice")


def pages(paths):
    """html-validate knows files by their ending."""
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            with open(path, encoding="utf-8") as source, open(f"{folder}/{os.path.basename(path)}.html", "w") as file:
                file.write(source.read())
        with open(f"{folder}/.htmlvalidate.json", "w") as file:
            # What is about taste is off: long titles, where forms go, and digests in place of names.
            off = ["long-title", "no-inline-style", "require-sri", "valid-id", "doctype-style", "void-style"]
            rules = {name: "off" for name in off}
            json.dump({"root": True, "extends": ["html-validate:standard"], "rules": rules}, file)
        run("node", f"{NODE}/html-validate/bin/html-validate.mjs", folder, cwd=folder)


# --- what is wrong has to be refused ---------------------------------------------------------------------------------


def spoilt(path, spoil):
    document = load(path)
    spoil(document)
    return document


def spoilt_file(path, check, spoil):
    with tempfile.NamedTemporaryFile("w", suffix=os.path.splitext(path)[1], encoding="utf-8") as file:
        json.dump(spoilt(path, spoil), file)
        file.flush()
        check(file.name)


def refuses(name, check):
    try:
        check()
    except Refused:
        return []
    return [f"{name}: its validator accepts what is wrong"]


def negatives():
    of = lambda ending: f"{FOLDER}/drift.{ending}"  # noqa: E731
    text = lambda ending: open(of(ending), encoding="utf-8", newline="").read()  # noqa: E731
    level = lambda log: log["runs"][0]["results"][0].update(level="fatal")  # noqa: E731
    index = lambda log: log["runs"][0]["results"][0].update(ruleIndex=999)  # noqa: E731
    result = lambda document: document["assessment-results"]["results"][0]  # noqa: E731
    partial = lambda document: result(document)["findings"][0]["target"]["status"].update(state="partial")  # noqa: E731
    dangling = lambda document: result(document)["findings"][0]["related-observations"][0].update(  # noqa: E731
        {"observation-uuid": "00000000-0000-4000-8000-000000000000"}
    )
    maybe = lambda document: document["items"][0]["results"][0].update(result="maybe")  # noqa: E731
    wrong = []
    wrong += refuses("sarif, schema", lambda: sarif_schema(spoilt(of("sarif"), level)))
    wrong += refuses("sarif, multitool", lambda: spoilt_file(of("sarif"), multitool, index))
    wrong += refuses("oscal, schema", lambda: oscal_schema(spoilt(of("oscal"), partial)))
    wrong += refuses("oscal, references", lambda: oscal_schema(spoilt(of("oscal"), dangling)))
    wrong += refuses("junit", lambda: junit_text(text("junit").replace("<testcase name=", "<testcase line=", 1)))
    wrong += refuses("ocsf", lambda: ocsf(spoilt(of("ocsf"), lambda events: events[0].pop("finding_info"))))
    wrong += refuses("policyreport", lambda: policyreport(spoilt(of("policyreport"), maybe)))
    wrong += refuses("openreports", lambda: openreports(spoilt(of("openreports"), maybe)))
    wrong += refuses("markdown", lambda: markdown(text("markdown") + "\n<img src=x>\n"))
    wrong += refuses("csv", lambda: spreadsheet(text("csv").replace("'=", "=")))
    wrong += refuses("github", lambda: github(text("github") + "::set-output name=x::y\n"))
    wrong += refuses("gitlab", lambda: gitlab(spoilt(of("gitlab"), lambda all_: all_[0].update(severity="bad"))))
    return wrong


def main():
    def lines(check):
        def read(path):
            with open(path, encoding="utf-8", newline="") as file:
                check(file.read())

        return read

    parsed = lambda check: lambda path: check(load(path))  # noqa: E731
    each = {
        "csv": lines(spreadsheet),
        "github": lines(github),
        "gitlab": parsed(gitlab),
        "junit": lines(junit_text),
        "markdown": lines(markdown),
        "ocsf": parsed(ocsf),
        "openreports": parsed(openreports),
        "oscal": parsed(oscal_schema),
        "policyreport": parsed(policyreport),
        "sarif": sarif,
    }
    together = {"html": pages, "oscal": trestle}
    wrong = []
    for ending in sorted(each | together):
        paths, began = sorted(glob.glob(f"{FOLDER}/*.{ending}")), time.monotonic()
        if not paths:
            wrong.append(f"{ending}: there is none")
            continue
        for path in paths if ending in each else []:
            try:
                each[ending](path)
            except Refused as why:
                wrong.append(f"{os.path.basename(path)}: {why}")
        if ending in together:
            try:
                together[ending](paths)
            except Refused as why:
                wrong.append(f"{ending}: {why}")
        print(f"{ending:14} {len(paths)} files {time.monotonic() - began:6.1f} s", flush=True)
    known = set(each) | set(together) | {"json"}
    wrong += [f"{path}: nothing checks it" for path in glob.glob(f"{FOLDER}/*") if path.rsplit(".", 1)[1] not in known]
    wrong += negatives()
    sys.exit("\n".join(wrong) or None)


main()
