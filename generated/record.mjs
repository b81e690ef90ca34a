#!/usr/bin/env node
// The deployment recorder: one file, no dependencies, Node 20 or newer. Generated from src/record/; do not edit.
//
//   PUSHGATEWAY_URL=https://gateway.example node record.mjs stage --service api --stage build -- docker build .
//
// Verbs and options: node record.mjs --help

// Data of the pipeline file.
const PIPELINE = {
  "name": "Relay",
  "environments": {
    "production": {
      "kind": "production",
      "pages": true,
      "freezes": true,
      "objectives": true
    },
    "staging": {
      "kind": "staging",
      "pages": false,
      "freezes": false,
      "objectives": true
    }
  },
  "services": {
    "api": {
      "hosting": "railway"
    },
    "web": {
      "hosting": "vercel"
    },
    "database": {}
  },
  "stages": {
    "build": {
      "errorType": "command_failed",
      "kind": "build"
    },
    "push": {
      "errorType": "command_failed",
      "kind": "build"
    },
    "install": {
      "errorType": "command_failed",
      "kind": "build"
    },
    "migration": {
      "errorType": "migration_failed",
      "kind": "migrate",
      "service": "database"
    },
    "deploy": {
      "errorType": "command_failed",
      "kind": "deploy"
    },
    "deploy_railway": {
      "errorType": "command_failed",
      "kind": "deploy",
      "service": "api"
    },
    "deploy_vercel": {
      "errorType": "command_failed",
      "kind": "deploy",
      "service": "web"
    },
    "health_check": {
      "errorType": "health_check_failed",
      "kind": "check",
      "service": "api"
    },
    "smoke_test": {
      "errorType": "test_failed",
      "kind": "test"
    },
    "smoke_tests": {
      "errorType": "test_failed",
      "kind": "test"
    },
    "verification": {
      "errorType": "test_failed",
      "kind": "test"
    },
    "rollback": {
      "errorType": "command_failed",
      "kind": "rollback",
      "service": "api"
    }
  },
  "hosting": {
    "railway": {
      "title": "Railway: choose the project, then Observability",
      "logs": "https://railway.com/dashboard"
    },
    "vercel": {
      "title": "Vercel: choose the project, then Logs",
      "logs": "https://vercel.com/dashboard"
    }
  },
  "smokeTests": {
    "api_health": "GET /health",
    "knowledge_api": "GET /api/v1/knowledge/health",
    "web_app": "GET /beta"
  },
  "migrations": {
    "tool": "Alembic",
    "name": "alembic_head",
    "command": "alembic upgrade head"
  },
  "cost": {
    "currency": "USD",
    "resources": [
      "railway_compute",
      "vercel_build",
      "database_migration"
    ]
  },
  "targets": {
    "deployments": {
      "objective": 0.99,
      "agreement": 0.98,
      "good": 0.95,
      "poor": 0.9,
      "failures": 2
    },
    "timeToDeploy": {
      "objective": 0.95,
      "seconds": 600,
      "warningSeconds": 300,
      "agreementSeconds": 720,
      "escalationSeconds": 1200,
      "escalationDeployments": 2,
      "behindSeconds": 600,
      "tooLongSeconds": 900,
      "slowDeployments": 2
    },
    "health": {
      "objective": 0.99,
      "least": 0.95,
      "alert": 0.9,
      "windowSeconds": 300,
      "attempts": 30,
      "intervalSeconds": 5,
      "timeoutSeconds": 300,
      "latencySeconds": 1,
      "failures": 2,
      "recovery": 3
    },
    "smokeTests": {
      "objective": 0.99,
      "warning": 0.95
    },
    "migrations": {
      "objective": 1,
      "slowSeconds": 120,
      "criticalSeconds": 300
    },
    "errorRate": {
      "warning": 0.01,
      "rollback": 0.05,
      "spike": {
        "times": 3,
        "share": 0.02,
        "requestsPerSecond": 0.1,
        "over": 1.5
      }
    },
    "rollbacks": {
      "perWeek": 3
    },
    "stages": {
      "times": 2,
      "extraSeconds": 60
    },
    "usualFrom": 10,
    "frequency": {
      "few": 0.25,
      "many": 3,
      "difference": 4,
      "fromHour": 16,
      "workingDaysPerWeek": 5
    },
    "cost": {
      "times": 3,
      "extra": 0.1
    },
    "telemetrySilenceSeconds": 1800,
    "abandoned": {
      "afterSeconds": 7200,
      "toldSeconds": 3600
    },
    "noDeployment": {
      "seconds": 345600,
      "usualGaps": 3,
      "mostSeconds": 2592000
    },
    "eventSeconds": 900,
    "incidentSeconds": 86400,
    "observedSeconds": 900,
    "budget": {
      "half": 0.5,
      "failed": 1,
      "rolledBackForHealth": 0.5,
      "rolledBack": 1
    }
  },
  "repository": "",
  "ci": "",
  "grafana": "https://relay-grafana-production.up.railway.app",
  "timeZone": "UTC",
  "application": {
    "environment": "production",
    "job": "relay-production",
    "target": "relay-production-f2a6.up.railway.app",
    "scheme": "https",
    "requests": {
      "metric": "http_requests_total",
      "status": "status_code"
    },
    "duration": {
      "metric": "http_request_duration_seconds"
    },
    "external": {
      "calls": "external_api_calls_total",
      "duration": "external_api_duration_seconds",
      "errors": "external_api_errors_total",
      "by": "service",
      "examples": "Supabase and the embeddings API"
    },
    "database": {
      "slow": "database_slow_queries_total",
      "store": {
        "metric": "memory_query_latency_ms",
        "title": "Memory queries",
        "by": "stage"
      },
      "pool": {
        "metric": "database_pool_utilization_percent",
        "by": "pool"
      }
    },
    "logStreams": "{app=~\".+\"}"
  },
  "metrics": {},
  "transport": "pushgateway",
  "prometheus": "2.42",
  "channels": {
    "pager": {
      "kind": "pagerduty",
      "variable": "PAGERDUTY_ROUTING_KEY"
    },
    "ops-channel": {
      "kind": "slack",
      "variable": "SLACK_OPS_WEBHOOK_URL"
    },
    "tickets": {
      "kind": "slack",
      "variable": "SLACK_TICKETS_WEBHOOK_URL"
    },
    "log-channel": {
      "kind": "slack",
      "variable": "SLACK_LOG_WEBHOOK_URL"
    }
  }
};
var __defProp = Object.defineProperty;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __esm = (fn, res, err) => function() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target3, all) => {
  for (var name2 in all)
    __defProp(target3, name2, { get: all[name2], enumerable: !0 });
};

// src/lib/words.ts
function editDistance(a, b) {
  let before = [], previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let row2 = [i];
    for (let j = 1; j <= b.length; j++) {
      let same = a[i - 1] === b[j - 1], cost2 = Math.min(previous[j] + 1, row2[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && (cost2 = Math.min(cost2, before[j - 2] + 1)), row2.push(cost2);
    }
    [before, previous] = [previous, row2];
  }
  return previous[b.length];
}
function commonPrefix(a, b) {
  let length = 0;
  for (; length < a.length && a[length] === b[length]; ) length++;
  return length;
}
function nearest(word, known) {
  let limit = Math.max(1, Math.floor(word.length / 3)), best;
  for (let candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    let edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (edits > limit) continue;
    let distance = edits - commonPrefix(word, candidate) / 1e3;
    (!best || distance < best.distance) && (best = { word: candidate, distance });
  }
  return best?.word;
}
function didYouMean(word, known, prefix2 = "") {
  let found = nearest(word, known);
  return found === void 0 ? "" : ` Did you mean ${prefix2}${found}?`;
}
var counted, longest, cleanName, init_words = __esm({
  "src/lib/words.ts"() {
    "use strict";
    counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
    longest = 64, cleanName = (name2) => name2.trim().replaceAll(/[^A-Za-z0-9_.-]+/g, "_").slice(0, longest);
  }
});

// src/record/io.ts
var processIo, escapeData, warningLine, init_io = __esm({
  "src/record/io.ts"() {
    "use strict";
    processIo = {
      stdout: (text2) => {
        process.stdout.write(text2);
      },
      stderr: (chunk) => {
        process.stderr.write(chunk);
      },
      output: (name2, chunk, ready) => {
        let stream = process[name2], waiting = !0, paused = !1;
        return stream.write(chunk, () => {
          waiting = !1, paused && ready();
        }), paused = waiting && stream.writableLength > 0, !paused;
      },
      now: () => Date.now()
    }, escapeData = (text2) => text2.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll(`
`, "%0A"), warningLine = (text2) => `::warning title=Deployment recorder::${escapeData(text2)}
`;
  }
});

// src/record/channel.ts
var channel_exports = {};
__export(channel_exports, {
  isSameFile: () => isSameFile,
  openChannels: () => openChannels
});
import { execFileSync } from "node:child_process";
import { closeSync, constants, fstatSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
function isSameFile(a, b) {
  try {
    let [one, other] = [fstatSync(a), fstatSync(b)];
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return !1;
  }
}
function openChannels(count2) {
  if (process.platform === "win32") return;
  let folder;
  try {
    folder = mkdtempSync(join(tmpdir(), "deployment-recorder-"));
    let paths = Array.from({ length: count2 }, (_, i) => join(folder, String(i)));
    return execFileSync("mkfifo", paths, { stdio: "ignore" }), paths.map(openChannel);
  } catch {
    return;
  } finally {
    folder !== void 0 && rmSync(folder, { recursive: !0, force: !0 });
  }
}
function openChannel(path) {
  let reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writer = openSync(path, constants.O_WRONLY);
  return {
    writer,
    read: (sink, closed) => {
      closeSync(writer);
      let socket = readInto(reader, sink);
      return socket.once("close", closed), () => socket.destroy();
    },
    close: () => {
      closeSync(writer), closeSync(reader);
    }
  };
}
function readInto(fd, sink) {
  let buffer = Buffer.allocUnsafe(65536), onread = {
    buffer,
    callback: (size) => sink(buffer.subarray(0, size), () => socket.resume())
  }, socket = new Socket({ fd, readable: !0, writable: !1, onread });
  return socket.on("error", () => {
  }), socket.resume(), socket;
}
var init_channel = __esm({
  "src/record/channel.ts"() {
    "use strict";
  }
});

// src/lib/sanitize.ts
var commands, stripControls, init_sanitize = __esm({
  "src/lib/sanitize.ts"() {
    "use strict";
    commands = /(?![\n\t])[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, stripControls = (text2) => text2.replaceAll(`\r
`, `
`).replace(commands, "�");
  }
});

// src/lib/errors.ts
var errors_exports = {};
__export(errors_exports, {
  EnvironmentFailure: () => EnvironmentFailure,
  UserError: () => UserError,
  explain: () => explain,
  runMain: () => runMain
});
function wordsOf(error2) {
  return error2 instanceof UserError ? error2.fix ? `${error2.message}
  ${error2.fix}` : error2.message : error2 instanceof EnvironmentFailure ? error2.notDone ? `${error2.message}
  Not done: ${error2.notDone}` : error2.message : `This is a bug in this project, please report it.
${error2 instanceof Error ? error2.stack ?? error2.message : String(error2)}`;
}
async function runMain(main2, failureCode = 1) {
  try {
    process.exitCode = await main2();
  } catch (error2) {
    console.error(explain(error2)), process.exitCode = failureCode;
  }
}
var UserError, EnvironmentFailure, explain, init_errors = __esm({
  "src/lib/errors.ts"() {
    "use strict";
    init_sanitize();
    UserError = class extends Error {
      name = "UserError";
      fix;
      constructor(message, fix) {
        super(message), this.fix = fix;
      }
    }, EnvironmentFailure = class extends Error {
      name = "EnvironmentFailure";
      notDone;
      constructor(message, notDone2) {
        super(message), this.notDone = notDone2;
      }
    }, explain = (error2) => stripControls(wordsOf(error2));
  }
});

// src/pipeline/pipeline.ts
var environmentsOf, stagesOf, runbookFolder, init_pipeline = __esm({
  "src/pipeline/pipeline.ts"() {
    "use strict";
    environmentsOf = ({ environments }, kind) => Object.entries(environments).flatMap(([name2, e]) => e.kind === kind && !name2.includes("*") ? [name2] : []), stagesOf = ({ stages: stages4 }, ...kinds) => Object.entries(stages4).flatMap(([name2, { kind }]) => kinds.includes(kind) ? [name2] : []), runbookFolder = ({ repository }) => `${repository === "" ? "" : `${repository}/blob/main/`}generated/docs/runbooks`;
  }
});

// src/pipeline/index.ts
var init_pipeline2 = __esm({
  "src/pipeline/index.ts"() {
    "use strict";
    init_pipeline();
  }
});

// src/record/pipeline.ts
function carried() {
  if (current === void 0) throw new Error("The recorder was built without a pipeline.");
  return current;
}
function stageOf(kind) {
  let pipeline = carried(), [stage3 = kind] = stagesOf(pipeline, kind), [first = ""] = Object.keys(pipeline.services);
  return { stage: stage3, service: pipeline.stages[stage3]?.service ?? first };
}
function recordedEnvironment(given) {
  let name2 = cleanName(given), { environments } = carried(), pattern2 = Object.hasOwn(environments, name2) ? name2 : Object.keys(environments).find((one) => matches(one, name2));
  return pattern2 === void 0 ? { environment: name2, name: name2, known: name2 === "preview" } : { environment: environments[pattern2]?.kind === "preview" ? "preview" : name2, name: name2, known: !0 };
}
function example() {
  let { smokeTests: smokeTests2, cost: cost2, migrations: migrations2 } = carried(), ofKind2 = (...kinds) => stagesOf(carried(), ...kinds)[0] ?? Object.keys(carried().stages)[0] ?? "build";
  return {
    service: services()[0] ?? "service",
    build: ofKind2("build", "other"),
    deploy: ofKind2("deploy"),
    smokeTest: Object.keys(smokeTests2)[0] ?? "home_page",
    resource: cost2.resources[0] ?? "compute",
    migrate: migrations2.command
  };
}
var current, targets, defaultEnvironment, matches, services, stages, resources, init_pipeline3 = __esm({
  "src/record/pipeline.ts"() {
    "use strict";
    init_words();
    init_pipeline2();
    current = typeof PIPELINE > "u" ? void 0 : PIPELINE;
    targets = () => carried().targets, defaultEnvironment = () => {
      let names = Object.entries(carried().environments);
      return (names.find(([, { kind }]) => kind === "production") ?? names[0])?.[0] ?? "production";
    };
    matches = (pattern2, name2) => pattern2.endsWith("*") ? name2.startsWith(pattern2.slice(0, -1)) : pattern2 === name2;
    services = () => Object.keys(carried().services), stages = () => Object.keys(carried().stages), resources = () => carried().cost.resources;
  }
});

// src/metrics/application.ts
var application, applicationMetrics, applicationJob, applicationNames, init_application = __esm({
  "src/metrics/application.ts"() {
    "use strict";
    application = { producers: ["application"], required: !1 }, applicationMetrics = {
      http_requests_total: {
        type: "counter",
        unit: "count",
        help: "Requests answered by the application.",
        labels: { job: "open", method: "open", endpoint: "open", status_code: "open" },
        ...application
      },
      http_request_duration_seconds: {
        type: "histogram",
        unit: "seconds",
        help: "How long the application took to answer.",
        labels: { job: "open", method: "open", endpoint: "open", status_code: "open" },
        ...application
      },
      external_api_calls_total: {
        type: "counter",
        unit: "count",
        help: "Calls to other services.",
        labels: { job: "open", service: "open", operation: "open" },
        ...application
      },
      external_api_duration_seconds: {
        type: "histogram",
        unit: "seconds",
        help: "How long calls to other services took.",
        labels: { job: "open", service: "open", operation: "open" },
        ...application
      },
      external_api_errors_total: {
        type: "counter",
        unit: "count",
        help: "Calls to other services that failed.",
        labels: { job: "open", service: "open", operation: "open" },
        producers: ["nobody yet"],
        required: !1
      },
      memory_query_latency_ms: {
        type: "histogram",
        unit: "milliseconds",
        help: "How long queries of the memory store took.",
        labels: { job: "open", stage: "open", status: "open", user_id: "open" },
        ...application
      },
      database_pool_utilization_percent: {
        type: "gauge",
        unit: "percent",
        help: "Share of the connection pool in use.",
        labels: { job: "open", pool: "open" },
        ...application
      },
      database_slow_queries_total: {
        type: "counter",
        unit: "count",
        help: "Queries slower than the threshold of the slow query log.",
        labels: { job: "open" },
        producers: ["nobody yet"],
        required: !1
      }
    }, applicationJob = "relay-production", applicationNames = ({
      requests: requests2,
      duration: duration2,
      external,
      database
    }) => ({
      http_requests_total: requests2.metric,
      http_request_duration_seconds: duration2.metric,
      external_api_calls_total: external?.calls ?? "",
      external_api_duration_seconds: external?.duration ?? "",
      external_api_errors_total: external?.errors ?? "",
      memory_query_latency_ms: database?.store?.metric ?? "",
      database_pool_utilization_percent: database?.pool?.metric ?? "",
      database_slow_queries_total: database?.slow ?? ""
    });
  }
});

// src/metrics/codes.ts
var outcomes, stageStatuses, rollbackReasons, errorTypes, gateVerdicts, namesOf, init_codes = __esm({
  "src/metrics/codes.ts"() {
    "use strict";
    outcomes = {
      running: 0,
      success: 1,
      failure: 2,
      rolled_back: 3,
      abandoned: 4,
      cancelled: 5
    }, stageStatuses = { running: 0, success: 1, skipped: 2, cancelled: 3, failure: 4 }, rollbackReasons = {
      none: 0,
      health_check_failed: 1,
      test_failed: 2,
      error_rate: 3,
      manual: 4,
      other: 9
    }, errorTypes = {
      none: 0,
      command_failed: 1,
      timeout: 2,
      health_check_failed: 3,
      migration_failed: 4,
      test_failed: 5,
      rollback_triggered: 6,
      api_unreachable: 7,
      database_connection_error: 8,
      other: 9,
      dependency: 10,
      network: 11,
      out_of_memory: 12,
      infrastructure: 13
    }, gateVerdicts = {
      pass: 1,
      fail: 2,
      inconclusive: 3,
      error: 4,
      would_pass: 11,
      would_fail: 12,
      would_inconclusive: 13,
      would_error: 14
    }, namesOf = (codes, ...without2) => Object.keys(codes).filter(
      (name2) => !without2.includes(name2)
    );
  }
});

// src/metrics/labels.ts
var labels, init_labels = __esm({
  "src/metrics/labels.ts"() {
    "use strict";
    init_codes();
    labels = {
      environment: "open",
      deployment_id: "open",
      service: "open",
      stage: "open",
      status: ["success", "failure", "skipped", "cancelled"],
      test_status: ["success", "failure"],
      health_status: ["healthy", "unhealthy", "degraded"],
      error_type: namesOf(errorTypes, "none", "other"),
      reason: namesOf(rollbackReasons, "none", "other"),
      gate: ["stay", "deploy"],
      checks: "open",
      test_name: "open",
      migration_name: "open",
      migration_count: "open",
      resource: "open",
      triggered_by: ["github_actions", "manual", "webhook"],
      attempt: "open",
      branch: "open",
      commit: "open",
      version: "open",
      actor: "open",
      previous_deployment_id: "open",
      rework_of: "open",
      run_url: "open",
      repository_url: "open",
      log_url: "open",
      message: "open",
      window: ["1h", "1d", "7d", "30d"],
      quantile: ["0.5", "0.95", "0.99"],
      // The ids of the objectives in slo/, which the build puts in.
      slo: "open"
    };
  }
});

// src/metrics/pipeline.ts
var environment, deployment_id, service, stage, migration_name, test_name, resource, deployment, stageLabels, gated, pushed, alsoCollector, optional, optionalAlsoCollector, deployments, stages2, checks, events, pipelineMetrics, pipelineJob, init_pipeline4 = __esm({
  "src/metrics/pipeline.ts"() {
    "use strict";
    init_labels();
    ({ environment, deployment_id, service, stage, migration_name, test_name, resource } = labels), deployment = { environment, deployment_id }, stageLabels = { ...deployment, service, stage, migration_name }, gated = { ...deployment, gate: labels.gate }, pushed = { producers: ["recorder"], required: !0, pushedOnce: !0 }, alsoCollector = { producers: ["recorder", "collector"], required: !0, pushedOnce: !0 }, optional = { producers: ["recorder"], required: !1, pushedOnce: !0 }, optionalAlsoCollector = { ...alsoCollector, required: !1 }, deployments = {
      deployment_triggered_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the push (or click) happened that caused the deployment.",
        labels: deployment,
        ...pushed
      },
      deployment_committed_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the commit that is deployed was made, as far as GitHub says.",
        labels: deployment,
        ...optional
      },
      deployment_started_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the first job of the deployment began to run.",
        labels: deployment,
        ...pushed
      },
      deployment_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the deployment was finished, whatever its outcome.",
        labels: deployment,
        ...pushed
      },
      deployment_outcome_code: {
        type: "gauge",
        unit: "code",
        help: "Outcome as the run reported it: 1 success, 2 failure, 3 rolled back, 5 cancelled. The ledger decides the final one.",
        labels: deployment,
        ...pushed
      },
      deployment_in_progress: {
        type: "gauge",
        unit: "boolean",
        help: "1 while the deployment runs, 0 when it is finished.",
        labels: { ...deployment, branch: labels.branch, triggered_by: labels.triggered_by },
        ...alsoCollector
      },
      deployment_info: {
        type: "info",
        unit: "none",
        help: "Always 1; the labels say what was deployed, by whom and from which run.",
        labels: {
          ...deployment,
          branch: labels.branch,
          commit: labels.commit,
          version: labels.version,
          actor: labels.actor,
          previous_deployment_id: labels.previous_deployment_id,
          run_url: labels.run_url,
          repository_url: labels.repository_url
        },
        ...pushed
      },
      deployment_rework_info: {
        type: "info",
        unit: "none",
        help: "Always 1, of a deployment that fixes what an earlier one broke: it was unplanned. Names the one that it fixes, or none: then the one before it.",
        labels: { ...deployment, rework_of: labels.rework_of },
        ...optional
      },
      time_to_deploy_seconds: {
        type: "histogram",
        unit: "seconds",
        help: "Time to deploy as the collector measures it, buckets 60 to 1800 s. The ledger uses exact timestamps instead.",
        labels: { environment, deployment_id },
        producers: ["collector"],
        required: !1,
        pushedOnce: !0
      }
    }, stages2 = {
      deployment_stage_started_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the stage began.",
        labels: stageLabels,
        ...pushed
      },
      deployment_stage_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the stage ended.",
        labels: stageLabels,
        ...pushed
      },
      deployment_stage_status_code: {
        type: "gauge",
        unit: "code",
        help: "How the stage ended: 1 success, 2 skipped, 3 cancelled, 4 failure.",
        labels: stageLabels,
        ...pushed
      },
      deployment_stage_duration_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long the stage took.",
        labels: { ...stageLabels, status: labels.status },
        ...alsoCollector
      },
      deployment_total: {
        type: "counter",
        unit: "count",
        help: "A completed stage (not a deployment, in spite of its name); always 1.",
        labels: { ...stageLabels, status: labels.status },
        ...alsoCollector
      },
      deployment_stage_info: {
        type: "info",
        unit: "none",
        help: "Always 1; the address of the log of the stage.",
        labels: { ...stageLabels, log_url: labels.log_url },
        ...pushed
      },
      deployment_errors_total: {
        type: "counter",
        unit: "count",
        help: "An error of a stage; always 1.",
        labels: { ...stageLabels, error_type: [...labels.error_type, "other"] },
        ...optionalAlsoCollector
      },
      deployment_error_info: {
        type: "info",
        unit: "none",
        help: "Always 1; what went wrong, as a type and a short message without secrets.",
        // The word itself, where it is none of the types.
        labels: { ...stageLabels, error_type: "open", message: labels.message },
        ...optional
      }
    }, checks = {
      deployment_health_check_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When this attempt of the health check ran.",
        labels: { ...deployment, service, attempt: labels.attempt },
        ...pushed
      },
      deployment_health_check_success: {
        type: "gauge",
        unit: "boolean",
        help: "1 when this attempt of the health check was answered with status 200 in time.",
        labels: { ...deployment, service, attempt: labels.attempt },
        ...pushed
      },
      deployment_health_check_latency_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long this attempt of the health check took.",
        labels: { ...deployment, service, attempt: labels.attempt },
        ...pushed
      },
      api_health_check_latency_ms: {
        type: "gauge",
        unit: "milliseconds",
        help: "Latency of the last health check with this status.",
        labels: { ...deployment, service, status: labels.health_status },
        ...alsoCollector
      },
      post_deployment_error_rate: {
        type: "gauge",
        unit: "ratio",
        help: "Share of failing requests (or health checks) in the first minutes of the new version, 0 to 1.",
        labels: { ...deployment, service },
        ...optionalAlsoCollector
      },
      smoke_test_total: {
        type: "counter",
        unit: "count",
        help: "A smoke test that ran; always 1.",
        labels: { ...deployment, test_name, status: labels.test_status },
        ...alsoCollector
      },
      smoke_test_success: {
        type: "gauge",
        unit: "boolean",
        help: "1 when the smoke test passed.",
        labels: { ...deployment, test_name },
        ...pushed
      },
      smoke_test_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the smoke test ended.",
        labels: { ...deployment, test_name },
        ...pushed
      },
      smoke_test_duration_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long the smoke test took.",
        labels: { ...deployment, test_name },
        ...pushed
      },
      smoke_test_error_info: {
        type: "info",
        unit: "none",
        help: "Always 1; why the smoke test failed, as a short message without secrets.",
        labels: { ...deployment, test_name, message: labels.message },
        ...optional
      }
    }, events = {
      migration_total: {
        type: "counter",
        unit: "count",
        help: "A run of database migrations; always 1.",
        labels: { ...stageLabels, status: labels.test_status },
        ...alsoCollector
      },
      migration_success: {
        type: "gauge",
        unit: "boolean",
        help: "1 when the run of migrations succeeded.",
        labels: stageLabels,
        ...pushed
      },
      migration_duration_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long the run of migrations took.",
        labels: stageLabels,
        ...pushed
      },
      migrations_applied: {
        type: "gauge",
        unit: "count",
        help: "How many migrations the run applied.",
        labels: stageLabels,
        ...pushed
      },
      database_migration_lag_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "Duration of the run of migrations, by the number of migrations, as the collector reports it.",
        labels: { ...stageLabels, migration_count: labels.migration_count },
        ...optionalAlsoCollector
      },
      deployment_rollback_total: {
        type: "counter",
        unit: "count",
        help: "A rollback that was tried; always 1.",
        labels: { ...stageLabels, reason: [...labels.reason, "other"], status: labels.test_status },
        ...optionalAlsoCollector
      },
      deployment_rollback_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the rollback ended.",
        labels: stageLabels,
        ...optional
      },
      deployment_rollback_info: {
        type: "info",
        unit: "none",
        help: "Always 1; to which deployment it was rolled back.",
        labels: { ...stageLabels, previous_deployment_id: labels.previous_deployment_id, reason: "open" },
        ...optional
      },
      deployment_gate_verdict_code: {
        type: "gauge",
        unit: "code",
        help: "What the gate answered: 1 pass, 2 fail, 3 inconclusive, 4 error; 10 more in shadow mode, which refuses nothing.",
        labels: gated,
        ...optional
      },
      deployment_gate_asked_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the gate answered.",
        labels: gated,
        ...optional
      },
      deployment_gate_info: {
        type: "info",
        unit: "none",
        help: "Always 1; which checks of the gate decided, and what they found.",
        labels: { ...gated, checks: labels.checks, message: labels.message },
        ...optional
      },
      deployment_infrastructure_cost: {
        type: "gauge",
        unit: "currency",
        help: "What this deployment cost on this resource.",
        labels: { ...deployment, resource },
        ...optionalAlsoCollector
      }
    }, pipelineMetrics = { ...deployments, ...stages2, ...checks, ...events }, pipelineJob = "deployment-pipeline";
  }
});

// src/metrics/system.ts
var prometheus, pushgateway, group, systemMetrics, pushgatewayJob, init_system = __esm({
  "src/metrics/system.ts"() {
    "use strict";
    init_labels();
    prometheus = { producers: ["prometheus"], required: !1 }, pushgateway = { producers: ["pushgateway"], required: !0 }, group = {
      job: "open",
      environment: labels.environment,
      deployment_id: "open",
      service: labels.service,
      stage: labels.stage,
      migration_name: "open",
      test_name: "open",
      resource: labels.resource,
      gate: labels.gate
    }, systemMetrics = {
      up: {
        type: "gauge",
        unit: "boolean",
        help: "1 when the last scrape of the target succeeded.",
        labels: { job: "open", instance: "open" },
        producers: ["prometheus"],
        required: !0
      },
      ALERTS: {
        type: "gauge",
        unit: "boolean",
        help: "1 while an alert is pending or firing.",
        labels: {
          alertname: "open",
          alertstate: ["pending", "firing"],
          severity: ["critical", "high", "medium", "info"],
          environment: labels.environment,
          deployment_id: "open",
          service: labels.service,
          stage: labels.stage,
          slo: "open"
        },
        ...prometheus
      },
      push_time_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the group was last pushed successfully, by the clock of the Pushgateway.",
        labels: group,
        ...pushgateway
      },
      push_failure_time_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When a push of the group was last refused, by the clock of the Pushgateway; 0 if never.",
        labels: group,
        ...pushgateway
      },
      pushgateway_http_requests_total: {
        type: "counter",
        unit: "count",
        help: "Requests that the Pushgateway answered.",
        labels: { job: "open", instance: "open", code: "open", handler: "open", method: "open" },
        ...pushgateway
      },
      process_start_time_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the process started.",
        labels: { job: "open", instance: "open" },
        ...prometheus
      },
      prometheus_rule_evaluation_failures_total: {
        type: "counter",
        unit: "count",
        help: "Rule evaluations that failed.",
        labels: { job: "open", instance: "open", rule_group: "open" },
        ...prometheus
      },
      prometheus_rule_group_last_evaluation_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the rule group was last evaluated.",
        labels: { job: "open", instance: "open", rule_group: "open" },
        ...prometheus
      },
      prometheus_rule_group_iterations_missed_total: {
        type: "counter",
        unit: "count",
        help: "Evaluations that were skipped because the one before was still running.",
        labels: { job: "open", instance: "open", rule_group: "open" },
        ...prometheus
      },
      prometheus_notifications_alertmanagers_discovered: {
        type: "gauge",
        unit: "count",
        help: "Alertmanagers that Prometheus knows.",
        labels: { job: "open", instance: "open" },
        ...prometheus
      },
      prometheus_notifications_errors_total: {
        type: "counter",
        unit: "count",
        help: "Alerts that could not be sent to an Alertmanager.",
        labels: { job: "open", instance: "open", alertmanager: "open" },
        ...prometheus
      }
    }, pushgatewayJob = "pushgateway";
  }
});

// src/metrics/expression.ts
function binary(left2, operator, right2, o = {}) {
  let side = o.groupLeft ? ` group_left (${o.groupLeft.join(", ")})` : "";
  return new Vector(...operation(left2, operator, right2, `${o.bool ? " bool" : ""}${matching(o)}${side}`));
}
var Vector, Scalar, clause, aggregation, sum, avg, min, max, count, group2, topk, matching, level, numberText, operand, operation, and, unless, times, now, scalar, vector, ago, midnight, monthStart, monthLength, nextMonthStart, timestampOf, init_expression = __esm({
  "src/metrics/expression.ts"() {
    "use strict";
    Vector = class {
      text;
      /** How tightly the outermost operator binds; operands that bind less are put in parentheses. */
      precedence;
      constructor(text2, precedence = 9) {
        this.text = text2, this.precedence = precedence;
      }
      toString() {
        return this.text;
      }
    }, Scalar = class {
      text;
      precedence;
      constructor(text2, precedence = 9) {
        this.text = text2, this.precedence = precedence;
      }
      toString() {
        return this.text;
      }
    }, clause = (by) => by ? ` by (${by.join(", ")}) ` : "", aggregation = (name2) => (v, o = {}) => new Vector(`${name2}${clause(o.by)}(${v.text})`), sum = aggregation("sum"), avg = aggregation("avg"), min = aggregation("min"), max = aggregation("max"), count = aggregation("count"), group2 = aggregation("group"), topk = (k, v, o = {}) => new Vector(`topk${clause(o.by)}(${k}, ${v.text})`), matching = (m = {}) => m.on ? ` on (${m.on.join(", ")})` : m.ignoring ? ` ignoring (${m.ignoring.join(", ")})` : "", level = {
      or: 1,
      and: 2,
      unless: 2,
      "==": 3,
      "!=": 3,
      "<": 3,
      "<=": 3,
      ">": 3,
      ">=": 3,
      "+": 4,
      "-": 4,
      "*": 5,
      "/": 5,
      "%": 5
    }, numberText = (value) => String(value).replace("Infinity", "Inf"), operand = (o, precedence, right2) => typeof o == "number" ? numberText(o) : o.precedence < precedence || right2 && o.precedence === precedence ? `(${o.text})` : o.text, operation = (left2, operator, right2, between = "") => {
      let precedence = level[operator] ?? 1;
      return [
        `${operand(left2, precedence, !1)} ${operator}${between} ${operand(right2, precedence, !0)}`,
        precedence
      ];
    }, and = (left2, right2, m) => new Vector(...operation(left2, "and", right2, matching(m))), unless = (left2, right2, m) => new Vector(...operation(left2, "unless", right2, matching(m)));
    times = (factor, v) => new Vector(...operation(factor, "*", v)), now = new Scalar("time()"), scalar = (left2, operator, right2) => new Scalar(...operation(left2, operator, right2)), vector = (s) => new Vector(`vector(${s})`), ago = (seconds) => scalar(now, "-", seconds), midnight = scalar(now, "-", scalar(now, "%", 86400)), monthStart = new Scalar(
      "time() - (scalar(day_of_month()) - 1) * 86400 - time() % 86400",
      4
    ), monthLength = new Scalar("scalar(days_in_month()) * 86400", 5), nextMonthStart = scalar(monthStart, "+", monthLength), timestampOf = (v) => new Vector(`timestamp(${v.text})`);
  }
});

