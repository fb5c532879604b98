"""What describing pictures would take, how far it is, and what became of it."""

from __future__ import annotations

from pinakes.core.files import Failure
from pinakes.core.usage import Spent
from pinakes.core.value import Value


class DescribeEstimate(Value):
    """What describing would take; tokens are estimates, and so is the cost.

    Attributes:
        pictures: Files to be described; `calls` are fewer where several hold the same content.
        described: Pictures that the model has described already; `given_up` those left out because they failed for
            good (`retry_failed` takes them up again).
        cost: In the currency of the prices given; None without prices.
    """

    model: str
    pictures: int = 0
    calls: int = 0
    described: int = 0
    given_up: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


class DescribeFailure(Value):
    """A picture that was not described, and why."""

    file_id: str
    filename: str
    code: str
    message: str
    retryable: bool = False


class DescribeReport(Value):
    """What became of a run.

    Attributes:
        described: Files that have a description now; `calls_saved` of them share the content of another one.
        left: Files that were not tried, because the run was stopped; another run goes on with them.
        stopped: Why, in a sentence.
    """

    model: str
    described: int = 0
    calls_saved: int = 0
    failed: tuple[DescribeFailure, ...] = ()
    left: int = 0
    stopped: str | None = None
    spent: Spent = Spent()


class DescribeProgress(Value):
    """How far a run is: `done` of `total` files, and the one that came last."""

    done: int
    total: int
    filename: str
    failure: Failure | None = None
