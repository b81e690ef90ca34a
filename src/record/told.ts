import { fileURLToPath } from 'node:url';
import { carried } from './pipeline.ts';
import type { DeploymentKey } from './verb.ts';

// Decides whether anything is reported, without loading the code that reports.

const isSet = (env: NodeJS.ProcessEnv, name: string): boolean => Boolean(env[name]?.trim());

/** True where a chat is told. */
const hasChat = (env: NodeJS.ProcessEnv): boolean =>
  ['SLACK_TOKEN', 'SLACK_WEBHOOK_URL', 'CHAT_WEBHOOK_URL'].some((name) => isSet(env, name));

/** True where the result of a deployment is wanted anywhere: only then is it worth reading. */
export const isTold = (env: NodeJS.ProcessEnv): boolean =>
  isSet(env, 'GITHUB_STEP_SUMMARY') ||
  hasChat(env) ||
  Object.keys(env).some((name) => name.startsWith('GRAFANA_ANNOTATION_TOKEN') && isSet(env, name));

/** Whether the chat hears of a deployment before its end. Only a message of SLACK_TOKEN can be edited. */
function hearsBeforeTheEnd(
  { environment }: DeploymentKey,
  env: NodeJS.ProcessEnv,
  event: 'start' | 'progress',
): boolean {
  const { chat, environments } = carried();
  const wanted =
    chat.about === 'all' || (chat.about === 'production' && environments[environment]?.kind === 'production');
  return wanted && (event === 'start' ? hasChat(env) : isSet(env, 'SLACK_TOKEN'));
}

/**
 * Lets a process of its own tell the chat how far a deployment is: the deployment waits for none of it. Never throws.
 * @param environment as it was given
 */
export async function tellLater(
  deployment: DeploymentKey,
  environment: string,
  env: NodeJS.ProcessEnv,
  event: 'start' | 'progress',
): Promise<void> {
  if (!hearsBeforeTheEnd(deployment, env, event)) return;
  try {
    const { spawn } = await import('node:child_process');
    const argv = [
      fileURLToPath(import.meta.url),
      'tell',
      `--only=${event === 'start' ? 'chat' : 'progress'}`,
      `--environment=${environment}`,
      `--deployment-id=${deployment.deployment_id}`,
    ];
    const child = spawn(process.execPath, argv, { env, detached: true, stdio: 'ignore', windowsHide: true });
    // A machine without processes left tells nothing; its deployment goes on.
    child.on('error', () => {});
    child.unref();
  } catch {
    // As above.
  }
}