// src/lib/spoken.ts
function inUnit(seconds) {
  let [unit, length] = units2.find(([, one]) => seconds % one === 0) ?? ["second", 1];
  return [seconds / length, unit];
}
var named2, words, spokenCount, units2, said, spoken, init_spoken = __esm({
  "src/lib/spoken.ts"() {
    "use strict";
    named2 = /* @__PURE__ */ new Map([
      [900, "a quarter of an hour"],
      [1800, "half an hour"],
      [3600, "an hour"],
      [60, "a minute"],
      [1, "a second"]
    ]), words = [
      "no",
      "one",
      "two",
      "three",
      "four",
      "five",
      "six",
      "seven",
      "eight",
      "nine",
      "ten",
      "eleven",
      "twelve",
      "thirteen",
      "fourteen",
      "fifteen",
      "sixteen",
      "seventeen",
      "eighteen",
      "nineteen",
      "twenty"
    ], spokenCount = (count2) => words[count2] ?? String(count2), units2 = [
      ["day", 86400],
      ["hour", 3600],
      ["minute", 60],
      ["second", 1]
    ];
    said = (count2, unit) => `${count2} ${unit}${count2 === 1 || count2 === "one" ? "" : "s"}`, spoken = (seconds) => {
      let name2 = named2.get(seconds);
      if (name2 !== void 0) return name2;
      let [count2, unit] = inUnit(seconds);
      return said(spokenCount(count2), unit);
    };
  }
});

// src/metrics/selectors.ts
function metric(name2, matchers = {}) {
  let list = Object.entries(matchers).filter(([, value]) => value !== void 0).map(
    ([label, value]) => value instanceof Match ? `${label}${value.operator}${quote(value.value)}` : `${label}=${quote(value ?? "")}`
  );
  return new Selector(list.length > 0 ? `${name2}{${list.join(",")}}` : name2);
}
var Selector, Match, without, matches2, quote, ranged, overTime, lastOverTime, maxOverTime, minOverTime, avgOverTime, sumOverTime, countOverTime, presentOverTime, ofCounter, rate, increase, init_selectors = __esm({
  "src/metrics/selectors.ts"() {
    "use strict";
    init_expression();
    Selector = class extends Vector {
    }, Match = class {
      operator;
      value;
      constructor(operator, value) {
        this.operator = operator, this.value = value;
      }
    }, without = new Match("=", ""), matches2 = (regex) => new Match("=~", regex), quote = (text2) => JSON.stringify(text2);
    ranged = (selector, range, o = {}) => `${selector.text}[${range}]${o.at ? ` @ ${o.at}` : ""}${o.offset ? ` offset ${o.offset}` : ""}`, overTime = (name2) => (s, range, o) => new Vector(`${name2}(${ranged(s, range, o)})`), lastOverTime = overTime("last_over_time"), maxOverTime = overTime("max_over_time"), minOverTime = overTime("min_over_time"), avgOverTime = overTime("avg_over_time"), sumOverTime = overTime("sum_over_time"), countOverTime = overTime("count_over_time"), presentOverTime = overTime("present_over_time"), ofCounter = (name2) => (counter, range, o) => new Vector(`${name2}(${ranged(counter, range, o)})`), rate = ofCounter("rate"), increase = ofCounter("increase");
  }
});

// src/metrics/kinds.ts
function matcher(operator, values2) {
  let negative = operator.startsWith("!");
  return values2.length === 0 ? negative ? '!=""' : '=""' : values2.length === 1 ? `${negative ? "!=" : "="}"${values2[0]}"` : `${negative ? "!~" : "=~"}"${values2.map(quoted).join("|")}"`;
}
function renamed({ application: application2 }) {
  if (!application2) return /* @__PURE__ */ new Map();
  let all = [...Object.entries(applicationNames(application2)).filter(([, name2]) => name2 !== ""), ["status_code", application2.requests.status]];
  return new Map(all.filter(([from, to]) => from !== to));
}
function wordsOf2(pipeline) {
  let words4 = renamed(pipeline), word = new RegExp(
    `(?<![\\w:])(?:${[...words4.keys()].join("|")})(?=(?:_bucket|_count|_sum)?(?![\\w:]))`,
    "g"
  ), inOwnWords = (text2) => words4.size === 0 ? text2 : text2.replaceAll(word, (found) => words4.get(found) ?? found);
  return (text2) => inOwnWords(
    text2.includes(prefix) ? text2.replaceAll(
      marked,
      (_, operator, of, which) => matcher(operator, namesFor(pipeline, of, which))
    ).replaceAll(applicationJob, pipeline.application?.job ?? "").replaceAll(productionEnvironment, environmentsOf(pipeline, "production")[0] ?? "").replaceAll(grafanaAddress, pipeline.grafana).replaceAll(runbookAddress, runbookFolder(pipeline)).replaceAll(currencyMark, currencyUnitOf(pipeline.cost.currency)).replaceAll(markedSpoken, (_, path) => spoken(numberAt(pipeline.targets, path))).replaceAll(markedTarget, (_, path) => String(numberAt(pipeline.targets, path))) : text2
  );
}
var prefix, countedEnvironments, productionEnvironment, grafanaAddress, runbookAddress, currencyMark, quoted, marked, markedTarget, markedSpoken, units3, currencyUnitOf, namesFor, numberAt, init_kinds = __esm({
  "src/metrics/kinds.ts"() {
    "use strict";
    init_spoken();
    init_pipeline2();
    init_application();
    prefix = "pipeline:", countedEnvironments = `${prefix}environments:counted`, productionEnvironment = `${prefix}production`, grafanaAddress = `${prefix}grafana`, runbookAddress = `${prefix}runbooks`, currencyMark = `${prefix}currency`, quoted = (name2) => name2.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\\\$&");
    marked = new RegExp(`(=|!=)"${prefix}(stages|environments):([a-z+]+)"`, "g"), markedTarget = new RegExp(`scalar\\(${prefix}target\\{of="([\\w.]+)"\\}\\)`, "g"), markedSpoken = new RegExp(`${prefix}spoken\\{([\\w.]+)\\}`, "g"), units3 = ["USD", "EUR", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL", "ZAR"], currencyUnitOf = (code) => units3.includes(code) ? `currency${code}` : `currency:${code}`, namesFor = (pipeline, of, which) => of === "stages" ? stagesOf(pipeline, ...which.split("+")) : Object.entries(pipeline.environments).flatMap(
      ([name2, e]) => e.objectives && !name2.includes("*") ? [name2] : []
    ), numberAt = (targets2, path) => path.split(".").reduce((at, name2) => at[name2], targets2);
  }
});

// src/metrics/select-any.ts
var selectAny, lastOfAny, init_select_any = __esm({
  "src/metrics/select-any.ts"() {
    "use strict";
    init_expression();
    selectAny = (names, matchers) => {
      let list = Object.entries(matchers).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      return new Vector(`{${[`__name__=~"${names.join("|")}"`, ...list].join(",")}}`);
    }, lastOfAny = (selected, range) => new Vector(`last_over_time(${selected.text}[${range}])`);
  }
});

// src/metrics/index.ts
var init_metrics = __esm({
  "src/metrics/index.ts"() {
    "use strict";
    init_application();
    init_codes();
    init_expression();
    init_kinds();
    init_labels();
    init_pipeline4();
    init_select_any();
    init_selectors();
    init_system();
  }
});

// src/record/emit.ts
function withoutSecrets(push, clean) {
  let cleaned = (labels2, open2) => Object.fromEntries(
    Object.entries(labels2).map(([name2, text2]) => [name2, open2[name2] === "open" ? clean(text2) : text2])
  ), samples = push.samples.map((sample) => ({
    ...sample,
    labels: cleaned(sample.labels, pipelineMetrics[sample.metric].labels)
  }));
  return { ...push, group: cleaned(push.group, labels), samples };
}
function pushProblems(push) {
  let problems = /* @__PURE__ */ new Set();
  for (let { metric: metric2, labels: labels2, value } of push.samples) {
    let known = pipelineMetrics[metric2].labels;
    Number.isFinite(value) || problems.add(`${metric2} would be ${value}, which is not a number.`);
    for (let [name2, text2] of Object.entries({ ...push.group, ...labels2 })) {
      let values2 = known[name2];
      values2 === void 0 ? problems.add(`${metric2} has no label ${name2}.`) : values2 !== "open" && !values2.includes(text2) && problems.add(`The ${name2} "${text2}" is not one of those known: ${values2.join(", ")}.`);
    }
  }
  return [...problems];
}
var samplesOf, init_emit = __esm({
  "src/record/emit.ts"() {
    "use strict";
    init_metrics();
    samplesOf = (_group) => (metric2, labels2, value) => ({ metric: metric2, labels: labels2, value });
  }
});

// src/record/time.ts
function formatSeconds(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  let whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
var toSeconds, lengthSeconds, farthestAheadMs, init_time = __esm({
  "src/record/time.ts"() {
    "use strict";
    toSeconds = (ms) => Math.round(ms) / 1e3, lengthSeconds = (fromMs, toMs) => Math.max(0, toSeconds(toMs - fromMs));
    farthestAheadMs = 10 * 6e4;
  }
});

// src/lib/clock.ts
var clock_exports = {};
__export(clock_exports, {
  systemClock: () => systemClock
});
var systemClock, init_clock = __esm({
  "src/lib/clock.ts"() {
    "use strict";
    systemClock = {
      now: () => Date.now(),
      random: () => Math.random(),
      sleep: (ms, signal) => new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        let done = () => {
          clearTimeout(timer), signal?.removeEventListener("abort", done), resolve();
        }, timer = setTimeout(done, ms);
        signal?.addEventListener("abort", done, { once: !0 });
      })
    };
  }
});

