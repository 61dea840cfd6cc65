"""After `sam deploy`: prints what the stack is called by, has everything published with the new code and templates, and says what does not fit."""

import argparse
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import boto3
from tilepress.adapters.s3 import S3Store
from tilepress.addresses import SETTINGS_KEY
from tilepress.pages import SourceFile
from tilepress.site import parse_site

SAMCONFIG = Path(__file__).parents[1] / "samconfig.toml"


def main() -> int:
    """Read the stack's outputs, and send one message to its queue: what is current is left alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config-env", default="default", help="the part of samconfig.toml that was deployed")
    config = tomllib.loads(SAMCONFIG.read_text())[parser.parse_args().config_env]
    region = config.get("deploy", {}).get("parameters", {}).get("region")
    session = boto3.Session(region_name=region) if region else boto3.Session()
    (stack,) = session.client("cloudformation").describe_stacks(StackName=config["global"]["parameters"]["stack_name"])["Stacks"]
    if "Outputs" not in stack:
        print("Nothing is deployed yet: the change set was declined.")
        return 1
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    parameters = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack.get("Parameters", ())}
    session.client("sqs").send_message(QueueUrl=outputs["QueueUrl"], MessageBody='{"resync": true}')
    for name, value in outputs.items():
        print(f"{name:20} {value}")
    print(f"\nWhat is there is being published anew. Upload a folder: .venv/bin/tilepress sync example s3://{outputs['SourceBucketName']}")
    settings = S3Store(session.client("s3"), outputs["SourceBucketName"]).get(SETTINGS_KEY)
    for host in forbidden_embeds(settings, parameters.get("EmbedHosts", "")):
        print(
            f"\nsite.yaml lets pages embed {host}, but browsers will not show it: add https://{host} to the parameter EmbedHosts, and deploy again."
        )
    return 0


def forbidden_embeds(settings: SourceFile | None, allowed: str) -> list[str]:
    """The hosts that site.yaml lets pages embed, and the stack's content security policy does not. `allowed` is the parameter EmbedHosts."""
    site, _ = parse_site(settings)
    return [host for host in (site.embed_hosts if site else ()) if not any(fnmatchcase(f"https://{host}", one) for one in allowed.split())]


if __name__ == "__main__":
    sys.exit(main())
