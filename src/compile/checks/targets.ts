/** The fields of a panel's query that the checks read. */
export interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly datasource?: { readonly type?: string; readonly uid?: string };
}

/** A panel's queries; what has not the shape of one is the schema's to find. */
export const targetsOf = ({ targets }: { readonly targets?: unknown }): Target[] =>
  Array.isArray(targets) ? targets.filter((target) => typeof target === 'object' && target !== null) : [];