// src/lib/url.ts
function baseUrl(text2, variable4) {
  let url;
  try {
    url = new URL(text2);
  } catch {
    throw new UserError(
      /^[\w.-]+(:\d+)?(\/|$)/.test(text2) ? `${variable4} is not a URL: https:// is missing before it.` : `${variable4} is not a URL.`,
      "Set it to something like https://host.example or https://host.example/prefix"
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new UserError(`${variable4} must start with http:// or https://.`);
  if (url.username || url.password)
    throw new UserError(
      `${variable4} carries a user name or password in the URL.`,
      "Put them into the variables made for them, so that they are never printed with the URL."
    );
  if (url.search || url.hash)
    throw new UserError(
      `${variable4} carries a query or a fragment (what follows ? or #), which is never sent.`,
      "Set it to the address alone, with its path prefix."
    );
  return url;
}
function joinUrl(base, path, query2) {
  let url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`, url.search = "", url.hash = "";
  for (let [name2, value] of Object.entries(query2 ?? {}))
    for (let one of typeof value == "string" ? [value] : value) url.searchParams.append(name2, one);
  return url;
}
function authorization(prefix2, env = process.env) {
  let token = env[`${prefix2}_TOKEN`]?.trim();
  if (token && !/^[\x21-\x7e]+$/.test(token))
    throw new UserError(
      `${prefix2}_TOKEN has a character that no token has, such as a space, a line break or a letter with an accent.`,
      "Copy it again, alone."
    );
  if (token) return { authorization: `Bearer ${token}` };
  let user = env[`${prefix2}_USERNAME`], password = env[`${prefix2}_PASSWORD`];
  if (user === void 0 && password === void 0) return {};
  if (!user || password === void 0)
    throw new UserError(
      `Of ${prefix2}_USERNAME and ${prefix2}_PASSWORD only one is set.`,
      "Set both, or neither."
    );
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}
var isLocalHost, init_url = __esm({
  "src/lib/url.ts"() {
    "use strict";
    init_errors();
    isLocalHost = (hostname2) => hostname2 === "localhost" || hostname2.endsWith(".localhost") || hostname2 === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname2);
  }
});

// src/lib/redact.ts
function redactor(secrets) {
  let forms = secrets.flatMap((s) => s === void 0 ? [] : [s, s.trim()]).filter((s) => s.length >= 4).flatMap(formsOf).sort((a, b) => b.length - a.length);
  return (text2) => forms.reduce((shown, form) => shown.replaceAll(form, "***"), text2);
}
var formsOf, init_redact = __esm({
  "src/lib/redact.ts"() {
    "use strict";
    formsOf = (secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString("base64"),
      Buffer.from(secret).toString("base64url")
    ];
  }
});

// src/record/secrets.ts
var secrets_exports = {};
__export(secrets_exports, {
  environmentSecrets: () => environmentSecrets,
  isSecretName: () => isSecretName,
  maskedValues: () => maskedValues,
  secretRemover: () => secretRemover
});
function isSecretName(name2) {
  let upper = name2.toUpperCase();
  return !harmlessNames.has(upper) && upper.split("_").some((part) => secretWords.has(part) || secretEnding.test(part));
}
function environmentSecrets(env) {
  let found = [];
  for (let [name2, value = ""] of Object.entries(env)) {
    isSecretName(name2) && found.push(value, ...value.split(`
`).map((line) => line.trim()));
    for (let [, password = ""] of value.matchAll(/:\/\/[^\s:/@]*:([^\s@]+)@/g))
      found.push(password, decoded(password));
    found.push(...basicCredentials(name2, value, env));
  }
  let whole = [...new Set(found)].filter(
    (secret) => secret.length >= shortestSecret && !/^(true|false|https?:\/\/[^@]*)$/.test(secret)
  );
  return [...whole, ...whole.flatMap(withinBase64)];
}
function withinBase64(secret) {
  let bytes = Buffer.from(secret);
  return bytes.length < 8 ? [] : [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), bytes]).toString("base64").slice(Math.ceil(before * 8 / 6), Math.floor((before + bytes.length) * 8 / 6)));
}
function basicCredentials(name2, user, env) {
  let password = name2.endsWith("_USERNAME") ? env[name2.replace(/USERNAME$/, "PASSWORD")] : void 0;
  return password ? [Buffer.from(`${user.trim()}:${password.trim()}`).toString("base64")] : [];
}
function decoded(text2) {
  try {
    return decodeURIComponent(text2);
  } catch {
    return text2;
  }
}
function secretRemover(env, more = []) {
  let known = redactor([...environmentSecrets(env), ...more]), short2 = wholeWords(shortPasswords(env));
  return (text2) => shapes.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), short2(known(text2)));
}
var secretWords, secretEnding, harmlessNames, shortestSecret, shortestPassword, shortPasswords, maskedValues, secretKey, quoted2, beginnings, shapes, wholeWords, init_secrets = __esm({
  "src/record/secrets.ts"() {
    "use strict";
    init_redact();
    secretWords = /* @__PURE__ */ new Set([
      "AUTH",
      "AUTHORIZATION",
      "BEARER",
      "COOKIE",
      "CREDENTIAL",
      "CREDENTIALS",
      "DSN",
      "JWT",
      "KEY",
      "PASS",
      "PASSPHRASE",
      "PASSWD",
      "PASSWORD",
      "PAT",
      "PWD",
      "SECRET",
      "SECRETS",
      "SIGNATURE",
      "TOKEN",
      "WEBHOOK"
    ]), secretEnding = /(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|APIKEY|CREDENTIALS?)$/, harmlessNames = /* @__PURE__ */ new Set(["PWD", "OLDPWD", "SSH_AUTH_SOCK", "SSH_ASKPASS"]), shortestSecret = 6, shortestPassword = 4;
    shortPasswords = (env) => Object.entries(env).flatMap(([name2, value]) => {
      let short2 = value?.trim() ?? "";
      return short2.length >= shortestPassword && short2.length < shortestSecret && isSecretName(name2) && !/^(?:[A-Za-z]+|\d+)$/.test(short2) ? [short2] : [];
    }), maskedValues = (output) => [...output.matchAll(/^::add-mask::(.+)$/gm)].map(([, value]) => value.trim()).filter((value) => value.length >= 4);
    secretKey = "(?:token|secret|password|passwd|passphrase|pwd|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|credentials?|cookie|signature|session[_-]?id|dsn|auth(?!or))", quoted2 = `\\\\*"(?:[^"\\\\]|\\\\(?!"))*(?:\\\\*")?|'[^']*'?`, beginnings = [
      "gh[pousr]_|github_pat_",
      // GitHub
      "gl(?:pat|rt|dt|cbt|ptt|soat|agent|oas|imt|ft)-",
      // GitLab
      "gls[ac]_|glc_",
      // Grafana
      "npm_|pypi-|rubygems_|dckr_[po]at_|CLOJARS_",
      // registries
      "hf_|r8_|gsk_|pplx-|xai-",
      // language models
      "do[opr]_v1_|fo1_|fm[12]_|tskey-|HRKU-|pul-|pscale_\\w+_|rnd_",
      // hosting
      "sbp_|sb_secret_|vc[pkir]_|ntn_|lin_(?:api|oauth)_|figd_|PMAK-|NRAK-|sntry[su]_|dt0c01\\.|dapi",
      // tools
      "hv[sbr]\\.|dp\\.(?:st|pt|ct|sa|scim|audit)\\.|ops_eyJ|AGE-SECRET-KEY-1|ATATT3x|ATCTT3x|AKCp",
      // vaults
      "shp(?:at|ca|pa|ss)_|whsec_|sq0(?:atp|csp)-|xkeysib-|shippo_live_|tfp_|EZ[AT]K|fio-u-|duffel_(?:live|test)_"
      // shops, mail
    ], shapes = [
      // user:password@ and token@ of a URL
      [/:\/\/[^\s/@]*:[^\s]*@|:\/\/[^\s/@]+@/g, "://***@"],
      // Signed and keyed addresses
      [/([?&](?:sig|key|code|auth|jwt|assertion|x-amz-(?:credential|security-token))=)[^\s&#"']+/gi, "$1***"],
      [/\b((?:proxy-)?authorization["']?\s*[:=]\s*).*/gi, "$1***"],
      // "Basic authentication" is no secret: a token has a digit, a sign, or a capital letter within it.
      [
        /\b([Bb]earer|BEARER|[Bb]asic|BASIC)(\s+)(?=[\w.~+/=-]*(?:[\d=+/_]|[a-z][A-Z]))[\w.~+/=-]{6,}/g,
        "$1$2***"
      ],
      [/\b(bearer)(\s+)[\w.~+/=-]{20,}/gi, "$1$2***"],
      // Not auth.ts:12:3, which is a place in a file.
      [
        new RegExp(
          `([\\w.-]{0,40}${secretKey}[\\w.-]{0,40}\\\\*["']?\\s*[=:]\\s*)(?!\\d+[:,])(${quoted2}|[^\\s,;&"']+)`,
          "gi"
        ),
        "$1***"
      ],
      [new RegExp(`(--?[\\w-]{0,40}${secretKey}[\\w-]{0,40}\\s+)(${quoted2}|[^\\s"'-][^\\s"']*)`, "gi"), "$1***"],
      // Kubernetes calls its secrets by name: only values with a digit are taken for one.
      [/(\b(?:secret|credentials?)\s+)(["'`])(?=[^"'`]*\d)[^"'`]{6,}\2/gi, "$1$2***$2"],
      // The token "…" is not valid; not JavaScript's unexpected token ';'.
      [
        /((?<!unexpected )\b(?:token|passw(?:or)?d|passphrase|api ?key)\s*:?\s+)(["'`])[^"'`]{4,}\2/gi,
        "$1$2***$2"
      ],
      [
        /(\b(?:token|secret|passw(?:or)?d|api ?key|credentials?)\b(?:\s+(?:is|was|of|for|with))?\W{1,3})[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi,
        "$1***"
      ],
      // curl -u user:password, but not docker run -u 1000:1000
      [/(\s(?:-u\s*|--(?:proxy-)?user[ =])["']?)(?!\d+:\d+\b)[^\s:"']+:[^\s"']+/g, "$1***"],
      [/(\b(?:mysql\w*|mariadb\w*|mongo\w*)\b[^|;\n]{0,200}?\s-p)[^\s:-]\S*/g, "$1***"],
      [/(\b(?:sshpass|redis-cli)\b[^|;\n]{0,200}?\s-[pa]\s*)[^\s-]\S*/g, "$1***"],
      [/(\bPGPASSWORD=)\S+/g, "$1***"],
      [/\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g, "***"],
      [new RegExp(`\\b(?:${beginnings.join("|")})(?=[\\w.-]*\\d)[\\w.-]{10,}`, "g"), "***"],
      [/\b(?:sk|rk|pk)[-_](?:live|test|ant|proj|or)?[-_]?[\w-]{16,}/g, "***"],
      [/\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}/g, "***"],
      [/\bhooks\.slack\.com\/[\w/]+|\bdiscord(?:app)?\.com\/api\/webhooks\/[\w/-]+/g, "***"],
      [/\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b/g, "***"],
      [/\bAIza[\w-]{30,}|\bya29\.[\w.-]{10,}|\bGOCSPX-[\w-]{20,}/g, "***"],
      [/\bSG\.[\w-]{16,}\.[\w-]{16,}|\bSK[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b/g, "***"],
      [/\b\d{8,10}:AA[\w-]{32,}|\b[\w-]{14}\.atlasv1\.[\w-]{20,}/g, "***"],
      [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, "***"]
    ], wholeWords = (passwords) => {
      if (passwords.length === 0) return (text2) => text2;
      let escaped = passwords.map((password) => password.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")), words4 = new RegExp(`(?<!\\w)(?:${escaped.join("|")})(?!\\w)`, "g");
      return (text2) => text2.replace(words4, "***");
    };
  }
});

// src/record/gateway.ts
function gatewayOf(env) {
  let set = Object.fromEntries(
    Object.entries(env).map(([name2, value]) => [name2, value?.trim()]).filter(([name2, value]) => name2.startsWith("PUSHGATEWAY_") && value)
  ), url = set.PUSHGATEWAY_URL;
  if (url?.toLowerCase() === "disabled") return { kind: "disabled" };
  if (!url)
    return {
      kind: "unusable",
      problems: ['PUSHGATEWAY_URL is not set. Set it to the address of the Pushgateway, or to "disabled".']
    };
  let problems = [], base = attempt(() => baseUrl(url, "PUSHGATEWAY_URL"), problems), headers = attempt(() => authorization("PUSHGATEWAY", set), problems);
  return base && headers && problems.length === 0 ? { kind: "ready", base, headers, clean: (text2) => secretRemover(env)(text2) } : { kind: "unusable", problems };
}
var attempt, init_gateway = __esm({
  "src/record/gateway.ts"() {
    "use strict";
    init_url();
    init_secrets();
    attempt = (make2, problems) => {
      try {
        return make2();
      } catch (error2) {
        let { message, fix } = error2;
        problems.push(fix ? `${message} ${fix}` : message);
        return;
      }
    };
  }
});

// src/record/runner-file.ts
var runner_file_exports = {};
__export(runner_file_exports, {
  writeForRunner: () => writeForRunner
});
import { appendFileSync } from "node:fs";
function writeForRunner(file, name2, value) {
  if (!file) return;
  let end = `end-of-${name2}-${Math.random().toString(36).slice(2)}`;
  appendFileSync(file, `${name2}<<${end}
${value}
${end}
`);
}
var init_runner_file = __esm({
  "src/record/runner-file.ts"() {
    "use strict";
  }
});

// src/lib/transport.ts
function codeOf(error2) {
  if (!(error2 instanceof Error)) return "UNKNOWN";
  if (error2.name === "TimeoutError" || error2.name === "AbortError") return "TIMEOUT";
  let { cause: cause2 } = error2;
  return cause2?.name === "TimeoutError" ? "TIMEOUT" : cause2?.code ?? cause2?.errors?.[0]?.code ?? error2.code ?? "ECONNRESET";
}
var TransportError, neverConnected, mayHaveArrived, fetchTransport, init_transport = __esm({
  "src/lib/transport.ts"() {
    "use strict";
    TransportError = class extends Error {
      code;
      constructor(code, options5) {
        super(code, options5), this.code = code;
      }
    }, neverConnected = /* @__PURE__ */ new Set([
      "ECONNREFUSED",
      "ENOTFOUND",
      "EAI_AGAIN",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "UND_ERR_CONNECT_TIMEOUT",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "CERT_HAS_EXPIRED",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
    ]), mayHaveArrived = (code) => !neverConnected.has(code);
    fetchTransport = async ({ method, url, headers, body, timeoutMs }) => {
      try {
        let response = await fetch(url, {
          method,
          headers,
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMs),
          ...body !== void 0 && { body }
        });
        return { status: response.status, headers: response.headers, body: await response.text() };
      } catch (error2) {
        throw new TransportError(codeOf(error2), { cause: error2 });
      }
    };
  }
});

// src/record/lookup.ts
var lookup_exports = {};
__export(lookup_exports, {
  carefulLookup: () => carefulLookup
});
import { lookup, Resolver } from "node:dns";
import { readFileSync as readFileSync2 } from "node:fs";
function inHostsFile(hostname2) {
  if (hostname2 === "localhost" || hostname2.endsWith(".localhost")) return !0;
  try {
    return readFileSync2("/etc/hosts", "utf8").split(/\s+/).includes(hostname2);
  } catch {
    return !1;
  }
}
function addresses(resolver, hostname2) {
  return new Promise((resolve, reject) => {
    let found = [], open2 = 2, answered = (family2) => (error2, list) => {
      open2--, found.push(...(list ?? []).map((address) => ({ address, family: family2 }))), found.length > 0 && open2 > 0 ? setTimeout(() => resolve(found), otherFamilyMs) : found.length > 0 ? resolve(found) : open2 === 0 && reject(error2);
    };
    resolver.resolve4(hostname2, answered(4)), resolver.resolve6(hostname2, answered(6));
  });
}
var nameServerMs, otherFamilyMs, carefulLookup, init_lookup = __esm({
  "src/record/lookup.ts"() {
    "use strict";
    nameServerMs = 1200, otherFamilyMs = 50;
    carefulLookup = (servers) => (hostname2, options5, callback) => {
      let give = (found) => {
        let sorted = [...found].sort((a, b) => a.family - b.family);
        options5.all ? callback(null, sorted) : callback(null, sorted[0].address, sorted[0].family);
      };
      if (inHostsFile(hostname2)) return void lookup(hostname2, options5, callback);
      let resolver = new Resolver({ timeout: nameServerMs, tries: 2 });
      servers && resolver.setServers(servers), addresses(resolver, hostname2).then(give, (error2) => {
        error2.code === "ETIMEOUT" ? callback(Object.assign(error2, { code: "EAI_AGAIN" }), "") : lookup(hostname2, options5, callback);
      });
    };
  }
});

// src/record/http.ts
var http_exports = {};
__export(http_exports, {
  NoAnswer: () => NoAnswer,
  nodeTransport: () => nodeTransport,
  send: () => send
});
function read(response, maxBytes) {
  return new Promise((resolve, reject) => {
    let chunks = [], size = 0;
    response.on("data", (chunk) => {
      chunks.push(chunk), size += chunk.length, size > maxBytes && reject(new NoAnswer("TOO_LARGE"));
    }), response.on("error", (error2) => reject(new NoAnswer("CUT_SHORT", { cause: error2 }))), response.on("end", () => {
      let body = Buffer.concat(chunks).toString("utf8");
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
  });
}
async function send(request) {
  let { method, url, headers = {}, body, timeoutMs, signal, maxBytes = 65536 } = request, { request: open2 } = url.protocol === "https:" ? await import("node:https") : await import("node:http"), { carefulLookup: carefulLookup2 } = await Promise.resolve().then(() => (init_lookup(), lookup_exports)), size = body === void 0 ? {} : { "content-length": Buffer.byteLength(body) }, client = open2(url, {
    method,
    headers: { ...headers, ...size },
    agent: !1,
    lookup: carefulLookup2()
  }), timer, abort;
  try {
    return await new Promise((resolve, reject) => {
      abort = () => reject(new NoAnswer("ABORTED")), timer = setTimeout(() => reject(new NoAnswer("TIMEOUT")), timeoutMs), signal?.addEventListener("abort", abort), client.on("error", (error2) => reject(new NoAnswer(codeOf2(error2), { cause: error2 }))), client.on("response", (response) => read(response, maxBytes).then(resolve, reject)), signal?.aborted ? abort() : client.end(body);
    });
  } finally {
    clearTimeout(timer), abort && signal?.removeEventListener("abort", abort), client.destroy();
  }
}
var NoAnswer, codeOf2, nodeTransport, init_http = __esm({
  "src/record/http.ts"() {
    "use strict";
    init_transport();
    NoAnswer = class extends Error {
      name = "NoAnswer";
      code;
      constructor(code, options5) {
        super(code, options5), this.code = code;
      }
    };
    codeOf2 = (error2) => error2.code ?? error2.errors?.[0]?.code ?? error2.message, nodeTransport = async (request) => {
      try {
        let { status, headers, body } = await send({ ...request, maxBytes: 16777216 });
        return { status, headers: new Headers(headers), body };
      } catch (error2) {
        throw new TransportError(error2 instanceof NoAnswer ? error2.code : String(error2), { cause: error2 });
      }
    };
  }
});

// src/lib/patience.ts
function retryAfterMs(header2, now2) {
  let text2 = header2?.trim();
  if (!text2) return;
  if (/^\d+(\.\d+)?$/.test(text2)) return Number(text2) * 1e3;
  let date = Date.parse(text2);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now2);
}
function waitBefore(attempt3, asked, random) {
  return asked !== void 0 ? asked > 6e4 ? void 0 : asked : 500 * 2 ** (attempt3 - 1) * (0.5 + random / 2);
}
var isCertificateError, init_patience = __esm({
  "src/lib/patience.ts"() {
    "use strict";
    isCertificateError = (code) => /CERT|TLS|SELF_SIGNED|LEAF_SIGNATURE|UNABLE_TO_VERIFY/.test(code);
  }
});

// src/record/response.ts
function classifyResponse(answer, { base, clean }, now2, expected2 = "nothing") {
  let gateway = `The gateway at ${base.host}`, { status, headers } = answer;
  if (status === 200 || status === 202) return classifySuccess(answer, gateway, expected2);
  let said2 = words2(answer, clean), because = said2 ? `: ${said2}` : "";
  return status >= 300 && status < 400 ? later(
    `${gateway} redirects to ${target2(headers.location)}; set PUSHGATEWAY_URL to the address that answers.`,
    !1
  ) : status === 401 || status === 403 ? later(
    `${gateway} refused the credentials (${status}); check PUSHGATEWAY_USERNAME and PUSHGATEWAY_PASSWORD, or PUSHGATEWAY_TOKEN.`,
    !1
  ) : status === 404 ? later(`${gateway} knows no such path (404); PUSHGATEWAY_URL may lack a path prefix.`, !1) : status === 429 || status === 503 ? later(
    `${gateway} is busy (${status})${because}.`,
    !0,
    retryAfterMs(headers["retry-after"], now2)
  ) : status >= 500 || status === 408 || status === 425 ? later(`${gateway} failed (${status})${because}.`, !0) : status >= 400 && !isPage(answer) ? {
    kind: "refused",
    reason: `The Pushgateway refused it (${status})${because || ", without a reason"}.`
  } : later(`${gateway} answered ${status}, which is not an answer of a Pushgateway.`, !1);
}
function classifySuccess(answer, gateway, expected2) {
  return isPage(answer) ? later(
    `${gateway} answered with a web page: that is a proxy or a log-in page and not the Pushgateway.`,
    !1
  ) : expected2 === "nothing" && answer.body.trim() !== "" ? later(
    `${gateway} answered ${answer.status} with a text, which a Pushgateway does not do: PUSHGATEWAY_URL leads to another server.`,
    !1
  ) : { kind: "sent" };
}
function target2(location) {
  try {
    return new URL(location ?? "").origin;
  } catch {
    return "another path";
  }
}
function classifyNoAnswer(code, host, who = "The gateway") {
  let certificate = isCertificateError(code), sentence = certificate ? `has a certificate that is not trusted (${code})` : sentences[code] ?? `cannot be reached (${code})`;
  return later(`${who} at ${host} ${sentence}.`, !certificate && code !== "ABORTED");
}
var isPage, words2, later, sentences, init_response = __esm({
  "src/record/response.ts"() {
    "use strict";
    init_patience();
    isPage = (answer) => /\btext\/html\b/i.test(answer.headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(answer.body), words2 = (answer, clean) => isPage(answer) ? "" : clean(answer.body.replace(/\s+/g, " ").trim()).slice(0, 300), later = (reason, again, waitMs) => ({
      kind: "later",
      reason,
      again,
      ...waitMs !== void 0 && { waitMs }
    });
    sentences = {
      TIMEOUT: "did not answer in time",
      CUT_SHORT: "broke the connection in the middle of its answer",
      ECONNRESET: "broke the connection (ECONNRESET)",
      EPIPE: "broke the connection (EPIPE)",
      ECONNREFUSED: "cannot be reached: nothing listens there (ECONNREFUSED)",
      ENOTFOUND: "cannot be reached: there is no such name (ENOTFOUND)",
      EAI_AGAIN: "cannot be reached: its name could not be looked up (EAI_AGAIN)"
    };
  }
});

// src/record/grouping.ts
function isOurShape(labels2) {
  let names = Object.keys(labels2);
  return Object.values(groupShapes).some(
    (shape) => shape.length === names.length && shape.every((name2) => name2 in labels2)
  );
}
var groupShapes, plain, component, groupPath, init_grouping = __esm({
  "src/record/grouping.ts"() {
    "use strict";
    init_metrics();
    groupShapes = {
      deployment: ["environment", "deployment_id"],
      service: ["environment", "deployment_id", "service"],
      stage: ["environment", "deployment_id", "service", "stage"],
      migration: ["environment", "deployment_id", "service", "stage", "migration_name"],
      smoke_test: ["environment", "deployment_id", "test_name"],
      cost: ["environment", "deployment_id", "resource"],
      gate: ["environment", "deployment_id", "gate"]
    };
    plain = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, component = (name2, value) => plain.test(value) ? `${name2}/${value}` : `${name2}@base64/${Buffer.from(value, "utf8").toString("base64url") || "="}`, groupPath = (labels2) => `metrics/${["job", pipelineJob].join("/")}/${Object.entries(labels2).map(([name2, value]) => component(name2, value)).join("/")}`;
  }
});

// src/record/sweep.ts
function listedGroups(text2) {
  let body;
  try {
    body = JSON.parse(text2);
  } catch {
    return;
  }
  let data = isObject(body) ? body.data : void 0;
  return Array.isArray(data) && data.every((group3) => isObject(group3) && isObject(group3.labels)) ? data : void 0;
}
function timeOf(group3, family2) {
  let value = group3[family2]?.metrics?.[0]?.value;
  return value === void 0 ? void 0 : Number(value) * 1e3;
}
function doomedGroups(groups, nowMs, olderThanMs, keep) {
  let deployments2 = /* @__PURE__ */ new Map();
  for (let group3 of groups) {
    if (group3.labels.job !== pipelineJob || !isOurShape(ownLabels(group3))) continue;
    let key = JSON.stringify([group3.labels.environment, group3.labels.deployment_id]);
    deployments2.set(key, [...deployments2.get(key) ?? [], group3]);
  }
  return keep && deployments2.delete(JSON.stringify([keep.environment, keep.deployment_id])), [...deployments2.values()].filter((all) => isOver(all, nowMs, olderThanMs)).map(inOrder);
}
function isOver(groups, nowMs, olderThanMs) {
  let lastEvent = Math.max(...groups.map((group3) => timeOf(group3, "push_time_seconds") ?? nowMs)), finished2 = groups.some(
    (group3) => timeOf(group3, "deployment_finished_timestamp_seconds") !== void 0
  );
  return nowMs - lastEvent > (finished2 ? olderThanMs : unfinishedForMs);
}
function inOrder(groups) {
  let labels2 = groups.map(ownLabels).sort((a, b) => Object.keys(b).length - Object.keys(a).length);
  return { deployment: labels2[0], groups: labels2 };
}
async function sweep(delivery, options5) {
  let paths = [];
  try {
    let deadline = Date.now() + options5.budgetMs, left2 = () => deadline - Date.now();
    if (left2() < 50) return { paths, problem: "There was no time left." };
    let answer = await delivery.request("GET", "api/v1/metrics", left2(), longestList), verdict = delivery.classify(answer, "list");
    if (verdict.kind !== "sent") return { paths, problem: verdict.reason };
    let groups = listedGroups(answer.body);
    if (!groups) return { paths, problem: notAGateway(delivery) };
    let nowMs = options5.nowMs ?? (Date.parse(answer.headers.date ?? "") || Date.now()), doomed = doomedGroups(groups, nowMs, options5.olderThanMs ?? finishedForMs, options5.keep);
    for (let path of doomed.flatMap((one) => one.groups.map(groupPath))) {
      if (left2() < 50) return { paths, problem: "There was no time for the rest." };
      let removed = options5.dryRun ? { kind: "sent" } : delivery.classify(await delivery.request("DELETE", path, left2()), "nothing");
      if (removed.kind !== "sent") return { paths, problem: removed.reason };
      paths.push(path);
    }
    return { paths };
  } catch (error2) {
    let verdict = error2 instanceof NoAnswer ? classifyNoAnswer(error2.code, delivery.host) : void 0;
    return { paths, problem: verdict && "reason" in verdict ? verdict.reason : notAGateway(delivery) };
  }
}
var isObject, finishedForMs, unfinishedForMs, longestList, ownLabels, notAGateway, init_sweep = __esm({
  "src/record/sweep.ts"() {
    "use strict";
    init_metrics();
    init_grouping();
    init_http();
    init_response();
    isObject = (value) => typeof value == "object" && value !== null && !Array.isArray(value);
    finishedForMs = 2 * 36e5, unfinishedForMs = 24 * 36e5, longestList = 64 * 1048576;
    ownLabels = (group3) => {
      let { job: _job, ...labels2 } = group3.labels;
      return labels2;
    };
    notAGateway = ({ host }) => `The gateway at ${host} did not answer like a Pushgateway.`;
  }
});

// src/lib/http-answer.ts
function broken(error2, { service: service2, base }) {
  let code = error2 instanceof TransportError ? error2.code : String(error2);
  if (code === "TIMEOUT")
    return new HttpFailure("timeout", `${service2} at ${base.host} did not answer in time.`, {
      perhapsDone: !0,
      passing: !0
    });
  let perhapsDone = mayHaveArrived(code), what = perhapsDone ? "broke the connection" : "cannot be reached";
  return new HttpFailure("unreachable", `${service2} at ${base.host} ${what} (${code}).`, {
    perhapsDone,
    passing: !isCertificateError(code)
  });
}
function tooMany(headers, where, now2) {
  let asked = retryAfterMs(headers.get("retry-after"), now2), wait = asked === void 0 ? "" : ` and asks to wait ${Math.ceil(asked / 1e3)} s`, message = `${where} says that these are too many requests${wait}.`;
  return new HttpFailure("too-many-requests", message, { passing: !0, retryAfterMs: asked });
}
function failed(response, json, source, where) {
  let { status, headers } = response, said2 = json === void 0 ? "" : serverWords({ json, text: "" }, source.redact);
  return new HttpFailure("server-error", `${where} failed (${status})${said2 && `: ${said2}`}.`, {
    perhapsDone: !0,
    passing: !0,
    retryAfterMs: status === 503 ? retryAfterMs(headers.get("retry-after"), source.now) : void 0
  });
}
function classifyResponse2(response, { expect = "json", final: final2 = [] }, source) {
  let { status, headers, body: text2 } = response, { service: service2, base, variable: variable4, now: now2 } = source, where = `${service2} at ${base.host}`, json = parse(text2);
  if (typeof final2 == "function" ? final2(status, json) : final2.includes(status))
    return { status, headers, text: text2, json };
  if (status >= 300 && status < 400) throw new HttpFailure("redirect", redirected(headers, source));
  if (status === 429) throw tooMany(headers, where, now2);
  if (status >= 500) throw failed(response, json, source, where);
  if (status < 300 && (/^\s*</.test(text2) || /text\/html/i.test(headers.get("content-type") ?? "")))
    throw new HttpFailure(
      "not-json",
      `${where} answered with a web page instead of data: a log-in page, or ${variable4} lacks a path prefix.`,
      { perhapsDone: !0 }
    );
  if (status < 300 && expect === "json" && json === void 0)
    throw new HttpFailure("cut-short", `${where} answered with JSON that is cut short.`, {
      perhapsDone: !0,
      passing: !0
    });
  return { status, headers, text: text2, json };
}
function redirected(headers, { service: service2, base, variable: variable4, redact }) {
  let location = headers.get("location") ?? "", target3;
  try {
    target3 = new URL(location, base);
  } catch {
    target3 = void 0;
  }
  let from = `${service2} at ${base.host}`;
  if (target3 === void 0) return `${from} redirects, without saying where to. Check ${variable4}.`;
  if (target3.pathname.endsWith("/login"))
    return `${from} asks for a log-in: a proxy stands before it, or ${variable4} is wrong.`;
  let to = target3.host === base.host ? `${target3.protocol}//${target3.host}${target3.pathname}` : target3.origin;
  return `${from} redirects to ${redact(to)}. Redirects are not followed, because credentials stay with their host: set ${variable4} to the address that answers.`;
}
function serverWords(answer, redact) {
  let body = answer.json ?? {}, said2 = body.message ?? body.error, text2 = typeof said2 == "string" ? said2 : /^\s*</.test(answer.text) ? "" : answer.text;
  return stripControls(redact(text2)).replace(/\s+/g, " ").trim().slice(0, 300);
}
var HttpFailure, parse, init_http_answer = __esm({
  "src/lib/http-answer.ts"() {
    "use strict";
    init_errors();
    init_patience();
    init_sanitize();
    init_transport();
    HttpFailure = class extends EnvironmentFailure {
      kind;
      /** Whether the request may have been carried out although its answer is missing. */
      perhapsDone;
      /** Whether asking again may help. */
      passing;
      retryAfterMs;
      constructor(kind, message, facts = {}) {
        super(message), this.kind = kind, this.perhapsDone = facts.perhapsDone ?? !1, this.passing = facts.passing ?? !1, this.retryAfterMs = facts.retryAfterMs;
      }
    }, parse = (text2) => {
      try {
        return JSON.parse(text2);
      } catch {
        return;
      }
    };
  }
});

// src/lib/http.ts
var OutcomeUnknown, Superseded, attemptsAtFirst, attemptsOnceAnswered, HttpClient, init_http2 = __esm({
  "src/lib/http.ts"() {
    "use strict";
    init_clock();
    init_errors();
    init_http_answer();
    init_patience();
    init_redact();
    init_transport();
    init_url();
    init_http_answer();
    OutcomeUnknown = class extends EnvironmentFailure {
      constructor(message, cause2) {
        super(message), this.cause = cause2;
      }
    }, Superseded = class extends EnvironmentFailure {
    }, attemptsAtFirst = 3, attemptsOnceAnswered = 7, HttpClient = class {
      /** Requests made so far, repeated ones included. */
      requests = 0;
      options;
      clock;
      redact;
      #answered = !1;
      #shields = 0;
      constructor(options5) {
        this.options = options5, this.clock = options5.clock ?? systemClock, this.redact = options5.redact ?? redactor([]);
      }
      /** A request that changes nothing: repeated after every passing failure. @throws HttpFailure */
      async read(path, parts = {}) {
        for (let attempt3 = 1; ; attempt3++)
          try {
            return await this.once(parts.method ?? "GET", path, parts);
          } catch (error2) {
            if (error2 instanceof HttpFailure && error2.kind === "timeout" && parts.repeatTimeouts === !1 || !await this.#again(error2, attempt3)) throw error2;
          }
      }
      /**
       * A request that changes something. A failure after which it may have been carried out is followed by `check`,
       * which looks at the server: what it returns is the result; undefined means "not done", and it is sent again.
       * @throws HttpFailure when it was not carried out; OutcomeUnknown when even the check could not tell;
       * Superseded when the check throws it
       */
      async write(send2, check) {
        for (let attempt3 = 1; ; attempt3++)
          try {
            return await send2();
          } catch (error2) {
            let again = await this.#again(error2, attempt3);
            if (!(error2 instanceof HttpFailure) || !(again || error2.perhapsDone)) throw error2;
            if (!error2.perhapsDone) continue;
            let done = await this.uninterrupted(check).catch((cause2) => {
              throw cause2 instanceof Superseded ? cause2 : new OutcomeUnknown(error2.message, cause2);
            });
            if (done !== void 0) return done;
            if (!again) throw new HttpFailure(error2.kind, error2.message, { passing: error2.passing });
          }
      }
      /** Does something that Ctrl-C must not stop half-way, such as bringing back what was there before. */
      async uninterrupted(work) {
        this.#shields++;
        try {
          return await work();
        } finally {
          this.#shields--;
        }
      }
      /** Exactly one request. @throws HttpFailure */
      async once(method, path, parts = {}) {
        let { base, headers, timeoutMs = 3e4, transport = fetchTransport } = this.options;
        if (this.#signal?.aborted)
          throw new HttpFailure("interrupted", `Interrupted before ${this.options.service} was asked.`);
        let body = parts.json === void 0 ? parts.body : JSON.stringify(parts.json), request = {
          method,
          url: joinUrl(base, path, parts.query),
          headers: {
            accept: "application/json",
            ...parts.json !== void 0 && { "content-type": "application/json" },
            ...parts.headers,
            ...headers
          },
          timeoutMs,
          ...body !== void 0 && { body }
        };
        this.requests++;
        let response;
        try {
          response = await transport(request);
        } catch (error2) {
          throw broken(error2, this.#source);
        }
        let answer = classifyResponse2(response, parts, this.#source);
        return this.#answered = !0, answer;
      }
      get #mostAttempts() {
        return this.options.attempts ?? (this.#answered ? attemptsOnceAnswered : attemptsAtFirst);
      }
      get #source() {
        let { service: service2, base, variable: variable4 } = this.options;
        return { service: service2, base, variable: variable4, redact: this.redact, now: this.clock.now() };
      }
      get #signal() {
        return this.#shields > 0 ? void 0 : this.options.signal;
      }
      /** Waits before the next attempt. False when another attempt is of no use. */
      async #again(error2, attempt3) {
        if (!(error2 instanceof HttpFailure) || !error2.passing || attempt3 >= this.#mostAttempts) return !1;
        let wait = waitBefore(attempt3, error2.retryAfterMs, this.clock.random());
        return wait === void 0 ? !1 : (await this.clock.sleep(wait, this.#signal), !0);
      }
    };
  }
});

// src/lib/shapes.ts
var isRecord, isLabels, isText, listOf, fields, optional2, maybe, isNumber, init_shapes = __esm({
  "src/lib/shapes.ts"() {
    "use strict";
    isRecord = (data) => typeof data == "object" && data !== null && !Array.isArray(data), isLabels = (data) => isRecord(data) && Object.values(data).every((value) => typeof value == "string"), isText = (data) => typeof data == "string", listOf = (shape) => (data) => Array.isArray(data) && data.every(shape), fields = (shapes3) => (data) => isRecord(data) && Object.entries(shapes3).every(
      ([name2, shape]) => shape(data[name2])
    ), optional2 = (shape) => (data) => data === void 0 || shape(data), maybe = (shape) => (data) => data == null || shape(data), isNumber = (data) => typeof data == "number";
  }
});

// src/lib/prometheus-api.ts
async function ask(server, path, shape, { query: query2, form, what = "what was asked for" } = {}) {
  let answer = await server.read(path, {
    ...query2 && { query: query2 },
    ...form && {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString()
    },
    final,
    repeatTimeouts: !1
  }), { status, json } = answer, { service: service2, base, variable: variable4 } = server.options, prefix2 = variable4.replace(/_URL$/, "");
  if (status === 401 || status === 403)
    throw new PrometheusError(
      `${service2} at ${base.host} refused the credentials (${status}): check ${prefix2}_TOKEN, or ${prefix2}_USERNAME and ${prefix2}_PASSWORD.`,
      status
    );
  let body = isRecord(json) ? json : {};
  if (isText(body.error))
    throw new PrometheusError(`${service2} refused: ${server.redact(body.error)}`, status);
  if (body.status === "success" && shape(body.data)) return { data: body.data, answer };
  throw new PrometheusError(
    `${service2} at ${base.host} answered ${form ? "POST" : "GET"} /${path} with ${status < 300 ? `something else than ${what}` : `status ${status}`}. Check ${variable4} and its path prefix.`,
    status
  );
}
function samplesOf2({ result }) {
  return isPoint(result) ? [{ labels: {}, time: result[0], value: parseValue(result[1]) }] : result.map(({ metric: metric2, value: [time2, value] = [0, "NaN"] }) => ({
    labels: metric2,
    time: time2,
    value: parseValue(value)
  }));
}
async function query(server, expr, time2) {
  let form = { query: expr, ...time2 !== void 0 && { time: String(time2) } };
  return samplesOf2((await ask(server, "api/v1/query", isResult, { form, what: aResult })).data);
}
async function ruleGroups(server, type) {
  let { data } = await ask(server, "api/v1/rules", isRuleList, {
    what: "a list of rules",
    ...type && { query: { type } }
  });
  return data.groups ?? [];
}
var PrometheusError, final, isPoint, isSeries, isSeriesList, isResult, aResult, parseValue, isRule, isGroup, isRuleListOrNothing, isRuleList, init_prometheus_api = __esm({
  "src/lib/prometheus-api.ts"() {
    "use strict";
    init_errors();
    init_shapes();
    PrometheusError = class extends EnvironmentFailure {
      status;
      constructor(message, status) {
        super(message), this.status = status;
      }
    }, final = (status, json) => status === 504 || status === 503 && isRecord(json) && json.status === "error";
    isPoint = (data) => Array.isArray(data) && typeof data[0] == "number" && typeof data[1] == "string", isSeries = fields({
      metric: isLabels,
      value: optional2(isPoint),
      values: optional2(listOf(isPoint))
    }), isSeriesList = listOf(
      (data) => isSeries(data) && ["value", "values", "histogram", "histograms"].some((name2) => name2 in data)
    ), isResult = fields({
      result: (data) => isSeriesList(data) || isPoint(data),
      stats: (_) => !0
    }), aResult = "the result of a query", parseValue = (text2) => text2 === "+Inf" ? Number.POSITIVE_INFINITY : text2 === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text2);
    isRule = fields({
      type: isText,
      name: isText,
      query: isText,
      duration: maybe(isNumber),
      keepFiringFor: maybe(isNumber),
      labels: maybe(isLabels),
      annotations: maybe(isLabels),
      health: maybe(isText),
      lastError: maybe(isText),
      lastEvaluation: maybe(isText),
      alerts: maybe(listOf(fields({ state: isText, labels: isLabels })))
    }), isGroup = fields({
      name: isText,
      file: isText,
      interval: isNumber,
      limit: maybe(isNumber),
      rules: listOf(isRule)
    }), isRuleListOrNothing = fields({
      groups: maybe(listOf(isGroup))
    }), isRuleList = (data) => isRuleListOrNothing(data) && "groups" in data;
  }
});

// src/record/gate/prometheus.ts
var NotAsked, GatePrometheus, init_prometheus = __esm({
  "src/record/gate/prometheus.ts"() {
    "use strict";
    init_errors();
    init_http2();
    init_prometheus_api();
    init_redact();
    init_url();
    init_metrics();
    init_http();
    init_pipeline3();
    NotAsked = class extends Error {
      name = "NotAsked";
    }, GatePrometheus = class _GatePrometheus {
      #client;
      constructor(base, headers) {
        this.#client = new HttpClient({
          service: "Prometheus",
          base,
          variable: "PROMETHEUS_URL",
          headers,
          redact: redactor(Object.values(headers)),
          transport: nodeTransport,
          timeoutMs: 1e4,
          attempts: 2
        });
      }
      /** From PROMETHEUS_URL and its credentials. @throws NotAsked when they are not set or wrong */
      static of(env) {
        let set = Object.fromEntries(
          Object.entries(env).filter(([name2, value]) => name2.startsWith("PROMETHEUS_") && value?.trim())
        );
        if (!set.PROMETHEUS_URL) throw new NotAsked("PROMETHEUS_URL is not set.");
        try {
          let base = baseUrl(set.PROMETHEUS_URL.trim(), "PROMETHEUS_URL");
          return new _GatePrometheus(base, authorization("PROMETHEUS", set));
        } catch (error2) {
          let { message, fix } = error2;
          throw new NotAsked(fix ? `${message} ${fix}` : message);
        }
      }
      /** An instant query. @param seconds Unix time; undefined for now, by the server's clock @throws NotAsked */
      async query(expr, seconds) {
        return await this.#ask(() => query(this.#client, wordsOf2(carried())(expr.text), seconds));
      }
      /** The only value of a query that has one series at most. @throws NotAsked */
      async value(expr, seconds) {
        return (await this.query(expr, seconds))[0]?.value;
      }
      /** All alerting rules with their alerts. @throws NotAsked */
      async alertingRules() {
        return (await this.#ask(() => ruleGroups(this.#client, "alert"))).flatMap(({ rules }) => rules).filter(({ type }) => type === "alerting");
      }
      async #ask(work) {
        try {
          return await work();
        } catch (error2) {
          throw error2 instanceof EnvironmentFailure ? new NotAsked(error2.message) : error2;
        }
      }
    };
  }
});

// src/record/gate/evidence.ts
async function listGroups(gateway) {
  if (gateway.kind === "disabled") return "off";
  if (gateway.kind === "unusable") throw new NotAsked(gateway.problems.join(" "));
  let { base, headers } = gateway;
  try {
    let url = joinUrl(base, "api/v1/metrics"), answer = await send({ method: "GET", url, headers, timeoutMs: 1e4, maxBytes: longestListing }), verdict = classifyResponse(answer, gateway, Date.now(), "list");
    if (verdict.kind !== "sent") throw new NotAsked(verdict.reason);
    let groups = listedGroups(answer.body);
    if (groups) return groups;
    throw new NotAsked(
      `${base.host} answered ${answer.status} with something that is no list of groups: check PUSHGATEWAY_URL and its path prefix.`
    );
  } catch (error2) {
    if (error2 instanceof NotAsked) throw error2;
    let verdict = error2 instanceof NoAnswer ? classifyNoAnswer(error2.code, base.host) : { reason: `${base.host} did not answer like a Pushgateway.` };
    throw new NotAsked("reason" in verdict ? verdict.reason : "");
  }
}
function pushedIn(group3) {
  return wanted.flatMap(
    (name2) => (group3[name2]?.metrics ?? []).flatMap(
      ({ labels: labels2, value }) => value === void 0 ? [] : [{ name: name2, labels: labels2, value: Number(value) }]
    )
  );
}
function merge(scraped2, held) {
  let newer = new Set(held.map(family));
  return [...held, ...scraped2.filter((sample) => !newer.has(family(sample)))];
}
async function scrapedOf(prometheus2, of, seconds) {
  let all = selectAny(wanted, { job: pipelineJob, ...of }), now2 = await prometheus2.query(all, seconds);
  return (now2.length > 0 ? now2 : await prometheus2.query(lastOfAny(all, "1d"), seconds)).map(({ labels: { __name__, ...labels2 }, value }) => ({
    name: __name__,
    labels: labels2,
    value
  }));
}
async function collect(prometheus2, { listing, problem }, of, seconds) {
  let held = groupsOf(listing ?? [], of).flatMap(pushedIn), problems = problem === void 0 ? [] : [problem];
  try {
    if (prometheus2 instanceof NotAsked) throw prometheus2;
    return { pushed: merge(await scrapedOf(prometheus2, of, seconds), held), problems };
  } catch (error2) {
    if (!(error2 instanceof NotAsked)) throw error2;
    return { pushed: held, problems: [error2.message, ...problems] };
  }
}
var wanted, longestListing, valuesIn, groupsOf, family, init_evidence = __esm({
  "src/record/gate/evidence.ts"() {
    "use strict";
    init_url();
    init_metrics();
    init_http();
    init_response();
    init_sweep();
    init_prometheus();
    wanted = [
      "deployment_started_timestamp_seconds",
      "deployment_health_check_timestamp_seconds",
      "deployment_health_check_success",
      "post_deployment_error_rate",
      "smoke_test_success",
      "smoke_test_finished_timestamp_seconds",
      "deployment_outcome_code",
      "deployment_in_progress",
      "deployment_total",
      "deployment_rollback_total",
      "migration_success",
      "deployment_stage_started_timestamp_seconds",
      "deployment_stage_finished_timestamp_seconds",
      "deployment_stage_status_code"
    ], longestListing = 4 * 1048576;
    valuesIn = (group3, name2) => (group3[name2]?.metrics ?? []).flatMap(
      ({ value }) => value === void 0 ? [] : [Number(value)]
    ), groupsOf = (listing, of) => listing.filter(
      ({ labels: labels2 }) => labels2.job === pipelineJob && labels2.environment === of.environment && labels2.deployment_id === of.deployment_id
    );
    family = ({ name: name2, labels: labels2 }) => JSON.stringify([name2, labels2.service, labels2.stage, labels2.test_name, labels2.migration_name]);
  }
});

// src/record/gate/transport.ts
async function askedAt(prometheus2) {
  try {
    return prometheus2 instanceof NotAsked ? void 0 : await prometheus2.value(vector(now), void 0);
  } catch (error2) {
    if (error2 instanceof NotAsked) return;
    throw error2;
  }
}
async function scrapeOf(prometheus2, seconds) {
  if (prometheus2 instanceof NotAsked) throw prometheus2;
  let [at, groups] = await Promise.all([
    prometheus2.value(max(and(timestampOf(scraped), binary(scraped, "==", 1))), seconds),
    prometheus2.value(count(metric("push_time_seconds", { job: pipelineJob })), seconds)
  ]);
  return { at, groups: groups ?? 0 };
}
async function transportView(prometheus2, gateway, seconds, asked) {
  let scrape = await scrapeOf(prometheus2, seconds).catch((error2) => {
    if (!(error2 instanceof NotAsked))
      throw error2;
  }), age = scrape?.at === void 0 ? void 0 : Math.max(0, seconds - scrape.at), fresh = scrape?.at !== void 0 && scrape.at >= (asked ?? seconds - toleratedAge);
  if (fresh || scrape && scrape.groups > mostGroups) return { listing: void 0, age, complete: fresh };
  try {
    let listing = await listGroups(gateway);
    return listing !== "off" ? { listing, age, complete: !0 } : { listing: void 0, age, complete: age !== void 0 && age <= toleratedAge };
  } catch (error2) {
    if (!(error2 instanceof NotAsked)) throw error2;
    return { listing: void 0, age, complete: !1, problem: error2.message };
  }
}
var mostGroups, toleratedAge, scrapeWaitMs, scraped, incompleteSentence, init_transport2 = __esm({
  "src/record/gate/transport.ts"() {
    "use strict";
    init_metrics();
    init_evidence();
    init_prometheus();
    mostGroups = 300, toleratedAge = 60, scrapeWaitMs = 4e4, scraped = metric("up", { job: pushgatewayJob });
    incompleteSentence = ({ age }) => age === void 0 ? "Prometheus has not scraped the Pushgateway for minutes" : `Prometheus last scraped the Pushgateway ${Math.round(age)} s ago, and what was pushed since is not known`;
  }
});

// src/record/gate/verdict.ts
function verdictOn(checks3) {
  let has = (verdict) => checks3.some((check) => check.verdict === verdict);
  return has("fail") ? "fail" : has("error") ? "error" : has("inconclusive") || !has("pass") ? "inconclusive" : "pass";
}
var isFinal, exitCodes, percent, init_verdict = __esm({
  "src/record/gate/verdict.ts"() {
    "use strict";
    isFinal = ({ verdict, checks: checks3 }) => verdict === "pass" || verdict === "fail" || checks3.some((check) => check.final), exitCodes = { pass: 0, fail: 1, inconclusive: 2, error: 3 };
    percent = (share2) => `${Number((share2 * 100).toFixed(1))} %`;
  }
});

// src/record/gate/deploy.ts
async function budgetOf(prometheus2, environment2, now2) {
  let series = metric("environment_slo:error_budget_left:ratio", {
    environment: environment2,
    slo
  }), [left2, at, allowed, objective, known] = await Promise.all([
    prometheus2.value(series, now2),
    prometheus2.value(timestampOf(series), now2),
    prometheus2.value(
      metric("environment_slo:error_budget_allowed:count", { environment: environment2, slo }),
      now2
    ),
    prometheus2.value(metric("slo:objective:ratio", { slo }), now2),
    prometheus2.value(
      group2(metric("recent_deployment:started_timestamp_seconds:min", { environment: environment2 })),
      now2
    )
  ]);
  return { left: left2, age: at === void 0 ? void 0 : Math.max(0, now2 - at), allowed, objective, known };
}
async function unledgered(prometheus2, listing, environment2, now2) {
  let failed2 = failedOn(listing, environment2);
  if (failed2.size === 0) return 0;
  let rows = await prometheus2.query(
    lastOverTime(metric("deployment:error_budget_spent:sum", { environment: environment2 }), "2h"),
    now2
  ), spent = new Map(rows.map(({ labels: labels2, value }) => [labels2.deployment_id, value]));
  return [...failed2].reduce((sum2, [id, weight]) => sum2 + Math.max(0, weight - (spent.get(id) ?? 0)), 0);
}
function failedOn(listing, environment2) {
  let failed2 = /* @__PURE__ */ new Map();
  for (let [id, groups] of byDeployment(listing, environment2)) {
    let codes = (name2) => groups.flatMap((one) => valuesIn(one, name2)), over = codes("deployment_finished_timestamp_seconds").length > 0, rolledBack = codes("deployment_rollback_finished_timestamp_seconds").length > 0, bad = codes("deployment_outcome_code").includes(outcomes.failure) || codes("deployment_stage_status_code").includes(stageStatuses.failure);
    over && rolledBack ? failed2.set(id, targets().budget.rolledBackForHealth) : over && bad && failed2.set(id, targets().budget.failed);
  }
  return failed2;
}
async function errorBudget(prometheus2, view, { environment: environment2, hotfix }, now2) {
  let base = { name: "error-budget", demanded: "some of the error budget of this month is left" }, { left: left2, age, allowed, objective, known } = await budgetOf(prometheus2, environment2, now2);
  if (objective === void 0)
    return { ...base, verdict: "inconclusive", found: "Prometheus does not evaluate the rules of the SLOs" };
  if (!view.complete) return { ...base, verdict: "inconclusive", found: incompleteSentence(view) };
  if (left2 === void 0)
    return known === void 0 ? { ...base, verdict: "pass", found: "nothing was deployed in thirty days, so nothing is spent" } : { ...base, verdict: "inconclusive", found: "the budget was not computed in the last five minutes" };
  let more = await unledgered(prometheus2, view.listing ?? [], environment2, now2), rest = left2 - more / Math.max(1, allowed ?? 1), since = more > 0 ? ", failures that the ledger does not have yet included" : "", found = `${percent(Math.max(0, rest))} is left, computed ${Math.round(age ?? 0)} s ago${since}`;
  return rest > almostNothing ? { ...base, verdict: "pass", found } : hotfix ? { ...base, verdict: "skipped", found: `${found}; a hotfix is deployed all the same` } : { ...base, verdict: "fail", found: `${found}: only hotfixes may be deployed until the next month` };
}
function byDeployment(groups, environment2) {
  let deployments2 = /* @__PURE__ */ new Map();
  for (let one of groups) {
    let { job, environment: where, deployment_id: id } = one.labels;
    job !== pipelineJob || where !== environment2 || !id || deployments2.set(id, [...deployments2.get(id) ?? [], one]);
  }
  return deployments2;
}
function runningOn(groups, environment2, now2) {
  return [...byDeployment(groups, environment2)].flatMap(([id, all]) => {
    let of = (name2) => all.flatMap((one) => valuesIn(one, name2)), [started2] = of("deployment_started_timestamp_seconds"), heard = Math.max(0, ...of("push_time_seconds")), over = Math.max(...of("deployment_finished_timestamp_seconds"), -1 / 0) >= (started2 ?? 0) || now2 - heard > targets().abandoned.afterSeconds;
    return started2 === void 0 || over ? [] : [{ id, started: started2 }];
  }).sort((a, b) => a.started - b.started || (a.id < b.id ? -1 : 1));
}
function othersBefore(running, own) {
  let mine = running.find(({ id }) => id === own);
  return running.filter(
    ({ id, started: started2 }) => id !== own && (!mine || started2 < mine.started || started2 === mine.started && id < own)
  );
}
async function scrapedRunning(prometheus2, environment2, now2) {
  if (prometheus2 instanceof NotAsked) throw prometheus2;
  let [running, begun] = await Promise.all([
    prometheus2.query(metric("deployment:running:bool", { environment: environment2 }), now2),
    // Deployments that began since the ledger was evaluated last.
    prometheus2.query(
      unless(
        binary(
          metric("deployment_started_timestamp_seconds", { environment: environment2 }),
          ">",
          ago(targets().abandoned.afterSeconds)
        ),
        metric("deployment_finished_timestamp_seconds", { environment: environment2 }),
        { on: ["deployment_id"] }
      ),
      now2
    )
  ]), started2 = new Map(begun.map(({ labels: labels2, value }) => [labels2.deployment_id ?? "", value]));
  return [.../* @__PURE__ */ new Set([...running.map(({ labels: labels2 }) => labels2.deployment_id ?? ""), ...started2.keys()])].map((id) => ({ id, started: started2.get(id) ?? 0 })).sort((a, b) => a.started - b.started);
}
async function noOther(prometheus2, view, deployment3, now2) {
  let { environment: environment2, deployment_id: deployment_id2 } = deployment3, base = { name: "no-other-deployment", demanded: `no other deployment to ${environment2} runs` }, groups = view.listing ?? [], startHeld = groupsOf(groups, deployment3).some(
    (one) => valuesIn(one, "deployment_started_timestamp_seconds").length > 0
  ), scraped2 = await scrapedRunning(prometheus2, environment2, now2).catch((error2) => {
    if (!(error2 instanceof NotAsked && startHeld)) throw error2;
    return [];
  });
  if (view.problem !== void 0) throw new NotAsked(view.problem);
  let held = new Set(byDeployment(groups, environment2).keys()), scrapedToo = scraped2.filter(({ id }) => !held.has(id)), mine = scraped2.some(({ id }) => id === deployment_id2), others = [
    ...othersBefore(runningOn(groups, environment2, now2), deployment_id2),
    // With our own start among them, the earlier one goes first; else all of them do.
    ...mine && !held.has(deployment_id2) ? othersBefore(scrapedToo, deployment_id2) : scrapedToo.filter(({ id }) => id !== deployment_id2)
  ];
  return others.length > 0 ? { ...base, verdict: "fail", found: `running: ${others.map(({ id }) => id).join(", ")}` } : view.complete ? view.listing && deployment_id2 && !startHeld ? {
    ...base,
    verdict: "inconclusive",
    found: `the gateway does not hold the start of ${deployment_id2}, so it may have lost others too: record the start first`
  } : { ...base, verdict: "pass", found: "none runs" } : { ...base, verdict: "inconclusive", found: incompleteSentence(view) };
}
function judgeAlerts(rules, environment2, hotfix) {
  let base = { name: "no-critical-alert", demanded: "no critical alert fires" }, critical = rules.filter(({ labels: labels2 }) => labels2?.severity === "critical");
  if (critical.length === 0)
    return {
      ...base,
      verdict: "inconclusive",
      found: "Prometheus has no critical alerts at all: the alerting rules are not loaded"
    };
  let firing = critical.flatMap(
    ({ name: name2, alerts }) => (alerts ?? []).filter(
      ({ state, labels: labels2 }) => state === "firing" && (labels2.environment ?? environment2) === environment2
    ).map(() => name2)
  );
  if (firing.length > 0) {
    let found = `${[...new Set(firing)].join(", ")} fires`;
    return hotfix ? { ...base, verdict: "skipped", found: `${found}; a hotfix is deployed all the same` } : { ...base, verdict: "fail", found };
  }
  let unseen = rules.filter(({ name: name2, alerts }) => blind.includes(name2) && (alerts ?? []).length > 0);
  if (unseen.length > 0) {
    let found = `${unseen.map(({ name: name2 }) => name2).join(", ")} fires or is about to, so critical alerts cannot be known`;
    return { ...base, verdict: "inconclusive", found };
  }
  let broken2 = critical.filter(({ health: health3 }) => health3 !== "ok").map(({ name: name2 }) => name2);
  return broken2.length > 0 ? { ...base, verdict: "inconclusive", found: `not evaluated: ${broken2.join(", ")}` } : { ...base, verdict: "pass", found: `none of ${counted(critical.length, "critical alert")} fires` };
}
var slo, almostNothing, blind, init_deploy = __esm({
  "src/record/gate/deploy.ts"() {
    "use strict";
    init_words();
    init_metrics();
    init_pipeline3();
    init_evidence();
    init_prometheus();
    init_transport2();
    init_verdict();
    slo = "deployment-reliability", almostNothing = 1e-6;
    blind = ["PushgatewayDown", "LedgerNotEvaluated"];
  }
});

// src/record/health.ts
function verdictOf(checks3, plan) {
  let good = checks3.filter(passed).length;
  if (good >= needed(plan)) return "healthy";
  let left2 = plan.attempts - checks3.length;
  return good + left2 < needed(plan) ? "unhealthy" : void 0;
}
function errorRate2(checks3, withinMs = 3e5) {
  let first = checks3[0]?.atMs ?? 0, counted2 = checks3.filter((check) => check.atMs - first <= withinMs);
  return counted2.length === 0 ? 0 : counted2.filter((check) => !passed(check)).length / counted2.length;
}
async function checkOnce(target3, attempt3, io, signal) {
  let { send: send2, NoAnswer: NoAnswer2 } = await Promise.resolve().then(() => (init_http(), http_exports)), atMs = io.now(), begun = performance.now(), seconds = () => lengthSeconds(0, performance.now() - begun);
  try {
    let answer = await send2({
      method: "GET",
      url: target3.url,
      headers: { accept: "*/*", "user-agent": "deployment-recorder" },
      timeoutMs: target3.timeoutMs,
      maxBytes: 1048576,
      signal
    }), latencySeconds = seconds(), slow = target3.degradedAboveMs !== void 0 && latencySeconds * 1e3 > target3.degradedAboveMs, status = answer.status !== 200 ? "unhealthy" : slow ? "degraded" : "healthy";
    return { attempt: attempt3, atMs, status, latencySeconds, said: `status ${answer.status}` };
  } catch (error2) {
    let code = error2 instanceof NoAnswer2 ? error2.code : String(error2);
    return { attempt: attempt3, atMs, status: "unhealthy", latencySeconds: seconds(), said: code };
  }
}
var passed, needed, init_health = __esm({
  "src/record/health.ts"() {
    "use strict";
    init_time();
    passed = (check) => check.status !== "unhealthy", needed = ({ attempts, threshold }) => Math.ceil(attempts * threshold - 1e-9);
  }
});

// src/record/gate/stay.ts
function attemptsOf(pushed3, service2) {
  let times2 = new Map(
    values(pushed3, "deployment_health_check_timestamp_seconds").filter(({ labels: labels2 }) => labels2.service === service2).map(({ labels: labels2, value }) => [labels2.attempt, value])
  );
  return values(pushed3, "deployment_health_check_success").filter(({ labels: labels2 }) => labels2.service === service2).map(({ labels: labels2, value }) => ({ at: times2.get(labels2.attempt) ?? 0, success: value === 1 })).sort((a, b) => a.at - b.at);
}
function stagesOf2(pushed3, stages4) {
  let of = (name2) => values(pushed3, name2).filter(({ labels: labels2 }) => stages4.includes(labels2.stage ?? "")), key = ({ labels: labels2 }) => JSON.stringify([labels2.service, labels2.stage, labels2.migration_name]), statuses = of("deployment_stage_status_code"), ended3 = new Map(
    of("deployment_stage_finished_timestamp_seconds").map((one) => [key(one), one.value])
  );
  return {
    // One that was begun again has only its earlier end.
    running: of("deployment_stage_started_timestamp_seconds").some(
      (sample) => sample.value > (ended3.get(key(sample)) ?? -1 / 0)
    ),
    passed: statuses.filter(({ value }) => value === stageStatuses.success).length,
    failed: statuses.filter(({ value }) => value === stageStatuses.failure).length
  };
}
function silence(made) {
  let gaps = made.slice(1).map(({ at }, i) => at - made[i].at);
  return Math.max(targets().health.intervalSeconds, ...gaps) + patience;
}
function checksAreOver(pushed3, service2, made, now2) {
  let last = made.at(-1).at, checks3 = stagesOf(carried(), "check");
  return values(pushed3, "deployment_stage_finished_timestamp_seconds").some(
    ({ labels: labels2, value }) => checks3.includes(labels2.stage ?? "") && labels2.service === service2 && value >= last
  ) || now2 - last > silence(made) || now2 - made[0].at > targets().health.windowSeconds;
}
function serviceHealth(pushed3, service2, now2) {
  let all = attemptsOf(pushed3, service2), made = all.filter(({ at }) => at - all[0].at <= targets().health.windowSeconds), good = made.filter(({ success }) => success).length, share2 = good / made.length, enough = share2 >= targets().health.least, early = decided(made), over = checksAreOver(pushed3, service2, made, now2), base = {
    name: "health",
    demanded: `${service2}: at least ${percent(targets().health.least)} of the checks of the first ${spoken(targets().health.windowSeconds)}`
  }, found = `${percent(share2)} (${good} of ${counted(made.length, "check")} passed)`;
  if (early === "unhealthy" || over && !enough) return { ...base, verdict: "fail", found };
  if (enough && (early === "healthy" || over && made.length >= leastChecks))
    return { ...base, verdict: "pass", found };
  let why2 = over ? `fewer than ${leastChecks} checks say nothing` : "the checks still run";
  return { ...base, verdict: "inconclusive", found: `${found}; ${why2}` };
}
function health(pushed3, now2) {
  let services2 = distinct(
    values(pushed3, "deployment_health_check_success").map(({ labels: labels2 }) => labels2.service)
  );
  return services2.length > 0 ? services2.map((service2) => serviceHealth(pushed3, service2, now2)) : nothing(
    "health",
    `at least ${percent(targets().health.least)} of the checks of the first ${spoken(targets().health.windowSeconds)}`,
    "no health check was recorded yet"
  );
}
function errorRate3(pushed3) {
  let name2 = "error-rate", demanded2 = `at most ${percent(targets().errorRate.rollback)} in the first ${spoken(targets().health.windowSeconds)}`, rates = values(pushed3, "post_deployment_error_rate");
  return rates.length === 0 ? nothing(name2, demanded2, "no error rate was recorded yet") : rates.map(({ labels: labels2, value }) => ({
    name: name2,
    verdict: value <= targets().errorRate.rollback ? "pass" : "fail",
    demanded: `${labels2.service}: ${demanded2}`,
    found: percent(value)
  }));
}
function smokeTests(pushed3) {
  let name2 = "smoke-tests", demanded2 = `at least ${percent(targets().smokeTests.objective)} pass`, tests = values(pushed3, "smoke_test_success"), failed2 = tests.filter(({ value }) => value !== 1).map(({ labels: labels2 }) => labels2.test_name), share2 = (tests.length - failed2.length) / tests.length, { running } = stagesOf2(pushed3, stagesOf(carried(), "test"));
  if (tests.length === 0)
    return nothing(
      name2,
      demanded2,
      running ? "smoke tests run, and none has ended" : "no smoke test was recorded yet"
    );
  let found = `${tests.length - failed2.length} of ${tests.length} passed${failed2.length > 0 ? `; failed: ${failed2.join(", ")}` : ""}`;
  return share2 < targets().smokeTests.objective ? [{ name: name2, verdict: "fail", demanded: demanded2, found }] : running ? [{ name: name2, verdict: "inconclusive", demanded: demanded2, found: `${found}; others still run` }] : [{ name: name2, verdict: "pass", demanded: demanded2, found }];
}
function migrations(pushed3) {
  let name2 = "migrations", demanded2 = "all of them succeed", runs = values(pushed3, "migration_success"), stage3 = stagesOf2(pushed3, stagesOf(carried(), "migrate")), failed2 = runs.filter(({ value }) => value !== 1).length || stage3.failed, passed2 = Math.max(runs.filter(({ value }) => value === 1).length, stage3.passed);
  return failed2 > 0 ? [{ name: name2, verdict: "fail", demanded: demanded2, found: `${counted(failed2, "run")} failed` }] : stage3.running ? [{ name: name2, verdict: "inconclusive", demanded: demanded2, found: "migrations still run" }] : passed2 === 0 ? [{ name: name2, verdict: "skipped", demanded: demanded2, found: "there were none" }] : [{ name: name2, verdict: "pass", demanded: demanded2, found: `${counted(passed2, "run")} succeeded` }];
}
function stages3(pushed3) {
  let failed2 = values(pushed3, "deployment_stage_status_code").filter(
    ({ labels: labels2, value }) => value === stageStatuses.failure && !judgedElsewhere().includes(labels2.stage ?? "")
  ).map(({ labels: labels2 }) => `${labels2.stage} of ${labels2.service}`);
  return failed2.length === 0 ? [] : [{ name: "stages", demanded: "every stage is done", verdict: "fail", found: `failed: ${[...new Set(failed2)].sort().join(", ")}` }];
}
function ended2(pushed3, { environment: environment2, deployment_id: id }) {
  let base = {
    name: "deployment",
    demanded: `${id} runs in ${environment2} or succeeded`,
    final: !0
  };
  if (pushed3.length === 0)
    return [
      {
        ...base,
        verdict: "error",
        found: `no deployment ${id} was recorded in ${environment2}: check the id and --environment`
      }
    ];
  let outcome = outcomeNames.get(values(pushed3, "deployment_outcome_code")[0]?.value ?? -1);
  return values(pushed3, "deployment_rollback_total").some(
    ({ labels: labels2 }) => labels2.status === "success"
  ) || outcome === "rolled_back" ? [
    { ...base, verdict: "error", found: "it was rolled back already, so there is nothing to decide" }
  ] : outcome === "failure" ? [{ ...base, verdict: "fail", found: "it finished as a failure" }] : outcome === "cancelled" ? [{ ...base, verdict: "error", found: "it was cancelled, so there is nothing to decide" }] : [];
}
function sinceStart(pushed3) {
  let started2 = startedAt(pushed3);
  if (started2 === void 0) return pushed3;
  let old = (time2) => time2 !== void 0 && time2 < started2 - clockTolerance, about = ({ labels: labels2 }) => JSON.stringify([labels2.service, labels2.stage, labels2.migration_name, labels2.test_name, labels2.attempt]), times2 = (name2) => new Map(values(pushed3, name2).map((sample) => [about(sample), sample.value])), [checked, tested, stageEnded] = [
    times2("deployment_health_check_timestamp_seconds"),
    times2("smoke_test_finished_timestamp_seconds"),
    times2("deployment_stage_finished_timestamp_seconds")
  ], lastCheck = Math.max(...checked.values(), -1 / 0);
  return pushed3.filter((sample) => sample.name.startsWith("deployment_health_check_") ? !old(checked.get(about(sample))) : sample.name === "post_deployment_error_rate" ? checked.size === 0 || !old(lastCheck) : sample.name.startsWith("smoke_test_") ? !old(tested.get(about(sample))) : !old(stageEnded.get(about(sample))));
}
function judgeRecordings(all, now2, of) {
  let pushed3 = sinceStart(all), over = ended2(pushed3, of);
  return over.some(({ verdict }) => verdict === "error") ? over : [
    ...over,
    ...stages3(pushed3),
    ...health(pushed3, now2),
    ...errorRate3(pushed3),
    ...smokeTests(pushed3),
    ...migrations(pushed3)
  ];
}
function liveSince(all) {
  let pushed3 = sinceStart(all), times2 = values(pushed3, "deployment_health_check_timestamp_seconds").map(({ value }) => value);
  return times2.length > 0 ? Math.min(...times2) : void 0;
}
var leastChecks, patience, values, distinct, decided, nothing, judgedElsewhere, outcomeNames, clockTolerance, startedAt, init_stay = __esm({
  "src/record/gate/stay.ts"() {
    "use strict";
    init_spoken();
    init_words();
    init_metrics();
    init_pipeline2();
    init_health();
    init_pipeline3();
    init_verdict();
    leastChecks = 5, patience = 15, values = (pushed3, name2) => pushed3.filter((sample) => sample.name === name2), distinct = (texts) => [...new Set(texts.map((text2) => text2 ?? ""))].sort();
    decided = (made) => made.length > targets().health.attempts ? void 0 : verdictOf(
      made.map(
        ({ success }) => ({
          attempt: 0,
          atMs: 0,
          status: success ? "healthy" : "unhealthy",
          latencySeconds: 0,
          said: ""
        })
      ),
      { attempts: targets().health.attempts, threshold: targets().health.least }
    );
    nothing = (name2, demanded2, found) => [
      { name: name2, verdict: "inconclusive", demanded: demanded2, found }
    ];
    judgedElsewhere = () => stagesOf(carried(), "check", "test", "migrate", "rollback");
    outcomeNames = new Map(Object.entries(outcomes).map(([name2, code]) => [code, name2]));
    clockTolerance = 60;
    startedAt = (pushed3) => values(pushed3, "deployment_started_timestamp_seconds")[0]?.value;
  }
});

// src/record/gate/sequential.ts
function tail({ requests: requests2, errors }, share2) {
  let below = 0, term = Math.exp(requests2 * Math.log1p(-share2));
  for (let k = 0; k < errors; k++)
    below += term, term *= (requests2 - k) / (k + 1) * (share2 / (1 - share2));
  return Math.max(0, 1 - below);
}
function mayBeBad({ requests: requests2, errors }, bad) {
  let share2 = errors / requests2;
  return share2 + 2.5 * Math.sqrt(share2 * (1 - share2) / requests2) >= bad;
}
function sequentialTest(after, before, { over, watching = !1 }) {
  let good = baseOf(before), bad = badShare(good), between = { good, bad };
  if (after.requests === 0) return { verdict: "open", sure: 0, ...between };
  let refuse = watching ? refuseGoodWatching : refuseGood.onTheWay, ratio = logRatio(after, good, bad), possible = mayBeBad(after, bad);
  if (possible && ratio >= Math.log((1 - passBad) / refuse))
    return { verdict: "bad", sure: 1 - refuse, ...between };
  if (ratio <= Math.log(passBad / (1 - refuse))) return { verdict: "good", sure: 1 - passBad, ...between };
  if (!over || watching) return { verdict: "open", sure: 0, ...between };
  let chance = tail(after, good);
  return possible && ratio > 0 && chance < refuseGood.atTheEnd ? { verdict: "bad", sure: 1 - chance, ...between } : { verdict: "good", sure: 1 - (1 - tail({ ...after, errors: after.errors + 1 }, bad)), ...between };
}
var refuseGood, passBad, refuseGoodWatching, prior, baseOf, badShare, logRatio, init_sequential = __esm({
  "src/record/gate/sequential.ts"() {
    "use strict";
    init_pipeline3();
    refuseGood = { onTheWay: 1e-3, atTheEnd: 7e-3 }, passBad = 3e-3, refuseGoodWatching = 2e-4, prior = { share: 4e-3, requests: 100 }, baseOf = ({ requests: requests2, errors }) => Math.min(0.5, Math.max(prior.share, (errors + prior.share * prior.requests) / (requests2 + prior.requests))), badShare = (base) => Math.min(0.95, Math.max(targets().errorRate.spike.share, targets().errorRate.spike.times * base)), logRatio = ({ requests: requests2, errors }, good, bad) => errors * Math.log(bad / good) + (requests2 - errors) * Math.log((1 - bad) / (1 - good));
  }
});

// src/record/gate/traffic.ts
async function trafficUntil(prometheus2, end, seconds) {
  let range = `${Math.round(seconds)}s`, [all, coded, failed2] = await Promise.all(
    [
      requests(range),
      requests(range, { status_code: matches2(".+") }),
      requests(range, { status_code: matches2("5..") })
    ].map((question) => prometheus2.value(question, end))
  );
  return all === void 0 ? void 0 : { requests: all, errors: coded === void 0 ? void 0 : failed2 ?? 0, seconds };
}
function missing(after, before) {
  if (!after && before && before.requests > 0)
    return "Prometheus had requests of the application before, and has none since";
  if (after?.requests === 0 && before && isEnough(before))
    return `no request since; ${Math.round(before.requests)} in the hour before`;
  if (after && after.requests > 0 && after.errors === void 0)
    return "no request says with which status_code it ended";
}
function judgeTraffic(after, before, watching = !1) {
  let { windowSeconds } = targets().health, gone = missing(after, before);
  if (gone !== void 0) return { name, demanded: demanded(), verdict: "inconclusive", found: gone };
  if (after === void 0)
    return {
      name,
      demanded: demanded(),
      verdict: "skipped",
      found: "Prometheus has no requests of the application"
    };
  let over = after.seconds >= windowSeconds, decision = sequentialTest(countsOf(after), countsOf(before), { over, watching }), found = `${percent(share(after))} errors, ${percent(before ? share(before) : 0)} in the hour before`, sure = `${found}; ${percent(decision.sure)} sure`, enough = isEnough(after);
  if (after.seconds >= earliest && enough) {
    if (decision.verdict === "bad" && (after.errors ?? 0) >= leastErrors)
      return { name, demanded: demanded(), verdict: "fail", found: sure };
    if (decision.verdict === "good") return { name, demanded: demanded(), verdict: "pass", found: sure };
  }
  return over ? enough ? { name, demanded: demanded(), verdict: "pass", found } : { name, demanded: demanded(), verdict: "skipped", found: "too few requests to judge by" } : {
    name,
    demanded: demanded(),
    verdict: "inconclusive",
    found: `${found}; ${Math.floor(after.seconds)} s of ${windowSeconds} s are over`
  };
}
async function liveTraffic(prometheus2, { since, started: started2, now: now2, watching }) {
  let { windowSeconds } = targets().health, late = watching && now2 - since > windowSeconds, end = late ? now2 : Math.min(now2, since + windowSeconds), seconds = late ? windowSeconds : Math.max(1, end - since), [after, before] = await Promise.all([
    trafficUntil(prometheus2, end, seconds),
    trafficUntil(prometheus2, Math.min(started2, since), 3600)
  ]);
  return judgeTraffic(after, before, late);
}
var requests, share, isEnough, leastErrors, earliest, name, demanded, countsOf, init_traffic = __esm({
  "src/record/gate/traffic.ts"() {
    "use strict";
    init_metrics();
    init_pipeline3();
    init_sequential();
    init_verdict();
    requests = (range, labels2 = {}) => sum(increase(metric("http_requests_total", { job: applicationJob, ...labels2 }), range));
    share = ({ requests: requests2, errors = 0 }) => requests2 > 0 ? errors / requests2 : 0, isEnough = ({ requests: requests2, seconds }) => requests2 / seconds >= targets().errorRate.spike.requestsPerSecond, leastErrors = 5, earliest = 60, name = "live-traffic", demanded = () => `fewer errors than ${targets().errorRate.spike.times} times the hour before`;
    countsOf = (traffic) => {
      let requests2 = Math.round(traffic?.requests ?? 0);
      return { requests: requests2, errors: Math.min(requests2, Math.round(traffic?.errors ?? 0)) };
    };
  }
});

// src/record/gate/ask.ts
function prometheusOf(env) {
  try {
    return GatePrometheus.of(env);
  } catch (error2) {
    if (error2 instanceof NotAsked) return error2;
    throw error2;
  }
}
async function stay({ deployment: deployment3, watching }, { prometheus: prometheus2, view, now: now2 }) {
  let { pushed: pushed3, problems } = await collect(prometheus2, view, deployment3, now2), unanswered = problems.map(
    (found) => ({ name: "sources", verdict: "error", demanded: "every source answers", found })
  ), incomplete = view.complete || problems.length > 0 ? [] : [
    {
      name: "sources",
      verdict: "inconclusive",
      demanded: "nothing is missing",
      found: incompleteSentence(view)
    }
  ], certain = view.complete && problems.length === 0, checks3 = [
    // Of one that is not there nothing is known as long as not everybody has answered.
    ...judgeRecordings(pushed3, now2, deployment3).filter(
      ({ final: final2, verdict }) => certain || pushed3.length > 0 || !final2 || verdict !== "error"
    ),
    ...unanswered,
    ...incomplete
  ];
  if (checks3.some(({ final: final2, verdict }) => final2 && verdict === "error")) return checks3;
  let since = liveSince(pushed3);
  if (deployment3.environment !== carried().application?.environment || since === void 0 || prometheus2 instanceof NotAsked)
    return checks3;
  try {
    let started2 = startedAt(pushed3) ?? since;
    return [...checks3, await liveTraffic(prometheus2, { since, started: started2, now: now2, watching })];
  } catch (error2) {
    return [...checks3, notAsked("live-traffic", "no more errors than before", error2)];
  }
}
async function deploy({ deployment: deployment3, hotfix }, { prometheus: prometheus2, view, now: now2 }) {
  let { environment: environment2 } = deployment3, ask3 = async (name2, make2) => {
    try {
      return await make2();
    } catch (error2) {
      return notAsked(name2, "it can be asked", error2);
    }
  }, asked = () => {
    if (prometheus2 instanceof NotAsked) throw prometheus2;
    return prometheus2;
  }, [budget, other, alerts] = await Promise.all([
    ask3("error-budget", async () => await errorBudget(asked(), view, { environment: environment2, hotfix }, now2)),
    ask3("no-other-deployment", async () => await noOther(prometheus2, view, deployment3, now2)),
    ask3("no-critical-alert", async () => judgeAlerts(await asked().alertingRules(), environment2, hotfix))
  ]);
  return [budget, other, alerts].map((check) => hotfix && check !== other ? unasked(check) : check);
}
async function ask2(asked, gateway, prometheus2, now2, since) {
  let view = await transportView(prometheus2, gateway, now2, since), checks3 = (await (asked.question === "stay" ? stay : deploy)(asked, { prometheus: prometheus2, view, now: now2 })).map((check) => leftOut(check, asked.without)), { environment: environment2, deployment_id: deployment_id2 } = asked.deployment, verdict = verdictOn(checks3);
  return { question: asked.question, environment: environment2, deployment_id: deployment_id2, verdict, checks: checks3, complete: view.complete };
}
var notAsked, unasked, leftOut, init_ask = __esm({
  "src/record/gate/ask.ts"() {
    "use strict";
    init_pipeline3();
    init_deploy();
    init_evidence();
    init_prometheus();
    init_stay();
    init_traffic();
    init_transport2();
    init_verdict();
    notAsked = (name2, demanded2, error2) => {
      if (!(error2 instanceof NotAsked)) throw error2;
      return { name: name2, verdict: "error", demanded: demanded2, found: error2.message };
    };
    unasked = (check) => check.verdict === "error" || check.verdict === "inconclusive" ? { ...check, verdict: "skipped", found: `${check.found}; a hotfix is deployed all the same` } : check, leftOut = (check, without2) => without2.includes(check.name) ? { ...check, verdict: "skipped", found: `left out (${check.found})` } : check;
  }
});

// src/record/gate/reason.ts
function rollbackReason({ question, checks: checks3 }) {
  if (question !== "stay") return;
  let failed2 = new Set(checks3.filter(({ verdict }) => verdict === "fail").map(({ name: name2 }) => name2));
  return failed2.has("live-traffic") ? "error_rate" : failed2.has("smoke-tests") ? "test_failed" : failed2.has("health") ? "health_check_failed" : failed2.has("error-rate") ? "error_rate" : failed2.size > 0 ? "manual" : void 0;
}
var init_reason = __esm({
  "src/record/gate/reason.ts"() {
    "use strict";
  }
});

// src/record/gate/render.ts
function headline({ question, environment: environment2, deployment_id: deployment_id2, verdict }) {
  let what = question === "stay" ? `Deployment ${deployment_id2} in ${environment2}` : `${environment2}`;
  return `${verdict.toUpperCase()}: ${what} ${words3[question][verdict]}.`;
}
function reportText(report) {
  let rows = [header, ...report.checks.map(row)], widths = header.map((_, i) => Math.max(...rows.map((cells) => cells[i].length))), lines = rows.map(
    (cells) => cells.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd()
  );
  return `${headline(report)}

${lines.join(`
`)}
`;
}
function reportMarkdown(report) {
  let cells = (texts) => `| ${texts.map((text2) => text2.replaceAll("|", "\\|").replaceAll(`
`, " ")).join(" | ")} |`;
  return [
    "### Deployment gate",
    "",
    headline(report),
    "",
    cells(header),
    cells(header.map(() => "---")),
    ...report.checks.map((check) => cells(row(check))),
    "",
    ""
  ].join(`
`);
}
var words3, header, row, reportJson, init_render = __esm({
  "src/record/gate/render.ts"() {
    "use strict";
    init_verdict();
    words3 = {
      stay: {
        pass: "may stay",
        fail: "must not stay",
        inconclusive: "cannot be judged yet",
        error: "cannot be judged: not everything could be asked"
      },
      deploy: {
        pass: "may be deployed to",
        fail: "must not be deployed to",
        inconclusive: "cannot be judged yet",
        error: "cannot be judged: not everything could be asked"
      }
    };
    header = ["check", "verdict", "found", "demanded"], row = ({ name: name2, verdict, found, demanded: demanded2 }) => [
      name2,
      verdict,
      found,
      demanded2
    ];
    reportJson = (report) => `${JSON.stringify({ ...report, exit_code: exitCodes[report.verdict] }, null, 2)}
`;
  }
});

// src/record/gate/run.ts
var run_exports = {};
__export(run_exports, {
  gate: () => gate
});
import { appendFileSync as appendFileSync2 } from "node:fs";
async function poll(question, env, io, say, options5) {
  let gateway = gatewayOf(env), prometheus2 = prometheusOf(env), begun = Date.now(), since = options5.at === void 0 ? await askedAt(prometheus2) : void 0, said2 = "";
  for (; ; ) {
    let report = await ask2(question, gateway, prometheus2, (options5.at ?? io.now()) / 1e3, since), left2 = begun + patienceMs(report, options5) - Date.now(), watching = options5.watchMs > 0 && report.verdict === "pass";
    if (left2 <= 0 || isFinal(report) && !watching) return report;
    let waiting = watching ? headline(report) : `Waiting: ${open(report)}`;
    waiting !== said2 && say(`${waiting}
`), said2 = waiting;
    let interval2 = watching ? Math.max(options5.intervalMs, watchIntervalMs) : options5.intervalMs;
    await systemClock.sleep(Math.min(interval2, left2));
  }
}
async function gate(question, env, io, options5) {
  let clean = secretRemover(env), report = await poll(question, env, io, (text2) => io.stderr(clean(text2)), options5);
  io.stdout(clean(options5.json ? reportJson(report) : reportText(report)));
  try {
    env.GITHUB_STEP_SUMMARY && appendFileSync2(env.GITHUB_STEP_SUMMARY, clean(reportMarkdown(report))), writeForRunner(env.GITHUB_OUTPUT, "verdict", report.verdict), writeForRunner(env.GITHUB_OUTPUT, "reason", options5.shadow ? "" : rollbackReason(report) ?? "");
  } catch (error2) {
    io.stderr(warningLine(`The runner's files could not be written: ${error2.message}.`));
  }
  let refused = report.verdict !== "pass";
  return options5.shadow && refused && io.stderr(`Shadow mode: the answer is recorded, and nothing is refused.
`), { report, code: options5.shadow ? 0 : exitCodes[report.verdict] };
}
var watchIntervalMs, open, patienceMs, init_run = __esm({
  "src/record/gate/run.ts"() {
    "use strict";
    init_clock();
    init_gateway();
    init_io();
    init_runner_file();
    init_secrets();
    init_ask();
    init_reason();
    init_render();
    init_transport2();
    init_verdict();
    watchIntervalMs = 3e4, open = (report) => report.checks.filter(({ verdict }) => verdict === "inconclusive" || verdict === "error").map(({ name: name2, found }) => `${name2} (${found})`).join(", ");
    patienceMs = ({ verdict, complete }, { waitMs, watchMs, at }) => Math.max(waitMs, watchMs, complete || verdict !== "inconclusive" || at !== void 0 ? 0 : scrapeWaitMs);
  }
});

// src/record/message.ts
function errorMessage(text2, env, more = []) {
  let clean = printable(text2.slice(0, longestLine)), safe = secretRemover(env, more)(text2.length > longestLine ? withoutLastWord(clean) : clean), characters = [...safe];
  return characters.length <= longestMessage ? safe : `${characters.slice(0, headLength).join("")}…${characters.slice(headLength + 1 - longestMessage).join("")}`;
}
var longestMessage, headLength, longestLine, esc, bell, escapeSequences, invisible, runnerCommand, printable, withoutLastWord, init_message = __esm({
  "src/record/message.ts"() {
    "use strict";
    init_secrets();
    longestMessage = 200, headLength = 90, longestLine = 2048, esc = "\x1B", bell = "\x07", escapeSequences = new RegExp(
      `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|[@-Z\\\\^_])`,
      "g"
    ), invisible = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, runnerCommand = /^\s*(?:::\w[^:]*::|##\[\w+\])/, printable = (text2) => text2.replace(escapeSequences, "").replace(/\s+/g, " ").replace(invisible, "").replace(runnerCommand, "").trim();
    withoutLastWord = (text2) => text2.replace(/\S*$/, "…");
  }
});

// src/record/gate/event.ts
var event_exports = {};
__export(event_exports, {
  gateEvent: () => gateEvent
});
function gateEvent(report, deployment3, { shadow, atMs, env }) {
  let group3 = { ...deployment3, gate: report.question }, emit = samplesOf(group3), decisive = report.checks.filter(({ verdict }) => verdict === report.verdict);
  return {
    method: "PUT",
    group: group3,
    samples: [
      emit(
        "deployment_gate_verdict_code",
        {},
        gateVerdicts[shadow ? `would_${report.verdict}` : report.verdict]
      ),
      emit("deployment_gate_asked_timestamp_seconds", {}, toSeconds(atMs)),
      emit(
        "deployment_gate_info",
        {
          checks: decisive.map(({ name: name2 }) => name2).join(", "),
          message: errorMessage(decisive.map(({ found }) => found).join("; "), env)
        },
        1
      )
    ],
    what: `the answer of the gate (${report.verdict}${shadow ? ", shadow" : ""})`
  };
}
var init_event = __esm({
  "src/record/gate/event.ts"() {
    "use strict";
    init_metrics();
    init_emit();
    init_message();
    init_time();
  }
});

// src/record/spool.ts
import { linkSync, mkdirSync, readdirSync, readFileSync as readFileSync3, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir as tmpdir2, userInfo } from "node:os";
import { join as join2 } from "node:path";
function shortHash(text2) {
  let hash = 0xcbf29ce484222325n;
  for (let byte of Buffer.from(text2)) hash = (hash ^ BigInt(byte)) * 0x100000001b3n & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, "0");
}
function stateFolder(env) {
  return env.RUNNER_TEMP ? join2(env.RUNNER_TEMP, "deployment-recorder") : join2(env.TMPDIR || tmpdir2(), `deployment-recorder-${userInfo().username}`);
}
function isOurs(folder) {
  let stat = statSync(folder, { throwIfNoEntry: !1 });
  return stat?.isDirectory() === !0 && (process.getuid === void 0 || stat.uid === process.getuid());
}
function makeStateFolder(env, name2) {
  let state = stateFolder(env);
  env.RUNNER_TEMP && makeFolder(env.RUNNER_TEMP);
  for (let folder of [state, join2(state, name2)])
    try {
      mkdirSync(folder, { mode: 448 });
    } catch (error2) {
      if (error2.code !== "EEXIST") throw error2;
      if (!isOurs(folder)) throw new Error(`${folder} belongs to another user`);
    }
  return join2(state, name2);
}
function makeFolder(folder) {
  try {
    mkdirSync(folder);
  } catch (error2) {
    if (error2.code !== "EEXIST") throw error2;
  }
}
var entryName, Spool, init_spool = __esm({
  "src/record/spool.ts"() {
    "use strict";
    entryName = /^\d{9}\.json$/;
    Spool = class {
      folder;
      #make;
      constructor(env, gateway) {
        let name2 = env.RUNNER_TEMP ? "spool" : `spool-${shortHash(gateway.href)}`;
        this.folder = join2(stateFolder(env), name2), this.#make = () => makeStateFolder(env, name2);
      }
      /** Names of what waits, oldest first; empty when nothing does. */
      names() {
        try {
          let names = readdirSync(this.folder).filter((name2) => entryName.test(name2));
          return names.length > 0 && isOurs(this.folder) ? names.sort() : [];
        } catch {
          return [];
        }
      }
      /** Reads one; undefined when another recorder has sent it meanwhile, or when it cannot be read; then it is removed. */
      read(name2) {
        try {
          return { name: name2, entry: JSON.parse(readFileSync3(join2(this.folder, name2), "utf8")) };
        } catch {
          this.remove(name2);
          return;
        }
      }
      /** True while it waits. */
      has(name2) {
        return statSync(join2(this.folder, name2), { throwIfNoEntry: !1 }) !== void 0;
      }
      /** Puts an event behind all others. It is visible only when it is complete. @throws Error when the disk refuses */
      add(entry) {
        this.#make();
        let draft = join2(this.folder, `draft-${process.pid}-${Math.random().toString(36).slice(2)}`);
        writeFileSync(draft, JSON.stringify(entry), { mode: 384, flag: "wx" });
        try {
          for (let number2 = this.#nextNumber(); ; number2++) {
            let name2 = `${String(number2).padStart(9, "0")}.json`;
            try {
              return linkSync(draft, join2(this.folder, name2)), name2;
            } catch (error2) {
              if (error2.code !== "EEXIST") throw error2;
            }
          }
        } finally {
          unlinkSync(draft);
        }
      }
      /** Takes one out, after it was sent or refused for good. */
      remove(name2) {
        try {
          unlinkSync(join2(this.folder, name2));
        } catch {
        }
      }
      #nextNumber() {
        let last = readdirSync(this.folder).filter((name2) => entryName.test(name2)).sort().at(-1);
        return last === void 0 ? 1 : Number.parseInt(last, 10) + 1;
      }
    };
  }
});

// src/record/stages.ts
import { readFileSync as readFileSync4, rmSync as rmSync2, writeFileSync as writeFileSync2 } from "node:fs";
import { join as join3 } from "node:path";
function errorTypeOf(usual, found) {
  return found === void 0 || (usual === "health_check_failed" || usual === "test_failed") && unreachable.includes(found) ? usual : found;
}
function stageStartSamples(group3, { startedMs, logUrl: logUrl2 }) {
  let emit = samplesOf(group3);
  return [
    emit("deployment_stage_started_timestamp_seconds", {}, toSeconds(startedMs)),
    emit("deployment_stage_info", { log_url: logUrl2 }, 1)
  ];
}
function stageEndSamples(group3, end) {
  let { startedMs, finishedMs, status, logUrl: logUrl2, error: error2 } = end, emit = samplesOf(group3);
  return [
    ...startedMs === void 0 ? [] : [emit("deployment_stage_started_timestamp_seconds", {}, toSeconds(startedMs))],
    emit("deployment_stage_info", { log_url: logUrl2 }, 1),
    emit("deployment_stage_finished_timestamp_seconds", {}, toSeconds(finishedMs)),
    emit("deployment_stage_status_code", {}, stageStatuses[status]),
    ...startedMs === void 0 ? [] : [emit("deployment_stage_duration_seconds", { status }, lengthSeconds(startedMs, finishedMs))],
    emit("deployment_total", { status }, 1),
    ...error2 ? [
      emit("deployment_errors_total", { error_type: codeOf3(labels.error_type, error2.type) }, 1),
      emit("deployment_error_info", { error_type: error2.type, message: error2.message }, 1)
    ] : []
  ];
}
function rememberStart(env, group3, startedMs) {
  try {
    makeStateFolder(env, started), writeFileSync2(memory(env, group3), String(startedMs), { mode: 384 });
  } catch {
  }
}
function recallStart(env, group3) {
  try {
    let file = memory(env, group3), startedMs = Number(readFileSync4(file, "utf8"));
    return rmSync2(file), Number.isFinite(startedMs) ? startedMs : void 0;
  } catch {
    return;
  }
}
var codeOf3, defaultErrorType, notTheCode, isNotTheCode, unreachable, started, memory, init_stages = __esm({
  "src/record/stages.ts"() {
    "use strict";
    init_metrics();
    init_emit();
    init_pipeline3();
    init_spool();
    init_time();
    codeOf3 = (codes, word) => codes.find((code) => code === word) ?? "other", defaultErrorType = (stage3) => carried().stages[stage3]?.errorType ?? "command_failed", notTheCode = [
      "infrastructure",
      "network",
      "out_of_memory",
      "timeout",
      "database_connection_error",
      "api_unreachable"
    ], isNotTheCode = (type) => notTheCode.some((one) => one === type), unreachable = ["network", "api_unreachable", "dependency"];
    started = "started", memory = (env, group3) => join3(stateFolder(env), started, shortHash(JSON.stringify(group3)));
  }
});

// src/record/why/shapes.ts
var ranks, noise, wrapper, complaint, error, cause, prefixes, noiseLines, wrappers, heading, exception, shapes2, init_shapes2 = __esm({
  "src/record/why/shapes.ts"() {
    "use strict";
    ranks = {
      /** Says nothing of the cause. */
      noise: 0,
      /** Says that something failed which ran inside. */
      wrapper: 1,
      /** Any other text. */
      plain: 2,
      /** A sentence with a word of failure in it. */
      complaint: 3,
      /** Announced as an error, by a tool that is not known. */
      error: 4,
      /** The line of a known tool that says why. */
      cause: 5
    }, { noise, wrapper, complaint, error, cause } = ranks, prefixes = [
      // timestamps of logs
      /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\s+/,
      // docker build: step and seconds
      /^#\d+ (?:\d+\.\d+ )?/,
      /^\d+\.\d{1,3} (?=\S)/,
      // terraform's frame
      /^[│╷╵]\s?/,
      // maven
      /^(?:\[(?:ERROR|FATAL)\] ?)+(?=\S)/
    ], noiseLines = [
      // Lines of a recorder within the command.
      /^(?:Recorded: |Sent \d+ earlier |::warning title=Deployment recorder::)/,
      /^(?:::|##\[)(?:group|endgroup|debug|notice|warning|add-mask|set-output)/,
      /^[\s\W_]*$/,
      /^Node\.js v\d/,
      /^\(Background on this error at: /,
      /^\s+at (?:.+ \(.+\)|\S+:\d+)/,
      /^\s*\.\.\. \d+ more$/,
      /^> \S+@\S+ \S+$/,
      /^npm (?:error|ERR!)(?:\s*| (?:code|errno|syscall|path|dest|cwd|workspace|location|command|signal|node_modules\S*|\s+at)\b.*| \d+ *)$/,
      /^npm (?:error|ERR!) (?:A complete log of|For a full report|\/\S+-(?:debug|report)|While resolving:|Found:)/,
      /^npm (?:error|ERR!) (?:Lifecycle script|This is probably not a problem with npm|Exit status|Failed at the)/,
      /^npm (?:notice|warn|WARN|info)/,
      /^(?:hint|note|help|info|warning|warn|debug|usage)\b\s*[:[]/i,
      /^\[(?:INFO|WARN(?:ING)?|DEBUG)\]/i,
      /^(?:INFO|DEBUG|WARNING)\b/,
      /^ERROR: ResolutionImpossible: for help visit/,
      /^For more information about this error, try|^Some errors have detailed explanations/,
      /^Oops! Something went wrong/,
      /^make(?:\[\d+\])?: (?:Entering|Leaving) directory/,
      /^To see the full stack trace|^Re-run Maven using|\[Help 1\](?:$| http)|^For more information about the errors/,
      /^(?:FAIL|ok|PASS)(?:\s+\S+\s+[\d.]+m?s)?$/,
      /^(?:Test Suites|Tests|Snapshots|Time|Test Files|Start at|Duration|Ran all test suites)\b/,
      /^(?:test result|failures)\b/,
      /^[-=_!✖✗×⎯\s]*\d+ (?:problems?|errors?|failed|passed|warnings?)\b/,
      /^Found \d+ errors?\b/,
      /^\d+ errors?$/,
      /^\[(?:ERROR|FATAL)\]$/,
      /^errors?: (?:\[|\d)/,
      /^(?:\[error\] )?\s*>?\s*\d*\s*\|(?:\s|$)/,
      /^(?:Try|See|Run|Read|Learn|Visit) [\w'"`h]/,
      /^(?:stack backtrace|Stack trace|Traceback|Require stack|Caused by)\b.*:$/
    ], wrappers = [
      /\b(?:exit(?:ed)?|returned|status|code)\b(?: with)?(?: non-zero)?(?: exit)?(?: status| code)?[:=]?\s*\(?\d+\)?[.!]?$/i,
      /^make(?:\[\d+\])?: \*\*\* \[.*\] Error \d+/,
      /^error: (?:could not compile|test failed|aborting due to)/,
      /^error: (?:metadata-generation-failed|subprocess-exited-with-error)/,
      /^ERROR: (?:failed to solve: process|Failed building wheel|Could not build wheels)/,
      /^Error: (?:Command failed|P\d{4}$)/,
      /\bdid not complete successfully\b/,
      /^Failed to execute goal\b/,
      /\bnot recoverable: exiting now/,
      /^Error occurred when\b/,
      /\bcompiled with \d+ errors?\b/,
      /^-- Configuring incomplete/,
      /^(?:Build|Job|Deploy(?:ment)?|Compilation|Lint(?:ing)?|Tests?)\b[\w ]*\bfailed\b[.!]*$/i,
      /^Failed to compile\.?$/i
    ], heading = /:$/, exception = /^(?:Exception in thread "[^"]*" |Caused by: |Uncaught |Unhandled rejection |\[!\] )?(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Failure|Interrupt|Timeout)(?: \[[\w]+\])?: \S/, shapes2 = [
      ...noiseLines.map((line) => ({ line, rank: noise })),
      // GitHub's own
      { line: /^(?:::error\b[^:]*::|##\[error\])(?!Process completed)/, rank: cause, pick: "last" },
      // the recorder's own health check, as a command
      { line: /^Health check \d+ of \d+: unhealthy/, rank: cause, pick: "last" },
      // out of memory, wherever
      { line: /heap out of memory|OutOfMemoryError|Cannot allocate memory|OOMKilled/, rank: cause },
      // pytest
      { line: /^(?:FAILED|ERROR) \S+(?:::\S+)+.* - \S/, rank: cause, pick: "first" },
      { line: /^E {2,}(?:[\w.]+(?:Error|Exception)|Failed): \S/, rank: cause, pick: "last" },
      { line: /^E {2,}assert\b/, rank: error, pick: "first" },
      // jest, then vitest
      { line: /^● Test suite failed to run$/, rank: cause, pick: "first", join: "next" },
      { line: /^● (?!Console)\S.+$/, rank: cause, pick: "first", join: "with-next" },
      { line: /^FAIL {2}\S.*(?: > .+|\[ .+ \])$/, rank: cause, pick: "first", join: "with-next" },
      // compilers: file, line, error
      { line: /^\S+[:(]\d+(?:[:,]\d+)?\)?(?::| -) (?:fatal )?error\b/i, rank: cause, pick: "first" },
      { line: /^\S+\.(?:go|java|kt|scala):\[?\d+[:,]\d+\]?:? \S/, rank: cause, pick: "first" },
      { line: /^error(?: TS\d+|\[E\d+\]): \S/, rank: cause, pick: "first" },
      {
        line: /^error: (?:no matching package|failed to|linking with|cannot find|expected) /,
        rank: cause,
        pick: "first"
      },
      // eslint, with the file above
      { line: /^\d+:\d+ +error +\S/, rank: cause, pick: "first", join: "with-heading" },
      // go test, panics of Go and Rust
      { line: /^\S+_test\.go:\d+: \S/, rank: cause, pick: "first" },
      { line: /^thread '.*' (?:\(\d+\) )?panicked at .+:$/, rank: cause, pick: "first", join: "next" },
      { line: /^panic: |^thread '.*' panicked at '/, rank: cause, pick: "first" },
      // build tools
      { line: /^make(?:\[\d+\])?: \*\*\* (?!\[)|^\S*[Mm]akefile\S*:\d+: \*\*\*/, rank: cause },
      { line: /^curl: \(\d+\) /, rank: cause, pick: "last" },
      { line: /\bundefined reference to\b/, rank: cause, pick: "first" },
      { line: /^CMake Error\b|^ERROR in \S/, rank: cause, pick: "first", join: "with-next" },
      { line: /^\[(?:ERROR\]:|error\]) \S/, rank: cause, pick: "first" },
      ...wrappers.map((line) => ({ line, rank: wrapper })),
      { line: /^npm (?:error|ERR!) \S/, rank: cause, pick: "first" },
      {
        line: /^ERROR: (?:Could not find a version|No matching distribution|Cannot install|Invalid requirement)/,
        rank: cause
      },
      { line: new RegExp(`${exception.source}.*:$`), rank: cause, pick: "last", join: "with-next" },
      { line: heading, rank: wrapper },
      { line: exception, rank: cause, pick: "last" },
      // anything that calls itself an error
      { line: /^Error from server\b/, rank: error },
      {
        line: /^(?:[\w./-]+: |\w+ )?\[?(?:error|fatal|failed|failure|critical|panic)\b\]?\s*(?:\[[\w.]+\]|\(\w+\))?\s*[:!]\s*\S/i,
        rank: error
      },
      {
        line: /\b(?:errors?|fail(?:ed|ure|s)?|fatal|cannot|can't|couldn't|could not|unable to|denied|refused|rejected|not found|no such|not valid|invalid|missing|unbound|undefined|unknown|undeclared|unexpected|timed out|never became|limited|does not exist|already exists|not exist)\b/i,
        rank: complaint
      }
    ];
  }
});

// src/record/why/types.ts
var byMessage, byOutput, init_types = __esm({
  "src/record/why/types.ts"() {
    "use strict";
    byMessage = [
      [
        /heap out of memory|\bMemoryError\b|OutOfMemoryError|Cannot allocate memory|OOMKilled|signal: killed/,
        "out_of_memory"
      ],
      [
        /connection to server at |\bOperationalError\b.*\b(?:connect|connection|timeout)|P1001\b|(?:ECONNREFUSED|refused).*:(?:5432|3306|6379|27017)\b|too many (?:clients|connections)|the database system is (?:starting up|shutting down)/i,
        "database_connection_error"
      ],
      [
        /no space left on device|too ?many ?requests|\brate limit|Resource is limited|quota exceeded|shutdown signal|lost communication with the server|state lock|Cannot connect to the Docker daemon|\b50[234] (?:Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
        "infrastructure"
      ],
      [
        /\bE(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b|could not resolve host|name resolution|no such host|connection (?:refused|reset)|connection to the server .* was refused|failed to connect|couldn't connect|max retries exceeded|network is unreachable|i\/o timeout|TLS handshake|curl: \((?:5|6|7|28|35|52|56)\)/i,
        "network"
      ],
      [/^curl: \(22\)|requested URL returned error/, "api_unreachable"],
      [/\btimed out\b|deadline exceeded|progress deadline|TimeoutError/i, "timeout"],
      [/health ?check failed|never became healthy/i, "health_check_failed"],
      [
        /No module named|Cannot find (?:module|package)|No matching distribution|Could not find a version|No matching version|\bERESOLVE\b|conflicting dependencies|package-lock\.json|404 Not Found - GET|no matching package named|Could not find artifact|no required module provides/i,
        "dependency"
      ]
    ], byOutput = [
      [
        /\balembic[./]|Running upgrade|A migration failed to apply|django[./]db[./]migrations/,
        "migration_failed"
      ],
      [/^note: This error originates from a subprocess|metadata-generation-failed/m, "dependency"],
      [
        /^(?:FAILED|ERROR) \S+::|^Tests: +.*\d+ failed|^test result: FAILED|^--- FAIL: |Test Files +\d+ failed|^=+ .*\d+ (?:failed|error)|^\d+ failing$|^not ok \d+/m,
        "test_failed"
      ]
    ];
  }
});

// src/record/why/why.ts
function readLine(raw) {
  let text2 = raw.slice(0, longest2).replace(escapeSequences, "").trimEnd(), unwrapped = prefixes.reduce((rest, prefix2) => rest.replace(prefix2, ""), text2);
  return { text: text2, indent: unwrapped.search(/\S|$/), bare: unwrapped.trimStart() };
}
function tracebackEnds(lines) {
  let ends = /* @__PURE__ */ new Set();
  return lines.forEach(({ bare, indent }, at) => {
    if (!bare.startsWith("Traceback (most recent call last):")) return;
    let end = lines.findIndex((line, i) => i > at && line.bare !== "" && line.indent <= indent);
    end !== -1 && ends.add(end);
  }), ends;
}
function messageOf(lines, { at, shape }) {
  let { bare } = lines[at];
  return shape.join === "next" ? textAfter(lines, at) || bare : shape.join === "with-next" ? `${bare.replace(/:$/, "")}: ${textAfter(lines, at)}` : shape.join === "with-heading" ? `${headingOf(lines, at)} ${bare}` : bare;
}
function choose(candidates) {
  let best = Math.max(...candidates.map(({ shape }) => shape.rank)), among = candidates.filter(({ shape }) => shape.rank === best), last = among.at(-1);
  return last?.shape.pick === "first" ? among.find(({ shape }) => shape === last.shape) : last;
}
function why(output) {
  let lines = output.split(/\r\n|\r|\n/).map(readLine), ends = tracebackEnds(lines), candidates = lines.flatMap(
    (line, at) => line.bare === "" ? [] : [{ at, shape: ends.has(at) ? traceback : shapeOf(line) }]
  ), chosen = choose(candidates), message = chosen ? printable(messageOf(lines, chosen)) : "", text2 = lines.map(({ bare }) => bare).join(`
`), type = byMessage.find(([pattern2]) => pattern2.test(message))?.[1] ?? byOutput.find(([pattern2]) => pattern2.test(text2))?.[1];
  return { message, type };
}
var longest2, plain2, traceback, shapeOf, textAfter, headingOf, init_why = __esm({
  "src/record/why/why.ts"() {
    "use strict";
    init_message();
    init_shapes2();
    init_types();
    longest2 = 2e3;
    plain2 = { line: /^/, rank: ranks.plain }, traceback = { line: /^/, rank: ranks.cause, pick: "last" };
    shapeOf = ({ bare, text: text2 }) => shapes2.find(({ line }) => line.test(bare) || bare !== text2 && line.test(text2)) ?? plain2, textAfter = (lines, at) => lines.slice(at + 1).find(({ bare }) => bare !== "")?.bare ?? "", headingOf = (lines, at) => lines.slice(0, at).reverse().find(({ text: text2, indent }) => text2 !== "" && indent === 0)?.text ?? "";
  }
});

// src/record/why/explain.ts
import { appendFileSync as appendFileSync3 } from "node:fs";
function failureOf(ended3, env) {
  let { message, type } = why(ended3.output);
  return {
    message: errorMessage(message || `exit code ${ended3.code}`, env, maskedValues(ended3.output)),
    type: ended3.timedOut ? "timeout" : type
  };
}
function failureSummary(what, output, { message, type }, env) {
  let lines = secretRemover(env, maskedValues(output))(output.replaceAll(`\r
`, `
`).replaceAll("\r", `
`).replace(escapeSequences, "")).split(`
`).map((line) => line.replace(new RegExp("(?!\\t)\\p{Cc}", "gu"), "").trimEnd()).filter((line) => !/^::(?:warning title=Deployment recorder|add-mask)::/.test(line));
  for (; lines.at(-1) === ""; ) lines.pop();
  let shown = lines.slice(-shownLines).map((line) => line.slice(0, longestLine2)), fence = "`".repeat(Math.max(3, ...shown.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1))), cause2 = isNotTheCode(type) ? `${type}: not a failure of the code` : type;
  return [
    `### Failed: ${what}`,
    "",
    `**${message.replace(/[\\`*_<>[\]|]/g, "\\$&")}** (${cause2})`,
    "",
    fence,
    ...shown,
    fence,
    "",
    ""
  ].join(`
`);
}
function writeFailureSummary(...args) {
  let env = args[3];
  if (env.GITHUB_STEP_SUMMARY)
    try {
      appendFileSync3(env.GITHUB_STEP_SUMMARY, failureSummary(...args));
    } catch {
    }
}
var shownLines, longestLine2, init_explain = __esm({
  "src/record/why/explain.ts"() {
    "use strict";
    init_message();
    init_secrets();
    init_stages();
    init_why();
    shownLines = 20, longestLine2 = 500;
  }
});

// src/record/why/index.ts
var why_exports = {};
__export(why_exports, {
  failureOf: () => failureOf,
  writeFailureSummary: () => writeFailureSummary
});
var init_why2 = __esm({
  "src/record/why/index.ts"() {
    "use strict";
    init_explain();
  }
});

// src/lib/railway.ts
var servingStatuses, underWayStatuses, isServing, isUnderWay, RailwayRefusal, isFlag, isDeployment, deploymentFields, isStep, isAccepted, RailwayApi, nameOf, init_railway = __esm({
  "src/lib/railway.ts"() {
    "use strict";
    init_errors();
    init_http2();
    init_shapes();
    servingStatuses = ["SUCCESS", "SLEEPING"], underWayStatuses = [
      "QUEUED",
      "WAITING",
      "NEEDS_APPROVAL",
      "INITIALIZING",
      "BUILDING",
      "DEPLOYING"
    ], isServing = (d) => servingStatuses.includes(d.status) && !d.deploymentStopped, isUnderWay = (d) => underWayStatuses.includes(d.status), RailwayRefusal = class extends EnvironmentFailure {
    }, isFlag = (data) => typeof data == "boolean", isDeployment = fields({
      id: isText,
      // A status that Railway invents is no mistake: it is neither serving nor under way.
      status: isText,
      createdAt: isText,
      canRollback: isFlag,
      deploymentStopped: isFlag,
      meta: ((data) => data === null || isRecord(data) && maybe(isText)(data.commitHash))
    }), deploymentFields = "id status createdAt canRollback deploymentStopped meta", isStep = fields({
      step: isText,
      payload: ((data) => data === null || isRecord(data) && maybe(isText)(data.error))
    }), isAccepted = ((data) => data === !0 || isRecord(data)), RailwayApi = class {
      client;
      #path;
      #token;
      /** @param path the API's path below the client's base */
      constructor(client, path, token) {
        this.client = client, this.#path = path, this.#token = token;
      }
      /** The project and environment of the token. @throws RailwayRefusal when it is no project token */
      async identify() {
        let query2 = "query token { projectToken { projectId environmentId } }", shape = fields({
          projectToken: fields({ projectId: isText, environmentId: isText })
        });
        return (await this.read(query2, {}, shape)).projectToken;
      }
      /** The latest deployments, newest first. */
      async deployments(service2) {
        let query2 = `query deployments($input: DeploymentListInput!, $first: Int) {
      deployments(input: $input, first: $first) { edges { node { ${deploymentFields} } } }
    }`, shape = fields({
          deployments: fields({ edges: listOf(fields({ node: isDeployment })) })
        });
        return (await this.read(query2, { input: { ...service2 }, first: 20 }, shape)).deployments.edges.map((edge) => edge.node).sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
      }
      /** The steps of a deployment, in their order. */
      async steps(id) {
        let query2 = `query steps($id: String!) {
      deploymentEvents(id: $id, first: 50) {
        edges { node { step payload { error reason attempt maxAttempts skipped } } }
      }
    }`, shape = fields({
          deploymentEvents: fields({ edges: listOf(fields({ node: isStep })) })
        }), { deploymentEvents } = await this.read(query2, { id }, shape);
        return deploymentEvents.edges.map(({ node }) => node);
      }
      /** Brings a deployment back. @param isDone looks whether a lost request was carried out */
      async rollback(id, isDone) {
        let query2 = (selection) => `mutation rollback($id: String!) { deploymentRollback(id: $id)${selection} }`, shape = fields({ deploymentRollback: isAccepted });
        await this.client.write(
          async () => {
            try {
              await this.once(query2(""), { id }, shape);
            } catch (error2) {
              if (!(error2 instanceof RailwayRefusal && /subfields/.test(error2.message))) throw error2;
              await this.once(query2(" { id }"), { id }, shape);
            }
            return !0;
          },
          async () => await isDone() ? !0 : void 0
        );
      }
      /** A query: made again after every passing failure. */
      async read(query2, variables, shape) {
        let answer = await this.client.read(this.#path, { method: "POST", json: { query: query2, variables } });
        return this.#data(answer.status, answer.json, query2, shape);
      }
      /** A mutation: made once. */
      async once(query2, variables, shape) {
        let answer = await this.client.once("POST", this.#path, { json: { query: query2, variables } });
        return this.#data(answer.status, answer.json, query2, shape);
      }
      /** GraphQL reports most errors with status 200. */
      #data(status, json, query2, shape) {
        let { data, errors } = isRecord(json) ? json : {}, said2 = (Array.isArray(errors) ? errors : []).map(
          (error2) => isRecord(error2) && isText(error2.message) ? this.client.redact(error2.message) : "no reason given"
        ).join("; ");
        if (status === 401 || status === 403 || /not authorized|unauthorized/i.test(said2))
          throw new RailwayRefusal(
            `Railway does not accept ${this.#token.variable}${said2 && ` ("${said2}")`}. ${this.#token.advice}`
          );
        if (said2 || status >= 300) throw new RailwayRefusal(`Railway refused: ${said2 || `status ${status}`}.`);
        if (shape(data)) return data;
        throw new HttpFailure(
          "unexpected",
          `Railway at ${this.client.options.base.host} answered "${nameOf(query2)}" with something else than was asked for. Check RAILWAY_API_URL, and what stands between.`,
          { perhapsDone: !0 }
        );
      }
    }, nameOf = (query2) => /^\s*(\w+ \w+)/.exec(query2)?.[1] ?? "a request";
  }
});

// src/record/railway/api.ts
function tokenOf(env) {
  let project = env.RAILWAY_TOKEN?.trim(), account = env.RAILWAY_API_TOKEN?.trim();
  if (project && account)
    throw new RailwayFailure("RAILWAY_TOKEN and RAILWAY_API_TOKEN are both set: unset one of them.");
  if (project)
    return {
      variable: "RAILWAY_TOKEN",
      advice: "It must be a project token of the environment of this service; account and workspace tokens go into RAILWAY_API_TOKEN.",
      secret: project,
      headers: { "project-access-token": project }
    };
  if (account)
    return {
      variable: "RAILWAY_API_TOKEN",
      advice: "It must be an account or workspace token; project tokens go into RAILWAY_TOKEN.",
      secret: account,
      headers: { authorization: `Bearer ${account}` }
    };
  throw new RailwayFailure(
    "RAILWAY_TOKEN is not set: make a project token (Project settings › Tokens) for the environment of the service."
  );
}
function addressOf(env) {
  let url;
  try {
    url = baseUrl(env[variable2]?.trim() || defaultApi, variable2);
  } catch (error2) {
    throw new RailwayFailure(error2.message);
  }
  if (url.protocol !== "https:" && !isLocalHost(url.hostname))
    throw new RailwayFailure(
      `${variable2} must start with https://, because the token goes there; http:// only reaches this machine.`
    );
  return url;
}
async function connect(env, serviceId, clock) {
  let { secret, headers, ...token } = tokenOf(env), url = addressOf(env), client = new HttpClient({
    service: "Railway",
    base: new URL(".", url),
    variable: variable2,
    headers,
    redact: redactor([secret]),
    transport: nodeTransport,
    clock,
    timeoutMs: 2e4
  }), api = new RailwayApi(client, url.pathname.split("/").at(-1) ?? "", token);
  if (token.variable === "RAILWAY_TOKEN") return { api, service: { ...await api.identify(), serviceId } };
  let { RAILWAY_PROJECT_ID: projectId, RAILWAY_ENVIRONMENT_ID: environmentId } = env;
  if (projectId && environmentId) return { api, service: { projectId, environmentId, serviceId } };
  throw new RailwayFailure(
    "With RAILWAY_API_TOKEN, RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID are needed too."
  );
}
var RailwayFailure, variable2, defaultApi, init_api = __esm({
  "src/record/railway/api.ts"() {
    "use strict";
    init_errors();
    init_http2();
    init_railway();
    init_redact();
    init_url();
    init_http();
    RailwayFailure = class extends EnvironmentFailure {
    };
    variable2 = "RAILWAY_API_URL", defaultApi = "https://backboard.railway.com/graphql/v2";
  }
});

// src/record/railway/rollback.ts
var rollback_exports = {};
__export(rollback_exports, {
  choose: () => choose2,
  rollBack: () => rollBack,
  short: () => short,
  verify: () => verify
});
function choose2(all, to) {
  let pending = all.find(isUnderWay);
  if (pending)
    throw new RailwayFailure(
      `Deployment ${short(pending)} is under way and would replace whatever is rolled back to: cancel it or wait for it.`
    );
  let target3 = to === void 0 ? lastGood(all) : all.find(({ id }) => id === to);
  if (!target3)
    throw new RailwayFailure(
      to === void 0 ? "There is no earlier deployment that served, so there is nothing to go back to." : `Railway knows no deployment ${to} among the last ${all.length} of this service.`
    );
  if (!isServing(target3) && !target3.canRollback)
    throw new RailwayFailure(
      `Railway cannot roll back to ${short(target3)}: its image is no longer kept. Deploy that commit instead.`
    );
  return target3;
}
function lastGood(all) {
  let still = neverServed(all) ? all.find(isServing) : void 0;
  if (still) return still;
  let bad = all.findIndex((d) => isServing(d) || d.status === "CRASHED"), before = all.slice(bad + 1).filter(({ status }) => served.includes(status));
  return bad === -1 ? void 0 : before.find(({ canRollback }) => canRollback) ?? before[0];
}
async function rollBack(asked, env, io, clock) {
  let { api, service: service2 } = await connect(env, asked.serviceId, clock), all = await api.deployments(service2), target3 = choose2(all, asked.to), checked = async () => asked.url ? await verify(asked.url, asked, io, clock) : "its health was not checked";
  if (isServing(target3))
    return `Nothing to roll back: ${asked.to === void 0 ? "the newest deployment failed and never served" : "it serves already"}. Deployment ${short(target3)} serves; ${await checked()}.`;
  let known = all.map(({ id }) => id), restored = async () => {
    let now2 = await api.deployments(service2);
    return now2.find(({ id }) => !known.includes(id)) ?? now2.find((d) => d.id === target3.id && !["REMOVED", "REMOVING"].includes(d.status));
  };
  return io.stderr(`Rolling back to ${short(target3)}.
`), await api.rollback(target3.id, async () => (await clock.sleep(asked.intervalMs), await restored() !== void 0)), await follow(restored, asked, io, clock), `Rolled back to ${short(target3)}; ${await checked()}.`;
}
async function follow(restored, { limitMs, intervalMs }, io, clock) {
  let said2 = "";
  for (let end = clock.now() + limitMs; ; ) {
    let now2 = await restored();
    if (now2 && now2.status !== said2 && io.stderr(`Deployment ${short(now2)} is ${now2.status.toLowerCase()}.
`), said2 = now2?.status ?? said2, now2 && isServing(now2)) return;
    if (now2 && !isUnderWay(now2))
      throw new RailwayFailure(
        `The rollback ended as ${now2.status}: look at deployment ${now2.id} in Railway.`
      );
    if (clock.now() >= end)
      throw new RailwayFailure(
        `The rollback did not end within ${Math.round(limitMs / 1e3)} s (${said2 || "Railway shows no deployment"}): look at it in Railway.`
      );
    await clock.sleep(intervalMs);
  }
}
async function verify(url, { limitMs, intervalMs }, io, clock) {
  let good = 0, last = "";
  for (let end = clock.now() + limitMs; ; ) {
    let check = await checkOnce({ url, timeoutMs: 5e3, degradedAboveMs: void 0 }, 1, io);
    if (good = passed(check) ? good + 1 : 0, last = check.said, good === inARow) return `${url.host} is healthy`;
    if (clock.now() >= end)
      throw new RailwayFailure(
        `The old version serves, and ${url.host} is not healthy all the same (${last}).`
      );
    await clock.sleep(intervalMs);
  }
}
var served, inARow, short, neverServed, init_rollback = __esm({
  "src/record/railway/rollback.ts"() {
    "use strict";
    init_railway();
    init_health();
    init_api();
    served = ["SUCCESS", "SLEEPING", "REMOVED", "REMOVING"], inARow = 3, short = ({ id, meta }) => meta?.commitHash ? `${id} (commit ${meta.commitHash.slice(0, 7)})` : id;
    neverServed = (all) => all.find(({ status }) => status !== "SKIPPED")?.status === "FAILED";
  }
});

// src/record/railway/steps.ts
function failureText({ step, payload }) {
  let { attempt: attempt3, maxAttempts, error: error2, reason } = payload ?? {}, tries = attempt3 && maxAttempts && maxAttempts > 1 ? `, attempt ${attempt3} of ${maxAttempts}` : "";
  return `${step}${tries}: ${error2 || reason}`;
}
async function whyFailed(api, id, io) {
  try {
    return failedStep(await api.steps(id));
  } catch (error2) {
    if (!(error2 instanceof EnvironmentFailure)) throw error2;
    io.stderr(`Which step failed is not known: ${error2.message}
`);
    return;
  }
}
var failedStep, init_steps = __esm({
  "src/record/railway/steps.ts"() {
    "use strict";
    init_errors();
    failedStep = (steps) => {
      let failed2 = steps.filter(({ payload }) => payload && !payload.skipped && payload.error).at(-1);
      return failed2 && failureText(failed2);
    };
  }
});

// src/record/railway/wait.ts
var wait_exports = {};
__export(wait_exports, {
  waitUntilServing: () => waitUntilServing
});
async function waitUntilServing(asked, env, io, clock, say) {
  let { api, service: service2 } = await connect(env, asked.serviceId, clock), said2 = "";
  for (let end = clock.now() + asked.limitMs; ; ) {
    let newest = newestAttempt(await api.deployments(service2));
    newest.status !== said2 && io.stderr(`Deployment ${short(newest)} is ${newest.status.toLowerCase()}.
`), said2 = newest.status;
    let over = !isUnderWay(newest);
    if ((over || clock.now() >= end) && say(newest.status), isServing(newest)) return `Deployment ${short(newest)} serves.`;
    if (over) {
      let why2 = await whyFailed(api, newest.id, io) ?? "look at it in Railway.";
      throw new RailwayFailure(`Deployment ${short(newest)} ended as ${newest.status}: ${why2}`);
    }
    if (clock.now() >= end)
      throw new RailwayFailure(
        `Deployment ${short(newest)} did not serve within ${Math.round(asked.limitMs / 1e3)} s (${newest.status}): look at it in Railway.`
      );
    await clock.sleep(asked.intervalMs);
  }
}
function newestAttempt(all) {
  let newest = all.find(({ status }) => status !== "SKIPPED");
  if (newest) return newest;
  throw new RailwayFailure("Railway knows no deployment of this service.");
}
var init_wait = __esm({
  "src/record/railway/wait.ts"() {
    "use strict";
    init_railway();
    init_api();
    init_rollback();
    init_steps();
  }
});

// src/record/vercel/api.ts
function addressOf2(env) {
  let url = baseUrl(env[variable3]?.trim() || "https://api.vercel.com", variable3);
  if (url.protocol === "https:" || isLocalHost(url.hostname)) return url;
  throw new VercelFailure(
    `${variable3} must start with https://, because the token goes there; http:// only reaches this machine.`
  );
}
function listOf2(answer) {
  let all = isRecord(answer) ? answer.deployments : void 0;
  if (!Array.isArray(all))
    throw new VercelFailure(
      `Vercel answered with something else than a list of deployments: check ${variable3}.`
    );
  return all.flatMap((one) => {
    if (!isRecord(one)) return [];
    let { uid, readyState, state, created } = one, status = isText(readyState) ? readyState : state;
    return isText(uid) && isText(status) ? [{ id: uid, state: status, created: Number(created) || 0 }] : [];
  });
}
var VercelFailure, variable3, VercelApi, init_api2 = __esm({
  "src/record/vercel/api.ts"() {
    "use strict";
    init_errors();
    init_http2();
    init_redact();
    init_shapes();
    init_url();
    init_http();
    VercelFailure = class extends EnvironmentFailure {
    }, variable3 = "VERCEL_API_URL";
    VercelApi = class {
      #client;
      #project;
      #team;
      constructor(env, clock) {
        let token = env.VERCEL_TOKEN?.trim(), project = env.VERCEL_PROJECT_ID?.trim();
        if (!token || !project)
          throw new VercelFailure(
            `${[!token && "VERCEL_TOKEN", !project && "VERCEL_PROJECT_ID"].filter(Boolean).join(" and ")} must be set: the token is made in the account's settings, the id of the project (prj_…) stands in its own.`
          );
        this.#project = project;
        let team = env.VERCEL_ORG_ID?.trim();
        this.#team = team?.startsWith("team_") ? { teamId: team } : {}, this.#client = new HttpClient({
          service: "Vercel",
          base: addressOf2(env),
          variable: variable3,
          headers: { authorization: `Bearer ${token}` },
          redact: redactor([token]),
          transport: nodeTransport,
          clock,
          timeoutMs: 2e4
        });
      }
      /** The latest deployments to production, newest first. */
      async deployments() {
        return listOf2(
          await this.#read("v6/deployments", { projectId: this.#project, target: "production", limit: "20" })
        );
      }
      /** Those that production can be pointed at again, newest first. */
      async candidates() {
        return listOf2(
          await this.#read("v6/deployments", {
            projectId: this.#project,
            target: "production",
            state: "READY",
            rollbackCandidate: "true",
            limit: "20"
          })
        );
      }
      /** What production was pointed at last, and whether that is done; undefined when never by hand. */
      async aliasRequest() {
        let answer = await this.#read(`v9/projects/${encodeURIComponent(this.#project)}`, {
          rollbackInfo: "true"
        }), last = isRecord(answer) ? answer.lastAliasRequest : void 0;
        if (!isRecord(last)) return;
        let { toDeploymentId, jobStatus, type, requestedAt } = last;
        return isText(toDeploymentId) && isText(jobStatus) && isText(type) ? { toDeploymentId, jobStatus, type, requestedAt: Number(requestedAt) || 0 } : void 0;
      }
      /** Points production at an earlier deployment. @param isDone looks whether a lost request was carried out */
      async rollback(id, isDone) {
        let path = `v9/projects/${encodeURIComponent(this.#project)}/rollback/${encodeURIComponent(id)}`;
        await this.#client.write(
          async () => (this.#check(
            await this.#client.once("POST", path, { query: this.#team, json: {}, expect: "anything" })
          ), !0),
          async () => await isDone() ? !0 : void 0
        );
      }
      async #read(path, query2) {
        return this.#check(await this.#client.read(path, { query: { ...query2, ...this.#team } })).json;
      }
      #check(answer) {
        let { status, json } = answer;
        if (status < 300) return answer;
        let error2 = isRecord(json) && isRecord(json.error) ? json.error : {}, said2 = isText(error2.message) ? this.#client.redact(error2.message) : `status ${status}`;
        throw status === 401 || status === 403 ? new VercelFailure(
          `Vercel does not accept VERCEL_TOKEN for this ("${said2}"): it must belong to the team of VERCEL_ORG_ID and reach the project.`
        ) : new VercelFailure(`Vercel refused: ${said2}.`);
      }
    };
  }
});

