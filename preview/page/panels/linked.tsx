import type { FieldDisplay } from '@grafana/data';
import { DataLinksContextMenu } from '@grafana/ui';
import type { ReactElement } from 'react';

/** Puts a value's data links on its drawing: the link itself when there is one, a menu when there are several. */
export function Linked({ value, children }: { value: FieldDisplay; children: ReactElement }) {
  if (!value.hasLinks || !value.getLinks) return children;
  return (
    <DataLinksContextMenu links={value.getLinks} style={{ height: '100%' }}>
      {({ triggerProps, targetClassName }) => (
        <div {...triggerProps} className={targetClassName}>
          {children}
        </div>
      )}
    </DataLinksContextMenu>
  );
}
