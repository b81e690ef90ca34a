/** How many arguments a template function takes, the piped one included. */
export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  /** The first version of Prometheus that has it, if that is later than 2.42. */
  readonly since?: string;
}

const many = Number.POSITIVE_INFINITY;

function define(min: number, max: number, names: string, since?: string): [string, TemplateFunction][] {
  return names.split(' ').map((name) => [name, { min, max, ...(since !== undefined && { since }) }]);
}

/** Every function of Prometheus' annotation templates: Go's own and those that Prometheus adds. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ...define(0, 0, 'pathPrefix externalURL'),
  ...define(1, 1, 'query first value strvalue safeHtml title toUpper toLower graphLink tableLink'),
  ...define(1, 1, 'stripPort stripDomain toTime parseDuration'),
  ...define(1, 1, 'humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp'),
  ...define(2, 2, 'label match sortByLabel tmpl'),
  ...define(3, 3, 'reReplaceAll'),
  ...define(0, many, 'args'),
  ...define(1, 1, 'toDuration', '3.6'),
  ...define(0, 0, 'now', '3.6'),
  ...define(1, 1, 'urlQueryEscape', '3.8'),
  ...define(1, 1, 'not len'),
  ...define(2, 2, 'ne lt le gt ge'),
  ...define(1, many, 'and or index call printf'),
  ...define(2, many, 'eq'),
  ...define(1, 4, 'slice'),
  ...define(0, many, 'print println html js urlquery'),
]);