// src/record/vercel/wait.ts
var wait_exports2 = {};
__export(wait_exports2, {
  waitUntilReady: () => waitUntilReady
});
async function waitUntilReady({ limitMs, intervalMs }, env, io, clock, say) {
  let api = new VercelApi(env, clock), said2 = "";
  for (let end = clock.now() + limitMs; ; ) {
    let [newest] = await api.deployments();
    if (!newest) throw new VercelFailure("Vercel knows no deployment of this project to production.");
    newest.state !== said2 && io.stderr(`Deployment ${newest.id} is ${newest.state.toLowerCase()}.
`), said2 = newest.state;
    let late = clock.now() >= end;
    if ((late || !underWay.includes(newest.state)) && say(newest.state), newest.state === "READY") return `Deployment ${newest.id} is ready.`;
    if (!underWay.includes(newest.state))
      throw new VercelFailure(`Deployment ${newest.id} ended as ${newest.state}: look at it in Vercel.`);
    if (late)
      throw new VercelFailure(
        `Deployment ${newest.id} was not ready within ${Math.round(limitMs / 1e3)} s (${newest.state}): look at it in Vercel.`
      );
    await clock.sleep(intervalMs);
  }
}
var underWay, init_wait2 = __esm({
  "src/record/vercel/wait.ts"() {
    "use strict";
    init_api2();
    underWay = ["QUEUED", "INITIALIZING", "BUILDING"];
  }
});

