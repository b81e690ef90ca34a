import { type DataFrame, formattedValueToString, getFieldDisplayName, type LinkModel } from '@grafana/data';

interface Props {
  readonly frames: readonly DataFrame[];
  readonly height: number;
  readonly title: string;
}

/** Rows that a table shows at most; a drawing's data can be thousands. */
const mostRows = 500;

const textAt = (field: DataFrame['fields'][number], row: number): string =>
  field.display ? formattedValueToString(field.display(field.values[row])) : String(field.values[row] ?? '');

function Cell({ field, row }: { field: DataFrame['fields'][number]; row: number }) {
  const links: LinkModel[] = field.getLinks?.({ valueRowIndex: row }) ?? [];
  return (
    <td>
      {textAt(field, row)}
      {links.map((link) => (
        <a key={link.href} href={link.href} target={link.target}>
          {link.title}
        </a>
      ))}
    </td>
  );
}

function FrameTable({ frame, frames }: { frame: DataFrame; frames: readonly DataFrame[] }) {
  const rows = Array.from({ length: Math.min(mostRows, frame.length) }, (_, row) => row);
  return (
    <table>
      {frame.name ? <caption>{frame.name}</caption> : null}
      <thead>
        <tr>
          {frame.fields.map((field) => (
            <th key={field.name} scope="col">
              {getFieldDisplayName(field, frame, [...frames])}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            {frame.fields.map((field) => (
              <Cell key={field.name} field={field} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A panel's data as plain tables that a keyboard and a screen reader can walk through. */
export function AsTable({ frames, height, title }: Props) {
  return (
    <section
      className="preview-table"
      style={{ height }}
      aria-label={`${title} as a table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {frames.map((frame, i) => (
        <FrameTable key={i} frame={frame} frames={frames} />
      ))}
    </section>
  );
}
