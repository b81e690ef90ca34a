import { baseUrl, headerProblem, isLocalHost } from '../lib/url.ts';
import { unbound } from './settings-binding.ts';
import {
  configFile,
  isTarget,
  type Lookup,
  type PlainSetting,
  prefixOf,
  type SecretSetting,
} from './settings-source.ts';

/** How a server lets us in, in the parts that the settings have. */
export interface Login {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}

/** Servers that are logged in to with `<PREFIX>_TOKEN`, or `<PREFIX>_USERNAME` and `<PREFIX>_PASSWORD`. */
type LoginPrefix = 'PROMETHEUS' | 'RULER' | 'GRAFANA_DATASOURCE' | 'ALERTMANAGER';

/** Reads settings and collects what is missing or wrong. */
export class Collector {
  readonly secrets: string[] = [];
  readonly #problems = new Set<string>();
  readonly #lookup: Lookup;
  readonly #environment: string | undefined;
  readonly #plainHttp: boolean;

  /** @param environment the one given by name: it must say itself where things go to @param plainHttp whether http:// to other machines is permitted */
  constructor(lookup: Lookup, environment: string | undefined, plainHttp: boolean) {
    this.#lookup = lookup;
    this.#environment = environment;
    this.#plainHttp = plainHttp;
  }

  /** Everything that is missing or wrong, each once. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }

  problem(text: string): undefined {
    this.#problems.add(text);
  }

  optional(name: PlainSetting): string | undefined {
    const found = this.#lookup(name);
    if (found?.from === name && this.#environment !== undefined && isTarget(name))
      this.problem(
        `${name} is set only without the prefix of "${this.#environment}", so it may be another environment's: set ${prefixOf(this.#environment)}${name}, or add ${name} to "${this.#environment}" in ${configFile}`,
      );
    return found?.value;
  }

  required(name: PlainSetting, why: string): string {
    const value = this.optional(name);
    if (value === undefined) this.problem(`${name} is not set: ${why}`);
    return value ?? '';
  }

  /** A token, which travels in a header as it is. */
  token(name: SecretSetting): string | undefined {
    const value = this.#secret(name);
    return value === undefined ? undefined : this.header(name, value);
  }

  requiredToken(name: SecretSetting, why: string): string {
    const value = this.token(name);
    if (value === undefined) this.problem(`${name} is not set: ${why}`);
    return value ?? '';
  }

  /** A value that is sent as a header. */
  header(name: string, value: string): string {
    const wrong = headerProblem(name, value);
    if (wrong) this.problem(wrong);
    return value;
  }

  /** A whole number, or nothing. */
  number(name: PlainSetting): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text)) this.problem(`${name} is no whole number`);
    return Number(text);
  }

  /** A URL of any scheme that the web has; a placeholder when it is none. */
  anyUrl(text: string, variable: string): URL {
    const placeholder = new URL('http://localhost');
    if (text === '') return placeholder;
    try {
      return baseUrl(text, variable);
    } catch (error) {
      this.problem((error as Error).message);
      return placeholder;
    }
  }

  /** A URL; plain http only to this machine, because credentials travel with it. */
  url(text: string, variable: string): URL {
    const url = this.anyUrl(text, variable);
    if (url.protocol === 'http:' && !isLocalHost(url.hostname) && !this.#plainHttp)
      this.problem(
        `${variable} is http:// to ${url.host}: credentials would travel in the clear. Use https://, or permit it with --plain-http`,
      );
    return url;
  }

  /** `<PREFIX>_TOKEN`, or `<PREFIX>_USERNAME` and `<PREFIX>_PASSWORD`; nothing when none is set. */
  login(prefix: LoginPrefix): Login {
    const token = this.token(`${prefix}_TOKEN`);
    const username = this.#lookup(`${prefix}_USERNAME`)?.value;
    const password = this.#secret(`${prefix}_PASSWORD`);
    if (token) return { token };
    if (username === undefined && password === undefined) return {};
    if (username === undefined || password === undefined) {
      this.problem(`of ${prefix}_USERNAME and ${prefix}_PASSWORD only one is set`);
      return {};
    }
    if (username.includes(':')) this.problem(`${prefix}_USERNAME holds a colon, which no user name may`);
    this.secrets.push(basicOf(username, password));
    return { username, password };
  }

  /** The same as a header. */
  credentials(prefix: LoginPrefix): Record<string, string> {
    const { token, username, password } = this.login(prefix);
    if (token) return { authorization: `Bearer ${token}` };
    if (username === undefined || password === undefined) return {};
    return { authorization: `Basic ${basicOf(username, password)}` };
  }

  #secret(name: SecretSetting): string | undefined {
    const value = this.#lookup(name)?.value;
    if (value !== undefined) this.secrets.push(value);
    const why = unbound(this.#lookup, name);
    if (why) this.problem(why);
    return value;
  }
}

const basicOf = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`).toString('base64');
