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
      "freezes": true,
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
      "database_migration",
      "ubuntu-latest"
    ],
    "runners": {
      "ubuntu-latest": {
        "perMinute": 0.006,
        "since": "2026-01-01",
        "source": "https://docs.github.com/en/billing/reference/actions-runner-pricing"
      }
    }
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
    "flaky": {
      "failures": 3,
      "share": 0.05
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
      "by": "service",
      "examples": "Supabase and the embeddings API"
    },
    "database": {
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
  },
  "chat": {
    "about": "production",
    "slackChannel": "",
    "template": {
      "text": "{text}"
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

// src/lib/time.ts
function parseTime(text3) {
  if (/^\d+(\.\d+)?$/.test(text3)) {
    let seconds = Number(text3);
    return seconds < 1e11 ? Math.round(seconds * 1e3) : void 0;
  }
  if (!isoWithZone.test(text3)) return;
  let ms = Date.parse(text3);
  return Number.isNaN(ms) ? void 0 : ms;
}
var isoWithZone, init_time = __esm({
  "src/lib/time.ts"() {
    "use strict";
    isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
  }
});

// src/lib/words.ts
function editDistance(a, b) {
  let before = [], previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let row3 = [i];
    for (let j = 1; j <= b.length; j++) {
      let same = a[i - 1] === b[j - 1], cost2 = Math.min(previous[j] + 1, row3[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && (cost2 = Math.min(cost2, before[j - 2] + 1)), row3.push(cost2);
    }
    [before, previous] = [previous, row3];
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
      stdout: (text3) => {
        process.stdout.write(text3);
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
    }, escapeData = (text3) => text3.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll(`
`, "%0A"), warningLine = (text3) => `::warning title=Deployment recorder::${escapeData(text3)}
`;
  }
});

// src/record/channel.ts
var channel_exports = {};
__export(channel_exports, {
  isSameFile: () => isSameFile,
  openChannels: () => openChannels
});
import { closeSync, constants, fstatSync, mkdtempSync, openSync, rmSync } from "node:fs";
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
async function openChannels(count2) {
  if (process.platform === "win32") return;
  let [{ execFileSync }, net] = await Promise.all([import("node:child_process"), import("node:net")]), folder;
  try {
    folder = mkdtempSync(join(tmpdir(), "deployment-recorder-"));
    let paths = Array.from({ length: count2 }, (_, i) => join(folder, String(i)));
    return execFileSync("mkfifo", paths, { stdio: "ignore" }), paths.map((path) => openChannel(path, net.Socket));
  } catch {
    return;
  } finally {
    folder !== void 0 && rmSync(folder, { recursive: !0, force: !0 });
  }
}
function openChannel(path, Pipe) {
  let reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writer = openSync(path, constants.O_WRONLY);
  return {
    writer,
    read: (sink, closed) => {
      closeSync(writer);
      let socket = readInto(reader, sink, Pipe);
      return socket.once("close", closed), () => socket.destroy();
    },
    close: () => {
      closeSync(writer), closeSync(reader);
    }
  };
}
function readInto(fd, sink, Pipe) {
  let buffer = Buffer.allocUnsafe(65536), onread = {
    buffer,
    callback: (size) => sink(buffer.subarray(0, size), () => socket.resume())
  }, socket = new Pipe({ fd, readable: !0, writable: !1, onread });
  return socket.on("error", () => {
  }), socket.resume(), socket;
}
var init_channel = __esm({
  "src/record/channel.ts"() {
    "use strict";
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
        producers: ["none yet"],
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
        producers: ["none yet"],
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

// src/pipeline/dashboards.ts
var uids, init_dashboards = __esm({
  "src/pipeline/dashboards.ts"() {
    "use strict";
    uids = {
      overview: "deployment-pipeline",
      troubleshooting: "deployment-troubleshooting",
      slo: "deployment-slo",
      dora: "deployment-dora"
    };
  }
});

// src/lib/sanitize.ts
function mapTexts(data, change) {
  return typeof data == "string" ? change(data) : Array.isArray(data) ? data.map((item) => mapTexts(item, change)) : typeof data != "object" || data === null ? data : Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapTexts(value, change)]));
}
function codeSpan(text3) {
  let line = stripControls(text3).replaceAll(/\s*\n\s*/g, " ⏎ ");
  if (line.trim() === "") return "";
  let fence = "`".repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([row3]) => row3.length)) + 1), gap = /^`|`$|^ .* $/.test(line) ? " " : "";
  return `${fence}${gap}${line}${gap}${fence}`;
}
var commands, stripControls, oneLine, init_sanitize = __esm({
  "src/lib/sanitize.ts"() {
    "use strict";
    commands = /(?![\n\t])[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, stripControls = (text3) => text3.replaceAll(`\r
`, `
`).replace(commands, "�"), oneLine = (text3) => stripControls(text3).replace(/\s+/g, " ").trim();
  }
});

// src/lib/errors.ts
var errors_exports = {};
__export(errors_exports, {
  EnvironmentFailure: () => EnvironmentFailure,
  UserError: () => UserError,
  explain: () => explain,
  isExpected: () => isExpected,
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
var UserError, EnvironmentFailure, isExpected, explain, init_errors = __esm({
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
    }, isExpected = (error2) => error2 instanceof UserError || error2 instanceof EnvironmentFailure, explain = (error2) => stripControls(wordsOf(error2));
  }
});

// src/pipeline/pipeline.ts
var environmentsOf, stagesOf, runbookFolder, init_pipeline = __esm({
  "src/pipeline/pipeline.ts"() {
    "use strict";
    environmentsOf = ({ environments }, kind) => Object.entries(environments).flatMap(([name2, e]) => e.kind === kind && !name2.includes("*") ? [name2] : []), stagesOf = ({ stages: stages4 }, ...kinds) => Object.entries(stages4).flatMap(([name2, { kind }]) => kinds.includes(kind) ? [name2] : []), runbookFolder = ({ repository }) => `${repository === "" ? "" : `${repository}/blob/main/`}generated/docs/runbooks`;
  }
});

// src/pipeline/ledger.ts
var sampling, environmentForgottenAfter, init_ledger = __esm({
  "src/pipeline/ledger.ts"() {
    "use strict";
    sampling = { eager: 120, retention: 7800 }, environmentForgottenAfter = 90 * 86400;
  }
});

// src/pipeline/index.ts
var init_pipeline2 = __esm({
  "src/pipeline/index.ts"() {
    "use strict";
    init_dashboards();
    init_ledger();
    init_pipeline();
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
      // A stage with its service, or a smoke test: `api build`, `smoke test web_app`.
      part: "open",
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
      // As a job asks for it: `ubuntu-latest`.
      runner: "open",
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
      // Its own name, of a deployment to one of the previews, which are recorded as one environment.
      preview: "open",
      log_url: "open",
      message: "open",
      channel: "open",
      message_ts: "open",
      thread_ts: "open",
      window: ["1h", "1d", "7d", "30d"],
      quantile: ["0.5", "0.95", "0.99"],
      // The ids of the objectives in slo/, which the build puts in.
      slo: "open"
    };
  }
});

// src/metrics/custom.ts
var environment, deployment_id, window, customMetrics, init_custom = __esm({
  "src/metrics/custom.ts"() {
    "use strict";
    init_labels();
    ({ environment, deployment_id, window } = labels), customMetrics = ({
      metrics
    }) => Object.fromEntries(
      Object.entries(metrics).map(([name2, { unit, help: help2, labels: own = {} }]) => [
        name2,
        {
          type: "gauge",
          unit,
          help: help2,
          labels: { environment, deployment_id, metric: [name2], ...own },
          producers: ["recorder"],
          required: !1,
          pushedOnce: !0
        }
      ])
    );
  }
});

// src/metrics/recorded-series.ts
var deploymentLabels, stageLabels, testLabels, deploymentInfo, init_recorded_series = __esm({
  "src/metrics/recorded-series.ts"() {
    "use strict";
    init_labels();
    deploymentLabels = {
      environment: labels.environment,
      deployment_id: labels.deployment_id
    }, stageLabels = { ...deploymentLabels, service: labels.service, stage: labels.stage }, testLabels = { ...deploymentLabels, test_name: labels.test_name }, deploymentInfo = {
      ...deploymentLabels,
      branch: labels.branch,
      commit: labels.commit,
      version: labels.version,
      actor: labels.actor,
      previous_deployment_id: labels.previous_deployment_id,
      run_url: labels.run_url,
      repository_url: labels.repository_url,
      preview: labels.preview
    };
  }
});

// src/metrics/pushed.ts
var service, stage, migration_name, pushedStageLabels, pushed, alsoCollector, optional, optionalAlsoCollector, init_pushed = __esm({
  "src/metrics/pushed.ts"() {
    "use strict";
    init_labels();
    init_recorded_series();
    ({ service, stage, migration_name } = labels), pushedStageLabels = { ...deploymentLabels, service, stage, migration_name }, pushed = { producers: ["recorder"], required: !0, pushedOnce: !0 }, alsoCollector = {
      producers: ["recorder", "collector"],
      required: !0,
      pushedOnce: !0
    }, optional = { producers: ["recorder"], required: !1, pushedOnce: !0 }, optionalAlsoCollector = { ...alsoCollector, required: !1 };
  }
});

// src/metrics/pushed-checks.ts
var service2, test_name, checkMetrics, init_pushed_checks = __esm({
  "src/metrics/pushed-checks.ts"() {
    "use strict";
    init_labels();
    init_pushed();
    init_recorded_series();
    ({ service: service2, test_name } = labels), checkMetrics = {
      deployment_health_check_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When this attempt of the health check ran.",
        labels: { ...deploymentLabels, service: service2, attempt: labels.attempt },
        ...pushed
      },
      deployment_health_check_success: {
        type: "gauge",
        unit: "boolean",
        help: "1 when this attempt of the health check was answered with status 200 in time.",
        labels: { ...deploymentLabels, service: service2, attempt: labels.attempt },
        ...pushed
      },
      deployment_health_check_latency_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long this attempt of the health check took.",
        labels: { ...deploymentLabels, service: service2, attempt: labels.attempt },
        ...pushed
      },
      api_health_check_latency_ms: {
        type: "gauge",
        unit: "milliseconds",
        help: "Latency of the last health check with this status.",
        labels: { ...deploymentLabels, service: service2, status: labels.health_status },
        ...alsoCollector
      },
      post_deployment_error_rate: {
        type: "gauge",
        unit: "ratio",
        help: "Share of failing requests (or health checks) in the first minutes of the new version, 0 to 1.",
        labels: { ...deploymentLabels, service: service2 },
        ...optionalAlsoCollector
      },
      smoke_test_total: {
        type: "counter",
        unit: "count",
        help: "A smoke test that ran; always 1.",
        labels: { ...deploymentLabels, test_name, status: labels.test_status },
        ...alsoCollector
      },
      smoke_test_success: {
        type: "gauge",
        unit: "boolean",
        help: "1 when the smoke test passed.",
        labels: { ...deploymentLabels, test_name },
        ...pushed
      },
      smoke_test_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the smoke test ended.",
        labels: { ...deploymentLabels, test_name },
        ...pushed
      },
      smoke_test_duration_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long the smoke test took.",
        labels: { ...deploymentLabels, test_name },
        ...pushed
      },
      smoke_test_error_info: {
        type: "info",
        unit: "none",
        help: "Always 1; why the smoke test failed, as a short message without secrets.",
        labels: { ...deploymentLabels, test_name, message: labels.message },
        ...optional
      }
    };
  }
});

