/** A route of Alertmanager as it stands in its configuration. */
export interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  readonly routes?: readonly Route[];
  readonly [key: string]: unknown;
}

/** One condition of Alertmanager, taken apart. */
export interface RouteMatcher {
  readonly label: string;
  readonly op: string;
  readonly value: string;
}

/** `severity="critical"` as label, operator and value; undefined when it is written otherwise. */
export function parseMatcher(text: string): RouteMatcher | undefined {
  const [, label, op, quoted, bare] = /^\s*(\w+)\s*(=~|!~|!=|=)\s*(?:"(.*)"|(\S*))\s*$/.exec(text) ?? [];
  return label && op ? { label, op, value: quoted ?? bare ?? '' } : undefined;
}

/** Whether labels fulfil a condition; undefined when that label is not known. */
function fulfils(labels: Readonly<Record<string, string>>, text: string): boolean | undefined {
  const matcher = parseMatcher(text);
  const value = matcher && labels[matcher.label];
  if (!matcher || value === undefined) return undefined;
  if (!matcher.op.endsWith('~')) return (matcher.op === '=') === (value === matcher.value);
  try {
    return (matcher.op === '=~') === new RegExp(`^(?:${matcher.value})$`).test(value);
  } catch {
    return undefined;
  }
}

/** Receivers that hear of an alert of which only these labels are known; several where the others decide. */
export function receiversOf(
  route: Route | undefined,
  labels: Readonly<Record<string, string>>,
  inherited = '',
): string[] {
  if (!route) return [];
  const own = route.receiver ?? inherited;
  const found: string[] = [];
  for (const child of route.routes ?? []) {
    const answers = (child.matchers ?? []).map((text) => fulfils(labels, text));
    if (answers.includes(false)) continue;
    found.push(...receiversOf(child, labels, own));
    if (!answers.includes(undefined) && child.continue !== true) return [...new Set(found)];
  }
  return [...new Set([...found, own])];
}
