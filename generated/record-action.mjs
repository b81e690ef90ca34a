// The GitHub action of record/action.yml; record.mjs beside it does the work. Generated from record/; do not edit.

// src/record/action/cli.ts
import { pathToFileURL } from "node:url";

// src/record/io.ts
var processIo = {
  stdout: (text) => {
    process.stdout.write(text);
  },
  stderr: (chunk) => {
    process.stderr.write(chunk);
  },
  now: () => Date.now()
}, escapeData = (text) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll(`
`, "%0A"), warningLine = (text) => `::warning title=Deployment recorder::${escapeData(text)}
`;

// src/record/action/context.ts
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// src/record/runner-file.ts
import { appendFileSync } from "node:fs";
function writeForRunner(file, name, value) {
  if (!file) return;
  let end2 = `end-of-${name}-${Math.random().toString(36).slice(2)}`;
  appendFileSync(file, `${name}<<${end2}
${value}
${end2}
`);
}

// src/record/action/context.ts
var input = (env, name) => env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`]?.trim() || void 0, setOutput = (env, name, value) => writeForRunner(env.GITHUB_OUTPUT, name, value), setVariable = (env, name, value) => writeForRunner(env.GITHUB_ENV, name, value), saveState = (env, state) => writeForRunner(env.GITHUB_STATE, "recorder", JSON.stringify(state)), readState = (env) => env.STATE_recorder ? JSON.parse(env.STATE_recorder) : void 0, recorderPath = () => join(dirname(fileURLToPath(import.meta.url)), "record.mjs"), variables = {
  "deployment-id": "DEPLOYMENT_ID",
  environment: "DEPLOYMENT_ENVIRONMENT",
  "log-url": "DEPLOYMENT_LOG_URL",
  "check-run-id": "JOB_CHECK_RUN_ID",
  "pushgateway-url": "PUSHGATEWAY_URL",
  "pushgateway-username": "PUSHGATEWAY_USERNAME",
  "pushgateway-password": "PUSHGATEWAY_PASSWORD",
  "pushgateway-token": "PUSHGATEWAY_TOKEN"
};
function recorderEnv(env) {
  let given = Object.entries(variables).flatMap(([name, variable]) => {
    let value = input(env, name);
    return value === void 0 ? [] : [[variable, value]];
  });
  return { ...env, ...Object.fromEntries(given) };
}
function publicAddress(address) {
  if (!address || address.toLowerCase() === "disabled") return address;
  try {
    let url = new URL(address);
    return url.username || url.password || url.search ? void 0 : address;
  } catch {
    return;
  }
}
var sharedVariables = (env, deploymentId) => Object.entries({
  DEPLOYMENT_ID: deploymentId,
  DEPLOYMENT_ENVIRONMENT: env.DEPLOYMENT_ENVIRONMENT,
  DEPLOYMENT_LOG_URL: env.DEPLOYMENT_LOG_URL,
  JOB_CHECK_RUN_ID: env.JOB_CHECK_RUN_ID,
  PUSHGATEWAY_URL: publicAddress(env.PUSHGATEWAY_URL)
}).flatMap(([name, value]) => value ? [[name, value]] : []);

// src/record/time.ts
var farthestAheadMs = 10 * 6e4;

// src/record/github.ts
var attemptOf = (env) => Math.max(1, Number.parseInt(env.GITHUB_RUN_ATTEMPT ?? "", 10) || 1);
function defaultDeploymentId(env) {
  let run2 = env.GITHUB_RUN_ID;
  if (!run2) return;
  let attempt = attemptOf(env);
  return attempt > 1 ? `${run2}-${attempt}` : run2;
}
var repositoryUrl = (env) => env.GITHUB_REPOSITORY ? `${env.GITHUB_SERVER_URL || "https://github.com"}/${env.GITHUB_REPOSITORY}` : "";
function runUrl(env) {
  let repository = repositoryUrl(env);
  return repository && env.GITHUB_RUN_ID ? `${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${attemptOf(env)}` : "";
}

// src/metrics/codes.ts
var rollbackReasons = {
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
  other: 9
}, namesOf = (codes, ...without) => Object.keys(codes).filter(
  (name) => !without.includes(name)
);

// src/metrics/labels.ts
var labels = {
  environment: ["production", "staging"],
  deployment_id: "open",
  service: ["api", "web", "database"],
  stage: [
    "build",
    "push",
    "install",
    "migration",
    "deploy",
    "deploy_railway",
    "deploy_vercel",
    "health_check",
    "smoke_test",
    "smoke_tests",
    "verification",
    "rollback"
  ],
  status: ["success", "failure", "skipped", "cancelled"],
  test_status: ["success", "failure"],
  health_status: ["healthy", "unhealthy", "degraded"],
  error_type: namesOf(errorTypes, "none", "other"),
  reason: namesOf(rollbackReasons, "none", "other"),
  test_name: "open",
  migration_name: "open",
  migration_count: "open",
  resource: ["railway_compute", "vercel_build", "database_migration"],
  triggered_by: ["github_actions", "manual", "webhook"],
  attempt: "open",
  branch: "open",
  commit: "open",
  version: "open",
  actor: "open",
  previous_deployment_id: "open",
  run_url: "open",
  repository_url: "open",
  log_url: "open",
  message: "open",
  window: ["1h", "1d", "7d", "30d"],
  quantile: ["0.5", "0.95", "0.99"],
  slo: [
    "deployment-reliability",
    "time-to-deploy",
    "post-deployment-health",
    "database-migrations",
    "smoke-tests"
  ]
};

// src/metrics/pipeline.ts
var { environment, deployment_id, service, stage, migration_name, test_name, resource } = labels, deployment = { environment, deployment_id }, stageLabels = { ...deployment, service, stage, migration_name }, pushed = { producers: ["recorder"], required: !0, pushedOnce: !0 }, alsoCollector = { producers: ["recorder", "collector"], required: !0, pushedOnce: !0 }, optional = { producers: ["recorder"], required: !1, pushedOnce: !0 }, optionalAlsoCollector = { ...alsoCollector, required: !1 }, deployments = {
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
  time_to_deploy_seconds: {
    type: "histogram",
    unit: "seconds",
    help: "Time to deploy as the collector measures it, buckets 60 to 1800 s. The ledger uses exact timestamps instead.",
    labels: { environment, deployment_id },
    producers: ["collector"],
    required: !1,
    pushedOnce: !0
  }
}, stages = {
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
    labels: { ...stageLabels, error_type: labels.error_type },
    ...optionalAlsoCollector
  },
  deployment_error_info: {
    type: "info",
    unit: "none",
    help: "Always 1; what went wrong, as a type and a short message without secrets.",
    labels: { ...stageLabels, error_type: labels.error_type, message: labels.message },
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
    help: "Share of failing requests (or health checks) in the first five minutes of the new version, 0 to 1.",
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
    labels: { ...stageLabels, reason: labels.reason, status: labels.test_status },
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
    labels: { ...stageLabels, previous_deployment_id: labels.previous_deployment_id, reason: labels.reason },
    ...optional
  },
  deployment_infrastructure_cost: {
    type: "gauge",
    unit: "USD",
    help: "What this deployment cost on this resource.",
    labels: { ...deployment, resource },
    ...optionalAlsoCollector
  }
}, pipelineMetrics = { ...deployments, ...stages, ...checks, ...events };

// src/record/delivery.ts
var longestWaitMs = 24 * 36e5;

// src/record/secrets.ts
var secretKey = "(?:token|secret|password|passwd|passphrase|pwd|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|credentials?|cookie|signature|session[_-]?id|dsn|auth(?!or))", shapes = [
  // user:password@ and token@ of a URL
  [/:\/\/[^\s/@]*:[^\s]*@|:\/\/[^\s/@]+@/g, "://***@"],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*).*/gi, "$1***"],
  // "Basic authentication" is no secret: a token has a digit, a sign, or a capital letter within it.
  [
    /\b([Bb]earer|BEARER|[Bb]asic|BASIC)(\s+)(?=[\w.~+/=-]*(?:[\d=+/_]|[a-z][A-Z]))[\w.~+/=-]{6,}/g,
    "$1$2***"
  ],
  [/\b(bearer)(\s+)[\w.~+/=-]{20,}/gi, "$1$2***"],
  [
    new RegExp(
      `([\\w.-]{0,40}${secretKey}[\\w.-]{0,40}["']?\\s*[=:]\\s*)("[^"]*"?|'[^']*'?|[^\\s,;&"']+)`,
      "gi"
    ),
    "$1***"
  ],
  [
    new RegExp(`(--?[\\w-]{0,40}${secretKey}[\\w-]{0,40}\\s+)("[^"]*"?|'[^']*'?|[^\\s"'-][^\\s"']*)`, "gi"),
    "$1***"
  ],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g, "***"],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|glsa_|glc_|npm_|pypi-|hf_|dop_v1_|sbp_|sb_secret_|vcp_|hvs\.|hvb\.|sntrys_|lin_api_|dckr_pat_|whsec_|rubygems_|shpat_|dp\.(?:st|pt)\.)[\w.-]{10,}/g,
    "***"
  ],
  [/\b(?:sk|rk|pk)[-_](?:live|test|ant|proj|or)?[-_]?[\w-]{16,}/g, "***"],
  [/\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}/g, "***"],
  [/\bhooks\.slack\.com\/[\w/]+|\bdiscord(?:app)?\.com\/api\/webhooks\/[\w/-]+/g, "***"],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b/g, "***"],
  [/\bAIza[\w-]{30,}|\bya29\.[\w.-]{10,}/g, "***"],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}/g, "***"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, "***"]
];

// src/record/recorder.ts
var eventBudgetMs = 4400;

// src/record/action/run.ts
var option = (name, value) => value === void 0 ? [] : [`--${name}=${value}`], isOn = (value) => value?.toLowerCase() === "true", isStrict = (env) => isOn(input(env, "strict")), strictness = (env) => isStrict(env) ? ["--strict"] : [];
function stageOf(env, startedAt) {
  let [service2, stage2] = [input(env, "service"), input(env, "stage")];
  if (!(!service2 && !stage2))
    return [...option("service", service2), ...option("stage", stage2), startedAt];
}
async function begin(env, io, { main: record }) {
  let forRecorder = recorderEnv(env), startedAt = `--started-at=${io.now() / 1e3}`, stage2 = stageOf(env, startedAt);
  saveState(env, stage2 ? { stage: [...stage2, ...option("error-type", input(env, "error-type"))] } : {});
  let deploymentId = forRecorder.DEPLOYMENT_ID || (defaultDeploymentId(forRecorder) ?? "");
  setOutput(env, "deployment-id", deploymentId), setOutput(env, "run-url", runUrl(env)), setOutput(env, "recorder", recorderPath()), setVariable(env, "DEPLOYMENT_RECORDER", recorderPath());
  for (let [name, value] of sharedVariables(forRecorder, deploymentId)) setVariable(env, name, value);
  let given = (...names) => names.flatMap((name) => option(name, input(env, name))), events2 = [
    ...isOn(input(env, "start")) ? [["start", startedAt, ...given("version", "previous-deployment-id")]] : [],
    ...input(env, "outcome") || input(env, "results") ? [["finish", ...given("outcome", "results")]] : [],
    ...stage2 ? [["stage-start", ...stage2]] : []
  ], code = 0;
  for (let event of events2)
    code = Math.max(code, await record([...event, ...strictness(env)], forRecorder, io));
  return code;
}
async function endStage(env, io, { main: record }, stage2) {
  let status = input(env, "job-status") ?? "success", message = status === "failure" ? [`--error-message=A step of job ${env.GITHUB_JOB ?? ""} failed; its log says which.`] : [];
  return await record(
    ["stage-finish", ...stage2, `--status=${status}`, ...message, ...strictness(env)],
    recorderEnv(env),
    io
  );
}
async function end(env, io, recorder, stage2) {
  let begun = Date.now(), code = stage2 ? await endStage(env, io, recorder, stage2) : 0, left = eventBudgetMs - (Date.now() - begun);
  return Math.max(code, await recorder.flush(recorderEnv(env), io, left, isStrict(env)));
}
async function action(env, io, recorder) {
  let state = readState(env);
  return state ? await end(env, io, recorder, state.stage) : await begin(env, io, recorder);
}

// src/record/action/cli.ts
var mistake = (error) => (process.stderr.write(warningLine(`Not recorded, because of a mistake in the recorder: ${String(error)}`)), 0);
async function run() {
  Object.assign(globalThis, { deploymentRecorder: "library" });
  let recorder = await import(pathToFileURL(recorderPath()).href);
  return await action(process.env, processIo, recorder);
}
process.exit(await run().catch(mistake));
