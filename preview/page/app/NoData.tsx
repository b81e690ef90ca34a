import type { FieldConfigSource } from '@grafana/data';

/** Text of a panel without data: the dashboard's own words, which name what is missing. */
export function NoData({ fieldConfig }: { fieldConfig: FieldConfigSource }) {
  return <div className="preview-centre">{fieldConfig.defaults.noValue || 'No data'}</div>;
}