// src/record/vercel/rollback.ts
var rollback_exports2 = {};
__export(rollback_exports2, {
  choose: () => choose3,
  rollBack: () => rollBack2,
  servedNow: () => servedNow
});
function choose3(candidates, serving, to) {
  if (to !== void 0) {
    let wanted2 = candidates.find(({ id }) => id === to);
    if (wanted2) return wanted2;
    throw new VercelFailure(
      `Vercel cannot roll back to ${to}: it is none of the last ${candidates.length} deployments that served production.`
    );
  }
  let at = Math.max(
    0,
    candidates.findIndex(({ id }) => id === serving)
  ), target3 = candidates[at + 1];
  if (target3) return target3;
  throw new VercelFailure("There is no earlier deployment that served, so there is nothing to go back to.");
}
function servedNow(candidates, last) {
  let [newest] = candidates;
  return last?.jobStatus !== "succeeded" ? newest?.id : last.type === "rollback" || !newest || newest.created < last.requestedAt ? last.toDeploymentId : newest.id;
}
async function rollBack2(asked, env, io, clock) {
  let api = new VercelApi(env, clock), [candidates, last] = await Promise.all([api.candidates(), api.aliasRequest()]);
  if (last && ["pending", "in-progress"].includes(last.jobStatus))
    throw new VercelFailure(
      `Vercel is pointing production at ${last.toDeploymentId} just now: wait until that is done.`
    );
  let target3 = choose3(candidates, servedNow(candidates, last), asked.to);
  io.stderr(`Rolling back to ${target3.id}.
`);
  let requested = async () => (await api.aliasRequest())?.toDeploymentId === target3.id;
  await api.rollback(target3.id, async () => (await clock.sleep(asked.intervalMs), await requested())), await follow2(api, target3.id, asked, clock);
  let health3 = asked.url ? await verify(asked.url, asked, io, clock) : "its health was not checked";
  return `Rolled back to ${target3.id}; ${health3}.`;
}
async function follow2(api, id, { limitMs, intervalMs }, clock) {
  for (let end = clock.now() + limitMs; ; ) {
    let last = await api.aliasRequest(), ours = last?.toDeploymentId === id ? last.jobStatus : void 0;
    if (ours === "succeeded") return;
    if (ours === "failed" || ours === "skipped")
      throw new VercelFailure(`The rollback to ${id} ended as ${ours}: look at it in Vercel.`);
    if (clock.now() >= end)
      throw new VercelFailure(
        `The rollback to ${id} did not end within ${Math.round(limitMs / 1e3)} s (${ours ?? "Vercel does not show it"}): look at it in Vercel.`
      );
    await clock.sleep(intervalMs);
  }
}
var init_rollback2 = __esm({
  "src/record/vercel/rollback.ts"() {
    "use strict";
    init_rollback();
    init_api2();
  }
});

