const colours = { red: 31, green: 32, yellow: 33, blue: 34, grey: 90, bold: 1 } as const;
/** Colours that a terminal shows; anywhere else the text stays plain. */
export type Colour = keyof typeof colours;

const wantsColour = (stream: NodeJS.WriteStream): boolean =>
  process.env.NO_COLOR === undefined && (process.env.FORCE_COLOR !== undefined || stream.isTTY === true);

/** The text in a colour, if the stream is a terminal. */
export const paint = (text: string, colour: Colour, stream: NodeJS.WriteStream = process.stdout): string =>
  wantsColour(stream) ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;

/** Commentary goes to stderr: stdout carries the result. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A table with aligned columns; the first row is the header. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A table in Markdown; the first row is the header. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  // A backslash before the bar would take away what keeps the bar from ending the cell.
  const cell = (text: string): string =>
    text.replaceAll('\\|', '\\ |').replaceAll('|', '\\|').replaceAll('\n', ' ');
  const escaped = rows.map((row) => `| ${row.map(cell).join(' | ')} |`);
  const rule = `|${(rows[0] ?? []).map(() => '---').join('|')}|`;
  return [escaped[0], rule, ...escaped.slice(1)].join('\n');
}
