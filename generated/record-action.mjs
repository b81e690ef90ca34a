// The GitHub action of record/action.yml; record.mjs beside it does the work. Generated from record/; do not edit.

// record/action/cli.ts
import { pathToFileURL } from "node:url";

// record/io.ts
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

// record/action/context.ts
import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
var input = (env, name) => env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`]?.trim() || void 0;
function write(file, name, value) {
  if (!file) return;
  let end2 = `end-of-${name}-${Math.random().toString(36).slice(2)}`;
  appendFileSync(file, `${name}<<${end2}
${value}
${end2}
`);
}
var setOutput = (env, name, value) => write(env.GITHUB_OUTPUT, name, value), setVariable = (env, name, value) => write(env.GITHUB_ENV, name, value), saveState = (env, state) => write(env.GITHUB_STATE, "recorder", JSON.stringify(state)), readState = (env) => env.STATE_recorder ? JSON.parse(env.STATE_recorder) : void 0, recorderPath = () => join(dirname(fileURLToPath(import.meta.url)), "record.mjs"), variables = {
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

// record/github.ts
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

// record/action/run.ts
var option = (name, value) => value === void 0 ? [] : [`--${name}=${value}`], isOn = (value) => value?.toLowerCase() === "true", strictness = (env) => isOn(input(env, "strict")) ? ["--strict"] : [];
function stageOf(env, startedAt) {
  let [service, stage] = [input(env, "service"), input(env, "stage")];
  if (!(!service && !stage))
    return [...option("service", service), ...option("stage", stage), startedAt];
}
async function begin(env, io, record) {
  let forRecorder = recorderEnv(env), startedAt = `--started-at=${io.now() / 1e3}`, stage = stageOf(env, startedAt);
  saveState(env, stage ? { stage: [...stage, ...option("error-type", input(env, "error-type"))] } : {}), setOutput(env, "deployment-id", forRecorder.DEPLOYMENT_ID || (defaultDeploymentId(forRecorder) ?? "")), setOutput(env, "run-url", runUrl(env)), setOutput(env, "recorder", recorderPath()), setVariable(env, "DEPLOYMENT_RECORDER", recorderPath());
  let given = (...names) => names.flatMap((name) => option(name, input(env, name))), events = [
    ...isOn(input(env, "start")) ? [["start", startedAt, ...given("version", "previous-deployment-id")]] : [],
    ...input(env, "outcome") || input(env, "results") ? [["finish", ...given("outcome", "results")]] : [],
    ...stage ? [["stage-start", ...stage]] : []
  ], code = 0;
  for (let event of events)
    code = Math.max(code, await record([...event, ...strictness(env)], forRecorder, io));
  return code;
}
async function end(env, io, record, stage) {
  let status = input(env, "job-status") ?? "success", message = status === "failure" ? [`--error-message=A step of job ${env.GITHUB_JOB ?? ""} failed; its log says which.`] : [];
  return await record(
    ["stage-finish", ...stage, `--status=${status}`, ...message, ...strictness(env)],
    recorderEnv(env),
    io
  );
}
async function action(env, io, record) {
  let state = readState(env);
  return state ? state.stage ? await end(env, io, record, state.stage) : 0 : await begin(env, io, record);
}

// record/action/cli.ts
var mistake = (error) => (process.stderr.write(warningLine(`Not recorded, because of a mistake in the recorder: ${String(error)}`)), 0);
async function run() {
  Object.assign(globalThis, { deploymentRecorder: "library" });
  let recorder = await import(pathToFileURL(recorderPath()).href);
  return await action(process.env, processIo, recorder.main);
}
process.exit(await run().catch(mistake));