// src/record/sweep-named.ts
var sweep_named_exports = {};
__export(sweep_named_exports, {
  staleGroups: () => staleGroups,
  sweepNamed: () => sweepNamed
});
function staleGroups(rows, keep) {
  let deployments2 = /* @__PURE__ */ new Map();
  for (let { labels: labels2 } of rows) {
    let { job: _job, instance: _instance, __name__: _name, ...own } = labels2;
    if (!isOurShape(own) || own.deployment_id === keep.deployment_id) continue;
    let key = JSON.stringify([own.environment, own.deployment_id]);
    deployments2.set(key, [...deployments2.get(key) ?? [], own]);
  }
  return [...deployments2.values()].slice(0, deploymentsAtOnce).map((groups) => groups.sort((a, b) => Object.keys(b).length - Object.keys(a).length));
}
async function sweepNamed(delivery, env, keep, budgetMs) {
  let deadline = Date.now() + budgetMs, remove = async (labels2) => {
    await delivery.request("DELETE", groupPath(labels2), Math.max(1, deadline - Date.now()));
  }, work = async () => {
    let rows = await GatePrometheus.of(env).query(stale, void 0);
    for (let groups of staleGroups(rows, keep)) {
      let [own, parts] = [groups.at(-1), groups.slice(0, -1)];
      await Promise.all(parts.map(remove)), await remove(own);
    }
  }, timer, late = new Promise((resolve) => {
    timer = setTimeout(resolve, budgetMs);
  });
  await Promise.race([work().catch(() => {
  }), late]), clearTimeout(timer);
}
var most, deploymentsAtOnce, deployment2, pushed2, finished, quiet, stale, init_sweep_named = __esm({
  "src/record/sweep-named.ts"() {
    "use strict";
    init_metrics();
    init_prometheus();
    init_grouping();
    init_sweep();
    most = 60, deploymentsAtOnce = 2, deployment2 = ["environment", "deployment_id"], pushed2 = metric("push_time_seconds", { job: pipelineJob }), finished = max(metric("deployment_finished_timestamp_seconds"), { by: deployment2 }), quiet = binary(max(pushed2, { by: deployment2 }), "<", ago(finishedForMs / 1e3)), stale = topk(
      most,
      times(-1, and(and(pushed2, quiet, { on: deployment2 }), finished, { on: deployment2 }))
    );
  }
});

// src/lib/duration.ts
var unitMs = {
  y: 31536e6,
  M: 2592e6,
  w: 6048e5,
  d: 864e5,
  h: 36e5,
  m: 6e4,
  s: 1e3,
  ms: 1
}, units = Object.entries(unitMs), pattern = new RegExp(`^${units.map(([unit]) => `(?:(\\d+(?:\\.\\d+)?)${unit})?`).join("")}$`);
function parseLooseDuration(text2) {
  let match = pattern.exec(text2.trim());
  if (match?.[0])
    return Math.round(units.reduce((sum2, [, ms], i) => sum2 + Number(match[i + 1] ?? 0) * ms, 0));
}
var durationMs = (text2) => parseLooseDuration(/^[\d.]+$/.test(text2) ? `${text2}s` : text2);

// src/lib/time.ts
var isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
function parseTime(text2) {
  if (/^\d+(\.\d+)?$/.test(text2)) {
    let seconds = Number(text2);
    return seconds < 1e11 ? Math.round(seconds * 1e3) : void 0;
  }
  if (!isoWithZone.test(text2)) return;
  let ms = Date.parse(text2);
  return Number.isNaN(ms) ? void 0 : ms;
}

// src/lib/parse-options.ts
init_words();
var expected = {
  number: "a number",
  integer: "a whole number",
  time: "a time: Unix seconds, or ISO 8601 with a time zone like 2026-01-31T12:00:00Z",
  duration: "a length of time like 500ms, 5s, 10m, 2h or 1d"
}, toNumber = (text2) => text2.trim() !== "" && Number.isFinite(Number(text2)) ? Number(text2) : void 0, convert = {
  text: (text2) => text2,
  number: toNumber,
  integer: (text2) => Number.isInteger(toNumber(text2)) ? toNumber(text2) : void 0,
  time: parseTime,
  duration: durationMs
};
function readName(source, known, text2) {
  let value = cleanName(text2);
  return value === "" ? { problem: `${source} "${text2}" is no name.` } : known.includes(value) ? { value } : {
    value,
    note: `${source} "${value}" is not in the pipeline file. It is recorded under that name; add it to pipeline.config.ts and build.${didYouMean(value, known)}`
  };
}
function readValue(source, spec, text2) {
  if (spec.names) return readName(source, spec.names(), text2);
  if (spec.values && !spec.values.includes(text2)) {
    let known = spec.values.join(", ");
    return {
      problem: `${source} "${text2}" is not one of those known: ${known}.${didYouMean(text2, spec.values)}`
    };
  }
  let value = convert[spec.kind](text2);
  return value === void 0 ? { problem: `${source} "${text2}" is not ${expected[spec.kind]}.` } : typeof value == "number" && (value < (spec.min ?? -1 / 0) || value > (spec.max ?? 1 / 0)) ? { problem: `${source} ${text2} is out of range: ${rangeText(spec)}.` } : { value };
}
var rangeText = ({ min: min2, max: max2 }) => max2 === void 0 ? `it must be at least ${min2}` : `it must be between ${min2 ?? 0} and ${max2}`, optionWord = /^--([^=]+)(?:=([\s\S]*))?$/, specOf = (specs, name2) => Object.hasOwn(specs, name2) ? specs[name2] : void 0, isOption = (specs, word) => word === void 0 || specOf(specs, optionWord.exec(word)?.[1] ?? "") !== void 0;
function tokenize(specs, words4, problems, { takesWords = !1, keepsEmpty = !1 }) {
  let texts = /* @__PURE__ */ new Map(), switches = /* @__PURE__ */ new Set(), withoutValue = /* @__PURE__ */ new Set(), given = /* @__PURE__ */ new Set(), positionals = [];
  for (let i = 0; i < words4.length; i++) {
    let [, name2 = "", inline] = optionWord.exec(words4[i]) ?? [], spec = specOf(specs, name2), follows = inline === void 0 && !isOption(specs, words4[i + 1]);
    if (spec && given.add(name2), spec)
      if (spec.kind === "switch")
        inline === void 0 || inline === "true" ? switches.add(name2) : inline !== "false" && problems.push(`--${name2} takes no value.`);
      else if (inline === void 0 && !follows)
        problems.push(`--${name2} needs a value: --${name2} ${spec.placeholder}.`), withoutValue.add(name2);
      else {
        let value = inline ?? words4[++i];
        (value || keepsEmpty) && texts.set(name2, [...texts.get(name2) ?? [], value]);
      }
    else {
      let positional = !words4[i].startsWith("-");
      positional && positionals.push(words4[i]), (!positional || !takesWords) && problems.push(unknownWord(words4[i], name2, specs)), name2 && follows && !words4[i + 1].startsWith("--") && i++;
    }
  }
  return { texts, switches, given, withoutValue, positionals };
}
function unknownWord(word, name2, specs) {
  return name2 ? `There is no option --${name2}.${didYouMean(name2, Object.keys(specs), "--")}` : `"${word}" is not expected here; options begin with --, a command follows after " -- ".`;
}
function finalValue(name2, spec, tokens, env, problems, notes) {
  let texts = tokens.texts.get(name2) ?? [], fromEnv = texts.length === 0 && spec.env && env[spec.env] || void 0, read2 = (text3) => {
    let { value, problem, note } = readValue(fromEnv === void 0 ? `--${name2}` : spec.env, spec, text3);
    return problem && problems.push(problem), note && notes.push(note), value;
  };
  if (spec.repeatable) return texts.map(read2).filter((value) => value !== void 0);
  let usual = typeof spec.default == "function" ? spec.default() : spec.default, fallback = usual === void 0 ? void 0 : readValue(name2, spec, usual).value, text2 = texts.at(-1) ?? fromEnv;
  return text2 !== void 0 ? read2(text2) ?? fallback : (spec.required && !tokens.withoutValue.has(name2) && problems.push(`--${name2} is missing: --${name2} ${spec.placeholder}.`), fallback);
}
function parseOptions(specs, argv, manner = {}) {
  let split = argv.indexOf("--"), problems = [], notes = [], tokens = tokenize(specs, split === -1 ? argv : argv.slice(0, split), problems, manner), values2 = Object.fromEntries(
    Object.entries(specs).map(([name2, spec]) => [
      name2,
      spec.kind === "switch" ? tokens.switches.has(name2) : finalValue(name2, spec, tokens, manner.env ?? {}, problems, notes)
    ])
  ), { given, withoutValue, positionals } = tokens, command = split === -1 ? void 0 : argv.slice(split + 1);
  return { values: values2, command, problems, notes, given, withoutValue, positionals };
}

// src/record/call-line.ts
init_words();

// src/lib/options.ts
var make = (kind) => (placeholder, help2, extra) => ({ kind, placeholder, help: help2, ...extra }), text = make("text"), number = make("number"), integer = make("integer"), time = make("time"), duration = make("duration"), flag = (help2) => ({ kind: "switch", help: help2 }), named = (names, placeholder, help2, extra) => ({ kind: "text", names, placeholder, help: help2, ...extra }), choice = (values2, placeholder, help2, extra) => ({ kind: "text", values: values2, placeholder, help: help2, ...extra });

// src/record/interrupt.ts
var stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"], Interrupt = class {
  /** The signal that came, if one did. */
  caught;
  #controller = new AbortController();
  constructor() {
    for (let signal of stopSignals) process.on(signal, this.#onSignal);
  }
  /** Aborted when a signal comes. */
  get signal() {
    return this.#controller.signal;
  }
  /** No longer listens. */
  stop() {
    for (let signal of stopSignals) process.removeListener(signal, this.#onSignal);
  }
  #onSignal = (signal) => {
    this.caught ??= signal, this.#controller.abort();
  };
};

// src/record/child.ts
init_io();

// src/record/tail.ts
var Tail = class {
  #ring;
  /** Bytes so far; the next one goes to this place of the ring. */
  #written = 0;
  /** The unfinished last line of each stream: two streams must not meet within a line. */
  #unfinished = /* @__PURE__ */ new Map();
  /** @param limit bytes that are kept */
  constructor(limit = 65536) {
    this.#ring = Buffer.alloc(limit);
  }
  /** Takes the next bytes of a stream; characters and lines may be split anywhere. */
  push(chunk, stream = "stdout") {
    let end = chunk.lastIndexOf(10) + 1, before = this.#unfinished.get(stream) ?? empty;
    end > 0 && (this.#keep(before), this.#keep(chunk.subarray(0, end)));
    let rest = end > 0 ? [chunk.subarray(end)] : [before, chunk], joined = Buffer.concat(rest);
    this.#unfinished.set(stream, joined.subarray(Math.max(0, joined.length - this.#ring.length)));
  }
  /** The end of the output so far; an unfinished line counts. Begins with a complete line, unless there is only one. */
  get text() {
    let size = this.#ring.length, at = this.#written % size, kept = this.#written < size ? this.#ring.subarray(0, at) : Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]), all = Buffer.concat([kept, ...this.#unfinished.values()]), cut = Math.max(0, all.length - size), line = cut > 0 || this.#written > size ? all.indexOf(10, cut) + 1 : 0;
    return all.subarray(line > 0 && line < all.length ? line : cut).toString("utf8");
  }
  #keep(bytes) {
    let size = this.#ring.length, last = bytes.subarray(Math.max(0, bytes.length - size)), at = (this.#written + bytes.length - last.length) % size, first = last.subarray(0, size - at);
    this.#ring.set(first, at), this.#ring.set(last.subarray(first.length), 0), this.#written += bytes.length;
  }
}, empty = Buffer.alloc(0);

// src/record/child.ts
var slowCancelMs = 2e3, drainMs = 250;
async function runChild(command, options5) {
  let [{ spawn }, { constants: constants2 }] = await Promise.all([import("node:child_process"), import("node:os")]), { env, io } = options5, signals = options5.signals ?? new Signals(), startedMs = io.now(), [program = "", ...args] = command;
  try {
    let plumbing = options5.watch ? await openPlumbing() : void 0, [stdout, stderr] = plumbing ?? ["inherit", "inherit"], child = spawn(program, args, { env, stdio: ["inherit", writerOf(stdout), writerOf(stderr)] });
    signals.attach(child);
    let tail2 = new Tail(), { code, signal } = await ended(child, passOutput(child, plumbing, tail2, options5)), exit = code ?? 128 + (constants2.signals[signal ?? "SIGTERM"] ?? 0);
    return {
      code: exit,
      startedMs,
      finishedMs: io.now(),
      cancelled: signals.cancelled,
      timedOut: signal === "SIGKILL" || exit === 124 || exit === 137,
      output: tail2.text
    };
  } catch (error2) {
    return notStarted(program, error2, startedMs, io);
  } finally {
    await signals.commandEnded(), options5.signals || signals.stop();
  }
}
async function openPlumbing() {
  let { isSameFile: isSameFile2, openChannels: openChannels2 } = await Promise.resolve().then(() => (init_channel(), channel_exports)), shared = isSameFile2(1, 2), channels = openChannels2(shared ? 1 : 2);
  return channels ? [channels[0], channels.at(-1)] : ["pipe", "pipe"];
}
var writerOf = (end) => typeof end == "string" ? end : end.writer;
function passOutput(child, ends, tail2, { io, onOutput }) {
  if (!ends) return [];
  let passOn = io.output ?? processIo.output, reader = (end, stream) => {
    let stop = () => {
    };
    return { closed: new Promise((resolve) => {
      let take = (chunk, ready) => (tail2.push(chunk, stream), onOutput?.(chunk), passOn(stream, chunk, ready));
      stop = end === "pipe" ? readPipe(child[stream], take, resolve) : end.read(take, resolve);
    }), stop };
  }, [stdout, stderr] = ends;
  return stdout === stderr ? [reader(stdout, "stdout")] : [reader(stdout, "stdout"), reader(stderr, "stderr")];
}
function readPipe(pipe, sink, closed) {
  return pipe.on("data", (chunk) => {
    sink(chunk, () => pipe.resume()) || pipe.pause();
  }), pipe.once("close", closed), () => pipe.destroy();
}
function notStarted(program, error2, startedMs, io) {
  let why2 = error2.code === "ENOENT" ? "there is no such command" : error2.code === "EACCES" ? "it may not be executed" : error2.message, output = `${program || "The empty command"} could not be started: ${why2}.`;
  return io.stderr(`${output}
`), { code: error2.code === "EACCES" ? 126 : 127, startedMs, finishedMs: io.now(), cancelled: !1, timedOut: !1, output };
}
var ended = (child, readers) => new Promise((resolve, reject) => {
  child.on("error", (error2) => {
    if (child.pid === void 0) {
      for (let { stop } of readers) stop();
      reject(error2);
    }
  }), child.once("exit", (code, signal) => {
    let drained = Promise.all(readers.map(({ closed }) => closed)), timer = setTimeout(() => {
      for (let { stop } of readers) stop();
    }, drainMs);
    drained.then(() => {
      clearTimeout(timer), resolve({ code, signal });
    });
  });
}), Signals = class {
  /** When the first signal came, in milliseconds since 1970. */
  cancelledAt;
  #early = [];
  #onSlowCancel;
  #child;
  #timer;
  #slow;
  /** @param onSlowCancel called once when the command has not ended some seconds after the first signal */
  constructor(onSlowCancel) {
    this.#onSlowCancel = onSlowCancel;
    for (let signal of stopSignals) process.on(signal, this.#forward);
  }
  get cancelled() {
    return this.cancelledAt !== void 0;
  }
  /** The command has begun. */
  attach(child) {
    this.#child = child;
    for (let signal of this.#early.splice(0)) child.kill(signal);
  }
  /** The command has ended; signals are still kept from ending the recorder. */
  async commandEnded() {
    this.#child = void 0, clearTimeout(this.#timer), await this.#slow;
  }
  /** No longer listens. */
  stop() {
    clearTimeout(this.#timer);
    for (let signal of stopSignals) process.removeListener(signal, this.#forward);
  }
  #forward = (signal) => {
    !this.cancelled && this.#onSlowCancel && (this.#timer = setTimeout(() => {
      this.#slow = this.#onSlowCancel();
    }, slowCancelMs)), this.cancelledAt ??= Date.now(), this.#child ? this.#child.kill(signal) : this.#early.push(signal);
  };
};

// src/record/verb.ts
init_pipeline3();
var commonOptions = {
  environment: text("NAME", "where it is deployed to", {
    env: "DEPLOYMENT_ENVIRONMENT",
    default: defaultEnvironment
  }),
  "deployment-id": text(
    "ID",
    "the deployment; else DEPLOYMENT_ID, else GitHub's run id (with -N from attempt 2 on)",
    {
      env: "DEPLOYMENT_ID"
    }
  ),
  at: time("TIME", "when it happened, if not now (Unix seconds, or ISO 8601 with a time zone)"),
  strict: flag("exit with 1 when something could not be recorded"),
  "dry-run": flag("print what would be pushed; do nothing, run no command")
}, defineVerb = (verb) => verb;
async function runUnrecorded({ command, env, io }) {
  return command && command.length > 0 ? (await runChild(command, { env, io })).code : 0;
}

// src/record/verbs/cost.ts
init_emit();
init_pipeline3();
var cost = defineVerb({
  name: "cost",
  summary: "what the deployment cost on a resource",
  command: "none",
  timeless: !0,
  options: {
    resource: named(resources, "NAME", "what was paid for", { required: !0 }),
    amount: number("AMOUNT", "in the pipeline's currency", { min: 0 }),
    usd: number("AMOUNT", "the same, where that is the US dollar", { min: 0 })
  },
  details: () => `Recorded again for the same resource, it replaces itself.

Example:  record.mjs cost --resource ${example().resource} --amount 0.15`,
  check: ({ amount, usd }) => {
    let { currency } = carried().cost;
    return usd !== void 0 && currency !== "USD" ? [`The currency of this pipeline is ${currency}: give --amount in it in place of --usd.`] : amount === void 0 == (usd === void 0) ? ["Give --amount AMOUNT, once."] : [];
  },
  run: async ({ values: values2, deployment: deployment3, recorder }) => {
    let group3 = { ...deployment3, resource: values2.resource }, amount = values2.amount ?? values2.usd ?? 0, what = `a cost of ${amount} ${carried().cost.currency} on ${values2.resource}`, samples = [samplesOf(group3)("deployment_infrastructure_cost", {}, amount)];
    return recorder.say(await recorder.record({ method: "PUT", group: group3, samples, what }), what), 0;
  }
});

// src/record/verbs/error-rate.ts
init_emit();
init_pipeline3();
var errorRate = defineVerb({
  name: "error-rate",
  summary: "the share of failing requests in the first minutes of the new version",
  command: "none",
  timeless: !0,
  options: {
    service: named(services, "NAME", "which service", { required: !0 }),
    value: number("RATIO", "from 0 to 1", { required: !0, min: 0, max: 1 })
  },
  details: () => `Replaces the rate that "health" recorded from its own checks.

Example:  record.mjs error-rate --service ${example().service} --value 0.012`,
  run: async ({ values: values2, deployment: deployment3, recorder }) => {
    let group3 = { ...deployment3, service: values2.service }, what = `an error rate of ${values2.value} of ${values2.service}`, samples = [samplesOf(group3)("post_deployment_error_rate", {}, values2.value)];
    return recorder.say(await recorder.record({ method: "POST", group: group3, samples, what }), what), 0;
  }
});

// src/record/verbs/finish.ts
init_metrics();
init_emit();

