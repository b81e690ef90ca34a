"""What the team's collector sends, with the real prometheus_client: one event per process, as in its workflow steps.

Usage: collector.py MODE GATEWAY EVENT JSON
MODE is "before" (as it was), "keyword" (only the argument that raised is mended) or "repaired" (docs/collector.md).
"""

import json
import sys

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, push_to_gateway, pushadd_to_gateway

JOB = "deployment-pipeline"
registry = CollectorRegistry()
DEPLOYMENT = ["environment", "deployment_id"]


def counter(name, *labels):
    return Counter(name, name, [*DEPLOYMENT, *labels], registry=registry)


def gauge(name, *labels):
    return Gauge(name, name, [*DEPLOYMENT, *labels], registry=registry)


metrics = {
    "deployment_total": counter("deployment_total", "service", "stage", "status"),
    "deployment_errors_total": counter("deployment_errors_total", "service", "stage", "error_type"),
    "deployment_rollback_total": counter("deployment_rollback_total", "reason", "status"),
    "smoke_test_total": counter("smoke_test_total", "test_name", "status"),
    "migration_total": counter("migration_total", "migration_name", "status"),
    "deployment_in_progress": gauge("deployment_in_progress", "branch", "triggered_by"),
    "deployment_stage_duration_seconds": gauge("deployment_stage_duration_seconds", "service", "stage", "status"),
    "api_health_check_latency_ms": gauge("api_health_check_latency_ms", "status"),
    "post_deployment_error_rate": gauge("post_deployment_error_rate", "service"),
    "database_migration_lag_seconds": gauge("database_migration_lag_seconds", "migration_count"),
    "deployment_infrastructure_cost": gauge("deployment_infrastructure_cost", "resource"),
    "time_to_deploy_seconds": Histogram(
        "time_to_deploy_seconds",
        "time_to_deploy_seconds",
        ["environment"],
        buckets=[60, 300, 600, 900, 1200, 1500, 1800],
        registry=registry,
    ),
    # The one metric that the repair adds.
    "deployment_outcome_code": gauge("deployment_outcome_code"),
}


def main():
    mode, gateway, event, text = sys.argv[1:5]
    said = json.loads(text)
    for name, labels, value in said["samples"]:
        child = metrics[name].labels(**labels)
        if name == "time_to_deploy_seconds":
            child.observe(value)
        elif name.endswith("_total"):
            child.inc(value)
        else:
            child.set(value)
    if mode == "before":
        push_to_gateway(gateway, job=JOB, registry=registry, instance=said["group"]["deployment_id"])
    elif mode == "keyword":
        push_to_gateway(gateway, job=JOB, registry=registry, grouping_key={"instance": said["group"]["deployment_id"]})
    else:
        pushadd_to_gateway(gateway, job=JOB, registry=registry, grouping_key=said["group"])
    print(event)


main()