// src/metrics/pipeline.ts
var environment2, deployment_id2, resource, gated, deployments, stages, events, pipelineMetrics, pipelineJob, init_pipeline3 = __esm({
  "src/metrics/pipeline.ts"() {
    "use strict";
    init_labels();
    init_pushed();
    init_pushed_checks();
    init_recorded_series();
    ({ environment: environment2, deployment_id: deployment_id2, resource } = labels), gated = { ...deploymentLabels, gate: labels.gate }, deployments = {
      deployment_triggered_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the push (or click) happened that caused the deployment.",
        labels: deploymentLabels,
        ...pushed
      },
      deployment_committed_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the commit that is deployed was made, as far as GitHub says.",
        labels: deploymentLabels,
        ...optional
      },
      deployment_started_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the first job of the deployment began to run.",
        labels: deploymentLabels,
        ...pushed
      },
      deployment_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the deployment finished, with any outcome.",
        labels: deploymentLabels,
        ...pushed
      },
      deployment_outcome_code: {
        type: "gauge",
        unit: "code",
        help: "Outcome as the run reported it: 1 success, 2 failure, 3 rolled back, 5 cancelled. The ledger decides the final one.",
        labels: deploymentLabels,
        ...pushed
      },
      deployment_in_progress: {
        type: "gauge",
        unit: "boolean",
        help: "1 while the deployment runs, 0 when it is finished.",
        labels: { ...deploymentLabels, branch: labels.branch, triggered_by: labels.triggered_by },
        ...alsoCollector
      },
      deployment_info: {
        type: "info",
        unit: "none",
        help: "Always 1; the labels say what was deployed, by whom and from which run.",
        labels: deploymentInfo,
        ...pushed
      },
      deployment_rework_info: {
        type: "info",
        unit: "none",
        help: "Always 1, of a deployment that fixes what an earlier one broke: it was unplanned. Names the one that it fixes, or none: then the one before it.",
        labels: { ...deploymentLabels, rework_of: labels.rework_of },
        ...optional
      },
      deployment_message_info: {
        type: "info",
        unit: "none",
        help: "Always 1; the message about the deployment in the chat, which later jobs edit, and the one with the error in its thread.",
        labels: {
          ...deploymentLabels,
          channel: labels.channel,
          message_ts: labels.message_ts,
          thread_ts: labels.thread_ts
        },
        ...optional
      },
      time_to_deploy_seconds: {
        type: "histogram",
        unit: "seconds",
        help: "Time to deploy as the collector measures it, buckets 60 to 1800 s. The ledger uses exact timestamps instead.",
        labels: { environment: environment2, deployment_id: deployment_id2 },
        producers: ["collector"],
        required: !1,
        pushedOnce: !0
      }
    }, stages = {
      deployment_stage_started_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the stage began.",
        labels: pushedStageLabels,
        ...pushed
      },
      deployment_stage_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the stage ended.",
        labels: pushedStageLabels,
        ...pushed
      },
      deployment_stage_status_code: {
        type: "gauge",
        unit: "code",
        help: "How the stage ended: 1 success, 2 skipped, 3 cancelled, 4 failure.",
        labels: pushedStageLabels,
        ...pushed
      },
      deployment_stage_duration_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long the stage took.",
        labels: { ...pushedStageLabels, status: labels.status },
        ...alsoCollector
      },
      deployment_total: {
        type: "counter",
        unit: "count",
        help: "A completed stage (not a deployment, in spite of its name); always 1.",
        labels: { ...pushedStageLabels, status: labels.status },
        ...alsoCollector
      },
      deployment_stage_info: {
        type: "info",
        unit: "none",
        help: "Always 1; the address of the log of the stage.",
        labels: { ...pushedStageLabels, log_url: labels.log_url },
        ...pushed
      },
      deployment_errors_total: {
        type: "counter",
        unit: "count",
        help: "An error of a stage; always 1.",
        labels: { ...pushedStageLabels, error_type: [...labels.error_type, "other"] },
        ...optionalAlsoCollector
      },
      deployment_error_info: {
        type: "info",
        unit: "none",
        help: "Always 1; what went wrong, as a type and a short message without secrets.",
        // The word itself, where it is none of the types.
        labels: { ...pushedStageLabels, error_type: "open", message: labels.message },
        ...optional
      }
    }, events = {
      migration_total: {
        type: "counter",
        unit: "count",
        help: "A run of database migrations; always 1.",
        labels: { ...pushedStageLabels, status: labels.test_status },
        ...alsoCollector
      },
      migration_success: {
        type: "gauge",
        unit: "boolean",
        help: "1 when the run of migrations succeeded.",
        labels: pushedStageLabels,
        ...pushed
      },
      migration_duration_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "How long the run of migrations took.",
        labels: pushedStageLabels,
        ...pushed
      },
      migrations_applied: {
        type: "gauge",
        unit: "count",
        help: "How many migrations the run applied.",
        labels: pushedStageLabels,
        ...pushed
      },
      database_migration_lag_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "Duration of the run of migrations, by the number of migrations, as the collector reports it.",
        labels: { ...pushedStageLabels, migration_count: labels.migration_count },
        ...optionalAlsoCollector
      },
      deployment_rollback_total: {
        type: "counter",
        unit: "count",
        help: "A rollback that was tried; always 1.",
        labels: { ...pushedStageLabels, reason: [...labels.reason, "other"], status: labels.test_status },
        ...optionalAlsoCollector
      },
      deployment_rollback_finished_timestamp_seconds: {
        type: "gauge",
        unit: "unix seconds",
        help: "When the rollback ended.",
        labels: pushedStageLabels,
        ...optional
      },
      deployment_rollback_info: {
        type: "info",
        unit: "none",
        help: "Always 1; to which deployment it was rolled back.",
        labels: { ...pushedStageLabels, previous_deployment_id: labels.previous_deployment_id, reason: "open" },
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
      deployment_runner_queue_seconds: {
        type: "gauge",
        unit: "seconds",
        help: "The longest that a job waited for this runner, from when it was created until it started.",
        labels: { ...deploymentLabels, runner: labels.runner },
        ...optional
      },
      deployment_infrastructure_cost: {
        type: "gauge",
        unit: "currency",
        help: "What this deployment cost on this resource.",
        labels: { ...deploymentLabels, resource },
        ...optionalAlsoCollector
      }
    }, pipelineMetrics = { ...deployments, ...stages, ...checkMetrics, ...events }, pipelineJob = "deployment-pipeline";
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
      runner: labels.runner,
      gate: labels.gate,
      metric: "open"
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
        help: "When a push of the group was last refused, by the clock of the Pushgateway; 0 if never. The recorder writes it by remote write.",
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
      constructor(text3, precedence = 9) {
        this.text = text3, this.precedence = precedence;
      }
      toString() {
        return this.text;
      }
    }, Scalar = class {
      text;
      precedence;
      constructor(text3, precedence = 9) {
        this.text = text3, this.precedence = precedence;
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

// src/metrics/selectors.ts
function selectorText(name2, matchers) {
  let list = Object.entries(matchers).filter(([, value]) => value !== void 0).map(
    ([label, value]) => value instanceof Match ? `${label}${value.operator}${quote(value.value)}` : `${label}=${quote(value ?? "")}`
  );
  return list.length > 0 ? `${name2}{${list.join(",")}}` : name2;
}
var Selector, Match, without, matches, quote, metric, ranged, overTime, lastOverTime, maxOverTime, avgOverTime, sumOverTime, ofCounter, rate, increase, init_selectors = __esm({
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
    }, without = new Match("=", ""), matches = (regex) => new Match("=~", regex), quote = (text3) => JSON.stringify(text3), metric = (name2, matchers = {}) => new Selector(selectorText(name2, matchers));
    ranged = (text3, range, o = {}) => `${text3}[${range}]${o.at ? ` @ ${o.at}` : ""}${o.offset ? ` offset ${o.offset}` : ""}`, overTime = (name2) => (s, range, o) => new Vector(`${name2}(${ranged(s.text, range, o)})`), lastOverTime = overTime("last_over_time"), maxOverTime = overTime("max_over_time"), avgOverTime = overTime("avg_over_time"), sumOverTime = overTime("sum_over_time"), ofCounter = (name2) => (counter, range, o) => new Vector(`${name2}(${ranged(counter.text, range, o)})`), rate = ofCounter("rate"), increase = ofCounter("increase");
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

// src/metrics/reads.ts
function readsOf({
  transport,
  metrics
}) {
  if (transport === "pushgateway") return (promql) => promql;
  let names = [
    ...Object.keys(pipelineMetrics),
    "push_time_seconds",
    "push_failure_time_seconds",
    ...Object.keys(metrics)
  ], read2 = new RegExp(
    `${text2}|(?<![\\w:$])(${names.join("|")})(?![\\w:])(?:\\{(?:${text2}|[^"}])*\\})?(\\s*\\[)?`,
    "g"
  );
  return (promql) => promql.replaceAll(ofGateway("up"), "vector(1)").replaceAll(ofGateway("process_start_time_seconds"), "vector(time())").replaceAll(
    read2,
    (found, name2, range) => name2 === void 0 || range !== void 0 ? found : `last_over_time(${found}[${words2.test(name2) ? "1d" : held}])`
  );
}
var held, words2, text2, ofGateway, init_reads = __esm({
  "src/metrics/reads.ts"() {
    "use strict";
    init_pipeline2();
    init_pipeline3();
    init_system();
    held = `${sampling.retention / 60}m`, words2 = /_error_info$|_stage_info$/, text2 = '"(?:[^"\\\\]|\\\\.)*"', ofGateway = (name2) => `${name2}{job="${pushgatewayJob}"}`;
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
  let words5 = renamed(pipeline), word = new RegExp(
    `(?<![\\w:])(?:${[...words5.keys()].join("|")})(?=(?:_bucket|_count|_sum)?(?![\\w:]))`,
    "g"
  ), inOwnWords = (text3) => words5.size === 0 ? text3 : text3.replaceAll(word, (found) => words5.get(found) ?? found);
  return (text3) => inOwnWords(
    text3.includes(prefix) ? text3.replaceAll(
      marked,
      (_, operator, of, which) => matcher(operator, namesFor(pipeline, of, which))
    ).replaceAll(applicationJob, pipeline.application?.job ?? "").replaceAll(productionEnvironment, environmentsOf(pipeline, "production")[0] ?? "").replaceAll(grafanaAddress, pipeline.grafana).replaceAll(runbookAddress, runbookFolder(pipeline)).replaceAll(currencyMark, currencyUnitOf(pipeline.cost.currency)).replaceAll(markedSpoken, (_, path) => spoken(numberAt(pipeline.targets, path))).replaceAll(markedTarget, (_, path) => String(numberAt(pipeline.targets, path))) : text3
  );
}
var prefix, countedEnvironments, productionEnvironment, grafanaAddress, runbookAddress, currencyMark, quoted, marked, markedTarget, markedSpoken, units3, currencyUnitOf, namesFor, numberAt, init_kinds = __esm({
  "src/metrics/kinds.ts"() {
    "use strict";
    init_spoken();
    init_pipeline2();
    init_application();
    prefix = "pipeline:", countedEnvironments = `${prefix}environments:counted`, productionEnvironment = `${prefix}production`, grafanaAddress = `${prefix}grafana`, runbookAddress = `${prefix}runbooks`, currencyMark = `${prefix}currency`, quoted = (name2) => name2.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\\\$&");
    marked = new RegExp(`(=|!=)"${prefix}(stages|environments):([a-z+]+)"`, "g"), markedTarget = new RegExp(`scalar\\(${prefix}target\\{of="([\\w.]+)"\\}\\)`, "g"), markedSpoken = new RegExp(`${prefix}spoken\\{([\\w.]+)\\}`, "g"), units3 = ["USD", "EUR", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL", "ZAR"], currencyUnitOf = (code2) => units3.includes(code2) ? `currency${code2}` : `currency:${code2}`, namesFor = (pipeline, of, which) => of === "stages" ? stagesOf(pipeline, ...which.split("+")) : Object.entries(pipeline.environments).flatMap(
      ([name2, e]) => e.objectives && !name2.includes("*") ? [name2] : []
    ), numberAt = (targets2, path) => path.split(".").reduce((at, name2) => at[name2], targets2);
  }
});

// src/metrics/label-sets.ts
var perDeployment, perService, perStage, perTest, perMigration, perGate, init_label_sets = __esm({
  "src/metrics/label-sets.ts"() {
    "use strict";
    perDeployment = ["environment", "deployment_id"], perService = [...perDeployment, "service"], perStage = [...perDeployment, "service", "stage"], perTest = [...perDeployment, "test_name"], perMigration = [...perDeployment, "migration_name"], perGate = [...perDeployment, "gate"];
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
    init_custom();
    init_expression();
    init_kinds();
    init_label_sets();
    init_labels();
    init_pipeline3();
    init_reads();
    init_select_any();
    init_selectors();
    init_system();
  }
});

// src/record/pipeline.ts
function carried() {
  if (current === void 0) throw new Error("The recorder was built without a pipeline.");
  return current;
}
function definitionOf(metric3) {
  let own = catalogue[metric3];
  if (own) return own;
  let custom2 = customMetrics(carried())[metric3];
  if (!custom2) throw new Error(`There is no metric ${metric3}.`);
  let labels2 = Object.keys(custom2.labels).map((label) => [label, "open"]);
  return { ...custom2, labels: Object.fromEntries(labels2) };
}
function stageOf(kind) {
  let pipeline = carried(), [stage3 = kind] = stagesOf(pipeline, kind), [first = ""] = Object.keys(pipeline.services);
  return { stage: stage3, service: pipeline.stages[stage3]?.service ?? first };
}
function recordedEnvironment(given2) {
  let name2 = cleanName(given2), { environments } = carried(), pattern2 = Object.hasOwn(environments, name2) ? name2 : Object.keys(environments).find((one) => matches2(one, name2));
  return pattern2 === void 0 ? { environment: name2, name: name2, known: name2 === "preview" } : { environment: environments[pattern2]?.kind === "preview" ? "preview" : name2, name: name2, known: !0 };
}
function previewOf(given2) {
  let { environment: environment3, name: name2 } = recordedEnvironment(given2);
  return environment3 === name2 ? void 0 : name2;
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
var current, catalogue, targets, defaultEnvironment, matches2, freezes, services, stages2, resources, init_pipeline4 = __esm({
  "src/record/pipeline.ts"() {
    "use strict";
    init_words();
    init_metrics();
    init_pipeline2();
    current = typeof PIPELINE > "u" ? void 0 : PIPELINE;
    catalogue = pipelineMetrics;
    targets = () => carried().targets, defaultEnvironment = () => {
      let names = Object.entries(carried().environments);
      return (names.find(([, { kind }]) => kind === "production") ?? names[0])?.[0] ?? "production";
    };
    matches2 = (pattern2, name2) => pattern2.endsWith("*") ? name2.startsWith(pattern2.slice(0, -1)) : pattern2 === name2;
    freezes = (environment3) => carried().environments[environment3]?.freezes === !0, services = () => Object.keys(carried().services), stages2 = () => Object.keys(carried().stages), resources = () => carried().cost.resources;
  }
});

// src/record/emit.ts
function withoutSecrets(push, clean) {
  let cleaned = (labels2, open2) => Object.fromEntries(
    Object.entries(labels2).map(([name2, text3]) => [
      name2,
      (open2[name2] ?? "open") === "open" ? clean(text3) : text3
    ])
  ), samples = push.samples.map((sample) => ({
    ...sample,
    labels: cleaned(sample.labels, definitionOf(sample.metric).labels)
  }));
  return { ...push, group: cleaned(push.group, labels), samples };
}
function pushProblems(push) {
  let problems = /* @__PURE__ */ new Set();
  for (let { metric: metric3, labels: labels2, value } of push.samples) {
    let known = definitionOf(metric3).labels;
    Number.isFinite(value) || problems.add(`${metric3} would be ${value}, which is not a number.`);
    for (let [name2, text3] of Object.entries({ ...push.group, ...labels2 })) {
      let values2 = known[name2];
      values2 === void 0 ? problems.add(`${metric3} has no label ${name2}.`) : values2 !== "open" && !values2.includes(text3) && problems.add(`The ${name2} "${text3}" is not one of those known: ${values2.join(", ")}.`);
    }
  }
  return [...problems];
}
var samplesOf, init_emit = __esm({
  "src/record/emit.ts"() {
    "use strict";
    init_metrics();
    init_pipeline4();
    samplesOf = (_group) => (metric3, labels2, value) => ({ metric: metric3, labels: labels2, value });
  }
});

// src/record/github.ts
import { readFileSync } from "node:fs";
function defaultDeploymentId(env) {
  let run = env.GITHUB_RUN_ID;
  if (!run) return;
  let attempt4 = attemptOf(env);
  return attempt4 > 1 ? `${run}-${attempt4}` : run;
}
function runUrl(env) {
  let repository = repositoryUrl(env);
  return repository && env.GITHUB_RUN_ID ? `${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${attemptOf(env)}` : "";
}
function triggeredBy(env) {
  let event = env.GITHUB_EVENT_NAME;
  return !event || event === "workflow_dispatch" ? "manual" : ["repository_dispatch", "deployment", "deployment_status", "status"].includes(event) ? "webhook" : "github_actions";
}
function payloadOf(env) {
  if (env.GITHUB_EVENT_PATH)
    try {
      return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, "utf8"));
    } catch {
      return;
    }
}
function isRevert(env) {
  let payload = payloadOf(env);
  return messagePaths.some((path) => isRevertMessage(String(valueAt(payload, path) ?? "")));
}
function momentIn(env, paths) {
  let payload = payloadOf(env);
  for (let path of paths) {
    let found = valueAt(payload, path), ms = typeof found == "number" || typeof found == "string" ? parseTime(String(found)) : void 0;
    if (ms) return ms;
  }
}
var attemptOf, repositoryUrl, jobUrl, summaryUrl, branch, version, triggeredAtPaths, committedAtPaths, valueAt, messagePaths, isRevertMessage, triggeredAt, committedAt, init_github = __esm({
  "src/record/github.ts"() {
    "use strict";
    init_time();
    attemptOf = (env) => Math.max(1, Number.parseInt(env.GITHUB_RUN_ATTEMPT ?? "", 10) || 1);
    repositoryUrl = (env) => env.GITHUB_REPOSITORY ? `${env.GITHUB_SERVER_URL || "https://github.com"}/${env.GITHUB_REPOSITORY}` : "";
    jobUrl = (env, checkRunId) => checkRunId && repositoryUrl(env) && env.GITHUB_RUN_ID ? `${repositoryUrl(env)}/actions/runs/${env.GITHUB_RUN_ID}/job/${checkRunId}` : runUrl(env), summaryUrl = (env) => env.GITHUB_STEP_SUMMARY && env.JOB_CHECK_RUN_ID && runUrl(env) ? `${runUrl(env)}#summary-${env.JOB_CHECK_RUN_ID}` : jobUrl(env, env.JOB_CHECK_RUN_ID), branch = (env) => env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || "", version = (env) => env.GITHUB_REF_TYPE === "tag" ? env.GITHUB_REF_NAME ?? "" : (env.GITHUB_SHA ?? "").slice(0, 12);
    triggeredAtPaths = {
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
    valueAt = (payload, path) => path.reduce((at, key) => at?.[key], payload), messagePaths = [
      ["head_commit", "message"],
      ["workflow_run", "head_commit", "message"],
      ["pull_request", "title"]
    ];
    isRevertMessage = (message) => message.startsWith('Revert "');
    triggeredAt = (env) => attemptOf(env) > 1 ? void 0 : momentIn(env, triggeredAtPaths[env.GITHUB_EVENT_NAME ?? ""] ?? []), committedAt = (env) => momentIn(env, committedAtPaths[env.GITHUB_EVENT_NAME ?? ""] ?? []);
  }
});

// src/record/time.ts
function formatSeconds(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  let whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
var toSeconds, lengthSeconds, farthestAheadMs, init_time2 = __esm({
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

// src/lib/redact.ts
function redactor(secrets) {
  let forms = secrets.flatMap((s) => s === void 0 ? [] : [s, s.trim()]).filter((s) => s.length >= 4).flatMap(formsOf).sort((a, b) => b.length - a.length);
  return (text3) => forms.reduce((shown, form) => shown.replaceAll(form, "***"), text3);
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
function decoded(text3) {
  try {
    return decodeURIComponent(text3);
  } catch {
    return text3;
  }
}
function secretRemover(env, more = []) {
  let known = redactor([...environmentSecrets(env), ...more]), short2 = wholeWords(shortPasswords(env));
  return (text3) => shapes.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), short2(known(text3)));
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
      if (passwords.length === 0) return (text3) => text3;
      let escaped3 = passwords.map((password) => password.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")), words5 = new RegExp(`(?<!\\w)(?:${escaped3.join("|")})(?!\\w)`, "g");
      return (text3) => text3.replace(words5, "***");
    };
  }
});

// src/lib/patience.ts
function retryAfterMs(header2, now2) {
  let text3 = header2?.trim();
  if (!text3) return;
  if (/^\d+(\.\d+)?$/.test(text3)) return Number(text3) * 1e3;
  let date = Date.parse(text3);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now2);
}
function waitBefore(attempt4, asked, random) {
  return asked !== void 0 ? asked > 6e4 ? void 0 : asked : 500 * 2 ** (attempt4 - 1) * (0.5 + random / 2);
}
var isCertificateError, init_patience = __esm({
  "src/lib/patience.ts"() {
    "use strict";
    isCertificateError = (code2) => /CERT|TLS|SELF_SIGNED|LEAF_SIGNATURE|UNABLE_TO_VERIFY/.test(code2);
  }
});

// src/lib/transport.ts
function codeOf(error2) {
  if (!(error2 instanceof Error)) return "UNKNOWN";
  if (error2.name === "TimeoutError" || error2.name === "AbortError") return "TIMEOUT";
  let { cause: cause2 } = error2;
  return cause2?.name === "TimeoutError" ? "TIMEOUT" : cause2?.code ?? cause2?.errors?.[0]?.code ?? error2.code ?? "ECONNRESET";
}
var TransportError, neverConnected, mayHaveArrived, transportWith, fetchTransport, init_transport = __esm({
  "src/lib/transport.ts"() {
    "use strict";
    TransportError = class extends Error {
      code;
      constructor(code2, options5) {
        super(code2, options5), this.code = code2;
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
    ]), mayHaveArrived = (code2) => !neverConnected.has(code2);
    transportWith = (fetchIt) => async ({ method, url, headers, body, timeoutMs }) => {
      try {
        let response = await fetchIt(url, {
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
    }, fetchTransport = transportWith((url, options5) => fetch(url, options5));
  }
});

// src/lib/http-answer.ts
function broken(error2, { service: service3, base }) {
  let code2 = error2 instanceof TransportError ? error2.code : String(error2);
  if (code2 === "TIMEOUT")
    return new HttpFailure("timeout", `${service3} at ${base.host} did not answer in time.`, {
      perhapsDone: !0,
      passing: !0
    });
  let perhapsDone = mayHaveArrived(code2), what = perhapsDone ? "broke the connection" : "cannot be reached";
  return new HttpFailure("unreachable", `${service3} at ${base.host} ${what} (${code2}).`, {
    perhapsDone,
    passing: !isCertificateError(code2)
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
function classifyResponse(response, { expect = "json", final: final2 = [] }, source) {
  let { status, headers, body: text3 } = response, { service: service3, base, variable: variable5, now: now2 } = source, where = `${service3} at ${base.host}`, json = parse(text3);
  if (typeof final2 == "function" ? final2(status, json) : final2.includes(status))
    return { status, headers, text: text3, json };
  if (status >= 300 && status < 400) throw new HttpFailure("redirect", redirected(headers, source));
  if (status === 429) throw tooMany(headers, where, now2);
  if (status >= 500) throw failed(response, json, source, where);
  if (status < 300 && (/^\s*</.test(text3) || /text\/html/i.test(headers.get("content-type") ?? "")))
    throw new HttpFailure(
      "not-json",
      `${where} answered with a web page instead of data: a log-in page, or ${variable5} lacks a path prefix.`,
      { perhapsDone: !0 }
    );
  if (status < 300 && expect === "json" && json === void 0)
    throw new HttpFailure("cut-short", `${where} answered with JSON that is cut short.`, {
      perhapsDone: !0,
      passing: !0
    });
  return { status, headers, text: text3, json };
}
function redirected(headers, { service: service3, base, variable: variable5, redact }) {
  let location = headers.get("location") ?? "", target3;
  try {
    target3 = new URL(location, base);
  } catch {
    target3 = void 0;
  }
  let from = `${service3} at ${base.host}`;
  if (target3 === void 0) return `${from} redirects, without saying where to. Check ${variable5}.`;
  if (target3.pathname.endsWith("/login"))
    return `${from} asks for a log-in: a proxy stands before it, or ${variable5} is wrong.`;
  let to = target3.host === base.host ? `${target3.protocol}//${target3.host}${target3.pathname}` : target3.origin;
  return `${from} redirects to ${redact(to)}. Redirects are not followed, because credentials stay with their host: set ${variable5} to the address that answers.`;
}
function serverWords(answer, redact) {
  let body = answer.json ?? {}, said2 = body.message ?? body.error, text3 = typeof said2 == "string" ? said2 : /^\s*</.test(answer.text) ? "" : answer.text;
  return stripControls(redact(text3)).replace(/\s+/g, " ").trim().slice(0, 300);
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
      constructor(kind, message, facts2 = {}) {
        super(message), this.kind = kind, this.perhapsDone = facts2.perhapsDone ?? !1, this.passing = facts2.passing ?? !1, this.retryAfterMs = facts2.retryAfterMs;
      }
    }, parse = (text3) => {
      try {
        return JSON.parse(text3);
      } catch {
        return;
      }
    };
  }
});

// src/lib/url.ts
function baseUrl(text3, variable5) {
  let url;
  try {
    url = new URL(text3);
  } catch {
    throw new UserError(
      /^[\w.-]+(:\d+)?(\/|$)/.test(text3) ? `${variable5} is not a URL: https:// is missing before it.` : `${variable5} is not a URL.`,
      "Set it to something like https://host.example or https://host.example/prefix"
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new UserError(`${variable5} must start with http:// or https://.`);
  if (url.username || url.password)
    throw new UserError(
      `${variable5} carries a user name or password in the URL.`,
      "Put them into the variables made for them, so that they are never printed with the URL."
    );
  if (url.search || url.hash)
    throw new UserError(
      `${variable5} carries a query or a fragment (what follows ? or #), which is never sent.`,
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

// src/lib/http.ts
var OutcomeUnknown, Superseded, attemptsAtFirst, attemptsOnceAnswered, HttpClient, init_http = __esm({
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
        for (let attempt4 = 1; ; attempt4++)
          try {
            return await this.once(parts.method ?? "GET", path, parts);
          } catch (error2) {
            if (error2 instanceof HttpFailure && error2.kind === "timeout" && parts.repeatTimeouts === !1 || !await this.#again(error2, attempt4)) throw error2;
          }
      }
      /**
       * A request that changes something. A failure after which it may have been carried out is followed by `check`,
       * which looks at the server: what it returns is the result; undefined means "not done", and it is sent again.
       * @throws HttpFailure when it was not carried out; OutcomeUnknown when even the check could not tell;
       * Superseded when the check throws it
       */
      async write(send3, check) {
        for (let attempt4 = 1; ; attempt4++)
          try {
            return await send3();
          } catch (error2) {
            let again = await this.#again(error2, attempt4);
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
        let answer = classifyResponse(response, parts, this.#source);
        return this.#answered = !0, answer;
      }
      get #mostAttempts() {
        return this.options.attempts ?? (this.#answered ? attemptsOnceAnswered : attemptsAtFirst);
      }
      get #source() {
        let { service: service3, base, variable: variable5 } = this.options;
        return { service: service3, base, variable: variable5, redact: this.redact, now: this.clock.now() };
      }
      get #signal() {
        return this.#shields > 0 ? void 0 : this.options.signal;
      }
      /** Waits before the next attempt. False when another attempt is of no use. */
      async #again(error2, attempt4) {
        if (!(error2 instanceof HttpFailure) || !error2.passing || attempt4 >= this.#mostAttempts) return !1;
        let wait = waitBefore(attempt4, error2.retryAfterMs, this.clock.random());
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
      open2--, found.push(...(list ?? []).map((address2) => ({ address: address2, family: family2 }))), found.length > 0 && open2 > 0 ? setTimeout(() => resolve(found), otherFamilyMs) : found.length > 0 ? resolve(found) : open2 === 0 && reject(error2);
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
var NoAnswer, codeOf2, nodeTransport, init_http2 = __esm({
  "src/record/http.ts"() {
    "use strict";
    init_transport();
    NoAnswer = class extends Error {
      name = "NoAnswer";
      code;
      constructor(code2, options5) {
        super(code2, options5), this.code = code2;
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

// src/record/result/words.ts
function inTime(result) {
  let seconds = took(result);
  return seconds === void 0 ? "" : ` in ${formatSeconds(seconds)}`;
}
function budgetText({ budget }) {
  if (!budget) return;
  let { spent, left: left2, allowed } = budget, of = allowed === void 0 ? " failed deployments" : ` of the ${Number(allowed.toFixed(1))} failed deployments that the month allows so far`, took2 = spent === 0 ? "spent nothing" : `spent ${spent}${of}`, rest = left2 === void 0 ? "how much is left is not known" : left2 < 0 ? `overspent by ${percent(-left2)}` : `${percent(left2)} is left`;
  return `this deployment ${took2}; ${rest}`;
}
function address(url) {
  if (!(!url || !/^https?:\/\/\S+$/i.test(url) || !URL.canParse(url)))
    return new URL(url).href.replace(
      /[()<>|"'`*\\[\]]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
    );
}
function links(result) {
  let { grafana, hosting, services: services2 } = carried(), { environment: environment3, id, triggered, started: started2, finished } = result, from = triggered ?? started2, span = from === void 0 ? "" : `&from=${Math.floor((from - 60) * 1e3)}&to=${finished === void 0 ? "now" : Math.ceil((finished + 300) * 1e3)}`, dashboard = grafana && `${grafana}/d/${uids.troubleshooting}/?var-environment=${encodeURIComponent(environment3)}&var-deployment=${encodeURIComponent(id)}${span}`, logs = Object.entries(services2).flatMap(([service3, { hosting: host }]) => {
    let { title = "", logs: logs2 = "" } = host === void 0 ? {} : hosting[host] ?? {}, filled = logs2.replaceAll("{service}", encodeURIComponent(service3)).replaceAll("{deployment_id}", encodeURIComponent(id)).replaceAll("{environment}", encodeURIComponent(environment3));
    return [{ title, url: filled }];
  }), seen = /* @__PURE__ */ new Set();
  return [
    { title: "Dashboard of this deployment", url: dashboard },
    { title: "Run", url: result.runUrl },
    ...logs
  ].flatMap(({ title, url }) => {
    let usable = address(url);
    return usable === void 0 || seen.has(usable) ? [] : (seen.add(usable), [{ title, url: usable }]);
  });
}
var spaced, clock, moment, signs, verdicts, verdict, took, failures, stageSeconds, percent, init_words2 = __esm({
  "src/record/result/words.ts"() {
    "use strict";
    init_words();
    init_pipeline2();
    init_pipeline4();
    init_time2();
    spaced = (code2) => cleanName(code2).replaceAll("_", " ").trim(), clock = (seconds) => `${new Date(seconds * 1e3).toISOString().slice(11, 16)} UTC`, moment = (seconds) => `${new Date(seconds * 1e3).toISOString().slice(0, 10)} ${clock(seconds)}`, signs = {
      running: "🔵",
      success: "✅",
      failure: "❌",
      rolled_back: "↩️",
      abandoned: "❔",
      cancelled: "⏹️"
    }, verdicts = {
      running: "is running",
      success: "succeeded",
      failure: "failed",
      rolled_back: "was rolled back",
      abandoned: "was abandoned",
      cancelled: "was cancelled"
    }, verdict = ({ outcome, rollback: rollback2 }) => `${verdicts[outcome]}${outcome === "rolled_back" && rollback2 ? `: ${spaced(rollback2.reason)}` : ""}`, took = ({ triggered, started: started2, finished }) => {
      let from = triggered ?? started2;
      return from === void 0 || finished === void 0 ? void 0 : Math.max(0, finished - from);
    };
    failures = ({ stages: stages4, smokeTests: smokeTests2 }) => [
      ...stages4.filter(({ status }) => status === "failure").map(({ name: name2, error: error2, logUrl: logUrl2 }) => ({
        what: name2,
        type: error2?.type ?? "",
        message: error2?.message ?? "",
        ...logUrl2 !== void 0 && { url: logUrl2 }
      })),
      ...smokeTests2.filter(({ passed: passed2 }) => !passed2).map(({ name: name2, note = "" }) => ({ what: `smoke test ${name2}`, type: "test_failed", message: note }))
    ], stageSeconds = ({ started: started2, finished }) => started2 === void 0 || finished === void 0 ? void 0 : Math.max(0, finished - started2), percent = (share2) => `${Math.floor(Number((share2 * 1e3).toFixed(6))) / 10} %`;
  }
});

// src/record/tell/annotation.ts
function annotationOf(result) {
  let { id, environment: environment3, version: version2, outcome, started: started2, triggered, finished, rollback: rollback2, stages: stages4 } = result, from = started2 ?? triggered;
  if (from === void 0 || finished === void 0) return;
  let services2 = [...new Set(stages4.flatMap(({ service: service3 }) => service3 ?? []))].sort(), first = failures(result)[0], followed = links(result).slice(0, 2).map(({ title, url }) => `<a href="${escaped(url)}">${escaped(title)}</a>`);
  return {
    time: Math.round(from * 1e3),
    timeEnd: Math.round(Math.max(finished, rollback2?.at ?? 0) * 1e3),
    text: [
      `Deployment ${escaped(id)} to ${escaped(environment3)} ${escaped(verdict(result))}${inTime(result)}`,
      ...first ? [escaped(`${first.what}: ${first.message || first.type}`)] : [],
      ...followed
    ].join("<br>"),
    tags: withinLimit([
      ...ownTags(result),
      `outcome:${outcome}`,
      ...version2 === "" ? [] : [`version:${version2}`],
      ...services2.map((service3) => `service:${service3}`)
    ])
  };
}
function grafanas(env) {
  return Object.keys(env).sort().flatMap((name2) => {
    let token = env[name2]?.trim(), ending = tokenName.exec(name2)?.[1];
    if (!token || !tokenName.test(name2)) return [];
    let variable5 = `GRAFANA_ANNOTATION_URL${ending ?? ""}`, url = env[variable5]?.trim() || (ending === void 0 ? env.GRAFANA_URL?.trim() || carried().grafana : "");
    return [{ name: name2, token, variable: variable5, url }];
  });
}
async function annotate(result, env, signal) {
  let annotation = annotationOf(result);
  if (!annotation) return [];
  let tried = grafanas(env).map(async (one) => {
    try {
      return await new Grafana(one, signal).put(result, annotation), [];
    } catch (error2) {
      if (!isExpected(error2)) throw error2;
      return [`The deployment was not marked in Grafana. ${error2.message}`];
    }
  });
  return (await Promise.all(tried)).flat();
}
var entities, escaped, ownTags, longestTags, withinLimit, tokenName, Grafana, init_annotation = __esm({
  "src/record/tell/annotation.ts"() {
    "use strict";
    init_errors();
    init_http();
    init_redact();
    init_sanitize();
    init_shapes();
    init_url();
    init_http2();
    init_pipeline4();
    init_words2();
    entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }, escaped = (text3) => oneLine(text3).replaceAll(/[&<>"]/g, (char) => entities[char]), ownTags = ({ environment: environment3, id }) => ["deployment", `environment:${environment3}`, `deployment_id:${id}`].map((tag) => tag.slice(0, 100)), longestTags = 500, withinLimit = (tags) => {
      let kept = [];
      for (let tag of tags.map((one) => oneLine(one).slice(0, 100)))
        JSON.stringify([...kept, tag]).length <= longestTags && kept.push(tag);
      return kept;
    };
    tokenName = /^GRAFANA_ANNOTATION_TOKEN(_\w+)?$/;
    Grafana = class {
      #client;
      #name;
      constructor({ name: name2, token, variable: variable5, url }, signal) {
        if (!url)
          throw new EnvironmentFailure(
            `${name2} is set and ${variable5} is not: set the address that it belongs to.`
          );
        let base = baseUrl(url, variable5);
        if (base.protocol !== "https:" && !isLocalHost(base.hostname))
          throw new EnvironmentFailure(`${variable5} must start with https://, because the token goes there.`);
        this.#name = name2, this.#client = new HttpClient({
          service: "Grafana",
          base,
          variable: variable5,
          headers: { authorization: `Bearer ${token}` },
          redact: redactor([token]),
          transport: nodeTransport,
          timeoutMs: 4e3,
          attempts: 2,
          signal
        });
      }
      /** Ids of the deployment's annotations, oldest first. */
      async #ids(result) {
        let query2 = { tags: ownTags(result), type: "annotation", limit: "100" }, found = this.#accepted(await this.#client.read("api/annotations", { query: query2 }));
        return (Array.isArray(found) ? found : []).filter(isRecord).flatMap(({ id }) => typeof id == "number" ? [id] : []).sort((a, b) => a - b);
      }
      /** One annotation for a deployment: made, or brought up to date; of two that were made at once the later one goes. */
      async put(result, annotation) {
        let [known] = await this.#ids(result);
        if (known !== void 0) return await this.#write("PATCH", `api/annotations/${known}`, annotation);
        await this.#write(
          "POST",
          "api/annotations",
          annotation,
          async () => (await this.#ids(result)).length > 0
        );
        let [, ...later2] = await this.#ids(result);
        for (let id of later2) await this.#write("DELETE", `api/annotations/${id}`);
      }
      async #write(method, path, json, isDone = async () => !1) {
        await this.#client.write(
          async () => {
            let answer = await this.#client.once(method, path, { ...json && { json } });
            return (method !== "DELETE" || answer.status !== 404) && this.#accepted(answer), !0;
          },
          async () => await isDone() ? !0 : void 0
        );
      }
      #accepted(answer) {
        let { status, json } = answer;
        if (status < 300) return json;
        throw status === 401 ? new EnvironmentFailure(`Grafana does not accept ${this.#name}.`) : status === 403 ? new EnvironmentFailure(
          `${this.#name} may not write annotations: give its service account the role "Annotation writer", or Editor.`
        ) : new EnvironmentFailure(
          `Grafana answered ${status}: ${serverWords(answer, this.#client.redact) || "no reason"}.`
        );
      }
    };
  }
});

// src/record/tell/chat-text.ts
function stageText(stage3) {
  let seconds = stageSeconds(stage3);
  return `${stageSigns[stage3.status] ?? "🔵"} ${escaped2(stage3.name)}${seconds === void 0 ? "" : ` ${formatSeconds(seconds)}`}`;
}
function within(lines, most2 = longestText) {
  let kept = [], length = 0;
  for (let line of lines)
    length += line.length + 1, length <= most2 && kept.push(line);
  return kept.join(`
`);
}
function slackText(result) {
  let { id, environment: environment3, outcome, actor, version: version2, stages: stages4 } = result, [dashboard, ...others] = links(result), run = others.find(({ title }) => title === "Run"), who = [actor && `started by ${escaped2(actor)}`, version2 && `version ${escaped2(version2)}`], budget = outcome === "running" ? void 0 : budgetText(result), more = stages4.length - mostStages, shown = stages4.slice(0, mostStages).map(stageText);
  return within([
    `${signs[outcome]} *Deployment ${linked(escaped2(id), run?.url)} to ${escaped2(environment3)} ${escaped2(verdict(result))}*${inTime(result)}`,
    ...[who.filter(Boolean).join(", ")].filter(Boolean),
    ...dashboard ? [linked(escaped2(dashboard.title), dashboard.url)] : [],
    ...budget ? [`Error budget: ${budget}`] : [],
    ...shown,
    ...more > 0 ? [`and ${more} more stages`] : []
  ]);
}
function threadText(result) {
  let all = failures(result);
  if (all.length !== 0)
    return within(
      all.map(({ what, type, message, url }) => {
        let why2 = [escaped2(spaced(type)), escaped2(message)].filter(Boolean).join(": ");
        return `❌ ${linked(escaped2(what), url)}${why2 && ` – ${why2}`}`;
      })
    );
}
function plainText(result) {
  let { id, environment: environment3, outcome, actor, version: version2, runUrl: runUrl2 } = result, who = [actor && `started by ${oneLine(actor)}`, version2 && `version ${oneLine(version2)}`];
  return within([
    `${signs[outcome]} Deployment ${oneLine(id)} to ${oneLine(environment3)} ${verdict(result)}${inTime(result)}`,
    ...[who.filter(Boolean).join(", ")].filter(Boolean),
    ...failures(result).map(({ what, message }) => `${oneLine(what)}: ${oneLine(message)}`),
    ...runUrl2 === "" ? [] : [runUrl2]
  ]);
}
function filledTemplate(template, result, text3) {
  let values2 = {
    text: text3,
    environment: result.environment,
    deployment_id: result.id,
    outcome: result.outcome,
    version: result.version,
    actor: result.actor,
    url: links(result)[0]?.url ?? ""
  };
  return mapTexts(template, (one) => one.replace(/\{(\w+)\}/g, (mark2, name2) => values2[name2] ?? mark2));
}
var longestText, mostStages, escaped2, linked, stageSigns, init_chat_text = __esm({
  "src/record/tell/chat-text.ts"() {
    "use strict";
    init_sanitize();
    init_words2();
    init_time2();
    longestText = 3e3, mostStages = 30, escaped2 = (text3) => [...oneLine(text3)].slice(0, 200).join("").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"), linked = (text3, url) => url === void 0 ? text3 : `<${url.replaceAll("&", "&amp;")}|${text3}>`, stageSigns = {
      success: "✅",
      failure: "❌",
      cancelled: "⏹️",
      skipped: "⏭️"
    };
  }
});

// src/record/tell/chat.ts
function isWanted({ environment: environment3, outcome }) {
  let { chat, environments } = carried();
  return chat.about === "all" ? !0 : chat.about === "production" ? environments[environment3]?.kind === "production" : !["running", "success"].includes(outcome);
}
async function post(send3, signal) {
  try {
    return await send3();
  } catch (error2) {
    let wait = error2 instanceof HttpFailure && error2.kind === "too-many-requests" ? error2.retryAfterMs : void 0;
    if (wait === void 0 || wait > longestWaitMs) throw error2;
    return await systemClock.sleep(wait, signal), await send3();
  }
}
async function toSlack(result, token, { env, isProgress, signal }) {
  let channel = carried().chat.slackChannel || env.SLACK_CHANNEL?.trim(), slack = new Slack(env, token, signal), { chat } = result;
  if (!chat && isProgress) return;
  if (!chat && !channel)
    throw new EnvironmentFailure(
      "Slack has no channel: name its id as chat.slackChannel in pipeline.config.ts."
    );
  let text3 = slackText(result), message = chat ? await slack.call("chat.update", { channel: chat.channel, ts: chat.ts, text: text3 }) : await slack.call("chat.postMessage", { channel, text: text3 }), at = chat ?? { ...message, thread: "" }, thread = result.outcome !== "running" && !isProgress && at.thread === "" ? threadText(result) : void 0;
  if (thread === void 0) return chat ? void 0 : at;
  let reply = await slack.call("chat.postMessage", { channel: at.channel, thread_ts: at.ts, text: thread });
  return { ...at, thread: reply.ts };
}
async function toWebhook(variable5, address2, json, signal) {
  if (!URL.canParse(address2)) throw new EnvironmentFailure(`${variable5} is no address.`);
  let url = new URL(address2), secrets = [address2, url.pathname, url.search], client = clientOf("The webhook", new URL("/", url), variable5, secrets, signal), query2 = Object.fromEntries(url.searchParams), { status } = await post(
    () => client.once("POST", url.pathname, { query: query2, json, expect: "anything" }),
    signal
  );
  if (status >= 300)
    throw new EnvironmentFailure(
      `The webhook of ${variable5} at ${url.host} answered ${status}: check its address.`
    );
}
async function tellChat(result, asked) {
  let { env, isProgress, signal } = asked;
  if (!isWanted(result)) return { warnings: [] };
  let warnings = [], attempt4 = async (work) => {
    try {
      return await work();
    } catch (error2) {
      if (!isExpected(error2)) throw error2;
      warnings.push(`The chat was not told. ${error2.message}`);
      return;
    }
  }, token = env.SLACK_TOKEN?.trim(), incoming = env.SLACK_WEBHOOK_URL?.trim(), webhook = env.CHAT_WEBHOOK_URL?.trim(), [message] = await Promise.all([
    token ? attempt4(() => toSlack(result, token, asked)) : void 0,
    // A message that came through a webhook cannot be edited: one at the start and one at the end.
    incoming && !token && !isProgress ? attempt4(() => toWebhook("SLACK_WEBHOOK_URL", incoming, { text: slackText(result) }, signal)) : void 0,
    webhook && !isProgress ? attempt4(
      () => toWebhook(
        "CHAT_WEBHOOK_URL",
        webhook,
        filledTemplate(carried().chat.template, result, plainText(result)),
        signal
      )
    ) : void 0
  ]);
  return { ...message && { message }, warnings };
}
var fixes, clientOf, longestWaitMs, Slack, init_chat = __esm({
  "src/record/tell/chat.ts"() {
    "use strict";
    init_clock();
    init_errors();
    init_http();
    init_redact();
    init_shapes();
    init_url();
    init_http2();
    init_pipeline4();
    init_chat_text();
    fixes = {
      invalid_auth: "SLACK_TOKEN is not valid: copy the bot token (xoxb-…) of the app again.",
      not_authed: "SLACK_TOKEN is empty.",
      token_revoked: "SLACK_TOKEN was revoked: install the app again.",
      account_inactive: "the app was removed: install it again.",
      missing_scope: "the app needs the scope chat:write.",
      channel_not_found: "there is no such channel for the app: give the id of the channel, and invite the app.",
      not_in_channel: "the app is not in the channel: invite it.",
      is_archived: "the channel is archived: name another one.",
      message_not_found: "the message was deleted."
    };
    clientOf = (service3, base, variable5, secrets, signal, headers = {}) => {
      if (base.protocol !== "https:" && !isLocalHost(base.hostname))
        throw new EnvironmentFailure(
          `${variable5} must start with https://, because it holds, or is sent, a secret.`
        );
      return new HttpClient({
        service: service3,
        base,
        variable: variable5,
        headers,
        redact: redactor(secrets),
        transport: nodeTransport,
        timeoutMs: 4e3,
        signal
      });
    }, longestWaitMs = 3e3;
    Slack = class {
      #client;
      #signal;
      constructor(env, token, signal) {
        this.#signal = signal;
        let base = baseUrl(env.SLACK_API_URL?.trim() || "https://slack.com/api", "SLACK_API_URL");
        this.#client = clientOf("Slack", base, "SLACK_API_URL", [token], signal, {
          authorization: `Bearer ${token}`
        });
      }
      /** @throws EnvironmentFailure */
      async call(method, json) {
        let content = { ...json, unfurl_links: !1, unfurl_media: !1 }, answer = await post(() => this.#client.once("POST", method, { json: content }), this.#signal), body = isRecord(answer.json) ? answer.json : {};
        if (body.ok !== !0) {
          let error2 = isText(body.error) ? body.error : `status ${answer.status}`;
          throw new EnvironmentFailure(`Slack refused: ${fixes[error2] ?? `${error2}.`}`);
        }
        return {
          channel: isText(body.channel) ? body.channel : json.channel ?? "",
          ts: isText(body.ts) ? body.ts : ""
        };
      }
    };
  }
});

// src/record/tell/tell.ts
async function remember({ deployment, recorder }, { channel, ts, thread }) {
  let sample = samplesOf(deployment)(
    "deployment_message_info",
    { channel, message_ts: ts, thread_ts: thread },
    1
  );
  await recorder.record({
    method: "POST",
    group: deployment,
    samples: [sample],
    what: "the message in the chat"
  });
}
async function tell(result, call2, audience) {
  let limit = new AbortController(), { env } = call2, asked = { env, isProgress: audience.isProgress, signal: limit.signal }, work = Promise.all([
    audience.chat ? tellChat(result, asked) : nothing,
    audience.annotations ? annotate(result, env, limit.signal) : []
  ]), late = systemClock.sleep(tellingMs, limit.signal).then(() => {
  }), done = await Promise.race([work, late]);
  if (limit.abort(), !done) return [`Chat and Grafana did not answer in ${tellingMs / 1e3} s.`];
  let [{ message, warnings }, others] = done;
  return message && await remember(call2, message), [...warnings, ...others];
}
var nothing, tellingMs, init_tell = __esm({
  "src/record/tell/tell.ts"() {
    "use strict";
    init_clock();
    init_emit();
    init_annotation();
    init_chat();
    nothing = { warnings: [] }, tellingMs = 1e4;
  }
});

// src/record/result/model.ts
var alone, stageKey, init_model = __esm({
  "src/record/result/model.ts"() {
    "use strict";
    alone = { p95: /* @__PURE__ */ new Map(), unknown: [] }, stageKey = (service3 = "", stage3 = "") => `${service3} ${stage3}`.trim();
  }
});

// src/record/response.ts
function classifyResponse2(answer, { way: way3, base, clean }, now2, expected2 = "nothing") {
  let gateway2 = `${way3.who} at ${base.host}`, variable5 = `${way3.prefix}_URL`, { status, headers } = answer;
  if (status === 200 || status === 202 || status === 204)
    return classifySuccess(answer, gateway2, way3, expected2);
  let said2 = words3(answer, clean), because = said2 ? `: ${said2}` : "";
  if (status >= 300 && status < 400)
    return later(
      `${gateway2} redirects to ${target2(headers.location)}; set ${variable5} to the address that answers.`,
      !1
    );
  if (status === 401 || status === 403)
    return later(
      `${gateway2} refused the credentials (${status}); check ${way3.prefix}_USERNAME and ${way3.prefix}_PASSWORD, or ${way3.prefix}_TOKEN.`,
      !1
    );
  if (status === 404)
    return later(
      `${gateway2} knows no such path (404)${because}; ${variable5} may lack ${way3.prefix === "REMOTE_WRITE" ? "its path, such as /api/v1/write" : "a path prefix"}.`,
      !1
    );
  if (status === 429 || status === 503)
    return later(
      `${gateway2} is busy (${status})${because}.`,
      !0,
      retryAfterMs(headers["retry-after"], now2)
    );
  if (status >= 500 || status === 408 || status === 425)
    return later(`${gateway2} failed (${status})${because}.`, !0);
  if (status >= 400 && !isPage(answer)) {
    let who = way3.prefix === "PUSHGATEWAY" ? "The Pushgateway" : way3.who, fix = isOutOfTime(answer) ? ` ${clockFix}` : "";
    return {
      kind: "refused",
      reason: `${who} refused it (${status})${because || ", without a reason"}.${fix}`
    };
  }
  return later(`${gateway2} answered ${status}, which is not an answer of ${way3.server}.`, !1);
}
function classifySuccess(answer, gateway2, way3, expected2) {
  return isPage(answer) ? later(
    `${gateway2} answered with a web page: that is a proxy or a log-in page and not ${way3.server.replace(/^a /, "the ")}.`,
    !1
  ) : expected2 === "nothing" && answer.body.trim() !== "" ? later(
    `${gateway2} answered ${answer.status} with a text, which ${way3.server} does not do: ${way3.prefix}_URL leads to another server.`,
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
function classifyNoAnswer(code2, host, who = "The gateway") {
  let certificate = isCertificateError(code2), sentence = certificate ? `has a certificate that is not trusted (${code2})` : sentences[code2] ?? `cannot be reached (${code2})`;
  return later(`${who} at ${host} ${sentence}.`, !certificate && code2 !== "ABORTED");
}
var isPage, words3, isOutOfTime, clockFix, later, sentences, init_response = __esm({
  "src/record/response.ts"() {
    "use strict";
    init_patience();
    isPage = (answer) => /\btext\/html\b/i.test(answer.headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(answer.body), words3 = (answer, clean) => isPage(answer) ? "" : clean(answer.body.replace(/\s+/g, " ").trim()).slice(0, 300), isOutOfTime = ({ status, body }) => status === 400 && /out of order|out of bounds|too old|too far|duplicate sample/i.test(body), clockFix = "The clock of a machine that writes this is wrong: synchronise it (NTP), and let the server take samples out of order (out_of_order_time_window: 30m).", later = (reason, again, waitMs) => ({
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
    (shape) => (shape.length === names.length || shape === groupShapes.metric) && shape.every((name2) => name2 in labels2)
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
      queue: ["environment", "deployment_id", "runner"],
      gate: ["environment", "deployment_id", "gate"],
      /** And the labels that the pipeline file gives to the metric. */
      metric: ["environment", "deployment_id", "metric"]
    };
    plain = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, component = (name2, value) => plain.test(value) ? `${name2}/${value}` : `${name2}@base64/${Buffer.from(value, "utf8").toString("base64url") || "="}`, groupPath = (labels2) => `metrics/${["job", pipelineJob].join("/")}/${Object.entries(labels2).map(([name2, value]) => component(name2, value)).join("/")}`;
  }
});

// src/record/sweep.ts
function listedGroups(text3) {
  let body;
  try {
    body = JSON.parse(text3);
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
  let lastEvent = Math.max(...groups.map((group3) => timeOf(group3, "push_time_seconds") ?? nowMs)), finished = groups.some(
    (group3) => timeOf(group3, "deployment_finished_timestamp_seconds") !== void 0
  );
  return nowMs - lastEvent > (finished ? olderThanMs : unfinishedForMs);
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
    let answer = await delivery.request("GET", "api/v1/metrics", left2(), longestList), verdict2 = delivery.classify(answer, "list");
    if (verdict2.kind !== "sent") return { paths, problem: verdict2.reason };
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
    let verdict2 = error2 instanceof NoAnswer ? classifyNoAnswer(error2.code, delivery.host) : void 0;
    return { paths, problem: verdict2 && "reason" in verdict2 ? verdict2.reason : notAGateway(delivery) };
  }
}
var isObject, finishedForMs, unfinishedForMs, longestList, ownLabels, notAGateway, init_sweep = __esm({
  "src/record/sweep.ts"() {
    "use strict";
    init_metrics();
    init_grouping();
    init_http2();
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

// src/lib/prometheus-api.ts
function refusedCredentials({ options: options5 }, { status, text: text3 }) {
  let { service: service3, base, variable: variable5, headers = {} } = options5, where = `${service3} at ${base.host}`, named4 = "x-scope-orgid" in headers, prefix2 = variable5.replace(/_URL$/, ""), message = /no org id/i.test(text3) ? named4 ? `${where} does not know the tenant in RULER_TENANT ("no org id").` : `${where} serves several tenants and was named none ("no org id"): set RULER_TENANT.` : `${where} refused the credentials (${status}): check ${prefix2}_TOKEN, or ${prefix2}_USERNAME and ${prefix2}_PASSWORD${named4 ? ", and RULER_TENANT" : ""}.`;
  return new PrometheusError(message, status);
}
async function ask(server, path, shape, { query: query2, form, what = "what was asked for" } = {}) {
  let answer = await server.read(path, {
    ...query2 && { query: query2 },
    ...form && {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString()
    },
    final,
    repeatTimeouts: form === void 0
  }), { status, json } = answer, { service: service3, base, variable: variable5 } = server.options;
  if (status === 401 || status === 403) throw refusedCredentials(server, answer);
  let body = isRecord(json) ? json : {};
  if (isText(body.error) && body.error) {
    let reason = server.redact(body.error);
    throw new PrometheusError(`${service3} refused: ${reason}`, status, reason);
  }
  if (body.status === "success" && shape(body.data)) return { data: body.data, answer };
  throw new PrometheusError(
    `${service3} at ${base.host} answered ${form ? "POST" : "GET"} /${path} with ${status < 300 ? `something else than ${what}` : `status ${status}`}. Check ${variable5} and its path prefix.`,
    status
  );
}
function samplesOf2({ result }) {
  return isPoint(result) ? [{ labels: {}, time: result[0], value: parseValue(result[1]) }] : result.map(({ metric: metric3, value: [time2, value] = [0, "NaN"] }) => ({
    labels: metric3,
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
      reason;
      constructor(message, status, reason) {
        super(message), this.status = status, this.reason = reason;
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
    }), aResult = "the result of a query", parseValue = (text3) => text3 === "+Inf" ? Number.POSITIVE_INFINITY : text3 === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text3);
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
    init_http();
    init_prometheus_api();
    init_redact();
    init_url();
    init_metrics();
    init_http2();
    init_pipeline4();
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
        let pipeline = carried(), promql = readsOf(pipeline)(wordsOf2(pipeline)(expr.text));
        return await this.#ask(() => query(this.#client, promql, seconds));
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
async function listGroups(gateway2) {
  if (gateway2.kind === "disabled") return "off";
  if (gateway2.kind === "unusable") throw new NotAsked(gateway2.problems.join(" "));
  let { base, headers } = gateway2;
  try {
    let url = joinUrl(base, "api/v1/metrics"), answer = await send({ method: "GET", url, headers, timeoutMs: 1e4, maxBytes: longestListing }), verdict2 = classifyResponse2(answer, gateway2, Date.now(), "list");
    if (verdict2.kind !== "sent") throw new NotAsked(verdict2.reason);
    let groups = listedGroups(answer.body);
    if (groups) return groups;
    throw new NotAsked(
      `${base.host} answered ${answer.status} with something that is no list of groups: check PUSHGATEWAY_URL and its path prefix.`
    );
  } catch (error2) {
    if (error2 instanceof NotAsked) throw error2;
    let verdict2 = error2 instanceof NoAnswer ? classifyNoAnswer(error2.code, base.host) : { reason: `${base.host} did not answer like a Pushgateway.` };
    throw new NotAsked("reason" in verdict2 ? verdict2.reason : "");
  }
}
function pushedIn(group3, names = wanted) {
  return names.flatMap(
    (name2) => (group3[name2]?.metrics ?? []).flatMap(
      ({ labels: labels2, value }) => value === void 0 ? [] : [{ name: name2, labels: labels2, value: Number(value) }]
    )
  );
}
function merge(scraped2, held2) {
  let newer = new Set(held2.map(family));
  return [...held2, ...scraped2.filter((sample) => !newer.has(family(sample)))];
}
async function scrapedOf(prometheus2, of, seconds, names) {
  let all = selectAny(names, { job: pipelineJob, ...of }), now2 = await prometheus2.query(all, seconds);
  return (now2.length > 0 ? now2 : await prometheus2.query(lastOfAny(all, "1d"), seconds)).map(({ labels: { __name__, ...labels2 }, value }) => ({
    name: __name__,
    labels: labels2,
    value
  }));
}
async function collect(prometheus2, { listing, problem }, of, seconds, names = wanted) {
  let held2 = groupsOf(listing ?? [], of).flatMap((group3) => pushedIn(group3, names)), problems = problem === void 0 ? [] : [problem];
  try {
    if (prometheus2 instanceof NotAsked) throw prometheus2;
    return { pushed: merge(await scrapedOf(prometheus2, of, seconds, names), held2), problems };
  } catch (error2) {
    if (!(error2 instanceof NotAsked)) throw error2;
    return { pushed: held2, problems: [error2.message, ...problems] };
  }
}
var wanted, longestListing, valuesIn, labelsIn, groupsOf, family, init_evidence = __esm({
  "src/record/gate/evidence.ts"() {
    "use strict";
    init_url();
    init_metrics();
    init_http2();
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
    ), labelsIn = (group3, name2) => (group3[name2]?.metrics ?? []).map(({ labels: labels2 }) => labels2), groupsOf = (listing, of) => listing.filter(
      ({ labels: labels2 }) => labels2.job === pipelineJob && labels2.environment === of.environment && labels2.deployment_id === of.deployment_id
    );
    family = ({ name: name2, labels: labels2 }) => JSON.stringify([
      name2,
      labels2.service,
      labels2.stage,
      labels2.test_name,
      labels2.migration_name,
      labels2.resource,
      labels2.runner,
      labels2.gate
    ]);
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
async function transportView(prometheus2, gateway2, seconds, asked) {
  if (gateway2.kind === "ready" && !gateway2.way.holdsGroups)
    return { listing: void 0, age: 0, complete: !(prometheus2 instanceof NotAsked) };
  let scrape = await scrapeOf(prometheus2, seconds).catch((error2) => {
    if (!(error2 instanceof NotAsked))
      throw error2;
  }), age = scrape?.at === void 0 ? void 0 : Math.max(0, seconds - scrape.at), fresh = scrape?.at !== void 0 && scrape.at >= (asked ?? seconds - toleratedAge);
  if (fresh || scrape && scrape.groups > mostGroups) return { listing: void 0, age, complete: fresh };
  try {
    let listing = await listGroups(gateway2);
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
  let has = (verdict2) => checks3.some((check) => check.verdict === verdict2);
  return has("fail") ? "fail" : has("error") ? "error" : has("inconclusive") || !has("pass") ? "inconclusive" : "pass";
}
var isFinal, exitCodes, percent2, init_verdict = __esm({
  "src/record/gate/verdict.ts"() {
    "use strict";
    isFinal = ({ verdict: verdict2, checks: checks3 }) => verdict2 === "pass" || verdict2 === "fail" || checks3.some((check) => check.final), exitCodes = { pass: 0, fail: 1, inconclusive: 2, error: 3 };
    percent2 = (share2) => `${Number((share2 * 100).toFixed(1))} %`;
  }
});

// src/record/gate/deploy.ts
async function budgetOf(prometheus2, environment3, now2) {
  let series = metric("environment_slo:error_budget_left:ratio", {
    environment: environment3,
    slo
  }), [left2, at, allowed, objective, known] = await Promise.all([
    prometheus2.value(series, now2),
    prometheus2.value(timestampOf(series), now2),
    prometheus2.value(
      metric("environment_slo:error_budget_allowed:count", { environment: environment3, slo }),
      now2
    ),
    prometheus2.value(metric("slo:objective:ratio", { slo }), now2),
    prometheus2.value(
      group2(metric("recent_deployment:started_timestamp_seconds:min", { environment: environment3 })),
      now2
    )
  ]);
  return { left: left2, age: at === void 0 ? void 0 : Math.max(0, now2 - at), allowed, objective, known };
}
async function unledgered(prometheus2, listing, environment3, now2) {
  let failed3 = failedOn(listing, environment3);
  if (failed3.size === 0) return 0;
  let rows = await prometheus2.query(
    lastOverTime(metric("deployment:error_budget_spent:sum", { environment: environment3 }), "2h"),
    now2
  ), spent = new Map(rows.map(({ labels: labels2, value }) => [labels2.deployment_id, value]));
  return [...failed3].reduce((sum2, [id, weight]) => sum2 + Math.max(0, weight - (spent.get(id) ?? 0)), 0);
}
function failedOn(listing, environment3) {
  let failed3 = /* @__PURE__ */ new Map();
  for (let [id, groups] of byDeployment(listing, environment3)) {
    let codes = (name2) => groups.flatMap((one) => valuesIn(one, name2)), over = codes("deployment_finished_timestamp_seconds").length > 0, rolledBack = codes("deployment_rollback_finished_timestamp_seconds").length > 0, bad = codes("deployment_outcome_code").includes(outcomes.failure) || codes("deployment_stage_status_code").includes(stageStatuses.failure);
    over && rolledBack ? failed3.set(id, targets().budget.rolledBackForHealth) : over && bad && failed3.set(id, targets().budget.failed);
  }
  return failed3;
}
async function errorBudget(prometheus2, view, { environment: environment3, hotfix }, now2) {
  let base = aboutBudget, { left: left2, age, allowed, objective, known } = await budgetOf(prometheus2, environment3, now2);
  if (objective === void 0)
    return { ...base, verdict: "inconclusive", found: "Prometheus does not evaluate the rules of the SLOs" };
  if (!view.complete) return { ...base, verdict: "inconclusive", found: incompleteSentence(view) };
  if (left2 === void 0)
    return known === void 0 ? { ...base, verdict: "pass", found: "nothing was deployed in thirty days, so nothing is spent" } : { ...base, verdict: "inconclusive", found: "the budget was not computed in the last five minutes" };
  let more = await unledgered(prometheus2, view.listing ?? [], environment3, now2), rest = left2 - more / Math.max(1, allowed ?? 1), since = more > 0 ? ", failures that the ledger does not have yet included" : "", found = `${percent2(Math.max(0, rest))} is left, computed ${Math.round(age ?? 0)} s ago${since}`;
  return rest > almostNothing ? { ...base, verdict: "pass", found } : hotfix ? { ...base, verdict: "skipped", found: `${found}; a hotfix is deployed all the same` } : { ...base, verdict: "fail", found: `${found}: only hotfixes may be deployed until the next month` };
}
function byDeployment(groups, environment3) {
  let deployments2 = /* @__PURE__ */ new Map();
  for (let one of groups) {
    let { job, environment: where, deployment_id: id } = one.labels;
    job !== pipelineJob || where !== environment3 || !id || deployments2.set(id, [...deployments2.get(id) ?? [], one]);
  }
  return deployments2;
}
function runningOn(groups, environment3, now2) {
  return [...byDeployment(groups, environment3)].flatMap(([id, all]) => {
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
async function scrapedRunning(prometheus2, environment3, now2) {
  if (prometheus2 instanceof NotAsked) throw prometheus2;
  let [running, begun] = await Promise.all([
    prometheus2.query(metric("deployment:running:bool", { environment: environment3 }), now2),
    // Deployments that began since the ledger was evaluated last.
    prometheus2.query(
      unless(
        binary(
          metric("deployment_started_timestamp_seconds", { environment: environment3 }),
          ">",
          ago(targets().abandoned.afterSeconds)
        ),
        metric("deployment_finished_timestamp_seconds", { environment: environment3 }),
        { on: ["deployment_id"] }
      ),
      now2
    )
  ]), started2 = new Map(begun.map(({ labels: labels2, value }) => [labels2.deployment_id ?? "", value]));
  return [.../* @__PURE__ */ new Set([...running.map(({ labels: labels2 }) => labels2.deployment_id ?? ""), ...started2.keys()])].map((id) => ({ id, started: started2.get(id) ?? 0 })).sort((a, b) => a.started - b.started);
}
async function previewsOf(prometheus2, groups, environment3, now2) {
  let scraped2 = prometheus2 instanceof NotAsked ? [] : await prometheus2.query(metric("deployment_info", { environment: environment3 }), now2).catch(() => []), held2 = [...byDeployment(groups, environment3)].flatMap(
    ([id, all]) => all.flatMap((one) => labelsIn(one, "deployment_info").map(({ preview = "" }) => [id, preview]))
  ), named4 = [
    ...scraped2.map(({ labels: labels2 }) => [labels2.deployment_id ?? "", labels2.preview ?? ""]),
    ...held2
  ];
  return new Map(named4.filter(([, preview]) => preview !== ""));
}
async function noOther(prometheus2, view, { preview, ...deployment }, now2) {
  let { environment: environment3, deployment_id: deployment_id3 } = deployment, base = {
    name: "no-other-deployment",
    demanded: `no other deployment to ${preview ?? environment3} runs`
  }, groups = view.listing ?? [], startHeld = groupsOf(groups, deployment).some(
    (one) => valuesIn(one, "deployment_started_timestamp_seconds").length > 0
  ), scraped2 = await scrapedRunning(prometheus2, environment3, now2).catch((error2) => {
    if (!(error2 instanceof NotAsked && startHeld)) throw error2;
    return [];
  });
  if (view.problem !== void 0) throw new NotAsked(view.problem);
  let held2 = new Set(byDeployment(groups, environment3).keys()), scrapedToo = scraped2.filter(({ id }) => !held2.has(id)), mine = scraped2.some(({ id }) => id === deployment_id3), previews = preview === void 0 ? void 0 : await previewsOf(prometheus2, groups, environment3, now2), others = [
    ...othersBefore(runningOn(groups, environment3, now2), deployment_id3),
    // With our own start among them, the earlier one goes first; else all of them do.
    ...mine && !held2.has(deployment_id3) ? othersBefore(scrapedToo, deployment_id3) : scrapedToo.filter(({ id }) => id !== deployment_id3)
  ].filter(({ id }) => (previews?.get(id) ?? preview) === preview);
  return others.length > 0 ? { ...base, verdict: "fail", found: `running: ${others.map(({ id }) => id).join(", ")}` } : view.complete ? view.listing && deployment_id3 && !startHeld ? {
    ...base,
    verdict: "inconclusive",
    found: `the gateway does not hold the start of ${deployment_id3}, so it may have lost others too: record the start first`
  } : { ...base, verdict: "pass", found: "none runs" } : { ...base, verdict: "inconclusive", found: incompleteSentence(view) };
}
function judgeAlerts(rules, environment3, hotfix) {
  let base = { name: "no-critical-alert", demanded: "no critical alert fires" }, critical = rules.filter(({ labels: labels2 }) => labels2?.severity === "critical");
  if (critical.length === 0)
    return {
      ...base,
      verdict: "inconclusive",
      found: "Prometheus has no critical alerts at all: the alerting rules are not loaded"
    };
  let firing = critical.flatMap(
    ({ name: name2, alerts }) => (alerts ?? []).filter(
      ({ state, labels: labels2 }) => state === "firing" && (labels2.environment ?? environment3) === environment3
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
var slo, almostNothing, aboutBudget, neverFrozen, blind, init_deploy = __esm({
  "src/record/gate/deploy.ts"() {
    "use strict";
    init_words();
    init_metrics();
    init_pipeline4();
    init_evidence();
    init_prometheus();
    init_transport2();
    init_verdict();
    slo = "deployment-reliability", almostNothing = 1e-6;
    aboutBudget = { name: "error-budget", demanded: "some of the error budget of this month is left" }, neverFrozen = (environment3) => ({
      ...aboutBudget,
      verdict: "pass",
      found: `not asked: the pipeline file freezes nothing in ${environment3}`
    });
    blind = ["PushgatewayDown", "LedgerNotEvaluated"];
  }
});

// src/record/health-check.ts
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
async function checkOnce(target3, attempt4, io, signal) {
  let { send: send3, NoAnswer: NoAnswer2 } = await Promise.resolve().then(() => (init_http2(), http_exports)), atMs = io.now(), begun = performance.now(), seconds = () => lengthSeconds(0, performance.now() - begun);
  try {
    let answer = await send3({
      method: "GET",
      url: target3.url,
      headers: { accept: "*/*", "user-agent": "deployment-recorder" },
      timeoutMs: target3.timeoutMs,
      maxBytes: 1048576,
      signal
    }), latencySeconds = seconds(), slow = target3.degradedAboveMs !== void 0 && latencySeconds * 1e3 > target3.degradedAboveMs, status = answer.status !== 200 ? "unhealthy" : slow ? "degraded" : "healthy";
    return { attempt: attempt4, atMs, status, latencySeconds, said: `status ${answer.status}` };
  } catch (error2) {
    let code2 = error2 instanceof NoAnswer2 ? error2.code : String(error2);
    return { attempt: attempt4, atMs, status: "unhealthy", latencySeconds: seconds(), said: code2 };
  }
}
var passed, needed, init_health_check = __esm({
  "src/record/health-check.ts"() {
    "use strict";
    init_time2();
    passed = (check) => check.status !== "unhealthy", needed = ({ attempts, threshold }) => Math.ceil(attempts * threshold - 1e-9);
  }
});

// src/record/gate/stay.ts
function attemptsOf(pushed4, service3) {
  let times2 = new Map(
    values(pushed4, "deployment_health_check_timestamp_seconds").filter(({ labels: labels2 }) => labels2.service === service3).map(({ labels: labels2, value }) => [labels2.attempt, value])
  );
  return values(pushed4, "deployment_health_check_success").filter(({ labels: labels2 }) => labels2.service === service3).map(({ labels: labels2, value }) => ({ at: times2.get(labels2.attempt) ?? 0, success: value === 1 })).sort((a, b) => a.at - b.at);
}
function stagesOf2(pushed4, stages4) {
  let of = (name2) => values(pushed4, name2).filter(({ labels: labels2 }) => stages4.includes(labels2.stage ?? "")), key = ({ labels: labels2 }) => JSON.stringify([labels2.service, labels2.stage, labels2.migration_name]), statuses2 = of("deployment_stage_status_code"), ended3 = new Map(
    of("deployment_stage_finished_timestamp_seconds").map((one) => [key(one), one.value])
  );
  return {
    // One that was begun again has only its earlier end.
    running: of("deployment_stage_started_timestamp_seconds").some(
      (sample) => sample.value > (ended3.get(key(sample)) ?? -1 / 0)
    ),
    passed: statuses2.filter(({ value }) => value === stageStatuses.success).length,
    failed: statuses2.filter(({ value }) => value === stageStatuses.failure).length
  };
}
function silence(made) {
  let gaps = made.slice(1).map(({ at }, i) => at - made[i].at);
  return Math.max(targets().health.intervalSeconds, ...gaps) + patience;
}
function checksAreOver(pushed4, service3, made, now2) {
  let last = made.at(-1).at, checks3 = stagesOf(carried(), "check");
  return values(pushed4, "deployment_stage_finished_timestamp_seconds").some(
    ({ labels: labels2, value }) => checks3.includes(labels2.stage ?? "") && labels2.service === service3 && value >= last
  ) || now2 - last > silence(made) || now2 - made[0].at > targets().health.windowSeconds;
}
function serviceHealth(pushed4, service3, now2) {
  let all = attemptsOf(pushed4, service3), made = all.filter(({ at }) => at - all[0].at <= targets().health.windowSeconds), good = made.filter(({ success }) => success).length, share2 = good / made.length, enough = share2 >= targets().health.least, early = decided(made), over = checksAreOver(pushed4, service3, made, now2), base = {
    name: "health",
    demanded: `${service3}: at least ${percent2(targets().health.least)} of the checks of the first ${spoken(targets().health.windowSeconds)}`
  }, found = `${percent2(share2)} (${good} of ${counted(made.length, "check")} passed)`;
  if (early === "unhealthy" || over && !enough) return { ...base, verdict: "fail", found };
  if (enough && (early === "healthy" || over && made.length >= leastChecks))
    return { ...base, verdict: "pass", found };
  let why2 = over ? `fewer than ${leastChecks} checks say nothing` : "the checks still run";
  return { ...base, verdict: "inconclusive", found: `${found}; ${why2}` };
}
function health(pushed4, now2) {
  let services2 = distinct(
    values(pushed4, "deployment_health_check_success").map(({ labels: labels2 }) => labels2.service)
  );
  return services2.length > 0 ? services2.map((service3) => serviceHealth(pushed4, service3, now2)) : nothing2(
    "health",
    `at least ${percent2(targets().health.least)} of the checks of the first ${spoken(targets().health.windowSeconds)}`,
    "no health check was recorded yet"
  );
}
function errorRate3(pushed4) {
  let name2 = "error-rate", demanded2 = `at most ${percent2(targets().errorRate.rollback)} in the first ${spoken(targets().health.windowSeconds)}`, rates = values(pushed4, "post_deployment_error_rate");
  return rates.length === 0 ? nothing2(name2, demanded2, "no error rate was recorded yet") : rates.map(({ labels: labels2, value }) => ({
    name: name2,
    verdict: value <= targets().errorRate.rollback ? "pass" : "fail",
    demanded: `${labels2.service}: ${demanded2}`,
    found: percent2(value)
  }));
}
function smokeTests(pushed4) {
  let name2 = "smoke-tests", demanded2 = `at least ${percent2(targets().smokeTests.objective)} pass`, tests = values(pushed4, "smoke_test_success"), failed3 = tests.filter(({ value }) => value !== 1).map(({ labels: labels2 }) => labels2.test_name), share2 = (tests.length - failed3.length) / tests.length, { running } = stagesOf2(pushed4, stagesOf(carried(), "test"));
  if (tests.length === 0)
    return nothing2(
      name2,
      demanded2,
      running ? "smoke tests run, and none has ended" : "no smoke test was recorded yet"
    );
  let found = `${tests.length - failed3.length} of ${tests.length} passed${failed3.length > 0 ? `; failed: ${failed3.join(", ")}` : ""}`;
  return share2 < targets().smokeTests.objective ? [{ name: name2, verdict: "fail", demanded: demanded2, found }] : running ? [{ name: name2, verdict: "inconclusive", demanded: demanded2, found: `${found}; others still run` }] : [{ name: name2, verdict: "pass", demanded: demanded2, found }];
}
function migrations(pushed4) {
  let name2 = "migrations", demanded2 = "all of them succeed", runs = values(pushed4, "migration_success"), stage3 = stagesOf2(pushed4, stagesOf(carried(), "migrate")), failed3 = runs.filter(({ value }) => value !== 1).length || stage3.failed, passed2 = Math.max(runs.filter(({ value }) => value === 1).length, stage3.passed);
  return failed3 > 0 ? [{ name: name2, verdict: "fail", demanded: demanded2, found: `${counted(failed3, "run")} failed` }] : stage3.running ? [{ name: name2, verdict: "inconclusive", demanded: demanded2, found: "migrations still run" }] : passed2 === 0 ? [{ name: name2, verdict: "skipped", demanded: demanded2, found: "there were none" }] : [{ name: name2, verdict: "pass", demanded: demanded2, found: `${counted(passed2, "run")} succeeded` }];
}
function stages3(pushed4) {
  let failed3 = values(pushed4, "deployment_stage_status_code").filter(
    ({ labels: labels2, value }) => value === stageStatuses.failure && !judgedElsewhere().includes(labels2.stage ?? "")
  ).map(({ labels: labels2 }) => `${labels2.stage} of ${labels2.service}`);
  return failed3.length === 0 ? [] : [{ name: "stages", demanded: "every stage is done", verdict: "fail", found: `failed: ${[...new Set(failed3)].sort().join(", ")}` }];
}
function ended2(pushed4, { environment: environment3, deployment_id: id }) {
  let base = {
    name: "deployment",
    demanded: `${id} runs in ${environment3} or succeeded`,
    final: !0
  };
  if (pushed4.length === 0)
    return [
      {
        ...base,
        verdict: "error",
        found: `no deployment ${id} was recorded in ${environment3}: check the id and --environment`
      }
    ];
  let outcome = outcomeNames.get(values(pushed4, "deployment_outcome_code")[0]?.value ?? -1);
  return values(pushed4, "deployment_rollback_total").some(
    ({ labels: labels2 }) => labels2.status === "success"
  ) || outcome === "rolled_back" ? [
    { ...base, verdict: "error", found: "it was rolled back already, so there is nothing to decide" }
  ] : outcome === "failure" ? [{ ...base, verdict: "fail", found: "it finished as a failure" }] : outcome === "cancelled" ? [{ ...base, verdict: "error", found: "it was cancelled, so there is nothing to decide" }] : [];
}
function sinceStart(pushed4) {
  let started2 = startedAt(pushed4);
  if (started2 === void 0) return pushed4;
  let old = (time2) => time2 !== void 0 && time2 < started2 - clockTolerance, about = ({ labels: labels2 }) => JSON.stringify([labels2.service, labels2.stage, labels2.migration_name, labels2.test_name, labels2.attempt]), times2 = (name2) => new Map(values(pushed4, name2).map((sample) => [about(sample), sample.value])), [checked, tested, stageEnded] = [
    times2("deployment_health_check_timestamp_seconds"),
    times2("smoke_test_finished_timestamp_seconds"),
    times2("deployment_stage_finished_timestamp_seconds")
  ], lastCheck = Math.max(...checked.values(), -1 / 0);
  return pushed4.filter((sample) => sample.name.startsWith("deployment_health_check_") ? !old(checked.get(about(sample))) : sample.name === "post_deployment_error_rate" ? checked.size === 0 || !old(lastCheck) : sample.name.startsWith("smoke_test_") ? !old(tested.get(about(sample))) : !old(stageEnded.get(about(sample))));
}
function judgeRecordings(all, now2, of) {
  let pushed4 = sinceStart(all), over = ended2(pushed4, of);
  return over.some(({ verdict: verdict2 }) => verdict2 === "error") ? over : [
    ...over,
    ...stages3(pushed4),
    ...health(pushed4, now2),
    ...errorRate3(pushed4),
    ...smokeTests(pushed4),
    ...migrations(pushed4)
  ];
}
function liveSince(all) {
  let pushed4 = sinceStart(all), times2 = values(pushed4, "deployment_health_check_timestamp_seconds").map(({ value }) => value);
  return times2.length > 0 ? Math.min(...times2) : void 0;
}
var leastChecks, patience, values, distinct, decided, nothing2, judgedElsewhere, outcomeNames, clockTolerance, startedAt, init_stay = __esm({
  "src/record/gate/stay.ts"() {
    "use strict";
    init_spoken();
    init_words();
    init_metrics();
    init_pipeline2();
    init_health_check();
    init_pipeline4();
    init_verdict();
    leastChecks = 5, patience = 15, values = (pushed4, name2) => pushed4.filter((sample) => sample.name === name2), distinct = (texts) => [...new Set(texts.map((text3) => text3 ?? ""))].sort();
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
    nothing2 = (name2, demanded2, found) => [
      { name: name2, verdict: "inconclusive", demanded: demanded2, found }
    ];
    judgedElsewhere = () => stagesOf(carried(), "check", "test", "migrate", "rollback");
    outcomeNames = new Map(Object.entries(outcomes).map(([name2, code2]) => [code2, name2]));
    clockTolerance = 60;
    startedAt = (pushed4) => values(pushed4, "deployment_started_timestamp_seconds")[0]?.value;
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
    init_pipeline4();
    refuseGood = { onTheWay: 1e-3, atTheEnd: 7e-3 }, passBad = 3e-3, refuseGoodWatching = 2e-4, prior = { share: 4e-3, requests: 100 }, baseOf = ({ requests: requests2, errors }) => Math.min(0.5, Math.max(prior.share, (errors + prior.share * prior.requests) / (requests2 + prior.requests))), badShare = (base) => Math.min(0.95, Math.max(targets().errorRate.spike.share, targets().errorRate.spike.times * base)), logRatio = ({ requests: requests2, errors }, good, bad) => errors * Math.log(bad / good) + (requests2 - errors) * Math.log((1 - bad) / (1 - good));
  }
});

// src/record/gate/traffic.ts
async function trafficUntil(prometheus2, end, seconds) {
  let range = `${Math.round(seconds)}s`, [all, coded, failed3] = await Promise.all(
    [
      requests(range),
      requests(range, { status_code: matches(".+") }),
      requests(range, { status_code: matches("5..") })
    ].map((question) => prometheus2.value(question, end))
  );
  return all === void 0 ? void 0 : { requests: all, errors: coded === void 0 ? void 0 : failed3 ?? 0, seconds };
}
function missing(after, before, who) {
  if (!after && before && before.requests > 0)
    return `${who} had requests of the application before, and has none since`;
  if (after?.requests === 0 && before && isEnough(before))
    return `no request since; ${Math.round(before.requests)} in the hour before`;
  if (after && after.requests > 0 && after.errors === void 0)
    return "no request says with which status_code it ended";
}
function judgeTraffic(after, before, watching = !1, who = "Prometheus") {
  let { windowSeconds } = targets().health, gone = missing(after, before, who);
  if (gone !== void 0) return { name, demanded: demanded(), verdict: "inconclusive", found: gone };
  if (after === void 0)
    return {
      name,
      demanded: demanded(),
      verdict: "skipped",
      found: `${who} has no requests of the application`
    };
  let over = after.seconds >= windowSeconds, decision = sequentialTest(countsOf(after), countsOf(before), { over, watching }), found = `${percent2(share(after))} errors, ${percent2(before ? share(before) : 0)} in the hour before`, sure = `${found}; ${percent2(decision.sure)} sure`, enough = isEnough(after);
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
async function liveTraffic({ name: who, until }, { since, started: started2, now: now2, watching }) {
  let { windowSeconds } = targets().health, late = watching && now2 - since > windowSeconds, end = late ? now2 : Math.min(now2, since + windowSeconds), seconds = late ? windowSeconds : Math.max(1, end - since), [after, before] = await Promise.all([until(end, seconds), until(Math.min(started2, since), 3600)]);
  return judgeTraffic(after, before, late, who);
}
var requests, share, isEnough, leastErrors, earliest, name, demanded, countsOf, scrapedTraffic, init_traffic = __esm({
  "src/record/gate/traffic.ts"() {
    "use strict";
    init_metrics();
    init_pipeline4();
    init_sequential();
    init_verdict();
    requests = (range, labels2 = {}) => sum(increase(metric("http_requests_total", { job: applicationJob, ...labels2 }), range));
    share = ({ requests: requests2, errors = 0 }) => requests2 > 0 ? errors / requests2 : 0, isEnough = ({ requests: requests2, seconds }) => requests2 / seconds >= targets().errorRate.spike.requestsPerSecond, leastErrors = 5, earliest = 60, name = "live-traffic", demanded = () => `fewer errors than ${targets().errorRate.spike.times} times the hour before`;
    countsOf = (traffic) => {
      let requests2 = Math.round(traffic?.requests ?? 0);
      return { requests: requests2, errors: Math.min(requests2, Math.round(traffic?.errors ?? 0)) };
    };
    scrapedTraffic = (prometheus2) => ({
      name: "Prometheus",
      until: (end, seconds) => trafficUntil(prometheus2, end, seconds)
    });
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
async function stay({ deployment, watching }, { prometheus: prometheus2, railway, view, now: now2 }) {
  let { pushed: pushed4, problems } = await collect(prometheus2, view, deployment, now2), unanswered = problems.map(
    (found) => ({ name: "sources", verdict: "error", demanded: "every source answers", found })
  ), incomplete = view.complete || problems.length > 0 ? [] : [
    {
      name: "sources",
      verdict: "inconclusive",
      demanded: "nothing is missing",
      found: incompleteSentence(view)
    }
  ], certain = view.complete && problems.length === 0, checks3 = [
    // Of one that is not there nothing is known until every source has answered.
    ...judgeRecordings(pushed4, now2, deployment).filter(
      ({ final: final2, verdict: verdict2 }) => certain || pushed4.length > 0 || !final2 || verdict2 !== "error"
    ),
    ...unanswered,
    ...incomplete
  ];
  if (checks3.some(({ final: final2, verdict: verdict2 }) => final2 && verdict2 === "error")) return checks3;
  let since = liveSince(pushed4);
  if (since === void 0) return checks3;
  let started2 = startedAt(pushed4) ?? since, times2 = { since, started: started2, now: now2, watching }, scraped2 = deployment.environment === carried().application?.environment && !(prometheus2 instanceof NotAsked) ? await judgedTraffic(scrapedTraffic(prometheus2), times2, "error") : void 0;
  return !railway || scraped2 && scraped2.verdict !== "skipped" ? scraped2 ? [...checks3, scraped2] : checks3 : [...checks3, await judgedTraffic(railway, times2, "skipped")];
}
async function judgedTraffic(source, times2, silent) {
  try {
    return await liveTraffic(source, times2);
  } catch (error2) {
    return { ...notAsked("live-traffic", "no more errors than before", error2), verdict: silent };
  }
}
async function deploy({ deployment, preview, hotfix }, { prometheus: prometheus2, view, now: now2 }) {
  let { environment: environment3 } = deployment, ask3 = async (name2, make2) => {
    try {
      return await make2();
    } catch (error2) {
      return notAsked(name2, "it can be asked", error2);
    }
  }, asked = () => {
    if (prometheus2 instanceof NotAsked) throw prometheus2;
    return prometheus2;
  }, [budget, other, alerts] = await Promise.all([
    freezes(environment3) ? ask3("error-budget", async () => await errorBudget(asked(), view, { environment: environment3, hotfix }, now2)) : neverFrozen(environment3),
    ask3("no-other-deployment", async () => await noOther(prometheus2, view, { ...deployment, preview }, now2)),
    ask3("no-critical-alert", async () => judgeAlerts(await asked().alertingRules(), environment3, hotfix))
  ]);
  return [budget, other, alerts].map((check) => hotfix && check !== other ? unasked(check) : check);
}
async function ask2(asked, gateway2, prometheus2, now2, since, railway) {
  let view = await transportView(prometheus2, gateway2, now2, since), checks3 = (await (asked.question === "stay" ? stay : deploy)(asked, { prometheus: prometheus2, railway, view, now: now2 })).map((check) => leftOut(check, asked.without)), { environment: environment3, deployment_id: deployment_id3 } = asked.deployment, verdict2 = verdictOn(checks3);
  return { question: asked.question, environment: environment3, deployment_id: deployment_id3, verdict: verdict2, checks: checks3, complete: view.complete };
}
var notAsked, unasked, leftOut, init_ask = __esm({
  "src/record/gate/ask.ts"() {
    "use strict";
    init_pipeline4();
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

// src/lib/remote-write.ts
function varint(value) {
  let bytes = [], rest = value;
  for (; rest >= 128; )
    bytes.push(rest % 128 | 128), rest = Math.floor(rest / 128);
  return Buffer.from([...bytes, rest]);
}
function encodeLabel([name2, value]) {
  return field(1, Buffer.concat([field(1, Buffer.from(name2)), field(2, Buffer.from(value))]));
}
function encodeSample([time2, value]) {
  let double = Buffer.alloc(9);
  return double[0] = 9, Number.isNaN(value) ? double.writeBigUInt64LE(staleBits, 1) : double.writeDoubleLE(value, 1), field(2, Buffer.concat([double, Buffer.from([16]), varint(Math.round(time2 * 1e3))]));
}
function snappyLiteral(content) {
  if (content.length === 0) return varint(0);
  let head = Buffer.alloc(5);
  return head[0] = 252, head.writeUInt32LE(content.length - 1, 1), Buffer.concat([varint(content.length), head, content]);
}
var field, staleMarker, staleBits, encodeWriteRequest, writeRequest, writeHeaders, init_remote_write = __esm({
  "src/lib/remote-write.ts"() {
    "use strict";
    field = (number2, content) => Buffer.concat([varint(number2 * 8 + 2), varint(content.length), content]);
    staleMarker = Number.NaN, staleBits = 0x7ff0000000000002n;
    encodeWriteRequest = (series) => Buffer.concat(
      series.map(({ labels: labels2, points }) => {
        let sorted = Object.entries(labels2).sort(([a], [b]) => a < b ? -1 : 1);
        return field(1, Buffer.concat([...sorted.map(encodeLabel), ...points.map(encodeSample)]));
      })
    );
    writeRequest = (series) => snappyLiteral(encodeWriteRequest(series)), writeHeaders = {
      "content-type": "application/x-protobuf",
      "content-encoding": "snappy",
      "x-prometheus-remote-write-version": "0.1.0"
    };
  }
});

// src/record/exposition.ts
function sampleLine({ metric: metric3, labels: labels2, value }) {
  let pairs = Object.entries(labels2).map(([name2, text3]) => `${name2}="${escapeValue(text3)}"`);
  return `${metric3}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}
function exposition(push) {
  let families = /* @__PURE__ */ new Map();
  for (let sample of push.samples) {
    let family2 = families.get(sample.metric);
    family2 ? family2.push(sample) : families.set(sample.metric, [sample]);
  }
  return `${[...families].flatMap(([metric3, samples]) => {
    let { type, help: help2 } = definitionOf(metric3);
    return [
      `# HELP ${metric3} ${escapeHelp(help2)}`,
      `# TYPE ${metric3} ${type === "counter" ? "counter" : "gauge"}`,
      ...samples.map(sampleLine)
    ];
  }).join(`
`)}
`;
}
var escapeHelp, escapeValue, init_exposition = __esm({
  "src/record/exposition.ts"() {
    "use strict";
    init_pipeline4();
    escapeHelp = (text3) => text3.replaceAll("\\", "\\\\").replaceAll(`
`, "\\n"), escapeValue = (text3) => escapeHelp(text3).replaceAll('"', '\\"');
  }
});

// src/record/way.ts
function unsent({ group: group3, samples }) {
  let named4 = (name2, labels2) => Object.fromEntries(
    Object.entries({ __name__: name2, job: pipelineJob, ...group3, ...labels2 }).filter(
      ([, value]) => value !== ""
    )
  );
  return [
    ...samples.map(({ metric: metric3, labels: labels2, value }) => ({
      labels: named4(metric3, labels2),
      value: definitionOf(metric3).type === "info" ? sendTime : value
    })),
    { labels: named4(pushed2, {}), value: sendTime }
  ];
}
function parseUnsent(body) {
  try {
    let series = JSON.parse(body), isSeries2 = ({ labels: labels2, value }) => Object.values(labels2).every((label) => typeof label == "string") && (typeof value == "number" || value === sendTime);
    return series.every(isSeries2) ? series : void 0;
  } catch {
    return;
  }
}
var ownPath, gateway, pushed2, sendTime, sentAt, remoteWrite, way, init_way = __esm({
  "src/record/way.ts"() {
    "use strict";
    init_remote_write();
    init_url();
    init_metrics();
    init_exposition();
    init_grouping();
    init_pipeline4();
    ownPath = new RegExp(`^metrics/job/${pipelineJob}(/[\\w@.-]+/[\\w=.-]+)+$`), gateway = {
      prefix: "PUSHGATEWAY",
      holdsGroups: !0,
      who: "The gateway",
      server: "a Pushgateway",
      content: (push) => ({ method: push.method, path: groupPath(push.group), body: exposition(push) }),
      isOurs: ({ path }) => ownPath.test(path),
      request: (base, { path, body }) => ({
        url: joinUrl(base, path),
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        body
      })
    }, pushed2 = "push_time_seconds", sendTime = "at";
    sentAt = (series, at) => series.map(({ labels: labels2, value }) => ({ labels: labels2, points: [[at, value === sendTime ? at : value]] }));
    remoteWrite = {
      prefix: "REMOTE_WRITE",
      holdsGroups: !1,
      who: "The receiver of remote writes",
      server: "a receiver of remote writes",
      content: (push) => ({ method: "POST", path: "", body: JSON.stringify(unsent(push)) }),
      isOurs: ({ path, body }) => path === "" && parseUnsent(body)?.every(({ labels: labels2 }) => labels2.job === pipelineJob) === !0,
      refused: ({ body }) => {
        let { labels: labels2 } = JSON.parse(body).find((one) => one.labels.__name__ === pushed2), failure = { labels: { ...labels2, __name__: "push_failure_time_seconds" }, value: sendTime };
        return { method: "POST", path: "", body: JSON.stringify([failure]) };
      },
      // Written as of now, as a gateway does: what waited is neither too old for the server nor for the rules.
      request: (base, { body }, at) => ({
        url: base,
        headers: writeHeaders,
        body: writeRequest(sentAt(JSON.parse(body), at / 1e3))
      })
    }, way = () => carried().transport === "remote-write" ? remoteWrite : gateway;
  }
});

// src/record/gateway.ts
function gatewayOf(env) {
  let to = way(), variable5 = `${to.prefix}_URL`, set = Object.fromEntries(
    Object.entries(env).map(([name2, value]) => [name2, value?.trim()]).filter(([name2, value]) => name2.startsWith(`${to.prefix}_`) && value)
  ), url = set[variable5];
  if (url?.toLowerCase() === "disabled") return { kind: "disabled" };
  if (!url)
    return {
      kind: "unusable",
      problems: [
        `${variable5} is not set. Set it to the address of the ${addressees[to.prefix]}, or to "disabled".`
      ]
    };
  let problems = [], base = attempt(() => baseUrl(url, variable5), problems), headers = attempt(() => authorization(to.prefix, set), problems), tenant = set.REMOTE_WRITE_TENANT;
  return base && headers && problems.length === 0 ? {
    kind: "ready",
    way: to,
    base,
    headers: { ...headers, ...tenant && { "x-scope-orgid": tenant } },
    clean: (text3) => secretRemover(env)(text3)
  } : { kind: "unusable", problems };
}
var attempt, addressees, init_gateway = __esm({
  "src/record/gateway.ts"() {
    "use strict";
    init_url();
    init_secrets();
    init_way();
    attempt = (make2, problems) => {
      try {
        return make2();
      } catch (error2) {
        let { message, fix } = error2;
        problems.push(fix ? `${message} ${fix}` : message);
        return;
      }
    }, addressees = {
      PUSHGATEWAY: "Pushgateway",
      REMOTE_WRITE: "receiver of remote writes (of a Prometheus: https://host.example/api/v1/write)"
    };
  }
});

// src/record/github-api.ts
function addressOf(env) {
  let url = baseUrl(env[variable2]?.trim() || "https://api.github.com", variable2);
  if (url.protocol === "https:" || isLocalHost(url.hostname)) return url;
  throw new GitHubFailure(`${variable2} must start with https://, because the token goes there.`);
}
var GitHubFailure, pageSize, variable2, GitHubApi, init_github_api = __esm({
  "src/record/github-api.ts"() {
    "use strict";
    init_clock();
    init_errors();
    init_http();
    init_redact();
    init_url();
    init_http2();
    GitHubFailure = class extends EnvironmentFailure {
      status;
      /** True when no other request of this kind can succeed. */
      isFinal;
      constructor(message, status = 0, isFinal2 = !0) {
        super(message), this.status = status, this.isFinal = isFinal2;
      }
    }, pageSize = 100, variable2 = "GITHUB_API_URL";
    GitHubApi = class {
      repository;
      #client;
      /** @throws GitHubFailure when there is no token or repository */
      constructor(env, signal) {
        let token = env.GITHUB_TOKEN?.trim(), repository = env.GITHUB_REPOSITORY?.trim();
        if (!token || !repository)
          throw new GitHubFailure(
            `${[!token && "GITHUB_TOKEN", !repository && "GITHUB_REPOSITORY"].filter(Boolean).join(" and ")} is not set; in a workflow: GITHUB_TOKEN: \${{ github.token }}.`
          );
        if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
          throw new GitHubFailure("GITHUB_REPOSITORY is no owner/name.");
        this.repository = repository, this.#client = new HttpClient({
          service: "GitHub",
          base: addressOf(env),
          variable: variable2,
          headers: {
            authorization: `Bearer ${token}`,
            accept: "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
            "user-agent": "deployment-recorder"
          },
          redact: redactor([token]),
          transport: nodeTransport,
          clock: systemClock,
          timeoutMs: 1e4,
          attempts: 3,
          signal
        });
      }
      get requests() {
        return this.#client.requests;
      }
      /** An object or a list; undefined where there is none. @param permission that the token needs for it */
      async get(path, permission3, query2 = {}) {
        let answer = await this.#client.read(this.#path(path), { query: query2 });
        return answer.status === 404 ? void 0 : this.#accepted(answer, permission3);
      }
      /** A list, from all of its pages. @param most pages, of 100 each */
      async list(path, permission3, { key, most: most2 = 5, query: query2 = {} } = {}) {
        let all = [];
        for (let page = 1; page <= most2; page++) {
          let answer = await this.get(path, permission3, {
            ...query2,
            per_page: String(pageSize),
            page: String(page)
          }), items = key === void 0 ? answer : answer?.[key];
          if (!Array.isArray(items) || (all.push(...items), items.length < pageSize)) break;
        }
        return all;
      }
      /** The login that belongs to the token; a workflow's token may not ask for it. */
      async login() {
        let { status, json } = await this.#client.read("user"), { login } = json ?? {};
        return status === 200 && login ? login : "github-actions[bot]";
      }
      /**
       * Changes something.
       * @param isDone looks whether a request whose answer was lost was carried out: its result, else undefined
       */
      async change(method, path, json, permission3, isDone = async () => {
      }) {
        return await this.#client.write(
          async () => this.#accepted(
            await this.#client.once(method, this.#path(path), {
              ...json !== void 0 && { json },
              expect: "anything"
            }),
            permission3
          ) ?? {},
          isDone
        );
      }
      #path(path) {
        return `repos/${this.repository}/${path}`;
      }
      #accepted(answer, permission3) {
        let { status, headers, json } = answer;
        if (status < 300) return json;
        let said2 = serverWords(answer, this.#client.redact);
        throw headers.get("x-ratelimit-remaining") === "0" || /rate limit/i.test(said2) ? new GitHubFailure("GitHub allows no more requests for now: run it again later.", status) : status === 401 ? new GitHubFailure("GitHub does not accept GITHUB_TOKEN: it is wrong or has expired.", status) : status === 403 && /not accessible/i.test(said2) ? new GitHubFailure(
          `GITHUB_TOKEN lacks the permission "${permission3}": add it to the job's permissions. (A run that a pull request from a fork started never has it.)`,
          status
        ) : new GitHubFailure(`GitHub answered ${status}${said2 && `: ${said2}`}.`, status, !1);
      }
    };
  }
});

// src/record/result/samples.ts
var resultMetrics, Samples, init_samples = __esm({
  "src/record/result/samples.ts"() {
    "use strict";
    resultMetrics = [
      "deployment_triggered_timestamp_seconds",
      "deployment_started_timestamp_seconds",
      "deployment_finished_timestamp_seconds",
      "deployment_outcome_code",
      "deployment_info",
      "deployment_message_info",
      "deployment_stage_started_timestamp_seconds",
      "deployment_stage_finished_timestamp_seconds",
      "deployment_stage_status_code",
      "deployment_stage_info",
      "deployment_error_info",
      "deployment_health_check_success",
      "post_deployment_error_rate",
      "smoke_test_success",
      "smoke_test_duration_seconds",
      "smoke_test_error_info",
      "migration_success",
      "migration_duration_seconds",
      "migrations_applied",
      "deployment_rollback_total",
      "deployment_rollback_finished_timestamp_seconds",
      "deployment_rollback_info",
      "deployment_gate_verdict_code",
      "deployment_gate_info",
      "deployment_infrastructure_cost"
    ], Samples = class {
      #pushed;
      constructor(pushed4) {
        this.#pushed = pushed4;
      }
      all(name2) {
        return this.#pushed.filter((sample) => sample.name === name2);
      }
      one(name2, where = {}) {
        return this.all(name2).find(
          ({ labels: labels2 }) => Object.entries(where).every(([label, value]) => (labels2[label] ?? "") === value)
        );
      }
      value(name2, where) {
        return this.one(name2, where)?.value;
      }
    };
  }
});

// src/record/result/result.ts
function stagesOf3(samples, p95) {
  let seen = /* @__PURE__ */ new Map();
  for (let name2 of ["deployment_stage_started_timestamp_seconds", "deployment_stage_status_code"])
    for (let { labels: labels2 } of samples.all(name2)) {
      let { service: service3 = "", stage: stage3 = "", migration_name: migration_name2 = "" } = labels2;
      seen.set(JSON.stringify([service3, stage3, migration_name2]), { service: service3, stage: stage3, migration_name: migration_name2 });
    }
  return [...seen.values()].map((of) => {
    let started2 = samples.value("deployment_stage_started_timestamp_seconds", of), ended3 = samples.value("deployment_stage_finished_timestamp_seconds", of), isOver2 = ended3 !== void 0 && ended3 >= (started2 ?? 0), error2 = samples.one("deployment_error_info", of)?.labels, name2 = stageKey(of.service, of.stage);
    return {
      name: name2,
      ...given("service", of.service || void 0),
      status: isOver2 ? nameOf(stageStatuses, samples.value("deployment_stage_status_code", of)) : "running",
      ...given("started", started2),
      ...given("finished", isOver2 ? ended3 : void 0),
      ...given("p95", p95.get(name2)),
      ...given("logUrl", samples.one("deployment_stage_info", of)?.labels.log_url),
      ...error2 && isOver2 && { error: { type: error2.error_type ?? "", message: error2.message ?? "" } }
    };
  }).sort(
    (a, b) => (a.started ?? a.finished ?? 0) - (b.started ?? b.finished ?? 0) || (a.name < b.name ? -1 : 1)
  );
}
function outcomeOf(samples) {
  let started2 = samples.value("deployment_started_timestamp_seconds"), finished = samples.value("deployment_finished_timestamp_seconds");
  if (finished === void 0 || finished < (started2 ?? 0)) return "running";
  let rollbacks = samples.all("deployment_rollback_total").map(({ labels: labels2 }) => labels2.status);
  return rollbacks.includes("failure") ? "failure" : rollbacks.includes("success") ? "rolled_back" : samples.all("deployment_stage_status_code").some(({ labels: labels2, value }) => value === stageStatuses.failure && !isRollback(labels2.stage)) ? "failure" : Object.keys(outcomes).find(
    (name2) => outcomes[name2] === samples.value("deployment_outcome_code")
  ) ?? "running";
}
function rollbackOf(samples) {
  let done = samples.all("deployment_rollback_total").filter(({ labels: labels2 }) => labels2.status === "success");
  if (done.length === 0) return;
  let info = samples.one("deployment_rollback_info")?.labels ?? {}, at = samples.all("deployment_rollback_finished_timestamp_seconds").map(({ value }) => value);
  return {
    reason: info.reason ?? done[0]?.labels.reason ?? "other",
    to: info.previous_deployment_id ?? "",
    ...given("at", at.length === 0 ? void 0 : Math.max(...at))
  };
}
function spentBy(samples, outcome) {
  let { failed: failed3, rolledBack, rolledBackForHealth } = targets().budget;
  if (outcome === "cancelled" || outcome === "running") return 0;
  if (outcome === "rolled_back")
    return samples.all("deployment_rollback_total").some(({ labels: labels2 }) => labels2.status === "success" && labels2.reason === "health_check_failed") ? rolledBackForHealth : rolledBack;
  let broken2 = ["smoke_test_success", "migration_success"].some(
    (name2) => samples.all(name2).some(({ value }) => value === 0)
  );
  return outcome === "success" && !broken2 ? 0 : failed3;
}
function budgetOf2(samples, environment3, outcome, budget) {
  if (!carried().environments[environment3]?.objectives) return;
  let spent = spentBy(samples, outcome);
  if (!budget) return { spent };
  let { left: left2, allowed, counted: counted2 } = budget;
  return { spent, left: left2 - (spent - counted2) / Math.max(1, allowed), allowed };
}
function resultOf({ environment: environment3, deployment_id: deployment_id3 }, pushed4, { p95, budget, unknown } = alone) {
  let samples = new Samples(pushed4), outcome = outcomeOf(samples), info = samples.one("deployment_info")?.labels ?? {}, messages = samples.all("deployment_message_info"), chat = (messages.find(({ labels: labels2 }) => labels2.thread_ts) ?? messages[0])?.labels, costs = samples.all("deployment_infrastructure_cost");
  return {
    environment: environment3,
    id: deployment_id3,
    outcome,
    ...given("triggered", samples.value("deployment_triggered_timestamp_seconds")),
    ...given("started", samples.value("deployment_started_timestamp_seconds")),
    ...given(
      "finished",
      outcome === "running" ? void 0 : samples.value("deployment_finished_timestamp_seconds")
    ),
    ...given("rollback", rollbackOf(samples)),
    version: info.version ?? "",
    commit: info.commit ?? "",
    branch: info.branch ?? "",
    actor: info.actor ?? "",
    runUrl: info.run_url ?? "",
    previousId: info.previous_deployment_id ?? "",
    stages: stagesOf3(samples, p95),
    health: healthOf(samples),
    smokeTests: smokeTestsOf(samples),
    migrations: migrationsOf(samples),
    costs: costs.map(({ labels: labels2, value }) => ({ resource: labels2.resource ?? "", amount: value })).sort((a, b) => a.resource < b.resource ? -1 : 1),
    gates: samples.all("deployment_gate_verdict_code").map(({ labels: { gate: gate3 = "" }, value }) => {
      let { checks: checks3 = "", message = "" } = samples.one("deployment_gate_info", { gate: gate3 })?.labels ?? {};
      return { gate: gate3, verdict: nameOf(gateVerdicts, value), checks: checks3, message };
    }).sort((a, b) => a.gate < b.gate ? -1 : 1),
    ...given("budget", budgetOf2(samples, environment3, outcome, budget)),
    ...chat && {
      chat: { channel: chat.channel ?? "", ts: chat.message_ts ?? "", thread: chat.thread_ts ?? "" }
    },
    unknown
  };
}
var nameOf, isRollback, given, healthOf, byName, smokeTestsOf, migrationsOf, init_result = __esm({
  "src/record/result/result.ts"() {
    "use strict";
    init_metrics();
    init_pipeline4();
    init_model();
    init_samples();
    nameOf = (codes, code2) => Object.entries(codes).find(([, value]) => value === code2)?.[0] ?? "unknown", isRollback = (stage3 = "") => carried().stages[stage3]?.kind === "rollback", given = (name2, value) => value === void 0 ? {} : { [name2]: value };
    healthOf = (samples) => {
      let checks3 = samples.all("deployment_health_check_success"), rates = samples.all("post_deployment_error_rate");
      return [...new Set([...checks3, ...rates].map(({ labels: labels2 }) => labels2.service ?? ""))].sort().map((service3) => {
        let own = checks3.filter(({ labels: labels2 }) => labels2.service === service3);
        return {
          service: service3,
          checks: own.length,
          passed: own.filter(({ value }) => value === 1).length,
          ...given("errorRate", samples.value("post_deployment_error_rate", { service: service3 }))
        };
      });
    }, byName = (a, b) => a.name < b.name ? -1 : 1, smokeTestsOf = (samples) => samples.all("smoke_test_success").map(({ labels: { test_name: test_name2 = "" }, value }) => ({
      name: test_name2,
      passed: value === 1,
      ...given("seconds", samples.value("smoke_test_duration_seconds", { test_name: test_name2 })),
      ...given(
        "note",
        value === 1 ? void 0 : samples.one("smoke_test_error_info", { test_name: test_name2 })?.labels.message
      )
    })).sort(byName), migrationsOf = (samples) => samples.all("migration_success").map(({ labels: { service: service3 = "", stage: stage3 = "", migration_name: migration_name2 = "" }, value }) => {
      let of = { service: service3, stage: stage3, migration_name: migration_name2 }, applied = samples.value("migrations_applied", of);
      return {
        name: migration_name2 || stage3,
        passed: value === 1,
        ...given("seconds", samples.value("migration_duration_seconds", of)),
        ...given("note", applied === void 0 ? void 0 : `${applied} applied`)
      };
    }).sort(byName);
  }
});

// src/record/result/jobs.ts
var jobs_exports = {};
__export(jobs_exports, {
  resultOfJobs: () => resultOfJobs,
  runnerJobs: () => runnerJobs
});
function stageOf2(job) {
  let failed3 = (Array.isArray(job.steps) ? job.steps.filter(isRecord) : []).find(({ conclusion }) => conclusion === "failure"), url = typeof job.html_url == "string" ? job.html_url : void 0, started2 = secondsOf(job.started_at), finished = secondsOf(job.completed_at);
  return {
    name: String(job.name ?? ""),
    status: statuses[String(job.conclusion ?? "")] ?? "running",
    ...started2 !== void 0 && { started: started2 },
    ...finished !== void 0 && { finished },
    ...url !== void 0 && { logUrl: failed3 ? `${url}#step:${Number(failed3.number)}:1` : url },
    ...failed3 && { error: { type: "command_failed", message: `step "${String(failed3.name)}" failed` } }
  };
}
async function jobsOfRun(deployment, env, signal) {
  if (defaultDeploymentId(env) !== deployment.deployment_id)
    throw new GitHubFailure(
      `GitHub tells the jobs of a run to that run: DEPLOYMENT_ID "${deployment.deployment_id}" is not the id of this one. Leave it unset in GitHub Actions.`
    );
  let github = new GitHubApi(env, signal), run = `actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT || "1"}`;
  return (await github.list(`${run}/jobs`, "actions: read", { key: "jobs", most: 3 })).filter(isRecord);
}
async function runnerJobs(deployment, env, now2) {
  return (await jobsOfRun(deployment, env)).flatMap((job) => {
    let [created, started2] = [secondsOf(job.created_at), secondsOf(job.started_at)];
    return started2 === void 0 || created !== void 0 && started2 < created ? [] : [
      {
        labels: Array.isArray(job.labels) ? job.labels.filter((one) => typeof one == "string") : [],
        started: started2,
        finished: secondsOf(job.completed_at) ?? now2,
        ...created !== void 0 && { created }
      }
    ];
  });
}
async function resultOfJobs(deployment, outcome, env, unknown, signal) {
  let stages4 = (await jobsOfRun(deployment, env, signal)).filter((job) => job.status === "completed" || String(job.id) !== env.JOB_CHECK_RUN_ID).map(stageOf2).filter(({ finished: finished2 }) => finished2 !== void 0), times2 = (pick) => stages4.flatMap((stage3) => pick(stage3) ?? []), started2 = times2((stage3) => stage3.started), finished = times2((stage3) => stage3.finished);
  return {
    ...resultOf(deployment, []),
    outcome,
    ...started2.length > 0 && { started: Math.min(...started2) },
    ...finished.length > 0 && { finished: Math.max(...finished) },
    version: version(env),
    commit: env.GITHUB_SHA ?? "",
    actor: env.GITHUB_ACTOR ?? "",
    branch: env.GITHUB_REF_NAME ?? "",
    runUrl: runUrl(env),
    stages: stages4.sort((a, b) => (a.started ?? 0) - (b.started ?? 0)),
    unknown
  };
}
var secondsOf, statuses, init_jobs = __esm({
  "src/record/result/jobs.ts"() {
    "use strict";
    init_shapes();
    init_github();
    init_github_api();
    init_result();
    secondsOf = (time2) => {
      let ms = typeof time2 == "string" ? Date.parse(time2) : Number.NaN;
      return Number.isFinite(ms) && ms > 0 ? ms / 1e3 : void 0;
    }, statuses = {
      success: "success",
      neutral: "success",
      skipped: "skipped",
      cancelled: "cancelled",
      failure: "failure",
      timed_out: "failure",
      startup_failure: "failure"
    };
  }
});

// src/record/result/read.ts
async function pushes({ deployment, env, now: now2, own = [], patienceMs: patienceMs3, signal }, prometheus2) {
  let gateway2 = gatewayOf(env), deadline = Date.now() + patienceMs3, since = await askedAt(prometheus2);
  for (; ; ) {
    let seconds = now2() / 1e3, view = await transportView(prometheus2, gateway2, seconds, since ?? seconds), { pushed: pushed4, problems } = await collect(prometheus2, view, deployment, seconds, resultMetrics), isThere = hasAll(pushed4, own) && (view.complete || own.length > 0);
    if (!(isThere || since === void 0 || Date.now() + pauseMs > deadline || signal?.aborted)) {
      await systemClock.sleep(pauseMs, signal);
      continue;
    }
    let unknown = isThere ? [] : problems.length > 0 ? problems : [`${incompleteSentence(view)}.`];
    return { pushed: merge(pushed4, own), unknown };
  }
}
async function surroundings({ environment: environment3, deployment_id: deployment_id3 }, prometheus2, seconds) {
  if (prometheus2 instanceof NotAsked)
    return {
      p95: /* @__PURE__ */ new Map(),
      unknown: [`Usual durations and the error budget: ${prometheus2.message}`]
    };
  let of = { environment: environment3 };
  try {
    let [p95, budget, counted2] = await Promise.all([
      prometheus2.query(metric("environment_stage:duration_seconds:p95", { ...of, window: "30d" }), void 0),
      carried().environments[environment3]?.objectives ? budgetOf(prometheus2, environment3, seconds) : void 0,
      prometheus2.value(
        lastOverTime(metric("deployment:error_budget_spent:sum", { ...of, deployment_id: deployment_id3 }), "2h"),
        void 0
      )
    ]), { left: left2, allowed } = budget ?? {};
    return {
      p95: new Map(p95.map(({ labels: labels2, value }) => [stageKey(labels2.service, labels2.stage), value])),
      ...left2 !== void 0 && allowed !== void 0 && { budget: { left: left2, allowed, counted: counted2 ?? 0 } },
      unknown: budget && left2 === void 0 ? ["The error budget was not computed in the last five minutes."] : []
    };
  } catch (error2) {
    if (!(error2 instanceof NotAsked)) throw error2;
    return { p95: /* @__PURE__ */ new Map(), unknown: [`Usual durations and the error budget: ${error2.message}`] };
  }
}
async function readResult(question) {
  let { deployment, env, own = [], signal } = question, prometheus2 = prometheusOf(env), [{ pushed: pushed4, unknown }, around] = await Promise.all([
    pushes(question, prometheus2),
    surroundings(deployment, prometheus2, question.now() / 1e3)
  ]), result = resultOf(deployment, pushed4, { ...around, unknown: [...unknown, ...around.unknown] });
  if (result.started !== void 0 || result.stages.length > 0 || !env.GITHUB_RUN_ID) return result;
  try {
    let why2 = ["What was recorded of it cannot be read, so this is what GitHub knows of its jobs."];
    return await resultOfJobs(deployment, outcomeIn(own), env, [...why2, ...result.unknown], signal);
  } catch (error2) {
    if (!isExpected(error2)) throw error2;
    return { ...result, unknown: [...result.unknown, `GitHub's jobs: ${error2.message}`] };
  }
}
var pauseMs, hasAll, outcomeIn, init_read = __esm({
  "src/record/result/read.ts"() {
    "use strict";
    init_clock();
    init_errors();
    init_metrics();
    init_ask();
    init_deploy();
    init_evidence();
    init_prometheus();
    init_transport2();
    init_gateway();
    init_pipeline4();
    init_jobs();
    init_model();
    init_result();
    init_samples();
    pauseMs = 1e3, hasAll = (pushed4, own) => own.filter(({ name: name2 }) => resultMetrics.some((asked) => asked === name2)).every(({ name: name2, value }) => pushed4.some((sample) => sample.name === name2 && sample.value === value));
    outcomeIn = (own) => {
      let code2 = own.find(({ name: name2 }) => name2 === "deployment_outcome_code")?.value;
      return Object.keys(outcomes).find((name2) => outcomes[name2] === code2) ?? "running";
    };
  }
});

// src/record/result/summary.ts
function table(head, rows) {
  if (rows.length === 0) return [];
  let more = rows.length - mostRows;
  return [
    row(head),
    row(head.map(() => "---")),
    ...rows.slice(0, mostRows).map(row),
    ...more > 0 ? ["", `and ${more} more`] : [],
    ""
  ];
}
function headline(result) {
  let { id, environment: environment3, actor, version: version2, outcome } = result, who = actor === "" ? "" : `, started by ${code(actor)}`, what = version2 === "" ? "" : `, version ${code(version2)}`;
  return `${signs[outcome]} **Deployment ${linked2(code(id), result.runUrl)} to ${code(environment3)} ${verdict(result)}**${inTime(result)}${who}${what}.`;
}
function barsOf(result) {
  let { triggered, started: started2, finished, stages: stages4 } = result, end = finished ?? Math.max(0, ...stages4.flatMap((stage3) => stage3.finished ?? stage3.started ?? []));
  return [
    ...triggered !== void 0 && started2 !== void 0 && started2 > triggered ? [{ name: "queue", from: triggered, to: started2, note: formatSeconds(started2 - triggered) }] : [],
    ...stages4.slice(0, mostRows).flatMap((stage3) => {
      let from = stage3.started ?? stage3.finished;
      return from === void 0 ? [] : [{ name: stage3.name, from, to: stage3.finished ?? Math.max(from, end), note: stageNote(stage3) }];
    })
  ];
}
function waterfall(result) {
  let bars = barsOf(result);
  if (bars.length === 0) return [];
  let first = Math.min(...bars.map(({ from }) => from)), last = Math.max(...bars.map(({ to }) => to), first + 1), column = (time2) => Math.round((time2 - first) / (last - first) * barWidth), names = bars.map(({ name: name2 }) => [...oneLine(name2)].slice(0, nameWidth).join("")), width = Math.max(...names.map((name2) => name2.length)), lines = bars.map(({ from, to, note }, i) => {
    let begin = Math.min(column(from), barWidth - 1), length = Math.max(1, column(to) - begin), bar = `${" ".repeat(begin)}${"█".repeat(length)}`.padEnd(barWidth);
    return `${names[i].padEnd(width)}  ${bar}  ${note}`.trimEnd();
  }), fence = "`".repeat(Math.max(3, ...lines.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1))), hidden = result.stages.length - mostRows;
  return [fence, ...lines, fence, ...hidden > 0 ? [`and ${hidden} more stages`] : [], ""];
}
function failed2(result) {
  let all = failures(result);
  return all.length === 0 ? [] : [
    "### What failed",
    "",
    ...all.slice(0, mostRows).map(({ what, type, message, url }) => {
      let why2 = [type && spaced(type), message && code(message)].filter(Boolean).join(": "), log = address(url);
      return `- ${code(what)}${why2 && ` – ${why2}`}${log ? ` – [its last lines](${log})` : ""}`;
    }),
    ...all.length > mostRows ? [`- and ${all.length - mostRows} more`] : [],
    ""
  ];
}
function facts(result) {
  let { costs, rollback: rollback2 } = result, { currency } = carried().cost, money = (amount) => `${amount.toFixed(2)} ${currency}`, total = costs.reduce((sum2, { amount }) => sum2 + amount, 0), budget = budgetText(result);
  return [
    ...rollback2 ? [`- Rolled back${rollback2.to ? ` to ${code(rollback2.to)}` : ""}: ${code(spaced(rollback2.reason))}`] : [],
    ...budget ? [`- Error budget: ${budget}`] : [],
    ...costs.length > 0 ? [
      `- Cost: ${money(total)} (${costs.slice(0, mostRows).map(({ resource: resource2, amount }) => `${code(resource2)} ${money(amount)}`).join(", ")})`
    ] : []
  ];
}
function summary(result) {
  let followed = links(result).map(({ title, url }) => `[${title}](${url})`), list = facts(result);
  return [
    "## Deployment",
    "",
    headline(result),
    "",
    ...waterfall(result),
    ...failed2(result),
    ...checks(result),
    ...gates(result),
    ...list,
    ...list.length > 0 ? [""] : [],
    ...result.unknown.length > 0 ? ["Not known:", "", ...result.unknown.slice(0, mostRows).map((why2) => `- ${code(why2)}`), ""] : [],
    ...followed.length > 0 ? [followed.join(" · "), ""] : [],
    ""
  ].join(`
`);
}
var mostRows, barWidth, nameWidth, code, linked2, cell, row, stageNote, checkRow, checks, gates, init_summary = __esm({
  "src/record/result/summary.ts"() {
    "use strict";
    init_sanitize();
    init_pipeline4();
    init_time2();
    init_words2();
    mostRows = 100, barWidth = 40, nameWidth = 32, code = (text3) => codeSpan(text3.slice(0, 300)) || "–", linked2 = (text3, url) => {
      let usable = address(url);
      return usable === void 0 ? text3 : `[${text3}](${usable})`;
    }, cell = (text3) => text3.replace(/\\*\|/g, "\\|").replaceAll(`
`, " "), row = (cells) => `| ${cells.map(cell).join(" | ")} |`;
    stageNote = (stage3) => {
      let seconds = stageSeconds(stage3), time2 = seconds === void 0 ? "" : formatSeconds(seconds), usual = stage3.p95 === void 0 || seconds === void 0 || stage3.status !== "success" ? "" : seconds > stage3.p95 ? `over its p95 of ${formatSeconds(stage3.p95)}` : `p95 ${formatSeconds(stage3.p95)}`, state = stage3.status === "success" ? "" : stage3.status.toUpperCase();
      return [time2, state, usual].filter(Boolean).join(", ");
    };
    checkRow = (kind, { name: name2, passed: passed2, seconds, note }) => [
      kind,
      code(name2),
      passed2 ? "passed" : "**failed**",
      [seconds === void 0 ? "" : formatSeconds(seconds), note === void 0 ? "" : code(note)].filter(Boolean).join(", ")
    ], checks = ({ health: health3, smokeTests: smokeTests2, migrations: migrations2 }) => table(
      ["check", "of", "result", ""],
      [
        ...health3.map(({ service: service3, passed: passed2, checks: made, errorRate: errorRate4 }) => [
          "health",
          code(service3),
          passed2 === made ? `${passed2} of ${made}` : `**${passed2} of ${made}**`,
          errorRate4 === void 0 ? "" : `${percent(errorRate4)} errors in the first minutes`
        ]),
        ...smokeTests2.map((test) => checkRow("smoke test", test)),
        ...migrations2.map((migration2) => checkRow("migration", migration2))
      ]
    ), gates = ({ gates: asked }) => table(
      ["gate", "verdict", "decided by", "found"],
      asked.map(({ gate: gate3, verdict: answer, checks: by, message }) => [
        code(gate3),
        spaced(answer),
        by === "" ? "" : code(by),
        message === "" ? "" : code(message)
      ])
    );
  }
});

// src/record/result/finish.ts
var finish_exports = {};
__export(finish_exports, {
  readInTime: () => readInTime,
  tellEnd: () => tellEnd,
  writeSummary: () => writeSummary
});
import { appendFileSync, statSync } from "node:fs";
async function readInTime({ deployment, env, io }, own, recorded) {
  let limit = new AbortController(), late = systemClock.sleep(readingMs, limit.signal).then(() => {
    let unknown = [`Nothing more could be read in ${readingMs / 1e3} s.`];
    return resultOf(deployment, own, { ...alone, unknown });
  }), reading = readResult({
    deployment,
    env,
    now: () => io.now(),
    own,
    // A missing value cannot arrive later.
    patienceMs: recorded ? patienceMs : 0,
    signal: limit.signal
  }), result = await Promise.race([reading, late]);
  return limit.abort(), result;
}
function writeSummary(result, env) {
  let file = env.GITHUB_STEP_SUMMARY;
  if (!file) return [];
  let clean = secretRemover(env);
  try {
    let room = mostBytes - (statSync(file, { throwIfNoEntry: !1 })?.size ?? 0), text3 = [summary(result), `${headline(result)}
`].map(clean).find((one) => Buffer.byteLength(one) < room);
    return text3 === void 0 ? ["The summary of the run is full, so that the deployment is not told there."] : (appendFileSync(file, text3), []);
  } catch (error2) {
    return [`The summary of the run could not be written: ${error2.message}.`];
  }
}
async function tellEnd(call2, samples, recorded) {
  let result = await readInTime(call2, asPushed(call2.deployment, samples), recorded), warnings = writeSummary(result, call2.env), told = await tell(result, call2, { chat: !0, annotations: !0, isProgress: !1 });
  return [...warnings, ...told];
}
var readingMs, patienceMs, mostBytes, asPushed, init_finish = __esm({
  "src/record/result/finish.ts"() {
    "use strict";
    init_clock();
    init_secrets();
    init_tell();
    init_model();
    init_read();
    init_result();
    init_summary();
    readingMs = 2e4, patienceMs = 18e3, mostBytes = 1048576, asPushed = (deployment, samples) => samples.map(({ metric: metric3, labels: labels2, value }) => ({
      name: metric3,
      labels: { ...deployment, ...labels2 },
      value
    }));
  }
});

// src/record/runner-file.ts
var runner_file_exports = {};
__export(runner_file_exports, {
  writeForRunner: () => writeForRunner
});
import { appendFileSync as appendFileSync2 } from "node:fs";
function writeForRunner(file, name2, value) {
  if (!file) return;
  let end = `end-of-${name2}-${Math.random().toString(36).slice(2)}`;
  appendFileSync2(file, `${name2}<<${end}
${value}
${end}
`);
}
var init_runner_file = __esm({
  "src/record/runner-file.ts"() {
    "use strict";
  }
});

// src/record/gate/reason.ts
function rollbackReason({ question, checks: checks3 }) {
  if (question !== "stay") return;
  let failed3 = new Set(checks3.filter(({ verdict: verdict2 }) => verdict2 === "fail").map(({ name: name2 }) => name2));
  return failed3.has("live-traffic") ? "error_rate" : failed3.has("smoke-tests") ? "test_failed" : failed3.has("health") ? "health_check_failed" : failed3.has("error-rate") ? "error_rate" : failed3.size > 0 ? "manual" : void 0;
}
var init_reason = __esm({
  "src/record/gate/reason.ts"() {
    "use strict";
  }
});

// src/record/gate/render.ts
function headline2({ question, environment: environment3, deployment_id: deployment_id3, verdict: verdict2 }) {
  let what = question === "stay" ? `Deployment ${deployment_id3} in ${environment3}` : `${environment3}`;
  return `${verdict2.toUpperCase()}: ${what} ${words4[question][verdict2]}.`;
}
function reportText(report) {
  let rows = [header, ...report.checks.map(row2)], widths = header.map((_, i) => Math.max(...rows.map((cells) => cells[i].length))), lines = rows.map(
    (cells) => cells.map((cell2, i) => cell2.padEnd(widths[i])).join("  ").trimEnd()
  );
  return `${headline2(report)}

${lines.join(`
`)}
`;
}
function reportMarkdown(report) {
  let cells = (texts) => `| ${texts.map((text3) => text3.replaceAll("|", "\\|").replaceAll(`
`, " ")).join(" | ")} |`;
  return [
    "### Deployment gate",
    "",
    headline2(report),
    "",
    cells(header),
    cells(header.map(() => "---")),
    ...report.checks.map((check) => cells(row2(check))),
    "",
    ""
  ].join(`
`);
}
var words4, header, row2, reportJson, init_render = __esm({
  "src/record/gate/render.ts"() {
    "use strict";
    init_verdict();
    words4 = {
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
    header = ["check", "verdict", "found", "demanded"], row2 = ({ name: name2, verdict: verdict2, found, demanded: demanded2 }) => [
      name2,
      verdict2,
      found,
      demanded2
    ];
    reportJson = (report) => `${JSON.stringify({ ...report, exit_code: exitCodes[report.verdict] }, null, 2)}
`;
  }
});

// src/lib/railway.ts
var servingStatuses, underWayStatuses, isServing, isUnderWay, RailwayRefusal, isFlag, isDeployment, deploymentFields, isStep, isAccepted, RailwayApi, nameOf2, init_railway = __esm({
  "src/lib/railway.ts"() {
    "use strict";
    init_errors();
    init_http();
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
      createdAt: isText,
      completedAt: maybe(isText),
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
      async deployments(service3) {
        let query2 = `query deployments($input: DeploymentListInput!, $first: Int) {
      deployments(input: $input, first: $first) { edges { node { ${deploymentFields} } } }
    }`, shape = fields({
          deployments: fields({ edges: listOf(fields({ node: isDeployment })) })
        });
        return (await this.read(query2, { input: { ...service3 }, first: 20 }, shape)).deployments.edges.map((edge) => edge.node).sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
      }
      /** The steps of a deployment, in their order. */
      async steps(id) {
        let query2 = `query steps($id: String!) {
      deploymentEvents(id: $id, first: 50) {
        edges { node { step createdAt completedAt payload { durationMs error reason attempt maxAttempts skipped } } }
      }
    }`, shape = fields({
          deploymentEvents: fields({ edges: listOf(fields({ node: isStep })) })
        }), { deploymentEvents } = await this.read(query2, { id }, shape);
        return deploymentEvents.edges.map(({ node }) => node);
      }
      /** Requests that Railway's edge counted for the service from one moment to another (Unix seconds), by status. */
      async requests(service3, from, to) {
        let query2 = `query requests($service: String!, $environment: String!, $from: DateTime!, $to: DateTime!) {
      httpMetricsGroupedByStatus(serviceId: $service, environmentId: $environment, startDate: $from, endDate: $to, stepSeconds: 60) {
        statusCode samples { ts value }
      }
    }`, isNumber2 = (data) => typeof data == "number", shape = fields({
          httpMetricsGroupedByStatus: listOf(
            fields({
              statusCode: isNumber2,
              samples: listOf(fields({ ts: isNumber2, value: isNumber2 }))
            })
          )
        }), moment2 = (seconds) => new Date(seconds * 1e3).toISOString(), variables = {
          service: service3.serviceId,
          environment: service3.environmentId,
          from: moment2(from),
          to: moment2(to)
        }, { httpMetricsGroupedByStatus: rows } = await this.read(query2, variables, shape);
        return new Map(
          rows.map(({ statusCode, samples }) => [statusCode, samples.reduce((sum2, { value }) => sum2 + value, 0)])
        );
      }
      /** Railway's own diagnosis of a failed deployment; undefined where it has none. */
      async diagnosis(id) {
        let query2 = "query diagnosis($id: String!) { deployment(id: $id) { diagnosis } }", shape = fields({
          deployment: isRecord
        }), { diagnosis } = (await this.read(query2, { id }, shape)).deployment, said2 = isRecord(diagnosis) ? [diagnosis.summary, diagnosis.message, diagnosis.title].find(isText) : diagnosis;
        return isText(said2) && said2.trim() ? said2.trim() : void 0;
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
          `Railway at ${this.client.options.base.host} answered "${nameOf2(query2)}" with something else than was asked for. Check RAILWAY_API_URL, and what stands between.`,
          { perhapsDone: !0 }
        );
      }
    }, nameOf2 = (query2) => /^\s*(\w+ \w+)/.exec(query2)?.[1] ?? "a request";
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
function addressOf2(env) {
  let url;
  try {
    url = baseUrl(env[variable3]?.trim() || defaultApi, variable3);
  } catch (error2) {
    throw new RailwayFailure(error2.message);
  }
  if (url.protocol !== "https:" && !isLocalHost(url.hostname))
    throw new RailwayFailure(
      `${variable3} must start with https://, because the token goes there; http:// only reaches this machine.`
    );
  return url;
}
function railwayAccess(env, clock2) {
  let { secret, headers, ...token } = tokenOf(env), url = addressOf2(env);
  return [new HttpClient({
    service: "Railway",
    base: new URL(".", url),
    variable: variable3,
    headers,
    redact: redactor([secret]),
    transport: nodeTransport,
    clock: clock2,
    timeoutMs: 2e4
  }), url.pathname.split("/").at(-1) ?? "", token];
}
async function railwayProject(api, env) {
  if (env.RAILWAY_TOKEN?.trim()) return await api.identify();
  let { RAILWAY_PROJECT_ID: projectId, RAILWAY_ENVIRONMENT_ID: environmentId } = env;
  if (projectId && environmentId) return { projectId, environmentId };
  throw new RailwayFailure(
    "With RAILWAY_API_TOKEN, RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID are needed too."
  );
}
async function connect(env, serviceId, clock2) {
  let api = new RailwayApi(...railwayAccess(env, clock2));
  return { api, service: { ...await railwayProject(api, env), serviceId } };
}
var RailwayFailure, variable3, defaultApi, init_api = __esm({
  "src/record/railway/api.ts"() {
    "use strict";
    init_errors();
    init_http();
    init_railway();
    init_redact();
    init_url();
    init_http2();
    RailwayFailure = class extends EnvironmentFailure {
    };
    variable3 = "RAILWAY_API_URL", defaultApi = "https://backboard.railway.com/graphql/v2";
  }
});

// src/record/railway/traffic.ts
var traffic_exports = {};
__export(traffic_exports, {
  railwayTraffic: () => railwayTraffic
});
function railwayTraffic(env, serviceId) {
  let connected;
  return {
    name: "Railway",
    until: async (end, seconds) => {
      try {
        connected ??= connect(env, serviceId, systemClock);
        let { api, service: service3 } = await connected, byStatus = [...await api.requests(service3, end - seconds, end)], total = (rows) => rows.reduce((sum2, [, count2]) => sum2 + count2, 0), requests2 = total(byStatus);
        return requests2 === 0 ? void 0 : { requests: requests2, errors: total(byStatus.filter(([status]) => status >= 500)), seconds };
      } catch (error2) {
        return notAsked2(error2);
      }
    }
  };
}
var notAsked2, init_traffic2 = __esm({
  "src/record/railway/traffic.ts"() {
    "use strict";
    init_clock();
    init_errors();
    init_prometheus();
    init_api();
    notAsked2 = (error2) => {
      throw error2 instanceof EnvironmentFailure ? new NotAsked(error2.message) : error2;
    };
  }
});

// src/record/gate/run.ts
var run_exports = {};
__export(run_exports, {
  gate: () => gate
});
import { appendFileSync as appendFileSync3 } from "node:fs";
async function poll(question, env, io, say, options5) {
  let gateway2 = gatewayOf(env), prometheus2 = prometheusOf(env), railway = await railwayOf(options5.railwayService, env), begun = Date.now(), since = options5.at === void 0 ? await askedAt(prometheus2) : void 0, said2 = "";
  for (; ; ) {
    let report = await ask2(question, gateway2, prometheus2, (options5.at ?? io.now()) / 1e3, since, railway), left2 = begun + patienceMs2(report, options5) - Date.now(), watching = options5.watchMs > 0 && report.verdict === "pass";
    if (left2 <= 0 || isFinal(report) && !watching) return report;
    let waiting = watching ? headline2(report) : `Waiting: ${open(report)}`;
    waiting !== said2 && say(`${waiting}
`), said2 = waiting;
    let interval2 = watching ? Math.max(options5.intervalMs, watchIntervalMs) : options5.intervalMs;
    await systemClock.sleep(Math.min(interval2, left2));
  }
}
async function gate(question, env, io, options5) {
  let clean = secretRemover(env), report = await poll(question, env, io, (text3) => io.stderr(clean(text3)), options5);
  io.stdout(clean(options5.json ? reportJson(report) : reportText(report)));
  try {
    env.GITHUB_STEP_SUMMARY && appendFileSync3(env.GITHUB_STEP_SUMMARY, clean(reportMarkdown(report))), writeForRunner(env.GITHUB_OUTPUT, "verdict", report.verdict), writeForRunner(env.GITHUB_OUTPUT, "reason", options5.shadow ? "" : rollbackReason(report) ?? "");
  } catch (error2) {
    io.stderr(warningLine(`The runner's files could not be written: ${error2.message}.`));
  }
  let refused = report.verdict !== "pass";
  return options5.shadow && refused && io.stderr(`Shadow mode: the answer is recorded, and nothing is refused.
`), { report, code: options5.shadow ? 0 : exitCodes[report.verdict] };
}
var watchIntervalMs, open, railwayOf, patienceMs2, init_run = __esm({
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
    watchIntervalMs = 3e4, open = (report) => report.checks.filter(({ verdict: verdict2 }) => verdict2 === "inconclusive" || verdict2 === "error").map(({ name: name2, found }) => `${name2} (${found})`).join(", ");
    railwayOf = async (service3, env) => service3 && (env.RAILWAY_TOKEN || env.RAILWAY_API_TOKEN) ? (await Promise.resolve().then(() => (init_traffic2(), traffic_exports))).railwayTraffic(env, service3) : void 0, patienceMs2 = ({ verdict: verdict2, complete }, { waitMs, watchMs, at }) => Math.max(waitMs, watchMs, complete || verdict2 !== "inconclusive" || at !== void 0 ? 0 : scrapeWaitMs);
  }
});

// src/record/message.ts
function errorMessage(text3, env, more = []) {
  let clean = printable(text3.slice(0, longestLine)), safe = secretRemover(env, more)(text3.length > longestLine ? withoutLastWord(clean) : clean), characters = [...safe];
  return characters.length <= longestMessage ? safe : `${characters.slice(0, headLength).join("")}…${characters.slice(headLength + 1 - longestMessage).join("")}`;
}
var longestMessage, headLength, longestLine, esc, bell, escapeSequences, invisible, runnerCommand, printable, withoutLastWord, init_message = __esm({
  "src/record/message.ts"() {
    "use strict";
    init_secrets();
    longestMessage = 200, headLength = 90, longestLine = 2048, esc = "\x1B", bell = "\x07", escapeSequences = new RegExp(
      `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|[@-Z\\\\^_])`,
      "g"
    ), invisible = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, runnerCommand = /^\s*(?:::\w[^:]*::|##\[\w+\])/, printable = (text3) => text3.replace(escapeSequences, "").replace(/\s+/g, " ").replace(invisible, "").replace(runnerCommand, "").trim();
    withoutLastWord = (text3) => text3.replace(/\S*$/, "…");
  }
});

// src/record/gate/event.ts
var event_exports = {};
__export(event_exports, {
  gateEvent: () => gateEvent
});
function gateEvent(report, deployment, { shadow, atMs, env }) {
  let group3 = { ...deployment, gate: report.question }, emit = samplesOf(group3), decisive = report.checks.filter(({ verdict: verdict2 }) => verdict2 === report.verdict);
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
    init_time2();
  }
});

// src/record/spool.ts
import { linkSync, mkdirSync, readdirSync, readFileSync as readFileSync3, statSync as statSync2, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir as tmpdir2, userInfo } from "node:os";
import { join as join2 } from "node:path";
function shortHash(text3) {
  let hash = 0xcbf29ce484222325n;
  for (let byte of Buffer.from(text3)) hash = (hash ^ BigInt(byte)) * 0x100000001b3n & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, "0");
}
function stateFolder(env) {
  return env.RUNNER_TEMP ? join2(env.RUNNER_TEMP, "deployment-recorder") : join2(env.TMPDIR || tmpdir2(), `deployment-recorder-${userInfo().username}`);
}
function isOurs(folder) {
  let stat = statSync2(folder, { throwIfNoEntry: !1 });
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
      /** @param brought a folder that another machine filled; default this job's own */
      constructor(env, gateway2, brought) {
        let name2 = env.RUNNER_TEMP ? "spool" : `spool-${shortHash(gateway2.href)}`;
        this.folder = brought ?? join2(stateFolder(env), name2), this.#make = () => makeStateFolder(env, name2);
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
        return statSync2(join2(this.folder, name2), { throwIfNoEntry: !1 }) !== void 0;
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
    makeStateFolder(env, started), writeFileSync2(memory2(env, group3), String(startedMs), { mode: 384 });
  } catch {
  }
}
function recallStart(env, group3) {
  try {
    let file = memory2(env, group3), startedMs = Number(readFileSync4(file, "utf8"));
    return rmSync2(file), Number.isFinite(startedMs) ? startedMs : void 0;
  } catch {
    return;
  }
}
var codeOf3, defaultErrorType, notTheCode, isNotTheCode, unreachable, started, memory2, init_stages = __esm({
  "src/record/stages.ts"() {
    "use strict";
    init_metrics();
    init_emit();
    init_pipeline4();
    init_spool();
    init_time2();
    codeOf3 = (codes, word) => codes.find((code2) => code2 === word) ?? "other", defaultErrorType = (stage3) => carried().stages[stage3]?.errorType ?? "command_failed", notTheCode = [
      "infrastructure",
      "network",
      "out_of_memory",
      "timeout",
      "database_connection_error",
      "api_unreachable"
    ], isNotTheCode = (type) => notTheCode.some((one) => one === type), unreachable = ["network", "api_unreachable", "dependency"];
    started = "started", memory2 = (env, group3) => join3(stateFolder(env), started, shortHash(JSON.stringify(group3)));
  }
});

// src/record/why/shapes.ts
var ranks, noise, wrapper, complaint, named3, error, cause, prefixes, noiseLines, wrappers, heading, complaints, exception, shapes2, init_shapes2 = __esm({
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
      /** The same with the name of the tool in front. */
      named: 3.5,
      /** Announced as an error, by a tool that is not known. */
      error: 4,
      /** The line of a known tool that says why. */
      cause: 5
    }, { noise, wrapper, complaint, named: named3, error, cause } = ranks, prefixes = [
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
      /\bfound \d+ (?:errors?|warnings?|problems?|issues?)\b/i,
      /^\d+ errors?$/,
      // counts: "Low: 3", "2 specs, 1 failure"
      /^[A-Za-z][\w ()#,-]*: \d+$/,
      /^\d+ (?:specs?|tests?|examples?|assertions?|suites?|runs?|checks?)\b.*\b(?:failures?|failed|errors?)\b/,
      /^[ⓘℹ]/,
      /^=+ \[.*\] FAIL$/,
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
      /^(?:\S+ > |[✖✗✘×] )?(?:Build|Job|Deploy(?:ment)?|Compilation|Lint(?:ing)?|Tests?|Session|Task|Step|Stage|Workflow)\b[\w ]*\bfailed\b(?: in [\d.]+ ?m?s)?[.!]*$/i,
      /^[✖✗✘×] Some errors\b/,
      /^Failed to compile\.?$/i
    ], heading = /:$/, complaints = /\b(?:errors?|fail(?:ed|ure|s)?|fatal|cannot|can't|couldn't|could not|unable to|denied|refused|rejected|not found|no such|not valid|invalid|missing|unbound|undefined|unknown|undeclared|unexpected|timed out|never became|limited|does not exist|already exists|not exist)\b/i, exception = /^(?:Exception in thread "[^"]*" |Caused by: |Uncaught |Unhandled rejection |\[!\] )?(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Failure|Interrupt|Timeout)(?: \[[\w]+\])?: \S/, shapes2 = [
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
      // assertions, as libraries of expectations say them
      { line: /^Expected .+ to (?:be|equal|have|match|contain|include|throw)\b/, rank: cause, pick: "first" },
      // a caret under the place, and what is wrong there
      { line: /^\^+[~^]* +\S.{8}/, rank: error, pick: "first" },
      // codes of package managers and others: ERR_PNPM_FETCH_404
      { line: /^ERR_[A-Z0-9_]+\b:?\s+\S/, rank: cause, pick: "first" },
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
      // a mark of failure, or a finding announced as one
      { line: /^[✖✗✘×] +\S|^>> Issue: /, rank: error, pick: "first" },
      // a complaint with the name of the tool that makes it
      { line: new RegExp(`^[a-z][\\w.-]+: .*${complaints.source}`, "i"), rank: named3 },
      { line: complaints, rank: complaint }
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
        /\bE(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b|could not resolve host|name resolution|no such host|connection (?:refused|reset)|connection to the server .* was refused|failed to connect(?! to bus)|couldn't connect|max retries exceeded|network is unreachable|i\/o timeout|TLS handshake|curl: \((?:5|6|7|28|35|52|56)\)/i,
        "network"
      ],
      [/^curl: \(22\)|requested URL returned error/, "api_unreachable"],
      [/\btimed out\b|deadline exceeded|progress deadline|TimeoutError/i, "timeout"],
      [/health ?check failed|never became healthy/i, "health_check_failed"],
      [
        /No module named|Cannot find (?:module|package)|No matching distribution|Could not find a version|No matching version|\bERESOLVE\b|conflicting dependencies|DO NOT MATCH THE HASHES|package-lock\.json|404 Not Found - GET|Not Found - 404|no matching package named|Could not find artifact|no required module provides/i,
        "dependency"
      ]
    ], byOutput = [
      [
        /\balembic[./]|Running upgrade|A migration failed to apply|django[./]db[./]migrations/,
        "migration_failed"
      ],
      [/^note: This error originates from a subprocess|metadata-generation-failed/m, "dependency"],
      [
        /^(?:FAILED|ERROR) \S+::|^Tests: +.*\d+ failed|^test result: FAILED|^--- FAIL: |Test Files +\d+ failed|^=+ .*\d+ (?:failed|error)|^\d+ failing$|^\d+ (?:specs?|examples?|tests?), [1-9]\d* failures?|^FAILED \((?:failures|errors)=|^not ok \d+/m,
        "test_failed"
      ]
    ];
  }
});

// src/record/why/why.ts
function readLine(raw) {
  let text3 = raw.slice(0, longest3).replace(escapeSequences, "").trimEnd(), unwrapped = prefixes.reduce((rest, prefix2) => rest.replace(prefix2, ""), text3);
  return { text: text3, indent: unwrapped.search(/\S|$/), bare: unwrapped.trimStart() };
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
  ), chosen = choose(candidates), message = chosen ? printable(messageOf(lines, chosen)) : "", text3 = lines.map(({ bare }) => bare).join(`
`), type = byMessage.find(([pattern2]) => pattern2.test(message))?.[1] ?? byOutput.find(([pattern2]) => pattern2.test(text3))?.[1];
  return { message, type };
}
var longest3, plain2, traceback, shapeOf, textAfter, headingOf, init_why = __esm({
  "src/record/why/why.ts"() {
    "use strict";
    init_message();
    init_shapes2();
    init_types();
    longest3 = 2e3;
    plain2 = { line: /^/, rank: ranks.plain }, traceback = { line: /^/, rank: ranks.cause, pick: "last" };
    shapeOf = ({ bare, text: text3 }) => shapes2.find(({ line }) => line.test(bare) || bare !== text3 && line.test(text3)) ?? plain2, textAfter = (lines, at) => lines.slice(at + 1).find(({ bare }) => bare !== "")?.bare ?? "", headingOf = (lines, at) => lines.slice(0, at).reverse().find(({ text: text3, indent }) => text3 !== "" && indent === 0)?.text ?? "";
  }
});

// src/record/why/explain.ts
import { appendFileSync as appendFileSync4 } from "node:fs";
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
      appendFileSync4(env.GITHUB_STEP_SUMMARY, failureSummary(...args));
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
      `Deployment ${short(pending)} is under way and would replace the version that is rolled back to: cancel it or wait for it.`
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
async function rollBack(asked, env, io, clock2) {
  let { api, service: service3 } = await connect(env, asked.serviceId, clock2), all = await api.deployments(service3), target3 = choose2(all, asked.to), checked = async () => asked.url ? await verify(asked.url, asked, io, clock2) : "its health was not checked";
  if (isServing(target3))
    return `Nothing to roll back: ${asked.to === void 0 ? "the newest deployment failed and never served" : "it serves already"}. Deployment ${short(target3)} serves; ${await checked()}.`;
  let known = all.map(({ id }) => id), restored = async () => {
    let now2 = await api.deployments(service3);
    return now2.find(({ id }) => !known.includes(id)) ?? now2.find((d) => d.id === target3.id && !["REMOVED", "REMOVING"].includes(d.status));
  };
  return io.stderr(`Rolling back to ${short(target3)}.
`), await api.rollback(target3.id, async () => (await clock2.sleep(asked.intervalMs), await restored() !== void 0)), await follow(restored, asked, io, clock2), `Rolled back to ${short(target3)}; ${await checked()}.`;
}
async function follow(restored, { limitMs, intervalMs }, io, clock2) {
  let said2 = "";
  for (let end = clock2.now() + limitMs; ; ) {
    let now2 = await restored();
    if (now2 && now2.status !== said2 && io.stderr(`Deployment ${short(now2)} is ${now2.status.toLowerCase()}.
`), said2 = now2?.status ?? said2, now2 && isServing(now2)) return;
    if (now2 && !isUnderWay(now2))
      throw new RailwayFailure(
        `The rollback ended as ${now2.status}: look at deployment ${now2.id} in Railway.`
      );
    if (clock2.now() >= end)
      throw new RailwayFailure(
        `The rollback did not end within ${Math.round(limitMs / 1e3)} s (${said2 || "Railway shows no deployment"}): look at it in Railway.`
      );
    await clock2.sleep(intervalMs);
  }
}
async function verify(url, { limitMs, intervalMs }, io, clock2) {
  let good = 0, last = "";
  for (let end = clock2.now() + limitMs; ; ) {
    let check = await checkOnce({ url, timeoutMs: 5e3, degradedAboveMs: void 0 }, 1, io);
    if (good = passed(check) ? good + 1 : 0, last = check.said, good === inARow) return `${url.host} is healthy`;
    if (clock2.now() >= end)
      throw new RailwayFailure(
        `The old version serves, and ${url.host} is not healthy all the same (${last}).`
      );
    await clock2.sleep(intervalMs);
  }
}
var served, inARow, short, neverServed, init_rollback = __esm({
  "src/record/railway/rollback.ts"() {
    "use strict";
    init_railway();
    init_health_check();
    init_api();
    served = ["SUCCESS", "SLEEPING", "REMOVED", "REMOVING"], inARow = 3, short = ({ id, meta }) => meta?.commitHash ? `${id} (commit ${meta.commitHash.slice(0, 7)})` : id;
    neverServed = (all) => all.find(({ status }) => status !== "SKIPPED")?.status === "FAILED";
  }
});

// src/record/railway/steps.ts
var steps_exports = {};
__export(steps_exports, {
  failedStep: () => failedStep,
  stagesOf: () => stagesOf4,
  stepsOf: () => stepsOf,
  whyFailed: () => whyFailed
});
function failureText({ step, payload }) {
  let { attempt: attempt4, maxAttempts, error: error2, reason } = payload ?? {}, tries = attempt4 && maxAttempts && maxAttempts > 1 ? `, attempt ${attempt4} of ${maxAttempts}` : "";
  return `${step}${tries}: ${error2 || reason}`;
}
function stagesOf4(steps, serves) {
  return [...new Set(steps.map(({ step }) => step))].flatMap((name2) => {
    let attempts = steps.filter(({ step }) => step === name2).map((step) => ({ step, startedMs: Date.parse(step.createdAt) })).filter(({ startedMs }) => Number.isFinite(startedMs)).sort((a, b) => a.startedMs - b.startedMs), last = attempts.at(-1);
    if (!last) return [];
    let { completedAt, payload } = last.step, took2 = payload?.durationMs ?? void 0, failed3 = !serves && !payload?.skipped && !!payload?.error;
    return [
      {
        stage: `railway_${name2.toLowerCase()}`,
        startedMs: attempts[0].startedMs,
        finishedMs: completedAt ? Date.parse(completedAt) : took2 === void 0 ? void 0 : last.startedMs + took2,
        status: payload?.skipped ? "skipped" : failed3 ? "failure" : "success",
        errorType: failed3 && name2 === "HEALTHCHECK" ? "health_check_failed" : void 0,
        message: failed3 ? failureText(last.step) : void 0
      }
    ];
  });
}
async function ifAllowed(question, what, io) {
  try {
    return await question;
  } catch (error2) {
    if (!(error2 instanceof EnvironmentFailure)) throw error2;
    io.stderr(`${what} not known: ${error2.message}
`);
    return;
  }
}
async function whyFailed(api, id, steps, io) {
  let diagnosis = steps && await ifAllowed(api.diagnosis(id), "Railway's diagnosis is", io);
  return [steps && failedStep(steps), diagnosis && `Railway says: ${diagnosis}`].filter(Boolean).join(". ") || void 0;
}
var failedStep, stepsOf, init_steps = __esm({
  "src/record/railway/steps.ts"() {
    "use strict";
    init_errors();
    failedStep = (steps) => {
      let failed3 = steps.filter(({ payload }) => payload && !payload.skipped && payload.error).at(-1);
      return failed3 && failureText(failed3);
    };
    stepsOf = (api, id, io) => ifAllowed(api.steps(id), "Which step failed is", io);
  }
});

// src/record/railway/wait.ts
var wait_exports = {};
__export(wait_exports, {
  waitUntilServing: () => waitUntilServing
});
async function waitUntilServing(asked, env, io, clock2, ended3) {
  let { api, service: service3 } = await connect(env, asked.serviceId, clock2), said2 = "";
  for (let end = clock2.now() + asked.limitMs; ; ) {
    let newest = newestAttempt(await api.deployments(service3));
    newest.status !== said2 && io.stderr(`Deployment ${short(newest)} is ${newest.status.toLowerCase()}.
`), said2 = newest.status;
    let over = !isUnderWay(newest), serves = isServing(newest);
    if (over || clock2.now() >= end) {
      let steps = serves && !asked.steps ? void 0 : await stepsOf(api, newest.id, io);
      if (await ended3({ status: newest.status, serves, steps }), serves) return `Deployment ${short(newest)} serves.`;
      let why2 = over && await whyFailed(api, newest.id, steps, io) || "look at it in Railway.", how = over ? `ended as ${newest.status}` : `did not serve within ${Math.round(asked.limitMs / 1e3)} s (${newest.status})`;
      throw new RailwayFailure(`Deployment ${short(newest)} ${how}: ${why2}`);
    }
    await clock2.sleep(asked.intervalMs);
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
function addressOf3(env) {
  let url = baseUrl(env[variable4]?.trim() || "https://api.vercel.com", variable4);
  if (url.protocol === "https:" || isLocalHost(url.hostname)) return url;
  throw new VercelFailure(
    `${variable4} must start with https://, because the token goes there; http:// only reaches this machine.`
  );
}
function listOf2(answer) {
  let all = isRecord(answer) ? answer.deployments : void 0;
  if (!Array.isArray(all))
    throw new VercelFailure(
      `Vercel answered with something else than a list of deployments: check ${variable4}.`
    );
  return all.flatMap((one) => {
    if (!isRecord(one)) return [];
    let { uid, readyState, state, created } = one, status = isText(readyState) ? readyState : state;
    return isText(uid) && isText(status) ? [{ id: uid, state: status, created: Number(created) || 0 }] : [];
  });
}
var VercelFailure, variable4, VercelApi, init_api2 = __esm({
  "src/record/vercel/api.ts"() {
    "use strict";
    init_errors();
    init_http();
    init_redact();
    init_shapes();
    init_url();
    init_http2();
    VercelFailure = class extends EnvironmentFailure {
    }, variable4 = "VERCEL_API_URL";
    VercelApi = class {
      #client;
      project;
      #team;
      constructor(env, clock2) {
        let token = env.VERCEL_TOKEN?.trim(), project = env.VERCEL_PROJECT_ID?.trim();
        if (!token || !project)
          throw new VercelFailure(
            `${[!token && "VERCEL_TOKEN", !project && "VERCEL_PROJECT_ID"].filter(Boolean).join(" and ")} must be set: the token is made in the account's settings, the id of the project (prj_…) stands in its own.`
          );
        this.project = project;
        let team = env.VERCEL_ORG_ID?.trim();
        this.#team = team?.startsWith("team_") ? { teamId: team } : {}, this.#client = new HttpClient({
          service: "Vercel",
          base: addressOf3(env),
          variable: variable4,
          headers: { authorization: `Bearer ${token}` },
          redact: redactor([token]),
          transport: nodeTransport,
          clock: clock2,
          timeoutMs: 2e4
        });
      }
      /** The latest deployments to production, newest first. */
      async deployments() {
        return listOf2(
          await this.read("v6/deployments", { projectId: this.project, target: "production", limit: "20" })
        );
      }
      /** Those that production can be pointed at again, newest first. */
      async candidates() {
        return listOf2(
          await this.read("v6/deployments", {
            projectId: this.project,
            target: "production",
            state: "READY",
            rollbackCandidate: "true",
            limit: "20"
          })
        );
      }
      /** The deployment that production was pointed at last, and whether that is done; undefined when never by hand. */
      async aliasRequest() {
        let answer = await this.read(`v9/projects/${encodeURIComponent(this.project)}`, {
          rollbackInfo: "true"
        }), last = isRecord(answer) ? answer.lastAliasRequest : void 0;
        if (!isRecord(last)) return;
        let { toDeploymentId, jobStatus, type, requestedAt } = last;
        return isText(toDeploymentId) && isText(jobStatus) && isText(type) ? { toDeploymentId, jobStatus, type, requestedAt: Number(requestedAt) || 0 } : void 0;
      }
      /** Points production at an earlier deployment. @param isDone looks whether a lost request was carried out */
      async rollback(id, isDone) {
        let path = `v9/projects/${encodeURIComponent(this.project)}/rollback/${encodeURIComponent(id)}`;
        await this.#client.write(
          async () => (this.#check(
            await this.#client.once("POST", path, { query: this.#team, json: {}, expect: "anything" })
          ), !0),
          async () => await isDone() ? !0 : void 0
        );
      }
      /** Answer to a GET about the project's team. */
      async read(path, query2) {
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
async function waitUntilReady({ limitMs, intervalMs }, env, io, clock2, say) {
  let api = new VercelApi(env, clock2), said2 = "";
  for (let end = clock2.now() + limitMs; ; ) {
    let [newest] = await api.deployments();
    if (!newest) throw new VercelFailure("Vercel knows no deployment of this project to production.");
    newest.state !== said2 && io.stderr(`Deployment ${newest.id} is ${newest.state.toLowerCase()}.
`), said2 = newest.state;
    let late = clock2.now() >= end;
    if ((late || !underWay.includes(newest.state)) && say(newest.state), newest.state === "READY") return `Deployment ${newest.id} is ready.`;
    if (!underWay.includes(newest.state))
      throw new VercelFailure(`Deployment ${newest.id} ended as ${newest.state}: look at it in Vercel.`);
    if (late)
      throw new VercelFailure(
        `Deployment ${newest.id} was not ready within ${Math.round(limitMs / 1e3)} s (${newest.state}): look at it in Vercel.`
      );
    await clock2.sleep(intervalMs);
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
async function rollBack2(asked, env, io, clock2) {
  let api = new VercelApi(env, clock2), [candidates, last] = await Promise.all([api.candidates(), api.aliasRequest()]);
  if (last && ["pending", "in-progress"].includes(last.jobStatus))
    throw new VercelFailure(
      `Vercel is pointing production at ${last.toDeploymentId} just now: wait until that is done.`
    );
  let target3 = choose3(candidates, servedNow(candidates, last), asked.to);
  io.stderr(`Rolling back to ${target3.id}.
`);
  let requested = async () => (await api.aliasRequest())?.toDeploymentId === target3.id;
  await api.rollback(target3.id, async () => (await clock2.sleep(asked.intervalMs), await requested())), await follow2(api, target3.id, asked, clock2);
  let health3 = asked.url ? await verify(asked.url, asked, io, clock2) : "its health was not checked";
  return `Rolled back to ${target3.id}; ${health3}.`;
}
async function follow2(api, id, { limitMs, intervalMs }, clock2) {
  for (let end = clock2.now() + limitMs; ; ) {
    let last = await api.aliasRequest(), ours = last?.toDeploymentId === id ? last.jobStatus : void 0;
    if (ours === "succeeded") return;
    if (ours === "failed" || ours === "skipped")
      throw new VercelFailure(`The rollback to ${id} ended as ${ours}: look at it in Vercel.`);
    if (clock2.now() >= end)
      throw new VercelFailure(
        `The rollback to ${id} did not end within ${Math.round(limitMs / 1e3)} s (${ours ?? "Vercel does not show it"}): look at it in Vercel.`
      );
    await clock2.sleep(intervalMs);
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
  let deadline = Date.now() + budgetMs, remove2 = async (labels2) => {
    await delivery.request("DELETE", groupPath(labels2), Math.max(1, deadline - Date.now()));
  }, work = async () => {
    let rows = await GatePrometheus.of(env).query(stale, void 0);
    for (let groups of staleGroups(rows, keep)) {
      let [own, parts] = [groups.at(-1), groups.slice(0, -1)];
      await Promise.all(parts.map(remove2)), await remove2(own);
    }
  }, timer, late = new Promise((resolve) => {
    timer = setTimeout(resolve, budgetMs);
  });
  await Promise.race([work().catch(() => {
  }), late]), clearTimeout(timer);
}
var most, deploymentsAtOnce, pushed3, finishedAt, quiet, stale, init_sweep_named = __esm({
  "src/record/sweep-named.ts"() {
    "use strict";
    init_metrics();
    init_prometheus();
    init_grouping();
    init_sweep();
    most = 60, deploymentsAtOnce = 2, pushed3 = metric("push_time_seconds", { job: pipelineJob }), finishedAt = max(metric("deployment_finished_timestamp_seconds"), { by: perDeployment }), quiet = binary(max(pushed3, { by: perDeployment }), "<", ago(finishedForMs / 1e3)), stale = topk(
      most,
      times(-1, and(and(pushed3, quiet, { on: perDeployment }), finishedAt, { on: perDeployment }))
    );
  }
});

// src/record/tell/comment.ts
function way2(result) {
  let { outcome, triggered, started: started2, finished, rollback: rollback2 } = result, begun = triggered ?? started2, queued = begun === void 0 ? [] : [`queued ${clock(begun)}`], at = (seconds) => seconds === void 0 ? "" : ` ${moment(seconds)}`, end = () => {
    switch (outcome) {
      case "running":
        return started2 === void 0 ? [] : [`being deployed since${at(started2)}`];
      case "success":
        return [`live since${at(finished)}`];
      case "rolled_back": {
        let back = `rolled back${at(rollback2?.at ?? finished)}: ${codeSpan(spaced(rollback2?.reason ?? "other"))}`;
        return rollback2?.at !== void 0 && finished !== void 0 && rollback2.at > finished ? [`live since${at(finished)}`, back] : [back];
      }
      case "failure": {
        let first = failures(result)[0]?.what;
        return [`failed${at(finished)}${first === void 0 ? "" : `: ${codeSpan(oneLine(first))}`}`];
      }
      default:
        return [`${outcome}${at(finished)}`];
    }
  };
  return [...queued, ...end()].join(" → ");
}
function lineOf(result) {
  let { environment: environment3, id, runUrl: runUrl2, version: version2, triggered, started: started2 } = result, run = address(runUrl2), name2 = codeSpan(id) || "–", which = run === void 0 ? name2 : `[${name2}](${run})`, what = version2 === "" ? "" : `, version ${codeSpan(version2)}`;
  return `- **${codeSpan(environment3)}**: ${way2(result)} (deployment ${which}${what}) ${mark({ environment: environment3, started: started2 ?? triggered ?? 0 })}`;
}
function commentWith(before, result) {
  let line = lineOf(result), [, own, time2] = placed.exec(line) ?? [], lines = (before ?? "").split(`
`).filter((text3) => placed.test(text3)), others = lines.filter((text3) => placed.exec(text3)?.[1] !== own), earlier = lines.find((text3) => placed.exec(text3)?.[1] === own);
  if (earlier === line || Number(placed.exec(earlier ?? "")?.[2] ?? 0) > Number(time2)) return;
  let sorted = [...others, line].sort(
    (a, b) => (placed.exec(a)?.[1] ?? "") < (placed.exec(b)?.[1] ?? "") ? -1 : 1
  );
  return `${marker2}
Deployments of this pull request:

${sorted.join(`
`)}
`;
}
async function ownComments(github, pull, login) {
  return (await github.list(`issues/${pull}/comments`, permission)).filter(isRecord).flatMap(
    ({ id, body, user }) => typeof id == "number" && isText(body) && body.startsWith(marker2) && isRecord(user) && user.login === login ? [{ id, body }] : []
  ).sort((a, b) => a.id - b.id);
}
async function putComment(github, pull, login, result) {
  for (let round = 0; round < mostRounds; round++) {
    let [first, ...later2] = await ownComments(github, pull, login);
    for (let { id } of later2) await remove(github, id);
    let body = commentWith(first?.body, result);
    if (body === void 0) return;
    first ? await github.change("PATCH", `issues/comments/${first.id}`, { body }, permission) : await github.change(
      "POST",
      `issues/${pull}/comments`,
      { body },
      permission,
      async () => (await ownComments(github, pull, login)).find((comment) => comment.body === body)
    );
  }
}
async function remove(github, id) {
  try {
    await github.change("DELETE", `issues/comments/${id}`, void 0, permission);
  } catch (error2) {
    if (!(error2 instanceof GitHubFailure && error2.status === 404)) throw error2;
  }
}
var marker2, permission, mark, placed, mostRounds, init_comment = __esm({
  "src/record/tell/comment.ts"() {
    "use strict";
    init_sanitize();
    init_shapes();
    init_github_api();
    init_words2();
    marker2 = "<!-- deployment-observability: deployments -->", permission = "pull-requests: write";
    mark = ({ environment: environment3, started: started2 }) => `<!-- at ${encodeURIComponent(environment3)} ${Math.floor(started2)} -->`, placed = /<!-- at (\S+) (\d+) -->$/;
    mostRounds = 4;
  }
});

// src/record/tell/range.ts
function commitOf(data) {
  if (!isRecord(data) || !isText(data.sha)) return [];
  let [parent] = Array.isArray(data.parents) ? data.parents : [], message = isRecord(data.commit) && isText(data.commit.message) ? data.commit.message : "";
  return [
    {
      sha: data.sha,
      parent: isRecord(parent) && isText(parent.sha) ? parent.sha : void 0,
      title: message.split(`
`)[0] ?? ""
    }
  ];
}
function mainLine(commits, head) {
  let bySha = new Map(commits.map((commit) => [commit.sha, commit])), line = [];
  for (let at = bySha.get(head); at; at = at.parent === void 0 ? void 0 : bySha.get(at.parent))
    line.push(at), bySha.delete(at.sha);
  return line;
}
async function commitsSince(github, base, head) {
  let alone2 = { sha: head, parent: void 0, title: "" };
  if (base === void 0)
    return {
      commits: [alone2],
      notes: ["No earlier deployment that succeeded is known, so only the newest commit was looked at."]
    };
  let path = `compare/${encodeURIComponent(base)}...${encodeURIComponent(head)}`, permission3 = "contents: read", compared = await github.get(path, permission3, { per_page: "1" }), total = isRecord(compared) ? Number(compared.total_commits) : Number.NaN;
  if (!Number.isFinite(total))
    return {
      commits: [alone2],
      notes: [
        `GitHub cannot compare ${base.slice(0, 12)} with ${head.slice(0, 12)}, so only the newest commit was looked at.`
      ]
    };
  let last = Math.ceil(total / pageSize), first = Math.max(1, last - mostPages + 1), all = [];
  for (let page = first; page <= last; page++) {
    let part = await github.get(path, permission3, { per_page: String(pageSize), page: String(page) });
    isRecord(part) && Array.isArray(part.commits) && all.push(...part.commits);
  }
  let notes = first === 1 ? [] : [`Of ${total} commits the newest ${all.length} were looked at.`];
  return { commits: mainLine(all.flatMap(commitOf), head), notes };
}
async function pullsOf(github, sha) {
  let found = await github.get(`commits/${encodeURIComponent(sha)}/pulls`, "pull-requests: read");
  return (Array.isArray(found) ? found : []).filter(isRecord).flatMap((pull) => {
    let { number: number2, title, merged_at, base } = pull, of = isRecord(base) && isRecord(base.repo) ? base.repo.full_name : void 0;
    return typeof number2 == "number" && merged_at && String(of).toLowerCase() === github.repository.toLowerCase() ? [{ number: number2, title: isText(title) ? title : "" }] : [];
  });
}
async function mergedPulls(github, base, head) {
  let { commits, notes } = await commitsSince(github, base, head), pulls = /* @__PURE__ */ new Map(), lookups = 0, rest = [];
  for (let { sha, title } of commits) {
    if (pulls.size >= mostPulls || lookups >= mostLookups) {
      rest.push(`${sha.slice(0, 12)} ${title}`.trim());
      continue;
    }
    lookups++;
    for (let pull of await pullsOf(github, sha)) pulls.set(pull.number, pull);
  }
  return { pulls: [...pulls.values()].slice(0, mostPulls), rest, notes };
}
var mostPulls, mostLookups, mostPages, init_range = __esm({
  "src/record/tell/range.ts"() {
    "use strict";
    init_shapes();
    init_github_api();
    mostPulls = 20, mostLookups = 40, mostPages = 5;
  }
});

// src/record/tell/status.ts
async function deploymentsTo(github, environment3) {
  return (await github.list("deployments", permission2, { most: 1, query: { environment: environment3 } })).filter(isRecord).flatMap(
    ({ id, sha, payload }) => typeof id == "number" && isText(sha) ? [{ id, sha, recordedId: recordedId(payload) }] : []
  );
}
async function latestStatus(github, id) {
  let statuses2 = await github.get(`deployments/${id}/statuses`, permission2, { per_page: "1" }), [latest] = Array.isArray(statuses2) ? statuses2 : [];
  return isRecord(latest) ? latest : void 0;
}
async function previousCommit(github, deployments2, { id }) {
  let own = deployments2.findIndex((one) => one.recordedId === id), earlier = deployments2.slice(own + 1).filter((one) => one.recordedId !== void 0);
  for (let one of earlier.slice(0, mostAsked)) {
    let state = (await latestStatus(github, one.id))?.state;
    if (state === "success" || state === "inactive") return one.sha;
  }
}
async function deploymentOf(github, known, { environment: environment3, id, commit }) {
  let found = known.find((one) => one.recordedId === id) ?? known.find((one) => one.recordedId === void 0 && one.sha === commit);
  if (found) return found.id;
  let made = await github.change(
    "POST",
    "deployments",
    // Nothing is merged or waited for: it is deployed already.
    {
      ref: commit,
      environment: environment3,
      auto_merge: !1,
      required_contexts: [],
      payload: { deployment_id: id }
    },
    permission2,
    async () => (await deploymentsTo(github, environment3)).find((one) => one.recordedId === id)
  );
  return isRecord(made) && typeof made.id == "number" ? made.id : void 0;
}
async function setStatus(github, known, result) {
  let id = await deploymentOf(github, known, result);
  if (id === void 0) return;
  let text3 = `${verdict(result)}${inTime(result)}`, status = {
    state: states[result.outcome],
    description: [...text3].slice(0, longest4).join(""),
    log_url: address(result.runUrl) ?? links(result)[0]?.url ?? ""
  }, latest = await latestStatus(github, id);
  latest?.state === status.state && latest.description === status.description || await github.change("POST", `deployments/${id}/statuses`, status, permission2);
}
var permission2, longest4, mostAsked, recordedId, states, init_status = __esm({
  "src/record/tell/status.ts"() {
    "use strict";
    init_shapes();
    init_words2();
    permission2 = "deployments: write", longest4 = 140, mostAsked = 10, recordedId = (payload) => {
      let data = payload;
      try {
        isText(payload) && (data = JSON.parse(payload));
      } catch {
      }
      return isRecord(data) && isText(data.deployment_id) ? data.deployment_id : void 0;
    };
    states = {
      running: "in_progress",
      success: "success",
      failure: "failure",
      rolled_back: "failure",
      abandoned: "error",
      cancelled: "error"
    };
  }
});

// src/record/tell/pulls.ts
async function recordedPrevious({ environment: environment3, id, started: started2 }, env) {
  let prometheus2 = prometheusOf(env);
  if (prometheus2 instanceof NotAsked) return;
  let of = { environment: environment3 };
  try {
    let [starts, ends, infos] = await Promise.all([
      prometheus2.query(metric("recent_deployment:started_timestamp_seconds:min", of), void 0),
      prometheus2.query(metric("recent_deployment:outcome:code", of), void 0),
      prometheus2.query(metric("recent_deployment:info:last", of), void 0)
    ]), good = new Set(
      ends.filter(({ value }) => value === outcomes.success).map(({ labels: labels2 }) => labels2.deployment_id)
    ), before = starts.filter(
      ({ labels: labels2, value }) => good.has(labels2.deployment_id) && labels2.deployment_id !== id && value < (started2 ?? Number.POSITIVE_INFINITY)
    ).sort((a, b) => b.value - a.value)[0]?.labels.deployment_id;
    return infos.find(({ labels: labels2 }) => labels2.deployment_id === before)?.labels.commit || void 0;
  } catch (error2) {
    if (error2 instanceof NotAsked) return;
    throw error2;
  }
}
async function attempt3(what, warnings, work) {
  try {
    return await work();
  } catch (error2) {
    if (!isExpected(error2)) throw error2;
    warnings.push(`${what}: ${error2.message}`);
    return;
  }
}
async function comments(github, { pulls }, result, warnings) {
  let told = [], login = pulls.length === 0 ? "" : await github.login();
  for (let { number: number2 } of pulls)
    try {
      await putComment(github, number2, login, result), told.push(number2);
    } catch (error2) {
      if (!isExpected(error2)) throw error2;
      if (warnings.push(`Pull request #${number2} was not told: ${error2.message}`), !(error2 instanceof GitHubFailure) || error2.isFinal) break;
    }
  return told;
}
async function tellPulls(result, env, signal) {
  let warnings = [], none = { pulls: [], rest: [], notes: [] }, github = await attempt3("GitHub is not told", warnings, async () => new GitHubApi(env, signal));
  if (!github) return { pulls: [], range: none, warnings };
  if (!result.commit)
    return {
      pulls: [],
      range: none,
      warnings: ["GitHub is not told: the commit of the deployment is not known."]
    };
  let known = await attempt3(
    "GitHub's Deployments were not read",
    warnings,
    () => deploymentsTo(github, result.environment)
  ), range = await attempt3("Pull requests were not told", warnings, async () => {
    let base = await recordedPrevious(result, env) ?? (known && await previousCommit(github, known, result));
    return await mergedPulls(github, base, result.commit);
  }) ?? none;
  return known && await attempt3(
    "The status of GitHub's Deployment was not set",
    warnings,
    () => setStatus(github, known, result)
  ), { pulls: await attempt3(
    "Pull requests were not told",
    warnings,
    () => comments(github, range, result, warnings)
  ) ?? [], range, warnings };
}
function restText({ range: { rest, notes } }) {
  if (rest.length === 0) return "";
  let shown = rest.slice(0, 500).map((line) => `- ${codeSpan(line.slice(0, 200))}`), more = rest.length > shown.length ? [`- and ${rest.length - shown.length} more`] : [];
  return [
    `### Also deployed: ${counted(rest.length, "commit")} that no comment tells of`,
    "",
    ...shown,
    ...more,
    ...notes.map((note) => `
${note}`),
    "",
    ""
  ].join(`
`);
}
var init_pulls = __esm({
  "src/record/tell/pulls.ts"() {
    "use strict";
    init_errors();
    init_sanitize();
    init_words();
    init_metrics();
    init_ask();
    init_prometheus();
    init_github_api();
    init_comment();
    init_range();
    init_status();
  }
});

// src/record/tell/again.ts
var again_exports = {};
__export(again_exports, {
  tellAgain: () => tellAgain
});
import { appendFileSync as appendFileSync5 } from "node:fs";
async function pullRequests(result, { env, io }) {
  let told = await tellPulls(result, env, AbortSignal.timeout(pullsMs)), numbers = told.pulls.map((number2) => `#${number2}`).join(", ");
  told.pulls.length > 0 && io.stderr(`Told: ${numbers}
`);
  for (let note of told.range.notes) io.stderr(`${note}
`);
  let rest = secretRemover(env)(restText(told));
  if (rest === "") return [...told.warnings];
  io.stderr(`${told.range.rest.length} more commits were deployed than comments tell of.
`);
  try {
    env.GITHUB_STEP_SUMMARY && appendFileSync5(env.GITHUB_STEP_SUMMARY, rest);
  } catch (error2) {
    return [...told.warnings, `The summary of the run could not be written: ${error2.message}.`];
  }
  return [...told.warnings];
}
async function progress(first, call2) {
  let result = first;
  for (let round = 1; ; round++) {
    let warnings = await tell(result, call2, { chat: !0, annotations: !1, isProgress: !0 }), now2 = await readInTime(call2, [], !0);
    if (warnings.length > 0 || round >= mostRounds2 || slackText(now2) === slackText(result)) return warnings;
    result = now2;
  }
}
async function tellAgain(call2, only) {
  let { environment: environment3, deployment_id: deployment_id3 } = call2.deployment, result = await readInTime(call2, [], !0);
  if (!isKnown(result))
    return [
      `Nothing is told: nothing is known of deployment ${deployment_id3} to ${environment3}. ${result.unknown.join(" ")}`
    ];
  if (only.includes("progress")) return await progress(result, call2);
  let to = (who) => only.length === 0 || only.includes(who), warnings = await tell(result, call2, {
    chat: to("chat"),
    annotations: to("annotations"),
    isProgress: !1
  });
  return to("pull-requests") ? [...warnings, ...await pullRequests(result, call2)] : warnings;
}
var mostRounds2, pullsMs, isKnown, init_again = __esm({
  "src/record/tell/again.ts"() {
    "use strict";
    init_finish();
    init_secrets();
    init_chat_text();
    init_pulls();
    init_tell();
    mostRounds2 = 3, pullsMs = 12e4, isKnown = ({ started: started2, stages: stages4 }) => started2 !== void 0 || stages4.length > 0;
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
function parseLooseDuration(text3) {
  let match = pattern.exec(text3.trim());
  if (match?.[0])
    return Math.round(units.reduce((sum2, [, ms], i) => sum2 + Number(match[i + 1] ?? 0) * ms, 0));
}
var durationMs = (text3) => parseLooseDuration(/^[\d.]+$/.test(text3) ? `${text3}s` : text3);

// src/lib/parse-options.ts
init_time();
init_words();
var expected = {
  number: "a number",
  integer: "a whole number",
  time: "a time: Unix seconds, or ISO 8601 with a time zone like 2026-01-31T12:00:00Z",
  duration: "a length of time like 500ms, 5s, 10m, 2h or 1d"
}, toNumber = (text3) => text3.trim() !== "" && Number.isFinite(Number(text3)) ? Number(text3) : void 0, convert = {
  text: (text3) => text3,
  number: toNumber,
  integer: (text3) => Number.isInteger(toNumber(text3)) ? toNumber(text3) : void 0,
  time: parseTime,
  duration: durationMs
};
function readName(source, known, text3) {
  let value = cleanName(text3);
  return value === "" ? { problem: `${source} "${text3}" is no name.` } : known.includes(value) ? { value } : {
    value,
    note: `${source} "${value}" is not in the pipeline file. It is recorded under that name; add it to pipeline.config.ts and build.${didYouMean(value, known)}`
  };
}
function readValue(source, spec, text3) {
  if (spec.names) return readName(source, spec.names(), text3);
  if (spec.values && !spec.values.includes(text3)) {
    let known = spec.values.join(", ");
    return {
      problem: `${source} "${text3}" is not one of those known: ${known}.${didYouMean(text3, spec.values)}`
    };
  }
  let value = convert[spec.kind](text3);
  return value === void 0 ? { problem: `${source} "${text3}" is not ${expected[spec.kind]}.` } : typeof value == "number" && (value < (spec.min ?? -1 / 0) || value > (spec.max ?? 1 / 0)) ? { problem: `${source} ${text3} is out of range: ${rangeText(spec)}.` } : { value };
}
var rangeText = ({ min: min2, max: max2 }) => max2 === void 0 ? `it must be at least ${min2}` : `it must be between ${min2 ?? 0} and ${max2}`, optionWord = /^--([^=]+)(?:=([\s\S]*))?$/, specOf = (specs, name2) => Object.hasOwn(specs, name2) ? specs[name2] : void 0, isOption = (specs, word) => word === void 0 || specOf(specs, optionWord.exec(word)?.[1] ?? "") !== void 0;
function tokenize(specs, words5, problems, { takesWords = !1, keepsEmpty = !1 }) {
  let texts = /* @__PURE__ */ new Map(), switches = /* @__PURE__ */ new Set(), withoutValue = /* @__PURE__ */ new Set(), given2 = /* @__PURE__ */ new Set(), positionals = [];
  for (let i = 0; i < words5.length; i++) {
    let [, name2 = "", inline] = optionWord.exec(words5[i]) ?? [], spec = specOf(specs, name2), follows = inline === void 0 && !isOption(specs, words5[i + 1]);
    if (spec && given2.add(name2), spec)
      if (spec.kind === "switch")
        inline === void 0 || inline === "true" ? switches.add(name2) : inline !== "false" && problems.push(`--${name2} takes no value.`);
      else if (inline === void 0 && !follows)
        problems.push(`--${name2} needs a value: --${name2} ${spec.placeholder}.`), withoutValue.add(name2);
      else {
        let value = inline ?? words5[++i];
        (value || keepsEmpty) && texts.set(name2, [...texts.get(name2) ?? [], value]);
      }
    else {
      let positional = !words5[i].startsWith("-");
      positional && positionals.push(words5[i]), (!positional || !takesWords) && problems.push(unknownWord(words5[i], name2, specs)), name2 && follows && !words5[i + 1].startsWith("--") && i++;
    }
  }
  return { texts, switches, given: given2, withoutValue, positionals };
}
function unknownWord(word, name2, specs) {
  return name2 ? `There is no option --${name2}.${didYouMean(name2, Object.keys(specs), "--")}` : `"${word}" is not expected here; options begin with --, a command follows after " -- ".`;
}
function finalValue(name2, spec, tokens, env, problems, notes) {
  let texts = tokens.texts.get(name2) ?? [], fromEnv = texts.length === 0 && spec.env && env[spec.env] || void 0, read2 = (text4) => {
    let { value, problem, note } = readValue(fromEnv === void 0 ? `--${name2}` : spec.env, spec, text4);
    return problem && problems.push(problem), note && notes.push(note), value;
  };
  if (spec.repeatable) return texts.map(read2).filter((value) => value !== void 0);
  let usual = typeof spec.default == "function" ? spec.default() : spec.default, fallback = usual === void 0 ? void 0 : readValue(name2, spec, usual).value, text3 = texts.at(-1) ?? fromEnv;
  return text3 !== void 0 ? read2(text3) ?? fallback : (spec.required && !tokens.withoutValue.has(name2) && problems.push(`--${name2} is missing: --${name2} ${spec.placeholder}.`), fallback);
}
function parseOptions(specs, argv, manner = {}) {
  let split = argv.indexOf("--"), problems = [], notes = [], tokens = tokenize(specs, split === -1 ? argv : argv.slice(0, split), problems, manner), values2 = Object.fromEntries(
    Object.entries(specs).map(([name2, spec]) => [
      name2,
      spec.kind === "switch" ? tokens.switches.has(name2) : finalValue(name2, spec, tokens, manner.env ?? {}, problems, notes)
    ])
  ), { given: given2, withoutValue, positionals } = tokens, command = split === -1 ? void 0 : argv.slice(split + 1);
  return { values: values2, command, problems, notes, given: given2, withoutValue, positionals };
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
    let tail2 = new Tail(), { code: code2, signal } = await ended(child, passOutput(child, plumbing, tail2, options5)), exit = code2 ?? 128 + (constants2.signals[signal ?? "SIGTERM"] ?? 0);
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
  let { isSameFile: isSameFile2, openChannels: openChannels2 } = await Promise.resolve().then(() => (init_channel(), channel_exports)), shared = isSameFile2(1, 2), channels = await openChannels2(shared ? 1 : 2);
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
  }), child.once("exit", (code2, signal) => {
    let drained = Promise.all(readers.map(({ closed }) => closed)), timer = setTimeout(() => {
      for (let { stop } of readers) stop();
    }, drainMs);
    drained.then(() => {
      clearTimeout(timer), resolve({ code: code2, signal });
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
init_pipeline4();
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
init_pipeline4();
async function recordCost(recorder, deployment, resource2, amount) {
  let group3 = { ...deployment, resource: resource2 }, what = `a cost of ${amount} ${carried().cost.currency} on ${resource2}`, samples = [samplesOf(group3)("deployment_infrastructure_cost", {}, amount)];
  recorder.say(await recorder.record({ method: "PUT", group: group3, samples, what }), what);
}
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
  run: async ({ values: values2, deployment, recorder }) => (await recordCost(recorder, deployment, values2.resource, values2.amount ?? values2.usd ?? 0), 0)
});

// src/record/verbs/error-rate.ts
init_emit();
init_pipeline4();
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
  run: async ({ values: values2, deployment, recorder }) => {
    let group3 = { ...deployment, service: values2.service }, what = `an error rate of ${values2.value} of ${values2.service}`, samples = [samplesOf(group3)("post_deployment_error_rate", {}, values2.value)];
    return recorder.say(await recorder.record({ method: "POST", group: group3, samples, what }), what), 0;
  }
});

// src/record/verbs/finish.ts
init_metrics();
init_emit();
init_github();
init_time2();

// src/record/told.ts
init_pipeline4();
import { fileURLToPath } from "node:url";
var isSet = (env, name2) => !!env[name2]?.trim(), hasChat = (env) => ["SLACK_TOKEN", "SLACK_WEBHOOK_URL", "CHAT_WEBHOOK_URL"].some((name2) => isSet(env, name2)), isTold = (env) => isSet(env, "GITHUB_STEP_SUMMARY") || hasChat(env) || Object.keys(env).some((name2) => name2.startsWith("GRAFANA_ANNOTATION_TOKEN") && isSet(env, name2));
function hearsBeforeTheEnd({ environment: environment3 }, env, event) {
  let { chat, environments } = carried();
  return (chat.about === "all" || chat.about === "production" && environments[environment3]?.kind === "production") && (event === "start" ? hasChat(env) : isSet(env, "SLACK_TOKEN"));
}
async function tellLater(deployment, environment3, env, event) {
  if (hearsBeforeTheEnd(deployment, env, event))
    try {
      let { spawn } = await import("node:child_process"), argv = [
        fileURLToPath(import.meta.url),
        "tell",
        `--only=${event === "start" ? "chat" : "progress"}`,
        `--environment=${environment3}`,
        `--deployment-id=${deployment.deployment_id}`
      ], child = spawn(process.execPath, argv, { env, detached: !0, stdio: "ignore", windowsHide: !0 });
      child.on("error", () => {
      }), child.unref();
    } catch {
    }
}

// src/record/verbs/finish.ts
var jobResults = ["success", "failure", "cancelled", "skipped"], listed = (results = "") => results.split(",").map((result) => result.trim()).filter(Boolean);
function outcomeOf2(results) {
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

In a workflow it then writes the whole deployment to the summary of the run (GITHUB_STEP_SUMMARY): its stages, what
failed, checks, budget. For that it waits at most 20 s until Prometheus or the gateway has what was recorded.

Example:  record.mjs finish --results "\${{ join(needs.*.result) }}"`,
  check: ({ outcome, results }) => outcome === void 0 == (results === void 0) ? ["finish needs either --outcome OUTCOME, or --results LIST of all jobs."] : results !== void 0 && listed(results).length === 0 ? ["--results has no result in it: give the results of all jobs, with commas between them."] : listed(results).filter((result) => !jobResults.some((known) => known === result)).map(
    (result) => `--results has "${result}", which is not one of ${jobResults.join(", ")}.`
  ),
  run: async ({ values: values2, deployment, env, io, at, recorder }) => {
    let outcome = values2.outcome ?? outcomeOf2(listed(values2.results)), emit = samplesOf(deployment), finishedMs = values2["finished-at"] ?? at, what = `the end of deployment ${deployment.deployment_id} (${outcome})`, samples = [
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
    ], recorded = await recorder.record({ method: "POST", group: deployment, samples, what });
    if (recorder.say(recorded, what), recorder.dryRun || io.capture || !isTold(env)) return 0;
    let { tellEnd: tellEnd2 } = await Promise.resolve().then(() => (init_finish(), finish_exports));
    return recorder.warnings.push(...await tellEnd2({ deployment, env, io, recorder }, samples, recorded)), 0;
  }
});

// src/record/verbs/gate.ts
init_pipeline4();
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
    "railway-service": text(
      "ID",
      "where Prometheus does not scrape the application, judge the requests that Railway counted for this service",
      { env: "RAILWAY_SERVICE_ID" }
    ),
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
  run: async ({ values: values2, deployment, env, io, recorder }) => {
    if (recorder.warnings.length = 0, values2.may === "stay" && !deployment.deployment_id)
      return io.stderr(
        `The deployment id is missing: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.
`
      ), 3;
    let [{ gate: run }, { gateEvent: gateEvent2 }] = await Promise.all([
      Promise.resolve().then(() => (init_run(), run_exports)),
      Promise.resolve().then(() => (init_event(), event_exports))
    ]), { may: question, hotfix, without: without2, shadow } = values2, watching = values2.watch > 0, preview = previewOf(values2.environment), { report, code: code2 } = await run(
      { question, deployment, preview, hotfix, without: without2, watching },
      env,
      io,
      {
        waitMs: values2.wait,
        watchMs: values2.watch,
        intervalMs: values2.interval,
        railwayService: values2["railway-service"],
        shadow,
        json: values2.json,
        at: values2.at
      }
    ), known = !report.checks.some(({ name: name2, final: final2 }) => name2 === "deployment" && final2);
    return deployment.deployment_id && known && values2.at === void 0 && await recorder.record(gateEvent2(report, deployment, { shadow, atMs: io.now(), env }), { keep: !1 }), code2;
  }
});

// src/record/verbs/health.ts
init_clock();
init_time();
init_metrics();
init_emit();
init_health_check();
init_pipeline4();
init_time2();
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
  "report-only": flag("exit with 0 with every verdict"),
  "no-error-rate": flag(
    "do not record the share of failed checks as the error rate of the first five minutes"
  ),
  check: text("TIME,STATUS,SECONDS", "a check that was made already, instead of --url; may be repeated", {
    repeatable: !0
  })
};
function parseCheck(given2, attempt4) {
  let [time2 = "", word, seconds = "", ...rest] = given2.split(","), atMs = parseTime(time2), status = labels.health_status.find((known) => known === word), latencySeconds = seconds.trim() === "" ? Number.NaN : Number(seconds);
  if (!(atMs === void 0 || !status || !(latencySeconds >= 0) || rest.length > 0))
    return { attempt: attempt4, atMs, status, latencySeconds, said: "reported" };
}
function parseUrl(given2) {
  try {
    let url = new URL(given2 ?? "");
    return url.protocol === "http:" || url.protocol === "https:" ? url : void 0;
  } catch {
    return;
  }
}
var urlProblem = (given2) => given2 === void 0 ? "--url is missing: --url https://host.example/health." : "--url is not an http or https URL.";
function samplesFor(group3, checks3) {
  let emit = samplesOf(group3), lastOfEach = new Map(checks3.map((check) => [check.status, check]));
  return [
    ...checks3.flatMap((check) => {
      let attempt4 = { attempt: String(check.attempt) };
      return [
        emit("deployment_health_check_timestamp_seconds", attempt4, toSeconds(check.atMs)),
        emit("deployment_health_check_success", attempt4, passed(check) ? 1 : 0),
        emit("deployment_health_check_latency_seconds", attempt4, check.latencySeconds)
      ];
    }),
    ...[...lastOfEach.values()].map(
      ({ status, latencySeconds }) => emit("api_health_check_latency_ms", { status }, Math.round(latencySeconds * 1e6) / 1e3)
    )
  ];
}
async function poll2(values2, target3, plan, { io }, onCheck) {
  let checks3 = [];
  for (let attempt4 = 1; ; attempt4++) {
    let nextAt = performance.now() + values2.interval, check = await checkOnce(target3, attempt4, io);
    checks3 = [...checks3, check], io.stderr(
      `Health check ${attempt4} of ${plan.attempts}: ${check.status} (${check.said}, ${formatSeconds(check.latencySeconds)})
`
    );
    let verdict2 = verdictOf(checks3, plan);
    if (verdict2) return { checks: checks3, verdict: verdict2 };
    onCheck(checks3), await systemClock.sleep(Math.max(0, nextAt - performance.now()));
  }
}
var targetOf = (values2, url) => ({
  url,
  timeoutMs: values2.timeout,
  degradedAboveMs: values2["degraded-above"]
});
function sayVerdict({ io }, checks3, verdict2) {
  let good = checks3.filter(passed).length;
  io.stdout(`${verdict2}: ${good} of ${checks3.length} health checks passed
`);
}
async function live(call2, pushOf) {
  let { values: values2, recorder, io } = call2, underWay2, record = (checks4) => {
    underWay2 ??= recorder.record(pushOf(checks4, !1), { keep: !1, warn: !1, budgetMs: values2.interval }).finally(() => {
      underWay2 = void 0;
    });
  }, target3 = targetOf(values2, parseUrl(values2.url)), { checks: checks3, verdict: verdict2 } = await poll2(values2, target3, values2, call2, record);
  await underWay2;
  let recorded = await recorder.record(pushOf(checks3, !0));
  return recorder.say(recorded, `${checks3.length} health checks of ${values2.service}`), sayVerdict({ io }, checks3, verdict2), verdict2 === "healthy" || values2["report-only"] ? 0 : 1;
}
async function unrecorded({ values: values2, io }) {
  if (values2.check && values2.check.length > 0) return 0;
  let url = parseUrl(values2.url);
  if (!url) return values2["report-only"] ? 0 : 1;
  let all = values2, { checks: checks3, verdict: verdict2 } = await poll2(all, targetOf(all, url), all, { io }, () => {
  });
  return sayVerdict({ io }, checks3, verdict2), verdict2 === "healthy" || all["report-only"] ? 0 : 1;
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
    let wrong = values2.check.filter((given2) => !parseCheck(given2, 1)), ahead = values2.check.filter((given2) => (parseCheck(given2, 1)?.atMs ?? 0) > now2 + farthestAheadMs);
    return [
      ...values2.url === void 0 ? [] : ["--check is for checks that were made already: leave --url out."],
      ...ahead.map((given2) => `--check "${given2}" lies in the future: give the time when it was made.`),
      ...wrong.map(
        (given2) => `--check "${given2}" is not TIME,STATUS,SECONDS with a status of ${labels.health_status.join(", ")}.`
      )
    ];
  },
  unrecorded,
  run: async (call2) => {
    let { values: values2, deployment, at, recorder } = call2, group3 = { ...deployment, service: values2.service }, pushOf = (checks3, last) => ({
      method: "POST",
      group: group3,
      samples: [
        ...samplesFor(group3, checks3),
        ...last && !values2["no-error-rate"] ? [samplesOf(group3)("post_deployment_error_rate", {}, errorRate2(checks3))] : []
      ],
      what: `${checks3.length} health checks of ${values2.service}`
    }), given2 = values2.check.flatMap((text3, i) => parseCheck(text3, i + 1) ?? []), example2 = { attempt: 1, atMs: at, status: "healthy", latencySeconds: 0, said: "not asked" };
    if (given2.length === 0 && !recorder.dryRun) return await live(call2, pushOf);
    let push = pushOf(given2.length > 0 ? given2 : [example2], !0);
    return recorder.say(await recorder.record(push), push.what), 0;
  }
});

// src/record/verbs/jobs.ts
init_pipeline4();

// src/record/runners.ts
var ran = ({ labels: labels2, started: started2 }) => labels2.length > 0 && started2 !== void 0;
function queuesOf(jobs2) {
  let longest5 = /* @__PURE__ */ new Map();
  for (let { labels: labels2, created, started: started2 = 0 } of jobs2.filter(ran)) {
    let runner = labels2.join(" ");
    created !== void 0 && started2 >= created && longest5.set(runner, Math.max(longest5.get(runner) ?? 0, started2 - created));
  }
  return [...longest5].map(([runner, seconds]) => ({ runner, seconds }));
}
function runnerCosts(jobs2, { runners }) {
  let minutes = /* @__PURE__ */ new Map();
  for (let { labels: labels2, started: started2 = 0, finished } of jobs2.filter(ran)) {
    let resource2 = labels2.find((label) => Object.hasOwn(runners, label));
    resource2 === void 0 || finished === void 0 || started2 * 1e3 < Date.parse(runners[resource2].since) || minutes.set(resource2, (minutes.get(resource2) ?? 0) + Math.max(1, Math.ceil((finished - started2) / 60)));
  }
  return [...minutes].map(([resource2, count2]) => ({
    resource: resource2,
    amount: Number((count2 * runners[resource2].perMinute).toFixed(6))
  }));
}

// src/record/verbs/queue.ts
init_emit();
async function recordQueue(recorder, deployment, runner, seconds) {
  let group3 = { ...deployment, runner }, what = `a wait of ${Math.round(seconds)} s for the runner ${runner}`, samples = [samplesOf(group3)("deployment_runner_queue_seconds", {}, seconds)];
  recorder.say(await recorder.record({ method: "PUT", group: group3, samples, what }), what);
}
var queue = defineVerb({
  name: "queue",
  summary: "how long jobs waited for a runner",
  command: "none",
  timeless: !0,
  options: {
    runner: text("NAME", "the runner that they asked for", { required: !0 }),
    seconds: number("SECONDS", "the longest wait of a job, from created to started", {
      required: !0,
      min: 0
    })
  },
  details: `For a CI that is not GitHub Actions, where "jobs" reads it. Recorded again for the same runner, it replaces itself.

Example:  record.mjs queue --runner linux-large --seconds 42`,
  run: async ({ values: values2, deployment, recorder }) => (await recordQueue(recorder, deployment, values2.runner, values2.seconds), 0)
});

// src/record/verbs/jobs.ts
var jobs = defineVerb({
  name: "jobs",
  summary: "how long the run's jobs waited for their runners, and what their minutes cost",
  command: "none",
  timeless: !0,
  options: {},
  details: `Reads the jobs of this attempt of the run from GitHub: GITHUB_TOKEN with "actions: read". Of each runner it records the
longest wait of a job, and the price of every started minute where the pipeline file names one (cost.runners). The job
that asks counts until now. Run it in the last job, before finish.

Example:  record.mjs jobs`,
  run: async ({ deployment, env, io, recorder }) => {
    let { runnerJobs: runnerJobs2 } = await Promise.resolve().then(() => (init_jobs(), jobs_exports));
    try {
      let found = await runnerJobs2(deployment, env, io.now() / 1e3);
      for (let { runner, seconds } of queuesOf(found))
        await recordQueue(recorder, deployment, runner, seconds);
      for (let { resource: resource2, amount } of runnerCosts(found, carried().cost))
        await recordCost(recorder, deployment, resource2, amount);
    } catch (error2) {
      recorder.warnings.push(`Not recorded: the jobs of the run. ${error2.message}`);
    }
    return 0;
  }
});

// src/record/verbs/metric.ts
init_words();
init_io();
init_pipeline4();
var longest2 = 64;
function pairOf(typed) {
  let [, name2 = "", value = ""] = /^([^=]+)=(.*)$/s.exec(typed) ?? [], clean = value.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return name2 === "" || clean === "" ? void 0 : [name2.trim(), clean.slice(0, longest2)];
}
var pairsOf = (typed) => typed.flatMap((one) => {
  let pair = pairOf(one);
  return pair ? [pair] : [];
}), listed2 = (names) => names.join(", ");
function nameProblem(name2) {
  let known = Object.keys(carried().metrics);
  if (known.includes(name2)) return;
  let near = nearest(name2, known), fix = near ? `Did you mean ${near}?` : known.length > 0 ? `It has ${listed2(known)}.` : "";
  return `The pipeline file has no metric "${name2}". ${fix} Add it to metrics in pipeline.config.ts, with its unit and help, and build.`.replace(
    "  ",
    " "
  );
}
function labelProblems(name2, typed) {
  let declared = Object.keys(carried().metrics[name2]?.labels ?? {}), given2 = pairsOf(typed).map(([label]) => label), missing2 = declared.filter((label) => !given2.includes(label));
  return [
    ...typed.flatMap((one) => pairOf(one) ? [] : [`--label "${one}" is not NAME=VALUE.`]),
    ...given2.flatMap(
      (label, i) => declared.includes(label) ? given2.indexOf(label) < i ? [`--label ${label} is given twice.`] : [] : [
        `${name2} has no label "${label}". ${declared.length > 0 ? `It has ${listed2(declared)}.` : "It has none."}`
      ]
    ),
    ...missing2.map((label) => `${name2} needs --label ${label}=VALUE.`)
  ];
}
function exampleCall() {
  let [[name2, { labels: labels2 = {} }] = ["shop_image_bytes", {}]] = Object.entries(carried().metrics), pairs = Object.entries(labels2).map(
    ([label, values2]) => ` --label ${label}=${values2 === "open" ? "VALUE" : values2[0]}`
  );
  return `record.mjs metric --name ${name2} --value 1${pairs.join("")}`;
}
var metric2 = defineVerb({
  name: "metric",
  summary: "a number of the deployment that the pipeline file defines",
  command: "none",
  timeless: !0,
  options: {
    name: text("NAME", "one of the pipeline file's metrics", { required: !0 }),
    value: number("NUMBER", "in the unit that the file gives it", { required: !0 }),
    label: text("NAME=VALUE", "each label that the file gives it", { repeatable: !0 })
  },
  details: () => `Metrics of this pipeline: ${listed2(Object.keys(carried().metrics)) || "none"}.
Each deployment has one number for each set of labels. Recorded again, it replaces itself.

Example:  ${exampleCall()}`,
  check: ({ name: name2, label }) => {
    let unknown = nameProblem(name2);
    return unknown === void 0 ? labelProblems(name2, label) : [unknown];
  },
  run: async ({ values: { name: name2, value, label }, deployment, io, recorder }) => {
    let labels2 = Object.fromEntries(pairsOf(label));
    for (let [own, values2] of Object.entries(carried().metrics[name2]?.labels ?? {}))
      values2 !== "open" && !values2.includes(labels2[own] ?? "") && io.stderr(
        warningLine(
          `The ${own} "${labels2[own]}" of ${name2} is not in the pipeline file. It is recorded under that name; add it to pipeline.config.ts and build.`
        )
      );
    let group3 = { ...deployment, metric: name2, ...labels2 }, what = `${name2} of ${value}`;
    return recorder.say(
      await recorder.record({ method: "PUT", group: group3, samples: [{ metric: name2, labels: {}, value }], what }),
      what
    ), 0;
  }
});

// src/record/verbs/migration.ts
init_emit();
init_pipeline4();
init_stages();
init_time2();

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
import { mkdirSync as mkdirSync2, readFileSync as readFileSync5, rmSync as rmSync3, statSync as statSync3, utimesSync, writeFileSync as writeFileSync3 } from "node:fs";
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
  let stat = statSync3(path, { throwIfNoEntry: !1 });
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
init_http2();
init_response();
init_spool();
var attemptMs = 3e3, backoffMs = [150, 400, 900, 1800], shortestAttemptMs = 100, knownBrokenMs = 1500, lockTimes = { staleMs: 15e3, pollMs: 40 }, longestWaitMs2 = 24 * 36e5, Delivery = class {
  /** Events of earlier processes that were sent on the way. */
  caughtUp = 0;
  /** Sentences about events of earlier processes that had to be given up. */
  givenUp = [];
  /** By how much the server's clock is ahead of this machine's, milliseconds; 0 when they agree, or it does not say. */
  clockAhead = 0;
  #gateway;
  #spool;
  /** The same, rounded up, once samples are stamped by the server's clock. */
  #ahead = 0;
  /** How often the push that is tried was stamped anew. */
  #restamps = 0;
  /** @param brought a folder with events that another machine could not send */
  constructor(gateway2, env, brought) {
    this.#gateway = gateway2, this.#spool = new Spool(env, gateway2.base, brought);
  }
  /** Sends one push, after everything that waits. Never throws. */
  async send(push, options5) {
    let entry = {
      ...this.#gateway.way.content(push),
      what: push.what,
      since: Date.now()
    };
    if (this.#spool.names().length > 0) return await this.#sendBehindOthers(entry, options5);
    let verdict2 = await this.#try(entry, options5);
    if (verdict2.kind === "sent") return verdict2;
    if (verdict2.kind === "refused") return { kind: "lost", reason: verdict2.reason };
    let aborted = options5.signal?.aborted === !0;
    return options5.keep === !1 || aborted && !options5.keepAborted ? { kind: "lost", reason: verdict2.reason } : this.#keep(entry, aborted ? "The recorder was told to stop." : verdict2.reason).delivered;
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
    return classifyResponse2(answer, this.#gateway, Date.now(), expected2);
  }
  /** Whether the server holds groups that have to be removed some day. */
  get holdsGroups() {
    return this.#gateway.way.holdsGroups;
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
        let verdict2 = await this.#sendWaiting(name2, { ...options5, deadline });
        if (verdict2.kind === "later") {
          outcome = { ...outcome, reason: verdict2.reason };
          return;
        }
        if (this.#spool.has(name2)) return;
        deadline = options5.deadline, verdict2.kind === "refused" && name2 === own ? outcome = { refusal: verdict2.reason } : verdict2.kind === "refused" ? this.givenUp.push(`${verdict2.reason} It was ${verdict2.what}.`) : name2 !== own && this.caughtUp++;
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
    let { entry } = waiting, verdict2 = Date.now() - entry.since > longestWaitMs2 ? { kind: "refused", reason: "It waited for more than a day." } : isEvent(entry, this.#gateway.way) ? await this.#try(entry, options5) : { kind: "refused", reason: "It is no event of this transport." };
    return verdict2.kind !== "later" && this.#spool.remove(name2), { ...verdict2, what: entry.what };
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
    this.#restamps = 0;
    for (let attempt4 = 0; ; attempt4++) {
      let left2 = deadline - Date.now(), verdict2 = await this.#once(entry, Math.max(shortestAttemptMs, Math.min(attemptMs, left2)), signal);
      if (verdict2.kind === "refused" && await this.#sayRefused(entry, deadline), verdict2.kind !== "later" || !verdict2.again || signal?.aborted) return verdict2;
      let backoff = (backoffMs[attempt4] ?? backoffMs.at(-1)) * (0.75 + systemClock.random() / 2), wait = Math.max(backoff, verdict2.waitMs ?? 0);
      if (Date.now() + wait + shortestAttemptMs > deadline) return verdict2;
      await systemClock.sleep(wait, signal);
    }
  }
  /** For the alert about it. Tried once: the log of the job says it too. */
  async #sayRefused(entry, deadline) {
    let failure = this.#gateway.way.refused?.(entry);
    failure && await this.#once({ ...entry, ...failure }, deadline - Date.now(), void 0);
  }
  async #once(entry, timeoutMs, signal) {
    let { base, headers, way: way3 } = this.#gateway, begun = Date.now();
    try {
      let request = way3.request(base, entry, begun + this.#ahead), answer = await send({
        ...request,
        method: entry.method,
        headers: { ...headers, ...request.headers },
        timeoutMs,
        signal
      }), verdict2 = classifyResponse2(answer, this.#gateway, Date.now()), left2 = timeoutMs - (Date.now() - begun);
      return await this.#byTheirClock(answer, verdict2, () => this.#once(entry, left2, signal));
    } catch (error2) {
      return classifyNoAnswer(error2 instanceof NoAnswer ? error2.code : String(error2), this.host, way3.who);
    }
  }
  /** Compares clocks. What is stamped here, and not by the server, is sent again by the server's clock where that matters. */
  async #byTheirClock(answer, verdict2, again) {
    let ahead = aheadOf(answer, Date.now());
    if (ahead === void 0) return verdict2;
    let differs = Math.abs(ahead) > noticeableMs;
    return differs && (this.clockAhead = ahead), this.#gateway.way.holdsGroups ? verdict2 : verdict2.kind === "sent" && differs && this.#ahead === 0 ? (this.#ahead = ahead, await again(), verdict2) : !isOutOfTime(answer) || this.#restamps === mostRestamps ? verdict2 : (this.#restamps++, this.#ahead = ahead, { kind: "later", reason: "A clock is wrong.", again: !0 });
  }
};
function aheadOf({ headers }, now2) {
  let date = Date.parse(headers.date ?? "");
  return Number.isNaN(date) ? void 0 : date + 1e3 - now2 || 1;
}
var noticeableMs = 1e4, mostRestamps = 3, isEvent = (entry, { isOurs: isOurs2 }) => (entry.method === "PUT" || entry.method === "POST") && [entry.path, entry.body, entry.what].every((part) => typeof part == "string") && isOurs2(entry), toDelivered = (verdict2) => verdict2.kind === "sent" ? verdict2 : { kind: "lost", reason: verdict2.reason };

// src/record/recorder.ts
init_emit();
init_exposition();
init_gateway();
init_grouping();
init_io();
init_secrets();
init_way();
var eventBudgetMs = 4400, wrongClock = ({ clockAhead, host }) => `The clock of this machine is ${Math.round(Math.abs(clockAhead) / 1e3)} s ${clockAhead > 0 ? "behind" : "ahead of"} that of ${host}, and so are the times that it records: synchronise it (NTP).`, Recorder = class {
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
    this.#env = env, this.#io = io, this.#dryRun = dryRun, this.#gateway = gatewayOf(env), !(dryRun || io.capture) && (this.#gateway.kind === "ready" ? this.#delivery = new Delivery(this.#gateway, env) : this.#gateway.kind === "unusable" ? this.warnings.push(...this.#gateway.problems.map((problem) => `Nothing is recorded. ${problem}`)) : io.stderr(`Recording is switched off (${way().prefix}_URL=disabled).
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
   * @param brought the folder of another machine's events, in place of this one's
   * @returns false when something waits still; a warning says so
   */
  async flush(budgetMs, brought) {
    if (!this.#delivery || this.#gateway.kind !== "ready") return !0;
    let delivery = brought === void 0 ? this.#delivery : new Delivery(this.#gateway, this.#env, brought), left2 = await delivery.flush(Date.now() + budgetMs);
    return this.#reportOthers(delivery), left2.count > 0 && this.warnings.push(
      `${left2.count} earlier ${left2.count === 1 ? "event was" : "events were"} not recorded, and nothing in this job will send ${left2.count === 1 ? "it" : "them"}. ${left2.reason}`
    ), left2.count === 0;
  }
  /** Says on stderr what was recorded, unless it was not. */
  say(recorded, text3) {
    recorded && !this.#dryRun && this.#io.stderr(`Recorded: ${text3}
`);
  }
  /** Says what became of events of earlier processes. */
  #reportOthers(delivery) {
    let { caughtUp, givenUp } = delivery;
    caughtUp > 0 && this.#io.stderr(`Sent ${counted(caughtUp, "earlier event")} that had waited.
`), delivery.caughtUp = 0, delivery.clockAhead !== 0 && this.#io.stderr(warningLine(wrongClock(delivery))), delivery.clockAhead = 0, this.warnings.push(...givenUp.splice(0).map((reason) => `An earlier event was given up. ${reason}`));
  }
  #report(push, delivered, warn2) {
    this.#reportOthers(this.#delivery), warn2 && (delivered.kind === "kept" && this.warnings.push(
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
init_github();
init_message();
init_stages();
init_time2();
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
function stagedOf({ deployment, values: values2 }) {
  let upgrades = new UpgradeCounter(), name2 = values2["migration-name"], group3 = { ...deployment, ...stageOf("migrate"), migration_name: name2 };
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
  tells: "progress",
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
}, urlOf = (given2) => {
  try {
    return given2 === void 0 ? void 0 : new URL(given2);
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
  check: ({ url, "railway-service": service3 }) => [
    ...service3 ? [] : ["--railway-service is missing: --railway-service ID, or RAILWAY_SERVICE_ID."],
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
    }, clean = secretRemover2(env), say = { ...io, stderr: (text3) => io.stderr(typeof text3 == "string" ? clean(text3) : text3) };
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
init_message();
init_pipeline4();
init_stages();
var railwayWait = defineVerb({
  name: "railway-wait",
  summary: "waits until the newest deployment of a Railway service serves; with --service, records Railway's steps",
  command: "none",
  needsDeployment: !1,
  timeless: !0,
  undecided: 1,
  options: {
    "railway-service": text("ID", "the service", { env: "RAILWAY_SERVICE_ID" }),
    service: named(services, "NAME", "record Railway's steps as stages of this service"),
    "log-url": stageOptions["log-url"],
    timeout: duration("TIME", "how long Railway may take", { default: "10m" }),
    interval: duration("TIME", "from one look at Railway to the next", { default: "3s", min: 100 })
  },
  details: () => `"railway up --ci" ends when the image is built; until the new version serves, the old one answers the health checks.
Needs the same token as railway-rollback. Exits with 0 when it serves, else with 1; in a workflow the output "status"
is Railway's word for it (SUCCESS, FAILED, CRASHED, …). With --service, Railway's steps (BUILD_IMAGE, HEALTHCHECK, …)
become stages of that service, railway_build_image and so on, with their error; where the token may not ask for them, it
says so and goes on.

Example:  record.mjs railway-wait --service ${example().service}`,
  check: ({ "railway-service": service3 }) => service3 ? [] : ["--railway-service is missing: --railway-service ID, or RAILWAY_SERVICE_ID."],
  run: async (call2) => {
    let { values: values2, deployment, env, io, recorder } = call2, records = values2.service !== void 0 && deployment.deployment_id !== "";
    if (records || (recorder.warnings.length = 0), values2.service !== void 0 && !records && io.stderr(
      `Railway's steps are not recorded: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.
`
    ), recorder.dryRun) return 0;
    let [{ waitUntilServing: waitUntilServing2 }, { stagesOf: stagesOf5 }, { systemClock: systemClock2 }, { secretRemover: secretRemover2 }, { writeForRunner: writeForRunner2 }] = await Promise.all([
      Promise.resolve().then(() => (init_wait(), wait_exports)),
      Promise.resolve().then(() => (init_steps(), steps_exports)),
      Promise.resolve().then(() => (init_clock(), clock_exports)),
      Promise.resolve().then(() => (init_secrets(), secrets_exports)),
      Promise.resolve().then(() => (init_runner_file(), runner_file_exports))
    ]), clean = secretRemover2(env), say = { ...io, stderr: (chunk) => io.stderr(typeof chunk == "string" ? clean(chunk) : chunk) }, asked = {
      serviceId: values2["railway-service"] ?? "",
      limitMs: values2.timeout,
      intervalMs: values2.interval,
      steps: records
    }, recordSteps = async ({ steps, serves }) => {
      for (let { stage: stage3, startedMs, finishedMs, status, errorType, message } of stagesOf5(
        steps ?? [],
        serves
      )) {
        let group3 = { ...deployment, service: values2.service ?? "", stage: stage3 }, end = {
          startedMs,
          finishedMs: finishedMs ?? io.now(),
          status,
          logUrl: logUrl(call2),
          ...message !== void 0 && {
            error: { type: errorType ?? defaultErrorType(stage3), message: errorMessage(message, env) }
          }
        }, what = `stage ${stage3} of ${group3.service} (${status})`;
        await recorder.record({ method: "PUT", group: group3, samples: stageEndSamples(group3, end), what });
      }
    };
    try {
      let served2 = await waitUntilServing2(asked, env, say, systemClock2, async (end) => {
        writeForRunner2(env.GITHUB_OUTPUT, "status", end.status), records && await recordSteps(end);
      });
      return say.stdout(`${clean(served2)}
`), 0;
    } catch (error2) {
      return say.stderr(`${error2.message}
`), 1;
    }
  }
});

// src/record/verbs/rollback.ts
import { fileURLToPath as fileURLToPath2 } from "node:url";
init_metrics();
init_emit();
init_pipeline4();
init_stages();
init_time2();

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
    fileURLToPath2(import.meta.url),
    values2.railway ? "railway-rollback" : "vercel-rollback",
    `--environment=${defaultEnvironment()}`,
    ...handedOn,
    ...timeout
  ];
}
var byPlatform = ({ railway, vercel }) => railway === !0 || vercel === !0;
function stagedOf2({ deployment, values: values2 }) {
  let { reason, service: service3, "previous-deployment-id": previous = "" } = values2, group3 = { ...deployment, service: service3, stage: stageOf("rollback").stage }, emit = samplesOf(group3), result = ({ status, finishedMs }) => status !== "success" && status !== "failure" ? [] : [
    emit("deployment_rollback_total", { reason: codeOf3(labels.reason, reason), status }, 1),
    emit("deployment_rollback_finished_timestamp_seconds", {}, toSeconds(finishedMs)),
    emit("deployment_rollback_info", { previous_deployment_id: previous, reason }, 1)
  ];
  return {
    group: group3,
    what: `rollback of ${service3}`,
    samples: (end) => [...stageEndSamples(group3, end), ...result(end)]
  };
}
var rollback = defineVerb({
  name: "rollback",
  summary: "a deployment is rolled back: by the command given, by Railway, or it was already",
  command: "optional",
  tells: "progress",
  undecided: 1,
  options: options3,
  details: `With a command it runs it, passes its output and exit code through, and records how long it took and whether it worked.
A rollback that worked makes the deployment "rolled_back", also when finish says otherwise; one that failed makes it a failure.

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

// src/record/verbs/send.ts
var send2 = defineVerb({
  name: "send",
  summary: "sends events that a job could not send before its machine was gone",
  command: "none",
  needsDeployment: !1,
  options: {
    spool: text("DIR", "the folder that the job kept: $RUNNER_TEMP/deployment-recorder/spool", {
      required: !0
    }),
    timeout: duration("TIME", "how long it may take", { default: "60s" })
  },
  details: `What was sent is taken out of the folder, so that calling it again sends the rest. Events that waited for more than a
day are given up, and what is no event is not sent. docs/examples/send.yml keeps and sends them in GitHub Actions.

Example:  record.mjs send --spool events`,
  run: async ({ values: values2, recorder }) => (recorder.dryRun || await recorder.flush(values2.timeout, values2.spool), 0)
});

// src/record/verbs/smoke-test.ts
init_metrics();
init_emit();
init_message();
init_pipeline4();
init_stages();
init_time2();
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
    let { values: values2, deployment, env, at, recorder } = call2, group3 = { ...deployment, test_name: values2["test-name"] }, what = `smoke test ${group3.test_name}`, push = (result) => ({
      method: "PUT",
      group: group3,
      samples: resultSamples2(group3, result),
      what: `${what} (${result.passed ? "success" : "failure"})`
    }), given2 = errorMessage(values2["error-message"] ?? "", env), failureMessage = async (end) => {
      let { failureOf: failureOf2, writeFailureSummary: writeFailureSummary2 } = await Promise.resolve().then(() => (init_why2(), why_exports)), { message, type } = failureOf2(end, env);
      return writeFailureSummary2(
        what,
        end.output,
        { message: given2 || message, type: errorTypeOf("test_failed", type) },
        env
      ), given2 || message;
    };
    if (call2.command === void 0) {
      let finishedMs = values2["finished-at"] ?? at, passed2 = values2.status === "success", recorded2 = await recorder.record(
        push({ passed: passed2, finishedMs, seconds: values2.duration ?? 0, message: given2 })
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
init_pipeline4();
init_stages();
var whichStage = {
  service: named(services, "NAME", "what is built or deployed", { required: !0 }),
  stage: named(stages2, "NAME", "which step of the pipeline", { required: !0 })
}, stage2 = defineVerb({
  name: "stage",
  summary: "runs a command as a stage, and records how long it took and how it ended",
  command: "required",
  tells: "progress",
  options: { ...whichStage, ...stageOptions },
  details: () => `The command's output, exit code and signals pass through unchanged. A failure is recorded with its type (timeout when
the command was killed or ended with 124 or 137) and with the last line of its stderr, without secrets. When the
recorder itself is told to stop, the stage is cancelled; in a workflow write "run: exec node record.mjs stage …" so
that it hears of it.

Without a command use stage-start and stage-finish.

Example:  record.mjs stage --service ${example().service} --stage ${example().build} -- docker build .`,
  run: async (call2) => {
    let { service: service3, stage: stage3 } = call2.values, group3 = { ...call2.deployment, service: service3, stage: stage3 };
    return await recordStage(call2, {
      group: group3,
      what: `stage ${stage3} of ${service3}`,
      samples: (end) => stageEndSamples(group3, end)
    });
  }
});

// src/record/verbs/stage-finish.ts
init_metrics();
init_pipeline4();
init_stages();
var stageFinish = defineVerb({
  name: "stage-finish",
  summary: "a stage that was begun with stage-start has ended",
  command: "none",
  tells: "progress",
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
    let { values: values2, deployment, env, at, recorder } = call2, group3 = { ...deployment, service: values2.service, stage: values2.stage }, { status, duration: duration2 } = values2, what = `the end of stage ${group3.stage} of ${group3.service} (${status})`, finishedMs = values2["finished-at"] ?? at, counted2 = duration2 === void 0 ? void 0 : finishedMs - duration2 * 1e3, startedMs = values2["started-at"] ?? counted2 ?? (recorder.dryRun ? void 0 : recallStart(env, group3)), samples = stageEndSamples(group3, {
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
init_pipeline4();
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
    let { values: values2, deployment, env, at, recorder } = call2, group3 = { ...deployment, service: values2.service, stage: values2.stage }, what = `the start of stage ${group3.stage} of ${group3.service}`, startedMs = values2["started-at"] ?? at;
    recorder.dryRun || rememberStart(env, group3, startedMs);
    let samples = stageStartSamples(group3, { startedMs, logUrl: logUrl(call2) });
    return recorder.say(await recorder.record({ method: "POST", group: group3, samples, what }), what), 0;
  }
});

// src/record/verbs/start.ts
init_metrics();
init_emit();
init_github();
init_pipeline4();
init_time2();
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
function reworkSamples({ values: values2, deployment, env }) {
  let reworkOf = values2["rework-of"];
  return !values2.hotfix && reworkOf === void 0 && !isRevert(env) ? [] : [samplesOf(deployment)("deployment_rework_info", { rework_of: reworkOf ?? "" }, 1)];
}
function startSamples(call2) {
  let { values: values2, deployment, env, at } = call2, emit = samplesOf(deployment), startedMs = values2["started-at"] ?? at, triggeredMs = values2["triggered-at"] ?? triggeredAt(env) ?? startedMs, branchName = values2.branch ?? branch(env), commit = values2.commit ?? env.GITHUB_SHA ?? "", committedMs = values2["committed-at"] ?? committedAt(env);
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
        repository_url: repositoryUrl(env),
        preview: previewOf(values2.environment) ?? ""
      },
      1
    )
  ];
}
var start = defineVerb({
  name: "start",
  summary: "a deployment begins",
  command: "none",
  tells: "start",
  options: options4,
  details: `Records when it was triggered and started, what is deployed, by whom and from which run. Where PROMETHEUS_URL is set
it removes afterwards from the gateway what finished hours ago, for at most 200 ms; sweep, on a schedule, removes the rest.

A deployment that fixes what an earlier one broke says so (--hotfix, --rework-of ID), or its commit does, when git revert
wrote its message: it counts as rework, and the one that it fixes as a failed change.

Example:  record.mjs start --branch "$GITHUB_REF_NAME"
          record.mjs start --hotfix
          record.mjs start --rework-of 17073938885`,
  run: async (call2) => {
    let { deployment, recorder } = call2, what = `the start of deployment ${deployment.deployment_id}`, recorded = await recorder.record({
      method: "POST",
      group: deployment,
      samples: startSamples(call2),
      what
    });
    if (recorder.say(recorded, what), recorded && !call2.values["no-sweep"] && recorder.delivery?.holdsGroups && call2.env.PROMETHEUS_URL) {
      let { sweepNamed: sweepNamed2 } = await Promise.resolve().then(() => (init_sweep_named(), sweep_named_exports));
      await sweepNamed2(recorder.delivery, call2.env, deployment, sweepBudgetMs);
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
    if (!delivery.holdsGroups)
      return io.stderr(`Nothing to remove: what is written remotely is in no gateway.
`), 0;
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

// src/record/verbs/tell.ts
var tell2 = defineVerb({
  name: "tell",
  summary: "tells pull requests, the chat and Grafana what became of a deployment",
  command: "none",
  timeless: !0,
  options: {
    only: choice(
      ["pull-requests", "chat", "annotations", "progress"],
      "WHO",
      "where to tell it; may be repeated; else everywhere for which there is a token. progress only edits the message of the chat",
      { repeatable: !0 }
    )
  },
  details: `Each merged pull request of the deployed range gets one comment, which is kept current: queued, live, rolled back and
why; and GitHub's Deployment its status (GITHUB_TOKEN with contents: read, pull-requests: write, deployments: write).
One message in the chat (SLACK_TOKEN, SLACK_WEBHOOK_URL, CHAT_WEBHOOK_URL); one annotation in every Grafana
(GRAFANA_ANNOTATION_TOKEN). Running it again changes only what is no longer true; so run it after a late rollback.
start, stages and finish tell chat and Grafana by themselves.

Example:  record.mjs tell
          record.mjs tell --only pull-requests`,
  run: async (call2) => {
    if (call2.recorder.warnings.length = 0, call2.recorder.dryRun) return 0;
    let { tellAgain: tellAgain2 } = await Promise.resolve().then(() => (init_again(), again_exports));
    return call2.recorder.warnings.push(...await tellAgain2(call2, call2.values.only)), 0;
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
  queue,
  jobs,
  metric2,
  finish,
  tell2,
  gate2,
  sweep2,
  send2
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
function unknownVerbCode(line, code2) {
  let near = nearestVerb(line.name ?? "");
  return line.command !== void 0 ? code2 || (near?.command === "none" ? near.undecided ?? 0 : 0) : near?.undecided !== void 0 ? near.undecided : near?.command === "required" || near?.command === "or-status" && !line.own.some((word) => word.startsWith("--status")) || looksLikeCommand(line.name ?? "", line.own) ? 1 : 0;
}

// src/record/check.ts
init_time2();
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
function forgotCommand(verb, { command, given: given2, positionals }) {
  if (command !== void 0) return command.length === 0;
  if (verb.command === "required") return !0;
  let stray = positionals.length > 0;
  return verb.command === "or-status" ? stray || !given2.has("status") : verb.command === "optional" && stray;
}

// src/record/main.ts
init_gateway();
init_github();

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

The deployment goes on when recording fails: exit code 0 and a warning, or the exit code of the
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
init_pipeline4();
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
var warn = (text3, env, io) => io.stderr(warningLine(secretRemover(env)(text3)));
async function call(verb, rest, env, io) {
  let parsed = parseOptions({ ...verb.options, ...commonOptions }, rest, {
    env
  }), { values: values2, command } = parsed, deploymentId = values2["deployment-id"] ?? defaultDeploymentId(env), problems = callProblems(verb, parsed, deploymentId, io.now());
  if (problems.length > 0) {
    for (let problem of problems) warn(`${notDone(verb)} (${verb.name}): ${problem}`, env, io);
    return await wrongCall(verb, parsed, env, io);
  }
  let recorder = new Recorder(env, io, values2["dry-run"]), { environment: environment3, name: name2, known } = recordedEnvironment(values2.environment);
  for (let note of [...parsed.notes, ...known ? [] : [unknownEnvironment(name2)]])
    io.stderr(warningLine(note));
  let deployment = { environment: environment3, deployment_id: deploymentId ?? "" }, code2 = await verb.run({ values: values2, command, deployment, at: values2.at ?? io.now(), env, io, recorder });
  for (let warning of recorder.warnings) warn(warning, env, io);
  return verb.tells && recorder.delivery && await tellLater(deployment, name2, env, verb.tells), code2 === 0 && recorder.interruptedBy && command === void 0 ? 128 + (await import("node:os")).constants.signals[recorder.interruptedBy] : code2 === 0 && values2.strict && recorder.warnings.length > 0 ? 1 : code2;
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
  let { command } = line, code2 = await runUnrecorded({ values: {}, command, env, io });
  return unknownVerbCode(line, code2);
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
  let nothing3 = name2 === void 0 && own.length === 0 && command === void 0;
  if (!(!wanted2 && name2 !== "help" && !nothing3))
    return io.stdout(verb ? verbHelp(verb) : toolHelp(verbs)), 0;
}

// src/record/cli.ts
var uncaught = (error2) => process.exit(mistake(error2, process.argv.slice(2), process.env));
globalThis.deploymentRecorder !== "library" && (process.once("uncaughtException", uncaught), process.exit(await main(process.argv.slice(2), process.env)));
export {
  flush,
  main
};
