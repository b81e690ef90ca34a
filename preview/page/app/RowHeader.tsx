import { Icon } from '@grafana/ui';
import type { Panel, Surroundings } from '../../../src/panels/index.ts';
import { replacer, scoped } from '../data/replace.ts';

interface Props {
  readonly row: Panel;
  readonly around: Surroundings;
  readonly closed: boolean;
  readonly onToggle: () => void;
}

/** A row's title; a press opens or closes it. */
export function RowHeader({ row, around, closed, onToggle }: Props) {
  const count = row.panels?.length ?? 0;
  return (
    <h2 className="preview-row" data-drawn>
      <button type="button" aria-expanded={!closed} onClick={onToggle}>
        <Icon name={closed ? 'angle-right' : 'angle-down'} />
        {replacer(scoped(around, row))(row.title ?? '', undefined, 'text') || 'Row'}
        {closed && count > 0 ? <small>({count === 1 ? '1 panel' : `${count} panels`})</small> : null}
      </button>
    </h2>
  );
}
