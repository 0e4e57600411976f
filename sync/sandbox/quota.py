"""
Google's quotas per minute, by caller and for the whole project.

Limits: https://developers.google.com/workspace/sheets/api/limits, and the same page of
Forms and Drive; Drive's are those of projects from before May 2026.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.discovery import Method
    from sync.sandbox.reply import Json

Scope: TypeAlias = Literal["user", "project"]

_PROJECT_NUMBER = 100_000_000_000
_UNITS = {"user": "1/min/{project}/{user}", "project": "1/min/{project}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """
    What Google counts together, and how much of it a minute may have.

    own_name: where metric and limit are not called after the title
    """

    api: str
    title: str
    per_user: int
    per_project: int
    own_name: str = ""

    @property
    def name(self) -> str:
        """What Google calls the metric, such as `read_requests`."""
        return self.own_name or self.title.lower().replace(" ", "_")

    @property
    def limit(self) -> str:
        """What the name of its limits begins with, such as `ReadRequests`."""
        return self.own_name or self.title.title().replace(" ", "")


_METRICS = {
    ("sheets", False): Metric(api="sheets", title="Read requests", per_user=60, per_project=300),
    ("sheets", True): Metric(api="sheets", title="Write requests", per_user=60, per_project=300),
    ("forms", False): Metric(api="forms", title="Read requests", per_user=390, per_project=975),
    ("forms", True): Metric(api="forms", title="Write requests", per_user=150, per_project=375),
}
_RESPONSES = Metric(api="forms", title="Expensive read requests", per_user=180, per_project=450)
_QUERIES = Metric(
    api="drive", title="Queries", per_user=12_000, per_project=12_000, own_name="default"
)


class Quota:
    """Counts calls in windows of one minute; a batchUpdate is one, a part of `/batch` too."""

    def __init__(self) -> None:
        self._minute = 0
        self._used: Counter[tuple[str, Metric]] = Counter()

    def spend(self, method: Method, email: str, *, write: bool, now: datetime) -> None:
        """Count one call; raises `Refused` (429, at Drive 403) when the window is used up."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self._used.clear()
        counted = metric(method, write=write)
        if self._used[email, counted] >= counted.per_user:
            raise exceeded(counted)
        if self._used["", counted] >= counted.per_project:
            raise exceeded(counted, "project")
        self._used[email, counted] += 1
        self._used["", counted] += 1


def metric(method: Method, *, write: bool) -> Metric:
    """Return what a call of *method* counts as."""
    if method.api == "drive":
        return _QUERIES
    return _RESPONSES if method.id == "forms.forms.responses.list" else _METRICS[method.api, write]


def exceeded(metric: Metric, scope: Scope = "user") -> Refused:
    """Return Google's refusal of a call above a limit, as recorded (issues of n8n, rclone)."""
    per_user = scope == "user"
    service = f"{metric.api}.googleapis.com"
    limit = f"{metric.title} per minute" + " per user" * per_user
    message = (
        f"Quota exceeded for quota metric '{metric.title}' and limit '{limit}' of service "
        f"'{service}' for consumer 'project_number:{_PROJECT_NUMBER}'."
    )
    metadata = {
        "service": service,
        "consumer": f"projects/{_PROJECT_NUMBER}",
        "quota_metric": f"{service}/{metric.name}",
        "quota_limit": f"{metric.limit}PerMinutePer{scope.capitalize()}",
        "quota_limit_value": str(metric.per_user if per_user else metric.per_project),
        "quota_location": "global",
        "quota_unit": _UNITS[scope],
    }
    details = [{**_RATE, "metadata": metadata}, _HELP]
    if metric.api == "drive":
        reason = "userRateLimitExceeded" if per_user else "rateLimitExceeded"
        return Refused(403, message, details=details, reason=reason)
    return Refused(429, message, details=details)


def rate_403() -> Refused:
    """Return the other words in which Google asks a caller to slow down."""
    return Refused(403, "User Rate Limit Exceeded", details=[_RATE], reason="userRateLimitExceeded")


_RATE: Json = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "RATE_LIMIT_EXCEEDED",
    "domain": "googleapis.com",
}
_HELP: Json = {
    "@type": "type.googleapis.com/google.rpc.Help",
    "links": [
        {
            "description": "Request a higher quota limit.",
            "url": "https://cloud.google.com/docs/quotas/help/request_increase",
        }
    ],
}
