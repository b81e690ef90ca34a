/** How a number is written. `percent` takes a ratio, `time` Unix seconds; a number of decimals is a plain number. */
export type Format = 'duration' | 'percent' | 'time' | 0 | 1 | 2;

/** A piece of a sentence, as data. `alert` is the alert itself, `row` a series that a query of `each` gave. */
export type Part =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'label'; readonly of: 'alert' | 'row'; readonly name: string; readonly inUrl?: true }
  | { readonly kind: 'value'; readonly of: 'alert' | 'row'; readonly format: Format }
  /** A label of a row with words before it, unless it is empty. */
  | { readonly kind: 'optional'; readonly name: string; readonly words: string }
  | {
      readonly kind: 'each';
      readonly query: string;
      readonly by: string;
      readonly separator: string;
      readonly sentence: readonly Part[];
      readonly otherwise: string;
    }
  | {
      readonly kind: 'lookup';
      readonly query: string;
      readonly take: { readonly label: string } | { readonly format: Format };
      readonly otherwise: string;
    };

const formats: Readonly<Record<Format, string>> = {
  duration: 'humanizeDuration',
  percent: 'humanizePercentage',
  time: 'humanizeTimestamp',
  0: 'printf "%.0f"',
  1: 'printf "%.1f"',
  2: 'printf "%.2f"',
};

/** A Go string: between backquotes, where nothing needs to be escaped, unless it holds one. */
const goString = (text: string): string => (text.includes('`') ? JSON.stringify(text) : `\`${text}\``);

/** The labels of the alert that a query puts in, `="$name"`. */
const labelsInQuery = (query: string): string[] => [
  ...new Set([...query.matchAll(/"\$(\w+)"/g)].map((match) => match[1] ?? '')),
];

/** The template's call of a query; Go quotes the labels, so that none can break out of its quotes. */
function call(query: string): string {
  const names = labelsInQuery(query);
  if (names.length === 0) return `query ${goString(query)}`;
  const format = query
    .replaceAll('%', '%%')
    .replaceAll(/"\$(\w+)"/g, (_, name: string) => `%[${names.indexOf(name) + 1}]q`);
  return `printf ${goString(format)} ${names.map((name) => `$labels.${name}`).join(' ')} | query`;
}

function partTemplate(part: Part): string {
  switch (part.kind) {
    case 'words':
      return part.text;
    case 'label': {
      const from = part.of === 'alert' ? '$labels' : '$row.Labels';
      return `{{ ${from}.${part.name}${part.inUrl ? ' | urlquery' : ''} }}`;
    }
    case 'value':
      return `{{ ${part.of === 'alert' ? '$value' : '$row.Value'} | ${formats[part.format]} }}`;
    case 'optional':
      return `{{ if $row.Labels.${part.name} }}${part.words}{{ $row.Labels.${part.name} }}{{ end }}`;
    case 'each':
      return `{{ range $i, $row := ${call(part.query)} | sortByLabel "${part.by}" }}{{ if $i }}${part.separator}{{ end }}${template(part.sentence)}{{ else }}${part.otherwise}{{ end }}`;
    case 'lookup': {
      const take =
        'label' in part.take ? `label "${part.take.label}"` : `value | ${formats[part.take.format]}`;
      return `{{ with ${call(part.query)} }}{{ . | first | ${take} }}{{ else }}${part.otherwise}{{ end }}`;
    }
  }
}

/** The Go template of a sentence. */
export const template = (parts: readonly Part[]): string => parts.map(partTemplate).join('');

/** Every part, those within others included. */
const allParts = (parts: readonly Part[]): Part[] =>
  parts.flatMap((part) => {
    const inner = part.kind === 'each' ? part.sentence : [];
    return [part, ...allParts(inner)];
  });

const wordsOfPart = (part: Part): string[] => {
  switch (part.kind) {
    case 'words':
      return [part.text];
    case 'optional':
      return [part.words];
    case 'each':
      return [part.separator, part.otherwise];
    case 'lookup':
      return [part.otherwise];
    default:
      return [];
  }
};

/** Every piece of plain words in a sentence. */
export const wordsOf = (parts: readonly Part[]): string[] => allParts(parts).flatMap(wordsOfPart);

/** The queries that a sentence asks; a matcher `="$name"` stands for the alert's label. */
export const queriesOf = (parts: readonly Part[]): string[] =>
  allParts(parts).flatMap((part) => (part.kind === 'each' || part.kind === 'lookup' ? [part.query] : []));

/** The labels of the alert that a sentence needs. */
export const labelsOf = (parts: readonly Part[]): string[] => [
  ...new Set([
    ...allParts(parts).flatMap((part) => (part.kind === 'label' && part.of === 'alert' ? [part.name] : [])),
    ...queriesOf(parts).flatMap(labelsInQuery),
  ]),
];

/** How a sentence writes the value of the alert, each way once. */
export const formatsOf = (parts: readonly Part[]): Format[] => [
  ...new Set(
    allParts(parts).flatMap((part) => (part.kind === 'value' && part.of === 'alert' ? [part.format] : [])),
  ),
];

/**
 * A sentence as it is read, for tests that know the alert's labels. @param looked what its queries answer
 */
export const filledIn = (
  parts: readonly Part[],
  labels: Readonly<Record<string, string>>,
  looked = '',
): string =>
  parts
    .map((part) => {
      if (part.kind === 'words') return part.text;
      if (part.kind !== 'label') return looked;
      const value = labels[part.name] ?? '';
      return part.inUrl ? encodeURIComponent(value) : value;
    })
    .join('');
