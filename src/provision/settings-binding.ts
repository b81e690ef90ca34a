import { scryptSync } from 'node:crypto';
import {
  destinations,
  fingerprintOf,
  type Lookup,
  type PlainSetting,
  type SecretSetting,
} from './settings-source.ts';

/** Host of an address, or the address itself where it is none. */
function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return address;
  }
}

/**
 * Confirmation that a secret may go to these addresses. Only with the secret it can be computed, so that an address that
 * others write into the settings file does not fit; slowly, so that a short password is not found by trying.
 */
export const fingerprint = (secret: string, addresses: readonly string[]): string =>
  scryptSync(secret, addresses.map(originOf).sort().join(' '), 12, { N: 2 ** 15, maxmem: 2 ** 26 }).toString(
    'hex',
  );

/** Addresses to which a secret goes that only the settings file says. */
function committed(lookup: Lookup, secret: SecretSetting): { name: PlainSetting; value: string }[] {
  return (destinations[secret] ?? []).flatMap((name) => {
    const found = lookup(name);
    return found?.committed ? [{ name, value: found.value }] : [];
  });
}

/** The line of the settings file that confirms where a secret goes; undefined where nothing asks for it. */
export function confirmation(
  lookup: Lookup,
  secret: SecretSetting,
): { name: string; value: string } | undefined {
  const value = lookup(secret)?.value;
  const addresses = committed(lookup, secret);
  if (value === undefined || addresses.length === 0) return undefined;
  return {
    name: fingerprintOf(secret),
    value: fingerprint(
      value,
      addresses.map((a) => a.value),
    ),
  };
}

/** Why a secret must not be sent; undefined when it may. */
export function unbound(lookup: Lookup, secret: SecretSetting): string | undefined {
  const wanted = confirmation(lookup, secret);
  if (wanted === undefined || lookup.confirmed?.(secret) === wanted.value) return undefined;
  const addresses = committed(lookup, secret);
  const hosts = addresses.map((a) => originOf(a.value)).join(' and ');
  const names = addresses.map((a) => a.name).join(' and ');
  return `${secret} would be sent to ${hosts}, which only a committed file says: set ${names} in the environment beside it, or confirm the address (npm run provision -- --environment NAME --fingerprints prints the line to add)`;
}

/** Every line that confirms where a secret goes. */
export const confirmations = (lookup: Lookup): { name: string; value: string }[] =>
  (Object.keys(destinations) as SecretSetting[]).flatMap((secret) => confirmation(lookup, secret) ?? []);
