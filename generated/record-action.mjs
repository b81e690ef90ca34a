// The GitHub action of action.yml; record.mjs beside it does the work. Generated from src/record/; do not edit.

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
  output: (name, chunk, ready) => {
    let stream = process[name], waiting = !0, paused = !1;
    return stream.write(chunk, () => {
      waiting = !1, paused && ready();
    }), paused = waiting && stream.writableLength > 0, !paused;
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
  "pushgateway-token": "PUSHGATEWAY_TOKEN",
  "remote-write-url": "REMOTE_WRITE_URL",
  "remote-write-username": "REMOTE_WRITE_USERNAME",
  "remote-write-password": "REMOTE_WRITE_PASSWORD",
  "remote-write-token": "REMOTE_WRITE_TOKEN",
  "remote-write-tenant": "REMOTE_WRITE_TENANT",
  "github-token": "GITHUB_TOKEN"
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
  PUSHGATEWAY_URL: publicAddress(env.PUSHGATEWAY_URL),
  REMOTE_WRITE_URL: publicAddress(env.REMOTE_WRITE_URL)
}).flatMap(([name, value]) => value ? [[name, value]] : []);

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

// src/record/recorder.ts
var eventBudgetMs = 4400;

// src/record/action/run.ts
var option = (name, value) => value === void 0 ? [] : [`--${name}=${value}`], isOn = (value) => value?.toLowerCase() === "true", isStrict = (env) => isOn(input(env, "strict")), strictness = (env) => isStrict(env) ? ["--strict"] : [];
function stageOf(env, startedAt) {
  let [service, stage] = [input(env, "service"), input(env, "stage")];
  if (!(!service && !stage))
    return [...option("service", service), ...option("stage", stage), startedAt];
}
async function begin(env, io, { main: record }) {
  let forRecorder = recorderEnv(env), startedAt = `--started-at=${io.now() / 1e3}`, stage = stageOf(env, startedAt);
  saveState(env, stage ? { stage: [...stage, ...option("error-type", input(env, "error-type"))] } : {});
  let deploymentId = forRecorder.DEPLOYMENT_ID || (defaultDeploymentId(forRecorder) ?? "");
  setOutput(env, "deployment-id", deploymentId), setOutput(env, "run-url", runUrl(env)), setOutput(env, "recorder", recorderPath()), setVariable(env, "DEPLOYMENT_RECORDER", recorderPath());
  for (let [name, value] of sharedVariables(forRecorder, deploymentId)) setVariable(env, name, value);
  let ends = input(env, "outcome") || input(env, "results"), given = (...names) => names.flatMap((name) => option(name, input(env, name))), events = [
    ...isOn(input(env, "start")) ? [["start", startedAt, ...given("version", "previous-deployment-id")]] : [],
    ...ends ? [["finish", ...given("outcome", "results")]] : [],
    ...stage ? [["stage-start", ...stage]] : [],
    // Chat and Grafana are told by start and finish themselves.
    ...isOn(input(env, "tell")) ? [["tell", "--only=pull-requests"]] : []
  ], code = 0;
  for (let event of events)
    code = Math.max(code, await record([...event, ...strictness(env)], forRecorder, io));
  return code;
}
async function endStage(env, io, { main: record }, stage) {
  let status = input(env, "job-status") ?? "success", message = status === "failure" ? [`--error-message=A step of job ${env.GITHUB_JOB ?? ""} failed; its log says which.`] : [];
  return await record(
    ["stage-finish", ...stage, `--status=${status}`, ...message, ...strictness(env)],
    recorderEnv(env),
    io
  );
}
async function end(env, io, recorder, stage) {
  let begun = Date.now(), code = stage ? await endStage(env, io, recorder, stage) : 0, left = eventBudgetMs - (Date.now() - begun);
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