// src/record/github.ts
import { readFileSync } from "node:fs";
var attemptOf = (env) => Math.max(1, Number.parseInt(env.GITHUB_RUN_ATTEMPT ?? "", 10) || 1);
function defaultDeploymentId(env) {
  let run = env.GITHUB_RUN_ID;
  if (!run) return;
  let attempt3 = attemptOf(env);
  return attempt3 > 1 ? `${run}-${attempt3}` : run;
}
var repositoryUrl = (env) => env.GITHUB_REPOSITORY ? `${env.GITHUB_SERVER_URL || "https://github.com"}/${env.GITHUB_REPOSITORY}` : "";
function runUrl(env) {
  let repository = repositoryUrl(env);
  return repository && env.GITHUB_RUN_ID ? `${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${attemptOf(env)}` : "";
}
var jobUrl = (env, checkRunId) => checkRunId && repositoryUrl(env) && env.GITHUB_RUN_ID ? `${repositoryUrl(env)}/actions/runs/${env.GITHUB_RUN_ID}/job/${checkRunId}` : runUrl(env), summaryUrl = (env) => env.GITHUB_STEP_SUMMARY && env.JOB_CHECK_RUN_ID && runUrl(env) ? `${runUrl(env)}#summary-${env.JOB_CHECK_RUN_ID}` : jobUrl(env, env.JOB_CHECK_RUN_ID), branch = (env) => env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || "", version = (env) => env.GITHUB_REF_TYPE === "tag" ? env.GITHUB_REF_NAME ?? "" : (env.GITHUB_SHA ?? "").slice(0, 12);
function triggeredBy(env) {
  let event = env.GITHUB_EVENT_NAME;
  return !event || event === "workflow_dispatch" ? "manual" : ["repository_dispatch", "deployment", "deployment_status", "status"].includes(event) ? "webhook" : "github_actions";
}
var triggeredAtPaths = {
  // The commit may be days older than the push that brought it.
  push: [
    ["repository", "pushed_at"],
    ["head_commit", "timestamp"]
  ],
  workflow_run: [["workflow_run", "created_at"]],
  pull_request: [
    ["pull_request", "merged_at"],
    ["pull_request", "updated_at"]
  ],
  pull_request_target: [
    ["pull_request", "merged_at"],
    ["pull_request", "updated_at"]
  ],
  release: [
    ["release", "published_at"],
    ["release", "created_at"]
  ],
  deployment: [["deployment", "created_at"]],
  deployment_status: [["deployment_status", "created_at"]],
  check_run: [["check_run", "completed_at"]],
  check_suite: [["check_suite", "updated_at"]],
  issue_comment: [["comment", "created_at"]]
}, committedAtPaths = {
  push: [["head_commit", "timestamp"]],
  workflow_run: [["workflow_run", "head_commit", "timestamp"]],
  check_suite: [["check_suite", "head_commit", "timestamp"]]
};
function payloadOf(env) {
  if (env.GITHUB_EVENT_PATH)
    try {
      return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, "utf8"));
    } catch {
      return;
    }
}
var valueAt = (payload, path) => path.reduce((at, key) => at?.[key], payload), messagePaths = [
  ["head_commit", "message"],
  ["workflow_run", "head_commit", "message"],
  ["pull_request", "title"]
];
function isRevert(env) {
  let payload = payloadOf(env);
  return messagePaths.some((path) => /^Revert "/.test(String(valueAt(payload, path) ?? "")));
}
function momentIn(env, paths) {
  let payload = payloadOf(env);
  for (let path of paths) {
    let found = valueAt(payload, path), ms = typeof found == "number" || typeof found == "string" ? parseTime(String(found)) : void 0;
    if (ms) return ms;
  }
}
var triggeredAt = (env) => attemptOf(env) > 1 ? void 0 : momentIn(env, triggeredAtPaths[env.GITHUB_EVENT_NAME ?? ""] ?? []), committedAt = (env) => momentIn(env, committedAtPaths[env.GITHUB_EVENT_NAME ?? ""] ?? []);

// src/record/verbs/finish.ts
init_time();
var jobResults = ["success", "failure", "cancelled", "skipped"], listed = (results = "") => results.split(",").map((result) => result.trim()).filter(Boolean);
function outcomeOf(results) {
  return results.includes("failure") ? "failure" : results.includes("cancelled") || !results.includes("success") ? "cancelled" : "success";
}
var finish = defineVerb({
  name: "finish",
  summary: "a deployment has ended, with its outcome",
  command: "none",
  options: {
    outcome: choice(namesOf(outcomes, "running", "abandoned"), "OUTCOME", "how it ended"),
    results: text("LIST", "instead of --outcome: the results of all jobs, with commas between them"),
    "finished-at": time("TIME", "when it ended, if not now"),
    branch: text("NAME", "as given to start"),
    "triggered-by": choice(labels.triggered_by, "KIND", "as given to start")
  },
  details: `Run it in a last job that needs all others, with "if: always()", so that failures and cancels are recorded too.
A stage that failed or a rollback counts even when the outcome says success.

Example:  record.mjs finish --results "\${{ join(needs.*.result) }}"`,
  check: ({ outcome, results }) => outcome === void 0 == (results === void 0) ? ["finish needs either --outcome OUTCOME, or --results LIST of all jobs."] : results !== void 0 && listed(results).length === 0 ? ["--results has no result in it: give the results of all jobs, with commas between them."] : listed(results).filter((result) => !jobResults.some((known) => known === result)).map(
    (result) => `--results has "${result}", which is not one of ${jobResults.join(", ")}.`
  ),
  run: async ({ values: values2, deployment: deployment3, env, at, recorder }) => {
    let outcome = values2.outcome ?? outcomeOf(listed(values2.results)), emit = samplesOf(deployment3), finishedMs = values2["finished-at"] ?? at, what = `the end of deployment ${deployment3.deployment_id} (${outcome})`, samples = [
      emit("deployment_finished_timestamp_seconds", {}, toSeconds(finishedMs)),
      emit("deployment_outcome_code", {}, outcomes[outcome]),
      emit(
        "deployment_in_progress",
        {
          branch: values2.branch ?? branch(env),
          triggered_by: values2["triggered-by"] ?? triggeredBy(env)
        },
        0
      )
    ];
    return recorder.say(await recorder.record({ method: "POST", group: deployment3, samples, what }), what), 0;
  }
});

// src/record/verbs/gate.ts
var checks2 = ["health", "error-rate", "live-traffic", "smoke-tests", "migrations"], gate2 = defineVerb({
  name: "gate",
  summary: "may this deployment stay, or may we deploy at all?",
  command: "none",
  needsDeployment: !1,
  options: {
    may: choice(["stay", "deploy"], "stay|deploy", "the question", { default: "stay" }),
    hotfix: flag(
      "with --may deploy: neither a spent error budget nor a critical alert stops it, nor that they cannot be asked"
    ),
    without: choice(checks2, "CHECK", "this deployment makes no such checks; may be repeated", {
      repeatable: !0
    }),
    wait: duration("TIME", "ask again until it is decided, for so long", { default: "0s" }),
    watch: duration("TIME", "after a pass, go on asking for so long: what fails late is refused too", {
      default: "0s"
    }),
    shadow: flag("refuse nothing: record the answer, and exit with 0"),
    interval: duration("TIME", "from one look to the next, with --wait", { default: "5s", min: 100 }),
    json: flag("print the answer as JSON")
  },
  details: `Asks Prometheus (PROMETHEUS_URL, with PROMETHEUS_TOKEN or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD), and the
Pushgateway for what Prometheus has not scraped yet; a gateway that holds a lot is not asked, but the next scrape waited
for. The answer is recorded as an event of the deployment.

Exits with 0 pass, 1 fail, 2 inconclusive (data is missing, and the answer says which), 3 error (could not ask).
The table goes to stdout, and to GITHUB_STEP_SUMMARY where there is one; GITHUB_OUTPUT gets "verdict", and "reason" for
rollback --reason. Only 1 is a "no": roll back on nothing else.

Examples:  record.mjs gate --wait 6m || [ $? -ne 1 ] || record.mjs rollback --reason health_check_failed -- ./rollback.sh
           record.mjs gate --may deploy`,
  undecided: 3,
  run: async ({ values: values2, deployment: deployment3, env, io, recorder }) => {
    if (recorder.warnings.length = 0, values2.may === "stay" && !deployment3.deployment_id)
      return io.stderr(
        `The deployment id is missing: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.
`
      ), 3;
    let [{ gate: run }, { gateEvent: gateEvent2 }] = await Promise.all([
      Promise.resolve().then(() => (init_run(), run_exports)),
      Promise.resolve().then(() => (init_event(), event_exports))
    ]), { may: question, hotfix, without: without2, shadow } = values2, watching = values2.watch > 0, { report, code } = await run({ question, deployment: deployment3, hotfix, without: without2, watching }, env, io, {
      waitMs: values2.wait,
      watchMs: values2.watch,
      intervalMs: values2.interval,
      shadow,
      json: values2.json,
      at: values2.at
    }), known = !report.checks.some(({ name: name2, final: final2 }) => name2 === "deployment" && final2);
    return deployment3.deployment_id && known && values2.at === void 0 && await recorder.record(gateEvent2(report, deployment3, { shadow, atMs: io.now(), env }), { keep: !1 }), code;
  }
});

// src/record/verbs/health.ts
init_clock();
init_metrics();
init_emit();
init_health();
init_pipeline3();
init_time();
var options = {
  service: named(services, "NAME", "which service is asked", { required: !0 }),
  url: text("URL", "what to ask; healthy is status 200 in time"),
  attempts: integer("N", "how often to ask at most", {
    default: () => String(targets().health.attempts),
    min: 1,
    max: 1e3
  }),
  interval: duration("TIME", "from one attempt to the next", {
    default: () => `${targets().health.intervalSeconds}s`
  }),
  timeout: duration("TIME", "how long to wait for an answer", { default: "5s" }),
  threshold: number("RATIO", "share of attempts that must pass", {
    default: () => String(targets().health.least),
    min: 0,
    max: 1
  }),
  "degraded-above": duration("TIME", "a slower answer counts as degraded (it passes all the same)"),
  "report-only": flag("exit with 0 whatever the verdict"),
  "no-error-rate": flag(
    "do not record the share of failed checks as the error rate of the first five minutes"
  ),
  check: text("TIME,STATUS,SECONDS", "a check that was made already, instead of --url; may be repeated", {
    repeatable: !0
  })
};
function parseCheck(given, attempt3) {
  let [time2 = "", word, seconds = "", ...rest] = given.split(","), atMs = parseTime(time2), status = labels.health_status.find((known) => known === word), latencySeconds = seconds.trim() === "" ? Number.NaN : Number(seconds);
  if (!(atMs === void 0 || !status || !(latencySeconds >= 0) || rest.length > 0))
    return { attempt: attempt3, atMs, status, latencySeconds, said: "reported" };
}
function parseUrl(given) {
  try {
    let url = new URL(given ?? "");
    return url.protocol === "http:" || url.protocol === "https:" ? url : void 0;
  } catch {
    return;
  }
}
var urlProblem = (given) => given === void 0 ? "--url is missing: --url https://host.example/health." : "--url is not an http or https URL.";
function samplesFor(group3, checks3) {
  let emit = samplesOf(group3), lastOfEach = new Map(checks3.map((check) => [check.status, check]));
  return [
    ...checks3.flatMap((check) => {
      let attempt3 = { attempt: String(check.attempt) };
      return [
        emit("deployment_health_check_timestamp_seconds", attempt3, toSeconds(check.atMs)),
        emit("deployment_health_check_success", attempt3, passed(check) ? 1 : 0),
        emit("deployment_health_check_latency_seconds", attempt3, check.latencySeconds)
      ];
    }),
    ...[...lastOfEach.values()].map(
      ({ status, latencySeconds }) => emit("api_health_check_latency_ms", { status }, Math.round(latencySeconds * 1e6) / 1e3)
    )
  ];
}
async function poll2(values2, target3, plan, { io }, onCheck) {
  let checks3 = [];
  for (let attempt3 = 1; ; attempt3++) {
    let nextAt = performance.now() + values2.interval, check = await checkOnce(target3, attempt3, io);
    checks3 = [...checks3, check], io.stderr(
      `Health check ${attempt3} of ${plan.attempts}: ${check.status} (${check.said}, ${formatSeconds(check.latencySeconds)})
`
    );
    let verdict = verdictOf(checks3, plan);
    if (verdict) return { checks: checks3, verdict };
    onCheck(checks3), await systemClock.sleep(Math.max(0, nextAt - performance.now()));
  }
}
var targetOf = (values2, url) => ({
  url,
  timeoutMs: values2.timeout,
  degradedAboveMs: values2["degraded-above"]
});
function sayVerdict({ io }, checks3, verdict) {
  let good = checks3.filter(passed).length;
  io.stdout(`${verdict}: ${good} of ${checks3.length} health checks passed
`);
}
async function live(call2, pushOf) {
  let { values: values2, recorder, io } = call2, underWay2, record = (checks4) => {
    underWay2 ??= recorder.record(pushOf(checks4, !1), { keep: !1, warn: !1, budgetMs: values2.interval }).finally(() => {
      underWay2 = void 0;
    });
  }, target3 = targetOf(values2, parseUrl(values2.url)), { checks: checks3, verdict } = await poll2(values2, target3, values2, call2, record);
  await underWay2;
  let recorded = await recorder.record(pushOf(checks3, !0));
  return recorder.say(recorded, `${checks3.length} health checks of ${values2.service}`), sayVerdict({ io }, checks3, verdict), verdict === "healthy" || values2["report-only"] ? 0 : 1;
}
async function unrecorded({ values: values2, io }) {
  if (values2.check && values2.check.length > 0) return 0;
  let url = parseUrl(values2.url);
  if (!url) return values2["report-only"] ? 0 : 1;
  let all = values2, { checks: checks3, verdict } = await poll2(all, targetOf(all, url), all, { io }, () => {
  });
  return sayVerdict({ io }, checks3, verdict), verdict === "healthy" || all["report-only"] ? 0 : 1;
}
var health2 = defineVerb({
  name: "health",
  summary: "asks a service whether it is healthy, records each check, and decides",
  command: "none",
  undecided: 1,
  options,
  details: () => `Asks up to 30 times, 5 s apart, and stops as soon as the verdict is certain. Records each check with its time and
latency, and at the end the share that failed in the first five minutes as the error rate.

Exits with 0 when the service is healthy and 1 when it is not (or --url is missing); --report-only always gives 0.

Examples:  record.mjs health --service ${example().service} --url "$API_URL/health"
           record.mjs health --service ${example().service} --check 1767225600,healthy,0.12 --check 1767225605,unhealthy,5`,
  runsNow: ({ check }) => check.length === 0,
  check: (values2, _command, now2) => {
    if (values2.check.length === 0) return parseUrl(values2.url) ? [] : [urlProblem(values2.url)];
    let wrong = values2.check.filter((given) => !parseCheck(given, 1)), ahead = values2.check.filter((given) => (parseCheck(given, 1)?.atMs ?? 0) > now2 + farthestAheadMs);
    return [
      ...values2.url === void 0 ? [] : ["--check is for checks that were made already: leave --url out."],
      ...ahead.map((given) => `--check "${given}" lies in the future: give the time when it was made.`),
      ...wrong.map(
        (given) => `--check "${given}" is not TIME,STATUS,SECONDS with a status of ${labels.health_status.join(", ")}.`
      )
    ];
  },
  unrecorded,
  run: async (call2) => {
    let { values: values2, deployment: deployment3, at, recorder } = call2, group3 = { ...deployment3, service: values2.service }, pushOf = (checks3, last) => ({
      method: "POST",
      group: group3,
      samples: [
        ...samplesFor(group3, checks3),
        ...last && !values2["no-error-rate"] ? [samplesOf(group3)("post_deployment_error_rate", {}, errorRate2(checks3))] : []
      ],
      what: `${checks3.length} health checks of ${values2.service}`
    }), given = values2.check.flatMap((text2, i) => parseCheck(text2, i + 1) ?? []), example2 = { attempt: 1, atMs: at, status: "healthy", latencySeconds: 0, said: "not asked" };
    if (given.length === 0 && !recorder.dryRun) return await live(call2, pushOf);
    let push = pushOf(given.length > 0 ? given : [example2], !0);
    return recorder.say(await recorder.record(push), push.what), 0;
  }
});

// src/record/verbs/migration.ts
init_emit();
init_pipeline3();
init_stages();
init_time();

// src/record/verbs/staged.ts
init_metrics();

// src/record/around.ts
init_clock();

// src/record/recorder.ts
init_words();

// src/record/delivery.ts
init_clock();
import { join as join4 } from "node:path";

// src/lib/lock.ts
import { mkdirSync as mkdirSync2, readFileSync as readFileSync5, rmSync as rmSync3, statSync as statSync2, utimesSync, writeFileSync as writeFileSync3 } from "node:fs";
import { hostname } from "node:os";
function holderOf(file) {
  try {
    let holder = JSON.parse(readFileSync5(file, "utf8")), { host, pid, key } = holder ?? {};
    return host !== void 0 && pid !== void 0 && key !== void 0 ? { host, pid, key } : void 0;
  } catch {
    return;
  }
}
function isOld(path, milliseconds) {
  let stat = statSync2(path, { throwIfNoEntry: !1 });
  return stat !== void 0 && Date.now() - stat.mtimeMs > milliseconds;
}
function hasEnded({ host, pid }) {
  if (host !== hostname()) return !1;
  try {
    return process.kill(pid, 0), !1;
  } catch (error2) {
    return error2.code === "ESRCH";
  }
}
function isStale(file, staleMs, dead) {
  let holder = holderOf(file);
  return isOld(file, staleMs) || holder !== void 0 && (holder.key === dead || hasEnded(holder));
}
var longestTurnMs = 2e4;
function breakStale(file, staleMs, dead) {
  let turn = `${file}.turn`;
  try {
    mkdirSync2(turn);
  } catch {
    isOld(turn, Math.min(staleMs, longestTurnMs)) && rmSync3(turn, { recursive: !0, force: !0 });
    return;
  }
  isStale(file, staleMs, dead) && rmSync3(file, { force: !0 }), rmSync3(turn, { recursive: !0, force: !0 });
}
function tryLock(file, staleMs, dead) {
  let key = Math.random().toString(36).slice(2), me = JSON.stringify({ host: hostname(), pid: process.pid, key }), take = () => {
    try {
      return writeFileSync3(file, me, { flag: "wx", mode: 384 }), !0;
    } catch (error2) {
      if (error2.code === "EEXIST") return !1;
      throw error2;
    }
  };
  if (!(!take() && (isStale(file, staleMs, dead) && breakStale(file, staleMs, dead), !take())))
    return () => {
      try {
        holderOf(file)?.key === key && rmSync3(file, { force: !0 });
      } catch {
      }
    };
}
function keepAlive(file, everyMs) {
  let beat = setInterval(() => {
    try {
      utimesSync(file, /* @__PURE__ */ new Date(), /* @__PURE__ */ new Date());
    } catch {
    }
  }, everyMs);
  return beat.unref(), () => clearInterval(beat);
}
async function withLock(file, work, { staleMs = 2e4, pollMs = 200, deadline = Number.POSITIVE_INFINITY, onWait } = {}) {
  let release = tryLock(file, staleMs);
  for (release || onWait?.(); !release; ) {
    if (Date.now() + pollMs >= deadline) return !1;
    await new Promise((resolve) => setTimeout(resolve, pollMs)), release = tryLock(file, staleMs);
  }
  let ended3 = keepAlive(file, staleMs / 10);
  try {
    return await work(), !0;
  } finally {
    ended3(), release();
  }
}

// src/record/delivery.ts
init_url();

// src/record/exposition.ts
init_metrics();
var escapeHelp = (text2) => text2.replaceAll("\\", "\\\\").replaceAll(`
`, "\\n"), escapeValue = (text2) => escapeHelp(text2).replaceAll('"', '\\"');
function sampleLine({ metric: metric2, labels: labels2, value }) {
  let pairs = Object.entries(labels2).map(([name2, text2]) => `${name2}="${escapeValue(text2)}"`);
  return `${metric2}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}
function exposition(push) {
  let families = /* @__PURE__ */ new Map();
  for (let sample of push.samples) {
    let family2 = families.get(sample.metric);
    family2 ? family2.push(sample) : families.set(sample.metric, [sample]);
  }
  return `${[...families].flatMap(([metric2, samples]) => {
    let { type, help: help2 } = pipelineMetrics[metric2];
    return [
      `# HELP ${metric2} ${escapeHelp(help2)}`,
      `# TYPE ${metric2} ${type === "counter" ? "counter" : "gauge"}`,
      ...samples.map(sampleLine)
    ];
  }).join(`
`)}
`;
}

// src/record/delivery.ts
init_grouping();
init_http();
init_response();
init_spool();
var attemptMs = 3e3, backoffMs = [150, 400, 900, 1800], shortestAttemptMs = 100, knownBrokenMs = 1500, lockTimes = { staleMs: 15e3, pollMs: 40 }, longestWaitMs = 24 * 36e5, Delivery = class {
  /** Events of earlier processes that were sent on the way. */
  caughtUp = 0;
  /** Sentences about events of earlier processes that had to be given up. */
  givenUp = [];
  #gateway;
  #spool;
  constructor(gateway, env) {
    this.#gateway = gateway, this.#spool = new Spool(env, gateway.base);
  }
  /** Sends one push, after everything that waits. Never throws. */
  async send(push, options5) {
    let entry = {
      method: push.method,
      path: groupPath(push.group),
      body: exposition(push),
      what: push.what,
      since: Date.now()
    };
    if (this.#spool.names().length > 0) return await this.#sendBehindOthers(entry, options5);
    let verdict = await this.#try(entry, options5);
    if (verdict.kind === "sent") return verdict;
    if (verdict.kind === "refused") return { kind: "lost", reason: verdict.reason };
    let aborted = options5.signal?.aborted === !0;
    return options5.keep === !1 || aborted && !options5.keepAborted ? { kind: "lost", reason: verdict.reason } : this.#keep(entry, aborted ? "The recorder was told to stop." : verdict.reason).delivered;
  }
  /** Sends what waits, with all the time there is: nothing comes after it. @returns what waits still, and why */
  async flush(deadline) {
    if (this.#spool.names().length === 0) return { count: 0, reason: "" };
    let { reason } = await this.#sendLine(void 0, { deadline }, deadline);
    return { count: this.#spool.names().length, reason: reason ?? "There was no time left." };
  }
  /** One request that is no push, within the time given. @throws NoAnswer */
  async request(method, path, timeoutMs, maxBytes) {
    let { base, headers } = this.#gateway;
    return await send({
      method,
      url: joinUrl(base, path),
      headers,
      timeoutMs,
      ...maxBytes !== void 0 && { maxBytes }
    });
  }
  /** Classifies an answer to {@link request}. */
  classify(answer, expected2) {
    return classifyResponse(answer, this.#gateway, Date.now(), expected2);
  }
  /** The gateway's host, for sentences. */
  get host() {
    return this.#gateway.base.host;
  }
  /** Order is kept by standing in line: the event is put behind the others, and then the line is sent. */
  async #sendBehindOthers(entry, options5) {
    let own = options5.keep === !1 ? void 0 : this.#keep(entry, "Another recorder of this machine is sending.");
    if (own && !own.name) return own.delivered;
    let patience2 = Math.min(options5.deadline, Date.now() + knownBrokenMs), sent = await this.#sendLine(own?.name, options5, patience2), reason = sent.reason ?? own?.delivered.reason ?? "Others are still waiting to be sent.", { refusal } = sent;
    return refusal !== void 0 ? { kind: "lost", reason: refusal } : own ? this.#spool.has(own.name) ? { kind: "kept", reason } : { kind: "sent" } : this.#spool.names().length === 0 ? toDelivered(await this.#try(entry, options5)) : { kind: "lost", reason };
  }
  /** Sends everything in line, one after the other. @param patience when it ends unless one of them goes through */
  async #sendLine(own, options5, patience2) {
    let deadline = patience2, outcome = {}, sendAll = async () => {
      for (let name2 = this.#spool.names()[0]; name2 !== void 0; name2 = this.#spool.names()[0]) {
        if (Date.now() >= deadline) return;
        let verdict = await this.#sendWaiting(name2, { ...options5, deadline });
        if (verdict.kind === "later") {
          outcome = { ...outcome, reason: verdict.reason };
          return;
        }
        if (this.#spool.has(name2)) return;
        deadline = options5.deadline, verdict.kind === "refused" && name2 === own ? outcome = { refusal: verdict.reason } : verdict.kind === "refused" ? this.givenUp.push(`${verdict.reason} It was ${verdict.what}.`) : name2 !== own && this.caughtUp++;
      }
    };
    return await withLock(join4(this.#spool.folder, "sending"), sendAll, {
      ...lockTimes,
      deadline: options5.deadline
    }).catch(() => !1), outcome;
  }
  /** Sends the first of the line, and takes it out unless it has to wait further. */
  async #sendWaiting(name2, options5) {
    let waiting = this.#spool.read(name2);
    if (!waiting) return { kind: "sent", what: "" };
    let { entry } = waiting, verdict = Date.now() - entry.since > longestWaitMs ? { kind: "refused", reason: "It waited for more than a day." } : await this.#try(entry, options5);
    return verdict.kind !== "later" && this.#spool.remove(name2), { ...verdict, what: entry.what };
  }
  #keep(entry, reason) {
    try {
      return { name: this.#spool.add(entry), delivered: { kind: "kept", reason } };
    } catch (error2) {
      let why2 = error2.message;
      return { delivered: { kind: "lost", reason: `${reason} It could not be kept either: ${why2}.` } };
    }
  }
  /** Attempts until one is decisive or the time is up. */
  async #try(entry, { deadline, signal }) {
    for (let attempt3 = 0; ; attempt3++) {
      let left2 = deadline - Date.now(), verdict = await this.#once(entry, Math.max(shortestAttemptMs, Math.min(attemptMs, left2)), signal);
      if (verdict.kind !== "later" || !verdict.again || signal?.aborted) return verdict;
      let backoff = (backoffMs[attempt3] ?? backoffMs.at(-1)) * (0.75 + systemClock.random() / 2), wait = Math.max(backoff, verdict.waitMs ?? 0);
      if (Date.now() + wait + shortestAttemptMs > deadline) return verdict;
      await systemClock.sleep(wait, signal);
    }
  }
  async #once(entry, timeoutMs, signal) {
    let { base, headers } = this.#gateway;
    try {
      let answer = await send({
        method: entry.method,
        url: joinUrl(base, entry.path),
        headers: { ...headers, "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        body: entry.body,
        timeoutMs,
        signal
      });
      return classifyResponse(answer, this.#gateway, Date.now());
    } catch (error2) {
      return classifyNoAnswer(error2 instanceof NoAnswer ? error2.code : String(error2), this.host);
    }
  }
}, toDelivered = (verdict) => verdict.kind === "sent" ? verdict : { kind: "lost", reason: verdict.reason };

// src/record/recorder.ts
init_emit();
init_gateway();
init_grouping();
init_secrets();
var eventBudgetMs = 4400, Recorder = class {
  /** Why something was not recorded, in sentences; empty when all is well. */
  warnings = [];
  /** The signal that ended a push early, if one did. */
  interruptedBy;
  #io;
  #dryRun;
  #gateway;
  #delivery;
  #env;
  #clean;
  constructor(env, io, dryRun) {
    this.#env = env, this.#io = io, this.#dryRun = dryRun, this.#gateway = gatewayOf(env), !(dryRun || io.capture) && (this.#gateway.kind === "ready" ? this.#delivery = new Delivery(this.#gateway, env) : this.#gateway.kind === "unusable" ? this.warnings.push(...this.#gateway.problems.map((problem) => `Nothing is recorded. ${problem}`)) : io.stderr(`Recording is switched off (PUSHGATEWAY_URL=disabled).
`));
  }
  /** True when pushes are printed and nothing is done. */
  get dryRun() {
    return this.#dryRun;
  }
  /** The way to the gateway for what is no push; undefined when there is none. */
  get delivery() {
    return this.#delivery;
  }
  /** A way to the gateway for a dry run that has to look before it can say what it would do; it must only read. */
  reader(env) {
    return this.#gateway.kind === "ready" ? new Delivery(this.#gateway, env) : void 0;
  }
  /**
   * Records one push and remembers a warning when that fails. Never throws, never takes longer than its budget.
   * @param make the push, or what makes it; undefined when there is nothing to record
   */
  async record(make2, options5 = {}) {
    try {
      let push = typeof make2 == "function" ? await make2() : make2;
      return push !== void 0 && await this.#record(push, options5);
    } catch (error2) {
      return this.warnings.push(`Not recorded, because of a mistake in the recorder: ${error2.stack}`), !1;
    }
  }
  async #record(made, options5) {
    this.#clean ??= secretRemover(this.#env);
    let push = withoutSecrets(made, this.#clean), problems = pushProblems(push);
    if (problems.length > 0)
      return this.warnings.push(...problems.map((problem) => `Not recorded: ${push.what}. ${problem}`)), !1;
    if (this.#dryRun)
      return this.#io.stdout(`${push.method} /${groupPath(push.group)}
${exposition(push)}
`), !0;
    if (this.#io.capture?.(push), !this.#delivery) return this.#io.capture !== void 0;
    let deadline = Date.now() + (options5.budgetMs ?? eventBudgetMs), delivered = await this.#send(this.#delivery, push, { ...options5, deadline });
    return this.#report(push, delivered, options5.warn !== !1), delivered.kind === "sent";
  }
  /** A signal must not lose what no later push brings. */
  async #send(delivery, push, options5) {
    if (options5.signal || options5.keep === !1) return await delivery.send(push, options5);
    let interrupt = new Interrupt();
    try {
      return await delivery.send(push, { ...options5, signal: interrupt.signal, keepAborted: !0 });
    } finally {
      interrupt.stop(), this.interruptedBy ??= interrupt.caught;
    }
  }
  /**
   * Sends what waits on this machine, because no later event will.
   * @returns false when something waits still; a warning says so
   */
  async flush(budgetMs) {
    if (!this.#delivery) return !0;
    let left2 = await this.#delivery.flush(Date.now() + budgetMs);
    return this.#reportOthers(), left2.count > 0 && this.warnings.push(
      `${left2.count} earlier ${left2.count === 1 ? "event was" : "events were"} not recorded, and nothing in this job will send ${left2.count === 1 ? "it" : "them"}. ${left2.reason}`
    ), left2.count === 0;
  }
  /** Says on stderr what was recorded, unless it was not. */
  say(recorded, text2) {
    recorded && !this.#dryRun && this.#io.stderr(`Recorded: ${text2}
`);
  }
  /** Says what became of events of earlier processes. */
  #reportOthers() {
    let { caughtUp, givenUp } = this.#delivery;
    caughtUp > 0 && this.#io.stderr(`Sent ${counted(caughtUp, "earlier event")} that had waited.
`), this.#delivery.caughtUp = 0, this.warnings.push(...givenUp.splice(0).map((reason) => `An earlier event was given up. ${reason}`));
  }
  #report(push, delivered, warn2) {
    this.#reportOthers(), warn2 && (delivered.kind === "kept" && this.warnings.push(
      `Not recorded yet: ${push.what}. ${delivered.reason} The next event of this job sends it.`
    ), delivered.kind === "lost" && this.warnings.push(`Not recorded: ${push.what}. ${delivered.reason}`));
  }
};

// src/record/around.ts
var beginGraceMs = 1200, asIfSucceeded = (ms) => ({
  code: 0,
  startedMs: ms,
  finishedMs: ms,
  cancelled: !1,
  timedOut: !1,
  output: ""
});
async function recordAround({
  command = [],
  env,
  io,
  recorder,
  at
}, { begin, end, onOutput }) {
  if (recorder.dryRun) {
    let ended3 = asIfSucceeded(at);
    return begin && await recorder.record(() => begin(at)), { ended: ended3, recorded: await recorder.record(() => end(ended3)) };
  }
  let startedMs = io.now(), abort = new AbortController(), begun, endBeginning = async (graceMs) => {
    begun && (await Promise.race([begun, systemClock.sleep(graceMs, abort.signal)]), abort.abort(), await begun);
  }, cancelRecorded, budgetMs = (from) => Math.max(0, (signals.cancelledAt ?? from) + eventBudgetMs - Date.now()), signals = new Signals(async () => {
    await endBeginning(0);
    let cancelled = { ...asIfSucceeded(startedMs), finishedMs: io.now(), code: 130, cancelled: !0 };
    cancelRecorded = recorder.record(() => end(cancelled), { budgetMs: budgetMs(Date.now()) }), await cancelRecorded;
  });
  try {
    let running = runChild(command, { env, io, watch: !0, ...onOutput && { onOutput }, signals });
    begun = begin && recorder.record(() => begin(startedMs), { warn: !1, signal: abort.signal });
    let ended3 = await running;
    if (cancelRecorded) return { ended: ended3, recorded: await cancelRecorded };
    let endedAt = Date.now();
    return await endBeginning(beginGraceMs), { ended: ended3, recorded: await recorder.record(() => end(ended3), { budgetMs: budgetMs(endedAt) }) };
  } finally {
    signals.stop();
  }
}

// src/record/verbs/staged.ts
init_message();
init_stages();
init_time();
var stageOptions = {
  "error-type": named(
    () => labels.error_type,
    "TYPE",
    "what went wrong, if it fails; else by the kind of the stage"
  ),
  "error-message": text(
    "TEXT",
    "why, if it fails; secrets are removed; else the line of the output that says why"
  ),
  "log-url": text("URL", "the page of the stage's log; else the page of the run", {
    env: "DEPLOYMENT_LOG_URL"
  })
}, reportOptions = {
  "started-at": time("TIME", "when it began, with --status", { report: !0 }),
  "finished-at": time("TIME", "when it ended, with --status", { report: !0 })
}, reportedStatuses = [...labels.status, "running"], reportedHelp = "how it ended (or that it runs), when it is not run by the recorder", logUrl = ({
  values: values2,
  env
}) => values2["log-url"] ?? jobUrl(env, env.JOB_CHECK_RUN_ID), statusOf = (ended3) => ended3.cancelled ? "cancelled" : ended3.code === 0 ? "success" : "failure", reportedError = ({ values: values2, env }, stage3) => ({
  type: values2["error-type"] ?? defaultErrorType(stage3),
  message: errorMessage(values2["error-message"] ?? "", env)
}), commandError = ({ values: values2, env }, stage3, ended3, failure) => ({
  type: ended3.timedOut ? "timeout" : values2["error-type"] ?? errorTypeOf(defaultErrorType(stage3), failure.type),
  message: values2["error-message"] ? errorMessage(values2["error-message"], env) : failure.message
});
async function commandEnd(call2, { group: group3, what }, ended3) {
  let status = statusOf(ended3), { startedMs, finishedMs } = ended3, end = { startedMs, finishedMs, status, logUrl: logUrl(call2) };
  if (status !== "failure") return end;
  let { failureOf: failureOf2, writeFailureSummary: writeFailureSummary2 } = await Promise.resolve().then(() => (init_why2(), why_exports)), error2 = commandError(call2, group3.stage, ended3, failureOf2(ended3, call2.env));
  return writeFailureSummary2(what, ended3.output, error2, call2.env), { ...end, logUrl: call2.values["log-url"] ?? summaryUrl(call2.env), error: error2 };
}
var beginPush = (call2, { group: group3, what }, startedMs) => ({
  method: "PUT",
  group: group3,
  samples: stageStartSamples(group3, { startedMs, logUrl: logUrl(call2) }),
  what: `the start of ${what}`
}), endPush = ({ group: group3, what, samples }, end) => ({
  method: "PUT",
  group: group3,
  samples: samples(end),
  what: `${what} (${end.status})`
});
async function recordStage(call2, staged) {
  let { ended: ended3, recorded } = await recordAround(call2, {
    begin: (startedMs) => beginPush(call2, staged, startedMs),
    end: async (end) => endPush(staged, await commandEnd(call2, staged, end)),
    ...staged.onOutput && { onOutput: staged.onOutput }
  }), seconds = formatSeconds(lengthSeconds(ended3.startedMs, ended3.finishedMs));
  return call2.recorder.say(recorded, `${staged.what}: ${statusOf(ended3)} after ${seconds}`), ended3.code;
}
async function recordReported(call2, staged, status) {
  let { values: values2, at, recorder } = call2, push = status === "running" ? beginPush(call2, staged, values2["started-at"] ?? at) : endPush(staged, ((ended3) => ({
    startedMs: values2["started-at"],
    finishedMs: values2["finished-at"] ?? at,
    status: ended3,
    logUrl: logUrl(call2),
    ...ended3 === "failure" && { error: reportedError(call2, staged.group.stage) }
  }))(status));
  recorder.say(await recorder.record(push), `${staged.what}: ${status}`);
}

// src/record/verbs/migration.ts
var options2 = {
  "migration-name": text("NAME", "which run of migrations", {
    default: () => carried().migrations.name
  }),
  count: integer("N", "how many were applied; else as the output of the tool says", {
    min: 0
  }),
  status: choice(reportedStatuses, "STATUS", reportedHelp, { report: !0 }),
  ...reportOptions,
  ...stageOptions
}, marker = "Running upgrade", allOrNothing = "Will assume transactional DDL", UpgradeCounter = class {
  #begun = 0;
  #together = !1;
  #rest = "";
  /** Takes the next piece. */
  push(chunk) {
    let lines = (this.#rest + Buffer.from(chunk).toString("latin1")).split(`
`);
    this.#rest = lines.pop().slice(-4096), this.#begun += lines.filter((line) => line.includes(marker)).length, this.#together ||= lines.some((line) => line.includes(allOrNothing));
  }
  /** How many were applied: of a run that failed, not the one that failed, and none where all are one transaction. */
  applied(succeeded) {
    let begun = this.#begun + (this.#rest.includes(marker) ? 1 : 0);
    return succeeded ? begun : this.#together ? 0 : Math.max(0, begun - 1);
  }
};
function resultSamples(group3, end, count2) {
  let { status, startedMs, finishedMs } = end;
  if (status !== "success" && status !== "failure") return [];
  let emit = samplesOf(group3), result = [
    emit("migration_total", { status }, 1),
    emit("migration_success", {}, status === "success" ? 1 : 0),
    emit("migrations_applied", {}, count2)
  ];
  if (startedMs === void 0) return result;
  let seconds = lengthSeconds(startedMs, finishedMs);
  return [
    ...result,
    emit("migration_duration_seconds", {}, seconds),
    emit("database_migration_lag_seconds", { migration_count: String(count2) }, seconds)
  ];
}
function stagedOf({ deployment: deployment3, values: values2 }) {
  let upgrades = new UpgradeCounter(), name2 = values2["migration-name"], group3 = { ...deployment3, ...stageOf("migrate"), migration_name: name2 };
  return {
    group: group3,
    what: `migration ${name2}`,
    samples: (end) => [
      ...stageEndSamples(group3, end),
      ...resultSamples(group3, end, values2.count ?? upgrades.applied(end.status === "success"))
    ],
    onOutput: (chunk) => upgrades.push(chunk)
  };
}
var migration = defineVerb({
  name: "migration",
  summary: "runs the database migrations, and records how many, how long and how they ended",
  command: "or-status",
  options: options2,
  details: () => `Output and exit code of the command pass through unchanged. It is recorded as the stage "${stageOf("migrate").stage}"
of the service "${stageOf("migrate").service}" too.

Examples:  record.mjs migration -- ${example().migrate}
           record.mjs migration --status success --count 2 --started-at 1767225600 --finished-at 1767225630`,
  run: async (call2) => call2.command !== void 0 ? await recordStage(call2, stagedOf(call2)) : (await recordReported(call2, stagedOf(call2), call2.values.status ?? "success"), 0)
});

// src/record/verbs/railway-rollback.ts
var railwayOptions = {
  "railway-service": text("ID", "with --railway: the service that is rolled back", {
    env: "RAILWAY_SERVICE_ID"
  }),
  "railway-to": text(
    "ID",
    "with --railway: Railway's id of the deployment to go back to, if not the last good one"
  ),
  url: text("URL", "with --railway: asked afterwards; three good answers in a row are healthy"),
  timeout: duration("TIME", "with --railway: how long the rollback, and then becoming healthy, may take", {
    default: "10m"
  })
}, urlOf = (given) => {
  try {
    return given === void 0 ? void 0 : new URL(given);
  } catch {
    return;
  }
}, railwayRollback = defineVerb({
  name: "railway-rollback",
  summary: "rolls a Railway service back and records nothing; rollback --railway does both",
  command: "none",
  needsDeployment: !1,
  timeless: !0,
  undecided: 1,
  options: {
    ...railwayOptions,
    interval: duration("TIME", "from one look at Railway to the next", { default: "3s", min: 100 })
  },
  details: `Goes back to the deployment that served before, follows Railway to the end, and asks --url whether it is healthy.
Needs RAILWAY_TOKEN (a project token), or RAILWAY_API_TOKEN with RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID.
Exits with 0 when the service is rolled back (and healthy), else with 1.`,
  check: ({ url, "railway-service": service2 }) => [
    ...service2 ? [] : ["--railway-service is missing: --railway-service ID, or RAILWAY_SERVICE_ID."],
    ...url !== void 0 && !urlOf(url) ? ["--url is not a URL."] : []
  ],
  run: async ({ values: values2, env, io, recorder }) => {
    if (recorder.warnings.length = 0, recorder.dryRun) return 0;
    let [{ rollBack: rollBack3 }, { EnvironmentFailure: EnvironmentFailure2 }, { systemClock: systemClock2 }, { secretRemover: secretRemover2 }] = await Promise.all([
      Promise.resolve().then(() => (init_rollback(), rollback_exports)),
      Promise.resolve().then(() => (init_errors(), errors_exports)),
      Promise.resolve().then(() => (init_clock(), clock_exports)),
      Promise.resolve().then(() => (init_secrets(), secrets_exports))
    ]), asked = {
      serviceId: values2["railway-service"] ?? "",
      to: values2["railway-to"],
      url: urlOf(values2.url),
      limitMs: values2.timeout,
      intervalMs: values2.interval
    }, clean = secretRemover2(env), say = { ...io, stderr: (text2) => io.stderr(typeof text2 == "string" ? clean(text2) : text2) };
    try {
      return say.stdout(`${clean(await rollBack3(asked, env, say, systemClock2))}
`), 0;
    } catch (error2) {
      let mistake2 = error2 instanceof EnvironmentFailure2 ? "" : "A mistake in the recorder ended the rollback: ";
      return say.stderr(`${mistake2}${error2.message}
`), 1;
    }
  }
});

// src/record/verbs/railway-wait.ts
var railwayWait = defineVerb({
  name: "railway-wait",
  summary: "waits until the newest deployment of a Railway service serves; records nothing",
  command: "none",
  needsDeployment: !1,
  timeless: !0,
  undecided: 1,
  options: {
    "railway-service": text("ID", "the service", { env: "RAILWAY_SERVICE_ID" }),
    timeout: duration("TIME", "how long Railway may take", { default: "10m" }),
    interval: duration("TIME", "from one look at Railway to the next", { default: "3s", min: 100 })
  },
  details: `"railway up --ci" ends when the image is built; until the new version serves, the old one answers the health checks.
Needs the same token as railway-rollback. Exits with 0 when it serves, else with 1; in a workflow the output "status"
is Railway's word for it (SUCCESS, FAILED, CRASHED, …).`,
  check: ({ "railway-service": service2 }) => service2 ? [] : ["--railway-service is missing: --railway-service ID, or RAILWAY_SERVICE_ID."],
  run: async ({ values: values2, env, io, recorder }) => {
    if (recorder.warnings.length = 0, recorder.dryRun) return 0;
    let [{ waitUntilServing: waitUntilServing2 }, { systemClock: systemClock2 }, { secretRemover: secretRemover2 }, { writeForRunner: writeForRunner2 }] = await Promise.all([
      Promise.resolve().then(() => (init_wait(), wait_exports)),
      Promise.resolve().then(() => (init_clock(), clock_exports)),
      Promise.resolve().then(() => (init_secrets(), secrets_exports)),
      Promise.resolve().then(() => (init_runner_file(), runner_file_exports))
    ]), clean = secretRemover2(env), say = { ...io, stderr: (chunk) => io.stderr(typeof chunk == "string" ? clean(chunk) : chunk) }, asked = {
      serviceId: values2["railway-service"] ?? "",
      limitMs: values2.timeout,
      intervalMs: values2.interval
    }, output = (status) => writeForRunner2(env.GITHUB_OUTPUT, "status", status);
    try {
      return say.stdout(`${clean(await waitUntilServing2(asked, env, say, systemClock2, output))}
`), 0;
    } catch (error2) {
      return say.stderr(`${error2.message}
`), 1;
    }
  }
});

