import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRecord, isText } from '../../lib/shapes.ts';

/** A file from which a receiver reads its secret. */
export interface SecretFile {
  readonly receiver: string;
  readonly path: string;
}

/** Every file that the receivers of a configuration read. */
export function secretFiles(config: unknown): SecretFile[] {
  const found = (value: unknown, receiver: string): SecretFile[] => {
    if (Array.isArray(value)) return value.flatMap((one) => found(one, receiver));
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      key.endsWith('_file') && isText(inner) ? [{ receiver, path: inner }] : found(inner, receiver),
    );
  };
  const { receivers } = isRecord(config) ? config : {};
  return (Array.isArray(receivers) ? receivers : []).flatMap((one: unknown) =>
    isRecord(one) ? found(one, String(one.name)) : [],
  );
}

const isFilled = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** Receivers whose secret is missing, as far as this machine can see their files; a sentence for each. */
export function missingSecrets(config: unknown): string[] {
  const files = secretFiles(config);
  const hidden = files.filter(({ path }) => !existsSync(dirname(path)));
  const missing = files.filter((file) => !hidden.includes(file) && !isFilled(file.path));
  return [
    ...missing.map(
      ({ receiver, path }) =>
        `receiver ${receiver} has no secret: ${path} is missing or empty, and what is sent to it is lost`,
    ),
    ...(hidden.length > 0
      ? [
          `whether the receivers ${hidden.map((f) => f.receiver).join(', ')} have their secrets cannot be seen from here (${[...new Set(hidden.map((f) => dirname(f.path)))].join(', ')})`,
        ]
      : []),
  ];
}
