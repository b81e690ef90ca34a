import type { FieldConfigSource } from '@grafana/data';

/** What a panel says when there is nothing to draw: the dashboard's own words, which tell what is missing. */
export function NoData({ fieldConfig }: { fieldConfig: FieldConfigSource }) {
  return <div className="preview-centre">{fieldConfig.defaults.noValue || 'No data'}</div>;
}
