import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  type DashboardLink,
  DashboardLinkBuilder,
  type DataTransformerConfig,
  type DynamicConfigValue,
  type FieldColor,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelDefinition } from './definition.ts';
import { plain } from './plain.ts';
import { datasource, type Query, target } from './query.ts';
import { colour, type GrafanaUnit, steps } from './style.ts';

/** A link from a value; `url` may use Grafana's `${__data.fields…}` and `${__field.labels…}`. */
export interface ValueLink {
  readonly title: string;
  readonly url: string;
  readonly newTab?: boolean;
  /** Opened by a click on the value, where otherwise a click shows the links; of overrides. */
  readonly oneClick?: boolean;
}

/** Settings of one column or series, by its shown name. */
export interface Override {
  readonly name: string;
  readonly regex?: boolean;
  /** The name is the reference of a query: of everything that it answers. */
  readonly query?: boolean;
  readonly unit?: GrafanaUnit;
  readonly decimals?: number;
  readonly max?: number;
  readonly mappings?: ValueMapping[];
  readonly thresholds?: Threshold[];
  readonly color?: string;
  readonly links?: readonly ValueLink[];
  readonly noData?: string;
  /** Settings of the visualization (`custom.*`), such as `{ width: 120, align: 'right' }`. */
  readonly custom?: Readonly<Record<string, unknown>>;
}

/** Properties of every panel. */
export interface PanelSpec {
  readonly title: string;
  /** Meaning of the number and how it is computed; Markdown, shown at the panel's (i). */
  readonly description: string;
  /** Shown instead of an empty panel: two or three words, such as "No deployments known". */
  readonly noData: string;
  /** Why it may be empty and which command fills it; stands behind the description. */
  readonly missing: string;
  readonly unit: GrafanaUnit;
  readonly width: number;
  readonly height?: number;
  readonly queries: readonly Query[];
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: Threshold[];
  readonly mappings?: ValueMapping[];
  /** One colour for everything; without it, thresholds colour values where there are thresholds. */
  readonly color?: string;
  /** A colour for each series, also where thresholds are drawn. */
  readonly colorBySeries?: boolean;
  readonly links?: readonly ValueLink[];
  readonly panelLinks?: readonly ValueLink[];
  readonly overrides?: readonly Override[];
  readonly transformations?: DataTransformerConfig[];
  /** Fixed time span of this panel, such as `7d`. */
  readonly timeFrom?: string;
  readonly interval?: string;
  readonly maxDataPoints?: number;
  readonly repeat?: string;
}

/** The common part of the SDK's panel builders. */
interface PanelBuilder {
  title(v: string): unknown;
  description(v: string): unknown;
  noValue(v: string): unknown;
  unit(v: string): unknown;
  datasource(v: DataSourceRef): unknown;
  targets(v: Builder<Dataquery>[]): unknown;
  decimals(v: number): unknown;
  min(v: number): unknown;
  max(v: number): unknown;
  thresholds(v: Builder<ThresholdsConfig>): unknown;
  mappings(v: ValueMapping[]): unknown;
  colorScheme(v: Builder<FieldColor>): unknown;
  dataLinks(v: Builder<DashboardLink>[]): unknown;
  links(v: Builder<DashboardLink>[]): unknown;
  transformations(v: DataTransformerConfig[]): unknown;
  timeFrom(v: string): unknown;
  interval(v: string): unknown;
  maxDataPoints(v: number): unknown;
  repeat(v: string): unknown;
  overrideByName(name: string, properties: DynamicConfigValue[]): unknown;
  overrideByQuery(refId: string, properties: DynamicConfigValue[]): unknown;
  overrideByRegexp(regexp: string, properties: DynamicConfigValue[]): unknown;
  build(): Panel;
}

const linkBuilder = (link: ValueLink): DashboardLinkBuilder =>
  new DashboardLinkBuilder(link.title).url(link.url).targetBlank(link.newTab ?? false);
/** A data link as an override carries it. */
const linkValue = (link: ValueLink) => ({
  title: link.title,
  url: link.url,
  targetBlank: link.newTab ?? false,
  ...(link.oneClick && { oneClick: true }),
});

const thresholdsConfig = (list: Threshold[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(list);

function overrideProperties(o: Override): DynamicConfigValue[] {
  const given: [string, unknown][] = [
    ['unit', o.unit],
    ['decimals', o.decimals],
    ['max', o.max],
    ['mappings', o.mappings],
    ['thresholds', o.thresholds && { mode: ThresholdsMode.Absolute, steps: o.thresholds }],
    ['color', o.color && { mode: FieldColorModeId.Fixed, fixedColor: o.color }],
    ['links', o.links?.map(linkValue)],
    ['noValue', o.noData],
    ...Object.entries(o.custom ?? {}).map(([key, value]): [string, unknown] => [`custom.${key}`, value]),
  ];
  return given.filter(([, value]) => value !== undefined).map(([id, value]) => ({ id, value }));
}

function applyColour(builder: PanelBuilder, spec: PanelSpec): void {
  if (spec.color)
    builder.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(spec.color));
  else if (spec.thresholds && !spec.colorBySeries)
    builder.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
}

function applyOptional(builder: PanelBuilder, spec: PanelSpec): void {
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.min !== undefined) builder.min(spec.min);
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.mappings) builder.mappings(spec.mappings);
  if (spec.links) builder.dataLinks(spec.links.map(linkBuilder));
  if (spec.panelLinks) builder.links(spec.panelLinks.map(linkBuilder));
  if (spec.transformations) builder.transformations(spec.transformations);
  if (spec.timeFrom) builder.timeFrom(spec.timeFrom);
  if (spec.interval) builder.interval(spec.interval);
  if (spec.maxDataPoints) builder.maxDataPoints(spec.maxDataPoints);
  if (spec.repeat) builder.repeat(spec.repeat);
}

/** Applies what all panels share; house defaults live here and nowhere else. */
export function definePanel(builder: PanelBuilder, spec: PanelSpec): PanelDefinition {
  builder.title(spec.title);
  // Without words of its own it stays without a description, which the build finds.
  if (spec.description.trim() !== '')
    builder.description(`${spec.description}\n\n**${spec.noData}:** ${spec.missing}`);
  builder.noValue(spec.noData);
  builder.unit(spec.unit);
  builder.datasource(datasource);
  builder.targets(spec.queries.map(target));
  // Grafana's own default is a red line at 80; and a panel without data takes the first colour.
  builder.thresholds(thresholdsConfig(spec.thresholds ?? steps(colour.neutral)));
  applyColour(builder, spec);
  applyOptional(builder, spec);
  for (const o of spec.overrides ?? [])
    if (o.query) builder.overrideByQuery(o.name, overrideProperties(o));
    else if (o.regex) builder.overrideByRegexp(o.name, overrideProperties(o));
    else builder.overrideByName(o.name, overrideProperties(o));
  // The builder hands out its live object.
  const json = plain(builder.build());
  return { json, width: spec.width, ...(spec.height !== undefined && { height: spec.height }) };
}
