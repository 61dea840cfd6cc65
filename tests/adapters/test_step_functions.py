"""What starts the state machine: each start is an execution, and a fault says whether trying again helps."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from tilepress.adapters.step_functions import StepFunctions
from tilepress.dev.aws_server import CREDENTIALS
from tilepress.errors import GiveUp, TryAgain

ARN = "arn:aws:states:eu-central-1:123456789012:stateMachine:tilepress-rebuild"


def made() -> Any:
    """A client that asks nobody."""
    make: Any = boto3.client
    return make("stepfunctions", **CREDENTIALS)


def test_each_start_is_an_execution_of_its_own() -> None:
    """Without a name, which could be that of an execution that runs already, and has read former settings."""
    client = made()
    with Stubber(client) as answers:
        answers.add_response("start_execution", {"executionArn": ARN, "startDate": 0}, {"stateMachineArn": ARN})
        StepFunctions(lambda: client, ARN, 1).start()
        answers.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "fault"), [("AccessDeniedException", GiveUp), ("StateMachineDoesNotExist", GiveUp), ("ThrottlingException", TryAgain)]
)
def test_faults_name_the_state_machine(code: str, fault: type[Exception]) -> None:
    """A permission that is missing is not asked for again and again."""
    client = made()
    with Stubber(client) as answers:
        answers.add_client_error("start_execution", code)
        with pytest.raises(fault, match=ARN):
            StepFunctions(lambda: client, ARN, 1).start()
