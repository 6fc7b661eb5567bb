"""The bytes of the Route 53 API against botocore: for every operation of its service model, requests that it writes are
read as what it was given, and answers that we write are read by it as what was meant. Values are made from the model."""
import datetime
import json
import os
import random
import subprocess

import botocore.awsrequest
import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize
import pytest

MODEL = botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model("route53", "service-2"), "route53")
ROUNDS = 20
TEXTS = ["a", "*.Example.com", "\\052.example.com.", "a & b", "<tag>", "\"quoted\" 'too'", "  blanks  ", "é ü 日本",
         "50% + 1/2", "line\nbreak", "]]>", "&amp;"]
SHAPED = {  # values that the model gives a pattern
    "IPAddress": ["192.0.2.1", "2001:db8::1"], "Latitude": ["12.3", "-5"], "Longitude": ["123.45", "+9"],
    "UUID": ["01234567-89ab-cdef-0123-456789abcdef"], "ARN": ["arn:aws:route53:::cidrcollection/abc"], "CidrNonce": ["nonce"],
    "CollectionName": ["offices-1"], "CidrLocationNameDefaultAllowed": ["*", "a_b"], "CidrLocationNameDefaultNotAllowed": ["a-b"],
    "Cidr": ["192.0.2.0/24"],
}


class Maker:
    """Random values of a shape, always the same ones."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, shape):
        if shape.enum:
            return self.random.choice(shape.enum)
        if shape.name in SHAPED:
            return self.random.choice(SHAPED[shape.name])
        least, most = shape.metadata.get("min", 1), shape.metadata.get("max", 64)
        text = self.random.choice(TEXTS)[:most]
        return text + "x" * (max(least, 1) - len(text))

    def number(self, shape):
        return self.random.randint(shape.metadata.get("min", -5), min(shape.metadata.get("max", 10**9), 2**31 - 1))

    def make(self, shape):
        kinds = {"structure": self.structure, "list": self.list, "string": self.text, "integer": self.number,
                 "long": self.number, "double": lambda _: self.random.choice([0.5, -2.25, 100.0]),
                 "boolean": lambda _: self.random.random() < 0.5,
                 "timestamp": lambda _: datetime.datetime(2026, 1, 2, 3, 4, 5, 678000, datetime.timezone.utc)}
        return kinds[shape.type_name](shape)

    def list(self, shape):
        least = max(shape.metadata.get("min", 0), 1)
        return [self.make(shape.member) for _ in range(self.random.randint(least, least + 2))]

    def structure(self, shape):
        return {name: self.make(member) for name, member in shape.members.items()
                if name in shape.required_members or self.random.random() < 0.6}


@pytest.fixture(scope="module")
def pipe():
    program = os.path.join(os.path.dirname(os.environ["NEARWELL"]), "tests/core/route53/wire_pipe")
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        def ask(line):
            process.stdin.write(json.dumps(line) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())
        yield ask
        process.stdin.close()


def written_by_botocore(operation, parameters):
    serializer = botocore.serialize.create_serializer("rest-xml", include_validation=False)
    request = serializer.serialize_to_request(parameters, operation)
    botocore.awsrequest.prepare_request_dict(request, "http://127.0.0.1:8053")
    prepared = botocore.awsrequest.create_request_object(request).prepare()
    body = prepared.body or b""
    return {"method": prepared.method, "target": prepared.url, "body": body.decode() if isinstance(body, bytes) else body}


@pytest.mark.parametrize("name", MODEL.operation_names)
def test_requests_are_read_as_botocore_was_given_them(pipe, name):
    operation = MODEL.operation_model(name)
    maker = Maker(name)
    for _ in range(ROUNDS):
        parameters = maker.make(operation.input_shape)
        request = written_by_botocore(operation, parameters)
        assert pipe(request) == {"operation": name, "input": parameters}, request


def plain(value):
    """As our JSON has it: times are texts."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.678Z")
    return value


@pytest.mark.parametrize("name", MODEL.operation_names)
def test_answers_are_read_by_botocore_as_they_were_meant(pipe, name):
    operation = MODEL.operation_model(name)
    maker = Maker(name)
    for _ in range(ROUNDS):
        output = maker.make(operation.output_shape)
        output.pop("Location", None)  # a header
        document = pipe({"operation": name, "output": plain(output)})["document"]
        parsed = botocore.parsers.create_parser("rest-xml").parse(
            {"status_code": 200, "headers": {}, "body": document.encode()}, operation.output_shape)
        parsed.pop("ResponseMetadata")
        assert plain(parsed) == plain(output), document