// src/record/verbs/rollback.ts
import { fileURLToPath } from "node:url";
init_metrics();
init_emit();
init_pipeline3();
init_stages();
init_time();

// src/record/verbs/vercel.ts
var vercelOptions = {
  "vercel-to": text(
    "ID",
    "with --vercel: Vercel's id of the deployment (dpl_…) to go back to, if not the one before"
  )
}, needs = "Needs VERCEL_TOKEN and VERCEL_PROJECT_ID, and VERCEL_ORG_ID where the project belongs to a team.", interval = duration("TIME", "from one look at Vercel to the next", { default: "3s", min: 100 });
async function attempt2(env, io, work) {
  let { secretRemover: secretRemover2 } = await Promise.resolve().then(() => (init_secrets(), secrets_exports)), clean = secretRemover2(env), say = { ...io, stderr: (chunk) => io.stderr(typeof chunk == "string" ? clean(chunk) : chunk) };
  try {
    return io.stdout(`${clean(await work(say))}
`), 0;
  } catch (error2) {
    return say.stderr(`${error2.message}
`), 1;
  }
}
var vercelWait = defineVerb({
  name: "vercel-wait",
  summary: "waits until the newest deployment to production on Vercel is ready; records nothing",
  command: "none",
  needsDeployment: !1,
  timeless: !0,
  undecided: 1,
  options: { timeout: duration("TIME", "how long Vercel may take", { default: "10m" }), interval },
  details: `For a deployment that Vercel makes by itself after a push. ${needs}
Exits with 0 when it is ready, else with 1; in a workflow the output "status" is Vercel's word for it (READY, ERROR, …).`,
  run: async ({ values: values2, env, io, recorder }) => {
    if (recorder.warnings.length = 0, recorder.dryRun) return 0;
    let [{ waitUntilReady: waitUntilReady2 }, { systemClock: systemClock2 }, { writeForRunner: writeForRunner2 }] = await Promise.all([
      Promise.resolve().then(() => (init_wait2(), wait_exports2)),
      Promise.resolve().then(() => (init_clock(), clock_exports)),
      Promise.resolve().then(() => (init_runner_file(), runner_file_exports))
    ]), patience2 = { limitMs: values2.timeout, intervalMs: values2.interval }, output = (state) => writeForRunner2(env.GITHUB_OUTPUT, "status", state);
    return await attempt2(env, io, (say) => waitUntilReady2(patience2, env, say, systemClock2, output));
  }
}), vercelRollback = defineVerb({
  name: "vercel-rollback",
  summary: "rolls production on Vercel back and records nothing; rollback --vercel does both",
  command: "none",
  needsDeployment: !1,
  timeless: !0,
  undecided: 1,
  options: {
    ...vercelOptions,
    url: text("URL", "asked afterwards; three good answers in a row are healthy"),
    timeout: duration("TIME", "how long the rollback, and then becoming healthy, may take", {
      default: "10m"
    }),
    interval
  },
  details: `Points production at the deployment that served before, follows Vercel to the end, and asks --url whether it is healthy.
${needs} Until a deployment is promoted, later pushes are not served.
Exits with 0 when it is rolled back (and healthy), else with 1.`,
  check: ({ url }) => url === void 0 || URL.canParse(url) ? [] : ["--url is not a URL."],
  run: async ({ values: values2, env, io, recorder }) => {
    if (recorder.warnings.length = 0, recorder.dryRun) return 0;
    let [{ rollBack: rollBack3 }, { systemClock: systemClock2 }] = await Promise.all([
      Promise.resolve().then(() => (init_rollback2(), rollback_exports2)),
      Promise.resolve().then(() => (init_clock(), clock_exports))
    ]), asked = {
      to: values2["vercel-to"],
      url: values2.url === void 0 ? void 0 : new URL(values2.url),
      limitMs: values2.timeout,
      intervalMs: values2.interval
    };
    return await attempt2(env, io, (say) => rollBack3(asked, env, say, systemClock2));
  }
});

// src/record/verbs/rollback.ts
var options3 = {
  reason: named(() => labels.reason, "REASON", "why", { required: !0 }),
  "previous-deployment-id": text("ID", "the deployment to which it goes back"),
  service: named(services, "NAME", "what is rolled back", { default: () => stageOf("rollback").service }),
  status: choice(reportedStatuses, "STATUS", `${reportedHelp}; else success`, { report: !0 }),
  railway: flag("roll the Railway service back, in place of a command"),
  ...railwayOptions,
  vercel: flag("roll production on Vercel back, in place of a command"),
  ...vercelOptions,
  ...reportOptions,
  ...stageOptions
};
function platformCommand(values2) {
  let handedOn = [...values2.railway ? ["railway-service", "railway-to"] : ["vercel-to"], "url"].flatMap(
    (name2) => values2[name2] === void 0 ? [] : [`--${name2}=${values2[name2]}`]
  ), timeout = values2.timeout === void 0 ? [] : [`--timeout=${values2.timeout}ms`];
  return [
    process.execPath,
    fileURLToPath(import.meta.url),
    values2.railway ? "railway-rollback" : "vercel-rollback",
    `--environment=${defaultEnvironment()}`,
    ...handedOn,
    ...timeout
  ];
}
var byPlatform = ({ railway, vercel }) => railway === !0 || vercel === !0;
function stagedOf2({ deployment: deployment3, values: values2 }) {
  let { reason, service: service2, "previous-deployment-id": previous = "" } = values2, group3 = { ...deployment3, service: service2, stage: stageOf("rollback").stage }, emit = samplesOf(group3), result = ({ status, finishedMs }) => status !== "success" && status !== "failure" ? [] : [
    emit("deployment_rollback_total", { reason: codeOf3(labels.reason, reason), status }, 1),
    emit("deployment_rollback_finished_timestamp_seconds", {}, toSeconds(finishedMs)),
    emit("deployment_rollback_info", { previous_deployment_id: previous, reason }, 1)
  ];
  return {
    group: group3,
    what: `rollback of ${service2}`,
    samples: (end) => [...stageEndSamples(group3, end), ...result(end)]
  };
}
var rollback = defineVerb({
  name: "rollback",
  summary: "a deployment is rolled back: by the command given, by Railway, or it was already",
  command: "optional",
  undecided: 1,
  options: options3,
  details: `With a command it runs it, passes its output and exit code through, and records how long it took and whether it worked.
A rollback that worked makes the deployment "rolled_back", whatever finish says; one that failed makes it a failure.

With --railway it rolls the service back through Railway's API to the deployment that served before, follows that to
its end and asks --url whether it is healthy (see railway-rollback for the token that it needs). --vercel does the same
for production on Vercel.

Examples:  record.mjs rollback --reason health_check_failed --previous-deployment-id 123 -- ./rollback.sh
           record.mjs rollback --reason health_check_failed --railway --url "$API_URL/health"
           record.mjs rollback --service web --reason test_failed --vercel --url "$WEB_URL"
           record.mjs rollback --reason manual --previous-deployment-id 123`,
  runsNow: byPlatform,
  check: ({ railway, vercel }, command) => [
    ...railway && command !== void 0 ? ["--railway takes the place of a command: give one of the two."] : [],
    ...vercel && command !== void 0 ? ["--vercel takes the place of a command: give one of the two."] : [],
    ...railway && vercel ? ["--railway and --vercel are two rollbacks: record each by a call of its own."] : []
  ],
  // A rollback that cannot be recorded must happen all the same.
  unrecorded: async (call2) => await runUnrecorded({
    ...call2,
    command: byPlatform(call2.values) && !call2.command ? platformCommand(call2.values) : call2.command
  }),
  run: async (call2) => byPlatform(call2.values) ? await recordStage({ ...call2, command: platformCommand(call2.values) }, stagedOf2(call2)) : call2.command !== void 0 ? await recordStage(call2, stagedOf2(call2)) : (await recordReported(call2, stagedOf2(call2), call2.values.status ?? "success"), 0)
});

// src/record/verbs/smoke-test.ts
init_metrics();
init_emit();
init_message();
init_pipeline3();
init_stages();
init_time();
function resultSamples2(group3, result) {
  let emit = samplesOf(group3);
  return [
    emit("smoke_test_total", { status: result.passed ? "success" : "failure" }, 1),
    emit("smoke_test_success", {}, result.passed ? 1 : 0),
    emit("smoke_test_finished_timestamp_seconds", {}, toSeconds(result.finishedMs)),
    emit("smoke_test_duration_seconds", {}, result.seconds),
    ...result.passed ? [] : [emit("smoke_test_error_info", { message: result.message }, 1)]
  ];
}
var smokeTest = defineVerb({
  name: "smoke-test",
  summary: "runs a smoke test, and records whether it passed and how long it took",
  command: "or-status",
  options: {
    "test-name": text("NAME", "which test", { required: !0 }),
    status: choice(labels.test_status, "STATUS", "how it ended, for a test that has run already", {
      report: !0
    }),
    duration: number("SECONDS", "how long it took, for a test that has run already", {
      min: 0,
      report: !0
    }),
    "finished-at": time("TIME", "when it ended, for a test that has run already", { report: !0 }),
    "error-message": text(
      "TEXT",
      "why, if it fails; secrets are removed; else the line of the output that says why"
    )
  },
  details: () => `Output and exit code of the command pass through unchanged. A test that is run again replaces itself; one that is
cancelled is not recorded.

Examples:  record.mjs smoke-test --test-name ${example().smokeTest} -- curl -fsS "$API_URL/health"
           record.mjs smoke-test --test-name ${example().smokeTest} --status failure --duration 2.5`,
  run: async (call2) => {
    let { values: values2, deployment: deployment3, env, at, recorder } = call2, group3 = { ...deployment3, test_name: values2["test-name"] }, what = `smoke test ${group3.test_name}`, push = (result) => ({
      method: "PUT",
      group: group3,
      samples: resultSamples2(group3, result),
      what: `${what} (${result.passed ? "success" : "failure"})`
    }), given = errorMessage(values2["error-message"] ?? "", env), failureMessage = async (end) => {
      let { failureOf: failureOf2, writeFailureSummary: writeFailureSummary2 } = await Promise.resolve().then(() => (init_why2(), why_exports)), { message, type } = failureOf2(end, env);
      return writeFailureSummary2(
        what,
        end.output,
        { message: given || message, type: errorTypeOf("test_failed", type) },
        env
      ), given || message;
    };
    if (call2.command === void 0) {
      let finishedMs = values2["finished-at"] ?? at, passed2 = values2.status === "success", recorded2 = await recorder.record(
        push({ passed: passed2, finishedMs, seconds: values2.duration ?? 0, message: given })
      );
      return recorder.say(recorded2, `${what}: ${values2.status}`), 0;
    }
    let { ended: ended3, recorded } = await recordAround(call2, {
      end: async (end) => end.cancelled ? void 0 : push({
        passed: end.code === 0,
        finishedMs: end.finishedMs,
        seconds: lengthSeconds(end.startedMs, end.finishedMs),
        message: end.code === 0 ? "" : await failureMessage(end)
      })
    }), seconds = formatSeconds(lengthSeconds(ended3.startedMs, ended3.finishedMs));
    return recorder.say(recorded, `${what}: ${statusOf(ended3)} after ${seconds}`), ended3.code;
  }
});

// src/record/verbs/stage.ts
init_pipeline3();
init_stages();
var whichStage = {
  service: named(services, "NAME", "what is built or deployed", { required: !0 }),
  stage: named(stages, "NAME", "which step of the pipeline", { required: !0 })
}, stage2 = defineVerb({
  name: "stage",
  summary: "runs a command as a stage, and records how long it took and how it ended",
  command: "required",
  options: { ...whichStage, ...stageOptions },
  details: () => `The command's output, exit code and signals pass through unchanged. A failure is recorded with its type (timeout when
the command was killed or ended with 124 or 137) and with the last line of its stderr, without secrets. When the
recorder itself is told to stop, the stage is cancelled; in a workflow write "run: exec node record.mjs stage …" so
that it hears of it.

Without a command use stage-start and stage-finish.

Example:  record.mjs stage --service ${example().service} --stage ${example().build} -- docker build .`,
  run: async (call2) => {
    let { service: service2, stage: stage3 } = call2.values, group3 = { ...call2.deployment, service: service2, stage: stage3 };
    return await recordStage(call2, {
      group: group3,
      what: `stage ${stage3} of ${service2}`,
      samples: (end) => stageEndSamples(group3, end)
    });
  }
});

// src/record/verbs/stage-finish.ts
init_metrics();
init_pipeline3();
init_stages();
var stageFinish = defineVerb({
  name: "stage-finish",
  summary: "a stage that was begun with stage-start has ended",
  command: "none",
  options: {
    ...whichStage,
    status: choice(labels.status, "STATUS", "how it ended", { required: !0 }),
    "started-at": time("TIME", "when it began; else as stage-start recorded on this machine"),
    "finished-at": time("TIME", "when it ended, if not now"),
    duration: number("SECONDS", "how long it took, when its beginning is unknown", { min: 0 }),
    ...stageOptions
  },
  details: () => `Its duration is recorded when it is known when the stage began.

Example:  record.mjs stage-finish --service ${example().service} --stage ${example().deploy} --status success`,
  run: async (call2) => {
    let { values: values2, deployment: deployment3, env, at, recorder } = call2, group3 = { ...deployment3, service: values2.service, stage: values2.stage }, { status, duration: duration2 } = values2, what = `the end of stage ${group3.stage} of ${group3.service} (${status})`, finishedMs = values2["finished-at"] ?? at, counted2 = duration2 === void 0 ? void 0 : finishedMs - duration2 * 1e3, startedMs = values2["started-at"] ?? counted2 ?? (recorder.dryRun ? void 0 : recallStart(env, group3)), samples = stageEndSamples(group3, {
      startedMs,
      finishedMs,
      status,
      logUrl: logUrl(call2),
      ...status === "failure" && { error: reportedError(call2, group3.stage) }
    }), method = startedMs === void 0 ? "POST" : "PUT";
    return recorder.say(await recorder.record({ method, group: group3, samples, what }), what), 0;
  }
});

// src/record/verbs/stage-start.ts
init_pipeline3();
init_stages();
var stageStart = defineVerb({
  name: "stage-start",
  summary: "a stage begins that is no single command",
  command: "none",
  options: {
    ...whichStage,
    "started-at": time("TIME", "when it began, if not now"),
    "log-url": stageOptions["log-url"]
  },
  details: () => `A stage that is begun again keeps its earlier end until stage-finish replaces it.

Example:  record.mjs stage-start --service ${example().service} --stage ${example().deploy}`,
  run: async (call2) => {
    let { values: values2, deployment: deployment3, env, at, recorder } = call2, group3 = { ...deployment3, service: values2.service, stage: values2.stage }, what = `the start of stage ${group3.stage} of ${group3.service}`, startedMs = values2["started-at"] ?? at;
    recorder.dryRun || rememberStart(env, group3, startedMs);
    let samples = stageStartSamples(group3, { startedMs, logUrl: logUrl(call2) });
    return recorder.say(await recorder.record({ method: "POST", group: group3, samples, what }), what), 0;
  }
});

// src/record/verbs/start.ts
init_metrics();
init_emit();
init_time();
var options4 = {
  "triggered-at": time("TIME", "when the push or click happened; else from GitHub's event, else the start"),
  "committed-at": time("TIME", "when the commit was made; else from GitHub's event"),
  "started-at": time("TIME", "when the deployment began, if not now"),
  branch: text("NAME", "what is deployed; else the branch or tag of the run"),
  commit: text("SHA", "else GITHUB_SHA"),
  version: text("NAME", "else the tag, else the beginning of the commit"),
  actor: text("NAME", "who deploys; else GITHUB_ACTOR"),
  "triggered-by": choice(labels.triggered_by, "KIND", "else from GitHub's event"),
  "previous-deployment-id": text("ID", "the deployment that this one replaces"),
  hotfix: flag("it fixes what an earlier deployment broke: counts as rework"),
  "rework-of": text("ID", "the deployment that it fixes; else the one before it"),
  "run-url": text("URL", "the page of the run; else GitHub's"),
  "no-sweep": flag("do not remove groups of deployments that finished hours ago")
}, sweepBudgetMs = 200;
function reworkSamples({ values: values2, deployment: deployment3, env }) {
  let reworkOf = values2["rework-of"];
  return !values2.hotfix && reworkOf === void 0 && !isRevert(env) ? [] : [samplesOf(deployment3)("deployment_rework_info", { rework_of: reworkOf ?? "" }, 1)];
}
function startSamples(call2) {
  let { values: values2, deployment: deployment3, env, at } = call2, emit = samplesOf(deployment3), startedMs = values2["started-at"] ?? at, triggeredMs = values2["triggered-at"] ?? triggeredAt(env) ?? startedMs, branchName = values2.branch ?? branch(env), commit = values2.commit ?? env.GITHUB_SHA ?? "", committedMs = values2["committed-at"] ?? committedAt(env);
  return [
    emit("deployment_triggered_timestamp_seconds", {}, toSeconds(triggeredMs)),
    emit("deployment_started_timestamp_seconds", {}, toSeconds(startedMs)),
    ...reworkSamples(call2),
    ...committedMs ? [emit("deployment_committed_timestamp_seconds", {}, toSeconds(committedMs))] : [],
    emit(
      "deployment_in_progress",
      { branch: branchName, triggered_by: values2["triggered-by"] ?? triggeredBy(env) },
      1
    ),
    emit(
      "deployment_info",
      {
        branch: branchName,
        commit,
        version: values2.version ?? (version(env) || commit.slice(0, 12)),
        actor: values2.actor ?? env.GITHUB_ACTOR ?? "",
        previous_deployment_id: values2["previous-deployment-id"] ?? "",
        run_url: values2["run-url"] ?? runUrl(env),
        repository_url: repositoryUrl(env)
      },
      1
    )
  ];
}
var start = defineVerb({
  name: "start",
  summary: "a deployment begins",
  command: "none",
  options: options4,
  details: `Records when it was triggered and started, what is deployed, by whom and from which run. Where PROMETHEUS_URL is set
it removes afterwards from the gateway what finished hours ago, for at most 200 ms; sweep, on a schedule, removes the rest.

A deployment that fixes what an earlier one broke says so (--hotfix, --rework-of ID), or its commit does, when git revert
wrote its message: it counts as rework, and the one that it fixes as a failed change.

Example:  record.mjs start --branch "$GITHUB_REF_NAME"
          record.mjs start --hotfix
          record.mjs start --rework-of 17073938885`,
  run: async (call2) => {
    let { deployment: deployment3, recorder } = call2, what = `the start of deployment ${deployment3.deployment_id}`, recorded = await recorder.record({
      method: "POST",
      group: deployment3,
      samples: startSamples(call2),
      what
    });
    if (recorder.say(recorded, what), recorded && !call2.values["no-sweep"] && recorder.delivery && call2.env.PROMETHEUS_URL) {
      let { sweepNamed: sweepNamed2 } = await Promise.resolve().then(() => (init_sweep_named(), sweep_named_exports));
      await sweepNamed2(recorder.delivery, call2.env, deployment3, sweepBudgetMs);
    }
    return 0;
  }
});

// src/record/verbs/sweep.ts
init_words();
init_sweep();
var sweep2 = defineVerb({
  name: "sweep",
  summary: "removes from the gateway what belongs to deployments that finished hours ago",
  command: "none",
  needsDeployment: !1,
  options: {
    "older-than": duration("TIME", "how long ago it must have finished, and nothing been pushed since", {
      default: "2h"
    }),
    timeout: duration("TIME", "how long it may take", { default: "60s" })
  },
  details: `Deployments that never finished are removed when nothing was pushed for them for a day. Nothing else is touched:
neither other jobs nor groups of another shape. Run it on a schedule (docs/examples/sweep.yml): it lists the whole
gateway, which a start does not. --dry-run lists what would be removed.

Example:  record.mjs sweep --older-than 2h`,
  run: async ({ values: values2, recorder, io, env }) => {
    let delivery = recorder.delivery ?? (recorder.dryRun ? recorder.reader(env) : void 0);
    if (!delivery) return 0;
    let { paths, problem } = await sweep(delivery, {
      budgetMs: values2.timeout,
      olderThanMs: values2["older-than"],
      nowMs: values2.at,
      dryRun: recorder.dryRun
    });
    return recorder.dryRun ? io.stdout(paths.map((path) => `DELETE /${path}
`).join("")) : io.stderr(`Removed ${counted(paths.length, "group")}.
`), problem && recorder.warnings.push(`The gateway was not swept completely. ${problem}`), 0;
  }
});

// src/record/verbs/registry.ts
var verbs = [
  start,
  stage2,
  stageStart,
  stageFinish,
  migration,
  health2,
  errorRate,
  smokeTest,
  rollback,
  railwayRollback,
  railwayWait,
  vercelRollback,
  vercelWait,
  cost,
  finish,
  gate2,
  sweep2
];

// src/record/call-line.ts
function takesNext(word) {
  let name2 = word.slice(2), spec = [commonOptions, ...verbs.map(({ options: options5 }) => options5)].map((options5) => options5[name2]).find((found) => found !== void 0);
  return spec !== void 0 && spec.kind !== "switch";
}
function readCallLine(argv) {
  let split = argv.includes("--") ? argv.indexOf("--") : argv.length, at = 0;
  for (; at < split && argv[at].startsWith("--"); ) at += takesNext(argv[at]) ? 2 : 1;
  let name2 = at < split ? argv[at] : void 0, rest = name2 === void 0 ? argv : [...argv.slice(0, at), ...argv.slice(at + 1)];
  return {
    name: name2,
    verb: verbs.find((known) => known.name === name2),
    rest,
    command: split < argv.length ? argv.slice(split + 1) : void 0,
    own: argv.slice(0, split).filter((_, i) => i !== at)
  };
}
var nearestVerb = (name2) => {
  let near = nearest(
    name2,
    verbs.map((verb) => verb.name)
  );
  return verbs.find((verb) => verb.name === near);
}, looksLikeCommand = (name2, own) => /[./]/.test(name2) || own.some((word, i) => !word.startsWith("-") && !/^--[^=]+$/.test(i > 0 ? own[i - 1] : ""));
function unknownVerbCode(line, code) {
  let near = nearestVerb(line.name ?? "");
  return line.command !== void 0 ? code || (near?.command === "none" ? near.undecided ?? 0 : 0) : near?.undecided !== void 0 ? near.undecided : near?.command === "required" || near?.command === "or-status" && !line.own.some((word) => word.startsWith("--status")) || looksLikeCommand(line.name ?? "", line.own) ? 1 : 0;
}

// src/record/check.ts
init_time();
var runsNow = (verb, { values: values2, command }) => command !== void 0 || verb.runsNow?.(values2) === !0, longestId = 200;
function callProblems(verb, parsed, deploymentId, now2) {
  let { values: values2, command, problems } = parsed, found = [...problems];
  return deploymentId && deploymentId.length > longestId && found.push(
    `The deployment id has ${deploymentId.length} characters: give --deployment-id one of at most ${longestId}, like the run's id.`
  ), !deploymentId?.trim() && verb.needsDeployment !== !1 && !parsed.withoutValue.has("deployment-id") && found.push(
    "The deployment id is missing: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID."
  ), found.push(...commandProblems(verb, parsed), ...timeProblems(verb, parsed, now2)), problems.length === 0 ? [...found, ...verb.check?.(values2, command, now2) ?? []] : found;
}
function commandProblems(verb, parsed) {
  let { values: values2, command } = parsed, found = [];
  return command?.length === 0 && found.push('There is no command after " -- ".'), verb.command === "required" && command === void 0 && found.push(`${verb.name} needs a command: record.mjs ${verb.name} … -- command.`), verb.command === "or-status" && command === void 0 && !parsed.given.has("status") && found.push(`${verb.name} needs a command after " -- ", or --status of what has run already.`), verb.command === "none" && command !== void 0 && found.push(`${verb.name} takes no command.`), verb.timeless && values2.at !== void 0 ? found.push(`${verb.name} records no time, so --at says nothing: leave it out.`) : runsNow(verb, parsed) && found.push(
    ...reports(verb).filter((name2) => parsed.given.has(name2)).map((name2) => `--${name2} is for what happened already, and ${verb.name} does it now.`)
  ), found;
}
var reports = (verb) => [
  "at",
  ...Object.entries(verb.options).filter(([, spec]) => spec.kind !== "switch" && spec.report).map(([name2]) => name2)
];
function timeProblems(verb, { values: values2 }, now2) {
  if (verb.needsDeployment === !1) return [];
  let times2 = values2, timeOf2 = (name2) => {
    let value = times2[name2];
    return typeof value == "number" ? value : void 0;
  }, names = Object.entries({
    ...verb.options,
    at: { kind: "time", placeholder: "", help: "" }
  }).filter(([, spec]) => spec.kind === "time").map(([name2]) => name2), found = names.filter((name2) => (timeOf2(name2) ?? 0) > now2 + farthestAheadMs).map(
    (name2) => `--${name2} is ${formatSeconds((timeOf2(name2) - now2) / 1e3)} ahead of this machine's clock: give the time when it happened.`
  ), began = timeOf2("started-at"), ended3 = timeOf2("finished-at") ?? timeOf2("at");
  return names.includes("finished-at") && began !== void 0 && ended3 !== void 0 && began > ended3 && found.push(
    `--started-at lies ${formatSeconds((began - ended3) / 1e3)} after the end: exchange the two, or correct one.`
  ), found;
}
function forgotCommand(verb, { command, given, positionals }) {
  if (command !== void 0) return command.length === 0;
  if (verb.command === "required") return !0;
  let stray = positionals.length > 0;
  return verb.command === "or-status" ? stray || !given.has("status") : verb.command === "optional" && stray;
}

// src/record/main.ts
init_gateway();

// src/record/help.ts
function toolHelp(verbs2) {
  let width = Math.max(...verbs2.map((verb) => verb.name.length));
  return `Records what a deployment pipeline does, by pushing it to a Prometheus Pushgateway.

Usage: node record.mjs VERB [options] [-- command]

${verbs2.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`).join(`
`)}

Each verb has --help. Options of all verbs: ${Object.keys(commonOptions).map((name2) => `--${name2}`).join(", ")}.

Environment:
  PUSHGATEWAY_URL        where to push, possibly with a path prefix; "disabled" switches recording off
  PUSHGATEWAY_USERNAME, PUSHGATEWAY_PASSWORD, or PUSHGATEWAY_TOKEN
  DEPLOYMENT_ID, DEPLOYMENT_ENVIRONMENT, and what GitHub Actions sets

The deployment goes on whatever happens to the recording: exit code 0 and a warning, or the exit code of the
command; --strict gives 1. An event that cannot be sent within five seconds is kept, and the next one sends it.
`;
}
function left(name2, spec) {
  return `--${name2}${spec.kind === "switch" ? "" : ` ${spec.placeholder}`}`;
}
function right(spec) {
  if (spec.kind === "switch") return spec.help;
  let notes = [
    spec.required && "required",
    spec.values && `one of ${spec.values.join(", ")}`,
    spec.names && spec.names().length > 0 && `such as ${spec.names().join(", ")}`,
    spec.env && `else ${spec.env}`,
    spec.default !== void 0 && `default ${typeof spec.default == "function" ? spec.default() : spec.default}`
  ].filter((note) => typeof note == "string");
  return notes.length > 0 ? `${spec.help} (${notes.join("; ")})` : spec.help;
}
function verbHelp(verb) {
  let options5 = Object.entries({ ...verb.options, ...commonOptions }), width = Math.max(...options5.map(([name2, spec]) => left(name2, spec).length)), rows = options5.map(([name2, spec]) => `  ${left(name2, spec).padEnd(width)}  ${right(spec)}`), command = {
    required: " -- command",
    "or-status": " -- command | --status STATUS",
    optional: " [-- command]",
    none: ""
  }[verb.command];
  return `${verb.name}: ${verb.summary}

Usage: node record.mjs ${verb.name} [options]${command}

${rows.join(`
`)}

${typeof verb.details == "function" ? verb.details() : verb.details}
`;
}

// src/record/main.ts
init_io();
init_pipeline3();
init_secrets();

// src/record/version.ts
var recorderVersion = "0.1.0";

// src/record/main.ts
async function main(argv, env, io = processIo) {
  try {
    let line = readCallLine(argv), asked = help(line, io);
    return asked !== void 0 ? asked : line.verb ? await call(line.verb, line.rest, env, io) : await unknownVerb(line, env, io);
  } catch (error2) {
    return mistake(error2, argv, env, io);
  }
}
function mistake(error2, argv, env, io = processIo) {
  let what = error2 instanceof Error ? error2.stack ?? error2.message : String(error2);
  warn(`Not done, because of a mistake in the recorder: ${what}`, env, io);
  let { verb, command, own } = readCallLine(argv);
  return verb?.undecided ?? (command !== void 0 || own.includes("--strict") ? 1 : 0);
}
var warn = (text2, env, io) => io.stderr(warningLine(secretRemover(env)(text2)));
async function call(verb, rest, env, io) {
  let parsed = parseOptions({ ...verb.options, ...commonOptions }, rest, {
    env
  }), { values: values2, command } = parsed, deploymentId = values2["deployment-id"] ?? defaultDeploymentId(env), problems = callProblems(verb, parsed, deploymentId, io.now());
  if (problems.length > 0) {
    for (let problem of problems) warn(`${notDone(verb)} (${verb.name}): ${problem}`, env, io);
    return await wrongCall(verb, parsed, env, io);
  }
  let recorder = new Recorder(env, io, values2["dry-run"]), { environment: environment2, name: name2, known } = recordedEnvironment(values2.environment);
  for (let note of [...parsed.notes, ...known ? [] : [unknownEnvironment(name2)]])
    io.stderr(warningLine(note));
  let deployment3 = { environment: environment2, deployment_id: deploymentId ?? "" }, code = await verb.run({ values: values2, command, deployment: deployment3, at: values2.at ?? io.now(), env, io, recorder });
  for (let warning of recorder.warnings) warn(warning, env, io);
  return code === 0 && recorder.interruptedBy && command === void 0 ? 128 + (await import("node:os")).constants.signals[recorder.interruptedBy] : code === 0 && values2.strict && recorder.warnings.length > 0 ? 1 : code;
}
async function flush(env, io, budgetMs, strict) {
  try {
    if (gatewayOf(env).kind !== "ready") return 0;
    let recorder = new Recorder(env, io, !1), done = await recorder.flush(budgetMs);
    for (let warning of recorder.warnings) warn(warning, env, io);
    return done || !strict ? 0 : 1;
  } catch (error2) {
    return mistake(error2, [], env, io);
  }
}
var unknownEnvironment = (name2) => `The environment "${name2}" is not in the pipeline file. It is recorded under that name, never pages and counts in no SLO; add it to pipeline.config.ts and build.`, notDone = (verb) => verb?.needsDeployment === !1 ? "Not done" : "Not recorded";
async function wrongCall(verb, parsed, env, io) {
  let { values: values2, command } = parsed;
  return verb.undecided !== void 0 && !verb.unrecorded ? verb.undecided : values2.strict ? 1 : values2["dry-run"] ? 0 : forgotCommand(verb, parsed) ? 1 : await (verb.unrecorded ?? runUnrecorded)({ values: values2, command, env, io });
}
async function unknownVerb(line, env, io) {
  let near = nearestVerb(line.name ?? ""), fix = near ? `Did you mean ${near.name}?` : `Verbs: ${verbs.map((verb) => verb.name).join(", ")}.`, what = line.name === void 0 ? "the verb is missing." : `there is no verb "${line.name}".`;
  if (warn(`${notDone(near)}: ${what} ${fix}`, env, io), line.own.includes("--strict")) return near?.undecided ?? 1;
  let { command } = line, code = await runUnrecorded({ values: {}, command, env, io });
  return unknownVerbCode(line, code);
}
function help({ name: name2, verb, own, command }, io) {
  let wanted2 = own.includes("--help") || own.includes("-h") || name2 === "-h";
  if (name2 === "help" && own[0] !== void 0 && !own[0].startsWith("-")) {
    let known = verbs.find((one) => one.name === own[0]);
    return known || io.stderr(`There is no verb "${own[0]}".
`), io.stdout(known ? verbHelp(known) : toolHelp(verbs)), known ? 0 : 1;
  }
  if (own.includes("--version") && !verb)
    return io.stdout(`${recorderVersion}
`), 0;
  let nothing2 = name2 === void 0 && own.length === 0 && command === void 0;
  if (!(!wanted2 && name2 !== "help" && !nothing2))
    return io.stdout(verb ? verbHelp(verb) : toolHelp(verbs)), 0;
}

// src/record/cli.ts
var uncaught = (error2) => process.exit(mistake(error2, process.argv.slice(2), process.env));
globalThis.deploymentRecorder !== "library" && (process.once("uncaughtException", uncaught), process.exit(await main(process.argv.slice(2), process.env)));
export {
  flush,
  main
};
