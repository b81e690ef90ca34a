import { createHash } from 'node:crypto';
import { parse, stringify } from 'yaml';
import { type FakeResponse, type Handler, json, text } from '../wire/types.ts';

interface Receiver {
  readonly [key: string]: unknown;
}
interface Route {
  readonly matchers?: readonly string[];
  readonly routes?: readonly Route[];
  readonly receiver?: string;
}

/** The defaults that Alertmanager fills in, as far as tests need them. */
const globalDefaults = { resolve_timeout: '5m', http_config: { follow_redirects: true, enable_http2: true } };

const shownRoute = (route: Route): object => ({
  ...route,
  continue: false,
  ...(route.matchers && { matchers: [...route.matchers].sort() }),
  ...(route.routes && { routes: route.routes.map(shownRoute) }),
});

const receiversIn = (route: Route): string[] => [
  ...(route.receiver ? [route.receiver] : []),
  ...(route.routes ?? []).flatMap(receiversIn),
];

/** An Alertmanager's status, metrics and reload, as the real ones of 0.25 and 0.33 answer. */
export class FakeAlertmanager {
  #text = 'route: { receiver: none }\nreceivers: [{ name: none }]\n';
  /** Credentials that it asks for; undefined lets everybody in. */
  authorization: string | undefined;
  /** Configuration on its disk when it is asked to reload; undefined loads the same again. */
  onDisk: () => string | undefined = () => undefined;
  reloads = 0;

  get loaded(): string {
    return this.#text;
  }

  /** Starts with a configuration, or loads another one. @returns why it refuses it */
  load(config: string): string | undefined {
    const { route, receivers = [] } = parse(config) as { route?: Route; receivers?: Receiver[] };
    if (route === undefined) return 'no routes provided';
    const unknown = receiversIn(route).find((name) => !receivers.some((r) => r.name === name));
    if (unknown !== undefined) return `undefined receiver "${unknown}" used in route`;
    this.#text = config;
    return undefined;
  }

  readonly handler: Handler = (request) => {
    if (this.authorization && request.headers.authorization !== this.authorization)
      return text(401, 'Unauthorized');
    switch (`${request.method} ${request.path}`) {
      case 'GET /api/v2/status':
        return this.#status();
      case 'GET /metrics': {
        const hash = createHash('md5').update(this.#text).digest().readUIntLE(0, 6);
        return text(
          200,
          `# TYPE alertmanager_config_hash gauge\nalertmanager_config_hash ${hash.toExponential()}\n`,
        );
      }
      case 'POST /-/reload': {
        this.reloads += 1;
        const refused = this.load(this.onDisk() ?? this.#text);
        return refused === undefined ? text(200, '') : text(500, `failed to reload config: ${refused}\n`);
      }
      default:
        return text(404, '404 page not found\n');
    }
  };

  #status(): FakeResponse {
    const config = parse(this.#text) as { route: Route };
    const original = stringify({
      global: globalDefaults,
      ...config,
      route: shownRoute(config.route),
      templates: [],
    });
    return json(200, {
      cluster: { peers: [], status: 'disabled' },
      config: { original },
      uptime: '2026-12-01T00:00:00.000Z',
      versionInfo: { version: '0.33.1' },
    });
  }
}
