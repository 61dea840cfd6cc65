"""AWS Step Functions: the state machine that rebuilds sites of any size (`Rebuild` in infra/template.yaml)."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.errors import GiveUp, TryAgain

_TERMINAL = {"AccessDeniedException", "InvalidArn", "StateMachineDoesNotExist", "StateMachineDeleting"}


class StepFunctions:
    """One state machine. The client is made when it is started: hardly any run does."""

    def __init__(self, make_client: Callable[[], Any], arn: str, above: int) -> None:
        self._make_client = make_client
        self._arn = arn
        self.above = above

    def start(self) -> None:
        """See `tilepress.ports.StateMachine`. Each call is an execution: one that runs already may have read former settings."""
        try:
            self._make_client().start_execution(stateMachineArn=self._arn)
        except (ClientError, BotoCoreError) as error:
            code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
            fault = GiveUp if code in _TERMINAL else TryAgain
            raise fault(f"start {self._arn}: {error}") from error
