import type { InterpolateFunction } from '@grafana/data';
import { Menu } from '@grafana/ui';
import { type Panel, safeAddress } from '../../../src/panels/index.ts';

interface Props {
  readonly panel: Panel;
  readonly replace: InterpolateFunction;
  readonly asTable: boolean;
  /** Undefined for panels without data. */
  readonly onTable: ((asTable: boolean) => void) | undefined;
}

/** A panel's menu: its links, and its data as a table for those who cannot see or point at the drawing. */
export function PanelMenu({ panel, replace, asTable, onTable }: Props) {
  return (
    <Menu>
      {onTable ? (
        <Menu.Item
          label={asTable ? 'Show as a drawing' : 'Show as a table'}
          icon={asTable ? 'graph-bar' : 'table'}
          onClick={() => onTable(!asTable)}
        />
      ) : null}
      {(panel.links ?? []).map(({ title, url = '', targetBlank }) => (
        <Menu.Item
          key={`${title} ${url}`}
          label={replace(title, undefined, 'text')}
          icon="external-link-alt"
          url={safeAddress(replace(url, undefined, 'uriencode'))}
          target={targetBlank ? '_blank' : undefined}
        />
      ))}
      <Menu.Item label={`Panel ${panel.id}`} disabled />
    </Menu>
  );
}
