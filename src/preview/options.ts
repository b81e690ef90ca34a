import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { Prometheus } from '../lib/prometheus.ts';
import { authorization, baseUrl } from '../lib/url.ts';
import { readRecording } from './recording.ts';
import { liveSource, recordedSource, type Source } from './source.ts';

/** A moment on the command line: Unix seconds or an ISO date. @throws UserError */
export function parseMoment(text: string): number {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
  if (Number.isNaN(ms))
    throw new UserError(
      `--at ${text} is no time.`,
      'Give Unix seconds, or a date such as 2026-01-15T12:00:00Z',
    );
  return ms;
}

/** Credentials belong to the host of PROMETHEUS_URL; another host that is named by hand does not get them. */
function credentialsFor(url: URL, env: NodeJS.ProcessEnv): Record<string, string> {
  const own = env.PROMETHEUS_URL;
  if (own && baseUrl(own, 'PROMETHEUS_URL').origin !== url.origin) return {};
  return authorization('PROMETHEUS', env);
}

/** A Prometheus that is named on the command line. */
export function prometheusAt(
  text: string,
  option: string,
  env: NodeJS.ProcessEnv = process.env,
): { prometheus: Prometheus; label: string } {
  const url = baseUrl(text, option);
  return { prometheus: new Prometheus(url.href, credentialsFor(url, env)), label: url.origin };
}

/**
 * Where numbers come from, as the options say: a Prometheus, else a recording.
 * @throws EnvironmentFailure when the Prometheus does not answer
 */
export async function sourceFrom(options: {
  readonly prometheus: string | undefined;
  /** File that is read when there is no Prometheus. */
  readonly recording: string;
  readonly at: string | undefined;
}): Promise<Source> {
  const { prometheus: url, recording, at } = options;
  if (url === undefined) {
    return recordedSource([await readRecording(recording)]);
  }
  const { prometheus, label } = prometheusAt(url, '--prometheus');
  // Now rather than on every panel.
  await prometheus.query('vector(1)').catch((error: Error) => {
    throw new EnvironmentFailure(error.message, 'Nothing is shown. Without --prometheus the recording is.');
  });
  return liveSource(prometheus, label, at === undefined ? undefined : parseMoment(at));
}
