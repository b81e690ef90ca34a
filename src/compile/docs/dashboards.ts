import type { BuiltDashboard } from '../../dashboards/index.ts';
import { projectPath } from '../../lib/root.ts';

function dashboardSection({ definition, panels }: BuiltDashboard): string {
  const rows = definition.rows.map((row) => {
    const own = panels.filter((p) => p.row === row);
    const items = own.map((p) => `- **${p.panel.title}**: ${p.panel.description}`);
    return [`### ${row.title}`, '', `Defined in \`${projectPath(row.source)}\`.`, '', ...items, ''].join(
      '\n',
    );
  });
  return [
    `## ${definition.title}`,
    '',
    `\`${definition.uid}\`. ${definition.description}`,
    '',
    `![${definition.title}](../images/${definition.uid}.png)`,
    '',
    ...rows,
  ].join('\n');
}

/** Reference of the dashboards: each panel and the meaning of its number. */
export const dashboardsPage = (dashboards: readonly BuiltDashboard[]): string =>
  ['# Dashboards', '', 'Generated from `dashboards/`.', '', ...dashboards.map(dashboardSection)].join('\n');
