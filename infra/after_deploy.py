"""After `sam deploy`: prints what the stack is called by, and has everything published with the new code and templates."""

import argparse
import sys
import tomllib
from pathlib import Path

import boto3

SAMCONFIG = Path(__file__).parents[1] / "samconfig.toml"


def main() -> int:
    """Read the stack's outputs, and send one message to its queue: what is current is left alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config-env", default="default", help="the part of samconfig.toml that was deployed")
    config = tomllib.loads(SAMCONFIG.read_text())[parser.parse_args().config_env]
    region = config.get("deploy", {}).get("parameters", {}).get("region")
    session = boto3.Session(region_name=region) if region else boto3.Session()
    (stack,) = session.client("cloudformation").describe_stacks(StackName=config["global"]["parameters"]["stack_name"])["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    session.client("sqs").send_message(QueueUrl=outputs["QueueUrl"], MessageBody='{"resync": true}')
    for name, value in outputs.items():
        print(f"{name:20} {value}")
    print(f"\nWhat is there is being published anew. Upload a folder: .venv/bin/tilepress sync example s3://{outputs['SourceBucketName']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
