import { type LookupAddress, lookup, Resolver } from 'node:dns';
import { readFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';

/** A name server that does not answer within this time, twice, is taken for dead. */
const nameServerMs = 1_200;
/** When one address family is known, how long to wait for the other. */
const otherFamilyMs = 50;

/** Names that this machine knows by itself are none of a name server's business. */
function inHostsFile(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  try {
    return readFileSync('/etc/hosts', 'utf8').split(/\s+/).includes(hostname);
  } catch {
    return false;
  }
}

/** Asks for the addresses of both families, and is content with one of them when the other is late. */
function addresses(resolver: Resolver, hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    const found: LookupAddress[] = [];
    let open = 2;
    const answered = (family: 4 | 6) => (error: NodeJS.ErrnoException | null, list: string[] | undefined) => {
      open--;
      found.push(...(list ?? []).map((address) => ({ address, family })));
      if (found.length > 0 && open > 0) setTimeout(() => resolve(found), otherFamilyMs);
      else if (found.length > 0) resolve(found);
      else if (open === 0) reject(error);
    };
    resolver.resolve4(hostname, answered(4));
    resolver.resolve6(hostname, answered(6));
  });
}

/**
 * Looks up a host without ever holding up the end of the process. The system's own look-up runs in a thread that
 * cannot be stopped and that the process waits for at its end: ten seconds and more when the name server is dead.
 * So the name server is asked directly first; the system is asked for what it does not know (short names, other
 * sources of names), which is quick, because then the name server answers.
 * @param servers name servers other than the system's, for tests
 */
export const carefulLookup =
  (servers?: readonly string[]): LookupFunction =>
  (hostname, options, callback) => {
    const give = (found: readonly LookupAddress[]): void => {
      // Runners often have no IPv6 although names have such addresses.
      const sorted = [...found].sort((a, b) => a.family - b.family);
      if (options.all) callback(null, sorted);
      else callback(null, sorted[0]!.address, sorted[0]!.family);
    };
    if (inHostsFile(hostname)) return void lookup(hostname, options, callback as never);
    const resolver = new Resolver({ timeout: nameServerMs, tries: 2 });
    if (servers) resolver.setServers(servers);
    addresses(resolver, hostname).then(give, (error: NodeJS.ErrnoException) => {
      if (error.code === 'ETIMEOUT') callback(Object.assign(error, { code: 'EAI_AGAIN' }), '');
      else lookup(hostname, options, callback as never);
    });
  };
