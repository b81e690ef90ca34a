import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, type HttpClient, serverWords } from '../../lib/http.ts';
import { fields, isText, type Shape } from '../../lib/shapes.ts';
import { ReloadRefusal } from '../delivery/delivery.ts';

interface Status {
  readonly config: { readonly original: string };
  readonly versionInfo: { readonly version: string };
}
const isStatus: Shape<Status> = fields<Status>({
  config: fields<Status['config']>({ original: isText }),
  versionInfo: fields<Status['versionInfo']>({ version: isText }),
});

/** Configuration that an Alertmanager runs. */
export interface Loaded {
  /** Its own hash of the file that it loaded, see {@link configHash}. */
  readonly hash: number;
  /** The configuration as it understands it, every default filled in and secrets blanked out. */
  readonly config: unknown;
  readonly version: string;
}

/** The hash of a file as Alertmanager reports it (`alertmanager_config_hash`): the first six bytes of its MD5, the lowest first. */
export const configHash = (text: string): number => createHash('md5').update(text).digest().readUIntLE(0, 6);

const hashIn = (metrics: string): number | undefined => {
  const value = /^alertmanager_config_hash (\S+)$/m.exec(metrics)?.[1];
  return value === undefined ? undefined : Number(value);
};

/** Provisioning's requests to an Alertmanager. */
export class AlertmanagerServer {
  readonly client: HttpClient;
  constructor(client: HttpClient) {
    this.client = client;
  }

  /** @throws EnvironmentFailure when it is no Alertmanager, or does not let us in */
  async loaded(): Promise<Loaded> {
    const status = this.#accepted(await this.client.read('api/v2/status'), 'say what it runs');
    const metrics = this.#accepted(
      await this.client.read('metrics', { expect: 'anything' }),
      'show its metrics',
    );
    const hash = hashIn(metrics.text);
    if (!isStatus(status.json) || hash === undefined) {
      const { base, variable } = this.client.options;
      throw new EnvironmentFailure(
        `${this.#where} is no Alertmanager: ${base.pathname}api/v2/status or ${base.pathname}metrics is another one’s. Check ${variable} and its path prefix.`,
      );
    }
    const { config, versionInfo } = status.json;
    return { hash, config: parse(config.original) as unknown, version: versionInfo.version };
  }

  /**
   * Loads the file anew. @returns the server's time
   * @throws ReloadRefusal when the server cannot use it
   */
  async reload(): Promise<number> {
    const answer = await this.client.write<Answer>(
      () => this.client.once('POST', '-/reload', { expect: 'anything', final: [500] }),
      async () => undefined,
    );
    if (answer.status === 500)
      throw new ReloadRefusal(
        `${this.#where} refused the configuration: ${serverWords(answer, this.client.redact) || 'its log says why'}.`,
      );
    this.#accepted(answer, 'reload its configuration');
    return this.client.clock.now();
  }

  get #where(): string {
    return `Alertmanager at ${this.client.options.base.host}`;
  }

  #accepted(answer: Answer, doing: string): Answer {
    if (answer.status < 300) return answer;
    if (answer.status === 401)
      throw new EnvironmentFailure(
        `${this.#where} does not accept the credentials (ALERTMANAGER_USERNAME and ALERTMANAGER_PASSWORD, or ALERTMANAGER_TOKEN).`,
      );
    const words = serverWords(answer, this.client.redact);
    throw new EnvironmentFailure(
      `${this.#where} refused to ${doing} (${answer.status})${words && `: ${words}`}.`,
    );
  }
}
